"""The steps of the product on a user's own folder of cells, by their command line."""
import json

import cv2
import numpy as np
import pandas as pd
import pytest

from leukostream_training import __main__, dataset
from leukostream_training.golden_cells import draw_cell


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Nine subjects of each label with three cells each, and the work folder beside them."""
    rng, rows = np.random.default_rng(4), []
    (tmp_path / "cells").mkdir()
    for number in range(18):
        for cell in range(3):
            long = int(rng.integers(60, 100))
            image = draw_cell(rng, 300, 300, (150, 150), (long, int(long * rng.uniform(0.8, 1))), float(rng.uniform(0, 180)),
                              tuple(int(v) for v in rng.integers((80, 30, 60), (130, 70, 115))))
            file = "s%02d-%d.png" % (number, cell)
            cv2.imwrite(str(tmp_path / "cells" / file), image)
            rows.append((file, "BLAST" if number % 2 else "NORMAL", "S%d" % number))
    pd.DataFrame(rows, columns=["file", "label", "subject"]).to_csv(tmp_path / "cells.csv", index=False)
    monkeypatch.setattr(dataset, "work_folder", lambda: tmp_path / "work")
    for module in ("organising", "cleaning", "exploring"):
        monkeypatch.setattr("leukostream_training.%s.work_folder" % module, lambda: tmp_path / "work")
    return tmp_path


def organise(own):
    return __main__.main(["organise", "--own", str(own / "cells"), str(own / "cells.csv")])


def test_a_users_cells_are_organised_cleaned_and_explored(own, capsys):
    assert organise(own) == 0
    assert __main__.main(["clean"]) == 0
    assert __main__.main(["explore"]) == 0
    page = (own / "work" / "explore.html").read_text()
    assert "A ruler as the model" in page and "data:image/jpeg" in page
    assert organise(own) == 0
    assert "nothing has changed" in capsys.readouterr().out


def test_one_cell_of_two_subjects_is_found_and_refused(own, capsys):
    # Given: a cell of one subject again, turned, as another subject's
    turned = np.rot90(cv2.imread(str(own / "cells" / "s00-0.png")))
    cv2.imwrite(str(own / "cells" / "s02-0.png"), np.ascontiguousarray(turned))
    organise(own)
    # When
    status = __main__.main(["clean"])
    # Then
    result = json.loads((own / "work" / "clean.json").read_text())
    assert status == 1 and result["refused"]
    assert {"S0", "S2"} in [set(each["subjects"]) for each in result["proposedMerges"]]
    assert "REFUSED" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_named(own, capsys):
    (own / "cells" / "s03-1.png").unlink()
    assert organise(own) == 2
    assert "s03-1.png" in capsys.readouterr().err


def test_too_few_subjects_are_refused(own, capsys):
    table = pd.read_csv(own / "cells.csv")
    table[table["subject"].isin(["S0", "S1", "S2", "S3"])].to_csv(own / "cells.csv", index=False)
    assert organise(own) == 2
    assert "at least 8 are needed" in capsys.readouterr().err
