import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from leukostream_training.dataset import data_folder


@pytest.fixture(scope="session")
def shared_data():
    folder = data_folder()
    if not (folder / "cnmc2019" / "images.csv").exists():
        pytest.skip("the data folder with cnmc2019 is not here: set LEUKOSTREAM_TRAINING_DATA")
    return folder
