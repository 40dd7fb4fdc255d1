"""Writes the bundle that the inference service loads: `model.onnx` and `model.json`; and reads its weights back."""
import datetime
import json
from pathlib import Path
import subprocess
import warnings

import numpy as np
import onnx
from onnx import numpy_helper
import torch

from . import preprocessing as pre
from .dataset import HELD_OUT, Organised, data_folder, sha256, work_folder
from .evaluation import CROSS_FITTED, OUT_OF_FOLD, marks
from .network import MobileNetV2, folded
from .training import BACKBONE_WEIGHTS, CLASSES, RECIPE_HISTORY, load_part

NAME = "cnmc-mobilenetv2"
VERSION = "1.0.0"
LABELS = ["NORMAL", "BLAST"]
INPUT, OUTPUT = "image", "logits"
OPSET = 13


def repository() -> Path:
    return Path(__file__).resolve().parents[2]


def bundle_folder() -> Path:
    return repository() / "inference-service" / "models" / NAME / VERSION


def training_commit() -> str:
    """The commit whose `training` folder made this, or 'uncommitted' where the folder differs from it."""
    def git(*arguments):
        return subprocess.run(["git", "-C", str(repository()), *arguments], capture_output=True, text=True, check=True).stdout.strip()
    try:
        return "uncommitted" if git("status", "--porcelain", "--", "training") else git("rev-parse", "HEAD")
    except (OSError, subprocess.CalledProcessError):
        return "uncommitted"


def write_onnx(model: MobileNetV2, path: Path) -> None:
    """float32, batch norms folded in, any number of images."""
    example = torch.zeros(2, 3, pre.INPUT_SIDE_PX, pre.INPUT_SIDE_PX)
    with warnings.catch_warnings():
        # The exporter can't fold the numbers of the pads, which are removed below; the checker infers all shapes.
        warnings.filterwarnings("ignore", message="Constant folding")
        warnings.filterwarnings("ignore", message="The shape inference of prim::Constant")
        torch.onnx.export(folded(model), example, str(path), opset_version=OPSET, input_names=[INPUT], output_names=[OUTPUT],
                          dynamic_axes={INPUT: {0: "N"}, OUTPUT: {0: "N"}})
    exported = onnx.load(str(path))
    pads_into_convolutions(exported.graph)
    onnx.checker.check_model(exported, full_check=True)
    onnx.save(exported, str(path))


def pads_into_convolutions(graph) -> None:
    """Gives each convolution the padding of the Pad node before it and drops that and what only computed its numbers.

    PyTorch has no convolution that pads unevenly, ONNX has. All pads of this network are one pixel right and below.
    """
    pads = {node.output[0]: node for node in graph.node if node.op_type == "Pad"}
    for node in graph.node:
        if node.op_type == "Conv" and node.input[0] in pads:
            node.input[0] = pads[node.input[0]].input[0]
            own = next(attribute for attribute in node.attribute if attribute.name == "pads")
            own.ints[:] = [0, 0, 1, 1]
    while True:
        used = {name for node in graph.node for name in node.input} | {output.name for output in graph.output}
        dead = [node for node in graph.node if not used.intersection(node.output)]
        if not dead:
            return
        for node in dead:
            graph.node.remove(node)


def read_onnx(path: Path) -> MobileNetV2:
    """The network of a bundle in PyTorch, from the file's own weights, whose names the export keeps."""
    arrays = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in onnx.load(str(path)).graph.initializer}
    model = MobileNetV2(CLASSES)
    state = model.state_dict()
    missing = [name for name in state if name not in arrays]
    if missing:
        raise ValueError("%s has no weights %s" % (path.name, missing[:3]))
    model.load_state_dict({name: arrays[name] for name in state})
    return model.eval()


def sized(model: MobileNetV2, size: float) -> MobileNetV2:
    """The network with the size term that the evaluation found: so much is added to the logit of BLAST per unit of log(share)."""
    model.size.data[LABELS.index("BLAST")] = size
    return model


def describe(evaluation: dict, model_sha256: str) -> dict:
    """The content of model.json."""
    effects = evaluation["designEffects"]
    worst = max(effects.values(), key=lambda e: e["value"])
    effect_how = ("design effect: 1 + (m - 1) ICC of correct calls of cells with the same image number of the same subject, by analysis of "
                  "variance nested in subjects, m the cluster size of a random cell (%.2f), ICC %.4f, the larger of the two classes, at least 1; "
                  "only a sample of each smear's cells is in the data, so clusters of a whole smear are larger"
                  % (worst["clusterSize"], worst["icc"]))
    images = data_folder() / "cnmc2019" / "images.csv"
    return {
        "formatVersion": 1, "name": NAME, "version": VERSION, "task": "BLAST_VERSUS_NORMAL", "labels": LABELS,
        "input": {"name": INPUT, "shape": [-1, 3, pre.INPUT_SIDE_PX, pre.INPUT_SIDE_PX], "dtype": "float32", "channelOrder": "RGB",
                  "range": [-1.0, 1.0], "mean": [pre.MEAN] * 3, "std": [pre.STD] * 3},
        "output": {"name": OUTPUT, "shape": [-1, CLASSES]},
        "crop": {"sideMicrometres": pre.CROP_SIDE_MICROMETRES, "nominalPixelSizeMicrometres": pre.NOMINAL_PIXEL_SIZE_MICROMETRES,
                 "surround": "BLACK"},
        "calibration": {"method": "PLATT", **evaluation["calibration"]},
        "operatingThreshold": evaluation["operatingThreshold"],
        "operatingThresholdHow": "balanced point: sensitivity equals specificity over all out-of-fold cells, every subject alike within its class",
        "validations": [{
            "kind": "CELL", "specimenType": "BONE_MARROW", "designEffect": round(worst["value"], 4),
            "how": "C-NMC 2019 cells cut out on black; %s; %s; %s" % (OUT_OF_FOLD, CROSS_FITTED, effect_how),
            "sensitivity": evaluation["sensitivity"], "specificity": evaluation["specificity"]}],
        "recipeHistory": RECIPE_HISTORY,
        "metrics": evaluation["metrics"],
        "heldOut": evaluation["heldOut"],
        "gate": {"cellAreaMicrometres2": evaluation["gate"],
                 "how": "0.5 %% and 99.5 %% quantile of the area of the %d training cells at the nominal pixel size, times 0.8 and 1.25"
                        % evaluation["cells"]},
        "trainingSubjects": evaluation["trainingSubjects"],
        "heldOutSubjects": [s["subject"] for s in evaluation["heldOut"]["subjects"]],
        "heldOutRule": "; ".join("%s: %d merged subjects with at least %d images, smallest seeded hash of their number"
                                 % (label, *HELD_OUT[released]) for released, label in (("all", "BLAST"), ("hem", "NORMAL"))),
        "data": [
            {"name": "C-NMC 2019 (a sample of %d of 15,114 images)" % evaluation["images"], "licence": "CC BY 3.0",
             "citation": "Gupta A, Gupta R. ALL Challenge dataset of ISBI 2019 (C-NMC 2019). The Cancer Imaging Archive, 2019.",
             "doi": "10.7937/tcia.2019.dc64i46r", "sha256": sha256(images)},
            {"name": "MobileNetV2 1.0 ImageNet weights, dequantised", "licence": "Apache-2.0",
             "citation": "google-coral/test_data, commit 104342d2d3480b3e66203073dac24f4e2dbb4c41",
             "url": "https://github.com/google-coral/test_data", "sha256": sha256(data_folder() / "weights" / BACKBONE_WEIGHTS)}],
        "researchUseOnly": True,
        "createdOn": datetime.date.today().isoformat(),
        "trainingCommit": training_commit(),
        "modelSha256": model_sha256,
    }


def export(organised: Organised, work: Path = None, folder: Path = None) -> Path:
    from .model_card import write_card
    work, folder = work or work_folder(), folder or bundle_folder()
    evaluation = json.loads((work / "evaluation.json").read_text())
    if evaluation["marks"] != marks(work):
        raise ValueError("trained again since the last evaluation: run `evaluate` first")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.onnx"
    write_onnx(sized(load_part("final", work), evaluation["size"]), path)
    some = torch.from_numpy(pre.normalise(organised.input_crops()[:64]))
    with torch.no_grad():
        original = sized(load_part("final", work), evaluation["size"])
        apart = float((read_onnx(path)(some) - original(some)).abs().max())
    print("largest logit difference by folding the batch norms: %.2g" % apart)
    if not apart < 1e-3:
        raise ValueError("the exported weights are not the trained network's: logits differ by %g" % apart)
    described = describe(evaluation, sha256(path))
    (folder / "model.json").write_text(json.dumps(described, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    write_card(described, evaluation, repository() / "docs" / "model-card.md")
    print("%s: %.1f MB" % (path.name, path.stat().st_size / 1e6))
    return folder


def load_bundle(folder: Path = None):
    """The network in PyTorch and the description, checked against each other."""
    folder = folder or bundle_folder()
    described = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    if sha256(folder / "model.onnx") != described["modelSha256"]:
        raise ValueError("model.onnx is not the file that model.json describes")
    return read_onnx(folder / "model.onnx"), described


@torch.no_grad()
def score(model: MobileNetV2, inputs: np.ndarray) -> np.ndarray:
    """Logits [N,2] of float32 [N,3,128,128]."""
    return model(torch.from_numpy(inputs)).numpy()
