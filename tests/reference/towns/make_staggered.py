"""How `staggered_panel.csv` and `staggered_synthdid_py.json` were made.

Run once, in an environment of its own with synthdid-py 0.1.0, from this folder. The panel is
simulated; synthdid-py equals R `synthdid` 0.0.9 on its published example.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from synthdid.staggered import staggered_synthdid_estimate

TOWNS, YEARS, COHORTS = 60, range(2010, 2019), (2013, 2015, 2016)


def panel() -> pd.DataFrame:
    generator = np.random.default_rng(20210)
    loading = generator.normal(size=TOWNS)
    factor = np.cumsum(generator.normal(size=len(YEARS)))
    noise = generator.normal(scale=0.3, size=(TOWNS, len(YEARS)))
    first = np.full(TOWNS, 0)
    first[np.argsort(-loading - generator.normal(size=TOWNS))[:24]] = np.repeat(COHORTS, 8)
    outcome = 10 + loading[:, None] * (1 + 0.3 * factor) + noise
    treated = (first[:, None] > 0) & (first[:, None] <= np.array(YEARS))
    outcome = np.round(outcome + 0.28 * treated, 4)
    rows = [
        (f"t{town:02d}", year, outcome[town, place], int(treated[town, place]))
        for town in range(TOWNS)
        for place, year in enumerate(YEARS)
    ]
    return pd.DataFrame(rows, columns=["town", "year", "outcome", "treated"])


def numbers(frame: pd.DataFrame, estimator: str, pool: str) -> dict[str, object]:
    fit = staggered_synthdid_estimate(
        frame, estimator=estimator, control_pool=pool,
        unit="town", time="year", outcome="outcome", treatment="treated",
    )  # fmt: skip
    return {
        "att": fit.att,
        "cohort": dict(zip(map(str, fit.by_cohort.adoption_time), fit.by_cohort.tau, strict=True)),
        "jackknife_se": fit.se(method="jackknife"),
    }


def main() -> None:
    frame = panel()
    frame.to_csv("staggered_panel.csv", index=False)
    names = {"synthdid": "synthetic_did", "sc": "synthetic_control"}
    names["did"] = "difference_in_differences"
    results = {ours: numbers(frame, theirs, "never_treated") for theirs, ours in names.items()}
    results["next_cohort"] = numbers(frame, "synthdid", "not_yet_treated")
    Path("staggered_synthdid_py.json").write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
