"""What a spreadsheet shows of a stored number: 8104.0712345 in the format 0.0 is 8104.1.

Belongs here: number formats that show digits and nothing else. Not here: formats that show
something else than the number (percentages and thousands: `scaling` in file_checks.py).

What is shown is what was published, and its rounding is the figure's; the stored digits may be what
is left of somebody's arithmetic. Formats that are not understood here (General, scientific, dates,
formats with words or conditions) leave a number as it is stored.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from assets.extracts.files.file_checks import number_text

_SECTION = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
_INVISIBLE = re.compile(
    r'_.|\\ |"\s*"|\[(?:Black|Red|Blue|Green|Color\d+|\$-[^]]*)\]', re.IGNORECASE
)
_DIGITS = re.compile(r"(?P<whole>[#0?][#0?,]*)(?:\.(?P<decimals>[#0?]*))?")
_PLAIN = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:[, ][0-9]{3})+)(?:\.(?P<decimals>[0-9]+))?")


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A number as a spreadsheet shows it; stored: as it stores it, None where both are one text."""

    text: str
    stored: str | None = None


def shown_in(value: float, number_format: str) -> ShownNumber:
    """What a workbook shows of a number in a number format such as 0.0 or #,##0.00_ ."""
    stored = number_text(value)
    sections = _SECTION.split(number_format)
    section = sections[1] if value < 0 and len(sections) > 1 and sections[1] else sections[0]
    if value == 0 and len(sections) > 2:
        section = sections[2]
    picture = _INVISIBLE.sub("", section).strip()
    if section is not sections[0]:
        picture = picture.removeprefix("-") if value < 0 else picture
    match = _DIGITS.fullmatch(picture)
    decimals = (match and match["decimals"]) or ""
    if match is None or match["whole"].endswith(",") or len(decimals) > 10 or abs(value) >= 1e15:
        return ShownNumber(stored)
    # A spreadsheet knows fifteen digits of a number, and rounds halves away from zero.
    rounded = Decimal(format(value, ".15g")).quantize(
        Decimal(1).scaleb(-len(decimals)), rounding=ROUND_HALF_UP
    )
    text = format(rounded, ",f" if "," in match["whole"] else "f")
    for optional in reversed(decimals):
        if optional == "0" or not text.endswith("0"):
            break
        text = text[:-1].removesuffix(".")
    return ShownNumber(text, stored if text != stored else None)


def shown_as(text: str, value: float) -> ShownNumber | None:
    """What a document shows of a number, where the file says it beside the stored value.

    A text that is no plain number (8.104,1 or 8104.1 元) leaves the number as it is stored; None
    where the two are different numbers.
    """
    stored = number_text(value)
    shown = text.strip()
    match = _PLAIN.fullmatch(shown)
    if match is None:
        return ShownNumber(stored)
    number = Decimal(re.sub("[, ]", "", shown))
    half_unit = Decimal("0.5").scaleb(-len(match["decimals"] or ""))
    # A hair more: the stored number is binary, so what was half a unit may lie beyond it.
    if abs(number - Decimal(stored)) > half_unit * Decimal("1.000001"):
        return None
    return ShownNumber(shown, stored if shown != stored else None)
