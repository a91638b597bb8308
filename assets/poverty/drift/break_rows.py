"""Tests for a structural break as rows of `model.structural_break`.

Belongs here: going through the samples. Not here: the tests (break_test.py), the table (table.py).
"""

from collections.abc import Iterator, Sequence
from math import isfinite

import numpy as np
import pandas as pd

from assets.poverty.drift.chow import BreakTest, BreakTests, break_tests
from assets.poverty.drift.drift_rows import StructuralBreakRow
from assets.poverty.fits.sample_fits import Row, SampleResult, wide
from assets.warehouse.table import as_frame

ONE_YEAR, ANY_YEAR = "one year", "any year"
_TOO_FEW = "Neither side of the break has more years than the model has parameters."


def break_frame(vintage: str, results: Sequence[SampleResult], seed: int) -> pd.DataFrame:
    """Rows of model.structural_break for every sample that was fitted."""
    rows = [
        (vintage, *result.place, *row, result.quality)
        for result in results
        if result.fit is not None
        for row in _rows(_tested(result, seed), result)
    ]
    return as_frame(StructuralBreakRow.table, rows)


def _tested(result: SampleResult, seed: int) -> BreakTests | None:
    model = result.model
    normalised = wide(result.inputs, "normalised", result.study.variables).sort_values("year")
    return break_tests(
        normalised[model.dependent].to_numpy(dtype=np.float64),
        normalised[list(model.regressors)].to_numpy(dtype=np.float64),
        model.regressors,
        normalised["year"].tolist(),
        np.random.default_rng(seed),
    )


def _rows(found: BreakTests | None, result: SampleResult) -> Iterator[Row]:
    if found is None:
        n, parameters = result.inputs["reference_year"].nunique(), len(result.model.regressors) + 1
        reason = f"{n} years and {parameters} parameters: no break leaves a residual to test with."
        yield ANY_YEAR, 0, "not testable", reason, *(None,) * 5
        return
    for year in found.not_testable:
        yield ONE_YEAR, year, "not testable", _TOO_FEW, *(None,) * 5
    for test in found.tests:
        yield ONE_YEAR, *_cells(test), test.p, None
    yield ANY_YEAR, *_cells(found.likeliest), found.p, found.draws


def _cells(test: BreakTest) -> Row:
    F = test.F if isfinite(test.F) else None
    return test.last_year_before, "tested", None, F, test.df_break, test.df_residual
