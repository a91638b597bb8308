"""SQL models as plain files: what each makes and reads, and the Dagster assets they become.

Belongs here: loading `sql/<schema>/<table>.sql`, the dependency graph and the column lineage (both
from the SQL itself, by sqlglot), and one asset per file. Not here: any SQL, any table's meaning
(that is the file's header).
"""

import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from assets.towns.records.engines.record_steps import from_kept
from assets.vintages.kept_tables import Made, make_of_tables
from assets.warehouse.resource import Warehouse
from assets.warehouse.tables.automation import OWNERS, REFIT
from assets.warehouse.tables.declared_asset import asset_key
from orchestration.parsed_sql import (
    KeptLineages,
    KeptParses,
    Lineage,
    ParsedSql,
    SqlError,
    parse,
)

if TYPE_CHECKING:
    from assets.warehouse.tables.writes import Writes

SQL_FOLDER = Path(__file__).parents[1] / "sql"
# Their models are views: nothing is stored, and they never go stale.
VIEW_SCHEMAS = ("latest", "current", "catalog")
_OF_EACH_VINTAGE = "release"
PRIVATE_SCHEMA = "micro"  # sellers' records and unsuppressed sums, kept out of publication
# The schemas of models, and the group in the asset graph that each belongs to.
GROUPS = {
    "staging": "indices",
    "indices": "indices",
    PRIVATE_SCHEMA: "towns",
    "towns": "towns",
    "provinces": "provinces",
    **dict.fromkeys(VIEW_SCHEMAS, "release"),
    "release": "release",
}
# What a header says in these words.
MAY_BE_EMPTY = "May be empty"
KEPT_AS_VIEW = "Kept as a view"

_NAMED_LINE = re.compile(r"^([A-Za-z_][A-Za-z0-9_]*): (.+)$")
_GOES_ON = "   "  # how a line begins that goes on with the one before


class SqlModelError(Exception):
    """A SQL file that cannot be a model; the message names the file and what to change."""


@dataclass(frozen=True, slots=True)
class SqlModel:
    """One SELECT, the table it makes, and what its header says of it."""

    path: Path
    name: str  # schema.table
    sql: str
    description: str
    grain: str
    column_comments: Mapping[str, str]  # in the order of the header
    formerly: str  # the name of the table or view before it was renamed, or nothing
    may_be_empty: bool  # the header says so, and why
    dependencies: tuple[str, ...]  # schema.table, sorted

    @property
    def is_view(self) -> bool:
        """Whether the SELECT is kept as a view, and not its rows as a table."""
        return self.path.parent.name in VIEW_SCHEMAS or KEPT_AS_VIEW in self.description

    @property
    def is_private(self) -> bool:
        """Whether no reader sees the table: its rows then need no order of their own."""
        return self.name.startswith(f"{PRIVATE_SCHEMA}.")

    @property
    def follows_its_tables(self) -> bool:
        """Whether it may stand while the tables that it reads hold what they held.

        Not a view, which stores nothing, nor what tells of each vintage, which is never the same.
        """
        return not self.is_view and self.path.parent.name != _OF_EACH_VINTAGE

    def write(self, writes: "Writes") -> int | None:
        """Make the table or view, with its comments; returns its number of rows.

        A private view is not counted: that may take as long as reading all records of sellers.
        """
        comment = f"{self.description} Grain: {self.grain}."
        if self.formerly:
            writes.drop(self.formerly)
        if self.is_view:
            if self.is_private:
                writes.drop(self.name)  # a version before kept it as a table
            sql = from_kept(
                self.path.stem,
                self.sql,
                lambda asked: bool(writes.connection.execute(asked).fetchall()),
            )
            return writes.create_view(
                self.name,
                sql,
                comment,
                self.column_comments,
                self.may_be_empty,
                not self.is_private,
            )
        return writes.create_as(
            self.name,
            self.sql,
            comment,
            self.column_comments,
            self.may_be_empty,
            not self.is_private,
        )


@dataclass(frozen=True, slots=True)
class _Header:
    description: str
    grain: str
    formerly: str
    columns: Mapping[str, str]


def _header(path: Path, text: str) -> _Header:
    """What the leading comment says: `name: meaning` is a column, all other lines are prose.

    An indented line goes on with what the line before it says.
    """
    lines: list[str] = []
    for line in text.splitlines():
        if not line.startswith("--"):
            continue
        said = line.removeprefix("--")
        if lines and said.startswith(_GOES_ON):
            lines[-1] += f" {said.strip()}"
        else:
            lines.append(said.strip())
    named: dict[str, str] = {}
    prose: list[str] = []
    for line in lines:
        if found := _NAMED_LINE.match(line):
            named[found[1]] = found[2]
        else:
            prose.append(line)
    if "Grain" not in named:
        raise SqlModelError(f"{path}: the header has no line `-- Grain: one row per …`; add it.")
    grain, formerly = named.pop("Grain"), named.pop("Formerly", "")
    return _Header(" ".join(prose), grain.rstrip("."), formerly, named)


def load_model(path: Path, parsed: Callable[[str], ParsedSql] = parse) -> SqlModel:
    """Read one file; raises SqlModelError unless it is one SELECT with a full header.

    parsed: what parses it.
    """
    text = path.read_text(encoding="utf-8")
    header = _header(path, text)
    try:
        found = parsed(text)
    except SqlError as error:
        raise SqlModelError(f"{path}: {error}") from error
    if tuple(header.columns) != found.columns:
        raise SqlModelError(
            f"{path}: the header describes the columns {', '.join(header.columns) or '(none)'}, "
            f"the SELECT gives {', '.join(found.columns)}. Describe each column, in that order."
        )
    return SqlModel(
        path=path,
        name=f"{path.parent.name}.{path.stem}",
        sql=text,
        description=header.description,
        grain=header.grain,
        column_comments=header.columns,
        formerly=header.formerly,
        may_be_empty=MAY_BE_EMPTY in header.description,
        dependencies=found.tables,
    )


def load_models(folder: Path = SQL_FOLDER) -> tuple[SqlModel, ...]:
    """Load every model below the schemas' folders, each after those it reads.

    Raises SqlModelError for a bad file and for models that read each other in a circle.
    """
    parses = KeptParses(folder)
    paths = [path for schema in GROUPS for path in sorted((folder / schema).glob("*.sql"))]
    models = {model.name: model for model in (load_model(path, parses.parse) for path in paths)}
    parses.keep()
    graph = {name: set(model.dependencies) & set(models) for name, model in models.items()}
    try:
        order = tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise SqlModelError(
            f"models read each other in a circle: {' → '.join(error.args[1])}"
        ) from error
    return tuple(models[name] for name in order)


def column_lineage(model: SqlModel, table_columns: Mapping[str, Mapping[str, str]]) -> Lineage:
    """For each column of the model, the (schema.table, column) pairs it is made from.

    table_columns: for each table the model reads, its columns and their DuckDB types.
    """
    tables = {name: table_columns[name] for name in model.dependencies}
    return _kept_lineages(model.path.parents[1]).of(model.name, model.sql, tables)


@cache
def _kept_lineages(folder: Path) -> KeptLineages:
    return KeptLineages(folder)


def _lineage_metadata(lineage: Lineage) -> dg.TableColumnLineage:
    deps = {
        column: [
            dg.TableColumnDep(asset_key=asset_key(table), column_name=source_column)
            for table, source_column in pairs
        ]
        for column, pairs in lineage.items()
    }
    return dg.TableColumnLineage(deps_by_column=deps)


def _table_schema(model: SqlModel, types: Mapping[str, str], lineage: Lineage) -> dg.TableSchema:
    """Columns with meaning and origin; the open-source interface has no view of column lineage."""
    columns = []
    for name, meaning in model.column_comments.items():
        origin = ", ".join(f"{table}.{column}" for table, column in lineage[name])
        text = f"{meaning}; made from {origin}" if origin else meaning
        columns.append(dg.TableColumn(name, types[name].lower(), description=text))
    return dg.TableSchema(columns=columns)


def _link(path: Path) -> dg.CodeReferencesMetadataValue:
    """The link to the source file that the web interface shows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)  # works in the pinned version
        reference = dg.LocalFileCodeReference(file_path=str(path), line_number=1, label=path.name)
        return dg.CodeReferencesMetadataValue(code_references=[reference])


def sql_asset(model: SqlModel) -> dg.AssetsDefinition:
    """The asset that makes the model's table: schema, row count, lineage and source file shown."""
    schema, table = model.name.split(".")

    @dg.asset(
        key=[schema, table],
        deps=[asset_key(name) for name in model.dependencies],
        group_name=GROUPS[schema],
        kinds={"sql", "duckdb"},
        owners=OWNERS,
        description=f"{model.description}\n\nGrain: {model.grain}.",
        metadata={
            "dagster/code_references": _link(model.path),
            "sql": dg.MetadataValue.md(f"```sql\n{model.sql}\n```"),
        },
        automation_condition=REFIT,
    )
    def build(warehouse: Warehouse) -> dg.MaterializeResult[None]:
        if model.follows_its_tables:
            made = make_of_tables(warehouse, model.name, model.dependencies, model.write)
        else:
            with warehouse.store.transaction() as writes:
                made = Made(model.write(writes), stands=False)
        table_columns = warehouse.store.column_types(*model.dependencies, model.name)
        lineage = column_lineage(model, table_columns)
        return dg.MaterializeResult(
            metadata={
                **made.told(),
                "dagster/column_schema": _table_schema(model, table_columns[model.name], lineage),
                "dagster/column_lineage": _lineage_metadata(lineage),
            }
        )

    return build
