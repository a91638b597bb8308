"""A recovered sample as a document of the landing folder: its CSV and its card, as text.

Belongs here: the text of both files. Not here: writing them.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import yaml

from assets.papers.recovery.missed_numbers import Sample
from assets.papers.recovery.printed_intervals import Paper

FILE_NAME = "sample.csv"


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a card states that neither the paper nor the sample holds."""

    source: str  # of the recovered document, and the folder's name
    region: str
    years: Sequence[int]  # one a row, for rows sorted by falling dependent
    units: Mapping[str, str]  # by column
    computed_on: date


GANSU = DocumentFacts(
    source="he_recovered",
    region="CN-GS",
    years=range(2012, 2020),
    units={"PI": "ratio", "AIG": "ratio", "IM": "ratio", "aEDI": "ratio", "EG": "万元/人"},
    computed_on=date(2026, 11, 21),
)


def recovered_document(
    paper: Paper, sample: Sample, seed: int, facts: DocumentFacts = GANSU
) -> tuple[str, str]:
    """(csv_text, card_text) of one sample, labelled recovered; the same input gives the same bytes.

    seed: of the ensemble that the sample is of. The card's edition is the year of the computation.
    Raises ValueError where the years are not one a row, or a column has no unit.
    """
    if len(facts.years) != paper.n:
        raise ValueError(f"{len(facts.years)} years for {paper.n} rows; expected one a row.")
    if absent := [column for column in paper.columns if column not in facts.units]:
        raise ValueError(f"No unit for {', '.join(absent)}; state one for each column.")
    lines = ["indicator,region,year,value,unit"]
    for place, column in enumerate(paper.columns):
        lines += [
            f"{column},{facts.region},{year},{float(value)!r},{facts.units[column]}"
            for year, value in zip(facts.years, sample.values[:, place], strict=True)
        ]
    csv_text = "\n".join(lines) + "\n"
    return csv_text, _card(paper, sample, seed, facts, csv_text.encode())


def _card(paper: Paper, sample: Sample, seed: int, facts: DocumentFacts, document: bytes) -> str:
    first, last = facts.years[0], facts.years[-1]
    card = {
        "source": facts.source,
        "edition": facts.computed_on.year,
        "title": (
            f"{facts.region} {first}-{last}: a sample recovered from the tables of "
            f"{paper.source} (NOT official figures)"
        ),
        "publisher": "yearbook project",
        "url": None,
        "published_on": None,
        "accessed_on": facts.computed_on,
        "licence": "CC0-1.0; computed by the project",
        "quality": "recovered",
        "standing": "estimate",
        "retyped": False,
        "region": facts.region,
        "note": _note(paper, sample, seed, facts),
        "document": {
            "file": FILE_NAME,
            "sha256": hashlib.sha256(document).hexdigest(),
            "bytes": len(document),
        },
        "tables": {"1": {"axes": "typed"}},
    }
    return str(yaml.safe_dump(card, sort_keys=False, allow_unicode=True, width=100))


def _note(paper: Paper, sample: Sample, seed: int, facts: DocumentFacts) -> str:
    labels = "; ".join(sorted(number.label for number in paper.excluded)) or "none"
    return (
        f"These are NOT official figures. They were computed from the printed tables of "
        f"{paper.source} alone, by least squares with a dead zone inside the rounding bounds. The "
        f"sample meets {len(paper.required)} of {len(paper.numbers)} printed numbers within "
        f"rounding; not required of it: {labels}. Many such samples exist, and the tables cannot "
        f"say which row is which year: the rows are labelled {facts.years[0]}-{facts.years[-1]} by "
        f"falling {paper.columns[0]}. Seed {seed}, batch {sample.seed}, sha256 of the exact values "
        f"{sample.fingerprint}."
    )
