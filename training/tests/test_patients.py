"""Statistics of a subject's cells, and how far they tell subjects apart."""
import json

import numpy as np
import pytest

from leukostream_training import bundle, patients
from leukostream_training.patients import LEUKAEMIC, NORMAL, STATISTICS, Cohort, OneKindMissing
from leukostream_training.repository import repository


def subject(name, truth, probabilities):
    return {"subject": name, "truth": truth, "lookGroup": "sharp", "probabilities": list(probabilities)}


def drawn(rng, leukaemic=8, normal=6, cells=30, apart=2.0):
    """Subjects whose cells' log-odds share a part."""
    def one(name, truth, middle):
        return subject(name, truth, np.round(1 / (1 + np.exp(-rng.normal(middle + rng.normal(0, 0.7), 1.5, cells))), 4))
    return ([one("L%d" % k, LEUKAEMIC, apart / 2) for k in range(leukaemic)] + [one("N%d" % k, NORMAL, -apart / 2) for k in range(normal)])


def cohort(rows):
    return Cohort(tuple(rows), 0.5, 1.5)


def test_statistics_of_known_cells():
    # Given
    two = cohort([subject("a", LEUKAEMIC, [0.9, 0.9, 0.9, 0.1, 0.5]), subject("b", NORMAL, [0.1])])
    # Then: the threshold itself is called
    assert two.values("shareCalled")[0] == pytest.approx(0.8)
    assert two.values("meanProbability")[0] == pytest.approx(0.66)
    assert two.values("trimmedMean")[0] == pytest.approx((0.5 + 0.9 + 0.9) / 3)
    assert two.values("meanLogOdds")[0] == pytest.approx((3 * np.log(9) - np.log(9)) / 5)


def test_probabilities_that_round_to_0_and_1_have_finite_log_odds():
    assert patients.mean_log_odds([0.0, 1.0]) == pytest.approx(0)
    assert patients.mean_log_odds([1.0]) == pytest.approx(np.log(0.99995 / 0.00005))


@pytest.mark.parametrize("statistic", STATISTICS)
def test_the_order_of_the_cells_does_not_matter(statistic):
    # Given
    rng = np.random.default_rng(3)
    rows = drawn(rng)
    shuffled = [{**each, "probabilities": rng.permutation(each["probabilities"]).tolist()} for each in rows]
    # When / Then
    assert (cohort(rows).values(statistic) == cohort(shuffled).values(statistic)).all()


@pytest.mark.parametrize("statistic", STATISTICS)
def test_the_order_of_the_subjects_does_not_matter(statistic):
    # Given
    rng = np.random.default_rng(4)
    rows = drawn(rng)
    order = rng.permutation(len(rows))
    # When
    once, again = cohort(rows).values(statistic), cohort([rows[k] for k in order]).values(statistic)
    # Then
    assert again == pytest.approx(once[order], abs=0.01)


def test_equal_values_count_half():
    labels = np.array([1, 1, 0, 0])
    assert patients.separation(np.array([0.5, 0.5, 0.5, 0.5]), labels)["value"] == 0.5
    assert patients.separation(np.array([0.9, 0.5, 0.5, 0.1]), labels)["value"] == pytest.approx(0.875)


def test_equal_values_count_half_in_the_nested_choice():
    # Given: every subject the same
    rows = [subject("s%d" % k, LEUKAEMIC if k < 3 else NORMAL, [0.2, 0.7]) for k in range(6)]
    # When
    found = patients.choice(cohort(rows))
    # Then: and the simplest statistic is taken
    assert found["value"] == found["lower"] == found["upper"] == 0.5
    assert found["chosenInPairs"] == {"shareCalled": 9}


@pytest.mark.parametrize("there, missing", [(LEUKAEMIC, NORMAL), (NORMAL, LEUKAEMIC)])
def test_one_kind_alone_is_refused_by_name(there, missing):
    with pytest.raises(OneKindMissing, match="no %s subject" % missing):
        cohort([subject("a", there, [0.5]), subject("b", there, [0.6])])


def test_a_subject_listed_twice_or_without_cells_is_refused():
    with pytest.raises(ValueError, match="twice"):
        cohort([subject("a", LEUKAEMIC, [0.5]), subject("a", NORMAL, [0.6])])
    with pytest.raises(ValueError, match="no cells"):
        cohort([subject("a", LEUKAEMIC, [0.5]), subject("b", NORMAL, [])])


def test_a_likelihood_ratio_that_leaves_out_all_of_a_kind_is_refused():
    two = cohort([subject("a", LEUKAEMIC, [0.9]), subject("b", NORMAL, [0.1])])
    with pytest.raises(OneKindMissing, match="left to compare"):
        two.log_likelihood_ratio([0.5], frozenset([0]))


def test_the_likelihood_ratio_does_not_look_at_the_subject_itself():
    # Given
    rows = drawn(np.random.default_rng(5))
    before = cohort(rows).log_likelihood_ratio([0.9] * 10, frozenset([0]))
    changed = [{**rows[0], "probabilities": [0.01] * 30}, *rows[1:]]
    # When / Then
    assert cohort(changed).log_likelihood_ratio([0.9] * 10, frozenset([0])) == before
    assert cohort(changed).log_likelihood_ratio([0.9] * 10, frozenset()) != before


def test_what_is_chosen_for_a_pair_does_not_rest_on_the_pair():
    # Given: subjects alike in share called, apart in mean probability, but one pair that is the other way round
    rows = [subject("L%d" % k, LEUKAEMIC, [0.9, 0.4 + k / 100]) for k in range(4)] + [subject("N%d" % k, NORMAL, [0.6, 0.1 + k / 100]) for k in range(4)]
    found = patients.choice(cohort(rows))
    # Then
    assert found["value"] == 1.0 and found["chosenInPairs"] == {"meanProbability": 16}


def test_the_nested_choice_knows_no_subjects_that_cannot_be_told_apart():
    # Given: nothing tells the kinds apart
    values = [patients.choice(cohort(drawn(np.random.default_rng(seed), 6, 6, 8, apart=0.0)))["value"] for seed in range(12)]
    # Then
    assert np.mean(values) < 0.62


def test_p_values_count_equal_references_as_at_least_as_high():
    assert patients.p_value(0.5, np.array([0.5, 0.1, 0.2, 0.9])) == pytest.approx(3 / 5)
    assert patients.p_value(1.0, np.array([0.5, 0.1, 0.2, 0.9])) == pytest.approx(1 / 5)


def test_a_normal_subject_is_not_its_own_reference():
    # Given
    rows = patients.table(cohort(drawn(np.random.default_rng(6))))
    # Then
    assert {row["references"] for row in rows if row["truth"] == NORMAL} == {5}
    assert {row["references"] for row in rows if row["truth"] == LEUKAEMIC} == {6}


def test_few_cells_depend_on_the_order_and_all_cells_do_not():
    # Given
    rows = cohort(drawn(np.random.default_rng(7), cells=40))
    images = [np.arange(40) // 4 for _ in rows.subjects]
    # When
    found = {row["cells"]: row["auroc"] for row in patients.growing(rows, images, orders=20)}
    # Then
    for name in STATISTICS:
        assert found[10][name]["lower"] < found[10][name]["upper"]
        assert found[40][name]["lower"] == pytest.approx(found[80][name]["upper"])
        assert found[80][name]["mean"] == pytest.approx(patients.separation(rows.values(name), rows.labels)["value"], abs=1e-4)


def test_only_counted_cells_are_published():
    # Given
    subjects, labels = np.array(["b", "a", "a", "c"]), np.array([1, 0, 0, 1])
    # When
    rows = patients.reference(subjects, labels, np.array([0.123456, 0.2, 0.3, 0.4]), np.array([True, True, False, False]), {"a": "x", "b": "y", "c": "z"})
    # Then
    assert rows == [{"subject": "a", "truth": NORMAL, "lookGroup": "x", "probabilities": [0.2]},
                    {"subject": "b", "truth": LEUKAEMIC, "lookGroup": "y", "probabilities": [0.1235]}]


def test_the_committed_figures_follow_from_the_committed_bundle():
    # Given
    described = json.loads((bundle.bundle_folder() / "model.json").read_text(encoding="utf-8"))
    level = json.loads((repository() / "training" / "evaluation.json").read_text(encoding="utf-8"))["patients"]
    rows = described["reference"][0]["subjects"]
    assert {row["subject"] for row in rows} == set(described["trainingSubjects"])
    # When
    everyone = Cohort(tuple(rows), described["calls"]["CELL"]["operatingThreshold"], max(1.0, level["designEffect"]))
    some = everyone.of_at_least(level["leastCells"])
    # Then
    for name in ("shareCalled", "meanProbability", "meanLogOdds", "trimmedMean"):
        assert patients.separation(some.values(name), some.labels) == level["separation"]["atLeastTenCells"]["subjectsLeftOut"][name]
    assert [row["statistics"]["meanProbability"] for row in patients.table(everyone)] == [row["statistics"]["meanProbability"] for row in level["subjects"]]


def test_probabilities_stand_on_one_line_of_model_json():
    described = {"reference": [{"subjects": [subject("a", NORMAL, [0.1, 0.25])]}]}
    assert '"probabilities": [0.1, 0.25]' in bundle.render(described)
    assert json.loads(bundle.render(described)) == described
