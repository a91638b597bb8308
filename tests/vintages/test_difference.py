"""Two states of a table: what is equal, what is not, and where."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.vintages.difference import TOLERANCE, table_difference
from assets.warehouse.tables.table import Column, Table

TABLE = Table(
    "model.example",
    "one row per vintage and term",
    (
        Column("vintage", "VARCHAR", "vintage"),
        Column("term", "VARCHAR", "term"),
        Column("value", "DOUBLE", "value", nullable=True),
        Column("stars", "VARCHAR", "stars", nullable=True),
    ),
    ("vintage", "term"),
)


def frame(*rows: tuple[str, float | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame([("0001", *row) for row in rows], columns=[c.name for c in TABLE.columns])


@given(st.floats(-1e6, 1e6), st.floats(-1e-3, 1e-3))
@settings(max_examples=60, deadline=None)
def test_the_gap_is_the_difference_and_its_share(value: float, gap: float) -> None:
    other = value + gap
    found = table_difference(TABLE, frame(("a", value, "")), frame(("a", other, "")))
    absolute = abs(value - other)
    assert found.largest_absolute == absolute
    assert found.largest_relative == (absolute and absolute / max(abs(value), abs(other)))
    assert bool(found.beyond) == (absolute > TOLERANCE * max(1.0, abs(value), abs(other)))


def test_order_of_rows_does_not_matter() -> None:
    one, two = ("a", 1.0, "*"), ("b", None, None)
    found = table_difference(TABLE, frame(one, two), frame(two, one))
    assert (found.rows, found.beyond, found.largest_absolute) == (2, (), 0.0)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (("a", 1.0 + 3e-12, "*"), "a, value: recorded 1.0, refitted 1.000000000003"),
        (("a", None, "*"), "a, value: recorded 1.0, refitted None"),
        (("a", 1.0, "**"), "a, stars: recorded '*', refitted '**'"),
        (("a", 1.0, None), "a, stars: recorded '*', refitted None"),
    ],
)
def test_what_differs_is_named(other: tuple[str, float | None, str | None], said: str) -> None:
    # Both frames hold a text column of objects, so that None stays None.
    recorded = frame(("a", 1.0, "*")).astype(object)
    refitted = frame(other).astype(object)
    found = table_difference(TABLE, recorded, refitted)
    assert found.beyond == (said,)
    assert (found.largest_absolute == math.inf) == (other[1] is None)


def test_rows_on_one_side_are_named() -> None:
    found = table_difference(TABLE, frame(("a", 1.0, "")), frame(("b", 1.0, "")))
    assert found.beyond == ("a: recorded, not refitted", "b: refitted, not recorded")
