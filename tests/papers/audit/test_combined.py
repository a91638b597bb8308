"""Differences and averages of printed estimates, and cohorts of one treated cluster."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.extracts.cards.paper_card import Combination, PaperCard
from assets.papers.audit.audit_rows import Finding
from assets.papers.audit.printed_paper import Paper
from assets.papers.audit.rules.combined import combination_findings
from benchmarks.printed_tables import coefficients
from benchmarks.printed_tables import paper_of as paper


def difference(
    first: tuple[str, str], second: tuple[str, str], whole: tuple[str, str], samples: str | None
) -> Paper:
    made = coefficients(
        a={"coefficient": first[0], "std_error": first[1]},
        b={"coefficient": second[0], "std_error": second[1]},
        gap={"coefficient": whole[0], "std_error": whole[1]},
    )
    named = {"kind": "difference", "estimator": "ols", "term": "gap", "of": ["a", "b"]}
    return paper(made, n=5_000, combinations=[named | {"samples": samples}])


def verdict_of(findings: list[Finding], rule: str) -> str:
    [found] = [x for x in findings if x.rule == rule]
    return found.verdict


@pytest.mark.parametrize(
    ("error", "samples", "verdict"),
    # Bounds by hand: |.007 - .008| = .001 and .015; independence .010630; rounding .0005 each.
    [
        ("0.010", None, "consistent"),
        ("0.001", None, "consistent"),
        ("0.015", None, "consistent"),
        ("0.017", None, "inconsistent"),
        ("0.079", None, "inconsistent"),
        ("0.011", "separate", "consistent"),
        ("0.013", "separate", "inconsistent"),
    ],
)
def test_error_of_a_difference(error: str, samples: str | None, verdict: str) -> None:
    made = difference(("9.213", "0.007"), ("8.988", "0.008"), ("0.225", error), samples)
    found = list(combination_findings(made))
    assert verdict_of(found, "se_of_difference") == verdict
    assert verdict_of(found, "difference_of_estimates") == "consistent"


def test_a_difference_that_is_none() -> None:
    made = difference(("9.213", "0.007"), ("8.988", "0.008"), ("0.252", "0.010"), None)
    found = list(combination_findings(made))
    assert verdict_of(found, "difference_of_estimates") == "inconsistent"


def average(errors: list[str], whole: tuple[str, str], samples: str | None) -> Paper:
    terms = {
        f"e{i}": {"coefficient": "0.300", "std_error": error} for i, error in enumerate(errors)
    }
    made = coefficients(**terms, mean={"coefficient": whole[0], "std_error": whole[1]})
    named = {"kind": "average", "estimator": "ols", "term": "mean", "of": list(terms)}
    return paper(made, n=5_000, combinations=[named | {"samples": samples}])


@pytest.mark.parametrize(
    ("error", "samples", "verdict"),
    # Four errors of .04: independence .02, equal errors .04, opposite ones 0.
    [
        ("0.020", "overlapping", "conditional"),
        ("0.020", None, "consistent"),
        ("0.020", "separate", "consistent"),
        ("0.035", "overlapping", "consistent"),
        ("0.042", "overlapping", "inconsistent"),
        ("0.000", "overlapping", "consistent"),
    ],
)
def test_error_of_an_average(error: str, samples: str | None, verdict: str) -> None:
    made = average(["0.040"] * 4, ("0.300", error), samples)
    found = list(combination_findings(made))
    assert verdict_of(found, "se_of_average") == verdict


@given(
    st.lists(st.floats(0.01, 2.0), min_size=2, max_size=5),
    st.integers(0, 2**32 - 1),
    st.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_no_covariance_leaves_the_bounds(
    errors: list[float], seed: int, is_difference: bool
) -> None:
    """Any covariance of the parts, however nearly singular, gives an error within the bounds."""
    errors = errors[:2] if is_difference else errors
    factor = np.random.default_rng(seed).normal(size=(len(errors), 2))
    related = factor @ factor.T
    scale = np.array(errors) / np.sqrt(np.diag(related))
    covariance = related * np.outer(scale, scale)
    w = np.array([1.0, -1.0]) if is_difference else np.full(len(errors), 1 / len(errors))
    error = float(np.sqrt(max(w @ covariance @ w, 0.0)))
    texts = [f"{each:.4f}" for each in (*errors, error)]
    if is_difference:
        zero = ["0.0000"] * 3
        made = difference(*zip(zero, texts, strict=True), samples=None)
    else:
        made = average(texts[:-1], ("0.300", texts[-1]), None)
    [found] = [x for x in combination_findings(made) if x.rule.startswith("se_of_")]
    assert found.verdict == "consistent"


def test_a_cohort_of_one_cluster() -> None:
    made = coefficients(
        g2012={"coefficient": "-0.321***", "std_error": "0.020"},
        g2011={"coefficient": "-0.184***", "std_error": "0.048"},
    )
    found = list(combination_findings(paper(made, treated_clusters={"g2012": 1, "g2011": 8})))
    assert [(x.rule, x.term, x.verdict) for x in found] == [
        ("one_treated_cluster", "g2012", "conditional")
    ]


def test_a_part_that_is_not_printed_leaves_nothing_to_test() -> None:
    made = coefficients(gap={"coefficient": "0.1"})
    named = {"kind": "difference", "estimator": "ols", "term": "gap", "of": ["a", "b"]}
    assert list(combination_findings(paper(made, combinations=[named]))) == []


@pytest.mark.parametrize("of", [["a"], ["a", "b", "c"]])
def test_a_difference_is_of_two(of: list[str]) -> None:
    with pytest.raises(ValueError, match="of"):
        Combination(kind="difference", estimator="ols", term="gap", of=tuple(of))


def test_limits_are_in_order() -> None:
    for low, high in product((30, 20), (10, 15)):
        with pytest.raises(ValueError, match="is above high"):
            PaperCard.model_validate(
                {"n": 9, "dependent": "y", "pair_n": {"low": low, "high": high}}
            )
