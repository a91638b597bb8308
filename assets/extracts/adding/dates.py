"""When a document was printed, as far as it or its file name says so.

Belongs here: the edition and the day of publication, each with where it stands. Not here: asking.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assets.extracts.adding.opening import Part

_YEAR = re.compile(r"(?<!\d)(19\d\d|20\d\d|21\d\d)(?!\d)")
_DAY = re.compile(  # 2025-11-20, 2025年11月20日, 20251120
    r"(?<!\d)((?:19|20|21)\d\d)(?:[-./_年](\d\d?)[-./_月](\d\d?)日?|(\d\d)(\d\d))(?!\d)"
)
_PUBLISHED = re.compile(
    r"发布|公布|出版|更新|publi(?:shed|cation)|released?\b|updated?\b", re.IGNORECASE
)
_YEARBOOK = re.compile(r"年鉴|yearbook|版|edition", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stated:
    """A year or day, and where it stands."""

    value: int
    where: str


@dataclass(frozen=True, slots=True)
class StatedDay:
    """A day of publication, and where it stands."""

    value: date
    where: str


def stated_editions(name: str, parts: Sequence[Part]) -> tuple[Stated, ...]:
    """Years that name the edition: in the file name, or beside words such as 年鉴 or edition."""
    stem = Path(name).stem
    days = {match.group() for match in _DAY.finditer(stem)}
    for day in days:
        stem = stem.replace(day, " ")
    found = [
        Stated(int(year), f"the file name '{Path(name).name}'") for year in _YEAR.findall(stem)
    ]
    for text, place in texts_of(parts):
        if _YEARBOOK.search(text):
            found += [Stated(int(year), f"{place}: '{text}'") for year in _YEAR.findall(text)]
    return tuple(found)


def stated_days(name: str, parts: Sequence[Part]) -> tuple[StatedDay, ...]:
    """Days of publication: in the file name, or beside words such as 发布 or published."""
    found = [StatedDay(day, f"the file name '{Path(name).name}'") for day in _days(Path(name).stem)]
    for text, place in texts_of(parts):
        if _PUBLISHED.search(text):
            found += [StatedDay(day, f"{place}: '{text}'") for day in _days(text)]
    return tuple(found)


def _days(text: str) -> list[date]:
    found = []
    for year, *parts in _DAY.findall(text):
        month, day = filter(None, parts)
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue  # 30 February: digits that name no day
    return found


def texts_of(parts: Sequence[Part]) -> Iterable[tuple[str, str]]:
    """Every text with at least one letter, and its place."""
    for part in parts:
        for row in part.grid.rows if part.grid is not None else ():
            for cell in row:
                if any(sign.isalpha() for sign in cell.text):
                    place = ", ".join(filter(None, (part.name, f"cell {cell.ref}")))
                    yield " ".join(cell.text.split()), place
