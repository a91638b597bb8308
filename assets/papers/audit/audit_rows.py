"""The audit's table in the warehouse.

Belongs here: its declaration and how findings become its rows. Not here: the rules.
"""

from collections.abc import Sequence
from dataclasses import astuple
from typing import TYPE_CHECKING

from assets.papers.audit.finding import Finding
from assets.vintages.keys import VINTAGE
from assets.warehouse.table import Column, Table, as_frame

if TYPE_CHECKING:
    import pandas as pd

MODEL_AUDIT_FINDING = Table(
    name="model.audit_finding",
    grain="one row per vintage, paper, rule and printed number",
    columns=(
        VINTAGE,
        Column("source", "VARCHAR", "the paper: folder of the document under landing/"),
        Column("edition", "INTEGER", "year it was printed"),
        Column("rule", "VARCHAR", "what was tested, such as t_is_coefficient_over_se"),
        Column("table_number", "VARCHAR", "table of the paper; text for its running text"),
        Column("cell", "VARCHAR", "sheet and cell, place in the text, or number of the claim"),
        Column("term", "VARCHAR", "variable, or const; empty for a statistic of the model"),
        Column("other_term", "VARCHAR", "second variable, or the degrees of freedom tried"),
        Column("statistic", "VARCHAR", "what was printed: min, r, coefficient, p, stars"),
        Column("printed_value", "VARCHAR", "as printed, with its stars"),
        Column("expected", "VARCHAR", "what follows from the other printed numbers"),
        Column("low", "DOUBLE", "lowest that rounding allows; NULL: no bound", nullable=True),
        Column("high", "DOUBLE", "highest that rounding allows; NULL: no bound", nullable=True),
        Column("verdict", "VARCHAR", "consistent, inconsistent or not_determinable"),
        Column("consequence", "VARCHAR", "what it changes in the paper's conclusions"),
    ),
    primary_key=(
        *("vintage", "source", "edition", "rule", "table_number", "cell"),
        *("term", "other_term", "statistic"),
    ),
)


def finding_rows(
    vintage: str, source: str, edition: int, findings: Sequence[Finding]
) -> "pd.DataFrame":
    """Findings of one paper as rows of model.audit_finding."""
    rows = [(vintage, source, edition, *astuple(finding)) for finding in findings]
    return as_frame(MODEL_AUDIT_FINDING, rows)
