"""Tables printed from data as papers print them: rounded or cut, with stars, in several styles.

Belongs here: what benchmarks/audit_corpora.py and the tests of the audit print. Not here: the
audit, changes planted in tables (planted_changes.py), or real papers (real_papers.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assets.extracts.cards.paper_card import PaperCard
from assets.papers.audit.conventions import stated_conventions
from assets.papers.audit.printed_paper import Paper, Printed
from assets.regression.descriptives import descriptives
from assets.regression.ols import ordinary_least_squares
from assets.regression.ridge import ridge_regression
from assets.regression.significance import stars, two_sided_p, upper_tail_of_f
from assets.regression.variance_inflation import variance_inflation

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Style:
    """How a paper makes and prints its numbers."""

    decimals: int = 3
    errors: Literal["classical", "robust", "clustered"] = "classical"
    one_sided: bool = False
    unsigned_t: bool = False
    cut: bool = False
    missing: float = 0.0  # share of the cells of X that are missing; moments over what is there
    scaling: Literal["none", "min_max"] = "none"

    def stated(self) -> dict[str, str]:
        """What a card says of it, where it says all."""
        return {
            "errors": self.errors,
            "p_values": "one_sided" if self.one_sided else "two_sided",
            "t_values": "unsigned" if self.unsigned_t else "signed",
            "digits": "cut" if self.cut else "rounded",
            "missing": "pairwise" if self.missing else "listwise",
        }


class Place(NamedTuple):
    """Where a number stands."""

    table: str
    kind: str
    estimator: str
    term: str
    other_term: str
    statistic: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number with all its digits, and the p that its stars tell; None: it has none."""

    place: Place
    value: float
    p: float | None = None


def printed(place: Place, text: str) -> Printed:
    """A number as typed: digits, then stars."""
    digits = text.rstrip("*")
    return Printed(
        *place,
        value=float(digits),
        text=text,
        decimals=len(digits.partition(".")[2]),
        stars=text[len(digits) :],
        cell=" ".join(filter(None, (place.table, place.estimator, *place[3:]))),
    )


def as_printed(value: float, decimals: int, cut: bool) -> str:
    """A number with so many decimals, rounded half to even or cut towards zero."""
    if not cut:
        return f"{value:.{decimals}f}"
    step = Decimal(1).scaleb(-decimals)
    return f"{Decimal(value).quantize(step, rounding=ROUND_DOWN):f}"


def paper_of(
    numbers: Sequence[Printed], k: Mapping[str, float] | None = None, **stated: Any
) -> Paper:
    """A paper of these numbers, read as its card says. k: of OLS (0) and ridge models."""
    card = PaperCard.model_validate({"n": 10, "dependent": "y", **stated})
    ridge = {"ols": 0.0, "ridge": 0.1} if k is None else k
    return Paper("made", 2020, tuple(numbers), card, ridge).under(stated_conventions(card))


def print_paper(numbers: Sequence[Number], style: Style, k: float, **stated: Any) -> Paper:
    """Print numbers, their stars by the unrounded p at 1, 5 and 10 %, and the card's equations."""
    shown = [
        printed(
            x.place,
            as_printed(x.value, style.decimals, style.cut) + ("" if x.p is None else stars(x.p)),
        )
        for x in numbers
    ]
    coefficients = [x for x in shown if x.statistic == "coefficient"]
    equations = [
        {
            "estimator": estimator,
            "place": f"{estimator} equation",
            "terms": {x.term: x.text.rstrip("*") for x in coefficients if x.estimator == estimator},
        }
        for estimator in ("ols", "ridge")
        if any(x.estimator == estimator for x in coefficients)
    ]
    return paper_of(
        shown,
        {"ols": 0.0, "ridge": k},
        scaling=style.scaling,
        equations=equations,
        **stated,
    )


def make_printed_tables(
    y: Floats,
    X: Floats,
    names: Sequence[str],
    k: float,
    style: Style,
    clusters: NDArray[np.int64] | None = None,
    **stated: Any,
) -> Paper:
    """A paper with five tables (descriptives, correlations, OLS twice, ridge) and two equations.

    With scaling min_max the fits are of normalised variables, the descriptives of raw ones. Rows
    with a missing cell (NaN) are in no fit, and in every moment of the variables that they have.
    """
    whole = ~np.isnan(X).any(axis=1)
    fitted_y, fitted_X = y[whole], X[whole]
    if style.scaling == "min_max":
        fitted_y, fitted_X = _normalised(fitted_y), _normalised(fitted_X)
    groups = None if clusters is None else clusters[whole]
    numbers = [
        *_moments(np.column_stack([y, X]), ("y", *names), style),
        *_fits(fitted_y, fitted_X, names, k, style, groups),
    ]
    return print_paper(numbers, style, k, n=len(fitted_y), **stated)


def _normalised(values: Floats) -> Floats:
    low, high = values.min(axis=0), values.max(axis=0)
    return np.asarray((values - low) / (high - low))


def _moments(data: Floats, names: Sequence[str], style: Style) -> Iterator[Number]:
    for j, name in enumerate(names):
        column = data[:, j]
        own = column[~np.isnan(column)]
        for label, statistic, value in descriptives(own[:, None], (name,)).statistics():
            yield Number(Place("1", "descriptives", "", label, "", statistic), value)
    for i, name in enumerate(names):
        for j, other in enumerate(names[:i]):
            there = ~np.isnan(data[:, [i, j]]).any(axis=1)
            r = float(np.corrcoef(data[there][:, [i, j]].T)[0, 1])
            df = int(there.sum()) - 2
            t = r * np.sqrt(df / max(1 - r * r, 1e-300))
            place = Place("2", "correlations", "", name, other, "r")
            yield Number(place, r, _p(t, df, style))


def _p(t: float, df: float, style: Style) -> float:
    return float(two_sided_p(np.array([t]), df)[0]) / (2 if style.one_sided else 1)


@dataclass(frozen=True, slots=True)
class _Tests:
    """Errors of the coefficients, constant first, and the F of all slopes."""

    std_error: Floats
    df: float
    F: float
    p_of_F: float


def _fits(
    y: Floats,
    X: Floats,
    names: Sequence[str],
    k: float,
    style: Style,
    clusters: NDArray[np.int64] | None,
) -> Iterator[Number]:
    vif = dict(zip(names, variance_inflation(X, names).vif.tolist(), strict=True))
    ols, ridge = ordinary_least_squares(y, X, names), ridge_regression(y, X, names, k)
    for summary, table, estimator, model in (("3", "4", "ols", ols), ("5", "5", "ridge", ridge)):
        kind = "model_summary" if summary != table else "coefficients"
        error = np.array([c.std_error for c in model.coefficients])
        tests = _Tests(error, model.df_residual, float(model.F), model.p_of_F)
        if estimator == "ols" and style.errors != "classical":
            tests = _sandwich(y, X, ols.residual, clusters)
        for statistic, value in (
            ("R2", model.R2),
            ("adjusted_R2", model.adjusted_R2),
            ("F", tests.F),
            ("p", tests.p_of_F),
        ):
            yield Number(Place(summary, kind, estimator, "", "", statistic), float(value))
        for c, std_error in zip(model.coefficients, tests.std_error.tolist(), strict=True):
            t = c.estimate / std_error
            p = _p(t, tests.df, style)
            at = Place(table, "coefficients", estimator, c.term, "", "coefficient")
            yield Number(at, c.estimate, p)
            yield Number(at._replace(statistic="std_error"), std_error)
            yield Number(at._replace(statistic="t"), abs(t) if style.unsigned_t else t)
            yield Number(at._replace(statistic="p"), p)
            if estimator == "ols" and c.term in vif:
                yield Number(at._replace(statistic="vif"), vif[c.term])


def _sandwich(y: Floats, X: Floats, residual: Floats, clusters: NDArray[np.int64] | None) -> _Tests:
    """HC1 errors, or CR1 with t and F on clusters - 1 degrees of freedom (Stata's)."""
    n, p = X.shape
    design = np.column_stack([np.ones(n), X])
    bread = np.linalg.inv(design.T @ design)
    scores = design * residual[:, None]
    df, factor = float(n - p - 1), n / (n - p - 1)
    if clusters is not None:
        groups = np.unique(clusters)
        scores = np.array([scores[clusters == group].sum(axis=0) for group in groups])
        df = len(groups) - 1.0
        factor = len(groups) / df * (n - 1) / (n - p - 1)
    V = factor * bread @ scores.T @ scores @ bread
    slopes = (bread @ design.T @ y)[1:]
    F = float(slopes @ np.linalg.solve(V[1:, 1:], slopes)) / p
    return _Tests(np.sqrt(np.diag(V)), df, F, upper_tail_of_f(F, p, df))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table of estimates: coefficient, and its error or its t below it."""

    terms: tuple[str, ...]
    estimate: Floats
    covariance: Floats
    df: float


def print_columns(
    columns: Mapping[str, Column], style: Style, below: Literal["std_error", "t"], **stated: Any
) -> Paper:
    """A paper with one table of columns, coefficient and one number below, as most journals do."""
    numbers = []
    for label, column in columns.items():
        errors = np.sqrt(np.diag(column.covariance))
        for term, b, s in zip(column.terms, column.estimate, errors, strict=True):
            at = Place("1", "coefficients", label, term, "", "coefficient")
            t = float(b / s)
            numbers.append(Number(at, float(b), _p(t, column.df, style)))
            value = float(s) if below == "std_error" else abs(t) if style.unsigned_t else t
            numbers.append(Number(at._replace(statistic=below), value))
    return print_paper(numbers, style, 0.1, **stated)


def random_data(rng: np.random.Generator) -> tuple[Floats, Floats, list[str]]:
    """Independent, correlated or trending regressors of different sizes; 2 to 5, n to 40."""
    p = int(rng.integers(2, 6))
    n = int(rng.integers(p + 3, 41))
    X = rng.normal(size=(n, p))
    shared = (0.0, 3 * rng.normal(size=(n, 1)), np.arange(n)[:, None])[int(rng.integers(3))]
    X = (X + shared) * 10.0 ** rng.integers(-1, 4, p) + rng.normal(0, 50, p)
    z = (X - X.mean(axis=0)) / X.std(axis=0)
    y = z @ rng.normal(size=p) + rng.normal(size=n) * rng.uniform(0.1, 3)
    return y, X, [f"x{j}" for j in range(p)]


def coefficients(
    estimator: str = "ols", table: str = "1", **terms: Mapping[str, str]
) -> list[Printed]:
    """Rows of a table of coefficients, typed: a={"coefficient": "1.0**", "std_error": "0.4"}."""
    return [
        printed(Place(table, "coefficients", estimator, term, "", statistic), text)
        for term, found in terms.items()
        for statistic, text in found.items()
    ]
