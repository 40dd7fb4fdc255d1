"""What another microscope, stain or segmentation might have done to a cell.

Scale is varied on purpose: in C-NMC the size of a cell alone tells the classes apart for most subjects and fails on others.
"""
import cv2
import numpy as np

from .preprocessing import BLACK_AT_MOST, INPUT_SIDE_PX

SCALE = (0.9, 1.11)


def geometry(wide: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Any rotation, a flip, a scale, a shift of some pixels: uint8 [W,W,3] to [128,128,3], 0 where nothing was."""
    scale = np.exp(rng.uniform(np.log(SCALE[0]), np.log(SCALE[1])))
    centre = (wide.shape[0] - 1) / 2.0
    matrix = cv2.getRotationMatrix2D((centre, centre), rng.uniform(0, 360), scale)
    matrix[:, 2] += (INPUT_SIDE_PX - 1) / 2.0 - centre + rng.uniform(-3, 3, 2)
    turned = cv2.warpAffine(wide, matrix, (INPUT_SIDE_PX, INPUT_SIDE_PX), flags=cv2.INTER_LINEAR, borderValue=0)
    return turned[:, ::-1] if rng.random() < 0.5 else turned


def stain(cell: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Optical density times and plus something per channel, then saturation and brightness. float32 in, float32 out."""
    density = -np.log((cell + 1.0) / 256.0)
    density = density * rng.uniform(0.85, 1.18) * rng.uniform(0.95, 1.05, 3) + rng.uniform(-0.03, 0.03, 3)
    light = 256.0 * np.exp(-density) - 1.0
    grey = light.mean(axis=2, keepdims=True)
    light = grey + (light - grey) * rng.uniform(0.8, 1.2)
    return light * rng.uniform(0.85, 1.15) + rng.uniform(-8, 8)


def augment(wide: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One random variant of a wide crop, uint8 BGR [128,128,3]. The surround stays black."""
    image = np.ascontiguousarray(geometry(wide, rng))
    mask = (image.max(axis=2) > BLACK_AT_MOST).astype(np.uint8)
    if rng.random() < 0.2:
        mask = cv2.erode(mask, np.ones((3, 3), np.uint8))
    if rng.random() < 0.9:
        image = np.clip(stain(image.astype(np.float32), rng), BLACK_AT_MOST + 1, 255).astype(np.uint8)
    if rng.random() < 0.3:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 0.8))
    if rng.random() < 0.3:
        _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(55, 96))])
        image = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return image * mask[:, :, None]
