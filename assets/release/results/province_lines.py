"""What the queries behind the pages of the three studies of provinces give, line by line.

Belongs here: the lines that the terminal and the report share. Not here: how they are shown.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProvinceHead:
    """The study in one line (`province_head.sql`)."""

    study: str
    n: int
    term: str
    estimate: float
    low: float
    high: float
    verdict: str
    ridge_estimate: float | None
    ridge_p: float | None
    ols_estimate: float | None
    ols_p: float | None
    max_vif: float | None


@dataclass(frozen=True, slots=True)
class ProvinceSlope:
    """A slope by one estimator and inference (`province_slopes.sql`)."""

    specification: str
    estimator: str
    inference: str
    sample: str
    term: str
    outcome: str
    n: int
    first_year: int
    last_year: int
    estimate: float
    std_error: float | None
    p: float | None
    low: float | None
    high: float | None
    needs: str


@dataclass(frozen=True, slots=True)
class ProvinceKnown:
    """A slope as one edition would have had it (`province_known.sql`)."""

    specification: str
    estimator: str
    known_by: int
    term: str
    n: int
    first_year: int
    last_year: int
    estimate: float
    std_error: float | None
    low: float | None
    high: float | None
    p: float | None
    estimate_now: float
    low_now: float | None
    high_now: float | None
    later_prints: int


@dataclass(frozen=True, slots=True)
class ProvinceRevised:
    """What one edition did to accounts, population, IM and EG (`province_revised.sql`)."""

    known_by: int
    first_year: int
    last_year: int
    moved: int
    median_product_pct: float
    median_population_pct: float | None
    median_im_pct: float
    median_eg_pct: float | None
    least_eg_pct: float | None
    least_eg: str | None
    most_eg_pct: float | None
    most_eg: str | None
    primary_compared: int
    primary_moved: int
    median_primary_pct: float | None
    least_primary_pct: float | None
    least_primary: str | None
    most_primary_pct: float | None
    most_primary: str | None


@dataclass(frozen=True, slots=True)
class ProvinceFinding:
    """A claim put to provinces (`province_findings.sql`)."""

    claim: str
    part: str
    text: str
    term: str
    n: int
    estimate: float
    low: float
    high: float
    detectable: float | None
    verdict: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ProvinceEvidence:
    """A test of what a slope needs (`province_evidence.sql`)."""

    specification: str
    term: str
    test: str
    verdict: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ProvinceDiagnostic:
    """A number of He's tables beside coefficients (`province_diagnostics.sql`)."""

    kind: str
    variable: str
    other_variable: str
    statistic: str
    value: float


@dataclass(frozen=True, slots=True)
class ProvincePlace:
    """Where a province stands among all (`province_place.sql`)."""

    region: str
    reference_year: int
    im_sales: float
    rank_im: int
    rural_income_cny: float
    rank_income: int
    provinces: int
    own_slope: float
    rank_slope: int


@dataclass(frozen=True, slots=True)
class OddCells:
    """How many figures a rule flags (`province_odd_cells.sql`)."""

    rule: str
    indicator: str
    flagged: int
    most: str


@dataclass(frozen=True, slots=True)
class NationalSum:
    """Sums over provinces beside the nation (`province_sums.sql`)."""

    indicator: str
    years: int
    largest_gap: float
    largest_gap_pct: float


@dataclass(frozen=True, slots=True)
class PoorCountyHead:
    """The study of poor counties in one line (`poor_county_head.sql`)."""

    study: str
    n: int
    provinces: int
    first_year: int
    last_year: int
    estimate: float
    low: float
    high: float
    verdict: str
    exit_estimate: float
    exit_low: float
    exit_high: float
    exit_verdict: str
    between_estimate: float
    between_p: float
    years_share: float


@dataclass(frozen=True, slots=True)
class PoorCountyCounts:
    """Counties of a year that had not left the list (`poor_county_counts.sql`)."""

    reference_year: int
    provinces: int
    sum_of_provinces: int
    listed: int
    nation: int | None
    own_remaining: int | None
    own_listed: int | None


@dataclass(frozen=True, slots=True)
class PovertyClassHead:
    """The study of poverty classes in one line (`poverty_class_head.sql`)."""

    study: str
    n: int
    provinces: int
    estimate: float
    low: float
    high: float
    verdict: str
    between_estimate: float
    between_p: float
    open_changes: int


@dataclass(frozen=True, slots=True)
class PovertyClassCounts:
    """Provinces of a class in a year (`poverty_class_counts.sql`)."""

    reference_year: int
    low_pct: float | None
    high_pct: float | None
    known_by: str
    provinces: int
    has_own: bool
