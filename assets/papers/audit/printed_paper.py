"""A paper as the audit sees it: its printed numbers as typed rows, and what its card states.

Belongs here: the rows, where to find one, and how variables were scaled. Not here: any rule.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assets.extracts.cards.card import Card
from assets.extracts.cards.paper_card import Limits, ModelSample, PaperCard
from assets.papers.audit.conventions import USUAL, Conventions, stated_conventions
from assets.papers.audit.rounding.interval import Interval, exactly
from assets.papers.printed_number import half_unit_of
from assets.regression.coefficient import CONSTANT
from assets.vintages.failures import Refusal

# Where errors are clustered and the clusters are not counted, there may be as few as these: one has
# no error, and authors do print errors of fewer than five.
FEWEST_CLUSTERS = 2


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed number. text: with its stars; cell: sheet and cell."""

    table_number: str
    kind: str  # descriptives, correlations, model_summary or coefficients
    estimator: str  # ols, ridge; empty for tables of no estimator
    term: str
    other_term: str
    statistic: str
    value: float
    text: str
    decimals: int
    stars: str
    cell: str
    cut: bool = False  # digits beyond the printed ones were cut off, not rounded

    @property
    def range(self) -> Interval:
        """What the number may have been before it was rounded, or cut."""
        return printed_range(self.value, 0.5 * 10.0**-self.decimals, self.cut)


@dataclass(frozen=True, slots=True)
class Paper:
    """The printed numbers of one edition with what the card states.

    Each estimator label is one model with one table of coefficients. k: the ridge constant of the
    models that are OLS (0) or ridge; other models are tested only where that needs no refitting.
    """

    source: str
    edition: int
    numbers: tuple[Printed, ...]
    stated: PaperCard
    k: Mapping[str, float]
    conventions: Conventions = USUAL

    def under(self, conventions: Conventions) -> "Paper":
        """The paper read as if its numbers had been made so."""
        numbers = tuple(replace(x, cut=conventions.cut) for x in self.numbers)
        return replace(self, numbers=numbers, conventions=conventions)

    @property
    def variables(self) -> tuple[str, ...]:
        """The dependent variable, then the regressors as the coefficient tables order them."""
        return (self.stated.dependent, *self.regressors)

    @property
    def regressors(self) -> tuple[str, ...]:
        """The regressors of all models."""
        terms = [x.term for x in self.of_kind("coefficients") if x.term]
        return tuple(term for term in dict.fromkeys(terms) if term != CONSTANT)

    def regressors_of(self, estimator: str) -> tuple[str, ...]:
        """The regressors of one model; all where only its summary is printed."""
        own = {x.term for x in self.of_kind("coefficients") if x.estimator == estimator}
        return tuple(term for term in self.regressors if term in own) or self.regressors

    def sample(self, estimator: str) -> ModelSample:
        """What the card says of one model's sample."""
        return self.stated.models.get(estimator, ModelSample())

    def n(self, estimator: str) -> int:
        """Observations of one model."""
        return self.sample(estimator).n or self.stated.n

    def df_residual(self, estimator: str) -> int:
        """n - p - 1 of one model, less the fixed effects that it absorbs."""
        regressors = len(self.regressors_of(estimator))
        return self.n(estimator) - regressors - 1 - self.sample(estimator).absorbed

    def least_df(self, estimator: str) -> int:
        """The fewest degrees of freedom that a test of one model may have."""
        df, clusters = self.df_residual(estimator), self.sample(estimator).clusters
        if clusters is not None:
            return min(df, clusters - 1)
        return min(df, FEWEST_CLUSTERS - 1) if self.conventions.errors == "clustered" else df

    def classical(self, estimator: str) -> bool:
        """Whether a model's errors follow from its R² and moments; ridge's always do."""
        return self.conventions.errors == "classical" or self.k.get(estimator, 0.0) != 0

    @property
    def pair_n(self) -> Limits:
        """Observations behind a mean or a correlation; half to twice n where nothing is said."""
        n = self.stated.n
        if not self.conventions.pairwise:
            return Limits(low=n, high=n)
        return self.stated.pair_n or Limits(low=max(3, n // 2), high=2 * n)

    def of_kind(self, kind: str) -> tuple[Printed, ...]:
        return tuple(x for x in self.numbers if x.kind == kind)

    def tables(self, *kinds: str) -> Iterator[tuple[Printed, ...]]:
        """The numbers of each table that is of one of the kinds."""
        for number in dict.fromkeys(x.table_number for x in self.numbers if x.kind in kinds):
            yield tuple(x for x in self.numbers if x.table_number == number)

    def estimators(self) -> tuple[str, ...]:
        """The estimators with tables, in their order."""
        return tuple(dict.fromkeys(x.estimator for x in self.numbers if x.estimator))

    def find(self, statistic: str, term: str = "", estimator: str | None = None) -> Printed | None:
        """The first number of that statistic, term and estimator (None: of any)."""
        for x in self.numbers:
            if (x.statistic, x.term) == (statistic, term) and estimator in (None, x.estimator):
                return x
        return None

    def correlation(self, term: str, other: str) -> Printed | None:
        """The printed r of two variables, in either order."""
        for x in self.of_kind("correlations"):
            if {x.term, x.other_term} == {term, other}:
                return x
        return None

    def mean(self, term: str) -> Interval | None:
        """Mean of a variable as it entered the regressions."""
        mean, low, length = self.raw_mean(term), self._descriptive("min", term), self.length(term)
        if self.stated.scaling == "none" or mean is None:
            return mean
        return None if low is None or length is None else (mean - low) / length

    def sd(self, term: str) -> Interval | None:
        """Standard deviation of a variable as it entered the regressions."""
        sd, length = self._descriptive("sd", term), self.length(term)
        return None if sd is None or length is None else sd / length

    def raw_mean(self, term: str) -> Interval | None:
        """Mean of a variable in its own unit."""
        return self._descriptive("mean", term)

    def length(self, term: str) -> Interval | None:
        """What values were divided by: 1, or the range of the variable."""
        if self.stated.scaling == "none":
            return exactly(1.0)
        low, high = self._descriptive("min", term), self._descriptive("max", term)
        return None if low is None or high is None else high - low

    def _descriptive(self, statistic: str, term: str) -> Interval | None:
        found = self.find(statistic, term, "")
        return None if found is None else found.range


def paper_from_rows(rows: Iterable[Mapping[Hashable, Any]], card: Card) -> Paper:
    """Build a paper from its rows of raw.published_statistic and its card.

    rows: mappings with the columns of that table (a frame's `to_dict("records")`); rows of other
    sources or editions are left out.
    Raises Refusal where the card has no `paper` block, no row is left, the dependent
    variable is in no table, an estimator has two tables of coefficients, or there are too few
    observations for the regressors.
    """
    if card.paper is None:
        raise Refusal(
            f"landing/{card.source}/{card.edition}/card.yaml has no block `paper`, so the audit "
            "knows neither n nor the dependent variable. Add it as landing/README.md describes."
        )
    own = [r for r in rows if (r["source"], int(r["edition"])) == (card.source, card.edition)]
    numbers = tuple(_printed(row) for row in own if row["statistic"] not in ("k", "n"))
    if not numbers:
        raise Refusal(f"{card.source} {card.edition}: the warehouse holds no printed number.")
    paper = Paper(card.source, card.edition, numbers, card.paper, _tuning(own, card))
    paper = paper.under(stated_conventions(card.paper))
    _require_dependent(paper)
    for estimator in paper.estimators():
        _require_one_model(paper, estimator)
    return paper


def _require_dependent(paper: Paper) -> None:
    """A misspelt name would leave most rules without input."""
    summaries = (*paper.of_kind("descriptives"), *paper.of_kind("correlations"))
    names = dict.fromkeys(name for x in summaries for name in (x.term, x.other_term) if name)
    if names and paper.stated.dependent not in names:
        raise Refusal(
            f"{paper.source} {paper.edition}: the card's paper.dependent is "
            f"'{paper.stated.dependent}', but the tables print {', '.join(names)}."
        )


def _require_one_model(paper: Paper, estimator: str) -> None:
    place = f"{paper.source} {paper.edition}, estimator {estimator}"
    own = [x for x in paper.of_kind("coefficients") if x.estimator == estimator]
    tables = list(dict.fromkeys(x.table_number for x in own))
    if len(tables) > 1:
        raise Refusal(
            f"{place}: tables {' and '.join(tables)} both hold its coefficients. Give each model "
            "an estimator of its own in the card (ols, ols_2); tuning {k: 0} says that one is OLS."
        )
    count = len(paper.regressors_of(estimator))
    if paper.df_residual(estimator) < 1:
        raise Refusal(
            f"{place}: n = {paper.n(estimator)} with {count} regressors leaves no degree of "
            "freedom. Correct paper.n, or paper.models, in the card."
        )


def _printed(row: Mapping[Hashable, Any]) -> Printed:
    estimator = row["estimator"] if isinstance(row["estimator"], str) else ""
    sheet = row["sheet"] if isinstance(row["sheet"], str) else None
    kind = str(row["kind"])
    return Printed(
        table_number=str(row["table_number"]),
        kind=kind,
        estimator=estimator if kind in ("model_summary", "coefficients") else "",
        term=str(row["term"]),
        other_term=str(row["other_term"]),
        statistic=str(row["statistic"]),
        value=float(row["value"]),
        text=str(row["printed_value"]),
        decimals=int(row["decimals"]),
        stars=str(row["stars"]),
        cell=" ".join(filter(None, (sheet, str(row["cell"])))),
    )


def _tuning(rows: Sequence[Mapping[Hashable, Any]], card: Card) -> dict[str, float]:
    """k by estimator: 0 for OLS, what the card or else the table prints for ridge."""
    k = {"ols": 0.0}
    for row in rows:
        if row["statistic"] == "k" and isinstance(row["estimator"], str):
            k[row["estimator"]] = float(row["value"])
    for table in card.tables.values():
        if table.estimator and "k" in table.tuning:
            k[table.estimator] = table.tuning["k"]
    return k


def interval_of(text: str, factor: float = 1.0, cut: bool = False) -> Interval:
    """What a number printed in the text may have been before rounding, times a factor."""
    value = float(text.strip().replace("\N{MINUS SIGN}", "-"))
    return printed_range(value, float(half_unit_of(text)), cut).scaled(factor)


def printed_range(value: float, half_unit: float, cut: bool) -> Interval:
    """What rounds to a number; what is cut to it, away from zero, reaches a whole unit."""
    if not cut:
        return Interval(value - half_unit, value + half_unit)
    below, above = value - 2 * half_unit, value + 2 * half_unit
    if abs(value) < half_unit:
        return Interval(below, above)
    return Interval(value, above) if value > 0 else Interval(below, value)
