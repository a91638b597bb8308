"""Comparing a computed number with one that was printed.

Belongs here: what "agrees with the table" means. Not here: which numbers a table holds.
"""

from decimal import Decimal, InvalidOperation
from math import isfinite

# Share of half a unit by which a double may miss the bound and still count as on it: far above
# the rounding of any computation here, far below anything a printed digit can show.
_SLACK = Decimal("1e-9")


def agrees(computed: float, printed: str) -> bool:
    """Whether computed lies within half a unit of the last digit of printed.

    Trailing zeros count: "0.070" allows ±0.0005, "0.07" allows ±0.005. Both ends are included,
    since software rounds ties either way. A number that is not finite agrees with nothing.
    Raises ValueError where printed is not a plain decimal number ("-" and "−" are both minus).
    """
    value = printed_decimal(printed)
    if not isfinite(computed):
        return False
    half_unit = half_unit_of(printed)
    return abs(Decimal(computed) - value) <= half_unit * (1 + _SLACK)


def half_unit_of(printed: str) -> Decimal:
    """Half a unit of the last printed digit: 0.0005 for "0.070"."""
    exponent = printed_decimal(printed).as_tuple().exponent
    return Decimal(5).scaleb(int(exponent) - 1)


def printed_decimal(printed: str) -> Decimal:
    """A plain decimal number as printed. Raises ValueError for anything else."""
    try:
        value = Decimal(printed.strip().replace("\N{MINUS SIGN}", "-"))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise ValueError(f"{printed!r} is not a printed number; expected one such as '-0.034'.")
    return value
