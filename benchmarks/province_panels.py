"""What 31 provinces cost: time to read each document, and to fit each study in each region.

Run: python benchmarks/province_panels.py [FOLDER]. FOLDER holds the province panels, which are not
shipped; without it only fits are timed, and four studies with all their exact tests in some and in
all provinces, in a process each, since what one size made would serve the next: seconds are of
computing, and the slope says by what power of the provinces they grow. Not here: assertions
(tests/landing/test_province_panels.py, whose landing this takes).
"""

import subprocess
import sys
import tempfile
import time
from math import log
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd

from assets.extracts.document import read_document
from assets.extracts.meaning.registry import regions
from assets.poverty.fits.panel_fits import fit_panels
from assets.poverty.fits.sample_fits import fit_samples
from assets.poverty.robustness.robustness_rows import RobustnessRow
from assets.poverty.robustness.scrutiny import robustness_frames
from assets.poverty.study_files.study import Study
from assets.vintages.failures import Failures
from benchmarks.by_path import loaded

REPOSITORY = Path(__file__).parents[1]
VARIABLES = ("PI", "AIG", "EG")
YEARS = range(2012, 2020)
NOTHING_MISSING = pd.DataFrame(columns=["study", "region", "sample", "reference_year", "missing"])
STUDIES = 4
PROVINCES = (8, 31)


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


def study_of(name: str) -> Study:
    """A study of all provinces, without figures."""
    return Study.model_validate(
        {
            "study": name,
            "title": "simulated figures",
            "regions": "provinces",
            "years": {"first": YEARS[0], "last": YEARS[-1]},
            "samples": [{"name": "latest", "choose": "latest"}],
            "indices": VARIABLES,
            "model": {"dependent": "PI", "regressors": VARIABLES[1:], "ridge": {"k": 0.1}},
        }
    )


def fits() -> None:
    """Print the milliseconds of one study in one region, on simulated figures of 31 provinces."""
    study = study_of("simulated")
    inputs = simulated(np.random.default_rng(0), study.study)
    start = time.perf_counter()
    results = fit_samples([study], inputs, NOTHING_MISSING)
    each = (time.perf_counter() - start) / len(results)
    print(f"one study in one region {1000 * each:8.2f} ms (mean of {len(results)})")
    model = {"kind": "panel", "dependent": "PI", "regressors": VARIABLES[1:]}
    panel = Study.model_validate({**study.model_dump(exclude={"model"}), "model": model})
    start = time.perf_counter()
    fit_panels([panel], inputs)
    print(f"one panel of 31 regions {1000 * (time.perf_counter() - start):8.2f} ms")


def tested(provinces: int) -> None:
    """Print the seconds of fits and exact tests of all studies in the first provinces."""
    studies = [study_of(f"simulated_{number}") for number in range(STUDIES)]
    frames = [simulated(np.random.default_rng(n), each.study) for n, each in enumerate(studies)]
    inputs = pd.concat(frames)
    inputs = inputs[inputs["region"].isin(inputs["region"].unique()[:provinces])]
    failures = Failures("0001", "benchmark")
    start = time.process_time()
    results = fit_samples(studies, inputs, NOTHING_MISSING)
    rows = robustness_frames(results, [], failures)[RobustnessRow.table]
    seconds = time.process_time() - start
    assert not failures.rows, failures.rows
    assert rows.groupby(["study", "region"]).ngroups == STUDIES * provinces
    print(seconds)


def growth() -> None:
    """Print what four studies cost in some and in all provinces, and the slope between."""
    seconds = []
    for provinces in PROVINCES:
        command = [sys.executable, __file__, "--tested", str(provinces)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        seconds.append(float(done.stdout))
        print(
            f"{STUDIES} studies with all exact tests in {provinces} provinces {seconds[-1]:8.2f} s"
        )
    slope = log(seconds[1] / seconds[0]) / log(PROVINCES[1] / PROVINCES[0])
    print(f"slope {slope:.2f}; goal below 1: {'met' if slope < 1 else 'MISSED'}")


def simulated(rng: np.random.Generator, study: str) -> pd.DataFrame:
    """Rows of indices.model_input for every province: noise, labelled so by its study's name."""
    rows = [
        (study, region, "latest", year, name, "dependent" if name == "PI" else "regressor", v)
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
    if sys.argv[1:2] == ["--tested"]:
        tested(int(sys.argv[2]))
        raise SystemExit
    for folder in sys.argv[1:]:
        documents(Path(folder))
    fits()
    growth()
