import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from leukostream_training import statistics as st
from leukostream_training.calibration import Platt, balanced_threshold, doubtful_from, fit_platt, fit_temperature
from leukostream_training.evaluation import beta_binomial


def test_auroc_agrees_with_scikit_learn_with_ties_and_weights():
    rng = np.random.default_rng(1)
    labels, scores, weights = rng.integers(0, 2, 500), rng.integers(0, 30, 500).astype(float), rng.random(500)
    assert st.auroc(labels, scores, weights) == pytest.approx(roc_auc_score(labels, scores, sample_weight=weights))


def test_weights_make_classes_and_subjects_alike():
    labels = np.array([0, 0, 0, 0, 1, 1])
    subjects = np.array(["a", "a", "a", "b", "c", "c"])
    assert st.subject_weights(labels, subjects) == pytest.approx([1 / 12, 1 / 12, 1 / 12, 1 / 4, 1 / 4, 1 / 4])


def test_size_alone_is_worth_nothing_within_deciles_of_size():
    rng = np.random.default_rng(2)
    size = rng.random(4000)
    labels = (rng.random(4000) < size).astype(int)
    assert st.auroc(labels, size) > 0.75
    assert st.auroc_within_deciles(labels, size, size, np.ones(4000)) == pytest.approx(0.5, abs=0.06)


def test_calibration_error_of_a_known_case():
    labels = np.array([1, 0, 0, 0])
    probabilities = np.array([0.95, 0.95, 0.05, 0.05])
    assert st.calibration_error(labels, probabilities, np.ones(4)) == pytest.approx(0.25)
    assert st.brier(labels, probabilities, np.ones(4)) == pytest.approx((0.05 ** 2 + 0.95 ** 2 + 2 * 0.05 ** 2) / 4)


def test_the_calibration_error_by_chance_falls_with_the_number_of_subjects_and_is_small_where_cells_are_many():
    # Given: per class so many subjects of 50 cells each, whose scores share a part
    rng = np.random.default_rng(8)

    def by_chance(per_class):
        labels = np.repeat([0, 1], per_class * 50)
        subjects = np.repeat(np.arange(2 * per_class), 50)
        log_odds = 2.0 * (2 * labels - 1) + np.repeat(rng.normal(0, 1.2, 2 * per_class), 50) + rng.normal(0, 1.5, len(labels))
        return st.error_by_chance(labels, subjects, log_odds, aim=0.03, draws=100)
    # When
    few, many = by_chance(10), by_chance(400)
    # Then
    assert few["lower"] < few["median"] < few["upper"]
    assert few["median"] > 0.03 > 0.015 > many["median"]
    assert few["shareWithinAim"] < 0.3 and many["shareWithinAim"] == 1


def test_bootstrap_draws_whole_subjects_within_their_class():
    labels = np.array([0, 0, 1, 1, 1])
    subjects = np.array(["a", "b", "c", "c", "d"])
    for times in st.subject_multiplicities(labels, subjects, draws=50):
        assert times[2] == times[3]
        assert times[0] + times[1] == 2 and times[2] + times[4] == 2


@pytest.mark.parametrize("shared", [0.0, 0.3])
def test_correlation_within_clusters_is_found_and_subjects_do_not_count(shared):
    # Given: subjects of very different accuracy, clusters of five cells that share the outcome with a probability
    rng = np.random.default_rng(3)
    correct, subjects, clusters = [], [], []
    for subject in range(40):
        rate = rng.uniform(0.3, 0.7)
        for cluster in range(40):
            common = rng.random() < rate
            for _ in range(5):
                same = rng.random() < np.sqrt(shared)
                correct.append(common if same else rng.random() < rate)
                subjects.append(subject)
                clusters.append("%d/%d" % (subject, cluster))
    # When
    found = st.intra_cluster_correlation(np.array(correct), np.array(subjects), np.array(clusters))
    # Then
    assert found == pytest.approx(shared, abs=0.03)


def test_design_effect_is_never_below_one():
    correct = np.array([True, False] * 50)
    effect = st.design_effect(correct, np.zeros(100), np.arange(100) // 2)
    assert effect["icc"] < 0 and effect["value"] == 1.0


def test_platt_finds_the_parameters_that_made_the_labels():
    rng = np.random.default_rng(4)
    difference = rng.normal(0, 2, 40000)
    labels = (rng.random(40000) < Platt(0.7, -0.4).probability(difference)).astype(int)
    found = fit_platt(difference, labels, np.full(40000, 1 / 40000))
    assert (found.slope, found.intercept) == (pytest.approx(0.7, abs=0.04), pytest.approx(-0.4, abs=0.04))


def test_threshold_balances_sensitivity_and_specificity():
    rng = np.random.default_rng(5)
    labels = np.repeat([0, 1], [3000, 1000])
    probabilities = np.clip(rng.normal(0.4 + 0.2 * labels, 0.15), 0, 1)
    threshold = balanced_threshold(probabilities, labels, np.ones(4000))
    called = probabilities >= threshold
    assert called[labels == 1].mean() == pytest.approx((~called)[labels == 0].mean(), abs=0.002)


def test_beta_binomial_finds_the_spread_that_made_the_counts():
    # Given: 400 subjects whose sensitivity is drawn from a Beta with mean 0.8 and standard deviation 0.1
    rng = np.random.default_rng(9)
    share = rng.beta(12, 3, 400)
    rows = [{"correct": int(rng.binomial(70, p)), "total": 70} for p in share]
    # When
    found = beta_binomial(rows)
    # Then
    assert found["mean"] == pytest.approx(0.8, abs=0.02)
    assert found["standardDeviation"] == pytest.approx((12 * 3 / (15 ** 2 * 16)) ** 0.5, abs=0.015)


def test_logits_of_types_that_are_too_sure_by_three_get_that_temperature():
    # Given: labels drawn with the probabilities that the logits say
    rng = np.random.default_rng(8)
    logits = rng.normal(size=(20000, 4)) * 2
    labels = (logits - np.log(-np.log(rng.uniform(size=logits.shape)))).argmax(1)
    # Then
    assert fit_temperature(3 * logits, labels) == pytest.approx(3, rel=0.05)


@pytest.mark.parametrize("share, at", [(0.25, 0.99), (0.5, 0.95), (0.7, 0.8), (1.0, 0.6)])
def test_of_the_unidentifiable_the_stated_share_is_doubtful(share, at):
    probabilities = np.array([0.95004, 0.99, 0.60001, 0.80009])
    assert doubtful_from(probabilities, share) == pytest.approx(at)
    assert (probabilities >= doubtful_from(probabilities, share)).mean() >= share
