from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from assets.towns.estimators.poisson import poisson
from assets.towns.estimators.town_effect import TownEffect, estimates_with_influence
from assets.towns.panel.town_panel import NEVER, PanelError, TownPanel, town_panel
from assets.towns.questions.margins import PoissonEffects, margins, poisson_etwfe


def poisson_static(panel: TownPanel) -> PoissonEffects:
    """One coefficient on being treated, for comparison: staggered timing contaminates it.

    Needs that sales of all towns would have changed by the same percentage without certification,
    and that the effect is the same percentage in every cohort and year; otherwise treated towns are
    controls.
    """
    fit = poisson(panel, panel.treated[:, :, None].astype(np.float64), ("certification",))
    label = [("att", "", int(fit.panel.ever_treated.sum()))]
    effects = estimates_with_influence(
        "poisson_static", label, fit.coefficient[-1:], fit.influence[:, -1:], fit.panel.town
    )
    return PoissonEffects(effects, fit.separated)


def counts(
    seed: int, towns: int = 40, years: int = 6, effect: float = 0.28, rate: float = 3.0
) -> TownPanel:
    """Poisson counts with town and year effects; effects grow by year since certification."""
    generator = np.random.default_rng(seed)
    calendar = np.arange(2010, 2010 + years)
    first = np.full(towns, NEVER)
    first[: towns // 2] = np.resize([2013, 2014], towns // 2)
    elapsed = np.where(np.isfinite(first), calendar[:, None] - first, -1).T
    mean = generator.gamma(4, rate / 4, size=(towns, 1)) * np.exp(0.1 * np.arange(years))
    mean = mean * np.exp(effect * (elapsed >= 0) * (1 + elapsed))
    weight = generator.uniform(1, 3, size=towns)
    outcome = generator.poisson(mean).astype(float)
    names = [f"t{place}" for place in range(towns)]
    return town_panel(names, calendar.tolist(), outcome, first.tolist(), weight.tolist())


def dummy_regression(panel: TownPanel, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same model by statsmodels, every effect a dummy; coefficients and clustered errors."""
    towns, years = panel.outcome.shape
    place, year = (index.ravel() for index in np.indices((towns, years)))
    design = np.column_stack(
        [np.eye(towns)[place], np.eye(years)[year][:, 1:], columns.reshape(towns * years, -1)]
    )
    model = sm.GLM(
        panel.outcome.ravel(),
        design,
        family=sm.families.Poisson(),
        var_weights=np.repeat(panel.weight, years),
    )
    fit = model.fit(tol=1e-14, maxiter=200)
    scores = design * ((panel.outcome.ravel() - fit.fittedvalues) * model.var_weights)[:, None]
    by_town = np.stack([scores[place == town].sum(axis=0) for town in range(towns)])
    bread = np.linalg.inv(design.T @ (design * (fit.fittedvalues * model.var_weights)[:, None]))
    error = np.sqrt(np.diag(bread @ by_town.T @ by_town @ bread))
    return fit.params[towns:], error[towns:]


def active(panel: TownPanel) -> TownPanel:
    return panel.take(panel.outcome.sum(axis=1) > 0)


def only(estimates: tuple[TownEffect, ...], target: str, cell: str) -> TownEffect:
    (found,) = [e for e in estimates if (e.target, e.cell) == (target, cell)]
    return found


def test_static_poisson_equals_statsmodels_with_dummies() -> None:
    panel = active(counts(1))
    coefficient, error = dummy_regression(panel, panel.treated.astype(float))
    found = poisson_static(panel).effects.estimates[0]
    assert found.estimate == pytest.approx(coefficient[-1], abs=1e-8)
    assert found.std_error == pytest.approx(error[-1], abs=1e-8)


def test_extended_poisson_equals_statsmodels_with_dummies() -> None:
    panel = active(counts(2, years=5))
    pairs = [(2013, 2013), (2013, 2014), (2014, 2014)]
    columns = np.stack(
        [(panel.first_treated_year[:, None] == g) & (panel.years == t) for g, t in pairs], axis=2
    ).astype(float)
    coefficient, error = dummy_regression(panel, columns)
    names = ("a", "b", "c")
    fit = poisson(panel, columns, names)
    assert fit.coefficient == pytest.approx(coefficient, abs=1e-8)
    own = np.sqrt(np.sum(fit.influence**2, axis=0)) / len(panel.town)
    assert own == pytest.approx(error, abs=1e-8)
    # Cohort 2014 is treated in one cell: its log ratio of totals is the coefficient, errors too.
    cohort = only(poisson_etwfe(panel).effects.estimates, "cohort", "g=2014")
    assert cohort.estimate == pytest.approx(coefficient[-1], abs=1e-8)
    assert cohort.std_error == pytest.approx(error[-1], abs=1e-8)


def test_influence_is_what_one_town_more_changes() -> None:
    # Numerical derivative in a town's weight; 1e-4 for the second-order term.
    panel = counts(3, towns=30, rate=20)
    result = poisson_etwfe(panel).effects
    for town in (0, 1, 25):
        nudge = np.ones(30)
        nudge[town] += 1e-5
        moved = poisson_etwfe(replace(panel, weight=panel.weight * nudge)).effects.estimates
        slope = np.array(
            [m.estimate - e.estimate for m, e in zip(moved, result.estimates, strict=True)]
        )
        slope /= 1e-5
        assert result.influence[town] / 30 == pytest.approx(slope, abs=1e-4)


def test_amounts_may_be_in_any_unit() -> None:
    panel = counts(4)
    effects = [
        poisson_etwfe(replace(panel, outcome=panel.outcome * unit)).effects for unit in (1, 1e4)
    ]
    found = [[(e.estimate, e.std_error) for e in result.estimates] for result in effects]
    assert np.array(found[1]) == pytest.approx(np.array(found[0]), abs=1e-9)


def test_growing_effects_found_in_every_year() -> None:
    # Truth: 0.28 log points in the first year, 0.56 in the second, 0.84 in the third.
    result = poisson_etwfe(counts(5, towns=600, rate=30)).effects
    for elapsed in range(3):
        found = only(result.estimates, "event_time", f"e={elapsed}")
        assert abs(found.estimate - 0.28 * (1 + elapsed)) < 3 * found.std_error < 0.1


def test_interval_covers_the_truth() -> None:
    # 60 draws: fewer than 52 hits at 95 % happen once in 100 runs; the seed is fixed.
    hits = 0
    for seed in range(60):
        result = poisson_etwfe(counts(1000 + seed, towns=80, effect=0.0)).effects.estimates[0]
        hits += result.low <= 0 <= result.high
    assert hits >= 52


def test_a_town_without_any_sale_is_named_and_changes_nothing() -> None:
    panel = active(counts(6))
    outcome = panel.outcome.copy()
    outcome[30] = 0
    with_zero = poisson_etwfe(replace(panel, outcome=outcome))
    without = poisson_etwfe(panel.take(np.arange(len(panel.town)) != 30))
    assert f"{panel.town[30]}: zero in all years" in with_zero.separated
    assert without.separated == ()
    assert with_zero.effects.estimates == without.effects.estimates


def test_a_cohort_that_sold_nothing_before_is_refused_by_name() -> None:
    # Any town effect fits its year after certification, minus infinity those before.
    panel = counts(7, rate=20)
    first, outcome = panel.first_treated_year.copy(), panel.outcome.copy()
    first[39], outcome[39, :5] = 2015, 0
    outcome[39, 5] = 7
    panel = replace(panel, first_treated_year=first, outcome=outcome)
    with pytest.raises(PanelError, match=r"cohort 2015 in 2015: .* in the way: t39 in 2010, t39"):
        poisson_etwfe(panel)


def test_zeros_that_do_not_separate_are_kept() -> None:
    panel = active(counts(7, rate=0.7))
    assert (panel.outcome == 0).mean() > 0.2
    assert poisson_etwfe(panel).separated == ()


def test_a_year_without_sales_is_refused_by_name() -> None:
    panel = counts(8, rate=20)
    outcome = panel.outcome.copy()
    outcome[:, 2] = 0
    with pytest.raises(PanelError, match=r"^2012: nothing is left"):
        poisson_static(replace(panel, outcome=outcome))


def test_a_cohort_that_stops_selling_is_refused_by_name() -> None:
    panel = counts(9, rate=20)
    outcome = panel.outcome.copy()
    outcome[np.ix_(panel.first_treated_year == 2014, panel.years >= 2014)] = 0
    with pytest.raises(PanelError, match=r"cohort 2014 in 2014: nothing is left .* 100 %"):
        poisson_etwfe(replace(panel, outcome=outcome))


def test_amounts_below_zero_are_refused() -> None:
    panel = counts(10)
    outcome = panel.outcome.copy()
    outcome[3, 2] = -5
    with pytest.raises(PanelError, match="town t3 in 2012: outcome -5 is below zero"):
        poisson_static(replace(panel, outcome=outcome))


def test_no_untreated_town_is_refused() -> None:
    panel = counts(11)
    with pytest.raises(PanelError, match="end the panel before"):
        poisson_etwfe(panel.take(panel.ever_treated))


def three_panels(seed: int) -> tuple[TownPanel, TownPanel, TownPanel]:
    """Sales per shop, active share and mean log if positive of towns of 400 shops."""
    generator = np.random.default_rng(seed)
    panel = counts(seed, towns=60)
    shape = (60, 6, 400)
    probability = 0.6 + 0.1 * panel.treated
    sells = generator.uniform(size=shape) < probability[:, :, None]
    logs = 2 + 0.2 * panel.treated[:, :, None] + generator.normal(scale=0.5, size=shape)
    share = sells.mean(axis=2)
    log_mean = (sells * logs).sum(axis=2) / sells.sum(axis=2)
    sales = (sells * np.exp(logs)).mean(axis=2)
    return (
        replace(panel, outcome=sales),
        replace(panel, outcome=share),
        replace(panel, outcome=log_mean),
    )


def test_margins_add_up_and_are_the_true_ones() -> None:
    # Truth: shares 0.6 to 0.7, log sales +0.2, spread of log sales the same. 60 towns of 400
    # shops: standard errors are near 0.01.
    account = margins(*three_panels(1))
    assert account.total.estimate == pytest.approx(np.log(0.7 / 0.6) + 0.2, abs=0.03)
    assert account.extensive.estimate == pytest.approx(0.1, abs=0.02)
    assert account.extensive_log == pytest.approx(np.log(0.7 / 0.6), abs=0.03)
    assert account.intensive.estimate == pytest.approx(0.2, abs=0.02)
    parts = account.extensive_log + account.intensive_log + account.spread_log
    assert parts == pytest.approx(account.total.estimate, abs=1e-12)
    assert abs(account.spread_log) < 0.02
    assert "zeros included" in account.statement


def test_a_share_above_one_is_refused() -> None:
    sales, share, logs = three_panels(2)
    outcome = share.outcome.copy()
    outcome[4, 1] = 1.2
    with pytest.raises(PanelError, match=r"town t4 in 2011: active share 1\.2"):
        margins(sales, replace(share, outcome=outcome), logs)
