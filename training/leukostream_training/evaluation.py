"""Every figure that the bundle states, in one run.

Two questions, never mixed. C-NMC asks: lymphoblast, or normal precursor? Its figures leave subjects out: each alone
(nested: design, calibration and threshold are chosen anew without it), and whole groups of one look. The typed cells ask:
which type, and blast of any lineage or not? They have no patient numbers; their figures are of a part split off by file.
"""
import json
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln, expit, logsumexp, softmax

from . import looks, patients, refusal
from . import preprocessing as pre
from .calibration import balanced_threshold, doubtful_from, fit_platt, fit_temperature
from .dataset import Organised, work_folder
from .designs import CANDIDATES, COMPARED, INNER_FOLDS, Fitted, choose, descriptions, nested, out_of_fold
from .designs import mark as designs_mark
from .repository import repository
from .statistics import (auroc, auroc_within_deciles, brier, calibration_error, design_effect, error_by_chance, share, subject_multiplicities,
                         subject_weights, with_interval)
from .training import COMPARED as COMPARED_NETWORKS
from .training import compared_mark, typed_mark
from .type_regression import TypeRegression
from .typed import TYPES, Typed

BOOTSTRAP = "95 % percentile interval of 2000 bootstrap draws of merged subjects within each class"
NESTED = ("nested: each merged subject left out once; design, calibration and threshold chosen without it, by %d inner folds of "
          "the others; then machines fitted to all others" % INNER_FOLDS)
BY_LOOK = "nested, whole look-groups left out (training/look-groups.json)"
WEIGHTED = "every subject alike within its class, both classes alike"
FINAL_SEED = 1905
REFERENCE_FILE = "reference-subjects.json"
"""What `evaluate` leaves in the work folder for the bundle's `reference`."""
CALIBRATION_AIM = 0.03
DOUBTED = 0.9
"""Share of marrow's unidentifiable cells of the calibration part that must be doubtful, or refused."""


def beta_binomial(rows: list) -> dict:
    """Mean and spread over subjects of a share, by maximum likelihood of a beta-binomial."""
    k, n = np.array([r["correct"] for r in rows], float), np.array([r["total"] for r in rows], float)

    def loss(parameters):
        a, b = np.exp(parameters)
        return -(betaln(a + k, b + n - k) - betaln(a, b)).sum()

    a, b = np.exp(minimize(loss, [1.0, 0.0], method="Nelder-Mead").x)
    mean = a / (a + b)
    return {"alpha": round(float(a), 4), "beta": round(float(b), 4), "mean": round(float(mean), 4),
            "standardDeviation": round(float((mean * (1 - mean) / (a + b + 1)) ** 0.5), 4)}


def per_subject(correct, subjects) -> list:
    return [{"subject": str(s), "correct": int(correct[subjects == s].sum()), "total": int((subjects == s).sum())}
            for s in np.unique(subjects)]


def figures(labels, subjects, found, look, area) -> dict:
    """The `metrics` of the bundle, each with value, lower, upper and how."""
    plain, weighted = np.ones(len(labels)), subject_weights(labels, subjects)
    log_odds, called = found["log_odds"], found["called"]
    probability = expit(log_odds)
    blast, normal = labels == 1, labels == 0
    wanted = {
        "auroc": (lambda w: auroc(labels, log_odds, w), plain, NESTED, "every cell alike"),
        "aurocSubjectWeighted": (lambda w: auroc(labels, log_odds, w), weighted, NESTED, WEIGHTED),
        "aurocLookGroups": (lambda w: auroc(labels, look["log_odds"], w), plain, BY_LOOK, "every cell alike, groups pooled"),
        "aurocLookGroupsSubjectWeighted": (lambda w: auroc(labels, look["log_odds"], w), weighted, BY_LOOK, WEIGHTED),
        "ece": (lambda w: calibration_error(labels, probability, w), weighted, NESTED, WEIGHTED + "; 10 equal-width bins"),
        "ecePooled": (lambda w: calibration_error(labels, probability, w), plain, NESTED, "every cell alike; 10 equal-width bins"),
        "brier": (lambda w: brier(labels, probability, w), weighted, NESTED, WEIGHTED),
        "sensitivity": (lambda w: share(called[blast], w[blast]), weighted, NESTED, "mean over ALL subjects"),
        "specificity": (lambda w: share(~called[normal], w[normal]), weighted, NESTED, "mean over normal subjects"),
        "areaAuroc": (lambda w: auroc(labels, area, w), plain, "baseline", "the cell's area as the score, larger means BLAST; every cell alike"),
        "areaAurocSubjectWeighted": (lambda w: auroc(labels, area, w), weighted, "baseline", "the cell's area as the score; " + WEIGHTED),
        "aurocMinusArea": (lambda w: auroc(labels, log_odds, w) - auroc(labels, area, w), plain, NESTED,
                           "paired difference on the same cells and bootstrap draws, every cell alike"),
        "aurocMinusAreaSubjectWeighted": (lambda w: auroc(labels, log_odds, w) - auroc(labels, area, w), weighted, NESTED,
                                          "paired difference; " + WEIGHTED),
        "aurocWithinAreaDeciles": (lambda w: auroc_within_deciles(labels, log_odds, area, w), plain, NESTED,
                                   "AUROC among cells of the same decile of area: what is left when size can't help"),
    }
    result = {}
    for name, (statistic, weights, protocol, what) in wanted.items():
        result[name] = {**with_interval(statistic, labels, subjects, weights), "how": "%s; %s; %s" % (protocol, what, BOOTSTRAP)}
        print("%-32s %.4f (%.4f to %.4f)" % (name, *(result[name][k] for k in ("value", "lower", "upper"))), flush=True)
    return result


def by_group(look_groups, labels, groups, log_odds, called, area) -> list:
    rows = []
    for group in look_groups:
        own = groups == group["group"]
        blast, normal = own & (labels == 1), own & (labels == 0)
        rows.append({"group": group["group"], "look": group["look"], "normalSubjects": group["normalSubjects"], "blastSubjects": group["blastSubjects"],
                     "cells": int(own.sum()), "auroc": round(auroc(labels[own], log_odds[own]), 4), "areaAuroc": round(auroc(labels[own], area[own]), 4),
                     "sensitivity": round(float(called[blast].mean()), 4), "specificity": round(float((~called[normal]).mean()), 4)})
        print("look-group %(group)d (%(look)s): AUROC %(auroc).4f, area %(areaAuroc).4f, Se %(sensitivity).3f, Sp %(specificity).3f" % rows[-1])
    return rows


def compare_designs(organised: Organised, described, groups, look_groups, leave_one, area, work: Path) -> list:
    """AUROC of each design by look-groups, and of the cheap ones by subjects too; no choice rests on these.

    A network that was not trained in this `work` keeps the figures of the committed evaluation, if recipe, cells and groups are the same.
    """
    labels, subjects = organised.labels, organised.subjects
    weights = subject_weights(labels, subjects)

    def row(name, by_look, by_subject):
        of_group = [auroc(labels[groups == g], by_look[groups == g]) for g in np.unique(groups)]
        found = {"design": name, "lookGroups": round(auroc(labels, by_look), 4), "lookGroupsSubjectWeighted": round(auroc(labels, by_look, weights), 4),
                 "worstLookGroup": round(min(of_group), 4),
                 "leaveOneSubjectOut": None if by_subject is None else round(auroc(labels, by_subject), 4),
                 "leaveOneSubjectOutSubjectWeighted": None if by_subject is None else round(auroc(labels, by_subject, weights), 4)}
        print("%(design)s: look-groups %(lookGroups).4f, worst %(worstLookGroup).4f, subjects %(leaveOneSubjectOut)s" % found, flush=True)
        return found

    rows = [row("area alone", area, area)]
    by_look, by_subject = (out_of_fold(COMPARED, described["cells"], labels, subjects, fold) for fold in (groups, leave_one))
    for design in COMPARED:
        rows.append(row("support vector machine%s on %s" % ("s" if len(design.members) > 1 else "", design.name), by_look[design.name], by_subject[design.name]))
    committed = json.loads((repository() / "training" / "evaluation.json").read_text(encoding="utf-8"))["comparison"]
    for design, start in COMPARED_NETWORKS.items():
        scores = np.full(len(labels), np.nan)
        for number in np.unique(groups):
            path = work / ("%s-look-%d" % (design, number)) / "predicted.npz"
            if path.exists():
                with np.load(path) as part:
                    scores[part["rows"]] = part["score"]
        name, mark = "MobileNetV2 trained on C-NMC from %s weights" % ("ImageNet" if start == "imagenet" else "random"), compared_mark(organised, design, look_groups)
        measured = [known for known in committed if known["design"] == name and known.get("mark") == mark]
        if not np.isnan(scores).any():
            rows.append(row(name, scores, None) | {"mark": mark})
        elif measured:
            print("%s: not trained here, the committed figures hold" % design)
            rows += measured
        else:
            print("%s: not trained yet, not compared" % design)
    return rows


def class_weights(labels) -> np.ndarray:
    """Half for each of two classes."""
    return np.where(labels == 1, 0.5 / max(1, (labels == 1).sum()), 0.5 / max(1, (labels == 0).sum()))


def typed_figures(typed: Typed, logits: np.ndarray) -> dict:
    """Of the types' logits, as the bundle's network averages them: accuracy on the test part, types alike; blasts against all others within the marrow."""
    test, fitted_on = typed.part == "test", typed.part == "calibrate"
    temperature = fit_temperature(logits[fitted_on], typed.labels[fitted_on])
    probabilities = softmax(logits / temperature, axis=1)
    named, sureness = probabilities.argmax(1), probabilities.max(1)
    correct = named == typed.labels
    source = typed.cells["source"].to_numpy()
    unidentifiable = TYPES.index("NOT_IDENTIFIABLE")
    doubted = fitted_on & (typed.labels == unidentifiable) & (source == "bmc_marrow")
    doubtful = doubtful_from(probabilities[doubted, unidentifiable], DOUBTED)
    rng = np.random.default_rng(FINAL_SEED)

    def bootstrap(statistic, rows):
        rows = np.flatnonzero(rows)
        values = [statistic(rng.choice(rows, len(rows))) for _ in range(1000)]
        lower, upper = np.nanquantile(values, [0.025, 0.975])
        return {"value": round(float(statistic(rows)), 4), "lower": round(float(lower), 4), "upper": round(float(upper), 4)}

    margin = logits[:, 0] - logsumexp(logits[:, 1:], axis=1)
    blast = (typed.labels == TYPES.index("BLAST")).astype(int)
    marrow = source == "bmc_marrow"
    weights = class_weights(blast[fitted_on & marrow])
    platt = fit_platt(margin[fitted_on & marrow], blast[fitted_on & marrow], weights)
    probability = platt.probability(margin)
    threshold = balanced_threshold(probability[fitted_on & marrow], blast[fitted_on & marrow], weights)
    tested = test & marrow
    types = []
    for number, name in enumerate(TYPES):
        own, said = test & (typed.labels == number), test & (named == number)
        types.append({"type": name, "cells": int(own.sum()), "recall": round(float(correct[own].mean()), 4),
                      "precision": round(float(correct[said].mean()), 4) if said.any() else None})
    how = "of the shipped network, on the part of the files that was split off by a seeded hash and used for nothing else; no patient numbers, so optimistic; bootstrap of cells"
    result = {
        "typeAccuracy": {**bootstrap(lambda r: correct[r].mean(), test), "how": "all test cells; " + how},
        "typeAccuracyMarrow": {**bootstrap(lambda r: correct[r].mean(), tested), "how": "test cells of bmc_marrow; " + how},
        "typeAccuracyBlood": {**bootstrap(lambda r: correct[r].mean(), test & ~marrow), "how": "test cells of pbc; " + how},
        "typeEce": {**bootstrap(lambda r: calibration_error(correct[r].astype(float), sureness[r], np.ones(len(r))), test),
                    "how": "probability of the type that is named against whether it is right; " + how},
        "marrowBlastAuroc": {**bootstrap(lambda r: auroc(blast[r], margin[r]), tested), "how": "BLA against all others of bmc_marrow; " + how},
        "marrowBlastSensitivity": {**bootstrap(lambda r: (probability[r][blast[r] == 1] >= threshold).mean(), tested), "how": "bmc_marrow at the threshold; " + how},
        "marrowBlastSpecificity": {**bootstrap(lambda r: (probability[r][blast[r] == 0] < threshold).mean(), tested), "how": "bmc_marrow at the threshold; " + how},
        "marrowBlastEce": {**bootstrap(lambda r: calibration_error(blast[r], probability[r], class_weights(blast[r])), tested),
                           "how": "bmc_marrow, both classes alike; " + how},
    }
    for name, figure in result.items():
        print("%-32s %.4f (%.4f to %.4f)" % (name, *(figure[k] for k in ("value", "lower", "upper"))), flush=True)
    return {"metrics": result, "types": types, "calibration": {"slope": platt.slope, "intercept": platt.intercept}, "operatingThreshold": round(threshold, 4),
            "typeTemperature": temperature, "doubtfulFrom": doubtful, "trainCells": int((typed.part == "train").sum()), "testCells": int(test.sum()), "notFound": typed.not_found}


def mark_of(organised: Organised, typed: Typed) -> str:
    return typed_mark(typed) + organised.about["inputDigest"]


def patient_level(organised: Organised, found: dict, look: dict, served: np.ndarray, counted: np.ndarray, threshold: float, design_effect: float) -> tuple:
    """The subjects of model.json's `reference`, and the figures between subjects.

    @param served probability that the shipped machines, which learned from all cells, give each cell
    @param counted whether the bundle counts the cell
    """
    look_of = {subject: each["look"] for each in looks.of(organised) for subject in each["normalSubjects"] + each["blastSubjects"]}
    rows, by_look, of_served = (patients.reference(organised.subjects, organised.labels, p, counted, look_of)
                                for p in (expit(found["log_odds"]), expit(look["log_odds"]), served))
    images = [organised.cells["cluster"].to_numpy()[(organised.subjects == row["subject"]) & counted] for row in rows]
    level = patients.evaluate(rows, by_look, images, [row["probabilities"] for row in of_served], threshold, design_effect)
    level.update(cellsCounted=int(counted.sum()), cells=len(counted), meanProbability={
        truth: {"outOfFold": round(float(expit(found["log_odds"])[own & counted].mean()), 4), "served": round(float(served[own & counted].mean()), 4)}
        for truth, own in ((patients.LEUKAEMIC, organised.labels == 1), (patients.NORMAL, organised.labels == 0))})
    for name, figure in level["separation"]["atLeastTenCells"]["subjectsLeftOut"].items():
        print("between subjects, %-20s %.4f (%.4f to %.4f)" % (name, *(figure[k] for k in ("value", "lower", "upper"))), flush=True)
    return rows, level


def evaluate(organised: Organised, work: Path = None) -> dict:
    work = work or work_folder()
    typed = Typed(work)
    described = descriptions(organised, work)
    cells, labels, subjects = described["cells"], organised.labels, organised.subjects
    area = organised.cells["area_px"].to_numpy().astype(float)
    clusters = organised.cells["cluster"].to_numpy()
    look_groups = looks.of(organised)
    groups = looks.number_of_each(organised, look_groups)
    names = np.unique(subjects)
    leave_one = np.searchsorted(names, subjects)
    kept = work / "nested.npz"
    nested_mark = str(described["mark"]) + designs_mark()
    if kept.exists() and str(np.load(kept)["mark"]) == nested_mark:
        with np.load(kept) as stored:
            found, look = ({k: stored[p + k] for k in ("scores", "log_odds", "called")} | {"designs": json.loads(str(stored[p + "designs"]))} for p in ("", "look_"))
    else:
        found = nested(cells, labels, subjects, leave_one, name="subjects")
        look = nested(cells, labels, subjects, groups, name="look-groups")
        np.savez(kept, mark=nested_mark, **{k: json.dumps(v) if k == "designs" else v for k, v in found.items()},
                 **{"look_" + k: json.dumps(v) if k == "designs" else v for k, v in look.items()})
    metrics = figures(labels, subjects, found, look, area)
    correct = found["called"] == (labels == 1)
    effects = {name: design_effect(correct[labels == k], subjects[labels == k], clusters[labels == k])
               for k, name in enumerate(("NORMAL", "BLAST"))}
    chosen = choose(cells, labels, subjects, FINAL_SEED)
    fitted = Fitted(chosen.design, cells, labels, subjects)
    micrometres2 = area * pre.NOMINAL_PIXEL_SIZE_MICROMETRES ** 2
    regression = TypeRegression.of(typed, described)
    typed_result = typed_figures(typed, regression.averaged(described["typed_cells"], described["typed_types"]))
    sensitivity, specificity = (per_subject(correct[labels == k], subjects[labels == k]) for k in (1, 0))
    result = {
        "mark": mark_of(organised, typed), "metrics": metrics,
        "lookGroups": by_group(look_groups, labels, groups, look["log_odds"], look["called"], area),
        "designsChosen": {name: list(found["designs"].values()).count(name) for name in sorted(set(found["designs"].values()))},
        "comparison": compare_designs(organised, described, groups, look_groups, leave_one, area, work),
        "final": {"design": chosen.design.name, "candidates": [each.name for each in CANDIDATES], "supportVectors": [len(machine.vectors) for machine in fitted.machines]},
        "calibration": {"slope": chosen.platt.slope, "intercept": chosen.platt.intercept}, "operatingThreshold": round(chosen.threshold, 4),
        "sensitivity": sensitivity, "specificity": specificity,
        "sensitivityOverSubjects": beta_binomial(sensitivity), "specificityOverSubjects": beta_binomial(specificity),
        "designEffects": effects, "typed": typed_result,
        "refusal": refusal.evaluate(organised, typed, described, fitted, regression, typed_result["typeTemperature"],
                                    typed_result["doubtfulFrom"], micrometres2, work),
        "calibrationErrorByChance": error_by_chance(labels, subjects, found["log_odds"], CALIBRATION_AIM),
        "reliability": reliability(labels, expit(found["log_odds"]), subject_weights(labels, subjects)),
        "roc": roc(labels, subjects, found["log_odds"]),
        "cells": len(labels), "subjects": [str(s) for s in names],
        "cropSidePx": organised.about["cropSidePx"], "cellsBeyondCrop": organised.about["cellsBeyondCrop"],
    }
    with np.load(work / "references.npz") as kept_references:
        counted = refusal.counted(result["refusal"]["CELL"], fitted, described, kept_references["cells"], micrometres2)
    rows, result["patients"] = patient_level(organised, found, look, chosen.platt.probability(fitted.decision(cells)), counted, result["operatingThreshold"],
                                             max(each["value"] for each in effects.values()))
    (work / REFERENCE_FILE).write_text(json.dumps(rows, ensure_ascii=False))
    pd.DataFrame({"file": organised.cells["file"], "label": organised.cells["label"], "subject": subjects, "fold": leave_one,
                  "score": np.round(found["log_odds"], 5), "probability": np.round(expit(found["log_odds"]), 4),
                  "called": np.where(found["called"], "BLAST", "NOT_BLAST")}).to_csv(work / "out-of-fold.csv", index=False)
    (work / "evaluation.json").write_text(json.dumps(result, indent=1))
    return result


def roc(labels, subjects, scores) -> dict:
    """Sensitivity at 41 shares of false positives, every cell alike, with a band over the bootstrap of subjects."""
    at = np.linspace(0, 1, 41)

    def curve(weights):
        order = np.argsort(-scores)
        true = np.cumsum(np.where(labels[order] == 1, weights[order], 0))
        false = np.cumsum(np.where(labels[order] == 0, weights[order], 0))
        return np.interp(at, np.concatenate([[0], false / false[-1]]), np.concatenate([[0], true / true[-1]]))

    drawn = np.array([curve(times) for times in subject_multiplicities(labels, subjects)])
    lower, upper = np.quantile(drawn, [0.025, 0.975], axis=0)
    return {"falsePositive": [round(float(v), 4) for v in at], **{name: [round(float(v), 4) for v in values]
            for name, values in (("value", curve(np.ones(len(labels)))), ("lower", lower), ("upper", upper))}}


def reliability(labels, probability, weights, bins: int = 10) -> list:
    index = np.minimum((probability * bins).astype(int), bins - 1)
    return [{"from": k / bins, "meanProbability": round(float(np.average(probability[index == k], weights=weights[index == k])), 4),
             "shareOfBlasts": round(float(np.average(labels[index == k], weights=weights[index == k])), 4), "cells": int((index == k).sum())}
            for k in range(bins) if (index == k).any()]
