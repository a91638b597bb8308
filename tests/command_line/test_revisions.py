"""Revisions: the real ones among the small landing's editions, and a made one after a refresh."""

import re
from typing import Any

import duckdb
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


def test_a_census_is_inferred_and_few_editions_say_nothing(refreshed: Any) -> None:
    """Nine of ten years revised downwards in the edition of 2023, after the censuses."""
    found = query(
        refreshed.home,
        "select indicator, edition, reprinted, revised, cause, stated from model.revision_cause "
        "where region = 'CN-GS' order by indicator",
    )
    assert [tuple(row) for row in found.rows] == [
        ("gross_product", 2023, 10, 9, "benchmark", None),
        ("population_year_end", 2023, 10, 9, "benchmark", None),
    ]
    said = query(
        refreshed.home,
        "select distinct bias, nature, efficient_horizon from model.first_print where editions > 0",
    )
    assert [tuple(row) for row in said.rows] == [("cannot say", "cannot say", None)]


def test_the_page_of_an_indicator(two_vintages: Any, run: Any) -> None:
    """By its printed label; the card of 2025 says why, of which the pattern cannot tell."""
    answer = run(two_vintages.home, "revisions", "--indicator", "地区生产总值", "--region", "CN-GS")
    assert answer.code == 0
    lines = [line.split() for line in answer.out.splitlines()]
    # 2012 was printed 5650.2 in 2018, 5393.1 in 2023 and 5500 in 2025.
    figure = ["CN-GS", "gross_product", "2012", "5650.2", "2018", "5500", "2025", "100m_cny"]
    assert [*figure, "-2.66"] in lines
    causes = [line for line in lines if line[:2] == ["CN-GS", "gross_product"] and "of" in line]
    assert ["2025", "1", "of", "1"] in [line[2:6] for line in causes]
    assert [line[-4:] for line in causes if line[2] == "2025"] == [
        ["correction", "card", "cannot", "say"]
    ]
    assert "population" not in answer.out
    assert "Index values" not in answer.out


def test_an_indicator_that_is_not_known(refreshed: Any, run: Any) -> None:
    answer = run(refreshed.home, "revisions", "--indicator", "gross_prodct")
    assert answer.code == 1
    assert "Nearest: gross_product" in answer.err


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
    moved = out.split("Index values that moved, with the named document's")[1]
    lines = [line.split() for line in moved.split("=====")[0].splitlines() if " EG " in line]
    # 5393.1 and 5500 over 2550; PI moved as well, but by a re-issue that revises nothing
    values = ["EG", "2012", "2.114941", "2.156863", "+1.98"]
    assert lines == [
        ["made_revision/2025", "gansu_gdp_revised", "CN-GS", "latest", *values],
        ["made_revision/2025", "gansu_official_2012_2019", "CN-GS", "latest", *values],
    ]
    assert " PI " not in moved.split("=====")[0]


def test_the_effect_is_kept_with_its_document(two_vintages: Any) -> None:
    columns = "source, edition, sample, kind, item, reference_year, old_value, new_value"
    sql = (
        f"select {columns} from model.revision_effect "
        "where study = 'gansu_gdp_revised' and prints = 'revised'"
    )
    # as printed: product of 5393.1 and 5500 (100 million yuan) over 2550 (10,000 persons)
    assert query(two_vintages.home, sql).rows == [
        *[("made_revision", 2025, "latest", "index", "EG", 2012, 5393.1 / 2550, 5500 / 2550)],
    ]
    assert (
        query(two_vintages.home, "select vintage from model.document_before")
        .rows[0][0]
        .startswith("0001-")
    )


def test_nothing_has_an_effect_in_the_first_vintage(refreshed: Any) -> None:
    assert query(refreshed.home, "from model.revision_effect").rows == []
    assert "that moved, with" not in refreshed.answer.out


@pytest.mark.slow  # a refresh of its own
def test_a_third_refresh_without_documents_has_no_effects(
    two_vintages: Any, run: Any, tools: Any, tmp_path: Any
) -> None:
    home = tools.copied(two_vintages.home, tmp_path / "home")
    tools.reissue(home.landing, "made_revision/2025", "1999,950.0", "1999,951.0")
    assert run(home, "refresh").code == 0
    latest = "select count(*) from model.revision_effect where vintage like '0003-%'"
    assert query(home, latest).rows == [(0,)]


def report_lines(out: str, title: str) -> list[list[str]]:
    """The cells of one table of the report, split at blanks."""
    table = out.split(title)[1].split("\n\n")[0]
    return [line.split() for line in table.splitlines() if line.strip()]


def test_the_report_shows_what_the_census_did_to_gansu(refreshed: Any, run: Any) -> None:
    answer = run(refreshed.home, "revisions", "--region", "CN-GS", "--all")
    assert answer.code == 0
    revised = report_lines(answer.out, "Each revision, the most revised indicator first")
    changes = [float(line[-1]) for line in revised if "population_year_end" in line]
    assert changes == sorted(changes, key=abs, reverse=True)
    # 2019: 8718.3 in every edition, over 2647 persons first, 2509 after the census (10,000 each):
    # 3.293653 and 3.474811; 2012: 5650.2 / 2578 and 5393.1 / 2550
    index = report_lines(answer.out, "Index values on first prints and on the latest")
    of_gdp = {line[3]: line[4:] for line in index if line[0] == "gansu_gdp_revised"}
    assert of_gdp["2019"] == ["3.293653", "3.474811", "+5.5"]
    assert of_gdp["2012"] == ["2.191699", "2.114941", "-3.5"]


def test_known_has_a_line_for_every_year(refreshed: Any, run: Any) -> None:
    answer = run(refreshed.home, "known", "gansu_official_2012_2019")
    assert answer.code == 0
    strict, lenient = answer.out.split("=====\n")[1:]
    for text in (strict, lenient):
        years = re.findall(r"^ +(20[0-9]{2})  ", text, re.MULTILINE)
        assert years == [str(year) for year in range(2018, 2027)] * 2  # OLS and ridge
    assert "observations are too few for 2 regressors" in strict
    # no document of 2021 and 2022 is in the small landing, so nothing became known
    assert re.findall(r"^ +(202[12]) .*as 2020", strict, re.MULTILINE) == ["2021", "2022"] * 2
    assert "(in no document at hand)" in strict


def test_known_names_the_studies_it_has(refreshed: Any, run: Any) -> None:
    answer = run(refreshed.home, "known", "nosuch")
    assert answer.code == 1
    assert "There is no study with a fit by year known 'nosuch'; there are " in answer.err
    assert "gansu_official_2012_2019" in answer.err


def test_a_warehouse_of_an_older_version_is_told_apart(home: Any, run: Any, tools: Any) -> None:
    release = home.published.resolve()
    tools.spoil(release, "drop table model.known_fit; drop table model.revision_effect")
    for command in (("known", "china_2012_2019"), ("revisions",)):
        answer = run(home, *command)
        assert answer.code == 1
        assert "Run `yearbook refresh`." in answer.err


def test_where_a_region_has_no_revision_those_that_have_are_named(refreshed, run) -> None:
    answer = run(refreshed.home, "revisions", "--region", "西藏")
    assert answer.code == 0
    assert answer.out.startswith("No figure of CN-XZ was printed otherwise later.\nCN-GS has ")
    told = int(answer.out.rsplit("CN-GS has ", 1)[1].rstrip(".\n"))
    with duckdb.connect(refreshed.home.published, read_only=True) as connection:
        counted = "select count(*) from release.revision where region = 'CN-GS'"
        assert connection.execute(counted).fetchone() == (told,)
