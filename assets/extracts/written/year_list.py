"""Years as people list them in cards and on pages: 2015, or '2010-2013, 2015'.

Belongs here: reading and writing such a list. Not here: years as documents print them
(layouts/years.py).
"""

import re
from collections.abc import Collection

_RANGE = re.compile(r"([12][0-9]{3})(?:-([12][0-9]{3}))?")


def years_of(text: int | str) -> tuple[int, ...]:
    """Years of 2015 or '2010-2013, 2015'. Raises ValueError for any other text."""
    years: list[int] = []
    for part in str(text).split(","):
        match = _RANGE.fullmatch(part.strip())
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, -1)
        if first > last:
            raise ValueError(f"'{text}' names no years (2015, or '2010-2013, 2015')")
        years += range(first, last + 1)
    return tuple(years)


def year_ranges(years: Collection[int]) -> str:
    """Years as ranges, from the first on: 2012-2015, 2019."""
    ranges: list[range] = []
    for year in sorted(set(years)):
        if ranges and year == ranges[-1].stop:
            ranges[-1] = range(ranges[-1].start, year + 1)
        else:
            ranges.append(range(year, year + 1))
    return ", ".join(f"{r.start}-{r[-1]}" if len(r) > 1 else f"{r.start}" for r in ranges)


def spell_years(years: Collection[int]) -> int | str:
    """Years as a card lists them: one as a number, else ranges of them."""
    spelled = year_ranges(years)
    return int(spelled) if spelled.isdecimal() else spelled
