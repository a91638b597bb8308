"""A fitted equation as a line of text.

Belongs here: formatting. Not here: estimation, or verdicts on what the equation means.
"""

from collections.abc import Sequence

from assets.regression.coefficient import CONSTANT, Coefficient

_MINUS = "\N{MINUS SIGN}"


def equation(dependent: str, coefficients: Sequence[Coefficient], decimals: int = 3) -> str:
    """Write `PI = 0.974 − 1.219 AIG + 0.426 EG`: estimates to decimals places, in their order.

    Raises ValueError where there are no coefficients.
    """
    if not coefficients:
        raise ValueError(f"The equation of {dependent} has no terms.")
    first, *others = coefficients
    sign = _MINUS if first.estimate < 0 else ""
    terms = [sign + _term(first, decimals)]
    terms += [f"{_MINUS if c.estimate < 0 else '+'} {_term(c, decimals)}" for c in others]
    return f"{dependent} = {' '.join(terms)}"


def _term(coefficient: Coefficient, decimals: int) -> str:
    size = f"{abs(coefficient.estimate):.{decimals}f}"
    return size if coefficient.term == CONSTANT else f"{size} {coefficient.term}"
