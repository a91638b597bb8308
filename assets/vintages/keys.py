"""The columns that say which vintage, study, region and sample a result is about.

Belongs here: these columns, and where the region of rows older than it stands. Not here: the tables
that have them (`vintage_rows.py`, and the rows of each room).
"""

from dataclasses import dataclass
from typing import Annotated, TypedDict

from assets.warehouse.tables.row import Before, Row

PANEL = "panel"  # in place of a region: one fit over all regions of the study

# Rows of before had the one region of their study, which its definition of then names, or, for
# vintages older than that record, the definition of now.
_BEFORE = """coalesce(
    (
        select max(definition ->> '$.region') from model.study_definition as definition
        where definition.vintage = old.vintage and definition.study = old.study
    ),
    (select min(region) from study.sample as sample where sample.study = old.study),
    'unknown'
)"""

VintageName = Annotated[str, "vintage: running number and fingerprint of its inputs"]
StudyName = Annotated[str, "name of the study, as its YAML file"]
SampleName = Annotated[str, "name of the sample: which print of each figure was taken"]
RegionCode = Annotated[
    str,
    "ISO 3166 code of the region: CN, CN-GS; panel: one fit over all regions of the study",
    Before(_BEFORE),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfVintage(Row):
    """Rows of results: each vintage appends its own."""

    vintage: VintageName


@dataclass(frozen=True, slots=True, kw_only=True)
class OfSample(OfVintage):
    """Rows about one sample of one region of a study."""

    study: StudyName
    region: RegionCode
    sample: SampleName


class SampleKey(TypedDict):
    """The values of the columns of OfSample, to spread into a row: `FitRow(**key, …)`."""

    vintage: str
    study: str
    region: str
    sample: str
