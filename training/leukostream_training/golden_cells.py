"""Cells that are drawn, for golden data and to show what no microscope gave."""
from pathlib import Path
import subprocess
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from . import preprocessing as pre
from .repository import repository

CELLS_PER_PATIENT = 5


def draw_cell(rng, width, height, centre, axes, angle, colour=(120, 60, 105), background=0) -> np.ndarray:
    """A lymphoid cell as far as golden data need one: a cytoplasm ellipse with a textured, darker nucleus, uint8 BGR."""
    image = np.full((height, width, 3), background, np.uint8)
    cytoplasm, nucleus = np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8)
    cv2.ellipse(cytoplasm, centre, axes, angle, 0, 360, 1, -1)
    cv2.ellipse(nucleus, (centre[0] + axes[0] // 12, centre[1] - axes[1] // 14),
                (max(1, int(axes[0] * 0.82)), max(1, int(axes[1] * 0.84))), angle + 10, 0, 360, 1, -1)
    nucleus &= cytoplasm
    texture = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), max(1.0, axes[0] / 18))
    texture *= 16 / max(1e-6, float(texture.std()))
    for mask, base in ((cytoplasm, np.array(colour) + 55), (nucleus, np.array(colour))):
        shaded = np.clip(base[None, None, :] + texture[:, :, None] * (1.0 if mask is nucleus else 0.3), 20, 245)
        image[mask == 1] = (shaded[mask == 1] // 2 * 2).astype(np.uint8)
    return image


def drawn(count: int, seed: int = 5) -> np.ndarray:
    """Input crops of drawn cells of the size and colour of C-NMC's, uint8 BGR [count,128,128,3]."""
    rng = np.random.default_rng(seed)
    images = []
    for _ in range(count):
        long = int(rng.integers(75, 115))
        image = draw_cell(rng, 450, 450, (225, 225), (long, int(long * rng.uniform(0.85, 1))), float(rng.uniform(0, 180)),
                          (int(rng.integers(80, 130)), int(rng.integers(30, 70)), int(rng.integers(60, 115))))
        images.append(image)
    return input_crops(images)


def ward(count: int, seed: int) -> np.ndarray:
    """The same of the cells that `leukostream simulate` draws, which imitate C-NMC's more closely; of as many patients as give `count`."""
    with TemporaryDirectory() as folder:
        subprocess.run([str(repository() / "leukostream"), "simulate", "--seed", str(seed), "--patients", str(-(-count // CELLS_PER_PATIENT)),
                        "--cells", str(CELLS_PER_PATIENT), "--out", folder], check=True)
        return input_crops([pre.decode(path.read_bytes()) for path in sorted(Path(folder).rglob("*.png"))])


def input_crops(images: list) -> np.ndarray:
    return np.stack([pre.input_crop(pre.find_cell(image)) for image in images])
