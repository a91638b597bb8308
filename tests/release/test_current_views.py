"""Views of what stands now: one row a result, and nothing but the vintage published last."""

from collections.abc import Iterator
from typing import Any

import pytest

from assets.release.current_views import OF_VINTAGES, create_current_views, view_name
from assets.warehouse.connection import kept_open
from assets.warehouse.store import Store


@pytest.fixture(autouse=True)
def _opened_once() -> Iterator[None]:
    with kept_open():  # as a refresh has it
        yield


def test_the_list_has_every_table_of_vintages(built: Any) -> None:
    tables = built.store.rows(
        "select schema_name || '.' || table_name from duckdb_columns() join duckdb_tables() "
        "using (schema_name, table_name) where schema_name = 'model' and column_name = 'vintage'"
    )
    unlisted = {name for (name,) in tables} - {table.name for table in OF_VINTAGES}
    assert unlisted <= {"model.document_before"}  # what a vintage took over, no result


@pytest.fixture
def earlier(built: Any, tmp_path: Any) -> Store:
    """The working file, with each row of results once more under a vintage of before."""
    copy = tmp_path / "working.duckdb"
    copy.write_bytes(built.home.working.read_bytes())
    store = Store(copy)
    with store.transaction() as writes:
        for table in OF_VINTAGES:
            writes.connection.execute(
                f"insert into {table.name} by name "
                f"select * replace ('0000-before' as vintage) from {table.name}"
            )
    return store


def test_each_has_the_rows_of_the_last_vintage_alone(built: Any, earlier: Store) -> None:
    for table in OF_VINTAGES:
        shown = earlier.rows(f"select * from {view_name(table)} order by all")
        assert shown == built.store.rows(f"select * from {table.name} order by all"), table.name
    before = built.store.rows("select * from current.result order by all")
    assert earlier.rows("select * from current.result order by all") == before
    assert built.store.rows("select count(*) from current.fit") != [(0,)]


def test_a_limit_is_kept(built: Any) -> None:
    """DuckDB 2.0.0 forgets one above a filter by `= (select max …)`: all rows came."""
    for (name,) in built.store.rows(
        "select schema_name || '.' || view_name from duckdb_views() where not internal"
    ):
        (count,) = built.store.rows(f"select count(*) from {name}")[0]
        shown = built.store.rows(f"select * from {name} limit 2")
        assert len(shown) == min(count, 2), name


def test_a_table_that_no_step_has_written_is_an_empty_view(tmp_path: Any) -> None:
    store = Store(tmp_path / "working.duckdb")
    with store.transaction() as writes:
        create_current_views(writes)
    assert store.rows("select * from current.town_finding") == []


def test_a_headline_is_one_row_with_its_verdict_and_label(built: Any) -> None:
    twice = built.store.rows(
        "select study from current.result group by study, region, result, part having count(*) > 1"
    )
    assert twice == []
    rows = built.store.rows(
        "select result, estimate, low, high, verdict, label, sentence from current.result "
        "where study = 'he_2012_2019'"
    )
    stored = dict(
        built.store.rows(
            "select term, text from model.robustness where study = 'he_2012_2019' "
            "and method = 'claim' and statistic = 'verdict' and setting = 'at 5 %'"
        )
    )
    assert {row[0] for row in rows} == {"AIG", "IM", "aEDI", "EG"}
    for term, estimate, low, high, verdict, label, sentence in rows:
        assert low < estimate < high
        assert sentence == stored[term]
        assert verdict
        assert sentence.startswith(verdict)
        assert label == "recovered"


def test_the_catalog_names_things_in_both_languages(built: Any) -> None:
    known = built.store.rows(
        "select indicator, name_zh, label, stands_in from catalog.indicator "
        "where kind = 'indicator' and indicator in ('PI', 'gross_product') order by indicator"
    )
    assert known == [
        ("PI", "贫困指数", "recovered", "raw.observation"),
        ("gross_product", "生产总值", "official", "latest.figure"),
    ]
    assert built.store.rows(
        "select name_en, name_zh, figures > 0 from catalog.region where region = 'CN-GS'"
    ) == [("Gansu", "甘肃省", True)]
    labels = dict(built.store.rows("select study, label from catalog.study"))
    assert labels["he_2012_2019"] == "recovered"
    assert labels["china_2012_2019"] == "official"
    assert not built.store.rows("from catalog.study where kind = 'series' and name_zh is null")
    assert built.store.rows(
        "select quality, is_last_edition from catalog.document where source = 'he_recovered'"
    ) == [("recovered", True)]


def test_what_the_catalog_points_to_is_there(built: Any) -> None:
    places = built.store.rows(
        "select distinct stands_in from catalog.indicator union select stands_in from catalog.study"
    )
    for (names,) in places:
        for name in names.split(", "):
            built.store.rows(f"select * from {name} limit 1")
