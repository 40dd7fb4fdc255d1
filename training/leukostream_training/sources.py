"""Where cells come from: the shared folder, a full download of C-NMC 2019, or a user's own folder. Each becomes the same table.

Columns of the table: `file` (within `root`), `source`, `label` (BLAST, NORMAL or empty), `cell_type` (empty or a name), `subject`
and `merged_subject` (empty where the source names none), `pixel_size_um`, `cluster` (cells of one photograph), `official_fold`,
`released_sha256` (of the file as released, where the source is a re-encoded copy).
"""
import csv
from dataclasses import dataclass, field
import difflib
import math
from pathlib import Path
import re
import struct

import numpy as np
import pandas as pd

from . import preprocessing as pre
from .dataset import FOUND_SAME_CELLS, KNOWN_SAME_PERSON, data_folder, merge, read_index, sha256

COLUMNS = ["file", "source", "label", "cell_type", "subject", "merged_subject", "pixel_size_um", "cluster", "official_fold", "released_sha256"]
CNMC_LABELS = {"all": "BLAST", "hem": "NORMAL"}
OWN_COLUMNS = ("file", "label", "subject")
OWN_OPTIONAL = ("pixel_size_um", "field")
LABELS = ("BLAST", "NORMAL")
IMAGE_SUFFIXES = {".bmp", ".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"}
NAMED_AT_MOST = 20


class BadInput(ValueError):
    """What a user can mend: every problem that was found, a line each."""

    def __init__(self, what: str, problems):
        self.problems = list(problems)
        shown = self.problems[:NAMED_AT_MOST]
        more = len(self.problems) - len(shown)
        super().__init__("%s:\n  %s%s" % (what, "\n  ".join(shown), "\n  and %d more" % more if more > 0 else ""))


@dataclass(frozen=True)
class Source:
    kind: str
    """shared, release or own"""
    arguments: tuple
    """What the command was given, so that the next command finds the same source."""
    roots: dict
    """source's name -> folder that its `file`s are in"""
    rows: pd.DataFrame = field(repr=False)

    def path(self, row) -> Path:
        return self.roots[row.source] / row.file


def table(rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.fillna("").astype({name: str for name in COLUMNS if name != "pixel_size_um"})


def shared(folder: Path = None) -> Source:
    """C-NMC and, where they are there, the typed cells `bmc_marrow` and `pbc`, which name no subjects."""
    folder = folder or data_folder()
    index = read_index(folder / "cnmc2019")
    rows = [(r.file, "cnmc2019", CNMC_LABELS[r.label], "", r.subject, r.merged_subject, pre.NOMINAL_PIXEL_SIZE_MICROMETRES, r.cluster,
             r.official_fold, r.sha256_of_original_bmp) for r in index.itertuples()]
    roots = {"cnmc2019": folder / "cnmc2019"}
    if (folder / "bmc_marrow" / "images.csv").exists():
        roots["bmc_marrow"] = folder / "bmc_marrow"
        listed = pd.read_csv(folder / "bmc_marrow" / "images.csv", dtype=str)
        rows += [(r[0], "bmc_marrow", "", r[1], "", "", math.nan, "", "", "") for r in listed[["file", "class"]].itertuples(index=False)]
    if (folder / "pbc" / "index.csv").exists():
        roots["pbc"] = folder / "pbc"
        listed = pd.read_csv(folder / "pbc" / "index.csv", dtype=str)
        rows += [("%s/%s" % (r[0], r[1]), "pbc", "", r[0].upper(), "", "", math.nan, "", "", "")
                 for r in listed[["class", "file"]].itertuples(index=False)]
    return Source("shared", (), roots, table(rows))


def released_bytes(bgr: np.ndarray) -> bytes:
    """The BMP file of C-NMC 2019 with these pixels, uint8 BGR [H,W,3]: bottom row first, rows padded to 4 bytes, 3779 px per metre.

    All files of the release have this one header, so a lossless copy can be held against the release's sha256.
    """
    height, width = bgr.shape[:2]
    stride = (3 * width + 3) // 4 * 4
    rows = np.zeros((height, stride), np.uint8)
    rows[:, :3 * width] = bgr[::-1].reshape(height, 3 * width)
    header = struct.pack("<2sIHHI", b"BM", 54 + rows.size, 0, 0, 54)
    return header + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, rows.size, 3779, 3779, 0, 0) + rows.tobytes()


@dataclass
class ReleaseCheck:
    """What a folder holds of the release. Paths are within the folder; entries of the list are `split/name`."""

    present: dict
    """row number of the manifest -> path"""
    missing: list
    altered: list
    unknown: list


def split_of(path: Path):
    """The manifest's split that a path's folders name, or None."""
    folders = "/".join(path.parts[:-1]).lower()
    for pattern, split in ((r"fold_?0", "train_fold_0"), (r"fold_?1", "train_fold_1"), (r"fold_?2", "train_fold_2"), (r"prelim", "prelim"), (r"final", "final")):
        if re.search(pattern, folders):
            return split
    return None


def read_manifest(path: Path) -> pd.DataFrame:
    manifest = pd.read_csv(path, dtype=str).fillna("")
    lacking = [name for name in ("file_name", "split", "label", "subject", "sha256", "original_name") if name not in manifest]
    if lacking:
        raise BadInput("%s is not the release's list" % path, ["no column '%s'" % name for name in lacking])
    return manifest


def check_release(folder: Path, manifest: pd.DataFrame, progress=lambda done, total: None) -> ReleaseCheck:
    """Holds every image below a folder against the list. An image is known by its bytes; its name says what an altered one was."""
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in IMAGE_SUFFIXES and p.is_file())
    by_sha, by_name = {}, {}
    for number, row in enumerate(manifest.itertuples()):
        by_sha.setdefault(row.sha256, []).append(number)
        by_name.setdefault(row.file_name, []).append(number)
    names, splits = manifest["file_name"].to_list(), manifest["split"].to_list()
    present, left = {}, []
    for done, path in enumerate(paths):
        relative = path.relative_to(folder)
        free = [n for n in by_sha.get(sha256(path), []) if n not in present]
        split = split_of(relative)
        exact = [n for n in free if names[n] == path.name and splits[n] == split] or [n for n in free if names[n] == path.name] or free
        if exact:
            present[exact[0]] = str(relative)
        else:
            left.append((relative, split))
        progress(done + 1, len(paths))
    altered, unknown, changed = [], [], set()
    for relative, split in left:
        same_name = [n for n in by_name.get(relative.name, []) if n not in present and n not in changed and (split is None or splits[n] == split)]
        if len(same_name) == 1:
            altered.append(str(relative))
            changed.add(same_name[0])
        else:
            unknown.append(str(relative))
    missing = ["%s/%s" % (splits[n], names[n]) for n in range(len(manifest)) if n not in present and n not in changed]
    return ReleaseCheck(present, missing, altered, unknown)


def release(folder: Path, manifest_path: Path = None, partial: bool = False, progress=lambda done, total: None) -> Source:
    """The labelled images of a download of C-NMC 2019, each once, subjects merged. Refused unless complete and unaltered.

    @param partial whether images may be missing; altered ones are refused all the same
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise BadInput("no release", ["'%s' is no folder" % folder])
    manifest = read_manifest(manifest_path or data_folder() / "cnmc2019" / "manifest.csv")
    check = check_release(folder, manifest, progress)
    print("release: %d of %d images are there, %d missing, %d altered, %d unknown"
          % (len(check.present), len(manifest), len(check.missing), len(check.altered), len(check.unknown)), flush=True)
    for name in check.unknown[:NAMED_AT_MOST]:
        print("  unknown, not used: %s" % name)
    if len(check.unknown) > NAMED_AT_MOST:
        print("  and %d more unknown" % (len(check.unknown) - NAMED_AT_MOST))
    problems = ["altered: %s" % name for name in check.altered]
    if not partial:
        problems += ["missing: %s" % name for name in check.missing]
    if not check.present:
        problems.append("no image of the release in '%s'" % folder)
    if problems:
        raise BadInput("'%s' is not the release as listed%s" % (folder, "" if partial else " (--partial takes what is there)"), problems)
    labelled = manifest.iloc[sorted(check.present)]
    labelled = labelled[labelled["label"] != ""].assign(path=lambda f: [check.present[n] for n in f.index])
    distinct = labelled.drop_duplicates("sha256")
    print("release: %d labelled images, %d distinct; the final test images have no labels and are not used" % (len(labelled), len(distinct)), flush=True)
    named = manifest[manifest["subject"] != ""]
    copies = [set(group) for _, group in named["subject"].str.upper().groupby(named["sha256"]) if group.nunique() > 1]
    merged = merge(sorted(named["subject"].str.upper().unique()), list(KNOWN_SAME_PERSON) + list(FOUND_SAME_CELLS) + copies)
    rows = []
    for r in distinct.itertuples():
        original = r.original_name or r.file_name
        found = re.match(r"UID_([^_]+)_([^_]+)_([^_]+)_(all|hem)\.bmp$", original, re.IGNORECASE)
        if not found or found.group(1).upper() != r.subject.upper() or found.group(4).lower() != r.label:
            raise BadInput("the release's list contradicts itself", ["'%s' is listed as %s of subject %s" % (original, r.label, r.subject)])
        subject = r.subject.upper()
        rows.append((r.path, "cnmc2019-release", CNMC_LABELS[r.label], "", subject, merged[subject], pre.NOMINAL_PIXEL_SIZE_MICROMETRES,
                     "%s/%s" % (subject, found.group(2)), r.split.replace("train_fold_", ""), ""))
    return Source("release", (str(folder.resolve()),) + (("--partial",) if partial else ()), {"cnmc2019-release": folder.resolve()}, table(rows))


def label_problem(label: str):
    if not label:
        return "is empty; BLAST, NORMAL or a cell type is wanted"
    if label in LABELS:
        return None
    near = difflib.get_close_matches(label.upper(), LABELS, 1, 0.75)
    if near:
        return "'%s' is neither; did you mean %s?" % (label, near[0])
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9 _-]*", label):
        return "'%s' is no name of a cell type (letters, digits, space, - and _)" % label
    return None


def own(folder: Path, csv_path: Path) -> Source:
    """A user's cells: `file,label,subject[,pixel_size_um][,field]`, files within the folder, one label a subject.

    `field` names the photograph a cell was cut from; without it each cell counts as a photograph of its own.
    """
    folder, csv_path = Path(folder), Path(csv_path)
    if not folder.is_dir():
        raise BadInput("no images", ["'%s' is no folder" % folder])
    if not csv_path.is_file():
        raise BadInput("no list", ["'%s' is no file" % csv_path])
    problems, rows, line_of, label_of = [], [], {}, {}
    with open(csv_path, newline="", encoding="utf-8-sig") as stream:
        reader = csv.DictReader(stream, restkey="", strict=True)
        try:
            header = reader.fieldnames or []
            problems += ["line 1: no column '%s'" % name for name in OWN_COLUMNS if name not in header]
            problems += ["line 1: column '%s' is unknown; known are %s" % (name, ", ".join(OWN_COLUMNS + OWN_OPTIONAL))
                         for name in header if name not in OWN_COLUMNS + OWN_OPTIONAL]
            problems += ["line 1: column '%s' is there twice" % name for name in sorted(set(header)) if header.count(name) > 1]
            for row in reader if not problems else ():
                line = reader.line_num
                if "" in row:
                    problems.append("line %d: %d values for %d columns" % (line, len(header) + len(row[""]), len(header)))
                    continue
                values = {name: (value or "").strip() for name, value in row.items()}
                found = own_row_problems(folder, values, line, line_of, label_of)
                problems += found
                if not found:
                    typed = values["label"] not in LABELS
                    size = float(values["pixel_size_um"]) if values.get("pixel_size_um") else (math.nan if typed else pre.NOMINAL_PIXEL_SIZE_MICROMETRES)
                    cluster = "%s/%s" % (values["subject"], values.get("field") or values["file"])
                    rows.append((values["file"], "own", "" if typed else values["label"], values["label"] if typed else "",
                                 values["subject"], values["subject"], size, cluster, "", ""))
        except csv.Error as broken:
            problems.append("line %d: %s" % (reader.line_num, broken))
        except UnicodeDecodeError as broken:
            problems.append("after line %d: not UTF-8 (%s)" % (reader.line_num, broken.reason))
    if not problems and not rows:
        problems.append("it lists no cell")
    if problems:
        raise BadInput("'%s' can't be used" % csv_path, problems)
    return Source("own", (str(folder.resolve()), str(csv_path.resolve())), {"own": folder.resolve()}, table(rows))


def own_row_problems(folder: Path, values: dict, line: int, line_of: dict, label_of: dict) -> list:
    def wrong(column, what):
        return "line %d, column '%s': %s" % (line, column, what)

    problems = []
    file, label, subject = values["file"], values["label"], values["subject"]
    if not file:
        problems.append(wrong("file", "is empty"))
    elif folder.resolve() not in (folder / file).resolve().parents:
        problems.append(wrong("file", "'%s' is outside of the folder" % file))
    elif not (folder / file).is_file():
        problems.append(wrong("file", "there is no '%s' in '%s'" % (file, folder)))
    elif line_of.setdefault(file, line) != line:
        problems.append(wrong("file", "'%s' is on line %d already" % (file, line_of[file])))
    if label_problem(label):
        problems.append(wrong("label", label_problem(label)))
    if not subject:
        problems.append(wrong("subject", "is empty; cells of unknown subjects can't be split fairly"))
    elif label in LABELS:
        first_line, first = label_of.setdefault(subject, (line, label))
        if first != label:
            problems.append(wrong("label", "subject '%s' is %s here and %s on line %d; every figure weighs subjects within one class, so a "
                                           "subject has one label" % (subject, label, first, first_line)))
    if values.get("pixel_size_um"):
        try:
            size = float(values["pixel_size_um"])
        except ValueError:
            size = math.nan
        if not 0.005 <= size <= 5:
            problems.append(wrong("pixel_size_um", "'%s' is no number of µm per px between 0.005 and 5" % values["pixel_size_um"]))
    return problems


def named(kind: str, arguments=(), progress=lambda done, total: None) -> Source:
    """The source of a command's words: `shared`, `release DIR [--partial]`, `own DIR CSV`."""
    arguments = tuple(str(a) for a in arguments)
    wanted = {"shared": 0, "release": 1, "own": 2}
    if kind not in wanted:
        raise BadInput("no source '%s'" % kind, ["known are shared, release DIR, own DIR CSV"])
    folders = tuple(a for a in arguments if a != "--partial")
    if len(folders) != wanted[kind]:
        raise BadInput("source '%s'" % kind, ["takes %d paths, got %d" % (wanted[kind], len(folders))])
    if kind == "shared":
        return shared()
    if kind == "release":
        return release(Path(folders[0]), partial="--partial" in arguments, progress=progress)
    return own(Path(folders[0]), Path(folders[1]))
