"""From a logit difference to a probability, and from a probability to a call.

Both are fitted with subject weights: classes alike, subjects in a class alike. So a probability is one at equal shares
of blasts and normal cells, not at the share that some marrow has.
"""
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit


@dataclass(frozen=True)
class Platt:
    """p = 1 / (1 + exp(-(slope * d + intercept))) with d = logit[BLAST] - logit[NORMAL]. Platt 1999."""

    slope: float
    intercept: float

    def log_odds(self, difference: np.ndarray) -> np.ndarray:
        return self.slope * np.asarray(difference) + self.intercept

    def probability(self, difference: np.ndarray) -> np.ndarray:
        return expit(self.log_odds(difference))


@dataclass(frozen=True)
class SizedPlatt:
    """Platt scaling of d + size * log(share): the size term is exported with the network, the rest as its calibration."""

    size: float
    platt: Platt

    def log_odds(self, difference: np.ndarray, log_share: np.ndarray) -> np.ndarray:
        return self.platt.log_odds(difference + self.size * log_share)


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


def fit_sized_platt(difference: np.ndarray, log_share: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> SizedPlatt:
    """The size term gets the same standard deviation as the network's difference; Platt scaling is fitted to their sum.

    Equal parts and not a fit to the labels: on subjects the network has not seen, a fit weighs size between 6 and 2,000 per
    unit of difference, by which folds it sees and how subjects count, and so tells less than a plain rule.
    """
    size = float(difference.std() / log_share.std())
    return SizedPlatt(size, fit_platt(difference + size * log_share, labels, weights))


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
