"""What one new document alone moves: hand-made prints, values computed by hand."""

from typing import Any

import pytest

from assets.warehouse.queries import query_text

YEARS = {"first": 2013, "last": 2015}
BEFORE = ("old", 2018)


def old_prints(world: Any) -> None:
    """EG of 1, 2 and 3 in 2013, 2014 and 2015, from the document published before."""
    given = {"source": BEFORE[0], "edition": BEFORE[1]}
    for year in (2013, 2014, 2015):
        world.figure("gross_product", year, 10_000.0 * (year - 2012), **given)
        world.figure("population_year_end", year, 10_000.0, "10k_persons", **given)
        world.figure("poverty_incidence", year, 30.0 - (year - 2013), "pct", **given)
    world.before = [BEFORE]


def moved(world: Any, prints: str = "revised") -> list[tuple[Any, ...]]:
    rows = world.rows(
        "select source, edition, sample, index_id, reference_year, old_value, new_value, change, "
        "change_pct from indices.revised_value where prints = ? order by all",
        [prints],
    )
    return [tuple(row.values()) for row in rows]


def test_each_move_belongs_to_the_document_that_made_it(world: Any) -> None:
    old_prints(world)
    world.figure("gross_product", 2013, 12_000.0, source="a", edition=2019)
    world.figure("population_year_end", 2014, 8_000.0, "10k_persons", source="b", edition=2020)
    world.derive(years=YEARS)
    assert moved(world) == [
        ("a", 2019, "latest", "EG", 2013, 1.0, 1.2, pytest.approx(0.2), pytest.approx(20.0)),
        ("b", 2020, "latest", "EG", 2014, 2.0, 2.5, 0.5, 25.0),
    ]


def test_two_documents_that_print_the_same_figure_are_told_apart(world: Any) -> None:
    old_prints(world)
    world.figure("gross_product", 2013, 12_000.0, source="a", edition=2019)
    world.figure("gross_product", 2013, 15_000.0, source="b", edition=2020)
    world.derive(years=YEARS)
    found = {row[:2]: row[5:7] for row in moved(world)}
    # the sample with both documents takes 1.5 of b; alone, a would have moved EG to 1.2
    assert found == {("a", 2019): (1.0, 1.2), ("b", 2020): (1.0, 1.5)}
    assert world.index("EG", 2013)["value"] == 1.5


def test_a_sample_of_first_prints_moves_by_an_older_document_only(world: Any) -> None:
    old_prints(world)
    world.figure("gross_product", 2013, 12_000.0, source="a", edition=2019)
    world.figure("gross_product", 2013, 9_000.0, source="older", edition=2014)
    world.derive(years=YEARS, samples=[{"name": "first", "choose": "first_printed"}])
    assert [row[:7] for row in moved(world)] == [
        ("older", 2014, "first", "EG", 2013, 1.0, 0.9),
    ]


def test_what_is_called_a_first_print_and_is_of_a_later_edition_is_counted(world: Any) -> None:
    old_prints(world)  # all of the edition of 2018: three years after 2015, four and five before
    world.figure("gross_product", 2013, 9_000.0, source="older", edition=2014)
    world.derive(years=YEARS, samples=[{"name": "first", "choose": "first_printed"}])
    query = query_text("commands/study_late_prints")
    found = world.rows(query, {"study": "hand_made", "years_to_print": 2})
    late = {row["indicator"]: (list(row["years"]), row["late_figures"]) for row in found}
    assert late["gross_product"] == ([2014, 2015], 2)
    assert late["population_year_end"] == ([2013, 2014, 2015], 3)
    assert {row["figures"] for row in found} == {9}  # three indicators in three years


def test_what_the_fit_sees_has_that_document_and_no_other_new_one(world: Any) -> None:
    old_prints(world)
    world.figure("gross_product", 2013, 12_000.0, source="a", edition=2019)
    world.figure("gross_product", 2015, 50_000.0, source="b", edition=2020)
    world.derive(years=YEARS)
    rows = world.rows(
        "select added_source, reference_year, value, normalised from indices.generated_input "
        "where base_sample = 'latest' and variable = 'EG' "
        "and coalesce(added_prints, 'revised') = 'revised' order by all nulls first"
    )
    # b: (2 - 1) / (5 - 1) = 0.25; before: EG is 1, 2, 3
    assert [tuple(row.values()) for row in rows] == [
        *((None, 2013, 1.0, 0.0), (None, 2014, 2.0, 0.5), (None, 2015, 3.0, 1.0)),
        ("a", 2013, 1.2, 0.0),
        ("a", 2014, 2.0, pytest.approx(0.8 / 1.8)),
        ("a", 2015, 3.0, 1.0),
        *(("b", 2013, 1.0, 0.0), ("b", 2014, 2.0, 0.25), ("b", 2015, 5.0, 1.0)),
    ]


def test_only_new_documents_that_print_a_known_figure_otherwise_cost_a_sample(world: Any) -> None:
    old_prints(world)
    world.figure("gross_product", 2013, 10_000.0, source="same", edition=2019)
    world.figure("gross_product", 2012, 7_000.0, source="first", edition=2019)
    world.figure("gross_product", 2013, 12_000.0, source="elsewhere", edition=2019, region="CN")
    world.figure("total_retail_sales", 2013, 1.0, source=BEFORE[0], edition=BEFORE[1])
    world.figure("total_retail_sales", 2013, 2.0, source="not_taken", edition=2019)
    world.derive(years=YEARS)
    assert moved(world) == []
    assert world.rows("from staging.study_sample where base_sample is not null") == []


def test_in_the_first_vintage_nothing_is_a_revision(world: Any) -> None:
    old_prints(world)
    world.figure("gross_product", 2013, 12_000.0, source="a", edition=2019)
    world.before = []
    world.derive(years=YEARS)
    assert moved(world) == []


def test_new_figures_of_a_revising_document_are_told_apart_from_its_revisions(world: Any) -> None:
    old_prints(world)
    world.figure("gross_product", 2013, 12_000.0, source="a", edition=2019)
    world.figure("gross_product", 2016, 50_000.0, source="a", edition=2019)
    world.figure("population_year_end", 2016, 10_000.0, "10k_persons", source="a", edition=2019)
    world.derive(years={"first": 2013, "last": 2016})
    revision = ("a", 2019, "latest", "EG", 2013, 1.0, 1.2, pytest.approx(0.2), pytest.approx(20.0))
    assert moved(world) == [revision]
    new_year = ("a", 2019, "latest", "EG", 2016, None, 5.0, None, None)
    assert moved(world, "all") == [revision, new_year]


def test_no_study_is_fitted_on_them(world: Any) -> None:
    old_prints(world)
    world.figure("gross_product", 2013, 12_000.0, source="a", edition=2019)
    world.derive(years=YEARS)
    for table in ("index_value", "estimation_year", "model_input", "index_normalised"):
        assert world.rows(f"select distinct sample from indices.{table}") == [{"sample": "latest"}]
    known = world.rows("select distinct sample from indices.known_by_input")
    assert all(row["sample"].startswith("known_by_") for row in known)
