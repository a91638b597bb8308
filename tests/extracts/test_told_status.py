"""What notes, titles and footnote marks say of the status of figures is heard, or asked for."""

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.extracts.cards.content import merge
from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.meaning.printed_text import part_by_marks

Try = Callable[..., Document]
WORDS = {
    "初步核算数": "provisional",
    "快报数": "provisional",
    "预计数": "forecast",
    "估计数": "estimated",
    "preliminary": "provisional",
    "修订数": "revised",
}
MARKS = ("①", "*", "(1)", "[a]", "²", "†")


@pytest.fixture
def attempt(catalogue: ModuleType, landing: Path) -> Try:
    """Read the lines of a CSV file of Gansu's product in 2017 to 2019."""

    def of(lines: list[str], **changes: Any) -> Document:
        axes = {"indicator": {"down": "指标"}, "year": {"across": 1}}
        raw = ("\n".join(lines) + "\n").encode()
        card = catalogue.sound_card("t.csv", raw, {"1": {"axes": axes}}, 2025)
        catalogue.write_folder(landing, merge({**card, "region": "CN-GS"}, changes), raw, 2025)
        return read_document(landing / catalogue.SOURCE / "2025/card.yaml", landing)

    return of


def statuses(document: Document) -> dict[int, str]:
    return {row.reference_year: row.status for row in document.observations}


def table(
    years: tuple[str, str, str] = ("2017年", "2018年", "2019年"),
    label: str = "地区生产总值(亿元)",
    figures: tuple[str, str, str] = ("7336.7", "8104.1", "8718.3"),
) -> list[str]:
    return [",".join(["指标", *years]), ",".join([label, *figures])]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    word=st.sampled_from(sorted(WORDS)),
    mark=st.sampled_from(MARKS),
    on=st.sampled_from(["year", "figure", "label", "nothing"]),
    note=st.sampled_from(
        ["注：{m}为{w}", "{m}{w}", "注：{m} {w}；表内其他数据为年报数。", "{m}: {w}."]
    ),
)
def test_a_footnote_mark_says_what_its_note_says(
    attempt: Try, word: str, mark: str, on: str, note: str
) -> None:
    lines = [*table(), note.format(m=mark, w=word)]
    if on == "year":
        lines[0] = lines[0].replace("2019年", f"2019年{mark}")
    elif on == "figure":
        lines[1] = lines[1].replace("8718.3", f"8718.3{mark}")
    elif on == "label":
        lines[1] = lines[1].replace("总值", f"总值{mark}")
    if on == "nothing" and WORDS[word] != "revised":
        with pytest.raises(DocumentError, match="not clearly of which"):
            attempt(lines)
        return
    marked = {"year": [2019], "figure": [2019], "label": [2017, 2018, 2019], "nothing": []}[on]
    wanted = {year: WORDS[word] if year in marked else "final" for year in (2017, 2018, 2019)}
    assert statuses(attempt(lines)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("注：2019年为初步核算数。", {2019: "provisional"}),
        ("注：2018-2019年数据为快报数", {2018: "provisional", 2019: "provisional"}),
        ("Note: 2019 data are preliminary.", {2019: "provisional"}),
        ("Note: data for 2019 are preliminary", {2019: "provisional"}),
        ("注：1.2018年为初步数；2.2019年为预计数。", {2018: "provisional", 2019: "forecast"}),
        ("注：本表数据为初步数", dict.fromkeys((2017, 2018, 2019), "provisional")),
        ("注：2017年及以前数据已根据普查修订", {}),
        ("注：本表按当年价格计算。", {}),
    ],
)
def test_a_note_about_years(attempt: Try, text: str, wanted: dict[int, str]) -> None:
    usual = dict.fromkeys((2017, 2018, 2019), "final")
    assert statuses(attempt([*table(), text])) == usual | wanted


def test_a_letter_behind_a_year_is_a_mark(attempt: Try) -> None:
    lines = [*table(("2017", "2018", "2019a")), "a) Preliminary figures."]
    assert statuses(attempt(lines)) == {2017: "final", 2018: "final", 2019: "provisional"}


def test_a_title_says_the_status_of_all(attempt: Try) -> None:
    found = statuses(attempt(["主要指标（初步核算）", *table()]))
    assert set(found.values()) == {"provisional"}


@pytest.mark.parametrize(
    "text", ["注：最新一年为快报数。", "Note: the latest figure is an estimate.", "*为预计数"]
)
def test_a_text_that_does_not_say_which_is_asked_for(attempt: Try, text: str) -> None:
    """The card's years, its status for all, or that none is meant: each settles it."""
    lines = [*table(), text]
    with pytest.raises(DocumentError) as caught:
        attempt(lines)
    assert caught.value.cell == "A3"
    by_years, ignored = (
        yaml.safe_load(line)
        for line in re.findall(r"^\s+((?:statuses|ignore): .+)$", caught.value.advice, re.MULTILINE)
    )
    by_years["statuses"]["provisional"] = 2019
    found = statuses(attempt(lines, tables={"1": by_years}))
    assert found == {2017: "final", 2018: "final", 2019: "provisional"}
    assert set(statuses(attempt(lines, tables={"1": ignored})).values()) == {"final"}
    assert set(statuses(attempt(lines, status="provisional")).values()) == {"provisional"}


def test_a_key_to_marks_that_stand_beside_numbers_is_no_doubt(attempt: Try) -> None:
    lines = [*table(figures=("7336.7", "8104.1", "8718.3 p")), "Note: p = preliminary; e = other"]
    assert statuses(attempt(lines))[2019] == "provisional"


def test_marks_part_a_note() -> None:
    assert part_by_marks("注：①为初步数；②不含兰州市。") == [("①", "为初步数"), ("②", "不含兰州市")]
    assert part_by_marks("注：本表为年报数") == [("", "注：本表为年报数")]
