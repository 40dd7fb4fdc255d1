"""Statistics of a cell's shape, colour and chromatin texture, computed inside the network so that they travel in its file.

All are taken over the cell alone, most of them over its inside, and none depends on how it is turned beyond what pixels force, nor
on where in the crop it lies but the harmonics of its outline, which go round the crop's middle, where cells are put.
"""
import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

BLACK_AT_MOST = 10
SIDE_PX = 128
BLUR_SIGMAS_PX = (0.5, 0.8, 1.2, 1.7, 2.5, 3.5, 5.0)
"""Chromatin is looked at in the bands between these blurs: differences of Gaussians."""
PATTERN_CHANNELS = (0, 2)
PATTERN_RINGS = ((1, 1), (2, 1), (4, 3))
"""Local binary patterns: px to the upright and to the diagonal neighbours (a circle, rounded to pixels)."""
PATTERN_BINS = 10
SECTORS, HARMONICS = 64, 10
GROUPS = {"shape": 6 + HARMONICS, "colour": 18, "bands": 3 * len(BLUR_SIGMAS_PX), "skewness": 3 * len(BLUR_SIGMAS_PX),
          "patterns": len(PATTERN_CHANNELS) * len(PATTERN_RINGS) * PATTERN_BINS}
FEATURES = sum(GROUPS.values())


def uniform_patterns() -> torch.Tensor:
    """[256,10]: one-hot rotation-invariant uniform class of each 8-bit pattern (Ojala et al. 2002, IEEE TPAMI 24:971-987)."""
    table = torch.zeros(256, PATTERN_BINS)
    for code in range(256):
        bits = [(code >> k) & 1 for k in range(8)]
        changes = sum(bits[k] != bits[(k + 1) % 8] for k in range(8))
        table[code, sum(bits) if changes <= 2 else PATTERN_BINS - 1] = 1
    return table


def erode(mask, side):
    return -F.max_pool2d(-mask, side, 1, side // 2)


def dilate(mask, side):
    return F.max_pool2d(mask, side, 1, side // 2)


class TextureStatistics(nn.Module):
    """float32 RGB [N,3,128,128] in -1..1, black outside the cell, to [N,FEATURES]; `appearance` gives what the gate looks at."""

    def __init__(self):
        super().__init__()
        self.register_buffer("patterns", uniform_patterns())
        centre = (SIDE_PX - 1) / 2
        y, x = np.mgrid[:SIDE_PX, :SIDE_PX] - centre
        angle = (np.arctan2(y, x) / (2 * np.pi)) % 1 * SECTORS
        low = np.floor(angle).astype(int).ravel()
        share = angle.ravel() - low
        sector = np.zeros((SIDE_PX ** 2, SECTORS), np.float32)
        rows = np.arange(SIDE_PX ** 2)
        sector[rows, low % SECTORS] += 1 - share
        sector[rows, (low + 1) % SECTORS] += share
        self.register_buffer("sector", torch.from_numpy(sector))
        waves = np.arange(SECTORS)[:, None] * np.arange(1, HARMONICS + 1)[None] * 2 * np.pi / SECTORS
        self.register_buffer("cosines", torch.from_numpy(np.cos(waves).astype(np.float32)))
        self.register_buffer("sines", torch.from_numpy(np.sin(waves).astype(np.float32)))
        along = torch.from_numpy(((np.arange(SIDE_PX) - centre) / SIDE_PX).astype(np.float32))
        self.register_buffer("along_x", along.view(1, 1, 1, -1).clone())
        self.register_buffer("along_y", along.view(1, 1, -1, 1).clone())
        for number, sigma in enumerate(BLUR_SIGMAS_PX):
            reach = int(math.ceil(3 * sigma))
            weights = np.exp(-np.arange(-reach, reach + 1) ** 2 / (2 * sigma * sigma))
            weights = torch.from_numpy((weights / weights.sum()).astype(np.float32))
            self.register_buffer("blur_x_%d" % number, weights.view(1, 1, 1, -1).repeat(3, 1, 1, 1))
            self.register_buffer("blur_y_%d" % number, weights.view(1, 1, -1, 1).repeat(3, 1, 1, 1))

    def blurred(self, image, number):
        across, down = getattr(self, "blur_x_%d" % number), getattr(self, "blur_y_%d" % number)
        reach = across.shape[3] // 2
        return F.conv2d(F.conv2d(image, across, padding=(0, reach), groups=3), down, padding=(reach, 0), groups=3)

    @staticmethod
    def masks(grey_levels):
        """All of the cell; its body, without threads and debris; the inside of the body, without its rim. Float [N,1,H,W]."""
        whole = (grey_levels.amax(1, keepdim=True) > BLACK_AT_MOST).float()
        body = dilate(erode(whole, 7), 7)
        body = torch.where(body.sum((2, 3), keepdim=True) > 100, body, whole)
        inside = erode(body, 5)
        inside = torch.where(inside.sum((2, 3), keepdim=True) > 50, inside, body)
        return whole, body, inside

    def shape(self, whole, body):
        whole_area, area = whole.sum((2, 3)).clamp(min=1), body.sum((2, 3)).clamp(min=1)
        dx = self.along_x - ((body * self.along_x).sum((2, 3)) / area)[..., None, None]
        dy = self.along_y - ((body * self.along_y).sum((2, 3)) / area)[..., None, None]
        xx, yy, xy = ((body * a * b).sum((2, 3)) / area for a, b in ((dx, dx), (dy, dy), (dx, dy)))
        half, determinant = (xx + yy) / 2, xx * yy - xy ** 2
        root = (half * half - determinant).clamp(min=0).sqrt()
        elongation = ((half - root).clamp(min=1e-6) / (half + root).clamp(min=1e-6)).sqrt()
        ellipticity = area / SIDE_PX ** 2 / (4 * math.pi * determinant.clamp(min=1e-9).sqrt())
        soft = self.blurred(body.repeat(1, 3, 1, 1), 2)[:, :1]
        across = soft[:, :, 1:-1, 2:] - soft[:, :, 1:-1, :-2]
        down = soft[:, :, 2:, 1:-1] - soft[:, :, :-2, 1:-1]
        perimeter = (across ** 2 + down ** 2 + 1e-12).sqrt().sum((2, 3)) / 2
        radius = (body.flatten(1) @ self.sector + 1e-3).sqrt()
        radius = radius / radius.mean(1, keepdim=True)
        harmonics = ((radius @ self.cosines) ** 2 + (radius @ self.sines) ** 2 + 1e-9).sqrt() / SECTORS
        return [whole_area.log(), area.log(), 1 - area / whole_area, elongation, ellipticity, 4 * math.pi * area / perimeter ** 2,
                harmonics]

    def forward(self, x):
        return self.described(x)[0]

    def described(self, x):
        """The statistics [N,FEATURES] and, for the gate, log sharpness, mean optical density, the shares of red and of blue in
        it, and the share of clipped pixels, [N,5]."""
        grey_levels = torch.round(x * 127.5 + 127.5)
        whole, body, inside = self.masks(grey_levels)
        count = inside.sum((2, 3)).clamp(min=1)

        def mean(values):
            return (values * inside).sum((2, 3)) / count

        density = -((grey_levels + 1) / 256).log()
        level = mean(density)
        apart = density - level[..., None, None]
        spread = (mean(apart * apart) + 1e-6).sqrt()
        pairs = [mean(apart[:, i:i + 1] * apart[:, j:j + 1]) / (spread[:, i:i + 1] * spread[:, j:j + 1]) for i, j in ((1, 0), (2, 0), (2, 1))]
        hue = level / level.sum(1, keepdim=True).clamp(min=1e-6)
        colour = [level, spread.log(), mean(apart ** 3) / spread ** 3, (mean(apart ** 4) / spread ** 4 + 1e-6).log(), hue, *pairs]
        standardised = apart / spread[..., None, None] * body
        bands, skewness, before = [], [], standardised
        for number in range(len(BLUR_SIGMAS_PX)):
            after = self.blurred(standardised, number)
            band = before - after
            deviation = (mean(band * band) - mean(band) ** 2).clamp(min=0).add(1e-8).sqrt()
            bands.append(deviation.log())
            skewness.append(mean(band ** 3) / (deviation ** 3 + 1e-6))
            before = after
        clipped = ((grey_levels.amax(1, keepdim=True) >= 255).float() * whole).sum((2, 3)) / whole.sum((2, 3)).clamp(min=1)
        statistics = torch.cat(self.shape(whole, body) + colour + bands + skewness + [self.pattern_shares(grey_levels, inside, count)], 1)
        sharpness = bands[1][:, 1:2] + spread[:, 1:2].log()
        return statistics, torch.cat([sharpness, level.mean(1, keepdim=True), hue[:, 0:1], hue[:, 2:3], clipped], 1)

    def pattern_shares(self, grey_levels, inside, count):
        """Square roots of the shares of each pattern class, so that distances are Hellinger's, [N,channels*rings*10]."""
        reach = max(upright for upright, _ in PATTERN_RINGS)
        centre = grey_levels[:, PATTERN_CHANNELS[0]::PATTERN_CHANNELS[1] - PATTERN_CHANNELS[0]]
        around = F.pad(centre, (reach, reach, reach, reach))
        weights = inside.flatten(2)
        shares = []
        for upright, diagonal in PATTERN_RINGS:
            code = 0
            ring = ((0, upright), (-diagonal, diagonal), (-upright, 0), (-diagonal, -diagonal),
                    (0, -upright), (diagonal, -diagonal), (upright, 0), (diagonal, diagonal))
            for bit, (down, right) in enumerate(ring):
                neighbour = around[:, :, reach + down:reach + down + SIDE_PX, reach + right:reach + right + SIDE_PX]
                code = code + (neighbour >= centre).float() * 2 ** bit
            classes = self.patterns[code.long().flatten(2)]
            shares.append(torch.matmul(weights.unsqueeze(2), classes).squeeze(2).flatten(1) / count)
        return (torch.cat(shares, 1) + 1e-6).sqrt()
