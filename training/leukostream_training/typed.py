"""Typed cells, with their surroundings, of marrow (`bmc_marrow`) and blood (`pbc`): cut as inference cuts them, and split by file.

The cutting is done by the Java program itself (`CropExport` of inference-service), so that the network is trained on what it
will be shown. There are no patient numbers: a split by patient is impossible, and figures on the test part are optimistic.
"""
import hashlib
from pathlib import Path
import subprocess

import numpy as np
import pandas as pd

from . import preprocessing as pre
from .dataset import TRAINING_CROP_PX, data_folder, sha256, work_folder
from .repository import java_test_program

TYPES = ["BLAST", "LYMPHOCYTE", "MONOCYTE", "NEUTROPHIL", "EOSINOPHIL", "BASOPHIL", "ERYTHROBLAST", "IMMATURE_GRANULOCYTE",
         "NOT_IDENTIFIABLE"]
FOLDER_TYPES = {
    "bmc_marrow": {"BLA": "BLAST", "LYT": "LYMPHOCYTE", "MON": "MONOCYTE", "NGS": "NEUTROPHIL", "EOS": "EOSINOPHIL",
                   "PMO": "IMMATURE_GRANULOCYTE", "NIF": "NOT_IDENTIFIABLE"},
    "pbc": {"basophil": "BASOPHIL", "eosinophil": "EOSINOPHIL", "erythroblast": "ERYTHROBLAST", "ig": "IMMATURE_GRANULOCYTE",
            "lymphocyte": "LYMPHOCYTE", "monocyte": "MONOCYTE", "neutrophil": "NEUTROPHIL", "platelet": "NOT_IDENTIFIABLE"}}
PIXEL_SIZE_MICROMETRES = {"bmc_marrow": 0.09, "pbc": 0.10}
"""Neither set states one; by the red cells in the images, 7 to 8 µm, both are near this."""
PARTS = {"train": 0.70, "calibrate": 0.15, "test": 0.15}
SPLIT_SEED = "leukostream-typed-1"
EXPORTER = "io.leukostream.inference.CropExport"


def part_of(file: str) -> str:
    """By a seeded hash of the file's name, so that more files don't move the others."""
    draw = int(hashlib.sha256(("%s:%s" % (SPLIT_SEED, file)).encode()).hexdigest()[:12], 16) / 16 ** 12
    for part, share in PARTS.items():
        draw -= share
        if draw < 0:
            return part
    return part


def listed() -> pd.DataFrame:
    rows = []
    for source, types in FOLDER_TYPES.items():
        for folder, cell_type in types.items():
            for path in sorted((data_folder() / source / folder).glob("*.jpg")):
                file = path.relative_to(data_folder()).as_posix()
                rows.append((file, source, cell_type, part_of(file)))
    return pd.DataFrame(rows, columns=["file", "source", "type", "part"])


def export_crops(images: list, side_micrometres: float, side_px: int, folder: Path) -> tuple:
    """Cuts the cells of some images as inference does: the table that `CropExport` writes, and the crops, uint8 BGR [N,side,side,3].

    @param images (path, pixel size in micrometres or "", CELL or FIELD)
    """
    command, environment = java_test_program(EXPORTER)
    folder.mkdir(parents=True, exist_ok=True)
    listed_in = folder / "list.txt"
    listed_in.write_text("".join("%s,%s,%s\n" % image for image in images))
    subprocess.run(command + [str(side_micrometres), str(pre.NOMINAL_PIXEL_SIZE_MICROMETRES), str(side_px), str(listed_in), str(folder)],
                   env=environment, check=True)
    raw = folder / "crops.raw"
    planes = np.fromfile(raw, np.uint8).reshape(-1, 3, side_px, side_px)
    raw.unlink()
    return pd.read_csv(folder / "crops.csv"), np.ascontiguousarray(planes[:, ::-1].transpose(0, 2, 3, 1))


def cut(work: Path = None) -> None:
    """Leaves `typed/cells.csv` and the crops at the network's side and, wider, for augmentation."""
    folder = (work or work_folder()) / "typed"
    cells = listed()
    mark = hashlib.sha256("\n".join(sha256(data_folder() / f) for f in cells["file"]).encode()).hexdigest()
    if (folder / "finished").exists() and (folder / "finished").read_text() == mark:
        print("typed cells are cut already", flush=True)
        return
    folder.mkdir(parents=True, exist_ok=True)
    images = [(data_folder() / f, "%g" % PIXEL_SIZE_MICROMETRES[s], "CELL") for f, s in zip(cells["file"], cells["source"])]
    wider = pre.CROP_SIDE_MICROMETRES * TRAINING_CROP_PX / pre.INPUT_SIDE_PX
    found = None
    for name, micrometres, side in (("input", pre.CROP_SIDE_MICROMETRES, pre.INPUT_SIDE_PX), ("wide", wider, TRAINING_CROP_PX)):
        found, crops = export_crops(images, micrometres, side, folder / name)
        if len(found) != len(cells):
            raise ValueError("%d crops of %d images" % (len(found), len(cells)))
        np.save(folder / ("%s.npy" % name), crops)
    cells["found"] = found["found"].to_numpy() == 1
    cells["area_micrometres2"] = found["areaMicrometres2"].to_numpy()
    cells.to_csv(folder / "cells.csv", index=False)
    (folder / "finished").write_text(mark)
    print("typed cells: %d, %d without a cell found" % (len(cells), (~cells["found"]).sum()), flush=True)


def field_crops(source: str, work: Path = None) -> np.ndarray:
    """Input crops of the cells that inference finds in a set of whole fields, uint8 BGR [N,128,128,3]; kept in `work`."""
    folder = (work or work_folder()) / "fields" / source
    if not (folder / "input.npy").exists():
        images = [(path, "", "FIELD") for path in sorted((data_folder() / source / "images").iterdir())]
        found, crops = export_crops(images, pre.CROP_SIDE_MICROMETRES, pre.INPUT_SIDE_PX, folder)
        np.save(folder / "input.npy", crops[found["found"].to_numpy() == 1])
    return np.load(folder / "input.npy")


class Typed:
    """The typed cells in which one was found: `cells`, one row each, and the crops in its order."""

    def __init__(self, work: Path = None):
        folder = (work or work_folder()) / "typed"
        every = pd.read_csv(folder / "cells.csv")
        self.found = every["found"].to_numpy()
        self.cells = every[self.found].reset_index(drop=True)
        self.labels = np.array([TYPES.index(t) for t in self.cells["type"]])
        self.part = self.cells["part"].to_numpy()
        self.not_found = every[~self.found]["type"].value_counts().to_dict()
        self.folder = folder

    def input_crops(self) -> np.ndarray:
        """uint8 BGR [N,128,128,3]."""
        return np.load(self.folder / "input.npy")[self.found]

    def training_crops(self) -> np.ndarray:
        """uint8 BGR [N,160,160,3]."""
        return np.load(self.folder / "wide.npy")[self.found]
