"""A paper's printed tables beside what a sample gives: which numbers agree to the last digit.

Belongs here: the rows that hold each printed number beside its computed counterpart. Not here:
which number stands where (`assets/papers`), judging what a difference means for the paper, and
reading the tables (`assets/extracts`).
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from assets.papers.computed_numbers import computed_numbers
from assets.papers.printed_number import agrees
from assets.papers.printed_place import SETTINGS, Place, place_of
from assets.poverty.fits.fit_rows import PrintedComparisonRow
from assets.poverty.fits.sample_fits import Row, SampleResult
from assets.regression.collinear_fit import StudyFit
from assets.warehouse.table import as_frame


def compare_with_printed(
    vintage: str, results: Sequence[SampleResult], printed: pd.DataFrame
) -> pd.DataFrame:
    """Rows of model.printed_comparison for the studies that name a paper.

    printed: rows of raw.published_statistic. Every printed number that the fit has a counterpart
    of is compared, within half a unit of its last digit. One without a counterpart (a label the
    study's model does not have) is kept with nothing computed, so that it can be shown; a sample
    size and the constant K are settings, not results, and left out.
    """
    rows = [
        (vintage, *result.place, *row)
        for result in results
        if result.study.printed is not None and result.fit is not None
        for row in _compared(result.fit, printed[printed["source"] == result.study.printed.source])
    ]
    return as_frame(PrintedComparisonRow.table, rows)


def _compared(fit: StudyFit, printed: pd.DataFrame) -> Iterator[Row]:
    computed = dict(computed_numbers(fit))
    for row in printed.to_dict("records"):
        if row["statistic"] in SETTINGS:
            continue
        value = computed.get(_place_of_row(row))
        digits = row["printed_value"].rstrip("*")
        yield (
            *(row["source"], row["edition"], row["table_number"], row["term"]),
            *(row["other_term"], row["statistic"], row["printed_value"], value),
            *(None if value is None else agrees(value, digits), _cell_of(row)),
        )


def _cell_of(row: Mapping[Hashable, Any]) -> str:
    """Sheet and cell; a CSV file has no sheet, which a frame may hold as NaN."""
    return " ".join(part for part in (row["sheet"], row["cell"]) if isinstance(part, str))


def _place_of_row(row: Mapping[Hashable, Any]) -> Place:
    estimator = row["estimator"] if isinstance(row["estimator"], str) else "ols"
    return place_of(row["kind"], estimator, row["term"], row["other_term"], row["statistic"])
