"""The one rule of judgement: a printed number against the range that the others allow.

Belongs here: the verdict, and how numbers are shown in a finding. Not here: the finding itself
(audit_rows.py), or the rules of statistics.
"""

from math import isfinite

from assets.papers.audit.audit_rows import Finding, Verdict
from assets.papers.audit.printed_paper import Printed
from assets.papers.audit.rounding.interval import Interval

NOTHING_CHANGES = "Nothing changes."


def judged(
    rule: str,
    printed: Printed,
    allowed: Interval,
    consequence: str,
    expected: float | None = None,
    other_term: str | None = None,
) -> Finding:
    """Hold a printed number against an allowed range.

    inconsistent only where no number that rounds to the printed one lies in the range;
    not_determinable where the range has no finite end. consequence is said only if inconsistent.
    """
    verdict: Verdict = "consistent" if printed.range.meets(allowed) else "inconsistent"
    if verdict == "consistent" and not any(map(isfinite, allowed.ends)):
        verdict = "not_determinable"
    return row(
        rule,
        printed,
        verdict,
        consequence if verdict == "inconsistent" else NOTHING_CHANGES,
        expected=shown(allowed.middle if expected is None else expected, printed.decimals),
        allowed=allowed,
        other_term=other_term,
    )


def row(
    rule: str,
    printed: Printed,
    verdict: Verdict,
    consequence: str,
    expected: str = "",
    allowed: Interval | None = None,
    other_term: str | None = None,
    statistic: str | None = None,
) -> Finding:
    """A finding at the place of a printed number; an empty range (low > high) is not shown."""
    if allowed is not None and allowed.low > allowed.high:
        allowed, expected = None, ""
    return Finding(
        rule=rule,
        table_number=printed.table_number,
        cell=printed.cell,
        term=printed.term,
        other_term=printed.other_term if other_term is None else other_term,
        statistic=statistic or printed.statistic,
        printed_value=printed.text,
        expected=expected,
        low=None if allowed is None else finite(allowed.low),
        high=None if allowed is None else finite(allowed.high),
        verdict=verdict,
        consequence=consequence,
    )


def finite(value: float) -> float | None:
    """The value, or None for an end that is not bounded."""
    return value if isfinite(value) else None


def shown(value: float, decimals: int) -> str:
    """A number at the precision of the paper; empty where there is none."""
    return f"{value:.{max(decimals, 0)}f}" if isfinite(value) else ""


def span(allowed: Interval, digits: int = 4) -> str:
    """A range in words of numbers."""
    return f"{allowed.low:.{digits}g} to {allowed.high:.{digits}g}"
