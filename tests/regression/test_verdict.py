"""The rules of verdicts: their error rates, and that a sentence says the numbers it is made of."""

from math import expm1, inf, log, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.regression.verdict import (
    MATERIAL_SHARE,
    PUBLISHED_EFFECT,
    SIGNIFICANCE,
    Estimated,
    Rule,
    Sensitivity,
    detectable_effect,
    judge_claim,
    judge_violation,
    judge_without_size,
    material_size,
)

DRAWS = 4000
Z = 1.959963984540054
# In standard errors, what a two-sided test of 5 % finds with 80 % probability.
DETECTABLE_Z = Z + 0.8416212335729143


def share(verdict: str, violation: float, std_error: float, effect: float = 0.4) -> float:
    """How often a verdict is given where the bias is violation."""
    draws = np.random.default_rng(1).normal(violation, std_error, DRAWS)
    found = [judge_violation(value, std_error, effect).verdict for value in draws.tolist()]
    return found.count(verdict) / DRAWS


@pytest.mark.parametrize("std_error", [0.002, 0.01, 0.02, 0.05, 0.5])
def test_a_material_violation_is_seldom_called_for(std_error: float) -> None:
    # 5 %, and three standard errors of the share of so many draws
    limit = SIGNIFICANCE + 3 * (SIGNIFICANCE * (1 - SIGNIFICANCE) / DRAWS) ** 0.5
    material = material_size(0.4)
    assert share("for", material, std_error) <= limit
    assert share("for", -1.5 * material, std_error) <= limit
    assert share("against", 0.0, std_error) <= limit


@pytest.mark.parametrize("df", [3, 10, 40])
def test_an_error_of_few_degrees_of_freedom_is_known_to_be_one(df: int) -> None:
    limit = SIGNIFICANCE + 3 * (SIGNIFICANCE * (1 - SIGNIFICANCE) / DRAWS) ** 0.5
    generator = np.random.default_rng(2)
    errors = 0.02 * np.sqrt(generator.chisquare(df, DRAWS) / df)
    material = material_size(0.4)

    def found(violation: float, verdict: str, known_df: float) -> float:
        draws = zip(violation + 0.02 * generator.normal(size=DRAWS), errors, strict=True)
        said = [judge_violation(*draw, 0.4, df=known_df).verdict for draw in draws]
        return said.count(verdict) / DRAWS

    assert found(material, "for", df) <= limit
    assert found(0.0, "against", df) <= limit
    if df == 3:
        assert found(material, "for", inf) > limit


def test_power_is_what_the_sentence_says() -> None:
    std_error = 0.05
    # the violation that is said to be found with 80 % probability, and three standard errors
    found = share("against", DETECTABLE_Z * std_error, std_error)
    assert found == pytest.approx(0.8, abs=3 * (0.8 * 0.2 / DRAWS) ** 0.5)
    assert share("for", 0.0, 0.01) > 0.95  # precise data do speak for what holds


@pytest.mark.parametrize(
    ("violation", "std_error", "p_value", "verdict"),
    [
        (0.0, 0.01, None, "for"),
        (0.0, 0.2, None, "cannot say"),  # not rejected, and nothing could have been
        (0.03, 0.005, None, "for"),  # significant, and too small to matter
        (0.2, 0.02, None, "against"),
        (0.0, 0.01, 0.001, "against"),  # a sharper test rejects
        (0.0, 0.2, 0.4, "cannot say"),
        (nan, 0.1, None, "cannot say"),
        (0.0, nan, None, "cannot say"),
        (0.0, 0.0, None, "cannot say"),
        (inf, 0.1, None, "cannot say"),
    ],
)
def test_assumptions(
    violation: float, std_error: float, p_value: float | None, verdict: str
) -> None:
    assert judge_violation(violation, std_error, 0.4, p_value).verdict == verdict


def test_what_has_no_size_is_never_for() -> None:
    assert [judge_without_size(p) for p in (0.01, 0.5, 1.0, nan)] == [
        "against",
        *["cannot say"] * 3,
    ]


@given(st.floats(-0.5, 0.5), st.floats(0.001, 0.5), st.floats(-1, 1))
def test_the_sentence_on_an_assumption_names_its_numbers(
    violation: float, std_error: float, effect: float
) -> None:
    judged = judge_violation(violation, std_error, effect)
    material = MATERIAL_SHARE * min(abs(effect), PUBLISHED_EFFECT)
    assert f"matters from {material:.3f} on" in judged.sentence
    if judged.verdict == "for":
        bound = abs(violation) + 1.6448536269514722 * std_error
        assert bound < material
        assert f"smaller than {bound:.3f} with 95 % confidence" in judged.sentence
    else:
        p = judged.p_value
        assert ("p < 0.001" if p < 0.0005 else f"p = {p:.3f}") in judged.sentence
        assert (judged.verdict == "against") == (judged.p_value < SIGNIFICANCE)
    if judged.verdict == "cannot say":
        assert f"one of {DETECTABLE_Z * std_error:.3f} would have been found" in judged.sentence


def estimated(
    low: float, high: float, against: tuple[str, ...] = (), scale: str = "log points"
) -> Estimated:
    middle = (low + high) / 2
    return Estimated(middle, low, high, scale, detectable_effect(high - middle, 0.1), against)


@pytest.mark.parametrize(
    ("rule", "low", "high", "verdict"),
    [
        ("above_zero", 0.1, 0.3, "agrees"),
        ("above_zero", -0.1, 0.3, "cannot say"),
        ("above_zero", -0.3, -0.1, "disagrees"),
        ("not_above_zero", -0.3, -0.1, "agrees"),
        ("not_above_zero", -0.1, 0.3, "cannot say"),
        ("not_above_zero", 0.1, 0.3, "disagrees"),
        ("open", 0.1, 0.3, "cannot say"),
    ],
)
def test_a_sign_is_judged_by_the_whole_interval(
    rule: Rule, low: float, high: float, verdict: str
) -> None:
    assert judge_claim(rule, estimated(low, high)).verdict == verdict
    assert judge_claim(rule, estimated(low, high, ("pre trend",))).verdict == "cannot say"


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.20, 0.35, "agrees"),  # log(1.321) = 0.278
        (0.29, 0.35, "disagrees"),
        (0.10, 0.25, "disagrees"),
        (-0.10, 0.35, "cannot say"),
        (-0.10, 0.10, "disagrees"),
    ],
)
def test_a_number_is_judged_by_whether_the_interval_holds_it(
    low: float, high: float, verdict: str
) -> None:
    found = judge_claim("equals_published", estimated(low, high), log(1.321))
    assert found.verdict == verdict
    assert "the 32.1 % published" in found.reason


@given(st.floats(-1, 1), st.floats(0.001, 0.5), st.sampled_from(["", "pre trend"]))
def test_the_sentence_on_a_claim_names_its_numbers(
    middle: float, half: float, against: str
) -> None:
    found = estimated(middle - half, middle + half, tuple(filter(None, [against])))
    judged = judge_claim("above_zero", found)
    numbers = [100 * expm1(number) for number in (found.estimate, found.low, found.high)]
    said = "{:+.1f} % (95 % interval {:+.1f} to {:+.1f})".format(*numbers)
    assert said in judged.reason
    detectable = 100 * expm1(half + 0.8416212335729143 * 0.1)
    assert judged.reason.startswith(f"An effect of {detectable:.1f} % would have been found")
    word = {"agrees": "Agrees: ", "disagrees": "Disagrees: ", "cannot say": "Cannot say, because "}
    assert word[judged.verdict] in judged.reason
    if against and not found.low <= 0 <= found.high:
        assert judged.verdict == "cannot say"
        assert "speak against what the estimate needs (pre trend)" in judged.reason


@pytest.mark.parametrize(
    ("effect", "wrong"), [(0.0, "agrees"), (-0.2, "agrees"), (0.2, "disagrees")]
)
def test_a_false_sign_is_seldom_agreed_with(effect: float, wrong: str) -> None:
    draws = np.random.default_rng(2).normal(effect, 0.1, DRAWS)
    found = [
        judge_claim("above_zero", estimated(value - Z * 0.1, value + Z * 0.1)).verdict
        for value in draws.tolist()
    ]
    assert found.count(wrong) / DRAWS <= 0.025 + 3 * (0.025 * 0.975 / DRAWS) ** 0.5  # type: ignore[arg-type]


def test_sensitivity_says_whether_zero_is_inside() -> None:
    assert (
        "which holds zero; zero is excluded up to 0.27 times"
        in Sensitivity(-0.1, 0.5, 0.27).sentence
    )
    assert (
        "which leaves out zero; zero is excluded under all breaks tried"
        in Sensitivity(0.1, 0.5, inf).sentence
    )
