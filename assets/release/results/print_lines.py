"""What the queries on first prints and revisions give, line by line.

Belongs here: the lines that the terminal and the report share. Not here: how they are shown.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OfFigure:
    """Of one indicator of one region, by one definition."""

    region: str
    indicator: str
    definition: str

    @property
    def of(self) -> tuple[str, str]:
        """Region and indicator."""
        return self.region, self.indicator

    @property
    def name(self) -> str:
        """The indicator; a definition that is not its own stands behind."""
        return self.indicator + ("" if self.definition == "own" else f" ({self.definition})")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPrints(OfFigure):
    """How good first prints are (`first_print_quality.sql`)."""

    editions: int
    mean_pct: float
    bias: str
    bias_p: float | None
    years: int
    nature: str
    p_news: float | None
    p_noise: float | None
    p_efficient: float | None
    efficient_horizon: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon(OfFigure):
    """How far figures have moved so many prints later (`revision_horizons.sql`)."""

    horizon: int
    years: int
    mean_pct: float
    mean_absolute_pct: float
    low_pct: float
    high_pct: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause(OfFigure):
    """Why an edition revised an indicator (`revision_causes.sql`)."""

    edition: int
    revised: int
    reprinted: int
    left_out: int
    first_year: int | None
    last_year: int | None
    mean_pct: float | None
    inferred: str
    stated: str | None
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAndLatest(OfFigure):
    """A revised figure as first printed and as printed last (`first_and_latest_prints.sql`)."""

    reference_year: int
    first_edition: int
    first_value: float
    latest_edition: int
    latest_value: float
    unit: str
    change_pct: float | None


@dataclass(frozen=True, slots=True)
class Revision:
    """A figure that one edition printed otherwise than the one before (`revisions.sql`)."""

    region: str
    indicator: str
    reference_year: int
    old_print: str
    new_print: str
    old_value: float | None
    new_value: float | None
    unit: str
    change_pct: float | None
