"""Designs of the blast call on C-NMC that learn from descriptions of cells, compared by leaving subjects out.

A description is computed once for each cell by networks that never saw C-NMC's labels; a design chooses columns of it and
fits support vector machines (radial basis) to subjects, weighted alike. So leaving a subject out costs a second, and
the choice among designs, the calibration and the threshold are made anew inside each outer fold (nested).
"""
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from sklearn.svm import SVC
import torch

from . import preprocessing as pre
from .calibration import Platt, balanced_threshold, fit_platt
from .dataset import Organised, data_folder
from .network import STATISTICS, imagenet_body
from .statistics import auroc, subject_weights
from .texture import COARSE_FEATURES, FEATURES, TextureStatistics
from .texture import mark as texture_mark
from .training import BACKBONE_WEIGHTS, BATCH, draw_weights, load_typed, tensor, typed_mark
from .typed import Typed

CLIP = 5.0
"""Standardised columns are cut at so many standard deviations: one debris-laden cell must not decide."""
INNER_FOLDS = 6
PENALTY, WIDTH = 10.0, 0.3
"""The machines' C, and gamma times the number of columns."""
GROUPS = {"coarse texture": slice(0, COARSE_FEATURES), "fine texture": slice(COARSE_FEATURES, FEATURES), "typed maps": slice(FEATURES, FEATURES + STATISTICS),
          "ImageNet maps": slice(FEATURES + STATISTICS, FEATURES + 2 * STATISTICS)}


@dataclass(frozen=True)
class Design:
    """Support vector machines whose decisions are averaged; each sees some groups of columns."""

    name: str
    members: tuple


def design(*members: tuple) -> Design:
    return Design(" and ".join(" + ".join(groups) for groups in members), members)


COARSE, TEXTURE, ALL = ("coarse texture",), ("coarse texture", "fine texture"), ("coarse texture", "fine texture", "typed maps")
CANDIDATES = (design(COARSE), design(TEXTURE), design(ALL), design(COARSE, TEXTURE), design(COARSE, ALL), design(COARSE, TEXTURE, ALL))
"""What may be shipped. The nested choice is among these, by AUROC with subjects alike; the others are only compared."""
COMPARED = (*CANDIDATES, design(("typed maps",)), design(("ImageNet maps",)), design(("coarse texture", "fine texture", "ImageNet maps")),
            design(COARSE, TEXTURE, ALL, ("ImageNet maps",)))
_shared = {}
"""What the processes of a pool take over when they are forked."""


def mark() -> str:
    """Changes when the choice among designs would."""
    return repr((CANDIDATES, GROUPS, PENALTY, WIDTH, INNER_FOLDS, CLIP))


class Standardisation:
    """Columns of descriptions brought to mean 0 and standard deviation 1 over some cells, and cut at CLIP."""

    def __init__(self, columns: np.ndarray, cells: np.ndarray):
        chosen = cells[:, columns].astype(np.float64)
        self.columns, self.mean, self.scale = columns, chosen.mean(0), np.maximum(chosen.std(0), 1e-6)

    def __call__(self, cells: np.ndarray) -> np.ndarray:
        return np.clip((cells[:, self.columns] - self.mean) / self.scale, -CLIP, CLIP)


class Machine:
    """A support vector machine with its standardisation. `decision(x)` is above 0 for BLAST."""

    def __init__(self, groups: tuple, cells: np.ndarray, labels: np.ndarray, subjects: np.ndarray):
        columns = np.concatenate([np.arange(GROUPS[g].start, GROUPS[g].stop) for g in groups])
        self.standardised = Standardisation(columns, cells)
        weights = draw_weights(labels, subjects)
        self.gamma = WIDTH / len(columns)
        self.fitted = SVC(C=PENALTY, gamma=self.gamma).fit(self.standardised(cells), labels, sample_weight=weights / weights.mean())
        self.vectors, self.coefficients, self.intercept = self.fitted.support_vectors_, self.fitted.dual_coef_[0], float(self.fitted.intercept_[0])

    def decision(self, cells: np.ndarray) -> np.ndarray:
        return self.fitted.decision_function(self.standardised(cells))


class Fitted:
    """A design's machines. `decision(x)` is above 0 for BLAST; distances are measured where the last machine looks."""

    def __init__(self, chosen: Design, cells: np.ndarray, labels: np.ndarray, subjects: np.ndarray):
        self.machines = [Machine(groups, cells, labels, subjects) for groups in chosen.members]

    def decision(self, cells: np.ndarray) -> np.ndarray:
        return np.mean([machine.decision(cells) for machine in self.machines], axis=0)

    @property
    def standardised(self) -> Standardisation:
        return self.machines[-1].standardised


def _described(start: int) -> list:
    torch.set_num_threads(1)
    batch = tensor(_shared["crops"][start:start + BATCH])
    with torch.no_grad():
        statistics, appearance = _shared["texture"].described(batch)
        types, maps = _shared["typed"].described(batch)
        others = [] if _shared["imagenet"] is None else [_shared["imagenet"].described(batch)[1]]
        return [part.numpy() for part in (torch.cat([statistics, maps, *others], 1), types, appearance)]


def describe_cells(crops: np.ndarray, typed_network, imagenet=None, progress="", processes: int = 2) -> tuple:
    """Descriptions [N,FEATURES+STATISTICS], with the ImageNet network [N,FEATURES+2*STATISTICS]; [N,types] logits of the typed
    network; and what the gate looks at, [N,5+DETAIL_FIGURES]."""
    _shared.update(crops=crops, texture=TextureStatistics().eval(), typed=typed_network, imagenet=imagenet)
    parts = []
    with Pool(processes) as pool:
        for part in pool.imap(_described, range(0, len(crops), BATCH), chunksize=4):
            parts.append(part)
            if progress and len(parts) % 80 == 0:
                print("%s: %d of %d cells described" % (progress, len(parts) * BATCH, len(crops)), flush=True)
    return tuple(np.concatenate(columns) for columns in zip(*parts))


def descriptions(organised: Organised, work: Path) -> dict:
    """Of the cells of C-NMC (`cells`, `types`, `appearance`) and of the typed ones (the same with `typed_`), kept in `work`."""
    typed = Typed(work)
    mark = typed_mark(typed) + organised.about["inputDigest"] + repr((pre.CROP_SIDE_MICROMETRES, texture_mark()))
    path = work / "descriptions.npz"
    if path.exists():
        with np.load(path) as kept:
            if str(kept["mark"]) == mark:
                return {name: kept[name] for name in kept.files}
    typed_network = load_typed(work)
    imagenet = imagenet_body(data_folder() / "weights" / BACKBONE_WEIGHTS, 2, 0.0).eval()
    found = {"mark": np.array(mark)}
    for prefix, crops in (("", organised.input_crops()), ("typed_", typed.input_crops())):
        for name, array in zip(("cells", "types", "appearance"), describe_cells(crops, typed_network, imagenet, "C-NMC" if not prefix else "typed")):
            found[prefix + name] = array
    np.savez(path, **found)
    return found


def deal(labels: np.ndarray, subjects: np.ndarray, folds: int, seed: int) -> np.ndarray:
    """Fold of each cell: subjects of each label from large to small, each to the fold with the fewest cells (ties by a seeded draw)."""
    rng = np.random.default_rng(seed)
    fold = np.zeros(len(labels), int)
    for label in np.unique(labels):
        counts = {s: (subjects == s).sum() for s in np.unique(subjects[labels == label])}
        load = np.zeros(folds)
        for subject in sorted(rng.permutation(list(counts)), key=lambda s: -counts[s]):
            chosen = int(np.argmin(load))
            fold[subjects == subject] = chosen
            load[chosen] += counts[subject]
    return fold


def out_of_fold(designs, cells, labels, subjects, fold) -> dict:
    """Scores of each design by name; a machine that several designs share is fitted once."""
    members = {groups: np.zeros(len(labels)) for each in designs for groups in each.members}
    for k in np.unique(fold):
        for groups, scores in members.items():
            scores[fold == k] = Machine(groups, cells[fold != k], labels[fold != k], subjects[fold != k]).decision(cells[fold == k])
    return {each.name: np.mean([members[groups] for groups in each.members], axis=0) for each in designs}


@dataclass(frozen=True)
class Chosen:
    """What an inner cross-validation leaves: the design, the calibration and the threshold, from scores of unseen subjects."""

    design: Design
    platt: Platt
    threshold: float


def choose(cells, labels, subjects, seed: int) -> Chosen:
    fold = deal(labels, subjects, INNER_FOLDS, seed)
    weights = subject_weights(labels, subjects)
    found = out_of_fold(CANDIDATES, cells, labels, subjects, fold)
    best = max(CANDIDATES, key=lambda each: auroc(labels, found[each.name], weights))
    scores = found[best.name]
    platt = fit_platt(scores, labels, weights)
    return Chosen(best, platt, balanced_threshold(platt.probability(scores), labels, weights))


def _leave_out(job):
    number, out = job
    cells, labels, subjects = _shared["cells"], _shared["labels"], _shared["subjects"]
    torch.set_num_threads(1)
    chosen = choose(cells[~out], labels[~out], subjects[~out], number)
    scores = Fitted(chosen.design, cells[~out], labels[~out], subjects[~out]).decision(cells[out])
    return number, out, chosen, scores


def nested(cells, labels, subjects, groups, processes: int = 2, name: str = "nested") -> dict:
    """Every group of cells scored by a machine that saw none of its subjects, with a design, calibration and threshold chosen without them."""
    _shared.update(cells=cells, labels=labels, subjects=subjects)
    scores, log_odds, called = np.zeros(len(labels)), np.zeros(len(labels)), np.zeros(len(labels), bool)
    designs = {}
    names = np.unique(groups)
    with Pool(processes) as pool:
        for done, (number, out, chosen, found) in enumerate(pool.imap_unordered(_leave_out, [(k, groups == g) for k, g in enumerate(names)])):
            scores[out] = found
            log_odds[out] = chosen.platt.log_odds(found)
            called[out] = chosen.platt.probability(found) >= chosen.threshold
            designs[str(names[number])] = chosen.design.name
            print("%s: %d of %d groups left out" % (name, done + 1, len(names)), flush=True)
    return {"scores": scores, "log_odds": log_odds, "called": called, "designs": designs}
