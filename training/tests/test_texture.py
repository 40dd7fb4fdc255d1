"""Statistics of a cell that must not depend on where it lies or how it is turned."""
import cv2
import numpy as np
import torch

from leukostream_training import golden_cells, texture
from leukostream_training.training import tensor


def statistics(crops):
    with torch.no_grad():
        return texture.TextureStatistics().eval()(tensor(np.stack(crops))).numpy()


def spread():
    return statistics(golden_cells.drawn(40)).std(0) + 1e-3


def test_turning_a_cell_by_a_quarter_changes_little():
    crop = golden_cells.drawn(1)[0]
    first, turned = statistics([crop, np.ascontiguousarray(np.rot90(crop))])
    assert (np.abs(first - turned) / spread()).max() < 0.35


def test_shifting_a_cell_changes_nothing_but_the_harmonics_of_its_outline():
    crop = golden_cells.drawn(1)[0]
    first, shifted = statistics([crop, np.roll(crop, (3, -4), (0, 1))])
    harmonics = range(texture.COARSE["shape"] - texture.HARMONICS, texture.COARSE["shape"])
    assert np.delete(np.abs(first - shifted) / spread(), harmonics).max() < 0.05


def test_blur_and_exposure_show_in_the_appearance():
    crop = golden_cells.drawn(1)[0]
    mask = (crop.max(2) > 10)[..., None]
    blurred = cv2.GaussianBlur(crop, (0, 0), 2.0) * mask
    bright = np.clip(crop.astype(float) * 1.4, 11, 255).astype(np.uint8) * mask
    with torch.no_grad():
        _, looks = texture.TextureStatistics().eval().described(tensor(np.stack([crop, blurred, bright])))
    sharpness, density = looks[:, 0].numpy(), looks[:, 1].numpy()
    assert sharpness[1] < sharpness[0] - 0.5
    assert density[2] < density[0] - 0.1


def test_detail_that_colours_share_is_alike_and_detail_of_one_alone_is_not():
    # Given
    rng = np.random.default_rng(4)
    crop = golden_cells.drawn(1)[0].astype(float)
    mask = (crop.max(2) > 10)[..., None]
    shared, apart = rng.normal(0, 12, (*crop.shape[:2], 1)), rng.normal(0, 12, crop.shape)
    noisy = [(np.clip(crop + noise, 11, 255) * mask).astype(np.uint8) for noise in (shared, apart)]
    # When
    with torch.no_grad():
        _, looks = texture.TextureStatistics().eval().described(tensor(np.stack(noisy)))
    # Then
    alike = looks[:, len(texture.APPEARANCE):].numpy()
    assert alike.shape == (2, texture.DETAIL_FIGURES)
    assert alike[0].min() > 0.8 and np.abs(alike[1]).max() < 0.3


def test_each_pattern_has_one_rotation_invariant_class():
    table = texture.uniform_patterns().numpy()
    assert (table.sum(1) == 1).all()
    for code in range(256):
        turned = ((code << 1) | (code >> 7)) & 255
        assert (table[code] == table[turned]).all()
