"""What a document that nobody has described says of itself.

Belongs here: its title, who publishes it, and whether its notes speak of provisional figures. Not
here: its figures.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assets.extracts.adding.dates import texts_of
from assets.extracts.adding.opening import Part
from assets.extracts.figure import Figure
from assets.extracts.proposing.proposal import Proposal

_SOURCE = re.compile(
    r"^\s*(?:数据来源|资料来源|(?:data )?sources?)\s*[:：]\s*(?P<who>.+?)\s*$", re.I
)
_OFFICE = re.compile(r"统计局|统计调查队|national bureau of statistics", re.IGNORECASE)
_DATABASE = re.compile(r"^\s*(?:数据库|database)\s*[:：]\s*(?P<name>.+?)\s*$", re.IGNORECASE)
_UNSETTLED = re.compile(r"初步|快报|预计|预测|估计|preliminary|provisional|estimate|forecast", re.I)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a document says of itself, and where it says it."""

    value: str
    where: str


def publisher(parts: Sequence[Part]) -> Fact | None:
    """Whom the line of the source names, where all that name one agree."""
    found = {
        match["who"]: Fact(match["who"], f"{place}: '{text}'")
        for text, place in texts_of(parts)
        if (match := _SOURCE.match(text)) and not match["who"].startswith(("http", "www"))
    }
    return next(iter(found.values())) if len(found) == 1 else None


def standing(of: Fact | None) -> Fact | None:
    """Official, where the source is a statistical office; anything else nobody can know."""
    return Fact("official", of.where) if of is not None and _OFFICE.search(of.value) else None


def title(parts: Sequence[Part], tables: Mapping[str, Proposal]) -> Fact | None:
    """The titles of the tables; of an export its database, with what it is about."""
    titles = [each.title for each in tables.values() if each.title]
    if titles:
        return Fact("; ".join(titles), "above the table")
    for text, place in texts_of(parts):
        database = _DATABASE.match(text)
        if database:
            about = [each.said["indicator"] for each in tables.values() if "indicator" in each.said]
            return Fact(", ".join((database["name"], *about)), f"{place}: '{text}'")
    return None


def source_name(stem: str, tables: Mapping[str, Proposal]) -> str:
    """A name for the folder: the file's, or what its figures are about."""
    name = re.sub(r"[^a-z0-9]+", "_", stem.casefold()).strip("_") if stem.isascii() else ""
    if re.search(r"[a-z]", name):
        return name
    about = dict.fromkeys(f.indicator for each in tables.values() for f in each.read.figures)
    by_region = any(each.has_regions for each in tables.values())
    return "_".join((*list(about)[:1], *(("by_region",) if by_region else ())))


def unsettled(parts: Sequence[Part]) -> tuple[str, ...]:
    """Texts that speak of figures which are not final yet."""
    return tuple(f"{place}: '{text}'" for text, place in texts_of(parts) if _UNSETTLED.search(text))


def stated_status(figures: Sequence[Figure]) -> bool:
    """Whether any figure carries a mark of its status: then those without one are final."""
    return any(figure.status is not None for figure in figures)
