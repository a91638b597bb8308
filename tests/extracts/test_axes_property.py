"""Random tables of known truth, read by a card made from it and by what `add` proposes.

No figure may be wrong, and no changed cell may pass unseen. The slow test does the same for 2,000
tables and prints the shares (`uv run pytest -m slow -n 0 -s tests/extracts/test_axes_property.py`).
"""

import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from assets.extracts.adding.opening import Arrived, open_parts
from assets.extracts.document import read_document
from assets.extracts.errors import DocumentError
from assets.extracts.proposing.entries import card_region, card_tables
from assets.extracts.proposing.open_questions import next_open
from assets.extracts.proposing.proposal import Proposal
from assets.extracts.proposing.seen import table_entry
from assets.extracts.proposing.sheet_tables import sheet_tables
from assets.extracts.taken.edition_before import NO_PREVIOUS

Figures = dict[tuple[str, str, int], tuple[float, str]]


@dataclass(frozen=True)
class Trial:
    """One table at a time, in a landing folder of its own."""

    catalogue: ModuleType
    random_tables: ModuleType
    folder: Path

    def read(self, made: Any, tables: dict[str, Any], region: str) -> Figures:
        """What a card takes of a table."""
        name, raw = self.random_tables.raw_file(made, self.catalogue.containers)
        card = {**self.catalogue.sound_card(name, raw, tables), "region": region}
        self.catalogue.write_folder(self.folder, card, raw)
        path = self.folder / self.catalogue.SOURCE / "2020/card.yaml"
        rows = read_document(path, self.folder, NO_PREVIOUS).observations
        return {(r.indicator, r.region, r.reference_year): (r.value, r.status) for r in rows}

    def by_truth(self, made: Any) -> Figures:
        """By the card made from the truth."""
        axes = made.entry["axes"]
        keys = {key: value for key, value in made.entry.items() if key != "axes"}
        keys |= {"table": 2} if made.kind == "html" else {}
        return self.read(made, {"1": table_entry(axes, **keys)}, made.region)

    def by_proposal(self, made: Any, *unsaid: dict[str, str]) -> tuple[str, Figures]:
        """By the proposal, with answers only to what the file does not say of each table.

        Its outcome: 'alone', 'answered', 'asked' (for something that the file does say), 'refused'.
        """
        name, raw = self.random_tables.raw_file(made, self.catalogue.containers)
        path = self.folder / name
        path.write_bytes(raw)
        try:
            part = open_parts(Arrived(name, path))[-1]
            assert part.grid is not None
            found = sheet_tables(part.grid)
            if found.or_else or not found.tables:
                return "refused", {}
            outcome = "alone"
            tables: dict[str, Proposal] = {}
            pins: dict[str, dict[str, Any]] = {}
            for number, table in zip("123456789", found.tables, strict=False):
                [proposal, *others] = table.readings
                if others:
                    return "refused", {}
                answered: set[str] = set()
                while open_ := next_open(
                    proposal, "", number, frozenset(answered), lambda _: False
                ):
                    question = open_.question
                    answered.add(question.key)
                    choice = question.choices[0]
                    if not question.certain:
                        outcome = "answered"
                        asked = question.key.removeprefix(f"{number}/").split("/")[0]
                        word = unsaid[min(int(number), len(unsaid)) - 1].get(asked)
                        answer = word and (question.choice(word) or open_.other(word))
                        if not answer:
                            return "asked", {}
                        choice = answer
                    proposal = open_.settle(choice)
                tables[number] = proposal
                pins[number] = {**part.keys, **({"cells": table.cells} if table.cells else {})}
            entries = {n: {**pins[n], **entry} for n, entry in card_tables(tables).items()}
            return outcome, self.read(made, entries, card_region(tables))
        except DocumentError:
            return "refused", {}

    def shared_by_truth(self, made: Any) -> Figures:
        """Two tables of one sheet, by the card made from the truth."""
        entries: dict[str, dict[str, Any]] = {}
        for number, (table, cells) in enumerate(zip(made.tables, made.cells, strict=True), start=1):
            keys = {key: value for key, value in table.entry.items() if key != "axes"}
            keys |= {"table": 2} if made.whole.kind == "html" else {}
            axes = {"region": {"once": table.region}, **table.entry["axes"]}
            entries[str(number)] = table_entry(axes, cells=cells, **keys)
        return self.read(made.whole, entries, "CN")


@pytest.fixture
def trial(catalogue: ModuleType, random_tables: ModuleType, landing: Path) -> Trial:
    return Trial(catalogue, random_tables, landing)


def wrong(read: Figures, truth: Figures) -> Figures:
    """Figures that are not in the truth, or not as it has them."""
    return {
        key: found
        for key, found in read.items()
        if key not in truth or found[1] != truth[key][1] or found[0] != pytest.approx(truth[key][0])
    }


def _try_table(trial: Trial, seed: int) -> str:
    """Read one table both ways; what the proposal came to."""
    made = trial.random_tables.table(random.Random(seed))
    read = trial.by_truth(made)
    assert read.keys() == made.truth.keys()
    assert not wrong(read, made.truth)
    outcome, read = trial.by_proposal(made, made.unsaid)
    assert not wrong(read, made.truth)
    return outcome if read.keys() == made.truth.keys() else f"{outcome}, not whole"


def _try_shared(trial: Trial, seed: int) -> str:
    """Read a sheet of two tables both ways; what the proposal came to."""
    made = trial.random_tables.shared(random.Random(seed))
    read = trial.shared_by_truth(made)
    assert read.keys() == made.truth.keys()
    assert not wrong(read, made.truth)
    outcome, read = trial.by_proposal(made.whole, *(table.unsaid for table in made.tables))
    assert not wrong(read, made.truth)
    return outcome if read.keys() == made.truth.keys() else f"{outcome}, not whole"


def _try_change(trial: Trial, seed: int) -> None:
    """Change one cell: either is what the changed file says, or refused, or asked for."""
    draw = random.Random(seed)
    made = trial.random_tables.table(draw)
    change = draw.choice(made.changes)
    changed = trial.random_tables.with_cell(made, change)
    try:
        read = trial.by_truth(changed)
    except DocumentError:
        pass
    else:
        assert change.truth is not None, change
        assert read.keys() == change.truth.keys(), change
        assert not wrong(read, change.truth), change
    outcome, read = trial.by_proposal(changed, made.unsaid)
    if outcome in ("alone", "answered"):
        truth = made.truth if change.truth is None else change.truth
        assert not wrong(read, truth), change
        if change.truth is None and not change.is_heading_of_keys:
            assert read.keys() < made.truth.keys(), change  # under what is left out by name


@pytest.mark.parametrize("first", range(0, 60, 6))
def test_random_tables(trial: Trial, first: int) -> None:
    outcomes = [_try_table(trial, seed) for seed in range(first, first + 6)]
    assert set(outcomes) <= {"alone", "answered"}, outcomes


@pytest.mark.parametrize("first", range(10_000, 10_060, 6))
def test_one_changed_cell_never_passes_unseen(trial: Trial, first: int) -> None:
    for seed in range(first, first + 6):
        _try_change(trial, seed)


@pytest.mark.parametrize("first", range(40_000, 40_012, 6))
def test_two_tables_of_one_sheet(trial: Trial, first: int) -> None:
    for seed in range(first, first + 6):
        _try_shared(trial, seed)


@pytest.mark.slow
def test_two_thousand_tables_and_five_hundred_changes(trial: Trial) -> None:
    outcomes = Counter(_try_table(trial, seed) for seed in range(20_000, 22_000))
    print("\n2,000 tables, no figure wrong; by the proposal of add:")
    for outcome, count in outcomes.most_common():
        print(f"  {outcome:<24}{count:>6}{count / 2000:>8.1%}")
    for seed in range(30_000, 30_500):
        _try_change(trial, seed)
    print("500 tables with one changed cell: none passed unseen")
    assert outcomes["alone"] > 1400
