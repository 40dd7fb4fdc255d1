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
