"""Which prints a sample takes by their status, on hand-made figures."""

from typing import Any

LATEST: dict[str, Any] = {"name": "latest", "choose": "latest"}
FIRST: dict[str, Any] = {"name": "first_printed", "choose": "first_printed"}


def product(world: Any, edition: int, value: float, status: str, **given: Any) -> None:
    world.figure("gross_product", 2014, value, edition=edition, status=status, **given)


def taken(world: Any, sample: str = "latest") -> list[tuple[float, str]]:
    return [
        (row["value"], row["print_status"])
        for row in world.rows(
            "select value, print_status from staging.study_cell "
            "where role = 'gross_product' and sample = ?",
            [sample],
        )
    ]


def test_a_later_provisional_print_does_not_displace_a_final_one(world: Any) -> None:
    product(world, 2015, 6500.0, "final")
    product(world, 2016, 6600.0, "provisional")
    world.derive()
    assert taken(world) == [(6500.0, "final")]
    (figure,) = world.rows("select value, status from latest.figure")
    assert figure == {"value": 6500.0, "status": "final"}


def test_a_later_revised_or_final_print_displaces_what_was_before(world: Any) -> None:
    product(world, 2015, 6500.0, "provisional")
    product(world, 2016, 6600.0, "final")
    product(world, 2017, 6700.0, "revised")
    world.derive(samples=[LATEST, FIRST])
    assert taken(world) == [(6700.0, "revised")]
    # The first print is the first print, and says that it is provisional.
    assert taken(world, "first_printed") == [(6500.0, "provisional")]


def test_a_provisional_print_alone_is_taken_and_named(world: Any) -> None:
    product(world, 2015, 6500.0, "provisional")
    world.figure("population_year_end", 2014, 2600, "10k_persons", edition=2015)
    world.derive()
    assert world.rows(
        "select indicator, print_status from indices.index_input "
        "where index_id = 'EG' and sample = 'latest' order by all"
    ) == [
        {"indicator": "gross_product", "print_status": "provisional"},
        {"indicator": "population_year_end", "print_status": "final"},
    ]


def test_an_estimate_is_taken_only_where_nothing_better_was_printed(world: Any) -> None:
    product(world, 2016, 6600.0, "estimated")
    world.derive()
    assert taken(world) == [(6600.0, "estimated")]
    product(world, 2015, 6500.0, "provisional")
    world.derive(samples=[LATEST, FIRST])
    assert taken(world) == [(6500.0, "provisional")]
    assert taken(world, "first_printed") == [(6500.0, "provisional")]


def test_a_forecast_is_taken_only_by_a_sample_that_says_so(world: Any) -> None:
    product(world, 2015, 6500.0, "forecast")
    every = ["final", "revised", "provisional", "estimated", "forecast"]
    world.derive(
        samples=[LATEST, {**LATEST, "name": "with_forecasts", "statuses": every}],
    )
    assert taken(world) == []
    assert taken(world, "with_forecasts") == [(6500.0, "forecast")]


def test_a_sample_may_keep_to_final_figures(world: Any) -> None:
    product(world, 2015, 6500.0, "provisional")
    world.derive(samples=[{**LATEST, "statuses": ["final", "revised"]}])
    assert taken(world) == []
    known = "select distinct statuses from staging.study_sample"
    assert world.rows(known) == [{"statuses": "final, revised"}]
