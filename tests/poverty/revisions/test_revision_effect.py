"""What one document alone did to coefficients: two fits, each against statsmodels."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from assets.poverty.revisions.revision_effect import effect_frame
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
NO_INDEX = pd.DataFrame(
    columns=[
        *("source", "edition", "prints", "study", "region", "sample", "index_id", "reference_year"),
        *("old_value", "new_value", "change", "change_pct"),
    ]
)


def scaled(values: dict[int, float]) -> dict[int, float]:
    low, high = min(values.values()), max(values.values())
    return {year: (value - low) / (high - low) for year, value in values.items()}


def sample(document: tuple[str, int] | None, EG: dict[int, float]) -> pd.DataFrame:
    source, edition = document or (None, None)
    prints = "revised" if document else None
    own = {"PI": {year: PI[year] for year in EG}, "EG": EG}
    return pd.DataFrame(
        [
            {"study": "tibet", "region": "CN", "base_sample": "latest", "variable": variable}
            | {"added_source": source, "added_edition": edition, "added_prints": prints}
            | {"reference_year": year}
            | {"value": value, "normalised": scaled(values)[year]}
            for variable, values in own.items()
            for year, value in values.items()
        ]
    )


def by_hand(EG: dict[int, float]) -> Any:
    y = list(scaled({year: PI[year] for year in EG}).values())
    return sm.OLS(y, sm.add_constant(np.array(list(scaled(EG).values())))).fit()


def effects(*samples: pd.DataFrame) -> pd.DataFrame:
    return effect_frame([STUDY], NO_INDEX, pd.concat(samples), Failures("0002-x", "t"))


def test_each_document_has_the_move_of_its_own_refit() -> None:
    with_a, with_b = {**EG, 2013: 4.9}, {**EG, 2016: 5.1}
    found = effects(sample(None, EG), sample(("a", 2018), with_a), sample(("b", 2019), with_b))
    ols = found[found["kind"] == "ols"].set_index(["source", "item"])
    before = by_hand(EG)
    for source, values in (("a", with_a), ("b", with_b)):
        after = by_hand(values)
        for place, term in enumerate(("const", "EG")):
            row = ols.loc[(source, term)]
            change = after.params[place] - before.params[place]
            # 1e-10: the same least squares by another route
            assert row["old_value"] == pytest.approx(before.params[place], rel=1e-10)
            assert row["new_value"] == pytest.approx(after.params[place], rel=1e-10)
            assert row["change"] == pytest.approx(change, rel=1e-8)
            assert row["change_std_errors"] == pytest.approx(change / before.bse[place], rel=1e-8)
            assert (row["n_before"], row["n"]) == (6, 6)
    assert set(found["reference_year"]) == {0}
    assert list(found.groupby(["source", "kind"]).size()) == [2, 2, 2, 2]


def test_a_document_that_changes_nothing_fitted_has_no_row() -> None:
    assert effects(sample(None, EG), sample(("a", 2018), EG)).empty


def test_a_document_that_completes_a_year_shows_both_counts() -> None:
    short = {year: value for year, value in EG.items() if year < 2017}
    found = effects(sample(None, short), sample(("a", 2018), EG))
    assert set(zip(found["n_before"], found["n"], strict=True)) == {(5, 6)}


def test_a_fit_that_only_the_document_allows_has_no_old_value() -> None:
    short = {year: value for year, value in EG.items() if year < 2014}
    found = effects(sample(None, short), sample(("a", 2018), EG))
    assert found["old_value"].isna().all()
    assert found["new_value"].notna().all()
    assert found["change_std_errors"].isna().all()
    assert set(found["n_before"]) == {2}
    nothing_before = effects(sample(("a", 2018), EG))
    assert set(nothing_before["n_before"]) == {0}


def test_index_values_are_taken_over() -> None:
    row = (
        "a",
        2018,
        "revised",
        "tibet",
        "CN",
        "latest",
        "EG",
        2013,
        4.5,
        4.9,
        0.4,
        100 * 0.4 / 4.5,
    )
    moved = pd.DataFrame([row], columns=NO_INDEX.columns)
    samples = pd.concat([sample(None, EG), sample(("a", 2018), EG)])
    (found,) = effect_frame([STUDY], moved, samples, Failures("0002-x", "t")).to_dict("records")
    assert (found["kind"], found["item"], found["reference_year"]) == ("index", "EG", 2013)
    assert (found["old_value"], found["new_value"], found["change"]) == (4.5, 4.9, 0.4)
    assert found["change_pct"] == pytest.approx(8.888888888888889)
    assert found["n"] is None
