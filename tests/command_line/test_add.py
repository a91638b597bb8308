"""`yearbook add`: editions that never existed (MADE UP) of shipped sources, changed in known ways.

Each is filed in every layout and kind of file; what the ordinary reader then reads is held against
the figures the edition was made of.
"""

import csv
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from assets.extracts.document import Document, read_document
from assets.warehouse.home import HOME_VARIABLE
from orchestration.commands.cli import main

pytestmark = pytest.mark.usefixtures("one_reading_process")

SHIPPED = Path(__file__).parents[2] / "landing"
OWN = Path(__file__).parent / "documents"  # no shipped source prints a tidy table every year
SOURCES = (
    "gansu_communique",
    "gansu_population",
    "nbs_regional_accounts",
    "nbs_regional_annual",
)
KINDS = ("csv", "xlsx", "xls", "ods", "html", "pdf")
Rows = list[list[Any]]


@dataclass(frozen=True)
class Said:
    """What the command printed and returned."""

    code: int
    out: str
    err: str

    @property
    def questions(self) -> list[str]:
        return re.findall(r"^\d+\. \[(.+?)\] ", self.out, re.MULTILINE)


@dataclass(frozen=True)
class Desk:
    """A home with a few shipped sources, and the command at work in it."""

    root: Path
    containers: Any
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    def file(self, rows: Rows, kind: str, name: str) -> Path:
        makers: Mapping[str, Callable[[Rows], bytes]] = {
            "csv": _csv,
            "xlsx": self.containers.xlsx,
            "xls": self.containers.xls,
            "ods": self.containers.ods,
            "html": self.containers.html_page,
            "pdf": self.pdf,
        }
        path = self.root / f"{name}.{kind}"
        path.write_bytes(makers[kind](rows))
        return path

    def pdf(self, rows: Rows) -> bytes:
        """A ruled table; title above and notes below it are plain text."""
        filled = [sum(cell is not None for cell in row) > 1 for row in rows]
        header = filled.index(True) + 1
        end = len(rows) - filled[::-1].index(True)
        lines = [row if full else [row[0], None] for row, full in zip(rows, filled, strict=True)]
        made: bytes = self.containers.pdf(lines, header=(header, header), end=end)
        return made

    def add(self, path: Path, *options: str, typed: str | None = None) -> Said:
        """Run the command; typed: what a person types, a line for each question."""
        self.monkeypatch.setattr("sys.stdin", io.StringIO(typed or ""))
        code = main(["add", str(path), "--note", "MADE UP", *options])
        printed = self.capsys.readouterr()
        return Said(code, printed.out, printed.err)

    def read(self, key: str) -> Document:
        return read_document(self.landing / key / "card.yaml", self.landing)

    def card(self, key: str) -> dict[str, Any]:
        card: dict[str, Any] = yaml.safe_load((self.landing / key / "card.yaml").read_text())
        return card

    def tree(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.landing)): path.read_bytes()
            for path in sorted(self.landing.rglob("*"))
            if path.is_file()
        }


def _csv(rows: Rows) -> bytes:
    out = io.StringIO()
    width = max(map(len, rows))
    csv.writer(out, lineterminator="\n").writerows(
        [["" if cell is None else cell for cell in row] + [""] * (width - len(row)) for row in rows]
    )
    return out.getvalue().encode()


@pytest.fixture
def desk(
    tmp_path: Path,
    containers: Any,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    for source in SOURCES:
        shutil.copytree(SHIPPED / source, tmp_path / "landing" / source)
    shutil.copytree(OWN, tmp_path / "landing", dirs_exist_ok=True)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return Desk(tmp_path, containers, capsys, monkeypatch)


def export(*body: Sequence[Any], years: Sequence[int] = (2025, 2024), notes: Rows = ()) -> Rows:  # type: ignore[assignment]
    """An export of Gansu's yearly data, as nbs_regional_annual/2024 is laid out."""
    return [
        ["数据库：分省年度数据"],
        ["地区：甘肃省"],
        [f"时间：{min(years)}-{max(years)}"],
        ["指标", *(f"{year}年" for year in years)],
        *([*row] for row in body),
        *notes,
        ["数据来源：国家统计局"],
    ]


GDP = ["地区生产总值(亿元)", 13700.5, 13002.9]
PEOPLE = ["年末常住人口(万人)", 2450, 2458]
NEXT = "nbs_regional_annual/2025"


@dataclass(frozen=True)
class Edition:
    """A made-up edition with every kind of change at once, and the truth of it."""

    name: str  # of the file; the year in it is the edition
    rows: Rows
    key: str
    changes: tuple[str, ...]  # one question each
    truth: Mapping[tuple[str, int], float]  # in canonical units


EDITIONS = {
    "nbs_export": Edition(
        "annual_2025",
        export(  # 地区生产总值 renamed, moved below, in 万元, with a footnote, 2023 revised
            ["年末常住人口①(万人)", 2450, 2458, 2465],
            ["生产总值(万元)", 137005000, 130029000, 118700000],
            years=(2025, 2024, 2023),
            notes=[["①含现役军人。"]],
        ),
        NEXT,
        ("renamed:地区生产总值", "unit:生产总值", "moved:生产总值", "footnote:①"),
        {
            ("gross_product", 2025): 13700.5,
            ("gross_product", 2024): 13002.9,
            ("gross_product", 2023): 11870.0,
            ("population_year_end", 2025): 2450.0,
            ("population_year_end", 2024): 2458.0,
            ("population_year_end", 2023): 2465.0,
        },
    ),
    "down": Edition(
        "人口2020",
        [
            ["甘肃省年末常住人口", None],
            ["Resident Population of Gansu at Year-end", None],
            ["单位：千人", None],
            ["年份", "年末人口①"],
            *([year, people] for year, people in ((2017, 26260), (2018, 26370), (2019, 26480))),
            [2020, 25010],
            ["①2020年为人口普查数。", None],
        ],
        "gansu_population/2020",
        ("renamed:年末常住人口", "unit:年末人口", "footnote:①"),
        {
            ("population_year_end", 2017): 2626.0,
            ("population_year_end", 2018): 2637.0,
            ("population_year_end", 2019): 2648.0,
            ("population_year_end", 2020): 2501.0,
        },
    ),
    "across": Edition(
        "公报2017",
        [
            ["2016年甘肃省国民经济和社会发展主要指标"],
            ["Main Indicators of Gansu, 2016"],
            ["指标\nIndicator", "2016年", "2015年"],
            ["人均地区生产总值(元)", 27643, 26200],
            ["第一产业(万元)①", 9734700, 9545400],
            ["①按当年价格计算。"],
        ],
        "gansu_communique/2017",
        ("renamed:第一产业增加值", "unit:第一产业", "moved:第一产业", "footnote:①"),
        {
            ("gross_product_per_head", 2016): 27643.0,
            ("gross_product_per_head", 2015): 26200.0,
            ("primary_industry_value_added", 2016): 973.47,
            ("primary_industry_value_added", 2015): 954.54,
        },
    ),
    "tidy": Edition(
        "figures_2019",
        [
            ["indicator", "region", "year", "value", "unit"],
            ["社会消费品零售总额", "CN", 2018, 3809870000, "万元"],
            ["社会消费品零售总额", "CN", 2017, 3662617000, "万元"],
            ["社会消费品零售总额", "CN", 2016, 3323500000, "万元"],
        ],
        "monthly_retail/2019",
        ("renamed:total_retail_sales", "unit:社会消费品零售总额"),
        {
            ("total_retail_sales", 2018): 380987.0,
            ("total_retail_sales", 2017): 366261.7,
            ("total_retail_sales", 2016): 332350.0,
        },
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layout", EDITIONS)
def test_a_changed_edition_is_filed_in_every_layout_and_kind_of_file(
    desk: Desk, layout: str, kind: str
) -> None:
    edition = EDITIONS[layout]
    if (layout, kind) == ("tidy", "pdf"):
        pytest.skip("nobody prints a tidy table")
    path = desk.file(edition.rows, kind, edition.name)
    before = edition.key.split("/")[0] + "/" + LATEST[edition.key]
    options = ("--like", before, "--published-on", f"{edition.key[-4:]}-10-05")
    said = desk.add(path, *options, typed="\n" * 20)
    assert said.code == 0, said.err
    placed = [key for key in said.questions if key.startswith("place:")]
    # Its sheet has another name than in the edition before, or it is on a page now.
    assert len(placed) <= 1
    assert sorted(set(said.questions) - {*placed}) == sorted(edition.changes)
    asked = len(edition.changes) + len(placed)
    assert f"{asked} questions, {asked} answered by you." in said.out
    read = desk.read(edition.key)
    found = {(row.indicator, row.reference_year): row.value for row in read.observations}
    assert found == pytest.approx(edition.truth, rel=1e-12)
    assert said.out.rstrip().endswith("Next: yearbook refresh")


LATEST = {
    NEXT: "2024",
    "gansu_population/2020": "2019",
    "gansu_communique/2017": "2016",
    "monthly_retail/2019": "2018",
}


@pytest.mark.parametrize("layout", ["nbs_export", "tidy"])
def test_what_is_certain_needs_no_answer(desk: Desk, layout: str) -> None:
    edition = EDITIONS[layout]
    kind = "xlsx" if layout == "nbs_export" else "csv"
    said = desk.add(desk.file(edition.rows, kind, edition.name), "--yes")
    assert said.code == 0, said.err
    assert ", 0 answered by you." in said.out
    for key in edition.changes:
        assert key in said.questions
    assert said.out.count("taken by --yes") == len(said.questions)
    assert desk.read(edition.key).card.edition == int(edition.key[-4:])


def test_an_edition_like_the_one_before_raises_no_question_but_its_day(desk: Desk) -> None:
    path = desk.file(export(GDP, PEOPLE), "xlsx", "annual_2025")
    said = desk.add(path, "--yes", "--published-on", "2025-10-05")
    assert said.code == 0, said.err
    assert said.questions == ["place:1"]  # its only sheet has another name
    card = desk.card(NEXT)
    assert card.pop("document")["file"] == "annual_2025.xlsx"
    assert card.pop("accessed_on")
    assert {key: str(value) for key, value in card.items()} == {
        "extends": "../2024/card.yaml",
        "edition": "2025",
        "title": "Regional annual data of Gansu (E0103): 2025",
        "published_on": "2025-10-05",
        "note": "MADE UP",
        "tables": "{'1': {'sheet': '9-1'}}",
    }


def test_every_value_that_differs_is_shown_with_its_change(desk: Desk) -> None:
    rows = export([*GDP[:1], 13700.5, 13132.929], PEOPLE)
    said = desk.add(desk.file(rows, "csv", "annual_2025"), "--yes")
    assert "Figures: 1 as before, 1 differ, 2 printed for the first time (2025)." in said.out
    line = next(line for line in said.out.splitlines() if "13132.929" in line)
    # 13132.929 is 1 % above the 13002.9 of edition 2024
    assert " ".join(line.split()) == (
        "gross_product CN-GS 2024 13002.9 13132.929 +1.00 100m_cny 2024 C5"
    )


def test_a_unit_slip_is_named_where_no_unit_is_printed(desk: Desk) -> None:
    rows = export(["地区生产总值", 137005000, 130029000], PEOPLE)
    path = desk.file(rows, "csv", "annual_2025")
    stopped = desk.add(path, "--yes", "--like", "nbs_regional_annual/2023")
    assert stopped.code == 1  # 2023 and 2025 share no year: the nearest ones do not settle it
    assert "10^4 times as large as that unit allows: a unit slip" in stopped.out
    assert "--answer 'unit:地区生产总值=WORD'" in stopped.err
    said = desk.add(path, "--yes", "--answer", "unit:地区生产总值=changed")
    assert said.code == 0, said.err
    assert "2 questions" not in stopped.out
    assert desk.card(NEXT)["tables"]["1"]["units"] == {"地区生产总值": "万元"}
    assert desk.read(NEXT).observations[0].value == 13700.5


def test_a_unit_that_is_no_longer_printed_is_stated_if_the_numbers_agree(desk: Desk) -> None:
    rows = export(
        ["地区生产总值", 13700.5, 13002.9, 11863.8], [*PEOPLE, 2465], years=(2025, 2024, 2023)
    )
    said = desk.add(desk.file(rows, "csv", "annual_2025"), "--yes")
    assert said.code == 0, said.err
    assert desk.card(NEXT)["tables"]["1"]["units"] == {"地区生产总值": "亿元"}


def test_numbers_that_contradict_the_printed_unit_stop(desk: Desk) -> None:
    rows = export(["地区生产总值(亿元)", 137005000, 130029000], PEOPLE)
    before = desk.tree()
    said = desk.add(desk.file(rows, "csv", "annual_2025"), "--yes")
    assert said.code == 1
    assert "prints the unit '亿元'" in said.out
    assert "a unit slip of 10^4" in said.out
    assert "unit:地区生产总值=WORD" in said.err
    assert desk.tree() == before


def test_one_cell_off_by_a_power_of_ten_stops(desk: Desk) -> None:
    rows = export(
        ["地区生产总值(亿元)", 13700.5, 13002.9, 118638, 11121.4],
        [*PEOPLE, 2465, 2492],
        years=(2025, 2024, 2023, 2022),
    )
    said = desk.add(desk.file(rows, "csv", "annual_2025"), "--yes")
    assert said.code == 1
    assert said.questions[-1] == "value:地区生产总值:2023"
    assert "'118638' in cell D5" in said.out


def test_a_label_that_is_gone_or_unclear_needs_an_answer(desk: Desk) -> None:
    path = desk.file(export(GDP), "csv", "annual_2025")
    stopped = desk.add(path, "--yes")
    assert stopped.code == 1
    assert stopped.questions[-1] == "gone:年末常住人口"
    said = desk.add(path, "--yes", "--answer", "gone:年末常住人口=gone")
    assert said.code == 0, said.err
    assert "1 answered by you" in said.out
    assert desk.card(NEXT)["tables"]["1"]["ignore"] == ["年末常住人口"]


def test_a_new_label_is_ignored_or_given_its_meaning(desk: Desk) -> None:
    rows = export(
        GDP, PEOPLE, ["城镇登记失业率(%)", 3.1, 3.2], ["农村贫困人口规模(万人)", 1.5, 2.5]
    )
    path = desk.file(rows, "csv", "annual_2025")
    stopped = desk.add(path, "--yes")
    assert "taken by --yes: ignore" in stopped.out  # no label is like the first
    assert "Question 3 (new:农村贫困人口规模) needs your answer" in stopped.err
    said = desk.add(path, "--yes", "--answer", "new:农村贫困人口规模=rural_poor_population")
    assert said.code == 0, said.err
    table = desk.card(NEXT)["tables"]["1"]
    assert table["ignore"] == ["城镇登记失业率"]
    assert table["labels"] == {"农村贫困人口规模": "rural_poor_population"}


def test_a_label_that_does_not_tell_its_definition_needs_an_answer(desk: Desk) -> None:
    path = desk.file(export(GDP, ["年末总人口(万人)", 2450, 2458]), "csv", "annual_2025")
    stopped = desk.add(path, "--yes")
    assert stopped.code == 1
    assert "definition:年末总人口=WORD" in stopped.err
    said = desk.add(path, "--yes", "--answer", "definition:年末总人口=registered")
    assert said.code == 0, said.err
    assert desk.card(NEXT)["tables"]["1"]["definitions"] == {"年末总人口": "registered"}
    read = {row.indicator: row.definition for row in desk.read(NEXT).observations}
    assert read == {"gross_product": "own", "population_year_end": "registered"}


def test_two_labels_that_may_both_be_the_old_one_need_an_answer(desk: Desk) -> None:
    rows = export(GDP, ["年末人口总量(万人)", 2450, 2458], ["年末人口总数(万人)", 2451, 2458.5])
    said = desk.add(
        desk.file(rows, "csv", "annual_2025"), "--yes", "--like", "nbs_regional_annual/2024"
    )
    assert said.code == 1
    assert "renamed:年末常住人口=WORD" in said.err


def test_a_footnote_without_its_text_or_with_other_figures_needs_an_answer(desk: Desk) -> None:
    rows = export(GDP, ["年末常住人口②(万人)", 2450, 2458])
    said = desk.add(desk.file(rows, "csv", "annual_2025"), "--yes")
    assert said.code == 1
    assert "its text is not in the table" in said.out
    assert "footnote:②=WORD" in said.err
    rows = export(GDP, ["年末常住人口②(万人)", 2050, 2058], notes=[["②户籍人口。"]])
    said = desk.add(desk.file(rows, "csv", "annual_2025"), "--yes")
    assert said.code == 1
    assert "'②户籍人口。' says another" in said.out


def test_a_table_on_another_sheet_is_found_by_its_labels(desk: Desk) -> None:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["中国统计年鉴2025"])
    for row in export(GDP, PEOPLE):
        (book["2-5"] if "2-5" in book.sheetnames else book.create_sheet("2-5")).append(row)
    path = desk.root / "annual.xlsx"
    book.save(path)
    said = desk.add(path, "--yes")
    assert said.code == 0, said.err
    assert "edition 2025: sheet 说明, cell A1: '中国统计年鉴2025'" in said.out
    assert "place:1" in said.questions
    assert desk.card(NEXT)["tables"]["1"] == {"sheet": "2-5"}


def test_another_layout_is_recognised(desk: Desk) -> None:
    rows = [
        ["年份", "地区生产总值(亿元)", "年末常住人口(万人)"],
        [2023, 11863.8, 2465],
        [2024, 13002.9, 2458],
        [2025, 13700.5, 2450],
    ]
    said = desk.add(
        desk.file(rows, "csv", "annual_2025"), "--like", "nbs_regional_annual/2024", "--yes"
    )
    assert said.code == 0, said.err
    table = desk.card(NEXT)["tables"]["1"]
    assert table["axes"] == "years_down"


def test_the_edition_is_asked_for_where_nothing_states_it(desk: Desk) -> None:
    path = desk.file(export(GDP, PEOPLE), "csv", "annual")
    stopped = desk.add(path, "--yes")
    assert stopped.code == 1
    assert "(edition) needs your answer" in stopped.err
    assert desk.add(path, "--yes", "--edition", "2025", "--dry-run").code == 0
    typed = desk.add(path, "--dry-run", typed="\n2026\n")
    assert "It would be landing/nbs_regional_annual/2026/." in typed.out
    early = desk.add(path, "--yes", "--edition", "2024")
    assert early.code == 1
    assert "Edition 2024 does not lie after nbs_regional_annual/2024" in early.err


def test_the_day_is_taken_from_where_it_is_stated(desk: Desk) -> None:
    rows = export(GDP, PEOPLE, notes=[["注：2025年11月20日发布。"]])
    said = desk.add(desk.file(rows, "csv", "annual"), "--yes")
    assert said.code == 0, said.err
    assert said.questions == []
    assert str(desk.card(NEXT)["published_on"]) == "2025-11-20"
    assert "edition 2025: the day of publication, 2025-11-20" in said.out


def test_a_dry_run_and_a_stop_change_nothing(desk: Desk) -> None:
    path = desk.file(export(GDP, PEOPLE), "csv", "annual_2025")
    before = desk.tree()
    said = desk.add(path, "--yes", "--dry-run")
    assert said.code == 0
    assert "nothing was filed" in said.out
    stopped = desk.add(path, typed="stop\n")
    assert stopped.code == 1
    assert "Stopped at question 1 (published_on)" in stopped.err
    assert desk.add(path).code == 1  # nobody types anything
    assert desk.tree() == before


def test_what_is_typed_wrongly_is_asked_again(desk: Desk) -> None:
    path = desk.file(export(GDP), "csv", "annual_2025")
    said = desk.add(path, "--published-on", "2025-10-05", typed="gonne\ngone\n")
    assert said.code == 0, said.err
    assert "'gonne' is no answer." in said.out


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("gone:年末常住人口=maybe", "expected gone / stop"),
        ("gone:人口=gone", "--answer names a question that was not asked: gone:人口"),
    ],
)
def test_a_wrong_answer_files_nothing(desk: Desk, answer: str, told: str) -> None:
    path = desk.file(export(GDP), "csv", "annual_2025")
    right = () if "年末" in answer else ("--answer", "gone:年末常住人口=gone")
    said = desk.add(path, "--yes", "--answer", answer, *right)
    assert said.code == 1
    assert told in said.err
    assert not (desk.landing / NEXT).exists()


def test_what_is_filed_already_is_not_filed_again(desk: Desk) -> None:
    copy = desk.root / "again.xlsx"
    shutil.copyfile(desk.landing / "nbs_regional_annual/2024/annual.xlsx", copy)
    said = desk.add(copy, "--yes")
    assert said.code == 1
    assert "filed already, with the same sha256: landing/nbs_regional_annual/2024/" in said.err


def test_an_edition_that_is_there_already_is_not_replaced(desk: Desk) -> None:
    assert desk.add(desk.file(export(GDP, PEOPLE), "csv", "annual_2025"), "--yes").code == 0
    before = desk.tree()
    other = desk.file(export(GDP, ["年末常住人口(万人)", 2451, 2458]), "csv", "again_2025")
    said = desk.add(other, "--yes", "--like", "nbs_regional_annual/2024")
    assert said.code == 1
    assert "landing/nbs_regional_annual/2025: this edition is there already" in said.err
    assert desk.tree() == before


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("annual_2025.xlsx", b"PK\x03\x04 cut off", "cut off or damaged"),
        ("annual_2025.xlsx", b"no workbook", "is no workbook"),
        ("annual_2025.csv", b"", "the file is empty"),
        ("annual_2025.csv", b"a,b\n\x00,1\n", "NUL byte"),
        ("annual_2025.docx", b"words", "of no kind a reader knows"),
        ("annual_2025.csv", b"name,city\nAnn,Bern\n", "there is no table with a header"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    desk: Desk, name: str, content: bytes, told: str
) -> None:
    path = desk.root / name
    path.write_bytes(content)
    before = desk.tree()
    said = desk.add(path, "--yes")
    assert said.code == 1
    assert told in said.err
    assert said.err.endswith("Nothing was filed.\n")
    assert desk.tree() == before
    assert desk.add(desk.root / "nowhere.csv").code == 1


def test_a_wrong_edition_to_compare_with_is_refused(desk: Desk) -> None:
    path = desk.file(export(GDP, PEOPLE), "csv", "annual_2025")
    said = desk.add(path, "--yes", "--like", "monthly_retail/2018")
    assert said.code == 1
    assert "table 1 of monthly_retail/2018 is nowhere in it" in said.err
    assert desk.add(path, "--like", "nobody/2020").code == 1
    with pytest.raises(SystemExit) as caught:
        desk.add(path, "--like", "nbs_regional_annual")
    assert caught.value.code == 2


@pytest.mark.parametrize("kind", ["csv", "xlsx", "html"])
def test_an_export_of_another_province_is_refused_in_every_layout(desk: Desk, kind: str) -> None:
    rows = export(["年末常住人口(万人)", 2480, 2487])
    rows[1] = ["地区：上海市"]
    path = desk.file(rows, kind, "annual_2025")
    before = desk.tree()
    said = desk.add(path, "--like", "nbs_regional_annual/2024", "--edition", "2025", "--yes")
    assert said.code != 0
    assert "cell A2: '地区：上海市' names 上海市 (CN-SH)" in said.err
    assert "甘肃省 (CN-GS)" in said.err
    assert not said.questions
    assert desk.tree() == before


def test_no_layout_is_offered_because_a_stricter_one_refused(desk: Desk) -> None:
    rows = export(GDP, PEOPLE)
    del rows[1]  # an export of a province without its region line
    said = desk.add(desk.file(rows, "csv", "annual_2025"), "--like", "nbs_regional_annual/2024")
    assert said.code != 0
    assert "no line 地区：… or Region: … stands above the table" in said.err
    assert not said.questions


def test_the_region_line_that_was_found_is_shown(desk: Desk) -> None:
    said = desk.add(desk.file(export(GDP, PEOPLE), "csv", "annual_2025"), "--yes", "--dry-run")
    assert said.code == 0
    assert "Region of table 1: 地区：甘肃省 (A2)" in said.out


def test_what_the_ordinary_reader_refuses_is_not_filed(desk: Desk) -> None:
    rows = export(GDP, ["年末常住人口(万人)", "2450万", 2458])
    said = desk.add(desk.file(rows, "csv", "annual_2025"), "--yes")
    assert said.code == 1
    assert "cell B6: '2450万' is not a number" in said.err
    assert not (desk.landing / NEXT).exists()


def test_a_kill_before_the_rename_leaves_no_document(desk: Desk) -> None:
    path = desk.file(export(GDP, PEOPLE), "csv", "annual_2025")
    script = (
        "import os, sys; from orchestration.commands.cli import main\n"
        "os.rename = lambda *places: os._exit(9)\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", script, "add", str(path), "--yes"]
    killed = subprocess.run(command, env=os.environ.copy(), capture_output=True, check=False)
    assert killed.returncode == 9
    assert not (desk.landing / NEXT).exists()
    assert (desk.landing / "nbs_regional_annual/.adding-2025/card.yaml").exists()
    assert desk.add(path, "--yes").code == 0
    left = [each for each in (desk.landing / "nbs_regional_annual").iterdir() if each.is_dir()]
    assert sorted(each.name for each in left) == ["2023", "2024", "2025"]


def made(desk: Desk, key: str, rows: Rows | Mapping[str, Rows], tables: dict[str, Any]) -> None:
    """File a made-up edition by hand, as the one to compare with."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet, lines in (rows if isinstance(rows, Mapping) else {"9-1": rows}).items():
        page = book.create_sheet(sheet)
        for line in lines:
            page.append(line)
    folder = desk.landing / key
    folder.mkdir(parents=True)
    book.save(folder / "made.xlsx")
    data = (folder / "made.xlsx").read_bytes()
    card = yaml.safe_load((desk.landing / "gansu_communique/2016/card.yaml").read_text())
    source, edition = key.split("/")
    card |= {"source": source, "edition": int(edition), "title": "MADE UP", "tables": tables}
    digest = hashlib.sha256(data).hexdigest()
    card["document"] = {"file": "made.xlsx", "sha256": digest, "bytes": len(data)}
    (folder / "card.yaml").write_text(yaml.safe_dump(card, allow_unicode=True))


DOWN = {"axes": "years_down"}


def test_a_unit_the_card_states_is_asked_about_when_the_document_prints_another(
    desk: Desk,
) -> None:
    rows = [["年份", "地区生产总值"], [2022, 11121.4], [2023, 11863.8]]
    made(desk, "made_up/2024", rows, {"1": {**DOWN, "unit": "亿元"}})
    now = [["年份", "地区生产总值(万元)"], [2023, 118638000], [2022, 111214000], [2024, 130029000]]
    said = desk.add(desk.file(now, "csv", "gdp_2025"), "--like", "made_up/2024", "--yes")
    assert said.code == 0, said.err
    assert "unit:地区生产总值" in said.questions
    assert desk.card("made_up/2025")["tables"]["1"] == {"unit": "万元"}


def test_a_moved_column_is_asked_about(desk: Desk) -> None:
    head = ["年份", "地区生产总值(亿元)", "年末常住人口(万人)", "人均地区生产总值(元)"]
    rows = [head, [2022, 11121.4, 2492, 44628], [2023, 11863.8, 2465, 48129]]
    made(desk, "made_up/2024", rows, {"1": DOWN})
    now = [[row[0], row[2], row[3], row[1]] for row in rows]
    path = desk.file(now, "xlsx", "gdp_2025")
    said = desk.add(path, "--like", "made_up/2024", "--yes")
    assert said.code == 0, said.err
    moved = [key for key in said.questions if key.startswith("moved:")]
    assert moved == ["moved:地区生产总值"]  # one column moved behind the two others
    assert "column 4, in the edition before 2" in said.out


def test_regions_down_a_column_have_not_moved(desk: Desk) -> None:
    head = ["地区", "地区生产总值(亿元)", "年末常住人口(万人)"]
    rows = [["时间：2023年"], head, ["甘肃省", 11863.8, 2465], ["青海省", 3799.1, 594]]
    axes = {
        "indicator": {"across": 1},
        "region": {"down": "地区"},
        "year": {"once": "line"},
        "lines": ["时间：{year}年"],
    }
    made(desk, "made_up/2024", rows, {"1": {"axes": axes}})
    now = [["时间：2024年"], head, ["甘肃省", 13002.9, 2458], ["青海省", 3950.8, 593]]
    said = desk.add(desk.file(now, "csv", "gdp_2025"), "--like", "made_up/2024", "--yes")
    assert said.code == 0, said.err
    assert [key for key in said.questions if key.startswith("moved:")] == []
    turned = [[row[0], *reversed(row[1:])] for row in now]
    again = desk.add(desk.file(turned, "csv", "gdp_2026"), "--like", "made_up/2024", "--yes")
    assert [key for key in again.questions if key.startswith("moved:")] == ["moved:地区生产总值"]


def test_an_edition_is_read_with_the_axes_of_the_one_before(desk: Desk) -> None:
    rows = [["分地区人口"], ["地区", 2022, 2023], ["甘肃", 2492, 2465], ["青海", 595, 594]]
    axes = {
        "indicator": {"once": "population_year_end"},
        "region": {"down": "地区"},
        "year": {"across": 1},
        "lines": ["分地区人口"],
    }
    made(desk, "made_up/2024", rows, {"1": {"axes": axes, "unit": "万人"}})
    now = [["分地区人口"], ["地区", 2023, 2024], ["甘肃", 2465, 2458], ["青海", 594, 593]]
    path = desk.file(now, "xlsx", "population_2025")
    said = desk.add(path, "--like", "made_up/2024", "--yes")
    assert said.code == 0, said.err
    assert "tables" not in desk.card("made_up/2025")
    assert len(desk.read("made_up/2025").observations) == 4


def test_regions_of_one_label_are_one_line_and_a_new_note_is_a_question(desk: Desk) -> None:
    axes = {
        "indicator": {"once": "population_year_end"},
        "region": {"down": "地区"},
        "year": {"across": 1},
    }
    rows = [["地区", 2022, 2023], ["甘肃", 2492, 2465], ["青海", 595, 594]]
    made(desk, "made_up/2024", rows, {"1": {"axes": axes, "unit": "万人"}})
    now = [["地区", 2023, 2024], ["甘肃", 2465, 2458], ["青海", 594, 593], ["注：含农垦", "", ""]]
    path = desk.file(now, "xlsx", "population_2025")
    stopped = desk.add(path, "--like", "made_up/2024", "--yes")
    assert stopped.code == 1
    assert "matched (2 regions)" in stopped.out
    assert stopped.out.count("matched") == 1
    assert stopped.questions[-1] == "notes"
    said = desk.add(path, "--like", "made_up/2024", "--yes", "--answer", "notes=nothing")
    assert said.code == 0, said.err
    assert desk.card("made_up/2025")["tables"] == {"1": {"ignore": ["注：含农垦"]}}
    assert len(desk.read("made_up/2025").observations) == 4


@pytest.mark.parametrize(
    ("title", "filed"),
    [("分地区人口 (2024年)", True), ("分地区户籍人口 (2024年)", False), ("甲", False)],
)
def test_another_title_is_asked_about_and_taken_if_only_its_numbers_differ(
    desk: Desk, title: str, filed: bool
) -> None:
    before = "分地区人口 (2023年)"
    rows = [[before], ["地区", 2022, 2023], ["甘肃", 2492, 2465], ["青海", 595, 594]]
    axes = {
        "indicator": {"once": "population_year_end"},
        "region": {"down": "地区"},
        "year": {"across": 1},
        "lines": [before],
    }
    made(desk, "made_up/2024", rows, {"1": {"axes": axes, "unit": "万人"}})
    now = [[title], ["地区", 2023, 2024], ["甘肃", 2465, 2458], ["青海", 594, 593]]
    path = desk.file(now, "xlsx", "population_2025")
    said = desk.add(path, "--like", "made_up/2024", "--yes")
    assert (said.code == 0) == filed, said.err
    if filed:
        assert f"below '{title}' in the place of '{before}'" in said.out
        assert desk.card("made_up/2025")["tables"] == {"1": {"axes": {"lines": [title]}}}
        assert len(desk.read("made_up/2025").observations) == 4
    else:
        assert not (desk.landing / "made_up/2025").exists()


def test_labels_that_were_exchanged_stop(desk: Desk) -> None:
    made(
        desk,
        "made_up/2024",
        [
            ["指标", "2023年"],
            ["城镇居民人均可支配收入(元)", 39833],
            ["农村居民人均可支配收入(元)", 13131],
        ],
        {"1": {"axes": "years_across"}},
    )
    now = [
        ["指标", "2024年", "2023年"],
        ["城镇居民人均可支配收入(元)", 14000, 13131],
        ["农村居民人均可支配收入(元)", 41500, 39833],
    ]
    said = desk.add(desk.file(now, "csv", "income_2025"), "--like", "made_up/2024", "--yes")
    assert said.code == 1
    assert said.questions[-1] == "level:城镇居民人均可支配收入"
    assert "0 of 1 shared years agree" in said.out


def test_tables_on_several_sheets_are_asked_about_one_by_one(desk: Desk) -> None:
    first = [["指标", "2023年"], ["地区生产总值(亿元)", 11863.8]]
    second = [["指标", "2023年"], ["年末常住人口(万人)", 2465]]
    across = {"axes": "years_across"}
    tables = {"2-1": {**across, "sheet": "2-1"}, "3-1": {**across, "sheet": "3-1"}}
    made(desk, "made_up/2024", {"2-1": first, "3-1": second}, tables)
    book = openpyxl.Workbook()
    book.active.title = "2-1"
    for row in (["指标", "2024年", "2023年"], ["地区生产总值(亿元)", 13002.9, 11863.8]):
        book.active.append(row)
    page = book.create_sheet("3-2")
    for row in (["指标", "2024年", "2023年"], ["常住人口总量(万人)", 2458, 2465]):
        page.append(row)
    path = desk.root / "made_2025.xlsx"
    book.save(path)
    said = desk.add(path, "--like", "made_up/2024", typed="\n\n\n")
    assert said.code == 0, said.err
    assert said.questions == ["place:3-1", "published_on", "3-1/renamed:年末常住人口"]
    assert desk.card("made_up/2025")["tables"] == {
        "3-1": {
            "sheet": "3-2",
            "ignore": ["年末常住人口"],
            "labels": {"常住人口总量": "population_year_end"},
        }
    }


def test_a_table_over_two_pages_is_found_on_the_same_pages(desk: Desk) -> None:
    head = ["年份", "地区生产总值(亿元)"]
    old = [["甘肃省", None], head, *([year, 5000.5 + year] for year in range(2014, 2024))]
    folder = desk.landing / "made_up/2024"
    folder.mkdir(parents=True)
    data = desk.containers.pdf(old, header=(2, 2), break_before=8)
    (folder / "made.pdf").write_bytes(data)
    card = yaml.safe_load((desk.landing / "gansu_communique/2016/card.yaml").read_text())
    digest = hashlib.sha256(data).hexdigest()
    card |= {"source": "made_up", "edition": 2024, "title": "MADE UP"}
    card["document"] = {"file": "made.pdf", "sha256": digest, "bytes": len(data)}
    card["tables"] = {"1": {**DOWN, "page": "1-2"}}
    (folder / "card.yaml").write_text(yaml.safe_dump(card, allow_unicode=True))
    path = desk.root / "made_2025.pdf"
    path.write_bytes(desk.containers.pdf([*old, [2024, 7024.5]], header=(2, 2), break_before=8))
    said = desk.add(path, "--like", "made_up/2024", "--yes")
    assert said.code == 0, said.err
    assert said.questions == ["published_on"]
    assert len(desk.read("made_up/2025").observations) == 11


def test_a_document_laid_into_landing_by_hand_is_no_filed_one(desk: Desk) -> None:
    path = desk.file(export(GDP, PEOPLE), "csv", "annual_2025")
    folder = desk.landing / NEXT
    folder.mkdir()
    shutil.copyfile(path, folder / path.name)
    said = desk.add(path, "--yes")
    assert said.code == 1
    assert "this folder is there already, without a card" in said.err


def test_the_next_edition_of_a_papers_tables(desk: Desk) -> None:
    shutil.copytree(SHIPPED / "he_gansu_paper", desk.landing / "he_gansu_paper")
    [old] = (desk.landing / "he_gansu_paper/2023").glob("*.xlsx")
    book = openpyxl.load_workbook(old)
    book.create_sheet("MADE UP")
    book.save(desk.root / "paper_2024.xlsx")
    said = desk.add(desk.root / "paper_2024.xlsx", "--yes", "--like", "he_gansu_paper/2023")
    assert said.code == 0, said.err
    assert "printed statistics were read" in said.out
    before = desk.read("he_gansu_paper/2023").statistics
    assert len(desk.read("he_gansu_paper/2024").statistics) == len(before)


def test_a_filed_edition_is_published_by_the_next_refresh(
    changed: Any, tools: Any, tmp_path: Path
) -> None:
    """In a git clone of the small landing: only files under landing/ are new."""
    filed, answer = changed.said["add"], changed.said["refresh"]
    assert filed.code == 0, filed.err
    assert ", 0 answered by you." in filed.out
    assert "new: 1 (nbs_regional_annual/2025)" in answer.out
    assert "Published vintage" in answer.out
    home = tools.copied(changed.home, tmp_path / "home")
    status = ["git", "status", "--porcelain", "--untracked-files=all"]
    new = subprocess.run(status, cwd=home.root, check=True, capture_output=True, text=True).stdout
    assert new.splitlines() == [
        "?? landing/nbs_regional_annual/2025/annual_2025.xlsx",
        "?? landing/nbs_regional_annual/2025/card.yaml",
    ]
