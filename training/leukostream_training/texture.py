"""Statistics of a cell's shape, colour and chromatin texture, computed inside the network so that they travel in its file.

Coarse ones come first: the finer the detail, the more it tells of the lens and the less it holds for the next subject. All are taken over the cell alone, most of them over its inside, and none depends on how it is turned beyond what pixels force, nor
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
"""Chromatin is looked at in the bands between these blurs: differences of Gaussians. Band k lies between blurs k - 1 and k."""
CAMERA_BANDS, FINE_BAND, COARSE_BANDS, DEEP_BANDS = (0, 1), 2, (3, 4, 5, 6), (3, 4)
"""Bands below FINE_BAND tell the lens and the camera more than the cell: only the gate sees them. Band 0 is what blur 0 takes away."""
DEPTHS_PX = (3, 6, 9, 13, 18, 24)
"""Borders of the rings below the cell's outline in which DEEP_BANDS are taken."""
PATTERN_CHANNELS = (0, 2)
COARSE_RING, FINE_RING = (4, 3), (2, 1)
"""Local binary patterns: px to the upright and to the diagonal neighbours (a circle, rounded to pixels)."""
PATTERN_BINS = 10
SECTORS, HARMONICS = 64, 10
COARSE = {"shape": 6 + HARMONICS, "colour": 18, "bands": 3 * len(COARSE_BANDS), "skewness": 3 * len(COARSE_BANDS), "alike": 3 * len(COARSE_BANDS),
          "rings": 3 * len(DEEP_BANDS) * (len(DEPTHS_PX) + 1), "patterns": len(PATTERN_CHANNELS) * PATTERN_BINS}
FINE = {"bands": 3, "skewness": 3, "patterns": len(PATTERN_CHANNELS) * PATTERN_BINS}
COARSE_FEATURES = sum(COARSE.values())
FEATURES = COARSE_FEATURES + sum(FINE.values())
APPEARANCE = ("sharpness", "density", "red share", "blue share", "clipped share")
DETAIL_FIGURES = 3 * len(CAMERA_BANDS)

STAIN = slice(COARSE["shape"], COARSE["shape"] + 6)
"""Columns of the mean optical density and of the logarithm of its spread, red, green and blue."""


def mark() -> str:
    """Changes when the statistics would."""
    return repr((BLUR_SIGMAS_PX, CAMERA_BANDS, FINE_BAND, COARSE_BANDS, DEEP_BANDS, DEPTHS_PX, PATTERN_CHANNELS, COARSE_RING, FINE_RING, COARSE, FINE))


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


def moments(values, cell, count):
    """Of channels [N,C,H,W] over a mask [N,1,H*W]: mean [N,C], mean products of each two [N,C,C], mean cubes and fourth powers [N,C]."""
    flat = values.flatten(2)
    masked = flat * cell
    squared = masked * flat
    cubed = squared * flat
    return (masked.sum(2) / count, torch.matmul(masked, flat.transpose(1, 2)) / count[..., None], cubed.sum(2) / count,
            (cubed * flat).sum(2) / count)


def of_each(products_of_two):
    """The diagonal of [N,3,3], [N,3]."""
    return products_of_two.flatten(1)[:, ::4]


def of_pairs(products_of_two):
    """First and second, first and third, second and third of [N,3,3], [N,3]."""
    return torch.cat([products_of_two[:, 0, 1:], products_of_two[:, 1, 2:]], 1)


def products(values):
    """In the order of `of_pairs`, of [N,3]."""
    return torch.cat([values[:, :1] * values[:, 1:], values[:, 1:2] * values[:, 2:]], 1)


def deviation(mean, squares):
    return (squares - mean ** 2).clamp(min=0).add(1e-8).sqrt()


class TextureStatistics(nn.Module):
    """float32 RGB [N,3,128,128] in -1..1, black outside the cell, to [N,FEATURES]; `described` gives what the gate looks at besides."""

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
            weights /= weights.sum()
            band = sum(np.eye(SIDE_PX, k=k) * weights[reach + k] for k in range(-reach, reach + 1))
            self.register_buffer("blur_%d" % number, torch.from_numpy(band.astype(np.float32)))

    def blurred(self, image, number):
        """By a symmetric banded matrix from both sides, which is faster than convolutions of few channels; 0 beyond the crop."""
        matrix = getattr(self, "blur_%d" % number)
        return torch.matmul(matrix, torch.matmul(image, matrix))

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
        soft = self.blurred(body, 2)
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
        """The statistics [N,FEATURES] and, for the gate, [N,5+DETAIL_FIGURES]: log sharpness, mean optical density, the shares of red
        and of blue in it, the share of clipped pixels; and how alike the detail of each two colours is in CAMERA_BANDS."""
        grey_levels = torch.round(x * 127.5 + 127.5)
        whole, body, inside = self.masks(grey_levels)
        count = inside.sum((2, 3)).clamp(min=1)

        cell = inside.flatten(2)
        density = -((grey_levels + 1) / 256).log()
        level = (density.flatten(2) * cell).sum(2) / count
        apart = density - level[..., None, None]
        _, squares, cubes, fourths = moments(apart, cell, count)
        spread = (of_each(squares) + 1e-6).sqrt()
        hue = level / level.sum(1, keepdim=True).clamp(min=1e-6)
        colour = [level, spread.log(), cubes / spread ** 3, (fourths / spread ** 4 + 1e-6).log(), hue, of_pairs(squares) / products(spread)]
        standardised = apart / spread[..., None, None] * body
        blurred = [self.blurred(standardised, number) for number in range(len(BLUR_SIGMAS_PX))]
        bands = {number: finer - coarser for number, (finer, coarser) in enumerate(zip([standardised, *blurred], blurred))}
        deviations, skewness, alike = {}, {}, {}
        for number, band in bands.items():
            mean, squares, cubes, _ = moments(band, cell, count)
            deviations[number] = deviation(mean, of_each(squares))
            skewness[number] = cubes / (deviations[number] ** 3 + 1e-6)
            alike[number] = of_pairs(squares) / (products(deviations[number]) + 1e-6)
        coarse = self.shape(whole, body) + colour + [deviations[k].log() for k in COARSE_BANDS]
        coarse += [skewness[k] for k in COARSE_BANDS] + [alike[k] for k in COARSE_BANDS]
        coarse += [self.ring_deviations(bands, body), self.pattern_shares(grey_levels, COARSE_RING, inside, count)]
        fine = [deviations[FINE_BAND].log(), skewness[FINE_BAND], self.pattern_shares(grey_levels, FINE_RING, inside, count)]
        clipped = ((grey_levels.amax(1, keepdim=True) >= 255).float() * whole).sum((2, 3)) / whole.sum((2, 3)).clamp(min=1)
        sharpness = (deviations[CAMERA_BANDS[1]][:, 1:2] * spread[:, 1:2]).log()
        appearance = [sharpness, level.mean(1, keepdim=True), hue[:, 0:1], hue[:, 2:3], clipped]
        return torch.cat(coarse + fine, 1), torch.cat(appearance + [alike[k] for k in CAMERA_BANDS], 1)

    @staticmethod
    def ring_deviations(bands, body):
        """Log root mean square of the deep bands from the outline inwards, [N,rings*bands*3]; 0 where a ring has hardly a pixel."""
        outer, depth, rings = body, 0, []
        for border in DEPTHS_PX:
            inner = erode(outer, 2 * (border - depth) + 1)
            rings.append(outer - inner)
            outer, depth = inner, border
        rings = torch.cat([*rings, outer], 1).flatten(2)
        pixels = rings.sum(2)[..., None]
        found = []
        for number in DEEP_BANDS:
            squares = torch.matmul(rings, (bands[number] * bands[number]).flatten(2).transpose(1, 2)) / pixels.clamp(min=1)
            found.append((squares + 1e-4).sqrt().log() * (pixels > 20).float())
        return torch.stack(found, 2).flatten(1)

    def pattern_shares(self, grey_levels, ring, inside, count):
        """Square roots of the shares of each pattern class, so that distances are Hellinger's, [N,channels*10]."""
        upright, diagonal = ring
        centre = grey_levels[:, PATTERN_CHANNELS[0]::PATTERN_CHANNELS[1] - PATTERN_CHANNELS[0]]
        around = F.pad(centre, (upright, upright, upright, upright))
        neighbours = ((0, upright), (-diagonal, diagonal), (-upright, 0), (-diagonal, -diagonal),
                      (0, -upright), (diagonal, -diagonal), (upright, 0), (diagonal, diagonal))
        code = 0
        for bit, (down, right) in enumerate(neighbours):
            neighbour = around[:, :, upright + down:upright + down + SIDE_PX, upright + right:upright + right + SIDE_PX]
            code = code + (neighbour >= centre).float() * 2 ** bit
        classes = F.embedding(code.long().flatten(2), self.patterns)
        shares = torch.matmul(inside.flatten(2).unsqueeze(2), classes).squeeze(2).flatten(1) / count
        return (shares + 1e-6).sqrt()
