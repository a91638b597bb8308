"""What differs between two published vintages: documents, definitions, values, verdicts.

Belongs here: the rows, and asking for them. Not here: finding them
(`sql/queries/commands/changed_*.sql`), and showing them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from assets.warehouse.home import Home
from assets.warehouse.queries import ask


@dataclass(frozen=True, slots=True)
class ChangedDocument:
    """A document that differs (`changed_documents.sql`)."""

    change: str
    source: str
    edition: int


@dataclass(frozen=True, slots=True)
class ChangedDefinition:
    """A study that is defined otherwise (`changed_definitions.sql`)."""

    change: str
    study: str
    old_definition: str | None
    new_definition: str | None

    @property
    def changed_keys(self) -> str:
        """The parts of a definition that differ; none where one of the two is not there."""
        if self.old_definition is None or self.new_definition is None:
            return ""
        before, after = json.loads(self.old_definition), json.loads(self.new_definition)
        keys = dict.fromkeys((*before, *after))
        return ", ".join(key for key in keys if before.get(key) != after.get(key))


@dataclass(frozen=True, slots=True)
class ChangedIndexValue:
    """An index value that differs (`changed_index_values.sql`)."""

    study: str
    region: str
    sample: str
    index_id: str
    reference_year: int
    old_value: float | None
    new_value: float | None
    change_pct: float | None
    fitted: bool


@dataclass(frozen=True, slots=True)
class ChangedCoefficient:
    """A coefficient that differs (`changed_coefficients.sql`)."""

    study: str
    region: str
    sample: str
    estimator: str
    term: str
    old_coefficient: float | None
    new_coefficient: float | None
    old_std_error: float | None
    moved: float | None


@dataclass(frozen=True, slots=True)
class ChangedVerdict:
    """A fit whose status, size or verdict differs (`changed_verdicts.sql`)."""

    study: str
    region: str
    sample: str
    estimator: str
    old_status: str
    new_status: str
    old_n: int | None
    new_n: int | None
    old_r2: float | None
    new_r2: float | None
    old_text: str
    new_text: str


@dataclass(frozen=True, slots=True)
class ChangedFinding:
    """A claim about towns of which the verdict differs (`changed_findings.sql`)."""

    dataset: str
    simulated: bool
    claim: str
    part: str
    old_verdict: str | None
    new_verdict: str | None


@dataclass(frozen=True, slots=True)
class ChangedNumber:
    """A printed number printed, computed or judged otherwise (`changed_printed_numbers.sql`)."""

    study: str
    table_number: str
    cell: str
    what: str
    old_printed: str | None
    new_printed: str | None
    old_computed: float | None
    new_computed: float | None
    old_verdict: str | None
    new_verdict: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """All that differs, each the largest first."""

    documents: Sequence[ChangedDocument]
    definitions: Sequence[ChangedDefinition]
    index_values: Sequence[ChangedIndexValue]
    coefficients: Sequence[ChangedCoefficient]
    verdicts: Sequence[ChangedVerdict]
    findings: Sequence[ChangedFinding]
    numbers: Sequence[ChangedNumber]


def changes(home: Home, old: str, new: str) -> Changes:
    """What differs from vintage `old` to `new`.

    Raises WarehouseError where one of them is older than what would have to be compared.
    """
    from assets.vintages.published import require_recorded, require_table

    names = {"old": old, "new": new}
    for vintage in (old, new):
        require_recorded(home, vintage, "model.study_definition")
    for table in (
        "model.vintage_document",
        "model.vintage_index_value",
        "model.town_finding",
        "raw.replication",
    ):
        require_table(home, table)
    return Changes(
        ask(home, "commands/changed_documents", ChangedDocument, names),
        ask(home, "commands/changed_definitions", ChangedDefinition, names),
        ask(home, "commands/changed_index_values", ChangedIndexValue, names),
        ask(home, "commands/changed_coefficients", ChangedCoefficient, names),
        ask(home, "commands/changed_verdicts", ChangedVerdict, names),
        ask(home, "commands/changed_findings", ChangedFinding, names),
        ask(home, "commands/changed_printed_numbers", ChangedNumber, names),
    )
