"""Reference numbers of panel regressions, by pyfixest 0.60.

Run: uv run --group reference python tests/reference/panel/make_reference.py. Writes panels.csv (the
simulated data) and pyfixest.json beside this file. Not here: the code under test.

pyfixest 0.60 does not count nested effects alike in every run: for the same data, df_k comes as
slopes + years (its documented default, `k_fixef="nonnested"`) or as slopes + 1. The script tries
again until it is the documented one, and fails if it never is.
"""

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyfixest as pf

HERE = Path(__file__).parent
TRIES = 200


def panels(rng: np.random.Generator) -> pd.DataFrame:
    """Simulated: 12 regions by 8 years, whole, with gaps, and with gaps and two singletons."""
    whole = pd.DataFrame(
        [(f"R{g:02}", year) for g in range(12) for year in range(2012, 2020)],
        columns=["region", "year"],
    )
    effect = whole["region"].str[1:].astype(float) + (whole["year"] - 2012) * 0.3
    whole["x1"] = rng.normal(size=len(whole)) + 0.2 * effect
    whole["x2"] = 100 + 5 * rng.normal(size=len(whole)) - whole["x1"]
    shock = rng.normal(size=12)[whole["region"].str[1:].astype(int)] * whole["x1"] * 0.1
    whole["y"] = 3 + 0.5 * whole["x1"] - 0.02 * whole["x2"] + effect + shock
    whole["y"] += 0.3 * rng.normal(size=len(whole))
    gaps = whole.sample(70, random_state=3).sort_index()
    alone = pd.DataFrame(
        [("R98", 2013, 1.5, 99.0, 4.0), ("R99", 2030, 0.5, 101.0, 2.0)],
        columns=["region", "year", "x1", "x2", "y"],
    )
    parts = {"balanced": whole, "unbalanced": gaps, "singletons": pd.concat([gaps, alone])}
    return pd.concat([part.assign(panel=name) for name, part in parts.items()])


def fitted(data: pd.DataFrame) -> dict[str, Any]:
    """Coefficients, errors and tests of y on x1 and x2 with region and year effects."""
    for _ in range(TRIES):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit = pf.feols(
                "y ~ x1 + x2 | region + year", data, vcov={"CRV1": "region"}, fixef_tol=1e-13
            )
        if fit._df_k == 2 + fit._data["year"].nunique():
            return {
                "n": int(fit._N),
                "coefficient": fit.coef().to_dict(),
                "std_error": fit.se().to_dict(),
                "t": fit.tstat().to_dict(),
                "p": fit.pvalue().to_dict(),
                "r2": float(fit._r2),
                "r2_within": float(fit._r2_within),
                "adjusted_r2": float(fit._adj_r2),
            }
    raise RuntimeError(f"df_k was never slopes + years in {TRIES} tries")


if __name__ == "__main__":
    made = panels(np.random.default_rng(20221122))
    made.to_csv(HERE / "panels.csv", index=False)
    # What is written is what is read: the reference is of the printed digits.
    read = pd.read_csv(HERE / "panels.csv")
    answers = {str(name): fitted(part.copy()) for name, part in read.groupby("panel")}
    text = json.dumps({"pyfixest": pf.__version__, **answers}, indent=1)
    (HERE / "pyfixest.json").write_text(text + "\n", encoding="utf-8")
