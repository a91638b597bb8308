"""A paper's printed tables beside what a sample gives: which numbers agree to the last digit.

Belongs here: the rows that hold each printed number beside its computed counterpart. Not here:
which number stands where (`assets/papers`), judging what a difference means for the paper, and
reading the tables (`assets/extracts`).
"""

from collections.abc import Iterator, Sequence

import pandas as pd

from assets.papers.computed_numbers import computed_numbers
from assets.papers.printed_place import SETTINGS, place_of_row
from assets.papers.printed_verdict import judge_printed
from assets.poverty.fits.fit_rows import PrintedComparisonRow
from assets.poverty.fits.sample_fits import SampleResult
from assets.regression.collinear_fit import StudyFit
from assets.vintages.failures import Failures
from assets.vintages.keys import SampleKey
from assets.warehouse.row import as_frame


def compare_with_printed(
    results: Sequence[SampleResult], printed: pd.DataFrame, failures: Failures
) -> pd.DataFrame:
    """Rows of model.printed_comparison for the studies that name a paper.

    printed: rows of raw.published_statistic. Every printed number that the fit has a counterpart
    of is judged (`assets/papers/printed_verdict.py`). One without a counterpart (a label the
    study's model does not have) is kept with nothing computed, so that it can be shown; a sample
    size and the constant K are settings, not results, and left out.
    """
    rows: list[PrintedComparisonRow] = []
    for result in results:
        paper = result.study.printed
        if paper is None or result.fit is None:
            continue
        with failures.entry(result.name, f"beside {paper.source}"):
            own = printed[printed["source"] == paper.source]
            rows.extend(_compared(result.key(failures.vintage), result.fit, own))
    return as_frame(PrintedComparisonRow, rows)


def _compared(
    key: SampleKey, fit: StudyFit, printed: pd.DataFrame
) -> Iterator[PrintedComparisonRow]:
    computed = dict(computed_numbers(fit))
    for row in printed.to_dict("records"):
        if row["statistic"] in SETTINGS:
            continue
        value = computed.get(place_of_row(row))
        judged = judge_printed(value, row["printed_value"])
        # A CSV file has no sheet, which a frame may hold as NaN.
        cell = (part for part in (row["sheet"], row["cell"]) if isinstance(part, str))
        yield PrintedComparisonRow(
            **key,
            source=row["source"],
            edition=row["edition"],
            table_number=row["table_number"],
            term=row["term"],
            other_term=row["other_term"],
            statistic=row["statistic"],
            printed_value=row["printed_value"],
            computed=value,
            agrees=None if value is None else judged.verdict == "reproduced",
            cell=" ".join(cell),
            verdict=judged.verdict,
            reason=judged.reason,
        )
