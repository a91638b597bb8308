"""A published study computed again: every printed number with what became of it.

Belongs here: running the steps of a folder and judging its printed numbers. Not here: the contract
(contract.py), what a step gives (steps.py), rules of the verdicts (`assets/papers`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assets.extracts.errors import DocumentError
from assets.papers.printed_verdict import Verdict, judge_printed
from assets.replication.contract import (
    PRINTED_NAME,
    PrintedNumber,
    Replication,
    read_contract,
    read_data,
    read_printed,
)
from assets.replication.steps import Number, Numbers, computed
from assets.vintages.failures import Refusal


@dataclass(frozen=True, slots=True)
class Replicated:
    """One printed number. computed: None where no step gives it."""

    table: str
    cell: str
    step: str
    term: str
    statistic: str
    printed: str
    computed: float | None
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class ReplicatedStudy:
    """A study with all its printed numbers. refused: steps that could not be computed, and why."""

    contract: Replication
    numbers: Sequence[Replicated]
    refused: dict[str, str]


def replicate(folder: Path) -> ReplicatedStudy:
    """Compute the steps of a folder and judge each printed number.

    A step that its data do not allow leaves its numbers not determinable, with the reason. Raises
    DocumentError where the folder is not as the contract wants it.
    """
    contract = read_contract(folder)
    data, printed = read_data(folder, contract), read_printed(folder, contract)
    found: dict[str, Numbers] = {}
    refused: dict[str, str] = {}
    for name, step in contract.steps.items():
        try:
            found[name] = computed(step, data[step.data])
        except (Refusal, ValueError) as error:
            refused[name] = str(error)
    numbers = [_judged(folder, each, found.get(each.step, {}), refused) for each in printed]
    return ReplicatedStudy(contract, numbers, refused)


def _judged(
    folder: Path, each: PrintedNumber, numbers: Numbers, refused: dict[str, str]
) -> Replicated:
    number: Number | None = numbers.get((each.term, each.statistic))
    why = each.reason
    if not why and number is None and each.step:
        why = refused.get(each.step, "") or _near(each, numbers)
    try:
        judged = judge_printed(
            None if number is None else number.value,
            each.printed,
            {} if number is None else number.others,
            why,
        )
    except ValueError as error:
        raise DocumentError(
            f"{folder.name}/{PRINTED_NAME}",
            found=f"line {each.line}: {error}",
            expected="the number as it is printed, with its stars or brackets",
            advice="Compare the line with the paper.",
        ) from error
    return Replicated(
        table=each.table,
        cell=each.cell,
        step=each.step,
        term=each.term,
        statistic=each.statistic,
        printed=each.printed,
        computed=None if number is None else number.value,
        verdict=judged.verdict,
        reason=judged.reason,
    )


def _near(each: PrintedNumber, numbers: Numbers) -> str:
    """What the step has, where it has no such number."""
    own = sorted(statistic for term, statistic in numbers if term == each.term)
    if own:
        return f"step {each.step} has of '{each.term}' only {', '.join(own)}"
    terms = sorted({term for term, _ in numbers})
    return f"step {each.step} has no '{each.term}', but {', '.join(terms[:8])} ..."
