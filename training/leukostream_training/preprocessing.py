"""From an encoded CELL image to the network's input: the oracle that the Java side is compared with.

The five steps are fixed by the model bundle; a change here is a change of the bundle's format. The order of the
channels is BGR until the last step, because that is what OpenCV decodes to.
"""
from dataclasses import dataclass
import math
from typing import Optional

import cv2
import numpy as np

INPUT_SIDE_PX = 128
NOMINAL_PIXEL_SIZE_MICROMETRES = 0.065
CROP_SIDE_MICROMETRES = 24.96
MEAN = 127.5
STD = 127.5
BLACK_AT_MOST = 10
BLACK_BORDER_SHARE = 0.9
SMALLEST_CELL_PX = 64


@dataclass(frozen=True)
class Cell:
    """The cell of one image. `bgr` is the whole image with everything outside the cell set to 0."""

    bgr: np.ndarray
    x: int
    y: int
    width: int
    height: int
    area_px: int

    @property
    def box(self):
        return (self.x, self.y, self.width, self.height)

    def area_micrometres2(self, pixel_size_micrometres):
        return self.area_px * pixel_size_micrometres ** 2


def decode(data: bytes) -> Optional[np.ndarray]:
    """uint8 BGR [H,W,3] without EXIF rotation, or None where the bytes are no image."""
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)


def is_cut_on_black(bgr: np.ndarray) -> bool:
    """Whether at least 90 % of the image's one-pixel border is black, that is max(B,G,R) <= 10."""
    brightest = bgr.max(axis=2)
    border = np.concatenate([brightest[0], brightest[-1], brightest[1:-1, 0], brightest[1:-1, -1]])
    return np.count_nonzero(border <= BLACK_AT_MOST) >= BLACK_BORDER_SHARE * border.size


def find_cell(bgr: np.ndarray) -> Optional[Cell]:
    """The largest 8-connected component of max(B,G,R) > 10, or None where none has 64 px. Ties go to the lowest label."""
    foreground = (bgr.max(axis=2) > BLACK_AT_MOST).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(foreground, connectivity=8, ltype=cv2.CV_32S)
    if count < 2:
        return None
    label = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    x, y, width, height, area = (int(v) for v in stats[label])
    if area < SMALLEST_CELL_PX:
        return None
    alone = np.where((labels == label)[:, :, None], bgr, np.uint8(0))
    return Cell(alone, x, y, width, height, area)


def crop_side_px(side_micrometres: float, pixel_size_micrometres: float) -> int:
    return max(1, math.floor(side_micrometres / pixel_size_micrometres + 0.5))


def crop(cell: Cell, side_px: int) -> np.ndarray:
    """A square of `side_px` centred on the cell's box, 0 where it reaches beyond the image."""
    left = math.floor(cell.x + cell.width / 2.0 - side_px / 2.0 + 0.5)
    top = math.floor(cell.y + cell.height / 2.0 - side_px / 2.0 + 0.5)
    height, width = cell.bgr.shape[:2]
    square = np.zeros((side_px, side_px, 3), np.uint8)
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + side_px, width), min(top + side_px, height)
    if x1 > x0 and y1 > y0:
        square[y0 - top:y1 - top, x0 - left:x1 - left] = cell.bgr[y0:y1, x0:x1]
    return square


def resize(square: np.ndarray, side_px: int = INPUT_SIDE_PX) -> np.ndarray:
    """INTER_AREA to shrink, INTER_LINEAR to enlarge, nothing where the side is right already."""
    if square.shape[0] == side_px:
        return square
    how = cv2.INTER_AREA if square.shape[0] > side_px else cv2.INTER_LINEAR
    return cv2.resize(square, (side_px, side_px), interpolation=how)


def normalise(bgr: np.ndarray) -> np.ndarray:
    """uint8 BGR [...,H,W,3] to float32 RGB [...,3,H,W] in -1..1."""
    rgb = np.moveaxis(bgr[..., ::-1], -1, -3).astype(np.float32)
    return np.ascontiguousarray((rgb - np.float32(MEAN)) / np.float32(STD))


def input_crop(cell: Cell, pixel_size_micrometres: float = NOMINAL_PIXEL_SIZE_MICROMETRES,
               side_micrometres: float = CROP_SIDE_MICROMETRES) -> np.ndarray:
    """uint8 BGR [128,128,3] of one cell: steps 1 to 4."""
    return resize(crop(cell, crop_side_px(side_micrometres, pixel_size_micrometres)))


def network_input(cell: Cell, pixel_size_micrometres: float = NOMINAL_PIXEL_SIZE_MICROMETRES,
                  side_micrometres: float = CROP_SIDE_MICROMETRES) -> np.ndarray:
    """float32 RGB [3,128,128] of one cell."""
    return normalise(input_crop(cell, pixel_size_micrometres, side_micrometres))
