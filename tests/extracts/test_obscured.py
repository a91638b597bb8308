"""Numbers that a document shows, but not as a figure: struck out, unseen, commented, or no number.

Each is a deleted, hidden or qualified figure that would otherwise pass for a plain one.
"""

import re
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.layouts.cells import is_mark
from assets.extracts.meaning.status import status_in_words
from assets.extracts.proposing.sheet_tables import sheet_tables

ROWS: tuple[tuple[Any, ...], ...] = (("指标", 2019, 2018), ("地区生产总值", 8718.3, 8104.1))
CARD = {"axes": "years_across", "unit": "亿元", "sheet": "9-1"}
STRUCK = "'8718.3' is struck out"
UNSEEN = "'8718.3' is white on white"


def read(catalogue: ModuleType, landing: Path, suffix: str, data: bytes) -> Document:
    catalogue.write_container(landing, suffix, data, **CARD)
    return read_document(landing / "damaged_source/2020/card.yaml", landing)


def xlsx(catalogue: ModuleType, change: Callable[[Any], None]) -> bytes:
    return bytes(catalogue.containers.xlsx(ROWS, change=lambda sheet: change(sheet["B2"])))


def struck(cell: Any) -> None:
    cell.font = Font(strike=True)


def white(cell: Any) -> None:
    cell.font = Font(color="FFFFFFFF")


def white_of_the_theme(cell: Any) -> None:
    cell.font = Font(color="FF000000")
    cell.font.color.type, cell.font.color.theme = "theme", 0


def white_on_blue(cell: Any) -> None:
    cell.font, cell.fill = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF1F4E79")


@pytest.mark.parametrize(
    ("change", "found"), [(struck, STRUCK), (white, UNSEEN), (white_of_the_theme, UNSEEN)]
)
def test_a_workbook(
    catalogue: ModuleType, landing: Path, change: Callable[[Any], None], found: str
) -> None:
    with pytest.raises(DocumentError, match=found) as error:
        read(catalogue, landing, ".xlsx", xlsx(catalogue, change))
    assert "cell B2" in str(error.value)


def test_white_on_a_dark_ground_is_seen(catalogue: ModuleType, landing: Path) -> None:
    document = read(catalogue, landing, ".xlsx", xlsx(catalogue, white_on_blue))
    assert len(document.observations) == 2


@pytest.mark.parametrize(("style", "found"), [("struck_out on", STRUCK), ("color white", UNSEEN)])
def test_an_old_workbook(catalogue: ModuleType, landing: Path, style: str, found: str) -> None:
    import xlwt

    def change(sheet: Any) -> None:
        sheet.write(1, 1, 8718.3, xlwt.easyxf(f"font: {style}"))

    with pytest.raises(DocumentError, match=found):
        read(catalogue, landing, ".xls", bytes(catalogue.containers.xls(ROWS, change=change)))


@pytest.mark.parametrize("place", ["cell", "row", "column"])
@pytest.mark.parametrize(
    ("says", "found"),
    [('style:text-line-through-style="solid"', STRUCK), ('fo:color="#FFFFFF"', UNSEEN)],
)
def test_an_opendocument_workbook(
    catalogue: ModuleType, landing: Path, place: str, says: str, found: str
) -> None:
    content = {
        "cell": ('office:value="8718.3"', 'table:style-name="ce1" office:value="8718.3"'),
        "row": (
            '<table:table-row><table:table-cell table:number-rows-spanned="1" table:'
            'number-columns-spanned="1" office:value-type="string"><text:p>地区生产总值',
            '<table:table-row table:default-cell-style-name="ce1"><table:table-cell '
            'office:value-type="string"><text:p>地区生产总值',
        ),
        "column": (
            '<table:table-column table:number-columns-repeated="3"/>',
            '<table:table-column/><table:table-column table:default-cell-style-name="ce1"/>',
        ),
    }[place]
    if place == "column":
        found = found.replace("8718.3", "2019")  # its heading is met first
    with pytest.raises(DocumentError, match=found):
        read(catalogue, landing, ".ods", styled(catalogue, says, *content))


def styled(catalogue: ModuleType, says: str, old: str, new: str) -> bytes:
    """The table with a style 'ce1' of the given properties, and one part of it replaced."""
    whole = zipfile.ZipFile(BytesIO(catalogue.containers.ods(ROWS)))
    parts = {name: whole.read(name) for name in whole.namelist()}
    names = 'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    names += 'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    style = (
        f'<office:automatic-styles {names}><style:style style:name="ce1" style:family="table-cell">'
        f"<style:text-properties {says}/></style:style></office:automatic-styles>"
    )
    content = parts["content.xml"].decode()
    assert content.count(old) == 1
    content = content.replace(old, new).replace("<office:body>", f"{style}<office:body>")
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in {**parts, "content.xml": content.encode()}.items():
            archive.writestr(name, data)
    return buffer.getvalue()


PLAIN_CELL = "<td rowspan='1' colspan=1>8718.3"
ITS_ROW = "<tr><td rowspan='1' colspan=1>地区生产总值"
HIDDEN = "stands in a hidden row or column"


def page(
    catalogue: ModuleType, landing: Path, *changes: tuple[str, str], head: str = "", **keys: Any
) -> Document:
    """A saved web page with parts of it replaced. head: style sheets."""
    text = catalogue.containers.html_page(ROWS).decode().replace("</head>", f"{head}</head>")
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    card = {"axes": "years_across", "unit": "亿元", "table": 2, **keys}
    catalogue.write_container(landing, ".html", text.encode(), **card)
    return read_document(landing / "damaged_source/2020/card.yaml", landing)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (">8718.3<", "><s>8718.3</s><", STRUCK),
        (">8718.3<", "><del>8718.3</del><", STRUCK),
        (PLAIN_CELL, "<td style='text-decoration: line-through'>8718.3", STRUCK),
        (PLAIN_CELL, "<td style='color:#FFFFFF'>8718.3", UNSEEN),
        (PLAIN_CELL, "<td style='COLOR: rgb(255, 255,255); background:white'>8718.3", UNSEEN),
        (">8718.3<", "><font color=white>8718.3</font><", UNSEEN),
        (PLAIN_CELL, "<td><span style='color:#fff'>8718.3</span>", UNSEEN),
        (ITS_ROW, "<tr style='display:none'><td>地区生产总值", "'地区生产总值' " + HIDDEN),
        (PLAIN_CELL, "<td style='visibility: hidden'>8718.3", HIDDEN),
        (PLAIN_CELL, "<td hidden>8718.3", HIDDEN),
        (PLAIN_CELL, "<td><i style='display :none'>8718.3</i>", HIDDEN),
        (PLAIN_CELL, "<td style='font-size:0'>8718.3", HIDDEN),
        (PLAIN_CELL, "<td style='opacity: 0.0;'>8718.3", HIDDEN),
        (">8718.3<", "><div hidden>1</div>8718.3<", HIDDEN),
        (PLAIN_CELL, "<td title='初步数'>8718.3", "has a comment that says more of it: '初步数'"),
    ],
)
def test_a_web_page(catalogue: ModuleType, landing: Path, old: str, new: str, found: str) -> None:
    with pytest.raises(DocumentError, match=found) as error:
        page(catalogue, landing, (old, new))
    assert error.value.cell in ("A2", "B2")


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (".x {display:none}", HIDDEN),
        ("@media screen {td.x, p {visibility:hidden}}", HIDDEN),
        ("table tr > td.x { text-decoration : line-through }", STRUCK),
        ("<!-- .x\n\t{mso-style-parent:style0;\n\tcolor:white;} -->", UNSEEN),
        ("#y{color:#fff}", UNSEEN),
    ],
)
def test_a_web_page_with_a_style_sheet(
    catalogue: ModuleType, landing: Path, rule: str, found: str
) -> None:
    named = PLAIN_CELL.replace("<td", "<td class='big x' id=y")
    with pytest.raises(DocumentError, match=found) as error:
        page(catalogue, landing, (PLAIN_CELL, named), head=f"<style>{rule}</style>")
    assert error.value.cell == "B2"


def test_a_column_that_a_web_page_hides(catalogue: ModuleType, landing: Path) -> None:
    hiding = "<table><col><col style='display:none;mso-width-source:userset'>"
    with pytest.raises(DocumentError, match=HIDDEN) as error:
        page(catalogue, landing, ("</table><table>", f"</table>{hiding}"))
    assert error.value.cell == "B1"


@pytest.mark.parametrize(
    ("cell", "head"),
    [
        ("<td><!-- 9999.9 -->8718.3", ""),
        ("<td style='color:white;background-color:#1f4e79'>8718.3", ""),
        ("<td style='color:#fffff0'>8718.3", ""),
        ("<td style='border-color:#fff;background-color:#fff'>8718.3", ""),
        ("<td class=x>8718.3", "<style>@media print {.x {display:none}} .y{display:none}</style>"),
        ("<td style='font-size:0.9em;opacity:0.8'>8718.3", ""),
    ],
)
def test_a_web_page_that_shows_its_figures(
    catalogue: ModuleType, landing: Path, cell: str, head: str
) -> None:
    document = page(catalogue, landing, (PLAIN_CELL, cell), head=head)
    assert {row.value for row in document.observations} == {8718.3, 8104.1}


@pytest.mark.parametrize("comment", ["初步数", "2020年预计", "单位：万元", "revised in 2021"])
def test_a_comment_that_says_more_of_a_figure(
    catalogue: ModuleType, landing: Path, comment: str
) -> None:
    def change(cell: Any) -> None:
        cell.comment = Comment(comment, "统计局")

    with pytest.raises(DocumentError, match=f"has a comment that says more of it: '{comment}'"):
        read(catalogue, landing, ".xlsx", xlsx(catalogue, change))


def with_note(data: bytes, row: int, column: int, text: str) -> bytes:
    """An old workbook with a comment, which no library at hand writes: records NOTE, OBJ, TXO."""
    import xlrd
    import xlwt

    book = xlrd.open_workbook(file_contents=data, on_demand=True)
    stream = bytes(book.mem)[book.base : book.base + book.stream_len]
    end = stream.rindex(struct.pack("<HH", 0x000A, 0))  # of the only sheet
    spelled = b"\1" + text.encode("utf-16-le")
    shape = struct.pack("<HHHHH12x", 0x15, 18, 0x19, 1, 0x4011) + struct.pack("<HH", 0, 0)
    records = (
        (0x005D, shape),
        (0x01B6, struct.pack("<HH6sHHH", 0x212, 0, b"", len(text), 0, 0) + b"\0\0"),
        (0x003C, spelled),
        (0x001C, struct.pack("<HHHHHB", row, column, 0, 1, 0, 0)),
    )
    inside = b"".join(struct.pack("<HH", code, len(body)) + body for code, body in records)
    buffer = BytesIO()
    xlwt.CompoundDoc.XlsDoc().save(buffer, stream[:end] + inside + stream[end:])
    return buffer.getvalue()


@pytest.mark.parametrize("comment", ["初步数", "单位：万元"])
def test_a_comment_in_an_old_workbook(catalogue: ModuleType, landing: Path, comment: str) -> None:
    plain = bytes(catalogue.containers.xls(ROWS))
    assert len(read(catalogue, landing, ".xls", with_note(plain, 1, 1, "复核")).observations) == 2
    with pytest.raises(
        DocumentError, match=f"has a comment that says more of it: '{comment}'"
    ) as e:
        read(catalogue, landing, ".xls", with_note(plain, 1, 1, comment))
    assert "cell B2" in str(e.value)


def test_a_comment_in_an_opendocument_workbook(catalogue: ModuleType, landing: Path) -> None:
    note = "<office:annotation><text:p>初步数</text:p></office:annotation>"
    data = styled(catalogue, "", "<text:p>8718.3</text:p>", f"{note}<text:p>8718.3</text:p>")
    with pytest.raises(DocumentError, match="has a comment that says more of it: '初步数'"):
        read(catalogue, landing, ".ods", data)


def test_another_comment_is_no_hindrance(catalogue: ModuleType, landing: Path) -> None:
    def change(cell: Any) -> None:
        cell.comment = Comment("复核无误", "统计局")

    assert len(read(catalogue, landing, ".xlsx", xlsx(catalogue, change)).observations) == 2


@pytest.mark.parametrize(
    ("right", "status"), [("8718.3", "final"), ("8718.3(初步)", "provisional")]
)
def test_the_remedy(catalogue: ModuleType, landing: Path, right: str, status: str) -> None:
    catalogue.write_container(landing, ".xlsx", xlsx(catalogue, struck), **CARD)
    correction = {
        "table": "1",
        "cell": "B2",
        "wrong": "8718.3",
        "right": right,
        "reason": "struck out by the sender",
        "source": "the printed yearbook",
    }
    folder = landing / "damaged_source/2020"
    correction["table"] = next(iter(yaml.safe_load((folder / "card.yaml").read_text())["tables"]))
    (folder / "corrections.yaml").write_text(yaml.safe_dump([correction], allow_unicode=True))
    figures = {
        o.reference_year: o for o in read_document(folder / "card.yaml", landing).observations
    }
    assert (figures[2019].value, figures[2019].status) == (8718.3, status)
    correction |= {"cell": "C2", "wrong": "8104.1", "right": "8104.1"}  # nothing is wrong with it
    (folder / "corrections.yaml").write_text(yaml.safe_dump([correction], allow_unicode=True))
    with pytest.raises(DocumentError, match="to the same"):
        read_document(folder / "card.yaml", landing)


@pytest.mark.parametrize(
    "text",
    ["NA", "N/A", "n.a.", "#N/A", "NaN", "null", "..", "…", "-", "x", "无数据", "暂缺", "（缺）"],
)
def test_marks(text: str) -> None:
    assert is_mark(text)


@pytest.mark.parametrize(
    "text", ["8104.1", "Namibia", "缺口", "无锡市", "xl", "p", "年", "nanchang"]
)
def test_no_marks(text: str) -> None:
    assert not is_mark(text)


@pytest.mark.parametrize("text", ["NA", "#N/A", "暂缺"])
def test_a_word_for_no_number_is_asked_about(grid_of: Callable[[str], Any], text: str) -> None:
    (table,) = sheet_tables(
        grid_of(f"甘肃省\n指标,2018年,2019年\n地区生产总值(亿元),8104.1,{text}\n")
    ).tables
    assert table.readings[0].read.marks == (text,)
    assert table.readings[0].read.problem is None


@pytest.mark.parametrize("heading", ["数据状态", "状态", "核算"])
def test_a_column_of_statuses_in_chinese_is_proposed(
    grid_of: Callable[[str], Any], heading: str
) -> None:
    (table,) = sheet_tables(
        grid_of(
            f"地区,指标,年份,数值(亿元),{heading}\n甘肃省,地区生产总值,2018,8104.1,最终核实\n"
            "甘肃省,地区生产总值,2019,8718.3,初步核算\n"
        )
    ).tables
    read_so = table.readings[0]
    assert read_so.entry["status_column"] == heading
    assert [figure.status for figure in read_so.read.figures] == ["final", "provisional"]


def test_words_that_say_a_status_only_alone() -> None:
    assert status_in_words("正式") == status_in_words("最终数") == "final"
    assert status_in_words("最终消费支出") is None


@pytest.mark.parametrize("nation", ["全国总计", "全国合计", "全国"])
def test_the_nation_is_a_region(grid_of: Callable[[str], Any], nation: str) -> None:
    (table,) = sheet_tables(
        grid_of(
            "各省地区生产总值\n单位：亿元\n地区,2018年,2019年\n"
            f"{nation},900309,990865\n北京市,30320,35371\n甘肃省,8246,8718\n"
        )
    ).tables
    assert {figure.region for figure in table.readings[0].read.figures} == {"CN", "CN-BJ", "CN-GS"}


@pytest.fixture
def grid_of(tmp_path: Path) -> Callable[[str], Any]:
    from assets.extracts.files.text_file import load_text

    def grid(text: str) -> Any:
        (tmp_path / "table.csv").write_text(text, encoding="utf-8")
        return load_text(tmp_path / "table.csv", "table.csv", None, None)

    return grid


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ("<h3>青海省主要指标</h3>", "青海省 (CN-QH)"),
        ("<h1>青海省主要指标</h1><p>说明</p>", "青海省 (CN-QH)"),
        ("<p>单位：万元</p>", "10k_cny"),
        ("<div>按2015年不变价格计算</div>", "constant prices"),
        ("<h2>1-9月主要指标</h2>", "a part of a year"),
        ("<h2>甘肃省主要指标</h2><p>单位：亿元</p>", ""),
        ("<h2>青海省</h2><h2>甘肃省</h2>", ""),
    ],
)
def test_what_a_web_page_says_before_a_table_may_not_contradict_it(
    catalogue: ModuleType, landing: Path, before: str, found: str
) -> None:
    change = "</table><table>", f"</table>{before}<table>"
    if not found:
        assert len(page(catalogue, landing, change).observations) == 2
        return
    with pytest.raises(DocumentError) as error:
        page(catalogue, landing, change)
    assert found in error.value.found
    line = re.search(r"ignore: \[.*\]", error.value.advice)
    if line is not None:
        assert len(page(catalogue, landing, change, **yaml.safe_load(line[0])).observations) == 2


def test_a_raised_mark_in_a_heading_is_a_mark(catalogue: ModuleType, landing: Path) -> None:
    document = page(catalogue, landing, (">2019<", ">2019年<sup>①</sup><"))
    assert {row.reference_year for row in document.observations} == {2018, 2019}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<row r="2"', b'<row r="2" ht="0" customHeight="1"'),
        (
            b"<sheetData>",
            b'<cols><col min="2" max="2" width="0" customWidth="1"/></cols><sheetData>',
        ),
    ],
    ids=["no height", "no width"],
)
def test_a_row_without_height_is_hidden(
    catalogue: ModuleType, landing: Path, old: bytes, new: bytes
) -> None:
    made = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(catalogue.containers.xlsx(ROWS))) as whole,
        zipfile.ZipFile(made, "w") as changed,
    ):
        for entry in whole.infolist():
            content = whole.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                assert content.count(old) == 1
                content = content.replace(old, new)
            changed.writestr(entry, content)
    with pytest.raises(DocumentError, match=HIDDEN):
        read(catalogue, landing, ".xlsx", made.getvalue())


def test_an_old_row_without_height_is_hidden(catalogue: ModuleType, landing: Path) -> None:
    def change(sheet: Any) -> None:
        sheet.col(1).width = 0

    with pytest.raises(DocumentError, match=HIDDEN):
        read(catalogue, landing, ".xls", catalogue.containers.xls(ROWS, (), change))


@pytest.mark.parametrize(
    "mark",
    [
        "<sup>1</sup>",
        "<sub>1</sub>",
        "<a href='#note1'>1</a>",
        "<span style='vertical-align: super'>1</span>",
        "<ruby><rt>1</rt></ruby>",
        "<sup><a href='#note1'>[1]</a></sup>",
    ],
)
def test_a_mark_of_a_page_is_no_digit(catalogue: ModuleType, landing: Path, mark: str) -> None:
    page = catalogue.containers.html_page(ROWS)
    data = page.replace(b"8718.3<", f"8718.3{mark}<".encode())
    assert data != page
    catalogue.write_container(landing, ".html", data, axes="years_across", unit="亿元", table=2)
    document = read_document(landing / "damaged_source/2020/card.yaml", landing)
    assert {row.reference_year: row.value for row in document.observations}[2019] == 8718.3


@pytest.mark.parametrize("small", ["<small>1</small>", "<span style='font-size: 60%'>1</span>"])
def test_digits_of_two_sizes_are_in_doubt(catalogue: ModuleType, landing: Path, small: str) -> None:
    page = catalogue.containers.html_page(ROWS).replace(b"8718.3<", f"8718.3{small}<".encode())
    catalogue.write_container(landing, ".html", page, axes="years_across", unit="亿元", table=2)
    with pytest.raises(DocumentError, match="runs on in small digits") as error:
        read_document(landing / "damaged_source/2020/card.yaml", landing)
    assert "cell B2" in str(error.value)


@pytest.mark.parametrize("place", ["superscript", "subscript"])
def test_a_mark_of_a_workbook_is_no_digit(catalogue: ModuleType, landing: Path, place: str) -> None:
    def change(cell: Any) -> None:
        mark = TextBlock(InlineFont(vertAlign=place), "1")
        cell.value = CellRichText("8718.3", mark)

    document = read(catalogue, landing, ".xlsx", xlsx(catalogue, change))
    assert {row.reference_year: row.value for row in document.observations}[2019] == 8718.3


@pytest.mark.parametrize("sign", "\u200b\u200e\u2060\ufeff\u00ad")
def test_a_sign_without_width_is_nothing(catalogue: ModuleType, landing: Path, sign: str) -> None:
    catalogue.write_csv(landing, catalogue.CSV.replace("8718.3", f"8{sign}718.3"))
    document = read_document(landing / "damaged_source/2020/card.yaml", landing)
    assert 8718.3 in {row.value for row in document.observations}


def test_a_sign_that_turns_digits_round_stops_the_document(
    catalogue: ModuleType, landing: Path
) -> None:
    catalogue.write_csv(landing, catalogue.CSV.replace("8718.3", "\u202e3.8178"))
    with pytest.raises(DocumentError, match="is not a number"):
        read_document(landing / "damaged_source/2020/card.yaml", landing)
