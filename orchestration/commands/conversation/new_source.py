"""The conversation about a document whose source is not in `landing/` yet: its first card.

Belongs here: its order, and the questions about its tables. Not here: what a document is proposed
to be, and which questions that leaves open (`assets/extracts/proposing/`); the facts outside its
tables (`card_facts.py`), showing what was read (`read_sheet.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from assets.extracts.adding.asking.question import STOP, Choice, Question
from assets.extracts.adding.filing import file_document, try_out
from assets.extracts.adding.new_card import card_text
from assets.extracts.adding.opening import Arrived, Part
from assets.extracts.cards.content import file_sha256
from assets.extracts.errors import DocumentError
from assets.extracts.files.container import load_grid
from assets.extracts.files.grid import Grid
from assets.extracts.proposing.entries import card_tables
from assets.extracts.proposing.open_questions import next_open
from assets.extracts.proposing.proposal import Proposal, why_not
from assets.extracts.proposing.reasons import reasons
from assets.extracts.proposing.seen import Seen, any_table
from assets.extracts.proposing.sheet_tables import SheetTable, sheet_tables
from assets.warehouse.home import Home
from assets.warehouse.lock import writer_lock
from orchestration.commands.command import OK
from orchestration.commands.conversation.asker import Asker, NotFiled
from orchestration.commands.conversation.card_facts import card_facts
from orchestration.commands.conversation.read_sheet import (
    boxed_cells,
    draw_sheets,
    pinned,
    print_sheet,
)
from orchestration.commands.conversation.request import Request
from orchestration.commands.pages.text_table import print_text

LOCK_WAIT_SECONDS = 60.0


def file_new_source(
    home: Home, request: Request, asker: Asker, arrived: Arrived, parts: Sequence[Part], today: date
) -> int:
    """Propose, ask, show and file. Raises DocumentError or NotFiled."""
    tables = _tables(asker, arrived, parts)
    facts = card_facts(home, request, asker, arrived, parts, tables, today)
    key = f"{facts['source']}/{facts['edition']}"
    said = {
        "file": arrived.path.name,
        "sha256": file_sha256(arrived.path),
        "bytes": arrived.path.stat().st_size,
    }
    card = card_text({**facts, "document": said, "tables": card_tables(tables)})
    document = try_out(arrived.path, arrived.path.name, card, key, home.landing)
    for number, proposal in tables.items():
        print_sheet(proposal.grid, boxed_cells(document, proposal.grid, number), number)
    draw_sheets(home, document, arrived, tables, key)
    asker.require_all_used()
    print(f"\nlanding/{key}/card.yaml")
    for line in card.splitlines():
        print(f"  {line}")
    print(asker.tally)
    if request.dry_run:
        print(f"\nDry run: nothing was filed. It would be landing/{key}/.")
        return OK
    with writer_lock(home, "yearbook add", LOCK_WAIT_SECONDS):
        file_document(arrived.path, arrived.path.name, card, key, home.landing)
    print(f"\nFiled as landing/{key}/.\nNext: look at the picture, then yearbook refresh")
    return OK


def _tables(asker: Asker, arrived: Arrived, parts: Sequence[Part]) -> dict[str, Proposal]:
    """The settled proposal of each sheet that holds a table, by its number in the card."""
    tables: dict[str, Proposal] = {}
    pins: dict[str, Mapping[str, Any]] = {}
    unread: dict[str, DocumentError] = {}
    for part in parts:
        if part.grid is None:
            assert part.problem is not None
            unread[part.name] = part.problem
            continue
        found = _tables_of(asker, part)
        hidden = _hidden(asker, arrived, part) if found else {}
        for each in found:
            cells = {} if each.cells is None else {"cells": each.cells}
            reading = _chosen(asker, each.readings, str(len(tables) + 1))
            for proposal in _series(asker, reading, str(len(tables) + 1)):
                number = str(len(tables) + 1)
                tables[number] = proposal
                pins[number] = {**part.keys, **cells, **hidden}
        if not found and _holds_numbers(part.grid):
            unread[part.name or arrived.name] = why_not(part.grid) or _no_table(part.grid)
    if not tables:
        raise next(iter(unread.values()), _no_table(next(p.grid for p in parts if p.grid)))
    for number, proposal in tables.items():
        print_text(f"\nTable {number}{pinned(pins[number])}, proposed:")
        for line in reasons(proposal):
            print_text(f"   {line}")
        settled = _settle(asker, proposal, arrived.name, number)
        tables[number] = replace(settled, entry={**pins[number], **settled.entry})
    if unread:
        question = Question(
            key="sheets",
            found=f"{len(unread)} sheets or tables hold numbers and cannot be read",
            evidence=tuple(f"{name}: {problem.found}" for name, problem in unread.items()),
            choices=(Choice("skip", "take nothing of them; the card names the others"), STOP),
            certainty=0.5,
        )
        asker.ask(question)
    return tables


def _tables_of(asker: Asker, part: Part) -> Sequence[SheetTable]:
    """The tables of a sheet; where it may be one or several, as a person says."""
    assert part.grid is not None
    found = sheet_tables(part.grid)
    if not found.or_else:
        return found.tables
    by_word = {"one": found.tables, "several": found.or_else}
    question = Question(
        key="tables",
        found="the sheet may be one table or several",
        evidence=tuple(filter(None, (part.name,))),
        choices=(
            *(
                Choice(word, " | ".join("; ".join(reasons(t.readings[0])) for t in tables))
                for word, tables in by_word.items()
            ),
            STOP,
        ),
        certainty=0.5,
    )
    return by_word[asker.ask(question).word]


def _chosen(asker: Asker, found: Sequence[Proposal], number: str) -> Proposal:
    """Of several readings that contradict each other the one a person takes."""
    if len(found) == 1:
        return found[0]
    by_word = {chr(ord("a") + i): each for i, each in enumerate(found)}
    question = Question(
        key=f"reading/{number}",
        found="the sheet can be read in several ways",
        evidence=(),
        choices=(
            *(Choice(word, "; ".join(reasons(each))) for word, each in by_word.items()),
            STOP,
        ),
        certainty=0.5,
    )
    return by_word[asker.ask(question).word]


def _series(asker: Asker, proposal: Proposal, number: str) -> Sequence[Proposal]:
    """The table, or one for each of its series that a person takes; a series alone is taken."""
    series = proposal.series
    if series is None:
        return [proposal]
    if len(series.lines) == 1:
        return [proposal.of_series(taken) for taken in series.lines]
    question = series.question("series" if number == "1" else f"{number}/series")
    word = asker.ask(question, lambda word: Choice(word, "") if series.named(word) else None).word
    return [proposal.of_series(taken) for taken in series.named(word)]


def _hidden(asker: Asker, arrived: Arrived, part: Part) -> Mapping[str, str]:
    """`hidden: read` where the sheet has hidden rows or columns and a person takes them."""
    try:
        load_grid(arrived.path, arrived.name, any_table(part.keys))
    except DocumentError as error:
        question = Question(
            key="hidden",
            found=error.found,
            evidence=(error.place,),
            choices=(Choice("read", "take hidden rows and columns like visible ones"), STOP),
            certainty=0.5,
        )
        return {"hidden": asker.ask(question).word}
    return {}


def _settle(asker: Asker, proposal: Proposal, name: str, number: str) -> Proposal:
    answered: set[str] = set()
    while True:
        open_ = next_open(proposal, name, number, frozenset(answered), asker.given)
        if open_ is None:
            break
        choice = asker.ask(open_.question, open_.other)
        if choice in open_.question.choices or not choice.tables:
            answered.add(open_.question.key)
        proposal = open_.settle(choice)
    if proposal.read.problem is not None:
        raise proposal.read.problem
    if not proposal.read.figures:
        raise NotFiled(
            "No label of the table means an indicator that is known, so nothing would be read.\n"
            "  Say which one does, by --answer 'label/LABEL=INDICATOR', or declare it in "
            "landing/indicators.yaml."
        )
    return proposal


def _holds_numbers(grid: Grid) -> bool:
    seen = Seen(grid)
    return any(seen.is_number(cell) for row in grid.rows for cell in row)


def _no_table(grid: Grid) -> DocumentError:
    return grid.error(
        None,
        found="there is no table with a header above figures and labels, regions or years beside",
        expected="a table of indicators, regions and years",
        advice="Write the card by hand: landing/README.md shows how.",
    )
