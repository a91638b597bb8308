"""What each edition of accounts and population would have had, against the documents."""

from itertools import product
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from assets.provinces.estimators import two_way
from assets.provinces.known_estimates import KNOWN_ESTIMATORS, known_rows
from assets.provinces.panel_data import panel_of
from assets.provinces.result_rows import ProvinceKnownRow
from assets.provinces.specification import MAIN, SPECIFICATIONS
from assets.provinces.study_results import ProvinceTables
from assets.vintages.failures import Failures
from assets.vintages.pieces import Pieces
from assets.warehouse.tables.row import as_frame

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
    growth = ["aig_gross_output", "aig_primary"]
    assert not known.drop(columns=growth).isna().any().any()
    assert known[growth].notna().all(axis=1).equals(known["reference_year"] > 2016)


def test_what_one_export_alone_prints_is_counted_as_later(known: pd.DataFrame) -> None:
    # Two incomes, urban and rural residents, gross output, sales and purchases are of the export of
    # 2026; shares of primary industry are printed for 2017 to 2022, each in its edition.
    later = known.groupby(["known_by", "reference_year"])["later_prints"].agg(["min", "max"])
    assert (later["min"] == later["max"]).all()
    counts = later["min"].unstack("known_by")
    assert counts[2018].dropna().tolist() == [8, 7, 7]
    assert counts[2022].dropna().tolist() == [8, 7, 7, 7, 7, 7, 7]
    assert counts[2023].dropna().tolist() == [8, 7, 7, 7, 7, 7, 7, 8]
    assert (counts[2026] == 0).all()
    population = known[known["has_population"]].groupby("known_by")["reference_year"].agg(set)
    assert population[2019] == population[2022] == {2016, 2017, 2018, 2019}
    assert population[2023] == set(range(2016, 2024))
    growth = known[known["has_primary_growth"]].groupby("known_by")["reference_year"].agg(set)
    assert growth[2018] == growth[2023] == {2018}


def test_primary_value_added_is_share_times_product_of_one_edition(known: pd.DataFrame) -> None:
    # Printed in the edition of 2018: product of Shanxi 16818.11 and 15528.42, shares 4.4 and 4.63;
    # first print of 2020: 17651.93 and 5.4; the export of 2026 has 1166.6.
    shanxi = known[known["region"] == "CN-SX"].set_index(["known_by", "reference_year"])
    value = shanxi["primary_value_added_100m_cny"]
    assert value[2018, 2018] == pytest.approx(16818.11 * 0.044)
    assert value[2020, 2020] == value[2023, 2020] == pytest.approx(17651.93 * 0.054)
    assert value[2026, 2020] == 1166.6
    assert shanxi["primary_half_unit_100m_cny"][2020, 2020] == pytest.approx(
        (0.05 * 17651.93 + 5.4 * 0.005) / 100
    )
    growth = shanxi["aig_primary"]
    assert growth[2021, 2018] == pytest.approx(16818.11 * 4.4 / (15528.42 * 4.63) - 1)
    # No edition of then prints 2020 beside 2019: both years come from the export of 2026.
    assert growth[2020, 2020] == growth[2026, 2020] == pytest.approx(1166.6 / 825.3 - 1)


def test_what_editions_revised_of_primary_value_added_is_told_from_rounding(
    revised: pd.DataFrame,
) -> None:
    rows = revised.set_index(["known_by", "region", "reference_year"]).to_dict("index")
    assert not revised[revised["known_by"] == 2023]["primary_change_pct"].fillna(0).any()
    shanxi, shanghai = rows[2026, "CN-SX", 2020], rows[2026, "CN-SH", 2022]
    assert shanxi["primary_change_pct"] == pytest.approx(22.39, abs=0.01)
    assert shanxi["primary_rounding_pct"] == pytest.approx(0.93, abs=0.01)
    assert abs(shanghai["primary_change_pct"]) > 10  # .2 % of 44,652.8 against 100.0
    assert abs(shanghai["primary_change_pct"]) < shanghai["primary_rounding_pct"]


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
    for own, now in (("estimate", "estimate_now"), ("low", "low_now"), ("high", "high_now")):
        np.testing.assert_allclose(last[own], last[now], rtol=1e-12)
    for each in SPECIFICATIONS:
        slopes = two_way(panel_of(province_tables.province_panel, each))
        row = last[(last["specification"] == each.name) & (last["estimator"] == "two_way")]
        for term in each.regressors:
            (found,) = row.loc[row["term"] == term, "estimate"]
            # Residents of one export are not quite urban and rural ones of it: 10,000 each.
            assert found == pytest.approx(slopes.of(term).estimate, rel=5e-3, abs=2e-5)


def test_what_the_pages_say_of_the_first_edition_is_what_its_slopes_say(
    estimates: pd.DataFrame,
) -> None:
    """docs/methods/provinces.md: what revision took away, and what later years did."""
    rows = estimates[
        (estimates["specification"] == MAIN.name) & (estimates["term"] == MAIN.ecommerce)
    ].set_index(["known_by", "estimator"])
    within, heap = rows.loc[(2018, "two_way")], rows.loc[(2018, "pooled")]
    assert within["high"] < 0
    assert within["high_now"] < 0
    assert heap["low"] > 0 > heap["low_now"]
    # Within provinces an interval below zero comes back now and then, and none above it ever.
    apart = rows.drop(index="pooled", level="estimator")
    assert (apart["low"] < 0).all()
    assert set(apart.index[apart["high"] < 0]) == {
        (2018, "two_way"),
        (2018, "long_difference"),
        (2021, "first_difference"),
        (2023, "long_difference"),
    }
    assert rows.loc[(2026, "two_way"), "high"] > 0


def test_each_slope_is_that_of_least_squares_on_its_own_rows(
    known: pd.DataFrame, estimates: pd.DataFrame
) -> None:
    """Dummies of provinces and years by numpy, apart from the estimators of the project."""
    for (edition, figures), each in product(known.groupby("known_by"), SPECIFICATIONS):
        rows = figures.dropna(subset=[each.outcome, *each.regressors])
        dummies = pd.get_dummies(rows[["region", "reference_year"]].astype(str), dtype=float)
        X = np.column_stack([rows[list(each.regressors)].to_numpy(), dummies.to_numpy()])
        slopes, *_ = np.linalg.lstsq(X, rows[each.outcome].to_numpy(), rcond=None)
        own = estimates[
            (estimates["known_by"] == edition)
            & (estimates["specification"] == each.name)
            & (estimates["estimator"] == "two_way")
        ].set_index("term")["estimate"]
        for place, term in enumerate(each.regressors):
            assert own[term] == pytest.approx(slopes[place], abs=1e-9)


def test_a_row_for_each_edition_specification_estimator_and_term(estimates: pd.DataFrame) -> None:
    expected = len(EDITIONS) * len(SPECIFICATIONS) * len(KNOWN_ESTIMATORS) * 3
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


def test_a_reissued_figure_makes_only_what_its_edition_knew_again(known: pd.DataFrame) -> None:
    first = Pieces("t", "code")
    known_rows(known, Failures("0001-0", "t", pieces=first))
    reissued = known.copy()
    of = (known["known_by"] == 2019) & (known["region"] == "CN-GS")
    reissued.loc[of & (known["reference_year"] == 2018), "log_eg"] += 0.001
    part = Pieces("t", "code", first.now)
    found = known_rows(reissued, Failures("0002-0", "t", pieces=part))
    assert (part.computed, part.entries) == (7, 7 * len(EDITIONS))  # specifications
    whole = known_rows(reissued, Failures("0002-0", "t"))
    assert as_frame(ProvinceKnownRow, found).equals(as_frame(ProvinceKnownRow, whole))
