import numpy as np
import pytest
import torch

from leukostream_training import augmentation, network


def random_network():
    torch.manual_seed(1)
    model = network.with_batch_norms(2)
    for group in model.convolutions():
        group.norm.running_mean.uniform_(-0.2, 0.2)
        group.norm.running_var.uniform_(0.5, 1.5)
    return model.eval()


def test_inserted_batch_norms_change_nothing():
    # Given
    torch.manual_seed(2)
    model = network.MobileNetV2(2).eval()
    images = torch.rand(4, 3, 64, 64) * 2 - 1
    with torch.no_grad():
        before = model(images)
        # When
        network.insert_batch_norms(model, [images])
        # Then
        assert torch.allclose(model.eval()(images), before, atol=1e-4)
    assert all(isinstance(g.norm, torch.nn.BatchNorm2d) and g.conv.bias is None for g in model.convolutions())


def test_stride_two_pads_right_and_bottom():
    # Given: a filter that sees only its top left tap
    group = network.convolution(1, 1, 3, stride=2)
    group.conv.weight.data.zero_()
    group.conv.weight.data[0, 0, 0, 0] = 1
    group.conv.bias.data.zero_()
    image = torch.arange(16.0).view(1, 1, 4, 4) / 4
    # Then
    assert torch.equal(group(image)[0, 0], image[0, 0, ::2, ::2])


def test_augmented_cells_keep_the_black_surround_and_the_seed_decides():
    wide = np.zeros((160, 160, 3), np.uint8)
    wide[50:110, 50:110] = (120, 60, 110)
    for seed in range(20):
        image = augmentation.augment(wide, np.random.default_rng(seed))
        assert image.shape == (128, 128, 3) and image.dtype == np.uint8
        assert image[:8].max() == 0 and image[64, 64].max() > 10
        assert np.array_equal(image, augmentation.augment(wide, np.random.default_rng(seed)))


def cells(*scales):
    """Squares of one texture in colours that differ by gain and offset."""
    texture = np.random.default_rng(3).uniform(60, 120, (1, 128, 128, 3))
    images = np.concatenate([np.zeros_like(texture)] * len(scales))
    for k, (gain, offset) in enumerate(scales):
        images[k, 30:100, 30:100] = texture[0, 30:100, 30:100] * gain + offset
    return torch.from_numpy(images).permute(0, 3, 1, 2).float() / 127.5 - 1


def test_brightness_and_contrast_of_the_stain_do_not_matter():
    images = cells((1.0, 0.0), (1.3, 20.0))
    mask = network.cell_mask(images)
    first, second = network.standardised_colour(images, mask)
    assert torch.allclose(first, second, atol=0.01)
    assert (first[:, :20] == -1).all()


def test_size_term_is_the_logarithm_of_the_cells_share():
    share = network.log_share(network.cell_mask(cells((1.0, 0.0))))
    assert share.item() == pytest.approx(np.log(70 * 70 / 128 ** 2), abs=1e-3)


def test_an_image_without_a_cell_gives_finite_logits():
    with torch.no_grad():
        assert torch.isfinite(random_network()(torch.full((1, 3, 128, 128), -1.0))).all()
