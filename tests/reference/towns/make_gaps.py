"""How `gaps_pyfixest.json` was made: two-way regressions of a panel that lacks cells.

Run: uv run --group reference python tests/reference/towns/make_gaps.py. The panel is that of
staggered_panel.csv without the cells of lacks(), towns weighted by weight(). Single rows of a town
stay (fixef_rm="none"): they say nothing, and count as a town. pyfixest 0.60 does not count nested
effects alike in every run (see ../panel/make_reference.py): it is run until the parameters counted
are slopes + years, its documented default.
"""

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyfixest as pf

HERE = Path(__file__).parent
TRIES, REFERENCE = 200, -1


def lacks(town: int, year: int) -> bool:
    """Which cells are not there: some of most towns, and all but the last two of one control."""
    return (7 * town + 3 * year) % 11 == 0 or (town == 1 and year < 2017)


def weight(town: int) -> float:
    return 1.0 + town % 4


def fitted(dummies: dict[str, pd.Series], data: pd.DataFrame) -> dict[str, Any]:
    names = [f"d{place}" for place in range(len(dummies))]
    columns = {
        name: column.astype(float) for name, column in zip(names, dummies.values(), strict=True)
    }
    frame = data.assign(**columns)
    formula = f"outcome ~ {' + '.join(names)} | town + year"
    for _ in range(TRIES):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit = pf.feols(
                formula,
                frame,
                vcov={"CRV1": "town"},
                weights="weight",
                fixef_rm="none",
                fixef_tol=1e-13,
            )
        if fit._df_k == len(fit.coef()) + data["year"].nunique():
            assert len(fit.coef()) == len(names)
            return {
                "cell": list(dummies),
                "coefficient": list(fit.coef()),
                "std_error": list(fit.se()),
            }
    raise RuntimeError(f"df_k was never slopes + years in {TRIES} tries")


if __name__ == "__main__":
    data = pd.read_csv(HERE / "staggered_panel.csv")
    first = data["town"].map(data[data["treated"] == 1].groupby("town")["year"].min())
    number = data["town"].str[1:].astype(int)
    data["weight"] = number.map(weight)
    there = [not lacks(*cell) for cell in zip(number, data["year"], strict=True)]
    data, first = data[there].copy(), first[there]
    elapsed = data["year"] - first
    times = sorted({int(time) for time in elapsed.dropna()} - {REFERENCE})
    cells = sorted(
        {
            (int(g), int(t))
            for g, t in zip(first.dropna(), data.loc[first.notna(), "year"], strict=True)
        }
    )
    at = {cell: (first == cell[0]) & (data["year"] == cell[1]) for cell in cells}
    answers = {
        "pyfixest": pf.__version__,
        "numpy": np.__version__,
        "rows": len(data),
        "twfe": fitted({"": data["treated"] == 1}, data),
        "event_study": fitted({f"e={time}": elapsed == time for time in times}, data),
        "etwfe": fitted({f"g={g},t={t}": at[g, t] for g, t in cells if t >= g}, data),
        "sun_abraham": fitted(
            {f"g={g},t={t}": at[g, t] for g, t in cells if t - g != REFERENCE}, data
        ),
    }
    text = json.dumps(answers, indent=1)
    (HERE / "gaps_pyfixest.json").write_text(text + "\n", encoding="utf-8")
