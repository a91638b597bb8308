"""The data dictionary: every column of every table has a meaning."""

from typing import Any

from assets.extracts.document_rows import TABLES
from assets.extracts.meaning.definition_rows import BridgeRow, DefinitionRow
from assets.extracts.meaning.registry_rows import IndicatorRow, RegionRow
from assets.poverty.result_tables import MODEL_TABLES
from assets.poverty.study_files.study_rows import STUDY_TABLES, FormulaIndexRow
from assets.provinces.result_rows import PROVINCE_TABLES
from assets.release.current_views import OF_VINTAGES, view_name
from assets.release.dictionary import DictionaryRow
from assets.replication.replication_rows import RAW_TABLES as REPLICATIONS
from assets.replication.replication_rows import REPLICATION_TABLES
from assets.towns.records.record_rows import TOWN_TABLES
from assets.towns.study.result_rows import TOWN_STUDY_TABLES
from assets.vintages.failures import FailureRow
from assets.vintages.vintage_rows import VINTAGE_TABLES, DocumentBeforeRow
from assets.warehouse.queries import query_text
from assets.warehouse.store import Store
from orchestration.sql_models import load_models

DECLARED = (
    *(*TABLES, *TOWN_TABLES, *STUDY_TABLES, FormulaIndexRow.table, DocumentBeforeRow.table),
    *VINTAGE_TABLES,
    *MODEL_TABLES,
    *TOWN_STUDY_TABLES,
    *PROVINCE_TABLES,
    *REPLICATIONS,
    *REPLICATION_TABLES,
    FailureRow.table,
    DefinitionRow.table,
    BridgeRow.table,
    IndicatorRow.table,
    RegionRow.table,
)
PUBLISHED = [model for model in load_models() if not model.is_private]


def test_no_column_and_no_table_is_without_meaning(built: Any) -> None:
    silent = built.store.rows(
        "select table_name, column_name from release.data_dictionary "
        "where length(trim(meaning)) < 4 or length(trim(table_meaning)) < 4"
    )
    assert silent == []


def test_every_declared_and_every_sql_table_is_described(built: Any) -> None:
    names = {name for (name,) in built.store.rows("select table_name from release.data_dictionary")}
    assert names == (
        {table.name for table in DECLARED}
        | {view_name(table) for table in OF_VINTAGES}
        | {model.name for model in PUBLISHED}
    )


def test_the_meanings_are_those_of_the_declarations(built: Any) -> None:
    rows = built.store.rows(
        "select table_name, column_name, column_order, meaning, table_meaning "
        "from release.data_dictionary"
    )
    found = {(table, column): rest for table, column, *rest in rows}
    for table in DECLARED:
        for order, column in enumerate(table.columns, start=1):
            assert found[table.name, column.name] == [order, column.comment, table.grain]
    for model in PUBLISHED:
        for order, (name, comment) in enumerate(model.column_comments.items(), start=1):
            place, meaning, table_meaning = found[model.name, name]
            assert (place, meaning) == (order, comment)
            assert model.grain in table_meaning


def test_what_a_column_joins_to_is_a_column_of_the_file(built: Any) -> None:
    rows = built.store.rows("select joins, table_name, column_name from release.data_dictionary")
    columns = {f"{table}.{column}" for _, table, column in rows}
    targets = {joins.partition(",")[0] for joins, _, _ in rows if joins}
    assert len(targets) > 5
    assert targets <= columns


def test_keys_are_those_of_the_declarations(built: Any) -> None:
    keys = built.store.rows(
        "select table_name, column_name from release.data_dictionary where is_key"
    )
    assert set(keys) == {(table.name, column) for table in DECLARED for column in table.primary_key}


def test_each_table_says_its_grain(built: Any) -> None:
    rows = built.store.rows(
        "select distinct table_name, table_meaning from release.data_dictionary"
    )
    assert [name for name, meaning in rows if "one row per" not in meaning.lower()] == []


def test_every_column_of_the_file_is_listed_once(built: Any) -> None:
    in_file = built.store.rows(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and table_name <> 'data_dictionary' "
        "and schema_name not in ('micro', 'kept') order by all"
    )
    listed = built.store.rows(
        "select table_name, column_name, type from release.data_dictionary order by all"
    )
    assert listed == in_file


def test_the_dictionary_does_not_describe_itself_twice(built: Any) -> None:
    # It is made anew with every refresh; were it listed, it would depend on its own last state.
    again = built.store.frame(query_text("release/dictionary"))
    assert len(again) == built.store.rows("select count(*) from release.data_dictionary")[0][0]
    assert list(again.columns) == [column.name for column in DictionaryRow.table.columns]


def test_a_column_without_comment_shows_as_empty(tmp_path: Any) -> None:
    store = Store(tmp_path / "working.duckdb")
    with store.transaction() as writes:
        writes.create_as("raw.city", "select 1 as persons, 2 as year", "one row", {"year": "year"})
    frame = store.frame(query_text("release/dictionary"))
    assert dict(zip(frame["column_name"], frame["meaning"], strict=True)) == {
        "persons": "",
        "year": "year",
    }
