"""The frames of the identities, made by DuckDB from printed figures whose answer is known.

Gansu figures: Gansu Statistical Communique 2015; National Bureau of Statistics before the census
revisions; poor persons and incidence as relayed by Xinhua, 2020-01-17 (2013, 2019) and a magazine
abstract (2012, 2014).
"""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from orchestration.checks.suite_file import load_suite, load_suites
from orchestration.checks.suite_frame import load_frame
from orchestration.checks.suite_run import run_suite

POOR = {2012: "692", 2013: "552", 2014: "417", 2019: "17.5"}
INCIDENCE = {2012: "33.2", 2013: "26.5", 2014: "20.1", 2019: "0.9"}
SQL_FILES = sorted((Path(__file__).resolve().parents[2] / "sql" / "frames").glob("*.sql"))


def add_poverty(database: Any, **printed_differently: str) -> None:
    for year, printed in POOR.items():
        figure = printed_differently.get(f"poor_{year}", printed)
        database.add(
            "raw.observation",
            indicator="rural_poor_population",
            reference_year=year,
            value=float(figure),
            printed_value=figure,
        )
    for year, printed in INCIDENCE.items():
        figure = printed_differently.get(f"incidence_{year}", printed)
        database.add(
            "raw.observation",
            indicator="poverty_incidence",
            reference_year=year,
            value=float(figure),
            printed_value=figure,
            unit="pct",
        )


def failed(database: Any, suites_dir: Path, name: str) -> tuple[str, ...]:
    suite = load_suite(suites_dir / f"{name}.json")
    return run_suite(suite, database.frame(suite.sql)).failed_ids


@pytest.mark.parametrize("path", SQL_FILES, ids=lambda path: path.stem)
def test_every_sql_file_is_used_and_says_grain_and_columns(path: Path, suites_dir: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("-- ")
    assert "\n-- Grain: one row per " in text
    suites = load_suites(suites_dir)
    assert [suite.name for suite in suites if text in (suite.sql, suite.excused_sql)]


def test_every_suite_runs_on_empty_tables(database: Any, suites_dir: Path) -> None:
    # An identity nobody prints both sides of is no failure; an empty guarded table is.
    for suite in load_suites(suites_dir):
        frame = database.frame(suite.sql)
        if suite.compare_with_published:
            frame = frame.assign(still_there=True)
        assert set(suite.key_columns) <= set(frame.columns)
        assert run_suite(suite, frame).failed_ids == (
            ("not_empty",) if suite.about == "table" else ()
        )


def test_poor_persons_as_published_agree(database: Any, suites_dir: Path, check_sql: Any) -> None:
    add_poverty(database)
    rows = check_sql("incidence_times_persons").set_index("reference_year")
    # By hand: 692/.332 = 2084.34, 552/.265 = 2083.02, 417/.201 = 2074.63, 17.5/.009 = 1944.44;
    # median (2074.63 + 2083.02) / 2 = 2078.82.
    assert rows["counted"].tolist() == pytest.approx([2078.82] * 4, abs=0.01)
    # 2019: 0.85 % of them less 5 %, less half a unit of 17.5: 16.79 - 0.05.
    assert rows.loc[2019, "expected_low"] == pytest.approx(2078.82 * 0.0085 * 0.95 - 0.05, abs=1e-3)
    assert rows.loc[2019, "expected_high"] == pytest.approx(
        2078.82 * 0.0095 * 1.05 + 0.05, abs=1e-3
    )
    assert (rows["excess"] == 0).all()
    assert failed(database, suites_dir, "incidence_times_persons") == ()


@pytest.mark.parametrize(
    "printed",
    [{"poor_2012": "962"}, {"poor_2013": "417"}, {"poor_2019": "175"}, {"incidence_2014": "26.5"}],
    ids=["swapped digits", "next year's figure", "lost point", "last year's incidence"],
)
def test_a_misread_figure_is_found(
    database: Any, suites_dir: Path, check_sql: Any, printed: dict[str, str]
) -> None:
    add_poverty(database, **printed)
    rows = check_sql("incidence_times_persons")
    (year,) = {int(name[-4:]) for name in printed}
    assert rows.loc[rows["excess"] > 0, "reference_year"].tolist() == [year]
    assert failed(database, suites_dir, "incidence_times_persons") == ("poor_persons_agree",)


def test_printed_persons_counted_narrow_the_tolerance(database: Any, check_sql: Any) -> None:
    add_poverty(database, poor_2012="670")
    assert (check_sql("incidence_times_persons")["excess"] == 0).all()
    database.add(
        "raw.observation",
        indicator="rural_population_counted",
        reference_year=2012,
        value=2084.0,
        printed_value="2,084",
    )
    (row,) = check_sql("incidence_times_persons").query("reference_year == 2012").to_dict("records")
    assert (row["counted"], row["tolerance"]) == (2084.0, 0.01)
    assert row["excess"] == pytest.approx(2084 * 0.3315 * 0.99 - 0.5 - 670)


def test_rounding_follows_the_printed_unit(database: Any, check_sql: Any) -> None:
    # 2.56 million persons is 256 in 10,000 persons, good to half of 0.01 million: 0.5.
    add_poverty(database)
    database.add(
        "raw.observation",
        indicator="rural_poor_population",
        reference_year=2016,
        value=256.0,
        printed_value="2.56",
    )
    database.add(
        "raw.observation",
        indicator="poverty_incidence",
        reference_year=2016,
        value=12.0,
        printed_value="12",
        unit="pct",
    )
    (row,) = check_sql("incidence_times_persons").query("reference_year == 2016").to_dict("records")
    assert row["expected_low"] == pytest.approx(row["counted"] * 0.115 * 0.95 - 0.5)


def test_zero_incidence_needs_zero_persons(database: Any, check_sql: Any) -> None:
    for indicator, unit in (("rural_poor_population", "10k_persons"), ("poverty_incidence", "pct")):
        database.add(
            "raw.observation",
            indicator=indicator,
            unit=unit,
            region="CN",
            reference_year=2020,
            value=0.0,
            printed_value="0",
        )
    assert check_sql("incidence_times_persons")["excess"].tolist() == [0]


def test_a_corrected_misprint_is_as_good_as_its_right_figure(database: Any, check_sql: Any) -> None:
    # 692 misprinted as 69.2: half a unit is that of 692, whatever the misprint's digits say.
    add_poverty(database)
    before = check_sql("incidence_times_persons")
    database.connection.execute("update raw.observation set printed_value = '69.2' "
                                "where value = 692")  # fmt: skip
    pd.testing.assert_frame_equal(check_sql("incidence_times_persons"), before)


def test_a_print_that_cannot_be_judged_is_not_passed_over(database: Any, suites_dir: Path) -> None:
    add_poverty(database)
    database.connection.execute("update raw.observation set half_unit = null where value = 692")
    assert failed(database, suites_dir, "incidence_times_persons") == ("judged",)


def add_gansu_accounts(database: Any) -> None:
    figures = [
        ("gross_product", 2018, 2015, 6790.32, "100m_cny", "accounts"),
        ("gross_product", 2023, 2015, 6556.6, "100m_cny", "accounts"),
        ("population_year_end", 2019, 2014, 2591.0, "10k_persons", "accounts"),
        ("population_year_end", 2019, 2015, 2600.0, "10k_persons", "accounts"),
        ("population_year_end", 2023, 2014, 2531.0, "10k_persons", "accounts"),
        ("population_year_end", 2023, 2015, 2523.0, "10k_persons", "accounts"),
        ("primary_industry_share", 2018, 2015, 14.05, "pct", "accounts"),
        ("gross_product_per_head", 2016, 2015, 26165.0, "cny", "communique"),
        ("primary_industry_value_added", 2016, 2015, 954.54, "100m_cny", "communique"),
    ]
    for indicator, edition, year, value, unit, source in figures:
        database.add(
            "raw.observation",
            indicator=indicator,
            edition=edition,
            reference_year=year,
            value=value,
            unit=unit,
            source=source,
        )


def test_gansu_product_per_head_as_published(
    database: Any, suites_dir: Path, check_sql: Any
) -> None:
    add_gansu_accounts(database)
    (row,) = check_sql("product_per_head").to_dict("records")
    assert (row["product_edition"], row["population_edition"]) == (2018, 2019)
    # 6790.32 / 2595.5 = 2.61619 ten thousand yuan, against 26165 yuan as printed.
    assert row["expected"] == pytest.approx(26161.9, abs=0.05)
    assert failed(database, suites_dir, "product_per_head") == ()
    database.connection.execute(
        "update raw.observation set value = 2.6165 where indicator = 'gross_product_per_head'"
    )
    assert failed(database, suites_dir, "product_per_head") == ("per_head_agrees",)


def test_gansu_primary_share_as_published(database: Any, suites_dir: Path, check_sql: Any) -> None:
    add_gansu_accounts(database)
    (row,) = check_sql("primary_share_of_product").to_dict("records")
    assert row["expected"] == pytest.approx(954.04, abs=0.005)  # 14.05 % of 6790.32
    assert failed(database, suites_dir, "primary_share_of_product") == ()
    database.connection.execute(
        "update raw.observation set value = 13.66 where indicator = 'primary_industry_share'"
    )  # the share of 2016 in the row of 2015
    assert failed(database, suites_dir, "primary_share_of_product") == ("value_added_agrees",)


def add_index(database: Any, index_id: str, value: float | None, **given: Any) -> None:
    row = {"reference_year": 2013, "unit": "ratio", "quality": "published", **given}
    database.add("indices.index_value", index_id=index_id, value=value, **row)


@pytest.mark.parametrize(
    ("aedi", "status", "expected"),
    [
        (7.1255, "computed", ()),
        (7.1255 * (1 + 1e-9), "computed", ("aedi_agrees",)),
        (7.13, "reported", ()),
        (7.25, "reported", ("aedi_agrees",)),
        (14.251, "computed", ("aedi_agrees",)),  # the sum, not its half
        (None, "missing", ()),
    ],
)
def test_aedi_is_the_mean_of_im_and_cei(
    database: Any, suites_dir: Path, aedi: float | None, status: str, expected: tuple[str, ...]
) -> None:
    add_index(database, "IM", 0.0963)
    add_index(database, "CEI", 14.1547)
    add_index(database, "aEDI", aedi, status=status)
    assert failed(database, suites_dir, "aedi_is_half_im_half_cei") == expected


def test_a_zero_index_needs_a_printed_zero(database: Any, suites_dir: Path) -> None:
    add_index(database, "PI", 0.0, region="CN", reference_year=2020)
    assert failed(database, suites_dir, "indices_index_value") == ("level_not_zero",)
    database.add(
        "raw.observation",
        indicator="rural_poor_population",
        region="CN",
        reference_year=2020,
        value=0.0,
    )
    assert failed(database, suites_dir, "indices_index_value") == ()


def test_scale_of_a_sample(database: Any, suites_dir: Path, check_sql: Any) -> None:
    def add(variable: str, year: int, normalised: float | None) -> None:
        database.add(
            "indices.model_input",
            variable=variable,
            reference_year=year,
            value=2.0 if normalised is None else normalised + 1,
            normalised=normalised,
        )

    for year, normalised in ((2012, 0.0), (2013, 0.4), (2014, 1.0)):
        add("IM", year, normalised)
    assert check_sql("model_input_scale").to_dict("records") == [
        {
            "study": "gansu",
            "region": "CN-GS",
            "sample": "recovered",
            "variable": "IM",
            "varies": True,
            "unnormalised": 0,
            "normalised_min": 0.0,
            "normalised_max": 1.0,
            "at_min": 1,
            "at_max": 1,
            "years": 3,
            "years_of_sample": 3,
            "roles": 1,
        }
    ]
    assert failed(database, suites_dir, "model_input_scale") == ()
    add("EG", 2012, 0.0)
    add("EG", 2013, 1.0)
    assert failed(database, suites_dir, "model_input_scale") == ("same_years_for_every_variable",)
    add("EG", 2014, None)
    assert failed(database, suites_dir, "model_input_scale") == ("normalised_present",)


def test_a_sample_of_one_year_is_a_warning(database: Any, suites_dir: Path) -> None:
    database.add("indices.model_input", variable="EG", reference_year=2012, value=2.3)
    suite = load_suite(suites_dir / "model_input_scale.json")
    assert run_suite(suite.only("critical"), database.frame(suite.sql)).passed
    assert run_suite(suite, database.frame(suite.sql)).failed_ids == ("varies",)


def test_prints_that_conflict_are_listed(database: Any, suites_dir: Path, check_sql: Any) -> None:
    # E-commerce transactions of 2014 as printed in 2015: 163,900 and 130,000, 26 % apart.
    # For 2012, in 2013: 81,000 and 78,500, 3 % apart. A zero against a figure is a conflict.
    figures = {2012: (81000.0, 78500.0), 2014: (163900.0, 130000.0), 2020: (0.0, 5.0)}
    for year, values in figures.items():
        for source, value in zip(("ministry", "research"), values, strict=True):
            database.add(
                "raw.observation",
                source=source,
                edition=year + 1,
                indicator="ecommerce_transaction_value",
                reference_year=year,
                value=value,
            )
    gaps = check_sql("conflicting_print").set_index("reference_year")["gap_share"]
    assert gaps.to_dict() == pytest.approx({2012: 2500 / 78500, 2014: 33900 / 130000, 2020: 1.0})
    suite = load_suite(suites_dir / "conflicting_print.json")
    (failure,) = run_suite(suite, database.frame(suite.sql)).failures
    assert failure.rows["reference_year"].tolist() == [2014, 2020]


def test_many_prints_of_one_figure_make_few_rows_and_no_conflict_is_missed(
    database: Any, suites_dir: Path, check_sql: Any
) -> None:
    # Forty sources print 100 to 119.5, half a unit apart; another prints 127, too far from all of
    # them up to 101.5 (127 / 101.6 = 1.25), and one says 100 as well.
    printed = {f"s{number:02}": 100 + number / 2 for number in range(40)}
    printed |= {"far": 127.0, "same": 100.0}
    for source, value in printed.items():
        database.add(
            "raw.observation",
            source=source,
            edition=2015,
            indicator="ecommerce_transaction_value",
            reference_year=2014,
            value=value,
        )
    pairs = check_sql("conflicting_print")
    assert len(pairs) == 2 * 42 - 3  # not 42 * 41 / 2: each with both ends, that is one pair once
    suite = load_suite(suites_dir / "conflicting_print.json")
    (failure,) = run_suite(suite, database.frame(suite.sql)).failures
    named = set(failure.rows["source"]) | set(failure.rows["other_source"])
    apart = {
        source
        for source, value in printed.items()
        if any(max(value, other) > 1.25 * min(value, other) for other in printed.values())
    }
    assert named == apart == {"far", "same", "s00", "s01", "s02", "s03"}


def test_a_second_unit_is_found(database: Any, suites_dir: Path) -> None:
    for year, unit in ((2012, "100m_cny"), (2013, "10k_cny")):
        database.add(
            "raw.observation", indicator="gross_product", reference_year=year, value=1.0, unit=unit
        )
    assert failed(database, suites_dir, "one_unit_per_indicator") == ("one_unit",)


class TwoFiles:
    """A warehouse whose working file is one database and whose published file another."""

    def __init__(self, working: Any, published: pd.DataFrame | None) -> None:
        self.working, self.published = working, published

    def frame(self, sql: str) -> pd.DataFrame:
        return self.working.frame(sql)

    def published_frame(self, sql: str) -> pd.DataFrame | None:
        return self.published


def test_what_was_published_and_is_gone_is_found(database: Any, suites_dir: Path) -> None:
    suite = load_suite(suites_dir / "nothing_lost.json")
    database.add("raw.document", source="accounts", edition=2018)
    database.add("raw.document", source="accounts", edition=2023)
    add_gansu_accounts(database)
    published = database.frame(suite.sql)

    assert run_suite(suite, load_frame(suite, TwoFiles(database, published))).passed
    assert run_suite(suite, load_frame(suite, TwoFiles(database, None))).passed

    database.connection.execute("delete from raw.document where edition = 2018")
    database.connection.execute(
        "delete from raw.observation where indicator = 'population_year_end' "
        "and edition = 2019 and reference_year = 2014"
    )
    database.add("raw.observation", indicator="PI", reference_year=2024, value=0.1)  # new is fine
    result = run_suite(suite, load_frame(suite, TwoFiles(database, published)))
    document, observation = result.failures
    assert document.rows[["source", "edition"]].to_numpy().tolist() == [["accounts", 2018]]
    assert observation.rows["reference_year"].tolist() == [2014]
    assert result.failed_ids == ("no_document_lost", "no_year_lost")


def test_what_was_withdrawn_or_is_explained_may_be_gone(database: Any, suites_dir: Path) -> None:
    suite = load_suite(suites_dir / "nothing_lost.json")
    database.add("raw.document", source="accounts", edition=2018)
    database.add("raw.document", source="accounts", edition=2019)
    add_gansu_accounts(database)
    published = database.frame(suite.sql)
    gone = "source = 'accounts' and (edition = 2018 or (edition = 2019 and reference_year = 2014))"
    database.connection.execute(f"delete from raw.observation where {gone}")
    files = TwoFiles(database, published)
    assert run_suite(suite, load_frame(suite, files)).failed_ids == ("no_year_lost",)

    database.connection.execute("update raw.document set withdrawn = 'x' where edition = 2018")
    (failure,) = run_suite(suite, load_frame(suite, files)).failures
    assert set(failure.rows["edition"]) == {2019}
    database.add(
        "raw.coverage",
        source="accounts",
        edition=2019,
        indicator="population_year_end",
        reference_year=2014,
        missing_reason="the re-issue begins in 2015",
    )
    assert run_suite(suite, load_frame(suite, files)).passed


def test_a_class_that_went_is_found_unless_it_became_a_number(
    database: Any, suites_dir: Path
) -> None:
    suite = load_suite(suites_dir / "no_class_lost.json")
    classes = {"source": "classes", "edition": 2019, "indicator": "poverty_incidence"}
    for region in ("CN-GS", "CN-YN"):
        database.add("raw.interval", region=region, reference_year=2018, **classes)
    files = TwoFiles(database, database.frame(suite.sql))
    assert run_suite(suite, load_frame(suite, files)).passed
    database.connection.execute("delete from raw.interval where region = 'CN-GS'")
    (failure,) = run_suite(suite, load_frame(suite, files)).failures
    assert failure.rows[["region", "reference_year"]].to_numpy().tolist() == [["CN-GS", 2018]]
    database.add("raw.observation", region="CN-GS", reference_year=2018, value=4.8, **classes)
    assert run_suite(suite, load_frame(suite, files)).passed
    database.connection.execute("delete from raw.interval")
    database.add("raw.document", source="classes", edition=2019, withdrawn="x")
    assert run_suite(suite, load_frame(suite, files)).passed


def test_index_values_and_years_that_went_are_named(database: Any, suites_dir: Path) -> None:
    suite = load_suite(suites_dir / "nothing_shrank.json")
    add_gansu_accounts(database)
    for year in (2014, 2015):
        add_index(database, "EG", 2.5, reference_year=year)
    published = database.frame(suite.sql)
    files = TwoFiles(database, published)
    assert run_suite(suite, load_frame(suite, files)).passed
    database.connection.execute(
        "update indices.index_value set value = null where reference_year = 2014"
    )
    (lost,) = run_suite(suite, load_frame(suite, files)).failures
    assert lost.rows[["name", "reference_year"]].to_numpy().tolist() == [["EG", 2014]]
    # A year that another edition still prints is not gone; one that nobody prints is.
    database.connection.execute("delete from raw.observation where edition = 2019")
    assert run_suite(suite, load_frame(suite, files)).failed_ids == ("no_index_value_gone",)
    database.connection.execute("delete from raw.observation where edition = 2023")
    assert len(run_suite(suite, load_frame(suite, files)).failures) == 2


def add_print(database: Any, edition: int, *years: int) -> None:
    database.add("raw.document", source="annual", edition=edition)
    for year in years:
        database.add(
            "raw.observation",
            source="annual",
            edition=edition,
            indicator="gross_product",
            reference_year=year,
            value=5000.0,
        )


def statuses(found: pd.DataFrame) -> dict[tuple[int, int], str]:
    keys = zip(found["edition"], found["reference_year"], strict=True)
    return dict(zip(keys, found["status"], strict=True))


def test_a_new_edition_covers_what_the_one_before_did_a_year_on(
    database: Any, check_sql: Any, suites_dir: Path
) -> None:
    add_print(database, 2023, 2020, 2021, 2022)
    add_print(database, 2024, 2021, 2023)
    found = statuses(check_sql("coverage"))
    assert found == {(2024, 2021): "printed", (2024, 2022): "absent", (2024, 2023): "printed"}
    assert failed(database, suites_dir, "coverage") == ("due_is_there",)
    about = {"source": "annual", "edition": 2024, "indicator": "gross_product"}
    database.add(
        "raw.coverage", **about, reference_year=2022, missing_reason="under revision, note 3"
    )
    assert statuses(check_sql("coverage"))[2024, 2022] == "explained"
    assert failed(database, suites_dir, "coverage") == ()


def test_what_a_card_declares_is_due_instead(database: Any, check_sql: Any) -> None:
    add_print(database, 2023, 2020, 2021, 2022)
    add_print(database, 2024, 2023)
    about = {"source": "annual", "edition": 2024, "indicator": "gross_product"}
    for year in (2023, 2024):
        database.add("raw.coverage", **about, reference_year=year)
    assert statuses(check_sql("coverage")) == {(2024, 2023): "printed", (2024, 2024): "absent"}


def test_blanks_and_stale_reasons_are_reported(
    database: Any, check_sql: Any, suites_dir: Path
) -> None:
    add_print(database, 2024, 2023)
    about = {"source": "annual", "edition": 2024, "indicator": "gross_product"}
    database.add("raw.unavailable", **about, reference_year=2022, printed_value="…")
    database.add("raw.coverage", **about, reference_year=2023, missing_reason="not printed")
    assert statuses(check_sql("coverage")) == {
        (2024, 2022): "unavailable",
        (2024, 2023): "contradicted",
    }
    assert failed(database, suites_dir, "coverage") == ("blank_is_explained", "missing_is_missing")


def test_a_figure_printed_as_a_class_is_there(database: Any, check_sql: Any) -> None:
    add_print(database, 2024, 2022)
    about = {"source": "annual", "edition": 2024, "indicator": "gross_product"}
    database.add("raw.coverage", **about, reference_year=2023)
    database.add("raw.interval", **about, reference_year=2023, printed_value="3%-5%")
    assert statuses(check_sql("coverage")) == {(2024, 2023): "printed"}


def test_a_withdrawn_edition_is_no_measure(database: Any, check_sql: Any) -> None:
    add_print(database, 2022, 2021)
    add_print(database, 2024, 2023)
    database.add("raw.document", source="annual", edition=2023, withdrawn="misread")
    assert statuses(check_sql("coverage")) == {(2024, 2023): "printed"}


OFFICIAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "official"
UNITS = {
    "亿元": ("100m_cny", 1),
    "元": ("cny", 1),
    "万人": ("10k_persons", 1),
    "%": ("pct", 1),
    "million persons": ("10k_persons", 100),
}
INDICATORS = {
    "gross_regional_product": "gross_product",
    "gross_domestic_product": "gross_product",
    "gross_regional_product_per_head": "gross_product_per_head",
    "rural_poverty_incidence": "poverty_incidence",
    "rural_per_capita_net_income": "rural_disposable_income_per_head",
}


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="needs the official figures beside the project")
def test_official_figures_meet_the_critical_identities(database: Any, suites_dir: Path) -> None:
    for region, name in (("CN-GS", "gansu"), ("CN", "china")):
        table = pd.read_csv(OFFICIAL / f"{name}_observations.csv", dtype={"value": str})
        for number, row in enumerate(table.to_dict("records"), start=2):
            unit, factor = UNITS[row["unit"]]
            database.add(
                "raw.observation",
                source=f"print_{number}",
                edition=row["edition"],
                region=region,
                indicator=INDICATORS.get(row["indicator"], row["indicator"]),
                reference_year=row["year"],
                value=float(row["value"]) * factor,
                unit=unit,
                quality=row["quality"],
                printed_value=row["value"],
            )
    assert failed(database, suites_dir, "incidence_times_persons") == ()
    assert failed(database, suites_dir, "one_unit_per_indicator") == ()
    raw = load_suite(suites_dir / "raw_observation.json")
    (failure,) = run_suite(raw, database.frame(raw.sql)).failures
    # The one print of the shared list whose edition is too early: Gansu's population of 2024.
    assert failure.expectation.id == "edition_not_before_reference_year"
    assert failure.rows["reference_year"].tolist() == [2024]


PARTS = ("primary", "secondary", "tertiary")


def add_industries(
    database: Any, *printed: str, total: str = "6790.3", edition: int = 2016
) -> None:
    # Made up: three parts of 6,790.3, printed with one digit or none.
    for part, figure in zip(PARTS, printed, strict=False):
        database.add(
            "raw.observation",
            indicator=f"{part}_industry_value_added",
            reference_year=2015,
            edition=edition,
            value=float(figure),
            printed_value=figure,
        )
    database.add(
        "raw.observation",
        indicator="gross_product",
        reference_year=2015,
        edition=edition,
        value=float(total),
        printed_value=total,
    )


@pytest.mark.parametrize(
    ("parts", "excess"),
    [
        (("954.5", "2494.8", "3341.0"), 0),
        (("954.5", "2494.8", "3341.2"), 0),  # 0.2 apart: four numbers, half of 0.1 each
        (("954.5", "2494.8", "3341.3"), 0.1),
        (("955", "2495", "3341"), 0),  # 0.7 apart, and 1.55 allowed
    ],
)
def test_parts_meet_totals_within_printed_rounding(
    database: Any, check_sql: Any, parts: tuple[str, ...], excess: float
) -> None:
    add_industries(database, *parts)
    (row,) = check_sql("sum_of_parts").to_dict("records")
    assert row["excess"] == pytest.approx(excess, abs=1e-6)
    assert (row["excess"] == 0) == (excess == 0)


def test_parts_of_one_print_only_are_added(database: Any, check_sql: Any, suites_dir: Path) -> None:
    add_industries(database, "954.5", "2494.8")  # the third is not printed
    add_industries(database, "954.5", "2494.8", "3341.0", total="6556.6", edition=2021)
    (row,) = check_sql("sum_of_parts").to_dict("records")
    assert (row["edition"], row["gap"]) == (2021, pytest.approx(233.7))
    assert failed(database, suites_dir, "sum_of_parts") == ("parts_meet_the_total",)


def test_shares_make_a_hundred(database: Any, check_sql: Any, suites_dir: Path) -> None:
    for part, figure in zip(PARTS, ("14.1", "36.7", "59.2"), strict=True):
        database.add(
            "raw.observation",
            indicator=f"{part}_industry_share",
            reference_year=2015,
            value=float(figure),
            printed_value=figure,
            unit="pct",
        )
    (row,) = check_sql("sum_of_parts").to_dict("records")
    assert (row["total"], row["rounding"]) == (100, pytest.approx(0.15))
    assert row["excess"] == pytest.approx(9.85)
    assert set(failed(database, suites_dir, "sum_of_parts")) == {
        "parts_meet_the_total",
        "parts_are_of_the_total",
    }
