"""What titles, sheets and columns say of whom figures count: a part of the people or of the firms.

Belongs here: 城镇居民家庭基本情况 over 人均可支配收入, a sheet 农村, a column of 城镇 in all lines.
Not here: what notes say of coverage (told_definition_beside.py), regions, measures.

A label of the whole under such a text is not the whole's, so the text stops the document until the
card names the indicator under labels, or says by `ignore` that it speaks of something else.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assets.extracts.errors import DocumentError
from assets.extracts.figure import Figure, TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.layouts.axes.years import is_imprint
from assets.extracts.layouts.mending import axes_line, card_line
from assets.extracts.meaning.registry import Indicator, indicators, normalise_label

_OF_PEOPLE = frozenset(("persons", "currency_per_person"))


@dataclass(frozen=True, slots=True)
class _Part:
    """A part. words: that say it; rest: those of the other part, beside which all is meant.

    of_people: only figures of persons or a head are split so: agriculture is rural anyway.
    """

    words: re.Pattern[str]
    rest: re.Pattern[str] | None = None
    of_people: bool = False


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_URBAN, _RURAL = _words(r"城镇(?!化)|\burban\b"), _words(r"农村|乡村|农民|农户|\brural\b")
_MALE, _FEMALE = (
    _words(r"男(?!方)|\b(?:males?|men)\b"),
    _words(r"女|\b(?:females?|women)\b"),
)
_PARTS = (
    _Part(_URBAN, rest=_RURAL, of_people=True),
    _Part(_RURAL, rest=_URBAN, of_people=True),
    _Part(_MALE, rest=_FEMALE, of_people=True),
    _Part(_FEMALE, rest=_MALE, of_people=True),
    _Part(
        _words(
            r"贫困地区|[贫脱][困贫]县|革命老区|民族(?:自治)?(?:地区|地方)|少数民族"
            r"|\bpoor (?:areas|counties|regions)\b"
        )
    ),
    _Part(_words(r"规模以上|限额以上|\babove designated size\b")),
    _Part(_words(r"民营|非公有制?|国有|私营|个体(?:工商)?户?|三资企业|外商投资|港澳台商")),
    _Part(_words(r"县域|市辖区|(?<![\u4e00-\u9fff])[市城]区|主城区|建成区|县及县以下")),
    _Part(_words(r"农垦|垦区|生产建设兵团|林区")),
)
_ALONE = re.compile(r"(?:其中\s*[:：]|#)?(.+?)(?:常住|户籍)?(?:居民|人口|地区|部分|家庭|户)?")
_NOT_ALL = re.compile(r"[及和与、,，;；/]|\band\b", re.IGNORECASE)


def is_of_a_part(text: str) -> bool:
    """Whether a short text, as of a column's cell, says nothing but a part."""
    bare = _ALONE.fullmatch(text.strip())
    return bare is not None and any(part.words.fullmatch(bare[1]) for part in _PARTS)


def refuse_of_a_part(
    source: TableSource, figures: Sequence[Figure], cell: Cell | None, text: str
) -> None:
    """Raise DocumentError where a title names a part, and labels of figures the whole."""
    if is_imprint(text):
        return
    for part in _PARTS:
        found = part.words.search(text)
        if found is None or (part.rest is not None and part.rest.search(text)) or "城乡" in text:
            continue
        if any(part.words.search(f.label) and f.label in text for f in figures):
            continue  # it names figures of that part, over a block of their own
        of_all = {
            (figure.indicator, figure.label): figure
            for figure in figures
            if _is_of_all(figure, part, text)
        }
        if of_all:
            raise _of_a_part(source, cell, text, part, [*of_all.values()])


def _is_of_all(figure: Figure, part: _Part, text: str) -> bool:
    """Whether a figure's names say the whole, and the text does not say the whole beside a part."""
    indicator = indicators()[figure.indicator]
    names = (figure.label, *indicator.spellings)
    if part.of_people and indicator.dimension not in _OF_PEOPLE:
        return False
    if any(part.words.search(name) for name in names):
        return False
    # 总人口及城镇人口, 人均收入和农村人均收入
    return not any(
        name in each and not part.words.search(each)
        for each in _NOT_ALL.split(normalise_label(text))
        for name in map(normalise_label, names)
    )


def _of_a_part(
    source: TableSource, cell: Cell | None, text: str, part: _Part, figures: Sequence[Figure]
) -> DocumentError:
    labels = ", ".join(f"'{figure.label}'" for figure in figures)
    mends = _mends(source, part, figures)
    known = "" if mends else " (one that is not known is declared in landing/indicators.yaml)"
    once = source.table.axes is not None and source.table.axes.indicator.once is not None
    to = {figure.label: "its indicator" for figure in figures}
    keys: dict[str, Any] = mends or ({} if once else {"labels": {**source.table.labels, **to}})
    lines = [
        axes_line(source, value) if key == "axes" else card_line(key, value)
        for key, value in keys.items()
    ] or [axes_line(source, {"indicator": {"once": "its indicator"}})]
    return source.grid.error(
        cell,
        found=f"'{text}' speaks of a part, and {labels} of the whole",
        expected="labels, or a card, that name the indicator of that part",
        advice=f'If it speaks of these figures, tables."{source.number}" of the card says which '
        f"they are{known}:\n    "
        + "\n    ".join(lines)
        + "\n  If it does not, it says:\n    "
        + card_line("ignore", [*source.table.ignore, text]),
        lacks="measure",
        label=text,
        mends=mends,
    )


def _mends(source: TableSource, part: _Part, figures: Sequence[Figure]) -> dict[str, Any]:
    """The keys of a card that take all the figures for those of the part; none where one is not
    known.
    """
    meant = {figure.label: _of_the_part(figure, part) for figure in figures}
    known = {label: of_part for label, of_part in meant.items() if of_part is not None}
    if len(known) < len(meant):
        return {}
    if source.table.axes is not None and source.table.axes.indicator.once is not None:
        return {"axes": {"indicator": {"once": next(iter(known.values()))}}}
    return {"labels": {**source.table.labels, **known}}


def _of_the_part(figure: Figure, part: _Part) -> str | None:
    """The indicator of the part, whose name is that of the whole and the part's word."""
    of_all = _bare(indicators()[figure.indicator], part) | {normalise_label(figure.label)}
    own = indicators()[figure.indicator].dimension
    for id_, indicator in indicators().items():
        has_words = any(part.words.search(name) for name in indicator.spellings)
        if has_words and indicator.dimension == own and of_all & _bare(indicator, part):
            return id_
    return None


def _bare(indicator: Indicator, part: _Part) -> set[str]:
    return {normalise_label(part.words.sub("", name)) for name in indicator.spellings}
