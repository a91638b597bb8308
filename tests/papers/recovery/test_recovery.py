"""Samples recovered from tables: from data that are known, and from the Gansu paper.

That a sample satisfies a printed number is checked by the project's own fit and `agrees`, neither
of which the search uses.
"""

import csv
import hashlib
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.papers.printed_number import agrees
from assets.papers.printed_place import Place
from assets.papers.recovery.bounds import problem_of
from assets.papers.recovery.conflicts import proven_conflicts
from assets.papers.recovery.determination import determine
from assets.papers.recovery.ensemble import NotRecovered, coverage, recover
from assets.papers.recovery.infeasible import smallest_removal
from assets.papers.recovery.missed_numbers import misses, numbers_of
from assets.papers.recovery.official import outside_constraints, seek_with_constraints
from assets.papers.recovery.printed_intervals import Paper, PrintedNumber, paper_from_statistics
from assets.papers.recovery.recovered_document import GANSU, recovered_document
from assets.papers.recovery.recovery_rows import RecoveryRow, ensemble_rows
from assets.papers.recovery.sample_moments import moments_and_jacobian
from assets.papers.recovery.solver import sort_rows
from assets.papers.recovery.starts import random_starts


@pytest.fixture(scope="module")
def small_gansu(gansu):
    return recover(gansu, 6, seed=1)


@pytest.fixture(scope="module")
def of_truth(truth, print_paper):
    paper = print_paper(truth)
    return recover(paper, 12, seed=3, batch=16)


# Known truth


def test_true_data_keep_every_bound(truth, print_paper) -> None:
    problem = problem_of(print_paper(truth))
    values, _ = problem.statistics(sort_rows(truth[None]))
    assert not problem.deviation(values, np.ones(1)).any()


def test_samples_print_as_the_truth_does(of_truth) -> None:
    assert len(of_truth.samples) == 12
    for sample in of_truth.samples:
        numbers = numbers_of(of_truth.paper, sample.values)
        for number in of_truth.paper.numbers:
            assert agrees(numbers[number.place], number.printed), number.label


def test_rows_fall_and_samples_are_apart(of_truth) -> None:
    assert (np.diff(of_truth.values[:, :, 0], axis=1) <= 0).all()
    assert of_truth.distances.min() >= of_truth.minimum_distance
    assert len({sample.fingerprint for sample in of_truth.samples}) == 12


def test_the_same_seed_gives_the_same_samples_however_many_workers_search(of_truth) -> None:
    again = recover(of_truth.paper, 12, seed=3, workers=2, batch=16)
    assert [s.fingerprint for s in again.samples] == [s.fingerprint for s in of_truth.samples]
    assert again.starts == of_truth.starts
    other = recover(of_truth.paper, 4, seed=4, batch=16)
    assert {s.fingerprint for s in other.samples}.isdisjoint(s.fingerprint for s in again.samples)


@pytest.mark.parametrize(
    "kind", ["descriptives", "correlations", "regression"], ids=lambda kind: f"only {kind}"
)
def test_any_one_kind_of_table_is_enough(truth, print_paper, kind) -> None:
    paper = print_paper(truth, keep=lambda place: place[0] == kind)
    ensemble = recover(paper, 4, seed=5, batch=8)
    assert all(not misses(paper, sample.values) for sample in ensemble.samples)


def test_one_regressor_and_raw_scale(truth) -> None:
    values = truth[:, :2]
    marker = PrintedNumber("0", Place("regression", "ols", "", "", "F"), "1.0")
    empty = Paper("made_up", 2020, 10, ("y", "a"), (marker,), normalised=False)
    numbers = tuple(
        PrintedNumber("1", place, f"{value:.3f}")
        for place, value in numbers_of(empty, values).items()
        if place[1] != "ridge"
    )
    ensemble = recover(replace(empty, numbers=numbers), 3, seed=1, batch=8)
    for sample in ensemble.samples:
        assert not misses(ensemble.paper, sample.values)


# Derivatives and starts


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 4), st.integers(6, 9))
def test_jacobian_is_the_derivative(seed, columns, n) -> None:
    X = np.random.default_rng(seed).normal(size=(1, n, columns))
    _, jacobian = moments_and_jacobian(X)
    # Central differences; 1e-6 leaves errors of about 1e-9, and of ties random data have none.
    for row, column in ((0, 0), (n - 1, columns - 1)):
        step = np.zeros_like(X)
        step[0, row, column] = 1e-6
        up, down = (moments_and_jacobian(X + s * step)[0] for s in (1, -1))
        assert jacobian[0, :, row, column] == pytest.approx((up - down)[0] / 2e-6, abs=1e-7)


def test_jacobian_of_printed_statistics(gansu) -> None:
    problem = problem_of(gansu)
    X = random_starts(gansu, 3, np.random.default_rng(2))
    values, jacobian = problem.statistics(X)
    step = np.zeros_like(X)
    step[:, 4, 2] = 1e-7
    up, down = (problem.statistics(X + s * step)[0] for s in (1, -1))
    scale = np.abs(jacobian).max(axis=2) + np.abs(values)
    error = np.abs((up - down) / 2e-7 - jacobian[:, :, 4 * 5 + 2]) / scale
    assert error.max() < 1e-4  # central differences of nearly collinear fits keep about 5 digits


def test_starts_have_the_printed_moments_and_nothing_else_in_common(gansu) -> None:
    X = random_starts(gansu, 200, np.random.default_rng(4))
    moments, _ = moments_and_jacobian(X)
    unit = problem_of(gansu).unit
    assert moments[:, 15:20] == pytest.approx(np.broadcast_to(unit, (200, 5)))
    names = gansu.columns
    printed = {n.place[2:4]: n.value for n in gansu.numbers if n.place[0] == "correlations"}
    r = np.corrcoef(X[0].T)
    for (first, second), value in printed.items():
        # Rounding of the printed correlations, and the repair that keeps the matrix definite.
        assert r[names.index(first), names.index(second)] == pytest.approx(value, abs=0.01)
    # Orientations are uniform: every row is equally likely to hold the largest aEDI.
    largest = np.bincount(X[:, :, 3].argmax(axis=1), minlength=8)
    assert largest.min() > 8


# The Gansu paper


def test_the_whole_fit_agrees_with_every_required_number(small_gansu) -> None:
    assert len(small_gansu.paper.required) == 80
    for sample in small_gansu.samples:
        numbers = numbers_of(small_gansu.paper, sample.values)
        missed = [n for n in small_gansu.paper.numbers if not agrees(numbers[n.place], n.printed)]
        assert set(missed) == set(small_gansu.paper.excluded)


def test_a_shipped_sample_is_a_feasible_point(gansu) -> None:
    # tests/reference/gansu/consistent_2012_2019.csv was found by another program.
    folder = Path(__file__).parents[2] / "reference" / "gansu"
    values = pd.read_csv(folder / "consistent_2012_2019.csv")[list(gansu.columns)].to_numpy()
    problem = problem_of(gansu)
    assert not problem.deviation(problem.statistics(values[None])[0], np.ones(1)).any()


def test_what_the_tables_determine(small_gansu) -> None:
    results = {d.place: d for d in determine(small_gansu)}
    for number in small_gansu.paper.numbers:
        assert results[number.place].determined, number.label
    error = results["regression", "ridge", "AIG", "", "p"]
    assert error.excluded
    assert (error.low, error.high) == pytest.approx((0.663, 0.663), abs=0.003)
    assert results["regression", "ols", "", "", "R2"].median == pytest.approx(0.995, abs=5e-4)
    assert results["regression", "ridge", "IM", "", "sign"].high == -1
    assert not results["row", "", "aEDI", "", "row_4"].determined
    assert not results["rows", "ols", "", "", "durbin_watson"].determined


def test_rows_of_the_table(small_gansu) -> None:
    frame = ensemble_rows(small_gansu, determine(small_gansu))
    assert list(frame.columns) == [column.name for column in RecoveryRow.table.columns]
    assert not frame.duplicated(list(RecoveryRow.table.primary_key)).any()
    required = [c.name for c in RecoveryRow.table.columns if not c.nullable]
    assert not frame[required].isna().any().any()
    assert (frame["low"] <= frame["high"]).all()


def test_document_is_labelled_and_exact(small_gansu) -> None:
    sample = small_gansu.samples[0]
    csv_text, card_text = recovered_document(small_gansu.paper, sample, small_gansu.seed)
    rows = list(csv.DictReader(io.StringIO(csv_text)))
    assert len(rows) == 40
    pi = [float(row["value"]) for row in rows if row["indicator"] == "PI"]
    assert pi == sample.values[:, 0].tolist()  # every digit survives
    card = yaml.safe_load(card_text)
    assert card["quality"] == "recovered"
    assert card["standing"] == "estimate"
    assert "NOT official" in card["title"]
    assert sample.fingerprint in card["note"]
    assert "Seed 1," in card["note"]
    assert card["document"]["sha256"] == hashlib.sha256(csv_text.encode()).hexdigest()
    with pytest.raises(ValueError, match="7 years for 8 rows"):
        recovered_document(small_gansu.paper, sample, 1, replace(GANSU, years=range(2012, 2019)))


def test_coverage_is_measured(small_gansu) -> None:
    measured = coverage(small_gansu)
    assert measured.orders == 6
    assert measured.unseen_share == measured.seen_once / 6
    assert 0 < measured.range_kept <= 1


def test_official_poverty_incidence_can_be_met(gansu) -> None:
    # 33.2 %, 26.5 % and 0.9 % in 2012, 2013 and 2019.
    constraints = outside_constraints(gansu, {0: "0.332", 1: "0.265", 7: "0.009"})
    answer = seek_with_constraints(gansu, constraints, np.random.default_rng(5), starts=64)
    assert answer.feasible
    assert answer.violation == 0
    assert answer.sample is not None
    assert not misses(gansu, answer.sample.values)
    assert agrees(float(answer.sample.values[1, 0]), "0.265")


def test_an_impossible_constraint_is_reported_as_a_violation(of_truth) -> None:
    paper = of_truth.paper
    top = paper.printed_of("descriptives", "y", "max")
    constraints = outside_constraints(paper, {0: f"{top.value + 1:.3f}"})
    answer = seek_with_constraints(paper, constraints, np.random.default_rng(5), starts=64)
    assert not answer.feasible
    assert answer.found == 0
    # The best a sample can do is the top of the maximum's rounding: 1 unit less two half units,
    # counted in half units of 0.0005; a sample that keeps the tables comes within one of it.
    assert answer.violation == pytest.approx(1998, abs=2)
    assert answer.breached == (constraints[0].label,)
    assert not misses(paper, answer.sample.values)


# Papers whose tables admit no sample


def test_the_two_errors_of_the_paper_are_found_and_proved(printed_gansu) -> None:
    removal = smallest_removal(printed_gansu, seed=1)
    assert {(n.table_number, n.place[2], n.statistic, n.printed) for n in removal.removed} == {
        ("4", "", "R2", "0.998"),
        ("6", "AIG", "p", "0.043"),
    }
    assert removal.proved_smallest
    assert removal.proved_unique
    assert not misses(printed_gansu.without(removal.removed), removal.sample.values)


def corrupted(paper: Paper, place, text: str) -> Paper:
    changed = tuple(
        replace(number, printed=text) if number.place == place else number
        for number in paper.numbers
    )
    assert changed != paper.numbers
    return replace(paper, numbers=changed)


@pytest.mark.parametrize(
    ("place", "by"),
    [
        pytest.param(("correlations", "", "a", "b", "r"), 0.05, marks=pytest.mark.slow),
        (("regression", "ols", "a", "", "vif"), 0.5),
        (("regression", "ridge", "b", "", "coefficient"), 0.2),
        pytest.param(("descriptives", "", "a", "", "sd"), 0.3, marks=pytest.mark.slow),
    ],
)
def test_one_corrupted_number_is_found(truth, print_paper, place, by) -> None:
    clean = print_paper(truth)
    number = next(n for n in clean.numbers if n.place == place)
    paper = corrupted(clean, place, f"{number.value + by:.3f}")
    removal = smallest_removal(paper, seed=2, starts=8)
    assert len(removal.removed) == 1
    assert removal.removed[0].place == place


def test_a_clean_paper_needs_no_removal(truth, print_paper) -> None:
    removal = smallest_removal(print_paper(truth), seed=2, starts=16)
    assert removal.removed == ()
    assert removal.proved_smallest


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_true_tables_have_no_proven_conflict(print_paper, seed, decimals) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(8, 3)) * rng.uniform(0.5, 20, 3) + rng.normal(size=3) * 5
    assert proven_conflicts(print_paper(values, decimals)) == ()


@pytest.mark.parametrize(
    ("statistic", "text"), [("mean", "99.000"), ("sd", "9.999"), ("sd", "0.100")]
)
def test_impossible_descriptives_are_proved(truth, print_paper, statistic, text) -> None:
    paper = corrupted(print_paper(truth), ("descriptives", "", "a", "", statistic), text)
    conflicts = proven_conflicts(paper)
    assert conflicts
    assert all(any(n.printed == text for n in conflict) for conflict in conflicts)


# Errors


def test_too_few_starts_say_what_to_do(gansu) -> None:
    with pytest.raises(NotRecovered, match=r"of 200 samples found from 64 starts.*allow more"):
        recover(gansu, 200, seed=1, most_starts=64)


def test_a_paper_from_the_rows_of_the_warehouse() -> None:
    rows = pd.DataFrame(
        [
            *(("p", 2020, "1", "descriptives", None, "y", "", s, v) for s, v in (("mean", "1.0"),)),
            ("p", 2020, "2", "correlations", None, "y", "a", "r", "0.50**"),
            ("p", 2020, "3", "model_summary", "ols", "", "", "n", "8"),
        ],
        columns=[
            *("source", "edition", "table_number", "kind", "estimator", "term"),
            *("other_term", "statistic", "printed_value"),
        ],
    )
    paper = paper_from_statistics(rows, "p", "y", ["a"], n=8)
    assert [number.printed for number in paper.numbers] == ["1.0", "0.50"]
    assert paper.numbers[1].place == ("correlations", "", "a", "y", "r")
    with pytest.raises(ValueError, match=r"found editions \[\]"):
        paper_from_statistics(rows, "q", "y", ["a"], n=8)
    with pytest.raises(ValueError, match="a is not a column"):
        paper_from_statistics(rows, "p", "y", ["b"], n=8)


@pytest.mark.slow
def test_two_hundred_samples_of_the_gansu_paper(gansu) -> None:
    ensemble = recover(gansu, 200, seed=2026, workers=2)
    assert len({sample.fingerprint for sample in ensemble.samples}) == 200
    assert ensemble.distances.min() >= 0.05
    assert all(not misses(gansu, sample.values) for sample in ensemble.samples)
    results = determine(ensemble)
    assert all(d.determined for d in results if d.rule == "printed_digits")
    assert sum(not d.determined for d in results) > 40
