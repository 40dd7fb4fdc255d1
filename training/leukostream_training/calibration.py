"""From a logit difference to a probability, from a probability to a call, and from logits of types to their probabilities.

The first two are fitted with subject weights: classes alike, subjects in a class alike. So a probability is one at equal shares
of blasts and normal cells, not at the share that some marrow has.
"""
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit, log_softmax


@dataclass(frozen=True)
class Platt:
    """p = 1 / (1 + exp(-(slope * d + intercept))) with d = logit[BLAST] - logit[NORMAL]. Platt 1999."""

    slope: float
    intercept: float

    def log_odds(self, difference: np.ndarray) -> np.ndarray:
        return self.slope * np.asarray(difference) + self.intercept

    def probability(self, difference: np.ndarray) -> np.ndarray:
        return expit(self.log_odds(difference))


def fit_logistic(features: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Coefficients of the columns of [N,K] and, last, the intercept, at the maximum of the weighted likelihood.

    No smoothed targets as in Platt's paper and no penalty: there are thousands of cells and few parameters.
    """
    design = np.column_stack([features, np.ones(len(labels))])

    def loss(parameters):
        score = design @ parameters
        value = (weights * (np.logaddexp(0, score) - labels * score)).sum()
        return value, design.T @ (weights * (expit(score) - labels))

    return minimize(loss, np.zeros(design.shape[1]), jac=True, method="BFGS").x


def fit_platt(difference: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> Platt:
    slope, intercept = fit_logistic(difference[:, None], labels, weights)
    return Platt(float(slope), float(intercept))


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """What logits [N,types] are divided by for the greatest likelihood. Guo et al. 2017, arXiv 1706.04599."""
    rows = np.arange(len(labels))

    def loss(temperature):
        return -log_softmax(logits / temperature, axis=1)[rows, labels].mean()

    return float(minimize_scalar(loss, bounds=(0.2, 5.0), method="bounded").x)


def doubtful_from(probabilities: np.ndarray, share: float) -> float:
    """The largest probability of being unidentifiable, in steps of 1e-4, that at least `share` of these cells reach; none of them can be identified."""
    needed = int(np.ceil(share * len(probabilities)))
    return float(np.floor(np.sort(probabilities)[len(probabilities) - needed] * 1e4) / 1e4)


def balanced_threshold(probabilities: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> float:
    """The probability at and above which a cell is called BLAST so that sensitivity and specificity are nearest to each other."""
    order = np.argsort(probabilities)
    positive = np.where(labels[order] == 1, weights[order], 0.0)
    negative = np.where(labels[order] == 0, weights[order], 0.0)
    missed = np.cumsum(positive) / positive.sum()
    recognised = np.cumsum(negative) / negative.sum()
    k = int(np.argmin(np.abs((1 - missed) - recognised)))
    following = probabilities[order[min(k + 1, len(order) - 1)]]
    return float((probabilities[order[k]] + following) / 2)
