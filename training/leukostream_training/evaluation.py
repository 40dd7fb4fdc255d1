"""Every figure that the bundle states. Out-of-fold logits only; the held-out subjects have their own section.

A fold's cells were scored by a network that saw none of its subjects. Calibration and threshold for the figures are
cross-fitted: for each fold they come from the other folds, so that no figure is made with parameters fitted to its cells.
The bundle's own calibration and threshold come from all folds together.
"""
import json
from pathlib import Path

import numpy as np
from scipy.special import expit

from . import preprocessing as pre
from .calibration import balanced_threshold, fit_sized_platt
from .dataset import FOLDS, Organised, work_folder
from .statistics import (auroc, auroc_within_deciles, brier, calibration_error, design_effect, share, subject_weights,
                         with_interval)
from .network import cell_mask, log_share
from .training import load_part, logits_of, tensor

BOOTSTRAP = "95 % percentile interval of 2000 bootstrap draws of merged subjects within each class"
OUT_OF_FOLD = ("out-of-fold logits of %d grouped folds by merged subject, pooled; the folds' networks differ from the bundle's, "
               "which was trained on all of these subjects" % FOLDS)
CROSS_FITTED = "size term, calibration and threshold cross-fitted: for each fold from the other folds' out-of-fold logits"
WEIGHTED = "every subject alike within its class, both classes alike"


def out_of_fold(organised: Organised, work: Path) -> np.ndarray:
    """Logits [N,2] of all cells, NaN for those held out."""
    logits = np.full((len(organised.cells), 2), np.nan)
    for k in range(FOLDS):
        with np.load(work / ("fold-%d" % k) / "logits.npz") as part:
            logits[part["rows"]] = part["logits"]
    if np.isnan(logits[organised.folds >= 0]).any():
        raise ValueError("a fold has no logits yet: run `train`")
    return logits


def log_shares(crops: np.ndarray) -> np.ndarray:
    """The network's size feature of uint8 input crops, [N]."""
    return np.concatenate([log_share(cell_mask(tensor(crops[k:k + 256])))[:, 0].numpy() for k in range(0, len(crops), 256)]).astype(float)


def cross_fitted(difference, shares, labels, subjects, folds):
    """Log-odds and call of each cell by the size term, calibration and threshold of the other folds."""
    log_odds, called = np.zeros(len(labels)), np.zeros(len(labels), bool)
    for k in range(FOLDS):
        own, other = folds == k, folds != k
        weights = subject_weights(labels[other], subjects[other])
        fitted = fit_sized_platt(difference[other], shares[other], labels[other], weights)
        threshold = balanced_threshold(expit(fitted.log_odds(difference[other], shares[other])), labels[other], weights)
        log_odds[own] = fitted.log_odds(difference[own], shares[own])
        called[own] = expit(log_odds[own]) >= threshold
    return log_odds, called


def per_subject(correct, subjects) -> list:
    return [{"subject": str(s), "correct": int(correct[subjects == s].sum()), "total": int((subjects == s).sum())}
            for s in np.unique(subjects)]


def figures(labels, subjects, log_odds, texture, called, area) -> dict:
    """The `metrics` of the bundle, each with value, lower, upper and how."""
    plain, weighted = np.ones(len(labels)), subject_weights(labels, subjects)
    probability = expit(log_odds)
    blast, normal = labels == 1, labels == 0
    wanted = {
        "auroc": (lambda w: auroc(labels, log_odds, w), plain, "every cell alike; " + CROSS_FITTED),
        "aurocWithoutSizeTerm": (lambda w: auroc(labels, texture, w), plain, "the convolutional network's own logits without the size term"),
        "aurocSubjectWeighted": (lambda w: auroc(labels, log_odds, w), weighted, WEIGHTED + "; " + CROSS_FITTED),
        "ece": (lambda w: calibration_error(labels, probability, w), weighted, WEIGHTED + "; 10 equal-width bins; " + CROSS_FITTED),
        "brier": (lambda w: brier(labels, probability, w), weighted, WEIGHTED + "; " + CROSS_FITTED),
        "sensitivity": (lambda w: share(called[blast], w[blast]), weighted, "mean over ALL subjects; " + CROSS_FITTED),
        "specificity": (lambda w: share(~called[normal], w[normal]), weighted, "mean over normal subjects; " + CROSS_FITTED),
        "areaAuroc": (lambda w: auroc(labels, area, w), plain,
                      "baseline: the cell's area in px as the score, larger means BLAST, on the same cells, every cell alike"),
        "areaAurocSubjectWeighted": (lambda w: auroc(labels, area, w), weighted, "baseline: the cell's area as the score; " + WEIGHTED),
        "aurocMinusArea": (lambda w: auroc(labels, log_odds, w) - auroc(labels, area, w), plain,
                           "paired difference on the same cells and the same bootstrap draws, every cell alike"),
        "aurocMinusAreaSubjectWeighted": (lambda w: auroc(labels, log_odds, w) - auroc(labels, area, w), weighted,
                                          "paired difference; " + WEIGHTED),
        "aurocWithinAreaDeciles": (lambda w: auroc_within_deciles(labels, log_odds, area, w), plain,
                                   "AUROC among cells of the same decile of area, averaged by pairs: what is left when size can't help"),
    }
    result = {}
    for name, (statistic, weights, what) in wanted.items():
        result[name] = {**with_interval(statistic, labels, subjects, weights), "how": "%s; %s; %s" % (OUT_OF_FOLD, what, BOOTSTRAP)}
        print("%-30s %.4f (%.4f to %.4f)" % (name, *(result[name][k] for k in ("value", "lower", "upper"))), flush=True)
    return result


def marks(work: Path) -> dict:
    """What each part was trained from: an evaluation of other parts is out of date."""
    return {part: (work / part / "finished").read_text() for part in ["fold-%d" % k for k in range(FOLDS)] + ["final"]}


def evaluate(organised: Organised, work: Path = None) -> dict:
    work = work or work_folder()
    logits = out_of_fold(organised, work)
    seen = organised.folds >= 0
    cells = organised.cells
    labels, subjects, folds = organised.labels[seen], organised.subjects[seen], organised.folds[seen]
    area = cells["area_px"].to_numpy()[seen].astype(float)
    clusters = cells["cluster"].to_numpy()[seen]
    difference = logits[seen, 1] - logits[seen, 0]
    crops = organised.input_crops()
    shares = log_shares(crops)
    log_odds, called = cross_fitted(difference, shares[seen], labels, subjects, folds)
    metrics = figures(labels, subjects, log_odds, difference, called, area)
    weights = subject_weights(labels, subjects)
    fitted = fit_sized_platt(difference, shares[seen], labels, weights)
    threshold = balanced_threshold(expit(fitted.log_odds(difference, shares[seen])), labels, weights)
    correct = called == (labels == 1)
    effects = {name: design_effect(correct[labels == k], subjects[labels == k], clusters[labels == k])
               for k, name in enumerate(("NORMAL", "BLAST"))}
    by_fold = [{"fold": k, "auroc": round(auroc(labels[folds == k], log_odds[folds == k]), 4),
                "aurocWithoutSizeTerm": round(auroc(labels[folds == k], difference[folds == k]), 4),
                "areaAuroc": round(auroc(labels[folds == k], area[folds == k]), 4),
                "subjects": sorted(set(subjects[folds == k]))} for k in range(FOLDS)]
    for row in by_fold:
        print("fold %(fold)d: AUROC %(auroc).4f, without size term %(aurocWithoutSizeTerm).4f, area %(areaAuroc).4f" % row)

    out = ~seen
    model = load_part("final", work)
    out_logits = logits_of(model, crops[out])
    out_labels, out_subjects = organised.labels[out], organised.subjects[out]
    out_area = cells["area_px"].to_numpy()[out].astype(float)
    out_log_odds = fitted.log_odds(out_logits[:, 1] - out_logits[:, 0], shares[out])
    out_called = expit(out_log_odds) >= threshold
    held_out = {
        "subjects": [{"subject": str(s), "label": "BLAST" if out_labels[out_subjects == s][0] else "NORMAL",
                      "images": int((out_subjects == s).sum()), "calledBlast": int(out_called[out_subjects == s].sum())}
                     for s in organised.split["heldOut"]],
    }
    plain = np.ones(len(out_labels))
    for name, score in (("auroc", out_log_odds), ("areaAuroc", out_area)):
        held_out[name] = with_interval(lambda w: auroc(out_labels, score, w), out_labels, out_subjects, plain)
    held_out["aurocMinusArea"] = with_interval(
        lambda w: auroc(out_labels, out_log_odds, w) - auroc(out_labels, out_area, w), out_labels, out_subjects, plain)
    held_out["how"] = ("the bundle itself, with its size term, calibration and threshold, on subjects chosen by a seeded hash of their numbers before "
                       "training and used for nothing else; every cell alike; " + BOOTSTRAP
                       + "; with so few subjects the interval is itself uncertain")
    micrometres2 = area * pre.NOMINAL_PIXEL_SIZE_MICROMETRES ** 2
    low, high = np.quantile(micrometres2, [0.005, 0.995])
    result = {
        "marks": marks(work), "metrics": metrics, "heldOut": held_out, "folds": by_fold,
        "calibration": {"slope": fitted.platt.slope, "intercept": fitted.platt.intercept}, "size": fitted.size, "operatingThreshold": round(threshold, 4),
        "sensitivity": per_subject(correct[labels == 1], subjects[labels == 1]),
        "specificity": per_subject(correct[labels == 0], subjects[labels == 0]),
        "designEffects": effects, "cells": int(seen.sum()),
        "gate": {"lower": round(0.8 * low, 1), "upper": round(1.25 * high, 1)},
        "trainingSubjects": sorted(set(subjects)),
        "cropSidePx": organised.split["cropSidePx"], "cellsBeyondCrop": organised.split["cellsBeyondCrop"],
        "images": len(cells), "longestSidePx": organised.split["longestSidePx"],
    }
    for row in result["sensitivity"] + result["specificity"]:
        print("%-14s %3d of %3d correct" % (row["subject"], row["correct"], row["total"]))
    for row in held_out["subjects"]:
        print("held out: %-14s %-6s %3d of %3d called BLAST" % (row["subject"], row["label"], row["calledBlast"], row["images"]))
    print("held out: AUROC %s, area %s" % (held_out["auroc"], held_out["areaAuroc"]))
    (work / "evaluation.json").write_text(json.dumps(result, indent=1))
    return result
