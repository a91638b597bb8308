"""What each edition of accounts and population would have had, against the documents."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from assets.provinces.estimators import two_way
from assets.provinces.known_estimates import KNOWN_ESTIMATORS, KNOWN_SPECIFICATIONS, known_rows
from assets.provinces.panel_data import panel_of
from assets.provinces.result_rows import ProvinceKnownRow
from assets.provinces.specification import MAIN
from assets.provinces.study_results import ProvinceTables
from assets.vintages.failures import Failures
from assets.warehouse.row import as_frame

BESIDE = Path(__file__).parents[3] / "shared/data"
EDITIONS = {2018: 3, 2019: 4, 2020: 5, 2021: 6, 2022: 7, 2023: 8, 2026: 9}  # years from 2016 on


@pytest.fixture(scope="module")
def known(province_tables: ProvinceTables) -> pd.DataFrame:
    return province_tables.panel_known_by


@pytest.fixture(scope="module")
def revised(provinces: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return provinces.execute("from provinces.panel_revision").df()


@pytest.fixture(scope="module")
def estimates(known: pd.DataFrame) -> pd.DataFrame:
    failures = Failures("0001-0", "t")
    rows = known_rows(known, failures)
    assert failures.rows == []
    return as_frame(ProvinceKnownRow, rows)


def test_every_edition_has_its_years_of_every_province(known: pd.DataFrame) -> None:
    assert known.groupby("known_by").size().to_dict() == {
        edition: 31 * years for edition, years in EDITIONS.items()
    }
    assert not known.duplicated(["known_by", "region", "reference_year"]).any()
    assert not known.isna().any().any()


def test_what_one_export_alone_prints_is_counted_as_later(known: pd.DataFrame) -> None:
    # Income, gross output, sales and purchases are of the export of 2026; year-end population is
    # printed from edition 2019 on, for the years that an edition of it holds.
    later = known.groupby(["known_by", "reference_year"])["later_prints"].agg(["min", "max"])
    assert (later["min"] == later["max"]).all()
    counts = later["min"].unstack("known_by")
    assert (counts[2018].dropna() == 5).all()
    assert (counts[2019].dropna() == 4).all()
    assert counts[2022].loc[[2019, 2020, 2022]].tolist() == [4, 5, 5]
    assert (counts[2023].dropna() == 4).all()
    assert (counts[2026] == 0).all()


def test_gansu_moves_as_its_own_documents_say(revised: pd.DataFrame) -> None:
    # Printed: product of 2018 8246.07, then 8104.1, then 8364.7; residents 2637, then 2515.
    own = revised[(revised["region"] == "CN-GS") & (revised["reference_year"] == 2018)]
    moved = own.set_index("known_by")
    assert moved.loc[2023, "gross_product_change_pct"] == pytest.approx(
        100 * (8104.1 / 8246.07 - 1)
    )
    assert moved.loc[2023, "population_change_pct"] == pytest.approx(100 * (2515 / 2637 - 1))
    assert moved.loc[2026, "gross_product_change_pct"] == pytest.approx(100 * (8364.7 / 8104.1 - 1))
    assert moved.loc[2023, "im_change_pct"] == pytest.approx(100 * (8246.07 / 8104.1 - 1))
    assert moved.loc[2023, "eg_change_pct"] == pytest.approx(
        100 * (8104.1 / 8246.07 * 2637 / 2515 - 1)
    )


def test_what_nobody_had_printed_is_not_revised(revised: pd.DataFrame) -> None:
    # The first populations of a year's end are of edition 2019; before, a later print stood in.
    assert sorted(set(revised["known_by"])) == [2023, 2026]
    population = revised["population_change_pct"]
    assert population[revised["reference_year"] <= 2019].notna().all()
    first = revised[(revised["known_by"] == 2023) & (revised["reference_year"] >= 2020)]
    assert first["population_change_pct"].isna().all()
    assert first["eg_change_pct"].isna().all()
    assert first["im_change_pct"].notna().all()


def test_the_last_edition_is_the_panel_itself(
    known: pd.DataFrame, estimates: pd.DataFrame, province_tables: ProvinceTables
) -> None:
    last = estimates[estimates["known_by"] == 2026]
    np.testing.assert_allclose(last["estimate"], last["estimate_now"], rtol=1e-12)
    own = two_way(panel_of(province_tables.province_panel, MAIN))
    # Residents of one export are not quite urban and rural ones of it: rounded to 10,000 each.
    row = last[(last["specification"] == MAIN.name) & (last["estimator"] == "two_way")]
    for term in MAIN.regressors:
        (found,) = row.loc[row["term"] == term, "estimate"]
        assert found == pytest.approx(own.of(term).estimate, rel=2e-3)


def test_each_slope_is_that_of_least_squares_on_its_own_rows(
    known: pd.DataFrame, estimates: pd.DataFrame
) -> None:
    """Dummies of provinces and years by numpy, apart from the estimators of the project."""
    for edition, rows in known.groupby("known_by"):
        dummies = pd.get_dummies(rows[["region", "reference_year"]].astype(str), dtype=float)
        X = np.column_stack([rows[list(MAIN.regressors)].to_numpy(), dummies.to_numpy()])
        slopes, *_ = np.linalg.lstsq(X, rows[MAIN.outcome].to_numpy(), rcond=None)
        own = estimates[
            (estimates["known_by"] == edition)
            & (estimates["specification"] == MAIN.name)
            & (estimates["estimator"] == "two_way")
        ].set_index("term")["estimate"]
        for place, term in enumerate(MAIN.regressors):
            assert own[term] == pytest.approx(slopes[place], abs=1e-9)


def test_a_row_for_each_edition_specification_estimator_and_term(estimates: pd.DataFrame) -> None:
    expected = len(EDITIONS) * len(KNOWN_SPECIFICATIONS) * len(KNOWN_ESTIMATORS) * 3
    assert len(estimates) == expected
    assert not estimates.duplicated(["specification", "known_by", "estimator", "term"]).any()


def test_the_six_yearly_exports_are_one_vintage(provinces: duckdb.DuckDBPyConnection) -> None:
    """Each holds another year of the accounts after the fifth census: none revises any other."""
    folder = BESIDE / "provinces/nbs-province-exports"
    if not folder.is_dir():
        pytest.skip("the exports are not beside the repository")
    panel = provinces.execute(
        "select reference_year, sum(gross_product_100m_cny) as total "
        "from provinces.panel_known_by where known_by = 2026 group by all"
    ).df()
    totals = dict(zip(panel["reference_year"], panel["total"], strict=True))
    names = ("分省年度数据.2019csv.csv", "分省年度数据2020.csv", "分省年度数据2021.csv")
    names += ("分省年度数据.2022csv.csv", "分省年度数据2023.csv", "分省年度数据2024.csv")
    for year, name in enumerate(names, start=2019):
        lines = (folder / name).read_text(encoding="utf-8-sig").splitlines()
        rows = [
            line.split(",") for line in lines if ",地区生产总值" not in line and line.count(",") > 9
        ]
        assert len(rows) == 31
        assert sum(float(row[1]) for row in rows) == pytest.approx(totals[year], abs=0.05)
