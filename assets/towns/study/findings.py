"""The table of findings: each published claim, the estimate here, the planted truth, a verdict.

Belongs here: rules of verdict and their sentences. Not here: the claims (`claims.yaml`), estimates,
truths (`planted.py`), or writing the table.
Read beside it: Couture, Faber, Gu and Liu (2021), a randomised study of an e-commerce programme in
Chinese villages, found little gain in income for rural producers; the gains went to a minority of
consumers, through lower prices.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from assets.towns.study.planted import TRUTHS, planted
from assets.towns.study.result_rows import TownFindingRow
from assets.vintages.failures import Failures

if TYPE_CHECKING:
    import pandas as pd

CLAIMS_FILE = Path(__file__).with_name("claims.yaml")
Verdict = Literal["agrees", "disagrees", "cannot say"]
Rule = Literal["equals_published", "above_zero", "not_above_zero", "open"]

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
    """The estimate that answers a claim; low and high are its 95 % interval."""

    answered_by: str
    scale: str
    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict and what led to it."""

    verdict: Verdict
    reason: str


UNJUDGED = Judged("cannot say", "Cannot say: judging it failed, see model.failure.")


def finding_rows(
    estimates: "pd.DataFrame",
    truth: Mapping[str, Any] | None,
    failures: Failures,
    dataset: str,
    simulated: bool,
) -> list[TownFindingRow]:
    """Rows of `model.town_finding`, one per part of each claim, in the order of the claims.

    estimates: rows of `model.town_estimate`; those of other vintages and data sets are passed over.
    truth: the summary beside a simulated data set, None where there is none. A claim that fails
    is a row, too, and a failure.
    """
    vintage = failures.vintage
    mine = estimates[(estimates["vintage"] == vintage) & (estimates["dataset"] == dataset)]
    rows = []
    for order, claim in enumerate(claims(), start=1):
        name = f"{claim.claim} {claim.part}"
        found, true, verdict = None, None, UNJUDGED
        with failures.entry(dataset, name):
            found = _found(claim, mine)
            verdict = judged(claim, found)
        with failures.entry(dataset, f"{name}, planted truth"):
            if truth is not None and claim.planted is not None:
                number = planted(truth, claim.planted)
                true = None if math.isnan(number) else number
        inside = None if true is None or found is None else found.low <= true <= found.high
        told = (verdict.reason, _truth_told(true, inside, simulated))
        rows.append(
            TownFindingRow(
                vintage=vintage,
                dataset=dataset,
                simulated=simulated,
                claim=claim.claim,
                part=claim.part,
                finding_order=order,
                claimed=claim.claimed,
                published=claim.published,
                published_percent=claim.published_percent,
                answered_by=found.answered_by if found else None,
                scale=found.scale if found else None,
                estimate=found.estimate if found else None,
                low=found.low if found else None,
                high=found.high if found else None,
                truth=true,
                truth_is_inside=inside,
                verdict=verdict.verdict,
                sentence=" ".join(filter(None, told)),
            )
        )
    return rows


def judged(claim: Claim, found: Found | None) -> Judged:
    """The verdict on a claim by its rule, see claims.yaml."""
    if found is None:
        why = claim.why_not or "no estimate in this data set answers it"
        return Judged("cannot say", f"Cannot say: {why}.")
    if claim.rule == "open":
        return Judged("cannot say", f"The study leaves it open; here {_told(found)}.")
    if claim.published is not None:
        return _against_number(found, claim.published)
    return _against_sign(found, 1 if claim.rule == "above_zero" else -1)


def _against_number(found: Found, published: float) -> Judged:
    number = f"the {100 * math.expm1(published):.1f} % published"
    if not found.low <= published <= found.high:
        return Judged("disagrees", f"Disagrees: {_told(found)}, which leaves out {number}.")
    if found.low <= 0:
        return Judged(
            "cannot say", f"Cannot say: {_told(found)}, which holds both zero and {number}."
        )
    return Judged("agrees", f"Agrees: {_told(found)}, which holds {number}.")


def _against_sign(found: Found, sign: int) -> Judged:
    """sign: 1 where the claim is that the effect is above zero, -1 where it is below."""
    side = {1: "above", -1: "below"}
    if found.low <= 0 <= found.high:
        return Judged("cannot say", f"Cannot say: {_told(found)}, which holds zero.")
    here = 1 if found.low > 0 else -1
    verdict: Verdict = "agrees" if here == sign else "disagrees"
    word = verdict.capitalize()
    return Judged(verdict, f"{word}: {_told(found)}, all of it {side[here]} zero.")


def _told(found: Found) -> str:
    if found.scale == "log points":
        value, low, high = (
            100 * math.expm1(number) for number in (found.estimate, found.low, found.high)
        )
        return f"the estimate is {value:+.1f} % (95 % interval {low:+.1f} to {high:+.1f})"
    return (
        f"the estimate is {found.estimate:+.4f} (95 % interval {found.low:+.4f} to "
        f"{found.high:+.4f}; {found.scale})"
    )


def _truth_told(true: float | None, inside: bool | None, simulated: bool) -> str:
    if not simulated:
        return ""
    if true is None or inside is None:
        return SIMULATED
    place = "inside" if inside else "outside"
    return f"The planted truth, {true:+.4f}, lies {place} the interval. {SIMULATED}"


def _found(claim: Claim, estimates: "pd.DataFrame") -> Found | None:
    """The first answer that has a row with an interval."""
    for answer in claim.answers:
        rows = estimates
        for column, value in answer.model_dump(exclude_none=True).items():
            rows = rows[rows[column] == value]
        rows = rows[rows["low"].notna() & rows["high"].notna()]
        if len(rows):
            row = rows.iloc[0]
            numbers = (float(row[name]) for name in ("estimate", "low", "high"))
            return Found(str(answer), str(row["scale"]), *numbers)
    return None
