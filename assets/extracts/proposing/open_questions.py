"""What a proposal leaves open, as questions: nothing is taken that the document does not say.

Belongs here: which questions arise, their choices, and what each answer makes of the proposal. Not
here: asking.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assets.extracts.adding.asking.question import STOP, Choice, Question
from assets.extracts.adding.asking.texts_beside import measure_question, notes_question
from assets.extracts.cards.content import merge
from assets.extracts.figure import Figure
from assets.extracts.files.notation import notation_of
from assets.extracts.layouts.cells import read_value
from assets.extracts.meaning.printed_text import unit_line
from assets.extracts.meaning.registry import (
    indicator_of,
    indicators,
    plausible_range,
    region_of,
    regions,
)
from assets.extracts.meaning.units import convert, same_dimension, unit_of, units
from assets.extracts.proposing.beside import find_in
from assets.extracts.proposing.proposal import Proposal
from assets.extracts.proposing.seen import Seen
from assets.warehouse.texts.counted import counted

_IGNORE = Choice("ignore", "leave it out")
_THIS = ""  # the table that is asked about
_FEW = 3  # unknown labels that are asked for one by one
_UNIT_IN_NAME = re.compile(r"[(（]([^()（）]+)[)）]")


@dataclass(frozen=True, slots=True)
class Open:
    """A question, what a free answer means, and what the proposal becomes by an answer."""

    question: Question
    other: Callable[[str], Choice | None]
    settle: Callable[[Choice], Proposal]


def next_open(
    proposal: Proposal,
    name: str,
    number: str,
    answered: frozenset[str],
    given: Callable[[str], bool],
) -> Open | None:
    """The next question, or None where all is settled, or where an answer led to a problem.

    name: of the file, which may be somebody's own: it suggests and never decides; answered: keys of
    questions that were settled; given: whether an answer to a key lies ready.
    """
    if proposal.read.problem is not None:
        return None
    for each in _all(proposal, name, number, given):
        if each.question.key not in answered:
            return each
    return None


def _all(
    proposal: Proposal, name: str, number: str, given: Callable[[str], bool]
) -> Iterator[Open]:
    prefix = "" if number == "1" else f"{number}/"
    if any(not out.sure for out in proposal.left_out):
        yield _left_out(proposal, prefix)
    for text in proposal.read.headings:
        yield _heading(proposal, prefix, text)
    for text, mends in proposal.read.measures.items():
        asked = measure_question(f"{prefix}measure/{text}", text, mends, _THIS)
        yield _beside(proposal, asked)
    if proposal.read.notes:
        yield _beside(proposal, notes_question(f"{prefix}notes", proposal.read.notes, _THIS))
    if proposal.read.unknown:
        yield from _labels(proposal, prefix, given)
    if "indicator" in proposal.missing:
        yield _indicator(proposal, name, prefix)
    if "year" in proposal.missing:
        yield _year(proposal, name, prefix)
    if "region" in proposal.missing and proposal.region is None:
        yield _region(proposal, name, prefix)
    by_dimension: dict[str, list[str]] = {}
    for label in proposal.read.unitless:
        indicator = next(f.indicator for f in proposal.read.figures if f.label == label)
        by_dimension.setdefault(indicators()[indicator].dimension, []).append(label)
    for dimension, labels in by_dimension.items():
        key = f"{prefix}unit" if len(by_dimension) == 1 else f"{prefix}unit/{dimension}"
        yield _unit(proposal, name, key, dimension, labels)
    for text in proposal.read.notations:
        yield _notation(proposal, prefix, text)
    for mark in proposal.read.marks:
        yield _mark(proposal, prefix, mark)


def _laid(proposal: Proposal, over: Mapping[str, Any]) -> Proposal:
    return proposal.with_entry(merge(proposal.entry, over))


def _nothing_else(_: str) -> Choice | None:
    return None


def _left_out(proposal: Proposal, prefix: str) -> Open:
    out = [each for each in proposal.left_out if not each.sure]
    question = Question(
        key=f"{prefix}left_out",
        found=counted(
            len(out),
            "row or column says no year, region or indicator that is known",
            "rows or columns say no year, region or indicator that is known",
        ),
        evidence=tuple(f"{each.what} '{each.entry}' ({each.cell.ref})" for each in out[:12])
        + ((f"and {len(out) - 12} more",) if len(out) > 12 else ()),
        choices=(Choice("leave-out", "take nothing of them; the card names each"), STOP),
        certainty=0.5,
    )
    return Open(question, _nothing_else, lambda _: proposal)


def _heading(proposal: Proposal, prefix: str, text: str) -> Open:
    question = Question(
        key=f"{prefix}heading/{text}",
        found=f"'{text}' stands between the rows, as a heading over those below it",
        evidence=(),
        choices=(
            Choice("leave-out", "take nothing of those rows; the card names the heading"),
            *(() if unit_line(text) else (Choice("nothing", "it does not change what they mean"),)),
            STOP,
        ),
        certainty=0.5,
    )

    def settle(choice: Choice) -> Proposal:
        entry = proposal.entry
        stated = entry["axes"].get("left_out", {})
        lines = [line for line in entry["axes"].get("lines", ()) if line != text]
        axes: dict[str, Any] = {"lines": lines or None}
        if choice.word == "nothing":
            return _laid(proposal, {"ignore": [*entry.get("ignore", ()), text], "axes": axes})
        axes["left_out"] = {**stated, "under": [*stated.get("under", ()), text]}
        return _laid(proposal, {"axes": axes})

    return Open(question, _nothing_else, settle)


def _beside(proposal: Proposal, question: Question) -> Open:
    """A question about texts beside the table, whose choices say what the card says then."""

    def settle(choice: Choice) -> Proposal:
        said = choice.tables[_THIS]
        if "ignore" in said:
            said = {"ignore": [*proposal.entry.get("ignore", ()), *said["ignore"]]}
        return _laid(proposal, said)

    return Open(question, _nothing_else, settle)


def _labels(proposal: Proposal, prefix: str, given: Callable[[str], bool]) -> Iterator[Open]:
    """Unknown labels: a few one by one; of many those an answer lies ready for, then all others.

    The question for all comes again after each of them that was given a meaning.
    """
    unknown, known = proposal.read.unknown, bool(proposal.read.figures)
    for label in unknown:
        if given(f"{prefix}label/{label}") or len(unknown) <= _FEW:
            yield _label(proposal, f"{prefix}label/{label}", label, 0.95 if known else 0.3)
    if len(unknown) > _FEW:
        question = Question(
            key=f"{prefix}unknown_labels",
            found=f"{len(unknown)} labels mean no indicator that is known",
            evidence=(
                *(f"'{label}'" for label in unknown),
                f"one that is wanted: --answer '{prefix}label/LABEL=INDICATOR'",
            ),
            choices=(Choice("ignore", "leave them all out; the card names each"), STOP),
            certainty=0.95 if known else 0.3,
            free="LABEL=INDICATOR for one that is wanted",
        )

        def one_of_them(word: str) -> Choice | None:
            label, _, indicator = word.rpartition("=")
            meant = _an_indicator(indicator)
            mapped = {label: meant.word} if meant is not None else {}
            return Choice(word, "", mapped) if mapped and label in unknown else None

        def settle(choice: Choice) -> Proposal:
            if choice.tables:
                return _laid(proposal, {"labels": choice.tables})
            ignored = [*proposal.entry.get("ignore", ()), *unknown]
            return _laid(proposal, {"ignore": ignored})

        yield Open(question, one_of_them, settle)


def _label(proposal: Proposal, key: str, label: str, certainty: float) -> Open:
    question = Question(
        key=key,
        found=f"the label '{label}' means no indicator that is known",
        evidence=(
            "an indicator's id or label says which it is; a new one is declared in "
            "landing/indicators.yaml",
        ),
        choices=(_IGNORE, STOP),
        certainty=certainty,
        free="an indicator",
    )

    def settle(choice: Choice) -> Proposal:
        if choice is _IGNORE:
            return _laid(proposal, {"ignore": [*proposal.entry.get("ignore", ()), label]})
        return _laid(proposal, {"labels": {label: choice.word}})

    return Open(question, _an_indicator, settle)


def _an_indicator(word: str) -> Choice | None:
    known = word if word in indicators() else indicator_of(word)
    return None if known is None else Choice(known, indicators()[known].name_en)


def _indicator(proposal: Proposal, name: str, prefix: str) -> Open:
    found = find_in(Seen(proposal.grid), "indicator", _bare(name))
    suggested = None if found is None else _an_indicator(found)
    question = Question(
        key=f"{prefix}indicator",
        found="the document does not say which indicator its figures are",
        evidence=() if suggested is None else (f"the file is called '{name}'",),
        choices=(STOP,) if suggested is None else (suggested, STOP),
        certainty=0.5,
        free="an indicator",
    )

    def settle(choice: Choice) -> Proposal:
        entry = merge(proposal.entry, {"axes": {"indicator": {"once": choice.word}}})
        return proposal.with_entry(entry).without_missing("indicator")

    return Open(question, _an_indicator, settle)


def _year(proposal: Proposal, name: str, prefix: str) -> Open:
    found = find_in(Seen(proposal.grid), "year", _bare(name))
    question = Question(
        key=f"{prefix}year",
        found="the document does not say of which year its figures are",
        evidence=() if found is None else (f"the file is called '{name}'",),
        choices=(STOP,) if found is None else (Choice(found, "the year of all figures"), STOP),
        certainty=0.5,
        free="a year",
    )

    def settle(choice: Choice) -> Proposal:
        entry = merge(proposal.entry, {"axes": {"year": {"once": int(choice.word)}}})
        return proposal.with_entry(entry).without_missing("year")

    return Open(question, _a_year, settle)


def _a_year(word: str) -> Choice | None:
    return (
        Choice(word, "the year of all figures") if re.fullmatch("(19|20)[0-9]{2}", word) else None
    )


def _region(proposal: Proposal, name: str, prefix: str) -> Open:
    found = find_in(Seen(proposal.grid), "region", _bare(name))
    suggested = None if found is None else _a_region(found)
    national = [f.label for f in proposal.read.figures if "国内" in f.label]
    evidence = () if suggested is None else (f"the file is called '{name}'",)
    if suggested is None and national:
        suggested, evidence = _a_region("CN"), (f"'{national[0]}' is a figure of a nation",)
    question = Question(
        key=f"{prefix}region",
        found="the document does not say of which region its figures are",
        evidence=evidence,
        choices=(STOP,) if suggested is None else (suggested, STOP),
        certainty=0.5,
        free="a region's code or name",
    )

    def settle(choice: Choice) -> Proposal:
        placed = _laid(proposal, {"axes": {"region": {"once": choice.word}}})
        return placed.without_missing("region")

    return Open(question, _a_region, settle)


def _a_region(word: str) -> Choice | None:
    code = region_of(word)
    return None if code is None else Choice(code, regions()[code].name_en)


def _unit(proposal: Proposal, name: str, key: str, dimension: str, labels: Sequence[str]) -> Open:
    figures = [f for f in proposal.read.figures if f.label in labels]
    fitting = [unit.id for unit in units().values() if same_dimension(unit, dimension)]
    plausible = [unit for unit in fitting if all(_plausible(f, unit) for f in figures)]
    in_name = {u.id for text in _UNIT_IN_NAME.findall(name) if (u := unit_of(text)) is not None}
    named = [unit for unit in fitting if unit in in_name]
    evidence = [f"the file is called '{name}'"] if named else []
    only = proposal.entry["axes"].get("only", {})
    evidence += [f"the column '{heading}' says '{text}'" for heading, text in only.items()]
    evidence.append(f"values that can be meant come of: {', '.join(plausible) or 'none of them'}")
    listed = dict.fromkeys((*named, *plausible, *fitting))
    question = Question(
        key=key,
        found=f"the document prints no unit for {', '.join(labels)}",
        evidence=tuple(evidence),
        choices=(*(Choice(unit, units()[unit].spellings[0]) for unit in listed), STOP),
        certainty=0.5,
        free="any spelling of one of them",
    )

    def settle(choice: Choice) -> Proposal:
        whole = {f.label for f in proposal.read.figures} == set(labels)
        if whole:
            return _laid(proposal, {"unit": choice.word})
        return _laid(proposal, {"units": dict.fromkeys(labels, choice.word)})

    def a_unit(word: str) -> Choice | None:
        unit = unit_of(word)
        return Choice(unit.id, word) if unit is not None and unit.id in fitting else None

    return Open(question, a_unit, settle)


def _plausible(figure: Figure, unit: str) -> bool:
    indicator = indicators()[figure.indicator]
    try:
        number = read_value(figure.cell.text, {})
    except ValueError:
        return True
    value = getattr(number, "value", None)
    if value is None:
        return True
    low, high = plausible_range(indicator, figure.region)
    return low <= convert(value, units()[unit], units()[indicator.unit]) <= high


def _mark(proposal: Proposal, prefix: str, mark: str) -> Open:
    where = [f.cell.ref for f in proposal.read.figures if f.cell.text.strip() == mark]
    question = Question(
        key=f"{prefix}mark/{mark}",
        found=f"'{mark}' stands where numbers do, and nothing says what it means",
        evidence=(f"cells {', '.join(where[:8])}{' …' if len(where) > 8 else ''}",),
        choices=(
            Choice("not_available", "there is no figure"),
            Choice("zero", "the number 0"),
            Choice("below_half_unit", "there is one, too small to print"),
            STOP,
        ),
        certainty=0.5,
    )
    return Open(
        question, _nothing_else, lambda choice: _laid(proposal, {"marks": {mark: choice.word}})
    )


def _notation(proposal: Proposal, prefix: str, text: str) -> Open:
    notation = notation_of(text)
    assert notation is not None
    question = Question(
        key=f"{prefix}notation/{notation.value}",
        found=f"'{text}' stands where numbers do, and nothing says in which notation",
        evidence=(),
        choices=(
            STOP,
            Choice(notation.value, f"it is {notation.plain_number(text)}, and others like it"),
        ),
        certainty=0.5,
    )
    return Open(question, _nothing_else, lambda _: _laid(proposal, {notation.key: notation.value}))


def _bare(name: str) -> str:
    """The file's name without its kind, and without a unit behind it."""
    stem = name.rpartition("/")[2].rpartition(".")[0]
    return _UNIT_IN_NAME.sub("", stem).strip()
