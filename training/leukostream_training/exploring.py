"""`explore`: one HTML file of what was organised, with pictures, before anything is learned from it."""
import base64
import html
import io
from pathlib import Path

import cv2
import matplotlib
import numpy as np
import pandas as pd

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

from . import looks
from . import preprocessing as pre
from .augmentation import augment
from .cleaning import examined_pairs
from .dataset import Organised, work_folder
from .organising import remembered
from .statistics import auroc, subject_weights, with_interval

COLOURS = {"BLAST": "#b3394d", "NORMAL": "#2f6f9f"}
SEED = 7
SHOWN_A_CLASS, SHOWN_PAIRS, SHOWN_HARD = 12, 12, 16
STYLE = """body{font:15px/1.5 sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:#222}h2{margin-top:2.5rem}
table{border-collapse:collapse;margin:1rem 0}td,th{border:1px solid #ccc;padding:.2rem .6rem;text-align:left}th{background:#f3f3f3}
figure{display:inline-block;margin:.3rem;text-align:center;font-size:12px}figure img{display:block;border:1px solid #ddd;width:96px;height:96px}
.note{color:#555}svg{max-width:100%;height:auto}"""


class Page:
    """HTML that grows section by section."""

    def __init__(self):
        self.parts = []

    def section(self, title: str, says: str = "") -> None:
        self.parts.append("<h2>%s</h2>" % html.escape(title))
        if says:
            self.parts.append('<p class="note">%s</p>' % html.escape(says))

    def table(self, frame: pd.DataFrame) -> None:
        self.parts.append(frame.to_html(index=False, border=0, float_format=lambda v: "%.3g" % v, na_rep="–"))

    def plot(self, figure) -> None:
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", bbox_inches="tight", metadata={"Date": None})
        pyplot.close(figure)
        text = drawn.getvalue()
        self.parts.append(text[text.index("<svg"):])

    def pictures(self, crops, captions) -> None:
        for crop, caption in zip(crops, captions):
            encoded = base64.b64encode(cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()).decode()
            self.parts.append('<figure><img alt="%s" src="data:image/jpeg;base64,%s">%s</figure>' % (html.escape(caption, quote=True), encoded, html.escape(caption)))

    def write(self, path: Path, title: str) -> None:
        path.write_text('<!doctype html><html lang="en"><meta charset="utf-8"><title>%s</title><style>%s</style><h1>%s</h1>%s</html>\n'
                        % (html.escape(title), STYLE, html.escape(title), "\n".join(self.parts)), encoding="utf-8")


def overview(page: Page, index: pd.DataFrame) -> None:
    page.section("What is there", "Every image of the index, by where it comes from and what it is said to show.")
    shown = index.assign(shows=np.where(index["label"] != "", index["label"], index["cell_type"]))
    grouped = shown.groupby(["source", "shows"])
    page.table(pd.DataFrame({"images": grouped.size(), "subjects": grouped["merged_subject"].agg(lambda s: len(set(s) - {""})),
                             "with a problem": grouped["problem"].agg(lambda p: int((p != "").sum()))}).reset_index())


def subjects(page: Page, cells: pd.DataFrame) -> None:
    page.section("Subjects", "Subjects that share cells are merged. They are very uneven; figures weigh them alike where they say so.")
    figure, axes = pyplot.subplots(2, 1, figsize=(12, 7), sharex=True)
    ordered = cells.groupby("subject").agg(label=("label", "first"), images=("label", "size"), area=("area_um2", "median")).sort_values(["label", "area"])
    axes[0].bar(range(len(ordered)), ordered["images"], color=[COLOURS[label] for label in ordered["label"]])
    axes[0].set_ylabel("cells")
    boxes = axes[1].boxplot([cells.loc[cells["subject"] == s, "area_um2"] for s in ordered.index], positions=range(len(ordered)), showfliers=False, patch_artist=True)
    for patch, label in zip(boxes["boxes"], ordered["label"]):
        patch.set_facecolor(COLOURS[label])
    axes[1].set_ylabel("area, µm²")
    axes[1].set_xticks(range(len(ordered)))
    axes[1].set_xticklabels(ordered.index, rotation=90, fontsize=7)
    axes[0].set_title("ALL (red) and normal (blue) subjects, each by its cells' median area")
    page.plot(figure)


def spreads(page: Page, cells: pd.DataFrame) -> None:
    page.section("Sizes, colours, focus", "A point is a subject's median. Where the classes differ in colour or focus, a model can learn the laboratory instead of the cell.")
    figure, axes = pyplot.subplots(1, 3, figsize=(14, 4))
    bins = np.linspace(*cells["area_um2"].quantile([0.001, 0.999]), 50)
    medians = cells.groupby(["label", "subject"])[["density_red", "density_green", "density_blue", "sharpness"]].median().reset_index()
    for label, colour in COLOURS.items():
        axes[0].hist(cells.loc[cells["label"] == label, "area_um2"], bins=bins, density=True, alpha=0.5, color=colour, label=label)
        own = medians[medians["label"] == label]
        axes[1].scatter(own["density_red"], own["density_blue"], color=colour, label=label)
        axes[2].scatter(own["density_green"], own["sharpness"], color=colour, label=label)
    for axis, x, y in zip(axes, ("area, µm²", "optical density of red", "optical density of green"), ("density", "optical density of blue", "sharpness")):
        axis.set_xlabel(x)
        axis.set_ylabel(y)
        axis.legend()
    page.plot(figure)


def area_baseline(page: Page, organised: Organised, cells: pd.DataFrame) -> None:
    page.section("A ruler as the model", "AUROC of the cell's area alone, larger meaning blast: what a model has to beat. 95 % interval by bootstrap of subjects.")
    labels, names, area = organised.labels, organised.subjects, cells["area_um2"].to_numpy()
    rows = []
    for what, weights in (("every cell alike", np.ones(len(labels))), ("subjects alike", subject_weights(labels, names))):
        found = with_interval(lambda w: auroc(labels, area, w), labels, names, weights)
        rows.append({"weights": what, "AUROC": found["value"], "lower": found["lower"], "upper": found["upper"]})
    page.table(pd.DataFrame(rows))
    groups = {s: g for g in looks.read() for s in g["normalSubjects"] + g["blastSubjects"]}
    if set(names) <= set(groups):
        of = np.array([groups[s]["group"] for s in names])
        page.table(pd.DataFrame([{"look-group": g["look"], "cells": int((of == g["group"]).sum()), "AUROC of area": auroc(labels[of == g["group"]], area[of == g["group"]])}
                                 for g in looks.read()]))


def duplicates(page: Page, work: Path, index: pd.DataFrame, crop_of) -> None:
    pairs = examined_pairs(work)
    page.section("The same cell twice", "%d pairs, %d across subjects, %d with different labels. `clean` lists them all and refuses a split that has one on both sides."
                 % (len(pairs), pairs["across_subjects"].sum(), pairs["labels_differ"].sum()))
    seen = pairs.sort_values(["across_subjects", "aligned"], ascending=[False, True]).head(SHOWN_PAIRS)
    for pair in seen.itertuples():
        page.pictures([crop_of(pair.source_a, pair.file_a), crop_of(pair.source_b, pair.file_b)],
                      [Path(pair.file_a).stem, "%s (%.2f)" % (Path(pair.file_b).stem, pair.aligned)])


def hardest(page: Page, work: Path, organised: Organised, crops: np.ndarray, cells: pd.DataFrame) -> None:
    path = work / "out-of-fold.csv"
    found = pd.read_csv(path) if path.exists() else None
    if found is not None and list(found["file"]) == list(organised.cells["file"]):
        page.section("Hardest cells", "Most wrong of the model's probabilities for subjects it had not seen (`evaluate`).")
        score, say = found["probability"].to_numpy(), "%s, %.2f"
    else:
        page.section("Hardest cells", "There is no evaluation of these cells yet, so these are the hardest for the ruler: small blasts and large normal cells, area in µm².")
        score, say = cells["area_um2"].to_numpy(), "%s, %.0f"
    for label, order in (("BLAST", np.argsort(score)), ("NORMAL", np.argsort(-score))):
        own = [k for k in order if organised.cells["label"].iloc[k] == label][:SHOWN_HARD]
        page.parts.append("<h3>%s</h3>" % label)
        page.pictures([crops[k] for k in own], [say % (organised.subjects[k], score[k]) for k in own])


def augmented(page: Page, organised: Organised, rows) -> None:
    page.section("Augmentation", "The first of each row is the cell, the others are what training may make of it.")
    wide, rng = organised.training_crops(), np.random.default_rng(SEED)
    for k in rows:
        margin = (wide.shape[1] - pre.INPUT_SIDE_PX) // 2
        page.pictures([wide[k][margin:-margin, margin:-margin], *(augment(wide[k], rng) for _ in range(7))],
                      [organised.cells["label"].iloc[k]] + [""] * 7)
        page.parts.append("<br>")


def explore(work: Path = None) -> Path:
    """Writes `work/explore.html` from what is organised.

    @raise ValueError where nothing is
    """
    work = work or work_folder()
    if remembered(work) is None:
        raise ValueError("nothing is organised in '%s': run `organise`" % work)
    index = pd.read_csv(work / "index.csv", dtype=str, keep_default_na=False)
    page, rng = Page(), np.random.default_rng(SEED)
    overview(page, index)
    crops = {}
    typed = pd.read_csv(work / "typed.csv", dtype=str, keep_default_na=False)
    typed_crops = np.load(work / "typed.npy", mmap_mode="r")
    crops.update({(s, f): typed_crops[k] for k, (s, f) in enumerate(zip(typed["source"], typed["file"]))})
    organised = Organised(work) if (work / "cells.csv").exists() else None
    page.section("Examples", "Drawn at random.")
    shown = [("%s %s" % key, [typed_crops[k] for k in own.index]) for key, own in typed.groupby(["source", "cell_type"])]
    if organised is not None:
        cut = organised.input_crops()
        crops.update({(s, f): cut[k] for k, (s, f) in enumerate(zip(organised.cells["source"], organised.cells["file"]))})
        shown = [(label, cut[(organised.cells["label"] == label).to_numpy()]) for label in COLOURS] + shown
    for name, own in shown:
        page.parts.append("<h3>%s</h3>" % html.escape(name))
        drawn = rng.choice(len(own), min(SHOWN_A_CLASS, len(own)), replace=False)
        page.pictures([np.asarray(own[k]) for k in drawn], [""] * len(drawn))
    if organised is not None:
        appearance = pd.read_csv(work / "appearance.csv").drop_duplicates(["source", "file"])
        cells = organised.cells.merge(appearance.drop(columns="area_px"), on=["source", "file"], how="left")
        cells["area_um2"] = cells["area_px"] * pre.NOMINAL_PIXEL_SIZE_MICROMETRES ** 2
        subjects(page, cells)
        spreads(page, cells)
        area_baseline(page, organised, cells)
        augmented(page, organised, [np.flatnonzero(organised.labels == label)[k] for label in (1, 0) for k in (0, -1)])
    duplicates(page, work, index, lambda source, file: np.asarray(crops[(source, file)]))
    if organised is not None:
        hardest(page, work, organised, cut, cells)
    path = work / "explore.html"
    page.write(path, "Cells for training, explored")
    print("%s: %.1f MB" % (path, path.stat().st_size / 1e6), flush=True)
    return path
