"""Years as people list them in cards: 2015, or '2010-2013, 2015'.

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


def spell_years(years: Collection[int]) -> int | str:
    """Years as a card lists them, from the first on: one as a number, else stretches of them."""
    stretches: list[list[int]] = []
    for year in sorted(set(years)):
        if stretches and year == stretches[-1][-1] + 1:
            stretches[-1].append(year)
        else:
            stretches.append([year])
    if len(stretches) == 1 and len(stretches[0]) == 1:
        return stretches[0][0]
    return ", ".join(f"{s[0]}-{s[-1]}" if len(s) > 1 else f"{s[0]}" for s in stretches)
