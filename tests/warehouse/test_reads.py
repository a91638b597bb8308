"""The digest of what was read: the same in every process, and another one for every other cell."""

import subprocess
import sys
from datetime import UTC, datetime

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.warehouse.unchanged.reads import frame_digest

# Each type that a table of the warehouse or a query may have, with an empty cell and without.
KINDS = {
    "boolean": "true",
    "integer": "1234567",
    "bigint": "1234567890123",
    "double": "0.1234567890123456",
    "varchar": "'甘肃'",
    "date": "date '2019-12-31'",
    "timestamp": "timestamp '2019-12-31 01:02:03'",
    "timestamptz": "timestamptz '2019-12-31 01:02:03+08'",
    "decimal(18, 3)": "1234.567",
    "double[]": "[0.1234567890123456, 2]",
    "struct(a double, b varchar[])": "{a: 0.1234567890123456, b: ['甘']}",
}
SELECT = (
    "select "
    + ", ".join(f"{cell}::{kind} as full{n}" for n, (kind, cell) in enumerate(KINDS.items()))
    + ", "
    + ", ".join(
        f"case when i = 0 then {cell}::{kind} end as empty{n}"
        for n, (kind, cell) in enumerate(KINDS.items())
    )
    + " from range(3) as _(i) order by i"
)
CHILD = """
import sys, duckdb
filler = [object() for _ in range(int(sys.argv[2]))]
from assets.warehouse.unchanged.reads import frame_digest
print(frame_digest(duckdb.sql(sys.argv[1]).df()))
"""


def test_two_processes_give_the_same_digest() -> None:
    """What one refresh has kept, the next one compares with: another process."""
    said = {
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", CHILD, SELECT, fill],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for fill in ("0", "99999")
    }
    assert said == {f"{frame_digest(duckdb.sql(SELECT).df())}\n"}


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_cell_is_not_a_full_one(kind: str) -> None:
    full = f"select {KINDS[kind]}::{kind} as x union all select null"
    empty = f"select null::{kind} as x union all select null"
    assert frame_digest(duckdb.sql(full).df()) != frame_digest(duckdb.sql(empty).df())


CELLS = {
    "Int64": st.integers(-(2**63), 2**63 - 1),
    "boolean": st.booleans(),
    "datetime64[us, UTC]": st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)).map(
        lambda at: at.replace(tzinfo=UTC)
    ),
    "float64": st.floats(allow_nan=False),
    "object": st.lists(st.floats(allow_nan=False), min_size=1, max_size=3).map(np.array),
    "str": st.text(),
}


@given(st.data(), st.sampled_from(sorted(CELLS)))
def test_frames_of_other_cells_have_other_digests(data: st.DataObject, kind: str) -> None:
    cells = data.draw(st.lists(st.one_of(st.none(), CELLS[kind]), min_size=1, max_size=5))
    others = data.draw(st.lists(st.one_of(st.none(), CELLS[kind]), min_size=1, max_size=5))
    one, other = (
        frame_digest(pd.DataFrame({"x": pd.Series(c, dtype=kind)})) for c in (cells, others)
    )
    again = [np.array(cell) if isinstance(cell, np.ndarray) else cell for cell in cells]
    assert one == frame_digest(pd.DataFrame({"x": pd.Series(again, dtype=kind)}))
    assert (one == other) == (repr(list(map(plain, cells))) == repr(list(map(plain, others))))


def plain(cell: object) -> object:
    return cell.tolist() if isinstance(cell, np.ndarray) else cell


@pytest.mark.parametrize("place", [0, 1000, 1999])
def test_every_element_of_a_long_list_counts(place: int) -> None:
    cells = np.arange(2000.0)
    other = cells.copy()
    other[place] += 1e-9
    frames = (pd.DataFrame({"x": [each]}) for each in (cells, other))
    assert frame_digest(next(frames)) != frame_digest(next(frames))
