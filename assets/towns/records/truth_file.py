"""The truth beside a simulated data set, for the scoring of findings alone.

Belongs here: finding and checking the file. Not here: what it says (`planted.py`). No estimator
may read it.
"""

import hashlib
import json
from typing import Any

import yaml

from assets.extracts.landed.survey import TOWN_STUDY_FOLDER
from assets.warehouse.home import Home
from assets.warehouse.unchanged.reads import read_file

TRUTH_FILE = "truth.yaml"


def read_truth(home: Home, dataset: str, simulation: str | None) -> dict[str, Any] | None:
    """The truth of a data set, or None where there is none or it is not that of its card.

    simulation: what the card says of the simulation, as JSON, with the hash of the truth.
    """
    if simulation is None:
        return None
    path = home.landing / TOWN_STUDY_FOLDER / dataset / TRUTH_FILE
    content = read_file(home.root, path.relative_to(home.root).as_posix())
    if content is None:
        return None
    if hashlib.sha256(content).hexdigest() != json.loads(simulation).get("truth_sha256"):
        return None
    # The hash says that this program wrote it: its keys are years and other numbers, not text.
    truth: dict[str, Any] = yaml.safe_load(content)
    return truth
