"""Single misprints planted in a printed paper: digits, stars, signs, swapped cells, points.

Belongs here: changes that a typist or an author makes. Not here: printing a paper
(printed_tables.py), or what an audit finds in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from assets.papers.audit.printed_paper import Paper, Printed


@dataclass(frozen=True)
class Corruption:
    """A paper with one printed thing changed: what kind of change, where, and to what."""

    kind: str
    changed: Printed
    to: str
    paper: Paper

    def __str__(self) -> str:
        x = self.changed
        place = " ".join(filter(None, (x.estimator, x.term, x.other_term, x.statistic)))
        return f"{self.kind}: {place} {x.text} -> {self.to}"


def planted(paper: Paper, counts: Mapping[str, int], seed: int) -> list[Corruption]:
    """Papers with one change each: so many of each kind."""
    rng = np.random.default_rng(seed)
    return [MAKERS[kind](paper, rng) for kind, count in counts.items() for _ in range(count)]


def _replaced(paper: Paper, new: dict[str, Printed]) -> Paper:
    """The paper with other numbers in the cells named; its equations stay."""
    return replace(paper, numbers=tuple(new.get(x.cell, x) for x in paper.numbers))


def _retyped(x: Printed, digits: str, mark: str) -> Printed:
    return replace(x, value=float(digits), text=digits + mark, stars=mark)


def _choice(rng: np.random.Generator, numbers: list[Printed]) -> Printed:
    return numbers[int(rng.integers(len(numbers)))]


def _digit(paper: Paper, rng: np.random.Generator) -> Corruption:
    """Any digit of any number becomes another; what cannot be printed so (r of 1.9) is redrawn."""
    while True:
        x = _choice(rng, list(paper.numbers))
        digits = x.text.rstrip("*")
        places = [i for i, character in enumerate(digits) if character.isdigit()]
        at = places[int(rng.integers(len(places)))]
        other = str((int(digits[at]) + int(rng.integers(1, 10))) % 10)
        new = _retyped(x, digits[:at] + other + digits[at + 1 :], x.stars)
        if _printable(new):
            return Corruption("digit", x, new.text, _replaced(paper, {x.cell: new}))


def _printable(x: Printed) -> bool:
    """Within the bounds that reading a document enforces."""
    low, high = {"r": (-1, 1), "R2": (0, 1), "adjusted_R2": (-9, 1), "p": (0, 1)}.get(
        x.statistic, (-1e15, 1e15)
    )
    return low <= x.value <= high and (x.statistic != "vif" or x.value >= 1)


def _star(paper: Paper, rng: np.random.Generator) -> Corruption:
    """One star more or fewer."""
    x = _choice(rng, [x for x in paper.numbers if x.statistic in ("coefficient", "r")])
    steps = [s for s in (len(x.stars) - 1, len(x.stars) + 1) if 0 <= s <= 3]
    mark = "*" * steps[int(rng.integers(len(steps)))]
    new = _retyped(x, x.text.rstrip("*"), mark)
    return Corruption("star", x, new.text, _replaced(paper, {x.cell: new}))


def _sign(paper: Paper, rng: np.random.Generator) -> Corruption:
    signed = ("coefficient", "t", "r", "mean", "min", "max")
    x = _choice(rng, [x for x in paper.numbers if x.statistic in signed])
    digits = x.text.rstrip("*")
    digits = digits[1:] if digits.startswith("-") else "-" + digits
    new = _retyped(x, digits, x.stars)
    return Corruption("sign", x, new.text, _replaced(paper, {x.cell: new}))


def _swap(paper: Paper, rng: np.random.Generator) -> Corruption:
    """Two cells of the same statistic and table change places, text and stars."""
    while True:
        x = _choice(rng, [x for x in paper.numbers if x.term])
        same = [
            y
            for y in paper.numbers
            if (y.table_number, y.statistic) == (x.table_number, x.statistic)
            and y.term
            and y.text != x.text
        ]
        if same:
            y = _choice(rng, same)
            new = {x.cell: _swapped(x, y), y.cell: _swapped(y, x)}
            return Corruption("swap", x, f"{y.text} ({y.term})", _replaced(paper, new))


def _swapped(place: Printed, content: Printed) -> Printed:
    return replace(place, value=content.value, text=content.text, stars=content.stars)


def _shift(paper: Paper, rng: np.random.Generator) -> Corruption:
    """The decimal point moves by one place; the number of digits printed stays."""
    while True:
        x = _choice(rng, list(paper.numbers))
        factor = (0.1, 10.0)[int(rng.integers(2))]
        new = _retyped(x, f"{x.value * factor:.{x.decimals}f}", x.stars)
        if _printable(new) and new.value != x.value:
            return Corruption("shift", x, new.text, _replaced(paper, {x.cell: new}))


MAKERS = {"digit": _digit, "star": _star, "sign": _sign, "swap": _swap, "shift": _shift}
