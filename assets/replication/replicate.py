"""A published study computed again: every printed number with what became of it.

Belongs here: running the steps of a study and judging its printed numbers. Not here: the contract
(contract.py), what a step gives (steps.py), rules of the verdicts (`assets/papers`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from assets.papers.printed_verdict import Verdict, judge_printed
from assets.replication.contract import (
    PrintedNumber,
    Replication,
    read_contract,
    read_data,
    read_printed,
)
from assets.replication.documents import data_of, documents_in, printed_in
from assets.replication.steps import Number, Numbers, computed
from assets.vintages.failures import Refusal


@dataclass(frozen=True, slots=True)
class Replicated:
    """One printed number. computed: None where no step gives it."""

    number: PrintedNumber
    computed: float | None
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class ReplicatedStudy:
    """A study with all its printed numbers. refused: steps that could not be computed, and why."""

    contract: Replication
    numbers: Sequence[Replicated]
    refused: dict[str, str]


def replicate(folder: Path, landing: Path) -> ReplicatedStudy:
    """Compute the steps of a folder and judge each printed number.

    landing: where documents lie that the folder names. Raises DocumentError where the folder is
    not as the contract wants it.
    """
    contract = read_contract(folder)
    texts, printed = read_data(folder, contract), read_printed(folder, contract)
    documents = documents_in(landing, contract)
    printed = [*printed, *printed_in(contract, documents)]
    return replicated(contract, data_of(contract, texts, documents), printed)


def replicated(
    contract: Replication, data: Mapping[str, pd.DataFrame], printed: Sequence[PrintedNumber]
) -> ReplicatedStudy:
    """Compute the steps of a study and judge each printed number.

    A step that its data do not allow leaves its numbers not determinable, with the reason.
    """
    found: dict[str, Numbers] = {}
    refused: dict[str, str] = {}
    for name, step in contract.steps.items():
        if step.data not in data:
            refused[name] = f"the document {contract.data[step.data].document} has no figures"
            continue
        try:
            found[name] = computed(step, data[step.data])
        except (Refusal, ValueError) as error:
            refused[name] = str(error)
    numbers = [_judged(each, found.get(each.step, {}), refused) for each in printed]
    return ReplicatedStudy(contract, numbers, refused)


def _judged(each: PrintedNumber, numbers: Numbers, refused: dict[str, str]) -> Replicated:
    number: Number | None = numbers.get(each.asked)
    why = each.reason
    if not why and number is None and each.step:
        why = refused.get(each.step, "") or _near(each, numbers)
    judged = judge_printed(
        None if number is None else number.value,
        each.printed,
        {} if number is None else number.others,
        why,
    )
    value = None if number is None else number.value
    return Replicated(each, value, judged.verdict, judged.reason)


def _near(each: PrintedNumber, numbers: Numbers) -> str:
    """What the step has, where it has no such number."""
    term, _ = each.asked
    own = sorted(statistic for other, statistic in numbers if other == term)
    if own:
        return f"step {each.step} has of '{term}' only {', '.join(own)}"
    terms = sorted({other for other, _ in numbers})
    return f"step {each.step} has no '{term}', but {', '.join(terms[:8])} ..."
