"""A coefficient of a study of series, and the verdict on it: what they rest on, down to the cells.

Belongs here: asking for them, and showing them. Not here: fits and verdicts (`assets/poverty/`),
claims put to provinces and towns (claim_page.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from assets.release.results.study_lines import ESTIMATORS, listed_ranges
from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from assets.warehouse.texts.counted import counted
from orchestration.commands.command import OK
from orchestration.commands.pages.json_rows import print_json
from orchestration.commands.pages.numbers import number
from orchestration.commands.pages.origin.figures_behind import (
    FigureBehind,
    each_once,
    print_figures,
)
from orchestration.commands.pages.study_page import QUALITY_NOTE
from orchestration.commands.pages.text_table import (
    Shown,
    named,
    of_first,
    of_row,
    print_table,
    print_text,
    text_table,
)


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient by one estimator with all that is known of it (`coefficient_origins.sql`)."""

    vintage: str
    study: str
    title: str | None
    title_zh: str | None
    region: str
    sample: str
    dependent: str | None
    term: str
    estimator: str
    coefficient: float
    std_error: float | None
    t: float | None
    p: float | None
    low: float | None
    high: float | None
    vif: float | None
    formula: str
    n: int
    years: str
    df_residual: float | None
    convention: str
    ridge_k: float
    quality: str
    input_fingerprint: str
    verdict: str | None
    sentence: str | None
    is_last: bool

    @property
    def line(self) -> str:
        """Where it is, the number and the verdict."""
        where = f"{self.study}, region {self.region}, sample {self.sample}"
        interval = "" if self.low is None else f" ({number(self.low)} to {number(self.high)})"
        verdict = f": {self.verdict.partition(';')[0]}" if self.verdict else ""
        return f"{where}: {number(self.coefficient)}{interval}{verdict}"


@dataclass(frozen=True, slots=True)
class _Test:
    """What the verdict rests on (`coefficient_tests.sql`)."""

    method: str
    statistic: str
    setting: str
    value: float | None
    note: str | None


@dataclass(frozen=True, slots=True)
class _FitRow:
    """A value that the fit was given (`fit_rows.sql`)."""

    region: str
    reference_year: int
    variable: str
    value: float
    unit: str | None


def coefficients(
    home: Home, term: str, study: str | None, region: str | None, sample: str | None
) -> list[list[Coefficient]]:
    """The coefficients of a regressor, OLS and ridge together; of each study and region those of
    the sample that is asked for, or of its last one.
    """
    of = {"term": term, "study": study, "region": region, "sample": sample}
    found = ask(home, "commands/coefficient_origins", Coefficient, of)
    taken = [each for each in found if each.is_last or sample is not None]
    return [list(own) for _, own in groupby(taken, key=attrgetter("study", "region", "sample"))]


def coefficient_page(
    home: Home, estimates: Sequence[Coefficient], in_full: bool, as_json: bool
) -> int:
    """Print one coefficient. estimates: of one sample, by every estimator."""
    first = estimates[0]
    place = {"study": first.study, "region": first.region, "sample": first.sample}
    tests = ask(home, "commands/coefficient_tests", _Test, {**place, "term": first.term})
    rows = ask(home, "commands/fit_rows", _FitRow, place)
    figures = each_once(ask(home, "commands/fit_figures", FigureBehind, place))
    if as_json:
        print_json({"coefficients": estimates, "tests": tests, "rows": rows, "figures": figures})
        return OK
    from assets.poverty.robustness.sentences import RULE  # loads numpy

    print_text(f"{first.term} in {first.study}: {first.title or 'a study that is no more'}")
    if first.verdict is not None:
        print_text(f"  asked    is its coefficient on {first.dependent} significant at 5 %?")
        print_text(f"  verdict  {first.verdict}")
        print_text(f"  rule     {RULE}")
    for each in estimates:
        name = ESTIMATORS.get(each.estimator, each.estimator)
        parts = (
            f"95 % interval {number(each.low, 4)} to {number(each.high, 4)}"
            if each.low is not None
            else "",
            f"std. error {number(each.std_error, 4)}" if each.std_error is not None else "",
            f"p {number(each.p, 4)}" if each.p is not None else "",
            f"VIF {number(each.vif, 1)}" if each.vif is not None else "",
            f"K = {each.ridge_k:g}, {each.convention} convention; its p is no valid test"
            if each.estimator == "ridge"
            else "",
        )
        print_text(f"  {name:<9}{number(each.coefficient, 4)}, {', '.join(filter(None, parts))}")
    freedom = ""
    if first.df_residual is not None:
        freedom = f", {number(first.df_residual, 0)} degrees of freedom"
    print_text(
        f"  method   {first.formula}, each variable min-max normalised over the years fitted; "
        f"n = {first.n}{freedom}"
    )
    print_text(
        f"  sample   {first.sample}, region {first.region}, {listed_ranges(first.years)}; "
        f"{QUALITY_NOTE[first.quality]}"
    )
    print_text(
        f"  vintage  {first.vintage}; what was fitted has the fingerprint "
        f"{first.input_fingerprint[:16]}…"
    )
    print_text(
        "  tables   current.coefficient, current.fit, current.input, current.robustness, "
        "current.specification"
    )
    if first.sentence is not None:
        print_text(f"  evidence {first.sentence}")
        told = counted(len(tests), "row")
        print_text(f"           {told} of current.robustness{'' if in_full else ': `--all`'}")
    if in_full:
        columns: tuple[Shown[_Test], ...] = (
            *named("method", "statistic", "setting"),
            Shown("value", lambda row: number(row.value, 4)),
            *named("note"),
        )
        print_table(text_table("What the verdict rests on", columns, tests))
    _print_rows(rows)
    last = rows[-1].reference_year if rows else 0
    one = f"yearbook where-from {first.term} {last} --study {first.study}"
    print_figures(figures, in_full, one)
    return OK


def _print_rows(rows: Sequence[_FitRow]) -> None:
    """The values that were fitted, a line a year."""
    of_year = attrgetter("region", "reference_year")
    lines = [list(own) for _, own in groupby(rows, key=of_year)]
    units = {row.variable: row.unit for row in rows}
    columns: tuple[Shown[Sequence[_FitRow]], ...] = (
        *([of_first("region", attrgetter("region"))] if len({r.region for r in rows}) > 1 else []),
        of_first("year", attrgetter("reference_year")),
        *(of_row(attrgetter("variable"), name, lambda row: number(row.value, 4)) for name in units),
    )
    told = ", ".join(f"{name} in {unit}" for name, unit in units.items() if unit)
    print_table(text_table("What was fitted, before it was normalised", columns, lines, told))
