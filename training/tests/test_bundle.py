"""The committed bundle and golden data, from the repository alone; with the data set also the real images."""
import json

import numpy as np
import pytest

from leukostream_training import bundle, golden, model_card
from leukostream_training import preprocessing as pre
from leukostream_training.dataset import sha256
from leukostream_training.repository import repository


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
    assert np.abs(np.subtract(found["answers"], expected["answers"])).max() <= tolerance["answers"]
    for kind, called in expected["calls"].items():
        assert abs(found["calls"][kind]["probability"] - called["probability"]) <= tolerance["probability"]
        assert (found["calls"][kind]["type"], found["calls"][kind]["gate"]) == (called["type"], called["gate"])


def test_model_json_describes_this_preprocessing(loaded):
    _, described = loaded
    assert described["input"]["shape"] == [-1, 3, pre.INPUT_SIDE_PX, pre.INPUT_SIDE_PX]
    assert described["crop"] == {"sideMicrometres": pre.CROP_SIDE_MICROMETRES,
                                 "nominalPixelSizeMicrometres": pre.NOMINAL_PIXEL_SIZE_MICROMETRES, "surround": "BLACK"}
    assert described["input"]["mean"] == [pre.MEAN] * 3 and described["input"]["std"] == [pre.STD] * 3


def test_every_subject_was_validated_without_itself(loaded):
    _, described = loaded
    validated = {r["subject"] for kind in ("sensitivity", "specificity") for r in described["validations"][0][kind]}
    assert validated == set(described["trainingSubjects"]) and not described["heldOutSubjects"]


def test_the_card_and_the_bundle_say_what_evaluation_wrote(loaded):
    # Given
    _, described = loaded
    evaluation = json.loads((repository() / "training" / "evaluation.json").read_text(encoding="utf-8"))
    docs = repository() / "docs"
    # Then
    assert (docs / "model-card.md").read_text(encoding="utf-8") == model_card.render(described, evaluation)
    assert (docs / "figures" / "roc.svg").read_text(encoding="utf-8") == model_card.roc_picture(evaluation["roc"])
    assert (docs / "figures" / "reliability.svg").read_text(encoding="utf-8") == model_card.reliability_picture(evaluation["reliability"])
    assert described["metrics"] == {**evaluation["metrics"], **evaluation["typed"]["metrics"]}
    assert described["validations"][0]["sensitivity"] == evaluation["sensitivity"]
    assert described["validations"][0]["specificity"] == evaluation["specificity"]


def test_every_figure_has_its_interval_and_its_provenance(loaded):
    _, described = loaded
    for name in ("auroc", "aurocSubjectWeighted", "ece", "brier", "sensitivity", "specificity", "areaAuroc", "aurocMinusArea", "aurocLookGroups",
                 "marrowBlastAuroc", "typeAccuracy"):
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
