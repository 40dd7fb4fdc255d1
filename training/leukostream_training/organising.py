"""`organise`: from a source to an index of every image, and the crops that training reads.

Work is done in blocks that are kept until all are there, so a run that was ended goes on where it was; an image whose bytes
have changed since the last time is named and read again.
"""
from dataclasses import asdict, fields
import hashlib
import json
import os
from pathlib import Path
import shutil
import sys
import time

import numpy as np
import pandas as pd

from . import preprocessing as pre
from . import sources
from .appearance import Appearance, Shape, look, mask_of, shape_of, stained_body
from .dataset import Organised, TRAINING_CROP_PX, data_folder, sha256, work_folder

BLOCK = 128
FORMAT = 1
"""Of the blocks: raise it when what is computed from an image changes."""
INDEX_COLUMNS = ["file", "source", "label", "cell_type", "subject", "merged_subject", "sha256", "width", "height",
                 "pixel_size_um", "cluster", "official_fold", "pixel_sha256", "problem"]
LOOK_COLUMNS = [f.name for f in fields(Appearance)] + [f.name for f in fields(Shape)]


class Progress:
    """A line that is written over on a terminal, and now and then a line elsewhere."""

    def __init__(self, what: str, stream=None):
        self.what, self.stream = what, stream or sys.stdout
        self.started = self.shown = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        now, terminal = time.monotonic(), self.stream.isatty()
        if done < total and now - self.shown < (0.2 if terminal else 10):
            return
        self.shown = now
        seconds = now - self.started
        left = "" if done == 0 or done >= total else ", %.0f s left" % (seconds / done * (total - done))
        text = "%s: %d of %d (%.0f %%), %.0f s%s" % (self.what, done, total, 100 * done / max(total, 1), seconds, left)
        self.stream.write("\r%-78s%s" % (text, "\n" if done >= total else "") if terminal else text + "\n")
        self.stream.flush()


def read_image(row, path: Path) -> tuple:
    """One image's row of the index, its appearance, and its crops: (128 px, 160 px or None). `row` is of the source's table."""
    data = path.read_bytes()
    entry = {"sha256": hashlib.sha256(data).hexdigest(), "width": 0, "height": 0, "pixel_sha256": "", "problem": ""}
    none = {name: np.nan for name in LOOK_COLUMNS}
    image = pre.decode(data)
    if image is None:
        return {**entry, "problem": "UNREADABLE"}, none, np.zeros((pre.INPUT_SIDE_PX,) * 2 + (3,), np.uint8), None
    entry.update(width=image.shape[1], height=image.shape[0],
                 pixel_sha256=hashlib.sha256(repr(image.shape).encode() + image.tobytes()).hexdigest())
    if row.released_sha256 and hashlib.sha256(sources.released_bytes(image)).hexdigest() != row.released_sha256:
        entry["problem"] = "NOT_AS_RELEASED"
    if not row.label:
        mask = stained_body(image)
        seen = none if mask is None else {**asdict(look(image, mask)), **asdict(shape_of(mask))}
        if mask is None:
            entry["problem"] = "NO_CELL"
        side = min(image.shape[:2])
        top, left = (image.shape[0] - side) // 2, (image.shape[1] - side) // 2
        return entry, seen, pre.resize(np.ascontiguousarray(image[top:top + side, left:left + side])), None
    cell = pre.find_cell(image)
    if cell is None:
        return {**entry, "problem": "NO_CELL"}, none, np.zeros((pre.INPUT_SIDE_PX,) * 2 + (3,), np.uint8), None
    if not entry["problem"] and not pre.is_cut_on_black(image):
        entry["problem"] = "NOT_CUT_ON_BLACK"
    mask = mask_of(cell)
    side = pre.crop_side_px(pre.CROP_SIDE_MICROMETRES, row.pixel_size_um)
    wide_side = max(1, round(side * TRAINING_CROP_PX / pre.INPUT_SIDE_PX))
    return (entry, {**asdict(look(cell.bgr, mask)), **asdict(shape_of(mask))}, pre.resize(pre.crop(cell, side)),
            pre.resize(pre.crop(cell, wide_side), TRAINING_CROP_PX))


def block_key(rows: pd.DataFrame, digests) -> str:
    text = rows[sources.COLUMNS].to_csv(index=False) + "\n".join(digests)
    steps = [FORMAT, pre.CROP_SIDE_MICROMETRES, pre.NOMINAL_PIXEL_SIZE_MICROMETRES, pre.INPUT_SIDE_PX, TRAINING_CROP_PX]
    return hashlib.sha256((json.dumps(steps) + text).encode()).hexdigest()[:32]


def write_block(path: Path, rows: pd.DataFrame, source: sources.Source) -> None:
    entries, looks, inputs, wides = [], [], [], []
    for row in rows.itertuples():
        entry, seen, narrow, wide = read_image(row, source.path(row))
        entries.append(entry)
        looks.append([seen[name] for name in LOOK_COLUMNS])
        inputs.append(narrow)
        wides.append(np.zeros((TRAINING_CROP_PX,) * 2 + (3,), np.uint8) if wide is None else wide)
    partial = path.with_suffix(".partial")
    with open(partial, "wb") as stream:
        np.savez(stream, entries=np.array(json.dumps(entries)), looks=np.array(looks, float), inputs=np.stack(inputs), wides=np.stack(wides))
    os.replace(partial, path)


def changes(before: pd.DataFrame, now: pd.DataFrame) -> list:
    """What differs between two tables of `source`, `file`, `sha256`: a line each."""
    old = dict(zip(before["source"] + "/" + before["file"], before["sha256"]))
    new = dict(zip(now["source"] + "/" + now["file"], now["sha256"]))
    return (["changed: %s" % f for f in new if f in old and old[f] != new[f]] + ["new: %s" % f for f in new if f not in old]
            + ["gone: %s" % f for f in old if f not in new])


LEAST_SUBJECTS = 8
"""Of each label: fewer can't be left out one by one, with an inner cross-validation among the others, to any use."""


def require_subjects(cells: pd.DataFrame) -> None:
    """@raise BadInput where a label of cells with `label` and `subject` has too few subjects to learn from and measure by"""
    counts = {label: cells.loc[cells["label"] == label, "subject"].nunique() for label in sources.LABELS}
    few = ["%s has %d subjects, at least %d are needed" % (label, count, LEAST_SUBJECTS) for label, count in counts.items() if count < LEAST_SUBJECTS]
    if few:
        raise sources.BadInput("too few subjects to leave any out", few)


def remembered(work: Path):
    path = work / "organised.json"
    return json.loads(path.read_text()) if path.exists() else None


def organise(work: Path = None, source: sources.Source = None) -> Organised:
    """The cells of a source; without one, of the source organised last, or of the shared folder. Leaves in `work`: index.csv,
    appearance.csv, cells.csv, cells.json, input.npy and wide.npy; typed.csv and typed.npy of the cells with a type alone.

    The digest covers every image's bytes, so training can't go on with data that is no longer what it was.
    @raise BadInput where the source can't be used
    """
    work = work or work_folder()
    last = remembered(work)
    if source is None:
        kind, arguments = (last["kind"], last["arguments"]) if last else ("shared", ())
        source = sources.named(kind, arguments, Progress("checking the release"))
    gone = [str(source.path(r)) for r in source.rows.itertuples() if not source.path(r).is_file()]
    if gone:
        raise sources.BadInput("listed images are not there", gone)
    hashing = Progress("reading %s" % source.kind)
    digests = []
    for number, row in enumerate(source.rows.itertuples()):
        digests.append(sha256(source.path(row)))
        hashing(number + 1, len(source.rows))
    digest = block_key(source.rows, digests)
    if last and last["digest"] == digest and (work / last["finished"]).exists():
        print("organised already: nothing has changed", flush=True)
        return Organised(work)
    work.mkdir(parents=True, exist_ok=True)
    now = source.rows.assign(sha256=digests)
    if last and (work / "index.csv").exists():
        found = changes(pd.read_csv(work / "index.csv", dtype=str, keep_default_na=False), now)
        print("since the last time %d images differ%s" % (len(found), "".join("\n  " + line for line in found[:10])), flush=True)
    blocks = work / "organising"
    blocks.mkdir(exist_ok=True)
    parts = []
    cutting = Progress("finding and cutting cells")
    for start in range(0, len(now), BLOCK):
        rows = now.iloc[start:start + BLOCK]
        path = blocks / ("%s.npz" % block_key(rows, rows["sha256"]))
        if not path.exists():
            write_block(path, rows, source)
        parts.append(path)
        cutting(min(start + BLOCK, len(now)), len(now))
    finished = assemble(now, parts, source, digest, work)
    shutil.rmtree(blocks)
    print("index of %d images in %s" % (len(now), work / "index.csv"), flush=True)
    if finished == "typed.csv":
        raise sources.BadInput("indexed and cut, but there is nothing to split", ["no cell is labelled BLAST or NORMAL: `explore` and `clean` work, `train` doesn't"])
    return Organised(work)


def assemble(rows: pd.DataFrame, parts: list, source: sources.Source, digest: str, work: Path) -> str:
    entries, looks = [], []
    for path in parts:
        with np.load(path) as part:
            entries += json.loads(str(part["entries"]))
            looks.append(part["looks"])
    entries, looks = pd.DataFrame(entries), np.concatenate(looks)
    for name in ("width", "height", "pixel_sha256", "problem"):
        rows = rows.assign(**{name: entries[name].to_numpy()})
    if (entries["sha256"].to_numpy() != rows["sha256"].to_numpy()).any():
        raise sources.BadInput("images changed while they were read", list(rows["file"][entries["sha256"].to_numpy() != rows["sha256"].to_numpy()]))
    (work / "organised.json").unlink(missing_ok=True)
    rows[INDEX_COLUMNS].to_csv(work / "index.csv", index=False)
    appearance = pd.DataFrame(looks, columns=LOOK_COLUMNS)
    appearance.insert(0, "file", rows["file"].to_numpy())
    appearance.insert(0, "source", rows["source"].to_numpy())
    appearance.to_csv(work / "appearance.csv", index=False)
    released = rows[(rows["released_sha256"] != "") & (rows["problem"] != "NOT_AS_RELEASED") & (rows["problem"] != "UNREADABLE")]
    if (rows["released_sha256"] != "").any():
        print("%d of %d copies have the very pixels of the release" % (len(released), (rows["released_sha256"] != "").sum()))
    bad = rows["problem"].isin(["UNREADABLE", "NO_CELL", "NOT_AS_RELEASED"]).to_numpy()
    for row in rows[bad & (rows["label"] != "").to_numpy()].itertuples():
        print("left out, %s: %s" % (row.problem, row.file))
    labelled = (rows["label"] != "").to_numpy() & ~bad
    typed = (rows["label"] == "").to_numpy() & (rows["problem"] != "UNREADABLE").to_numpy()
    save_crops(work / "input.npy", parts, "inputs", labelled, pre.INPUT_SIDE_PX)
    save_crops(work / "wide.npy", parts, "wides", labelled, TRAINING_CROP_PX)
    save_crops(work / "typed.npy", parts, "inputs", typed, pre.INPUT_SIDE_PX)
    rows[typed][["file", "source", "cell_type", "subject"]].to_csv(work / "typed.csv", index=False)
    finished = "typed.csv"
    if labelled.any():
        write_cells(rows[labelled], appearance[labelled], source.kind, digest, work)
        finished = "cells.json"
    (work / "organised.json").write_text(json.dumps({
        "kind": source.kind, "arguments": list(source.arguments), "digest": digest, "finished": finished,
        "roots": {name: str(root) for name, root in source.roots.items()}}, indent=1))
    return finished


def save_crops(path: Path, parts: list, name: str, chosen: np.ndarray, side: int) -> None:
    array = np.lib.format.open_memmap(path, "w+", np.uint8, (int(chosen.sum()), side, side, 3))
    done = start = 0
    for part in parts:
        with np.load(part) as block:
            crops = block[name][chosen[start:start + BLOCK]]
        array[done:done + len(crops)] = crops
        done, start = done + len(crops), start + BLOCK
    array.flush()


def write_cells(rows: pd.DataFrame, looks: pd.DataFrame, kind: str, digest: str, work: Path) -> None:
    scale = rows["pixel_size_um"].to_numpy(float) / pre.NOMINAL_PIXEL_SIZE_MICROMETRES
    cells = pd.DataFrame({"file": rows["file"], "label": rows["label"], "subject": rows["merged_subject"], "cluster": rows["cluster"],
                          "official_fold": rows["official_fold"]})
    for name in ("x", "y", "width", "height"):
        cells[name] = looks["box_" + name].astype(int).to_numpy()
    at_nominal = looks["area_px"].to_numpy() * scale ** 2
    cells["area_px"] = at_nominal.astype(int) if (scale == 1).all() else at_nominal
    require_subjects(cells)
    cells["source"], cells["pixel_size_um"] = rows["source"].to_numpy(), rows["pixel_size_um"].to_numpy()
    cells.to_csv(work / "cells.csv", index=False)
    side = pre.crop_side_px(pre.CROP_SIDE_MICROMETRES, pre.NOMINAL_PIXEL_SIZE_MICROMETRES)
    longest = np.maximum(cells["width"], cells["height"]) * scale
    cut = int((longest > side).sum())
    print("%d of %d cells reach beyond the crop of %d px; longest side %d px, 99.9 %% quantile %.0f px"
          % (cut, len(cells), side, longest.max(), longest.quantile(0.999)))
    images_csv = data_folder() / "cnmc2019" / "images.csv"
    (work / "cells.json").write_text(json.dumps({
        "imagesCsvSha256": sha256(images_csv) if kind == "shared" else digest, "inputDigest": digest,
        "cellsBeyondCrop": cut, "longestSidePx": int(longest.max()), "cropSidePx": side}, indent=1))
