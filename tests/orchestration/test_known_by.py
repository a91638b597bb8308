"""Samples as they were known by each edition: what counts as known, and what stands in."""

from typing import Any

import pytest

YEARS = {"first": 2013, "last": 2016}


def known(world: Any, edition: int, variable: str = "EG") -> dict[int, tuple[float, bool]]:
    rows = world.rows(
        "select reference_year, value, is_later_print from indices.known_by_input "
        "where known_by = ? and variable = ?",
        [edition, variable],
    )
    return {row["reference_year"]: (row["value"], row["is_later_print"]) for row in rows}


def print_year(world: Any, edition: int, year: int, product: float) -> None:
    """One edition's figures of a year; a population of 10,000 makes EG the product over 10,000."""
    prints = {"source": f"yearbook_{edition}", "edition": edition}
    world.figure("gross_product", year, product, **prints)
    world.figure("population_year_end", year, 10_000.0, "10k_persons", **prints)
    world.figure("poverty_incidence", year, 30.0 - (year - 2013), "pct", **prints)


def test_a_revision_is_known_from_its_edition_on(world: Any) -> None:
    print_year(world, 2014, 2013, 10_000.0)
    print_year(world, 2016, 2013, 20_000.0)
    world.derive(years=YEARS)
    assert known(world, 2014) == {2013: (1.0, False)}
    assert known(world, 2016) == {2013: (2.0, False)}


def test_no_later_print_comes_before_one_that_was_known(world: Any) -> None:
    for edition in (2014, 2015, 2016, 2017, 2018):
        print_year(world, edition, 2013, 10_000.0 * (edition - 2013))
    world.derive(years=YEARS)
    found = {edition: known(world, edition)[2013] for edition in range(2014, 2019)}
    assert found == {edition: (edition - 2013.0, False) for edition in range(2014, 2019)}


def test_the_first_later_print_stands_in_and_is_marked(world: Any) -> None:
    print_year(world, 2014, 2013, 10_000.0)
    print_year(world, 2015, 2015, 99_000.0)  # a forecast of the year itself
    print_year(world, 2017, 2014, 30_000.0)
    print_year(world, 2018, 2014, 40_000.0)
    world.derive(years=YEARS)
    assert known(world, 2015) == {2013: (1.0, False), 2014: (3.0, True)}
    assert known(world, 2017)[2014] == (3.0, False)
    assert known(world, 2018)[2014] == (4.0, False)


def test_a_year_is_not_known_before_it_is_over(world: Any) -> None:
    for year in (2013, 2014, 2015):
        print_year(world, year + 1, year, 10_000.0 * (year - 2012))
    world.derive(years=YEARS)
    assert set(known(world, 2015)) == {2013, 2014}


def test_a_year_that_lacks_a_variable_for_ever_is_left_out(world: Any) -> None:
    print_year(world, 2014, 2013, 10_000.0)
    world.figure("gross_product", 2014, 20_000.0, source="yearbook_2014", edition=2014)
    print_year(world, 2016, 2015, 40_000.0)
    world.derive(years=YEARS)
    assert set(known(world, 2016)) == {2013, 2015}
    assert known(world, 2016, "PI")[2015][0] == pytest.approx(0.28, abs=1e-15)


def test_normalised_over_the_years_known(world: Any) -> None:
    for year, product in ((2013, 10_000.0), (2014, 30_000.0), (2015, 20_000.0)):
        print_year(world, year + 1, year, product)
    world.derive(years=YEARS)
    rows = world.rows(
        "select known_by, reference_year, normalised from indices.known_by_input "
        "where variable = 'EG' and known_by > 2014 order by all"
    )
    assert [tuple(row.values()) for row in rows] == [
        *((2015, 2013, 0.0), (2015, 2014, 1.0)),
        *((2016, 2013, 0.0), (2016, 2014, 1.0), (2016, 2015, 0.5)),
    ]


def test_in_the_last_edition_it_is_the_latest_sample(world: Any) -> None:
    for edition in (2014, 2015, 2017):
        for year in range(2013, min(edition, 2017)):
            print_year(world, edition, year, 1000.0 * year + edition)
    world.derive(years=YEARS)
    of_latest = world.rows(
        "select reference_year, variable, value, normalised from indices.model_input order by all"
    )
    of_edition = world.rows(
        "select reference_year, variable, value, normalised from indices.known_by_input "
        "where known_by = 2017 order by all"
    )
    assert len(of_latest) == 8
    assert of_edition == of_latest


def test_no_study_is_fitted_on_it(world: Any) -> None:
    print_year(world, 2014, 2013, 10_000.0)
    world.derive(years=YEARS)
    for table in ("index_value", "estimation_year", "model_input", "index_normalised"):
        samples = world.rows(f"select distinct sample from indices.{table}")
        assert samples == [{"sample": "latest"}], table


def test_neither_without_a_model_nor_without_a_sample_of_latest_prints(world: Any) -> None:
    print_year(world, 2014, 2013, 10_000.0)
    for changes in ({"model": None}, {"samples": [{"name": "first", "choose": "first_printed"}]}):
        world.derive(years=YEARS, **changes)
        assert world.rows("select * from indices.known_by_input") == []


def test_recovered_figures_do_not_stand_in(world: Any) -> None:
    print_year(world, 2014, 2013, 10_000.0)
    world.figure("EG", 2014, 7.0, "10k_cny_per_person", source="made", quality="recovered")
    world.figure("PI", 2014, 0.1, "ratio", source="made", quality="recovered")
    world.derive(years=YEARS)
    assert set(known(world, 2020)) == {2013}


def test_the_strict_scale_is_over_the_years_without_a_later_print(world: Any) -> None:
    for year, product in ((2013, 10_000.0), (2014, 30_000.0), (2015, 20_000.0)):
        print_year(world, year + 1, year, product)
    print_year(world, 2019, 2016, 90_000.0)
    world.derive(years=YEARS)
    rows = world.rows(
        "select reference_year, normalised, strictly_normalised from indices.known_by_input "
        "where known_by = 2017 and variable = 'EG' order by all"
    )
    # 2016 is a later print: (3 - 1) / (9 - 1) = 0.25 with it, 1 without it
    assert [tuple(row.values()) for row in rows] == [
        *((2013, 0.0, 0.0), (2014, 0.25, 1.0), (2015, 0.125, 0.5), (2016, 1.0, None)),
    ]


def test_a_year_in_which_no_document_was_printed_is_told_too(world: Any) -> None:
    print_year(world, 2014, 2013, 10_000.0)
    print_year(world, 2017, 2014, 20_000.0)
    world.derive(years=YEARS)
    assert known(world, 2016) == {2013: (1.0, False), 2014: (2.0, True)}


def test_what_was_not_printed_is_named_with_the_edition_that_has_it(world: Any) -> None:
    print_year(world, 2014, 2013, 10_000.0)
    print_year(world, 2017, 2014, 20_000.0)
    world.figure("gross_product", 2015, 30_000.0, source="yearbook_2016", edition=2016)
    world.derive(years=YEARS)
    rows = world.rows(
        "select variable, reference_year, indicator, printed_in, reason is not null as is_never "
        "from indices.known_by_gap where known_by = 2016 order by all"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("EG", 2014, "gross_product", 2017, False),
        ("EG", 2014, "population_year_end", 2017, False),
        ("EG", 2015, None, None, True),
        ("PI", 2014, "poverty_incidence", 2017, False),
        ("PI", 2015, None, None, True),
    ]
