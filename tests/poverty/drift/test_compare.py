"""What counts as drift between two vintages: each rule alone, and what is no drift at all."""

from dataclasses import astuple
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import t as student

from assets.poverty.drift.compared_fits import (
    COMPARED,
    FIRST_FIT,
    NO_LONGER_FITTED,
    OTHER_MODEL,
    drift_frame,
    findings,
    fits_of,
    refused_places,
)
from assets.poverty.drift.compared_fits import (
    RecordedCoefficient as Recorded,
)
from assets.poverty.drift.drift_plot import as_markdown, drift_plot
from assets.poverty.drift.drift_text import drift_lines, drift_summary, drift_table, has_moved
from assets.vintages.failures import Failures

FLAGS = (
    "sign_flipped",
    "beyond_two_std_errors",
    "overlap_lost",
    "rank_changed",
    "collinearity_changed",
)


def estimate(coefficient: float, std_error: float | None = 1.0, **changes: Any) -> Recorded:
    usual = {"order": 1, "df": 3.0, "rank": 1, "vif": 5.0}
    return Recorded(coefficient=coefficient, std_error=std_error, **(usual | changes))


@pytest.mark.parametrize(
    ("old", "new", "flag"),
    [
        (estimate(0.1), estimate(-0.1), "sign_flipped"),
        (estimate(1.0), estimate(3.01), "beyond_two_std_errors"),
        # With many degrees of freedom an interval ends 1.96 standard errors away, short of the two.
        (estimate(1.0, 1.0, df=1e6), estimate(2.99, 0.001), "overlap_lost"),
        (estimate(1.0, rank=1), estimate(1.0, rank=2), "rank_changed"),
        (estimate(1.0, vif=9.9), estimate(1.0, vif=10.1), "collinearity_changed"),
    ],
    ids=FLAGS,
)
def test_each_rule_finds_its_own_drift_alone(old: Recorded, new: Recorded, flag: str) -> None:
    found = findings(old, new)
    assert [name for name in FLAGS if getattr(found, name)] == [flag]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (estimate(1.0), estimate(1.0)),
        (estimate(1.0), estimate(2.99, 10.0)),  # within two of the older standard errors
        (estimate(1.0, None), estimate(9.0, None)),  # mass and glmnet define no standard error
        (estimate(1.0, 0.0), estimate(1.0, 0.0)),  # a perfect fit
        (estimate(1.0, vif=10.0), estimate(1.0, vif=9.0)),  # ten itself is not above ten
        (estimate(1.0, vif=None, rank=None), estimate(1.0, vif=None, rank=None)),  # the constant
    ],
)
def test_no_drift(old: Recorded, new: Recorded) -> None:
    assert not any(astuple(findings(old, new)))


def test_the_older_standard_error_counts_not_the_newer() -> None:
    assert findings(estimate(0.5, 1.0), estimate(3.0, 100.0)).beyond_two_std_errors
    assert not findings(estimate(0.5, 100.0), estimate(3.0, 1.0)).beyond_two_std_errors


def test_interval_is_that_of_student() -> None:
    low, high = estimate(1.0, 0.5, df=3.0).interval
    assert (low, high) == pytest.approx(student.interval(0.95, 3, loc=1.0, scale=0.5), rel=1e-12)


RISING = [0.0, 0.1, 0.2, 0.4, 0.5, 0.7, 0.8, 1.0]
ORDERED = [0.2, 0.9, 0.4, 0.0, 1.0, 0.3, 0.8, 0.1]
DEPENDENT = [1.0, 0.83, 0.72, 0.61, 0.41, 0.3, 0.11, 0.0]
Fitted = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def vintage(
    slopes: dict[str, float],
    study: str = "tibet",
    formula: str = "PI ~ AIG + EG",
    status: str = "fitted",
    k: float = 0.0,
    years: int = 8,
    last_year: float = 0.0,
) -> Fitted:
    """Rows of model.fit, model.coefficient and model.input of one vintage with one fit."""
    place = {"study": study, "region": "CN", "sample": "latest"}
    fit = {**place, "estimator": "ols", "status": status, "formula": formula, "n": 8}
    fit |= {"convention": "ols", "ridge_k": k, "df_residual": 5.0}
    coefficients = [
        {**place, "estimator": "ols", "term": term, "term_order": order, "coefficient": slope}
        | {"std_error": 0.1, "vif": np.nan if term == "const" else 2.0}
        for order, (term, slope) in enumerate(slopes.items())
    ]
    # AIG hardly varies: its slope counts for little.
    values = {"PI": DEPENDENT, "AIG": [0.1 * value for value in ORDERED], "EG": RISING}
    inputs = [
        {**place, "variable": name, "reference_year": year, "normalised": value, "value": value}
        for name, own in values.items()
        for year, value in zip(range(2012, 2012 + years), own[:years], strict=True)
    ]
    inputs[years - 1]["value"] += last_year  # of the dependent
    columns = [*place, "estimator", "term", "term_order", "coefficient", "std_error"]
    frame = pd.DataFrame(coefficients, columns=[*columns, "vif"])
    return pd.DataFrame([fit]), frame, pd.DataFrame(inputs)


def compared(now: Fitted, before: Fitted | None) -> pd.DataFrame:
    old = {} if before is None else fits_of(*before)
    name = None if before is None else "0001-aaaaaaaa"
    return drift_frame(
        fits_of(*now), name, old, refused_places(now[0]), Failures("0002-bbbbbbbb", "t")
    )


USUAL = {"const": 1.0, "AIG": 0.9, "EG": -0.5}


def test_ranks_go_by_standardised_size() -> None:
    rows = compared(vintage(USUAL), None).set_index("term")
    assert rows.loc["EG", "rank"] == 1  # 0.5 times a spread of 1 is more than 0.9 times one of 0.1
    assert rows.loc["AIG", "rank"] == 2
    assert pd.isna(rows.loc["const", "rank"])


def test_without_a_predecessor_it_is_a_first_fit() -> None:
    for before in (None, vintage(USUAL, study="another")):
        rows = compared(vintage(USUAL), before)
        assert set(rows["status"]) == {FIRST_FIT}
        assert set(rows["drift"]) == {""}
    assert set(rows["study"]) == {"tibet"}  # the study that is gone is no drift either


def test_a_changed_model_is_not_compared() -> None:
    other = {"const": 1.0, "IM": 0.2, "EG": 5.0}
    with_im = vintage(other, formula="PI ~ IM + EG")
    with_im[2]["variable"] = with_im[2]["variable"].replace("AIG", "IM")
    for now in (with_im, vintage({**USUAL, "EG": 5.0}, k=0.1)):
        rows = compared(now, vintage(USUAL))
        assert set(rows["status"]) == {OTHER_MODEL}
        assert set(rows["drift"]) == {""}


def test_a_fit_that_is_refused_now_is_told() -> None:
    rows = compared(vintage({}, status="refused"), vintage(USUAL))
    assert set(rows["status"]) == {NO_LONGER_FITTED}
    assert len(drift_lines(rows)) == 3


def test_lines_table_and_plot_show_both_intervals() -> None:
    rows = compared(vintage({**USUAL, "EG": 0.3}, last_year=5.0), vintage(USUAL, years=7))
    assert set(rows["status"]) == {COMPARED}
    half = student.ppf(0.975, 5) * 0.1
    lines = drift_lines(rows)
    assert len(lines) == 3  # a fit drifts as a whole
    before, now = (f"{b:.3f} [{b - half:.3f}, {b + half:.3f}]" for b in (-0.5, 0.3))
    p = rows["changed_years_p"].iloc[0]
    words = f"the changed year does not follow the others (p = {p:.2g}); sign flipped; "
    assert lines[-1] == (
        f"tibet, CN, latest, ols, EG: {before} → {now}: {words}moved by +8 std. errors; "
        "95 % intervals do not overlap"
    )
    shift = rows["detectable_shift"].iloc[0]
    assert drift_summary(rows) == (
        "3 coefficients drifted (3 compared). Tested at 5 %: whether changed years follow the "
        f"others; a shift of {shift:.2g} of the dependent's range would have been found with 80 % "
        "probability."
    )
    table = drift_table(rows).splitlines()
    assert len(table) == 2 + 3
    assert f"| EG | {before} | {now} | +8.00 | the changed year does not" in table[-1]
    png = drift_plot(rows, "two vintages")
    assert png.startswith(b"\x89PNG")
    assert as_markdown(png, "two vintages").startswith("![two vintages](data:image/png;base64,iVBO")


def test_whatever_the_coefficients_do_without_a_changed_year_nothing_drifts() -> None:
    rows = compared(vintage({**USUAL, "EG": 50.0}), vintage(USUAL))
    assert rows["is_sign_flipped"].any()
    assert rows["is_beyond_two_std_errors"].any()
    assert rows["changed_years_p"].isna().all()
    assert not drift_lines(rows)
    assert "No changed year can be tested against the others." in drift_summary(rows)


def test_an_added_year_and_a_year_of_other_figures_are_both_tested() -> None:
    """By the externally studentised residual of statsmodels, squared."""
    for before in (vintage(USUAL, years=7), vintage(USUAL, last_year=-0.5)):
        for last_year in (0.0, 5.0):
            now = vintage({**USUAL, "EG": 0.3}, last_year=last_year)
            rows = compared(now, before)
            wide = now[2].pivot(index="reference_year", columns="variable", values="value")
            fit = sm.OLS(wide["PI"], sm.add_constant(wide[["AIG", "EG"]])).fit()
            t = fit.get_influence().resid_studentized_external[-1]
            p = 2 * student.sf(abs(t), 4)
            assert set(rows["changed_years"]) == {1}
            assert rows["changed_years_p"].to_list() == pytest.approx([p] * 3, rel=1e-6)
            assert (rows["drift"] != "").all() == (p <= 0.05)
            assert bool(drift_lines(rows)) == (last_year > 0)


def test_rank_alone_warns_of_nothing() -> None:
    now = {**USUAL, "AIG": 9.0}
    rows = compared(vintage(now), vintage(USUAL, years=7))
    assert rows["is_rank_changed"].any()
    assert not drift_lines(rows)


def test_nothing_moved_nothing_drawn() -> None:
    rows = compared(vintage(USUAL), vintage(USUAL))
    assert not has_moved(rows)
    assert not drift_lines(rows)
    with pytest.raises(ValueError, match="nothing to draw"):
        drift_plot(rows, "")
