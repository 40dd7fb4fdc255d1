import cv2
import numpy as np
import pytest

from leukostream_training import preprocessing as pre


def on_black(height=60, width=80):
    return np.zeros((height, width, 3), np.uint8)


def test_border_may_hold_a_tenth_of_bright_pixels():
    # Given
    image = on_black(26, 26)  # 100 border pixels
    image[0, :10] = 11
    more = image.copy()
    more[25, 0] = 11
    # Then
    assert pre.is_cut_on_black(image)
    assert not pre.is_cut_on_black(more)


def test_ten_is_black_and_eleven_is_not():
    image = on_black()
    image[10:20, 10:20] = (0, 10, 0)
    assert pre.find_cell(image) is None
    image[10:20, 10:20] = (0, 11, 0)
    assert pre.find_cell(image).area_px == 100


def test_the_largest_component_stays_alone():
    # Given
    image = on_black()
    image[5:15, 5:15] = 50
    image[30:50, 40:60] = 90
    # When
    cell = pre.find_cell(image)
    # Then
    assert cell.box == (40, 30, 20, 20)
    assert cell.area_px == 400
    assert cell.bgr[5:15, 5:15].max() == 0
    assert image[5, 5, 0] == 50


def test_components_touching_at_a_corner_are_one():
    image = on_black()
    image[10:18, 10:18] = 50
    image[18:26, 18:26] = 50
    assert pre.find_cell(image).box == (10, 10, 16, 16)


def test_of_equal_components_the_first_in_reading_order_counts():
    image = on_black()
    image[10:20, 50:60] = 50
    image[30:40, 10:20] = 50
    assert pre.find_cell(image).box == (50, 10, 10, 10)


def test_a_speck_is_no_cell():
    image = on_black()
    image[10:17, 10:19] = 200
    assert pre.find_cell(image) is None
    image[17, 10] = 200
    assert pre.find_cell(image).area_px == 64


@pytest.mark.parametrize("pixel_size, side", [(0.065, 384), (0.1, 250), (0.2, 125), (100.0, 1), (24.96 / 128, 128)])
def test_crop_side(pixel_size, side):
    assert pre.crop_side_px(pre.CROP_SIDE_MICROMETRES, pixel_size) == side


def test_crop_pads_with_black_outside_the_image():
    # Given
    image = on_black(60, 80)
    image[0:10, 0:10] = 77
    cell = pre.find_cell(image)
    # When
    square = pre.crop(cell, 31)
    # Then: left = floor(5 - 15.5 + 0.5) = -10
    assert (square[10:20, 10:20] == 77).all()
    assert np.count_nonzero(square) == 300


def test_input_is_rgb_between_minus_one_and_one():
    image = on_black(200, 200)
    image[50:150, 50:150] = (255, 0, 51)  # blue, green, red
    tensor = pre.network_input(pre.find_cell(image), 0.1726)
    assert tensor.shape == (3, 128, 128) and tensor.dtype == np.float32
    assert tensor[:, 64, 64] == pytest.approx([-0.6, -1.0, 1.0], abs=1e-6)
    assert (tensor[:, 0, 0] == -1).all()


def test_exif_orientation_is_ignored():
    from leukostream_training.golden import with_orientation
    image = on_black(48, 96)
    image[10:30, 20:60] = 128
    data = cv2.imencode(".jpg", image)[1].tobytes()
    assert np.array_equal(pre.decode(with_orientation(data, 6)), pre.decode(data))


def test_bytes_that_are_no_image_give_none():
    assert pre.decode(b"no image") is None
