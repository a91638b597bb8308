"""`yearbook recover`: samples that a paper's printed tables allow, and what the tables determine.

Belongs here: reading the printed numbers, running the recovery, showing and filing its results.
Not here: the method (`assets/papers/recovery/`). Everything it makes is labelled recovered.
"""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assets.warehouse.home import Home
from assets.warehouse.lock import writer_lock
from assets.warehouse.reader import query
from assets.warehouse.store import Store

if TYPE_CHECKING:
    from assets.extracts.card import Card
    from assets.papers.recovery.determination import Determination
    from assets.papers.recovery.ensemble import Coverage, Ensemble
    from assets.papers.recovery.printed_intervals import Paper

WORKERS = 2
LOCK_WAIT_SECONDS = 60.0
ROWS_STATISTICS = "row_"  # single cells of a sample: many, and hardly ever determined


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for."""

    source: str
    samples: int
    seed: int
    file_as: str | None  # folder under landing/ for the first sample; None: nothing is written
    official: Mapping[int, str]  # year → official value of the dependent, as printed
    rising: str | None  # a column that must rise from row to row


def recover_paper(home: Home, request: Request) -> int:
    """Recover an ensemble and print what it determines; 1 where the paper cannot be used."""
    # One thread for each process: the matrices are too small to share out. Read at import.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from assets.papers.recovery.determination import determine
    from assets.papers.recovery.ensemble import NotRecovered, recover
    from assets.papers.recovery.infeasible import smallest_removal

    found = _paper(home, request.source)
    if found is None:
        return 1
    paper, card = found
    start = time.perf_counter()
    try:
        removal = smallest_removal(paper, request.seed)
        print(f"{len(paper.numbers)} printed numbers; they admit a sample without:")
        for number in removal.removed:
            print(f"  {number.label}")
        proof = "proved" if removal.proved_smallest else "not proved"
        print(f"  (the smallest such set: {proof}; the only one: {removal.proved_unique})")
        paper = paper.without(removal.removed)
        ensemble = recover(paper, request.samples, request.seed, workers=WORKERS)
    except NotRecovered as error:
        print(error, file=sys.stderr)
        return 1
    results = determine(ensemble)
    minutes = (time.perf_counter() - start) / 60
    print(f"{len(ensemble.samples)} RECOVERED samples (not official data) in {minutes:.1f} minutes")
    _print_results(ensemble, results)
    if request.official or request.rising:
        _print_constrained(paper, card, request)
    if request.file_as is not None:
        _file(home, request.file_as, ensemble, card, results)
    return 0


def _paper(home: Home, source: str) -> "tuple[Paper, Card] | None":
    from assets.extracts.card import Card
    from assets.papers.recovery.printed_intervals import paper_from_statistics

    cards = query(home, "select card from raw.document where source = ?", [source]).rows
    card = Card.model_validate_json(cards[0][0]) if cards else None
    if card is None or card.paper is None:
        print(
            f"The published warehouse has no paper '{source}' with a `paper` block in its card; "
            "see landing/README.md.",
            file=sys.stderr,
        )
        return None
    terms = [
        term
        for (term,) in query(
            home,
            "select distinct on (term) term from raw.published_statistic where source = ? "
            "and kind = 'descriptives' order by term",
            [source],
        ).rows
    ]
    regressors = _in_printed_order(home, source, [t for t in terms if t != card.paper.dependent])
    tuning = [k for table in card.tables.values() for k in table.tuning.values()]
    import pandas as pd

    result = query(home, "select * from raw.published_statistic where source = ?", [source])
    frame = pd.DataFrame(result.rows, columns=list(result.columns))
    paper = paper_from_statistics(
        frame,
        source,
        card.paper.dependent,
        regressors,
        card.paper.n,
        ridge_k=tuning[0] if tuning else 0.0,
        normalised=card.paper.scaling == "min_max",
    )
    return paper, card


def _in_printed_order(home: Home, source: str, regressors: list[str]) -> list[str]:
    """Regressors as the coefficient tables list them: by the row of their cell."""
    rows = query(
        home,
        "select term, min(cast(regexp_extract(cell, '\\d+') as integer)) as line "
        "from raw.published_statistic where source = ? and kind = 'coefficients' "
        "and list_contains(?, term) group by term order by line",
        [source, regressors],
    ).rows
    return [term for term, _ in rows]


def _print_results(ensemble: "Ensemble", results: "Sequence[Determination]") -> None:
    import numpy as np

    from assets.papers.recovery.ensemble import coverage
    from orchestration.commands.pages.text_table import TextTable, print_table

    if len(ensemble.samples) > 1:
        spread = np.percentile(ensemble.distances, [0, 50, 100])
        words = ", ".join(f"{value:.3f}" for value in spread)
        print(f"distance of two samples, SD per cell (least, median, largest): {words}")
    _print_exploration(coverage(ensemble))
    determined = sum(result.determined for result in results)
    print(f"{determined} of {len(results)} results are the same in every sample.")
    shown = [r for r in results if not r.place.statistic.startswith(ROWS_STATISTICS)]
    print_table(
        TextTable(
            "Results of the whole fit over all recovered samples (single cells left out)",
            ("result", "low", "high", "printed", "determined"),
            [
                (
                    " ".join(part for part in result.place if part),
                    f"{result.low:.4f}",
                    f"{result.high:.4f}",
                    result.printed or "",
                    "yes" if result.determined else "NO",
                )
                for result in sorted(shown, key=lambda r: r.determined)
            ],
        )
    )


def _print_exploration(found: "Coverage") -> None:
    print(
        f"exploration: {found.orders} orders of the rows' values, {found.seen_once} of them in one "
        f"sample only; by Good's estimate the next sample has a new one with a chance of "
        f"{found.unseen_share:.0%}.\n"
        f"    Which rows hold the extremes: {found.extremes} patterns, a new one with a chance of "
        f"{found.unseen_extremes:.0%}. Half of the samples span {found.range_kept:.0%} of a cell's "
        "range (median)."
    )


def _print_constrained(paper: "Paper", card: "Card", request: Request) -> None:
    """Whether a sample can meet official figures, too; not found is not a proof."""
    import numpy as np

    from assets.papers.recovery.official import outside_constraints, seek_with_constraints

    first = _first_year(card)
    by_row = {year - first: value for year, value in request.official.items()}
    constraints = outside_constraints(paper, by_row, request.rising)
    answer = seek_with_constraints(paper, constraints, np.random.default_rng(request.seed))
    if answer.feasible:
        print(
            f"Official figures can be met too: {answer.found} of {answer.starts} starts reach a "
            "sample that does."
        )
        return
    print(
        f"No sample found in {answer.starts} starts that meets the official figures as well (no "
        f"proof that there is none); the nearest misses by {answer.violation:.4g}: "
        f"{', '.join(answer.breached)}."
    )


def _first_year(card: "Card") -> int:
    """The year of the first row; rows of a paper without years are numbered from 1."""
    span = card.paper.years if card.paper is not None else None
    return span.first if span is not None else 1


def _file(
    home: Home,
    source: str,
    ensemble: "Ensemble",
    card: "Card",
    results: "Sequence[Determination]",
) -> None:
    """Write the first sample as a document and what is determined as model.recovery."""
    from assets.extracts.registry import indicators
    from assets.extracts.units import units
    from assets.papers.recovery.recovered_document import DocumentFacts, recovered_document
    from assets.papers.recovery.recovery_rows import RecoveryRow, ensemble_rows

    first, columns = _first_year(card), ensemble.paper.columns
    facts = DocumentFacts(
        source=source,
        region=card.region,
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
    print(f"Filed as {folder}; `yearbook refresh` takes it in and publishes model.recovery.")
