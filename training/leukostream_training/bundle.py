"""Writes the bundle that the inference service loads: `model.onnx` and `model.json`; and reads its weights back."""
import datetime
import json
from pathlib import Path
import re
import shutil
import warnings

import numpy as np
import onnx
from onnx import numpy_helper
from scipy.special import softmax
import torch

from . import preprocessing as pre
from .calibration import Platt
from .cell_network import COLUMNS, CellNetwork, MachineLayer, WhitenedDistance
from .dataset import Organised, data_folder, sha256, work_folder
from .designs import CANDIDATES, Fitted, descriptions
from .evaluation import NESTED, REFERENCE_FILE, mark_of
from .network import MobileNetV2, folded
from .refusal import FARTHEST, FARTHEST_DETAIL, FARTHEST_FIELD, OUTSIDE, UNIDENTIFIABLE_FROM, beyond
from .repository import NAME, VERSION, bundle_folder, repository, training_commit
from .training import BACKBONE_WEIGHTS, load_typed
from .type_regression import TypeRegression
from .typed import TYPES, Typed

INPUT, OUTPUT = "image", "answer"
OPSET = 13


def write_onnx(model: CellNetwork, path: Path) -> None:
    """float32, batch norms folded in, any number of cells. Initialisers keep the names of the network's state."""
    example = torch.zeros(2, 3, pre.INPUT_SIDE_PX, pre.INPUT_SIDE_PX)
    folded(model.typed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(model, example, str(path), opset_version=OPSET, input_names=[INPUT], output_names=[OUTPUT], do_constant_folding=False,
                          dynamic_axes={INPUT: {0: "N"}, OUTPUT: {0: "N"}})
    exported = onnx.load(str(path))
    pads_into_convolutions(exported.graph)
    exported.graph.output[0].type.tensor_type.shape.dim[1].dim_value = len(COLUMNS)
    onnx.checker.check_model(exported, full_check=True)
    onnx.save(exported, str(path))


def pads_into_convolutions(graph) -> None:
    """Gives each convolution the padding of the Pad node before it and drops that and what only computed its numbers.

    PyTorch has no convolution that pads unevenly, ONNX has. All such pads of this network are one pixel right and below.
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


def read_onnx(path: Path) -> CellNetwork:
    """The network of a bundle in PyTorch, from the file's own weights, whose names the export keeps."""
    arrays = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in onnx.load(str(path)).graph.initializer}
    machines = [MachineLayer(*arrays["machines.%d.vectors" % k].shape) for k in range(sum(name.endswith(".vectors") for name in arrays))]
    stain, detail = (WhitenedDistance(*arrays["%s.reference" % name].shape) for name in ("stain", "detail"))
    model = CellNetwork(MobileNetV2(len(TYPES)), machines, arrays["reference"].shape[0], stain, detail)
    state = model.state_dict()
    missing = [name for name in state if name not in arrays]
    if missing:
        raise ValueError("%s has no weights %s" % (path.name, missing[:3]))
    model.load_state_dict({name: arrays[name] for name in state})
    return model.eval()


def final_network(organised: Organised, evaluation: dict, work: Path) -> CellNetwork:
    """The support vector machine of the chosen design on all subjects, around the typed network."""
    design = next(d for d in CANDIDATES if d.name == evaluation["final"]["design"])
    described = descriptions(organised, work)
    fitted = Fitted(design, described["cells"], organised.labels, organised.subjects)
    with np.load(work / "references.npz") as references:
        return CellNetwork.assembled(load_typed(work), TypeRegression.of(Typed(work), described), evaluation["typed"]["typeTemperature"], fitted,
                                     references["cells"], references["stain"], references["detail"])


def describe(organised: Organised, evaluation: dict, reference: list, model_sha256: str) -> dict:
    """The content of model.json, `reference` being the subjects that a specimen can be compared with."""
    effects = evaluation["designEffects"]
    worst = max(effects.values(), key=lambda e: e["value"])
    effect_how = ("design effect: 1 + (m - 1) ICC of correct calls of cells with the same image number of the same subject, by analysis of "
                  "variance nested in subjects, m the cluster size of a random cell (%.2f), ICC %.4f, the larger of the two classes, at least 1; "
                  "only a sample of each smear's cells is in the data, so clusters of a whole smear are larger"
                  % (worst["clusterSize"], worst["icc"]))
    typed, refusal = evaluation["typed"], evaluation["refusal"]
    return {
        "formatVersion": 2, "name": NAME, "version": VERSION, "task": "BLAST_AND_CELL_TYPE",
        "input": {"name": INPUT, "shape": [-1, 3, pre.INPUT_SIDE_PX, pre.INPUT_SIDE_PX], "dtype": "float32", "channelOrder": "RGB",
                  "range": [-1.0, 1.0], "mean": [pre.MEAN] * 3, "std": [pre.STD] * 3},
        "output": {"name": OUTPUT, "shape": [-1, len(COLUMNS)], "columns": COLUMNS},
        "crop": {"sideMicrometres": pre.CROP_SIDE_MICROMETRES, "nominalPixelSizeMicrometres": pre.NOMINAL_PIXEL_SIZE_MICROMETRES,
                 "surround": "BLACK"},
        "calls": {
            "CELL": {"question": "lymphoblast, or normal B-lymphoid precursor (C-NMC 2019)", "normal": "CELL:NORMAL", "blast": "CELL:BLAST", "typed": False,
                     "calibration": {"method": "PLATT", **evaluation["calibration"]}, "operatingThreshold": evaluation["operatingThreshold"],
                     "operatingThresholdHow": "balanced point, sensitivity equal to specificity, of the inner cross-validation over all subjects, every subject alike within its class",
                     "cellAreaMicrometres2": refusal["CELL"]["area"], "limits": refusal["CELL"]["limits"], "doubtfulBeyond": refusal["CELL"]["doubtfulBeyond"]},
            "FIELD": {"question": "blast of any lineage, or another marrow cell (bmc_marrow)", "normal": "FIELD:OTHER", "blast": "FIELD:BLAST", "typed": True,
                      "notIdentifiable": {"doubtfulFrom": typed["doubtfulFrom"], "refusedFrom": UNIDENTIFIABLE_FROM},
                      "calibration": {"method": "PLATT", **typed["calibration"]}, "operatingThreshold": typed["operatingThreshold"],
                      "operatingThresholdHow": "balanced point on the calibration part of bmc_marrow, a file's part by seeded hash",
                      "cellAreaMicrometres2": refusal["FIELD"]["area"], "limits": refusal["FIELD"]["limits"]}},
        "gateHow": "limits: quantiles at %g and 1 - %g of the cells that were learned from; distance: quantile at 1 - %g (CELL), 1 - %g (FIELD) and 1 - %g (colour "
                   "detail) over unseen good cells; " % (OUTSIDE, OUTSIDE, FARTHEST, FARTHEST_FIELD, FARTHEST_DETAIL) +
                   "area: 0.5 % and 99.5 % quantiles, times 0.8 and 1.25",
        "validations": [{
            "kind": "CELL", "specimenType": "BONE_MARROW", "designEffect": round(worst["value"], 4),
            "how": "C-NMC 2019 cells cut out on black; %s; %s" % (NESTED, effect_how),
            "sensitivity": evaluation["sensitivity"], "specificity": evaluation["specificity"]}],
        "reference": [{"kind": "CELL", "specimenType": "BONE_MARROW", "subjects": reference}],
        "referenceHow": "calibrated probability of blast of the cells that the bundle counts, by machines, design and calibration that never saw the subject; "
                        "rounded to 1e-4; in the order of the files, so cells of one image stand together",
        "metrics": {**evaluation["metrics"], **typed["metrics"]},
        "trainingSubjects": evaluation["subjects"],
        "heldOutSubjects": [],
        "heldOutRule": "none: every subject was left out once in the nested cross-validation, and the shipped machine learned from all",
        "data": [
            {"name": "C-NMC 2019 (a sample of %d of 15,114 images)" % evaluation["cells"], "licence": "CC BY 3.0",
             "citation": "Gupta A, Gupta R. ALL Challenge dataset of ISBI 2019 (C-NMC 2019). The Cancer Imaging Archive, 2019.",
             "doi": "10.7937/tcia.2019.dc64i46r", "sha256": sha256(data_folder() / "cnmc2019" / "images.csv")},
            {"name": "Bone marrow cytomorphology (a sample of 2,100 images)", "licence": "CC BY 4.0",
             "citation": "Matek C, Krappe S, Münzenmayer C, Haferlach T, Marr C. Blood 2021, 138(20):1917-1927.",
             "doi": "10.7937/TCIA.AXH3-T579", "sha256": sha256(data_folder() / "bmc_marrow" / "images.csv")},
            {"name": "PBC, normal peripheral blood cells (a sample of 1,920 images)", "licence": "CC BY 4.0",
             "citation": "Acevedo A, Merino A, Alférez S, Molina Á, Boldú L, Rodellar J. Data in Brief 2020, 30:105474.",
             "doi": "10.17632/snkd93bnjr.1", "sha256": sha256(data_folder() / "pbc" / "index.csv")},
            {"name": "MobileNetV2 1.0 ImageNet weights, dequantised", "licence": "Apache-2.0",
             "citation": "google-coral/test_data, commit 104342d2d3480b3e66203073dac24f4e2dbb4c41",
             "url": "https://github.com/google-coral/test_data", "sha256": sha256(data_folder() / "weights" / BACKBONE_WEIGHTS)}],
        "researchUseOnly": True,
        "createdOn": datetime.date.today().isoformat(),
        "trainingCommit": training_commit(),
        "modelSha256": model_sha256,
    }


def render(described: dict) -> str:
    """JSON with a line for each value, and one for each subject's probabilities."""
    lines = json.dumps(described, indent=1, ensure_ascii=False)
    return re.sub(r'"probabilities": \[([^\]]*)\]', lambda found: '"probabilities": [%s]' % ", ".join(v.strip() for v in found[1].split(",")), lines) + "\n"


def export(organised: Organised, work: Path = None, folder: Path = None, kept_network: Path = None) -> Path:
    """Writes a bundle.

    @param kept_network a model.onnx to take as it is, where only the description is new; its answers must be those of what was trained here
    """
    from .model_card import write_card
    work, folder = work or work_folder(), folder or bundle_folder()
    evaluation = json.loads((work / "evaluation.json").read_text())
    if evaluation["mark"] != mark_of(organised, Typed(work)):
        raise ValueError("trained again since the last evaluation: run `evaluate` first")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.onnx"
    some = torch.from_numpy(pre.normalise(organised.input_crops()[:64]))
    network = final_network(organised, evaluation, work)
    with torch.no_grad():
        before = network(some)
        if kept_network is None:
            write_onnx(network, path)
        elif kept_network.resolve() != path.resolve():
            shutil.copyfile(kept_network, path)
        apart = float((read_onnx(path)(some) - before).abs().max())
    print("largest difference of an answer between the network that was trained and the file: %.2g" % apart)
    if not apart < 1e-2:
        raise ValueError("the exported weights are not the trained network's: answers differ by %g" % apart)
    reference = json.loads((work / REFERENCE_FILE).read_text())
    described = describe(organised, evaluation, reference, sha256(path))
    (folder / "model.json").write_text(render(described), encoding="utf-8")
    (repository() / "training" / "evaluation.json").write_text(json.dumps(evaluation, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
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
def answer(model: CellNetwork, inputs: np.ndarray) -> np.ndarray:
    """[N,len(COLUMNS)] of float32 [N,3,128,128]."""
    return model(torch.from_numpy(inputs)).numpy()


def call(described: dict, kind: str, area_micrometres2: float, answers: np.ndarray) -> dict:
    """What one row of answers says of a cell, as the inference service has it."""
    rule, columns = described["calls"][kind], described["output"]["columns"]
    platt = Platt(rule["calibration"]["slope"], rule["calibration"]["intercept"])
    probability = float(platt.probability(float(answers[columns.index(rule["blast"])]) - float(answers[columns.index(rule["normal"])])))
    kind_type, unidentifiable = None, 0.0
    if rule["typed"]:
        first = columns.index("type:" + TYPES[0])
        types = softmax(answers[first:first + len(TYPES)].astype(np.float64))
        kind_type, unidentifiable = TYPES[int(types.argmax())], float(types[TYPES.index("NOT_IDENTIFIABLE")])
    area = rule["cellAreaMicrometres2"]
    gate = None if area["lower"] <= area_micrometres2 <= area["upper"] else "SIZE_OUT_OF_RANGE"
    for limit in rule["limits"]:
        if gate is None and beyond(limit, answers[columns.index(limit["column"])]):
            gate = limit["gate"]
    if gate is None and rule["typed"] and unidentifiable >= rule["notIdentifiable"]["refusedFrom"]:
        gate = "NOT_IDENTIFIABLE"
    doubtful = (rule["typed"] and unidentifiable >= rule["notIdentifiable"]["doubtfulFrom"]
                or any(beyond(limit, answers[columns.index(limit["column"])]) for limit in rule.get("doubtfulBeyond", ())))
    return {"probability": round(probability, 6), "type": kind_type, "gate": gate, "doubtful": gate is None and doubtful}
