"""The readable page of a study, against a small warehouse and against the paper."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.extracts.written.year_list import year_ranges
from assets.papers.printed_number import agrees
from assets.poverty.study_files.study import load_studies
from assets.release.results.study_lines import CoefficientLine
from assets.warehouse.connection import kept_open
from orchestration.commands.pages.numbers import number
from orchestration.commands.pages.page import StudyPage
from orchestration.commands.pages.study_page import sign_changes, study_page

STUDIES = [study.study for study in load_studies()]


@pytest.fixture(scope="module", autouse=True)
def _as_in_a_command() -> Iterator[None]:
    with kept_open():
        yield


@pytest.fixture(scope="module")
def paper(built: Any) -> StudyPage:
    return study_page(built.home, "he_2012_2019", built.vintage)


def rows_of(page: StudyPage, title: str) -> dict[str, tuple[str, ...]]:
    """Rows of the one table whose title begins so, by their second cell."""
    [table] = [table for table in page.tables if table.title.startswith(title)]
    return {row[1]: row for row in table.rows}


@pytest.mark.parametrize("study", STUDIES)
def test_every_study_has_a_page_of_even_tables(built: Any, study: str) -> None:
    page = study_page(built.home, study, built.vintage)
    assert page.heading.startswith(f"{study}: ")
    assert page.tables or any("NOT FITTED" in line for line in page.lines)
    for table in page.tables:
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.headings)}
        assert all(isinstance(cell, str) for row in table.rows for cell in row)


def test_the_recovered_sample_is_called_recovered(paper: StudyPage) -> None:
    assert paper.lines == (
        "Sample recovered: n = 8 (2012-2019); RECOVERED sample: computed from a paper's tables, "
        "not official data; its years are only an order of rows, so nothing that rests on time is "
        "known.",
    )


def test_the_tables_are_the_papers(paper: StudyPage) -> None:
    titles = [table.title[:7] for table in paper.tables]
    assert titles == ["Table 2", "Table 3", "Table 4", "Table 5", "Table 6", "Table 6"]
    # As printed in the paper: Table 2 PI, Table 3 AIG with PI, Table 4, Table 5 and Table 6 IM.
    low, high = map(float, rows_of(paper, "Table 2")["PI"][2:4])
    assert agrees(low, "0.009")
    assert agrees(high, "0.332")
    assert rows_of(paper, "Table 3")["AIG–PI"][2] == "-0.777**"
    assert rows_of(paper, "Table 4")["0.998"][3:6] == ("0.988", "150.264", "0.001")
    # Without the two stars that the paper prints: the p of a ridge coefficient is no test.
    assert rows_of(paper, "Table 6. ")["IM"][2:7] == ("-0.434", "0.076", "-5.706", "0.011", "")


def test_variables_stand_in_the_models_order(paper: StudyPage) -> None:
    assert list(rows_of(paper, "Table 2")) == ["PI", "AIG", "IM", "aEDI", "EG"]
    assert list(rows_of(paper, "Table 5")) == ["const", "AIG", "IM", "aEDI", "EG"]


def test_the_comparison_with_the_paper_closes_the_page(paper: StudyPage) -> None:
    head, *differing = paper.closing[-3:]
    assert head == (
        "Of 82 numbers printed in the paper, 80 agree within half a unit of their last digit; "
        "2 differ:"
    )
    assert differing[0].startswith("    Table 4, R2: printed 0.998, computed 0.995")
    assert differing[1].startswith("    Table 6, p of AIG: printed 0.043, computed 0.66")
    assert all(line.endswith(")") and "(Table " in line for line in differing)


def test_a_study_without_model_shows_its_indices(built: Any) -> None:
    page = study_page(built.home, "gansu_gdp_revised", built.vintage)
    [table] = page.tables
    assert table.title == "Index values"
    assert table.headings == ("index", "unit", "year", "first_printed", "latest")
    assert [row[2] for row in table.rows] == [str(year) for year in range(2010, 2020)]
    assert page.closing == ()


def test_a_refusal_is_on_the_page_with_its_cells(built: Any) -> None:
    # These four sources lack Gansu's persons counted, so nothing of it can be fitted.
    page = study_page(built.home, "gansu_official_2012_2019", built.vintage)
    for sample in ("first_printed", "latest"):
        [line] = [line for line in page.lines if line.startswith(f"Sample {sample}: NOT FITTED")]
        assert "observations are too few" in line
        assert "2012 lacks " in line
    assert not [line for line in page.closing if "equation" in line]


def test_missing_indices_are_named_by_year(built: Any) -> None:
    page = study_page(built.home, "gansu_official_2012_2019", built.vintage)
    assert "Sample latest: no IM for any year." in page.lines


def test_another_vintage_has_no_results(built: Any) -> None:
    page = study_page(built.home, "he_2012_2019", "0099-00000000")
    assert page.closing == ()
    assert [table.title for table in page.tables] == ["Index values"]


def expand(text: str) -> list[int]:
    """2012-2015, 2019 back to years."""
    years: list[int] = []
    for part in filter(None, text.split(", ")):
        first, _, last = part.partition("-")
        years += range(int(first), int(last or first) + 1)
    return years


@given(st.sets(st.integers(1949, 2100)))
def test_year_ranges_go_there_and_back(years: set[int]) -> None:
    text = year_ranges(sorted(years))
    assert expand(text) == sorted(years)
    # As short as can be: no two parts touch.
    parts = [expand(part) for part in filter(None, text.split(", "))]
    assert all(two[0] > one[-1] + 1 for one, two in pairwise(parts))


def test_year_ranges_as_a_reader_expects() -> None:
    assert year_ranges([2012, 2013, 2014, 2015, 2019]) == "2012-2015, 2019"
    assert year_ranges([2012]) == "2012"
    assert year_ranges([]) == ""


def coefficient(estimator: str, term: str, sample: str, value: float) -> CoefficientLine:
    return CoefficientLine(
        sample=sample,
        region="CN-GS",
        estimator=estimator,
        term=term,
        term_order={"AIG": 1, "EG": 2}[term],
        coefficient=value,
        std_error=None,
        t=None,
        p=None,
        stars="",
        vif=None,
        n=8,
        r2=None,
    )


def test_sign_changes_say_which_and_where() -> None:
    lines = sign_changes(
        [
            coefficient("ols", "AIG", "first", -0.0344),
            coefficient("ols", "AIG", "latest", 0.12),
            coefficient("ols", "EG", "first", -0.5),
            coefficient("ols", "EG", "latest", -0.25),
            coefficient("ridge", "AIG", "first", -0.1),
            coefficient("ridge", "AIG", "latest", -0.2),
        ]
    )
    assert lines == [
        "OLS: the sign changes between samples for AIG (-0.034 in first, 0.120 in latest); "
        "it stays the same for EG.",
        "Ridge: no coefficient changes sign between the samples.",
    ]


def test_sign_changes_of_all_terms() -> None:
    [line] = sign_changes(
        [
            coefficient("ols", "AIG", "a", 1.0),
            coefficient("ols", "AIG", "b", -1.0),
            coefficient("ols", "EG", "a", 1.0),
            coefficient("ols", "EG", "b", -2.0),
        ]
    )
    assert line == (
        "OLS: the sign changes between samples for AIG (1.000 in a, -1.000 in b); "
        "EG (1.000 in a, -2.000 in b)."
    )


def test_one_sample_has_no_sign_to_compare() -> None:
    alone = [coefficient(name, "AIG", "latest", -1.0) for name in ("ols", "ridge")]
    assert sign_changes(alone) == []
    assert sign_changes([]) == []


def test_numbers_as_text() -> None:
    assert number(None) == ""
    assert number(0.0005) == "0.001"
    assert number(2.0, 4) == "2.0000"
