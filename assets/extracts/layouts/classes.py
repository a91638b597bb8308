"""Reading one printed class: where a figure lies, when no figure is printed.

Belongs here: which texts are classes, and their ends. Not here: numbers (cells.py), units, and
whether a table may hold classes at all, which its card says.

Accepted, in Chinese and English, with or without per-cent signs: two ends (3-5, 3%~5%, 3至5, 3 to
5) and one (<3, ≤3%, 3以下, 低于3, below 3, 3 or less; ≥10, 10%及以上, over 10, 10 or more). Whether
an end belongs to its class is not kept: what is printed stands beside the ends. A class is never
read as a number, nor a number as a class.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
_TO = r"(?:-|–|—|－|−|~|～|〜|至|到|\bto\b)"
_BETWEEN = re.compile(
    rf"(?P<low>{_NUMBER})\s*(?P<sign>[%％])?\s*{_TO}\s*(?P<high>{_NUMBER})\s*(?P<other>[%％])?"
    r"(?:之间)?",
    re.IGNORECASE,
)
_BELOW = re.compile(
    rf"(?:(?:<=?|＜|≤|⩽|低于|小于|不足|不到|不超过|below|under|less\s+than|up\s+to|at\s+most)"
    rf"\s*(?P<after>{_NUMBER})\s*(?P<sign>[%％])?"
    rf"|(?P<before>{_NUMBER})\s*(?P<other>[%％])?\s*"
    r"(?:(?:及|或|和)?以下|(?:and|or)\s+(?:below|less|under)))",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    rf"(?:(?:>=?|＞|≥|⩾|高于|大于|超过|不低于|above|over|more\s+than|at\s+least)"
    rf"\s*(?P<after>{_NUMBER})\s*(?P<sign>[%％])?"
    rf"|(?P<before>{_NUMBER})\s*(?P<other>[%％])?\s*"
    r"(?:(?:及|或|和)?以上|(?:and|or)\s+(?:above|more|over)|\+))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PrintedClass:
    """Where a figure lies, in the printed unit. low, high: None for an end that is open.

    in_percent: a per-cent sign stands in the cell, so that its unit must be per cent.
    """

    low: Decimal | None
    high: Decimal | None
    in_percent: bool


def parse_class(text: str) -> PrintedClass | None:
    """Read a printed class; None for any other text, one whose ends are the wrong way round too."""
    stripped = " ".join(text.split())
    if match := _BETWEEN.fullmatch(stripped):
        low, high = Decimal(match["low"]), Decimal(match["high"])
        return PrintedClass(low, high, _in_percent(match)) if low < high else None
    if match := _BELOW.fullmatch(stripped):
        return PrintedClass(None, Decimal(match["after"] or match["before"]), _in_percent(match))
    if match := _ABOVE.fullmatch(stripped):
        return PrintedClass(Decimal(match["after"] or match["before"]), None, _in_percent(match))
    return None


def _in_percent(match: re.Match[str]) -> bool:
    return bool(match["sign"] or match["other"])
