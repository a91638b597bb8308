"""What the models make of the shipped figures: ratios, sums, odd cells."""

import csv
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assets.extracts.meaning.registry import region_of

REPOSITORY = Path(__file__).parents[2]
PANEL = REPOSITORY.parent / "shared/data/provinces/panel/province_panel_merged_2000_2024.csv"


def test_every_cell_of_the_panel_is_there(province_year: pd.DataFrame) -> None:
    assert len(province_year) == 310  # sales begin in 2015, all else in 2016
    study = province_year[province_year["reference_year"] >= 2016]
    growth = ["aig_gross_output", "aig_primary"]
    assert len(study) == 279
    assert not study.drop(columns=growth).isna().any().any()
    assert study[growth].notna().sum().tolist() == [248, 248]


def test_growth_of_primary_industry_never_crosses_editions(
    with_a_communique: duckdb.DuckDBPyConnection,
) -> None:
    """A communique prints Gansu's 954.54 of 2015; the figure of 2016 is of after a census."""
    growth = with_a_communique.execute(
        "select reference_year, count(aig_primary) from provinces.province_panel "
        "group by reference_year order by reference_year"
    ).fetchall()
    level = with_a_communique.execute(
        "select value from staging.own_print where region = 'CN-GS' and reference_year = 2015 "
        "and indicator = 'primary_industry_value_added'"
    ).fetchall()
    assert level == [(954.54,)]
    assert growth == [(2015, 0), (2016, 0), *((year, 31) for year in range(2017, 2025))]


def test_gansus_ratio_is_far_from_the_papers(province_year: pd.DataFrame) -> None:
    # As given for 2015-2019: .045-.064, with purchases .10-.16; the paper's IM is .057-.399.
    own = province_year[
        (province_year["region"] == "CN-GS") & province_year["reference_year"].between(2016, 2019)
    ]
    assert own["im_sales"].between(0.0445, 0.0645).all()
    assert own["im_sales_and_purchases"].between(0.095, 0.165).all()


def test_sales_add_up_to_the_totals_that_were_published(
    provinces: duckdb.DuckDBPyConnection,
) -> None:
    # Totals of 2015-2022; the yearbook prints 169,326 for 2019.
    totals = [91724.1, 107321.8, 130480.6, 152424.4, 169325.9, 189334.5, 227611.0, 302219.4]
    sums = provinces.execute(
        "select sum(ecommerce_sales_100m_cny) from provinces.province_panel "
        "where reference_year < 2023 group by reference_year order by reference_year"
    ).fetchall()
    assert [round(total, 1) for (total,) in sums] == totals


def test_sums_of_provinces_lie_as_far_from_the_nations_as_is_right(
    provinces: duckdb.DuckDBPyConnection,
) -> None:
    rows = provinces.execute(
        "select indicator, count(*), min(gap), max(gap) from provinces.national_sum "
        "group by indicator order by indicator"
    ).fetchall()
    output, rural, urban = rows
    assert output[:2] == ("agriculture_gross_output", 9)
    assert max(map(abs, output[2:])) <= 0.1  # every figure is printed to 0.01
    assert rural == ("rural_population", 9, -3, 1)
    # The armed forces, two million and more, are counted in no province.
    assert urban == ("urban_population", 9, -231, -196)


def test_a_census_between_provinces_and_nation_is_not_taken_for_a_gap() -> None:
    """Printed before it by both, and after it by provinces alone."""
    model = (REPOSITORY / "sql/provinces/national_sum.sql").read_text(encoding="utf-8")
    regions = [f"CN-{chr(65 + place // 26)}{chr(65 + place % 26)}" for place in range(31)]
    figures = [(region, 2023, 10.0) for region in regions] + [("CN", 2024, 308.0)]
    figures += [(region, 2026, 11.0) for region in regions]
    prints = pd.DataFrame(figures, columns=["region", "edition", "value"]).assign(
        indicator="gross_product",
        reference_year=2019,
        definition="own",
        unit="100m_cny",
        quality="published",
        print_status="final",
    )
    latest = prints.groupby("region")["edition"].rank(ascending=False)
    with duckdb.connect() as connection:
        for kept, expected in ((prints.index >= 0, (310, 2, 2023)), (latest == 1, (341, 33, 2026))):
            rows = prints[kept].assign(latest_order=latest[kept])
            connection.register("prints", rows)
            connection.execute("create schema if not exists staging")
            connection.execute("create or replace table staging.print_order as from prints")
            connection.execute(
                "create or replace table staging.own_print as "
                "select * exclude (latest_order) from prints where latest_order = 1"
            )
            found = connection.execute(
                f"select sum_of_provinces, gap, provinces_edition from ({model})"
            ).fetchall()
            assert found == [expected]


# Cells that readers of the source called odd, and the rules that find them without naming any.
ODD = (
    ("step", "enterprise_ecommerce_sales", "CN-YN", 2016),  # 2,828.4, then 1,249.7
    ("step", "enterprise_ecommerce_sales", "CN-QH", 2017),  # 643.7, 441.7, then 133.0
    ("heavy", "enterprise_ecommerce_sales", "CN-CQ", 2022),  # 14,206.3
    ("heavy", "enterprise_ecommerce_purchases", "CN-SH", 2023),  # 38,057.2
    ("same", "enterprise_ecommerce_sales", "CN-JL", 2015),  # 515.9, and so has
    ("same", "enterprise_ecommerce_sales", "CN-HL", 2015),
    ("all", "enterprises_with_ecommerce", "CN", 2023),  # + 44 %
)


def test_the_odd_cells_of_the_source_are_flagged(provinces: duckdb.DuckDBPyConnection) -> None:
    flagged = provinces.execute(
        "select rule, indicator, region, reference_year from provinces.odd_cell"
    ).fetchall()
    assert set(ODD) <= set(flagged)
    # Of 2,892 figures: a rule that flags everything would find every odd cell, too.
    assert len(flagged) < 0.04 * 2892


@pytest.mark.parametrize(
    ("rule", "factor"), [("step", 1.6), ("heavy", 1.9), ("same", None), ("all", 1.3)]
)
def test_each_rule_flags_a_fault_of_its_kind(rule: str, factor: float | None) -> None:
    # Figures of 31 provinces that grow by some 5 % a year, with one fault put in.
    latest, odd = (
        (REPOSITORY / "sql" / name).read_text(encoding="utf-8")
        for name in ("staging/own_print.sql", "provinces/odd_cell.sql")
    )
    cells = {
        (f"CN-{chr(65 + i // 26)}{chr(65 + i % 26)}", year): (1234.5 + 11 * i + i * year % 13)
        * 1.05 ** (year - 2000)
        for i in range(31)
        for year in range(2000, 2009)
    }
    place, neighbour = ("CN-AH", 2005), ("CN-AI", 2005)
    if rule == "all":
        assert factor is not None
        cells = {key: v * (factor if key[1] >= 2005 else 1) for key, v in cells.items()}
    else:
        cells[place] = cells[neighbour] if factor is None else cells[place] * factor
    prints = pd.DataFrame(
        [(region, year, value) for (region, year), value in cells.items()],
        columns=["region", "reference_year", "value"],
    ).assign(
        indicator="anything",
        edition=2009,
        definition="own",
        unit="100m_cny",
        quality="published",
        print_status="final",
        latest_order=1,
    )
    with duckdb.connect() as connection:
        connection.register("prints", prints)
        connection.execute("create schema staging; create table staging.print_order as from prints")
        connection.execute(f"create table staging.own_print as {latest}")
        found = connection.execute(f"select rule, region, reference_year from ({odd})").fetchall()
    assert (rule, "CN" if rule == "all" else place[0], 2005) in found


def test_derived_urban_income_is_as_far_off_as_said(province_year: pd.DataFrame) -> None:
    if not PANEL.is_file():
        pytest.skip("the independent copy is not at hand")
    with PANEL.open(encoding="utf-8-sig", newline="") as lines:
        printed = {
            (region_of(row["province"]), int(row["year"])): float(row["urban_income_yuan_scm"])
            for row in csv.DictReader(lines)
            if row["urban_income_yuan_scm"] and int(row["year"]) >= 2016
        }
    derived = province_year.set_index(["region", "reference_year"])["urban_income_cny"]
    off = pd.Series({key: derived[key] / value - 1 for key, value in printed.items()})
    assert len(off) == 120
    assert off.mean() == pytest.approx(-0.063, abs=0.001)
    assert off.min() == pytest.approx(-0.160, abs=0.001)
    assert off.groupby(level=0).std().median() == pytest.approx(0.006, abs=0.001)
