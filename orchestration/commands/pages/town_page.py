"""What a person reads of the town study: headline, other estimators, findings, evidence.

Belongs here: which published rows are shown, and their words. Not here: any number's making, and
how a table is drawn.
"""

from collections import Counter
from dataclasses import dataclass

from assets.release.results.town_lines import (
    TownCell,
    TownEffect,
    TownEvidence,
    TownFailure,
    TownFinding,
)
from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from assets.warehouse.texts.counted import counted
from orchestration.commands.pages.numbers import number
from orchestration.commands.pages.page import StudyPage
from orchestration.commands.pages.text_table import Shown, named, text_table

SIMULATED = "SIMULATED: no town, seller or sale behind these numbers exists."


@dataclass(frozen=True, slots=True)
class _Policy:
    sentence: str


_EFFECTS: tuple[Shown[TownEffect], ...] = (
    Shown("estimator", lambda row: row.estimator),
    Shown("towns in", lambda row: row.sample),
    Shown("controls", lambda row: row.control_pool),
    Shown("outcome", lambda row: row.outcome),
    Shown("error by", lambda row: row.inference),
    Shown("%", lambda row: number(row.percent, 1)),
    Shown("low", lambda row: number(row.percent_low, 1)),
    Shown("high", lambda row: number(row.percent_high, 1)),
    Shown("n", lambda row: f"{row.treated_towns} of {row.towns}"),
    Shown(
        "effective",
        lambda row: f"{number(row.effective_treated, 0)}/{number(row.effective_controls, 0)}",
    ),
)


def _in_scale(row: TownFinding, value: float | None) -> str:
    """A value of a finding; indices are small."""
    return number(value, 4 if row.scale == "index" else 3)


_EVENTS: tuple[Shown[TownCell], ...] = (
    Shown("year", lambda row: row.cell.removeprefix("e=")),
    Shown("%", lambda row: number(row.percent, 1)),
    Shown("low", lambda row: number(row.percent_low, 1)),
    Shown("high", lambda row: number(row.percent_high, 1)),
    Shown("band low", lambda row: number(row.percent_band_low, 1)),
    Shown("band high", lambda row: number(row.percent_band_high, 1)),
)
_INSIDE = {None: "", True: "yes", False: "NO"}
_FINDINGS: tuple[Shown[TownFinding], ...] = (
    *named("claim", "part"),
    Shown(
        "published",
        lambda row: "" if row.published_percent is None else f"{row.published_percent:.1f} %",
    ),
    Shown("here", lambda row: _in_scale(row, row.estimate)),
    Shown("low", lambda row: _in_scale(row, row.low)),
    Shown("high", lambda row: _in_scale(row, row.high)),
    Shown("detectable", lambda row: _in_scale(row, row.detectable)),
    Shown("planted", lambda row: _in_scale(row, row.truth)),
    Shown("inside", lambda row: _INSIDE[row.truth_is_inside]),
    *named("verdict"),
)


def town_page(home: Home, dataset: str, simulated: bool, vintage: str, full: bool) -> StudyPage:
    """The town study of one data set; full: with the evidence and the sentences of the findings."""
    place = {"vintage": vintage, "dataset": dataset}
    findings = ask(home, "commands/town_findings", TownFinding, place)
    evidence = ask(home, "commands/town_evidence", TownEvidence, place)
    failures = ask(home, "commands/town_failures", TownFailure, place)
    cells = ask(home, "commands/town_cells", TownCell, place) if full else []
    events = [row for row in cells if row.target == "event_time"]
    by_year = text_table(
        "The headline by years since certification, per cent of sales (the band holds all years "
        "at once with 95 %)",
        _EVENTS,
        events,
    )
    tables = (
        text_table(
            "Effect of certification, per cent a year (sales; headline first, with its orders)",
            _EFFECTS,
            ask(home, "commands/town_effects", TownEffect, place),
        ),
        text_table(
            "Findings: each claim of the published study beside the estimate here"
            " (log points or shares)",
            _FINDINGS,
            findings,
        ),
        *([by_year] if events else []),
    )
    if full:
        policies = ask(home, "commands/town_policies", _Policy, place)
        closing = [
            *(f"{each.claim} {each.part}: {each.sentence}" for each in findings),
            "",
            *map(_evidence_line, evidence),
            "",
            *(f"Not computed ({each.status}): {each.entry}: {each.reason}" for each in failures),
            *([""] if failures else []),
            *(["Other lists, gains of near towns counted:"] if policies else []),
            *(f"- {each.sentence}" for each in policies),
        ]
    else:
        verdicts = Counter(each.verdict for each in evidence)
        counts = ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in sorted(verdicts))
        closing = [
            f"Evidence on assumptions: {counts or 'none'}.",
            *(
                f"  AGAINST {each.estimator}, {each.sample}: {each.sentence}"
                for each in evidence
                if each.verdict == "against"
            ),
            *(
                [f"{counted(len(failures), 'entry', 'entries')} could not be computed."]
                if failures
                else []
            ),
            f"`yearbook towns {dataset}` shows the sentences and all evidence.",
        ]
    heading = f"The Taobao Town study on {dataset}"
    if simulated:
        heading = f"{SIMULATED}\n{heading} (simulated)"
    return StudyPage(heading, (), tables, tuple(closing))


def _evidence_line(each: TownEvidence) -> str:
    name = " ".join(part for part in (each.test, each.cell) if part)
    return f"[{each.verdict}] {each.estimator}, {each.sample}, {name}: {each.sentence}"
