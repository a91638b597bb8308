"""The warehouse tables that documents fill, `raw.*`, each with its row.

Belongs here: names, types, meanings and units of the columns. Not here: making rows
(`taken/rows.py`) or storing them (`landed/intake.py`).
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from assets.warehouse.tables.row import Before, DuckType, Row

File = Annotated[str, "Document, path under landing/"]
DocumentSha256 = Annotated[str, "SHA-256 of the document's bytes, hexadecimal"]
ContentSha256 = Annotated[str, "SHA-256 over the document, its card and the cards that extends"]
TableNumber = Annotated[str, "Table of the document, as its card numbers it"]
Sheet = Annotated[
    str | None,
    "Sheet of the workbook; page and table in a PDF, table in an HTML page; NULL for CSV",
]
PlaceOfCell = Annotated[
    str, "Cell, A1 style; in a CSV file the number is the line, in a PDF the row"
]
# Rows from before the column: a value is its printed number times a scale, and so is half a unit.
_HALF_UNIT_BEFORE = r"""
    0.5 * power(
        10, -length(regexp_extract(replace(old.printed_value, ',', ''), '[0-9]+[.]([0-9]+)', 1))
    ) * coalesce(abs(old.value / nullif(try_cast(
        regexp_extract(replace(old.printed_value, ',', ''), '[0-9]+([.][0-9]+)?') as double
    ), 0)), 1)
"""
# Rows from before the column: no mark was read, but the standing of the document was known.
_STATUS_BEFORE = """
    coalesce((
        select case document.standing
            when 'forecast' then '{forecast}' when 'estimate' then '{estimate}' else '{other}'
        end
        from raw.document as document
        where document.source = old.source and document.edition = old.edition
    ), '{other}')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfEdition(Row):
    """Rows that one edition of a source gave."""

    source: Annotated[str, "Folder of the document under landing/"]
    edition: Annotated[int, "Year the document was printed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfFigure(OfEdition):
    """Rows about one figure: what it says of which region and year, in one edition."""

    region: Annotated[str, "ISO 3166 code: CN the nation, CN-GS Gansu, USA; CN-62-01 by GB/T 2260"]
    indicator: Annotated[str, "What is measured; id of the indicator registry"]
    reference_year: Annotated[int, "Year the figure is about"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfSeries(OfFigure):
    """Rows about one figure by one definition of its indicator."""

    definition: Annotated[
        str,
        "own: by what the indicator is named for; else the definition in raw.definition. Figures "
        "of two definitions are two series",
        Before("'own'"),
    ]


_FIGURE_KEY = ("source", "edition", "region", "indicator", "reference_year")
_SERIES_KEY = (*_FIGURE_KEY, "definition")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow(
    OfEdition,
    table="raw.document",
    grain="One row per edition of a source",
    key=("source", "edition"),
):
    """A document that was read, with what its card says of it."""

    region: Annotated[str, "Region of tables that name none, ISO 3166"]
    title: Annotated[str, "Title of the document"]
    publisher: Annotated[str, "Who published it"]
    url: Annotated[str | None, "Where it was found"]
    published_on: Annotated[date | None, "Day of publication"]
    accessed_on: Annotated[date, "Day it was fetched or read"]
    licence: Annotated[str, "Terms under which it may be used"]
    quality: Annotated[str, "published, derived or recovered"]
    standing: Annotated[str, "official, ministry, relayed, secondary, estimate or forecast"]
    retyped: Annotated[bool, "Whether the project typed the figures"]
    file: File
    document_sha256: DocumentSha256
    content_sha256: ContentSha256
    bytes: Annotated[int, "Size of the document, bytes", DuckType("BIGINT")]
    observations: Annotated[int, "Number of figures taken into raw.observation"]
    statistics: Annotated[int, "Number of figures taken into raw.published_statistic"]
    note: Annotated[str | None, "What the card notes"]
    withdrawn: Annotated[
        str | None, "Why no figure of it is taken any more; NULL for a document that counts"
    ]
    card: Annotated[str | None, "The card with all it extends, as JSON"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationRow(
    OfSeries,
    table="raw.observation",
    grain="One row per source, edition, region, indicator, reference year and definition",
    key=_SERIES_KEY,
):
    """A figure as one edition prints it; `value` and `half_unit` in the canonical unit."""

    value: Annotated[float, "Value in the unit of column unit"]
    half_unit: Annotated[
        float,
        "Half a unit of the last printed digit, in column unit: the value is good to it; that "
        "of the right figure where a misprint is corrected, 0 for a mark that stands for zero",
        Before(_HALF_UNIT_BEFORE),
    ]
    unit: Annotated[str, "Canonical unit, such as 100m_cny, 10k_persons or pct"]
    quality: Annotated[str, "published, derived or recovered"]
    status: Annotated[
        str,
        "final, revised, provisional, estimated or forecast, as marks, flags or the card say",
        Before(_STATUS_BEFORE.format(forecast="forecast", estimate="estimated", other="final")),
    ]
    status_code: Annotated[
        str,
        "Code of status in SDMX's CL_OBS_STATUS: A, P, E or F; a revised figure is A there",
        Before(_STATUS_BEFORE.format(forecast="F", estimate="E", other="A")),
    ]
    printed_value: Annotated[str, "The number as the document prints it, in printed_unit"]
    stored_value: Annotated[
        str | None,
        "The number that a spreadsheet stores, in printed_unit, where it shows another: "
        "printed_value is what it shows, and value and half_unit follow that",
    ]
    printed_label: Annotated[str, "The label as the document prints it, without unit"]
    printed_unit: Annotated[str, "The unit as the document or its card prints it"]
    file: File
    document_sha256: DocumentSha256
    table_number: TableNumber
    sheet: Sheet
    cell: PlaceOfCell
    note: Annotated[str | None, "Note beside the figure, footnote marks"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnavailableRow(
    OfSeries,
    table="raw.unavailable",
    grain="One row per place where a figure is due and none is printed",
    key=_SERIES_KEY,
):
    """A place where a figure is due and none is printed."""

    printed_value: Annotated[str, "What stands there instead; empty for a blank"]
    meaning: Annotated[str, "not_available or below_half_unit"]
    file: File
    table_number: TableNumber
    sheet: Sheet
    cell: PlaceOfCell


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalRow(
    OfSeries,
    table="raw.interval",
    grain="One row per figure that an edition prints as a class, not as a number",
    key=_SERIES_KEY,
):
    """Where a figure lies, by the class that an edition prints; no such row is a point anywhere."""

    low: Annotated[float | None, "Lower end in column unit; NULL: the class is open below"]
    high: Annotated[float | None, "Upper end in column unit; NULL: the class is open above"]
    unit: Annotated[str, "Canonical unit, such as pct"]
    quality: Annotated[str, "published, derived or recovered"]
    status: Annotated[str, "final, revised, provisional, estimated or forecast, as in observation"]
    printed_value: Annotated[str, "The class as the document prints it: both ends come from there"]
    printed_label: Annotated[str, "The label as the document prints it, without unit"]
    printed_unit: Annotated[str, "The unit as the document or its card prints it"]
    file: File
    document_sha256: DocumentSha256
    table_number: TableNumber
    sheet: Sheet
    cell: PlaceOfCell
    note: Annotated[str | None, "Note beside the class"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow(
    OfFigure,
    table="raw.coverage",
    grain="One row per figure that the card of an edition declares",
    key=_FIGURE_KEY,
):
    """A figure the card declares, with a reason where it is missing."""

    missing_reason: Annotated[
        str | None, "Why the edition does not print it; NULL where it is said to print it"
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedStatisticRow(
    OfEdition,
    table="raw.published_statistic",
    grain="One row per number in the result tables of a paper",
    key=("source", "edition", "table_number", "term", "other_term", "statistic"),
):
    """One number of a paper's table."""

    table_number: TableNumber
    kind: Annotated[str, "descriptives, correlations, model_summary or coefficients"]
    estimator: Annotated[str | None, "Estimator the card names, such as ols"]
    term: Annotated[str, "Variable, or const; empty for a statistic of the model"]
    other_term: Annotated[str, "Second variable of a correlation; empty otherwise"]
    statistic: Annotated[
        str, "min, max, mean, sd, r, R, R2, adjusted_R2, F, p, k, coefficient, std_error, t or vif"
    ]
    value: Annotated[float, "The number, in the paper's scale"]
    printed_value: Annotated[str, "The number as printed, with its stars"]
    decimals: Annotated[int, "Digits printed after the point"]
    stars: Annotated[str, "Significance stars as printed: none, *, ** or ***"]
    file: File
    document_sha256: DocumentSha256
    sheet: Sheet
    cell: PlaceOfCell


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineRow(
    Row,
    table="raw.quarantine",
    grain="One row per document that could not be read, with the error",
    key=("source", "edition"),
):
    """What was set aside, and the message that says where it is wrong."""

    source: Annotated[str, "Folder of the document under landing/"]
    edition: Annotated[str, "Folder of the edition, a year unless that is the error"]
    content_sha256: ContentSha256
    file: Annotated[str, "File the error is about, path from landing/"]
    message: Annotated[str, "The error: place, what was found, expected, what to do"]

    @property
    def key(self) -> str:
        """`source/edition`, as in messages."""
        return f"{self.source}/{self.edition}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDocumentRow(
    Row,
    table="kept.read_document",
    grain="One row per document that was read, accepted or not",
    key=("source", "edition"),
):
    """What it hung on besides the document whether that was accepted when it was read last."""

    source: Annotated[str, "Folder of the document under landing/"]
    edition: Annotated[str, "Folder of the edition"]
    before_sha256: Annotated[str, "Content of the edition before; empty: there was none"]
    of_machine: Annotated[bool, "Refused for what the machine lacked, such as a password"]

    @property
    def key(self) -> str:
        """`source/edition`."""
        return f"{self.source}/{self.edition}"


TABLES = tuple(
    row.table
    for row in (
        DocumentRow,
        ObservationRow,
        UnavailableRow,
        IntervalRow,
        CoverageRow,
        PublishedStatisticRow,
        QuarantineRow,
    )
)
