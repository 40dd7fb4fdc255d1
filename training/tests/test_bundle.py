"""The committed bundle and golden data, from the repository alone; with the data set also the real images."""
import json

import numpy as np
import pytest

from leukostream_training import bundle, golden
from leukostream_training import preprocessing as pre
from leukostream_training.dataset import sha256


@pytest.fixture(scope="module")
def loaded():
    return bundle.load_bundle()


def agrees(found, expected, tolerances):
    tolerance = tolerances[expected["tolerance"]]
    assert found["cutOnBlack"] == expected["cutOnBlack"]
    assert (found["cell"] is None) == (expected["cell"] is None)
    if expected["cell"] is None:
        return
    for side in ("x", "y", "width", "height"):
        assert abs(found["cell"][side] - expected["cell"][side]) <= tolerance["boxPx"]
    assert found["cropSidePx"] == expected["cropSidePx"]
    assert abs(found["cell"]["areaPx"] - expected["cell"]["areaPx"]) <= tolerance["areaPx"]
    assert np.abs(np.subtract(found["tensor"]["samples"], expected["tensor"]["samples"])).max() <= tolerance["tensor"]
    assert np.abs(np.subtract(found["logits"], expected["logits"])).max() <= tolerance["logits"]
    assert abs(found["probability"] - expected["probability"]) <= tolerance["probability"]


def test_model_json_describes_this_preprocessing(loaded):
    _, described = loaded
    assert described["input"]["shape"] == [-1, 3, pre.INPUT_SIDE_PX, pre.INPUT_SIDE_PX]
    assert described["crop"] == {"sideMicrometres": pre.CROP_SIDE_MICROMETRES,
                                 "nominalPixelSizeMicrometres": pre.NOMINAL_PIXEL_SIZE_MICROMETRES, "surround": "BLACK"}
    assert described["input"]["mean"] == [pre.MEAN] * 3 and described["input"]["std"] == [pre.STD] * 3


def test_no_held_out_subject_is_in_training_or_validation(loaded):
    _, described = loaded
    held_out = set(described["heldOutSubjects"])
    validated = {r["subject"] for kind in ("sensitivity", "specificity") for r in described["validations"][0][kind]}
    assert len(held_out) >= 7
    assert not held_out & set(described["trainingSubjects"])
    assert validated == set(described["trainingSubjects"])
    assert {r["subject"] for r in described["heldOut"]["subjects"]} == held_out


def test_every_figure_has_its_interval_and_its_provenance(loaded):
    _, described = loaded
    for name in ("auroc", "aurocSubjectWeighted", "ece", "brier", "sensitivity", "specificity", "areaAuroc", "aurocMinusArea"):
        figure = described["metrics"][name]
        assert figure["lower"] <= figure["upper"] and figure["how"]
    assert described["validations"][0]["designEffect"] >= 1


def test_golden_cells(loaded):
    model, described = loaded
    stored = json.loads((golden.golden_folder() / "golden.json").read_text())
    assert stored["bundle"]["modelSha256"] == described["modelSha256"]
    for expected in stored["cases"]:
        data = (golden.golden_folder() / expected["file"]).read_bytes()
        agrees(golden.case(data, expected["pixelSizeMicrometres"], model, described, stored["positions"]), expected, stored["tolerances"])


def test_golden_real_images(loaded, shared_data):
    model, described = loaded
    stored = json.loads((golden.golden_folder() / "golden-real.json").read_text())
    assert len(stored["cases"]) == 24
    for expected in stored["cases"]:
        assert sha256(shared_data / expected["file"]) == expected["sha256"]
        agrees(golden.case((shared_data / expected["file"]).read_bytes(), None, model, described, stored["positions"]), expected,
               stored["tolerances"])
