"""All rows of one yearly study in one vintage, and where each stands.

Belongs here: what tables, pictures and feet of the section share. Not here: any of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assets.release.report.place import Place, ident
from assets.release.report.report_rows import (
    CurvePoint,
    LeftOut,
    Robust,
    TraceStep,
)
from assets.release.report.words import (
    RECOVERED,
    Said,
)
from assets.release.results.study_lines import (
    CoefficientLine,
    FitLine,
    IndexValueLine,
    PrintedNumber,
    SampleLine,
)

TERM, SAMPLE, YEAR = Said("term", "变量"), Said("sample", "样本"), Said("year", "年份")


@dataclass(frozen=True, slots=True)
class StudyResult:
    """All rows of one study in one vintage, and where they stand."""

    name: str
    vintage: str
    samples: Sequence[SampleLine]
    fits: Sequence[FitLine]
    coefficients: Sequence[CoefficientLine]
    values: Sequence[IndexValueLine]
    printed: Sequence[PrintedNumber]
    robust: Sequence[Robust]
    left_out: Sequence[LeftOut]
    trace: Sequence[TraceStep]
    curve: Sequence[CurvePoint]

    @property
    def mark(self) -> str:
        """Whether a sample is recovered."""
        return RECOVERED if any(fit.quality == RECOVERED for fit in self.fits) else ""

    @property
    def names_of_samples(self) -> list[str]:
        """The samples, the last one, which is in force, first."""
        return list(dict.fromkeys(sample.sample for sample in reversed(self.samples)))

    def place(self, table: str, region: str, sample: str, **more: object) -> Place:
        """Rows of a result of this vintage."""
        key = {"vintage": self.vintage, "study": self.name, "region": region, "sample": sample}
        return Place(table, {**key, **more}, ident("rows", self.name, region, sample))

    def value_place(self, row: IndexValueLine) -> Place:
        """The row of an index value, which has a foot of its own."""
        return Place(
            "indices.index_value",
            {
                "study": self.name,
                "region": row.region,
                "sample": row.sample,
                "index_id": row.index_id,
                "reference_year": row.reference_year,
            },
            value_foot(self.name, row),
        )


def value_foot(study: str, row: IndexValueLine) -> str:
    """The id of the foot of an index value."""
    return ident("value", study, row.sample, row.index_id, row.reference_year)
