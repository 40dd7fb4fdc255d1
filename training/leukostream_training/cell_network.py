"""The network of the bundle: everything that is said of a cell, from its crop alone, in one graph.

The answer has one row a cell; COLUMNS names its figures.
"""
import numpy as np
import torch
from torch import nn

from .designs import CLIP, Fitted, Machine
from .network import MobileNetV2
from .texture import APPEARANCE, DETAIL_FIGURES, STAIN, TextureStatistics
from .type_regression import COLUMNS as DESCRIBED
from .type_regression import TypeRegression
from .typed import TYPES

DISTANCES = ("distance to C-NMC", "distance to typed cells", "distance of colour detail")
STAIN_FIGURES = 10
UNRELATED = 0.05
"""Least variance of a direction of the figures' whitened space: what is nearly the sum of others must not be blown up."""
COLUMNS = (["CELL:NORMAL", "CELL:BLAST", "FIELD:OTHER", "FIELD:BLAST"] + ["type:%s" % t for t in TYPES]
           + ["appearance:%s" % a for a in APPEARANCE + DISTANCES])


def squared_distances(x, squares, points):
    """[N,K], for x [N,D] and points [K,D] whose squared lengths are `squares` [1,K]."""
    return ((x * x).sum(1, keepdim=True) + squares - 2 * x @ points.t()).clamp(min=0)


def nearest(x, squares, reference):
    """Mean squared difference per column to the nearest reference, [N,1], for standardised x [N,D]."""
    return squared_distances(x, squares, reference).amin(1, keepdim=True) / x.shape[1]


class Whitening:
    """Figures [N,D] turned and scaled so that over some cells they are unrelated and of variance 1."""

    def __init__(self, figures: np.ndarray):
        self.mean, scale = figures.mean(0), np.maximum(figures.std(0), 1e-6)
        variances, directions = np.linalg.eigh(np.cov(((figures - self.mean) / scale).T))
        self.matrix = directions / np.sqrt(np.maximum(variances, UNRELATED)) / scale[:, None]

    def __call__(self, figures: np.ndarray) -> np.ndarray:
        return (figures - self.mean) @ self.matrix


def stain_figures(statistics, appearance):
    """Columns of focus, density and stain, which a microscope and a stain decide: [N,STAIN_FIGURES], arrays or tensors."""
    parts = [appearance[:, :4], statistics[:, STAIN]]
    return np.concatenate(parts, 1).astype(np.float64) if isinstance(statistics, np.ndarray) else torch.cat(parts, 1)


def detail_figures(appearance):
    """Columns of how alike the finest detail of the colours is, which a camera decides: [N,DETAIL_FIGURES], an array or a tensor."""
    figures = appearance[:, len(APPEARANCE):]
    return figures.astype(np.float64) if isinstance(figures, np.ndarray) else figures


def standardised(described, mean, scale):
    """`Standardisation` of the first columns of tensors, as many as there are means."""
    return ((described[:, :mean.shape[1]] - mean) / scale).clamp(-CLIP, CLIP)


class WhitenedDistance(nn.Module):
    """Figures [N,D] to the mean squared difference, whitened, to the nearest of some cells, [N,1]."""

    def __init__(self, cells: int, figures: int):
        super().__init__()
        for name, shape in (("mean", (1, figures)), ("whitening", (figures, figures)), ("reference", (cells, figures)), ("reference_squares", (1, cells))):
            self.register_buffer(name, torch.zeros(shape))

    @staticmethod
    def to(figures: np.ndarray):
        whitening = Whitening(figures)
        reference = whitening(figures)
        layer = WhitenedDistance(*figures.shape)
        fill(layer, {"mean": whitening.mean, "whitening": whitening.matrix, "reference": reference, "reference_squares": (reference ** 2).sum(1)})
        return layer

    def forward(self, figures):
        return nearest((figures - self.mean) @ self.whitening, self.reference_squares, self.reference)


class MachineLayer(nn.Module):
    """A support vector machine with its standardisation: descriptions [N,columns or more] to decisions [N,1]."""

    def __init__(self, vectors: int, columns: int):
        super().__init__()
        for name, shape in (("mean", (1, columns)), ("scale", (1, columns)), ("vectors", (vectors, columns)), ("vector_squares", (1, vectors)),
                            ("coefficients", (vectors, 1)), ("gamma", (1,)), ("intercept", (1,))):
            self.register_buffer(name, torch.zeros(shape))

    @staticmethod
    def of(machine: Machine):
        columns, scaling = machine.standardised.columns, machine.standardised
        if list(columns) != list(range(len(columns))):
            raise ValueError("a machine in the network sees the first columns of a description")
        layer = MachineLayer(len(machine.vectors), len(columns))
        fill(layer, {"mean": scaling.mean, "scale": scaling.scale, "vectors": machine.vectors, "vector_squares": (machine.vectors ** 2).sum(1),
                     "coefficients": machine.coefficients, "gamma": machine.gamma, "intercept": machine.intercept})
        return layer

    def standardised(self, described):
        return standardised(described, self.mean, self.scale)

    def forward(self, x):
        return torch.exp(-self.gamma * squared_distances(x, self.vector_squares, self.vectors)) @ self.coefficients + self.intercept


class CellNetwork(nn.Module):
    """float32 RGB [N,3,128,128] in -1..1 to [N,len(COLUMNS)].

    The typed network's body runs once. Its maps' statistics and the texture's are what the support vector machines call blasts by; its
    end says the type, together with a regression on these statistics. Distances are to the nearest cell that was learned from: to some of C-NMC where the last machine
    looks, to all typed ones in the figures of focus and stain, to all of C-NMC in those of colour detail.
    """

    def __init__(self, typed: MobileNetV2, machines: list, cells: int, stain: WhitenedDistance, detail: WhitenedDistance):
        super().__init__()
        self.texture = TextureStatistics()
        self.typed = typed
        self.machines = nn.ModuleList(machines)
        self.stain, self.detail = stain, detail
        columns = machines[-1].mean.shape[1]
        for name, shape in (("reference", (cells, columns)), ("reference_squares", (1, cells)), ("type_mean", (1, DESCRIBED)),
                            ("type_scale", (1, DESCRIBED)), ("type_coefficients", (DESCRIBED, len(TYPES))), ("type_intercepts", (1, len(TYPES))),
                            ("type_temperature", (1,))):
            self.register_buffer(name, torch.zeros(shape))

    @staticmethod
    def assembled(typed: MobileNetV2, regression: TypeRegression, type_temperature: float, fitted: Fitted, cells: np.ndarray,
                  stain: np.ndarray, detail: np.ndarray):
        """@param cells descriptions of cells of C-NMC to measure distances to, all their columns; stain `stain_figures` of typed cells; detail
        `detail_figures` of cells of C-NMC"""
        network = CellNetwork(typed, [MachineLayer.of(machine) for machine in fitted.machines], len(cells), WhitenedDistance.to(stain), WhitenedDistance.to(detail))
        reference = fitted.standardised(cells)
        fill(network, {"reference": reference, "reference_squares": (reference ** 2).sum(1), "type_mean": regression.standardised.mean, "type_scale": regression.standardised.scale,
                       "type_coefficients": regression.coefficients, "type_intercepts": regression.intercepts,
                       "type_temperature": type_temperature})
        return network.eval()

    def forward(self, x):
        statistics, appearance = self.texture.described(x)
        types, maps = self.typed.described(x)
        described = torch.cat([statistics, maps], 1)
        decision = 0
        for machine in self.machines:
            own = machine.standardised(described)
            decision = decision + machine(own) / len(self.machines)
        regressed = standardised(described, self.type_mean, self.type_scale) @ self.type_coefficients + self.type_intercepts
        types = (torch.log_softmax(regressed, 1) + torch.log_softmax(types, 1)) / 2
        others = torch.logsumexp(types[:, 1:], 1, keepdim=True)
        return torch.cat([-decision / 2, decision / 2, others, types[:, :1], types / self.type_temperature, appearance[:, :len(APPEARANCE)],
                          nearest(own, self.reference_squares, self.reference), self.stain(stain_figures(statistics, appearance)),
                          self.detail(detail_figures(appearance))], 1)


def fill(module: nn.Module, values: dict) -> None:
    for name, value in values.items():
        buffer = getattr(module, name)
        buffer.copy_(torch.from_numpy(np.asarray(value, np.float32)).reshape(buffer.shape))
