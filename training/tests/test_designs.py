"""The blast call on descriptions, its nested choice, and the network that carries it, on small data made here."""
import numpy as np
import pytest
import torch

from leukostream_training import bundle, designs, network
from leukostream_training.cell_network import COLUMNS, STAIN_FIGURES, CellNetwork, Whitening, detail_figures, stain_figures
from leukostream_training.texture import DETAIL_FIGURES
from leukostream_training.type_regression import TypeRegression
from leukostream_training.typed import TYPES

TEMPERATURE = 1.3
WIDTH = designs.FEATURES + 2 * designs.STATISTICS


def described(subjects=12, cells=6, seed=5):
    """Descriptions whose first columns tell the classes apart, and a look of each subject that does not."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(subjects) % 2, cells)
    names = np.repeat(np.array(["s%02d" % k for k in range(subjects)]), cells)
    values = rng.normal(size=(subjects * cells, WIDTH)) + np.repeat(rng.normal(size=(subjects, WIDTH)), cells, axis=0)
    values[:, :40] += 2.0 * labels[:, None]
    return values, labels, names


def test_every_group_is_scored_by_machines_that_never_saw_it():
    # Given: one subject whose label is the opposite of what its cells say
    cells, labels, subjects = described()
    cells[subjects == "s00", :40] += 4.0
    # When
    found = designs.nested(cells, labels, subjects, subjects, processes=1)
    # Then: had the machine learned from it, the radial basis would have remembered its cells
    assert found["called"][subjects == "s00"].all()
    assert (found["called"] == (labels == 1))[subjects != "s00"].mean() > 0.75
    assert set(found["designs"].values()) <= {each.name for each in designs.CANDIDATES}


def test_inner_folds_hold_each_subject_once_and_both_classes():
    _, labels, subjects = described()
    fold = designs.deal(labels, subjects, 3, seed=1)
    for subject in np.unique(subjects):
        assert len(set(fold[subjects == subject])) == 1
    for k in range(3):
        assert set(labels[fold == k]) == {0, 1}


def test_a_design_of_two_machines_is_their_mean():
    cells, labels, subjects = described()
    fitted = designs.Fitted(designs.CANDIDATES[4], cells, labels, subjects)
    alone = [machine.decision(cells) for machine in fitted.machines]
    assert len(alone) == 2
    np.testing.assert_allclose(fitted.decision(cells), np.mean(alone, axis=0))


def assembled():
    torch.manual_seed(3)
    cells, labels, subjects = described()
    typed = network.with_batch_norms(len(TYPES)).eval()
    for group in typed.convolutions():
        group.norm.running_mean.uniform_(-0.2, 0.2)
        group.norm.running_var.uniform_(0.5, 1.5)
    fitted = designs.Fitted(designs.CANDIDATES[4], cells, labels, subjects)
    rng = np.random.default_rng(6)
    figures = [rng.normal(size=(20, columns)) for columns in (STAIN_FIGURES, DETAIL_FIGURES)]
    return CellNetwork.assembled(typed, regression(), TEMPERATURE, fitted, cells[:10], *figures), fitted


def regression():
    cells, _, _ = described(seed=9)
    return TypeRegression(cells, np.arange(len(cells)) % len(TYPES))


def drawn_cells(count):
    from leukostream_training import golden_cells
    return golden_cells.drawn(count)


def test_the_network_says_what_the_machines_say():
    # Given
    model, fitted = assembled()
    crops = drawn_cells(4)
    rows, types, _ = designs.describe_cells(crops, model.typed, network.with_batch_norms(2).eval())
    # When
    with torch.no_grad():
        answer = model(designs.tensor(crops)).numpy()
    # Then
    difference = answer[:, COLUMNS.index("CELL:BLAST")] - answer[:, COLUMNS.index("CELL:NORMAL")]
    np.testing.assert_allclose(difference, fitted.decision(rows), atol=1e-3)
    first = COLUMNS.index("type:" + TYPES[0])
    averaged = regression().averaged(rows, types)
    np.testing.assert_allclose(answer[:, first:first + len(TYPES)], averaged / TEMPERATURE, atol=1e-3)
    np.testing.assert_allclose(answer[:, COLUMNS.index("FIELD:BLAST")], averaged[:, 0], atol=1e-3)


def test_the_network_measures_distances_in_the_whitened_figures_of_stain_and_of_colour_detail():
    # Given: one cell that is among the references, one that is not
    model, fitted = assembled()
    crops = drawn_cells(6)
    rows, _, appearance = designs.describe_cells(crops, model.typed, network.with_batch_norms(2).eval())
    figures = {"typed cells": stain_figures(rows, appearance), "detail": detail_figures(appearance)}
    references = {name: np.concatenate([own[:1], own[2:] * 1.1]) for name, own in figures.items()}
    model = CellNetwork.assembled(model.typed, regression(), TEMPERATURE, fitted, rows[:2], *references.values())
    # When
    with torch.no_grad():
        answer = model(designs.tensor(crops[:2])).numpy()
    # Then
    for column, name in (("distance to typed cells", "typed cells"), ("distance of colour detail", "detail")):
        whitened = Whitening(references[name])
        expected = ((whitened(figures[name][1:2]) - whitened(references[name])) ** 2).mean(1).min()
        np.testing.assert_allclose(answer[:, COLUMNS.index("appearance:" + column)], [0, expected], rtol=1e-2, atol=1e-2)


def test_the_bundle_file_gives_back_the_network(tmp_path):
    # Given
    model, _ = assembled()
    images = designs.tensor(drawn_cells(3))
    with torch.no_grad():
        expected = model(images).numpy()
    # When
    bundle.write_onnx(model, tmp_path / "model.onnx")
    again = bundle.read_onnx(tmp_path / "model.onnx")
    # Then
    np.testing.assert_allclose(bundle.answer(again, images.numpy()), expected, atol=1e-3)
    assert (tmp_path / "model.onnx").stat().st_size < 20e6


@pytest.mark.parametrize("crops", [np.zeros((2, 128, 128, 3), np.uint8), np.full((2, 128, 128, 3), 255, np.uint8)])
def test_an_image_without_a_cell_or_without_a_background_gives_finite_answers(crops):
    model, _ = assembled()
    with torch.no_grad():
        assert torch.isfinite(model(designs.tensor(crops))).all()


def test_the_regression_of_types_knows_them_again_and_agrees_with_a_network_that_is_sure():
    # Given: types that the first columns tell apart
    rng = np.random.default_rng(8)
    types = rng.integers(0, len(TYPES), 900)
    cells = rng.normal(size=(900, WIDTH))
    cells[np.arange(900), types] += 6
    fitted = TypeRegression(cells[:600], types[:600])
    unsure, sure = np.zeros((300, len(TYPES))), 100.0 * np.eye(len(TYPES))[(types[600:] + 1) % len(TYPES)]
    # Then
    assert (fitted.averaged(cells[600:], unsure).argmax(1) == types[600:]).mean() > 0.9
    assert (fitted.averaged(cells[600:], sure).argmax(1) == (types[600:] + 1) % len(TYPES)).all()
