"""A paper of the published warehouse: its printed numbers for recovery, and what is filed of it.

Belongs here: reading the numbers and the card, and writing a recovered sample into `landing/`. Not
here: the method, and what a user is told.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from assets.extracts.cards.card import Card
from assets.extracts.meaning.registry import indicators
from assets.extracts.meaning.units import units
from assets.papers.recovery.determination import Determination
from assets.papers.recovery.ensemble import Ensemble
from assets.papers.recovery.printed_intervals import Paper, paper_from_statistics
from assets.papers.recovery.recovered_document import DocumentFacts, recovered_document
from assets.papers.recovery.recovery_rows import RecoveryRow, ensemble_rows
from assets.warehouse.home import Home
from assets.warehouse.lock import writer_lock
from assets.warehouse.reader import query
from assets.warehouse.store import Store

LOCK_WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class PublishedPaper:
    """What the published warehouse says of a paper."""

    paper: Paper
    card: Card

    @property
    def first_year(self) -> int:
        """The year of the first row; rows of a paper without years are numbered from 1."""
        span = self.card.paper.years if self.card.paper is not None else None
        return span.first if span is not None else 1


def published_paper(home: Home, source: str) -> PublishedPaper | None:
    """The paper of that folder in `landing/`; None where there is none with a `paper` block."""
    of = [source]
    cards = query(home, "select card from raw.document where source = ?", of).rows
    card = Card.model_validate_json(cards[0][0]) if cards else None
    if card is None or card.paper is None:
        return None
    result = query(home, "select * from raw.published_statistic where source = ?", of)
    printed = pd.DataFrame(result.rows, columns=list(result.columns))
    tuning = [k for table in card.tables.values() for k in table.tuning.values()]
    paper = paper_from_statistics(
        printed,
        source,
        card.paper.dependent,
        _regressors(printed, card.paper.dependent),
        card.paper.n,
        ridge_k=tuning[0] if tuning else 0.0,
        normalised=card.paper.scaling == "min_max",
    )
    return PublishedPaper(paper, card)


def _regressors(printed: pd.DataFrame, dependent: str) -> list[str]:
    """The described variables as the coefficient tables list them: by the row of their cell."""
    described = set(printed.loc[printed["kind"] == "descriptives", "term"]) - {dependent}
    lines: dict[str, int] = {}
    for row in printed[printed["kind"] == "coefficients"].itertuples():
        number = re.search(r"\d+", str(row.cell))
        if row.term in described and number is not None:
            line = int(number.group())
            lines[str(row.term)] = min(line, lines.get(str(row.term), line))
    return sorted(lines, key=lines.__getitem__)


def file_sample(
    home: Home,
    source: str,
    published: PublishedPaper,
    ensemble: Ensemble,
    results: Sequence[Determination],
) -> Path:
    """Write the first sample as a document, and what is determined as model.recovery.

    source: of the recovered document. Returns its folder in `landing/`.
    """
    first, columns = published.first_year, ensemble.paper.columns
    facts = DocumentFacts(
        source=source,
        region=published.card.region,
        years=range(first, first + ensemble.paper.n),
        units={name: units()[indicators()[name].unit].spellings[0] for name in columns},
        computed_on=datetime.now(UTC).date(),
    )
    csv_text, card_text = recovered_document(
        ensemble.paper, ensemble.samples[0], ensemble.seed, facts
    )
    folder = home.landing / source / str(facts.computed_on.year)
    with writer_lock(home, "yearbook recover", LOCK_WAIT_SECONDS):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "sample.csv").write_text(csv_text, encoding="utf-8")
        (folder / "card.yaml").write_text(card_text, encoding="utf-8")
        key = {"source": ensemble.paper.source}
        frame = ensemble_rows(ensemble, results)
        Store(home.working).replace_where(RecoveryRow.table, frame, key)
    return folder
