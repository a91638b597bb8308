"""Random tables of known truth: axes, blocks, units, marks of status, kinds of file.

Belongs here: making them, the card made from the truth, and cells that another table of the same
shape would have otherwise. Not here: reading them. Loaded by path (conftest.py).
"""

import csv
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import product
from typing import Any

from openpyxl import Workbook

from assets.extracts.files.grid import column_letters
from assets.extracts.meaning.registry import indicators, plausible_range
from assets.extracts.meaning.status import least_sure

LABELS = {
    "gross_product": "地区生产总值",
    "total_retail_sales": "社会消费品零售总额",
    "primary_industry_value_added": "第一产业增加值",
    "population_year_end": "年末常住人口",
    "rural_population": "乡村人口",
    "disposable_income_per_head": "居民人均可支配收入",
}
UNITS = {  # printed → power of ten over the indicator's canonical unit
    "currency": {"亿元": 0, "万元": -4, "100 million yuan": 0},
    "persons": {"万人": 0, "人": -4},
    "currency_per_person": {"元": 0},
}
REGIONS = {
    "CN-GS": "甘肃省",
    "CN-BJ": "北京市",
    "CN-QH": "青海省",
    "CN-GD": "广东",
    "CN-NM": "内蒙古",
}
HEADINGS = {
    "indicator": ["指标", "Item", "项目"],
    "region": ["地区", "地  区", "Region", "省份"],
    "year": ["年份", "Year", "年 份"],
}
TITLES = {"indicator": "表：{indicator}", "region": "{region}的指标", "year": "{year}年的指标"}
EXPORT = {"indicator": "指标：", "region": "地区："}
YEARS = {
    "{}": None,
    "{}年": None,
    "{}年(初步)": "provisional",
    "{}e": "estimated",
    "{}年(预计)": "forecast",
}
_LETTERS = {None: "", "provisional": "p", "estimated": "e"}
KINDS = ("csv", "bom", "gb18030", "utf16", "tab", "semicolon", "xlsx", "xls", "ods", "html")
Key = tuple[str, str, int]
Figures = dict[Key, tuple[float, str]]
Rows = list[list[Any]]


@dataclass(frozen=True)
class Change:
    """Another text in one cell. truth: what the file says then; None where it must be refused."""

    what: str
    row: int
    column: int
    text: Any
    truth: Figures | None
    is_heading_of_keys: bool = False  # which says nothing: the keys below do


@dataclass
class Table:
    """A table, what it says, and the card's entry made from that.

    region: of the card; unsaid: what only the card says (axis, or unit → the answer).
    """

    kind: str
    sheet: str
    rows: Rows
    entry: dict[str, Any]
    region: str
    truth: Figures
    unsaid: dict[str, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class Printed:
    """A cell of figures: value and status as the truth has them, and its text."""

    key: Key
    value: Decimal
    status: str | None
    text: Any


def table(draw: random.Random) -> Table:
    """Draw a table."""
    dimension = draw.choice(["currency", "currency", "persons", "mixed"])
    ids = [key for key in LABELS if dimension in ("mixed", indicators()[key].dimension)]
    years = draw.sample(range(2010, 2020), draw.randint(1, 4))
    members: dict[str, list[Any]] = {
        "indicator": draw.sample(ids, draw.randint(1, min(3, len(ids)))),
        "region": draw.sample(list(REGIONS), draw.randint(1, 4)),
        "year": sorted(years, reverse=draw.random() < 0.5),
    }
    names = draw.sample(list(members), 3)
    shape = draw.choice(["once", "once", "once", "two down", "three down", "two across"])
    down, across, once = {
        "once": (names[:1], names[1:2], names[2:]),
        "two down": (names[:2], names[2:], []),
        "three down": (names, [], []),
        "two across": (names[:1], names[1:], []),
    }[shape]
    return _Maker(draw, members, down, across, once).make()


@dataclass(frozen=True)
class Shared:
    """Two tables with a sheet of their own: below each other, or side by side.

    whole: the sheet, of which entry and changes mean nothing.
    """

    whole: Table
    tables: tuple[Table, Table]
    cells: tuple[str, str]

    @property
    def truth(self) -> Figures:
        """What both say."""
        return self.tables[0].truth | self.tables[1].truth


def shared(draw: random.Random) -> Shared:
    """Draw a sheet of two tables; the second says its region, and nothing that the first says."""
    while True:
        one, other = table(draw), table(draw)
        if any(axis.get("once") == "sheet" for t in (one, other) for axis in _axes_of(t)):
            continue
        if "region" in other.unsaid or one.truth.keys() & other.truth.keys():
            continue
        break
    rows = [list(row) for row in one.rows]
    if draw.random() < 0.5:
        blank = [[] for _ in range(draw.randint(0, 2))]
        start = len(rows) + len(blank) + 1
        rows += [*blank, *(list(row) for row in other.rows)]
        cells = f"1:{start - 1}", f"{start}:"
    else:
        width = max(map(len, rows)) + draw.randint(0, 1)
        rows += [[] for _ in range(len(other.rows) - len(rows))]
        for i, line in enumerate(other.rows):
            rows[i] = [*rows[i], *[""] * (width - len(rows[i])), *line]
        cells = f"A:{column_letters(width)}", f"{column_letters(width + 1)}:"
    whole = replace(one, rows=rows, truth=one.truth | other.truth, changes=[])
    return Shared(whole, (one, other), cells)


def _axes_of(made: Table) -> list[dict[str, Any]]:
    return [made.entry["axes"].get(name, {}) for name in ("indicator", "region", "year")]


class _Maker:
    def __init__(
        self,
        draw: random.Random,
        members: dict[str, list[Any]],
        down: list[str],
        across: list[str],
        once: list[str],
    ) -> None:
        self.draw, self.members = draw, members
        self.down, self.across, self.once = down, across, once
        self.rows: Rows = []
        self.figures: dict[tuple[int, int], Printed] = {}
        self.headings = {name: draw.choice(HEADINGS[name]) for name in down}
        self.style = {  # how each year is printed everywhere
            year: draw.choice(list(YEARS)) if draw.random() < 0.2 else draw.choice(["{}", "{}年"])
            for year in members["year"]
        }
        if "year" in once:
            self.style = dict.fromkeys(members["year"], "{}")
        self.units = {
            key: draw.choice(list(UNITS[indicators()[key].dimension]))
            for key in members["indicator"]
        }
        self.bases: dict[tuple[str, str], Decimal] = {}
        self.flag_heading = draw.choice(["", "Flags"])
        self.changes: list[tuple[str, int, int, Any, Callable[[Key, Printed], Any] | None]] = []

    def make(self) -> Table:
        draw = self.draw
        kind = draw.choice(KINDS)
        unsaid: dict[str, str] = {}
        axes: dict[str, Any] = {name: {"down": self.headings[name]} for name in self.down}
        axes |= {name: {"across": i} for i, name in enumerate(self.across, start=1)}
        axes |= {} if self.across else {"figures": "数值"}
        if len(self.across) == 2:
            axes["header"] = {"below": 1}
        # Where the axis that stands once is said.
        place, blocks = "", [None]
        lines: list[str] = []
        region, sheet = "CN", "9-1"
        if self.once:
            name = self.once[0]
            place = draw.choice(["line", "line", "export", "sheet", "card"])
            if place == "export" and name == "year":
                place = "line"
            if place == "sheet" and kind not in ("xlsx",):
                place = "line"
            self.members[name] = self.members[name][: draw.randint(1, 2) if place == "line" else 1]
            blocks = self.members[name]
            only = blocks[0]
            axes[name] = {"once": place if place != "export" else "line"}
            if place == "line":
                lines = [TITLES[name]]
            elif place == "sheet":
                sheet = self._printed(name, only)
            elif place == "card":
                axes[name] = {"once": only}
                unsaid[name] = str(only)
            if name == "region" and place in ("export", "card"):
                axes.pop("region")
                region = only
        dimensions = {indicators()[key].dimension for key in self.members["indicator"]}
        ways = ["label", "label"]
        if len(set(dimensions)) == 1:
            ways += ["line", "line", "unsaid"]
            shared = next(iter(self.units.values()))
        if "indicator" in self.down:
            ways.append("column")
        if place in ("card", "sheet") and "indicator" in self.once:
            ways = [way for way in ways if way not in ("label",)] or ["column"]
        way = draw.choice(ways)
        if way == "column" and "indicator" not in self.down:
            way = "line"
        if way == "line" and len(set(dimensions)) > 1:
            way = "label"
        if way in ("line", "unsaid"):
            self.units = dict.fromkeys(self.units, shared)
        self.way = way
        entry: dict[str, Any] = {}
        if way == "unsaid":
            entry["unit"] = shared
            unsaid["unit"] = shared
        if way == "column":
            axes["unit"] = "单位"
        self.flags = not self.across and draw.random() < 0.5
        if self.flags:
            entry["status_column"] = "OBS_FLAG"
        self.paired = draw.random() < 0.2 and len(self.across) == 1  # flags beside each figure
        if self.paired:
            axes["flags"] = "beside"
        self.beside = draw.random() < 0.3 and bool(self.across) and not self.paired
        if self.beside:
            axes["left_out"] = {"columns": ["排名"]}
        for of_block in blocks:
            self._block(of_block, place, export=place == "export")
        axes |= {"blocks": len(blocks)} if len(blocks) > 1 else {}
        total = next((i for i, row in enumerate(self.rows) if row and row[0] == "合计"), None)
        if total is not None:
            axes.setdefault("left_out", {})["rows"] = ["合计"]
        if draw.random() < 0.4:
            self.rows.append(["注：按当年价格计算。"])
            if draw.random() < 0.5:
                self.rows.append(["数据来源：国家统计局"])
        if lines:
            axes["lines"] = lines
        entry["axes"] = axes
        truth = {p.key: (float(p.value), p.status or "final") for p in self.figures.values()}
        made = Table(kind, sheet, self.rows, entry, region, truth, unsaid)
        made.changes = [
            Change(
                what,
                row,
                column,
                text,
                self._changed(effect),
                self.rows[row][column] in self.headings.values(),
            )
            for what, row, column, text, effect in self.changes
        ]
        return made

    def _changed(self, effect: Callable[[Key, Printed], Any] | None) -> Figures | None:
        """The truth where a change has an effect on keys, values or statuses; None: refuse."""
        if effect is None:
            return None
        found: Figures = {}
        for (row, column), printed in self.figures.items():
            now = effect((row, column), printed)  # type: ignore[arg-type]
            key, value, status = now
            if key in found:
                return None
            found[key] = (float(value), status or "final")
        return found

    def _block(self, of_block: Any, place: str, *, export: bool) -> None:
        draw, members = self.draw, self.members
        start = len(self.rows)
        given: dict[str, Any] = {}
        if self.once:
            name = self.once[0]
            given[name] = of_block
            if place == "line":
                text = str(self._labelled(name, of_block))
                self.rows.append([TITLES[name].replace(f"{{{name}}}", text)])
                self.changes.append(("title", len(self.rows) - 1, 0, "别的标题", None))
            elif export:
                self.rows.append([f"{EXPORT[name]}{self._labelled(name, of_block)}"])
                if name == "region":
                    other = draw.choice([r for r in REGIONS if r != of_block])
                    self.changes.append(
                        (
                            "region",
                            len(self.rows) - 1,
                            0,
                            f"地区：{REGIONS[other]}",
                            lambda _, p: ((p.key[0], other, p.key[2]), p.value, p.status),
                        )
                    )
        if self.way == "line":
            unit = next(iter(self.units.values()))
            self.rows.append([_unit_line(unit)])
            self.changes.append(("unit", len(self.rows) - 1, 0, "单位：百分点", None))
            dimension = indicators()[members["indicator"][0]].dimension
            others = [u for u, p in UNITS[dimension].items() if p != UNITS[dimension][unit]]
            if others and len(members.get(self.once[0] if self.once else "", [0])) < 2:
                to = others[0]
                shift = UNITS[dimension][to] - UNITS[dimension][unit]
                self.changes.append(
                    (
                        "unit",
                        len(self.rows) - 1,
                        0,
                        _unit_line(to),
                        lambda _, p, shift=shift: (p.key, p.value.scaleb(shift), p.status),
                    )
                )
        columns = list(product(*(members[name] for name in self.across)))
        names = [self.headings[name] for name in self.down]
        extra = ["单位"] if self.way == "column" else []
        tail = ["OBS_FLAG"] if self.flags else ["排名"] if self.beside else []
        for index in range(max(1, len(self.across))):
            heads: list[Any] = ["数值"]
            if self.across:
                heads = [self._labelled(self.across[index], c[index]) for c in columns]
            if self.paired:
                heads = [text for head in heads for text in (head, self.flag_heading)]
            front = [*names, *extra] if index == 0 else [""] * (len(names) + len(extra))
            self.rows.append([*front, *heads, *(tail if index == 0 else [""] * len(tail))])
            if index == 0:
                for i in range(len(names)):
                    self.changes.append(("heading", len(self.rows) - 1, i, "别的列", None))
        head_row = len(self.rows) - max(1, len(self.across))
        first = len(self.down) + len(extra)
        for index, name in enumerate(self.across):
            for i in range(len(columns)):
                place_of = (head_row + index, first + (2 * i if self.paired else i))
                self.changes.append(("heading", *place_of, "别的列", None))
                if name in ("region", "year"):
                    self._renamed(name, columns[i][index], place_of, by_column=True, start=start)
        for of_row in product(*(members[name] for name in self.down)):
            at = given | dict(zip(self.down, of_row, strict=True))
            line: list[Any] = [self._labelled(name, at[name]) for name in self.down]
            row = len(self.rows)
            for i, name in enumerate(self.down):
                self.changes.append(("label", row, i, "别的行", None))
                if name in ("region", "year"):
                    self._renamed(name, at[name], (row, i), by_column=False, start=start)
            if extra:
                line.append(self.units[at["indicator"]])
                self.changes.append(("unit", row, len(line) - 1, "百分点", None))
            flag = draw.choice([None, None, "provisional", "estimated"]) if self.flags else None
            for column in columns:
                whole = at | dict(zip(self.across, column, strict=True))
                if self.paired:
                    flag = draw.choice([None, None, "provisional", "estimated"])
                line.append(self._figure(row, len(line), whole, flag))
                if self.paired:
                    line.append(_LETTERS[flag])
                    self._flagged((row, len(line) - 1), own=(row, len(line) - 2))
            if self.flags:
                line.append(_LETTERS[flag])
                self._flagged((row, len(line) - 1))
            elif self.beside:
                line.append(draw.randint(1, 31))
            self.rows.append(line)
        if "region" in self.down and len(self.down) == 1 and draw.random() < 0.3:
            each = [1000, ""] if self.paired else [1000]
            self.rows.append(["合计", *[""] * len(extra), *each * len(columns), *[""] * len(tail)])

    def _flagged(self, place: tuple[int, int], own: tuple[int, int] | None = None) -> None:
        """Another flag in a cell: of one figure, or of all in its row."""

        def effect(at: tuple[int, int], p: Printed) -> tuple[Key, Decimal, str | None]:
            meant = at == own if own else at[0] == place[0]
            return p.key, p.value, least_sure((p.status, "forecast")) if meant else p.status  # type: ignore[arg-type]

        self.changes.append(("status", *place, "f", effect))  # type: ignore[arg-type]
        self.changes.append(("status", *place, "?", None))

    def _renamed(
        self, name: str, member: Any, place: tuple[int, int], *, by_column: bool, start: int
    ) -> None:
        """Another region or year in one row or column of this block: other keys, or refused."""
        position = {"region": 1, "year": 2}[name]
        pool = list(REGIONS) if name == "region" else list(range(2010, 2020))
        other = self.draw.choice([each for each in pool if each != member])
        text = REGIONS[other] if name == "region" else str(other)
        printed_status = YEARS[self.style[member]] if name == "year" else None

        def effect(at: tuple[int, int], p: Printed) -> tuple[Key, Decimal, str | None]:
            here = at[1] == place[1] if by_column else at[0] == place[0]
            if not here or (by_column and not self._same_block(at, place)):
                return p.key, p.value, p.status
            key = list(p.key)
            key[position] = other
            own = self.own_status[at]
            status = own if printed_status else p.status
            return (str(key[0]), str(key[1]), int(key[2])), p.value, status

        self.changes.append((name, *place, text, effect))  # type: ignore[arg-type]

    def _same_block(self, at: tuple[int, int], place: tuple[int, int]) -> bool:
        """Whether no other header stands between a header's cell and a figure below it."""
        between = range(place[0] + 1, at[0])
        heading = self.headings[self.down[0]]
        return at[0] > place[0] and not any(
            self.rows[row] and self.rows[row][0] == heading for row in between
        )

    @property
    def own_status(self) -> Mapping[tuple[int, int], str | None]:
        """What the number itself and its flag say, without the year."""
        return self._own

    _own: dict[tuple[int, int], str | None]

    def _figure(self, row: int, column: int, whole: dict[str, Any], flag: str | None) -> Any:
        draw = self.draw
        if not hasattr(self, "_own"):
            self._own = {}
        key = (str(whole["indicator"]), str(whole["region"]), int(whole["year"]))
        indicator = indicators()[key[0]]
        base = self.bases.get(key[:2])
        if base is None:
            low, high = plausible_range(indicator, key[1])
            share = draw.uniform(0.3, 0.6)
            base = Decimal(int(10 * (low + (min(high, 40 * max(low, 50)) - low) * share)))
            self.bases[key[:2]] = base
        value = Decimal(int(base * Decimal(str(draw.uniform(0.85, 1.15))))) / 10
        power = UNITS[indicator.dimension][self.units[key[0]]]
        printed = value.scaleb(-power)
        own = flag
        text: Any = int(printed) if printed == printed.to_integral_value() else float(printed)
        if draw.random() < 0.05 and not (self.flags or self.paired):
            own = "provisional"
            text = f"{printed:f}(p)"
        elif draw.random() < 0.1:
            text = f"{printed:,f}"
        status = least_sure((own, YEARS[self.style[key[2]]]))  # type: ignore[arg-type]
        self._own[row, column] = own
        self.figures[row, column] = Printed(key, value, status, text)
        self.changes.append(("figure", row, column, "12,34", None))
        new = printed + 1
        self.changes.append(
            (
                "figure",
                row,
                column,
                int(new) if new == new.to_integral_value() else float(new),
                lambda at, p, here=(row, column), power=power: (
                    (
                        p.key,
                        p.value + Decimal(1).scaleb(power),
                        least_sure((flag, YEARS[self.style[p.key[2]]])),  # type: ignore[arg-type]
                    )
                    if at == here
                    else (p.key, p.value, p.status)
                ),
            )
        )
        self.changes.append(
            (
                "status",
                row,
                column,
                f"{printed:f}(f)",
                lambda at, p, here=(row, column): (
                    p.key,
                    p.value,
                    "forecast" if at == here else p.status,
                ),
            )
        )
        return text

    def _printed(self, name: str, member: Any) -> str:
        if name == "year":
            return self.style[member].format(member)
        return LABELS[member] if name == "indicator" else REGIONS[member]

    def _labelled(self, name: str, member: Any) -> Any:
        """As printed in the table: a label with its unit where labels print it."""
        if name == "indicator" and self.way == "label":
            return f"{LABELS[member]}({self.units[member]})"
        text = self._printed(name, member)
        return int(text) if name == "year" and text.isdigit() else text


def _unit_line(unit: str) -> str:
    return f"Unit: {unit}" if unit.isascii() else f"单位：{unit}"


def with_cell(made: Table, change: Change) -> Table:
    """The table with one cell changed."""
    rows = [list(row) for row in made.rows]
    rows[change.row][change.column] = change.text
    return replace(made, rows=rows)


def raw_file(made: Table, containers: Any) -> tuple[str, bytes]:
    """The table as its kind of file: its name, and its bytes."""
    if made.kind == "xlsx":
        book = Workbook()
        assert book.active is not None
        book.active.title = made.sheet
        for row in made.rows:
            book.active.append([None if cell == "" else cell for cell in row])
        buffer = BytesIO()
        book.save(buffer)
        return "t.xlsx", buffer.getvalue()
    if made.kind in ("xls", "ods", "html"):
        makers = {"xls": containers.xls, "ods": containers.ods, "html": containers.html_page}
        width = max(map(len, made.rows))
        rows = [[None if c == "" else c for c in row] for row in made.rows]
        rows = [[*row, *[None] * (width - len(row))] for row in rows]
        return f"t.{made.kind}", makers[made.kind](rows)
    sign = {"tab": "\t", "semicolon": ";"}.get(made.kind, ",")
    width = max(map(len, made.rows))
    text = StringIO()
    padded = [[*row, *[""] * (width - len(row))] for row in made.rows]
    csv.writer(text, lineterminator="\n", delimiter=sign).writerows(padded)
    codec = {"bom": "utf-8-sig", "gb18030": "gb18030", "utf16": "utf-16"}.get(made.kind, "utf-8")
    return f"t.{'tsv' if made.kind == 'tab' else 'csv'}", text.getvalue().encode(codec)
