"""Each rule by itself: on a number that passes it, and on one that must not."""

from dataclasses import replace
from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.special import fdtrc

from assets.extracts.cards.card import Card
from assets.extracts.cards.paper_card import Bound, Definition, Equation, Span
from assets.extracts.document import Document
from assets.papers.audit.audit_rows import Finding
from assets.papers.audit.printed_paper import Paper, Printed, interval_of, paper_from_rows
from assets.papers.audit.rounding.interval import Interval, exactly, total
from assets.papers.audit.rounding.positive import can_be_correlations
from assets.papers.audit.rules.algebra import algebra_findings
from assets.papers.audit.rules.claims import claim_findings
from assets.papers.audit.rules.goodness import goodness_findings
from assets.papers.audit.rules.recomputed import matrix_findings
from assets.papers.audit.rules.spread import descriptives_findings
from assets.papers.audit.rules.statements import (
    OfficialFigure,
    bound_findings,
    definition_findings,
    equation_findings,
    official_findings,
)
from assets.papers.audit.rules.testing import (
    coefficient_tests,
    correlation_stars,
    degrees_of_freedom,
)
from benchmarks.printed_tables import Style, coefficients, make_printed_tables
from benchmarks.printed_tables import paper_of as paper


def number(
    kind: str, term: str, statistic: str, text: str, other: str = "", **more: str
) -> Printed:
    digits = text.rstrip("*")
    return Printed(
        table_number=more.get("table", "1"),
        kind=kind,
        estimator=more.get("estimator", ""),
        term=term,
        other_term=other,
        statistic=statistic,
        value=float(digits),
        text=text,
        decimals=len(digits.partition(".")[2]),
        stars=text[len(digits) :],
        cell=f"{more.get('table', '1')} {term} {other} {statistic}",
    )


def verdicts(findings: object) -> dict[str, str]:
    assert isinstance(findings, list)
    return {f"{x.term} {x.statistic}".strip(): x.verdict for x in findings}


# Intervals

numbers = st.floats(-1e3, 1e3)
intervals = st.tuples(numbers, numbers).map(lambda ends: Interval(min(ends), max(ends)))


@given(intervals, intervals, st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=60)
def test_no_operation_loses_a_value(a: Interval, b: Interval, at_a: float, at_b: float) -> None:
    x, y = a.low + at_a * (a.high - a.low), b.low + at_b * (b.high - b.low)
    assert (a + b).meets(exactly(x + y))
    assert (a - b).meets(exactly(x - y))
    assert (a * b).meets(exactly(x * y))
    assert a.magnitude().meets(exactly(abs(x)))
    assert total([a, b, a]).meets(exactly(x + y + x))
    if abs(y) > 1e-3:
        assert (a / b).meets(exactly(x / y))
    if x >= 0:
        assert a.root().meets(exactly(sqrt(x)))


def test_division_by_a_range_that_touches_zero() -> None:
    assert Interval(1, 2) / Interval(0, 0.5) == Interval(2, inf)
    assert Interval(-2, -1) / Interval(0, 0.5) == Interval(-inf, -2)
    assert Interval(1, 2) / Interval(-1, 1) == Interval(-inf, inf)


def test_printed_text_as_a_range() -> None:
    assert interval_of("33.2", 0.01).low == pytest.approx(0.3315)
    assert interval_of("−434") == Interval(-434.5, -433.5)


# Descriptives


def described(**texts: str) -> Paper:
    return paper([number("descriptives", "x", name, text) for name, text in texts.items()], n=4)


def test_order_and_spread_of_possible_numbers() -> None:
    # 0, 1, 2, 5 has mean 2, SD (n-1) 2.160.
    found = list(descriptives_findings(described(min="0", max="5", mean="2.00", sd="2.160")))
    assert {x.verdict for x in found} == {"consistent"}
    assert len(found) == 4


def test_the_largest_SD_has_half_of_the_numbers_at_each_end() -> None:
    # 0, 0, 5, 5: SD (n-1) 2.887, as large as can be; 2.90 is beyond it.
    for sd, verdict in (("2.887", "consistent"), ("2.900", "inconsistent")):
        texts = {"min": "0.000", "max": "5.000", "mean": "2.500", "sd": sd}
        assert verdicts(list(descriptives_findings(described(**texts))))["x sd"] == verdict


ORDER = {"x min", "x mean", "x max"}


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"mean": "5.60"}, ORDER),
        ({"mean": "0.90"}, ORDER),  # one 5 and three 0 make 1.25
        ({"sd": "2.90"}, {"x sd"}),  # at most √(3·2·4/3) = 2.83
        ({"sd": "1.70"}, {"x sd"}),  # at least 1.83, of 0, 1.5, 1.5, 5 with divisor n
    ],
)
def test_impossible_descriptives(changed: dict[str, str], wrong: set[str]) -> None:
    texts = {"min": "0.00", "max": "5.00", "mean": "2.00", "sd": "2.16", **changed}
    found = verdicts(list(descriptives_findings(described(**texts))))
    assert {key for key, verdict in found.items() if verdict == "inconsistent"} == wrong


# Correlations


@pytest.mark.parametrize(
    ("r", "expected"),
    [((0.9, 0.9, 0.7), True), ((0.9, 0.9, -0.5), False), ((0.9, 0.9, 0.6195), True)],
)
def test_matrices_that_can_be_correlations(r: tuple[float, ...], expected: bool) -> None:
    # With r12 = r13 = .9, r23 is at least 2·.81 - 1 = .62; at three decimals .6195 can be .62.
    centre = np.eye(3)
    centre[[0, 0, 1], [1, 2, 2]] = centre[[1, 2, 2], [0, 0, 1]] = r
    assert can_be_correlations(centre, np.where(np.eye(3) > 0, 0.0, 0.0005)) is expected


def test_the_correlation_at_fault_is_named() -> None:
    made = [
        number("correlations", b, "r", text, a)
        for a, b, text in (
            ("y", "a", "0.95"),
            ("y", "b", "0.95"),
            ("a", "b", "-0.92"),
            ("y", "c", "0.10"),
            ("a", "c", "0.10"),
            ("b", "c", "0.10"),
        )
    ]
    [found] = matrix_findings(paper(made))
    assert found.verdict == "inconsistent"
    assert "b-a" in found.consequence
    assert "c-" not in found.consequence


def test_stars_of_correlations() -> None:
    # n = 10: |r| of .549, .632, .765 are the limits at 10, 5 and 1 %.
    made = [
        number("correlations", term, "r", text, "y")
        for term, text in (
            ("a", "0.600*"),
            ("b", "0.700**"),
            ("c", "0.800***"),
            ("d", "0.600**"),
            ("e", "0.700*"),
            ("f", "0.300*"),
            ("g", "0.600"),
            ("h", "0.632*"),
            ("i", "0.632**"),
        )
    ]
    found = {x.term: x.verdict for x in correlation_stars(paper(made))}
    wrong = {term for term, verdict in found.items() if verdict == "inconsistent"}
    assert wrong == {"d", "e", "f", "g"}  # g: the table does mark the 10 % level elsewhere


def test_a_star_of_a_level_the_table_never_shows_is_a_note() -> None:
    made = [
        number("correlations", "a", "r", "0.600", "y"),
        number("correlations", "b", "r", "0.700**", "y"),
    ]
    found = {x.term: x.verdict for x in correlation_stars(paper(made))}
    assert found == {"a": "not_determinable", "b": "consistent"}


def test_too_few_stars_are_wrong_even_if_no_other_number_has_as_many() -> None:
    [found] = correlation_stars(paper([number("correlations", "a", "r", "0.700*", "y")]))
    assert (found.verdict, found.expected) == ("inconsistent", "**")


# Statistics of the fit


def fitted(**texts: str) -> Paper:
    made = [
        number("model_summary", "", name, text, estimator="ols") for name, text in texts.items()
    ]
    return paper([*made, *coefficients(a={"coefficient": "1.0"}, b={"coefficient": "1.0"})], n=23)


def test_statistics_of_a_fit_agree() -> None:
    # n 23, p 2: R2 .5 gives R .7071, adjusted .45, F 10, p .00098.
    made = fitted(R="0.707", R2="0.500", adjusted_R2="0.450", F="10.000", p="0.001")
    assert set(verdicts(list(goodness_findings(made))).values()) == {"consistent"}


@pytest.mark.parametrize(
    ("statistic", "text"),
    [("R", "0.750"), ("R2", "0.510"), ("adjusted_R2", "0.500"), ("F", "1.000"), ("p", "0.100")],
)
def test_the_one_that_differs_is_named(statistic: str, text: str) -> None:
    texts = {"R": "0.707", "R2": "0.500", "adjusted_R2": "0.450", "F": "10.000", "p": "0.001"}
    found = verdicts(list(goodness_findings(fitted(**{**texts, statistic: text}))))
    assert {key for key, verdict in found.items() if verdict == "inconsistent"} == {statistic}


def test_R_printed_as_R2_is_recognised() -> None:
    [wrong] = [
        x
        for x in goodness_findings(fitted(R2="0.707", adjusted_R2="0.450", F="10.000"))
        if x.verdict == "inconsistent"
    ]
    assert "is R, its square root" in wrong.consequence


def test_two_that_differ_are_both_in_doubt() -> None:
    found = verdicts(list(goodness_findings(fitted(R2="0.600", F="10.000"))))
    assert set(found.values()) == {"inconsistent"}


def of_clusters(F: float, p: float, regressors: int) -> Paper:
    """F and its p at four decimals, errors clustered, the clusters not counted; n is 60."""
    texts = {"F": f"{F:.4f}", "p": f"{p:.4f}"}
    made = [number("model_summary", "", key, text, estimator="ols") for key, text in texts.items()]
    terms = {f"x{place}": {"coefficient": "1.0"} for place in range(regressors)}
    return paper([*made, *coefficients(**terms)], n=60, errors="clustered")


@given(
    st.floats(0.01, 12.0),
    st.integers(1, 6),
    st.integers(2, 53) | st.just(10**9),
)
def test_p_of_a_wald_test_is_honest_with_any_number_of_clusters(
    F: float, regressors: int, df: int
) -> None:
    """For F below 1, p is largest, or least, between few degrees and many."""
    p = float(fdtrc(regressors, df, F))
    found = verdicts(list(goodness_findings(of_clusters(F, p, regressors))))
    assert set(found.values()) == {"consistent"}


def test_p_of_a_wald_test_with_no_number_of_clusters() -> None:
    found = verdicts(list(goodness_findings(of_clusters(0.2397, 0.8000, 3))))
    assert "inconsistent" in found.values()


# t, p and stars


def test_t_is_the_ratio() -> None:
    made = coefficients(
        a={"coefficient": "1.00", "std_error": "0.50", "t": "2.00"},
        b={"coefficient": "1.00", "std_error": "0.50", "t": "2.10"},
        c={"coefficient": "1.00", "std_error": "0.50", "t": "-2.00"},
        d={"coefficient": "0.50", "std_error": "0.00", "t": "99.00"},  # SE below 0.005: t over 99
        e={"coefficient": "0.50", "std_error": "0.00", "t": "98.00"},
    )
    found = verdicts(list(coefficient_tests(paper(made))))
    assert {key for key, verdict in found.items() if verdict == "inconsistent"} == {
        "b t",
        "c t",
        "e t",
    }


@pytest.mark.parametrize(
    ("name", "p"),
    # Two-sided p of 2.5, 2.0 and 1.5 with 7 and 8 degrees of freedom and normal: printed tables.
    [
        ("n-p-1", ("0.041", "0.086", "0.177")),
        ("n-p", ("0.037", "0.081", "0.172")),
        ("normal", ("0.012", "0.046", "0.134")),
    ],
)
def test_degrees_of_freedom_are_inferred(name: str, p: tuple[str, ...]) -> None:
    terms = dict(zip("ab", ({"t": "2.5000", "p": p[0]}, {"t": "2.0000", "p": p[1]}), strict=True))
    made = paper(coefficients(**terms, const={"t": "1.5000", "p": p[2]}))
    freedom = degrees_of_freedom(made, made.numbers)
    assert (freedom.name, freedom.explained, freedom.known) == (name, 3, True)
    assert set(verdicts(list(coefficient_tests(made))).values()) == {"consistent"}


def test_unknown_degrees_of_freedom_are_no_alarm() -> None:
    # p of t with 2 degrees of freedom, which no rule of 10 observations and 2 regressors gives.
    made = paper(coefficients(a={"t": "2.5000", "p": "0.130"}, b={"t": "2.0000", "p": "0.184"}))
    assert set(verdicts(list(coefficient_tests(made))).values()) == {"not_determinable"}
    worse = paper(coefficients(a={"t": "2.5000", "p": "0.130"}, b={"t": "2.0000", "p": "0.600"}))
    found = verdicts(list(coefficient_tests(worse)))
    assert found == {"a p": "not_determinable", "b p": "inconsistent"}


def test_stars_follow_p() -> None:
    made = coefficients(
        a={"coefficient": "1.0**", "t": "2.500", "p": "0.041"},
        b={"coefficient": "1.0**", "t": "2.000", "p": "0.086"},
        const={"coefficient": "1.0*", "t": "2.000", "p": "0.086"},
    )
    found = list(coefficient_tests(paper(made)))
    assert {x.term for x in found if x.verdict == "inconsistent"} == {"b"}
    assert {x.statistic for x in found if x.verdict == "inconsistent"} == {"stars"}


# Identities


@pytest.mark.parametrize(
    ("statistic", "term", "rule"),
    [
        ("coefficient", "const", "constant_from_means"),
        ("coefficient", "X2", "normal_equation_ols"),
        ("r", "X4", "normal_equation_ridge"),
        ("R2", "", "R2_from_coefficients"),
        ("std_error", "X1", "se_from_vif"),
    ],
)
def test_identities(data_sets, statistic: str, term: str, rule: str) -> None:
    d = data_sets["hald"]
    clean = make_printed_tables(d.y, d.X, d.names, 0.148, Style(decimals=4))
    assert {x.verdict for x in algebra_findings(clean)} == {"consistent"}
    i = next(i for i, x in enumerate(clean.numbers) if (x.statistic, x.term) == (statistic, term))
    changed = replace(clean.numbers[i], value=clean.numbers[i].value * 0.97)
    wrong = replace(clean, numbers=(*clean.numbers[:i], changed, *clean.numbers[i + 1 :]))
    assert rule in {x.rule for x in algebra_findings(wrong) if x.verdict == "inconsistent"}


# Statements


def test_equations_repeat_the_table() -> None:
    made = coefficients(a={"coefficient": "-0.434**"}, b={"coefficient": "0.165"})
    for text, verdict, slip in (
        ("-0.434", "consistent", "Nothing"),
        ("-0.43", "consistent", "Nothing"),
        ("0.434", "inconsistent", "sign"),
        ("-434", "inconsistent", "factor of 1000"),
        ("-0.443", "inconsistent", "digits"),
    ):
        equation = Equation(estimator="ols", place="equation", terms={"a": text})
        [found] = equation_findings(paper(made, equations=[equation]))
        assert found.verdict == verdict
        assert slip in found.consequence


def test_definitions() -> None:
    made = [
        number("descriptives", term, statistic, text)
        for term, texts in {
            "whole": ("0.20", "0.90", "0.50"),
            "one": ("0.10", "0.80", "0.40"),
        }.items()
        for statistic, text in zip(("min", "max", "mean"), texts, strict=True)
    ]
    definition = Definition(term="whole", weights={"one": 0.5, "two": 0.5}, text="half and half")
    bound = Bound(term="two", low=0, high=1, text="a share")
    [found] = definition_findings(paper(made, definitions=[definition], bounds=[bound]))
    assert found.verdict == "consistent"  # two may be -.4 to .3 at the low, 1.0 at the high end
    narrow = Bound(term="two", low=0, high=0.9, text="a share")
    [found] = definition_findings(paper(made, definitions=[definition], bounds=[narrow]))
    assert found.verdict == "inconsistent"  # 1.8 - .8 = 1.0 at least, .985 with rounding
    three = [*made, number("descriptives", "two", "mean", "0.60")]
    [found] = definition_findings(paper(three, definitions=[definition], bounds=[bound]))
    assert (found.rule, found.verdict) == ("definition_of_means", "consistent")
    wrong = [*made, number("descriptives", "two", "mean", "0.64")]
    [found] = definition_findings(paper(wrong, definitions=[definition], bounds=[bound]))
    assert found.verdict == "inconsistent"


def test_bounds() -> None:
    made = [number("descriptives", "x", "min", "-0.10"), number("descriptives", "x", "max", "0.9")]
    bound = Bound(term="x", low=0, high=1, text="a share")
    found = verdicts(list(bound_findings(paper(made, bounds=[bound]))))
    assert found == {"x min": "inconsistent", "x max": "consistent"}


def growth(minimum: str, maximum: str) -> Paper:
    made = [
        number("descriptives", "EG", "min", minimum),
        number("descriptives", "EG", "max", maximum),
    ]
    return paper(made, years=Span(first=2012, last=2014))


@pytest.mark.parametrize(
    ("minimum", "maximum", "wrong"),
    [("1.00", "3.00", set()), ("0.95", "3.10", set()), ("0.80", "3.30", {"EG min", "EG max"})],
)
def test_official_figures(minimum: str, maximum: str, wrong: set[str]) -> None:
    figures = [
        OfficialFigure(vintage, year, value)
        for vintage, values in {"old": (1.0, 2.0, 3.0), "new": (0.9, 1.9, 3.2)}.items()
        for year, value in zip((2012, 2013, 2014), values, strict=True)
    ]
    found = verdicts(list(official_findings(growth(minimum, maximum), figures)))
    assert {key for key, verdict in found.items() if verdict == "inconsistent"} == wrong


def test_official_figures_of_some_years_bound_one_side() -> None:
    figures = [OfficialFigure("old", 2013, 2.0)]
    found = verdicts(list(official_findings(growth("1.00", "3.00"), figures)))
    assert "inconsistent" not in found.values()
    found = verdicts(list(official_findings(growth("2.10", "3.00"), figures)))
    assert found["EG min"] == "inconsistent"
    assert list(official_findings(growth("1.00", "3.00"), [])) == []


# Claims


def claimed(claim: dict[str, object], numbers: list[Printed], n: int = 10) -> Finding:
    made = paper(numbers, n=n, claims=[{"claim": "C1", "text": "as claimed", **claim}])
    [found] = claim_findings(made, [])
    return found


TESTED = {"coefficient": "-1.00", "std_error": "0.40", "t": "-2.50", "p": "0.034"}  # 8 df: .037


@pytest.mark.parametrize(
    ("level", "direction", "verdict"),
    [
        (0.05, "negative", "consistent"),
        (0.01, "negative", "inconsistent"),
        (0.05, "positive", "inconsistent"),
        (0.037, "negative", "not_determinable"),
    ],
)
def test_claims_of_significance(level: float, direction: str, verdict: str) -> None:
    claim = {
        "kind": "significant_at",
        "term": "a",
        "estimator": "ols",
        "level": level,
        "direction": direction,
    }
    assert claimed(claim, coefficients(a={**TESTED, "p": "0.037"})).verdict == verdict


def test_claims_of_collinearity_sign_and_correlation() -> None:
    vifs = coefficients(a={"vif": "12.0", "coefficient": "1.0"}, b={"vif": "9.0"})
    claim = {"kind": "collinear", "estimator": "ols", "threshold": 10.0}
    assert claimed(claim, vifs).verdict == "inconsistent"
    assert claimed({**claim, "threshold": 8.0}, vifs).verdict == "consistent"
    sign = {"kind": "sign", "term": "a", "estimator": "ols", "direction": "negative"}
    assert claimed(sign, vifs).verdict == "inconsistent"
    r = [number("correlations", "a", "r", "-0.700", "y")]  # p .024
    correlated = {"kind": "correlated", "term": "a", "other_term": "y", "direction": "negative"}
    assert claimed({**correlated, "level": 0.05}, r).verdict == "consistent"
    assert claimed({**correlated, "level": 0.01}, r).verdict == "inconsistent"


def test_statements_about_what_is_not_printed_stay_untested() -> None:
    claim = {"kind": "sign", "term": "z", "estimator": "ols", "direction": "negative"}
    found = claimed(claim, coefficients(a=TESTED))
    assert (found.verdict, found.term) == ("not_determinable", "z")
    equation = Equation(estimator="ols", place="equation", terms={"z": "1.0"})
    [found] = equation_findings(paper(coefficients(a=TESTED), equations=[equation]))
    assert found.verdict == "not_determinable"


def test_an_effect_in_per_cent() -> None:
    made = [
        number("descriptives", "x", "mean", "4.00"),
        number("descriptives", "y", "mean", "2.00"),
        *coefficients(x={"coefficient": "0.100"}),
    ]
    claim = {"kind": "effect_size", "term": "x", "estimator": "ols"}
    assert claimed({**claim, "printed": "0.2"}, made).verdict == "consistent"  # .1 · 4 / 2
    assert claimed({**claim, "printed": "0.1"}, made).verdict == "inconsistent"


# Papers


def rows_of(document: Document) -> list[dict[str, object]]:
    from dataclasses import asdict

    return [asdict(row) for row in document.statistics]


def test_a_card_without_paper_is_refused(gansu_document: Document) -> None:
    card = gansu_document.card.model_copy(update={"paper": None})
    with pytest.raises(ValueError, match="no block `paper`"):
        paper_from_rows(rows_of(gansu_document), card)


def test_other_editions_are_left_out(gansu_document: Document, gansu: Paper) -> None:
    others = [{**row, "edition": 1999} for row in rows_of(gansu_document)]
    assert paper_from_rows([*others, *rows_of(gansu_document)], gansu_document.card) == gansu
    with pytest.raises(ValueError, match="no printed number"):
        paper_from_rows(others, gansu_document.card)


def test_a_misspelt_dependent_variable_is_refused(gansu_document: Document) -> None:
    stated = gansu_document.card.paper
    assert stated is not None
    changed = {"paper": stated.model_copy(update={"dependent": "PO"})}
    with pytest.raises(ValueError, match="'PO', but the tables print PI, AIG"):
        paper_from_rows(rows_of(gansu_document), gansu_document.card.model_copy(update=changed))


def test_one_model_per_estimator(gansu_document: Document) -> None:
    rows = [{**row, "estimator": row["estimator"] and "ols"} for row in rows_of(gansu_document)]
    with pytest.raises(ValueError, match="tables 5 and 6 both hold its coefficients"):
        paper_from_rows(rows, gansu_document.card)


def test_too_few_observations(gansu_document: Document) -> None:
    stated = gansu_document.card.paper
    assert stated is not None
    card = gansu_document.card.model_copy(update={"paper": stated.model_copy(update={"n": 5})})
    with pytest.raises(ValueError, match="no degree of freedom"):
        paper_from_rows(rows_of(gansu_document), card)


@pytest.mark.parametrize(
    "change",
    [
        {"claims": [{"claim": "A", "text": "x", "kind": "proves"}]},
        {"claims": [{"claim": "A", "text": "x", "kind": "sign", "term": "a"}]},
        {"equations": [{"estimator": "ols", "place": "p", "terms": {"a": "1,0"}}]},
        {"bounds": [{"term": "a", "text": "x"}]},
        {"years": {"first": 2019, "last": 2012}},
        {"n": 2},
        {"scaling": "z"},
        {"unknown": 1},
    ],
)
def test_a_wrong_paper_block_is_refused(gansu_document: Document, change: dict) -> None:
    card = gansu_document.card.model_dump(mode="python")
    card["paper"] = {**card["paper"], **change}
    with pytest.raises(ValidationError):
        Card.model_validate(card)
