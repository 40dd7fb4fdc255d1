"""Fits networks: the typed one, whose maps also describe the cells of C-NMC, and those that other designs are compared by.

Every part is resumable: it isn't fitted again while recipe and cells are the same.
"""
from dataclasses import asdict, dataclass, replace
import hashlib
import json
import math
import os
from pathlib import Path
import time

import numpy as np
import torch
from torch.nn import functional as F

from . import looks
from . import preprocessing as pre
from .augmentation import augment
from .dataset import Organised, data_folder, work_folder
from .network import imagenet_body, initialised_body, insert_batch_norms, with_batch_norms
from .typed import TYPES, Typed

BACKBONE_WEIGHTS = "mobilenet_v2_1.0_imagenet.npz"
COMPARED = {"fine-tuned": "imagenet", "scratch": "random"}
"""Networks trained on C-NMC itself, only to compare: their start."""


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a fit besides the cells. The last step's weights count; no step is chosen by a score."""

    seed: int = 20260101
    start: str = "imagenet"
    epochs: int = 6
    draws_per_epoch: int = 2816
    batch: int = 32
    backbone_rate: float = 3e-4
    head_rate: float = 2e-3
    weight_decay: float = 0.02
    warm_up_steps: int = 40
    label_smoothing: float = 0.05
    dropout: float = 0.2


TYPED = Recipe()
AGAINST = Recipe(epochs=4, draws_per_epoch=2048, backbone_rate=1e-4, head_rate=1e-3, weight_decay=0.01)
SUBJECT_CAP = 50
"""A subject is drawn in proportion to its cells up to this many: all well-populated ones alike, tiny ones less."""


def use_threads(count: int = 2) -> None:
    torch.set_num_threads(count)


def draw_weights(labels: np.ndarray, subjects: np.ndarray, cap: int = SUBJECT_CAP) -> np.ndarray:
    """Probability of each cell per draw: both classes alike, subjects in a class by min(cells, cap), cells in a subject alike."""
    weights = np.zeros(len(labels))
    for subject in np.unique(subjects):
        of_subject = subjects == subject
        weights[of_subject] = min(of_subject.sum(), cap) / of_subject.sum()
    for label in np.unique(labels):
        weights[labels == label] /= weights[labels == label].sum()
    return weights / weights.sum()


BATCH = 8
"""Cells described at a time: what is made on the way stays in the processor's cache, which is several times as fast."""


def tensor(crops: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(pre.normalise(crops)).contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def described(model, crops: np.ndarray) -> list:
    """What `model.described` gives for uint8 BGR input crops [N,128,128,3], as arrays."""
    model.eval()
    parts = [[v.numpy() for v in model.described(tensor(crops[k:k + BATCH]))] for k in range(0, len(crops), BATCH)]
    return [np.concatenate(columns) for columns in zip(*parts)]


def fit(recipe: Recipe, wide: np.ndarray, inputs: np.ndarray, labels: np.ndarray, weights: np.ndarray, classes: int, name: str):
    """@param weights probability of each cell per draw"""
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    model = (imagenet_body(data_folder() / "weights" / BACKBONE_WEIGHTS, classes, recipe.dropout) if recipe.start == "imagenet"
             else initialised_body(classes, recipe.dropout))
    measured = rng.choice(len(labels), 512, p=weights)
    insert_batch_norms(model, (tensor(inputs[measured[k:k + 64]]) for k in range(0, len(measured), 64)))
    model = model.to(memory_format=torch.channels_last)
    groups = [
        {"params": [p for p in model.body.parameters() if p.dim() > 1], "lr": recipe.backbone_rate, "weight_decay": recipe.weight_decay},
        {"params": [p for p in model.body.parameters() if p.dim() <= 1], "lr": recipe.backbone_rate, "weight_decay": 0.0},
        {"params": list(model.head.parameters()), "lr": recipe.head_rate, "weight_decay": recipe.weight_decay},
    ]
    optimiser = torch.optim.AdamW(groups)
    steps = recipe.epochs * recipe.draws_per_epoch // recipe.batch

    def rate(step):
        warm_up = min(1.0, (step + 1) / recipe.warm_up_steps)
        return warm_up * 0.5 * (1 + math.cos(math.pi * step / steps))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate)
    model.train()
    started, losses = time.monotonic(), []
    for step in range(steps):
        chosen = rng.choice(len(labels), recipe.batch, p=weights)
        images = tensor(np.stack([augment(wide[i], rng) for i in chosen]))
        loss = F.cross_entropy(model(images), torch.from_numpy(labels[chosen]), label_smoothing=recipe.label_smoothing)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if (step + 1) % 32 == 0:
            seconds = time.monotonic() - started
            print("%s: step %d of %d, loss %.3f, %.0f images/s, %.0f s left"
                  % (name, step + 1, steps, np.mean(losses[-32:]), (step + 1) * recipe.batch / seconds,
                     seconds / (step + 1) * (steps - step - 1)), flush=True)
    return model.eval()


def fingerprint(recipe: Recipe, *what: str) -> str:
    """Changes when the fit would: the recipe, the data, the cells trained on."""
    return hashlib.sha256(json.dumps([asdict(recipe), *what]).encode()).hexdigest()


def resumable(folder: Path, mark: str, name: str, make) -> None:
    """Calls `make()`, which gives a model and arrays to keep, unless that was done for the same mark."""
    finished = folder / "finished"
    if finished.exists() and finished.read_text() == mark:
        print("%s: trained already" % name, flush=True)
        return
    folder.mkdir(parents=True, exist_ok=True)
    finished.unlink(missing_ok=True)
    model, arrays = make()
    torch.save(model.state_dict(), folder / "weights.pt")
    np.savez(folder / "predicted.npz", **arrays)
    partial = folder / "finished.partial"
    partial.write_text(mark)
    os.replace(partial, finished)


def typed_mark(typed: Typed) -> str:
    return fingerprint(TYPED, (typed.folder / "finished").read_text(), ",".join(TYPES))


def train_typed(typed: Typed, work: Path) -> None:
    """The types of cells, each type alike, from the training part alone."""
    def make():
        learned = typed.part == "train"
        inputs = typed.input_crops()
        counts = np.bincount(typed.labels[learned], minlength=len(TYPES))
        weights = 1.0 / counts[typed.labels[learned]]
        model = fit(TYPED, typed.training_crops()[learned], inputs[learned], typed.labels[learned], weights / weights.sum(), len(TYPES), "typed")
        return model, {"logits": described(model, inputs)[0]}

    resumable(work / "typed-network", typed_mark(typed), "typed", make)


def load_typed(work: Path):
    model = with_batch_norms(len(TYPES))
    model.load_state_dict(torch.load(work / "typed-network" / "weights.pt"))
    return model.eval()


def recipe_against(design: str) -> Recipe:
    recipe = replace(AGAINST, start=COMPARED[design])
    return replace(recipe, epochs=8, backbone_rate=1e-3, head_rate=1e-3) if design == "scratch" else recipe


def compared_mark(organised: Organised, design: str, groups: list) -> str:
    """Of the networks of one design on all look-groups: recipe, cells, groups."""
    return fingerprint(recipe_against(design), organised.about["inputDigest"], json.dumps(groups, sort_keys=True))


def train_compared(organised: Organised, design: str, group: dict, work: Path) -> None:
    """One network on the cells of all look-groups but one, and its scores of that one's cells."""
    recipe = recipe_against(design)
    out = np.isin(organised.subjects, group["normalSubjects"] + group["blastSubjects"])
    files = hashlib.sha256("\n".join(sorted(organised.cells["file"][~out])).encode()).hexdigest()
    name = "%s-look-%d" % (design, group["group"])

    def make():
        inputs = organised.input_crops()
        model = fit(recipe, organised.training_crops()[~out], inputs[~out], organised.labels[~out],
                    draw_weights(organised.labels[~out], organised.subjects[~out]), 2, name)
        logits = described(model, inputs[out])[0]
        return model, {"rows": np.flatnonzero(out), "score": logits[:, 1] - logits[:, 0]}

    resumable(work / name, fingerprint(recipe, organised.about["imagesCsvSha256"], files), name, make)


def parts(groups: list) -> list:
    return ["typed"] + ["%s-look-%d" % (design, group["group"]) for design in COMPARED for group in groups]


def train(organised: Organised, only=None, work: Path = None) -> None:
    """The typed network, and the networks that are only compared. `only` names some of the parts."""
    from .cleaning import require_clean
    from .sources import BadInput
    work = work or work_folder()
    require_clean(organised)
    groups = {group["group"]: group for group in looks.of(organised)}
    known = parts(list(groups.values()))
    for part in known if only is None else only:
        if part not in known:
            raise BadInput("no part '%s'" % part, ["known are %s" % ", ".join(known)])
        if part == "typed":
            train_typed(Typed(work), work)
        else:
            design, number = part.rsplit("-look-", 1)
            train_compared(organised, design, groups[int(number)], work)
