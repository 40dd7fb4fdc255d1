"""MobileNetV2 1.0 with TensorFlow's padding, because the ImageNet weights at hand were trained with that.

Input float32 RGB [N,3,H,W] in -1..1 with H and W multiples of 32, output logits [N,classes].
"""
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

FEATURES = 1280
STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
"""expansion, output channels, repeats, stride of the first repeat (table 2 of Sandler et al. 2018, arXiv 1801.04381)"""


def convolution(channels_in, channels_out, kernel, stride=1, groups=1, activation=True) -> nn.Sequential:
    """Padding, convolution, a place for the batch norm, ReLU6.

    'SAME' on an even side at stride 2 pads one pixel on the right and at the bottom and none on the left and on top;
    PyTorch's own padding would shift every map by a pixel against what the weights were trained with.
    """
    steps = OrderedDict()
    if stride == 2:
        steps["pad"] = nn.ZeroPad2d((0, 1, 0, 1))
    steps["conv"] = nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2 if stride == 1 else 0, groups=groups)
    steps["norm"] = nn.Identity()
    if activation:
        steps["activation"] = nn.ReLU6()
    return nn.Sequential(steps)


BLACK_AT_MOST = 2 * 10.5 / 255 - 1
"""Between the grey levels 10, which is surround, and 11, which is cell."""


def cell_mask(x):
    """1.0 where a pixel of the input belongs to the cell, [N,1,H,W]."""
    return (x.amax(1, keepdim=True) > BLACK_AT_MOST).to(x.dtype)


def standardised_colour(x, mask, spread=0.4):
    """Gives each channel of the cell mean 0 and a fixed spread, image by image; the surround stays at -1.

    It is part of the network, so that it travels in the file. Brightness and colour cast are alike for all cells of a
    subject, and a network that sees them learns subjects.
    """
    count = mask.sum((2, 3), keepdim=True).clamp(min=1.0)
    apart = (x - (x * mask).sum((2, 3), keepdim=True) / count) * mask
    deviation = ((apart * apart).sum((2, 3), keepdim=True) / count + 1e-4).sqrt()
    return apart / deviation * spread - (1 - mask)


def log_share(mask):
    """Natural logarithm of the cell's share of the crop, [N,1]: the cell's area, as the crop has a fixed side in micrometres."""
    return (mask.mean((2, 3)) + 1e-4).log()


class InvertedResidual(nn.Module):
    def __init__(self, channels_in, channels_out, expansion, stride):
        super().__init__()
        hidden = channels_in * expansion
        parts = [] if expansion == 1 else [convolution(channels_in, hidden, 1)]
        parts.append(convolution(hidden, hidden, 3, stride, groups=hidden))
        parts.append(convolution(hidden, channels_out, 1, activation=False))
        self.path = nn.Sequential(*parts)
        self.residual = stride == 1 and channels_in == channels_out

    def forward(self, x):
        return x + self.path(x) if self.residual else self.path(x)


TAPS = {1: 16, 3: 24, 6: 32, 10: 64}
"""Blocks whose maps give statistics, and their channels; their sides are 1/2, 1/4, 1/8 and 1/16 of the input's."""
STATISTICS = 2 * sum(TAPS.values())


def masked_statistics(maps, mask):
    """Mean and standard deviation of each channel over the positions that lie within the cell, [N,2C]."""
    factor = int(mask.shape[2]) // int(maps.shape[2])
    inside = (F.avg_pool2d(mask, factor) > 0.9).to(maps.dtype)
    count = inside.sum((2, 3)).clamp(min=1)
    mean = (maps * inside).sum((2, 3)) / count
    variance = ((maps - mean[..., None, None]) ** 2 * inside).sum((2, 3)) / count
    return torch.cat([mean, (variance + 1e-6).sqrt()], 1)


class MobileNetV2(nn.Module):
    """Logits of `classes` from the body's features and the cell's size; `described` also gives the statistics of its maps."""

    def __init__(self, classes: int, dropout: float = 0.0):
        super().__init__()
        blocks, width = [convolution(3, 32, 3, stride=2)], 32
        for expansion, channels, repeats, stride in STAGES:
            for repeat in range(repeats):
                blocks.append(InvertedResidual(width, channels, expansion, stride if repeat == 0 else 1))
                width = channels
        blocks.append(convolution(width, FEATURES, 1))
        self.body = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(FEATURES + 1, classes)

    def forward(self, x):
        return self.described(x, ())[0]

    def described(self, x, taps=TAPS):
        """Logits [N,classes] and the statistics of the maps of `taps` [N,STATISTICS]."""
        mask = cell_mask(x)
        maps, statistics = standardised_colour(x, mask), []
        for number, block in enumerate(self.body):
            maps = block(maps)
            if number in taps:
                statistics.append(masked_statistics(maps, mask))
        features = torch.cat([maps.mean((2, 3)), log_share(mask)], 1)
        return self.head(self.dropout(features)), torch.cat(statistics, 1) if statistics else None

    def convolutions(self):
        """The convolution groups in the order in which they run, which is the order of the weights file."""
        return [m for m in self.modules() if isinstance(m, nn.Sequential) and hasattr(m, "conv")]


def imagenet_body(weights: Path, classes: int, dropout: float) -> MobileNetV2:
    """A network whose body has the ImageNet weights, batch norms still folded in, and whose head is fresh."""
    model = MobileNetV2(classes, dropout)
    with np.load(weights) as arrays:
        for number, group in enumerate(model.convolutions()):
            kind = "dw" if group.conv.groups > 1 else "conv"
            for parameter, suffix in ((group.conv.weight, "w"), (group.conv.bias, "b")):
                name = "%02d_%s_%s" % (number, kind, suffix)
                array = torch.from_numpy(arrays[name])
                if array.shape != parameter.shape:
                    raise ValueError("%s is %s, the network wants %s" % (name, tuple(array.shape), tuple(parameter.shape)))
                parameter.data.copy_(array)
    nn.init.normal_(model.head.weight, std=0.01)
    nn.init.zeros_(model.head.bias)
    return model


def initialised_body(classes: int, dropout: float) -> MobileNetV2:
    """The same network from random weights (He et al. 2015)."""
    model = MobileNetV2(classes, dropout)
    for group in model.convolutions():
        nn.init.kaiming_normal_(group.conv.weight, mode="fan_out", nonlinearity="relu")
        nn.init.zeros_(group.conv.bias)
    nn.init.normal_(model.head.weight, std=0.01)
    nn.init.zeros_(model.head.bias)
    return model


@torch.no_grad()
def insert_batch_norms(model: MobileNetV2, batches) -> None:
    """Gives every convolution a batch norm that changes nothing yet, from the statistics of `batches`.

    The filters get the He norm sqrt(2) on the way: the folded ones differ by a factor of 10^4 in norm, which Adam's
    equal steps would not suit, and the batch norm takes the factor back.
    """
    model.eval()
    sums = {}

    def collect(conv, _, out):
        flat = out.transpose(0, 1).flatten(1).double()
        count, total, squares = sums.get(conv, (0, 0.0, 0.0))
        sums[conv] = (count + flat.shape[1], total + flat.sum(1), squares + (flat ** 2).sum(1))

    hooks = [group.conv.register_forward_hook(collect) for group in model.convolutions()]
    for batch in batches:
        model(batch)
    for hook in hooks:
        hook.remove()
    for group in model.convolutions():
        conv = group.conv
        count, total, squares = sums[conv]
        mean = total / count
        variance = (squares / count - mean ** 2).clamp(min=0)
        norms = conv.weight.double().flatten(1).norm(dim=1)
        scale = torch.where(norms > 1e-6, norms / 2 ** 0.5, torch.ones_like(norms))
        norm = nn.BatchNorm2d(conv.out_channels)
        norm.running_mean.copy_((mean - conv.bias) / scale)
        norm.running_var.copy_(variance / scale ** 2)
        norm.weight.copy_(scale * torch.sqrt(variance / scale ** 2 + norm.eps))
        norm.bias.copy_(mean)
        conv.weight.copy_(conv.weight.double() / scale.view(-1, 1, 1, 1))
        conv.bias = None
        group.norm = norm


def with_batch_norms(classes: int) -> MobileNetV2:
    """The trained network's shape, to load a state into."""
    model = MobileNetV2(classes)
    for group in model.convolutions():
        group.conv.bias = None
        group.norm = nn.BatchNorm2d(group.conv.out_channels)
    return model


def folded(model: MobileNetV2) -> MobileNetV2:
    """The same function in evaluation mode with the batch norms folded into the convolutions. Consumes the model."""
    model.eval()
    for group in model.convolutions():
        if isinstance(group.norm, nn.BatchNorm2d):
            group.conv = fuse_conv_bn_eval(group.conv, group.norm)
            group.norm = nn.Identity()
    return model
