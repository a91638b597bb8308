"""What the queries of the report alone give, line by line.

Belongs here: those lines. Not here: what the terminal shows too (`assets/release/results/`).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Robust:
    """One result of a study under other assumptions (`report_robustness.sql`)."""

    region: str
    sample: str
    method: str
    term: str
    statistic: str
    setting: str
    value: float | None
    text: str | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A coefficient of OLS without one year (`report_left_out.sql`)."""

    region: str
    sample: str
    term: str
    setting: str
    year: int
    value: float


@dataclass(frozen=True, slots=True)
class TraceStep:
    """A ridge coefficient and its VIF at one constant (`report_ridge_trace.sql`)."""

    region: str
    sample: str
    term: str
    setting: str
    k: float
    coefficient: float
    vif: float | None


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A coefficient under one specification (`report_specification_curve.sql`)."""

    region: str
    sample: str
    term: str
    setting: str
    coefficient: float
    low: float | None
    high: float | None
    p: float | None
    of_all: int
    percent: int


@dataclass(frozen=True, slots=True)
class Drifted:
    """A coefficient that moved since the vintage before (`report_drift.sql`)."""

    region: str
    sample: str
    estimator: str
    term: str
    coefficient_before: float | None
    coefficient: float | None
    moved_by_std_errors: float | None
    drift: str


@dataclass(frozen=True, slots=True)
class Origin:
    """A printed figure behind an index value (`report_origins.sql`)."""

    region: str
    sample: str
    index_id: str
    reference_year: int
    indicator: str
    input_year: int
    value: float
    unit: str
    printed_value: str
    printed_label: str
    quality: str
    status: str
    source: str
    edition: int
    file: str
    table_number: str
    sheet: str | None
    cell: str
    title: str
    retyped: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """An index value as an earlier vintage has it (`report_earlier_values.sql`)."""

    region: str
    sample: str
    index_id: str
    reference_year: int
    vintage: str
    value: float | None


@dataclass(frozen=True, slots=True)
class DefinitionBreak:
    """A year in which a figure behind an index changes its definition (`report_breaks.sql`)."""

    sample: str
    index_id: str
    reference_year: int
    reason: str


@dataclass(frozen=True, slots=True)
class LastRevision:
    """The last revision of a figure that a study takes (`report_revisions.sql`)."""

    region: str
    indicator: str
    definition: str
    reference_year: int
    new_source: str
    new_edition: int
    old_status: str
    new_status: str
    change_pct: float | None


@dataclass(frozen=True, slots=True)
class ProvinceTile:
    """A province's value on a map of tiles (`report_ecommerce_tiles.sql` and the like)."""

    region: str
    name_zh: str
    reference_year: int | None
    value: float | None


@dataclass(frozen=True, slots=True)
class TownPlace:
    """Where a town lies, and its first year on the list (`report_town_places.sql`)."""

    town_id: str
    longitude_deg: float
    latitude_deg: float
    first_year: int | None


@dataclass(frozen=True, slots=True)
class TownArea:
    """How many towns a province has, and certified ones (`report_town_areas.sql`)."""

    province: str
    towns: int
    certified: int


@dataclass(frozen=True, slots=True)
class Result:
    """A headline result of any study (`report_results.sql`)."""

    study: str
    region: str | None
    result: str
    part: str
    estimate: float | None
    low: float | None
    high: float | None
    verdict: str
    label: str


@dataclass(frozen=True, slots=True)
class Source:
    """Documents of one licence and quality (`report_sources.sql`)."""

    licence: str
    quality: str
    documents: int
    retyped: int
    observations: int


@dataclass(frozen=True, slots=True)
class RefusedDocument:
    """A document in quarantine (`report_refused.sql`)."""

    source: str
    edition: int
    file: str
    message: str


@dataclass(frozen=True, slots=True)
class HeadClaim:
    """A claim of significance at 5 % and its verdict (`report_claims.sql`)."""

    study: str
    region: str
    sample: str
    term: str
    quality: str | None
    text: str


@dataclass(frozen=True, slots=True)
class HeadCount:
    """How much of each there is (`report_counts.sql`)."""

    documents_in: int
    figures: int
    retyped_figures: int
    revised: int
    gaps: int
    failed: int
    drifted: int


@dataclass(frozen=True, slots=True)
class Published:
    """The vintage that readers see (`publication.sql`)."""

    vintage: str
    input_fingerprint: str
    definition_fingerprint: str
    created_at: str
