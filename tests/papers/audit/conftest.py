"""The Gansu paper as shipped, and tables printed from data: rounded, with stars, as papers do."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from assets.extracts.document import Document, read_document
from assets.extracts.paper_card import Equation, PaperCard
from assets.papers.audit.printed_paper import Paper, Printed, paper_from_rows
from assets.regression.correlation import pearson
from assets.regression.descriptives import descriptives
from assets.regression.ols import ordinary_least_squares
from assets.regression.ridge import ridge_regression
from assets.regression.significance import stars
from assets.regression.variance_inflation import variance_inflation

REPOSITORY = Path(__file__).parents[3]
REFERENCE = REPOSITORY / "tests" / "reference"
LANDING = REPOSITORY / "landing"


@pytest.fixture(scope="session")
def gansu_document() -> Document:
    return read_document(LANDING / "he_gansu_paper" / "2023" / "card.yaml", LANDING)


@pytest.fixture(scope="session")
def gansu(gansu_document: Document) -> Paper:
    rows = [asdict(row) for row in gansu_document.statistics]
    return paper_from_rows(rows, gansu_document.card)


@pytest.fixture(scope="session")
def audit_reference() -> Callable[[str], list[dict[str, str]]]:
    def rows(name: str) -> list[dict[str, str]]:
        with (REFERENCE / "audit" / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return rows


@dataclass(frozen=True)
class DataSet:
    y: np.ndarray
    X: np.ndarray
    names: tuple[str, ...]


@pytest.fixture(scope="session")
def data_sets() -> dict[str, DataSet]:
    """Longley (employment) and Hald (cement): n 16 and 13, 6 and 4 regressors."""
    found = {}
    for name, file, dependent in (
        ("longley", "longley_R.csv", "Employed"),
        ("hald", "hald.csv", "y"),
    ):
        with (REFERENCE / file).open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        names = tuple(column for column in rows[0] if column not in ("", dependent))
        y = np.array([float(row[dependent]) for row in rows])
        X = np.array([[float(row[column]) for column in names] for row in rows])
        found[name] = DataSet(y, X, names)
    return found


@pytest.fixture(scope="session")
def printed_tables() -> Callable[..., Paper]:
    return make_printed_tables


def make_printed_tables(
    y: np.ndarray,
    X: np.ndarray,
    names: Sequence[str],
    decimals: int,
    k: float,
    scaling: str = "none",
) -> Paper:
    """A paper with five tables (descriptives, correlations, OLS twice, ridge) and two equations.

    Every number is rounded to the same number of decimals; stars stand beside correlations and
    coefficients by their unrounded p at 1, 5 and 10 %. With scaling min_max the fits are of
    normalised variables, the descriptives of raw ones.
    """
    scaled = (y, X) if scaling == "none" else (_normalised(y), _normalised(X))
    rows = [*_summaries(y, X, names), *_fits(*scaled, names, k)]
    numbers = [
        Printed(
            *place,
            value=float(f"{value:.{decimals}f}"),
            text=f"{value:.{decimals}f}{mark}",
            decimals=decimals,
            stars=mark,
            cell=f"row {i}",
        )
        for i, (place, value, mark) in enumerate(rows)
    ]
    equations = [
        Equation(
            estimator=estimator,
            place=f"{estimator} equation",
            terms={
                x.term: f"{x.value:.{decimals}f}"
                for x in numbers
                if x.estimator == estimator and x.statistic == "coefficient"
            },
        )
        for estimator in ("ols", "ridge")
    ]
    stated = PaperCard(n=len(y), dependent="y", scaling=scaling, equations=tuple(equations))
    return Paper("made", 2020, tuple(numbers), stated, {"ols": 0.0, "ridge": k})


def _normalised(values: np.ndarray) -> np.ndarray:
    low, high = values.min(axis=0), values.max(axis=0)
    return (values - low) / (high - low)


Row = tuple[tuple[str, str, str, str, str, str], float, str]


def _summaries(y: np.ndarray, X: np.ndarray, names: Sequence[str]) -> Iterator[Row]:
    data, all_names = np.column_stack([y, X]), ("y", *names)
    for name, statistic, value in descriptives(data, all_names).statistics():
        yield ("1", "descriptives", "", name, "", statistic), value, ""
    related = pearson(data, all_names)
    for i, name in enumerate(all_names):
        for j, other in enumerate(all_names[:i]):
            place = ("2", "correlations", "", name, other, "r")
            yield place, float(related.r[i, j]), related.stars[i][j]


def _fits(y: np.ndarray, X: np.ndarray, names: Sequence[str], k: float) -> Iterator[Row]:
    vif = dict(zip(names, variance_inflation(X, names).vif.tolist(), strict=True))
    models = (
        ("3", "4", "ols", ordinary_least_squares(y, X, names)),
        ("5", "5", "ridge", ridge_regression(y, X, names, k)),
    )
    for summary, table, estimator, model in models:
        kind = "model_summary" if summary != table else "coefficients"
        for statistic in ("R2", "adjusted_R2", "F"):
            yield (summary, kind, estimator, "", "", statistic), getattr(model, statistic), ""
        yield (summary, kind, estimator, "", "", "p"), model.p_of_F, ""
        for c in model.coefficients:
            place = (table, "coefficients", estimator, c.term, "")
            yield (*place, "coefficient"), c.estimate, stars(c.p)
            yield (*place, "std_error"), c.std_error, ""
            yield (*place, "t"), c.t, ""
            yield (*place, "p"), c.p, ""
            if estimator == "ols" and c.term in vif:
                yield (*place, "vif"), vif[c.term], ""


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


KINDS = ("digit",) * 12 + ("star",) * 6 + ("sign",) * 6 + ("swap",) * 6


@pytest.fixture(scope="session")
def corruptions() -> Callable[[Paper, int], list[Corruption]]:
    return make_corruptions


def make_corruptions(paper: Paper, seed: int) -> list[Corruption]:
    """Thirty papers, each with one change: 12 of a digit, 6 of a star, 6 of a sign, 6 swaps."""
    rng = np.random.default_rng(seed)
    makers = {"digit": _digit, "star": _star, "sign": _sign, "swap": _swap}
    return [makers[kind](paper, rng) for kind in KINDS]


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
