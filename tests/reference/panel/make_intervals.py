"""Reference numbers of interval regression, by lifelines 0.30.3.

Run: uv run --no-project --with lifelines==0.30.3 python tests/reference/panel/make_intervals.py.
Writes intervals.csv (simulated classes, bounds and points) and lifelines.json beside this file. The
log-normal accelerated failure time model with interval censoring is interval regression of the
logarithm. Not here: the code under test.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from lifelines import LogNormalAFTFitter

HERE = Path(__file__).parent
CUTS = np.array([0.0, 1.0, 3.0, 5.0, 10.0, np.inf])


def main() -> None:
    """Draw, fit, write."""
    rng = np.random.default_rng(14)
    n = 160
    frame = pd.DataFrame({"x1": rng.normal(size=n), "x2": rng.uniform(-1, 2, size=n)})
    outcome = np.exp(1.2 - 0.5 * frame["x1"] + 0.3 * frame["x2"] + 0.6 * rng.normal(size=n))
    place = np.searchsorted(CUTS, outcome, side="right")
    is_point = rng.uniform(size=n) < 0.25
    frame["low"] = np.where(is_point, outcome.round(3), CUTS[place - 1])
    frame["high"] = np.where(is_point, outcome.round(3), CUTS[place])
    # its gradient takes neither 0 nor infinity; these ends lie 40 standard deviations out
    bounded = frame.assign(low=frame["low"].clip(lower=1e-9), high=frame["high"].clip(upper=1e9))
    fitted = LogNormalAFTFitter(alpha=0.05)
    fitted._scipy_fit_options = {
        "gtol": 2e-9
    }  # of the mean log likelihood; its default stops at 1e-6
    fitted.fit_interval_censoring(bounded, lower_bound_col="low", upper_bound_col="high")
    frame.to_csv(HERE / "intervals.csv", index=False)
    found = {
        "coefficient": {
            term: float(fitted.params_["mu_", term]) for term in ("Intercept", "x1", "x2")
        },
        "std_error": {
            term: float(fitted.standard_errors_["mu_", term]) for term in ("Intercept", "x1", "x2")
        },
        "log_sigma": float(fitted.params_["sigma_", "Intercept"]),
        "log_sigma_std_error": float(fitted.standard_errors_["sigma_", "Intercept"]),
        "log_likelihood": float(fitted.log_likelihood_),
    }
    (HERE / "lifelines.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
