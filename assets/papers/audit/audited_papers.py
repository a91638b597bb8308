"""Every paper whose card states its sample, audited with one seed, as rows.

Belongs here: going through all papers. Not here: any rule of the audit, Dagster.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from assets.extracts.cards.card import Card
from assets.papers.audit.audit import beside_official, on_its_own
from assets.papers.audit.audit_rows import AuditFindingRow, Finding, finding_rows
from assets.papers.audit.printed_paper import paper_from_rows
from assets.papers.audit.rules.statements import OfficialFigure
from assets.vintages.failures import Failures
from assets.vintages.pieces import entry_rows
from assets.warehouse.tables.row import as_frame

SEED = 20150101  # of every rounding envelope, so that the same input gives the same bits


def audit_frame(
    printed: pd.DataFrame,
    cards: Sequence[Card],
    official_eg: pd.DataFrame,
    failures: Failures,
) -> pd.DataFrame:
    """Rows of model.audit_finding for every paper whose card has a `paper` block.

    A paper that cannot be audited is a failure.

    printed: rows of raw.published_statistic; official_eg: columns region, sample, reference_year,
    value (10,000 yuan per person), official figures only.
    """
    rows: list[AuditFindingRow] = []
    for card in cards:
        if card.paper is not None:
            of_paper = (printed["source"] == card.source) & (printed["edition"] == card.edition)
            own, official = printed[of_paper], _official(official_eg, card.region)
            rows += _audited(failures, card, own.reset_index(drop=True), official)
    return as_frame(AuditFindingRow, rows)


def _audited(
    failures: Failures, card: Card, printed: pd.DataFrame, official: Sequence[OfficialFigure]
) -> list[AuditFindingRow]:
    """The tables alone are a piece: official figures are revised, and come last."""
    name, told = f"{card.source} {card.edition}", len(failures.rows)
    alone = entry_rows(failures, name, "", (Finding,), _on_its_own, card, printed)
    rows: list[AuditFindingRow] = []
    if len(failures.rows) == told:
        with failures.entry(name):
            paper = paper_from_rows(printed.to_dict("records"), card)
            found = beside_official(paper, alone, official)
            rows += finding_rows(failures.vintage, card.source, card.edition, found)
    return rows


def _on_its_own(failures: Failures, card: Card, printed: pd.DataFrame) -> Iterator[Finding]:
    paper = paper_from_rows(printed.to_dict("records"), card)
    yield from on_its_own(paper, np.random.default_rng(SEED))


def _official(figures: pd.DataFrame, region: str) -> list[OfficialFigure]:
    own = figures[figures["region"] == region]
    columns = (own[name].tolist() for name in ("sample", "reference_year", "value"))
    return [OfficialFigure(*row) for row in sorted(set(zip(*columns, strict=True)))]
