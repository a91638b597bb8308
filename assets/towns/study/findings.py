"""The table of findings: each published claim, the estimate here, the planted truth, a verdict.

Belongs here: which estimate answers a claim, and which evidence bears on that. Not here: the rules
of verdict (`assets/regression/verdict.py`), the claims (`claims.yaml`), estimates, truths
(`planted.py`).
Read beside it: Couture, Faber, Gu and Liu (2021), a randomised study of an e-commerce programme in
Chinese villages, found little gain in income for rural producers; the gains went to a minority of
consumers, through lower prices.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from assets.regression.verdict import (
    Estimated,
    Judged,
    Rule,
    Sensitivity,
    detectable_effect,
    judge_claim,
    named_tests,
)
from assets.towns.estimators.labels import ALL_TOWNS, RING
from assets.towns.study.planted import TRUTHS, planted
from assets.towns.study.result_rows import TownFindingRow
from assets.towns.study.specification import SALES
from assets.vintages.failures import Failures

if TYPE_CHECKING:
    import pandas as pd

CLAIMS_FILE = Path(__file__).with_name("claims.yaml")
# Tests that bear on every claim whose estimate compares certified with other towns of the sample:
# on whatever outcome, since certification follows sales.
TREND_TESTS = ("pre_trend", "placebo_date", "placebo_towns")
# Bears on estimates that take near towns as controls.
NEAR_TOWNS = "near_towns_as_controls"
WORST_BREAK = "Mbar=1"

SIMULATED = (
    "The data are simulated: a verdict says whether the method recovers what was planted, and "
    "nothing about China."
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(_Strict):
    """Which row of model.town_estimate answers a claim."""

    estimator: str
    sample: str
    control_pool: str
    outcome: str
    target: str
    cell: str
    inference: str | None = None  # where there are rows by several ways of inference

    def __str__(self) -> str:
        parts = (self.estimator, self.sample, self.control_pool, self.outcome, self.target)
        return ", ".join(part for part in (*parts, self.cell) if part)


class Claim(_Strict):
    """One part of a claim, as one estimate can answer it."""

    claim: str = Field(pattern=r"^B[1-8]$")
    part: str
    claimed: str
    rule: Rule
    published_percent: float | None = None
    planted: str | None = None
    answers: tuple[Answer, ...] = ()
    why_not: str | None = None  # why nothing here can answer it

    @model_validator(mode="after")
    def _is_complete(self) -> "Claim":
        if (self.rule == "equals_published") != (self.published_percent is not None):
            raise ValueError("rule equals_published needs published_percent, and no other has it")
        if bool(self.answers) == (self.why_not is not None):
            raise ValueError("give answers, or why_not, and not both")
        if self.answers and self.planted not in TRUTHS:
            raise ValueError(f"planted: one of {', '.join(TRUTHS)}")
        return self

    @property
    def published(self) -> float | None:
        """The number published, in log points."""
        pct = self.published_percent
        return None if pct is None else math.log1p(pct / 100)


def claims(path: Path = CLAIMS_FILE) -> tuple[Claim, ...]:
    """The claims in their order. Raises pydantic's ValidationError, which names the entry."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(Claim.model_validate(entry) for entry in raw)


@dataclass(frozen=True, slots=True)
class Found:
    """The row of model.town_estimate that answers a claim, and what bears on it."""

    answered_by: str
    estimated: Estimated
    effective_treated: float
    effective_controls: float


UNJUDGED = Judged("cannot say", "Cannot say: judging it failed, see model.failure.")


def finding_rows(
    estimates: "pd.DataFrame",
    evidence: "pd.DataFrame",
    truth: Mapping[str, Any] | None,
    failures: Failures,
    dataset: str,
    simulated: bool,
) -> list[TownFindingRow]:
    """Rows of `model.town_finding`, one per part of each claim, in the order of the claims.

    estimates, evidence: rows of `model.town_estimate` and `model.town_evidence` of the vintage;
    those of other data sets are passed over. truth: the summary beside a simulated data set, None
    where there is none. A claim that fails is a row, too, and a failure.
    """
    own, tests = (frame[frame["dataset"] == dataset] for frame in (estimates, evidence))
    rows = []
    for order, claim in enumerate(claims(), start=1):
        name = f"{claim.claim} {claim.part}"
        found, true, judged = None, None, UNJUDGED
        with failures.entry(dataset, name):
            found = found_answer(claim, own, tests)
            judged = judged_claim(claim, found)
        with failures.entry(dataset, f"{name}, planted truth"):
            if truth is not None and claim.planted is not None:
                number = planted(truth, claim.planted)
                true = None if math.isnan(number) else number
        here = found.estimated if found else None
        inside = None if true is None or here is None else here.low <= true <= here.high
        robust = here.sensitivity if here else None
        told = (judged.reason, _truth_told(true, inside, simulated))
        rows.append(
            TownFindingRow(
                vintage=failures.vintage,
                dataset=dataset,
                simulated=simulated,
                claim=claim.claim,
                part=claim.part,
                finding_order=order,
                claimed=claim.claimed,
                published=claim.published,
                published_percent=claim.published_percent,
                answered_by=found.answered_by if found else None,
                scale=here.scale if here else None,
                estimate=here.estimate if here else None,
                low=here.low if here else None,
                high=here.high if here else None,
                detectable=here.detectable if here else None,
                effective_treated=found.effective_treated if found else None,
                effective_controls=found.effective_controls if found else None,
                against=", ".join(here.against) or None if here else None,
                robust_low=robust.low if robust else None,
                robust_high=robust.high if robust else None,
                breakdown=robust.breakdown if robust else None,
                truth=true,
                truth_is_inside=inside,
                verdict=judged.verdict,
                sentence=" ".join(filter(None, told)),
            )
        )
    return rows


def judged_claim(claim: Claim, found: Found | None) -> Judged:
    """The verdict on a claim by its rule, see claims.yaml and `assets/regression/verdict.py`."""
    if found is None:
        why = claim.why_not or "no estimate in this data set answers it"
        return Judged("cannot say", f"Cannot say: {why}.")
    return judge_claim(claim.rule, found.estimated, claim.published)


def _truth_told(true: float | None, inside: bool | None, simulated: bool) -> str:
    if not simulated:
        return ""
    if true is None or inside is None:
        return SIMULATED
    place = "inside" if inside else "outside"
    return f"The planted truth, {true:+.4f}, lies {place} the interval. {SIMULATED}"


def found_answer(claim: Claim, estimates: "pd.DataFrame", evidence: "pd.DataFrame") -> Found | None:
    """The first answer that has a row with an interval."""
    for answer in claim.answers:
        rows = estimates
        for column, value in answer.model_dump(exclude_none=True).items():
            rows = rows[rows[column] == value]
        rows = rows[rows["low"].notna() & rows["high"].notna()]
        if len(rows):
            row = rows.iloc[0]
            estimate, low, high, error = (
                float(row[name]) for name in ("estimate", "low", "high", "std_error")
            )
            estimated = Estimated(
                estimate=estimate,
                low=low,
                high=high,
                scale=str(row["scale"]),
                detectable=detectable_effect(high - estimate, error),
                against=_against(answer, evidence),
                sensitivity=_sensitivity(answer, estimates, evidence),
            )
            numbers = (float(row[f"effective_{side}"]) for side in ("treated", "controls"))
            return Found(str(answer), estimated, *numbers)
    return None


def _against(answer: Answer, evidence: "pd.DataFrame") -> tuple[str, ...]:
    """Tests in the sample of an answer that speak against what it needs."""
    bears = evidence["test"].isin(TREND_TESTS)
    if answer.sample == ALL_TOWNS and answer.target != RING:
        bears |= evidence["test"] == NEAR_TOWNS
    rows = evidence[
        bears & (evidence["sample"] == answer.sample) & (evidence["verdict"] == "against")
    ]
    return named_tests(list(zip(rows["test"], rows["cell"], strict=True)))


def _sensitivity(
    answer: Answer, estimates: "pd.DataFrame", evidence: "pd.DataFrame"
) -> Sensitivity | None:
    """Of the headline, the average effect on sales, which alone is computed under such trends."""
    if (answer.outcome, answer.target) != (SALES, "att"):
        return None
    interval = estimates[
        (estimates["target"] == "att_relative_magnitudes")
        & (estimates["cell"] == WORST_BREAK)
        & (estimates["sample"] == answer.sample)
    ]
    until = evidence[
        (evidence["test"] == "relative_magnitudes_breakdown")
        & (evidence["sample"] == answer.sample)
    ]
    if interval.empty or until.empty:
        return None
    row = interval.iloc[0]
    return Sensitivity(float(row["low"]), float(row["high"]), float(until.iloc[0]["statistic"]))
