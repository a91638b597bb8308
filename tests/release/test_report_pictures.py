"""What the report's pictures draw, and which results stand under which recommendation."""

import sys
from pathlib import Path
from typing import Any

import pytest

from assets.release.report import drawn
from assets.release.report.pictures import revision_pictures
from assets.release.report.pictures.drawing import HEAT
from assets.release.report.pictures.drawn_once import drawn_before, kept_drawing
from assets.release.report.pictures.revision_pictures import heat_of, heat_picture
from assets.release.report.report_rows import CurvePoint, DefinitionBreak, Result
from assets.release.report.sections.recommendations import RECOMMENDATIONS, recommendations_section
from assets.release.report.words import Cited, Flag, PageTable, Said
from assets.warehouse.queries import query_text
from assets.warehouse.store import Store


def test_a_revision_is_darker_the_further_it_went_and_says_which_way() -> None:
    moved = (0.4, -0.4, 0.5, -2.0, 4.9, 5.0, -80.0)
    assert [heat_of(percent) for percent in moved] == [1, 1, 2, 3, 3, 4, 4]
    svg = heat_picture("made", [Said("a", "甲")], [2012, 2013], {(0, 2012): 6.0, (0, 2013): -0.1})
    assert svg.count("var(--heat4)") == 1
    assert svg.count("var(--heat1)") == 1
    assert "var(--blue)" in svg
    assert "var(--red)" in svg
    assert not any(shade in svg for shade in HEAT)  # all of them follow the page's colours
    assert ">甲<" in svg


def test_from_the_same_rows_a_picture_is_not_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(percent: float) -> str:
        return heat_picture("made", [Said("a", "甲")], [2012], {(0, 2012): percent})

    alone = made(6.0)
    with drawn_before({}) as first:
        assert made(6.0) == alone
        assert list(first.now.values()) == [alone]
    monkeypatch.setattr(revision_pictures, "as_svg", lambda *_: "drawn")
    with drawn_before(first.now) as second:
        assert made(6.0) == alone
        assert second.now == first.now
        assert made(6.000000000000001) == "drawn"
    with drawn_before(first.now) as third:
        pass
    assert third.now == {}  # what no report shows any more is not kept
    assert made(6.0) == "drawn"


def test_pictures_of_the_last_report_are_kept_without_pandas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)  # to import it is an error
    store = Store(tmp_path / "working.duckdb")

    def keep(code: str, *names: str) -> dict[str, str]:
        with drawn_before(drawn.kept_pictures(store, code)) as pictures:
            for name in names:
                kept_drawing((name,), lambda name=name: f"{name} by {code}")
        drawn.keep_pictures(store, pictures, code)
        kept = drawn.kept_pictures(store, code)
        assert kept == pictures.now
        return dict(kept)

    first = keep("one", "a", "b")
    assert sorted(first.values()) == ["a by one", "b by one"]
    second = keep("one", "b", "c")
    assert sorted(second.values()) == ["b by one", "c by one"]
    assert sorted(keep("two", "b").values()) == ["b by two"]  # other code draws anew
    assert drawn.kept_pictures(store, "one") == {}


def test_the_curve_is_real_specifications_from_the_lowest_to_the_highest(built: Any) -> None:
    (vintage,) = built.store.rows("select vintage from model.vintage")[0]
    of = {"study": "he_2012_2019", "vintage": vintage}
    points = [
        CurvePoint(*row)
        for row in built.store.rows(query_text("release/report_specification_curve"), of)
    ]
    terms = {point.term for point in points}
    assert terms == {"AIG", "IM", "aEDI", "EG"}
    for term in terms:
        own = [point for point in points if point.term == term]
        ((lowest, highest, count),) = built.store.rows(
            "select min(coefficient), max(coefficient), count(*) from model.specification "
            "where study = $study and vintage = $vintage and term = $term",
            {**of, "term": term},
        )
        assert [point.percent for point in own] == list(range(0, 101, 2))
        assert (own[0].coefficient, own[-1].coefficient) == (lowest, highest)
        assert {point.of_all for point in own} == {count}
        assert sorted(point.coefficient for point in own) == [each.coefficient for each in own]


def test_a_change_of_definition_is_found_for_levels_too(built: Any) -> None:
    with built.store.transaction() as writes:
        writes.connection.execute(
            "create or replace temp table before as from indices.index_input; "
            "update indices.index_input set definition = 'registered' where sample = 'latest' "
            "and study = 'gansu_gdp_revised' and indicator = 'population_year_end' "
            "and reference_year < 2015"
        )
        found = [
            DefinitionBreak(*row)
            for row in writes.connection.execute(
                query_text("release/report_breaks"), {"study": "gansu_gdp_revised"}
            ).fetchall()
        ]
        writes.connection.execute(
            "delete from indices.index_input; insert into indices.index_input from before"
        )
    assert found == [
        DefinitionBreak("latest", "EG", 2015, "population_year_end: registered, then own")
    ]


def test_results_stand_under_the_recommendations_that_they_bear_on() -> None:
    results = [
        Result("china", "CN", "IM", "", -0.5, -1.0, 0.2, "is open", "official"),
        Result("made", None, "B1", "sales", 0.27, 0.2, 0.3, "agrees", "simulated"),
        Result("made", None, "B8", "before and since Covid", None, None, None, "x", "simulated"),
    ]
    section = recommendations_section(results)
    assert [line.en[:2] for line in section.lines] == ["R1", "R2", "R3"]
    assert all("cannot be judged" in line.en and "无法判断" in line.zh for line in section.lines)
    (table,) = section.parts
    assert isinstance(table, PageTable)
    assert [(row[0], row[1]) for row in table.rows] == [("R1", "china"), ("R2", "made")]
    assert [row[-1].en for row in table.rows if isinstance(row[-1], Said)] == [
        "official",
        "SIMULATED",
    ]
    assert [row[-2].words.en for row in table.rows if isinstance(row[-2], Flag)] == [
        "open",
        "agrees",
    ]
    assert isinstance(table.rows[0][3], Cited)
    assert recommendations_section([]).parts == ()


def test_what_bears_on_a_recommendation_is_a_result_of_the_warehouse(built: Any) -> None:
    """Of yearly studies here; claims of provinces and towns are in their specifications."""
    known = {result for (result,) in built.store.rows("select result from current.result")}
    named = {result for each in RECOMMENDATIONS for result, part in each.bears if not part}
    assert named <= known
