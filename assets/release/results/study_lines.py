"""What the queries behind the pages of a study give, line by line.

Belongs here: the lines that the terminal and the report share. Not here: how they are shown.
"""

from dataclasses import dataclass

from assets.extracts.written.year_list import year_ranges

YEARS_TO_FIRST_PRINT = 2  # a year's figures are first printed in the year after, or the next


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One sample of a study (`study_samples.sql`)."""

    sample: str
    region: str
    title: str
    title_zh: str | None
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True)
class FitLine:
    """One fit, or why there is none (`study_fits.sql`)."""

    sample: str
    region: str
    estimator: str
    status: str
    reason: str | None
    n: int
    years: str
    quality: str
    equation: str | None
    verdict: str | None
    convention: str | None
    ridge_k: float | None
    r: float | None
    r2: float | None
    adjusted_r2: float | None
    f: float | None
    f_p: float | None
    df_residual: float | None

    @property
    def is_fitted(self) -> bool:
        """Whether there is a fit."""
        return self.status == "fitted"


@dataclass(frozen=True, slots=True)
class CoefficientLine:
    """One coefficient of a fit (`study_coefficients.sql`)."""

    sample: str
    region: str
    estimator: str
    term: str
    term_order: int
    coefficient: float
    std_error: float | None
    t: float | None
    p: float | None
    stars: str
    vif: float | None
    n: int
    r2: float | None


@dataclass(frozen=True, slots=True)
class IndexValueLine:
    """One value of an index, or none (`study_index_values.sql`)."""

    index_id: str
    unit: str
    sample: str
    region: str
    reference_year: int
    value: float | None


@dataclass(frozen=True, slots=True)
class Descriptive:
    """Descriptive statistics of one variable (`study_descriptives.sql`)."""

    sample: str
    variable: str
    min: float
    max: float
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Correlation:
    """One pair of variables (`study_correlations.sql`)."""

    sample: str
    pair: str
    stars: str
    r: float
    p: float | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """What survives, in words (`study_sentences.sql`)."""

    sample: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedNumber:
    """A printed number of a published study, beside the computed one, and what became of it."""

    table_number: str
    cell: str
    step: str
    term: str
    other_term: str
    statistic: str
    printed_value: str
    computed: float | None
    verdict: str
    reason: str

    @property
    def place(self) -> str:
        """Table and cell; the sheet of a cell may be the table."""
        words = self.cell.split()
        return self.cell if self.table_number in words else f"{self.table_number} {self.cell}"

    @property
    def what(self) -> str:
        """What is printed, in words."""
        return " ".join(filter(None, (self.statistic, self.term, self.other_term)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedNumber(JudgedNumber):
    """Whether the computed one is as it is printed, digit for digit (`printed_numbers.sql`)."""

    agrees: bool | None


@dataclass(frozen=True, slots=True)
class ReplicationHead:
    """A published study with its printed numbers by verdict (`replication_heads.sql`)."""

    study: str
    title: str | None
    is_recovered: bool
    printed: int
    reproduced: int
    within_rounding: int
    differs: int
    not_determinable: int


@dataclass(frozen=True, slots=True)
class StudyHead:
    """A study in one line (`study_heads.sql`)."""

    study: str
    region: str
    sample: str
    regions: int
    status: str | None
    quality: str | None
    n: int | None
    r2: float | None
    max_vif: float | None


ESTIMATORS = {"ols": "OLS", "ridge": "Ridge"}


@dataclass(frozen=True, slots=True)
class LatePrint:
    """First prints at hand that are much younger than their year (`study_late_prints.sql`)."""

    sample: str
    indicator: str
    edition: int
    years: list[int]
    late_figures: int
    figures: int


@dataclass(frozen=True, slots=True)
class NotFinalFigures:
    """Figures whose print does not pass for final (`study_not_final.sql`)."""

    region: str
    sample: str
    print_status: str
    indicator: str
    edition: int
    years: list[int]


def listed_ranges(years: str) -> str:
    """Years of a fit, listed as it lists them, as ranges."""
    return year_ranges([int(year) for year in years.split(", ")])
