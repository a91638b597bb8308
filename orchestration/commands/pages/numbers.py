"""How numbers are written on the terminal.

Belongs here: numbers as text. Not here: tables, and any number's making.
"""


def number(value: float | None, decimals: int = 3) -> str:
    """A number with its decimals; nothing where there is none."""
    return "" if value is None else f"{value:.{decimals}f}"


def significant(value: float | None, digits: int) -> str:
    """A number with so many significant digits; nothing where there is none."""
    return "" if value is None else f"{value:.{digits}g}"


def value_text(value: float | None) -> str:
    """A value with seven significant digits; a word where there is none."""
    return "missing" if value is None else f"{value:.7g}"


def change_text(change: float | None, digits: int = 3) -> str:
    """A change, as in per cent or standard errors, with its sign; nothing where there is none."""
    return "" if change is None else f"{change:+.{digits}g}"


def count_text(before: object, now: object) -> str:
    """A count or a word, or both where it changed."""
    return str(now) if before == now else f"{before} → {now}"
