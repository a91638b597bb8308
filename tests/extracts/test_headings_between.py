"""Headings that make figures something else: between the rows, and over columns of a header.

No figure below such a heading is taken without a word; what the refusal advises is then right.
"""

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from assets.extracts.cards.content import merge
from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.files.grid import Grid
from assets.extracts.files.text_file import load_text
from assets.extracts.proposing.open_questions import next_open
from assets.extracts.proposing.proposal import proposals

Known = dict[tuple[str, str, int], float]
Rows = list[list[str]]
Try = Callable[..., Document]
GDP, PRIMARY, SECONDARY = (
    "gross_product",
    "primary_industry_value_added",
    "secondary_industry_value_added",
)
HEADINGS = (
    "指数(上年=100)",
    "比上年增长(%)",
    "兰州市",
    "榆中县",
    "农村居民",
    "二、速度",
    "Indices",
)
# Rows of figures of three tables, what stands above them, and the card's axes.
TABLES: dict[str, tuple[Rows, Rows, dict[str, Any]]] = {
    "indicators down": (
        [["单位：亿元"], ["指标", "2018年", "2019年"]],
        [
            ["地区生产总值", "8104.1", "8718.3"],
            ["第一产业增加值", "921.3", "1050.5"],
            ["第二产业增加值", "2761.6", "2862.4"],
        ],
        {"indicator": {"down": "指标"}, "year": {"across": 1}},
    ),
    "years down": (
        [["单位：亿元"], ["年份", "地区生产总值", "第一产业增加值"]],
        [["2017", "7336.7", "859.8"], ["2018", "8104.1", "921.3"], ["2019", "8718.3", "1050.5"]],
        {"indicator": {"across": 1}, "year": {"down": "年份"}},
    ),
    "regions down": (
        [["地区", "2018年", "2019年"]],
        [["甘肃", "8104.1", "8718.3"], ["青海", "2748", "2941.1"], ["北京", "33106", "35445.1"]],
        {
            "indicator": {"once": GDP},
            "region": {"down": "地区"},
            "year": {"across": 1},
        },
    ),
}


@pytest.fixture
def attempt(catalogue: ModuleType, landing: Path) -> Try:
    """Read rows as a CSV file by an entry of a card."""

    def of(rows: Rows, entry: dict[str, Any], region: str = "CN-GS") -> Document:
        width = max(map(len, rows))
        lines = [",".join([*row, *[""] * (width - len(row))]) for row in rows]
        raw = ("\n".join(lines) + "\n").encode()
        card = {**catalogue.sound_card("t.csv", raw, {"1": entry}, 2025), "region": region}
        catalogue.write_folder(landing, card, raw, 2025)
        return read_document(landing / catalogue.SOURCE / "2025/card.yaml", landing)

    return of


def known(document: Document) -> Known:
    return {(r.indicator, r.region, r.reference_year): r.value for r in document.observations}


def refusal(attempt: Try, *args: Any) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        attempt(*args)
    return caught.value


def advised(error: DocumentError, entry: dict[str, Any]) -> list[dict[str, Any]]:
    """The entry with each line that a refusal gives for it."""
    lines = re.findall(r"^\s+((?:axes|ignore): .+)$", error.advice, re.MULTILINE)
    return [merge(entry, yaml.safe_load(line)) for line in lines]


def grid_of(rows: Rows, folder: Path) -> Grid:
    path = folder / "t.csv"
    width = max(map(len, rows))
    lines = [",".join([*row, *[""] * (width - len(row))]) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_text(path, "t.csv", None, None)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    shape=st.sampled_from(sorted(TABLES)),
    heading=st.sampled_from(HEADINGS),
    at=st.integers(0, 2),
    alone=st.booleans(),
    in_lines=st.booleans(),
)
def test_rows_below_a_heading_are_taken_only_if_the_card_says_so(
    attempt: Try, tmp_path: Path, shape: str, heading: str, at: int, alone: bool, in_lines: bool
) -> None:
    assume((shape, heading) != ("regions down", "兰州市"))  # a region of which nothing is printed
    assume((heading, at) != ("比上年增长(%)", 0))  # a unit right below the header is its own
    above, rows, axes = TABLES[shape]
    entry: dict[str, Any] = {"axes": axes, "unit": "亿元"}
    region = "CN" if shape == "regions down" else "CN-GS"
    whole = known(attempt([*above, *rows], entry, region))
    before = known(attempt([*above, *rows[:at]], entry, region)) if at else {}
    changed = [*above, *rows[:at], [heading, *([""] * (0 if alone else 2))], *rows[at:]]
    if in_lines:
        entry = {"axes": {**axes, "lines": [heading]}, "unit": "亿元"}
    error = refusal(attempt, changed, entry, region)
    assert heading in error.found
    left_out, nothing = advised(error, entry)
    assert known(attempt(changed, nothing, region)) == whole
    if before:
        assert known(attempt(changed, left_out, region)) == before
    [proposal, *_] = proposals(grid_of([["甘肃省"], *changed], tmp_path))
    answered: set[str] = set()
    while open_ := next_open(proposal, "t.csv", "1", frozenset(answered), lambda _: False):
        answered.add(open_.question.key)
        assert open_.question.key != f"heading/{heading}" or not open_.question.certain
    assert f"heading/{heading}" in answered


def test_a_heading_that_is_gone_is_seen(attempt: Try) -> None:
    above, rows, axes = TABLES["indicators down"]
    entry = {"axes": {**axes, "left_out": {"under": ["指数(上年=100)"]}}}
    assert "is headed '指数(上年=100)'" in refusal(attempt, [*above, *rows], entry).found


def test_a_unit_between_the_rows_cannot_be_said_to_change_nothing(attempt: Try) -> None:
    above, rows, axes = TABLES["indicators down"]
    error = refusal(attempt, [*above, *rows[:1], ["单位：万元"], *rows[1:]], {"axes": axes})
    assert "ignore" not in error.advice


@pytest.mark.parametrize(
    ("group", "left", "nothing"),
    [
        ("指数(上年=100)", None, {(PRIMARY, "CN-GS", 2018): 921.3}),
        ("地区生产总值", {(PRIMARY, "CN-GS", 2018): 921.3}, None),
    ],
)
def test_a_heading_that_may_stand_over_the_next_column_is_asked_for(
    attempt: Try, group: str, left: Known | None, nothing: Known | None
) -> None:
    """Text has lost what a workbook merges: a blank may belong to the group on its left."""
    rows = [["年份", group, ""], ["", "第二产业", "第一产业增加值"], ["2018", "105.6", "921.3"]]
    axes = {"indicator": {"across": [1, 2]}, "year": {"down": "年份"}, "header": {"below": 1}}
    entry: dict[str, Any] = {"axes": axes, "ignore": [f"{group}/第二产业"], "unit": "亿元"}
    if group == "地区生产总值":  # both readings are one
        assert known(attempt(rows, entry)) == left
        return
    error = refusal(attempt, rows, entry)
    assert error.cell == "B1"
    by_left, by_nothing = advised(error, entry)
    assert known(attempt(rows, by_nothing)) == nothing
    assert "/第一产业增加值' is unknown" in refusal(attempt, rows, by_left).found.replace(
        " / ", "/"
    )


def test_years_over_several_columns_of_a_text(attempt: Try, tmp_path: Path) -> None:
    rows = [
        ["地区", "2018年", "", "2019年", ""],
        ["", *["地区生产总值(亿元)", "年末常住人口(万人)"] * 2],
        ["甘肃", "8104.1", "2515", "8718.3", "2509"],
    ]
    [proposal] = proposals(grid_of(rows, tmp_path))
    assert proposal.entry["axes"]["header"] == {"below": 1, "blank": "left"}
    assert known(attempt(rows, dict(proposal.entry), "CN")) == {
        (GDP, "CN-GS", 2018): 8104.1,
        ("population_year_end", "CN-GS", 2018): 2515,
        (GDP, "CN-GS", 2019): 8718.3,
        ("population_year_end", "CN-GS", 2019): 2509,
    }


def test_growth_beside_every_year(attempt: Try, tmp_path: Path) -> None:
    rows = [
        ["甘肃省"],
        ["指标", "2018年", "", "2019年", ""],
        ["", "绝对数", "比上年增长(%)", "绝对数", "比上年增长(%)"],
        ["地区生产总值(亿元)", "8104.1", "6.3", "8718.3", "6.2"],
    ]
    [proposal] = proposals(grid_of(rows, tmp_path))
    assert next_open(proposal, "t.csv", "1", frozenset(), lambda _: False) is None
    figures = {(f.reference_year, f.cell.text) for f in proposal.read.figures}
    assert figures == {(2018, "8104.1"), (2019, "8718.3")}
