"""Look-groups: normal subjects whose cells look alike, left out together, so that a figure shows what a new look does.

The groups come from the images alone; no score of any model and no fit to a label has a part in them. They are written to
`training/look-groups.json` once and committed, so that they can't move with what is tried later.
"""
import json
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import fcluster, leaves_list, linkage

from . import preprocessing as pre
from .appearance import look, mask_of
from .dataset import Organised, data_folder, deal_folds, read_index, sha256

GROUPS = 4
SIZE_WEIGHT = 2.0
FEATURES = {"size": ("area_px", SIZE_WEIGHT, ("large", "small")),
            "sharpness": ("sharpness", 1.0, ("sharp", "soft")),
            "hue": ("red_to_green", 1.0, ("bluish", "reddish"))}
RULE = (
    "Every subject is the median of its cells in three numbers: the logarithms of the cell's area in px, of its sharpness (standard deviation "
    "of the 3x3 Laplacian of the grey values, 4 px of the rim left out) and of its stain's hue (mean optical density of red over that of green), "
    "each rounded to 4 digits. Over the normal subjects each number is brought to mean 0 and standard deviation 1; size then counts twice, because "
    "it is the cue that is known to fail on large-celled normal subjects. Ward's clustering of the normal subjects is cut at 4 groups, numbered by "
    "the mean log area of their subjects from large to small. ALL subjects, in the same three numbers over the ALL subjects, are put in the order "
    "of the leaves of their own Ward clustering (neighbours look alike, optimal leaf order, larger end first) and dealt back and forth into 4 parts, "
    "those with fewer than 40 cells where the fewest cells are; part k goes with group k. So the parts of ALL look alike and a group's figure "
    "differs by the look of its normal subjects. Every cell of the sample counts once; subjects are merged ones, those included "
    "that share cells by `clean`; no model's score is used.")


def committed_file() -> Path:
    return Path(__file__).resolve().parents[1] / "look-groups.json"


def subject_statistics(cells: pd.DataFrame) -> pd.DataFrame:
    """One row a subject, for cells with `subject`, `label` (BLAST or NORMAL), `area_px`, `sharpness` and `red_to_green`."""
    logs = cells[["subject", "label"]].assign(**{name: np.log(cells[column]) for name, (column, _, _) in FEATURES.items()})
    groups = logs.groupby(["label", "subject"])
    return groups[list(FEATURES)].median().round(4).assign(cells=groups.size()).reset_index().sort_values(["label", "subject"], ignore_index=True)


def deviations(subjects: pd.DataFrame) -> pd.DataFrame:
    """Each subject's distance from the mean of the subjects, in standard deviations."""
    values = subjects[list(FEATURES)]
    return (values - values.mean()) / values.std(ddof=0)


def ward(subjects: pd.DataFrame) -> np.ndarray:
    weighted = deviations(subjects) * [weight for _, weight, _ in FEATURES.values()]
    return linkage(weighted.to_numpy(), "ward", optimal_ordering=True)


def along_looks(subjects: pd.DataFrame) -> np.ndarray:
    """Each subject's place in an order in which neighbours look alike."""
    leaves = leaves_list(ward(subjects))
    size = subjects["size"].to_numpy()
    if size[leaves[0]] < size[leaves[-1]]:
        leaves = leaves[::-1]
    return np.argsort(leaves)


def group(subjects: pd.DataFrame) -> list:
    """The look-groups of rows as `subject_statistics` gives: a pure function, the same for any order of the rows."""
    subjects = subjects.sort_values(["label", "subject"], ignore_index=True)
    normal = subjects[subjects["label"] == "NORMAL"].reset_index(drop=True)
    blast = subjects[subjects["label"] == "BLAST"].reset_index(drop=True)
    apart = deviations(normal)
    number = fcluster(ward(normal), GROUPS, "maxclust")
    ordered = sorted(set(number), key=lambda k: -normal.loc[number == k, "size"].mean())
    part = deal_folds(blast.assign(images=blast["cells"], place=along_looks(blast)), folds=GROUPS, by="place")
    result = []
    for k, cluster in enumerate(ordered):
        own, dealt = normal[number == cluster], blast[[part[s] == k for s in blast["subject"]]]
        mean = apart[number == cluster].mean()
        words = [FEATURES[name][2][0 if mean[name] > 0 else 1] for name in FEATURES if abs(mean[name]) >= 0.5]
        result.append({"group": k, "look": ", ".join(words) or "ordinary",
                       "normalSubjects": list(own["subject"]), "normalCells": int(own["cells"].sum()),
                       "blastSubjects": list(dealt["subject"]), "blastCells": int(dealt["cells"].sum()),
                       "standardDeviationsFromNormalMean": {name: round(float(mean[name]), 2) + 0.0 for name in FEATURES}})
    return result


def document(subjects: pd.DataFrame, images_csv_sha256: str) -> dict:
    columns = ["subject", "label", "cells", *FEATURES]
    return {"formatVersion": 1, "dataSet": "C-NMC 2019, the sample that images.csv lists", "imagesCsvSha256": images_csv_sha256,
            "rule": RULE, "groups": group(subjects),
            "subjects": [dict(zip(columns, row)) for row in subjects[columns].itertuples(index=False)]}


def render(content: dict) -> str:
    """JSON with a line for each group's field and each subject."""
    lines = json.dumps({**content, "subjects": None}, indent=1, ensure_ascii=False)
    rows = ",\n".join("  " + json.dumps(row) for row in content["subjects"])
    return lines.replace('"subjects": null', '"subjects": [\n%s\n ]' % rows) + "\n"


def cells_of(source: Path, index: pd.DataFrame) -> pd.DataFrame:
    """The statistics' cells from the images of an index as `read_index` gives."""
    rows = []
    for number, row in enumerate(index.itertuples()):
        cell = pre.find_cell(pre.decode((source / row.file).read_bytes()))
        if cell is None:
            raise ValueError("no cell in %s" % row.file)
        seen = look(cell.bgr, mask_of(cell))
        rows.append((row.merged_subject, "BLAST" if row.label == "all" else "NORMAL", seen.area_px, seen.sharpness, seen.red_to_green))
        if number % 500 == 0:
            print("look-groups: %d of %d" % (number, len(index)), flush=True)
    return pd.DataFrame(rows, columns=["subject", "label", "area_px", "sharpness", "red_to_green"])


def write(path: Path = None) -> dict:
    """Computes the look-groups from the shared C-NMC sample and writes them."""
    source = data_folder() / "cnmc2019"
    content = document(subject_statistics(cells_of(source, read_index(source))), sha256(source / "images.csv"))
    (path or committed_file()).write_text(render(content))
    for each in content["groups"]:
        print("group %d (%s): normal %s, %d cells; ALL %s, %d cells" % (
            each["group"], each["look"], " ".join(each["normalSubjects"]), each["normalCells"],
            " ".join(each["blastSubjects"]), each["blastCells"]))
    return content


def read(path: Path = None) -> list:
    """The committed groups: `normalSubjects` and `blastSubjects` (ALL) of each are left out together."""
    return json.loads((path or committed_file()).read_text())["groups"]


def of(organised: Organised) -> list:
    """The committed groups where they are of these subjects; else, for a user's own cells, groups by the same rule."""
    committed, subjects = read(), set(organised.subjects)
    if {s for each in committed for s in each["normalSubjects"] + each["blastSubjects"]} == subjects:
        return committed
    seen = pd.read_csv(organised.folder / "appearance.csv").drop_duplicates(["source", "file"]).drop(columns="area_px")
    return group(subject_statistics(organised.cells.merge(seen, on=["source", "file"], how="left")))


def number_of_each(organised: Organised, groups: list) -> np.ndarray:
    """Number of the look-group of each cell."""
    number = {s: each["group"] for each in groups for s in each["normalSubjects"] + each["blastSubjects"]}
    return np.array([number[s] for s in organised.subjects])
