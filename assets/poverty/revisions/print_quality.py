"""Rows of how good first prints are, how far figures move, and why editions revised them.

Belongs here: going through regions and indicators. Not here: the tests (first_prints.py) or the
patterns (revision_causes.py).
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from assets.poverty.revisions.first_prints import (
    LEVEL,
    Bias,
    Print,
    bias,
    first_efficient_horizon,
    growth_of,
    news_or_noise,
    revisions_at,
    standing,
)
from assets.poverty.revisions.revision_causes import revising
from assets.poverty.revisions.revision_rows import (
    FirstPrintRow,
    OfIndicator,
    RevisionCauseRow,
    RevisionHorizonRow,
)
from assets.vintages.failures import Failures
from assets.warehouse.tables.row import as_frame
from assets.warehouse.tables.table import Table

_KEY = ["region", "indicator", "definition"]
StatedCauses = Mapping[tuple[str, int, str], str]  # source, edition, indicator


def print_quality_frames(
    prints: pd.DataFrame, said: pd.DataFrame, failures: Failures
) -> dict[Table, pd.DataFrame]:
    """Rows of the three tables for every indicator that was printed more than once.

    prints: staging.print_in_edition; said: source, edition, indicator and cause, as cards state.
    """
    stated = {
        (str(row["source"]), int(row["edition"]), str(row["indicator"])): str(row["cause"])
        for row in said.to_dict("records")
    }
    causes: list[RevisionCauseRow] = []
    horizons: list[RevisionHorizonRow] = []
    quality: list[FirstPrintRow] = []
    for (region, indicator, definition), rows in prints.groupby(_KEY):
        own = standing(
            [
                Print(int(year), int(edition), float(value), float(half_unit))
                for year, edition, value, half_unit in zip(
                    rows["reference_year"],
                    rows["edition"],
                    rows["value"],
                    rows["half_unit"],
                    strict=True,
                )
            ]
        )
        found = bias(own)
        if found is None:
            continue
        of = OfIndicator(
            vintage=failures.vintage,
            region=str(region),
            indicator=str(indicator),
            definition=str(definition),
        )
        causes += _causes(of, own, rows, stated)
        horizons += _horizons(of, own)
        quality.append(_quality(of, own, found, is_rate=rows["unit"].iloc[0] == "pct"))
    return {
        RevisionCauseRow.table: as_frame(RevisionCauseRow, causes),
        RevisionHorizonRow.table: as_frame(RevisionHorizonRow, horizons),
        FirstPrintRow.table: as_frame(FirstPrintRow, quality),
    }


def _of(of: OfIndicator) -> dict[str, str]:
    return {"vintage": of.vintage, **{name: getattr(of, name) for name in _KEY}}


def _causes(
    of: OfIndicator, own: Sequence[Print], rows: pd.DataFrame, stated: StatedCauses
) -> list[RevisionCauseRow]:
    printed_by = sorted(set(zip(rows["edition"], rows["source"], strict=True)))
    told_of = {
        int(edition): stated[source, int(edition), of.indicator]
        for edition, source in printed_by
        if (source, int(edition), of.indicator) in stated
    }
    found = []
    for each in revising(own):
        told = told_of.get(each.edition)
        found.append(
            RevisionCauseRow(
                **_of(of),
                edition=each.edition,
                reprinted=each.reprinted,
                revised=len(each.revised),
                first_year=min(each.revised, default=None),
                last_year=max(each.revised, default=None),
                left_out=len(each.deleted),
                mean_pct=each.mean_pct,
                inferred=each.cause,
                stated=told,
                cause=told or each.cause,
            )
        )
    return found


def _horizons(of: OfIndicator, own: Sequence[Print]) -> list[RevisionHorizonRow]:
    found = []
    horizon = 1
    while len(moves := revisions_at(own, horizon)):
        found.append(
            RevisionHorizonRow(
                **_of(of),
                horizon=horizon,
                years=len(moves),
                mean_pct=float(moves.mean()),
                mean_absolute_pct=float(abs(moves).mean()),
                low_pct=float(moves.min()),
                high_pct=float(moves.max()),
            )
        )
        horizon += 1
    return found


def _quality(of: OfIndicator, own: Sequence[Print], found: Bias, is_rate: bool) -> FirstPrintRow:
    judged = news_or_noise(growth_of(own, is_rate))
    return FirstPrintRow(
        **_of(of),
        editions=found.editions,
        mean_pct=found.mean_pct,
        bias=_bias_text(found),
        bias_p=found.p,
        years=judged.n,
        nature=judged.nature,
        p_news=judged.p_news,
        p_noise=judged.p_noise,
        p_efficient=judged.p_efficient,
        efficient_horizon=first_efficient_horizon(own, is_rate),
    )


def _bias_text(found: Bias) -> str:
    if found.p is None:
        return "cannot say"
    if found.p > LEVEL:
        return "none found"
    return "too low" if found.mean_pct > 0 else "too high"
