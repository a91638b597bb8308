"""What the texts beside a table's blocks, and the name of its sheet, say of it.

Belongs here: the axes that stand once, and the texts that the card repeats so that a change of them
is seen. Not here: the header (header.py).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assets.extracts.cards.axes_card import AxisName
from assets.extracts.figure import TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.labels import split_unit
from assets.extracts.layouts.axes.lines import LineBook
from assets.extracts.layouts.axes.years import is_imprint, years_in
from assets.extracts.meaning.registry import indicators, region_of, regions
from assets.extracts.proposing.header import Header
from assets.extracts.proposing.seen import LAST_YEAR, NUMBER, Seen, any_table
from assets.extracts.region_statements import provinces_named, titled_place
from assets.extracts.regions.region import Region
from assets.extracts.regions.spellings import spellings

_YEARS = r"(?:19|20)\d\d(?:\s*年?\s*[-—–~～至到]\s*(?:19|20)\d\d)?\s*年?"
_BEFORE_LABEL = re.compile(
    rf"(?:.*[\s:：、]|^)(?:{_YEARS})?(?:历年|主要年份|全国)?"
    r"(?:[分各](?:地区|省区?市?|省、?自治区、?直辖市|市州|州市|市县|县区|县市|市|县)的?)?",
    re.DOTALL,
)
_TO_REGION = re.compile(rf".*[\s:：、]|{_YEARS}")
_AFTER_REGION = (
    r"$|[\s的)）(（,，:：\d-]|主要|国民经济|统计|历年|经济|社会|人口|地区生产总值|生产总值"
)
_AFTER_LABEL = re.compile(r"\s*(?:[(（\[].*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Stated:
    """What stands once. axes: laid over the header's; missing: what still nothing says.

    region: of the card, where a text says one region for the whole; title: the first text that is
    no line of an export; said: axis → the text that says it; no_region: a line that states a region
    which is not known; unit: beside a title that is a label; named: provinces whose name a text
    holds, whatever it says of them.
    """

    axes: Mapping[str, Any]
    missing: tuple[AxisName, ...]
    region: str | None
    title: str | None
    said: Mapping[str, str]
    no_region: Cell | None = None
    unit: str | None = None
    named: tuple[str, ...] = ()


def stated_beside(seen: Seen, header: Header) -> Stated | None:
    """Look for each axis that the header lacks in the lines, the titles and the sheet's name.

    None where figures, or a row of the header, would pass for such texts.
    """
    bare = any_table()
    source = TableSource(seen.grid, bare, NUMBER, "CN", LAST_YEAR)
    assert bare.axes is not None
    book = LineBook(source, bare.axes, header.tops[0])
    cells = list(_beside(seen, header))
    in_row = Counter(cell.row for cell in cells)
    if any(seen.is_number(c) and (in_row[c.row] > 1 or not seen.is_year(c)) for c in cells):
        return None
    known = {cell: line for cell in cells if (line := book.at(cell)) is not None}
    texts = [cell for cell in cells if cell not in known and not seen.is_aside(cell)]
    # Below the last header a text closes a block, and says nothing of those above.
    over = {cell: line for cell, line in known.items() if cell.row < header.tops[-1]}
    titles = [cell for cell in texts if cell.row < header.tops[-1]]
    blocks = int(header.axes.get("blocks", 1))
    if _is_header_above(seen, header, texts, blocks // len(header.tops)):
        return None
    axes: dict[str, Any] = {}
    said: dict[str, str] = {}
    missing: list[AxisName] = []
    region: str | None = None
    no_region: Cell | None = None
    unit: str | None = None
    in_lines: dict[AxisName, Mapping[Cell, str]] = {}
    for name in header.missing:
        stated = {cell: line.says[name] for cell, line in over.items() if name in line.says}
        of_texts = {cell: found for cell in titles if (found := find_in(seen, name, cell.text))}
        times = {c: t for c in over if name == "year" and (t := find_in(seen, name, c.text))}
        if (
            name == "year"
            and not of_texts
            and times
            and len(years_in("".join(cell.text for cell in times))) == 1
        ):
            of_texts = times  # 时间：2024年
        if name == "region" and blocks == 1 and stated:
            region = region_of(next(iter(stated.values())))
            said[name] = next(iter(stated)).text.strip()
            no_region = next(iter(stated)) if region is None else None
        elif stated and name != "year":
            axes[name] = {"once": "line"}
            said[name] = next(iter(stated)).text.strip()
        elif name == "region" and blocks == 1 and len(set(of_texts.values())) == 1:
            region = region_of(next(iter(of_texts.values())))
            said[name] = next(iter(of_texts)).text.strip()
        elif name == "indicator" and blocks == 1 and _is_whole(of_texts):
            [(cell, text)] = of_texts.items()  # a template of the label alone would be any text
            label = seen.label(text)
            assert label is not None
            axes[name] = {"once": label.indicator}
            unit = label.printed_unit
            said[name] = cell.text.strip()
        elif of_texts and (blocks > 1 or len(set(of_texts.values())) == 1):
            in_lines[name] = of_texts
            axes[name] = {"once": "line"}
            said[name] = next(iter(of_texts)).text.strip()
        elif find_in(seen, name, seen.grid.sheet or "") == (seen.grid.sheet or "-"):
            axes[name] = {"once": "sheet"}
            said[name] = f"the sheet's name, {seen.grid.sheet}"
        else:
            missing.append(name)
    lines = _lines(texts, in_lines)
    if lines:
        axes["lines"] = lines
    named = sorted(provinces_named("".join(cell.text for cell in texts)))
    title = " ".join(texts[0].text.split()) if texts and texts[0].row < header.tops[0] else None
    return Stated(axes, tuple(missing), region, title, said, no_region, unit, tuple(named))


def _is_header_above(seen: Seen, header: Header, texts: Sequence[Cell], abreast: int) -> bool:
    """Whether more texts than one for each block stand in a row that a header follows at once."""
    in_row = Counter(cell.row for cell in texts)
    for row, count in in_row.items():
        after = next((top for top in header.tops if top > row), None)
        if count > abreast and after is not None:
            between = seen.grid.rows[row : after - 1]
            if not any(all(cell.blank for cell in line) for line in between):
                return True
    return False


def _is_whole(of_texts: Mapping[Cell, str]) -> bool:
    """Whether one text is nothing but what it says."""
    return len(of_texts) == 1 and all(cell.text.strip() == text for cell, text in of_texts.items())


def _beside(seen: Seen, header: Header) -> Iterator[Cell]:
    """Cells above the first header, and texts alone in their row between and below the blocks."""
    inside = {
        r for top, end in zip(header.tops, header.bottoms, strict=True) for r in range(top, end)
    }
    in_notes = False
    for number, row in enumerate(seen.grid.rows, start=1):
        filled = [cell for cell in row if not cell.blank]
        if number in inside or not filled:
            in_notes = False if filled else in_notes
            continue
        if number < header.tops[0]:
            yield from filled
        elif not any(seen.is_number(cell) for cell in filled) and (
            len(filled) == 1 or all(_stands_over(seen, cell, header) for cell in filled)
        ):
            in_notes = in_notes or seen.is_aside(filled[0])
            if not in_notes or number < max(header.tops):
                yield from filled


def _stands_over(seen: Seen, cell: Cell, header: Header) -> bool:
    """Whether only headers, lines and blanks follow below a text, down to the next header."""
    below = [top for top in header.tops if top > cell.row]
    rows = range(cell.row + 1, min(below, default=cell.row))
    return bool(below) and not any(
        seen.is_number(other) for row in rows for other in seen.grid.rows[row - 1]
    )


def find_in(seen: Seen, name: AxisName, text: str) -> str | None:
    """The part of a text that says an axis, where exactly one does."""
    if name != "indicator" and is_imprint(text):
        return None
    if name == "year":
        years = years_in(text)
        return years[0] if len(years) == 1 else None
    if name == "region":
        if region_of(text) is not None:
            return text
        if (place := titled_place(text)) is not None and region_of(place) is not None:
            return place
        known = (_named(each, text) for each in regions().values())
        named = [each for each in known if each is not None]
        return named[0] if len(named) == 1 else None
    if seen.label(text) is not None:
        return text
    labels = {label for each in indicators().values() for label in (each.name_zh, *each.labels)}
    found = [
        label
        for label in sorted(labels, key=len, reverse=True)
        if label in text and _is_apart(text, label)
    ]
    if not found:
        return None
    with_unit = text[text.index(found[0]) :]  # 表：地区生产总值(亿元)
    return with_unit if split_unit(with_unit)[1] is not None else found[0]


def _named(region: Region, text: str) -> str | None:
    """A nation's or province's name in a title about it: not 甘肃省兰州市, nor 海南藏族自治州."""
    if not (region.is_chinese_province or region.code == "CN"):
        return None
    names = sorted(spellings(region.namings[-1]), key=len, reverse=True)
    return next(
        (
            name
            for name in names
            if not name.isdigit()
            and re.search(rf"(?:^|[\s:：(（\d-]){re.escape(name)}(?:{_AFTER_REGION})", text)
        ),
        None,
    )


def _is_apart(text: str, label: str) -> bool:
    """Whether a label stands for itself in a title: 分地区年末人口数, 甘肃省人口, not 人口增长."""
    before, _, after = text.partition(label)
    of_region = region_of(_TO_REGION.sub("", before)) is not None
    starts = of_region or _BEFORE_LABEL.fullmatch(before) is not None
    return starts and (
        _AFTER_LABEL.fullmatch(after) is not None or split_unit(f"-{after}")[0] == "-"
    )


def _lines(texts: Sequence[Cell], in_lines: Mapping[AxisName, Mapping[Cell, str]]) -> Sequence[str]:
    """What the card repeats of the texts, with a place for each axis that is read from them."""
    lines: dict[str, None] = {}
    cells = dict.fromkeys([*texts, *(cell for found in in_lines.values() for cell in found)])
    for cell in cells:
        line = " ".join(cell.text.split())
        for name, found in in_lines.items():
            if cell in found:
                line = line.replace(" ".join(found[cell].split()), f"{{{name}}}", 1)
        lines[line] = None
    return list(lines)
