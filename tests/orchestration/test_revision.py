"""What counts as a revision: hand-made prints of one figure in several editions."""

from typing import Any

import pandas as pd
import pytest

from assets.vintages.vintage_rows import VintageDocumentRow


def print_(world: Any, edition: int, value: float, half_unit: float = 0.0, **given: Any) -> None:
    given = {"source": f"s{edition}", **given}
    world.figure("gross_product", 2014, value, edition=edition, half_unit=half_unit, **given)


def revisions(world: Any, *vintages: tuple[str, tuple[int, ...]]) -> list[dict[str, Any]]:
    """vintages: name, and the editions whose documents it had; without any, one with them all."""
    editions = tuple(edition for _, edition in world.documents)
    record = [
        (vintage, source, edition, "x")
        for vintage, had in vintages or [("0001-a", editions)]
        for source, edition in world.documents
        if edition in had
    ]
    columns = [column.name for column in VintageDocumentRow.table.columns]
    world.store.replace(VintageDocumentRow.table, pd.DataFrame(record, columns=columns))
    world.derive()
    found: list[dict[str, Any]] = world.rows("from release.revision order by new_edition")
    return found


@pytest.mark.parametrize(
    ("old", "new", "is_revision"),
    [
        # value and half a unit in 100 million yuan; 51.9 trillion (10^4 of them) is good to 500
        ((518942.1, 0.05), (519000.0, 500.0), False),
        ((518942.1, 0.05), (520000.0, 500.0), True),
        ((519000.0, 500.0), (519500.0, 50.0), False),
        ((519000.0, 500.0), (519560.0, 5.0), True),
        ((5650.2, 0.05), (5650.0, 0.5), False),
        ((5650.2, 0.05), (5651.0, 0.5), True),
        ((5650.2, 0.0), (5650.21, 0.0), True),
        ((0.0, 0.5), (5.0, 0.5), True),
        ((0.0, 0.5), (0.4, 0.05), False),
        ((5650.2, 0.05), (5650.2, 0.005), False),
    ],
)
def test_rounding_is_no_revision(
    world: Any, old: tuple[float, float], new: tuple[float, float], is_revision: bool
) -> None:
    print_(world, 2015, *old)
    print_(world, 2018, *new)
    found = revisions(world)
    assert [(row["old_value"], row["new_value"]) for row in found] == (
        [(old[0], new[0])] if is_revision else []
    )
    assert all((row["change_pct"] is None) == (old[0] == 0) for row in found)


def test_each_edition_is_compared_with_the_one_before(world: Any) -> None:
    for edition, value in ((2015, 100.0), (2018, 110.0), (2016, 100.0), (2021, 99.0)):
        print_(world, edition, value)
    found = revisions(world)
    assert [(r["old_edition"], r["new_edition"], r["change_pct"]) for r in found] == [
        (2016, 2018, pytest.approx(10.0)),
        (2018, 2021, pytest.approx(-10.0)),
    ]


def test_only_the_print_that_counts_of_an_edition(world: Any) -> None:
    print_(world, 2015, 100.0, source="a")
    print_(world, 2018, 110.0, source="a")
    print_(world, 2018, 120.0, source="b", standing="secondary")
    print_(world, 2019, 130.0, source="c", standing="estimate")
    print_(world, 2020, 140.0, source="d", quality="recovered")
    (row,) = revisions(world)
    assert (row["new_source"], row["new_edition"], row["new_value"]) == ("a", 2018, 110.0)


def test_a_revision_belongs_to_the_first_vintage_that_had_it(world: Any) -> None:
    for edition, value in ((2015, 100.0), (2018, 110.0), (2021, 99.0)):
        print_(world, edition, value)
    all_three = (2015, 2018, 2021)
    found = revisions(world, ("0001-a", (2015, 2018)), ("0002-b", all_three))
    assert [(row["vintage"], row["is_new"]) for row in found] == [
        ("0001-a", False),
        ("0002-b", True),
    ]
    later = revisions(world, ("0001-a", (2015, 2018)), ("0002-b", all_three), ("0003-c", all_three))
    assert [(row["vintage"], row["is_new"]) for row in later] == [
        ("0001-a", False),
        ("0002-b", False),
    ]


def test_a_revision_says_whether_either_print_was_final(world: Any) -> None:
    print_(world, 2015, 6500.0, status="provisional")
    print_(world, 2016, 6600.0)
    print_(world, 2017, 6700.0, status="revised")
    print_(world, 2018, 7000.0, status="estimated")  # no print that another one revises
    assert [(row["old_status"], row["new_status"]) for row in revisions(world)] == [
        ("provisional", "final"),
        ("final", "revised"),
    ]
