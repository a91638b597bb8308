"""Cards: what a document is, where it comes from, and how its tables are to be read.

Belongs here: the card's contract, field by field. Not here: reading a card and what it extends
(`loaded_card.py`), reading the document.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, field_validator, model_validator

from assets.extracts.cards.areas import areas_of
from assets.extracts.cards.axes_card import AxesCard
from assets.extracts.cards.coverage import CoveredBlock, MissingBlock, Withdrawal
from assets.extracts.cards.paper_card import PaperCard
from assets.extracts.meaning.registry import (
    indicators,
    known_regions,
    normalise_label,
    regions_named,
    require_region,
)
from assets.extracts.meaning.status import Status
from assets.extracts.meaning.told_definition import Stated
from assets.extracts.meaning.units import unit_of
from assets.extracts.written.strict_model import StrictModel
from assets.extracts.written.year_list import years_of

_MAX_PAGES = 50  # over which one table may run

Layout = Literal["axes", "published_table"]
# Layouts of cards written before a table had axes (decision 59), and what says the same now.
FORMER_LAYOUTS = {
    "nbs_export": "`axes: site`",
    "tidy_csv": "`axes: typed`",
    "yearbook_table": "`axes: years_across` for `years: across`, or `axes: years_down`",
    "region_rows": (
        "`axes: {indicator: {across: 1}, region: {down: province}, year: {down: year}}` with the "
        "table's own headings, for region_column and year_column"
    ),
}
Meaning = Literal["zero", "not_available", "below_half_unit"]
Kind = Literal["descriptives", "correlations", "model_summary", "coefficients"]
Quality = Literal["published", "derived", "recovered"]
QUALITIES: tuple[str, ...] = get_args(Quality)
Encoding = Literal["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be"]
Delimiter = Literal["comma", "semicolon", "tab", "pipe"]
Text = Annotated[str, Field(min_length=1)]


class DocumentFile(StrictModel):
    """The file beside the card, and what makes it that file.

    password: where that of a workbook lies, `env:NAME` or `file:/path`; never the password.
    """

    file: Annotated[
        str, Field(pattern=r"^[^/\\.][^/\\]*\.(?:csv|tsv|txt|xlsx|xls|ods|html|htm|pdf|xml|json)$")
    ]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    bytes: Annotated[int, Field(ge=0)]
    password: str | None = None

    @field_validator("password")
    @classmethod
    def _is_a_place(cls, password: str | None) -> str | None:
        if password is not None and not re.fullmatch(r"env:[A-Za-z_]\w*|file:/.+", password):
            raise ValueError(
                "a card never holds a password: say env:NAME or file:/a/path outside landing/"
            )
        return password


class OnlyYears(StrictModel):
    """First and last reference year that are taken, both included."""

    first: int
    last: int

    @model_validator(mode="after")
    def _in_order(self) -> "OnlyYears":
        if self.first > self.last:
            raise ValueError(f"first year {self.first} is after last year {self.last}")
        return self


class TableCard(StrictModel):
    """How one table of the document is to be read; keys as in the card contract.

    cells: where the table stands (A1:D12, 14:20, A14:D, '1:2, F3:J'), on a sheet that others share;
    sheet: of a workbook; table: its number in a web page, or on the page of a PDF; page: of a PDF,
    12 or '12-14' for a table that runs on (of any other document, where its original prints it);
    encoding, delimiter: of a text (the first of a web page too), where it does not say them itself;
    decimal: `comma` where numbers have a decimal comma (8.104,1), `point` where only that is to be
    said, in a text whose commas could be either, `middle_dot` for 8104·1;
    negatives: how numbers below zero are written, where no minus is before them: (123) or 123-;
    status_column: heading of the column of flags that state the status of a line's figures;
    statuses: years of figures that a text beside the table speaks of ({provisional: 2018-2019});
    regions: names as printed, with the code of the region meant, where a name is unknown or may
    mean several; hidden: `read` takes hidden rows and columns like visible ones; without it they
    stop the document; classes: `read` takes a class (3%-5%, 10%以上) for the interval it is, beside
    figures that are points; without it one stops the document; unit: of all figures that print
    none; units: of single labels, before `unit`;
    definitions: of labels (or of an indicator) that do not tell by which definition of their
    indicator they count, or do so in some years only: the definition, or years of each;
    confirmed: cells whose figure lies far from those beside it and is right, each with its text.
    """

    layout: Layout = "axes"
    axes: AxesCard | None = None
    title: Text | None = None
    sheet: Text | None = None
    cells: Text | None = None
    page: int | str | None = None
    table: Annotated[int, Field(ge=1)] | None = None
    encoding: Encoding | None = None
    delimiter: Delimiter | None = None
    decimal: Literal["comma", "point", "middle_dot"] | None = None
    negatives: Literal["brackets", "minus_behind"] | None = None
    unit: Text | None = None
    units: dict[str, str] = Field(default_factory=dict)
    regions: dict[str, str] = Field(default_factory=dict)
    status_column: Text | None = None
    statuses: dict[Status, int | str] = Field(default_factory=dict)
    only_years: OnlyYears | None = None
    labels: dict[str, str] = Field(default_factory=dict)
    definitions: dict[str, Stated] = Field(default_factory=dict)
    ignore: tuple[str, ...] = Field(default=(), strict=False)
    marks: dict[str, Meaning] = Field(default_factory=dict)
    hidden: Literal["read"] | None = None
    classes: Literal["read"] | None = None
    confirmed: dict[Annotated[str, Field(pattern=r"^[A-Z]{1,3}[1-9][0-9]*$")], Text] = Field(
        default_factory=dict
    )
    kind: Kind | None = None
    estimator: Text | None = None
    tuning: dict[str, float] = Field(default_factory=dict)
    n: Annotated[int, Field(gt=0)] | None = None

    def wants_year(self, year: int) -> bool:
        """Whether figures of that year are taken: all are, unless the card keeps to some."""
        only = self.only_years
        return only is None or only.first <= year <= only.last

    @field_validator("layout", mode="before")
    @classmethod
    def _is_not_a_former_one(cls, layout: object) -> object:
        if isinstance(layout, str) and layout in FORMER_LAYOUTS:
            raise ValueError(
                f"layout {layout} is of earlier versions; in its place stands "
                f"{FORMER_LAYOUTS[layout]}, without layout"
            )
        return layout

    @field_validator("cells")
    @classmethod
    def _areas(cls, cells: str | None) -> str | None:
        if cells is not None:
            areas_of(cells)
        return cells

    @field_validator("unit")
    @classmethod
    def _known_unit(cls, unit: str | None) -> str | None:
        if unit is not None and unit_of(unit) is None:
            raise ValueError(f"'{unit}' is no unit of assets/extracts/meaning/units.yaml")
        return unit

    @field_validator("units")
    @classmethod
    def _known_units(cls, stated: dict[str, str]) -> dict[str, str]:
        unknown = sorted({text for text in stated.values() if unit_of(text) is None})
        if unknown:
            raise ValueError(f"no unit of assets/extracts/meaning/units.yaml: {', '.join(unknown)}")
        return stated

    @field_validator("labels")
    @classmethod
    def _known_indicators(cls, labels: dict[str, str]) -> dict[str, str]:
        unknown = sorted({name for name in labels.values() if name not in indicators()})
        if unknown:
            raise ValueError(
                f"no indicator of assets/extracts/meaning/indicators.yaml: {', '.join(unknown)}"
            )
        return labels

    @field_validator("definitions")
    @classmethod
    def _known_definitions(cls, stated: dict[str, Stated]) -> dict[str, Stated]:
        several = [each.definitions for each in indicators().values() if each.definitions]
        known = {key for definitions in several for key in definitions.of}
        for said in stated.values():
            keys = [said] if isinstance(said, str) else list(said)
            for years in () if isinstance(said, str) else said.values():
                years_of(years)
            if unknown := [key for key in keys if key not in known]:
                raise ValueError(f"'{unknown[0]}' is none of {', '.join(sorted(known))}")
        return stated

    @field_validator("statuses")
    @classmethod
    def _known_years(cls, stated: dict[Status, int | str]) -> dict[Status, int | str]:
        for years in stated.values():
            years_of(years)
        return stated

    @field_validator("regions")
    @classmethod
    def _known_regions(cls, stated: dict[str, str]) -> dict[str, str]:
        meant = {name: require_region(code) for name, code in stated.items()}
        for name, code in meant.items():
            named = regions_named(name)
            if named and code not in named:
                raise ValueError(f"'{name}' is {known_regions(named)}, and cannot be {code}")
        return meant

    @model_validator(mode="after")
    def _fits_the_layout(self) -> "TableCard":
        problems = list(_misplaced_keys(self))
        mapped = {normalise_label(label) for label in self.labels}
        both = [label for label in self.ignore if normalise_label(label) in mapped]
        if both:
            problems.append(f"'{both[0]}' stands in labels and in ignore")
        if problems:
            raise ValueError("; ".join(problems))
        return self


def _misplaced_keys(table: TableCard) -> Iterator[str]:
    if (table.layout == "published_table") != (table.kind is not None):
        yield "kind belongs to layout published_table, and must stand there"
    if (table.layout == "axes") != (table.axes is not None):
        yield "axes must say where indicator, region and year stand, but in layout published_table"
    if table.layout == "published_table" and (
        table.status_column or table.statuses or table.only_years or table.confirmed
    ):
        yield (
            "status_column, statuses, only_years and confirmed have no meaning in layout "
            "published_table"
        )
    if table.layout != "published_table" and (table.estimator or table.tuning or table.n):
        yield "estimator, tuning and n belong to layout published_table only"
    if table.layout == "published_table" and (
        table.unit or table.units or table.definitions or table.decimal or table.negatives
    ):
        yield (
            "unit, units, definitions, decimal and negatives have no meaning in layout "
            "published_table"
        )


_PINS = ("sheet", "table", "hidden", "encoding", "delimiter")
_OF_TEXT = ("encoding", "delimiter")
_OF_WORKBOOK, _OF_PAGE = ("sheet", "hidden"), ("table", "hidden", "encoding")
_PINS_OF: Mapping[str, tuple[str, ...]] = {
    ".csv": _OF_TEXT,
    ".tsv": _OF_TEXT,
    ".txt": _OF_TEXT,
    ".xlsx": _OF_WORKBOOK,
    ".xls": _PINS,  # the content decides what it is
    ".ods": _OF_WORKBOOK,
    ".html": _OF_PAGE,
    ".htm": _OF_PAGE,
    ".pdf": ("table",),
    ".xml": ("table",),
    ".json": (),
}


def misplaced_pins(table: TableCard, suffix: str) -> tuple[str, ...]:
    """Keys of a table's card that mean nothing for a kind of file, such as `sheet` for `.csv`."""
    return tuple(
        key for key in _PINS if key not in _PINS_OF[suffix] and getattr(table, key) is not None
    )


def page_range(page: int | str) -> range:
    """Pages of a PDF a card names: 12, or '12-14'. Raises ValueError for anything else."""
    match = re.fullmatch(r"([1-9][0-9]{0,4})(?:-([1-9][0-9]{0,4}))?", str(page))
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 0 < first <= last < first + _MAX_PAGES:
        raise ValueError(f"'{page}' names no pages (12, or '12-14' for up to {_MAX_PAGES} pages)")
    return range(first, last + 1)


def _page_problems(number: str, page: int | str | None) -> Iterator[str]:
    if page is None:
        yield f'tables."{number}".page is missing: a PDF needs the page of each table'
        return
    try:
        page_range(page)
    except ValueError as error:
        yield f'tables."{number}".page: {error}'


RevisionCause = Literal["benchmark", "definition", "correction", "provisional", "deleted"]


class Card(StrictModel):
    """One edition of one source, as its card (merged with the cards it extends) states it.

    status: of the figures on which no mark and no flag states one; without it standing decides:
    a forecast holds forecasts, an estimate estimates, anything else final figures.
    retyped: whether the document beside the card was typed from what was published.
    revisions: why this edition prints figures of an indicator otherwise than editions before it.
    covers, missing, revisions, withdrawn: of this edition alone, so they are not inherited.
    """

    source: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    edition: Annotated[int, Field(ge=1900, le=2200)]
    title: Text
    publisher: Text
    url: Text | None = None
    published_on: date | None = None
    accessed_on: date
    licence: Text
    quality: Quality
    standing: Literal["official", "ministry", "relayed", "secondary", "estimate", "forecast"]
    status: Status | None = None
    retyped: bool = False
    region: str
    note: Text | None = None
    document: DocumentFile
    tables: Annotated[dict[str, TableCard], Field(min_length=1)]
    paper: PaperCard | None = None
    covers: tuple[CoveredBlock, ...] = Field(default=(), strict=False)
    missing: tuple[MissingBlock, ...] = Field(default=(), strict=False)
    revisions: dict[str, RevisionCause] = Field(default_factory=dict)
    withdrawn: Withdrawal | None = None

    @field_validator("revisions")
    @classmethod
    def _known_revised(cls, stated: dict[str, RevisionCause]) -> dict[str, RevisionCause]:
        unknown = sorted(stated.keys() - indicators().keys())
        if unknown:
            raise ValueError(
                f"no indicator of assets/extracts/meaning/indicators.yaml: {', '.join(unknown)}"
            )
        return stated

    @property
    def states_status(self) -> bool:
        """Whether the card says of all figures without a mark what they are."""
        return self.status is not None or self.standing in ("forecast", "estimate")

    @property
    def usual_status(self) -> Status:
        """Status of the figures on which no mark and no flag states one."""
        of_standing: Mapping[str, Status] = {"forecast": "forecast", "estimate": "estimated"}
        return self.status or of_standing.get(self.standing, "final")

    @field_validator("region")
    @classmethod
    def _known_region(cls, region: str) -> str:
        return require_region(region)

    @model_validator(mode="after")
    def _tables_fit_the_file(self) -> "Card":
        suffix = Path(self.document.file).suffix
        problems = [
            f'tables."{number}".{key} has no meaning for {self.document.file}'
            for number, table in self.tables.items()
            for key in misplaced_pins(table, suffix)
        ]
        if suffix == ".pdf":
            problems += [
                problem
                for number, table in self.tables.items()
                for problem in _page_problems(number, table.page)
            ]
        whole = any(
            table.cells is None and not (table.axes is not None and table.axes.only)
            for table in self.tables.values()
        )
        if suffix in (".csv", ".tsv", ".txt") and len(self.tables) > 1 and whole:
            problems.append(
                "a text file holds one table, the card lists several; if they stand in it below "
                "or beside each other, each says under cells where (A1:D12); if they are series "
                "of one table, each says under axes.only which"
            )
        if problems:
            raise ValueError("; ".join(problems))
        return self
