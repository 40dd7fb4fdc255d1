"""`clean`: the same cell twice, a split that leaks, and images that are not what training takes them for.

A duplicate is found in three ways: equal files, equal pixels, and *near*: the same cell turned by a quarter, mirrored, shifted,
encoded again, or photographed again. Near ones are found in two steps, a correlation of thumbnails in all eight orientations and,
for those that pass, a correlation of the fine structure after alignment.
"""
import json
from pathlib import Path

import cv2
import numpy as np
import pandas as pd

from . import looks
from . import preprocessing as pre
from .dataset import Organised, merge, work_folder
from .organising import Progress, remembered

THUMBNAIL_PX = 32
THUMBNAIL_AT_LEAST = 0.70
ALIGNED_AT_LEAST = 0.80
TYPED_ALIGNED_AT_LEAST = 0.90
"""Measured, see training/README.md. Cells cut on black: no pair of different merged subjects and no turned or mirrored pair of the C-NMC
sample has more than 0.75. Typed cells with their surroundings: smooth round cells on an even ground reach 0.84 without being one."""
ORIENTATIONS = ("as it is", "mirrored", "turned 90", "turned 90, mirrored", "turned 180", "turned 180, mirrored", "turned 270", "turned 270, mirrored")

DEBRIS_SOLIDITY_BELOW = 0.90
DEBRIS_THIN_ABOVE = 0.08
CUT_STRAIGHT_FROM = 0.35
OUTLYING_FROM = 3.5
"""Modified z score from which a value counts as outlying: Iglewicz and Hoaglin 1993."""
CLIPPED_FROM = 0.01

PAIR_COLUMNS = ["kind", "source_a", "file_a", "source_b", "file_b", "subject_a", "subject_b", "label_a", "label_b",
                "thumbnail", "aligned", "orientation", "across_subjects", "labels_differ"]


class LeakingSplit(ValueError):
    """A split with the same cell or the same subject on two sides. `leaks` has one entry a finding."""

    def __init__(self, leaks: list):
        self.leaks = leaks
        super().__init__("the split leaks in %d ways; nothing may be trained on it:\n%s" % (len(leaks), "\n".join(describe(leaks))))


def oriented(image: np.ndarray, orientation: int) -> np.ndarray:
    """One of the eight orientations of [H,W] or [N,H,W]; numbers as in ORIENTATIONS."""
    turned = np.rot90(image, orientation // 2, (-2, -1))
    return np.ascontiguousarray(turned[..., ::-1] if orientation % 2 else turned)


def grey_and_mask(crop: np.ndarray) -> tuple:
    """float32 grey with the surround set to the cell's mean, and uint8 mask, of uint8 BGR [H,W,3]."""
    mask = crop.max(axis=2) > pre.BLACK_AT_MOST
    grey = cv2.cvtColor(np.ascontiguousarray(crop), cv2.COLOR_BGR2GRAY).astype(np.float32)
    if mask.any():
        grey[~mask] = grey[mask].mean()
    return grey, mask.astype(np.uint8)


def thumbnail(crop: np.ndarray) -> np.ndarray:
    """float32 [1024] of length 1 (or 0 where the crop shows nothing): the cell's structure without its outline and its slow shading."""
    grey, mask = grey_and_mask(crop)
    small = cv2.resize(grey, (THUMBNAIL_PX,) * 2, interpolation=cv2.INTER_AREA)
    share = cv2.resize(mask.astype(np.float32), (THUMBNAIL_PX,) * 2, interpolation=cv2.INTER_AREA)
    inner = cv2.erode(share, np.ones((3, 3), np.uint8)) > 0.99
    if inner.sum() < 9:
        return np.zeros(THUMBNAIL_PX ** 2, np.float32)
    band = small - cv2.GaussianBlur(small, (0, 0), 3.0)
    band = np.where(inner, band - band[inner].mean(), 0).astype(np.float32)
    length = np.linalg.norm(band)
    return (band / length if length > 1e-3 else band * 0).ravel()


def alike(thumbnails: np.ndarray, at_least: float = THUMBNAIL_AT_LEAST, progress=lambda done, total: None) -> list:
    """(i, j, correlation, orientation of j) of all pairs i < j whose thumbnails correlate in some orientation."""
    images = thumbnails.reshape(-1, THUMBNAIL_PX, THUMBNAIL_PX)
    turned = [oriented(images, k).reshape(len(images), -1) for k in range(len(ORIENTATIONS))]
    found, block = [], 512
    for start in range(0, len(images), block):
        own = thumbnails[start:start + block]
        all_ways = np.stack([own @ other[start:].T for other in turned])
        best, way = all_ways.max(axis=0), all_ways.argmax(axis=0)
        for i, j in zip(*np.nonzero(best >= at_least)):
            if j > i:
                found.append((start + int(i), start + int(j), float(best[i, j]), int(way[i, j])))
        progress(min(start + block, len(images)), len(images))
    return found


def aligned_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Correlation of the fine structure of two crops, uint8 BGR [H,W,3], where both show cell, after an affine motion of b
    onto a by the enhanced correlation coefficient (Evangelidis and Psarakis 2008). -1 where that doesn't converge."""
    (grey_a, mask_a), (grey_b, mask_b) = grey_and_mask(a), grey_and_mask(b)
    mask_a, mask_b = (cv2.erode(mask, np.ones((5, 5), np.uint8), borderValue=0) for mask in (mask_a, mask_b))
    motion = np.eye(2, 3, dtype=np.float32)
    try:
        _, motion = cv2.findTransformECC(grey_a - cv2.GaussianBlur(grey_a, (0, 0), 12), grey_b - cv2.GaussianBlur(grey_b, (0, 0), 12), motion,
                                         cv2.MOTION_AFFINE, (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-4), mask_a, 5)
    except cv2.error as failed:
        if failed.code != cv2.Error.StsNoConv:
            raise
        return -1.0
    fine_a, fine_b = (grey - cv2.GaussianBlur(grey, (0, 0), 6) for grey in (grey_a, grey_b))
    size = grey_a.shape[1], grey_a.shape[0]
    fine_b = cv2.warpAffine(fine_b, motion, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    mask_b = cv2.warpAffine(mask_b, motion, size, flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
    both = (mask_a > 0) & (mask_b > 0)
    if both.sum() < 100:
        return -1.0
    x, y = fine_a[both] - fine_a[both].mean(), fine_b[both] - fine_b[both].mean()
    lengths = float(np.sqrt((x * x).sum() * (y * y).sum()))
    return float((x * y).sum()) / lengths if lengths > 0 else -1.0


def near_duplicates(crops: np.ndarray, aligned_at_least: float = ALIGNED_AT_LEAST, what: str = "cells") -> list:
    """(i, j, thumbnail's correlation, aligned correlation, orientation of j) of crops uint8 BGR [N,128,128,3], i < j."""
    thumbnails = np.stack([thumbnail(crop) for crop in crops]) if len(crops) else np.zeros((0, THUMBNAIL_PX ** 2), np.float32)
    passed = alike(thumbnails, progress=Progress("comparing %s" % what))
    found, progress = [], Progress("aligning %s that are alike" % what)
    for number, (i, j, correlation, way) in enumerate(passed):
        turned = np.stack([oriented(crops[j][:, :, channel], way) for channel in range(3)], axis=2)
        fine = aligned_correlation(crops[i], turned)
        if fine >= aligned_at_least:
            found.append((i, j, correlation, fine, way))
        progress(number + 1, len(passed))
    return found


def find_pairs(work: Path) -> pd.DataFrame:
    """Every pair of images of the index that show one cell: one row a pair, the strongest reason alone."""
    index = pd.read_csv(work / "index.csv", dtype=str, keep_default_na=False)
    place = {key: n for n, key in enumerate(zip(index["source"], index["file"]))}
    rows, seen = [], set()

    def add(kind, i, j, thumbnail_correlation=1.0, fine=1.0, orientation=0):
        i, j = min(i, j), max(i, j)
        if i == j or (i, j) in seen:
            return
        seen.add((i, j))
        a, b = index.iloc[i], index.iloc[j]
        across = bool(a.merged_subject) and bool(b.merged_subject) and a.merged_subject != b.merged_subject
        labels = [r.label or r.cell_type for r in (a, b)]
        rows.append((kind, a.source, a.file, b.source, b.file, a.merged_subject, b.merged_subject, *labels, round(thumbnail_correlation, 4),
                     round(fine, 4), ORIENTATIONS[orientation], across, labels[0] != labels[1]))

    for kind, column in (("FILE", "sha256"), ("PIXELS", "pixel_sha256")):
        for _, members in index[index[column] != ""].groupby(column, sort=False).indices.items():
            known = index[index[column] != ""].index[members]
            for i, j in zip(known[:-1], known[1:]):
                add(kind, i, j)
    for table, array, at_least, what in (("cells.csv", "input.npy", ALIGNED_AT_LEAST, "cells"),
                                         ("typed.csv", "typed.npy", TYPED_ALIGNED_AT_LEAST, "typed cells")):
        if not (work / table).exists():
            continue
        listed = pd.read_csv(work / table, dtype=str, keep_default_na=False)
        if listed.empty:
            continue
        rows_of = [place[key] for key in zip(listed["source"], listed["file"])]
        for i, j, correlation, fine, way in near_duplicates(np.load(work / array, mmap_mode="r"), at_least, what):
            add("NEAR", rows_of[i], rows_of[j], correlation, fine, way)
    return pd.DataFrame(rows, columns=PAIR_COLUMNS)


def proposed_merges(pairs: pd.DataFrame) -> list:
    """Subjects that share cells and are not merged yet, with how many pairs say so."""
    across = pairs[pairs["across_subjects"]]
    names = sorted(set(across["subject_a"]) | set(across["subject_b"]))
    own = {name: str(number) for number, name in enumerate(names)}
    joined = merge(list(own.values()), [{own[a], own[b]} for a, b in zip(across["subject_a"], across["subject_b"])])
    result = []
    for group in sorted(set(joined.values())):
        subjects = [names[int(k)] for k in group.split("+")]
        result.append({"subjects": subjects, "pairs": int(across["subject_a"].isin(subjects).sum())})
    return result


def modified_z(values: np.ndarray) -> np.ndarray:
    """0.6745 (x - median) / MAD; 0 where there is no spread."""
    median = np.nanmedian(values)
    spread = np.nanmedian(np.abs(values - median))
    return 0.6745 * (values - median) / spread if spread > 0 else np.zeros(len(values))


def find_flags(index: pd.DataFrame, appearance: pd.DataFrame) -> pd.DataFrame:
    """Rows (source, file, flag, value, limit) of images that a person should look at; `index` and `appearance` in the same order."""
    side = pre.crop_side_px(pre.CROP_SIDE_MICROMETRES, pre.NOMINAL_PIXEL_SIZE_MICROMETRES)
    labelled = (index["label"] != "").to_numpy()
    size = pd.to_numeric(index["pixel_size_um"], errors="coerce").to_numpy() / pre.NOMINAL_PIXEL_SIZE_MICROMETRES
    longest = np.maximum(appearance["box_width"], appearance["box_height"]).to_numpy() * size
    kind = (index["source"] + "/" + index["label"] + index["cell_type"]).to_numpy()
    area, focus = (np.log(np.maximum(appearance[name].to_numpy(), 1e-6)) for name in ("area_px", "sharpness"))
    area = area + 2 * np.log(np.where(labelled, size, 1.0))
    z_area, z_focus = np.zeros(len(index)), np.zeros(len(index))
    for name in np.unique(kind):
        z_area[kind == name] = modified_z(area[kind == name])
    for name in index["source"].unique():
        z_focus[index["source"] == name] = modified_z(focus[index["source"] == name])
    checks = [("CUT_BY_THE_IMAGE", appearance["touches"].to_numpy(), appearance["touches"].to_numpy() > 0, 0),
              ("CUT_STRAIGHT", appearance["straight"].to_numpy(), labelled & (appearance["straight"].to_numpy() >= CUT_STRAIGHT_FROM), CUT_STRAIGHT_FROM),
              ("BEYOND_CROP", longest, labelled & (longest > side), side),
              ("DEBRIS", appearance["solidity"].to_numpy(), labelled & (appearance["solidity"].to_numpy() < DEBRIS_SOLIDITY_BELOW), DEBRIS_SOLIDITY_BELOW),
              ("DEBRIS", appearance["thin"].to_numpy(), labelled & (appearance["solidity"].to_numpy() >= DEBRIS_SOLIDITY_BELOW)
               & (appearance["thin"].to_numpy() > DEBRIS_THIN_ABOVE), DEBRIS_THIN_ABOVE),
              ("SIZE_OUTLYING", z_area, np.abs(z_area) >= OUTLYING_FROM, OUTLYING_FROM),
              ("FOCUS_OUTLYING", z_focus, np.abs(z_focus) >= OUTLYING_FROM, OUTLYING_FROM),
              ("CLIPPED", appearance["clipped"].to_numpy(), appearance["clipped"].to_numpy() >= CLIPPED_FROM, CLIPPED_FROM)]
    rows = [(index["source"].iloc[n], index["file"].iloc[n], index["problem"].iloc[n], "", "") for n in np.flatnonzero(index["problem"] != "")]
    for flag, value, raised, limit in checks:
        rows += [(index["source"].iloc[n], index["file"].iloc[n], flag, round(float(value[n]), 3), limit) for n in np.flatnonzero(raised)]
    return pd.DataFrame(rows, columns=["source", "file", "flag", "value", "limit"])


def splits_of(organised: Organised) -> dict:
    """What training and evaluation part the cells by: name -> part of each cell, None where a cell has no part."""
    by_look = looks.number_of_each(organised, looks.of(organised))
    return {"subjects left out": list(organised.subjects), "look-groups": ["look-group %d" % number for number in by_look]}


def read_split(path: Path, cells: pd.DataFrame) -> list:
    """The part of each cell by a CSV with `part` and `file` or `subject` (as released or merged)."""
    split = pd.read_csv(path, dtype=str, keep_default_na=False)
    keys = [name for name in ("file", "subject") if name in split]
    if "part" not in split or len(keys) != 1:
        raise ValueError("'%s' needs the columns 'part' and either 'file' or 'subject', it has %s" % (path, ", ".join(split.columns)))
    contradictory = split.groupby(keys[0])["part"].nunique()
    if (contradictory > 1).any():
        raise ValueError("'%s' puts %s into two parts" % (path, ", ".join(contradictory[contradictory > 1].index[:5])))
    part = dict(zip(split[keys[0]], split["part"]))
    names = cells["file"] if keys[0] == "file" else cells["named_subject"]
    if keys[0] == "subject" and not set(part) & set(names):
        names = cells["subject"]
    unknown = sorted(set(part) - set(names))
    if unknown:
        raise ValueError("'%s' names %s that is not among the cells: %s" % (path, keys[0], ", ".join(unknown[:5])))
    return [part.get(name) for name in names]


def find_leaks(name: str, cells: pd.DataFrame, parts, pairs: pd.DataFrame) -> list:
    """Subjects in two parts of a split, and pairs of one cell with a side in each. `cells` has `source`, `file`, `subject` (merged)."""
    parts = pd.Series(list(parts), index=cells.index, dtype=object)
    inside = parts.notna()
    leaks = []
    for subject, own in parts[inside].groupby(cells["subject"][inside]):
        if own.nunique() > 1:
            leaks.append({"split": name, "kind": "SUBJECT", "subject": str(subject), "parts": sorted(map(str, own.unique())), "cells": int(len(own))})
    part_of = {key: part for key, part, is_in in zip(zip(cells["source"], cells["file"]), parts, inside) if is_in}
    for pair in pairs.itertuples():
        a, b = part_of.get((pair.source_a, pair.file_a)), part_of.get((pair.source_b, pair.file_b))
        if a is not None and b is not None and a != b:
            leaks.append({"split": name, "kind": pair.kind, "files": [pair.file_a, pair.file_b], "subjects": [pair.subject_a, pair.subject_b],
                          "parts": [str(a), str(b)], "aligned": float(pair.aligned)})
    return leaks


def describe(leaks: list, at_most: int = 20) -> list:
    lines = []
    for leak in leaks[:at_most]:
        if leak["kind"] == "SUBJECT":
            lines.append("  %s: subject %s is in %s" % (leak["split"], leak["subject"], " and ".join(leak["parts"])))
        else:
            lines.append("  %s: the same cell in %s: %s (%s, subject %s) and %s (%s, subject %s)" % (
                leak["split"], {"FILE": "equal files", "PIXELS": "equal pixels", "NEAR": "near copies, %.2f" % leak["aligned"]}[leak["kind"]],
                leak["files"][0], leak["parts"][0], leak["subjects"][0], leak["files"][1], leak["parts"][1], leak["subjects"][1]))
    return lines + (["  and %d more" % (len(leaks) - at_most)] if len(leaks) > at_most else [])


def examined_pairs(work: Path) -> pd.DataFrame:
    """The pairs of what is organised now: from pairs.csv where that is of these images, else found anew and written."""
    organised = remembered(work)
    if organised is None:
        raise ValueError("nothing is organised in '%s': run `organise`" % work)
    mark = {"digest": organised["digest"], "thumbnailPx": THUMBNAIL_PX, "thumbnailAtLeast": THUMBNAIL_AT_LEAST, "alignedAtLeast": ALIGNED_AT_LEAST, "typedAlignedAtLeast": TYPED_ALIGNED_AT_LEAST}
    path, mark_path = work / "pairs.csv", work / "pairs.json"
    if not (path.exists() and mark_path.exists() and json.loads(mark_path.read_text()) == mark):
        mark_path.unlink(missing_ok=True)
        find_pairs(work).to_csv(path, index=False)
        mark_path.write_text(json.dumps(mark))
    pairs = pd.read_csv(path, dtype={name: str for name in PAIR_COLUMNS[:9]}, keep_default_na=False)
    return pairs.assign(across_subjects=pairs["across_subjects"].astype(bool), labels_differ=pairs["labels_differ"].astype(bool))


def with_named_subjects(organised: Organised) -> pd.DataFrame:
    index = pd.read_csv(organised.folder / "index.csv", dtype=str, keep_default_na=False)
    named = dict(zip(zip(index["source"], index["file"]), index["subject"]))
    return organised.cells.assign(named_subject=[named[key] for key in zip(organised.cells["source"], organised.cells["file"])])


def require_clean(organised: Organised, splits: dict = None) -> None:
    """Lets a split pass, or raises. To be called before any training.

    @param splits name -> part of each cell in the order of `organised.cells` (None: in no part); without it, each
                  subject and each look-group a part
    @raise LeakingSplit where a subject or the two sides of a pair are in different parts
    """
    pairs = examined_pairs(organised.folder)
    leaks = [leak for name, parts in (splits or splits_of(organised)).items() for leak in find_leaks(name, organised.cells, parts, pairs)]
    if leaks:
        raise LeakingSplit(leaks)


def clean(work: Path = None, split: Path = None) -> dict:
    """Writes pairs.csv, flags.csv and clean.json and returns the latter; `refused` says whether a split leaks."""
    work = work or work_folder()
    pairs = examined_pairs(work)
    index = pd.read_csv(work / "index.csv", dtype=str, keep_default_na=False)
    flags = find_flags(index, pd.read_csv(work / "appearance.csv"))
    flags.to_csv(work / "flags.csv", index=False)
    leaks, checked = [], []
    if (work / "cells.csv").exists():
        organised = Organised(work)
        cells = with_named_subjects(organised)
        splits = splits_of(organised)
        if split is not None:
            splits[str(split)] = read_split(split, cells)
        for name, parts in splits.items():
            checked.append({"split": name, "parts": sorted({str(p) for p in parts if p is not None}), "cellsInNoPart": sum(p is None for p in parts)})
            leaks += find_leaks(name, cells, parts, pairs)
    elif split is not None:
        raise ValueError("no labelled cells are organised, so there is no split to check")
    result = {
        "digest": remembered(work)["digest"], "images": len(index), "refused": bool(leaks), "splits": checked, "leaks": leaks,
        "pairs": {"total": len(pairs), **{kind: int((pairs["kind"] == kind).sum()) for kind in ("FILE", "PIXELS", "NEAR")},
                  "acrossSubjects": int(pairs["across_subjects"].sum()), "labelsDiffer": int(pairs["labels_differ"].sum())},
        "thresholds": {"thumbnail": THUMBNAIL_AT_LEAST, "aligned": ALIGNED_AT_LEAST, "typedAligned": TYPED_ALIGNED_AT_LEAST},
        "proposedMerges": proposed_merges(pairs),
        "mergedSubjects": sorted(s for s in index["merged_subject"].unique() if "+" in s),
        "flags": {flag: int(count) for flag, count in flags["flag"].value_counts().items()}}
    (work / "clean.json").write_text(json.dumps(result, indent=1))
    report(result, work)
    return result


def report(result: dict, work: Path) -> None:
    print("%d images: %d pairs show one cell (%d equal files, %d equal pixels, %d near), %d of them across subjects, %d with different labels"
          % (result["images"], *(result["pairs"][k] for k in ("total", "FILE", "PIXELS", "NEAR", "acrossSubjects", "labelsDiffer"))))
    print("merged subjects: %s" % (", ".join(result["mergedSubjects"]) or "none"))
    for each in result["proposedMerges"]:
        print("these subjects share cells and should be merged: %s (%d pairs)" % (", ".join(each["subjects"]), each["pairs"]))
    for flag, count in result["flags"].items():
        print("  %5d %s" % (count, flag))
    print("details: %s, %s, %s" % tuple(work / name for name in ("clean.json", "pairs.csv", "flags.csv")))
    if result["refused"]:
        print("REFUSED: a split leaks in %d ways\n%s" % (len(result["leaks"]), "\n".join(describe(result["leaks"]))))
    else:
        print("clean: no subject and no cell is on two sides of %s" % (" or of ".join(each["split"] for each in result["splits"]) or "a split (there is none)"))
