"""An answer of the warehouse that can stand alone: rows, and what must be known to believe them.

Belongs here: the SQL that was run, the vintage, the cells of the documents behind the rows, and
caveats, each by rule. Not here: who may ask, and over what (`web.py`, `mcp_server.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from assets.vintages.current import published_vintage
from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.json_value import json_value
from assets.warehouse.queries import ask
from assets.warehouse.reader import QueryResult, query

MAX_ROWS = 500  # of an answer; more is told, not sent
_SECONDS = 60.0
_CELL_ROWS = 50  # of an answer whose cells are looked up
_TRIES = 3
_FIGURE = ("region", "indicator", "reference_year")
_INDEX = {  # column of an index value → what the query for its cells calls all of them
    "study": "studies",
    "sample": "samples",
    "index_id": "indices",
    "reference_year": "years",
}
_SAID_OF = {
    "recovered": "RECOVERED, not official data: computed from what a paper prints",
    "simulated": "SIMULATED: no town, seller or sale behind these numbers exists",
    "derived": "DERIVED: counted or computed by the project from what is printed",
}
_FITS = {"coefficient", "fit", "robustness", "result", "specification", "diagnostic"}


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a figure stands in print (`figure_cells.sql`)."""

    region: str
    indicator: str
    reference_year: int
    source: str
    edition: int
    file: str
    sheet: str | None
    cell: str
    printed_value: str
    printed_label: str
    quality: str
    definition: str
    retyped: bool


@dataclass(frozen=True, slots=True)
class _Figure:
    region: str
    indicator: str
    reference_year: int
    source: str | None = None
    edition: int | None = None


@dataclass(frozen=True, slots=True)
class _Label:
    study: str
    label: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows with the SQL that gave them, the vintage they are of, cells and caveats.

    cells: of the printed figures behind the rows; empty where the rows name none, which
    `cells_note` says. rows_in_all: how many there are, also where fewer are sent.
    """

    sql: str
    vintage: str
    columns: tuple[str, ...]
    rows: list[list[Any]]
    rows_in_all: int
    cells: list[Cell]
    cells_note: str
    caveats: list[str]

    def as_json(self) -> dict[str, Any]:
        """The answer as JSON has it: no infinity, nothing but texts, numbers, lists and objects."""
        found: dict[str, Any] = json_value(asdict(self))
        return found


def answered(home: Home, sql: str, parameters: Mapping[str, object] | None = None) -> Answer:
    """Run one SELECT on the published warehouse and say what must be known of its rows.

    Raises NothingPublished, ValueError for anything but one SELECT, TimeoutError, duckdb.Error,
    and WarehouseError where another vintage was published under each of three tries.
    """
    for _ in range(_TRIES):
        vintage = published_vintage(home)
        result = query(home, sql, parameters, seconds=_SECONDS)
        cells, note = _cells(home, result)
        labels = {each.study: each.label for each in ask(home, "answers/labels", _Label)}
        if published_vintage(home) == vintage:
            return Answer(
                sql=sql.strip(),
                vintage=vintage,
                columns=result.columns,
                rows=[list(row) for row in result.rows[:MAX_ROWS]],
                rows_in_all=len(result.rows),
                cells=cells,
                cells_note=note,
                caveats=_caveats(sql, result, cells, labels),
            )
    raise WarehouseError(f"{home.published} changed {_TRIES} times while it was asked. Ask again.")


def _picked(result: QueryResult, names: Sequence[str]) -> list[dict[str, Any]] | None:
    """Those columns of the first rows, by name, each once; None where one is not there."""
    if not set(names) <= set(result.columns):
        return None
    places = [result.columns.index(name) for name in names]
    rows = (tuple(row[place] for place in places) for row in result.rows[:_CELL_ROWS])
    whole = (row for row in dict.fromkeys(rows) if None not in row)
    return [dict(zip(names, row, strict=True)) for row in whole]


def _cells(home: Home, result: QueryResult) -> tuple[list[Cell], str]:
    """The cells behind the first rows, and a sentence on what they are."""
    with_print = _picked(result, (*_FIGURE, "source", "edition"))
    figures: list[_Figure] = []
    if with_print is not None:
        figures = [_Figure(**row) for row in with_print]
    elif (alone := _picked(result, _FIGURE)) is not None:
        figures = [_Figure(**row) for row in alone]
    elif (indices := _picked(result, tuple(_INDEX))) is not None and indices:
        asked = {lists: [row[name] for row in indices] for name, lists in _INDEX.items()}
        figures = ask(home, "answers/index_figures", _Figure, asked)
    if not figures:
        return [], (
            "The rows name no printed figure. Cells come with columns region, indicator and "
            "reference_year, or study, sample, index_id and reference_year; where_from leads "
            "from an index value to its cells."
        )
    lists: dict[str, object] = {
        "regions": [figure.region for figure in figures],
        "indicators": [figure.indicator for figure in figures],
        "years": [figure.reference_year for figure in figures],
        "sources": [figure.source for figure in figures],
        "editions": [figure.edition for figure in figures],
    }
    more = len(result.rows) - _CELL_ROWS
    note = (
        f"Cells of the first {_CELL_ROWS} rows; {more} more have theirs, too." if more > 0 else ""
    )
    return ask(home, "answers/figure_cells", Cell, lists), note


def _caveats(
    sql: str, result: QueryResult, cells: Sequence[Cell], labels: Mapping[str, str]
) -> list[str]:
    """What the rows do not say by themselves."""
    try:
        parsed = sqlglot.parse_one(sql, read="duckdb")
    except SqlglotError:  # DuckDB understood it
        return ["Which tables these rows are of could not be told: see the SQL."]
    tables = {(table.db, table.name) for table in parsed.find_all(exp.Table)}
    said: list[str] = []
    values = {
        name: {row[place] for row in result.rows} for place, name in enumerate(result.columns)
    }
    named = {
        str(each)
        for name in ("study", "dataset")
        for each in values.get(name, ())
        if each in labels
    }
    kinds = {labels[study] for study in named}
    kinds |= {str(each) for name in ("label", "quality") for each in values.get(name, ())}
    kinds |= {"simulated"} if True in values.get("simulated", ()) else set()
    said += [_SAID_OF[kind] + "." for kind in sorted(kinds & _SAID_OF.keys())]
    speaks_of_studies = {schema for schema, _ in tables} & {"model", "current", "indices", "towns"}
    if speaks_of_studies and not named and not kinds & {"official", *_SAID_OF}:
        others = [f"{study} ({label})" for study, label in labels.items() if label in _SAID_OF]
        if others:
            said.append(
                "The rows do not say of which study they are. Not official are: "
                f"{', '.join(others)}. Select study, or label of current.result."
            )
    if {name for schema, name in tables if schema in ("model", "current")} & _FITS:
        said.append(
            "Regressions of yearly studies have eight observations or fewer; 'open' and 'cannot "
            "say' are no evidence that there is no effect, and no coefficient is an effect."
        )
    if any(schema == "model" for schema, _ in tables) and "vintage" not in sql.lower():
        said.append("model.* has each result once for each vintage; current.* has it once.")
    if ("raw", "observation") in tables:
        said.append("raw.observation has every print of a figure; latest.figure the one in force.")
    typed = sum(cell.retyped for cell in cells)
    if typed:
        said.append(
            f"{typed} of {len(cells)} cells are of documents that the project typed from their "
            "source; a typed figure can be mistyped."
        )
    if len(result.rows) > MAX_ROWS:
        said.append(f"Only the first {MAX_ROWS} of {len(result.rows)} rows are here.")
    return said
