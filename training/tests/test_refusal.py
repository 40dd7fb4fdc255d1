"""Limits and distances of the gate, on numbers made here."""
import numpy as np

from leukostream_training import golden_cells, refusal


def test_the_first_limit_that_does_not_hold_is_the_gate_and_distance_comes_last():
    # Given
    rng = np.random.default_rng(1)
    seen = rng.normal(size=(4000, len(refusal.FIGURES)))
    seen[:, 4] = 0
    limits = refusal.limits_of(seen)
    good = np.zeros(len(refusal.FIGURES))
    blurred, bright_and_blurred = good.copy(), good.copy()
    blurred[0] = -20
    bright_and_blurred[:2] = -20
    # When
    gates = refusal.refused(limits, np.stack([good, blurred, bright_and_blurred, good]), np.array([0.1, 0.1, 0.1, 9.0]), farthest=1.0)
    # Then
    assert list(gates) == ["", "OUT_OF_FOCUS", "OUT_OF_FOCUS", "UNLIKE_TRAINING"]


def test_a_good_figure_is_refused_about_as_rarely_as_stated():
    rng = np.random.default_rng(2)
    seen = rng.normal(size=(20000, len(refusal.FIGURES)))
    limits = refusal.limits_of(seen)
    fresh = rng.normal(size=(20000, len(refusal.FIGURES)))
    fresh[:, 4] = 0
    share = (refusal.refused(limits, fresh, np.zeros(20000), 1.0) != "").mean()
    assert share < 2 * 8 * refusal.OUTSIDE


def test_a_figure_beyond_either_limit_or_that_is_no_number_is_beyond():
    values = np.array([0.5, 1.0, 2.0, 2.5, np.nan])
    assert list(refusal.beyond({"lower": 1.0, "upper": 2.0}, values)) == [True, False, False, True, True]
    assert list(refusal.beyond({"upper": 2.0}, values)) == [False, False, False, True, True]


def test_distance_is_to_the_nearest_reference():
    reference = np.array([[0.0, 0.0], [10.0, 0.0]])
    np.testing.assert_allclose(refusal.distance(np.array([[1.0, 1.0], [10.0, 2.0]]), reference), [1.0, 2.0])


def test_spoilt_cells_keep_their_black_surround():
    crops = golden_cells.drawn(2)
    outside = crops.max(3) <= 10
    for name, changed in refusal.spoilt(crops).items():
        assert changed.shape == crops.shape and changed[outside].max() == 0, name
