"""The rows a document becomes, field by field as the raw tables declare them.

Belongs here: the records. Not here: making them (document.py) or storing them.
"""

from dataclasses import dataclass
from datetime import date

from assets.extracts.errors import spell_place


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A row of raw.document."""

    source: str
    edition: int
    region: str
    title: str
    publisher: str
    url: str | None
    published_on: date | None
    accessed_on: date
    licence: str
    quality: str
    standing: str
    retyped: bool
    file: str
    document_sha256: str
    content_sha256: str
    bytes: int
    observations: int
    statistics: int
    note: str | None
    withdrawn: str | None
    card: str


@dataclass(frozen=True, slots=True)
class Observation:
    """A row of raw.observation; `value` and `half_unit` in the indicator's canonical unit."""

    source: str
    edition: int
    region: str
    indicator: str
    reference_year: int
    value: float
    half_unit: float
    unit: str
    quality: str
    printed_value: str
    printed_label: str
    printed_unit: str
    file: str
    document_sha256: str
    table_number: str
    sheet: str | None
    cell: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A row of raw.unavailable: a place where a figure is due and none is printed."""

    source: str
    edition: int
    region: str
    indicator: str
    reference_year: int
    printed_value: str
    meaning: str
    file: str
    table_number: str
    sheet: str | None
    cell: str


@dataclass(frozen=True, slots=True)
class Covered:
    """A row of raw.coverage: a figure the card declares, with a reason where it is missing."""

    source: str
    edition: int
    region: str
    indicator: str
    reference_year: int
    missing_reason: str | None


@dataclass(frozen=True, slots=True)
class PublishedStatistic:
    """A row of raw.published_statistic: one number of a paper's table."""

    source: str
    edition: int
    table_number: str
    kind: str
    estimator: str | None
    term: str
    other_term: str
    statistic: str
    value: float
    printed_value: str
    decimals: int
    stars: str
    file: str
    document_sha256: str
    sheet: str | None
    cell: str


@dataclass(frozen=True, slots=True)
class SeenLabel:
    """A label the document prints (normalised), its printed unit's id, and its first figure.

    unit_confirmed: the card states the unit, or the document states it anew for every figure.
    """

    label: str
    unit: str
    unit_confirmed: bool
    file: str
    sheet: str | None
    cell: str

    @property
    def place(self) -> str:
        """Where the label's first figure stands, for messages."""
        return f"{self.file}, {spell_place(self.file, self.sheet, self.cell)}"
