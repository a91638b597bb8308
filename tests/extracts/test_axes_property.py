"""Random tables of known truth, read by a card made from it; one changed cell is seen."""

import csv
import random
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from openpyxl import Workbook

from assets.extracts.document import read_document
from assets.extracts.errors import DocumentError

LABELS = {
    "gross_product": "地区生产总值",
    "total_retail_sales": "社会消费品零售总额",
    "primary_industry_value_added": "第一产业增加值",
}
REGIONS = {"CN-GS": "甘肃省", "CN-BJ": "北京市", "CN-QH": "青海省"}
HEADINGS = {"indicator": "指标", "region": "地区", "year": "年份"}
Key = tuple[str, str, int]
Rows = list[list[Any]]


@dataclass
class Table:
    """A table as a sheet, the card's axes for it, and what it says.

    changes: a cell of the sheet (row, column) and another text that must not pass for the truth.
    """

    rows: Rows
    axes: dict[str, Any]
    truth: dict[Key, float]
    changes: list[tuple[int, int, Any]]


def _table(draw: random.Random) -> Table:
    members: dict[str, list[Any]] = {
        "indicator": draw.sample(list(LABELS), draw.randint(1, 3)),
        "region": draw.sample(list(REGIONS), draw.randint(1, 3)),
        "year": draw.sample(range(2010, 2020), draw.randint(1, 4)),
    }
    names = draw.sample(list(members), 3)
    down, across, once = names[:1], names[1:2], names[2:]
    if draw.random() < 0.3:
        down, across, once = names[:2], names[2:], []
    elif draw.random() < 0.3:
        down, across, once = names, [], []
    for name in once:
        members[name] = members[name][: draw.randint(1, 2)]  # a block for each
    unit = draw.choice(["亿元", "万元"])
    axes: dict[str, Any] = {name: {"down": HEADINGS[name]} for name in down}
    axes |= {name: {"across": 1} for name in across}
    axes |= {name: {"once": "line"} for name in once}
    axes |= {} if across else {"figures": "数值"}
    titles = {"indicator": "表：{indicator}", "region": "{region}的指标", "year": "{year}年的指标"}
    axes["lines"] = [titles[name] for name in once]
    axes["left_out"] = {"columns": ["排名"], "rows": ["/合计/"]}
    rows: Rows = []
    truth: dict[Key, float] = {}
    changes: list[tuple[int, int, Any]] = []
    blocks = members[once[0]] if once else [None]
    axes["blocks"] = len(blocks)
    for of_block in blocks:
        place: dict[str, Any] = {once[0]: of_block} if once else {}
        if once:
            title = titles[once[0]].replace(f"{{{once[0]}}}", _printed(once[0], of_block))
            rows.append([title])
            changes.append((len(rows) - 1, 0, "别的标题"))
        rows.append([f"单位：{unit}"])
        changes.append((len(rows) - 1, 0, "单位：万人"))
        columns = members[across[0]] if across else [None]
        heads = [_printed(across[0], member) for member in columns] if across else ["数值"]
        rows.append([*(HEADINGS[name] for name in down), *heads, "排名"])
        changes += [(len(rows) - 1, i, "别的列") for i in range(len(rows[-1]))]
        for of_row in _product([members[name] for name in down]):
            place |= dict(zip(down, of_row, strict=True))
            line: list[Any] = [_printed(name, place[name]) for name in down]
            changes += [(len(rows), i, "别的行") for i in range(len(line))]
            for i, column in enumerate(columns):
                whole = place | ({across[0]: column} if across else {})
                tenths = draw.randint(20000, 90000)
                truth[str(whole["indicator"]), str(whole["region"]), int(whole["year"])] = (
                    tenths / 10
                )
                line.append(tenths / 10 if unit == "亿元" else tenths * 1000)
                changes.append((len(rows), len(down) + i, "12,34"))
            rows.append([*line, draw.randint(1, 31)])
        if draw.random() < 0.5:
            rows.append(["合计", *[1] * len(heads)])
    if draw.random() < 0.5:
        rows.append(["注：当年价格。"])
        changes.append((len(rows) - 1, 0, "当年价格。"))
    return Table(rows, axes, truth, changes)


def _printed(name: str, member: Any) -> str:
    if name == "year":
        return str(member)
    return LABELS[member] if name == "indicator" else REGIONS[member]


def _product(of_axes: list[list[Any]]) -> list[tuple[Any, ...]]:
    if not of_axes:
        return [()]
    return [(first, *rest) for first in of_axes[0] for rest in _product(of_axes[1:])]


def _read(table: Table, kind: str, catalogue: ModuleType, landing: Path) -> dict[Key, float]:
    if kind == "csv":
        width = max(map(len, table.rows))
        padded = [[*row, *[""] * (width - len(row))] for row in table.rows]
        text = StringIO()
        csv.writer(text, lineterminator="\n").writerows(padded)
        raw = text.getvalue().encode()
    else:
        book = Workbook()
        assert book.active is not None
        book.active.title = "1"
        for row in table.rows:
            book.active.append(row)
        buffer = BytesIO()
        book.save(buffer)
        raw = buffer.getvalue()
    card = catalogue.sound_card(f"t.{kind}", raw, {"1": {"axes": table.axes}})
    card["region"] = "CN"  # the regions of the table are any of its provinces
    catalogue.write_folder(landing, card, raw)
    document = read_document(landing / catalogue.SOURCE / "2020/card.yaml", landing)
    return {(r.indicator, r.region, r.reference_year): r.value for r in document.observations}


@pytest.mark.parametrize("seed", range(10))
def test_random_tables(seed: int, catalogue: ModuleType, landing: Path) -> None:
    draw = random.Random(seed)
    for _ in range(6):
        table, kind = _table(draw), draw.choice(["csv", "xlsx"])
        assert _read(table, kind, catalogue, landing) == table.truth
        for row, column, text in draw.sample(table.changes, 3):
            rows = [list(line) for line in table.rows]
            rows[row][column] = text
            with pytest.raises(DocumentError):
                _read(Table(rows, table.axes, {}, []), kind, catalogue, landing)
