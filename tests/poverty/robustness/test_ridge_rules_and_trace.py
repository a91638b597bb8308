"""Ridge constants and traces against R, the SPSS convention and what the paper's tables imply."""

import numpy as np
import pytest
import statsmodels.api as sm

from assets.poverty.robustness.methods.closed_form import closed_form
from assets.poverty.robustness.methods.ridge_choice import (
    effective_df,
    gcv,
    press,
    ridge_choices,
    smallest_k_with_vif,
)
from assets.poverty.robustness.methods.ridge_trace import ridge_trace
from assets.regression.ols import ordinary_least_squares
from assets.regression.ridge import ridge_regression
from assets.regression.standardise import standardise

NAMES = ("AIG", "IM", "aEDI", "EG")


def rules(sample, k=0.148) -> dict[str, float]:
    return {choice.rule: choice.k for choice in ridge_choices(sample.y, sample.X, k)}


def unit(y):
    return (y - y.mean()) / np.sqrt(((y - y.mean()) ** 2).sum())


def explicit_hat(X, k):
    """Hat matrix with the constant, straight from its definition."""
    Z = X - X.mean(axis=0)
    Z = Z / np.sqrt((Z**2).sum(axis=0))
    return 1 / len(X) + Z @ np.linalg.solve(Z.T @ Z + k * np.eye(X.shape[1]), Z.T)


def test_hald_rules_are_those_of_R(samples) -> None:
    # R lmridge kest: HKB .0116233906, LW76 .0079735871. It divides SSE by n-p: hence 9/8.
    # R MASS::lm.ridge kHKB .0849960439, kLW .0583068558: with p-2 for p, and lambda = n k.
    # Tolerance: the digits printed.
    found = rules(samples["hald"])
    assert found["hoerl_kennard_baldwin"] == pytest.approx(0.0116233906 * 9 / 8, abs=2e-10)
    assert found["lawless_wang"] == pytest.approx(0.0079735871 * 9 / 8, abs=2e-10)
    assert found["hoerl_kennard_baldwin"] == pytest.approx(0.0849960439 * 4 / 2 / 13, abs=2e-10)
    assert found["lawless_wang"] == pytest.approx(0.0583068558 * 4 / 2 / 13, abs=2e-10)


def test_longley_rules_are_those_of_MASS(samples) -> None:
    # MASS: kHKB .00427535739, kLW .0322953077; six regressors, 16 rows.
    found = rules(samples["longley"])
    assert found["hoerl_kennard_baldwin"] == pytest.approx(0.00427535739 * 6 / 4 / 16, rel=1e-8)
    assert found["lawless_wang"] == pytest.approx(0.0322953077 * 6 / 4 / 16, rel=1e-8)


@pytest.mark.parametrize(("name", "in_R"), [("hald", "Hald"), ("longley", "longley")])
def test_press_and_gcv_are_those_of_R_at_every_k(samples, reference, name, in_R) -> None:
    # PRESS: lmridge rounds the hat matrix to 5 decimals, so 1 - h carries up to 5e-6: hence 1e-5.
    # GCV: MASS and lmridge divide by (n - tr H)^2, without the constant and without n.
    s = samples[name]
    n, z, y = len(s.y), standardise(s.X), unit(s.y)
    total = ((s.y - s.y.mean()) ** 2).sum()
    expected = reference.json("ridge_reference_R.json")[in_R]["lmridge"]
    k = np.array([fit["K"] for fit in expected], dtype=float)
    trace = np.array([effective_df(z, at) for at in k])
    in_mass = gcv(z, y, k) * total * (n - 1 - trace) ** 2 / n / (n - trace) ** 2
    assert press(z, y, k) * total == pytest.approx([fit["PRESS"] for fit in expected], rel=1e-5)
    assert in_mass == pytest.approx([fit["GCV"] for fit in expected], rel=1e-10)
    influence = sm.OLS(s.y, sm.add_constant(s.X)).fit().get_influence()
    exact = (influence.resid_press**2).sum()
    assert press(z, y, np.zeros(1))[0] * total == pytest.approx(exact, rel=1e-8)


@pytest.mark.parametrize("name", ["hald", "longley", "gansu"])
def test_minima_lie_below_every_k_of_a_fine_grid(samples, name) -> None:
    s, found = samples[name], rules(samples[name])
    n, y = len(s.y), unit(s.y)

    def criteria(k):
        H = explicit_hat(s.X, k)
        e = y - H @ y
        return n * (e @ e) / (n - np.trace(H)) ** 2, ((e / (1 - np.diag(H))) ** 2).sum()

    grid = [criteria(k) for k in (0.0, *np.geomspace(1e-7, 9, 3000))]
    for rule, column in (("gcv", 0), ("leave_one_out", 1)):
        best = min(values[column] for values in grid)
        assert criteria(found[rule])[column] <= best * (1 + 1e-12)


def test_leave_one_out_error_equals_refitting_with_the_penalty_held(samples) -> None:
    s, k = samples["gansu"], 0.03
    z = standardise(s.X)
    Z, y = z.columns, unit(s.y)
    errors = []
    for i in range(len(y)):
        rest = np.delete(np.arange(len(y)), i)
        A = np.column_stack([np.ones(len(rest)), Z[rest]])
        b = np.linalg.solve(A.T @ A + np.diag([0, *[k] * 4]), A.T @ y[rest])
        errors.append(y[i] - b[0] - Z[i] @ b[1:])
    assert press(z, y, np.array([k]))[0] == pytest.approx(np.sum(np.square(errors)), rel=1e-10)


@pytest.fixture
def from_the_paper(reference):
    """X and y with exactly the correlations of Table 3 as printed; n = 8."""
    table = {("PI", "PI"): 1.0, **{(name, name): 1.0 for name in NAMES}}
    for row in reference.rows("gansu/table3_correlations.csv"):
        table[row["row"], row["column"]] = table[row["column"], row["row"]] = float(row["r"])
    names = ("PI", *NAMES)
    R = np.array([[table[a, b] for b in names] for a in names])
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(8, 5))
    Q = np.linalg.qr(noise - noise.mean(axis=0))[0]
    data = Q @ np.linalg.cholesky(R).T
    return data[:, 0], data[:, 1:]


def test_what_table_3_of_the_paper_implies(from_the_paper) -> None:
    # Computed independently from the printed correlations (three decimals, hence the digits).
    y, X = from_the_paper
    found = {choice.rule: choice.k for choice in ridge_choices(y, X, 0.148)}
    assert found["hoerl_kennard_baldwin"] == pytest.approx(0.00011, abs=5e-6)
    assert found["lawless_wang"] == pytest.approx(0.0011, abs=5e-5)
    z = standardise(X)
    assert smallest_k_with_vif(z, 10) == pytest.approx(0.0132, abs=5e-5)
    assert smallest_k_with_vif(z, 5) == pytest.approx(0.0305, abs=5e-5)
    assert smallest_k_with_vif(z, 1) == pytest.approx(0.128, abs=5e-4)
    fits = closed_form(y[None], X[None], np.array([0, 0.01, 0.02, 0.05, 0.1, 0.148, 0.3, 0.5]))
    assert fits.standardised[0] == pytest.approx(
        np.array(
            [
                [-1.795, -1.883, 1.632, 0.790],
                [-0.181, -0.746, 0.119, -0.232],
                [-0.077, -0.662, -0.003, -0.282],
                [-0.022, -0.587, -0.102, -0.293],
                [-0.023, -0.532, -0.148, -0.282],
                [-0.035, -0.496, -0.166, -0.274],
                [-0.068, -0.421, -0.186, -0.255],
                [-0.093, -0.361, -0.190, -0.239],
            ]
        ),
        abs=6e-4,
    )
    assert fits.R2[0] == pytest.approx(
        [0.9991, 0.9883, 0.9865, 0.9839, 0.9798, 0.9755, 0.9608, 0.9415], abs=6e-5
    )
    assert fits.p[0, 5] == pytest.approx([0.662, 0.011, 0.084, 0.033], abs=6e-4)


@pytest.mark.parametrize("name", ["hald", "longley", "gansu"])
def test_trace_is_the_printed_ridge_at_every_k(samples, name) -> None:
    s = samples[name]
    trace = ridge_trace(s.y, s.X, s.names, (0.148,))
    assert trace.k[0] == 0
    assert 0.148 in trace.k
    for i, k in enumerate(trace.k):
        fit = ridge_regression(s.y, s.X, s.names, float(k))
        slopes = fit.coefficients[1:]
        assert trace.slope[i] == pytest.approx([c.estimate for c in slopes], rel=1e-9)
        assert trace.p[i] == pytest.approx([c.p for c in slopes], rel=1e-8)
        assert trace.vif[i] == pytest.approx(fit.vif, rel=1e-8)
        assert trace.R2[i] == pytest.approx(fit.R2, rel=1e-10)
        assert trace.effective_df[i] == pytest.approx(np.trace(explicit_hat(s.X, k)) - 1, rel=1e-9)


def test_band_at_no_shrinkage_is_the_confidence_interval(samples) -> None:
    # Hald, X1: conf_int() of statsmodels.
    s = samples["hald"]
    trace = ridge_trace(s.y, s.X, s.names)
    ols = ordinary_least_squares(s.y, s.X, s.names)
    assert trace.slope[0] == pytest.approx([c.estimate for c in ols.coefficients[1:]], rel=1e-10)
    assert (trace.low[0, 0], trace.high[0, 0]) == pytest.approx((-0.1663, 3.2685), abs=5e-5)


def test_a_rule_that_asks_for_nothing_has_no_ratio() -> None:
    rng = np.random.default_rng(3)
    choices = ridge_choices(rng.normal(size=20), rng.normal(size=(20, 2)), 0.1)
    vif = next(choice for choice in choices if choice.rule == "max_vif_10")
    assert vif.k == 0
    assert vif.given_over_k is None
