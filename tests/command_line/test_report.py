"""The report of a vintage: every number is in the warehouse, and a changed figure changes it."""

import base64
import csv
import io
import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree, html

from assets.extracts.written.year_list import year_ranges
from assets.release.report.place import Place, ident
from assets.release.report.report_file import report_of
from assets.release.report.report_rows import HeadCount, RefusedDocument
from assets.release.report.sections.summary import (
    CheckLine,
    PanelAnswer,
    Standing,
    five_sentences,
    light,
)
from assets.release.report.verdict_flags import VERDICTS
from assets.release.report.words import Said
from assets.release.results.study_lines import YEARS_TO_FIRST_PRINT, LatePrint
from assets.release.results.town_lines import TownEffect, TownHead
from assets.warehouse.home import Home
from assets.warehouse.queries import ask, query_text
from assets.warehouse.reader import open_published, query

NUMBER = re.compile(r"[+−-]?\d+(\.\d+)?")


def names(home: Home) -> list[str]:
    return [name for (name,) in query(home, "select vintage from model.vintage order by 1").rows]


def page_of(home: Home, vintage: str) -> Any:
    return html.fromstring(report_of(home, vintage).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def page(two_vintages: Any) -> Any:
    return page_of(two_vintages.home, names(two_vintages.home)[-1])


def test_every_number_is_in_the_warehouse(two_vintages: Any, page: Any) -> None:
    """What stands on the page is the cell it names, rounded to the digits that are shown."""
    links = page.xpath("//a[@class='n']")
    assert len(links) > 300
    with open_published(two_vintages.home):
        for link in links:
            found = looked_up(two_vintages.home, link)
            shown = link.text.replace("−", "-")
            if isinstance(found, str):
                assert shown == found
                continue
            half = 0.5 * 10 ** -len(shown.partition(".")[2])
            value = found * float(link.get("data-times", 1))
            assert float(shown) == pytest.approx(value, abs=half * (1 + 1e-9)), link.attrib


def test_the_box_of_a_cells_picture_has_what_is_said_to_be_printed(page: Any) -> None:
    cuts = 0
    for foot in page.xpath("//div[@class='foot']"):
        told = " ".join(foot.xpath("./p/span[@class='en']/text()"))
        for cut in foot.xpath("./table[@class='cut']"):
            (boxed,) = cut.xpath(".//td[@class='box']/text()")
            (place,) = cut.xpath("./caption/text()")
            assert f"printed “{boxed}”" in told
            assert f"; {place};" in told
            cuts += 1
    assert cuts > 50


def test_first_prints_that_are_hardly_the_first_are_told(two_vintages: Any, page: Any) -> None:
    told = 0
    for study in {
        name
        for (name,) in query(
            two_vintages.home, "select distinct study from indices.index_value"
        ).rows
    }:
        late = {"study": study, "years_to_print": YEARS_TO_FIRST_PRINT}
        for row in ask(two_vintages.home, "commands/study_late_prints", LatePrint, late):
            (section,) = page.xpath(f"//section[@id='{ident('study', study)}']")
            cell = f"{row.indicator} {year_ranges(row.years)} (edition {row.edition})"
            assert cell in section.text_content()
            told += 1
    assert told > 0


def looked_up(home: Home, link: Any) -> Any:
    """The one value that the page says it shows."""
    table, column = link.get("data-table"), link.get("data-column")
    key = json.loads(link.get("data-key"))
    if "/" in table:
        sql, parameters = f"select {column} from ({query_text(table)})", key
    else:
        where = " and ".join(f"{name} is not distinct from ${name}" for name in key) or "true"
        sql, parameters = f"select {column} from {table} where {where}", key
    rows = query(home, sql, parameters).rows
    assert len(rows) == 1, (sql, parameters)
    return rows[0][0]


def test_no_number_of_a_table_lacks_its_place(page: Any) -> None:
    cells = page.xpath("//table[@class='numbers']//td[not(a)]")
    assert [cell.text for cell in cells if NUMBER.fullmatch((cell.text or "").strip())] == []


def test_every_number_leads_to_its_foot_and_every_link_to_a_part(page: Any) -> None:
    places = page.xpath("//@id")
    assert len(places) == len(set(places))
    targets = page.xpath("//a[not(@download)]/@href")
    assert {target for target in targets if target.removeprefix("#") not in places} == set()


def test_the_foot_of_a_value_names_document_and_cell(page: Any) -> None:
    (foot,) = page.xpath("//*[@id='value-gansu-gdp-revised-latest-EG-2012']")
    said = foot.text_content()
    assert "made_revision/2025/figures.csv, D2" in said
    assert "printed “5500.0” under “gross_product”" in said
    assert "had 2.114941" in said  # the vintage before


def test_a_changed_figure_changes_the_page(two_vintages: Any, page: Any) -> None:
    """5393.1 became 5500 over 2550: EG of 2012, in the table, the picture and the sentences."""
    before = page_of(two_vintages.home, names(two_vintages.home)[0])
    place = "//a[@href='#value-gansu-gdp-revised-latest-EG-2012']"
    assert [found.text for found in before.xpath(place)] == ["2.1149"]
    assert [found.text for found in page.xpath(place)] == ["2.1569"]
    drawings = [
        each.xpath("string(//figure[figcaption/span/@id='series-gansu-gdp-revised-shows']//svg)")
        for each in (before, page)
    ]
    paths = [
        html.tostring(each.xpath("//figure[.//*[@id='series-gansu-gdp-revised-shows']]//svg")[0])
        for each in (before, page)
    ]
    assert all(drawings)
    assert paths[0] != paths[1]
    assert "this is the first vintage" in before.text_content()
    assert "What changed since vintage 0001-" in page.text_content()


def test_revisions_say_how_far_and_why(page: Any) -> None:
    """First print and latest, mean and range by later prints, and the reason that a card states."""
    (section,) = page.xpath("//section[@id='revisions']")
    tables = {
        table.xpath("string(caption//span[@class='en'])"): [
            [cell.text_content().strip() for cell in row.xpath("td|th")]
            for row in table.xpath(".//tr")
        ]
        for table in section.xpath(".//table")
    }
    figure = "CN-GS gross_product"
    [latest] = [
        row
        for row in tables["Revised figures: first print and latest"]
        if row[:2] == [figure, "2012"]
    ]
    assert latest[2:] == ["100m_cny", "5650.20", "2018", "5500.00", "2025", "−2.66"]
    moved = [row for row in tables["Moved from the first print, %"] if row[0] == figure]
    assert [row[1] for row in moved] == ["1", "2"]
    assert moved[1][2:] == ["1", "−2.66", "2.66", "−2.66", "−2.66"]
    reasons = [row for row in tables["Why an edition revised"] if row[:2] == [figure, "2025"]]
    assert [row[-1] for row in reasons] == ["the card of the edition该版次的卡片"]


def test_recovered_data_are_labelled_on_every_part(page: Any) -> None:
    (section,) = page.xpath("//section[@id='study-he-2012-2019']")
    for part in section.xpath("h2 | .//figcaption | .//caption"):
        assert "RECOVERED" in part.text_content(), html.tostring(part)
    drawn = section.xpath(".//*[local-name()='svg']")
    assert drawn
    assert all("RECOVERED" in picture.text_content() for picture in drawn)
    (official,) = page.xpath("//section[@id='study-gansu-gdp-revised']")
    assert "RECOVERED" not in official.text_content()


def test_pictures_and_words_are_in_both_languages(page: Any) -> None:
    for language in ("en", "zh"):
        assert page.xpath(f"//*[local-name()='text' and @class='{language}']")
    pairs = page.xpath("//span[@class='en' and @lang='en']")
    assert all(each.getnext().get("class") == "zh" for each in pairs)


def test_the_page_asks_for_nothing(two_vintages: Any, page: Any) -> None:
    addresses = page.xpath("//@src | //link/@href | //a/@href | //*/@*[local-name()='href']")
    assert [each for each in addresses if not each.startswith(("#", "data:"))] == []
    text = two_vintages.home.report.read_text(encoding="utf-8")
    assert "url(http" not in text
    assert "@import" not in text


def test_the_name_leads_to_the_report_of_the_published_vintage(two_vintages: Any) -> None:
    home = two_vintages.home
    assert home.report.resolve() == report_of(home, names(home)[-1]).resolve()
    assert f"Report, for a browser: {home.report}" in two_vintages.answer.out
    assert len(list(home.releases.glob("report-*.html"))) == 2  # one beside each release
    # Who may read the release may read the page beside it.
    assert home.report.parent.stat().st_mode == home.releases.stat().st_mode


def test_after_a_repair_the_name_leads_to_the_report_of_what_readers_get(
    two_vintages: Any, tools: Any, run: Any, tmp_path: Path
) -> None:
    home = tools.copied(two_vintages.home, tmp_path / "home")
    for path in (home.published.resolve(), home.working):
        path.chmod(0o644)
        os.truncate(path, 20_000)
    assert "Readers get the release before" in run(home, "repair").out
    assert home.report.resolve() == report_of(home, names(home)[-1]).resolve()
    home.published.resolve().unlink()
    home.working.unlink()
    assert "Nothing is published now" in run(home, "repair").out
    assert not os.path.lexists(home.report)


def test_checks_that_did_not_pass_are_told(two_vintages: Any, page: Any) -> None:
    """The report is drawn after the checks that wait beside it."""
    told = {
        line.split("check WARN on ")[1].split(" (")[0]
        for line in two_vintages.answer.out.splitlines()
        if line.startswith("check WARN on ")
    }
    assert told
    (section,) = page.xpath("//section[@id='trust']")
    assert {name for name in told if name not in section.text_content()} == set()


@pytest.mark.slow  # a refresh that draws, and one that computes
def test_a_document_refused_without_a_run_makes_the_page_red_until_it_is_put_back(
    two_vintages: Any, tools: Any, run: Any, tmp_path: Path
) -> None:
    home = tools.copied(two_vintages.home, tmp_path / "home")
    file = home.landing / "made_revision/2025/figures.csv"
    sound = file.read_bytes()
    file.write_bytes(sound.replace(b"5500.0", b"n/a"))

    def light_now() -> tuple[str, str]:
        drawn = html.fromstring(home.report.read_text(encoding="utf-8"))
        (found,) = drawn.xpath("//p[contains(@class, 'light')]")
        (decide,) = drawn.xpath("//section[@id='five']//li[last()]")
        return found.get("class"), decide.text_content()

    assert run(home, "refresh").code == 1
    colour, decide = light_now()
    assert colour == "light red"
    assert "made_revision/2025" in decide
    file.write_bytes(sound)
    assert run(home, "refresh").code == 0
    colour, decide = light_now()
    assert colour != "light red"
    assert "made_revision/2025" not in decide


SOUND = Standing(
    vintage="0001-aaaaaaaa",
    before=None,
    changes=None,
    panels=(),
    studies=(),
    towns=(),
    effects=(),
    claims=(),
    counts=HeadCount(
        documents_in=7, figures=90, retyped_figures=90, revised=0, gaps=0, failed=0, drifted=0
    ),
    refused=(),
    overdue=(),
    checks=(),
)
REFUSED = RefusedDocument("made", 2025, "made/2025/figures.csv", "cell D2 is no number")


@pytest.mark.parametrize(
    ("changed", "colour"),
    [
        ({}, "green"),
        ({"overdue": ("made 2025",)}, "amber"),
        ({"checks": (CheckLine("raw/observation: units", False, ""),)}, "amber"),
        ({"checks": (CheckLine("raw/observation: units", True, ""),)}, "red"),
        ({"refused": (REFUSED,)}, "red"),
        ({"refused": (REFUSED,), "overdue": ("made 2026",)}, "red"),
    ],
)
def test_the_light_shows_the_gravest(changed: dict[str, Any], colour: str) -> None:
    fields = {name: getattr(SOUND, name) for name in Standing.__slots__} | changed
    now = Standing(**fields)
    assert light(now).colour == colour
    decision = five_sentences(now)[-1]
    for names_of_things in ("made/2025", "made 2025", "raw/observation: units"):
        is_there = any(names_of_things in str(value) for value in changed.values()) or (
            names_of_things == "made/2025" and "refused" in changed
        )
        assert (names_of_things in decision.en) == is_there
        assert (names_of_things in decision.zh) == is_there


def test_what_many_regions_say_is_said_first() -> None:
    at = Place("model.province_finding", {"study": "panel_study"}, "foot")
    panel = PanelAnswer(
        study="panel_study",
        n=279,
        asked=Said("sales raise income", "销售提高收入"),
        slope=tuple(at.count(value) for value in (2, 1, 3)),
        verdict=Said("cannot say", "无法判断"),
    )
    found = five_sentences(replace(SOUND, panels=(panel,)))[0]
    assert found.en.startswith(
        "Found: that sales raise income: cannot say (slope within provinces {0}, {1} to {2}; "
        "panel_study, n = 279); of {3} claims"
    )
    assert found.zh.startswith(
        "结论：“销售提高收入”：无法判断（省内斜率 {0}，{1} 至 {2}；panel_study，n = 279）；"
    )
    assert [number.text for number in found.numbers] == ["2", "1", "3", "0", "0"]


@pytest.mark.parametrize("verdict", ["agrees", "disagrees", "cannot say"])
def test_an_effect_on_sales_is_never_told_without_its_verdict(verdict: str) -> None:
    head = TownHead("made", False, 33.0, 28.0, 38.0, verdict, agrees=0, disagrees=0, open=9)
    effect = TownEffect(
        "synthetic_did", "all towns", "never", "mean_log_sales", "jackknife",
        33.0, 28.0, 38.0, 200, 300, 190.0, 60.0,
    )  # fmt: skip
    found = five_sentences(replace(SOUND, towns=(head,), effects=((head, effect),)))[0]
    words = VERDICTS[verdict].words
    assert f"on the claim of the published study: {words.en}." in found.en
    assert f"对已发表论断的判断：{words.zh}。" in found.zh
    assert "+33.0" in [number.text for number in found.numbers]


def taken(link: Any) -> bytes:
    """What a link of the page holds."""
    head, _, body = link.get("href").partition(";base64,")
    assert head.startswith("data:")
    return base64.b64decode(body)


def test_every_table_is_there_as_csv_and_latex_with_the_numbers_of_the_warehouse(page: Any) -> None:
    tables = page.xpath("//table[@class='numbers']")
    assert len(tables) > 10
    for table in tables:
        (gets,) = table.xpath("../following-sibling::*[@class='gets'][1]")
        as_csv, as_latex = gets.xpath("a[@download]")
        assert as_csv.get("download").endswith(".csv")
        rows = list(csv.reader(io.StringIO(taken(as_csv).decode("utf-8-sig"))))
        shown = [
            [cell.xpath("string(a)") for cell in row.xpath("td")] for row in table.xpath("tbody/tr")
        ]
        is_marked = bool(table.xpath("caption/strong[@class='mark']"))
        assert len(rows) == len(shown) + 1
        for cells, (_, *values) in zip(shown, rows[1:], strict=True):
            if is_marked:
                assert values.pop() in ("recovered", "simulated")
            for cell, value in zip(cells, values, strict=True):
                if cell and NUMBER.fullmatch(cell) and NUMBER.fullmatch(value.lstrip("'")):
                    half = 0.5 * 10 ** -len(cell.partition(".")[2]) * (1 + 1e-9)
                    assert float(value) == pytest.approx(float(cell.replace("−", "-")), abs=half)
        latex = taken(as_latex).decode()
        assert latex.count("\\\\\n") == len(rows)
        assert ("(RECOVERED)" in latex or "(SIMULATED)" in latex) == is_marked


def test_one_workbook_holds_every_table(page: Any) -> None:
    (link,) = page.xpath("//a[@download and contains(@download, '.xlsx')]")
    book = openpyxl.load_workbook(io.BytesIO(taken(link)))
    tables = page.xpath("//table[@class='numbers']")
    assert len(book.sheetnames) == 1 + len(tables)
    sizes = [len(table.xpath("tbody/tr")) + 2 for table in tables]
    assert [book[name].max_row for name in book.sheetnames[1:]] == sizes
    texts = [cell for row in book["Contents"].iter_rows(values_only=True) for cell in row]
    assert any("RECOVERED" in str(text) for text in texts)


def test_every_picture_is_there_as_svg_that_says_what_it_shows(page: Any) -> None:
    figures = page.xpath("//figure")
    assert figures
    for figure in figures:
        is_marked = bool(figure.xpath("figcaption/strong[@class='mark']"))
        for language in ("en", "zh"):
            (link,) = figure.xpath(f"p[@class='gets']/span[@class='{language}']/a[@download]")
            text = taken(link).decode()
            assert "var(--" not in text
            drawn = etree.fromstring(text.encode())
            said = {str(each.tag).rpartition("}")[2]: each.text for each in drawn if each.text}
            assert said["desc"] == figure.xpath(
                f"string(figcaption/span[contains(@id, '-shows')]/span[@class='{language}'])"
            )
            assert ("RECOVERED" in said["title"] or "SIMULATED" in said["title"]) == is_marked
            texts = drawn.xpath("//*[local-name()='text']/@class")
            assert set(texts) <= {language}
