"""What a cell looks like in numbers that no model has a part in: size, focus, stain, exposure.

Distances are in px of the image as it came, densities are natural logarithms.
"""
from dataclasses import dataclass

import cv2
import numpy as np

from . import preprocessing as pre

RIM_PX = 4
"""So much of the cell's rim is left out of sharpness and texture: there the black surround makes the edge, not the lens."""
CLIPPED_AT = 254


@dataclass(frozen=True)
class Appearance:
    area_px: int
    sharpness: float
    """Standard deviation of the 3x3 Laplacian of the grey values (0 to 255) inside the rim."""
    texture: float
    """Standard deviation of the grey values' difference of Gaussians of 2 and 4 px inside the rim, the surround set to the mean."""
    density_red: float
    density_green: float
    density_blue: float
    """Mean optical density of the cell's pixels, -ln((v + 1) / 256)."""
    red_to_green: float
    """density_red / density_green: the stain's hue; bluer stains are higher."""
    brightness: float
    """Mean grey value of the cell, 0 to 255."""
    clipped: float
    """Share of the cell's pixels with a channel at 254 or 255."""
    dark: float
    """Share of the cell's pixels whose brightest channel is at most 30."""


def look(bgr: np.ndarray, mask: np.ndarray) -> Appearance:
    """Of the pixels of `mask`, bool [H,W], of an image, uint8 BGR [H,W,3]. The mask must hold a pixel."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if len(rows) == 0:
        raise ValueError("a mask without a pixel has no appearance")
    margin = 16
    box = (slice(max(0, rows[0] - margin), rows[-1] + 1 + margin), slice(max(0, columns[0] - margin), columns[-1] + 1 + margin))
    bgr, mask = bgr[box], mask[box]
    side = 2 * RIM_PX + 1
    inside = cv2.erode(np.ascontiguousarray(mask, np.uint8), np.ones((side, side), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0) > 0
    if not inside.any():
        inside = mask
    grey = cv2.cvtColor(np.ascontiguousarray(bgr), cv2.COLOR_BGR2GRAY).astype(np.float32)
    brightness = float(grey[mask].mean(dtype=np.float64))
    grey[~mask] = brightness
    laplacian = cv2.Laplacian(grey, cv2.CV_32F, ksize=1)
    band = cv2.GaussianBlur(grey, (0, 0), 2.0) - cv2.GaussianBlur(grey, (0, 0), 4.0)
    pixels = bgr[mask].astype(np.float64)
    blue, green, red = -np.log((pixels + 1) / 256).mean(axis=0)
    return Appearance(int(mask.sum()), float(laplacian[inside].std(dtype=np.float64)), float(band[inside].std(dtype=np.float64)),
                      float(red), float(green), float(blue), float(red / green) if green > 0 else float("nan"), brightness,
                      float((pixels.max(axis=1) >= CLIPPED_AT).mean()), float((pixels.max(axis=1) <= 30).mean()))


def mask_of(cell: pre.Cell) -> np.ndarray:
    """bool [H,W] of a cell cut on black."""
    return cell.bgr.max(axis=2) > pre.BLACK_AT_MOST


@dataclass(frozen=True)
class Shape:
    box_x: int
    box_y: int
    box_width: int
    box_height: int
    solidity: float
    """Area over the area of the convex hull."""
    thin: float
    """Share of the area that opening with a disc of a third of the cell's radius takes away: what hangs on it by a neck."""
    touches: int
    """How many of the image's four sides the cell lies on, with at least 5 px each: it was cut there."""
    straight: float
    """Longest straight side of the outline along the image's axes, over the cell's diameter: a cut by a rectangle."""


def shape_of(mask: np.ndarray) -> Shape:
    """Of a mask, bool [H,W], with at least one pixel."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if len(rows) == 0:
        raise ValueError("a mask without a pixel has no shape")
    y, x, height, width = rows[0], columns[0], rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    tight = np.pad(mask[y:y + height, x:x + width].astype(np.uint8), 2)
    area = int(tight.sum())
    outline = np.concatenate(cv2.findContours(tight, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0])
    hull = np.zeros_like(tight)
    cv2.fillConvexPoly(hull, cv2.convexHull(outline), 1)
    radius = np.sqrt(area / np.pi)
    # Half the resolution: a large disc is slow, and a neck is wider than a pixel.
    small = cv2.resize(tight, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    side = 2 * max(1, round(radius / 6)) + 1
    opened = cv2.morphologyEx(small, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    thin = 1 - opened.sum() / max(1, small.sum())
    edges = mask[0].sum(), mask[-1].sum(), mask[:, 0].sum(), mask[:, -1].sum()
    runs = max(longest_run(line) for line in (tight[2], tight[-3], tight[:, 2], tight[:, -3]))
    return Shape(int(x), int(y), int(width), int(height), area / int(hull.sum()), float(thin), int(sum(e >= 5 for e in edges)), float(runs / (2 * radius)))


def longest_run(line: np.ndarray) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], line, [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))


FAINTEST_STAIN, FAINTEST_NUCLEUS = 0.05, 0.10


def stained_body(bgr: np.ndarray):
    """The darkly stained body nearest to the centre of a cell with its surroundings, bool [H,W], or None: mostly its nucleus.

    Density of green + red - blue against the image's own background, Otsu's threshold over what is stained at all; the
    service's finder of white cells measures the same. For statistics of the images, not for training.
    """
    green = bgr[:, :, 1]
    bright = green > cv2.threshold(green, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0]
    if not bright.any():
        return None
    background = bgr[bright].mean(axis=0)
    density = -np.log10((bgr + 1.0) / (background + 1))
    nuclear = cv2.GaussianBlur(density[:, :, 1] + density[:, :, 2] - density[:, :, 0], (0, 0), 2.0)
    levels = np.clip(nuclear * 255, 0, 255).astype(np.uint8)
    stained = levels[levels > FAINTEST_STAIN * 255]
    if len(stained) < pre.SMALLEST_CELL_PX:
        return None
    threshold = max(FAINTEST_NUCLEUS * 255, cv2.threshold(stained[None], 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0])
    opened = cv2.morphologyEx((levels > threshold).astype(np.uint8), cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5)))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    height, width = labels.shape
    rows, columns = np.indices(labels.shape)
    distance = np.hypot(rows - (height - 1) / 2, columns - (width - 1) / 2)
    large = [k for k in range(1, count) if stats[k, cv2.CC_STAT_AREA] >= 0.005 * height * width]
    if not large:
        return None
    return labels == min(large, key=lambda k: distance[labels == k].min())
