"""`yearbook add` for a source that is not in `landing/`: figures are made for the test.

What the document says is taken, what it does not say is asked, and without an answer refused.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import Workbook

from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.landed.reading import Answer, ReadingProcess
from assets.warehouse.home import HOME_VARIABLE
from orchestration.commands.cli import main
from orchestration.commands.conversation import filing

pytestmark = pytest.mark.usefixtures("one_reading_process")

EXPORT = (
    "数据库：分省年度数据\n指标：地区生产总值(亿元)\n时间：最近2年\n地区,2024年,2023年\n"
    "北京市,49843.1,47353.7\n甘肃省,13002.9,12320.1\n数据来源：国家统计局\n"
)


@dataclass(frozen=True)
class Said:
    """What the command printed and returned."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Desk:
    """A home with an empty landing folder, and the command at work in it."""

    root: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def add(self, path: Path, *options: str, typed: str = "") -> Said:
        self.monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(["add", str(path), *options])
        printed = self.capsys.readouterr()
        return Said(code, printed.out, printed.err)

    def text(self, text: str, name: str = "figures.csv", encoding: str = "utf-8") -> Path:
        path = self.root / name
        path.write_bytes(text.encode(encoding))
        return path

    def book(self, sheets: dict[str, Sequence[Sequence[Any]]], name: str = "figures.xlsx") -> Path:
        book = Workbook()
        assert book.active is not None
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        path = self.root / name
        book.save(path)
        return path

    def read(self, key: str) -> Document:
        landing = self.root / "landing"
        return read_document(landing / key / "card.yaml", landing)

    def card(self, key: str) -> dict[str, Any]:
        text = (self.root / "landing" / key / "card.yaml").read_text(encoding="utf-8")
        card: dict[str, Any] = yaml.safe_load(text)
        return card

    @property
    def filed(self) -> list[str]:
        return sorted(path.parent.parent.name for path in self.root.glob("landing/*/*/card.yaml"))


@pytest.fixture
def desk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Desk:
    (tmp_path / "landing").mkdir()
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return Desk(tmp_path, capsys, monkeypatch)


def known(document: Document) -> dict[tuple[str, str, int], float]:
    return {(r.indicator, r.region, r.reference_year): r.value for r in document.observations}


def test_an_export_comes_in_by_one_command(desk: Desk) -> None:
    path = desk.text(EXPORT, "provinces.csv", "gb18030")
    said = desk.add(path, "--yes", "--edition", "2025")
    assert said.code == 0, said.err
    assert known(desk.read("provinces/2025")) == {
        ("gross_product", "CN-BJ", 2024): 49843.1,
        ("gross_product", "CN-BJ", 2023): 47353.7,
        ("gross_product", "CN-GS", 2024): 13002.9,
        ("gross_product", "CN-GS", 2023): 12320.1,
    }
    card = desk.card("provinces/2025")
    assert card["publisher"] == "国家统计局"
    assert card["standing"] == "official"
    assert (card["url"], card["licence"], card["region"]) == (None, "not stated", "CN")
    assert "retyped" not in card
    assert "indicator: gross_product ('指标：地区生产总值(亿元)')" in said.out
    assert "[49843.1]" in said.out


def test_every_figure_is_boxed_in_the_picture_with_its_key(desk: Desk) -> None:
    said = desk.add(desk.text(EXPORT, "provinces.csv"), "--yes", "--edition", "2025")
    picture = desk.root / ".yearbook" / "pages" / "provinces-2025-table-1.html"
    assert str(picture) in said.out
    page = picture.read_text(encoding="utf-8")
    assert page.count('<td class="figure">') == 4
    assert "13002.9<small>gross_product CN-GS 2024 亿元 final</small>" in page


def test_a_dry_run_files_nothing(desk: Desk) -> None:
    path = desk.text(EXPORT, "provinces.csv")
    assert desk.add(path, "--yes", "--edition", "2025", "--dry-run").code == 0
    assert desk.filed == []


FROM = ("--answer", "publisher=Office", "--answer", "standing=secondary")
SAID = (*FROM, "--answer", "status=final", "--edition", "2025")


@pytest.mark.parametrize(
    ("text", "name", "question", "answer", "figure"),
    [
        (
            "年份,地区生产总值(亿元)\n2023,12320.1\n2024,13002.9\n",
            "gdp.csv",
            "region",
            "甘肃省",
            ("gross_product", "CN-GS", 2024),
        ),
        (
            "单位：亿元\n地区,2023,2024\n甘肃省,12320.1,13002.9\n",
            "gdp.csv",
            "indicator",
            "gross_product",
            ("gross_product", "CN-GS", 2024),
        ),
        (
            "单位：亿元\n地区,地区生产总值\n甘肃省,13002.9\n",
            "gdp_2024.csv",
            "year",
            "2024",
            ("gross_product", "CN-GS", 2024),
        ),
        (
            "指标：地区生产总值\n年份,甘肃省\n2024,13002.9\n",
            "gdp.csv",
            "unit",
            "亿元",
            ("gross_product", "CN-GS", 2024),
        ),
        (
            "地区,年份,地区生产总值(亿元)\n甘肃省,2024,13002.9\n甘肃省,2023,…\n",
            "gdp.csv",
            "mark/…",
            "not_available",
            ("gross_product", "CN-GS", 2024),
        ),
        (
            "地区,年份,地区生产总值(亿元)\n甘肃省,2024,13002.9\n陇原,2024,1\n",
            "gdp.csv",
            "left_out",
            "leave-out",
            ("gross_product", "CN-GS", 2024),
        ),
        (
            "地区;年份;年末常住人口(万人)\n甘肃省;2024;2,458\n",
            "people.csv",
            "decimal",
            "point",
            ("population_year_end", "CN-GS", 2024),
        ),
        (
            "地区,年份,地区生产总值(亿元)\n甘肃省,2024,13002.9\n注：含农垦\n按新行业分类\n",
            "gdp.csv",
            "notes",
            "nothing",
            ("gross_product", "CN-GS", 2024),
        ),
        (
            "地区,年份,Umsatz(亿元)\n甘肃省,2024,13002.9\n",
            "gdp.csv",
            "label/Umsatz",
            "gross_product",
            ("gross_product", "CN-GS", 2024),
        ),
    ],
)
def test_what_the_file_does_not_say_is_asked_and_can_be_answered(
    desk: Desk, text: str, name: str, question: str, answer: str, figure: tuple[str, str, int]
) -> None:
    path = desk.text(text, name)
    refused = desk.add(path, "--yes", *SAID)
    assert refused.code == 1
    assert f"--answer '{question}=WORD'" in refused.err
    assert desk.filed == []
    said = desk.add(path, "--yes", *SAID, "--answer", f"{question}={answer}")
    assert said.code == 0, said.err
    source = desk.filed[0]
    assert known(desk.read(f"{source}/2025"))[figure] in (13002.9, 2458)


@pytest.mark.parametrize("missing", ["publisher", "standing", "status", "edition"])
def test_no_fact_about_the_source_is_made_up(desk: Desk, missing: str) -> None:
    path = desk.text("地区,年份,地区生产总值(亿元)\n甘肃省,2024,13002.9\n", "gdp.csv")
    answers = {"publisher": "Office", "standing": "secondary", "status": "final", "edition": "2025"}
    given = [f"{key}={word}" for key, word in answers.items() if key != missing]
    said = desk.add(path, "--yes", *(part for each in given for part in ("--answer", each)))
    assert said.code == 1
    assert f"--answer '{missing}=WORD'" in said.err
    assert "()" not in said.out + said.err
    assert desk.filed == []


def test_a_file_name_suggests_and_never_decides(desk: Desk) -> None:
    text = "指标,2024,2023\n地区生产总值(亿元),13002.9,12320.1\n"
    path = desk.text(text, "甘肃省.csv")
    refused = desk.add(path, "--yes", *SAID)
    assert refused.code == 1
    assert "the file is called" in refused.out
    assert "suggested, 50% sure: CN-GS" in refused.out


def test_a_person_answers_in_the_terminal(desk: Desk) -> None:
    path = desk.text("年份,地区生产总值(亿元)\n2024,13002.9\n", "gdp.csv")
    said = desk.add(path, *SAID, typed="nowhere\nGansu" + "\n" * 5)
    assert said.code == 0, said.err
    assert "'nowhere' is no answer" in said.out
    assert known(desk.read("gdp/2025")) == {("gross_product", "CN-GS", 2024): 13002.9}


def test_of_many_unknown_labels_those_that_are_wanted_are_named(desk: Desk) -> None:
    text = "province,year,c,pop,a,b\nGansu,2024,13002.9,2458,1,2\n"
    path = desk.text(text, "panel.csv")
    refused = desk.add(path, "--yes", *SAID)
    assert refused.code == 1
    assert "--answer 'unknown_labels=WORD'" in refused.err
    people = ("--answer", "label/pop=population_year_end", "--answer", "unit=万人")
    assert desk.add(path, "--yes", *SAID, *people, "--dry-run").code == 0
    said = desk.add(
        path, *SAID, typed="pop=population_year_end" + "\nignore" * 3 + "\n万人" + "\n" * 5
    )
    assert said.code == 0, said.err
    assert known(desk.read("panel/2025")) == {("population_year_end", "CN-GS", 2024): 2458}


def test_notes_that_speak_of_preliminary_figures_leave_their_status_open(desk: Desk) -> None:
    path = desk.text(EXPORT + "注：最新一年为初步核算数\n", "provinces.csv")
    refused = desk.add(path, "--yes", "--edition", "2025")
    assert refused.code == 1
    assert "--answer 'status=WORD'" in refused.err
    assert "最新一年为初步核算数" in refused.out


def test_a_note_that_says_which_figures_are_preliminary_is_no_question(desk: Desk) -> None:
    path = desk.text(EXPORT + "注：2024年为初步核算数\n", "provinces.csv")
    said = desk.add(path, "--yes", "--edition", "2025")
    assert said.code == 0, said.err
    rows = desk.read("provinces/2025").observations
    found = {(row.reference_year, row.status) for row in rows}
    assert found == {(2023, "final"), (2024, "provisional")}


def test_each_sheet_is_a_table_of_the_card(desk: Desk) -> None:
    sheets = {
        "甘肃省": [["年份", "地区生产总值(亿元)"], [2023, 12320.1], [2024, 13002.9]],
        "北京市": [["年份", "地区生产总值(亿元)"], [2023, 47353.7], [2024, 49843.1]],
    }
    said = desk.add(desk.book(sheets), "--yes", *SAID)
    assert said.code == 0, said.err
    found = known(desk.read("figures/2025"))
    assert found["gross_product", "CN-GS", 2024] == 13002.9
    assert found["gross_product", "CN-BJ", 2023] == 47353.7


def test_a_sheet_that_cannot_be_read_is_not_passed_over(desk: Desk) -> None:
    sheets = {
        "1": [["地区", "年份", "地区生产总值(亿元)"], ["甘肃省", 2024, 13002.9]],
        "2": [[1, 2], [3, 4]],
    }
    path = desk.book(sheets)
    refused = desk.add(path, "--yes", *SAID)
    assert refused.code == 1
    assert "--answer 'sheets=WORD'" in refused.err
    assert desk.add(path, "--yes", *SAID, "--answer", "sheets=skip").code == 0


def test_numbers_that_cannot_be_accounted_for_are_refused(desk: Desk) -> None:
    text = EXPORT.replace("甘肃省,13002.9,12320.1", "甘肃省,13002.9,12320.1万")
    refused = desk.add(desk.text(text), "--yes", *SAID)
    assert refused.code == 1
    assert "cell C6: '12320.1万' is not a number" in refused.err
    assert desk.filed == []


def test_a_region_nobody_knows_is_named(desk: Desk) -> None:
    text = "地区：云梦泽\n指标,2024,2023\n地区生产总值(亿元),13002.9,12320.1\n"
    refused = desk.add(desk.text(text), "--yes", *SAID)
    assert refused.code == 1
    assert "'地区：云梦泽' names no region that is known" in refused.err
    assert "landing/regions.yaml" in refused.err


def test_a_source_that_is_there_is_not_taken_again(desk: Desk) -> None:
    assert desk.add(desk.text(EXPORT, "provinces.csv"), "--yes", "--edition", "2025").code == 0
    path = desk.text(EXPORT.replace("13002.9", "13003.9"), "other.csv")
    refused = desk.add(path, "--yes", "--source", "provinces", "--edition", "2025")
    assert refused.code == 1
    assert "landing/provinces is a source already" in refused.err


def test_the_reader_has_the_last_word(desk: Desk) -> None:
    """A value that cannot be meant stops the document, whatever was answered."""
    path = desk.text("指标：地区生产总值\n年份,甘肃省\n2024,13002.9\n", "gdp.csv")
    refused = desk.add(path, "--yes", *SAID, "--answer", "unit=元")
    assert refused.code == 1
    assert "cannot be gross_product" in refused.err
    with pytest.raises(DocumentError):
        desk.read("gdp/2025")


def test_two_tables_of_one_sheet_are_two_tables_of_the_card(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["甘肃省主要指标"],
        ["年份", "地区生产总值(亿元)", None, "项目", "2019年"],
        [2018, 8104.1, None, "年末常住人口(万人)", 2509],
    ]
    said = desk.add(desk.book({"1": rows}), "--yes", *SAID)
    assert said.code == 0, said.err
    assert known(desk.read("figures/2025")) == {
        ("gross_product", "CN-GS", 2018): 8104.1,
        ("population_year_end", "CN-GS", 2019): 2509,
    }
    tables = desk.card("figures/2025")["tables"]
    assert [table["cells"] for table in tables.values()] == ["1:1, A:C", "1:1, D:"]


def test_a_sheet_that_may_be_one_table_or_two_is_asked_for(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["年份", "地区生产总值(亿元)", "地区", "年末常住人口(万人)"],
        [2018, 8104.1, "甘肃", 2515],
    ]
    said = desk.add(desk.book({"1": rows}), "--yes", *SAID)
    assert (said.code, "Question 1 (tables)" in said.err) == (1, True)
    assert desk.add(desk.book({"1": rows}), "--yes", *SAID, "--answer", "tables=one").code == 0
    assert len(known(desk.read("figures/2025"))) == 2


def test_each_series_that_is_wanted_is_a_table(desk: Desk) -> None:
    text = (
        "freq,unit,na_item,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\nA,CP_MNAC,B1GQ,CN,2018,91928110,\n"
        "A,CP_MNAC,B1GQ,CN,2019,98651520,p\nA,CP_MNAC,P3,CN,2018,50613490,\n"
        "A,PC_GDP,B1GQ,CN,2018,100,\n"
    )
    path = desk.text(text)
    said = desk.add(path, "--yes", *SAID)
    assert "(series)" in said.err
    assert "CP_MNAC: 3 lines" in said.out
    answers = ("series=CP_MNAC", "left_out=leave-out", "label/B1GQ=gross_product", "unit=百万元")
    said = desk.add(path, "--yes", *SAID, *(part for a in answers for part in ("--answer", a)))
    assert said.code == 0, said.err
    assert "the column 'unit' says 'CP_MNAC'" in said.out
    document = desk.read("figures/2025")
    assert {(r.reference_year, r.value, r.status) for r in document.observations} == {
        (2018, 919281.1, "final"),
        (2019, 986515.2, "provisional"),
    }


def test_several_series_of_one_text_are_several_tables(desk: Desk) -> None:
    text = "指标,地区,年份,单位,数值\n地区生产总值,甘肃,2018,亿元,8104.1\n"
    text += "地区生产总值,甘肃,2018,万元,81041000\n年末常住人口,甘肃,2018,万人,2515\n"
    said = desk.add(desk.text(text), "--yes", *SAID, "--answer", "series=亿元;万人")
    assert said.code == 0, said.err
    assert known(desk.read("figures/2025")) == {
        ("gross_product", "CN-GS", 2018): 8104.1,
        ("population_year_end", "CN-GS", 2018): 2515,
    }
    assert [each["unit"] for each in desk.card("figures/2025")["tables"].values()] == [
        "亿元",
        "万人",
    ]


class Dying(ReadingProcess):
    """A process that the kernel kills, as where the memory is at its end."""

    def run(self, name: str, work: Callable[[], Answer]) -> Answer:
        self.start().kill()
        return super().run(name, work)


def test_a_file_that_its_reader_dies_of_is_refused(desk: Desk) -> None:
    """It is read in a process with limits, as `refresh` and `check` read it."""
    path = desk.text(EXPORT)
    desk.monkeypatch.setattr(filing, "ReadingProcess", Dying)
    said = desk.add(path, "--yes", *SAID)
    assert said.code == 1
    assert f"{path}: the process that read it ended (SIGKILL)" in said.err
    assert desk.filed == []


def test_a_file_like_a_source_with_another_title_is_asked_for(desk: Desk) -> None:
    text = (
        "甘肃省主要指标\n年份,地区生产总值(亿元),年末常住人口(万人)\n"
        "2022,11201.6,2492\n2023,11863.8,2465\n"
    )
    said = desk.add(desk.text(text, "gs.csv"), "--yes", *FROM, *SAID[4:6], "--edition", "2024")
    assert said.code == 0, said.err
    card = desk.card("gs/2024")
    del card["tables"]["1"]["axes"]["lines"]  # as most cards: the title need not be stated
    path = desk.root / "landing/gs/2024/card.yaml"
    path.write_text(yaml.safe_dump(card, allow_unicode=True), encoding="utf-8")
    later = desk.text(text.replace("主要", "农村主要") + "2024,13002.9,2458\n", "gs.csv")
    said = desk.add(later, "--yes", "--edition", "2025")
    assert (said.code, "(like) needs your answer" in said.err) == (1, True)
    assert "its title is '甘肃省农村主要指标', in the edition before '甘肃省主要指标'" in said.out
    same = desk.text(text + "2024,13002.9,2458\n", "gs.csv")
    assert desk.add(same, "--yes", "--edition", "2025").code == 0
