"""From a printed label to the indicator it means, and the unit printed beside it.

Belongs here: taking labels apart (unit or status in brackets, Chinese with English, groups above
columns) and looking them up in the card and the registry. Not here: where in a table labels stand,
which unit a figure has (`unit_book.py`).

The Chinese label decides where there is one; an English one beside it may not contradict it. The
unit may follow in brackets. A column under a group heading is looked up as 'group/label' first,
and the group itself must be known too: '第一产业' under '就业人员' is not its value added.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assets.extracts.cards.card import TableCard
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.layouts.mending import card_line, says
from assets.extracts.meaning.printed_text import strip_marks, unit_line
from assets.extracts.meaning.registry import has_chinese, indicator_of, indicators, normalise_label
from assets.extracts.meaning.status import Status, least_sure, split_status
from assets.extracts.meaning.told_definition import named_definitions
from assets.extracts.meaning.units import unit_of

_BRACKET = re.compile(
    r"^(?P<label>.*\S)?\s*[(（\[［【](?P<unit>[^()（）\[\]［］【】]+)[)）\]］】]$", re.DOTALL
)
_PARTING = re.compile(r"[,，:：/\s]\s*|_(?=[\u3400-\u9fff])")  # gdp_100m_yuan is one word
_HEADINGS = frozenset(
    [
        "指标",
        "项目",
        "年份",
        "年度",
        "年",
        "时间",
        "item",
        "items",
        "indicator",
        "indicators",
        "year",
    ]
)
_VALUE_HEADINGS = frozenset(
    ("绝对数", "绝对值", "数值", "总量", "value", "absolute number", "level")
)
_UNIT_HEADINGS = frozenset(("单位", "计量单位", "unit", "units"))
_IGNORED = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A resolved label: indicator (None where the card ignores it), its unit if one is printed.

    text: the innermost label; all there is of it where only that tells the definition.
    status: what it says of its figures, as 地区生产总值(初步核算) does; None where it says nothing.
    """

    text: str
    indicator: str | None
    printed_unit: str | None
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class _Apart:
    """The texts of one row or column, taken apart."""

    chinese: list[str]
    english: list[str]
    printed_unit: str | None
    status: Status | None


def is_heading(text: str) -> bool:
    """Tell whether a text only heads the labels or the years (指标, Item, 年份 Year)."""
    joined = normalise_label("".join(text.split()))
    return joined in _HEADINGS or _all_words(text, _HEADINGS)


def is_value_heading(text: str) -> bool:
    """Tell whether a text says no more than that figures stand below it (绝对数)."""
    return normalise_label(text) in _VALUE_HEADINGS


def is_unit_heading(text: str) -> bool:
    """Tell whether a text heads a column of units."""
    return _all_words(text, _UNIT_HEADINGS)


def _all_words(text: str, known: Collection[str]) -> bool:
    """Tell whether a text is made of known words only, in one language or both ('年份Year')."""
    words = re.findall(r"[a-z]+|[^a-z\s/]+", normalise_label(text))
    return bool(words) and all(word in known for word in words)


class LabelBook:
    """The labels of one table: the card's first, then the registry's; keeps which were met."""

    def __init__(self, table: TableCard, number: str, grid: Grid) -> None:
        self._table = table
        self._number = number
        self._grid = grid
        self._own = {normalise_label(label): name for label, name in table.labels.items()}
        self._ignored = {normalise_label(label) for label in table.ignore}
        self.seen: set[str] = set()
        self._resolved: dict[tuple[str, ...], Label] = {}  # a long table repeats a few labels

    def resolve(self, cell: Cell, texts: Sequence[str]) -> Label:
        """Resolve the texts that label one row or column, outermost first.

        Raises DocumentError at `cell` for an unknown label, two meanings, two units.
        """
        key = tuple(texts)
        found = self._resolved.get(key) or self.find(cell, texts)
        if found is None:
            shown = " / ".join(" ".join(text.split()) for text in texts)
            raise self._grid.error(
                cell,
                found=f"the label '{shown}' is unknown{self._unit_unknown(texts)}",
                expected="a label of the card, of assets/extracts/meaning/indicators.yaml or of "
                "landing/indicators.yaml",
                advice=self._mend_unknown(self.name(cell, texts)),
                lacks="meaning",
                label=self.name(cell, texts),
            )
        self._resolved[key] = found
        return found

    def _mend_unknown(self, label: str) -> str:
        """The lines of the card that leave a label out, or give it a meaning."""
        labels = {**self._table.labels, label: "its indicator"}
        return (
            "If it is not wanted, "
            + says(self._number, {"ignore": [*self._table.ignore, label]})
            + "\n  If it is, and an indicator is known or declared in landing/indicators.yaml:"
            + "\n    "
            + card_line("labels", labels)
        )

    def name(self, cell: Cell, texts: Sequence[str]) -> str:
        """Name the texts of one row or column as the card would, a group before its label."""
        apart = self._take_apart(cell, texts)
        return "/".join(apart.chinese or apart.english)

    def _unit_unknown(self, texts: Sequence[str]) -> str:
        """Say it where a label would be known but for the brackets at its end."""
        for text in texts:
            match = _BRACKET.match(split_unit(text)[0])
            if match and match["label"] and self._look_up(match["label"]) is not None:
                return (
                    f": '{match['label']}' is known, but '{match['unit']}' is no unit of "
                    "assets/extracts/meaning/units.yaml (if it is one, add the spelling there)"
                )
        return ""

    def find(self, cell: Cell, texts: Sequence[str]) -> Label | None:
        """Do the same as `resolve`, but return None for a label nobody knows."""
        apart = self._take_apart(cell, texts)
        primary = apart.chinese or apart.english
        if not primary:
            return None
        indicator = self._look_up_stack(primary)
        if indicator is None:
            return None
        if apart.chinese and apart.english:
            self._agree(cell, indicator, apart.english)
        text, whole = primary[-1], "/".join((*apart.chinese, *apart.english))
        if indicator:
            known = indicators()[indicator]
            if named_definitions(known, whole) != named_definitions(known, text):
                text = whole
        return Label(text, indicator or None, apart.printed_unit, apart.status)

    def _take_apart(self, cell: Cell, texts: Sequence[str]) -> _Apart:
        chinese: list[str] = []
        english: list[str] = []
        printed: list[str] = []
        statuses: list[Status | None] = []
        for text in texts:
            for part in self._parts(text):
                label, unit = split_unit(part)
                outer = split_status(" ".join(part.split()))
                if self._look_up(label) is None:
                    label, unit = split_unit(outer.bare)
                inner = split_status(label)  # before the unit: 地区生产总值(初步)(亿元)
                if self._look_up(label) is None:
                    label = inner.bare
                statuses += [outer.status, inner.status]
                if self._look_up(label) is None and unit_of(label) is not None:
                    label, unit = "", label
                if unit is not None:
                    printed.append(unit)
                if label:
                    (chinese if has_chinese(label) else english).append(label)
        known = [unit_of(text) for text in printed]
        if any(unit != known[0] for unit in known):
            raise self._grid.error(
                cell,
                found=f"the label prints two units, '{printed[0]}' and '{printed[-1]}'",
                expected="one unit, in both languages",
                advice="Compare the two with the publisher's document. If the label is not wanted, "
                + says(self._number, {"ignore": [*self._table.ignore, cell.text.strip()]}),
            )
        return _Apart(chinese, english, printed[0] if printed else None, least_sure(statuses))

    def _parts(self, text: str) -> Sequence[str]:
        """A text known as a whole stays whole; else Chinese and the English after it part."""
        whole, _ = split_unit(text)
        if self._look_up(whole) is not None:
            return (text,)
        return split_languages(text)

    def _look_up_stack(self, labels: Sequence[str]) -> str | None:
        """Indicator of the innermost label, '' where it is ignored, None where unknown."""
        path = "/".join(normalise_label(label) for label in labels)
        for whole in (path, normalise_label(" ".join(labels))):
            known = self._look_up(whole)
            if known is not None:
                return self._met(whole, known)
        groups = [self._look_up(label) for label in labels[:-1]]
        if _IGNORED in groups:
            outer = labels[groups.index(_IGNORED)]
            return self._met(normalise_label(outer), _IGNORED)
        if None in groups:
            return None
        known = self._look_up(labels[-1])
        return None if known is None else self._met(normalise_label(labels[-1]), known)

    def _look_up(self, label: str) -> str | None:
        key = normalise_label(label)
        if key in self._own:
            return self._own[key]
        if key in self._ignored:
            return _IGNORED
        return indicator_of(key)

    def _met(self, key: str, known: str) -> str:
        self.seen.add(key)
        return known

    def _agree(self, cell: Cell, indicator: str, english: Sequence[str]) -> None:
        other = self._look_up(" ".join(english)) or self._look_up(english[-1])
        if other and indicator and other != indicator:
            raise self._grid.error(
                cell,
                found=f"the Chinese label means {indicator}, the English one {other}",
                expected="one meaning in both languages",
                advice=f'Decide in the card, tables."{self._number}".labels, what the column is.',
            )


@lru_cache(maxsize=20_000)  # each cell is looked at from several sides
def split_unit(text: str) -> tuple[str, str | None]:
    """Part a label from the unit at its end, in brackets or behind a sign that parts words.

    Other brackets stay in the label.
    """
    bare, _ = strip_marks(" ".join(text.split()))
    match = _BRACKET.match(bare)
    if match is not None and unit_of(match["unit"]) is not None:
        unit = match["unit"].strip()
        return strip_marks(match["label"] or "")[0], unit_line(unit) or unit
    for sign in _PARTING.finditer(bare):  # the first: 元/人 is one unit
        label, unit = bare[: sign.start()].strip(), bare[sign.end() :].strip()
        if label and not label[-1].isdigit() and unit_of(unit) is not None:
            return strip_marks(label)[0], unit_line(unit) or unit
    return bare, None


def split_languages(text: str) -> Sequence[str]:
    """Part Chinese text from English after it; they must be separated by a space or line."""
    for match in re.finditer(r"\s+(?=[A-Za-z#*])", text):
        before, after = text[: match.start()], text[match.end() :]
        if has_chinese(before) and not has_chinese(after):
            return before, after
    return (text,)
