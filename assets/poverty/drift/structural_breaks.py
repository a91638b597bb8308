"""Tests for a structural break of every sample, as rows of `model.structural_break`.

Belongs here: going through the samples. Not here: the tests (chow.py), the table (drift_rows.py).
"""

from collections.abc import Iterator, Sequence
from functools import partial
from math import isfinite

import numpy as np
import pandas as pd

from assets.poverty.drift.chow import break_tests
from assets.poverty.drift.drift_rows import StructuralBreakRow
from assets.poverty.fits.sample_fits import SampleResult
from assets.vintages.failures import Failures
from assets.vintages.pieces import entry_rows
from assets.warehouse.tables.row import as_frame

ONE_YEAR, ANY_YEAR = "one year", "any year"
_TOO_FEW = "Neither side of the break has more years than the model has parameters."


def break_frame(results: Sequence[SampleResult], seed: int, failures: Failures) -> pd.DataFrame:
    """Rows of model.structural_break for every sample that was fitted, but for failures."""
    rows: list[StructuralBreakRow] = []
    for one in results:
        if one.fit is not None:
            kinds = (StructuralBreakRow,)
            rows += entry_rows(failures, one.name, "structural break", kinds, _rows, one, seed)
    return as_frame(StructuralBreakRow, rows)


def _rows(failures: Failures, result: SampleResult, seed: int) -> Iterator[StructuralBreakRow]:
    model, normalised = result.model, result.normalised().sort_values("year")
    found = break_tests(
        normalised[model.dependent].to_numpy(dtype=np.float64),
        normalised[list(model.regressors)].to_numpy(dtype=np.float64),
        model.regressors,
        normalised["year"].tolist(),
        np.random.default_rng(seed),
    )
    row = partial(StructuralBreakRow, **result.key(failures.vintage), quality=result.quality)
    if found is None:
        n, parameters = result.inputs["reference_year"].nunique(), len(model.regressors) + 1
        reason = f"{n} years and {parameters} parameters: no break leaves a residual to test with."
        yield row(test=ANY_YEAR, last_year_before=0, status="not testable", reason=reason)
        return
    for year in found.not_testable:
        yield row(test=ONE_YEAR, last_year_before=year, status="not testable", reason=_TOO_FEW)
    of_years = [(ONE_YEAR, test, test.p, None) for test in found.tests]
    for name, test, p, draws in (*of_years, (ANY_YEAR, found.likeliest, found.p, found.draws)):
        yield row(
            test=name,
            last_year_before=test.last_year_before,
            status="tested",
            f=test.F if isfinite(test.F) else None,
            df_break=test.df_break,
            df_residual=test.df_residual,
            p=p,
            draws=draws,
        )
