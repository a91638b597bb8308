"""The conversation about a document whose source is not in `landing/` yet: its first card.

Belongs here: its order and its words. Not here: what a document is proposed to be, and which
questions that leaves open (`assets/extracts/proposing/`).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

from assets.extracts.adding.asking.question import STOP, Choice, Question
from assets.extracts.adding.dates import stated_days, stated_editions
from assets.extracts.adding.filing import file_document, try_out
from assets.extracts.adding.new_card import card_text
from assets.extracts.adding.opening import Arrived, Part
from assets.extracts.cards.card import Card
from assets.extracts.cards.content import file_sha256
from assets.extracts.document import Document
from assets.extracts.document_rows import ObservationRow, UnavailableRow
from assets.extracts.errors import DocumentError
from assets.extracts.files.container import load_grid
from assets.extracts.files.grid import Grid, column_letters
from assets.extracts.files.pictures.page_picture import draw_pages
from assets.extracts.files.pictures.sheet_picture import Boxed, draw_sheet, sheet_picture
from assets.extracts.meaning.status import STATUSES
from assets.extracts.proposing.entries import card_region, card_tables
from assets.extracts.proposing.facts import (
    Fact,
    publisher,
    source_name,
    standing,
    stated_status,
    title,
    unsettled,
)
from assets.extracts.proposing.open_questions import next_open
from assets.extracts.proposing.proposal import Proposal, why_not
from assets.extracts.proposing.reasons import reasons
from assets.extracts.proposing.seen import Seen, any_table
from assets.extracts.proposing.sheet_tables import SheetTable, sheet_tables
from assets.warehouse.counted import counted
from assets.warehouse.home import Home
from assets.warehouse.lock import writer_lock
from orchestration.commands.command import OK
from orchestration.commands.conversation.asker import Asker, NotFiled
from orchestration.commands.conversation.day import ask_published_on
from orchestration.commands.conversation.request import Request
from orchestration.commands.pages.text_table import Shown, print_table, print_text, text_table

LOCK_WAIT_SECONDS = 60.0
_NONE = "none"
_ROWS, _COLUMNS, _CELL = 14, 7, 14  # shown of a sheet, and of a text in it


def file_new_source(
    home: Home, request: Request, asker: Asker, arrived: Arrived, parts: Sequence[Part], today: date
) -> int:
    """Propose, ask, show and file. Raises DocumentError or NotFiled."""
    tables = _tables(asker, arrived, parts)
    facts = _facts(home, request, asker, arrived, parts, tables, today)
    key = f"{facts['source']}/{facts['edition']}"
    said = {
        "file": arrived.path.name,
        "sha256": file_sha256(arrived.path),
        "bytes": arrived.path.stat().st_size,
    }
    card = card_text({**facts, "document": said, "tables": card_tables(tables)})
    document = try_out(arrived.path, arrived.path.name, card, key, home.landing)
    for number, proposal in tables.items():
        _print_sheet(proposal.grid, _boxed(document, proposal.grid, number), number)
    _draw(home, document, arrived, tables, key)
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
        print_text(f"\nTable {number}{_pinned(pins[number])}, proposed:")
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


def _pinned(keys: Mapping[str, Any]) -> str:
    return "".join(f", {key} {value}" for key, value in keys.items() if key != "hidden")


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


def _facts(
    home: Home,
    request: Request,
    asker: Asker,
    arrived: Arrived,
    parts: Sequence[Part],
    tables: Mapping[str, Proposal],
    today: date,
) -> dict[str, Any]:
    """What the card says outside its tables: as the document says it, or as answered."""
    print()
    source = _source(home, request, asker, arrived, tables)
    by = publisher(parts)
    named = title(parts, tables)
    facts: dict[str, Any] = {"source": source, "edition": 0}
    facts["title"] = _fact(
        asker, "title", named, Choice(Path(arrived.name).name, "the file's name"), 0.95
    )
    facts["publisher"] = _fact(asker, "publisher", by, None)
    url = _fact(asker, "url", None, Choice(_NONE, "the card says null"), 0.95)
    facts["url"] = None if url == _NONE else url
    days = stated_days(arrived.name, parts)
    stated = {day.value: day.where for day in days if day.value <= today}
    published_on = request.published_on or ask_published_on(asker, stated)
    facts["published_on"] = published_on
    facts["accessed_on"] = today
    unstated = Choice("not stated", "the document does not say it")
    facts["licence"] = _fact(asker, "licence", None, unstated, 0.95)
    facts["quality"] = "published"  # the document is filed as it is, nothing computed
    stands = standing(by)
    words = get_args(Card.model_fields["standing"].annotation)
    facts["standing"] = _fact(asker, "standing", stands, Choice("secondary", _MEANT), 0.5, words)
    status = _status(asker, parts, tables, stands is not None, facts["standing"])
    facts |= {} if status is None else {"status": status}
    facts["region"] = card_region(tables)
    facts |= {} if request.note is None else {"note": request.note}
    facts["edition"] = _edition(request, asker, arrived, parts, tables, published_on, today)
    return facts


_MEANT = "who speaks: see the table in landing/README.md"


def _source(
    home: Home, request: Request, asker: Asker, arrived: Arrived, tables: Mapping[str, Proposal]
) -> str:
    """The name of the folder: a name says nothing, so one is taken that is free."""
    source = request.source or source_name(arrived.path.stem, tables)
    if asker.given("source") or not re.fullmatch(r"[a-z0-9_]+", source):
        suggested = re.sub(r"[^a-z0-9_]+", "_", source.casefold()).strip("_") or "new_source"
        question = Question(
            key="source",
            found="the source needs a short name",
            evidence=(),
            choices=(Choice(suggested, "its folder in landing/"), STOP),
            certainty=0.5,
            free="a name in a-z, 0-9 and _",
        )
        source = asker.ask(question, _a_name).word
    if (home.landing / source).exists():
        raise NotFiled(
            f"landing/{source} is a source already.\n"
            f"  Name another with --source, or the edition before with --like {source}/EDITION."
        )
    print_text(f"source {source}: its folder in landing/")
    return source


def _a_name(word: str) -> Choice | None:
    return Choice(word, "its folder") if re.fullmatch(r"[a-z0-9_]+", word) else None


def _fact(
    asker: Asker,
    key: str,
    said: Fact | None,
    suggested: Choice | None,
    certainty: float = 0.5,
    words: Sequence[str] = (),
) -> str:
    """Take what the document says; ask for what it does not."""
    if said is not None and not asker.given(key):
        print_text(f"{key} {said.value}: {said.where}")
        return said.value
    first = Choice(said.value, said.where) if said is not None else suggested
    others = [Choice(word, "") for word in words if first is None or word != first.word]
    question = Question(
        key=key,
        found=f"the document does not say its {key}",
        evidence=(),
        choices=(*((first,) if first else ()), *others, STOP),
        certainty=certainty if first else 0.0,
        free="" if words else f"the {key}",
    )
    return asker.ask(question, None if words else _any_text).word


def _any_text(word: str) -> Choice | None:
    return Choice(word, "") if word.strip() else None


def _status(
    asker: Asker,
    parts: Sequence[Part],
    tables: Mapping[str, Proposal],
    official: bool,
    stands: str,
) -> str | None:
    """Status of the figures that carry no mark: asked, unless a statistical office prints none."""
    hints = unsettled(parts)
    marked = any(stated_status(each.read.figures) for each in tables.values())
    says_it = stands in ("estimate", "forecast") or ((official or marked) and not hints)
    if says_it and not asker.given("status"):
        return None
    if marked and not asker.given("status"):
        return None
    question = Question(
        key="status",
        found="the document does not say the status of its figures",
        evidence=hints,
        choices=(*(Choice(status, "of every figure without a mark") for status in STATUSES), STOP),
        certainty=0.5,
    )
    return asker.ask(question).word


def _edition(
    request: Request,
    asker: Asker,
    arrived: Arrived,
    parts: Sequence[Part],
    tables: Mapping[str, Proposal],
    published_on: date | None,
    today: date,
) -> int:
    """The year it was printed: by its day, by words such as 年鉴, or as answered."""
    newest = max(f.reference_year for each in tables.values() for f in each.read.figures)
    stated = {
        each.value: each.where
        for each in stated_editions(arrived.name, parts)
        if newest <= each.value <= today.year
    }
    edition = request.edition
    if edition is None and published_on is not None and not asker.given("edition"):
        edition = published_on.year
        print_text(f"edition {edition}: the day of publication")
    if edition is None:
        question = Question(
            key="edition",
            found="the document does not say in which year it was printed or fetched",
            evidence=(
                *(f"{year}: {where}" for year, where in stated.items()),
                f"its newest figures are of {newest}",
            ),
            choices=(
                Choice(str(max(stated, default=min(newest + 1, today.year))), "or --edition"),
                STOP,
            ),
            certainty=0.5,
            free="a year",
        )
        edition = int(asker.ask(question, _a_year).word)
    if not newest <= edition <= today.year:
        raise NotFiled(
            f"Edition {edition} does not lie between the newest figures, of {newest}, and "
            f"{today.year}.\n  Name the year it was printed or fetched with --edition."
        )
    return edition


def _a_year(word: str) -> Choice | None:
    return Choice(word, "the edition") if re.fullmatch("[0-9]{4}", word) else None


def _boxed(document: Document, grid: Grid, number: str) -> dict[tuple[int, int], Boxed]:
    """Every cell that was read, with its key."""
    places = {
        (grid.part(cell), cell.ref): (cell.row, cell.column) for row in grid.rows for cell in row
    }
    rows: list[ObservationRow | UnavailableRow] = [*document.observations, *document.unavailable]
    boxed: dict[tuple[int, int], Boxed] = {}
    for row in rows:
        if row.table_number == number:
            about = f"{row.indicator} {row.region} {row.reference_year}"
            if isinstance(row, ObservationRow):
                box = Boxed("figure", f"{about} {row.printed_unit} {row.status}")
            else:
                box = Boxed("missing", f"{about} {row.meaning}")
            boxed[places[row.sheet, row.cell]] = box
    return boxed


def _print_sheet(grid: Grid, boxed: Mapping[tuple[int, int], Boxed], number: str) -> None:
    """The sheet as text, figures in brackets, its middle left out where it is long."""
    rows = [
        number
        for number, row in enumerate(grid.rows, start=1)
        if any(not cell.blank for cell in row)
    ]
    shown = rows if len(rows) <= _ROWS else [*rows[: _ROWS - 4], *rows[-4:]]
    columns = range(1, min(grid.width, _COLUMNS) + 1)

    def text(row: int, column: int) -> str:
        printed = " ".join(grid.cell(row, column).text.split())
        cut = printed if len(printed) <= _CELL else f"{printed[: _CELL - 1]}…"
        return f"[{cut}]" if (row, column) in boxed else cut

    shape: tuple[Shown[int], ...] = (
        Shown("", lambda row: row),
        *(Shown(column_letters(column), _in_column(text, column)) for column in columns),
    )
    left = len(rows) - len(shown), grid.width - len(columns)
    hidden = f"{counted(left[0], 'row')} and {counted(left[1], 'column')}"
    caption = f"Figures in brackets; {hidden} not shown."
    print_table(text_table(f"Table {number}, as it is read", shape, shown, caption))
    keys = {place: box.key for place, box in boxed.items()}
    for place in dict.fromkeys((*list(keys)[:3], *list(keys)[-1:])):
        print_text(f"   {grid.cell(*place).ref}: {grid.cell(*place).text.strip()} = {keys[place]}")
    figures = sum(box.kind == "figure" for box in boxed.values())
    print(f"   {counted(figures, 'figure')} in all")


def _in_column(text: Callable[[int, int], str], column: int) -> Callable[[int], str]:
    return lambda row: text(row, column)


def _draw(
    home: Home,
    document: Document,
    arrived: Arrived,
    tables: Mapping[str, Proposal],
    key: str,
) -> None:
    """A picture of each sheet with every figure boxed, and of each page of a PDF."""
    stem = home.pages / key.replace("/", "-")
    for number, proposal in tables.items():
        boxed = _boxed(document, proposal.grid, number)
        name = f"{arrived.path.name}{_pinned({'table': number})}"
        path = draw_sheet(
            stem.with_name(f"{stem.name}-table-{number}.html"),
            sheet_picture(proposal.grid, name, boxed),
        )
        print_text(f"Picture: {path}")
    if document.places:
        draw_pages(arrived.path, arrived.name, document.places, stem)
        print_text(f"Pictures of its pages: {stem}-p*.png")
