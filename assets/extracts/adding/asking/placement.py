"""Where in a file each table of the edition before stands now, and in which shape.

Belongs here: trying every sheet and shape, and the questions that a moved table raises. Not here:
labels one by one (`matching.py`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from assets.extracts.adding.asking.question import STOP, Choice, Question
from assets.extracts.adding.draft import Draft
from assets.extracts.adding.opening import Part
from assets.extracts.adding.probe import Reading, probe
from assets.extracts.cards.axes_card import shapes
from assets.extracts.cards.card import TableCard, misplaced_pins
from assets.extracts.errors import DocumentError
from assets.extracts.files.container import load_grid
from assets.extracts.labels import split_unit
from assets.extracts.meaning.registry import indicator_of, normalise_label

_ALIKE = 0.6  # texts this similar may be the same title of two editions
_LEAST = 0.3  # of the labels: less is another table


@dataclass(frozen=True, slots=True)
class Place:
    """One way to read a table: on which sheet, in which shape, and how much of it is found."""

    part: Part
    changes: Mapping[str, Any]  # of the table's card: sheet, axes
    reading: Reading
    found: float  # share of the labels of the edition before, similar ones counted by similarity


def container_changes(draft: Draft) -> dict[str, Any]:
    """What the kind of file alone changes in every table's card: no question, the file says it."""
    changes: dict[str, dict[str, Any]] = {}
    for number, table in draft.previous.card.tables.items():
        misplaced = misplaced_pins(table, draft.arrived.kind)
        stated = [key for key in ("encoding", "delimiter") if getattr(table, key) is not None]
        kept = [key for key in stated if key not in misplaced]
        if kept and not _reads(draft, table):
            misplaced = (*misplaced, *kept)
        if misplaced:
            changes[number] = dict.fromkeys(misplaced)
    return changes


def _reads(draft: Draft, table: TableCard) -> bool:
    try:
        load_grid(draft.arrived.path, draft.arrived.name, table)
    except DocumentError:
        return False
    return True


def placement_question(draft: Draft, number: str) -> Question | None:
    """Ask where a table is, if it is not where it was. Raises DocumentError where it is nowhere."""
    table = draft.table(number)
    kept = _kept(draft, number, table)
    if kept >= 0.95:
        return None
    tried = list(_tried(draft, number, table))
    places = sorted((p for p in tried if isinstance(p, Place)), key=lambda place: -place.found)
    if places and kept >= _LEAST and kept >= places[0].found - 0.25:
        return None
    if not places:
        refused = (each for each in tried if isinstance(each, DocumentError))
        raise next(refused, None) or _nowhere(draft, number, table)
    best = places[0]
    rival = next((place.found for place in places if place.part is not best.part), 0.0)
    alone = len(draft.parts) == 1 and best.found >= 0.5
    certainty = min(0.99, max(best.found, 0.95) if alone else best.found - 0.5 * rival)
    if any(_letters(before) != _letters(now) for before, now in _new_lines(table, best)):
        certainty = 0.5  # another title may be another concept
    return Question(
        key=f"place:{number}",
        found=f"table {number} is not where and how the edition before has it "
        f"({_described(draft.previous.places[number], draft.previous.card.tables[number])})",
        evidence=tuple(
            f"{_described(place.part.name, place.reading.table)}: {place.found:.0%} of the labels "
            "of the edition before"
            for place in places[:3]
        ),
        choices=(*_choices(number, table, places[:3]), STOP),
        certainty=certainty,
    )


def _kept(draft: Draft, number: str, table: TableCard) -> float:
    """How much of a table is found where and how the edition before has it."""
    part = draft.part(table)
    if part is None or part.grid is None or ("page" in part.keys and table.page is None):
        return 0.0
    reading = probe(part.grid, table, number, draft.frame)
    return _found(draft.previous.readings[number], reading) if reading.problem is None else 0.0


def _tried(draft: Draft, number: str, table: TableCard) -> Iterator[Place | DocumentError]:
    """Every place where the table may be; and why a sheet with its labels is refused."""
    likely = _likely(draft, number)
    for part in likely or [part for part in draft.parts if part.grid is not None]:
        assert part.grid is not None
        named = "page" not in part.keys or table.page is not None  # a PDF's page must be stated
        moved = {} if draft.part(table) is part and named else dict(part.keys)
        for axes in _axes(table, part):
            changes = {**moved, **axes}
            changed = draft.with_tables({number: changes}).table(number)
            reading = probe(part.grid, changed, number, draft.frame)
            found = _found(draft.previous.readings[number], reading)
            if reading.problem is None and found >= _LEAST:
                yield Place(part, changes, reading, found)
                if found == 1:
                    break  # another shape cannot find more
            lacks = None if reading.problem is None else reading.problem.lacks
            on = lacks == "layout" or (lacks == "line" and "axes" not in axes)
            if reading.problem is not None and not on:
                if likely:
                    yield reading.problem
                break  # what one shape refuses no other may let pass


def _likely(draft: Draft, number: str) -> Sequence[Part]:
    """Sheets with a label that means what one of the edition before means."""
    usable = [part for part in draft.parts if part.grid is not None]
    before = draft.previous.readings[number]
    meant = {line.indicator for line in before.lines}
    names = {line.key for line in before.lines} | before.terms
    return [
        part
        for part in usable
        if any(normalise_label(t) in names or indicator_of(t) in meant for t in _texts(part))
    ]


def _texts(part: Part) -> Iterator[str]:
    for row in part.grid.rows if part.grid is not None else ():
        for cell in row:
            if any(sign.isalpha() for sign in cell.text):
                yield split_unit(cell.text)[0]


def _axes(table: TableCard, part: Part) -> Iterator[Mapping[str, Any]]:
    """The axes of the edition before (no change), then those with other texts beside the table.

    Where no text is stated, the usual shapes.
    """
    yield {}
    if table.axes is not None and table.axes.lines:
        lines = [_likest_text(line, part) for line in table.axes.lines]
        if lines != list(table.axes.lines):
            yield {"axes": {"lines": lines}}
    elif table.axes is not None:
        yield from ({"axes": shape} for shape in shapes() if shape != table.axes.shape)


def _likest_text(line: str, part: Part) -> str:
    """The text of a sheet that is likest to a line as the card states it, if any is alike.

    A line of which something is read is kept: what of another text would be read is not known.
    """
    texts = {" ".join(text.split()): similarity(line, text) for text in _texts(part)}
    best = max(texts, key=lambda text: texts[text], default=line)
    return line if "{" in line or texts[best] < _ALIKE else best


def _new_lines(table: TableCard, place: Place) -> Sequence[tuple[str, str]]:
    """Texts beside the table that differ from those stated: the stated one and the new one."""
    now = place.reading.table.axes
    if table.axes is None or now is None or "axes" not in place.changes:
        return ()
    pairs = zip(table.axes.lines, now.lines, strict=False)
    return [(before, after) for before, after in pairs if before != after]


def _letters(text: str) -> str:
    return re.sub(r"[\W\d]", "", text)


def _found(before: Reading, now: Reading) -> float:
    """Share of the edition before that is found: by meaning, else by similarity of the labels."""
    names = [*now.keys, *(normalise_label(each.label) for each in now.unknown)]
    meant = {(line.indicator, line.region) for line in now.lines}
    scores = [
        1.0 if (line.indicator, line.region) in meant else _likest(line.label, names)
        for line in before.lines
    ]
    scores += [_likest(term, names) for term in before.terms]
    return sum(scores) / len(scores) if scores else 1.0  # a model summary names no terms


def _likest(label: str, names: Sequence[str]) -> float:
    return max((similarity(label, name) for name in names), default=0.0)


def similarity(one: str, other: str) -> float:
    """How alike two labels are, in [0, 1]: twice the common pieces over both lengths."""
    one, other = normalise_label(one), normalise_label(other)
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _choices(number: str, before: TableCard, places: list[Place]) -> Iterator[Choice]:
    for place in places:
        table = place.reading.table
        word = "/".join(str(value) for value in place.part.keys.values())
        if "axes" in place.changes or not word:
            word = ":".join(filter(None, (word, _shape(table))))
        text = f"read {_described(place.part.name, table)}"
        for line, now in _new_lines(before, place):
            text += f", below '{now}' in the place of '{line}'"
        yield Choice(word, text, {number: place.changes} if place.changes else {})


def _described(place: str, table: TableCard) -> str:
    return ", ".join(filter(None, (place, f"read as {_shape(table)}")))


def _shape(table: TableCard) -> str:
    own = None if table.axes is None else table.axes.shape
    return own or table.layout


def _nowhere(draft: Draft, number: str, table: TableCard) -> DocumentError:
    """Say that a table is nowhere, and what its reader says of the place where it should be."""
    part = draft.part(table)
    problem = None if part is None else part.problem
    if part is not None and part.grid is not None:
        problem = probe(part.grid, table, number, draft.frame).problem
    before = draft.previous.readings[number]
    labels = [*(line.label for line in before.lines), *sorted(before.terms)] or ["it had"]
    return DocumentError(
        draft.arrived.name,
        found=f"table {number} of {draft.previous.key} is nowhere in it",
        expected=f"a table with labels such as {', '.join(labels[:4])}",
        advice="Name the right edition with --like source/edition; a source that is new needs a "
        "card written by hand (landing/README.md).",
        more=() if problem is None else (f"Read like the edition before: {problem}",),
    )
