"""What a spreadsheet shows of a stored number: 8104.0712345 in the format 0.0 is 8104.1.

Belongs here: number formats that show digits, and words beside them. Not here: formats that show
something else than the number (thousands: `scaling` in file_checks.py).

What is shown is what was published, and its rounding is the figure's; the stored digits may be what
is left of somebody's arithmetic. Words of a format (2019年, 8104.1(p), $8104.1) are printed beside
the number, so they belong to the text. Of a unit (8104.1亿元, 12.3%), of a format or typed, it is
kept that it is one, to be held against what else the document says of units. Formats that are not
understood here (General, scientific, dates, formats with conditions) leave a number as it is
stored.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from assets.extracts.files.file_checks import number_text
from assets.extracts.meaning.status import split_status
from assets.extracts.meaning.units import unit_of

_SECTION = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
_INVISIBLE = re.compile(r"_.|\*.|\[(?:Black|Red|Blue|Green|Color\d+|\$-[^]]*)\]", re.IGNORECASE)
_WORDS = re.compile(r'"([^"]*)"|\\(.)|\[\$([^]-]+)(?:-[^]]*)?\]|([$€£¥￥])')
_NUMBER = re.compile(r"[#0?]|General", re.IGNORECASE)
_YUAN = re.compile(r"(?:CN)?[¥￥]")  # says no more than the unit of a Chinese table does
_SAYS = re.compile(r"[^\W\d_]|[$€£%‰]")
_DIGITS = re.compile(r"(?P<whole>[#0?][#0?,]*)(?:\.(?P<decimals>[#0?]*))?")
_WITH_UNIT = re.compile(r"(?P<number>-?[0-9](?:[0-9, .]*[0-9])?)\s*(?P<unit>[^\d\s.,].*)")
_PLAIN = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:[, ][0-9]{3})+)(?:\.(?P<decimals>[0-9]+))?")


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A number as a spreadsheet shows it; stored: as it stores it, None where both are one text.

    unit: that the number format writes behind it, in the text, too.
    """

    text: str
    stored: str | None = None
    unit: str | None = None


def shown_in(value: float, number_format: str) -> ShownNumber:
    """What a workbook shows of a number in a number format such as 0.0 or #,##0.00_ ."""
    stored = number_text(value)
    sections = _SECTION.split(number_format)
    section = sections[1] if value < 0 and len(sections) > 1 and sections[1] else sections[0]
    if value == 0 and len(sections) > 2:
        section = sections[2]
    picture, before, after = _parted(_INVISIBLE.sub("", section))
    if section is not sections[0] and value < 0:
        picture, before = picture.removeprefix("-"), before.removeprefix("-")
    if picture.endswith("%"):
        stored = format((Decimal(repr(value)) * 100).normalize(), "f")
        digits = _digits_shown(float(stored), stored, picture.removesuffix("%").strip())
        return ShownNumber(f"{before}{digits}%{after}", stored, None if after else "%")
    digits = _digits_shown(value, stored, picture)
    text = f"{before}{digits}{after}"
    unit = after if unit_of(after) is not None else None
    return ShownNumber(text, stored if text != stored else None, unit)


def typed_unit(text: str) -> str | None:
    """The unit that is typed behind a number, as in 8718.3亿元 and 0.9%; None for other texts.

    Where a unit begins with digits (8 100 million yuan), nobody knows where the number ends.
    """
    match = _WITH_UNIT.fullmatch(text.strip())
    if match is None or unit_of(match["unit"]) is None:
        return None
    ends = (unit_of(text[i:]) for i, sign in enumerate(text) if sign.isdigit())
    return None if any(ends) else match["unit"]


def _parted(section: str) -> tuple[str, str, str]:
    """The digits of a format, and the words before and after them."""
    place = _NUMBER.search(_WORDS.sub(lambda match: " " * len(match[0]), section))
    start = len(section) if place is None else place.start()
    words: list[str] = ["", ""]
    for match in _WORDS.finditer(section):
        words[match.start() > start] += "".join(filter(None, match.groups()))
    before, after = (_YUAN.sub("", text).strip() for text in words)
    return _WORDS.sub("", section).strip(), before, after


def _digits_shown(value: float, stored: str, picture: str) -> str:
    match = _DIGITS.fullmatch(picture)
    decimals = (match and match["decimals"]) or ""
    if match is None or match["whole"].endswith(",") or len(decimals) > 10 or abs(value) >= 1e15:
        return stored
    # A spreadsheet knows fifteen digits of a number, and rounds halves away from zero.
    rounded = Decimal(format(value, ".15g")).quantize(
        Decimal(1).scaleb(-len(decimals)), rounding=ROUND_HALF_UP
    )
    text = format(rounded, ",f" if "," in match["whole"] else "f")
    for optional in reversed(decimals):
        if optional == "0" or not text.endswith("0"):
            break
        text = text[:-1].removesuffix(".")
    return text


def shown_as(text: str, value: float, *, is_percentage: bool = False) -> ShownNumber | None:
    """What a document shows of a number, where the file says it beside the stored value.

    Signs that are no plain number and no words (8.104,1) leave the number as it is stored; None
    where the two are different numbers. is_percentage: the file stores 0.12 for 12%.
    """
    stored = number_text(value)
    if is_percentage:
        stored = format((Decimal(repr(value)) * 100).normalize(), "f")
    shown = _YUAN.sub("", text).strip()
    with_unit = _WITH_UNIT.fullmatch(shown)
    if with_unit and unit_of(with_unit["unit"]) is not None:
        unit = with_unit["unit"]
        if is_percentage != (unit == "%"):
            return None
        plain = shown_as(with_unit["number"], float(stored))
        return None if plain is None else ShownNumber(shown, stored, unit)
    if is_percentage:
        return None
    bare = split_status(shown).bare
    match = _PLAIN.fullmatch(bare)
    if match is None:
        return ShownNumber(shown, stored) if _SAYS.search(shown) else ShownNumber(stored)
    number = Decimal(re.sub("[, ]", "", bare))
    half_unit = Decimal("0.5").scaleb(-len(match["decimals"] or ""))
    # A hair more: the stored number is binary, so what was half a unit may lie beyond it.
    if abs(number - Decimal(stored)) > half_unit * Decimal("1.000001"):
        return None
    return ShownNumber(shown, stored if shown != stored else None)
