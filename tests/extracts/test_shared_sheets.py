"""Tables with other headings in one sheet, below or beside each other, all made for the test."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from assets.extracts.cards.areas import Area, areas_of
from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.files.text_file import load_text
from assets.extracts.proposing.sheet_tables import SheetTables, sheet_tables

Read = Callable[..., Document]

BELOW = (
    "甘肃省主要指标\n单位：亿元\n年份,地区生产总值\n2017,7336.7\n2018,8104.1\n注：现价。\n\n"
    "地区人口\n年度,年末常住人口(万人)\n2018,2515\n2019,2509\n"
)
FIRST = {"cells": "1:6", "axes": {"indicator": {"across": 1}, "year": {"down": "年份"}}}
SECOND = {"cells": "7:", "axes": {"indicator": {"across": 1}, "year": {"down": "年度"}}}
GDP, POP = "gross_product", "population_year_end"


@pytest.fixture
def read(catalogue: ModuleType, landing: Path) -> Read:
    def of(text: str, *tables: dict[str, Any], region: str = "CN-GS") -> Document:
        raw = text.encode()
        numbered = {str(number): table for number, table in enumerate(tables, start=1)}
        card = {**catalogue.sound_card("t.csv", raw, numbered, 2025), "region": region}
        catalogue.write_folder(landing, card, raw, 2025)
        return read_document(landing / catalogue.SOURCE / "2025/card.yaml", landing)

    return of


def refused(read: Read, *args: Any, **keys: Any) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read(*args, **keys)
    return caught.value


def known(document: Document) -> dict[tuple[str, int], float]:
    return {(r.indicator, r.reference_year): r.value for r in document.observations}


def test_tables_below_each_other(read: Read) -> None:
    assert known(read(BELOW, FIRST, SECOND)) == {
        (GDP, 2017): 7336.7,
        (GDP, 2018): 8104.1,
        (POP, 2018): 2515,
        (POP, 2019): 2509,
    }


def test_tables_side_by_side(read: Read) -> None:
    text = "年份,地区生产总值(亿元),,项目,2019年\n2018,8104.1,,年末常住人口(万人),2509\n"
    left = {"cells": "A:B", "axes": FIRST["axes"]}
    right = {"cells": "D:", "axes": {"indicator": {"down": "项目"}, "year": {"across": 1}}}
    assert known(read(text, left, right)) == {(GDP, 2018): 8104.1, (POP, 2019): 2509}


@pytest.mark.parametrize(
    ("text", "first", "cell"),
    [
        (BELOW, "1:4", "A5"),  # a row that no table has
        (BELOW.replace("2509", "2509,12"), "1:6", "C11"),
        (BELOW, "1:10", "A10"),  # a row of the other
    ],
)
def test_a_figure_in_no_table_stops_the_document(
    read: Read, text: str, first: str, cell: str
) -> None:
    assert refused(read, text, {**FIRST, "cells": first}, SECOND).cell == cell


def test_a_figure_in_two_tables_stops_the_document(read: Read) -> None:
    axes = {"indicator": {"across": 1}, "year": {"down": "年份"}}
    twice = {"cells": "1:6", "axes": axes, "labels": {"地区生产总值": "total_retail_sales"}}
    error = refused(read, BELOW, FIRST, twice, SECOND)
    assert "tables 1 and 2 both take the figure" in str(error)


def test_the_region_above_the_first_table_is_that_of_the_second(read: Read) -> None:
    error = refused(read, BELOW.replace("甘肃省", "青海省"), FIRST, SECOND)
    assert [each.cell for each in error.every] == ["A1"]  # of both
    line = BELOW.replace("甘肃省主要指标", "地区：青海省")
    axes = [
        {"indicator": {"across": 1}, "region": {"once": region}, "year": {"down": heading}}
        for region, heading in (("CN-QH", "年份"), ("CN-GS", "年度"))
    ]
    qinghai, gansu = {"cells": "1:6", "axes": axes[0]}, {"cells": "7:", "axes": axes[1]}
    error = refused(read, line, qinghai, gansu, region="CN")
    assert 'add it to tables."2".ignore' in str(error)
    gansu = {**gansu, "ignore": ["地区：青海省"]}
    rows = read(line, qinghai, gansu, region="CN").observations
    assert {(r.indicator, r.region) for r in rows} == {(GDP, "CN-QH"), (POP, "CN-GS")}


def test_several_tables_of_a_text_say_where_they_stand(read: Read) -> None:
    whole = {key: value for key, value in SECOND.items() if key != "cells"}
    assert "cells" in str(refused(read, BELOW, FIRST, whole))


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("A1:D12", Area(1, 1, 12, 4)),
        ("A:D", Area(1, 1, right=4)),
        ("14:", Area(14, 1)),
        ("B3:", Area(3, 2)),
        ("AA2:AB", Area(2, 27, right=28)),
    ],
)
def test_areas_are_spelled_as_they_are_read(text: str, area: Area) -> None:
    assert areas_of(text) == (area,)
    assert areas_of(str(area)) == (area,)


@pytest.mark.parametrize("text", ["", "A1", "D1:A2", "1:2;3:4", "A0:B2"])
def test_other_texts_are_no_areas(text: str) -> None:
    with pytest.raises(ValueError, match=r"names no cells|ends before"):
        areas_of(text)


@pytest.fixture
def proposed(tmp_path: Path) -> Callable[[str], SheetTables]:
    def of(text: str) -> SheetTables:
        path = tmp_path / "t.csv"
        path.write_text(text, encoding="utf-8")
        return sheet_tables(load_text(path, "t.csv", None, None))

    return of


def test_a_sheet_is_proposed_as_its_tables(proposed: Callable[[str], SheetTables]) -> None:
    tables = proposed(BELOW).tables
    assert [table.cells for table in tables] == ["1:7", "8:"]
    first, second = (table.readings[0] for table in tables)
    assert {(f.indicator, f.reference_year) for f in first.read.figures} == {
        (GDP, 2017),
        (GDP, 2018),
    }
    assert {(f.indicator, f.region) for f in second.read.figures} == {(POP, "CN-GS")}
    assert second.said["region"] == "甘肃省主要指标"


def test_the_years_of_one_table_are_not_those_of_the_one_beside_it(
    proposed: Callable[[str], SheetTables],
) -> None:
    """Or they are: both readings are offered."""
    found = proposed(
        "甘肃省,,,,\n年份,地区生产总值(亿元),,地区,年末常住人口(万人)\n"
        "2017,7336.7,,甘肃,2515\n2018,8104.1,,青海,587\n"
    )
    assert [table.cells for table in found.tables] == [None]
    assert [table.cells for table in found.or_else] == ["1:1, A:C", "1:1, D:"]
    assert found.or_else[1].readings[0].missing == ("year",)


def test_rows_of_one_table_are_no_table(proposed: Callable[[str], SheetTables]) -> None:
    """A group's name in a line of its own begins none: nothing could be read below it alone."""
    found = proposed("地区,地区生产总值(亿元)\n甘肃,8104.1\n西部\n青海,2748\n")
    assert all(table.cells is None for table in found.tables)
