"""The index formulas and the choice among prints, on hand-made figures.

Expected numbers are worked out by hand beside each test, with figures chosen to divide evenly.
Tolerance 1e-15 relative (a few roundings of one division) unless the result is exact.
"""

from datetime import date
from typing import Any, get_args

import pytest

from assets.poverty.study_files.index_names import INDEX_NAMES
from assets.poverty.study_files.study import InputRole

EXACT = {"rel": 1e-15}


def test_pi_is_poor_persons_over_persons_counted(world: Any) -> None:
    world.figure("rural_poor_population", 2014, 417, "10k_persons")
    world.figure("rural_population_counted", 2014, 2085, "10k_persons")
    world.figure("poverty_incidence", 2014, 99.0, "pct")  # printed too: both inputs come first
    world.figure("poverty_incidence", 2015, 15.7, "pct")
    world.derive()
    # 417 / 2085 = 0.2
    assert world.index("PI", 2014)["value"] == pytest.approx(0.2, **EXACT)
    assert world.index("PI", 2014)["status"] == "computed"
    # 15.7 % printed = 0.157, and marked as reported
    assert world.index("PI", 2015)["value"] == pytest.approx(0.157, **EXACT)
    assert world.index("PI", 2015)["status"] == "reported"


def test_a_class_is_no_point_and_the_index_says_so(world: Any) -> None:
    world.figure("poverty_incidence", 2015, 15.7, "pct")
    world.class_of("poverty_incidence", 2014, 10, 20)
    world.class_of("poverty_incidence", 2015, 10, 20)
    world.class_of("gross_product", 2014, 10, 20)  # another index's
    world.derive()
    row = world.index("PI", 2014)
    assert (row["value"], row["status"]) == (None, "missing")
    assert row["reason"].startswith("no print of poverty incidence for 2014; ")
    assert row["reason"].endswith(
        "poverty_incidence is printed only as the class 10%-20% (yearbook/2020, cell C0), and no "
        "point is made of it"
    )
    assert world.index("PI", 2015)["value"] == pytest.approx(0.157, **EXACT)
    assert world.index("PI", 2015)["reason"] is None


def test_every_role_of_an_index_is_known_and_has_words_where_it_lacks(world: Any) -> None:
    world.figure("gross_product", 2014, 6500.0)
    world.derive()
    made = world.rows("select * from staging.index_role")
    roles = {row["role"] for row in made}
    assert {row["index_id"] for row in made} == set(INDEX_NAMES)
    assert roles == set(get_args(InputRole))
    spelled = {row["role"] for row in world.rows("select role from staging.role_gap")}
    as_a_share = {"agricultural_income_share"}  # told with agricultural_income
    told = {row["role"] for row in made if row["status"] != "reported"} - as_a_share
    assert told <= spelled <= roles


def test_eg_is_gross_product_per_person_in_10k_cny(world: Any) -> None:
    world.figure("gross_product", 2014, 6500.0)
    world.figure("population_year_end", 2014, 2600, "10k_persons")
    world.derive()
    row = world.index("EG", 2014)
    assert row["value"] == 2.5  # 6500e8 yuan / 2600e4 persons = 25,000 yuan
    assert (row["unit"], row["status"]) == ("10k_cny_per_person", "computed")


def test_im_cei_and_aedi(world: Any) -> None:
    world.figure("ecommerce_transaction_value", 2014, 1300.0)
    world.figure("gross_product", 2014, 6500.0)
    world.figure("online_shopping_consumption", 2014, 260.0)
    world.figure("population_year_end", 2014, 2600, "10k_persons")
    world.figure("disposable_income_per_head", 2014, 10000.0, "cny")
    world.derive()
    assert world.index("IM", 2014)["value"] == pytest.approx(0.2, **EXACT)  # 1300 / 6500
    # 260e8 yuan / 2600e4 persons = 1,000 yuan per head, of an income of 10,000
    assert world.index("CEI", 2014)["value"] == pytest.approx(0.1, **EXACT)
    assert world.index("aEDI", 2014)["value"] == pytest.approx(0.15, **EXACT)
    assert world.index("aEDI", 2014)["status"] == "computed"


def test_aig_takes_both_years_from_one_edition(world: Any) -> None:
    name = "primary_industry_value_added"
    world.figure(name, 2014, 800.0, source="yearbook", edition=2015)
    world.figure(name, 2015, 1000.0, source="yearbook", edition=2016)
    world.figure(name, 2014, 900.0, source="other", edition=2016, standing="secondary")
    world.figure(name, 2015, 990.0, source="other", edition=2016, standing="secondary")
    world.derive()
    # The best prints are 1000 and 900, of two documents; the one that has both says 990 / 900.
    row = world.index("AIG", 2015)
    assert row["value"] == pytest.approx(0.1, rel=1e-14)
    assert (row["edition_low"], row["edition_high"]) == (2016, 2016)


def test_aig_is_missing_where_no_edition_prints_both_years(world: Any) -> None:
    world.figure("primary_industry_value_added", 2014, 800.0, edition=2015)
    world.figure("primary_industry_value_added", 2015, 1000.0, edition=2016)
    world.derive()
    row = world.index("AIG", 2015)
    assert (row["value"], row["status"], row["quality"]) == (None, "missing", None)
    assert row["reason"] == "no edition prints agricultural income of both 2015 and 2014"


def test_aig_from_shares_is_derived_and_within_the_edition(world: Any) -> None:
    world.figure("primary_industry_share", 2014, 12.5, "pct", edition=2016)
    world.figure("primary_industry_share", 2015, 12.0, "pct", edition=2016)
    world.figure("gross_product", 2014, 6400.0, edition=2016)
    world.figure("gross_product", 2015, 8000.0, edition=2016)
    world.figure("gross_product", 2015, 9999.0, edition=2017)  # a later print, another edition
    world.derive()
    # 12.5 % of 6400 = 800; 12 % of 8000 = 960; growth 160 / 800
    row = world.index("AIG", 2015)
    assert row["value"] == pytest.approx(0.2, rel=1e-14)
    assert row["status"] == "computed"


def test_an_index_printed_by_a_document_is_marked_as_reported(world: Any) -> None:
    for index_id in ("AIG", "IM", "aEDI", "EG"):
        world.figure(index_id, 2014, 0.75, "ratio")
    world.figure("CEI", 2015, 0.75, "ratio")
    world.derive()
    for index_id, year in (
        ("AIG", 2014),
        ("IM", 2014),
        ("aEDI", 2014),
        ("EG", 2014),
        ("CEI", 2015),
    ):
        row = world.index(index_id, year)
        assert (row["value"], row["status"]) == (0.75, "reported")


def test_missing_is_null_with_the_inputs_that_lack_and_never_zero(world: Any) -> None:
    world.figure("gross_product", 2014, 6500.0)
    world.derive()
    reasons = {
        "PI": "no print of poverty incidence for 2014; nor of poor persons; nor of persons counted",
        "AIG": "no edition prints agricultural income of both 2014 and 2013",
        "IM": "no print of e-commerce transaction value for 2014",
        "CEI": "no print of online shopping consumption for 2014; "
        "no print of year-end population for 2014; no print of disposable income per head for 2014",
        "EG": "no print of year-end population for 2014",
    }
    for index_id, reason in reasons.items():
        row = world.index(index_id, 2014)
        assert (row["value"], row["status"], row["reason"]) == (None, "missing", reason)
    aedi = world.index("aEDI", 2014)
    assert aedi["value"] is None
    assert aedi["reason"] == f"IM: {reasons['IM']}; CEI: {reasons['CEI']}"
    lacking = world.rows("select * from indices.index_value where value is null and reason is null")
    assert lacking == []
    incomplete = world.rows("select is_complete, missing from indices.estimation_year")
    assert not any(row["is_complete"] for row in incomplete)


def test_a_printed_zero_stays_a_zero(world: Any) -> None:
    world.figure("poverty_incidence", 2015, 0.0, "pct")
    world.derive()
    row = world.index("PI", 2015)
    assert (row["value"], row["status"], row["reason"]) == (0.0, "reported", None)


def test_quality_is_the_worst_and_editions_span_the_inputs(world: Any) -> None:
    world.figure("gross_product", 2014, 6500.0, edition=2015)
    world.figure(
        "population_year_end", 2014, 2600, "10k_persons", source="b", edition=2021,
        quality="derived",
    )  # fmt: skip
    world.derive()
    row = world.index("EG", 2014)
    assert (row["quality"], row["edition_low"], row["edition_high"]) == ("derived", 2015, 2021)


def test_recovered_figures_never_leak_into_other_samples(world: Any) -> None:
    world.figure("EG", 2014, 2.0, "10k_cny_per_person", source="found", quality="recovered")
    world.figure("PI", 2014, 0.3, "ratio", source="found", quality="recovered")
    world.derive(
        samples=[
            {"name": "latest", "choose": "latest"},
            {"name": "first", "choose": "first_printed"},
            {"name": "as_of", "choose": "as_of", "edition": 2030},
            {"name": "found", "choose": "source", "source": "found"},
        ]
    )
    for sample in ("latest", "first", "as_of"):
        assert world.index("EG", 2014, sample)["status"] == "missing"
    row = world.index("EG", 2014, "found")
    assert (row["value"], row["status"], row["quality"]) == (2.0, "reported", "recovered")
    leaked = world.rows("select sample from staging.print_choice where quality = 'recovered'")
    assert {row["sample"] for row in leaked} == {"found"}


def test_a_source_sample_sees_no_other_source(world: Any) -> None:
    world.figure("EG", 2014, 2.0, "10k_cny_per_person", source="mine", edition=2015)
    world.figure("EG", 2014, 9.0, "10k_cny_per_person", source="other", edition=2020)
    world.derive(samples=[{"name": "mine", "choose": "source", "source": "mine"}])
    assert world.index("EG", 2014, "mine")["value"] == 2.0


def test_other_regions_are_not_taken(world: Any) -> None:
    world.figure("EG", 2014, 2.0, "10k_cny_per_person", region="CN")
    world.derive()
    assert world.index("EG", 2014)["status"] == "missing"


def test_as_of_sees_only_what_was_printed_by_then(world: Any) -> None:
    for edition, value in ((2015, 1.0), (2018, 2.0), (2021, 3.0)):
        world.figure("EG", 2014, value, "10k_cny_per_person", edition=edition)
    samples = [
        {"name": f"as_of_{year}", "choose": "as_of", "edition": year}
        for year in (2014, 2015, 2020, 2021)
    ]
    world.derive(samples=[*samples, {"name": "first", "choose": "first_printed"}])
    found = {sample["name"]: world.index("EG", 2014, sample["name"])["value"] for sample in samples}
    assert found == {"as_of_2014": None, "as_of_2015": 1.0, "as_of_2020": 2.0, "as_of_2021": 3.0}
    assert world.index("EG", 2014, "first")["value"] == 1.0


# Each pair: the print that wins by one criterion, and one that is better by every later criterion.
EARLY, LATE = date(2015, 1, 1), date(2015, 12, 31)
LATEST = {
    "neither forecast": (
        {"quality": "derived", "edition": 2015, "standing": "secondary"},
        {"quality": "published", "edition": 2020, "standing": "forecast"},
    ),
    "nor estimate": (
        {"quality": "derived", "edition": 2015, "standing": "secondary"},
        {"quality": "published", "edition": 2020, "standing": "estimate"},
    ),
    "published before derived": (
        {"quality": "published", "edition": 2015, "standing": "secondary"},
        {"quality": "derived", "edition": 2020, "standing": "official"},
    ),
    "later edition": (
        {"edition": 2016, "standing": "secondary", "published_on": EARLY, "source": "z"},
        {"edition": 2015, "standing": "official", "published_on": LATE, "source": "a"},
    ),
    "official before ministry": (
        {"standing": "official", "published_on": EARLY, "source": "z"},
        {"standing": "ministry", "published_on": LATE, "source": "a"},
    ),
    "ministry before relayed": (
        {"standing": "ministry", "published_on": EARLY, "source": "z"},
        {"standing": "relayed", "published_on": LATE, "source": "a"},
    ),
    "relayed before secondary": (
        {"standing": "relayed", "published_on": EARLY, "source": "z"},
        {"standing": "secondary", "published_on": LATE, "source": "a"},
    ),
    "estimate before forecast": (
        {"standing": "estimate", "published_on": EARLY, "source": "z"},
        {"standing": "forecast", "published_on": LATE, "source": "a"},
    ),
    "later day": (
        {"published_on": LATE, "source": "z"},
        {"published_on": EARLY, "source": "a"},
    ),
    "a day before none": (
        {"published_on": EARLY, "source": "z"},
        {"published_on": None, "source": "a"},
    ),
    "name": ({"source": "a"}, {"source": "b"}),
}
FIRST_PRINTED = {
    "neither forecast": (
        {"edition": 2020, "quality": "derived", "standing": "secondary"},
        {"edition": 2015, "quality": "published", "standing": "forecast"},
    ),
    "nor estimate": (
        {"edition": 2020, "quality": "derived", "standing": "secondary"},
        {"edition": 2015, "quality": "published", "standing": "estimate"},
    ),
    "earlier edition": (
        {"edition": 2015, "published_on": LATE, "quality": "derived", "standing": "secondary"},
        {"edition": 2016, "published_on": EARLY, "quality": "published", "standing": "official"},
    ),
    "earlier day": (
        {"published_on": EARLY, "quality": "derived", "standing": "secondary", "source": "z"},
        {"published_on": LATE, "quality": "published", "standing": "official", "source": "a"},
    ),
    "a day before none": (
        {"published_on": LATE, "quality": "derived", "standing": "secondary", "source": "z"},
        {"published_on": None, "quality": "published", "standing": "official", "source": "a"},
    ),
    "published before derived": (
        {"quality": "published", "standing": "secondary", "source": "z"},
        {"quality": "derived", "standing": "official", "source": "a"},
    ),
    "standing": (
        {"standing": "official", "source": "z"},
        {"standing": "ministry", "source": "a"},
    ),
    "name": ({"source": "a"}, {"source": "b"}),
}


def check_choice(
    world: Any, choose: str, cases: dict[str, tuple[dict[str, Any], dict[str, Any]]]
) -> None:
    """One reference year per case, so that all of them go through the models at once."""
    years = dict(zip(cases, range(2000, 2100), strict=False))
    for number, (case, (winner, loser)) in enumerate(cases.items()):
        for side, value, given in (("winner", 1.0, winner), ("loser", 2.0, loser)):
            base = {"source": side, "edition": 2015}
            # A source of its own for each case, since a source and edition is one document.
            prefix = f"{number}_" if "source" in given else f"{number}_{side}_"
            print_ = {**base, **given}
            print_["source"] = f"case{prefix}{print_['source']}"
            world.figure("EG", years[case], value, "10k_cny_per_person", **print_)
    last = max(years.values())
    sample = {"name": "sample", "choose": choose}
    world.derive(samples=[sample], years={"first": 2000, "last": last})
    losers = [
        case for case, year in years.items() if world.index("EG", year, "sample")["value"] != 1
    ]
    assert losers == []


def test_order_of_precedence_of_the_latest_print(world: Any) -> None:
    check_choice(world, "latest", LATEST)


def test_order_of_precedence_of_the_first_print(world: Any) -> None:
    check_choice(world, "first_printed", FIRST_PRINTED)


def test_normalised_over_the_years_that_have_every_variable(world: Any) -> None:
    for year, eg, pi in ((2012, 1.0, 0.4), (2013, 2.0, 0.3), (2014, 5.0, 0.2), (2015, 99.0, None)):
        world.figure("EG", year, eg, "10k_cny_per_person")
        if pi is not None:
            world.figure("PI", year, pi, "ratio")
    world.derive(
        years={"first": 2012, "last": 2015},
        inputs={"reported_EG": "EG", "reported_PI": "PI"},
    )
    found = world.rows(
        "select variable, reference_year, normalised from indices.model_input "
        "order by variable, reference_year"
    )
    # EG: (1 - 1) / 4, (2 - 1) / 4, (5 - 1) / 4; 2015 lacks PI, so its 99 does not count.
    assert [r["normalised"] for r in found if r["variable"] == "EG"] == [0.0, 0.25, 1.0]
    # PI: (0.4 - 0.2) / 0.2, (0.3 - 0.2) / 0.2, 0; 0.3 - 0.2 is rounded, so 1e-15
    pi_found = [r["normalised"] for r in found if r["variable"] == "PI"]
    assert pi_found == pytest.approx([1.0, 0.5, 0.0], abs=1e-15)


def test_a_constant_index_has_no_normalised_value(world: Any) -> None:
    for year in (2014, 2015):
        world.figure("EG", year, 2.0, "10k_cny_per_person")
        world.figure("PI", year, year / 10000, "ratio")
    world.derive(inputs={"reported_EG": "EG", "reported_PI": "PI"})
    found = world.rows("select normalised from indices.model_input where variable = 'EG'")
    assert [row["normalised"] for row in found] == [None, None]


def test_every_model_of_figures_runs_on_hand_made_ones(world: Any) -> None:
    """Each other test runs those that it asks for; here are prints of every kind."""
    for edition, status in ((2015, "provisional"), (2016, "final"), (2017, "revised")):
        world.figure("gross_product", 2014, 6500.0 + edition, edition=edition, status=status)
    world.figure("gross_product", 2015, 7000.0, edition=2018, standing="estimate", half_unit=0.5)
    world.figure("gross_product", 2013, 6000.0, edition=2019, quality="recovered")
    world.figure("gross_product", 2014, 99000.0, region="CN")
    world.figure("population_year_end", 2014, 2600, "10k_persons", edition=2016)
    world.figure("disposable_income_per_head", 2014, 880.0, "cny", definition="net_income")
    world.figure("poverty_incidence", 2014, 20.1, "pct", published_on=date(2016, 1, 1))
    world.class_of("poverty_incidence", 2015, 10, 20)
    world.before.append(("yearbook", 2016))
    world.derive()
    filled = {model.name: len(world.rows(f"from {model.name}")) for model in world.models()}
    assert len(filled) > 40
    assert filled["indices.index_value"] > 0
    assert filled["latest.figure"] > 0
