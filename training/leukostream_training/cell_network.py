"""The network of the bundle: everything that is said of a cell, from its crop alone, in one graph.

The answer has one row a cell; COLUMNS names its figures.
"""
import numpy as np
import torch
from torch import nn

from .designs import CLIP, Fitted, Machine, Standardisation
from .network import MobileNetV2
from .texture import TextureStatistics
from .typed import TYPES

APPEARANCE = ["sharpness", "density", "red share", "blue share", "clipped share", "distance to C-NMC", "distance to typed cells"]
COLUMNS = (["CELL:NORMAL", "CELL:BLAST", "FIELD:OTHER", "FIELD:BLAST"] + ["type:%s" % t for t in TYPES]
           + ["appearance:%s" % a for a in APPEARANCE])


def squared_distances(x, squares, points):
    """[N,K], for x [N,D] and points [K,D] whose squared lengths are `squares` [1,K]."""
    return ((x * x).sum(1, keepdim=True) + squares - 2 * x @ points.t()).clamp(min=0)


def nearest(x, squares, reference):
    """Mean squared difference per column to the nearest reference, [N,1], for standardised x [N,D]."""
    return squared_distances(x, squares, reference).amin(1, keepdim=True) / x.shape[1]


def standardised(described, mean, scale):
    """`Standardisation` of the first columns, as many as there are means."""
    return ((described[:, :mean.shape[1]] - mean) / scale).clamp(-CLIP, CLIP)


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

    The typed network's body runs once: its end says the type; its maps' statistics and the texture's are what the support
    vector machines call blasts by. Distances are to the nearest of some cells that were learned from, where the last machine looks.
    """

    def __init__(self, typed: MobileNetV2, machines: list, cells: int, typed_cells: int):
        super().__init__()
        self.texture = TextureStatistics()
        self.typed = typed
        self.machines = nn.ModuleList(machines)
        columns = machines[-1].mean.shape[1]
        for name, shape in (("reference", (cells, columns)), ("reference_squares", (1, cells)), ("typed_mean", (1, columns)), ("typed_scale", (1, columns)),
                            ("typed_reference", (typed_cells, columns)), ("typed_reference_squares", (1, typed_cells))):
            self.register_buffer(name, torch.zeros(shape))

    @staticmethod
    def assembled(typed: MobileNetV2, fitted: Fitted, cells: np.ndarray, typed_cells: np.ndarray):
        """@param cells, typed_cells descriptions to measure distances to, all their columns"""
        network = CellNetwork(typed, [MachineLayer.of(machine) for machine in fitted.machines], len(cells), len(typed_cells))
        typed_scaling = Standardisation(fitted.standardised.columns, typed_cells)
        reference, typed_reference = fitted.standardised(cells), typed_scaling(typed_cells)
        fill(network, {"reference": reference, "reference_squares": (reference ** 2).sum(1), "typed_mean": typed_scaling.mean, "typed_scale": typed_scaling.scale,
                       "typed_reference": typed_reference, "typed_reference_squares": (typed_reference ** 2).sum(1)})
        return network.eval()

    def forward(self, x):
        statistics, appearance = self.texture.described(x)
        types, maps = self.typed.described(x)
        described = torch.cat([statistics, maps], 1)
        decision = 0
        for machine in self.machines:
            own = machine.standardised(described)
            decision = decision + machine(own) / len(self.machines)
        others = torch.logsumexp(types[:, 1:], 1, keepdim=True)
        return torch.cat([-decision / 2, decision / 2, others, types[:, :1], types, appearance,
                          nearest(own, self.reference_squares, self.reference),
                          nearest(standardised(described, self.typed_mean, self.typed_scale), self.typed_reference_squares, self.typed_reference)], 1)


def fill(module: nn.Module, values: dict) -> None:
    for name, value in values.items():
        buffer = getattr(module, name)
        buffer.copy_(torch.from_numpy(np.asarray(value, np.float32)).reshape(buffer.shape))
