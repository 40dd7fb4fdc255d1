"""Which cells the network should not judge: limits to figures of their appearance, and how well these tell bad from good.

Limits are quantiles of the cells that were learned from, not fitted to any bad image. Good cells are judged with limits and
references made without their subject's (C-NMC), or on the part that was not learned from (typed cells).
"""
from pathlib import Path

import cv2
import numpy as np
from scipy.special import softmax
import torch

from . import golden_cells
from . import preprocessing as pre
from .cell_network import Whitening, detail_figures, nearest, stain_figures
from .dataset import Organised
from .designs import Fitted, deal, describe_cells
from .texture import APPEARANCE
from .training import load_typed
from .type_regression import TypeRegression
from .typed import TYPES, Typed, field_crops

OUTSIDE = 0.0005
"""Share of the learned cells that may lie beyond each limit."""
FARTHEST, FARTHEST_FIELD, FARTHEST_DETAIL = 0.003, 0.01, 0.01
"""Share of good, unseen cells that may lie beyond the limit of the distance; beyond that of colour detail they count and are doubtful."""
UNIDENTIFIABLE_FROM = 0.9
"""A cell of a field is refused as NOT_IDENTIFIABLE where that is at least so probable; where it is less so, it may be doubtful."""
REFERENCES = 600
BAD = 300
"""So many cells of each made-up kind."""
SEED = 77
WARD_SEED = 2026
FIGURES = tuple(zip(APPEARANCE, ("OUT_OF_FOCUS", "EXPOSURE", "STAIN", "STAIN", "CLIPPED")))


def quantiles(values: np.ndarray) -> dict:
    return {"lower": round(float(np.quantile(values, OUTSIDE)), 5), "upper": round(float(np.quantile(values, 1 - OUTSIDE)), 5)}


def limits_of(appearance: np.ndarray) -> list:
    """One limit a figure; the share of clipped pixels has only an upper one, at least 1 %."""
    limits = []
    for number, (name, gate) in enumerate(FIGURES):
        limit = quantiles(appearance[:, number])
        if name == "clipped share":
            limit = {"upper": round(max(0.01, limit["upper"]), 5)}
        limits.append({"column": "appearance:%s" % name, **limit, "gate": gate})
    return limits


def distance(standardised: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """`cell_network.nearest` for arrays, [N]."""
    return nearest(*(torch.from_numpy(a) for a in (standardised, (reference ** 2).sum(1)[None], reference)))[:, 0].numpy()


def references(count: int, labels: np.ndarray) -> np.ndarray:
    """Rows of cells to measure distances to: a seeded draw, the labels alike."""
    rng = np.random.default_rng(SEED)
    each = -(-count // len(np.unique(labels)))
    return np.sort(np.concatenate([rng.choice(np.flatnonzero(labels == k), min(each, (labels == k).sum()), replace=False) for k in np.unique(labels)]))


def beyond(limit: dict, value) -> np.ndarray:
    """Whether figures of a column lie outside its limit."""
    return ~((value >= limit.get("lower", -np.inf)) & (value <= limit.get("upper", np.inf)))


def refused(limits: list, appearance: np.ndarray, distances: np.ndarray, farthest: float) -> np.ndarray:
    """Gate of each cell, '' where none."""
    gates = np.full(len(appearance), "", dtype=object)
    for number, limit in enumerate(limits):
        gates[(gates == "") & beyond(limit, appearance[:, number])] = limit["gate"]
    gates[(gates == "") & (distances > farthest)] = "UNLIKE_TRAINING"
    return gates


def counted(rule: dict, fitted: Fitted, described: dict, reference_cells: np.ndarray, micrometres2: np.ndarray) -> np.ndarray:
    """Whether the bundle counts each cell of C-NMC, by the limits of its `CELL` rule as `evaluate` gives it."""
    distances = distance(fitted.standardised(described["cells"]), fitted.standardised(reference_cells))
    gates = refused(rule["limits"][:-1], described["appearance"], distances, rule["limits"][-1]["upper"])
    return (gates == "") & ~beyond(rule["area"], micrometres2)


def spoilt(crops: np.ndarray) -> dict:
    """The same cells as a bad microscope would give them, uint8 BGR; the surround stays black."""
    def each(change):
        changed = []
        for crop in crops:
            mask = (crop.max(axis=2) > pre.BLACK_AT_MOST)[:, :, None]
            changed.append((np.clip(change(crop), pre.BLACK_AT_MOST + 1, 255) * mask).astype(np.uint8))
        return np.stack(changed)

    def density(factor):
        return lambda crop: 256 * ((crop + 1.0) / 256) ** factor - 1

    return {"blurred (sigma 2 px of the network's 128)": each(lambda c: cv2.GaussianBlur(c, (0, 0), 2.0)),
            "over-exposed (optical density times 0.4)": each(density(0.4)),
            "under-exposed (optical density times 1.8)": each(density(1.8)),
            "wrong stain (red and green exchanged)": each(lambda c: c[:, :, [0, 2, 1]]),
            "wrong stain (blue and green exchanged)": each(lambda c: c[:, :, [1, 0, 2]])}


def tally(gates: np.ndarray, doubtful: np.ndarray) -> dict:
    refused = gates != ""
    return {"cells": len(gates), "refused": round(float(refused.mean()), 4), "refusedOrDoubtful": round(float((refused | doubtful).mean()), 4),
            "by": {g: int((gates == g).sum()) for g in sorted(set(gates)) if g}}


def evaluate(organised: Organised, typed: Typed, described: dict, fitted: Fitted, regression: TypeRegression,
             type_temperature: float, doubtful_from: float, micrometres2: np.ndarray, work: Path) -> dict:
    typed_network = load_typed(work)
    labels, subjects = organised.labels, organised.subjects
    standard, detail = fitted.standardised(described["cells"]), detail_figures(described["appearance"])

    def whitened_distance(figures, seen):
        whitening = Whitening(seen)
        return distance(whitening(figures), whitening(seen))

    fold = deal(labels, subjects, 6, SEED)
    distances, detail_distances, gates, doubtful = np.zeros(len(labels)), np.zeros(len(labels)), np.full(len(labels), "", dtype=object), np.zeros(len(labels), bool)
    for k in range(6):
        seen, out = np.flatnonzero(fold != k), fold == k
        distances[out] = distance(standard[out], standard[seen[references(REFERENCES, labels[seen])]])
        detail_distances[out] = whitened_distance(detail[out], detail[seen])
    farthest = float(np.quantile(distances, 1 - FARTHEST))
    doubtful_beyond = {"column": "appearance:distance of colour detail", "upper": round(float(np.quantile(detail_distances, 1 - FARTHEST_DETAIL)), 5)}
    for k in range(6):
        out = fold == k
        others = float(np.quantile(distances[~out], 1 - FARTHEST))
        gates[out] = refused(limits_of(described["appearance"][~out]), described["appearance"][out], distances[out], others)
        doubtful[out] = detail_distances[out] > np.quantile(detail_distances[~out], 1 - FARTHEST_DETAIL)
    limits = limits_of(described["appearance"])
    reference = references(REFERENCES, labels)

    identified, marrow = typed.labels != TYPES.index("NOT_IDENTIFIABLE"), (typed.cells["source"] == "bmc_marrow").to_numpy()
    learned = np.flatnonzero((typed.part == "train") & identified)
    stain = stain_figures(described["typed_cells"][learned], described["typed_appearance"][learned])
    calibrate = (typed.part == "calibrate") & identified

    def typed_distance(cells, appearance):
        return whitened_distance(stain_figures(cells, appearance), stain)

    typed_limits = limits_of(described["typed_appearance"][learned])
    typed_farthest = float(np.quantile(typed_distance(described["typed_cells"][calibrate], described["typed_appearance"][calibrate]), 1 - FARTHEST_FIELD))

    def of_cells(cells, types, appearance):
        found = refused(limits, appearance, distance(fitted.standardised(cells), standard[reference]), farthest)
        return tally(found, beyond(doubtful_beyond, whitened_distance(detail_figures(appearance), detail)))

    def of_fields(cells, types, appearance):
        found = refused(typed_limits, appearance, typed_distance(cells, appearance), typed_farthest)
        unidentifiable = softmax(regression.averaged(cells, types) / type_temperature, axis=1)[:, TYPES.index("NOT_IDENTIFIABLE")]
        found[(found == "") & (unidentifiable >= UNIDENTIFIABLE_FROM)] = "NOT_IDENTIFIABLE"
        return tally(found, unidentifiable >= doubtful_from)

    rng = np.random.default_rng(SEED)
    cell_rows = {"good: C-NMC, without limits and references of their subjects": tally(gates, doubtful)}
    crops = organised.input_crops()[np.sort(rng.choice(len(labels), BAD, replace=False))]
    for name, changed in spoilt(crops).items():
        cell_rows[name] = of_cells(*describe_cells(changed, typed_network))

    def typed_cells(rows):
        return (described["typed_" + name][rows] for name in ("cells", "types", "appearance"))

    for name, own in (("marrow NIF", ~identified & marrow), ("marrow cells of another laboratory", identified & marrow),
                      ("blood cells of another laboratory", identified & ~marrow)):
        cell_rows[name] = of_cells(*typed_cells(own))
    drawn = describe_cells(golden_cells.drawn(BAD), typed_network)
    chula = describe_cells(field_crops("chula_wbc", work), typed_network)
    cell_rows["drawn cells of the golden data"] = of_cells(*drawn)
    cell_rows["drawn cells of a simulated ward"] = of_cells(*describe_cells(golden_cells.ward(BAD, WARD_SEED), typed_network))
    cell_rows["cells of Chula fields"] = of_cells(*chula)

    def of_typed(rows):
        return of_fields(*typed_cells(rows))

    test = (typed.part == "test") & identified
    field_rows = {"good: typed cells of the test part": of_typed(test), "good: those of them from marrow": of_typed(test & marrow)}
    some = np.sort(rng.choice(np.flatnonzero(test), min(BAD, test.sum()), replace=False))
    for name, changed in spoilt(typed.input_crops()[some]).items():
        field_rows[name] = of_fields(*describe_cells(changed, typed_network))
    unseen_bad = (typed.part == "test") & ~identified
    field_rows["marrow NIF of the test part"] = of_typed(unseen_bad & marrow)
    field_rows["platelets of the test part"] = of_typed(unseen_bad & ~marrow)
    field_rows["drawn cells of the golden data"] = of_fields(*drawn)
    field_rows["cells of Chula fields"] = of_fields(*chula)

    def area(values):
        low, high = np.quantile(values, [0.005, 0.995])
        return {"lower": round(float(0.8 * low), 1), "upper": round(float(1.25 * high), 1)}

    for kind, rows in (("CELL", cell_rows), ("FIELD", field_rows)):
        for name, row in rows.items():
            print("%-5s %-62s %5d cells, %5.1f %% refused %s, or doubtful: %.1f %%" % (
                kind, name, row["cells"], 100 * row["refused"], row["by"], 100 * row["refusedOrDoubtful"]), flush=True)
    np.savez(work / "references.npz", cells=described["cells"][reference], stain=stain, detail=detail)
    return {
        "CELL": {"limits": limits + [{"column": "appearance:distance to C-NMC", "upper": round(farthest, 5), "gate": "UNLIKE_TRAINING"}],
                 "doubtfulBeyond": [doubtful_beyond], "area": area(micrometres2), "rows": cell_rows},
        "FIELD": {"limits": typed_limits + [{"column": "appearance:distance to typed cells", "upper": round(typed_farthest, 5), "gate": "UNLIKE_TRAINING"}],
                  "area": area(typed.cells["area_micrometres2"].to_numpy()[learned]), "rows": field_rows}}
