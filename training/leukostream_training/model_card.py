"""`docs/model-card.md`, written from the same numbers as model.json."""
from pathlib import Path

from .augmentation import SCALE
from .dataset import HELD_OUT

NAMES = {
    "auroc": "AUROC", "aurocWithoutSizeTerm": "AUROC without the size term", "aurocSubjectWeighted": "AUROC, subjects alike", "areaAuroc": "AUROC of cell area alone",
    "areaAurocSubjectWeighted": "AUROC of cell area alone, subjects alike", "aurocMinusArea": "AUROC minus area's (paired)",
    "aurocMinusAreaSubjectWeighted": "AUROC minus area's (paired), subjects alike",
    "aurocWithinAreaDeciles": "AUROC among cells of like area", "sensitivity": "sensitivity, mean over ALL subjects",
    "specificity": "specificity, mean over normal subjects", "ece": "expected calibration error", "brier": "Brier score",
}

SPREAD_FROM_CELLS = 10


def cells(*columns) -> str:
    return "| " + " | ".join(str(c) for c in columns) + " |"


def interval(figure) -> tuple:
    return "%.3f" % figure["value"], "%.3f to %.3f" % (figure["lower"], figure["upper"])


def rates(rows) -> list:
    return [cells(r["subject"], r["correct"], r["total"], "%.2f" % (r["correct"] / r["total"])) for r in rows]


def spread(rows) -> str:
    of = [r["correct"] / r["total"] for r in rows if r["total"] >= SPREAD_FROM_CELLS]
    return "%.2f to %.2f" % (min(of), max(of))


def by_population(rows, at_least) -> tuple:
    """Mean share of correct calls of the subjects with that many cells, and of the others."""
    shares = {True: [], False: []}
    for r in rows:
        shares[r["total"] >= at_least].append(r["correct"] / r["total"])
    return tuple(sum(s) / len(s) for s in (shares[True], shares[False]))


def write_card(described: dict, evaluation: dict, path: Path) -> None:
    metrics, held_out, validation = described["metrics"], described["heldOut"], described["validations"][0]
    difference = metrics["aurocMinusAreaSubjectWeighted"]
    if difference["lower"] > 0:
        above = "the interval lies above zero, so on subjects like these the model knows more than a ruler"
    elif difference["upper"] < 0:
        above = "the interval lies below zero: on new subjects of this data set a ruler does better"
    else:
        above = "the interval includes zero, so these data don't show that the model beats a ruler on new subjects"
    at_least = HELD_OUT["hem"][1]
    normals = [r for r in held_out["subjects"] if r["label"] == "NORMAL"]
    lines = [
        "# Model card: %s %s" % (described["name"], described["version"]),
        "",
        "Written by `python3 -m leukostream_training export` from the figures of `evaluate`; not edited by hand.",
        "",
        "**Research use only.** The model triages; a haematologist decides. It never says that there is no leukaemia.",
        "",
        "## What it is",
        "",
        "MobileNetV2 1.0 (ImageNet start) fine-tuned on bone-marrow B-lymphoid cells of C-NMC 2019 that were cut out on black and",
        "stain-normalised by their publishers. Input: one cell, %g µm square at 128 px, black outside the cell." % described["crop"]["sideMicrometres"],
        "Inside the network the cell's colour is standardised per channel, and the logarithm of the cell's share of the crop times %.3f is" % evaluation["size"],
        "added to the logit of BLAST: a size term with the same spread as the convolutional part has out of fold. Output: two logits",
        "(%s), and by Platt scaling of their difference the probability of a leukaemic blast *at equal shares of both classes*." % ", ".join(described["labels"]),
        "At and above %.4f a cell is called BLAST (%s)." % (described["operatingThreshold"], described["operatingThresholdHow"]),
        "",
        "Intended for: cells of the kind above, in the research use of this project, with the verdict drawn from the corrected fraction",
        "and its interval. Not validated on: peripheral blood, cells found in whole fields, other stains, scanners, laboratories or ages, AML or",
        "other lineages. 'Normal' means normal B-lymphoid precursors, so a fraction of cells called BLAST is one *of classified lymphoid cells*.",
        "",
        "## Cross-validated figures",
        "",
        "%d cells of %d subjects (%d ALL, %d normal), %d grouped folds by merged subject. Each cell was scored by a network that saw none of" % (
            evaluation["cells"], len(described["trainingSubjects"]), len(validation["sensitivity"]), len(validation["specificity"]), len(evaluation["folds"])),
        "its subject. Size term, calibration and threshold are cross-fitted. Intervals: 95 %, bootstrap of subjects within each class; they hold the networks",
        "and the calibration fixed, so they leave out what another training run would change.",
        "",
        cells("figure", "value", "95 % interval"), cells("---", "---", "---"),
        *[cells(NAMES[key], *interval(metrics[key])) for key in NAMES],
        "",
        "The area-only rows are the baseline that has to be beaten: a ruler. With subjects alike, the paired difference is %.3f (%.3f to %.3f);" % (
            difference["value"], difference["lower"], difference["upper"]),
        above + ".",
        "",
        described["recipeHistory"],
        "",
        cells("fold", "AUROC", "without size term", "area alone", "subjects left out"), cells(*["---"] * 5),
        *[cells(f["fold"], "%.3f" % f["auroc"], "%.3f" % f["aurocWithoutSizeTerm"], "%.3f" % f["areaAuroc"], ", ".join(f["subjects"])) for f in evaluation["folds"]],
        "",
        "By subject (of at least %d cells), the share of correct calls runs from %s (ALL) and from %s (normal). This spread, not the pooled" % (
            SPREAD_FROM_CELLS, spread(validation["sensitivity"]), spread(validation["specificity"])),
        "figure, is what a new patient meets; model.json carries it subject by subject, and the verdict's interval is widened by it.",
        "Design effect of cells of one image number within a subject: %.2f." % validation["designEffect"],
        "",
        cells("ALL subject", "called BLAST", "cells", "share correct"), cells("---", "---", "---", "---"), *rates(validation["sensitivity"]),
        "",
        cells("normal subject", "called NORMAL", "cells", "share correct"), cells("---", "---", "---", "---"), *rates(validation["specificity"]),
        "",
        "## Held-out subjects",
        "",
        "%s. They were used for nothing: no training, fold, calibration, threshold, size term or choice of recipe." % described["heldOutRule"],
        "The figures are of the bundle itself.",
        "",
        cells("subject", "label", "cells", "called BLAST", "share correct"), cells("---", "---", "---", "---", "---"),
        *[cells(r["subject"], r["label"], r["images"], r["calledBlast"],
                "%.2f" % ((r["calledBlast"] if r["label"] == "BLAST" else r["images"] - r["calledBlast"]) / r["images"]))
          for r in held_out["subjects"]],
        "",
        cells("figure", "value", "95 % interval"), cells("---", "---", "---"),
        cells("AUROC", *interval(held_out["auroc"])), cells("AUROC of cell area alone", *interval(held_out["areaAuroc"])),
        cells("difference (paired)", *interval(held_out["aurocMinusArea"])),
        "",
        "With %d normal subjects the interval of the bootstrap is itself uncertain: read the table by subject. The rule takes normal" % len(normals),
        "subjects of at least %d cells; out of fold the mean specificity is %.2f over such subjects and %.2f over the smaller ones." % (
            at_least, *by_population(validation["specificity"], at_least)),
        "So the held-out figures don't speak for all normal subjects, and where the two sections differ the cross-validated one counts.",
        "",
        "## What the figures don't say",
        "",
        "- One data set, one laboratory's staining and normalisation, %d images of at most 70 (ALL) or 150 (normal) a subject. Another" % evaluation["images"],
        "  laboratory's cells are outside what was measured.",
        "- Subjects are few, and several normal ones hold a handful of cells. Where subjects count alike, those weigh as much as the others.",
        "- All ALL cells carry the subject's label: a normal precursor in a leukaemic marrow counts as a blast.",
        "- Size is part of the evidence, and some normal marrows have cells as large as blasts: expect false positives there.",
        "- The threshold and the calibration in model.json come from all folds together, for a network trained on more subjects than any fold's;",
        "  only the held-out section measures that combination.",
        "- The pixel size of C-NMC isn't published. %g µm is inferred from the size of lymphoid cells; a scanner that states another scale" % described["crop"]["nominalPixelSizeMicrometres"],
        "  is brought to it, and an error of it is an error of the apparent size. Training varied the scale by %g to %g." % SCALE,
        "- %d of %d cells reach beyond the crop of %d px (longest %d px, with debris attached)." % (
            evaluation["cellsBeyondCrop"], evaluation["images"], evaluation["cropSidePx"], evaluation["longestSidePx"]),
        "- The area gate (%.1f to %.1f µm²) refuses what is far from any training cell; it's no test that a thing is a cell." % (
            described["gate"]["cellAreaMicrometres2"]["lower"], described["gate"]["cellAreaMicrometres2"]["upper"]),
        "",
        "## Data and licences",
        "",
        *["- %s, %s. %s %s" % (d["name"], d["licence"], d["citation"], "doi:" + d["doi"] if "doi" in d else d["url"]) for d in described["data"]],
        "",
        "Merged subjects follow byte-identical images under different subject numbers; random splits by image were never made.",
        "",
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")
