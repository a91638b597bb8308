"""Years as people list them in cards: 2015, or '2010-2013, 2015'.

Belongs here: reading such a list. Not here: years as documents print them (layouts/years.py).
"""

import re

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
