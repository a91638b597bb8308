"""Fits as of each year: strict and lenient samples, years that say the same, what was missing."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from assets.poverty.backtest.backtest_rows import KnownCoefficientRow, KnownFitRow
from assets.poverty.backtest.known_fit import known_fit_frames
from assets.poverty.study_files.study import Study
from assets.vintages.failures import Failures

STUDY = Study.model_validate(
    {
        "study": "tibet",
        "title": "Growth and poverty",
        "region": "CN",
        "years": {"first": 2012, "last": 2017},
        "samples": [{"name": "latest", "choose": "latest"}],
        "indices": ["PI", "EG"],
        "inputs": {},
        "model": {"dependent": "PI", "regressors": ["EG"], "ridge": {"k": 0.1}},
    }
)
PI = {2012: 0.30, 2013: 0.25, 2014: 0.21, 2015: 0.20, 2016: 0.12, 2017: 0.10}
EG = {2012: 4.0, 2013: 4.5, 2014: 4.7, 2015: 5.0, 2016: 5.6, 2017: 6.0}
GAP_COLUMNS = (
    *("study", "region", "known_by", "variable", "variable_order", "reference_year"),
    *("indicator", "input_year", "printed_in", "reason"),
)


def scaled(values: dict[int, float]) -> dict[int, float]:
    if not values:
        return {}
    low, high = min(values.values()), max(values.values())
    return {year: (value - low) / (high - low) for year, value in values.items()}


def known(edition: int, EG: dict[int, float], late: tuple[int, ...] = ()) -> pd.DataFrame:
    rows = []
    for variable, values in {"PI": {year: PI[year] for year in EG}, "EG": EG}.items():
        lenient = scaled(values)
        strict = scaled({year: value for year, value in values.items() if year not in late})
        for year, value in values.items():
            rows.append(
                {"study": "tibet", "region": "CN", "sample": f"known_by_{edition}"}
                | {"known_by": edition, "reference_year": year, "variable": variable}
                | {"value": value, "is_later_print": variable == "EG" and year in late}
                | {"normalised": lenient[year], "strictly_normalised": strict.get(year)}
            )
    return pd.DataFrame(rows)


def gaps(*rows: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame([("tibet", "CN", *row) for row in rows], columns=GAP_COLUMNS)


def frames(*samples: pd.DataFrame, lacking: pd.DataFrame | None = None) -> dict[Any, Any]:
    lacking = gaps() if lacking is None else lacking
    found = known_fit_frames([STUDY], pd.concat(samples), lacking, Failures("0001-x", "t"))
    keys = ["known_by", "reading", "estimator"]
    return {
        "fit": found[KnownFitRow.table].set_index(keys).sort_index(),
        "coefficient": found[KnownCoefficientRow.table].set_index([*keys, "term"]).sort_index(),
    }


def test_both_readings_are_fitted_on_their_own_years_and_scale() -> None:
    found = frames(known(2018, EG, late=(2013,)))
    strict = {year: value for year, value in EG.items() if year != 2013}
    for reading, values in (("strict", strict), ("lenient", EG)):
        y = list(scaled({year: PI[year] for year in values}).values())
        fit = sm.OLS(y, sm.add_constant(np.array(list(scaled(values).values())))).fit()
        row = found["coefficient"].loc[(2018, reading, "ols", "EG")]
        # 1e-10: the same least squares by another route
        assert row["coefficient"] == pytest.approx(fit.params[1], rel=1e-10)
        assert row["std_error"] == pytest.approx(fit.bse[1], rel=1e-10)
        assert row["p"] == pytest.approx(fit.pvalues[1], rel=1e-8)
        line = found["fit"].loc[(2018, reading, "ols")]
        assert line["r2"] == pytest.approx(fit.rsquared, rel=1e-10)
        assert (line["n"], line["values_used"]) == (len(values), 2 * len(values))
        assert line["later_prints"] == (1 if reading == "lenient" else 0)


def test_a_year_that_brought_nothing_names_the_first_that_was_the_same() -> None:
    revised = {**EG, 2012: 3.9}
    found = frames(known(2018, EG), known(2019, EG), known(2020, EG), known(2021, revised))
    same = found["fit"].loc[(slice(None), "strict", "ols"), "same_as"].tolist()
    assert [None if np.isnan(year) else int(year) for year in same] == [None, 2018, 2018, None]
    of_2020 = found["coefficient"].loc[(2020, "strict", "ridge", "EG"), "coefficient"]
    assert of_2020 == found["coefficient"].loc[(2018, "strict", "ridge", "EG"), "coefficient"]
    assert of_2020 != found["coefficient"].loc[(2021, "strict", "ridge", "EG"), "coefficient"]


def test_too_few_years_are_refused_with_the_reason_and_what_was_not_printed() -> None:
    short = {2012: 4.0, 2013: 4.5, 2014: 4.7}
    lacking = gaps(
        (2015, "EG", 1, 2013, "gross_product", 2013, 2020, None),
        (2015, "EG", 1, 2012, "gross_product", 2012, 2020, None),
        (2015, "EG", 1, 2014, "gross_product", 2014, 2022, None),
        (2015, "EG", 1, 2014, "population_year_end", 2014, 2022, None),
        (2015, "PI", 0, 2010, None, None, None, "no print of poverty incidence for 2010"),
    )
    found = frames(known(2015, short, late=(2012, 2013, 2014)), lacking=lacking)["fit"]
    strict = found.loc[(2015, "strict", "ols")]
    assert (strict["status"], strict["n"], strict["years"]) == ("refused", 0, "")
    assert strict["reason"].startswith("0 observations are too few for 1 regressor")
    assert strict["not_printed"] == (
        "PI 2010 (in no document at hand); "
        "EG 2012-2014 (gross_product, population_year_end: first at hand from edition 2020, 2022)"
    )
    lenient = found.loc[(2015, "lenient", "ols")]
    assert (lenient["status"], lenient["n"]) == ("fitted", 3)
