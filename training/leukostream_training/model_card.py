"""`docs/model-card.md` and its figures, written from the same numbers as model.json."""
from pathlib import Path

from . import patients
from .evaluation import CALIBRATION_AIM
from .refusal import FARTHEST_DETAIL

NAMES = {
    "auroc": "AUROC, each subject left out, pooled", "aurocSubjectWeighted": "the same, subjects alike",
    "aurocLookGroups": "AUROC, whole look-groups left out, pooled", "aurocLookGroupsSubjectWeighted": "the same, subjects alike",
    "areaAuroc": "AUROC of cell area alone, pooled", "areaAurocSubjectWeighted": "the same, subjects alike",
    "aurocMinusArea": "AUROC minus area's (paired), pooled", "aurocMinusAreaSubjectWeighted": "the same, subjects alike",
    "aurocWithinAreaDeciles": "AUROC among cells of like area", "sensitivity": "sensitivity, mean over ALL subjects",
    "specificity": "specificity, mean over normal subjects", "ece": "expected calibration error, subjects alike",
    "ecePooled": "the same, every cell alike", "brier": "Brier score, subjects alike"}
TYPED_NAMES = {
    "marrowBlastAuroc": "blast of any lineage against all other marrow cells, AUROC", "marrowBlastSensitivity": "sensitivity at the threshold",
    "marrowBlastSpecificity": "specificity at the threshold", "marrowBlastEce": "expected calibration error of the blast probability",
    "typeAccuracy": "accuracy of the type, all test cells", "typeAccuracyMarrow": "accuracy of the type, marrow",
    "typeAccuracyBlood": "accuracy of the type, blood", "typeEce": "expected calibration error of the type's probability"}
PATIENT_NAMES = {"shareCalled": "share of cells called blast", "meanProbability": "mean probability", "meanLogOdds": "mean log-odds",
                 "trimmedMean": "trimmed mean of probabilities", "logLikelihoodRatio": "likelihood ratio"}
SPREAD_FROM_CELLS = 10


def cells(*columns) -> str:
    return "| " + " | ".join(str(c) for c in columns) + " |"


def table(head, rows) -> list:
    return [cells(*head), cells(*["---"] * len(head)), *[cells(*row) for row in rows], ""]


def interval(figure) -> tuple:
    return "%.3f" % figure["value"], "%.3f to %.3f" % (figure["lower"], figure["upper"])


def rates(rows) -> list:
    return [(r["subject"], r["correct"], r["total"], "%.2f" % (r["correct"] / r["total"])) for r in rows]


def spread(rows) -> str:
    of = [r["correct"] / r["total"] for r in rows if r["total"] >= SPREAD_FROM_CELLS]
    return "%.2f to %.2f" % (min(of), max(of))


def number(value) -> str:
    return "–" if value is None else "%.3f" % value


def percent(share) -> str:
    return "%.1f %%" % (100 * share)


def by(row) -> str:
    """The gates that refused, with their cells."""
    return ", ".join("%s %d" % item for item in row["by"].items()) or "–"


def refusals(kind, refusal) -> list:
    return table(("`%s`" % kind, "cells", "refused", "refused or doubtful", "by"),
                 [(name, row["cells"], percent(row["refused"]), percent(row["refusedOrDoubtful"]), by(row)) for name, row in refusal[kind]["rows"].items()])


def verdict_on(metrics) -> list:
    """The stated aims, met or missed."""
    def row(what, aim, figure, met):
        return what, aim, "%.3f (%.3f to %.3f)" % (figure["value"], figure["lower"], figure["upper"]), "met" if met else "**missed**"

    return [
        row("AUROC, each subject left out, pooled", "≥ 0.92 (aim 0.95)", metrics["auroc"], metrics["auroc"]["value"] >= 0.92),
        row("AUROC, look-groups left out, pooled", "≥ 0.88", metrics["aurocLookGroups"], metrics["aurocLookGroups"]["value"] >= 0.88),
        row("AUROC minus area's, lower end", "> 0", metrics["aurocMinusArea"], metrics["aurocMinusArea"]["lower"] > 0),
        row("expected calibration error, subjects alike", "≤ %g" % CALIBRATION_AIM, metrics["ece"], metrics["ece"]["value"] <= CALIBRATION_AIM),
        row("expected calibration error, every cell alike", "≤ %g" % CALIBRATION_AIM, metrics["ecePooled"], metrics["ecePooled"]["value"] <= CALIBRATION_AIM)]


def reliability_picture(rows) -> str:
    """An SVG: share of blasts over mean probability, ten bins; the disc's area is the number of cells."""
    def at(x, y):
        return 40 + 240 * x, 270 - 240 * y

    most = max(r["cells"] for r in rows)
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 310" font-family="sans-serif" font-size="11">',
             '<title>Reliability of the blast probability on subjects that were left out</title>',
             '<rect width="300" height="310" fill="#fff"/>', '<path d="M40 270H280M40 270V30" stroke="#444" fill="none"/>',
             '<path d="M40 270L280 30" stroke="#999" stroke-dasharray="4 4"/>']
    for tick in (0, 0.5, 1):
        x, y = at(tick, tick)
        parts.append('<text x="%.0f" y="285" text-anchor="middle">%g</text><text x="34" y="%.0f" text-anchor="end">%g</text>' % (x, tick, y + 4, tick))
    for row in rows:
        x, y = at(row["meanProbability"], row["shareOfBlasts"])
        parts.append('<circle cx="%.1f" cy="%.1f" r="%.1f" fill="#7a2e7a" fill-opacity="0.75"/>' % (x, y, 2 + 9 * (row["cells"] / most) ** 0.5))
    parts += ['<text x="160" y="302" text-anchor="middle">probability stated</text>',
              '<text transform="translate(12 150) rotate(-90)" text-anchor="middle">share that are blasts</text>', "</svg>"]
    return "\n".join(parts) + "\n"


def roc_picture(roc: dict) -> str:
    """An SVG: the curve and its band over the bootstrap of subjects."""
    def path(values):
        return "M" + "L".join("%.1f %.1f" % (40 + 240 * x, 270 - 240 * y) for x, y in zip(roc["falsePositive"], values))

    band = path(roc["upper"]) + "L" + "L".join("%.1f %.1f" % (40 + 240 * x, 270 - 240 * y)
                                                 for x, y in reversed(list(zip(roc["falsePositive"], roc["lower"])))) + "Z"
    return "\n".join([
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 310" font-family="sans-serif" font-size="11">',
        '<title>ROC on subjects that were left out, with the 95 % band over subjects</title>', '<rect width="300" height="310" fill="#fff"/>',
        '<path d="%s" fill="#7a2e7a" fill-opacity="0.2"/>' % band, '<path d="%s" fill="none" stroke="#7a2e7a" stroke-width="2"/>' % path(roc["value"]),
        '<path d="M40 270H280M40 270V30" stroke="#444" fill="none"/>', '<path d="M40 270L280 30" stroke="#999" stroke-dasharray="4 4"/>',
        '<text x="160" y="290" text-anchor="middle">1 − specificity</text>',
        '<text transform="translate(20 150) rotate(-90)" text-anchor="middle">sensitivity</text>', "</svg>"]) + "\n"


def between_subjects(level: dict) -> list:
    """The section on patients."""
    separation, chosen = level["separation"], level["chosen"]
    ten, everyone = separation["atLeastTenCells"], separation["all"]

    def figure(found):
        return "%s (%s)" % interval(found)

    def at(row, name):
        return "%.3f (%.3f to %.3f)" % tuple(row["auroc"][name][k] for k in ("mean", "lower", "upper"))

    mean, growing = level["meanProbability"], level["growing"]
    return [
        "## Patients: leukaemic or normal marrow",
        "",
        "One subject is one value. Each is computed from the cells that the bundle counts (%d of %d), by machines, design and calibration that never saw the subject." % (level["cellsCounted"], level["cells"]),
        "AUROC between subjects, with the 95 %% interval over 2000 bootstrap draws of subjects within each kind. *At least %d cells*: %d subjects with ALL, %d normal ones. *All*: %d and %d." % (
            level["leastCells"], ten["leukaemic"], ten["normal"], everyone["leukaemic"], everyone["normal"]),
        "",
        *table(("statistic of a subject's cells", "subjects left out, at least %d cells" % level["leastCells"], "all", "look-groups left out, at least %d cells" % level["leastCells"], "all"),
               [(PATIENT_NAMES[s], *(figure(part[out][s]) for out in ("subjectsLeftOut", "lookGroupsLeftOut") for part in (ten, everyone))) for s in PATIENT_NAMES]),
        "Nested choice: %.3f (%.3f to %.3f). Each of the %d pairs of a leukaemic and a normal subject is left out together. The statistic that separates the other" % (
            *(chosen["nested"][k] for k in ("value", "lower", "upper")), chosen["nested"]["pairs"]),
        "subjects best is chosen, and the pair compared by it. Chosen: %s. On all subjects: %s." % (
            ", ".join("%s in %d" % (PATIENT_NAMES[s], n) for s, n in chosen["nested"]["chosenInPairs"].items()), PATIENT_NAMES[chosen["statistic"]]),
        "The differences between the first four lie within the intervals. The call rests on the bundle's threshold %g, which was chosen on all subjects. The trimmed mean" % level["threshold"],
        "leaves out a fifth of the cells at each end. The likelihood ratio compares the cells called with beta-binomials of the other subjects of each kind.",
        "",
        "With few cells: AUROC between the same subjects when each gives at most so many cells (mean and 95 %% of %d random orders of the images, all cells of an image together)." % growing["orders"],
        "",
        *table(("cells at most", "subjects with as many (ALL, normal)", *PATIENT_NAMES.values()),
               [(row["cells"], "%d, %d" % (row["leukaemicWithAsMany"], row["normalWithAsMany"]), *(at(row, s) for s in PATIENT_NAMES)) for row in growing["rows"]]),
        "These spreads are of the order alone, on these subjects. The interval over subjects above is the wider one. At 80 cells hardly an ALL subject has as many.",
        "",
        "Every subject. p is (1 + how many others lie as high) / (1 + how many others), by %s, the others being the normal subjects of at least %d cells, each with all its cells." % (
            PATIENT_NAMES[chosen["statistic"]], level["leastCells"]),
        "With %d of them it is never below 1/%d. The last column is what the shipped network, which learned from the subject, gives: it is more extreme" % (
            ten["normal"], ten["normal"] + 1),
        "(mean over counted cells, ALL %.3f instead of %.3f, normal %.3f instead of %.3f), so a training image must not be compared with these references." % (
            mean[patients.LEUKAEMIC]["served"], mean[patients.LEUKAEMIC]["outOfFold"], mean[patients.NORMAL]["served"], mean[patients.NORMAL]["outOfFold"]),
        "",
        *table(("subject", "truth", "cells", *PATIENT_NAMES.values(), "p", "mean probability, shipped"),
               [(row["subject"], row["truth"], row["cells"], *("%.3f" % row["statistics"][s] for s in PATIENT_NAMES), "%.3f" % row["pValues"][chosen["statistic"]],
                 "%.3f" % row["meanProbabilityServed"]) for row in level["subjects"]]),
        "The likelihood ratio stands as its natural logarithm. `model.json` carries the probabilities of every subject in `reference`, so the statistics of subjects left out can be computed again.",
        "",
        "The maintainers' external test, 141 images of 10 subjects outside the project: mean probability of a subject 0.79–0.89 with ALL, 0.30–0.60 where normal.",
        "Per cell AUROC 0.82 (0.71–0.97 by subject), sensitivity 0.91, specificity 0.60; area alone 0.80.",
        "",
    ]


def render(described: dict, evaluation: dict) -> str:
    metrics, validation = described["metrics"], described["validations"][0]
    final, typed = evaluation["final"], evaluation["typed"]
    se, sp = evaluation["sensitivityOverSubjects"], evaluation["specificityOverSubjects"]
    chance, refusal = evaluation["calibrationErrorByChance"], evaluation["refusal"]
    lines = [
        "# Model card: %s %s" % (described["name"], described["version"]),
        "",
        "Written by `python3 -m leukostream_training export` from the figures of `evaluate`; not edited by hand.",
        "",
        "**Research use only.** The model triages; a haematologist decides. It never says that there is no leukaemia.",
        "",
        *between_subjects(evaluation["patients"]),
        "## What it is",
        "",
        "One network for both kinds of images. Input: one cell, %g µm square at 128 px, black outside the cell. Inside the network" % described["crop"]["sideMicrometres"],
        "(1) the colour of the cell is standardised and a MobileNetV2, started from ImageNet and trained on %d typed cells of marrow and blood," % typed["trainCells"],
        "looks at it; (2) statistics of shape, colour and chromatin texture are taken, and of the network's early maps; (3) the network and a regression on",
        "these statistics, averaged, name the cell's type; (4) support vector machines (radial basis; %s; %s vectors)" % (
            final["design"], " and ".join(str(n) for n in final["supportVectors"])),
        "tell lymphoblasts from normal precursors; (5) five figures of appearance and distances to learned cells say whether the cell should be judged at all.",
        "The network that describes the cells never saw a label of C-NMC.",
        "",
        "It answers **two different questions**, and their figures are not to be mixed:",
        "",
        *table(("images", "question", "learned from", "may decide a verdict"), [
            ("`CELL`, cut on black", described["calls"]["CELL"]["question"], "%d cells of %d subjects" % (evaluation["cells"], len(evaluation["subjects"])),
             "bone marrow, as validated by subject"),
            ("`FIELD`, whole fields", described["calls"]["FIELD"]["question"], "%d typed cells, no patient numbers" % typed["trainCells"],
             "no: not validated by subject, so the MODEL basis says `INDETERMINATE`")]),
        "Not validated on: peripheral blood, other stains, scanners, laboratories or ages. `FIELD` blasts are of any lineage, most of them myeloid.",
        "",
        "## Against the aims",
        "",
        *table(("figure", "aim", "measured (95 % interval)", ""), verdict_on(metrics)),
        "So few subjects cannot tell whether that aim for the calibration error is met. Were every probability right, as many subjects with as many cells, and with scores",
        "as spread within and between subjects as here, would show %.3f (%.3f to %.3f) by chance, and %g or less in %.0f %% of 2000 draws." % (
            chance["median"], chance["lower"], chance["upper"], chance["aim"], 100 * chance["shareWithinAim"]),
        "",
        "## Lymphoblast or normal precursor: subjects left out",
        "",
        "%s. Subjects are merged where they share images or cells. Intervals: %s." % (metrics["auroc"]["how"].split("; ")[0].capitalize() + ": design, calibration and threshold are chosen without the subject",
                                                                                     metrics["auroc"]["how"].split("; ")[-1]),
        "",
        *table(("figure", "value", "95 % interval"), [(NAMES[key], *interval(metrics[key])) for key in NAMES]),
        "![ROC](figures/roc.svg) ![reliability](figures/reliability.svg)",
        "",
        "By look-group (`training/look-groups.json`; each left out whole, with its part of the ALL subjects):",
        "",
        *table(("look of its normal subjects", "cells", "AUROC", "area alone", "sensitivity", "specificity", "normal subjects"),
               [(g["look"], g["cells"], "%.3f" % g["auroc"], "%.3f" % g["areaAuroc"], "%.2f" % g["sensitivity"], "%.2f" % g["specificity"], ", ".join(g["normalSubjects"]))
                for g in evaluation["lookGroups"]]),
        "By subject (of at least %d cells) the share of correct calls runs from %s (ALL) and from %s (normal). The beta-binomial fit over subjects" % (
            SPREAD_FROM_CELLS, spread(validation["sensitivity"]), spread(validation["specificity"])),
        "has mean %.3f, standard deviation %.3f (sensitivity) and %.3f, %.3f (specificity). This spread, not the pooled figure, is what a new patient meets;" % (
            se["mean"], se["standardDeviation"], sp["mean"], sp["standardDeviation"]),
        "model.json carries it subject by subject, and the verdict's interval is widened by it. Design effect of cells of one image: %.2f." % validation["designEffect"],
        "",
        *table(("ALL subject", "called BLAST", "cells", "share correct"), rates(validation["sensitivity"])),
        *table(("normal subject", "called NORMAL", "cells", "share correct"), rates(validation["specificity"])),
        "## Designs that were compared",
        "",
        "AUROC, pooled and with subjects alike. The nested choice was made anew in each fold, among %s; this table was not used for it." % "; ".join("*%s*" % name for name in final["candidates"]),
        "",
        *table(("design", "look-groups left out", "subjects alike", "worst look-group", "each subject left out", "subjects alike"),
               [(r["design"], number(r["lookGroups"]), number(r["lookGroupsSubjectWeighted"]), number(r["worstLookGroup"]), number(r["leaveOneSubjectOut"]),
                 number(r["leaveOneSubjectOutSubjectWeighted"])) for r in evaluation["comparison"]]),
        "Chosen in the folds: %s. Shipped: %s." % ("; ".join("%s in %d" % item for item in evaluation["designsChosen"].items()), final["design"]),
        "",
        "## Cell types, and blasts of any lineage",
        "",
        "%d test cells, split off by a seeded hash of the file's name and used for nothing else. There are no patient numbers in these sets, so cells of one" % typed["testCells"],
        "patient may lie on both sides: **the figures are optimistic**. Some classes come from one set alone, so a set's look can help.",
        "",
        *table(("figure", "value", "95 % interval (cells)"), [(TYPED_NAMES[key], *interval(metrics[key])) for key in TYPED_NAMES]),
        *table(("type", "test cells", "recall", "precision"), [(t["type"], t["cells"], number(t["recall"]), number(t["precision"])) for t in typed["types"]]),
        "## What it refuses",
        "",
        "Share of cells kept from counting, with the gate; the limits were not fitted to any bad image, but that `FIELD` cells are compared in ten figures of focus and",
        "stain was chosen by these kinds of bad images. Aims: at most 2 % of good cells refused, at least 90 % of each bad kind refused or doubtful.",
        "",
        "Doubtful cells count, and are marked for a person to look at. A cell cut on black is doubtful where the finest detail of its three colours, below 0.8 px of 128, is",
        "unlike what the camera made: in six figures of how alike the colours are there it is farther from every learned cell than %g %% of good cells of unseen subjects." % (100 * (1 - FARTHEST_DETAIL)),
        "That these figures serve was found on drawn cells of a simulated ward, of another seed than below.",
        "",
        *refusals("CELL", refusal),
        "A cell of a field is refused as NOT_IDENTIFIABLE where that has a probability of %g or more. Where it has less, the cell counts, and is marked doubtful" % described["calls"]["FIELD"]["notIdentifiable"]["refusedFrom"],
        "from %g on: chosen on the calibration part, so that nine of ten marrow cells which experts could not identify are at least marked there." % typed["doubtfulFrom"],
        "",
        *refusals("FIELD", refusal),
        "## What the figures don't say",
        "",
        "- Cells can be drawn that pass: the simulated ward's are hardly refused, only doubtful. The gate is no proof that an image came from a microscope.",
        "- C-NMC is one laboratory's staining and normalisation, %d images of at most 70 (ALL) or 150 (normal) a subject number. Another laboratory's cells are" % evaluation["cells"],
        "  outside what was measured; most of them are refused as UNLIKE_TRAINING, see above.",
        "- Subjects are few. Where subjects count alike, one with a handful of cells weighs as much as the others.",
        "- All ALL cells carry the subject's label: a normal precursor in a leukaemic marrow counts as a blast.",
        "- The kinds of features and the grid of designs were found by looking at out-of-fold scores of these same subjects before the nested run, so its figures",
        "  are a little optimistic for that, above all for which detail counts as too fine; no subject is left that had no part in it.",
        "- Threshold and calibration in model.json come from the inner cross-validation over all subjects, for a machine fitted to more subjects than any fold's.",
        "- The pixel size of C-NMC isn't published. %g µm is inferred from the size of lymphoid cells; an error of it is an error of the apparent size." % described["crop"]["nominalPixelSizeMicrometres"],
        "- %d of %d cells reach beyond the crop of %d px." % (evaluation["cellsBeyondCrop"], evaluation["cells"], evaluation["cropSidePx"]),
        "- Probabilities hold at equal shares of both classes, not at the share that some marrow has.",
        "",
        "## Data and licences",
        "",
        *["- %s, %s. %s %s" % (d["name"], d["licence"], d["citation"], "doi:" + d["doi"] if "doi" in d else d["url"]) for d in described["data"]],
        "",
    ]
    return "\n".join(lines)


def write_card(described: dict, evaluation: dict, path: Path) -> None:
    figures = path.parent / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    path.write_text(render(described, evaluation), encoding="utf-8")
    (figures / "reliability.svg").write_text(reliability_picture(evaluation["reliability"]), encoding="utf-8")
    (figures / "roc.svg").write_text(roc_picture(evaluation["roc"]), encoding="utf-8")
