"""Figures over cells whose subjects are the independent units. Pure functions of arrays; weights are per cell."""
import numpy as np
from scipy.special import expit

BOOTSTRAP_DRAWS = 2000
BOOTSTRAP_SEED = 4711


def subject_weights(labels: np.ndarray, subjects: np.ndarray) -> np.ndarray:
    """Sums to 1: half for each class, within a class the same for every subject, within a subject for every cell."""
    weights = np.zeros(len(labels))
    for subject in np.unique(subjects):
        of_subject = subjects == subject
        weights[of_subject] = 1.0 / of_subject.sum()
    for label in np.unique(labels):
        of_label = labels == label
        weights[of_label] /= weights[of_label].sum()
    return weights / weights.sum()


def auroc(labels: np.ndarray, scores: np.ndarray, weights: np.ndarray = None) -> float:
    """Probability that a blast scores higher than a normal cell, ties half, both drawn in proportion to their weights."""
    weights = np.ones(len(labels)) if weights is None else weights
    _, group = np.unique(scores, return_inverse=True)
    positive = np.bincount(group, weights * (labels == 1))
    negative = np.bincount(group, weights * (labels == 0))
    if positive.sum() == 0 or negative.sum() == 0:
        return float("nan")
    below = np.cumsum(negative) - negative
    return float((positive * (below + negative / 2)).sum() / (positive.sum() * negative.sum()))


def auroc_within_deciles(labels: np.ndarray, scores: np.ndarray, sizes: np.ndarray, weights: np.ndarray) -> float:
    """AUROC among cells of like size: the mean over deciles of `sizes`, weighted by their pairs. Size alone gives about 0.5."""
    decile = np.searchsorted(np.quantile(sizes, np.arange(0.1, 0.95, 0.1)), sizes)
    total, pairs = 0.0, 0.0
    for k in range(10):
        inside = decile == k
        weight = weights[inside & (labels == 1)].sum() * weights[inside & (labels == 0)].sum()
        if weight > 0:
            total += weight * auroc(labels[inside], scores[inside], weights[inside])
            pairs += weight
    return total / pairs


def brier(labels: np.ndarray, probabilities: np.ndarray, weights: np.ndarray) -> float:
    return float(np.average((probabilities - labels) ** 2, weights=weights))


def calibration_error(labels: np.ndarray, probabilities: np.ndarray, weights: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error: mean distance of share and mean probability over `bins` equal-width bins."""
    index = np.minimum((probabilities * bins).astype(int), bins - 1)
    gap = np.bincount(index, weights * (labels - probabilities), minlength=bins)
    return float(np.abs(gap).sum() / weights.sum())


def error_by_chance(labels: np.ndarray, subjects: np.ndarray, log_odds: np.ndarray, aim: float, draws: int = BOOTSTRAP_DRAWS,
                    seed: int = BOOTSTRAP_SEED) -> dict:
    """The `calibration_error`, subjects alike, that as many subjects with as many cells give where every probability is right.

    Scores are drawn normally about the means of the classes, with a part that a subject's cells share and a part of each cell's own, as large as
    in `log_odds` (by the analysis of variance of a one-way layout, both classes' variances averaged); then the right log-odds are
    linear in the score.

    @return median, lower and upper end of 95 % of the draws, and the share of draws that meet the aim
    """
    names, index = np.unique(subjects, return_inverse=True)
    sizes = np.bincount(index)
    means = np.bincount(index, log_odds) / sizes
    squares = np.bincount(index, (log_odds - means[index]) ** 2)
    blast = np.bincount(index, labels) > 0
    own, shared = [], []
    for group in (blast, ~blast):
        own.append(squares[group].sum() / (sizes[group] - 1).sum())
        shared.append(max(0.0, means[group].var(ddof=1) - own[-1] * (1 / sizes[group]).mean()))
    own, shared = np.mean(own), np.mean(shared)
    apart = means[blast].mean() - means[~blast].mean()
    weights, rng = subject_weights(labels, subjects), np.random.default_rng(seed)
    errors = []
    for _ in range(draws):
        scores = (apart * (labels - 0.5) + rng.normal(0, shared ** 0.5, len(names))[index] + rng.normal(0, own ** 0.5, len(labels)))
        errors.append(calibration_error(labels, expit(apart / (own + shared) * scores), weights))
    median, lower, upper = np.quantile(errors, [0.5, 0.025, 0.975])
    return {"median": round(float(median), 4), "lower": round(float(lower), 4), "upper": round(float(upper), 4), "aim": aim,
            "shareWithinAim": round(float((np.array(errors) <= aim).mean()), 4)}


def share(correct: np.ndarray, weights: np.ndarray) -> float:
    return float(np.average(correct, weights=weights)) if weights.sum() > 0 else float("nan")


def subject_multiplicities(labels: np.ndarray, subjects: np.ndarray, draws: int = BOOTSTRAP_DRAWS, seed: int = BOOTSTRAP_SEED):
    """Bootstrap draws as weights: how often each cell's subject was drawn, subjects drawn with replacement within each class."""
    rng = np.random.default_rng(seed)
    names, index = np.unique(subjects, return_inverse=True)
    label_of = np.array([labels[index == k][0] for k in range(len(names))])
    for _ in range(draws):
        times = np.zeros(len(names))
        for label in np.unique(label_of):
            own = np.flatnonzero(label_of == label)
            np.add.at(times, rng.choice(own, len(own)), 1)
        yield times[index]


def with_interval(statistic, labels, subjects, weights, level: float = 0.95) -> dict:
    """`statistic(weights)` on all cells, and its percentile interval over the bootstrap of subjects."""
    values = np.array([statistic(weights * times) for times in subject_multiplicities(labels, subjects)])
    lower, upper = np.nanquantile(values, [(1 - level) / 2, (1 + level) / 2])
    return {"value": round(statistic(weights), 4), "lower": round(float(lower), 4), "upper": round(float(upper), 4)}


def intra_cluster_correlation(correct: np.ndarray, subjects: np.ndarray, clusters: np.ndarray) -> float:
    """One-way analysis of variance of clusters nested in subjects: (MSB - MSW) / (MSB + (n0 - 1) MSW).

    MSB is taken about the subject's own mean, so what differs between subjects doesn't enter. See Donner and Koval 1980
    (Biometrics 36:19-25) for the estimator without nesting.
    """
    between = within = 0.0
    cluster_count, sizes_over_subject, subject_count = 0, 0.0, 0
    for subject in np.unique(subjects):
        own = correct[subjects == subject].astype(float)
        _, index, sizes = np.unique(clusters[subjects == subject], return_inverse=True, return_counts=True)
        means = np.bincount(index, own) / sizes
        between += (sizes * (means - own.mean()) ** 2).sum()
        within += ((own - means[index]) ** 2).sum()
        cluster_count += len(sizes)
        subject_count += 1
        sizes_over_subject += (sizes ** 2).sum() / len(own)
    between_freedom, within_freedom = cluster_count - subject_count, len(correct) - cluster_count
    if between_freedom <= 0 or within_freedom <= 0 or between + within == 0:
        return 0.0
    n0 = (len(correct) - sizes_over_subject) / between_freedom
    msb, msw = between / between_freedom, within / within_freedom
    return float((msb - msw) / (msb + (n0 - 1) * msw))


def design_effect(correct: np.ndarray, subjects: np.ndarray, clusters: np.ndarray) -> dict:
    """1 + (m - 1) ICC, at least 1, with m the size of the cluster that a random cell is in (sum of squares over sum)."""
    _, sizes = np.unique(clusters, return_counts=True)
    size = float((sizes ** 2).sum() / sizes.sum())
    icc = intra_cluster_correlation(correct, subjects, clusters)
    return {"value": max(1.0, 1 + (size - 1) * icc), "icc": icc, "clusterSize": size}
