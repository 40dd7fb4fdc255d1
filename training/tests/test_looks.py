import json

import cv2
import numpy as np
import pandas as pd
import pytest

from leukostream_training import dataset, looks
from leukostream_training import preprocessing as pre
from leukostream_training.appearance import look, mask_of


@pytest.fixture(scope="module")
def committed():
    return json.loads(looks.committed_file().read_text())


def test_committed_groups_are_what_the_rule_gives(committed):
    # When
    again = looks.document(pd.DataFrame(committed["subjects"]), committed["imagesCsvSha256"])
    # Then
    assert looks.render(again) == looks.committed_file().read_text()


def test_groups_do_not_depend_on_the_order_of_the_subjects(committed):
    shuffled = pd.DataFrame(committed["subjects"]).sample(frac=1, random_state=4)
    assert looks.group(shuffled) == committed["groups"]


def test_every_subject_is_in_exactly_one_group_and_none_on_the_wrong_side(committed):
    # Given
    label = {row["subject"]: row["label"] for row in committed["subjects"]}
    # When
    normal = [s for each in looks.read() for s in each["normalSubjects"]]
    blast = [s for each in looks.read() for s in each["blastSubjects"]]
    # Then
    assert len(label) == 42
    assert sorted(normal) == sorted(s for s in label if label[s] == "NORMAL")
    assert sorted(blast) == sorted(s for s in label if label[s] == "BLAST")
    assert all(each["normalCells"] >= 150 and each["blastCells"] >= 150 for each in looks.read())


def test_one_person_is_one_subject(committed):
    for same in dataset.KNOWN_SAME_PERSON + dataset.FOUND_SAME_CELLS:
        holding = {row["subject"] for row in committed["subjects"] if same & set(row["subject"].split("+"))}
        assert len(holding) == 1, same


def test_large_and_small_celled_normals_are_apart():
    group_of = {s: each["group"] for each in looks.read() for s in each["normalSubjects"]}
    assert group_of["H2+H4+H5+H6+H7"] == group_of["H40"] == 0
    assert group_of["H22"] == group_of["H14"] != 0


def test_committed_statistics_are_those_of_the_images(shared_data, committed):
    # Given: the subjects with few cells, and one with many
    source = shared_data / "cnmc2019"
    index = dataset.read_index(source)
    some = index[index["merged_subject"].isin(["3", "19", "37", "H8", "H11", "H13", "H48"])]
    # When
    measured = looks.subject_statistics(looks.cells_of(source, some)).set_index("subject")
    # Then
    stated = pd.DataFrame(committed["subjects"]).set_index("subject").loc[measured.index]
    assert list(measured["cells"]) == list(stated["cells"])
    for name in looks.FEATURES:
        assert measured[name].to_numpy() == pytest.approx(stated[name].to_numpy(), abs=2e-4)


def test_the_groups_are_of_the_sample_that_is_here(shared_data, committed):
    assert dataset.sha256(shared_data / "cnmc2019" / "images.csv") == committed["imagesCsvSha256"]


def disc(radius, blur=0.0, side=120):
    rng = np.random.default_rng(7)
    image = cv2.resize(rng.integers(60, 200, (side // 3, side // 3, 3)).astype(np.uint8), (side, side), interpolation=cv2.INTER_NEAREST)
    if blur:
        image = cv2.GaussianBlur(image, (0, 0), blur)
    image[(np.indices((side, side)) - side // 2 != 0).any(axis=0) & (np.hypot(*(np.indices((side, side)) - side // 2)) > radius)] = 0
    return image


def seen(image):
    return look(image, mask_of(pre.find_cell(image)))


def test_blur_lowers_sharpness_and_nothing_else_much():
    sharp, soft = seen(disc(40)), seen(disc(40, blur=1.5))
    assert soft.sharpness < 0.2 * sharp.sharpness
    assert soft.area_px == sharp.area_px
    assert soft.red_to_green == pytest.approx(sharp.red_to_green, rel=0.05)


def test_the_black_surround_has_no_part_in_sharpness():
    # Given: a cell of one colour
    image = np.zeros((100, 100, 3), np.uint8)
    image[30:70, 30:70] = (90, 60, 120)
    # Then
    assert seen(image).sharpness == 0 and seen(image).texture < 1.0


def test_densities_are_those_of_the_formula():
    image = np.zeros((60, 60, 3), np.uint8)
    image[20:40, 20:40] = (255, 63, 127)
    measured = seen(image)
    assert measured.density_blue == pytest.approx(0, abs=1e-12)
    assert measured.density_green == pytest.approx(np.log(4))
    assert measured.red_to_green == pytest.approx(0.5)
    assert measured.clipped == 1.0 and measured.dark == 0.0


def test_an_empty_mask_is_refused():
    with pytest.raises(ValueError, match="mask"):
        look(np.zeros((10, 10, 3), np.uint8), np.zeros((10, 10), bool))
