"""What a document says of its region, and whether the card agrees.

Belongs here: lines such as 地区：甘肃省 or Region: Gansu, regions named in titles, headings, labels
and the name of the sheet; for every layout alike. Not here: the list of regions, and columns of
regions, which a layout reads itself.

A line must name the card's region and no other. Elsewhere a region may be named beside others, as
long as the card's is among them; in notes of a province also where they say what it includes. A
text that does not say whose figures these are is left out by name (`ignore`).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from assets.extracts.errors import DocumentError
from assets.extracts.figure import TableFigures, TableSource
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.layouts.mending import card_line
from assets.extracts.meaning.printed_text import is_note
from assets.extracts.meaning.registry import has_chinese, normalise_label, regions, regions_named
from assets.extracts.regions.spellings import spellings
from assets.extracts.written.landing_files import ADDED_REGIONS

_ZH = r"(?:所在)?地\s*区(?:名称)?|省\s*(?:份|市|、自治区、直辖市)?|区\s*域|行政区划?(?:名称)?"
_EN = r"regions?|provinces?"
_COUNTRY = r"国\s*家|country"
_KEY = rf"(?:{_ZH}|{_EN}|(?P<country>{_COUNTRY}))"
_LINE = re.compile(
    rf"(?:^|(?<=[\s;；,，|(（])){_KEY}(?:\s*[/(（]?\s*(?:{_ZH}|{_EN})\s*[)）]?)?\s*[:：]"
    r"(?P<value>[^;；,，|\n]*)",
    re.IGNORECASE,
)
_NEXT_KEY = re.compile(r"\s+[^\s:：]{1,12}\s*[:：].*")
_AFTER_PROVINCE = re.compile("$|[^\u4e00-\u9fff]|主要|国民|统计|历年|分|各|人口|生产|经济|社会|年")
_NATION = ("全国", "中国", "china")  # its other names are words of many labels
_IMPRINT = re.compile(r"年鉴|统计摘要|统计局|出版社|数据库|yearbook|bureau|database|press", re.I)
# A title that begins with a smaller place is about it: 兰州市主要指标, 甘肃省天水市2017年….
_SMALLER = re.compile(
    r"(?:[\W\d_]|年|表|附|续)*(?:[\u4e00-\u9fff]{2,3}(?:省|市|自治区|维吾尔自治区|壮族自治区|回族自治区))?"
    r"(?P<place>[\u4e00-\u9fff]{2,8}?(?:市|县|自治州|盟|新区))"
    r"(?=主要|国民|统计|历年|人口|生产总值|地区生产|经济|社会|基本|\d|GDP|$|[^\u4e00-\u9fff])"
)
_KIND_OF_PLACE = re.compile(  # 地级市, 各县, 贫困县 are no names
    r"[全本各分省辖级设城县区市域直大中小主要重点贫困个百强副省会民族自治国家扶贫开发工作农牧业村乡镇]+(?:市|县|自治州|盟|新区)"
)
# A note on what an area includes, or included, names others than its own.
_OF_AREA = re.compile(
    r"包括|包含|不含|含|除|划[归入出]|并入|设立|以外|区划|\b(?:ex|in)clud|\bexcept", re.I
)


@dataclass(frozen=True, slots=True)
class RegionLine:
    """A line that states the region. named: the regions it may mean, or names among other words;
    is_name: it may mean any of them; of_country: it states a country.
    """

    cell: Cell
    text: str
    named: frozenset[str]
    is_name: bool
    of_country: bool

    def states(self, region: str) -> bool:
        """Whether it states that region and no other."""
        return region in self.named if self.is_name else self.named == {region}


def region_lines(grid: Grid) -> Sequence[RegionLine]:
    """Every line that states a region, wherever it stands; the value may stand in the next cell."""
    found = []
    for row in grid.rows:
        for cell in row:
            for match in _LINE.finditer(cell.text):
                value = _NEXT_KEY.sub("", match["value"]).strip()
                if not value:
                    right = (other.text for other in row[cell.column :] if not other.blank)
                    value = next(right, "")
                text = f"{cell.text[match.start() : match.start('value')].strip()}{value}"
                meant = frozenset(regions_named(value))
                named = meant or provinces_named(value)
                of_country = match["country"] is not None
                found.append(RegionLine(cell, text, named, bool(meant), of_country))
    return found


def provinces_named(text: str) -> frozenset[str]:
    """The nation and provinces a text names; the nation only where it names no province.

    Smaller places and other countries count in lines alone: their names are words of many texts.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    chinese, english = _names()
    found = {region for name, region in chinese.items() if name in re.sub(r"\s", "", folded)}
    words = " " + " ".join(re.findall(r"[a-z]+", folded)) + " "
    found |= {region for name, region in english.items() if f" {name} " in words}
    provinces = frozenset(region for region in found if not regions()[region].is_nation)
    if provinces or _IMPRINT.search(folded):
        return provinces
    return frozenset(found)


def refuse_other_region(source: TableSource) -> None:
    """Raise DocumentError where the document says that its figures are of another region."""
    region = source.region
    axis = None if source.table.axes is None else source.table.axes.region
    if axis is not None and axis.once != "export":
        if axis.once is None or axis.once in ("line", "sheet"):
            return  # the document says of every figure whose it is
        region = str(axis.once)
    for line in region_lines(source.grid):
        nation = region.split("-")[0]
        if not line.states(region) and not (line.of_country and line.states(nation)):
            advice = _OF_LINE if source.table.cells is None else _OF_LINE + _OF_NEIGHBOUR
            raise _other(source, line.cell, line.text, line.named, advice, region)
    left_out = {normalise_label(text) for text in source.table.ignore}
    titles = frozenset(_titles(source.grid))
    for row in source.grid.rows:
        for cell in row:
            if normalise_label(cell.text) in left_out:
                continue
            named = provinces_named(cell.text) or _beginning(cell.text)
            if is_note(cell.text):
                named -= {code for code in named if regions()[code].is_nation}
                if regions()[region].is_nation or _OF_AREA.search(cell.text):
                    continue
            if not _agrees(region, named) and not _LINE.search(cell.text):
                raise _other(source, cell, cell.text.strip(), named, _OF_TEXT, region)
            if cell in titles and (place := _smaller_place(cell.text, region)):
                raise _other_place(source, cell, cell.text, place, region)
    for text in source.grid.around:
        named = provinces_named(text) or _beginning(text)
        if normalise_label(text) in left_out:
            continue
        if not _agrees(region, named):
            raise _other(source, None, text, named, _OF_TEXT, region)
        if place := _smaller_place(text, region):
            raise _other_place(source, None, text, place, region)
    in_name = provinces_named(source.grid.sheet or "") or _beginning(source.grid.sheet or "")
    if not _agrees(region, in_name):
        raise _other(source, None, source.grid.sheet or "", in_name, _OF_SHEET, region)


def _titles(grid: Grid) -> Iterator[Cell]:
    """Texts alone in their rows, down to the first row that holds more."""
    for row in grid.rows:
        filled = [cell for cell in row if not cell.blank]
        if len(filled) > 1:
            return
        yield from (cell for cell in filled if not is_note(cell.text))


def titled_place(text: str) -> str | None:
    """The place below a province that a title begins with: 兰州市主要指标, 甘肃省天水市2017年…."""
    found = _SMALLER.match(unicodedata.normalize("NFKC", text).strip())
    if found is None or _KIND_OF_PLACE.fullmatch(found["place"]):
        return None
    return found["place"]


def _smaller_place(text: str, region: str) -> str | None:
    """The place that a title begins with, where it is not the card's region."""
    place = titled_place(text)
    if place is None:
        return None
    own = {region, *_around(region)}
    if own & {*regions_named(place), *provinces_named(place)}:
        return None
    names = {name for code in own for name in spellings(regions()[code].namings[-1])}
    return None if any(name in place for name in names if has_chinese(name)) else place


def _other_place(
    source: TableSource, cell: Cell | None, text: str, place: str, region: str
) -> DocumentError:
    meant, known = regions()[region], regions_named(place)
    advice = (
        f"If its figures are of {place}, region of the card (or axes.region.once of the table) is "
        + (f"{known[0]}." if known else f"its code; landing/{ADDED_REGIONS} declares it.")
        + f' If the text does not say whose figures these are, tables."{source.number}" of the '
        "card says:\n    " + card_line("ignore", [*source.table.ignore, " ".join(text.split())])
    )
    return source.grid.error(
        cell,
        found=f"'{' '.join(text.split())}' is about {place}",
        expected=f"{meant.name_zh} ({meant.code}), the region of the card",
        advice=advice,
    )


def refuse_other_figures(source: TableSource, read: TableFigures) -> None:
    """Raise DocumentError where a label or a column of regions says another region than expected.

    A table of provinces may stand in a card of the nation; one of a province must be in its card's.
    """
    for figure in read.figures:
        named = provinces_named(figure.label)
        if not _agrees(figure.region, named):
            raise _other(source, figure.cell, figure.label, named, _OF_LABEL, figure.region)
    met = {figure.region for figure in read.figures}
    within = any(source.region in (each, *_around(each)) for each in met)
    if met and not within and not regions()[source.region].is_nation:
        raise _other(source, read.figures[0].cell, ", ".join(sorted(met)), frozenset(met), _OF_LINE)


_OF_LINE = (
    "Export the table of the card's region; if this document is the right one, region in the card "
    "is wrong, and the source is another one than before."
)
_OF_NEIGHBOUR = ' If it is about another table of the sheet, add it to tables."{number}".ignore.'
_OF_TEXT = _OF_LINE + (
    ' If the text does not say whose figures these are, add it to tables."{number}".ignore.'
)
_OF_SHEET = "Name the sheet of the card's region in the card, or correct region there."
_OF_LABEL = 'Leave the label out: add it to tables."{number}".ignore instead of labels.'


def _agrees(region: str, named: frozenset[str]) -> bool:
    """Whether a text that names some regions may stand beside figures of a region."""
    above = {place for place in named & _around(region) if not regions()[place].is_nation}
    return not named or region in named or bool(above)


def _around(region: str) -> frozenset[str]:
    """Every region in which one lies or lay."""
    parents = {naming.parent for naming in regions()[region].namings} - {None}
    return frozenset().union(*({parent, *_around(parent)} for parent in parents if parent))


def _other(
    source: TableSource,
    cell: Cell | None,
    text: str,
    named: frozenset[str],
    advice: str,
    region: str | None = None,
) -> DocumentError:
    meant = regions()[region or source.region]
    told = ", ".join(f"{regions()[code].name_zh} ({code})" for code in sorted(named))
    return source.grid.error(
        cell,
        found=f"'{' '.join(text.split())}' names {told or 'no region that is known'}",
        expected=f"{meant.name_zh} ({meant.code}), the region of the card",
        advice=advice.format(number=source.number),
    )


def _beginning(text: str) -> frozenset[str]:
    """The province whose short name begins a text (青海主要指标).

    Elsewhere it may be any word, and before another suffix another place (海南藏族自治州).
    """
    folded = re.sub(r"^[\W\d_]+", "", unicodedata.normalize("NFKC", text))
    return frozenset(
        code
        for name, code in _short_names().items()
        if folded.startswith(name) and _AFTER_PROVINCE.match(folded, len(name))
    )


@cache
def _short_names() -> dict[str, str]:
    """Every Chinese spelling of a province's present name, and its code."""
    return {
        name: code
        for code, region in regions().items()
        if region.is_chinese_province
        for name in spellings(region.namings[-1])
        if has_chinese(name)
    }


@cache
def _names() -> tuple[dict[str, str], dict[str, str]]:
    """Names by which texts may name the nation and provinces: Chinese, and English as words."""
    chinese: dict[str, str] = {}
    english: dict[str, str] = {}
    for code, region in regions().items():
        if region.is_nation:
            names: Sequence[str] = _NATION if code == "CN" else ()
        elif region.is_chinese_province:
            namings = region.namings
            names = [n for it in namings for n in (it.name_zh, it.name_en, *it.also) if n]
        else:
            continue
        for name in names:
            (chinese if has_chinese(name) else english)[name.casefold()] = code
    return chinese, english
