"""What 31 provinces cost: time to read each document, and to fit each study in each region.

Run: python benchmarks/province_panels.py [FOLDER]. FOLDER holds the province panels, which are not
shipped; without it only fits are timed. Not here: assertions
(tests/landing/test_province_panels.py, whose landing this takes).
"""

import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd

from assets.extracts.document import read_document
from assets.extracts.meaning.registry import regions
from assets.poverty.fits.panel_fits import fit_panels
from assets.poverty.fits.sample_fits import fit_samples
from assets.poverty.study_files.study import Study
from benchmarks.by_path import loaded

REPOSITORY = Path(__file__).parents[1]
VARIABLES = ("PI", "AIG", "EG")
YEARS = range(2012, 2020)


def _fixtures() -> ModuleType:
    return loaded(REPOSITORY / "tests/landing/province_panels.py")


def documents(folder: Path) -> None:
    """Print the seconds that each document of the panels takes."""
    with tempfile.TemporaryDirectory() as place:
        landing = Path(place) / "landing"
        for card in _fixtures().panel_landing(folder, landing):
            start = time.perf_counter()
            document = read_document(card, landing)
            seconds = time.perf_counter() - start
            name = card.parent.relative_to(landing).as_posix()
            print(f"{name:40} {len(document.observations):6} figures {seconds:8.3f} s")


def fits() -> None:
    """Print the milliseconds of one study in one region, on simulated figures of 31 provinces."""
    study = Study.model_validate(
        {
            "study": "simulated",
            "title": "simulated figures",
            "regions": "provinces",
            "years": {"first": YEARS[0], "last": YEARS[-1]},
            "samples": [{"name": "latest", "choose": "latest"}],
            "indices": VARIABLES,
            "model": {"dependent": "PI", "regressors": VARIABLES[1:], "ridge": {"k": 0.1}},
        }
    )
    inputs = simulated(np.random.default_rng(0))
    empty = pd.DataFrame(columns=["study", "region", "sample", "reference_year", "missing"])
    start = time.perf_counter()
    results = fit_samples([study], inputs, empty)
    each = (time.perf_counter() - start) / len(results)
    print(f"one study in one region {1000 * each:8.2f} ms (mean of {len(results)})")
    model = {"kind": "panel", "dependent": "PI", "regressors": VARIABLES[1:]}
    panel = Study.model_validate({**study.model_dump(exclude={"model"}), "model": model})
    start = time.perf_counter()
    fit_panels([panel], inputs)
    print(f"one panel of 31 regions {1000 * (time.perf_counter() - start):8.2f} ms")


def simulated(rng: np.random.Generator) -> pd.DataFrame:
    """Rows of indices.model_input for every province: noise, labelled so by its study's name."""
    rows = [
        ("simulated", region, "latest", year, name, "dependent" if name == "PI" else "regressor", v)
        for region, place in regions().items()
        if place.is_chinese_province
        for name in VARIABLES
        for year, v in zip(YEARS, rng.normal(size=len(YEARS)), strict=True)
    ]
    columns = ["study", "region", "sample", "reference_year", "variable", "role", "value"]
    frame = pd.DataFrame(rows, columns=columns).assign(quality="derived")
    spread = frame.groupby(["region", "variable"])["value"]
    low, high = spread.transform("min"), spread.transform("max")
    return frame.assign(normalised=(frame["value"] - low) / (high - low))


if __name__ == "__main__":
    for folder in sys.argv[1:]:
        documents(Path(folder))
    fits()
