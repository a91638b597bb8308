"""What the audit finds, as a row: one per rule and printed number.

Belongs here: the finding, and the table it is kept in. Not here: the rules, or how one judges
(judgement.py).
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Annotated, Literal

from assets.vintages.keys import OfVintage
from assets.warehouse.tables.row import DuckType, Row

Verdict = Literal["consistent", "conditional", "inconsistent", "not_determinable"]


@dataclass(frozen=True, kw_only=True)  # without slots, so that a row can be this and OfPaper
class Finding(Row):
    """A printed number held against what the other printed numbers imply.

    low, high: the range that rounding allows for the expected number, not yet widened by the
    rounding of the printed one; None where it has no end or the expectation is no number.
    consequence of a conditional one begins with the condition.
    """

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
    verdict: Annotated[
        Verdict,
        DuckType("VARCHAR"),
        "consistent; conditional: if something that the paper does not say holds; inconsistent; or "
        "not_determinable",
    ]
    consequence: Annotated[str, "what it changes in the paper's conclusions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPaper(OfVintage):
    """Rows about one printed paper."""

    source: Annotated[str, "the paper: folder of the document under landing/"]
    edition: Annotated[int, "year it was printed"]


@dataclass(frozen=True, kw_only=True)
class AuditFindingRow(
    Finding,
    OfPaper,
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


def finding_rows(
    vintage: str, source: str, edition: int, findings: Iterable[Finding]
) -> list[AuditFindingRow]:
    """Findings of one paper as rows of model.audit_finding."""
    return [
        AuditFindingRow(vintage=vintage, source=source, edition=edition, **asdict(finding))
        for finding in findings
    ]
