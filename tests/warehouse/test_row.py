"""Row classes: what their annotations declare, and rows by name in both directions."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pytest

from assets.warehouse.store import Store
from assets.warehouse.tables.row import Before, DuckType, Row, as_frame, read_as
from assets.warehouse.tables.table import Column, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed(Row):
    region: Annotated[str, "code"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured(Keyed, table="model.measured", grain="one row per region", key=("region",)):
    count: Annotated[int, "persons", DuckType("BIGINT")]
    share: Annotated[float | None, "ratio"]
    since: Annotated[date, "day", Before("date '2020-01-01'")]


def measured(region: str, count: int, share: float | None) -> Measured:
    return Measured(region=region, count=count, share=share, since=date(2021, 5, 1))


def test_the_annotations_are_the_declaration() -> None:
    assert Measured.table == Table(
        "model.measured",
        "one row per region",
        (
            Column("region", "VARCHAR", "code"),
            Column("count", "BIGINT", "persons"),
            Column("share", "DOUBLE", "ratio", nullable=True),
            Column("since", "DATE", "day", before="date '2020-01-01'"),
        ),
        ("region",),
    )


def test_rows_come_back_as_they_went_in(store: Store) -> None:
    rows = [measured("CN", 3_000_000_000, 0.5), measured("CN-GS", 25, None)]
    store.replace(Measured.table, as_frame(Measured, rows))
    # The order of the query's columns does not matter: cells go by their names.
    query = "select since, share, count, region from model.measured order by region"
    assert store.read(Measured, query) == rows


def test_no_row_is_a_frame_with_the_columns() -> None:
    assert list(as_frame(Measured, []).columns) == ["region", "count", "share", "since"]


@pytest.mark.parametrize(
    "columns",
    [("region", "count", "share"), ("region", "count", "share", "since", "share")],
    ids=["one is missing", "one comes twice"],
)
def test_a_query_with_other_columns_is_an_error(columns: tuple[str, ...]) -> None:
    with pytest.raises(TypeError, match="Measured has the fields"):
        read_as(Measured, columns, [])


def test_a_field_without_a_comment_is_no_column() -> None:
    with pytest.raises(TypeError, match="has no comment"):

        class Silent(Row, table="model.silent", grain="one row", key=()):
            region: str


def test_a_type_that_no_column_has_is_refused() -> None:
    with pytest.raises(TypeError, match="no column is"):

        class Odd(Row, table="model.odd", grain="one row", key=()):
            regions: Annotated[list[str], "codes"]
