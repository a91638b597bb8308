"""The audit of the Gansu paper: what is wrong in it, and that nothing else is."""

from collections import Counter

import numpy as np
import pytest

from assets.extracts.document import Document
from assets.papers.audit.audit import audit
from assets.papers.audit.audit_rows import AuditFindingRow, Finding, finding_rows
from assets.papers.audit.printed_paper import Paper
from assets.papers.audit.rounding.moments import fit_moments
from assets.papers.audit.rules.recomputed import drawn, envelope_of, moment_inputs, stability
from assets.papers.audit.rules.statements import OfficialFigure
from assets.regression.significance import two_sided_p
from assets.warehouse.tables.row import as_frame

SEED = 20261121
# Official gross product per head of Gansu in 10,000 yuan, first and last year of the sample, as
# printed before and after the revisions that followed the 2018 and 2020 censuses.
OFFICIAL = {"before the revisions": (2.192, 3.294), "after the revisions": (2.115, 3.475)}


def official() -> list[OfficialFigure]:
    """The years between matter only by lying between."""
    return [
        OfficialFigure(vintage, year, float(value))
        for vintage, ends in OFFICIAL.items()
        for year, value in zip(range(2012, 2020), np.linspace(*ends, 8), strict=True)
    ]


@pytest.fixture(scope="module")
def findings(gansu: Paper) -> tuple[Finding, ...]:
    return audit(gansu, official(), np.random.default_rng(SEED))


def place(finding: Finding) -> tuple[str, str, str, str]:
    return finding.rule, finding.table_number, finding.term, finding.statistic


def test_what_is_inconsistent_and_nothing_else(findings: tuple[Finding, ...]) -> None:
    assert {place(x) for x in findings if x.verdict == "inconsistent"} == {
        ("fit_statistics", "4", "", "R2"),
        ("p_from_t", "6", "AIG", "p"),
        ("ridge_from_moments", "6", "AIG", "p"),
        ("equation_repeats_table", "text", "IM", "coefficient"),
        ("definition_range", "2", "CEI", "range"),
        ("official_figures", "2", "EG", "min"),
        ("claim_significant_at", "text", "AIG", "p"),
        ("claim_value", "text", "", "R2"),  # A3 repeats Table 4's R2
        ("claim_effect_size", "text", "EG", "elasticity_at_means"),
    }


def one(findings: tuple[Finding, ...], rule: str, term: str, statistic: str) -> Finding:
    [found] = [x for x in findings if (x.rule, x.term, x.statistic) == (rule, term, statistic)]
    return found


def test_every_printed_number_is_tested(gansu: Paper, findings: tuple[Finding, ...]) -> None:
    tested = {(x.table_number, x.cell) for x in findings}
    assert [x for x in gansu.numbers if (x.table_number, x.cell) not in tested] == []
    wrong = {
        (x.table_number, x.cell)
        for x in findings
        if x.verdict == "inconsistent" and x.table_number != "text"
    }
    of_numbers = {(x.table_number, x.cell) for x in gansu.numbers}
    # Table 4's R2, Table 6's p of AIG, and EG's minimum (against figures from outside the paper).
    assert wrong & of_numbers == {("4", "Table 4 A2"), ("6", "Table 6 E3"), ("2", "Table 2 B6")}


def test_R2_of_table_4_is_R(findings: tuple[Finding, ...]) -> None:
    [found] = [x for x in findings if place(x) == ("fit_statistics", "4", "", "R2")]
    # F(4, 3) = 150.264 gives R2 .99503 (ECONOMETRICS 3.2), whose root is .99751.
    assert found.low == pytest.approx(0.99503, abs=5e-6)
    assert found.high == pytest.approx(0.99503, abs=5e-6)
    assert "is R, its square root" in found.consequence


def test_p_of_AIG(findings: tuple[Finding, ...]) -> None:
    [found] = [x for x in findings if place(x) == ("p_from_t", "6", "AIG", "p")]
    # statcheck (R and Python) on t(3) = -0.481: p = 0.66342.
    assert found.low <= 0.66342 <= found.high
    assert found.other_term == "n-p-1"
    assert "not significant at 10%" in found.consequence


def test_the_decimal_point_of_the_equation(findings: tuple[Finding, ...]) -> None:
    [found] = [
        x for x in findings if x.rule == "equation_repeats_table" and x.verdict == "inconsistent"
    ]
    assert (found.printed_value, found.expected) == ("-434", "-0.434")
    assert "factor of 1000" in found.consequence


def test_the_range_of_CEI(findings: tuple[Finding, ...]) -> None:
    found = one(findings, "definition_range", "CEI", "range")
    # 2·6.830 - 0.399 and 2·22.740 - 0.057, each with the rounding of both numbers.
    assert found.low == pytest.approx(13.261 - 0.0015, abs=1e-9)
    assert found.high == pytest.approx(45.423 + 0.0015, abs=1e-9)
    assert "In per cent it could be" in found.consequence


def test_EG_against_official_figures(findings: tuple[Finding, ...]) -> None:
    low = one(findings, "official_figures", "EG", "min")
    assert (low.low, low.high, low.expected) == (2.115, 2.192, "2.192")
    high = one(findings, "official_figures", "EG", "max")
    assert high.verdict == "consistent"
    assert (high.low, high.high) == (3.294, 3.475)


def test_without_official_figures_nothing_is_said_of_them(gansu: Paper) -> None:
    found = audit(gansu, [], np.random.default_rng(SEED), draws=500)
    assert not [x for x in found if x.rule == "official_figures"]


def test_a_missing_star_is_a_note(findings: tuple[Finding, ...]) -> None:
    [found] = [x for x in findings if x.verdict == "not_determinable"]
    assert (found.rule, found.table_number, found.term, found.other_term) == (
        "correlation_stars",
        "3",
        "IM",
        "AIG",
    )
    assert found.expected == "*"
    # ECONOMETRICS 3.2: the p of this correlation is .073.
    assert found.low == pytest.approx(0.073, abs=5e-4)


def test_claims(findings: tuple[Finding, ...]) -> None:
    claims = [x for x in findings if x.rule.startswith("claim_")]
    failed = {x.cell for x in claims if x.verdict == "inconsistent"}
    assert failed == {"A3", "A6", "A9"}
    assert {x.verdict for x in claims} == {"consistent", "inconsistent"}
    effect = one(findings, "claim_effect_size", "EG", "elasticity_at_means")
    # -0.259 · (0.332-0.009)/(3.299-2.334) · 2.705/0.160
    assert effect.low < -1.4656 < effect.high
    assert sum(x.cell == "A9" and x.verdict == "consistent" for x in claims) == 1


def test_findings_are_rows_of_the_table(gansu: Paper, findings: tuple[Finding, ...]) -> None:
    rows = finding_rows("v1", gansu.source, gansu.edition, findings)
    frame = as_frame(AuditFindingRow, rows)
    assert list(frame.columns) == [column.name for column in AuditFindingRow.table.columns]
    assert not frame.duplicated(list(AuditFindingRow.table.primary_key)).any()
    required = [x.name for x in AuditFindingRow.table.columns if not x.nullable]
    assert not frame[required].isna().any().any()


def test_same_seed_same_findings(gansu: Paper, findings: tuple[Finding, ...]) -> None:
    assert audit(gansu, official(), np.random.default_rng(SEED)) == findings


def test_other_seeds_same_verdicts(gansu: Paper, findings: tuple[Finding, ...]) -> None:
    for seed in (1, 2):
        again = audit(gansu, official(), np.random.default_rng(seed), draws=10_000)
        assert [x.verdict for x in again] == [x.verdict for x in findings]


def test_centres_match_the_reference(gansu: Paper, audit_reference) -> None:
    inputs = moment_inputs(gansu)
    assert inputs is not None
    fits = fit_moments(inputs.moments(inputs.box.centre[None, :]), 8, 0.148)
    terms = ["const", *gansu.regressors]
    for row in audit_reference("gansu_centres.csv"):
        numbers = {"R2": fits.R2, "adjusted_R2": fits.adjusted_R2, "F": fits.F}
        if row["term"]:
            j = terms.index(row["term"])
            numbers = {
                "std_error": fits.std_error[:, j],
                "t": fits.t[:, j],
                "p": two_sided_p(fits.t[:, j], 3),
            }
        elif row["statistic"] == "p":
            continue  # covered by F
        # The reference rounds its last digit; its adjusted R2 follows from the rounded R2, whose
        # half unit counts 7/3 times there.
        half_units = 0.51 + (0.5 * 7 / 3 if row["statistic"] == "adjusted_R2" else 0.0)
        assert numbers[row["statistic"]][0] == pytest.approx(
            float(row["centre"]), abs=half_units * float(row["unit"])
        ), row


@pytest.fixture(scope="module")
def sample(gansu: Paper):
    return drawn(gansu, np.random.default_rng(SEED), draws=34_586)


def test_envelopes_match_the_reference(gansu: Paper, sample, audit_reference) -> None:
    # Two sets of 34,586 draws differ in their extremes; 10 % of the width covers that.
    for row in audit_reference("gansu_envelopes.csv"):
        found = envelope_of(gansu, sample, row["estimator"], row["term"], row["statistic"]).allowed
        low, high = float(row["low"]), float(row["high"])
        assert found.low == pytest.approx(low, abs=0.1 * (high - low)), row
        assert found.high == pytest.approx(high, abs=0.1 * (high - low)), row


def test_43_per_cent_of_the_draws_are_impossible(sample) -> None:
    # ECONOMETRICS 3.2; the standard error of the share is 0.2 %.
    assert sample.share == pytest.approx(0.57, abs=0.01)


def test_half_of_the_draws_shows_the_same_envelope(gansu: Paper, sample) -> None:
    shares = {(x.estimator, x.term, x.statistic): share for x, share in stability(gansu, sample)}
    assert len(shares) == 4 + 24 + 24  # Tables 4, 5 and 6
    # t and F of OLS have no upper bound within the rounding of Table 3, so no draws find one.
    stable = {
        key: share for key, share in shares.items() if key[0] == "ridge" or key[2] not in ("t", "F")
    }
    assert min(stable.values()) > 0.85, min(stable, key=lambda key: stable[key])


def test_the_card_holds_the_equations_and_claims(gansu_document: Document) -> None:
    stated = gansu_document.card.paper
    assert stated is not None
    assert Counter(x.claim for x in stated.claims) == {
        "A1": 3,
        "A2": 4,
        "A3": 4,
        "A4": 3,
        "A5": 4,
        "A6": 1,
        "A7": 1,
        "A8": 1,
        "A9": 2,
    }
    assert stated.equations[1].terms["IM"] == "-434"
