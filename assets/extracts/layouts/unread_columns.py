"""Columns that a card leaves out although they change what the figures beside them mean.

Belongs here: telling such columns by their headings and by what stands in them: flags of a status,
units, powers of ten, frequencies, parts of the people, prices, deletions, the last year before
estimates. Not here: reading them, which a card has asked for where it names them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assets.extracts.figure import TableSource
from assets.extracts.files.grid import Cell, column_letters
from assets.extracts.layouts.flags import is_flag_heading
from assets.extracts.layouts.mending import axes_line, plain, says, says_axes, says_left_out
from assets.extracts.meaning.registry import normalise_label
from assets.extracts.meaning.status import Status, read_flags, status_in_words, status_said
from assets.extracts.meaning.units import unit_of

_POWERS: Mapping[str, int] = {
    "": 0, "units": 0, "unit": 0, "tens": 1, "hundreds": 2, "thousands": 3, "thousand": 3,
    "ten thousands": 4, "hundred thousands": 5, "millions": 6, "million": 6, "hundred millions": 8,
    "billions": 9, "billion": 9, "trillions": 12, "trillion": 12,
}  # fmt: skip
_UNITS = """
unit, units, unit_measure, unit of measure, unit code, uom, currency, 单位, 计量单位, 币种, 货币
"""
_MULTIPLIERS = """
unit_mult, unit multiplier, unit_multiplier, multiplier, scale, powercode, powercode code,
power code, magnitude, 数量级
"""
_PARTS = """
sex, gender, age, age group, age_group, residence, residence area, area type, degurba, deg_urb,
性别, 年龄, 年龄组, 城乡, 城乡类型, 城乡分组, 户口性质, 经济类型, 登记注册类型, 企业规模, 人群
"""
_WHOLE = """
_T, T, _Z, TOTAL, ALL, BTSX, both sexes, 全国, 合计, 总计, 全部, 全体, 全体居民, 总体
"""
_PRICES = "prices, price, price_base, price base, price basis, 价格, 价格类型, 价格基期"
_OF_THE_YEAR = "V, N, _Z, CUR, CP, current, current prices, nominal, 当年价, 当年价格, 现价"
_CHANGES = """
transformation, adjustment, seasonal adjustment, seasonal_adjust, s_adj, 数据类型, 数据处理
"""
_UNCHANGED = "N, _Z, NSA, level, levels, none, 原值, 绝对数, 水平值"
_YEARLY = frozenset(("", "a", "annual", "annually", "yearly", "p1y", "年", "年度", "y"))
_KEPT = frozenset(("", "i", "a", "r", "m", "information", "append", "replace", "merge"))


def power_of_ten(text: str) -> int:
    """The power of ten a multiplier states, such as 6, Millions or `6: Millions`; blank: none.

    Raises ValueError for any other text.
    """
    code = normalise_label(text.partition(":")[0])
    if re.fullmatch(r"1?[0-9]", code):
        return int(code)
    if code not in _POWERS:
        raise ValueError(f"'{text.strip()}' is no power of ten")
    return _POWERS[code]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of column: its headings, what it is called, and which of its cells mean nothing.

    mend: the keys of the card that account for it, from its heading and a cell that means
    something.
    """

    headings: frozenset[str]
    name: str
    is_idle: Callable[[TableSource, str], bool]
    mend: Callable[[TableSource, str, str], Mapping[str, object]]


def _headings(listed: str) -> frozenset[str]:
    return frozenset(normalise_label(heading) for heading in listed.split(","))


def _is_one_of(listed: str) -> Callable[[TableSource, str], bool]:
    idle = _headings(listed) | {""}
    return lambda _, text: normalise_label(text.partition(":")[0]) in idle


def _states_the_cards_unit(source: TableSource, text: str) -> bool:
    stated = source.table.unit
    return not text or (stated is not None and unit_of(text) == unit_of(stated))


def _is_no_power(_source: TableSource, text: str) -> bool:
    try:
        return power_of_ten(text) == 0
    except ValueError:
        return False


def _only(_source: TableSource, heading: str, text: str) -> Mapping[str, object]:
    return {"only": {heading: text}}


def _without_deletions(source: TableSource, heading: str, text: str) -> Mapping[str, object]:
    before = () if source.table.axes is None else source.table.axes.left_out.rows
    return {"only": {heading: "I"}, "left_out": {"rows": [*before, text]}}


_KINDS = (
    _Kind(
        _headings(_UNITS),
        "a unit",
        _states_the_cards_unit,
        lambda source, heading, text: (
            {"unit": heading} if unit_of(text) is not None else _only(source, heading, text)
        ),
    ),
    _Kind(
        _headings(_MULTIPLIERS),
        "a power of ten",
        _is_no_power,
        lambda _source, heading, _: {"multiplier": heading},
    ),
    _Kind(
        _headings("estimates start after"),
        "the last year before estimates",
        lambda _, text: not text,
        lambda _source, heading, _: {"estimates_after": heading},
    ),
    _Kind(
        _headings("freq, frequency, 频率, 频度"),
        "a frequency",
        lambda _, text: normalise_label(text.partition(":")[0]) in _YEARLY,
        _only,
    ),
    _Kind(
        _headings("month, months, 月份, 月, quarter, 季度, half-year, half year"),
        "a part of a year",
        lambda _, text: not text,
        _only,
    ),
    _Kind(
        _headings(_PARTS),
        "a part of the people or of the firms",
        _is_one_of(_WHOLE),
        _only,
    ),
    _Kind(
        _headings(_PRICES),
        "other prices than those of each year",
        _is_one_of(_OF_THE_YEAR),
        _only,
    ),
    _Kind(
        _headings(_CHANGES),
        "what was made of the figures",
        _is_one_of(_UNCHANGED),
        _only,
    ),
    _Kind(
        _headings("base_per, base period, base year, 基期"),
        "the year of a base",
        lambda _, text: not text,
        _only,
    ),
    _Kind(
        _headings("scenario, variant, projection, 方案, 情景"),
        "a projection",
        lambda _, text: not text,
        _only,
    ),
    _Kind(
        _headings("action"),
        "a deletion",
        lambda _, text: normalise_label(text) in _KEPT,
        _without_deletions,
    ),
)


def is_multiplier_heading(text: str) -> bool:
    """Whether a text heads a column of powers of ten."""
    return normalise_label(text.partition(":")[0]) in _headings(_MULTIPLIERS)


def refuse_unread(
    source: TableSource,
    heading: Cell,
    cells: Sequence[Cell],
    named: Mapping[str, Sequence[Cell]],
) -> None:
    """Stop at a column that the card leaves out and that says more than nothing of the figures.

    cells: of the lines that are taken; named: role → those of the columns that the card names: OECD
    has two of a kind, codes and words, which must say the same. Raises DocumentError.
    """
    head = " ".join(heading.text.split())
    name = normalise_label(head.partition(":")[0])
    texts = [cell.text.strip() for cell in cells]
    if is_flag_heading(head) and "flags" in named:
        mend = says(source.number, {"status_column": head})
        _refuse_unlike(source, cells, named["flags"], status_said, mend)
        return
    if is_multiplier_heading(head) and "multiplier" in named:
        mend = says_axes(source, {"multiplier": head})
        _refuse_unlike(source, cells, named["multiplier"], power_of_ten, mend)
        return
    for kind in _KINDS:
        telling = [text for text in texts if not kind.is_idle(source, text)]
        if name in kind.headings and not telling:
            return
        if name in kind.headings:
            raise _unread(
                source, heading, kind.name, telling[0], kind.mend(source, head, telling[0])
            )
    if not name.startswith("conf") and _states_a_status(texts):
        only = _only(source, head, next(filter(None, texts)))
        advice = (
            f'tables."{source.number}" of the card says:\n    '
            f"status_column: {plain(head)}\n  If it is none, the card "
            f"names the values of the lines that are taken:\n    {axes_line(source, only)}"
        )
        if not head:
            advice = "If they are those of the figures before them, " + says_axes(
                source, {"flags": "beside"}
            )
        raise source.grid.error(
            heading,
            found=f"the card leaves out '{head or f'column {column_letters(heading.column)}'}', a "
            "column of flags",
            expected="a card that says which column states the status of the figures",
            advice=advice,
        )


def _refuse_unlike(
    source: TableSource,
    cells: Sequence[Cell],
    named: Sequence[Cell],
    read: Callable[[str], Status | int | None],
    mend: str,
) -> None:
    for cell, other in zip(cells, named, strict=True):
        try:
            is_like = read(cell.text) in (None, read(other.text))
        except ValueError:
            is_like = False
        if not is_like:
            raise source.grid.error(
                cell,
                found=f"'{cell.text.strip()}' says something else than '{other.text.strip()}' in "
                f"the column that the card names ({other.ref})",
                expected="two columns that say the same",
                advice="If the line is not wanted, "
                + says_left_out(source, "rows", replace(cell, text=""))
                + f"\n  If the column that is left out is the right one, {mend}",
            )


def _states_a_status(texts: Sequence[str]) -> bool:
    """Whether some say a status in words, or all are flags, of which one says a status."""
    filled = [text for text in texts if text]
    if any(status_in_words(text) not in (None, "final") for text in filled):
        return True
    # Letters of SDMX stand alone, Eurostat's are small; GDP is a word.
    if not all(re.fullmatch(r"[A-Z]|[a-z]{1,4}", text) for text in filled):
        return False
    try:
        return any(read_flags(text).status not in (None, "final") for text in filled)
    except ValueError:
        return False


def _unread(
    source: TableSource, heading: Cell, what: str, text: str, mend: Mapping[str, object]
) -> Exception:
    return source.grid.error(
        heading,
        found=f"the card leaves out '{' '.join(heading.text.split())}', which states {what} "
        f"('{text}')",
        expected="a card that takes into account whatever changes what a figure means",
        advice=says_axes(source, mend),
    )
