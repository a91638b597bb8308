"""How often the rule of the yearly study speaks where nothing is related. All simulated."""

import csv
from pathlib import Path

import numpy as np
import pytest

from assets.poverty.robustness import sentences
from assets.poverty.robustness.sentences import FALSE_SHARE
from assets.poverty.robustness.study_robustness import robustness
from assets.poverty.robustness.trends.null_worlds import KINDS, STEEP_S_CURVES
from assets.poverty.robustness.verdict_words import SUPPORTED
from benchmarks import study_verdicts as benchmark
from benchmarks.study_verdicts import Cell, judged, null_worlds, planted, told

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def table() -> list[Cell]:
    """What the benchmark found: its output as committed."""
    path = ROOT / "tests/benchmarks/study_verdicts.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Cell(
                part=row["part"],
                years=int(row["years"]),
                regressors=int(row["regressors"]),
                series=row["series"],
                size=float(row["size"]),
                samples=int(row["samples"]),
                supported_pct=float(row["supported_pct"]),
                fit_is_evidence_pct=float(row["fit_is_evidence_pct"]),
            )
            for row in csv.DictReader(file)
        ]


def test_the_table_has_every_cell_of_the_benchmark(table) -> None:
    found = {(cell.years, cell.regressors, cell.series) for cell in table if cell.part != "power"}
    assert found == {(n, p, name) for n, p in benchmark.SHAPES for _, name, _ in null_worlds(n, p)}
    assert all(cell.samples >= 500 for cell in table)


def test_no_kind_of_unrelated_series_is_called_supported_more_often_than_is_said(table) -> None:
    rule = [cell for cell in table if cell.part == "rule"]
    assert max(cell.supported_pct for cell in rule) <= 5
    assert max(cell.fit_is_evidence_pct for cell in rule) <= 5
    searched = [cell for cell in table if cell.part == "searched"]
    assert max(cell.supported_pct for cell in searched) <= 10
    assert max(cell.fit_is_evidence_pct for cell in searched) <= 10


@pytest.mark.parametrize("place", ["sentences.py", "docs/methods/verdict.md"])
def test_what_is_said_of_the_rates_is_what_the_table_says(table, place) -> None:
    text = sentences.__doc__ if place == "sentences.py" else (ROOT / place).read_text("utf-8")
    assert told(table) in " ".join(text.split())


def test_the_benchmark_judges_as_the_study_does() -> None:
    rng = np.random.default_rng(5)
    series = np.concatenate(
        [planted(KINDS["random_walks"], 30.0, 8, 2, rng)[:6], KINDS[STEEP_S_CURVES](rng, 4, 8, 3)]
    )
    found = judged(series, np.random.default_rng(1), 0.01)
    for i, sample in enumerate(series):
        result = robustness(
            sample[:, 0], sample[:, 1:], "ab", range(8), 0.01, (0.05,), np.random.default_rng(1)
        )
        verdicts = [each[0].verdict for each in result.verdicts]
        assert [verdict == SUPPORTED for verdict in verdicts] == list(found.supported[i])
        assert ("some evidence" in result.summary) == found.fit_is_evidence[i]
    assert 0 < found.supported.sum() < found.supported.size


@pytest.mark.slow
@pytest.mark.parametrize(("n", "p"), [(8, 4), (8, 2), (12, 3)])
def test_one_in_twenty_of_each_kind_at_most(n, p) -> None:
    # 2,000 samples: three standard errors of 4 % are 1.3 points
    rng = np.random.default_rng(20261129)
    for kind in KINDS.values():
        found = judged(kind(rng, 2_000, n, 1 + p), rng)
        assert found.supported.any(axis=1).mean() <= FALSE_SHARE + 0.013
        assert found.fit_is_evidence.mean() <= FALSE_SHARE + 0.013
