"""The conversation of `yearbook add`: a document is compared with the edition before, and filed.

Belongs here: its order and its words. Not here: what changed and what that may mean
(`assets/extracts/adding/`).
"""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from assets.extracts.adding.asking.changes import change_questions, notes
from assets.extracts.adding.asking.matching import Match, label_questions, match
from assets.extracts.adding.asking.placement import container_changes, placement_question
from assets.extracts.adding.asking.question import CERTAIN, STOP, Choice, Question
from assets.extracts.adding.comparing import Comparison, Revised, compare
from assets.extracts.adding.dates import stated_days, stated_editions
from assets.extracts.adding.draft import Draft
from assets.extracts.adding.filing import already_filed, file_document, require_free, try_out
from assets.extracts.adding.new_card import Facts, card_text, new_card
from assets.extracts.adding.opening import Arrived, Part, open_part, open_parts, require_readable
from assets.extracts.adding.previous import Previous, load_previous
from assets.extracts.adding.probe import Line
from assets.extracts.adding.recognise import certainty, likeliest
from assets.extracts.cards.content import file_sha256
from assets.extracts.landed.reading import ReadingProcess
from assets.extracts.region_statements import region_lines
from assets.warehouse.home import Home
from assets.warehouse.lock import writer_lock
from orchestration.commands.command import OK
from orchestration.commands.conversation.asker import Asker, NotFiled, an_edition
from orchestration.commands.conversation.day import ask_published_on
from orchestration.commands.conversation.new_source import LOCK_WAIT_SECONDS, file_new_source
from orchestration.commands.conversation.request import Request
from orchestration.commands.pages.progress_line import ProgressLine
from orchestration.commands.pages.text_table import (
    Shown,
    named,
    print_table,
    print_text,
    text_table,
)

_NEW = "new"
_SHOWN = 5  # differences from the edition before


def file_arrived(home: Home, request: Request) -> int:
    """Recognise, compare, ask and file one document. Raises DocumentError or NotFiled."""
    with tempfile.TemporaryDirectory(prefix="yearbook-") as folder:
        return _add(home, request, Path(folder))


def _add(home: Home, request: Request, folder: Path) -> int:
    arrived = _take(home, request.file, folder)
    with ReadingProcess() as process, ProgressLine(f"reading {arrived.name}"):
        parts = process.run(arrived.name, partial(open_parts, arrived))
    asker = Asker(request.yes, request.answers)
    parts = tuple(_with_decimal(asker, arrived, part) for part in parts)
    today = datetime.now(UTC).date()
    previous = None
    if request.source is None:
        previous = _previous(home, request, asker, arrived, parts, today.year)
    if previous is None:
        return file_new_source(home, request, asker, arrived, parts, today)
    draft = _place(Draft(previous, arrived, parts, today.year, {}), asker)
    edition, published_on = _dates(draft, request, asker, today)
    key = f"{previous.card.source}/{edition}"
    require_free(key, home.landing)
    draft = _settle(draft, asker)
    facts = Facts(
        edition=edition,
        published_on=published_on,
        accessed_on=today,
        note=request.note,
        file=arrived.path.name,
        sha256=file_sha256(arrived.path),
        bytes=arrived.path.stat().st_size,
    )
    card = card_text(new_card(draft, facts))
    document = try_out(arrived.path, facts.file, card, key, home.landing)
    _print_comparison(compare(document.observations, previous.known), len(document.statistics))
    asker.require_all_used()
    _print_card(card, key, previous)
    print(asker.tally)
    if request.dry_run:
        print(f"\nDry run: nothing was filed. It would be landing/{key}/.")
        return OK
    with writer_lock(home, "yearbook add", LOCK_WAIT_SECONDS):
        file_document(arrived.path, facts.file, card, key, home.landing)
    print(f"\nFiled as landing/{key}/.\nNext: yearbook refresh")
    return OK


def _take(home: Home, file: Path, folder: Path) -> Arrived:
    """Copy the file, so that what is compared is what is filed."""
    require_readable(str(file), file)
    there = already_filed(file, home.landing)
    if there is not None:
        raise NotFiled(f"{file} is filed already, with the same sha256: landing/{there}/.")
    copy = folder / (file.stem + file.suffix.lower())
    try:
        content = file.read_bytes()
    except OSError as error:
        raise NotFiled(f"{file} cannot be read ({error.strerror}).") from error
    copy.write_bytes(content)
    return Arrived(str(file), copy)


def _with_decimal(asker: Asker, arrived: Arrived, part: Part) -> Part:
    """The part as a person says that its commas are to be read, where nothing else does."""
    if part.problem is None or part.problem.lacks != "decimal":
        return part
    example = part.problem.label
    question = Question(
        key="decimal",
        found=part.problem.found,
        evidence=(),
        choices=(
            STOP,
            Choice("comma", f"{example} is {example.replace(',', '.')}"),
            Choice("point", f"{example} is {example.replace(',', '')}"),
        ),
        certainty=0.5,
    )
    return open_part(arrived, {**part.keys, "decimal": asker.ask(question).word})


def _previous(
    home: Home,
    request: Request,
    asker: Asker,
    arrived: Arrived,
    parts: Sequence[Part],
    this_year: int,
) -> Previous | None:
    """The edition before; None where the source is new."""
    if request.like is not None:
        source, _, edition = request.like.partition("/")
        return load_previous(home.landing, source, edition)
    found = likeliest(home.landing, arrived, tuple(parts), this_year)
    if not found:
        print(f"{arrived.name} is like no document in landing/: a new source.")
        return None
    by_key = {each.previous.key: each.previous for each in found}
    sure = certainty(found)
    question = Question(
        key="like",
        found=f"{arrived.name} looks like the next edition after {found[0].previous.key}",
        evidence=(
            *(f"{each.previous.key}: {each.why}" for each in found[:3]),
            *found[0].differs[:_SHOWN],
        ),
        choices=(
            *(Choice(k, f"compare with {k}") for k in list(by_key)[:3]),
            Choice(_NEW, "its source is not in landing/ yet (or --source)"),
            STOP,
        ),
        certainty=sure,
    )
    if sure >= CERTAIN:
        print(f"{question.found} ({found[0].why}).")
        return found[0].previous
    word = asker.ask(question, lambda key: Choice(key, "") if key in by_key else None).word
    return None if word == _NEW else by_key[word]


def _place(draft: Draft, asker: Asker) -> Draft:
    changes = container_changes(draft)
    draft = draft.with_tables(changes)
    before = draft.previous.card.document.file
    print(f"{draft.arrived.name} against {draft.previous.key} ({before})")
    for number, changed in changes.items():
        told = ", ".join(f"{key}: {value or 'not stated'}" for key, value in changed.items())
        print(f"The file says so itself, in the card of table {number}: {told}.")
    for number in draft.previous.card.tables:
        question = placement_question(draft, number)
        if question is not None:
            draft = draft.with_tables(asker.ask(question).tables)
    for number, reading in draft.readings().items():
        for line in region_lines(reading.grid):
            print(f"Region of table {number}: {line.text} ({line.cell.ref})")
    return draft


def _dates(draft: Draft, request: Request, asker: Asker, today: date) -> tuple[int, date | None]:
    name, parts = draft.arrived.name, draft.parts
    stated = {day.value: day.where for day in stated_days(name, parts) if day.value <= today}
    published_on = request.published_on or ask_published_on(asker, stated)
    edition = request.edition
    if edition is None:
        edition = _edition(draft, asker, published_on, today)
    before = draft.previous.card.edition
    if not before < edition <= today.year:
        raise NotFiled(
            f"Edition {edition} does not lie after {draft.previous.key} and up to {today.year}.\n"
            "  Name the edition with --edition, an earlier one to compare with by --like, or the "
            "source with --source if it is another one."
        )
    return edition, published_on


def _edition(draft: Draft, asker: Asker, published_on: date | None, today: date) -> int:
    before = draft.previous.card.edition
    newest = _newest(line for reading in draft.readings().values() for line in reading.lines)
    stated = {
        each.value: each.where
        for each in stated_editions(draft.arrived.name, draft.parts)
        if max(before + 1, newest) <= each.value <= today.year
    }
    if published_on is not None and published_on.year > before:
        stated.setdefault(published_on.year, f"the day of publication, {published_on}")
    if len(stated) == 1:
        [(edition, where)] = stated.items()
        print(f"edition {edition}: {where}")
        return edition
    old = draft.previous.readings.values()
    behind = before - (_newest(line for reading in old for line in reading.lines) or before)
    suggested = max(stated, default=max(before + 1, newest + behind))
    question = Question(
        key="edition",
        found="the edition is not stated" if not stated else "several editions are stated",
        evidence=tuple(f"{year}: {where}" for year, where in stated.items())
        or (f"its newest figures are of {newest}",),
        choices=(Choice(str(suggested), "the year it was printed (or --edition)"), STOP),
        certainty=0.5,
    )
    return int(asker.ask(question, an_edition).word)


def _newest(lines: Iterable[Line]) -> int:
    return max((year for line in lines for year in line.values), default=0)


def _settle(draft: Draft, asker: Asker) -> Draft:
    """Ask about labels first, since what else changed shows only once they are paired."""
    readings = draft.readings()
    for reading in readings.values():
        if reading.problem is not None:
            raise reading.problem
    matches = [match(draft, reading) for reading in readings.values()]
    _print_labels(draft, matches)
    for found in matches:
        for question in _keyed(draft, found.number, label_questions(draft, found)):
            draft = draft.with_tables(asker.ask(question).tables)
    for reading in draft.readings().values():
        for question in _keyed(draft, reading.number, change_questions(draft, reading)):
            draft = draft.with_tables(asker.ask(question).tables)
    return draft


def _keyed(draft: Draft, number: str, questions: Sequence[Question]) -> Sequence[Question]:
    """Tell questions about the same label of several tables apart."""
    if len(draft.previous.card.tables) == 1:
        return questions
    return [replace(question, key=f"{number}/{question.key}") for question in questions]


@dataclass(frozen=True, slots=True)
class _Label:
    """A label of a table before and now; a term that is gone stands as it was.

    regions: how many have it so.
    """

    table: str
    status: str
    before: Line | None = None
    now: Line | None = None
    term_gone: str = ""
    unknown: str = ""
    regions: int = 1

    @property
    def told(self) -> str:
        """What became of it."""
        same = self.before is None or self.now is None or self.before.unit == self.now.unit
        told = self.status if same else f"{self.status}, unit changed?"
        return told if self.regions == 1 else f"{told} ({self.regions} regions)"


def _of_regions(
    table: str, status: str, pairs: Iterable[tuple[Line | None, Line | None]]
) -> list[_Label]:
    """One row for what all regions of a label have alike."""
    alike: dict[tuple[tuple[str, str] | None, ...], list[tuple[Line | None, Line | None]]] = {}
    for pair in pairs:
        texts = tuple(None if line is None else (line.label, line.printed_unit) for line in pair)
        alike.setdefault(texts, []).append(pair)
    return [
        _Label(table, status, before, now, regions=len(found))
        for found in alike.values()
        for before, now in found[:1]
    ]


def _print_labels(draft: Draft, matches: Sequence[Match]) -> None:
    rows: list[_Label] = []
    for found in matches:
        number = found.number
        rows += _of_regions(number, "matched", found.same)
        rows += _of_regions(number, "renamed?", ((p.before, p.now) for p in found.renamed))
        rows += _of_regions(number, "gone?", ((line, None) for line in found.gone))
        rows += _of_regions(number, "new", ((None, line) for line in found.new))
        rows += [_Label(number, "new, unknown?", unknown=each.label) for each in found.unknown]
        rows += [_Label(number, "gone?", term_gone=term) for term in found.terms_gone]
    columns: tuple[Shown[_Label], ...] = (
        *named("table"),
        Shown(
            f"edition {draft.previous.card.edition}",
            lambda row: row.before.label if row.before else row.term_gone,
        ),
        Shown("unit", lambda row: row.before.printed_unit if row.before else ""),
        Shown("now", lambda row: row.now.label if row.now else row.unknown),
        Shown("unit", lambda row: row.now.printed_unit if row.now else ""),
        Shown("", lambda row: row.told),
    )
    print_table(text_table("Labels and units", columns, rows))
    for reading in draft.readings().values():
        before = set(notes(draft.previous.readings[reading.number]))
        for text in notes(reading):
            if text not in before:
                print_text(f"New note under table {reading.number}: {text}")


_REVISED: tuple[Shown[Revised], ...] = (
    *named("indicator", "region"),
    Shown("year", lambda row: row.reference_year),
    Shown("old", lambda row: f"{row.old.normalize():f}"),
    Shown("new", lambda row: f"{row.new.normalize():f}"),
    Shown("%", lambda row: "from 0" if row.change_pct is None else f"{row.change_pct:+.2f}"),
    *named("unit"),
    Shown("old edition", lambda row: row.old_edition),
    *named("cell"),
)


def _print_comparison(found: Comparison, statistics: int) -> None:
    if statistics:
        print(f"\n{statistics} printed statistics were read.")
    span = sorted({str(year) for year in (*found.first_years[:1], *found.first_years[-1:])})
    years = f" ({'-'.join(span)})" if span else ""
    print(
        f"\nFigures: {found.same} as before, {len(found.revised)} differ, "
        f"{found.first_prints} printed for the first time{years}."
    )
    if found.revised:
        title = "Figures that differ, the largest change first"
        print_table(text_table(title, _REVISED, found.revised))


def _print_card(card: str, key: str, previous: Previous) -> None:
    print(f"\nlanding/{key}/card.yaml")
    for line in card.splitlines():
        print(f"  {line}")
    before = previous.card
    print(
        f"All else as in {previous.key}: publisher {before.publisher}; standing "
        f"{before.standing}; quality {before.quality}; retyped {str(before.retyped).lower()}; "
        f"url {before.url or 'null'}."
    )
    if before.retyped:
        print("If this is the publisher's own file, put `retyped: false` into the card.")
