"""Belsley's diagnostics against tables that were printed elsewhere."""

import numpy as np
import pytest

from assets.poverty.robustness.methods.condition_index import condition_indices


def test_consumption_function_of_belsley(reference) -> None:
    # Belsley (1991), Conditioning Diagnostics, exhibit 5.12, to the three decimals that
    # R perturb::colldiag prints (cited from memory, the page was not at hand). The data
    # are tied first to exhibit 5.11 (correlations), as the page of R VisCollin prints it.
    rows = reference.rows("robustness/belsley_consumption.csv")
    before = [float(row["cons"]) for row in rows[:-1]]
    others = [[float(row[name]) for name in ("dpi", "rate", "d_dpi")] for row in rows[1:]]
    X = np.column_stack([before, others])
    assert np.corrcoef(X.T)[0, 1:] == pytest.approx([0.9973816, 0.9746852, 0.3138422], abs=5e-8)
    result = condition_indices(X, ("ct1", "dpi", "rate", "d_dpi"))
    assert result.index == pytest.approx([1.000, 4.143, 7.799, 39.406, 375.614], abs=5e-4)
    in_last = dict(zip(result.terms, result.proportion[-1], strict=True))
    assert in_last["ct1"] == pytest.approx(0.995, abs=5e-4)
    assert in_last["dpi"] == pytest.approx(0.995, abs=5e-4)
    assert in_last["d_dpi"] == pytest.approx(0.814, abs=5e-4)
    assert result.proportion[3, result.terms.index("rate")] == pytest.approx(0.984, abs=5e-4)


def test_every_digit_that_olsrr_prints(reference) -> None:
    # ols_coll_diag(lm(mpg ~ disp + hp + wt + drat, mtcars)), snapshot in olsrr's own tests.
    names = ("disp", "hp", "wt", "drat")
    rows = reference.rows("robustness/mtcars.csv")
    X = np.array([[float(row[name]) for name in names] for row in rows])
    result = condition_indices(X, names)
    assert result.terms == ("const", *names)
    assert result.index == pytest.approx([1, 4.419078, 9.485821, 20.283026, 37.573144], abs=5e-7)
    printed = [
        [0.0002323252, 0.001106455, 0.002566185, 0.0007172086, 0.0003775503],
        [0.0036813894, 0.034132904, 0.031334562, 0.0009394254, 0.0148250672],
        [0.0009192095, 0.058394262, 0.735003722, 0.0700789813, 0.0026259361],
        [0.0014476535, 0.885725642, 0.207337511, 0.7179834661, 0.0568226912],
        [0.9937194224, 0.020640737, 0.023758021, 0.2102809185, 0.9253487552],
    ]
    assert result.proportion == pytest.approx(np.array(printed), abs=5e-10)


def test_orthogonal_columns_share_nothing() -> None:
    X = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]], dtype=float)
    result = condition_indices(X, ("a", "b"))
    assert result.index == pytest.approx([1, 1, 1])
    assert np.sort(result.proportion, axis=None) == pytest.approx([0, 0, 0, 0, 0, 0, 1, 1, 1])
