"""The audit's table in the warehouse.

Belongs here: its declaration and how findings become its rows. Not here: the rules.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Annotated

from assets.papers.audit.finding import Finding
from assets.vintages.keys import OfVintage
from assets.warehouse.table import as_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFindingRow(
    OfVintage,
    table="model.audit_finding",
    grain="one row per vintage, paper, rule and printed number",
    key=(
        "vintage",
        "source",
        "edition",
        "rule",
        "table_number",
        "cell",
        "term",
        "other_term",
        "statistic",
    ),
):
    """One row per vintage, paper, rule and printed number."""

    source: Annotated[str, "the paper: folder of the document under landing/"]
    edition: Annotated[int, "year it was printed"]
    rule: Annotated[str, "what was tested, such as t_is_coefficient_over_se"]
    table_number: Annotated[str, "table of the paper; text for its running text"]
    cell: Annotated[str, "sheet and cell, place in the text, or number of the claim"]
    term: Annotated[str, "variable, or const; empty for a statistic of the model"]
    other_term: Annotated[str, "second variable, or the degrees of freedom tried"]
    statistic: Annotated[str, "what was printed: min, r, coefficient, p, stars"]
    printed_value: Annotated[str, "as printed, with its stars"]
    expected: Annotated[str, "what follows from the other printed numbers"]
    low: Annotated[float | None, "lowest that rounding allows; NULL: no bound"]
    high: Annotated[float | None, "highest that rounding allows; NULL: no bound"]
    verdict: Annotated[str, "consistent, inconsistent or not_determinable"]
    consequence: Annotated[str, "what it changes in the paper's conclusions"]


def finding_rows(
    vintage: str, source: str, edition: int, findings: Sequence[Finding]
) -> "pd.DataFrame":
    """Findings of one paper as rows of model.audit_finding."""
    rows = [(vintage, source, edition, *astuple(finding)) for finding in findings]
    return as_frame(AuditFindingRow.table, rows)
