"""What changed about labels that both editions have: place, unit, footnotes, single slipped cells.

Belongs here: the questions these raise, one for each change however many labels it touches. Not
here: pairing labels (`matching.py`), and revised values, which are shown and not asked.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assets.extracts.adding.asking.question import STOP, Choice, Question
from assets.extracts.adding.asking.texts_beside import measure_question, notes_question
from assets.extracts.adding.draft import Draft
from assets.extracts.adding.magnitude import Agreement, agreement
from assets.extracts.adding.probe import Line, Reading, labels_across
from assets.extracts.labels import split_unit
from assets.extracts.meaning.printed_text import is_note, strip_marks
from assets.extracts.meaning.registry import indicators, normalise_label
from assets.extracts.meaning.told_definition import (
    LabelledFigure,
    NotTold,
    stated_definition,
    told_definition,
)
from assets.extracts.meaning.units import Unit, units


@dataclass(frozen=True, slots=True)
class Kept:
    """A series of both editions, with what its numbers say."""

    before: Line
    now: Line
    agreement: Agreement


def kept_series(draft: Draft, now: Reading) -> tuple[Kept, ...]:
    """Pair the lines of one table by what they mean; of two definitions, by their labels."""
    lines = {(line.region, line.indicator): line for line in now.lines}
    labels = {(line.region, line.indicator, line.key): line for line in now.lines}
    return tuple(
        Kept(line, other, agreement(other, draft.previous.known))
        for line in draft.previous.readings[now.number].lines
        if (
            other := labels.get(
                (line.region, line.indicator, line.key), lines.get((line.region, line.indicator))
            )
        )
        is not None
    )


def change_questions(draft: Draft, now: Reading) -> list[Question]:
    """Ask about everything that changed in one table besides its labels."""
    kept = kept_series(draft, now)
    added = _added_footnotes(draft, now, kept)
    noted = {note.on for marked in added.values() for note in marked}
    beside = [
        measure_question(f"measure/{text}", text, mends, now.number)
        for text, mends in now.measures.items()
    ]
    explained = {text for mark in added for text in _told_of(now, mark)}
    if unheard := [text for text in now.notes if text not in explained]:
        beside.append(notes_question("notes", unheard, now.number))
    return [
        *beside,
        *_definition_questions(draft, now),
        *_unit_questions(now, kept),
        *_outlier_questions(now, kept),
        *_level_questions([each for each in kept if each.now.key not in noted]),
        *_move_questions(now, kept),
        *(_footnote(now, mark, marked, kept) for mark, marked in added.items()),
    ]


def _definition_questions(draft: Draft, now: Reading) -> Iterator[Question]:
    """One question for each label that does not tell by which definition its figures count."""
    asked: set[str] = set()
    for line in now.lines:
        indicator = indicators()[line.indicator]
        said = stated_definition(now.table.definitions, line.label, line.indicator)
        try:
            for year in line.values:
                told_definition(
                    LabelledFigure(indicator, line.label, line.region, year, draft.this_year), said
                )
        except NotTold as error:
            if line.key in asked or indicator.definitions is None:
                continue
            asked.add(line.key)
            yield Question(
                key=f"definition:{line.label}",
                found=str(error),
                evidence=(agreement(line, draft.previous.known).text,),
                choices=(
                    *(
                        Choice(
                            key,
                            f"it is {each.known_as}: {each.differs}",
                            {now.number: {"definitions": {line.label: key}}},
                        )
                        for key, each in indicator.definitions.of.items()
                    ),
                    STOP,
                ),
                certainty=0.5,
            )


def _move_questions(now: Reading, kept: Sequence[Kept]) -> Iterator[Question]:
    if now.table.axes is not None and now.table.axes.one_a_line:
        return  # every line states what it is; their order means nothing
    ordered = sorted(kept, key=lambda each: each.before.position)
    staying = _longest_rising([each.now.position for each in ordered])
    what = "column" if labels_across(now.table) else "row"
    asked = {ordered[index].now.label for index in staying}
    for each in ordered:
        label = each.now.label
        if label in asked:
            continue
        asked.add(label)
        yield Question(
            key=f"moved:{label}",
            found=f"the {what} '{label}' stands elsewhere among the others: {what} "
            f"{each.now.position}, in the edition before {each.before.position}",
            evidence=("the label is the same", each.agreement.text),
            choices=(
                Choice("moved", f"take it from {what} {each.now.position}"),
                Choice("ignore", "its figures are not taken", {now.number: {"ignore": [label]}}),
                STOP,
            ),
            certainty=1 - 0.2 * (1 - each.agreement.likelihood),
        )


def _longest_rising(positions: Sequence[int]) -> set[int]:
    """Indices of a longest subsequence that never falls: what kept its order; the others moved.

    Regions of one label stand at one place.
    """
    tails: list[int] = []
    ends: list[int] = []
    back: dict[int, int | None] = {}
    for index, position in enumerate(positions):
        place = bisect_right(tails, position)
        back[index] = ends[place - 1] if place else None
        tails[place:] = [position, *tails[place + 1 :]]
        ends[place:] = [index, *ends[place + 1 :]]
    found: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        found.add(last)
        last = back[last]
    return found


def _unit_questions(now: Reading, kept: Sequence[Kept]) -> Iterator[Question]:
    """One question for each way in which a unit changed, with all the labels it touches."""
    stated = {normalise_label(name) for name in now.table.units}
    groups: dict[tuple[str, str, int, bool], list[Kept]] = {}
    for each in kept:
        slip = each.agreement.slip
        silent = not each.now.printed and now.table.unit is None and each.now.key not in stated
        if each.before.unit != each.now.unit or slip or silent:
            key = (each.before.unit.id, each.now.unit.id, slip, each.now.printed)
            groups.setdefault(key, []).append(each)
    for (_, _, slip, printed), group in groups.items():
        if printed and slip:
            yield _contradiction(group)
        elif printed:
            yield _printed_change(now, group)
        else:
            yield _unprinted(now, group)


def _printed_change(now: Reading, group: Sequence[Kept]) -> Question:
    first = group[0]
    return Question(
        key=f"unit:{first.now.label}",
        found=f"the unit of {_names(group)} is '{first.now.printed_unit}' now; the edition before "
        f"prints '{first.before.printed_unit}'",
        evidence=tuple(each.agreement.text + ", converted" for each in group[:3]),
        choices=(
            Choice(
                "changed",
                f"the figures are in '{first.now.printed_unit}'",
                _stated(now, group, first.now.unit),
            ),
            STOP,
        ),
        certainty=min(_unit_certainty(each.agreement) for each in group),
    )


def _unprinted(now: Reading, group: Sequence[Kept]) -> Question:
    first = group[0]
    slip, before = first.agreement.slip, first.now.unit
    fitting = _unit_of_power(before, before.power - slip)
    found = f"no unit is printed for {_names(group)}, and the edition before has "
    found += f"'{first.before.printed_unit}'"
    if slip:
        found += f"; its numbers are 10^{slip} times as large as that unit allows: a unit slip"
    choices = [
        Choice("as_before", f"the figures are in '{_name(before)}'", _stated(now, group, before))
    ]
    if fitting is not None and slip:
        text = f"the figures are in '{_name(fitting)}'"
        choices.insert(0, Choice("changed", text, _stated(now, group, fitting)))
    elif slip:
        choices = [STOP]
    return Question(
        key=f"unit:{first.now.label}",
        found=found,
        evidence=tuple(each.agreement.text for each in group[:3]),
        choices=(*choices, *(() if STOP in choices else (STOP,))),
        certainty=min(_unit_certainty(each.agreement) for each in group),
    )


def _contradiction(group: Sequence[Kept]) -> Question:
    first = group[0]
    slip = first.agreement.slip
    return Question(
        key=f"unit:{first.now.label}",
        found=f"the document prints the unit '{first.now.printed_unit}' for {_names(group)}, but "
        f"its numbers are 10^{slip} times those of the edition before "
        f"('{first.before.printed_unit}'): a unit slip of 10^{abs(slip)}",
        evidence=tuple(each.agreement.text for each in group[:3]),
        choices=(STOP, Choice("as_printed", "the printed unit is right, the figures changed")),
        certainty=0.0,
    )


def _unit_certainty(held: Agreement) -> float:
    """Two shared years that agree settle a unit; one leaves a little doubt, none much."""
    if held.shared >= 2:
        return held.likelihood
    if held.shared == 1:
        return 0.93 if held.likelihood > 0.8 else 0.5
    return 0.75 if held.likelihood >= 0.5 else 0.4


def _stated(now: Reading, group: Sequence[Kept], unit: Unit) -> Mapping[str, Mapping[str, object]]:
    """What the card has to say: the table's unit where all its figures share it, else by label."""
    if now.table.axes is not None and now.table.axes.one_a_line and now.table.axes.unit:
        return {}  # every line prints its unit, which confirms it
    if len(group) == len(now.lines) and not now.table.units:
        return {now.number: {"unit": _name(unit)}}
    return {now.number: {"units": {each.now.label: _name(unit) for each in group}}}


def _name(unit: Unit) -> str:
    return unit.spellings[0]


def _unit_of_power(like: Unit, power: int) -> Unit | None:
    for unit in units().values():
        if (unit.dimension, unit.power) == (like.dimension, power):
            return unit
    return None


def _names(group: Sequence[Kept]) -> str:
    shown = ", ".join(f"'{each.now.label}'" for each in group[:4])
    return shown + (f" and {len(group) - 4} more" if len(group) > 4 else "")


def _outlier_questions(now: Reading, kept: Sequence[Kept]) -> Iterator[Question]:
    for each in kept:
        for year in each.agreement.outliers:
            cell = each.now.values[year].cell
            yield Question(
                key=f"value:{each.now.label}:{year}",
                found=f"'{cell.text.strip()}' in cell {cell.ref} ({each.now.label}, {year}) is off "
                "by a power of ten from what the source printed before, and the rest of its line "
                "is not",
                evidence=(each.agreement.text,),
                choices=(STOP, Choice("as_printed", "the figure is right")),
                certainty=0.0,
            )


def _level_questions(kept: Sequence[Kept]) -> Iterator[Question]:
    """Ask where most of a line is far from what was printed before: another series, maybe."""
    for each in kept:
        held = each.agreement
        if held.slip or not held.compared or held.likelihood >= 0.5:
            continue
        yield Question(
            key=f"level:{each.now.label}",
            found=f"the figures of '{each.now.label}' are far from those printed before",
            evidence=(held.text,),
            choices=(Choice("as_printed", "the figures are right"), STOP),
            certainty=0.3,
        )


@dataclass(frozen=True, slots=True)
class Footnote:
    """A mark beside a label, a year or a figure. on: what carries it, the same in two editions."""

    mark: str
    on: str
    cell: str


def footnotes(reading: Reading) -> tuple[Footnote, ...]:
    """Every footnote mark of a table outside its notes, with what carries it."""
    figures = {
        (value.cell.row, value.cell.column): f"{line.indicator} {line.region} {year}"
        for line in reading.lines
        for year, value in line.values.items()
    }
    found = []
    for row in reading.grid.rows:
        if is_note(next((cell.text for cell in row if not cell.blank), "")):
            continue
        for cell in row:
            bare, mark = _marked(cell.text)
            if mark:
                on = figures.get((cell.row, cell.column)) or normalise_label(split_unit(bare)[0])
                found.append(Footnote(mark, on, cell.ref))
    return tuple(found)


def _marked(text: str) -> tuple[str, str]:
    """A cell's text without marks, and the marks: at its end, and before a unit in brackets."""
    bare, mark = strip_marks(text)
    label, unit = split_unit(bare)
    inner = strip_marks(" ".join(bare.split())[: len(label) + 6].split("(")[0].split("（")[0])
    return (bare, mark) if mark or unit is None else (label, inner[1])


def notes(reading: Reading) -> tuple[str, ...]:
    """The notes of a table, a line each."""
    firsts = (next((c for c in row if not c.blank), None) for row in reading.grid.rows)
    return tuple(" ".join(c.text.split()) for c in firsts if c is not None and is_note(c.text))


def _added_footnotes(
    draft: Draft, now: Reading, kept: Sequence[Kept]
) -> Mapping[str, Sequence[Footnote]]:
    """Footnotes that the edition before has not on the same label, year or figure, by mark."""
    before = {note.on for note in footnotes(draft.previous.readings[now.number])}
    renamed = {each.now.key: each.before.key for each in kept}
    added: dict[str, list[Footnote]] = {}
    for note in footnotes(now):
        if renamed.get(note.on, note.on) not in before:
            added.setdefault(note.mark, []).append(note)
    return added


def _touched(marked: Sequence[Footnote], kept: Sequence[Kept]) -> Sequence[Kept]:
    """The series a footnote may bear on: those it stands on, else all."""
    ons = {note.on for note in marked}
    touched = [
        each
        for each in kept
        if each.now.key in ons
        or any(on.startswith(f"{each.now.indicator} {each.now.region} ") for on in ons)
    ]
    return touched or kept


def _footnote(
    now: Reading, mark: str, marked: Sequence[Footnote], kept: Sequence[Kept]
) -> Question:
    touched = _touched(marked, kept)
    told = _told_of(now, mark)
    unheard = [text for text in told if text in now.notes]
    meant = "the figures mean what they meant; the document keeps the note"
    places = ", ".join(f"'{note.on}' ({note.cell})" for note in marked[:4])
    labels = [each.now.label for each in touched if each.now.key in {note.on for note in marked}]
    choices = [Choice("take", meant, {now.number: {"ignore": unheard}} if unheard else {})]
    if labels:
        text = "the note changes what the figures mean: they are not taken"
        choices.append(Choice("ignore", text, {now.number: {"ignore": labels}}))
    return Question(
        key=f"footnote:{mark}",
        found=f"the footnote {mark} is new, on {places}: "
        + (f"“{told[0]}”" if told else "its text is not in the table"),
        evidence=tuple(each.agreement.text for each in touched[:3]),
        choices=(*choices, STOP),
        certainty=_footnote_certainty(touched, told=bool(told) and not unheard),
    )


def _told_of(now: Reading, mark: str) -> list[str]:
    """The notes that explain a footnote mark."""
    return [text for text in notes(now) if mark in text]


def _footnote_certainty(touched: Sequence[Kept], *, told: bool) -> float:
    """Figures that stayed as they were say that a footnote changed nothing about them.

    told: it has a text, in words that a rule knows.
    """
    if not told or not touched:
        return 0.5
    return min(each.agreement.likelihood for each in touched)
