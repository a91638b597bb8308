"""The panel of provinces as it could be fitted when each edition of regional accounts had come out.

Belongs here: the slopes by edition, and on the same years with the figures of now beside them. Not
here: which print was known when (`sql/provinces/panel_known_by.sql`), estimators.
"""

from collections.abc import Callable, Iterator

import pandas as pd

from assets.provinces.estimators import (
    Slopes,
    first_difference,
    long_difference,
    pooled,
    two_way,
)
from assets.provinces.panel_data import ProvincePanel, figures_of, panel_of
from assets.provinces.result_rows import ProvinceKnownRow
from assets.provinces.specification import SPECIFICATIONS, STUDY, Specification
from assets.vintages.failures import Failures
from assets.vintages.pieces import entry_rows

# Those that three years allow; the others of ESTIMATORS take time series of each province.
KNOWN_ESTIMATORS: tuple[Callable[[ProvincePanel], Slopes], ...] = (
    pooled,
    two_way,
    first_difference,
    long_difference,
)


def known_rows(known: pd.DataFrame, failures: Failures) -> list[ProvinceKnownRow]:
    """A row for each edition, specification, estimator and term.

    known: rows of provinces.panel_known_by; the last edition is what is known now.
    """
    rows: list[ProvinceKnownRow] = []
    now = known[known["known_by"] == known["known_by"].max()]
    for edition, figures in known.groupby("known_by"):
        for specification in SPECIFICATIONS:
            rows += entry_rows(
                failures,
                STUDY,
                f"{specification.name}, known by {edition}",
                (ProvinceKnownRow,),
                _rows,
                int(str(edition)),
                specification,
                figures_of(figures, specification, "later_prints"),
                figures_of(now, specification),
            )
    return rows


def _rows(
    failures: Failures,
    edition: int,
    specification: Specification,
    figures: pd.DataFrame,
    now: pd.DataFrame,
) -> Iterator[ProvinceKnownRow]:
    panel = panel_of(figures, specification)
    later = now[now["reference_year"].isin(panel.years)]
    panel_now = panel_of(later, specification)
    for estimator in KNOWN_ESTIMATORS:
        slopes, slopes_now = estimator(panel), estimator(panel_now)
        for found in slopes.coefficients:
            low, high = slopes.interval(found.term) or (None, None)
            low_now, high_now = slopes_now.interval(found.term) or (None, None)
            yield ProvinceKnownRow(
                vintage=failures.vintage,
                study=STUDY,
                specification=specification.name,
                known_by=edition,
                estimator=slopes.estimator,
                inference=slopes.inference,
                term=found.term,
                n=slopes.panel.n,
                first_year=panel.years[0],
                last_year=panel.years[-1],
                estimate=found.estimate,
                std_error=found.std_error,
                p=found.p,
                low=low,
                high=high,
                estimate_now=slopes_now.of(found.term).estimate,
                low_now=low_now,
                high_now=high_now,
                later_prints=int(figures["later_prints"].sum()),
            )
