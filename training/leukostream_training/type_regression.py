"""A second opinion on a cell's type, from its description, beside the last layer of the typed network."""
import numpy as np
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression

from .designs import Standardisation
from .network import STATISTICS
from .texture import FEATURES
from .typed import Typed

COLUMNS = FEATURES + STATISTICS
"""Texture, and the typed network's maps."""
PENALTY = 0.03
"""Inverse strength of the ridge penalty; of 0.001, 0.003, 0.01, 0.03 and 0.1 the likeliest on the calibration part."""


class TypeRegression:
    """Multinomial logistic regression of the types on descriptions."""

    def __init__(self, cells: np.ndarray, labels: np.ndarray):
        self.standardised = Standardisation(np.arange(COLUMNS), cells)
        fitted = LogisticRegression(C=PENALTY, max_iter=5000).fit(self.standardised(cells), labels)
        self.coefficients, self.intercepts = fitted.coef_.T, fitted.intercept_

    @staticmethod
    def of(typed: Typed, described: dict):
        """Of the part that the typed network learned from."""
        learned = typed.part == "train"
        return TypeRegression(described["typed_cells"][learned], typed.labels[learned])

    def averaged(self, cells: np.ndarray, network_logits: np.ndarray) -> np.ndarray:
        """Logits of types [N,types]: the mean of both opinions' logarithms of probabilities."""
        own = self.standardised(cells) @ self.coefficients + self.intercepts
        return (log_softmax(own, axis=1) + log_softmax(network_logits, axis=1)) / 2
