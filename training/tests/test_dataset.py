import numpy as np
import pandas as pd
import pytest

from leukostream_training import dataset
from leukostream_training.training import draw_weights


def test_folds_mix_sizes_and_hold_every_subject_once():
    # Given
    subjects = pd.DataFrame({"subject": list("abcdefghij"), "images": [60] * 8 + [3, 2],
                             "median_area": [100, 200, 300, 400, 500, 600, 700, 800, 5, 5]})
    # When
    fold = dataset.deal_folds(subjects, folds=4)
    # Then
    assert set(fold) == set("abcdefghij")
    assert fold["a"] == fold["h"] and fold["d"] == fold["e"]
    assert {fold[s] for s in "abcd"} == {0, 1, 2, 3}


def test_draws_weigh_classes_alike_and_subjects_up_to_the_cap():
    # Given
    labels = np.array([0] * 110 + [1] * 20)
    subjects = np.array(["n"] * 100 + ["m"] * 10 + ["b"] * 20)
    # When
    weights = draw_weights(labels, subjects, cap=50)
    # Then
    assert weights.sum() == pytest.approx(1)
    assert weights[labels == 1].sum() == pytest.approx(0.5)
    assert weights[subjects == "n"].sum() / weights[subjects == "m"].sum() == pytest.approx(5)


def index_file(folder, rows):
    header = "file,label,subject,merged_subject,official_fold,sha256_of_original_bmp,copies_in_dataset\n"
    (folder / "images.csv").write_text(header + "".join("%s,%s,%s,%s,0,%s,1\n" % row for row in rows))
    return folder


def test_one_person_under_two_subjects_is_refused(tmp_path):
    folder = index_file(tmp_path, [("all/UID_20_1_1_all.webp", "all", "20", "20", "a"), ("all/UID_21_1_1_all.webp", "all", "21", "21", "b")])
    with pytest.raises(ValueError, match="one person"):
        dataset.read_index(folder)


def test_cluster_is_the_image_number_within_the_subject(tmp_path):
    folder = index_file(tmp_path, [("hem/UID_h3_7_2_hem.webp", "hem", "h3", "H3+H10", "a"), ("hem/UID_H10_7_1_hem.webp", "hem", "H10", "H3+H10", "b")])
    index = dataset.read_index(folder)
    assert list(index["cluster"]) == ["H3/7", "H10/7"]
    assert set(index["merged_subject"]) == {"H3+H10"}


def test_subjects_are_merged_along_chains_and_by_number():
    # When
    merged = dataset.merge(["H3+H10", "2", "20+21", "1", "44", "H2"], [{"1", "20"}, {"2", "1"}, {"43", "44"}])
    # Then
    assert merged == {"H3+H10": "H3+H10", "2": "1+2+20+21", "20+21": "1+2+20+21", "1": "1+2+20+21", "44": "44", "H2": "H2"}


def test_same_cells_under_two_subjects_join_them(tmp_path):
    folder = index_file(tmp_path, [("all/UID_43_4_1_all.webp", "all", "43", "43", "a"), ("all/UID_44_23_1_all.webp", "all", "44", "44", "b"),
                                   ("hem/UID_H8_1_1_hem.webp", "hem", "H8", "H8", "c")])
    assert list(dataset.read_index(folder)["merged_subject"]) == ["43+44", "43+44", "H8"]


def test_the_data_set_is_as_its_inventory_says(shared_data):
    # When
    index = dataset.read_index(shared_data / "cnmc2019")
    # Then
    assert index["label"].value_counts().to_dict() == {"all": 1971, "hem": 1475}
