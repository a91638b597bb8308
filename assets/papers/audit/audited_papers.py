"""Every paper whose card states its sample, audited with one seed, as rows.

Belongs here: going through all papers. Not here: any rule of the audit, Dagster.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from assets.extracts.cards.card import Card
from assets.papers.audit.audit import audit
from assets.papers.audit.audit_rows import AuditFindingRow, finding_rows
from assets.papers.audit.printed_paper import paper_from_rows
from assets.papers.audit.rules.statements import OfficialFigure
from assets.vintages.failures import Failures
from assets.warehouse.row import as_frame

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
    records = printed.to_dict("records")
    frames = []
    for card in cards:
        if card.paper is None:
            continue
        with failures.entry(f"{card.source} {card.edition}"):
            found = audit(
                paper_from_rows(records, card),
                _official(official_eg, card.region),
                np.random.default_rng(SEED),
            )
            frames.append(finding_rows(failures.vintage, card.source, card.edition, found))
    return pd.concat(frames) if frames else as_frame(AuditFindingRow, [])


def _official(figures: pd.DataFrame, region: str) -> list[OfficialFigure]:
    own = figures[figures["region"] == region]
    columns = (own[name].tolist() for name in ("sample", "reference_year", "value"))
    return [OfficialFigure(*row) for row in sorted(set(zip(*columns, strict=True)))]
