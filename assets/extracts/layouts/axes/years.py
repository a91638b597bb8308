"""How the headings and keys of a table of three axes say a year.

Belongs here: the ways beside a plain year (cells.py) that name one and no other: dates, where the
card says which day stands for a year, the World Bank's, Chinese digits, what a program writes. Not
here: which years a document may report.
"""

import re
import unicodedata

from assets.extracts.cards.axes_card import AxesCard
from assets.extracts.files.grid import Cell
from assets.extracts.layouts.cells import parse_year
from assets.extracts.meaning.registry import normalise_label
from assets.extracts.meaning.status import split_status

_WORLD_BANK = re.compile(r"([0-9]{4}) \[YR\1\]")
_WHOLE = re.compile(r"(?P<year>[0-9]{4})(?:\.0|年度)")
_CHINESE = re.compile("[〇○零一二三四五六七八九]{4}年?")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_DATES = (  # which of two numbers is the month does not matter for the two days of a card
    re.compile(
        r"(?P<year>\d{4})[-/.](?P<one>\d\d?)[-/.](?P<two>\d\d?)(?:[T ]00:00:00(?:\.0+)?Z?)?"
    ),
    re.compile(r"(?P<year>\d{4})年(?P<one>\d\d?)月(?P<two>\d\d?)日"),
    re.compile(r"(?P<year>\d{4})(?P<one>\d\d)(?P<two>\d\d)"),
    re.compile(r"(?P<one>\d\d?)[-/.](?P<two>\d\d?)[-/.](?P<year>\d{4})"),
)
_DATE_PROBLEM = "is a date"

# The year of prices or of a base, or a month, is not the year of the figures; nor is an imprint's.
_YEAR = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)(?!\s*年?\s*(?:=|\d{1,2}月|不变|可比|当年)?(?:价|100|为?基期|prices))"
    r"(?!\s*年\s*\d{1,2}\s*月)"
)
_IMPRINT = re.compile(
    r"年鉴|统计摘要|统计局|调查队|出版社|发布|公布|版|yearbook|bureau|press|edition|publi(?:sh|c)",
    re.IGNORECASE,
)


def years_in(text: str) -> list[str]:
    """The years a title names, but those of prices, bases and months."""
    return _YEAR.findall(text)


def is_imprint(text: str) -> bool:
    """Whether a text says who published something, whose year and region are not the figures'."""
    return _IMPRINT.search(text) is not None


def stated_year(cell: Cell, axes: AxesCard) -> int | None:
    """The year a cell names; None where it names none, or something else beside it."""
    text = unicodedata.normalize("NFKC", split_status(cell.exact).bare)
    stated = {normalise_label(name): year for name, year in axes.years.items()}
    if normalise_label(cell.text) in stated:
        return stated[normalise_label(cell.text)]
    if axes.dates is not None and cell.problem in (None, _DATE_PROBLEM):
        day = day_of(text)
        if day is not None and day[1] == axes.dates:
            return day[0]
    if cell.problem is not None:
        return None
    whole = _WHOLE.fullmatch(text)
    if whole:
        return int(whole["year"])
    bank = _WORLD_BANK.fullmatch(text)
    if bank:
        return int(bank[1])
    if _CHINESE.fullmatch(text):
        return int(text.rstrip("年").translate(_DIGITS))
    return parse_year(cell.exact)


def day_of(text: str) -> tuple[int, str] | None:
    """Year and day of a date that is the first or last of a year; None for any other text."""
    for pattern in _DATES:
        match = pattern.fullmatch(text.strip())
        if match:
            numbers = sorted((int(match["one"]), int(match["two"])))
            days = {(1, 1): "01-01", (12, 31): "12-31"}
            day = days.get((numbers[0], numbers[1]))
            return None if day is None else (int(match["year"]), day)
    return None
