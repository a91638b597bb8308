"""Coverage: which figures an edition says it prints, and which it does not and why.

Belongs here: the keys `covers`, `missing` and `withdrawn` of a card, and the figures they name one
by one. Not here: whether those figures are there (sql/frames/coverage.sql).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field, field_validator

from assets.extracts.meaning.registry import indicators, require_region
from assets.extracts.written.strict_model import StrictModel
from assets.extracts.written.year_list import years_of

# Of one edition: a card that extends it has its own.
OWN_KEYS = ("covers", "missing", "revisions", "withdrawn")

Text = Annotated[str, Field(min_length=1)]


class _Block(StrictModel):
    """Indicators × regions (default: the card's) × years (2015, or '2010-2013, 2015')."""

    indicators: Annotated[tuple[Text, ...], Field(min_length=1, strict=False)]
    regions: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    years: int | str

    @field_validator("indicators")
    @classmethod
    def _known_indicators(cls, named: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [name for name in named if name not in indicators()]
        if unknown:
            raise ValueError(f"'{unknown[0]}' is not in assets/extracts/meaning/indicators.yaml")
        return named

    @field_validator("regions")
    @classmethod
    def _known_regions(cls, named: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(require_region(name) for name in named)

    @field_validator("years")
    @classmethod
    def _readable_years(cls, text: int | str) -> int | str:
        years_of(text)
        return text


class CoveredBlock(_Block):
    """Figures the edition prints."""


class MissingBlock(_Block):
    """Figures the edition does not print, and why."""

    reason: Text


class Withdrawal(StrictModel):
    """Why no figure of the edition is taken any more, and since when."""

    since: date
    reason: Text


@dataclass(frozen=True, slots=True)
class DeclaredFigure:
    """One figure a card speaks of. missing_reason: None where the edition is said to print it."""

    region: str
    indicator: str
    reference_year: int
    missing_reason: str | None


def declared_figures(
    covers: tuple[CoveredBlock, ...], missing: tuple[MissingBlock, ...], region: str
) -> tuple[DeclaredFigure, ...]:
    """Every figure that is declared, once; what is declared missing counts as that.

    region: of blocks that name none.
    """
    found: dict[tuple[str, str, int], DeclaredFigure] = {}
    for block in (*covers, *missing):
        reason = block.reason if isinstance(block, MissingBlock) else None
        for key in _figures(block, region):
            found[key] = DeclaredFigure(*key, reason)
    return tuple(found.values())


def _figures(block: _Block, region: str) -> Iterator[tuple[str, str, int]]:
    for place in block.regions or (region,):
        for indicator in block.indicators:
            for year in years_of(block.years):
                yield place, indicator, year
