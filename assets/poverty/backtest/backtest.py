"""Each year predicted from what was known before it, and how far off that was.

Belongs here: which year comes next, errors, their ratios, rows of `model.backtest`. Not here: the
predictions (forecast.py), the samples (known_by.py).

The regressors of the year to come are those that were first printed with it. So this tests whether
the relation holds in a new year, not whether poverty could have been foretold.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assets.poverty.backtest.backtest_rows import BacktestRow
from assets.poverty.backtest.forecast import (
    Forecast,
    last_value_forecast,
    ols_forecast,
    ridge_forecast,
    trend_forecast,
)
from assets.poverty.backtest.known_by import KnownRows, KnownSample, known_rows, known_sample
from assets.poverty.fits.sample_fits import wide
from assets.poverty.study_files.study import Study
from assets.regression.estimable import NotEstimable
from assets.vintages.failures import Failures
from assets.vintages.pieces import entry_rows
from assets.warehouse.tables.row import as_frame

OLS, RIDGE, LAST_VALUE, TREND = "ols", "ridge", "last value", "trend"


@dataclass(frozen=True, slots=True)
class NextYear:
    """The year after the last one known, as it was first printed."""

    year: int
    actual: float  # the dependent
    x: NDArray[np.float64]  # (regressors,)


def backtest_frame(
    studies: Sequence[Study],
    known_by_input: pd.DataFrame,
    model_input: pd.DataFrame,
    failures: Failures,
) -> pd.DataFrame:
    """Rows of model.backtest.

    known_by_input, model_input: rows of the tables of that name in `indices`; the year to come is
    taken from the study's sample of first prints. A study without such a sample, or an edition
    after which no complete year came, has no row; a prediction that fails is a failure.
    """
    rows: list[BacktestRow] = []
    for known in known_rows(studies, known_by_input):
        came = _first_prints(known, model_input)
        if not came.empty:
            kinds = (BacktestRow,)
            rows += entry_rows(failures, known.entry, "", kinds, _backtested, known, came)
    return as_frame(BacktestRow, rows)


def _first_prints(known: KnownRows, model_input: pd.DataFrame) -> pd.DataFrame:
    """The first prints of the year after the last one known; empty where it is not complete."""
    first = {s.name for s in known.study.samples if s.choose == "first_printed"}
    year = int(known.rows["reference_year"].max()) + 1
    rows = model_input[
        (model_input["study"] == known.study.study)
        & (model_input["region"] == known.region)
        & model_input["sample"].isin(first)
        & (model_input["reference_year"] == year)
    ]
    return rows.reset_index(drop=True)


def _backtested(
    failures: Failures, rows: KnownRows, first_prints: pd.DataFrame
) -> Iterator[BacktestRow]:
    known = known_sample(rows)
    came = wide(first_prints, "value", known.study.variables)
    values = came.iloc[0, 1:].to_numpy(dtype=np.float64)
    next_year = NextYear(known.years[-1] + 1, float(values[0]), values[1:])
    yield from _rows(failures.vintage, known, next_year)


def forecasts(known: KnownSample, came: NextYear) -> dict[str, Forecast | str]:
    """Each estimator's prediction, or the sentence that says why there is none."""
    model = known.model
    y = known.raw[model.dependent].to_numpy(dtype=np.float64)
    X = known.raw[list(model.regressors)].to_numpy(dtype=np.float64)
    names, ridge = model.regressors, model.ridge
    return {
        OLS: _or_reason(lambda: ols_forecast(y, X, names, came.x)),
        RIDGE: _or_reason(lambda: ridge_forecast(y, X, names, came.x, ridge.k, ridge.convention)),
        LAST_VALUE: last_value_forecast(y),
        TREND: _or_reason(lambda: trend_forecast(y, known.years, came.year)),
    }


def _or_reason(predict: Callable[[], Forecast]) -> Forecast | str:
    try:
        return predict()
    except NotEstimable as error:
        return str(error)


def _rows(vintage: str, known: KnownSample, came: NextYear) -> Iterator[BacktestRow]:
    y = known.raw[known.model.dependent].to_numpy(dtype=np.float64)
    spread = float(np.ptp(y))
    found = forecasts(known, came)
    errors = {
        estimator: None if isinstance(forecast, str) else came.actual - forecast.value
        for estimator, forecast in found.items()
    }
    for estimator, forecast in found.items():
        error = errors[estimator]
        row = BacktestRow(
            vintage=vintage,
            study=known.study.study,
            region=known.region,
            sample=known.name,
            known_by=known.known_by,
            estimator=estimator,
            status="predicted" if error is not None else "refused",
            reason=forecast if isinstance(forecast, str) else None,
            variable=known.model.dependent,
            unit="10k_cny_per_person" if known.model.dependent == "EG" else "ratio",
            n=len(y),
            years=", ".join(map(str, known.years)),
            later_prints=known.later_prints,
            values_used=known.raw.drop(columns="year").size,
            predicted_year=came.year,
            actual=came.actual,
            error=error,
            error_normalised=error / spread if error is not None and spread else None,
            error_over_last_value=_ratio(error, errors[LAST_VALUE]),
            error_over_trend=_ratio(error, errors[TREND]),
        )
        if not isinstance(forecast, str):
            low, high = forecast.low, forecast.high
            is_inside = None if low is None or high is None else low <= came.actual <= high
            row = replace(row, predicted=forecast.value, low=low, high=high, is_inside=is_inside)
        yield row


def _ratio(error: float | None, benchmark: float | None) -> float | None:
    """How many times as large an error is as the benchmark's."""
    return None if error is None or not benchmark else abs(error) / abs(benchmark)
