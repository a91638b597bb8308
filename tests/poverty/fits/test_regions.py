"""Studies over many regions: one bad region leaves the rows of all others as they are."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from assets.extracts.meaning.registry import regions
from assets.poverty.fits import sample_fits
from assets.poverty.fits.fit_rows import CoefficientRow, DiagnosticRow, FitRow, InputRow
from assets.poverty.fits.panel_fits import fit_panels
from assets.poverty.fits.result_frames import result_frames
from assets.poverty.fits.sample_fits import fit_samples
from assets.poverty.study_files.study import Study
from assets.regression.collinear_fit import fit_study
from assets.vintages.keys import PANEL

PROVINCES = [code for code, place in regions().items() if place.is_chinese_province]
SINGULAR, SHORT = "CN-GS", "CN-XZ"
VARIABLES = ("PI", "AIG", "EG")
YEARS = range(2012, 2020)
NO_YEARS = pd.DataFrame(columns=["study", "region", "sample", "reference_year", "missing"])


def study(name: str, places: list[str], kind: str = "time_series") -> Study:
    model = {"kind": kind, "dependent": "PI", "regressors": ["AIG", "EG"]}
    if kind == "time_series":
        model["ridge"] = {"k": 0.1}  # type: ignore[assignment]
    return Study.model_validate(
        {
            "study": name,
            "title": "simulated",
            "regions": places,
            "years": {"first": YEARS[0], "last": YEARS[-1]},
            "samples": [{"name": "latest", "choose": "latest"}],
            "indices": VARIABLES,
            "model": model,
        }
    )


def model_input(names: list[str], bad: bool = True) -> pd.DataFrame:
    """Simulated rows of indices.model_input for every study and province."""
    frame = pd.DataFrame(list(_rows(names)))
    if bad:
        eg = frame["variable"] == "EG"
        twin = frame["variable"] == "AIG"
        singular = frame["region"] == SINGULAR
        frame.loc[singular & eg, "value"] = 2 * frame.loc[singular & twin, "value"].to_numpy() + 1
        frame = frame[(frame["region"] != SHORT) | (frame["reference_year"] < YEARS[2])]
    by = frame.groupby(["study", "region", "variable"])["value"]
    low, high = by.transform("min"), by.transform("max")
    return frame.assign(normalised=(frame["value"] - low) / (high - low)).reset_index(drop=True)


def _rows(names: list[str]) -> Iterator[dict[str, object]]:
    for name in names:
        for region in PROVINCES:
            draws = np.random.default_rng([len(name), *map(ord, name + region)])
            for variable in VARIABLES:
                for year, value in zip(YEARS, draws.normal(size=len(YEARS)), strict=True):
                    role = "dependent" if variable == "PI" else "regressor"
                    yield {
                        "study": name,
                        "region": region,
                        "sample": "latest",
                        "reference_year": year,
                        "variable": variable,
                        "role": role,
                        "value": value,
                        "quality": "derived",
                    }


NAMES = ["growth", "income", "poverty"]


def rows_of(frames: dict[object, pd.DataFrame], places: list[str]) -> list[str]:
    return [
        frame[frame["region"].isin(places)].reset_index(drop=True).to_csv(float_format="%.17g")
        for frame in frames.values()
    ]


def test_two_bad_regions_leave_the_others_bit_by_bit() -> None:
    good = [place for place in PROVINCES if place not in (SINGULAR, SHORT)]
    inputs = model_input(NAMES)
    with_bad = fit_samples([study(name, PROVINCES) for name in NAMES], inputs, NO_YEARS)
    without = inputs[inputs["region"].isin(good)]
    alone = fit_samples([study(name, good) for name in NAMES], without, NO_YEARS)
    frames, expected = (dict(result_frames("0001-0", found)) for found in (with_bad, alone))
    assert rows_of(frames, good) == rows_of(expected, good)  # type: ignore[arg-type]
    fits = frames[FitRow.table]
    assert len(fits) == 31 * 3 * 2
    refused = fits[fits["status"] == "refused"].set_index("region")["reason"]
    assert len(refused) == 2 * 3 * 2
    assert refused[SINGULAR].str.contains("EG is a linear combination of AIG").all()
    assert refused[SHORT].str.contains("2 observations are too few").all()


def test_an_error_of_arithmetic_fails_its_sample_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = fit_study, []

    def breaks(*arguments: object) -> object:
        calls.append(arguments)
        if len(calls) == 2:
            raise np.linalg.LinAlgError("SVD did not converge")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(sample_fits, "fit_study", breaks)
    found = fit_samples([study("growth", PROVINCES)], model_input(["growth"], False), NO_YEARS)
    assert [result.status for result in found].count("fitted") == 30
    assert found[1].status == "failed"
    assert found[1].reason == "LinAlgError: SVD did not converge"


def test_a_panel_is_one_fit_of_all_regions_and_keeps_what_it_can() -> None:
    panel = study("growth", PROVINCES, kind="panel")
    (result,) = fit_panels([panel], model_input(["growth"]))
    frames = result_frames("0001-0", (), (result,))
    (row,) = frames[FitRow.table].to_dict("records")
    assert (row["region"], row["estimator"], row["status"]) == (PANEL, "panel", "fitted")
    assert row["n"] == 30 * 8 + 2  # the short region has two years, which others have as well
    assert row["formula"] == "PI ~ AIG + EG | region + year"
    assert "Unbalanced panel of 31 regions and 8 years" in row["verdict"]
    assert "Only 31 clusters" in row["verdict"]
    assert set(frames[CoefficientRow.table]["term"]) == {"AIG", "EG"}
    assert set(frames[InputRow.table]["region"]) == set(PROVINCES)
    shape = frames[DiagnosticRow.table].set_index("statistic")["value"]
    assert (shape["clusters"], shape["years"], shape["is_balanced"]) == (31, 8, 0)


def test_a_panel_without_figures_is_refused_with_the_reason() -> None:
    panel = study("growth", PROVINCES, kind="panel")
    (result,) = fit_panels([panel], model_input(["growth"]).iloc[:0])
    (row,) = result_frames("0001-0", (), (result,))[FitRow.table].to_dict("records")
    assert row["status"] == "refused"
    assert "needs at least 2" in row["reason"]
