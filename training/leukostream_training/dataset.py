"""C-NMC 2019 as cells: whose they are, and the pixels ready for training.

Subjects are *merged* subjects everywhere: the release holds byte-identical images under different subject numbers.
"""
import hashlib
import json
import os
from pathlib import Path
import re

import numpy as np
import pandas as pd


WELL_POPULATED = 40
TRAINING_CROP_PX = 160
"""Crops for training are wider than the network's input, so that shrinking by 0.8 and rotating find their pixels."""

KNOWN_SAME_PERSON = ({"20", "21"}, {"51", "75", "78"}, {"H2", "H4", "H5", "H6"}, {"H3", "H10"})
"""By byte-identical images under different subject numbers of the release."""

FOUND_SAME_CELLS = ({"1", "15", "16", "17", "20"}, {"43", "44"}, {"H2", "H7"})
"""By `clean`: the same cells, photographed or cut out a second time, under different subject numbers (27 pairs in the sample)."""


def data_folder() -> Path:
    """The folder that holds `cnmc2019` and `weights`: LEUKOSTREAM_TRAINING_DATA, else `shared/data` beside the repository."""
    named = os.environ.get("LEUKOSTREAM_TRAINING_DATA")
    return Path(named) if named else Path(__file__).resolve().parents[3] / "shared" / "data"


def work_folder() -> Path:
    return Path(__file__).resolve().parents[1] / "work"


def sha256(path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def subject_order(subject: str):
    letters = subject.rstrip("0123456789")
    return letters, int(subject[len(letters):] or 0), subject


def merge(subjects, same) -> dict:
    """subject -> its merged subject, the joined numbers of all that the sets of `same` connect: `H2+H4+H5+H6+H7`.

    A name that is merged already (`20+21`) counts as each of its parts.
    """
    leader = {}

    def find(name):
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    for names in [subject.split("+") for subject in subjects] + [list(names) for names in same]:
        for name in names:
            leader[find(name)] = find(names[0])
    members = {}
    here = {name for subject in subjects for name in subject.split("+")}
    for name in here:
        members.setdefault(find(name), []).append(name)
    return {subject: "+".join(sorted(members[find(subject.split("+")[0])], key=subject_order)) for subject in subjects}


def read_index(folder: Path) -> pd.DataFrame:
    """images.csv with the image number of the file name (`UID_<subject>_<image>_<cell>_<label>`), checked for split subjects.

    `merged_subject` is the file's, with those joined that FOUND_SAME_CELLS connects.
    """
    index = pd.read_csv(folder / "images.csv", dtype=str)
    index["subject"] = index["subject"].str.upper()
    numbers = index["file"].str.extract(r"UID_[^_]+_([^_]+)_([^_]+)_(?:all|hem)\.", flags=re.IGNORECASE)
    if numbers.isna().any().any():
        raise ValueError("file names without image and cell number: %s" % list(index["file"][numbers[0].isna()])[:3])
    index["cluster"] = index["subject"] + "/" + numbers[0]
    for same in KNOWN_SAME_PERSON:
        merged = set(index.loc[index["subject"].isin(same), "merged_subject"])
        if len(merged) > 1:
            raise ValueError("subjects %s are one person but are listed as %s" % (sorted(same), sorted(merged)))
    index["merged_subject"] = index["merged_subject"].map(merge(index["merged_subject"].unique(), FOUND_SAME_CELLS))
    if index.groupby("merged_subject")["label"].nunique().max() > 1:
        raise ValueError("a merged subject carries both labels")
    if index["sha256_of_original_bmp"].duplicated().any():
        raise ValueError("the same image is listed twice")
    return index


def deal_folds(subjects: pd.DataFrame, folds: int, by: str = "median_area") -> dict:
    """subject -> fold, for rows with `subject`, `images` and `median_area` (or another column to sort by) of one label.

    Well-populated subjects are sorted by cell size and dealt back and forth, so that every fold has small-celled and
    large-celled ones; the others go where the fewest images are.
    """
    big = subjects[subjects["images"] >= WELL_POPULATED].sort_values([by, "subject"])
    small = subjects[subjects["images"] < WELL_POPULATED].sort_values(["images", "subject"], ascending=[False, True])
    there_and_back = list(range(folds)) + list(range(folds))[::-1]
    fold = {s: there_and_back[i % len(there_and_back)] for i, s in enumerate(big["subject"])}
    load = [sum(n for s, n in zip(big["subject"], big["images"]) if fold[s] == k) for k in range(folds)]
    for subject, images in zip(small["subject"], small["images"]):
        k = int(np.argmin(load))
        fold[subject] = k
        load[k] += images
    return fold


class Organised:
    """What `organise` left behind: one row a cell, and two pixel arrays in the same order.

    `subject` in `cells` is the merged subject, `area_px` the area at the nominal pixel size.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.cells = pd.read_csv(folder / "cells.csv", dtype={"subject": str, "cluster": str})
        self.about = json.loads((folder / "cells.json").read_text())
        self.labels = (self.cells["label"] == "BLAST").to_numpy().astype(np.int64)
        self.subjects = self.cells["subject"].to_numpy()

    def input_crops(self) -> np.ndarray:
        """uint8 BGR [N,128,128,3]: steps 1 to 4 of the preprocessing."""
        return np.load(self.folder / "input.npy")

    def training_crops(self) -> np.ndarray:
        """uint8 BGR [N,160,160,3] at the scale of the input, with more surround."""
        return np.load(self.folder / "wide.npy")
