"""The digest of a value: the same in every process, and another one for every other content."""

import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from assets.warehouse.unchanged.content import content_digest


class Colour(Enum):
    RED = "a"
    BLUE = "b"


class Inner(BaseModel):
    name: str
    levels: tuple[float, ...]


@dataclass(frozen=True)
class Argument:
    """One of every kind that computations are given."""

    frame: pd.DataFrame
    series: pd.Series
    matrix: np.ndarray
    objects: np.ndarray
    model: Inner
    by_name: dict[str, Any]
    names: frozenset[str]
    several: tuple[Any, ...]


def argument() -> Argument:
    frame = pd.DataFrame(
        {
            "region": ["CN-GS", "甘肃", None],
            "year": [2015, 2016, 2017],
            "value": [0.1, -0.0, np.nan],
            "n": pd.array([1, None, 3], dtype="Int64"),
            "at": pd.to_datetime(["2019-12-31", None, "2020-01-01"]),
            "level": pd.Categorical(["low", "high", "low"], ["low", "high", "none"]),
            "2015": [1, 2, 3],
        }
    )
    return Argument(
        frame=frame,
        series=frame["value"],
        matrix=np.arange(6.0).reshape(2, 3),
        objects=np.array(["a", None, 1.5], dtype=object),
        model=Inner(name="m", levels=(0.01, 0.05)),
        by_name={"k": 0.148, "of": {"deep": [1, 2, (3, None)]}},
        names=frozenset({"PI", "AIG", "IM", "CEI", "aEDI"}),
        several=(
            *(1, 1.0, True, "1", b"1", None, Colour.RED, date(2019, 1, 1), Decimal("1.0")),
            *(datetime(2019, 1, 1), PurePosixPath("a/b"), range(3), np.float64(2.5), np.int64(2)),
            *(content_digest, Colour, partial(replace, None), float("nan"), float("inf")),
        ),
    )


CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
filler = [object() for _ in range(int(sys.argv[2]))]
from test_content import argument
from assets.warehouse.unchanged.content import content_digest
print(content_digest(argument()))
"""


def test_two_processes_give_the_same_digest() -> None:
    """What one refresh has kept, the next one asks for: another process, with other hashes."""
    folder = str(Path(__file__).parent)
    said = {
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", CHILD, folder, fill],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for fill, seed in (("0", "1"), ("99999", "2"))
    }
    assert len(said) == 1
    assert content_digest(argument()) == content_digest(deepcopy(argument()))


def of_frame(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Argument], Argument]:
    return lambda given: replace(given, frame=change(given.frame.copy()))


def categorised(frame: pd.DataFrame, names: list[str], ordered: bool = False) -> pd.DataFrame:
    return frame.assign(level=frame["level"].cat.set_categories(names, ordered=ordered))


def cell(row: int, name: str, value: object) -> Callable[[Argument], Argument]:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[row, name] = value
        return frame

    return of_frame(change)


def element(name: str, place: Any, value: object) -> Callable[[Argument], Argument]:
    def change(given: Argument) -> Argument:
        array = getattr(given, name).copy()
        array[place] = value
        return replace(given, **{name: array})

    return change


def one_of_several(place: int, value: object) -> Callable[[Argument], Argument]:
    def change(given: Argument) -> Argument:
        several = (*given.several[:place], value, *given.several[place + 1 :])
        return replace(given, several=several)

    return change


CHANGES: dict[str, Callable[[Argument], Argument]] = {
    "a text": cell(0, "region", "CN-GX"),
    "a text gone": cell(0, "region", None),
    "a year": cell(1, "year", 2026),
    "the last bit of a number": cell(0, "value", np.nextafter(0.1, 1)),
    "minus zero": cell(1, "value", 0.0),
    "a number for none": cell(2, "value", 0.0),
    "a count": cell(1, "n", 2),
    "a date": cell(1, "at", pd.Timestamp("2019-12-31")),
    "the order of rows": of_frame(lambda frame: frame.iloc[::-1].reset_index(drop=True)),
    "the order of columns": of_frame(lambda frame: frame[frame.columns[::-1]]),
    "the name of a column": of_frame(lambda frame: frame.rename(columns={"value": "valuf"})),
    "the type of the name of a column": of_frame(
        lambda frame: frame.rename(columns={"2015": 2015})
    ),
    "the order of categories": of_frame(lambda frame: categorised(frame, ["high", "low", "none"])),
    "a category less, that nobody has": of_frame(lambda frame: categorised(frame, ["low", "high"])),
    "that categories are in order": of_frame(
        lambda frame: categorised(frame, ["low", "high", "none"], ordered=True)
    ),
    "the type of a column": of_frame(lambda frame: frame.astype({"year": "float64"})),
    "the index": of_frame(lambda frame: frame.set_index(frame.index + 1)),
    "the name of the index": of_frame(lambda frame: frame.rename_axis(index="year")),
    "the name of the columns": of_frame(lambda frame: frame.rename_axis(columns="variable")),
    "a row more": of_frame(lambda frame: pd.concat([frame, frame.iloc[:1]], ignore_index=True)),
    "a series": lambda given: replace(given, series=given.series.rename("other")),
    "an element": element("matrix", (1, 2), 5.000000001),
    "an element of objects": element("objects", 1, "None"),
    "a shape": lambda given: replace(given, matrix=given.matrix.reshape(3, 2)),
    "columns first": lambda given: replace(given, matrix=np.asfortranarray(given.matrix)),
    "the type of an array": lambda given: replace(given, matrix=given.matrix.astype(np.float32)),
    "a field of a model": lambda given: replace(given, model=Inner(name="n", levels=(0.01, 0.05))),
    "a level": lambda given: replace(given, model=Inner(name="m", levels=(0.01, 0.051))),
    "a key": lambda given: replace(given, by_name={"l": 0.148, "of": given.by_name["of"]}),
    "deep inside": lambda given: replace(
        given, by_name={"k": 0.148, "of": {"deep": [1, 2, (3, 0)]}}
    ),
    "a list for a tuple": lambda given: replace(
        given, by_name={"k": 0.148, "of": {"deep": [1, 2, [3, None]]}}
    ),
    "the order of a mapping": lambda given: replace(
        given, by_name=dict(reversed(given.by_name.items()))
    ),
    "a name less": lambda given: replace(given, names=given.names - {"IM"}),
    **{
        f"of several, {place}": one_of_several(place, value)
        for place, value in enumerate(
            (
                *(2, 1, 1, 1, "1", 0, Colour.BLUE, date(2019, 1, 2), Decimal("1.00")),
                *(datetime(2019, 1, 1, 1), PurePosixPath("a/c"), range(4), 2.5, np.int32(2)),
                *(deepcopy, Inner, partial(replace, 1), None, float("-inf")),
            )
        )
    },
}


@pytest.mark.parametrize("what", CHANGES)
def test_any_change_is_another_digest(what: str) -> None:
    assert content_digest(CHANGES[what](argument())) != content_digest(argument())


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 2), st.floats(allow_nan=False), st.text(max_size=2)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=1), inner, max_size=2),
    ),
    max_leaves=8,
)


@given(VALUES, VALUES)
def test_values_have_the_same_digest_only_where_they_say_the_same(one: Any, other: Any) -> None:
    assert content_digest(one) == content_digest(deepcopy(one))
    assert (content_digest(one) == content_digest(other)) == (repr(one) == repr(other))


@given(st.lists(VALUES, max_size=3), st.lists(VALUES, max_size=3))
def test_values_do_not_run_into_one_another(one: list[Any], other: list[Any]) -> None:
    assert (content_digest(*one) == content_digest(*other)) == (repr(one) == repr(other))


class Stateful:
    """Something of which nobody knows what it holds."""


@pytest.mark.parametrize(
    "unknown", [Stateful(), lambda: 1, np.random.default_rng(1), iter([1]), object()]
)
def test_what_is_not_known_is_refused(unknown: object) -> None:
    with pytest.raises(TypeError):
        content_digest([unknown])
