"""The patient level: how far a statistic of a subject's cells tells leukaemic subjects from normal ones.

A subject is the list of its cells' probabilities of blast from machines, a design and a calibration that never saw the subject,
rounded as the bundle publishes them. So everything here can be computed again from model.json. Subjects are the units:
one subject is one value of a statistic, however many cells it has.
"""
from dataclasses import dataclass
import functools

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, logit

from .statistics import auroc, with_interval

LEUKAEMIC, NORMAL = "LEUKAEMIC", "NORMAL"
DECIMALS = 4
CLIP = 0.5 * 10 ** -DECIMALS
"""Probabilities are rounded, so their log-odds are taken of values at least so far from 0 and from 1."""
TRIMMED = 0.2
"""Share of the cells that the trimmed mean leaves out at each end."""
LEAST_CELLS = 10
GROWING = (10, 20, 40, 80)
ORDERS = 200
SEED = 1217
STATISTICS = {
    "shareCalled": "share of cells called blast at the bundle's threshold", "meanProbability": "mean probability",
    "meanLogOdds": "mean log-odds", "trimmedMean": "mean probability without the lowest and the highest fifth of the cells",
    "logLikelihoodRatio": "log likelihood ratio of the cells called, beta-binomial over the other subjects of each kind"}
"""In the order in which the simpler one is taken where two separate equally well."""


class OneKindMissing(ValueError):
    """There are no leukaemic subjects, or no normal ones: nothing can be told apart."""


def mean_log_odds(probabilities) -> float:
    return float(logit(np.clip(probabilities, CLIP, 1 - CLIP)).mean())


def trimmed_mean(probabilities) -> float:
    """The mean of what is left when a fifth of the cells, rounded down, is taken off at each end."""
    out = int(TRIMMED * len(probabilities))
    return float(np.sort(probabilities)[out:len(probabilities) - out].mean())


def beta_binomial_parameters(called: tuple, cells: tuple) -> tuple:
    """alpha and beta at the maximum of the likelihood of so many cells called of so many, a pair a subject."""
    k, n = np.array(called, float), np.array(cells, float)

    def loss(parameters):
        a, b = np.exp(np.clip(parameters, -6, 8))
        return -(betaln(a + k, b + n - k) - betaln(a, b)).sum()

    found = minimize(loss, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-3}).x
    return tuple(np.exp(np.clip(found, -6, 8)))


@dataclass(frozen=True)
class Cohort:
    """Subjects with their probabilities, and what turns these into calls.

    @param subjects rows of model.json's `reference`: subject, truth, probabilities
    """

    subjects: tuple
    threshold: float
    design_effect: float

    def __post_init__(self):
        truths = [each["truth"] for each in self.subjects]
        for truth in (LEUKAEMIC, NORMAL):
            if truth not in truths:
                raise OneKindMissing("no %s subject among %d: the patient level compares both kinds" % (truth, len(truths)))
        if len({each["subject"] for each in self.subjects}) != len(self.subjects):
            raise ValueError("a subject is listed twice")
        empty = [each["subject"] for each in self.subjects if not len(each["probabilities"])]
        if empty:
            raise ValueError("no cells of %s" % empty)

    @functools.cached_property
    def labels(self) -> np.ndarray:
        return np.array([int(each["truth"] == LEUKAEMIC) for each in self.subjects])

    @functools.cached_property
    def cells(self) -> np.ndarray:
        return np.array([len(each["probabilities"]) for each in self.subjects])

    def probabilities(self, number: int) -> np.ndarray:
        return np.asarray(self.subjects[number]["probabilities"], float)

    def called(self, probabilities) -> int:
        return int((np.asarray(probabilities) >= self.threshold).sum())

    @functools.cached_property
    def _called(self) -> np.ndarray:
        return np.array([self.called(self.probabilities(k)) for k in range(len(self.subjects))])

    @functools.cached_property
    def _fits(self) -> dict:
        return {}

    def _fit(self, label: int, without: frozenset) -> tuple:
        """Beta-binomial of the subjects of a label, but those that are left out; counts divided by the design effect."""
        members = frozenset(k for k in np.flatnonzero(self.labels == label).tolist() if k not in without)
        if not members:
            raise OneKindMissing("no %s subject is left to compare with" % (LEUKAEMIC if label else NORMAL))
        if (label, members) not in self._fits:
            rows = sorted(members)
            self._fits[label, members] = beta_binomial_parameters(tuple(self._called[rows] / self.design_effect), tuple(self.cells[rows] / self.design_effect))
        return self._fits[label, members]

    def log_likelihood_ratio(self, probabilities, without: frozenset) -> float:
        k, n = self.called(probabilities) / self.design_effect, len(probabilities) / self.design_effect
        of = [betaln(a + k, b + n - k) - betaln(a, b) for a, b in (self._fit(label, without) for label in (1, 0))]
        return float(of[0] - of[1])

    def value(self, statistic: str, probabilities, without: frozenset) -> float:
        """A statistic of some cells of a subject; only the likelihood ratio looks at other subjects, at none of `without`."""
        if statistic == "shareCalled":
            return self.called(probabilities) / len(probabilities)
        if statistic == "meanProbability":
            return float(np.sort(probabilities).mean())
        if statistic == "meanLogOdds":
            return mean_log_odds(np.sort(probabilities))
        if statistic == "trimmedMean":
            return trimmed_mean(probabilities)
        return self.log_likelihood_ratio(probabilities, without)

    def values(self, statistic: str, left_out=None) -> np.ndarray:
        """One value a subject, of all its cells.

        @param left_out for each subject those that its likelihood ratio must not look at; itself where nothing is said
        """
        left_out = left_out or [frozenset([k]) for k in range(len(self.subjects))]
        return np.array([self.value(statistic, self.probabilities(k), left_out[k]) for k in range(len(self.subjects))])

    def of_at_least(self, least: int) -> "Cohort":
        return Cohort(tuple(each for each in self.subjects if len(each["probabilities"]) >= least), self.threshold, self.design_effect)


def separation(values: np.ndarray, labels: np.ndarray) -> dict:
    """AUROC between subjects, ties half, with the interval over the bootstrap of subjects within each kind."""
    return with_interval(lambda w: auroc(labels, values, w), labels, np.arange(len(labels)).astype(str), np.ones(len(labels)))


def best(separations: dict) -> str:
    """The statistic of the largest AUROC, of several equal ones the first of STATISTICS."""
    return max(STATISTICS, key=lambda name: (round(separations[name], 9), -list(STATISTICS).index(name)))


def choice(cohort: Cohort) -> dict:
    """AUROC of the statistic that is chosen without the subjects it is judged on.

    Each pair of a leukaemic and a normal subject is left out together. The statistic that separates the other subjects best is chosen, fitted
    to these, and compared between the two: so values of different statistics never meet.
    """
    labels, everyone = cohort.labels, range(len(cohort.subjects))
    simple = {name: cohort.values(name) for name in STATISTICS if name != "logLikelihoodRatio"}
    leukaemic, normal = np.flatnonzero(labels == 1), np.flatnonzero(labels == 0)
    if len(leukaemic) < 2 or len(normal) < 2:
        raise OneKindMissing("a choice without a pair of subjects needs two of each kind")
    wins, taken = np.zeros((len(leukaemic), len(normal))), {name: 0 for name in STATISTICS}
    for row, one in enumerate(leukaemic.tolist()):
        for column, other in enumerate(normal.tolist()):
            pair = frozenset([one, other])
            rest = [k for k in everyone if k not in pair]
            inner = {name: auroc(labels[rest], values[rest]) for name, values in simple.items()}
            ratios = np.array([cohort.log_likelihood_ratio(cohort.probabilities(k), pair | {k}) for k in rest])
            inner["logLikelihoodRatio"] = auroc(labels[rest], ratios)
            chosen = best(inner)
            taken[chosen] += 1
            high, low = (cohort.value(chosen, cohort.probabilities(k), pair) for k in (one, other))
            wins[row, column] = 1.0 if high > low else 0.5 if high == low else 0.0

    def figure(weights):
        pairs = np.outer(weights[leukaemic], weights[normal])
        return float((pairs * wins).sum() / pairs.sum())

    return {**with_interval(figure, labels, np.arange(len(labels)).astype(str), np.ones(len(labels))),
            "chosenInPairs": {name: count for name, count in taken.items() if count}, "pairs": wins.size}


def p_value(value: float, references: np.ndarray) -> float:
    """(1 + how many references are at least as high) / (references + 1). Vovk, Gammerman and Shafer 2005."""
    return (1 + int((np.asarray(references) >= value).sum())) / (len(references) + 1)


def table(cohort: Cohort) -> list:
    """Every subject with its statistics and its p-values against the normal subjects of at least LEAST_CELLS cells, itself left out."""
    values, rows = {name: cohort.values(name) for name in STATISTICS}, []
    references = (cohort.labels == 0) & (cohort.cells >= LEAST_CELLS)
    for k, each in enumerate(cohort.subjects):
        others = references.copy()
        others[k] = False
        rows.append({"subject": each["subject"], "truth": each["truth"], "cells": int(cohort.cells[k]),
                     "statistics": {name: round(float(values[name][k]), 4) for name in STATISTICS},
                     "pValues": {name: round(p_value(values[name][k], values[name][others]), 4) for name in STATISTICS}, "references": int(others.sum())})
    return rows


def growing(cohort: Cohort, images: list, orders: int = ORDERS, seed: int = SEED) -> list:
    """AUROC between subjects when each gives so many cells, or all where it has fewer, over random orders of its images.

    Cells of an image come together, as they do in use; the subjects are the same at every number of cells.

    @param images for each subject the image of each of its cells
    """
    rng, labels = np.random.default_rng(seed), cohort.labels
    found = {(name, n): [] for name in STATISTICS for n in GROWING}
    for _ in range(orders):
        shuffled = []
        for k in range(len(cohort.subjects)):
            _, index = np.unique(images[k], return_inverse=True)
            order = np.lexsort((rng.random(len(index)), rng.permutation(index.max() + 1)[index]))
            shuffled.append(cohort.probabilities(k)[order])
        for name, n in found:
            values = np.array([cohort.value(name, shuffled[k][:n], frozenset([k])) for k in range(len(shuffled))])
            found[name, n].append(auroc(labels, values))
    return [{"cells": n, "leukaemicWithAsMany": int(((cohort.cells >= n) & (labels == 1)).sum()), "normalWithAsMany": int(((cohort.cells >= n) & (labels == 0)).sum()),
             "auroc": {name: {"mean": round(float(np.mean(found[name, n])), 4), "lower": round(float(np.quantile(found[name, n], 0.025)), 4),
                              "upper": round(float(np.quantile(found[name, n], 0.975)), 4)} for name in STATISTICS}} for n in GROWING]


def reference(subjects, labels, probability, counted, look_of: dict) -> list:
    """The subjects of model.json's `reference`: the counted cells of each, in the order of the cells."""
    rows = []
    for subject in np.unique(subjects):
        own = (subjects == subject) & counted
        if own.any():
            rows.append({"subject": str(subject), "truth": LEUKAEMIC if labels[own][0] else NORMAL, "lookGroup": look_of[subject],
                         "probabilities": [round(float(p), DECIMALS) for p in probability[own]]})
    return rows


def evaluate(rows: list, by_look: list, images: list, served: list, threshold: float, design_effect: float) -> dict:
    """The patient level of the evaluation.

    @param rows each subject with probabilities from machines that did not see it; as `reference` gives them
    @param by_look the same subjects and cells, from machines that did not see their look-group
    @param images for each subject the image of each of its cells
    @param served the same subjects and cells as the shipped machines, which learned from them, see them
    """
    everyone, looks = Cohort(tuple(rows), threshold, design_effect), Cohort(tuple(by_look), threshold, design_effect)
    result = {"statistics": STATISTICS, "threshold": threshold, "designEffect": round(design_effect, 4), "leastCells": LEAST_CELLS, "separation": {}}
    for least, name in ((LEAST_CELLS, "atLeastTenCells"), (1, "all")):
        some, of_look = everyone.of_at_least(least), looks.of_at_least(least)
        group = [each["lookGroup"] for each in of_look.subjects]
        without = [frozenset(k for k, other in enumerate(group) if other == own) for own in group]
        result["separation"][name] = {
            "leukaemic": int((some.labels == 1).sum()), "normal": int((some.labels == 0).sum()),
            "subjectsLeftOut": {s: separation(some.values(s), some.labels) for s in STATISTICS},
            "lookGroupsLeftOut": {s: separation(of_look.values(s, without), of_look.labels) for s in STATISTICS}}
    some = everyone.of_at_least(LEAST_CELLS)
    result["chosen"] = {"statistic": best({s: auroc(some.labels, some.values(s)) for s in STATISTICS}), "nested": choice(some),
                        "how": "each pair of a leukaemic and a normal subject left out, the statistic of the largest AUROC among the others taken; of equal ones the simpler"}
    enough = [k for k, each in enumerate(rows) if len(each["probabilities"]) >= LEAST_CELLS]
    result["growing"] = {"orders": ORDERS, "how": "images in random order, all cells of an image together; at most so many cells a subject, the same subjects at every number; "
                                                  "mean and 95 % of the orders", "rows": growing(some, [images[k] for k in enough])}
    result["subjects"] = table(everyone)
    for row, each, other in zip(result["subjects"], rows, served):
        row["meanProbabilityServed"] = round(float(np.mean(other)), 4)
    return result
