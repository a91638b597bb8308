"""The specification curve, the sentences, the rows and the entry that joins them."""

import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from itertools import combinations, product
from operator import attrgetter

import numpy as np
import pytest
import statsmodels.api as sm

from assets.poverty.robustness.robustness_rows import RobustnessRow, robustness_rows
from assets.poverty.robustness.sentences import FALSE_SHARE, claim_verdict, sentence
from assets.poverty.robustness.study_robustness import robustness
from assets.poverty.robustness.trends.specification_curve import specification_curve
from assets.regression.estimable import NotEstimable
from assets.regression.ridge import ridge_regression

LEVELS = (0.01, 0.05, 0.10)


def rows_of(study, result):
    key = {"vintage": "0001-a", "study": study, "region": "CN-GS", "sample": "printed"}
    return list(robustness_rows(key, result))


def run(s, k=0.148, seed=1, **options):
    rng = np.random.default_rng(seed)
    return robustness(s.y, s.X, s.names, s.years, k, LEVELS, rng, **options)


@pytest.fixture(scope="module")
def gansu(samples):
    return run(samples["gansu"])


def in_form(s, form):
    """y, X, the years of the rows, and degrees of freedom lost; trends are taken out later."""
    if form == "first differences":
        return np.diff(s.y), np.diff(s.X, axis=0), s.years[1:]
    return s.y, s.X, s.years


def without_trend(data, years):
    when = sm.add_constant(np.array(years, dtype=float) - 2012)
    return data - when @ np.linalg.lstsq(when, data, rcond=None)[0]


def test_every_specification_is_a_refit(samples) -> None:
    s = samples["gansu"]
    ks = (0.0, 0.148)
    curve = specification_curve(s.y, s.X, s.names, s.years, ks)
    assert curve.not_estimable == 0
    found = {(curve.names[curve.term[i]], curve.setting(i)): i for i in range(len(curve.slope))}
    assert len(found) == len(curve.slope) == 4 * 8 * 2 * (9 + 8 + 9)
    subsets = [c for size in range(1, 5) for c in combinations(range(4), size)]
    checked = 0
    for form, columns, k in product(curve.forms, subsets, ks):
        y, X, years = in_form(s, form)
        for left_out in (None, *years):
            rows = [i for i, year in enumerate(years) if year != left_out]
            kept, design = y[rows], X[np.ix_(rows, columns)]
            df = len(rows) - len(columns) - 1
            if form == "detrended":
                remaining = [years[i] for i in rows]
                kept, design = without_trend(kept, remaining), without_trend(design, remaining)
                df -= 1
            names = [s.names[j] for j in columns]
            fit = ridge_regression(kept, design, names, k)
            tail = f", without {left_out}" if left_out else ""
            setting = f"{' + '.join(names)}, {form}, k={k:g}{tail}"
            for coefficient in fit.coefficients[1:]:
                i = found[coefficient.term, setting]
                assert curve.slope[i] == pytest.approx(coefficient.estimate, rel=1e-7)
                # SE with the degree of freedom that the trend costs
                se = coefficient.std_error * (fit.df_residual / df) ** 0.5
                width = (curve.high[i] - curve.low[i]) / 2 / se
                assert width == pytest.approx(T_975[df], rel=1e-6)
                checked += 1
    assert checked == len(found)


# Student's t, 97.5 %, as tables print it, with more digits; at 1 degree of freedom tan(0.475 π).
T_975 = {
    1: 12.70620473617471,
    2: 4.302652729749464,
    3: 3.182446305284263,
    4: 2.776445105197793,
    5: 2.570581835636314,
    6: 2.446911851144969,
}


def test_curve_is_ordered_and_p_fits_its_interval(gansu) -> None:
    curve = gansu.curve
    for j in range(4):
        assert (np.diff(curve.slope[curve.of(j)]) >= 0).all()
    excludes_zero = (curve.low > 0) | (curve.high < 0)
    assert (excludes_zero == (curve.p < 0.05)).all()


def test_a_gap_leaves_out_differences_and_a_trend_is_counted_out(samples) -> None:
    s = samples["gansu"]
    gap = specification_curve(s.y, s.X, s.names, (2010, *range(2013, 2020)), (0.0,))
    assert gap.forms == ("levels", "detrended")
    years = np.array(s.years, dtype=float)
    with_year = np.column_stack([s.X[:, :2], years])
    curve = specification_curve(s.y, with_year, ("AIG", "IM", "year"), s.years, (0.0, 0.1))
    of_year = curve.of(2)
    assert {curve.forms[i] for i in curve.form[of_year]} == {"levels"}
    # 4 subsets hold the year, in 9 detrended and 8 differenced samples
    assert curve.not_estimable == 4 * (9 + 8)


def test_no_degree_of_freedom_left_is_counted_not_estimated() -> None:
    rng = np.random.default_rng(4)
    y, X = rng.normal(size=6), rng.normal(size=(6, 3))
    curve = specification_curve(y, X, ("a", "b", "c"), tuple(range(6)), (0.0,))
    # all three: differences (5 rows) less one: 0 df; detrended less one (5 rows): 0 df
    # two of three, differences less one: 4 - 3 = 1 df; all three detrended less one: none
    assert curve.not_estimable == 5 + 6
    assert np.isfinite(curve.low).all()


def test_what_survives_of_the_paper(gansu) -> None:
    """The paper calls AIG, IM and EG significant at 5 %, aEDI at 10 %, and all four negative."""
    by_term = dict(zip(gansu.names, gansu.verdicts, strict=True))
    at = {(term, v.level): v.verdict for term, vs in by_term.items() for v in vs}
    assert at["AIG", 0.05] == "is not supported"  # its own tables give p = .662
    assert at["IM", 0.05] == "is open"
    assert at["aEDI", 0.10] == "is open"
    assert at["EG", 0.05] == "is open"
    assert dict(gansu.evidence[1].same_sign_by_form)["levels"] == 1.0
    assert sum(choice.k < 0.148 for choice in gansu.choices) == 5
    assert gansu.checks.trend_alone.R2 > 0.98


def test_sentences_carry_the_numbers(gansu) -> None:
    words = gansu.sentences[0]
    assert words.startswith("AIG: negative in ")
    assert "p is 0.663 in the study's ridge at k = 0.148" in words
    assert words.endswith(
        "a claim that it is significant at 5 % is not supported: its own p is 0.663."
    )
    assert all(text.count(". ") == 0 for text in gansu.sentences)  # one sentence each


def test_the_level_claimed_is_the_one_judged(samples) -> None:
    result = run(samples["gansu"], claimed={"aEDI": 0.10})
    assert "significant at 10 % is open" in result.sentences[2]
    assert "significant at 5 % is open" in result.sentences[1]


def strong(found, **changes):
    """Evidence that supports a claim, with the changes."""
    base = replace(
        found,
        same_sign_share=1.0,
        study_p=0.01,
        ols_same_sign=(("levels", True), ("first differences", True)),
        as_clear=(("random_walks", 0.01), ("s_curves", 0.03)),
        years_assumed=False,
    )
    return replace(base, **changes)


SEEN = "is found in 3 % of regressions on unrelated series (S-curves)"
TURNED = (("levels", True), ("first differences", False))


@pytest.mark.parametrize(
    ("changes", "level", "verdict", "reasons"),
    [
        ({}, 0.05, "is supported", 1),
        ({"as_clear": (("s_curves", 0.04),)}, 0.05, "is supported", 1),
        ({"as_clear": (("s_curves", 0.0401),)}, 0.05, "is open", 1),
        # Also of a claim at 10 % no more than one in twenty may be false.
        ({"as_clear": (("s_curves", 0.0401),)}, 0.10, "is open", 1),
        ({}, 0.01, "is open", 1),
        ({"study_p": 0.051}, 0.05, "is not supported", 1),
        ({"study_p": None}, 0.05, "is not supported", 1),
        ({"ols_same_sign": TURNED}, 0.05, "is open", 2),
        ({"ols_same_sign": TURNED, "years_assumed": True}, 0.05, "is supported", 1),
        ({"ols_same_sign": (("levels", False),), "years_assumed": True}, 0.05, "is open", 2),
    ],
)
def test_each_rule_alone_decides(gansu, changes, level, verdict, reasons) -> None:
    found = claim_verdict(strong(gansu.evidence[1], **changes), level)
    assert (found.verdict, len(found.reasons)) == (verdict, reasons)


def test_the_reason_names_the_kind_that_comes_nearest_and_its_share(gansu) -> None:
    at = {level: claim_verdict(strong(gansu.evidence[1]), level).reasons for level in LEVELS}
    assert at[0.01] == (f"a coefficient as clear {SEEN}",)
    assert at[0.05] == (f"a coefficient as clear {SEEN.replace('in 3', 'in at most 3')}",)
    assumed = claim_verdict(strong(gansu.evidence[1], years_assumed=True), 0.01)
    assert assumed.reasons == (
        f"a coefficient as clear in levels, the years being assumed, {SEEN}",
    )


def test_shares_of_the_sentence_are_those_of_the_baseline(gansu) -> None:
    for j, found in enumerate(gansu.evidence):
        shares = {kind.family: kind.share_as_clear[j] for kind in gansu.baseline}
        assert dict(found.as_clear) == shares
    fit = {kind.family: kind.share_R2_reached for kind in gansu.baseline}
    worst = f"in up to {100 * fit['gradual_s_curves']:.3g} % of draws (gradual S-curves;"
    assert worst in gansu.summary
    assert max(fit.values()) == fit["gradual_s_curves"]
    assert f"own series in {100 * fit['own_trends']:.3g} %)" in gansu.summary
    assert max(fit.values()) > FALSE_SHARE
    assert "the fit alone is no evidence of an effect" in gansu.summary


def test_a_recovered_sample_is_judged_by_nothing_that_rests_on_the_order_of_its_rows() -> None:
    rng = np.random.default_rng(12)
    X = rng.normal(size=(12, 2))
    y = 300 * X[:, 0] + 0.1 * rng.normal(size=12)
    shuffled = rng.permutation(12)
    verdicts = []
    for rows in (np.arange(12), shuffled):
        found = robustness(
            y[rows], X[rows], ("a", "b"), range(2001, 2013), 0.01, LEVELS, rng, years_assumed=True
        )
        verdicts.append([[one.verdict for one in each] for each in found.verdicts])
        kinds = [dict(one.as_clear) for one in found.evidence]
        verdicts.append([{k: v for k, v in kind.items() if k != "own_trends"} for kind in kinds])
        assert "in levels, the years being assumed" in found.sentences[0]
    assert verdicts[0] == verdicts[2]
    assert verdicts[1] == verdicts[3]


def test_zero_and_hundred_per_cent_are_said_only_where_exact(gansu) -> None:
    assert "negative in over 99 % of" in sentence(
        strong(gansu.evidence[1], same_sign_share=0.9999), 0.05
    )
    assert "negative in 100 % of" in sentence(strong(gansu.evidence[1]), 0.05)


def test_an_effect_that_is_there_survives() -> None:
    rng = np.random.default_rng(12)
    X = rng.normal(size=(12, 2))
    y = 20 * X[:, 0] + 0.1 * rng.normal(size=12)
    result = robustness(y, X, ("a", "b"), range(2001, 2013), 0.001, LEVELS, rng)
    assert [v.verdict for v in result.verdicts[0]] == ["is supported"] * 3
    assert result.stepwise.kept[0] == "a"
    assert "significant at 5 % is supported: a coefficient as clear" in result.sentences[0]
    assert "the fit alone is some evidence" in result.summary


def test_rows_fit_the_table(gansu) -> None:
    rows = rows_of("gansu", gansu)
    key = RobustnessRow.table.primary_key
    names = [column.name for column in RobustnessRow.table.columns]
    assert names == [*key, "value", "text"]
    assert max(Counter(attrgetter(*key)(row) for row in rows).values()) == 1
    for row in rows:
        assert all(isinstance(part, str) for part in attrgetter(*key)(row))
        assert row.value is not None or row.text
        assert row.value is None or (type(row.value) is float and np.isfinite(row.value))
    methods = {row.method for row in rows}
    assert {
        "sentence",
        "claim",
        "ridge_choice",
        "ridge_trace",
        "stepwise",
        "best_subset",
    } <= methods
    assert {"principal_components", "lasso", "leave_one_year_out", "jackknife"} <= methods
    assert {"permutation", "sign_flip", "first_differences", "detrended"} <= methods
    assert {"trend_alone", "durbin_watson", "condition_index", "trend_baseline"} <= methods


@pytest.mark.parametrize("k", [0.0, 0.148])
def test_rows_count_negative_slopes_whatever_the_sign_of_the_study(samples, k) -> None:
    result = run(samples["gansu"], k)  # at k = 0 aEDI and EG are positive
    rows = rows_of("gansu", result)
    found = {
        (row.term, row.statistic, row.setting): row.value
        for row in rows
        if row.method == "specification_summary"
    }
    for j, term in enumerate(result.names):
        mine, curve = result.curve.of(j), result.curve
        assert found[term, "share_negative", ""] == pytest.approx((curve.slope[mine] < 0).mean())
        for i, form in enumerate(curve.forms):
            share = (curve.slope[mine & (curve.form == i)] < 0).mean()
            assert found[term, "share_negative", form] == pytest.approx(share)
        ols = mine & (curve.k_position == 0)
        share = (curve.p[ols] <= 0.05).mean()
        assert found[term, "share_significant", "at 5 %"] == pytest.approx(share)
    assert len(result.left_out) == (1 if k == 0 else 2)
    assert ("study's OLS" in result.sentences[0]) == (k == 0)


def test_rows_say_why_a_number_is_missing(samples) -> None:
    s = samples["longley"]
    years = tuple(range(1947, 1963))
    result = robustness(s.y, s.X, s.names, years, 0.01, LEVELS, np.random.default_rng(0))
    rows = rows_of("longley", result)
    reasons = {row.method: row.text for row in rows if row.statistic == "not_estimated"}
    assert "Year changes by the same amount" in reasons["first_differences"]
    assert "linear combination of Year" in reasons["detrended"]
    gnp = [row for row in rows if (row.method, row.term) == ("permutation", "GNP")]
    assert any("drawn" in row.text for row in gnp)


def test_same_seed_same_result_and_any_order_of_rows(samples) -> None:
    s = samples["gansu"]
    one = rows_of("a", run(s))
    shuffled = np.array([3, 1, 0, 2, 7, 5, 6, 4])
    years = [s.years[i] for i in shuffled]
    rng = np.random.default_rng(1)
    other = robustness(s.y[shuffled], s.X[shuffled], s.names, years, 0.148, LEVELS, rng)
    assert one == rows_of("a", run(s)) == rows_of("a", other)


def test_refusals_name_the_year(samples) -> None:
    s = samples["gansu"]
    only_2015 = s.X.copy()
    only_2015[:, 0] = [0, 0, 0, 1, 0, 0, 0, 0]
    with pytest.raises(NotEstimable, match=r"Without 2015 there is no estimate\. AIG is constant"):
        run(replace_X(s, only_2015))
    with pytest.raises(ValueError, match="expected each once"):
        robustness(s.y, s.X, s.names, [2012] * 8, 0.1, LEVELS, np.random.default_rng(0))
    missing = s.X.copy()
    missing[2, 1] = np.nan
    with pytest.raises(NotEstimable, match="IM 2014"):
        run(replace_X(s, missing))


def replace_X(s, X):
    return type(s)(s.y, X, s.names, s.years)


def test_one_study_takes_under_ten_seconds(samples) -> None:
    start = time.perf_counter()
    rows_of("gansu", run(samples["gansu"]))
    assert time.perf_counter() - start < 10


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import sys, assets.poverty.robustness; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
