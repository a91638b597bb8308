"""Predictions against statsmodels, and errors of years whose truth is known."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from assets.poverty.backtest.backtest import backtest_frame
from assets.poverty.backtest.forecast import ols_forecast, ridge_forecast, trend_forecast
from assets.poverty.backtest.known_by import known_rows as known_rows_of
from assets.poverty.backtest.known_by import known_sample
from assets.poverty.study_files.study import Study
from assets.vintages.failures import Failures

NAMES = ("a", "b")


def small_sample(seed: int, n: int = 8) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n + 1, 2))
    y = 1 + X[:n] @ [2.0, -1.0] + 0.3 * rng.normal(size=n)
    return y, X[:n], X[n]


@pytest.mark.parametrize("seed", range(5))
def test_ols_prediction_and_interval_are_those_of_statsmodels(seed: int) -> None:
    y, X, x_next = small_sample(seed)
    fit = sm.OLS(y, sm.add_constant(X)).fit()
    frame = fit.get_prediction(np.concatenate([[1.0], x_next])).summary_frame(alpha=0.05)
    expected = frame.loc[0, ["mean", "obs_ci_lower", "obs_ci_upper"]].to_numpy(dtype=float)
    found = ols_forecast(y, X, NAMES, x_next)
    assert (found.value, found.low, found.high) == pytest.approx(expected, rel=1e-10)


@given(st.floats(0.01, 100), st.floats(-50, 50), st.floats(0, 2))
def test_ridge_prediction_does_not_depend_on_scale(scale: float, shift: float, k: float) -> None:
    y, X, x_next = small_sample(0)
    plain = ridge_forecast(y, X, NAMES, x_next, k, "spss").value
    scaled = ridge_forecast(
        y * scale + shift, X * scale + shift, NAMES, x_next * scale + shift, k, "spss"
    )
    # 1e-8: the shift may be a thousand times the spread, which costs so many digits
    assert (scaled.value - shift) / scale == pytest.approx(plain, rel=1e-8, abs=1e-8 * 50 / scale)


def test_ridge_at_k_0_is_ols() -> None:
    y, X, x_next = small_sample(1)
    assert ridge_forecast(y, X, NAMES, x_next, 0.0, "spss").value == pytest.approx(
        ols_forecast(y, X, NAMES, x_next).value, rel=1e-10
    )


def test_a_straight_line_is_carried_on() -> None:
    y = np.array([3.0, 5.0, 7.0, 9.0]) + np.array([0.1, -0.1, -0.1, 0.1])
    assert trend_forecast(y, (2012, 2013, 2014, 2015), 2016).value == pytest.approx(11.0, abs=1e-9)


def study(**changes: Any) -> Study:
    fields: dict[str, Any] = {
        "study": "tibet",
        "title": "Growth and poverty",
        "region": "CN",
        "years": {"first": 2012, "last": 2019},
        "samples": [
            {"name": "first", "choose": "first_printed"},
            {"name": "latest", "choose": "latest"},
        ],
        "indices": ["PI", "EG"],
        "inputs": {},
        "model": {"dependent": "PI", "regressors": ["EG"], "ridge": {"k": 0.1}},
    }
    return Study.model_validate({**fields, **changes})


EG = {2012: 4.0, 2013: 4.5, 2014: 4.7, 2015: 5.0, 2016: 5.6, 2017: 6.0}


def known_rows(edition: int, years: range, PI: dict[int, float], late: int = 0) -> pd.DataFrame:
    values = {"PI": PI, "EG": EG}
    return pd.DataFrame(
        [
            {"study": "tibet", "region": "CN", "sample": f"known_by_{edition}", "known_by": edition}
            | {"reference_year": year, "variable": variable, "value": values[variable][year]}
            | {"normalised": 0.0, "strictly_normalised": 0.0}
            | {"is_later_print": year - years.start < late}
            for year in years
            for variable in ("PI", "EG")
        ]
    )


def printed_rows(year: int, PI: float, sample: str = "first") -> pd.DataFrame:
    rows = [("PI", PI), ("EG", EG[year])]
    return pd.DataFrame(
        [
            {
                "study": "tibet",
                "region": "CN",
                "sample": sample,
                "reference_year": year,
                "variable": name,
            }
            | {"value": value}
            for name, value in rows
        ]
    )


LINE = {year: 0.5 - 0.06 * value for year, value in EG.items()}
ROUGH = {**LINE, 2013: LINE[2013] + 0.01, 2014: LINE[2014] - 0.01}


def test_errors_ratios_and_intervals() -> None:
    known = known_rows(2017, range(2012, 2017), ROUGH, late=2)
    rows = backtest_frame([study()], known, printed_rows(2017, 0.2), Failures("0001", "t"))
    found = rows.set_index("estimator")
    by_name = found.to_dict("index")
    last, ols = by_name["last value"], by_name["ols"]
    assert set(found["predicted_year"]) == {2017}
    assert last["error"] == pytest.approx(0.2 - ROUGH[2016], abs=1e-15)
    spread = max(ROUGH[y] for y in range(2012, 2017)) - min(ROUGH[y] for y in range(2012, 2017))
    assert last["error_normalised"] == pytest.approx(last["error"] / spread, rel=1e-12)
    x = sm.add_constant(np.array([EG[y] for y in range(2012, 2017)]))
    fit = sm.OLS([ROUGH[y] for y in range(2012, 2017)], x).fit()
    assert ols["predicted"] == pytest.approx(fit.params @ [1.0, 6.0], rel=1e-10)
    assert ols["error_over_last_value"] == pytest.approx(abs(ols["error"] / last["error"]))
    trend = by_name["trend"]["error"]
    assert ols["error_over_trend"] == pytest.approx(abs(ols["error"] / trend), rel=1e-12)
    assert ols["is_inside"] == (ols["low"] <= 0.2 <= ols["high"])
    assert set(found["later_prints"]) == {4}  # two years of two variables
    assert set(found["values_used"]) == {10}


def test_too_few_years_are_refused_with_the_reason() -> None:
    known = known_rows(2014, range(2012, 2014), LINE)
    found = backtest_frame(
        [study()], known, printed_rows(2014, 0.2), Failures("0001", "t")
    ).set_index("estimator")
    assert found["status"].to_dict() == {
        "ols": "refused",
        "ridge": "refused",
        "last value": "predicted",
        "trend": "refused",
    }
    assert "2 observations are too few" in found.loc["ols", "reason"]


def test_only_the_first_print_of_the_next_year_counts() -> None:
    known = known_rows(2016, range(2012, 2016), ROUGH)
    for printed in (printed_rows(2017, 0.2), printed_rows(2016, 0.2, sample="latest")):
        assert backtest_frame([study()], known, printed, Failures("0001", "t")).empty
    without = study(samples=[{"name": "latest", "choose": "latest"}])
    assert backtest_frame([without], known, printed_rows(2016, 0.2), Failures("0001", "t")).empty


def test_known_samples_are_what_fit_study_takes() -> None:
    rows = [known_rows(2017, range(2012, 2017), ROUGH), known_rows(2016, range(2012, 2016), ROUGH)]
    shuffled = pd.concat(rows).sample(frac=1, random_state=0)
    known = [known_sample(one) for one in known_rows_of([study()], shuffled)]
    assert [(one.known_by, one.years[-1], one.name) for one in known] == [
        (2016, 2015, "known_by_2016"),
        (2017, 2016, "known_by_2017"),
    ]
    assert list(known[0].raw.columns) == ["year", "PI", "EG"]
