"""Labels of two editions side by side: matched, renamed, new, gone.

Belongs here: pairing labels by name and by what their numbers say, and the questions that follow.
Not here: units and footnotes of labels that are paired (`changes.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assets.extracts.adding.asking.placement import similarity
from assets.extracts.adding.asking.question import STOP, Choice, Question
from assets.extracts.adding.draft import Draft
from assets.extracts.adding.magnitude import Agreement, agreement
from assets.extracts.adding.probe import Line, Reading, Unknown, probe
from assets.extracts.meaning.registry import indicators, normalise_label
from assets.warehouse.texts.counted import counted

_RIVAL = 0.15  # a second candidate this near leaves open which one it is
_ALIKE = 0.75  # labels this similar may mean the same
_SUGGESTED = 3
_ONE_BY_ONE = 3  # more new labels that mean nothing known are asked about together


@dataclass(frozen=True, slots=True)
class Pair:
    """A label of the edition before and what it is called now. known: the registry knows both."""

    before: Line
    now: Line
    known: bool
    agreement: Agreement
    certainty: float


@dataclass(frozen=True, slots=True)
class Match:
    """The labels of one table in both editions."""

    number: str
    same: tuple[tuple[Line, Line], ...]
    renamed: tuple[Pair, ...]
    gone: tuple[Line, ...]
    new: tuple[Line, ...]  # of known meaning
    unknown: tuple[Unknown, ...]
    terms_gone: tuple[str, ...]  # of a paper's table


def match(draft: Draft, now: Reading) -> Match:
    """Pair the labels of one table. `now`: the table as it reads so far."""
    before = draft.previous.readings[now.number]
    by_key = {(line.key, line.region): line for line in now.lines}
    kept = {(line.key, line.region) for line in before.lines} & by_key.keys()
    gone = [line for line in before.lines if (line.key, line.region) not in kept]
    declared = {normalise_label(text) for text in draft.table(now.number).ignore}
    gone = [line for line in gone if line.key not in declared]
    new = [line for line in now.lines if (line.key, line.region) not in kept]
    renamed = _pairs(draft, now, gone, new)
    old_keys = {pair.before.key for pair in renamed}
    new_keys = {pair.now.key for pair in renamed}
    return Match(
        number=now.number,
        same=tuple(
            (line, by_key[line.key, line.region])
            for line in before.lines
            if (line.key, line.region) in kept
        ),
        renamed=renamed,
        gone=tuple(line for line in gone if line.key not in old_keys),
        new=tuple(line for line in new if line.key not in new_keys),
        unknown=tuple(
            each
            for each in now.unknown
            if normalise_label(each.label.split("/")[-1]) not in new_keys
        ),
        terms_gone=tuple(sorted(before.terms - now.terms)),
    )


def _pairs(
    draft: Draft, now: Reading, gone: Sequence[Line], new: Sequence[Line]
) -> tuple[Pair, ...]:
    """The best partner of each label that is gone, every partner once."""
    candidates = sorted(
        (pair for line in gone for pair in _candidates(draft, now, line, new)),
        key=lambda pair: -pair.certainty,
    )
    taken: list[Pair] = []
    for pair in candidates:
        if pair.certainty < 0.5 or any(
            pair.before.key == other.before.key or pair.now.key == other.now.key for other in taken
        ):
            continue
        taken.append(_with_rivals(pair, candidates))
    return tuple(taken)


def _with_rivals(pair: Pair, candidates: Sequence[Pair]) -> Pair:
    rivals = [
        other.certainty
        for other in candidates
        if (other.before.key == pair.before.key) != (other.now.key == pair.now.key)
    ]
    if max(rivals, default=0.0) < pair.certainty - _RIVAL:
        return pair
    return Pair(pair.before, pair.now, pair.known, pair.agreement, 0.5)


def _candidates(draft: Draft, now: Reading, gone: Line, new: Sequence[Line]) -> Iterator[Pair]:
    for line in new:
        if (line.indicator, line.region) == (gone.indicator, gone.region):
            yield _pair(draft, gone, line, known=True)
    for each in now.unknown:
        line_now = _as_if(draft, now, each.label, gone)
        if line_now is not None:
            yield _pair(draft, gone, line_now, known=False)


def _pair(draft: Draft, gone: Line, now: Line, *, known: bool) -> Pair:
    held = agreement(now, draft.previous.known)
    alike = similarity(gone.label, now.label)
    doubt = (1 - held.likelihood) * (1 - 0.8 * alike) * (0.3 if known else 1.0)
    return Pair(gone, now, known, held, min(0.99, 1 - doubt))


def _as_if(draft: Draft, now: Reading, label: str, gone: Line) -> Line | None:
    """The line of an unknown label, read as if it meant what the one that is gone meant."""
    supposed = draft.with_tables({now.number: _meaning(label, gone.indicator)}).table(now.number)
    key = normalise_label(label.split("/")[-1])
    lines = probe(now.grid, supposed, now.number, draft.frame).lines
    return next((li for li in lines if (li.key, li.region) == (key, gone.region)), None)


def _meaning(label: str, indicator: str) -> dict[str, Any]:
    return {"labels": {label: indicator}}


def label_questions(draft: Draft, found: Match) -> list[Question]:
    """One question for each label that is renamed, gone, or new and unknown."""
    settled = not found.gone and not found.terms_gone
    unlike = [each.label for each in found.unknown if settled and not _may_mean(each.label)]
    together = unlike if len(unlike) > _ONE_BY_ONE else []
    single = [each.label for each in found.unknown if each.label not in together]
    return [
        *(_renamed(draft, found.number, pair) for pair in found.renamed),
        *(_gone(draft, found.number, line.label, line.values) for line in found.gone),
        *(_gone(draft, found.number, term, {}) for term in found.terms_gone),
        *(_unknown(found.number, label, settled=settled) for label in single),
        *([_all_ignored(found.number, together)] if together else []),
    ]


def _may_mean(label: str) -> bool:
    """Whether a label is so like a known one that it may mean it."""
    return any(score >= _ALIKE for score, _ in _alike(label.split("/")[-1]))


def _all_ignored(number: str, labels: Sequence[str]) -> Question:
    shown = ", ".join(f"'{label}'" for label in labels[:_ONE_BY_ONE])
    return Question(
        key="new",
        found=f"{len(labels)} labels are new, of unknown meaning and like none that is known: "
        f"{shown} and {len(labels) - _ONE_BY_ONE} more",
        evidence=("every label of the edition before is found besides them",),
        choices=(
            Choice("ignore", "their figures are not taken", {number: {"ignore": list(labels)}}),
            STOP,
        ),
        certainty=0.95,
    )


def _renamed(draft: Draft, number: str, pair: Pair) -> Question:
    old, new = pair.before.label, pair.now.label
    path = _path(draft, number, pair)
    meaning: Mapping[str, Any] = {} if pair.known else _meaning(path, pair.before.indicator)
    kept = {
        "ignore": [old],
        "labels": {**_dropped(draft, number, old), **meaning.get("labels", {})},
    }
    name = indicators()[pair.before.indicator].name_en
    both = "both mean" if pair.known else "which meant"
    return Question(
        key=f"renamed:{old}",
        found=f"the label '{old}' is gone, and '{new}' is new; {both} {name}",
        evidence=(
            f"names are {similarity(old, new):.0%} alike",
            pair.agreement.text,
        ),
        choices=(
            Choice("renamed", f"'{new}' is the new name of '{old}'", {number: _filled(kept)}),
            Choice(
                "gone",
                f"'{old}' was dropped by the publisher, '{new}' is something else, not to be taken",
                {number: _filled({"ignore": [old, path], "labels": _dropped(draft, number, old)})},
            ),
            STOP,
        ),
        certainty=pair.certainty,
    )


def _path(draft: Draft, number: str, pair: Pair) -> str:
    """The new label as the card has to name it: with its group, where it stands under one."""
    reading = draft.readings()[number]
    paths = {normalise_label(each.label.split("/")[-1]): each.label for each in reading.unknown}
    return paths.get(pair.now.key, pair.now.label)


def _gone(draft: Draft, number: str, label: str, values: Mapping[int, Any]) -> Question:
    return Question(
        key=f"gone:{label}",
        found=f"the label '{label}' of the edition before is nowhere in this document",
        evidence=(f"it carried {counted(len(values), 'figure')}",) if values else (),
        choices=(
            Choice(
                "gone",
                "the publisher dropped it",
                {number: _filled({"ignore": [label], "labels": _dropped(draft, number, label)})},
            ),
            STOP,
        ),
        certainty=0.5,
    )


def _unknown(number: str, label: str, *, settled: bool) -> Question:
    near = sorted(_alike(label.split("/")[-1]), reverse=True)[:_SUGGESTED]
    best = near[0][0] if near else 0.0
    words = [
        Choice(name, f"it means {indicators()[name].name_en}", {number: _meaning(label, name)})
        for _, name in near
    ]
    return Question(
        key=f"new:{label}",
        found=f"the label '{label}' is new, and its meaning unknown",
        evidence=tuple(f"{score:.0%} like a label of {name}" for score, name in near),
        choices=(
            Choice("ignore", "its figures are not taken", {number: {"ignore": [label]}}),
            *words,
            STOP,
        ),
        certainty=0.95 if settled and best < _ALIKE else 0.6,
    )


def _alike(label: str) -> Iterator[tuple[float, str]]:
    for name, indicator in indicators().items():
        score = max(similarity(label, text) for text in (indicator.name_zh, *indicator.labels))
        if score >= 0.5:
            yield score, name


def _dropped(draft: Draft, number: str, label: str) -> dict[str, None]:
    """Take back what the card said of a label, under every path that ends in it."""
    own = draft.previous.card.tables[number].labels
    key = normalise_label(label)
    return {
        path: None
        for path in own
        if key in (normalise_label(path), normalise_label(path.split("/")[-1]))
    }


def _filled(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in changes.items() if value}
