"""The shipped figures against the collections they were typed from.

Figures are compared exactly: they were copied, not computed, and units differ by powers of ten.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from assets.extracts.document import Document
from assets.extracts.meaning.registry import indicator_of, region_of

Key = tuple[str, str, int, int, float, str]

# (indicator, reference year, edition as collected) -> edition as shipped. A figure for 2024 cannot
# be of the 2023 edition; the article is of 2017 and the radio report of 2019.
CORRECTED_EDITIONS = {
    ("population_year_end", "2024", "2023"): 2024,
    ("poverty_incidence", "2015", "2020"): 2017,
    ("rural_poor_population", "2015", "2020"): 2017,
    ("rural_poor_population", "2016", "2020"): 2019,
}
PROVINCES = {"nbs_province_annual", "nbs_province_ecommerce", "nbs_province_income"}
ACCOUNTS, POPULATION = "nbs_province_accounts", "nbs_province_population"
REVISED = "panels/province_gdp_population_revised_2005_2024"
POOR_COUNTIES = {
    "poor_county_list",
    "scholarmate_poor_counties",
    "people_daily_poor_counties",
    "cctv_poor_counties_end",
}
CLASSES = {"poverty_classes_book": "2016", "nbs_poverty_classes": "2018"}  # by year
YUNNAN = "govcn_yunnan_poverty"
NOT_OF_THE_COLLECTIONS = {
    "he_gansu_paper",
    "he_recovered",
    YUNNAN,
    *CLASSES,
    *PROVINCES,
    ACCOUNTS,
    POPULATION,
    *POOR_COUNTIES,
}
# Of the panel that was merged from the same exports, the column of each indicator.
PANEL_COLUMNS = {
    "gross_product": "gdp_100m_post5thcensus",
    "primary_industry_value_added": "primary_va_100m",
    "agriculture_gross_output": "agri_gross_output_100m",
    "rural_disposable_income_per_head": "rural_disposable_income_yuan",
    "disposable_income_per_head": "disposable_income_all_yuan",
    "urban_population": "urban_population_10k",
    "rural_population": "rural_population_10k",
    "enterprise_ecommerce_sales": "ecommerce_sales_100m_yuan",
    "enterprise_ecommerce_purchases": "ecommerce_purchases_100m_yuan",
    "enterprises_with_ecommerce": "enterprises_with_ecommerce",
}
STANDINGS = ("official", "ministry", "relayed", "secondary", "estimate", "forecast")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _collected(shared_data: Path) -> Iterator[tuple[Key, dict[str, str]]]:
    for name, region in (("gansu", "CN-GS"), ("china", "CN")):
        for row in _rows(shared_data / "official" / f"{name}_observations.csv"):
            scale = 100 if row["unit"] == "million persons" else 1  # kept in 10,000 persons
            edition = int(row["edition"])
            if region == "CN-GS":
                corrected = (row["indicator"], row["year"], row["edition"])
                edition = CORRECTED_EDITIONS.get(corrected, edition)
            indicator = indicator_of(row["indicator"])
            assert indicator is not None, row["indicator"]
            value = float(Decimal(row["value"]) * scale)
            year = int(row["year"])
            yield (indicator, region, year, edition, value, row["quality"]), row


def _shipped_keys(shipped: tuple[Document, ...]) -> list[tuple[Key, Document]]:
    return [
        (
            (row.indicator, row.region, row.reference_year, row.edition, row.value, row.quality),
            document,
        )
        for document in shipped
        if document.card.source not in NOT_OF_THE_COLLECTIONS
        for row in document.observations
    ]


def test_every_shipped_figure_was_collected_and_is_shipped_once(
    shipped: tuple[Document, ...], shared_data: Path
) -> None:
    # Not every collected figure is shipped: landing/README.md says which sources are.
    collected = Counter(key for key, _ in _collected(shared_data))
    present = Counter(key for key, _ in _shipped_keys(shipped))
    assert present - collected == Counter()


def test_every_figure_stands_under_the_page_it_was_collected_from(
    shipped: tuple[Document, ...], shared_data: Path
) -> None:
    sources: dict[Key, list[str]] = {}
    for key, row in _collected(shared_data):
        sources.setdefault(key, []).append(row["source"].replace("people.cn./", "people.cn/"))
    for key, document in _shipped_keys(shipped):
        if all("http" in source for source in sources[key]):
            page = document.card.url
            assert page, key
            assert any(page in source for source in sources[key]), (key, page)


def test_the_latest_print_is_the_preferred_one(
    shipped: tuple[Document, ...], shared_data: Path
) -> None:
    """Order of precedence as in landing/README.md; the collection marks eleven figures."""
    prints: dict[tuple[str, int], list[tuple[tuple[object, ...], float]]] = {}
    for document in shipped:
        card = document.card
        for row in document.observations:
            if row.region == "CN" and row.quality != "recovered":
                rank = (
                    row.quality != "published",
                    card.standing in ("estimate", "forecast"),
                    -card.edition,
                    STANDINGS.index(card.standing),
                    -(card.published_on.toordinal() if card.published_on else 0),
                    card.source,
                )
                prints.setdefault((row.indicator, row.reference_year), []).append((rank, row.value))
    preferred = [
        (key, row) for key, row in _collected(shared_data) if row.get("preferred") == "yes"
    ]
    assert len(preferred) == 11
    for (indicator, _, year, _, value, _), _ in preferred:
        assert min(prints[indicator, year])[1] == value, (indicator, year)


def test_every_figure_of_the_provinces_is_that_of_the_merged_panel(
    shipped: tuple[Document, ...], shared_data: Path
) -> None:
    panel = {
        (region_of(row["province"]), int(row["year"])): row
        for row in _rows(shared_data / "provinces/panel/province_panel_merged_2000_2024.csv")
        if row["ecommerce_sales_100m_yuan"]
    }
    figures = [
        row
        for document in shipped
        if document.card.source in PROVINCES
        for row in document.observations
        if row.region != "CN"
    ]
    assert Counter(row.indicator for row in figures) == {
        indicator: 310 if "enterprise" in indicator else 279 for indicator in PANEL_COLUMNS
    }
    for row in figures:
        there = panel[row.region, row.reference_year][PANEL_COLUMNS[row.indicator]]
        assert row.value == float(there), (row.region, row.indicator, row.reference_year)


def test_editions_of_accounts_and_population_are_those_of_the_compilations(
    shipped: tuple[Document, ...], shared_data: Path
) -> None:
    compiled = "panels/province_gdp_before_2018_census_1952_2022"
    files = {
        ("primary_industry_share", False): (compiled, "primary_share_pct"),
        (ACCOUNTS, False): (compiled, "gdp_100m_yuan"),
        (ACCOUNTS, True): (REVISED, "gdp_revised_100m_yuan"),
        (POPULATION, False): (
            "panels/province_population_before_2020_census_2000_2019",
            "pop_10k",
        ),
        (POPULATION, True): (REVISED, "pop_revised_10k"),
    }
    printed = {
        key: {
            (region_of(row["province"]), int(row["year"])): row[column]
            for row in _rows(shared_data / f"{file}.csv")
        }
        for key, (file, column) in files.items()
    }
    seen = Counter[tuple[str, int]]()
    for document in shipped:
        for row in document.observations:
            source, edition = document.card.source, row.edition
            if source in (ACCOUNTS, POPULATION):
                series = row.indicator if row.indicator.endswith("share") else source
                there = printed[series, edition == 2023][row.region, row.reference_year]
                assert row.value == float(there), (edition, row.region, row.reference_year)
                seen[series, edition] += 1
    years = {2018: 3, 2023: 8} | dict.fromkeys(range(2019, 2023), 1)  # of 30 provinces each
    assert seen == {
        **{(ACCOUNTS, edition): 30 * count for edition, count in years.items()},
        **{("primary_industry_share", edition): 30 for edition in range(2019, 2023)},
        ("primary_industry_share", 2018): 30 * 2,
        (POPULATION, 2019): 30 * 4,
        (POPULATION, 2023): 30 * 8,
    }


def test_poor_counties_are_those_of_the_list_by_county(
    shipped: tuple[Document, ...], shared_data: Path
) -> None:
    listed = _rows(
        shared_data / "provinces/poor-counties-by-province/poor_counties_832_exit_year.csv"
    )
    counted = Counter(
        (region_of(row["所属省份"]), year)
        for row in listed
        for year in range(2015, 2021)
        if float(row["摘帽时间"]) > year
    )
    figures = {
        (row.region, row.reference_year): row.value
        for document in shipped
        if document.card.source == "poor_county_list"
        for row in document.observations
    }
    assert (len(listed), len(figures)) == (832, 132)
    assert figures == {key: counted[key] for key in figures}


def test_poverty_of_provinces_is_that_of_the_collection_class_for_class(
    shipped: tuple[Document, ...], shared_data: Path
) -> None:
    rows = _rows(shared_data / "provinces/poverty-observations/pi_observations.csv")
    collected = {
        (region_of(row["province"]), row["year"], row["kind"].split(",")[0]): row for row in rows
    }
    of = {document.card.source: document for document in shipped}
    for source, year in CLASSES.items():
        classes = of[source].intervals
        assert len(classes) == 31
        for row in classes:
            there = collected[row.region, year, "interval"]
            assert str(row.reference_year) == year
            # A share of persons has no lower end below nothing: the collection says 0 there.
            assert (row.low or 0) == float(there["incidence_lo"]), row.region
            assert str(row.high if row.high is None else f"{row.high:g}") == (
                there["incidence_hi"] or "None"
            ), row.region
    for figure in of[YUNNAN].observations:
        points = [
            float(there["incidence_pct"])
            for there in rows
            if there["incidence_pct"]
            and (region_of(there["province"]), there["year"])
            == (figure.region, str(figure.reference_year))
        ]
        assert figure.value in points, (figure.reference_year, points)
