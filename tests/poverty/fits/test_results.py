"""Fits of all studies as rows: refusals that stay apart, fingerprints, keys and columns."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.poverty.fits.fit_rows import CoefficientRow, DiagnosticRow, FitRow, InputRow
from assets.poverty.fits.result_frames import result_frames, sample_fingerprint
from assets.poverty.fits.sample_fits import SampleResult, fit_samples
from assets.poverty.study_files.study import Model, Ridge, Sample, Study, Years
from assets.regression.significance import stars
from assets.warehouse.store import Store
from assets.warehouse.tables.table import Table

YEARS = tuple(range(2012, 2020))
INPUT_COLUMNS = (
    *("study", "region", "sample", "reference_year"),
    *("variable", "role", "value", "normalised"),
)


def study(name: str = "tibet", *samples: str, convention: str = "spss") -> Study:
    return Study(
        study=name,
        title="Growth and poverty",
        region="CN",
        years=Years(first=2012, last=2019),
        samples=tuple(Sample(name=each, choose="latest") for each in samples or ("latest",)),
        indices=("PI", "AIG", "EG"),
        inputs={},
        model=Model(
            dependent="PI",
            regressors=("AIG", "EG"),
            ridge=Ridge(k=0.148, convention=convention),  # type: ignore[arg-type]
        ),
    )


def inputs(study: Study, sample: str = "latest", years: tuple[int, ...] = YEARS) -> pd.DataFrame:
    """Rows of indices.model_input: falling PI, two regressors that are not collinear."""
    t = np.arange(len(years), dtype=float)
    values = {"PI": 0.3 - 0.03 * t + 0.004 * (t % 3), "AIG": 0.1 * (t % 4), "EG": 2 + 0.2 * t}
    return pd.DataFrame(
        [
            {
                "study": study.study,
                "region": "CN",
                "sample": sample,
                "reference_year": year,
                "variable": name,
                "role": "dependent" if name == "PI" else "regressor",
                "value": column[row],
                "normalised": (column[row] - column.min()) / np.ptp(column),
                "quality": "derived" if (name, year) == ("EG", 2014) else "published",
            }
            for name, column in values.items()
            for row, year in enumerate(years)
        ],
        columns=[*INPUT_COLUMNS, "quality"],
    )


def years_of(study: Study, sample: str, missing: dict[int, str] | None = None) -> pd.DataFrame:
    """Rows of indices.estimation_year."""
    return pd.DataFrame(
        [
            (
                study.study,
                "CN",
                sample,
                year,
                year not in (missing or {}),
                (missing or {}).get(year),
            )
            for year in YEARS
        ],
        columns=["study", "region", "sample", "reference_year", "is_complete", "missing"],
    )


def fitted(**changes: Any) -> SampleResult:
    one = study()
    rows = inputs(one).assign(**changes)
    [result] = fit_samples([one], rows, years_of(one, "latest"))
    return result


def test_a_sample_without_fault_is_fitted() -> None:
    result = fitted()
    assert result.reason is None
    assert result.fit is not None
    assert result.fit.years == YEARS
    assert result.quality == "derived"


def test_the_coefficients_are_those_of_the_normal_equations() -> None:
    # Textbook: b = (X'X)^-1 X'y with a column of ones, by numpy and not by the project's solver.
    result = fitted()
    assert result.fit is not None
    wide = result.inputs.pivot(index="reference_year", columns="variable", values="normalised")
    X = np.column_stack([np.ones(len(wide)), wide["AIG"], wide["EG"]])
    expected = np.linalg.solve(X.T @ X, X.T @ wide["PI"].to_numpy())
    found = [coefficient.estimate for coefficient in result.fit.ols.coefficients]
    assert found == pytest.approx(expected.tolist(), rel=1e-9)


def test_a_refusal_names_the_missing_cells_and_the_others_are_fitted() -> None:
    good, poor = study("good"), study("poor", "first_printed", "latest")
    rows = pd.concat(
        [
            inputs(good),
            inputs(poor, "first_printed"),
            inputs(poor, "latest", years=YEARS[:3]),
        ]
    )
    lacking = {year: f"AIG: no primary_industry_value_added for {year}" for year in YEARS[3:]}
    years = pd.concat(
        [
            years_of(good, "latest"),
            years_of(poor, "first_printed"),
            years_of(poor, "latest", lacking),
        ]
    )
    first, second, third = fit_samples([poor, good], rows, years)
    assert (first.study.study, first.sample, first.fit is not None) == (
        "poor",
        "first_printed",
        True,
    )
    assert (second.sample, second.fit) == ("latest", None)
    assert second.reason is not None
    assert "3 observations are too few for 2 regressors and a constant" in second.reason
    for year, cell in lacking.items():
        assert f"{year} lacks {cell}." in second.reason
    assert "2012 lacks" not in second.reason
    assert (third.study.study, third.fit is not None, third.reason) == ("good", True, None)


def test_a_study_without_any_row_is_refused_with_its_cells() -> None:
    one = study()
    rows = inputs(one).iloc[:0]
    missing = dict.fromkeys(YEARS, "PI: none | EG: none")
    [result] = fit_samples([one], rows, years_of(one, "latest", missing))
    assert result.fit is None
    assert result.quality == "none"
    assert str(result.reason).startswith("0 observations are too few")
    assert "2019 lacks PI: none | EG: none." in str(result.reason)


def test_empty_frames_as_the_warehouse_gives_them(tmp_path: Any) -> None:
    store = Store(tmp_path / "working.duckdb")
    store.ensure(InputRow.table)
    rows = store.frame("select * exclude (vintage) from model.input")
    years = store.frame(
        "select study, region, sample, reference_year, true as is_complete, 'x' as missing "
        "from model.input"
    )
    [result] = fit_samples([study()], rows, years)
    assert result.fit is None
    assert [len(frame) for frame in result_frames("0001-0", [result]).values()] == [0, 2, 0, 0]


def test_no_study_gives_no_result() -> None:
    one = study()
    assert fit_samples([], inputs(one), years_of(one, "latest")) == ()
    without_model = one.model_copy(update={"model": None})
    assert fit_samples([without_model], inputs(one), years_of(one, "latest")) == ()


def constant(rows: pd.DataFrame) -> pd.DataFrame:
    """A regressor that does not vary has no normalised value, as in indices.index_normalised."""
    flat = rows["variable"] == "EG"
    return rows.assign(
        value=rows["value"].mask(flat, 2.0), normalised=rows["normalised"].mask(flat, math.nan)
    )


def collinear(rows: pd.DataFrame) -> pd.DataFrame:
    """EG is AIG under another name."""
    kept = rows[rows["variable"] != "EG"]
    twin = rows[rows["variable"] == "AIG"].assign(variable="EG")
    return pd.concat([kept, twin])


def without_a_cell(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[~((rows["variable"] == "AIG") & (rows["reference_year"] == 2015))]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (constant, "EG is constant"),
        (collinear, "Exact collinearity: EG"),
        (without_a_cell, "Missing: AIG 2015"),
    ],
)
def test_what_has_no_estimate_is_refused_and_not_a_crash(
    spoil: Callable[[pd.DataFrame], pd.DataFrame], words: str
) -> None:
    one, other = study(), study("other")
    rows = pd.concat([spoil(inputs(one)), inputs(other)])
    years = pd.concat([years_of(one, "latest"), years_of(other, "latest")])
    first, second = fit_samples([one, other], rows, years)
    assert first.fit is None
    assert words in str(first.reason)
    assert second.fit is not None


@given(st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_the_order_of_rows_changes_nothing(random: Any) -> None:
    result = fitted()
    order = list(range(len(result.inputs)))
    random.shuffle(order)
    [shuffled] = fit_samples(
        [result.study], result.inputs.iloc[order], years_of(result.study, "latest")
    )
    assert sample_fingerprint(shuffled) == sample_fingerprint(result)
    assert shuffled.fit is not None
    assert result.fit is not None
    assert shuffled.fit.ols.coefficients == result.fit.ols.coefficients
    assert shuffled.fit.ridge.coefficients == result.fit.ridge.coefficients


@given(row=st.integers(0, 23), up=st.booleans())
@settings(max_examples=20, deadline=None)
def test_one_bit_of_one_value_changes_the_fingerprint(row: int, up: bool) -> None:
    result = fitted()
    values = result.inputs["value"].to_list()
    values[row] = math.nextafter(values[row], math.inf if up else -math.inf)
    assert sample_fingerprint(_with(result, value=values)) != sample_fingerprint(result)


def test_another_year_or_variable_changes_the_fingerprint() -> None:
    result = fitted()
    later = result.inputs["reference_year"] + 1
    swapped = result.inputs["variable"].replace({"AIG": "EG", "EG": "AIG"})
    prints = {
        sample_fingerprint(result),
        sample_fingerprint(_with(result, reference_year=later)),
        sample_fingerprint(_with(result, variable=swapped)),
    }
    assert len(prints) == 3


def test_what_is_not_given_to_the_fit_does_not_change_the_fingerprint() -> None:
    result = fitted()
    assert sample_fingerprint(_with(result, quality="recovered")) == sample_fingerprint(result)


def _with(result: SampleResult, **columns: Any) -> SampleResult:
    return SampleResult(
        result.study,
        result.model,
        result.region,
        result.sample,
        result.inputs.assign(**columns),
        result.fit,
        result.status,
        result.reason,
    )


@pytest.mark.parametrize("convention", ["spss", "lmridge", "mass", "glmnet"])
def test_the_frames_fit_their_declarations(tmp_path: Any, convention: str) -> None:
    good, poor = study("good", "a", "b", convention=convention), study("poor")
    rows = pd.concat([inputs(good, "a"), inputs(good, "b"), inputs(poor, years=YEARS[:2])])
    years = pd.concat([years_of(good, "a"), years_of(good, "b"), years_of(poor, "latest")])
    frames = result_frames("0001-0", fit_samples([good, poor], rows, years))
    assert list(frames) == [InputRow.table, FitRow.table, CoefficientRow.table, DiagnosticRow.table]
    store = Store(tmp_path / "working.duckdb")
    for table, frame in frames.items():
        assert list(frame.columns) == [column.name for column in table.columns]
        assert not frame.duplicated(list(table.primary_key)).any()
        # The store checks types, missing values and keys, and refuses what does not fit.
        store.replace(table, frame)
    counts = [len(frame) for frame in frames.values()]
    # inputs: 2 x 24 + 6; fits: 3 samples x 2; coefficients: 2 x 2 x 3;
    # diagnostics of a fitted sample: 3 variables x 4, 3 pairs x 2 and the largest VIF.
    assert counts == [54, 6, 12, 2 * (12 + 6 + 1)]


def test_a_refused_sample_has_its_reason_and_no_numbers() -> None:
    one = study()
    [result] = fit_samples([one], inputs(one, years=YEARS[:2]), years_of(one, "latest"))
    frames = result_frames("0001-0", [result])
    fits = frames[FitRow.table]
    assert set(fits["status"]) == {"refused"}
    assert set(fits["reason"]) == {result.reason}
    assert (
        fits[["r", "r2", "adjusted_r2", "f", "f_p", "equation", "df_residual"]]
        .isna()
        .to_numpy()
        .all()
    )
    assert set(fits["years"]) == {"2012, 2013"}
    assert frames[CoefficientRow.table].empty
    assert frames[DiagnosticRow.table].empty


def test_the_rows_of_a_fit_say_what_the_fit_says() -> None:
    result = fitted()
    assert result.fit is not None
    frames = result_frames("0001-0", [result])
    ridge = frames[FitRow.table].set_index("estimator").loc["ridge"]
    assert (ridge["formula"], ridge["ridge_k"], ridge["n"]) == ("PI ~ AIG + EG", 0.148, 8)
    assert ridge["r"] ** 2 == pytest.approx(ridge["r2"], abs=1e-12)
    terms = frames[CoefficientRow.table].query("estimator == 'ols'")
    assert terms["term"].to_list() == ["const", "AIG", "EG"]
    assert terms["vif"].isna().to_list() == [True, False, False]
    # two regressors: both have the VIF 1 / (1 - r^2)
    r = np.corrcoef(*(result.inputs.query("variable == @name")["value"] for name in ("AIG", "EG")))[
        0, 1
    ]
    assert terms["vif"].to_list()[1:] == pytest.approx([1 / (1 - r**2)] * 2, rel=1e-9)


def test_only_a_p_that_is_a_test_has_stars() -> None:
    rows = result_frames("0001-a", [fitted()])[CoefficientRow.table]
    by_estimator = rows[rows["term"] != "const"].groupby("estimator")
    ols, ridge = by_estimator.get_group("ols"), by_estimator.get_group("ridge")
    assert ols["stars"].tolist() == [stars(p) for p in ols["p"]]
    assert any(stars(p) for p in ridge["p"])
    assert set(ridge["stars"]) == {""}


def test_a_large_ridge_constant_gives_numbers() -> None:
    # All slopes go to zero and R2 with them; rounding must not push its root off the real line.
    one = study()
    for k in (1e6, 1e12, 1e15, 1e17, 1e30):
        model = one.model.model_copy(update={"ridge": Ridge(k=k)}) if one.model else None
        changed = one.model_copy(update={"model": model})
        [result] = fit_samples([changed], inputs(one), years_of(one, "latest"))
        frame = result_frames("0001-0", [result])[FitRow.table]
        assert result.fit is not None
        assert isinstance(frame["r"].to_list()[1], float), k


def test_every_declared_table_is_keyed_by_the_vintage() -> None:
    tables: tuple[Table, ...] = (
        InputRow.table,
        FitRow.table,
        CoefficientRow.table,
        DiagnosticRow.table,
    )
    assert all(
        table.primary_key[:4] == ("vintage", "study", "region", "sample") for table in tables
    )
