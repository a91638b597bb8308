"""What the queries behind the pages of the town study give, line by line.

Belongs here: the lines that the terminal and the report share. Not here: how they are shown.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TownHead:
    """A data set of towns in one line (`town_heads.sql`)."""

    dataset: str
    simulated: bool
    percent: float | None
    low_percent: float | None
    high_percent: float | None
    verdict: str  # on what the published study says of sales
    agrees: int
    disagrees: int
    open: int


@dataclass(frozen=True, slots=True)
class TownEffect:
    """An effect of certification, in per cent (`town_effects.sql`)."""

    estimator: str
    sample: str
    control_pool: str
    outcome: str
    inference: str
    percent: float
    percent_low: float | None
    percent_high: float | None
    treated_towns: int
    towns: int
    effective_treated: float | None
    effective_controls: float | None


@dataclass(frozen=True, slots=True)
class TownEntry:
    """An effect on shops that open, close or stay, or a share of them (`town_entry.sql`)."""

    estimator: str
    sample: str
    control_pool: str
    outcome: str
    target: str
    cell: str
    inference: str
    estimate: float
    low: float | None
    high: float | None
    percent: float | None
    percent_low: float | None
    percent_high: float | None


@dataclass(frozen=True, slots=True)
class TownInequality:
    """An index of inequality between towns in one state (`town_inequality.sql`)."""

    year: int
    unit: str
    measure: str
    part: str
    state: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class TownCell:
    """An estimate of the headline's estimator, or of groups of towns (`town_cells.sql`)."""

    estimator: str
    sample: str
    control_pool: str
    outcome: str
    target: str
    cell: str
    inference: str
    estimate: float
    low: float | None
    high: float | None
    percent: float
    percent_low: float | None
    percent_high: float | None
    percent_band_low: float | None
    percent_band_high: float | None


@dataclass(frozen=True, slots=True)
class TownFinding:
    """A published claim beside the estimate here (`town_findings.sql`)."""

    claim: str
    part: str
    claimed: str
    published_percent: float | None
    scale: str
    estimate: float | None
    low: float | None
    high: float | None
    detectable: float | None
    breakdown: float | None
    against: str | None
    truth: float | None
    truth_is_inside: bool | None
    verdict: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TownEvidence:
    """What a test says of an assumption (`town_evidence.sql`)."""

    estimator: str
    sample: str
    test: str
    cell: str
    verdict: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TownFailure:
    """What was to be computed and was not (`town_failures.sql`)."""

    entry: str
    status: str
    reason: str
