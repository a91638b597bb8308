"""How `clustered_pyfixest.json` was made: two-way regressions with errors clustered by county.

Run: uv run --group reference python tests/reference/towns/make_clustered.py. The panel is that of
staggered_panel.csv; five towns in a row of its numbers are a county. pyfixest 0.60 does not count
nested effects alike in every run (see ../panel/make_reference.py): it is run until the parameters
counted are slopes + years, its documented default.
"""

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyfixest as pf

HERE = Path(__file__).parent
TRIES, TOWNS_IN_A_COUNTY, REFERENCE = 200, 5, -1


def fitted(formula: str, data: pd.DataFrame) -> dict[str, Any]:
    for _ in range(TRIES):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit = pf.feols(formula, data, vcov={"CRV1": "county"}, fixef_tol=1e-13)
        if fit._df_k == len(fit.coef()) + data["year"].nunique():
            return {"coefficient": list(fit.coef()), "std_error": list(fit.se())}
    raise RuntimeError(f"df_k was never slopes + years in {TRIES} tries")


if __name__ == "__main__":
    data = pd.read_csv(HERE / "staggered_panel.csv")
    data["county"] = data["town"].str[1:].astype(int) // TOWNS_IN_A_COUNTY
    first = data[data["treated"] == 1].groupby("town")["year"].min()
    elapsed = data["year"] - data["town"].map(first)
    times = sorted({int(time) for time in elapsed.dropna()} - {REFERENCE})
    for place, time in enumerate(times):
        data[f"at_{place}"] = (elapsed == time).astype(float)
    event_study = " + ".join(f"at_{place}" for place in range(len(times)))
    answers = {
        "pyfixest": pf.__version__,
        "numpy": np.__version__,
        "event_times": times,
        "twfe": fitted("outcome ~ treated | town + year", data),
        "event_study": fitted(f"outcome ~ {event_study} | town + year", data),
    }
    text = json.dumps(answers, indent=1)
    (HERE / "clustered_pyfixest.json").write_text(text + "\n", encoding="utf-8")
