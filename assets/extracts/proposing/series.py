"""Several series in one long table: which columns tell them apart, and the card for one of them.

Belongs here: finding those columns, the question which series is wanted, the entry for an answer.
Not here: the rest of a proposal (proposal.py).
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from assets.extracts.adding.asking.question import STOP, Choice, Question
from assets.extracts.meaning.units import unit_of

_MOST_SHOWN = 12
_MOST_TEXTS = 200  # of the columns that tell series apart: the card names all that it leaves out


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a table by what their columns say.

    keys: of each line, what its axes say; others: heading of a column that is no axis → its texts;
    units: headings of those that state units, in codes or spelled out.
    """

    keys: Sequence[tuple[str, ...]]
    others: Mapping[str, Sequence[str]]
    units: Sequence[str]


@dataclass(frozen=True, slots=True)
class Series:
    """Columns that tell lines apart, and what they say of each series.

    lines: how many each series has; units: columns that state units.
    """

    columns: tuple[str, ...]
    lines: Mapping[tuple[str, ...], int]
    units: Sequence[str]

    def entry(self, entry: Mapping[str, Any], series: tuple[str, ...]) -> dict[str, Any]:
        """The entry of a card that takes one series, and leaves the others out by name."""
        entry = deepcopy(dict(entry))  # a card repeats nothing by reference
        axes = entry["axes"]
        left_out = {key: list(texts) for key, texts in axes.get("left_out", {}).items()}
        columns = [text for text in left_out.get("columns", []) if text not in self.columns]
        rows = left_out.get("rows", [])
        unit: dict[str, str] = {}
        for i, (heading, taken) in enumerate(zip(self.columns, series, strict=True)):
            others = dict.fromkeys(each[i] for each in self.lines if each[i] != taken)
            rows += [text for text in others if text not in rows]
            if heading in self.units and unit_of(taken) is not None:
                unit = {"unit": taken}
            if axes.get("unit") == heading:
                del axes["unit"]
        axes["only"] = dict(zip(self.columns, series, strict=True))
        out = {key: texts for key, texts in (("columns", columns), ("rows", rows)) if texts}
        axes.pop("left_out", None)
        axes |= {"left_out": out} if out else {}
        return {**entry, **unit, "axes": axes}

    def question(self, key: str) -> Question:
        """Ask which series are taken: each is a table of the card."""
        words = {"/".join(series): count for series, count in self.lines.items()}
        shown = list(words)[:_MOST_SHOWN]
        more = [f"and {len(words) - len(shown)} more"] if len(words) > len(shown) else []
        return Question(
            key=key,
            found=f"the lines are of {len(words)} series, told apart by {', '.join(self.columns)}",
            evidence=(*(f"{word}: {words[word]} lines" for word in shown), *more),
            choices=(*(Choice(word, "this series") for word in shown), STOP),
            certainty=0.5,
            free="several of them, parted by ;",
        )

    def named(self, word: str) -> Sequence[tuple[str, ...]]:
        """The series that an answer names; none where it names one that is not there."""
        by_word = {"/".join(series): series for series in self.lines}
        found = [by_word.get(part.strip()) for part in word.split(";")]
        return [] if None in found else [series for series in found if series is not None]


def told_apart(lines: Lines) -> Series | None:
    """The fewest columns that let no two lines say the same; None where none do.

    A column of units in codes is always one of them: a code is no unit that could be read.
    """
    coded = [
        heading
        for heading in lines.units
        if all(unit_of(text) is None for text in lines.others[heading])
    ]
    chosen = list(coded)
    kinds = {heading: len(set(texts)) for heading, texts in lines.others.items()}
    open_ = [  # no running number
        heading
        for heading, count in kinds.items()
        if heading not in chosen and (count <= _MOST_SHOWN or count < len(lines.keys))
    ]
    while (met := len(_said(lines, chosen))) < len(lines.keys):
        told = {heading: len(_said(lines, [*chosen, heading])) for heading in open_}
        best = max(told, key=lambda heading: (told[heading], -kinds[heading]), default=None)
        if best is None or told[best] == met:
            return None
        chosen.append(best)
        open_.remove(best)
    beside = {text for heading in set(lines.others) - set(chosen) for text in lines.others[heading]}
    beside |= {text for key in lines.keys for text in key}
    named = {text for heading in chosen for text in lines.others[heading]}
    if not chosen or len(named) > _MOST_TEXTS or "" in named or named & beside:
        return None  # left out by name, lines of the series that is taken would be, too
    counts: dict[tuple[str, ...], int] = {}
    for series in zip(*(lines.others[heading] for heading in chosen), strict=True):
        counts[series] = counts.get(series, 0) + 1
    return Series(tuple(chosen), counts, lines.units)


def _said(lines: Lines, columns: Sequence[str]) -> set[tuple[str, ...]]:
    """All that the lines say by their keys and some columns."""
    told = zip(*(lines.others[heading] for heading in columns), strict=True) if columns else None
    if told is None:
        return set(lines.keys)
    return {(*key, *more) for key, more in zip(lines.keys, told, strict=True)}
