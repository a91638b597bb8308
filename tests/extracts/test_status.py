"""What a document says of its figures' status, in every place where it may say so."""

from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.files.text_file import load_text
from assets.extracts.layouts.cells import parse_number, parse_year, year_status
from assets.extracts.meaning.status import (
    STATUSES,
    Flags,
    Marked,
    Status,
    least_sure,
    read_flags,
    split_status,
)
from assets.extracts.proposing.proposal import proposals

# Marks that state a status whatever they stand behind.
MARKS: dict[str, Status] = {
    "(p)": "provisional",
    "（P）": "provisional",
    "[e]": "estimated",
    "(f)": "forecast",
    "(r)": "revised",
    "(初步)": "provisional",
    "（初步核算数）": "provisional",
    " (快报)": "provisional",
    "\n(预计)": "forecast",
    "（预测数）": "forecast",
    "(估计)": "estimated",
    "（修订数）": "revised",
    "(preliminary)": "provisional",
    " (Provisional)": "provisional",
    "(estimated)": "estimated",
    "(projection)": "forecast",
    "（最终核实数）": "final",
}
BEHIND_DIGITS: dict[str, Status] = {
    "p": "provisional",
    " p": "provisional",
    "e": "estimated",
    " E": "estimated",
    "f": "forecast",
    "r": "revised",
    "初步核算数": "provisional",
    "快报": "provisional",
    " est.": "estimated",
}
NO_STATUS = (
    "上半年",
    "(上半年)",
    "比上年增长",
    "(现价)",
    "(万元)",
    "前三季度",
    "(x)",
    "(a)",
    "(初步设计)",
)


@pytest.mark.parametrize(("mark", "status"), [*MARKS.items(), *BEHIND_DIGITS.items()])
def test_marks_behind_years_and_numbers(mark: str, status: Status) -> None:
    for year in ("2019", "2019年", "２０１９"):
        assert (parse_year(year + mark), year_status(year + mark)) == (2019, status)
    number = parse_number("106,324.20" + mark)
    assert (str(number.value), number.decimals, number.status) == ("106324.20", 2, status)


@pytest.mark.parametrize("capital", ["E", "P", "F"])
def test_a_capital_right_behind_a_year_is_a_status_behind_a_number_an_error(capital: str) -> None:
    assert year_status(f"2020{capital}") == {"E": "estimated", "P": "provisional"}.get(
        capital, "forecast"
    )
    with pytest.raises(ValueError, match="not a number"):
        parse_number(f"2647{capital}")


@pytest.mark.parametrize("qualifier", NO_STATUS)
def test_another_qualifier_is_no_status(qualifier: str) -> None:
    assert split_status(f"2019年{qualifier}").status is None
    if qualifier not in ("(a)", "(x)"):  # a footnote
        assert parse_year(f"2019年{qualifier}") is None


def test_footnotes_beside_a_status_stay_footnotes() -> None:
    assert split_status("2647.43① (p)") == Marked("2647.43", "①", "provisional")
    assert split_status("2019年(初步)②") == Marked("2019年", "②", "provisional")
    assert split_status("*2019(1)") == Marked("2019", "* (1)", None)
    assert split_status("2647ᵖ") == Marked("2647", "", "provisional")
    assert split_status("(p)") == Marked("(p)", "", None)
    assert split_status("人口预测") == Marked("人口预测", "", None)


@given(
    st.text(st.sampled_from("0123456789年., "), min_size=1).filter(lambda text: text.strip()),
    st.lists(st.sampled_from([*MARKS]), max_size=3),
)
def test_no_digit_is_lost_and_the_least_sure_mark_counts(text: str, marks: list[str]) -> None:
    bare = split_status(text).bare
    marked = split_status(text + "".join(marks))
    assert marked.bare == bare
    assert marked.status == least_sure([MARKS[mark] for mark in marks])


@given(st.lists(st.sampled_from([None, *STATUSES])))
def test_the_least_sure_is_one_of_those_stated(statuses: list[Status | None]) -> None:
    stated = [status for status in statuses if status is not None]
    found = least_sure(statuses)
    assert found in stated if stated else found is None
    assert all(STATUSES.index(each) <= STATUSES.index(found) for each in stated if found)


@pytest.mark.parametrize(
    ("flag", "read"),
    [
        ("", Flags(None, ())),
        ("p", Flags("provisional", ())),
        (" E ", Flags("estimated", ())),
        ("A", Flags("final", ())),
        ("s", Flags("estimated", ())),
        ("S", Flags(None, ("strike or another special event",))),
        ("bep", Flags("estimated", ("break in the series",))),
        ("b,p", Flags("provisional", ("break in the series",))),
        ("(r)", Flags("revised", ())),
        ("初步核算数", Flags("provisional", ())),
        ("Forecast", Flags("forecast", ())),
    ],
)
def test_flags(flag: str, read: Flags) -> None:
    assert read_flags(flag) == read


@pytest.mark.parametrize("flag", ["x", "2019", "上半年", "e!", "pt"])
def test_an_unknown_flag_is_refused(flag: str) -> None:
    with pytest.raises(ValueError, match="no flag"):
        read_flags(flag)


@pytest.fixture
def read(catalogue: ModuleType, landing: Any) -> Any:
    def read(text: str, table: dict[str, Any] | None = None, **changes: Any) -> Document:
        catalogue.write_csv(landing, text, table, **changes)
        return read_document(landing / "damaged_source/2020/card.yaml", landing)

    return read


def statuses(document: Document) -> dict[int, tuple[float, str, str]]:
    return {
        row.reference_year: (row.value, row.status, row.status_code)
        for row in document.observations
    }


ACROSS = {"axes": "years_across", "unit": "亿元"}


def test_a_provisional_year_of_an_export_is_read(read: Any) -> None:
    text = (
        "数据库：分省年度数据\n地区：甘肃省\n时间：最近3年\n指标,2019年(初步),2018年,2017年\n"
        "地区生产总值(亿元),8718.3,8104.1,7336.7\n"
    )
    assert statuses(read(text)) == {
        2019: (8718.3, "provisional", "P"),
        2018: (8104.1, "final", "A"),
        2017: (7336.7, "final", "A"),
    }


@pytest.mark.parametrize(
    "heading", ["2019\n(初步)", "2019年初步核算数", "2019 p", "2019（快报数）"]
)
def test_headings_across_and_down_state_a_status(read: Any, heading: str) -> None:
    across = read(f'指标,"{heading}",2018\n地区生产总值,8718.3,8104.1\n', ACROSS)
    down = read(
        f'年份,地区生产总值\n2018,8104.1\n"{heading}",8718.3\n', {**ACROSS, "axes": "years_down"}
    )
    assert statuses(across) == statuses(down)
    assert statuses(down)[2019] == (8718.3, "provisional", "P")


def test_a_status_behind_a_number_is_of_that_number_alone(read: Any) -> None:
    text = "年份,地区生产总值,年末常住人口(万人)\n2018,8104.1,2515\n2019,8718.3(p),2509\n"
    document = read(
        text, {**ACROSS, "axes": "years_down", "unit": None, "units": {"地区生产总值": "亿元"}}
    )
    found = {(row.indicator, row.reference_year): row for row in document.observations}
    assert found["gross_product", 2019].status == "provisional"
    assert found["gross_product", 2019].note is None
    assert found["population_year_end", 2019].status == "final"


def test_a_label_states_a_status_and_keeps_its_meaning(read: Any) -> None:
    for label in ("地区生产总值(初步核算)", "地区生产总值(初步)(亿元)", "地区生产总值(亿元)(初步)"):
        document = read(f"指标,2019,2018(修订)\n{label},8718.3,8104.1\n", ACROSS)
        assert {row.indicator for row in document.observations} == {"gross_product"}
        # The year is revised, the label says provisional: the less sure counts.
        assert {row.status for row in document.observations} == {"provisional"}


ROWS = {
    "axes": {
        "indicator": {"across": 1},
        "region": {"down": "geo"},
        "year": {"down": "TIME_PERIOD"},
    },
    "status_column": "OBS_FLAG",
    "labels": {"OBS_VALUE": "gross_product"},
    "unit": "亿元",
}
FLAGGED = (
    "geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
    "CN,2018,919281.1,\nCN,2019,986515.2,be\nCN,2020,1013567.0,f\n"
)


def test_a_column_of_flags_states_the_status(read: Any) -> None:
    document = read(FLAGGED, ROWS, region="CN")
    assert statuses(document) == {
        2018: (919281.1, "final", "A"),
        2019: (986515.2, "estimated", "E"),
        2020: (1013567.0, "forecast", "F"),
    }
    notes = {row.reference_year: row.note for row in document.observations}
    assert notes == {2018: None, 2019: "break in the series", 2020: None}


def test_a_column_of_flags_that_the_card_does_not_name_stops_the_document(read: Any) -> None:
    table = {**ROWS, "status_column": None, "ignore": ["OBS_FLAG"]}
    with pytest.raises(DocumentError, match="status_column: OBS_FLAG") as stopped:
        read(FLAGGED, table, region="CN")
    assert stopped.value.cell == "D1"
    with pytest.raises(DocumentError, match="'q!' is no flag"):
        read(FLAGGED.replace(",be", ",q!"), ROWS, region="CN")


def test_typed_figures_may_have_flags(read: Any) -> None:
    text = "indicator,region,year,value,unit,flag\ngross_product,CN-GS,2019,8718.3,亿元,p\n"
    document = read(text, {"axes": "typed", "status_column": "flag"})
    assert statuses(document) == {2019: (8718.3, "provisional", "P")}
    with pytest.raises(DocumentError, match="status_column: flag"):
        read(text, {"axes": "typed"})


def test_the_card_states_the_status_where_no_mark_does(read: Any) -> None:
    text = "指标,2019年,2018年(修订)\n地区生产总值,8718.3,8104.1\n"
    assert statuses(read(text, ACROSS, status="provisional")) == {
        2019: (8718.3, "provisional", "P"),
        2018: (8104.1, "revised", "A"),
    }
    assert statuses(read(text, ACROSS, standing="forecast"))[2019][1] == "forecast"
    assert statuses(read(text, ACROSS, standing="estimate"))[2019][1] == "estimated"


WIDE = {"axes": {"indicator": {"down": "TIME"}, "year": {"across": 1}, "flags": "beside"}}


@pytest.mark.parametrize("heading", ["", "Flags"])
def test_flags_beside_each_year_are_its_figures(read: Any, heading: str) -> None:
    text = f"TIME,2018,{heading},2019,{heading}\n地区生产总值(亿元),8104.1,,8718.3,bp\n"
    document = read(text, WIDE)
    assert statuses(document) == {
        2018: (8104.1, "final", "A"),
        2019: (8718.3, "provisional", "P"),
    }
    assert [row.note for row in document.observations] == [None, "break in the series"]
    unread = {"axes": {"indicator": {"down": "TIME"}, "year": {"across": 1}}}
    with pytest.raises(DocumentError, match='"flags": "beside"'):
        read(text, unread)
    with pytest.raises(DocumentError, match="'12' is no flag"):
        read(text.replace("bp", "12"), WIDE)


BULK = (
    "freq,unit,geo\\TIME_PERIOD\t2018 \t2019 \t2020 \nA,万人,CN-GS\t2515 b\t2509 p\t: c\n"
    "A,万人,CN-QH\t587 \t590 e\t593 \n"
)


def test_flags_behind_the_numbers_of_a_bulk_file(
    catalogue: ModuleType, landing: Any, tmp_path: Any
) -> None:
    axes: dict[str, Any] = {
        "indicator": {"once": "population_year_end"},
        "region": {"down": "geo\\TIME_PERIOD"},
        "year": {"across": 1},
        "unit": "unit",
        "left_out": {"columns": ["freq"]},
    }

    def of(**more: Any) -> Document:
        table = {"axes": {**axes, **more}, "marks": {":": "not_available"}}
        card = catalogue.sound_card("t.tsv", BULK.encode(), {"1": table})
        catalogue.write_folder(landing, {**card, "region": "CN"}, BULK.encode())
        return read_document(landing / "damaged_source/2020/card.yaml", landing)

    rows = of(flags="behind").observations
    assert {(r.region, r.reference_year): (r.value, r.status, r.note) for r in rows} == {
        ("CN-GS", 2018): (2515, "final", "break in the series"),
        ("CN-GS", 2019): (2509, "provisional", None),
        ("CN-QH", 2018): (587, "final", None),
        ("CN-QH", 2019): (590, "estimated", None),
        ("CN-QH", 2020): (593, "final", None),
    }
    with pytest.raises(DocumentError, match='"flags": "behind"'):
        of()
    path = tmp_path / "t.tsv"
    path.write_text(BULK, encoding="utf-8")
    [proposal] = proposals(load_text(path, "t.tsv", None, None))
    proposed = proposal.entry["axes"]
    assert proposed == {**axes, "indicator": proposed["indicator"], "flags": "behind"}
