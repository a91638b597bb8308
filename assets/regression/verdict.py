"""What is concluded from a test of an assumption, and from an estimate about a claim: the rules.

Belongs here: every rule by which a study of effects says for, against, agrees, disagrees or cannot
say, and the sentences that say so. Not here: tests and estimates, or which claims there are.

Error rates, where the estimate is normal with the error stated:

- An assumption is *for* only where an equivalence test succeeds: two one-sided tests of level
  SIGNIFICANCE reject a violation as large as the material size. A violation of that size or more is
  called "for" in at most 5 % of samples. *Against* is a two-sided test of level SIGNIFICANCE: an
  assumption that holds exactly is called "against" in at most 5 % of samples. A violation found to
  be smaller than material is "for", also where it is significant, unless a sharper test of more
  than its size rejects. All else is *cannot say*, with
  the smallest violation that would have been found with probability POWER. A test whose violation
  has no size on the scale of the effect (the density at a threshold) is never "for".
- The material size is MATERIAL_SHARE of the effect, at most of the effect published: fixed before
  the data are seen, or smaller.
- A claim about a sign *agrees* where the whole 95 % interval lies on its side: a claim that is
  false is agreed with in at most 2.5 % of samples, and one that is true disagreed with as seldom.
  A claim of a number *disagrees* where the interval leaves it out: at most 5 % if it is true. It
  *agrees* where the interval holds it and lies above zero; numbers that differ by less than the
  smallest detectable effect are not told apart, which the sentence says.
- All of that is conditional on the assumptions. Where a test in the same sample says "against",
  neither *agrees* nor *disagrees* is said. Under assumptions that hold that costs 5 % of the
  verdicts for each independent test; where they are violated and the test finds it with
  probability p, a wrong verdict is given in at most a share 1 - p.

Errors are estimated, so on panels of 100 certified towns (`benchmarks/assumption_verdicts.py`, 500
draws, one standard error of 5 % is 1.0) a violation of the material size is called "for" in 1.6 %
(near towns), 1.6 to 5.2 % (placebo dates) and 5.6 to 6.0 % (trends before; 1,000 draws of two
seeds: 5.2 to 5.7) of samples, and what holds "against" in 0 to 1.6, 4.2 to 7.0 and 3.6 to 4.8 %.
"For" where it holds: 98 to 100, 5 to 30 and 44 to 71 %. Sizes of intervals:
`benchmarks/few_controls.py`; of claims where the threshold decides: `benchmarks/town_verdicts.py`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scipy.special import ndtr, ndtri, stdtr, stdtrit

from assets.regression.significance import told_p

Verdict = Literal["for", "against", "cannot say"]
ClaimVerdict = Literal["agrees", "disagrees", "cannot say"]
Rule = Literal["equals_published", "above_zero", "not_above_zero", "open"]

SIGNIFICANCE = 0.05
POWER = 0.8
MATERIAL_SHARE = 0.25
RULE = (
    "agrees where the whole 95 % interval lies on the claim's side of zero (of a number: holds it, "
    "above zero), disagrees where it lies on the other (leaves it out); cannot say where it holds "
    "zero, or where a test in the same sample speaks against what the estimate needs"
)
PUBLISHED_EFFECT = math.log(1.321)  # of certification on sales, log points: see claims.yaml


def material_size(effect: float) -> float:
    """From which bias on a violation matters, log points; effect: the estimate it would bias."""
    return MATERIAL_SHARE * min(abs(effect), PUBLISHED_EFFECT)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict on an assumption, and the rule's own words for it."""

    verdict: Verdict
    p_value: float
    sentence: str


def judge_violation(
    violation: float,
    std_error: float,
    effect: float,
    p_value: float | None = None,
    df: float = math.inf,
) -> Judgement:
    """The verdict on an assumption whose violation is estimated on the scale of the effect.

    violation: bias of the effect; zero where the assumption holds. effect: the estimate it would
    bias. p_value: of a sharper test, such as a joint one of several violations; None: of its own.
    df: degrees of freedom that std_error is estimated with.
    """
    if not (math.isfinite(violation) and std_error > 0):
        words = "The violation has no standard error: nothing is said for or against."
        return Judgement("cannot say", math.nan, words)
    is_rejected_by_sharper = p_value is not None and p_value < SIGNIFICANCE
    if p_value is None:
        ratio = -abs(violation) / std_error
        p_value = 2 * float(ndtr(ratio) if math.isinf(df) else stdtr(df, ratio))
    material = material_size(effect)
    detectable = (_quantile(1 - SIGNIFICANCE / 2, df) + _quantile(POWER, df)) * std_error
    bound = abs(violation) + _quantile(1 - SIGNIFICANCE, df) * std_error
    if bound < material and not is_rejected_by_sharper:
        verdict: Verdict = "for"
        said = f"it is smaller than {bound:.3f} with 95 % confidence"
    elif p_value < SIGNIFICANCE:
        verdict, said = "against", f"that there is none is rejected ({told_p(p_value)})"
    else:
        verdict = "cannot say"
        said = (
            f"that there is none is not rejected ({told_p(p_value)}), but only one of "
            f"{detectable:.3f} would have been found with {100 * POWER:.0f} % probability"
        )
    words = (
        f"A bias of the effect matters from {material:.3f} on ({100 * MATERIAL_SHARE:.0f} % of it, "
        f"or of that published): {said}."
    )
    return Judgement(verdict, p_value, words)


def _quantile(probability: float, df: float) -> float:
    """Of Student's t; of the normal where df is infinite, to its last digit."""
    return float(ndtri(probability) if math.isinf(df) else stdtrit(df, probability))


def judge_without_size(p_value: float) -> Verdict:
    """The verdict on an assumption whose violation has no size on the scale of the effect."""
    return "against" if p_value < SIGNIFICANCE else "cannot say"


def judge_stability(is_alike: bool) -> Verdict:
    """The verdict where a conclusion is drawn again: without a unit, or by another inference.

    Against where it is not the same; that it is the same says nothing for an assumption.
    """
    return "cannot say" if is_alike else "against"


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The effect under breaks of trend as large as those before certification (Mbar = 1)."""

    low: float
    high: float
    breakdown: float  # the Mbar at which zero is no longer excluded

    @property
    def sentence(self) -> str:
        """What it says, and whether zero is inside."""
        zero = "which holds zero" if self.low <= 0 <= self.high else "which leaves out zero"
        until = (
            f"zero is excluded up to {self.breakdown:.2f} times the largest break before"
            if math.isfinite(self.breakdown)
            else "zero is excluded under all breaks tried"
        )
        return (
            "If trends broke after certification as much as before it, the effect would lie "
            f"between {self.low:+.3f} and {self.high:+.3f}, {zero}; {until}."
        )


@dataclass(frozen=True, slots=True)
class Estimated:
    """An estimate that answers a claim, with what its verdict is conditional on."""

    estimate: float
    low: float
    high: float
    scale: str  # log points, or the unit
    detectable: float | None  # effect found with probability POWER; None: not known
    against: tuple[str, ...] = ()  # names of tests that speak against what it needs
    sensitivity: Sensitivity | None = None

    @property
    def in_log_points(self) -> bool:
        """Whether per cent can be said."""
        return self.scale == "log points"

    @property
    def sentence(self) -> str:
        """The estimate in words."""
        if self.in_log_points:
            value, low, high = (
                100 * math.expm1(number) for number in (self.estimate, self.low, self.high)
            )
            return f"the estimate is {value:+.1f} % (95 % interval {low:+.1f} to {high:+.1f})"
        return (
            f"the estimate is {self.estimate:+.4f} (95 % interval {self.low:+.4f} to "
            f"{self.high:+.4f}; {self.scale})"
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict on a claim and what led to it."""

    verdict: ClaimVerdict
    reason: str


def judge_claim(rule: Rule, found: Estimated, published: float | None = None) -> Judged:
    """The verdict on a claim; published: the number claimed, in the unit of the estimate."""
    before = _detectable_told(found)
    if rule == "open":
        return Judged("cannot say", f"{before}The study leaves it open; here {found.sentence}.")
    verdict, why = _of_number(found, published) if published is not None else _of_sign(rule, found)
    if verdict != "cannot say" and found.against:
        named = ", ".join(found.against)
        would = "agree" if verdict == "agrees" else "disagree"
        verdict, why = (
            "cannot say",
            f"{why}, and would {would}; but the data speak against what the estimate needs "
            f"({named})",
        )
    robust = f" {found.sensitivity.sentence}" if found.sensitivity else ""
    word = {"agrees": "Agrees", "disagrees": "Disagrees", "cannot say": "Cannot say, because"}
    colon = "" if verdict == "cannot say" else ":"
    return Judged(verdict, f"{before}{word[verdict]}{colon} {found.sentence}, {why}.{robust}")


def detectable_effect(reach: float, std_error: float) -> float | None:
    """The effect whose interval of this half width leaves out zero with probability POWER."""
    return reach + float(ndtri(POWER)) * std_error if math.isfinite(std_error) else None


def _detectable_told(found: Estimated) -> str:
    if found.detectable is None or not math.isfinite(found.detectable):
        return ""
    size = (
        f"{100 * math.expm1(found.detectable):.1f} %"
        if found.in_log_points
        else f"{found.detectable:.4f}"
    )
    return f"An effect of {size} would have been found with {100 * POWER:.0f} % probability. "


def _of_number(found: Estimated, published: float) -> tuple[ClaimVerdict, str]:
    number = f"the {100 * math.expm1(published):.1f} % published"
    if not found.low <= published <= found.high:
        return "disagrees", f"which leaves out {number}"
    if found.low <= 0:
        return "cannot say", f"which holds both zero and {number}"
    return "agrees", f"which holds {number}"


def _of_sign(rule: Rule, found: Estimated) -> tuple[ClaimVerdict, str]:
    if found.low <= 0 <= found.high:
        return "cannot say", "which holds zero"
    is_above = found.low > 0
    claimed_above = rule == "above_zero"
    side = "above" if is_above else "below"
    return ("agrees" if is_above == claimed_above else "disagrees"), f"all of it {side} zero"


def named_tests(tests: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Tests by name and cell, as sentences name them, each once."""
    return tuple(dict.fromkeys(" ".join(filter(None, each)).replace("_", " ") for each in tests))
