"""Panel regressions against pyfixest, and what they cannot use."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from assets.poverty.fits.panel import (
    FEW_CLUSTERS,
    PanelFit,
    few_clusters_sentence,
    fit_panel,
    left_out_sentences,
)
from assets.regression.estimable import NotEstimable
from assets.regression.ols import ordinary_least_squares

REFERENCE = Path(__file__).parents[2] / "reference/panel"
PANELS = pd.read_csv(REFERENCE / "panels.csv")
PYFIXEST: dict[str, Any] = json.loads((REFERENCE / "pyfixest.json").read_text(encoding="utf-8"))
SHAPES = ("balanced", "unbalanced", "singletons")
COEFFICIENT = {"rel": 1e-10}  # both solve by dense algebra; pyfixest demeans to 1e-13
STD_ERROR = {"rel": 1e-9}


def data(name: str) -> pd.DataFrame:
    return PANELS[PANELS["panel"] == name]


def fit(frame: pd.DataFrame, names: tuple[str, ...] = ("x1", "x2")) -> PanelFit:
    return fit_panel(
        frame["y"].to_numpy(),
        frame[list(names)].to_numpy(),
        names,
        frame["region"].tolist(),
        frame["year"].tolist(),
    )


@pytest.mark.parametrize("name", SHAPES)
def test_the_frozen_numbers_of_pyfixest(name: str) -> None:
    result, known = fit(data(name)), PYFIXEST[name]
    assert result.n == known["n"]
    for c in result.coefficients:
        assert c.estimate == pytest.approx(known["coefficient"][c.term], **COEFFICIENT)
        assert c.std_error == pytest.approx(known["std_error"][c.term], **STD_ERROR)
        assert c.t == pytest.approx(known["t"][c.term], **STD_ERROR)
        assert c.p == pytest.approx(known["p"][c.term], rel=1e-8)  # of t, whose error it magnifies
    for ours, theirs in (("R2", "r2"), ("R2_within", "r2_within"), ("adjusted_R2", "adjusted_r2")):
        assert getattr(result, ours) == pytest.approx(known[theirs], **STD_ERROR)


@pytest.mark.filterwarnings("ignore")  # of pyfixest, about itself and about pandas
@pytest.mark.parametrize("name", SHAPES)
def test_pyfixest_today(name: str) -> None:
    pf = pytest.importorskip("pyfixest")
    frame = data(name).copy()
    # Its own count of nested effects is not the same in every run (make_reference.py), so the
    # covariance is compared without the small-sample factor.
    bare = pf.ssc(k_adj=False, G_adj=False)
    theirs = pf.feols(
        "y ~ x1 + x2 | region + year", frame, vcov={"CRV1": "region"}, ssc=bare, fixef_tol=1e-13
    )
    result = fit(frame)
    root = np.sqrt(result.small_sample.factor)
    for c in result.coefficients:
        assert c.estimate == pytest.approx(theirs.coef()[c.term], **COEFFICIENT)
        assert c.std_error == pytest.approx(theirs.se()[c.term] * root, **STD_ERROR)


def test_the_small_sample_factor_is_as_stated() -> None:
    # G/(G-1) x (n-1)/(n-k), k = 2 slopes + 8 years: region effects are nested but for one
    assert fit(data("balanced")).small_sample.factor == pytest.approx(12 / 11 * 95 / (96 - 10))


def test_slopes_are_those_of_dummies() -> None:
    frame = data("unbalanced")
    dummies = pd.get_dummies(frame[["region", "year"]].astype(str), drop_first=True, dtype=float)
    X = np.column_stack([frame[["x1", "x2"]].to_numpy(), dummies.to_numpy()])
    names = ["x1", "x2", *dummies.columns]
    ols = ordinary_least_squares(frame["y"].to_numpy(), X, names)
    for ours, theirs in zip(fit(frame).coefficients, ols.coefficients[1:3], strict=True):
        assert ours.estimate == pytest.approx(theirs.estimate, rel=1e-11)


def test_rows_alone_are_left_out_and_named_whatever_they_hold() -> None:
    result = fit(data("singletons"))
    assert result.singletons == ("R98 2013", "R99 2030")
    assert result.coefficients == fit(data("unbalanced")).coefficients
    assert any("R98 2013, R99 2030" in line for line in left_out_sentences(result))


def test_balance_and_clusters_are_told() -> None:
    assert fit(data("balanced")).is_balanced
    assert not fit(data("unbalanced")).is_balanced
    assert fit(data("balanced")).few_clusters
    assert f"Only 12 clusters (fewer than {FEW_CLUSTERS})" in few_clusters_sentence(
        fit(data("balanced"))
    )


def test_what_the_effects_or_others_determine_is_named_not_dropped_in_silence() -> None:
    frame = data("unbalanced").assign(
        area=lambda d: d["region"].str[1:].astype(float) * 1e6,
        trend=lambda d: d["year"] - 2012.0,
        mixed=lambda d: d["area"] / 7 + d["trend"] * 3.3,
        twice=lambda d: 2 * d["x1"] + d["trend"] + 5,
    )
    result = fit(frame, ("area", "x1", "trend", "x2", "mixed", "twice"))
    assert result.absorbed == ("area", "trend", "mixed")
    assert result.collinear == ("twice",)
    assert [c.estimate for c in result.coefficients] == pytest.approx(
        [c.estimate for c in fit(frame).coefficients], rel=1e-12
    )
    told = " ".join(left_out_sentences(result))
    assert "area, trend, mixed" in told
    assert "twice" in told


def test_the_order_of_rows_and_units_do_not_matter() -> None:
    frame = data("unbalanced")
    shuffled = fit(frame.sample(frac=1, random_state=1).assign(y=frame["y"] * 1e6 + 1e9))
    for ours, plain in zip(shuffled.coefficients, fit(frame).coefficients, strict=True):
        assert ours.estimate == pytest.approx(plain.estimate * 1e6, rel=1e-9)
        assert ours.t == pytest.approx(plain.t, rel=1e-8)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d[d["region"] == "R01"], "needs at least 2"),
        (lambda d: d.iloc[:0], "needs at least 2"),
        (lambda d: d.assign(x1=1.0, x2=d["year"] * 1.0), "every regressor"),
        (lambda d: d.assign(y=d["year"] * 2.0), "dependent variable exactly"),
        (lambda d: d[(d["region"] < "R02") & (d["year"] < 2015)], "too few"),
        (lambda d: d.assign(x1=d["x1"].mask(d["year"] == 2014)), "Missing: x1"),
    ],
)
def test_what_cannot_be_estimated_is_refused_with_the_reason(change: Any, words: str) -> None:
    with pytest.raises(NotEstimable, match=words):
        fit(change(data("balanced")))


def test_a_region_and_year_twice_is_a_fault_of_the_caller() -> None:
    frame = data("balanced")
    with pytest.raises(ValueError, match="More than one row for R00 2012"):
        fit(pd.concat([frame, frame.iloc[:1]]))
