"""A comma is a decimal point where the card says so, or the file proves it to `add`; never else."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assets.extracts.adding.opening import Arrived, open_parts
from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.files.decimal_comma import uses_decimal_comma, with_points
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.layouts.cells import parse_number
from assets.extracts.proposing.sheet_tables import sheet_tables

Try = Callable[..., Document]
AXES = {"indicator": {"down": "指标"}, "year": {"across": 1}}
LINES = ["指标;2017年;2018年", "地区生产总值(亿元);{};{}", "年末常住人口(万人);2522,1;2515"]


def lines(product_2017: str, product_2018: str) -> list[str]:
    return [line.format(product_2017, product_2018) for line in LINES]


@pytest.fixture
def attempt(catalogue: ModuleType, landing: Path) -> Try:
    """Read the lines of a CSV file of Gansu."""

    def of(text: list[str], **keys: Any) -> Document:
        raw = ("\n".join(text) + "\n").encode()
        card = catalogue.sound_card("t.csv", raw, {"1": {"axes": AXES, **keys}}, 2020)
        catalogue.write_folder(landing, {**card, "region": "CN-GS"}, raw, 2020)
        return read_document(landing / catalogue.SOURCE / "2020/card.yaml", landing)

    return of


GERMAN = ("7.336,7", "8.104,1")
WAYS = [GERMAN, ("7336,7", "8104,1"), ("7 336,7", "8 104,1"), ("7\u202f336,7", "8\u2009104,1"),
        ("7'336,7", "8’104,1")]  # fmt: skip


@pytest.mark.parametrize("ways", WAYS)
def test_the_line_that_is_advised_reads_it(attempt: Try, ways: tuple[str, str]) -> None:
    with pytest.raises(DocumentError, match="may have a decimal comma") as caught:
        attempt(lines(*ways))
    [line] = {
        line.strip()
        for fault in caught.value.every
        for line in fault.advice.splitlines()
        if line.strip().startswith("decimal:")
    }
    rows = attempt(lines(*ways), **yaml.safe_load(line)).observations
    assert sorted(row.value for row in rows) == [2515, 2522.1, 7336.7, 8104.1]
    assert {row.printed_value for row in rows} == {*ways, "2522,1", "2515"}
    assert {row.half_unit for row in rows if row.indicator == "gross_product"} == {0.05}


def test_a_point_beside_decimal_commas_is_in_doubt(attempt: Try) -> None:
    with pytest.raises(DocumentError, match="has a decimal point") as caught:
        attempt(lines("7336.7", "8.104,1"), decimal="comma")
    assert caught.value.cell == "B2"


def test_a_comma_that_may_be_either_is_asked_for(attempt: Try) -> None:
    text = ["指标;2017年;2018年", "年末常住人口(万人);2,522;2,515"]
    with pytest.raises(DocumentError, match="may have a decimal comma or one of thousands"):
        attempt(text)
    assert [row.value for row in attempt(text, decimal="point").observations] == [2522, 2515]
    with pytest.raises(DocumentError, match="cannot be population_year_end"):
        attempt(text, decimal="comma")
    # One number that is read in one way says it of all.
    text[1] += "\n地区生产总值(亿元);7,336.7;8,104.1"
    assert len(attempt(text).observations) == 4


@pytest.mark.parametrize("ways", [("7'336.7", "8'104.1"), ("7’336.7", "8\u2009104.1")])
def test_apostrophes_and_thin_spaces_part_thousands(attempt: Try, ways: tuple[str, str]) -> None:
    text = [line for line in lines(*ways) if "人口" not in line]
    assert [row.value for row in attempt(text).observations] == [7336.7, 8104.1]


@pytest.mark.parametrize("text", ["8104.1-", "(8104.1)", "8104·1", "81,04.1", "8_104.1"])
def test_what_no_rule_reads_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        parse_number(text)


def test_add_takes_it_where_the_file_proves_it(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("地区：甘肃省\n" + "\n".join(lines(*GERMAN)), encoding="utf-8")
    [part] = open_parts(Arrived("t.csv", path))
    assert part.keys == {"decimal": "comma"}
    assert part.grid is not None
    [table] = sheet_tables(part.grid).tables
    assert [f.cell.text for f in table.readings[0].read.figures] == [
        "7336.7", "8104.1", "2522.1", "2515"
    ]  # fmt: skip


@given(
    st.lists(st.decimals(-99_999_999, 99_999_999, places=2), min_size=2, max_size=8, unique=True),
    st.sampled_from(["", ".", " ", "\u202f", "'"]),
)
def test_a_number_written_with_a_comma_is_the_number(numbers: list[Decimal], parting: str) -> None:
    texts = [
        f"{number:,.2f}".replace(",", "|").replace(".", ",").replace("|", parting)
        for number in numbers
    ]
    grid = Grid("t.csv", None, (tuple(Cell(1, i, t) for i, t in enumerate(texts, 1)),), None, {})
    assert uses_decimal_comma(grid)
    assert [parse_number(cell.text).value for cell in with_points(grid).rows[0]] == numbers
    one = replace(grid, rows=(grid.rows[0][:1],))
    assert not uses_decimal_comma(one)
    with_thousands = [f"{number:,.2f}" for number in numbers]
    cells = tuple(Cell(1, i, t) for i, t in enumerate(with_thousands, 1))
    assert not uses_decimal_comma(Grid("t.csv", None, (cells,), None, {}))
