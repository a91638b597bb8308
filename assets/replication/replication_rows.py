"""The tables of published studies: what lies in their folders, and what became of printed numbers.

Belongs here: declarations, with grain, meaning and unit of each column. Not here: making the rows
(intake.py, comparison.py).
"""

from dataclasses import dataclass
from typing import Annotated

from assets.vintages.keys import OfVintage, RegionCode
from assets.warehouse.tables.row import Before, Row

ReplicationName = Annotated[str, "folder of the study under landing/replications/"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicationRow(
    Row,
    table="raw.replication",
    grain="One row per published study that is computed again",
    key=("replication",),
):
    """Which published studies are computed again, and how."""

    replication: ReplicationName
    title: Annotated[str, "What the study is about"]
    published_in: Annotated[str, "Who published it, and where"]
    contract: Annotated[str, "replication.yaml as it was read, as JSON: data, steps, settings"]
    content_sha256: Annotated[str, "SHA-256 over the files of the folder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicationDataRow(
    Row,
    table="raw.replication_data",
    grain="One row per data file of a published study",
    key=("replication", "data"),
):
    """The data files of published studies, as they were published."""

    replication: ReplicationName
    data: Annotated[str, "Name of the data in replication.yaml"]
    file: Annotated[str, "File in the folder"]
    content: Annotated[str, "The file itself, CSV"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedNumberRow(
    Row,
    table="raw.printed_number",
    grain="One row per line of printed.csv; what a document prints is in raw.published_statistic",
    key=("replication", "line"),
):
    """The numbers that a study printed, as they were typed beside its data."""

    replication: ReplicationName
    line: Annotated[int, "Line of printed.csv, the header being 1"]
    table_number: Annotated[str, "Table of the study"]
    cell: Annotated[str, "Where in it, in words"]
    step: Annotated[str, "Step of replication.yaml that computes it; empty: none does"]
    term: Annotated[str, "What the number is about: a regressor, a cohort, an event time"]
    statistic: Annotated[str, "coefficient, std_error, p, weight, ..."]
    printed_value: Annotated[str, "As printed, with stars or brackets"]
    reason: Annotated[str, "Why no step computes it, or why it differs, where that is known"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedComparisonRow(
    OfVintage,
    table="model.printed_comparison",
    grain="one row per vintage, published study and printed number",
    key=(
        "vintage",
        "study",
        "table_number",
        "cell",
        "step",
        "term",
        "other_term",
        "statistic",
    ),
):
    """What became of each number that a study printed, when it was computed again."""

    study: Annotated[str, "published study: its folder under landing/replications/"]
    region: RegionCode
    sample: Annotated[str, "data of the study that the step takes; empty: no step"]
    source: Annotated[str, "document that prints the number; empty: printed.csv of the folder"]
    edition: Annotated[int | None, "its edition; NULL: printed.csv of the folder"]
    table_number: Annotated[str, "table of the study"]
    step: Annotated[str, "step that computes it; empty: none does", Before("'fit'")]
    term: Annotated[str, "row of the table, or what the number is about"]
    other_term: Annotated[str, "column of a correlation table, else empty"]
    statistic: Annotated[str, "what was printed"]
    printed_value: Annotated[str, "as printed"]
    computed: Annotated[float | None, "what the step gives; NULL: no such number"]
    agrees: Annotated[bool | None, "within half a unit of the last printed digit"]
    cell: Annotated[str, "sheet and cell of the printed number, or where it stands in words"]
    verdict: Annotated[
        str,
        "reproduced (as agrees), within rounding (one unit of it), differs or not determinable",
        Before(
            "case when old.agrees then 'reproduced' when old.computed is null "
            "then 'not determinable' else 'differs' end"
        ),
    ]
    reason: Annotated[str, "why, where it is known or follows from the digits", Before("''")]


RAW_TABLES = (ReplicationRow.table, ReplicationDataRow.table, PrintedNumberRow.table)
REPLICATION_TABLES = (PrintedComparisonRow.table,)
