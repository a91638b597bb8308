"""What the models become on Spark, and what no model may say since the two engines differ."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from assets.towns.records.contracts import CONTRACTS
from assets.towns.records.engines.spark_engine import spark_selects
from assets.towns.records.engines.spark_sql import EnginesDiffer, SparkSelect, on_spark
from assets.towns.records.record_rows import (
    DATASET,
    LIST_TABLES,
    ORDER_YEAR,
    RECORD_VIEWS,
    AreaDisclosureRow,
    TownDatasetRow,
)
from assets.warehouse.queries import query_text
from orchestration.sql_models import load_models

FRAMES = Path(__file__).parents[3] / "sql" / "frames"


def columns_of_inputs() -> dict[str, Mapping[str, str]]:
    """The types of the tables that no model makes."""
    found: dict[str, Mapping[str, str]] = {
        name: {each.name: each.type for each in (DATASET, *CONTRACTS[contract].columns)}
        for contract, name in RECORD_VIEWS.items()
    }
    tables = (*LIST_TABLES.values(), AreaDisclosureRow.table, TownDatasetRow.table)
    return found | {t.name: {each.name: each.type for each in t.columns} for t in tables}


def every_select() -> dict[str, SparkSelect]:
    """All models of the towns and the frames over their records, each after those it reads."""
    columns = columns_of_inputs()
    sums = on_spark("order_year", query_text("towns/order_year"), columns)
    found, columns[ORDER_YEAR.name] = {ORDER_YEAR.name: sums}, sums.columns
    for model in load_models():
        if model.name.startswith(("micro.", "towns.")):
            found[model.name] = on_spark(model.name, model.sql, columns)
            columns[model.name] = found[model.name].columns
    for path in sorted(FRAMES.glob("*_record.sql")):
        if "micro.seller" in (sql := path.read_text(encoding="utf-8")):
            found[f"frames.{path.stem}"] = on_spark(path.stem, sql, columns)
    return found


def test_every_model_of_the_towns_can_run_on_spark() -> None:
    selects = every_select()
    assert len(selects) == 18
    # what the engine runs is among them, said the same way
    for name, select in spark_selects().items():
        assert selects[name] == select
    # every frame over sellers' records is looked at where the records are
    assert {n for n in selects if n.startswith("frames.")} <= set(spark_selects())


@pytest.mark.parametrize("order", ["", " order by birth_year * 1.5"])
def test_a_model_reads_views_without_a_schema_and_sums_in_one_order(order: str) -> None:
    added = f"fsum(birth_year * 1.5{order})"
    sql = f"select seller.village, {added} as s from micro.seller group by village"
    assert on_spark("x", sql, columns_of_inputs()).sql == (
        "SELECT seller.village, CASE WHEN COUNT(birth_year * 1.5) > 0 THEN "
        "AGGREGATE(ARRAY_SORT(COLLECT_LIST(birth_year * 1.5)), CAST(0 AS DOUBLE), "
        "(total, one) -> total + one) END AS s FROM micro__seller AS seller GROUP BY village"
    )


@pytest.mark.parametrize(
    ("sql", "part"),
    [
        ("select median(year) as x from annual", "MEDIAN(year) (Median)"),
        ("select quantile_cont(year, 0.5) as x from annual", "not known"),
        ("select cast(sales_cny as integer) as x from annual", "cut by Spark"),
        ("select cast(year as varchar) as x from annual", "not known"),
        ("select sum(sales_cny) as x from annual", "write fsum"),
        ("select avg(sales_cny) as x from annual", "(Avg)"),
        ("select ln(sales_cny) as x from annual", "may be of zero"),
        ("select case when orders > 0 then ln(sales_cny) end as x from annual", "may be of zero"),
        ("select sales_cny / orders as x from annual", "divide by zero"),
        ("select sales_cny / nullif(orders, 1) as x from annual", "divide by zero"),
        ("select year // 2 as x from annual", "rounds otherwise below zero"),
        ("select split_part(dataset, '/', year) as x from annual", "part 0"),
        ("select trim(dataset) as x from annual", "(Trim)"),
        ("select dayofweek(ordered_on) as x from micro.order_record", "(DayOfWeek)"),
        ("select substr(dataset, 0, 2) as x from annual", "not known"),
        ("select a.year from annual a asof join annual b using (year)", "method ASOF"),
        ("select a.year from annual a positional join annual b", "method POSITIONAL"),
        ("select a.year from annual a semi join annual b using (year)", "kind SEMI"),
        ("select columns('year') from annual", "(Columns)"),
        ("select * exclude (year) from annual", "name the columns"),
        ("select distinct on (year) year, orders from annual", "name the columns"),
        ("select year from annual union by name select year from annual", "by_name"),
        ("select year from annual group by all", "all True"),
        ("select max(orders order by year) as x from annual", "no order here"),
        ("select fsum(sales order by year) as x from annual", "no order here"),
        ("select fsum(sales order by sales desc) as x from annual", "no order here"),
        ("select year from annual order by year limit 3", "(Limit)"),
        ("select year from annual using sample 3", "(TableSample)"),
        ("select first(orders) as x from annual", "(First)"),
        ("select my_own(orders) as x from annual", "(Anonymous)"),
        ("select row_number() over (order by year) as x from annual", "(RowNumber)"),
    ],
)
def test_where_the_engines_differ_no_model_goes(sql: str, part: str) -> None:
    with pytest.raises(EnginesDiffer) as refused:
        on_spark("sql/micro/made_up.sql", sql.replace("annual", "micro.annual_record"), COLUMNS)
    message = str(refused.value)
    assert message.startswith("sql/micro/made_up.sql: ")
    assert part in message


COLUMNS = columns_of_inputs()
