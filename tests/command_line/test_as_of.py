"""Each figure as known by an edition: against the raw rows, over time, and in old clients."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assets.warehouse.connection import read_only

STANDINGS = ("official", "ministry", "relayed", "secondary", "estimate", "forecast")
RAW = """
select o.region, o.indicator, o.reference_year, o.value, o.source, o.edition, o.quality,
    o.status, d.standing, d.published_on
from raw.observation as o join raw.document as d using (source, edition)
where o.quality <> 'recovered'
"""


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with read_only(path) as connection:
        return connection.execute(sql).fetchall()


def release(home: Any, number: int) -> Path:
    (path,) = home.releases.glob(f"warehouse-{number:04d}-*")
    return Path(path)


def by_hand(path: Path, last_edition: int) -> set[tuple[Any, ...]]:
    """The precedence of landing/README.md in Python: the best print of each cell."""

    def place(row: tuple[Any, ...]) -> tuple[object, ...]:
        *_, source, edition, quality, status, standing, published_on = row
        estimated = standing in ("forecast", "estimate") or status in ("forecast", "estimated")
        settled = status in ("final", "revised")
        day = -(published_on or date.min).toordinal()
        rank = STANDINGS.index(standing)
        return estimated, not settled, quality == "derived", -edition, rank, day, source

    best: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for row in rows(path, RAW):
        if row[5] <= last_edition and (row[:3] not in best or place(row) < place(best[row[:3]])):
            best[row[:3]] = row
    return {row[:6] for row in best.values()}


@pytest.mark.parametrize("edition", [2016, 2018, 2019, 2020, 2023, 2025, 9999])
def test_it_is_the_best_print_up_to_the_edition(two_vintages: Any, edition: int) -> None:
    path = two_vintages.home.published
    found = rows(
        path,
        f"select region, indicator, reference_year, value, source, edition from as_of({edition})",
    )
    assert len(found) == len(set(found))
    assert set(found) == by_hand(path, edition)
    assert bool(found) == (edition >= 2018)


def test_an_older_edition_is_the_same_before_and_after(two_vintages: Any) -> None:
    before, after = (release(two_vintages.home, number) for number in (1, 2))
    for edition in range(2017, 2025):
        sql = f"from as_of({edition}) order by all"
        assert rows(before, sql) == rows(after, sql), edition
    sql = "from as_of(2025) order by all"
    new = set(rows(after, sql)) - set(rows(before, sql))
    # the two figures that the edition of 2025 prints
    assert sorted(row[1:4] for row in new) == [
        ("gross_product", 1999, 950.0),
        ("gross_product", 2012, 5500.0),
    ]


def test_latest_is_as_of_the_last_edition(two_vintages: Any) -> None:
    path = two_vintages.home.published
    everything = rows(path, "from latest.figure order by all")
    assert everything == rows(path, "from as_of(9999) order by all")
    assert len(everything) == len({(*row[:3], row[-1]) for row in everything})  # by definition
    assert "recovered" not in {row[5] for row in everything}


def test_the_command_line_reads_as_of(two_vintages: Any, run: Any) -> None:
    sql = (
        "select value, edition from as_of_observation "
        "where indicator = 'gross_product' and reference_year = 2012"
    )
    found = {
        edition: json.loads(
            run(two_vintages.home, "query", sql, "--format", "json", "--as-of", edition).out
        )
        for edition in ("2018", "2024", "2026")
    }
    # as printed in the editions of 2018 and 2023 and in the made one of 2025
    assert found == {
        "2018": [{"value": 5650.2, "edition": 2018}],
        "2024": [{"value": 5393.1, "edition": 2023}],
        "2026": [{"value": 5500.0, "edition": 2025}],
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("from as_of_observation",), "as_of_observation"),
        (("drop view as_of_observation", "--as-of", "2018"), "Expected one SELECT"),
        (("from read_csv('/etc/passwd')", "--as-of", "2018"), "disabled"),
    ],
)
def test_it_opens_no_door(
    two_vintages: Any, run: Any, arguments: tuple[str, ...], said: str
) -> None:
    answer = run(two_vintages.home, "query", *arguments)
    assert (answer.code, answer.out) == (1, "")
    assert said in answer.err


def test_an_older_client_has_view_and_macro(two_vintages: Any) -> None:
    client = Path(sys.executable).with_name("duckdb")
    if not client.exists():
        pytest.skip("the duckdb command line is not installed")
    sql = (
        "select (select count(*) from latest.figure), (select count(*) from as_of(9999)), "
        "split_part(version(), '.', 1)"
    )
    command = [str(client), "-readonly", "-csv", "-noheader", str(two_vintages.home.published)]
    done = subprocess.run([*command, "-c", sql], capture_output=True, text=True, check=True)
    count = rows(two_vintages.home.published, "select count(*) from latest.figure")[0][0]
    assert done.stdout.strip() == f"{count},{count},v1"
