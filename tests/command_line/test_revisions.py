"""Revisions: the real ones among the small landing's editions, and a made one after a refresh."""

from typing import Any

import pytest

from assets.warehouse.reader import query

# As the documents print them: gross product (100 million yuan) in the editions of 2018 and 2023,
# population (10,000 persons) in those of 2019 and 2023.
REAL = {
    ("gross_product", 2010): (4120.75, 3943.7),
    ("gross_product", 2012): (5650.2, 5393.1),
    ("gross_product", 2018): (8246.07, 8104.1),
    ("population_year_end", 2012): (2578.0, 2550.0),
    ("population_year_end", 2019): (2647.0, 2509.0),
}


def revisions(home: Any, where: str = "true") -> list[dict[str, Any]]:
    found = query(home, f"from release.revision where {where} order by all")
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def test_the_census_revisions_are_found(refreshed: Any) -> None:
    rows = revisions(refreshed.home)
    found = {(r["indicator"], r["reference_year"]): (r["old_value"], r["new_value"]) for r in rows}
    assert {key: found.get(key) for key in REAL} == REAL
    for row in rows:
        change = 100 * (row["new_value"] / row["old_value"] - 1)
        assert row["change_pct"] == pytest.approx(change, rel=1e-9)  # cancellation: 1e-16 / 1e-3
        assert row["old_edition"] < row["new_edition"]
    # 2019: 8718.3 in the editions of 2019 and 2023, and so no revision
    assert ("gross_product", 2019) not in found


def test_nothing_is_new_in_the_first_vintage(refreshed: Any) -> None:
    assert revisions(refreshed.home, "is_new") == []
    assert "Revised figures" not in refreshed.answer.out


def test_what_a_refresh_revised_is_marked_with_its_vintage(two_vintages: Any) -> None:
    (row,) = revisions(two_vintages.home, "is_new")
    assert row["vintage"].startswith("0002-")
    assert (row["old_source"], row["old_edition"]) == ("nbs_regional_annual", 2023)
    assert (row["new_source"], row["new_edition"]) == ("made_revision", 2025)
    assert (row["old_value"], row["new_value"], row["unit"]) == (5393.1, 5500.0, "100m_cny")
    others = revisions(two_vintages.home, "not is_new")
    assert {other["vintage"][:5] for other in others} == {"0001-"}


def test_the_summary_tells_revisions_and_what_they_moved(two_vintages: Any) -> None:
    out = two_vintages.answer.out
    revised = out.split("Revised figures, new in this vintage")[1].split("Index values that")[0]
    (line,) = (line for line in revised.splitlines() if "gross_product" in line)
    # 5500 / 5393.1 = 1.01982
    assert line.split()[-4:] == ["5393.1", "5500", "100m_cny", "+1.98"]
    moved = out.split("Index values that moved with them, against vintage 0001-")[1]
    lines = [line.split() for line in moved.split("=====")[0].splitlines() if " EG " in line]
    # 5393.1 and 5500 over 2550; PI moved as well, but by a re-issue that revises nothing
    values = ["EG", "2012", "2.114941", "2.156863", "+1.98", "gross_product", "2012"]
    assert lines == [
        ["gansu_gdp_revised", "CN-GS", "latest", *values],
        ["gansu_official_2012_2019", "CN-GS", "latest", *values],
    ]
    assert " PI " not in moved.split("=====")[0]
