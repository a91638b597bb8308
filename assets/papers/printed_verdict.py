"""What became of a printed number when it was computed again, and why where that is known.

Belongs here: the four verdicts and the reasons that follow from the digits. Not here: which number
answers which place, what a difference means for a paper.

A number is `reproduced` where the computed one lies within half a unit of its last digit; `within
rounding` where it lies within one unit, as digits that were cut off, or inputs that were rounded
before, would leave it; else it `differs`. `not determinable`: nothing computed answers it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import Literal

from assets.papers.printed_number import agrees, half_unit_of, printed_decimal
from assets.warehouse.texts.counted import counted

Verdict = Literal["reproduced", "within rounding", "differs", "not determinable"]
VERDICTS: tuple[Verdict, ...] = ("reproduced", "within rounding", "differs", "not determinable")
_CUT = "one unit of the last digit: digits cut off, or inputs rounded before"
_MAX_SHIFT = 3  # digits by which a decimal point may have moved


@dataclass(frozen=True, slots=True)
class PrintedVerdict:
    """A verdict, and the reason where one is known."""

    verdict: Verdict
    reason: str = ""


def judge_printed(
    computed: float | None,
    printed: str,
    others: Mapping[str, float] | None = None,
    stated: str = "",
) -> PrintedVerdict:
    """Judge one printed number.

    printed: as in the paper, with stars or brackets, or a bound such as <0.001; others: what
    computing it in other ways gives, by how, of which the first that agrees is the reason; stated:
    what whoever described the study says of this number. Raises ValueError where printed is no
    number.
    """
    digits = printed.strip().rstrip("*").strip("()[] ")
    bound = printed_decimal(digits.removeprefix("<"))
    if computed is None or not isfinite(computed):
        return PrintedVerdict("not determinable", stated or "the steps give no such number")
    if digits.startswith("<"):
        held = Decimal(computed) < bound
        return PrintedVerdict("reproduced") if held else PrintedVerdict("differs", stated)
    if agrees(computed, digits):
        return PrintedVerdict("reproduced")
    if abs(Decimal(computed) - bound) <= 2 * half_unit_of(digits):
        return PrintedVerdict("within rounding", stated or _CUT)
    return PrintedVerdict("differs", stated or _reason(computed, digits, others or {}))


def _reason(computed: float, digits: str, others: Mapping[str, float]) -> str:
    """Which one change makes the computed number the printed one; empty where none does."""
    for how, other in others.items():
        if isfinite(other) and agrees(other, digits):
            return f"printed is what {how} gives"
    if agrees(-computed, digits):
        return "the sign is the other one"
    for shift in range(1, _MAX_SHIFT + 1):
        if agrees(computed * 10**shift, digits) or agrees(computed / 10**shift, digits):
            return f"the decimal point stands {counted(shift, 'digit')} off"
    for place in range(len(digits) - 1):
        pair = digits[place : place + 2]
        if pair.isdigit() and agrees(computed, digits[:place] + pair[::-1] + digits[place + 2 :]):
            return f"two digits are exchanged: {pair} for {pair[::-1]}"
    for place, digit in enumerate(digits):
        if digit.isdigit():
            for right in "0123456789":
                if agrees(computed, digits[:place] + right + digits[place + 1 :]):
                    return f"one digit is another: {digit} for {right}"
    return ""
