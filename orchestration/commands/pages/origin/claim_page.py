"""A claim that was put to provinces or to towns, and its verdict: what they rest on.

Belongs here: asking for them, and showing them. Not here: estimates and verdicts
(`assets/provinces/`, `assets/towns/`), coefficients of studies of series (coefficient_page.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from assets.provinces import poverty_class_specification as poverty_classes
from assets.provinces.counties import poor_county_specification as poor_counties
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
from orchestration.commands.pages.origin.panel_page import ClassInput, class_inputs, panel_inputs
from orchestration.commands.pages.origin.printed_cell import PrintedCell
from orchestration.commands.pages.text_table import (
    named,
    print_first,
    print_table,
    print_text,
    text_table,
)

_TESTS_SHOWN = 5
_MEAN = "mean of "  # of a regressor, which an estimator within provinces adds
_TABLES = {poor_counties.STUDY: "poor_county", poverty_classes.STUDY: "poverty_class"}


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with the estimate that answers it (`claim_origins.sql`)."""

    is_towns: bool
    vintage: str
    study: str
    claim: str
    part: str
    asked: str
    label: str
    scale: str | None
    estimate: float | None
    low: float | None
    high: float | None
    detectable: float | None
    verdict: str
    sentence: str
    against: str | None
    specification: str | None
    term: str | None
    estimator: str | None
    inference: str | None
    sample: str | None
    outcome: str | None
    std_error: float | None
    needs: str | None
    n: int | None
    units: int | None
    first_year: int | None
    last_year: int | None
    columns: list[str] | None

    @property
    def line(self) -> str:
        """Where it is, the number and the verdict."""
        estimate = "no estimate"
        if self.estimate is not None:
            interval = f"({number(self.low)} to {number(self.high)})"
            estimate = f"{number(self.estimate)} {interval} {self.scale}"
        return f"{self.study}, part “{self.part}”: {estimate}: {self.verdict}"

    @property
    def own_columns(self) -> list[str]:
        """Columns of the tables of provinces that go into the estimate, each once."""
        return list(dict.fromkeys(each.removeprefix(_MEAN) for each in self.columns or ()))


@dataclass(frozen=True, slots=True)
class _Test:
    """What speaks for or against the estimate (`claim_tests.sql`)."""

    test: str
    cell: str
    bears_on: str
    verdict: str
    sentence: str


@dataclass(frozen=True, slots=True)
class _TownFile:
    """A file of a data set of towns (`town_files.sql`)."""

    file: str
    contract: str
    records: int
    sha256: str
    title: str
    publisher: str


def claims(home: Home, claim: str, study: str | None) -> list[Claim]:
    """The parts of a claim in every study it was put to, or in one."""
    return ask(home, "commands/claim_origins", Claim, {"claim": claim, "study": study})


def claim_page(home: Home, found: Claim, in_full: bool, as_json: bool) -> int:
    """Print one part of a claim."""
    bears = {
        "study": found.study,
        "specification": found.specification,
        "term": found.term,
        "sample": found.sample,
    }
    tests = ask(home, "commands/claim_tests", _Test, bears)
    files = (
        ask(home, "commands/town_files", _TownFile, {"dataset": found.study})
        if found.is_towns
        else []
    )
    figures = [] if found.is_towns or found.first_year is None else _figures(home, found)
    if as_json:
        print_json({"claims": [found], "tests": tests, "files": files, "figures": figures})
        return OK
    from assets.regression.verdict import RULE  # loads scipy

    kind = "of towns" if found.is_towns else "of provinces"
    label = "" if found.label == "official" else f" {found.label.upper()} data."
    print_text(f"{found.claim}, {found.part}, in {found.study}: {found.asked}")
    print_text(f"  verdict  {found.verdict}.{label}")
    print_text(f"           {found.sentence}")
    print_text(f"  rule     {RULE}")
    _print_method(found)
    tables = ("finding", "estimate", "evidence")
    names = ", ".join(f"current.{'town' if found.is_towns else 'province'}_{t}" for t in tables)
    print_text(f"  vintage  {found.vintage}, study {kind}")
    print_text(f"  tables   {names}")
    print_first(
        "Tests of what the estimate needs",
        named("verdict", "test", "cell", "sentence"),
        tests,
        None if in_full else max(_TESTS_SHOWN, sum(t.verdict == "against" for t in tests)),
        "`--all` lists them",
    )
    if found.is_towns:
        about = f"{files[0].title} ({files[0].publisher}). " if files else ""
        print_table(
            text_table(
                f"The files of {found.study}",
                named("file", "contract", "records", "sha256"),
                files,
                f"{about}Records of sellers are private: what is published of them is sums.",
            )
        )
    elif figures:
        table = _TABLES.get(found.study, "province_panel")
        one = f"yearbook where-from log_im {found.last_year} --region {figures[0].region}"
        print_text(f"\nRows: {found.n} of provinces.{table}, {', '.join(found.own_columns)}")
        print_figures(figures, in_full, one)
    return OK


def _print_method(found: Claim) -> None:
    if found.estimate is None:
        print_text("  estimate none here can answer it")
        return
    large = f"; one of {number(found.detectable, 4)} would be found" if found.detectable else ""
    print_text(
        f"  estimate {number(found.estimate, 4)}, 95 % interval {number(found.low, 4)} to "
        f"{number(found.high, 4)}, std. error {number(found.std_error, 4)}, {found.scale}{large}"
    )
    others = [each for each in found.own_columns if each != found.outcome]
    on = f" on {', '.join(others)}" if others else ""
    print_text(f"  method   {found.estimator} ({found.inference}): {found.outcome}{on}")
    print_text(f"  needs    {found.needs}")
    if found.is_towns:
        print_text(f"  sample   {found.sample}: {counted(found.units or 0, 'town')}")
    else:
        print_text(
            f"  sample   {counted(found.n or 0, 'row')}: "
            f"{counted(found.units or 0, 'province')}, {found.first_year}-{found.last_year}"
        )


def _figures(home: Home, found: Claim) -> list[FigureBehind]:
    """Every printed figure behind the rows of the estimate."""
    assert found.first_year is not None
    assert found.last_year is not None
    years = found.first_year, found.last_year
    counts: Sequence[FigureBehind] = ()
    classes: Sequence[ClassInput] = ()
    regions = None
    if found.study == poor_counties.STUDY:
        of = {"first": years[0], "last": years[1]}
        counts = ask(home, "commands/poor_county_inputs", FigureBehind, of)
        regions = sorted({each.region for each in counts})
    elif found.study == poverty_classes.STUDY:
        ends = ("low_pct", "high_pct")
        classes = class_inputs(home, ends, None, *years)
        regions = sorted({each.region for each in classes})
    taken = {each.input_year for each in classes}
    panel = [
        each
        for each in panel_inputs(home, found.own_columns, regions, *years)
        if not taken or each.input_year in taken
    ]
    of_classes = (
        FigureBehind(
            **_cell(each),
            region=each.region,
            value=None if each.is_class else each.low,
            behind="incidence",
        )
        for each in classes
    )
    of_panel = (
        FigureBehind(**_cell(each), region=each.region, value=each.value, behind=each.column_name)
        for each in panel
    )
    return each_once([*counts, *of_classes, *of_panel])


def _cell(each: PrintedCell) -> dict[str, Any]:
    return {own.name: getattr(each, own.name) for own in fields(PrintedCell)}
