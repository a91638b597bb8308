"""Damaged documents: each makes one mistake in an otherwise good document.

Belongs here: making the damage, and which file and cell the message must name. Not here: running
anything on it. Loaded by path (importlib), so it imports nothing of the project.

`make(landing)` writes `landing/damaged_source/2020/` (and, where the damage is a difference between
two editions, a sound `2019/` beside it).
"""

import hashlib
import importlib.util
import os
import sys
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.worksheet.worksheet import Worksheet


def _containers() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "damage_containers", Path(__file__).with_name("containers.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


containers = _containers()
SOURCE = "damaged_source"
FOLDER = f"landing/{SOURCE}/2020"
CSV = """数据库：分省年度数据
地区：甘肃省
时间：2016-2019
指标,2019年,2018年,2017年,2016年
地区生产总值(亿元),8718.3,8104.1,7336.7,6907.9
年末常住人口(万人),2509,2515,2522,2520
农村贫困人口(万人),17.5,77.6,188.7,256
第一产业占比(%),12.05,11.17,11.53,13.66
数据来源：国家统计局
"""
TIDY = """indicator,region,year,value,unit,note
gross_product,CN-GS,2018,8246.07,亿元,first figure
gross_product,CN-GS,2017,7459.9,亿元,
population_year_end,CN-GS,2018,2637,万人,
"""
PAPER = """,B,Std. Error,t,p,VIF
Constant,0.974,0.032,30.412,0.000,
AIG,-1.219*,0.520,-2.344,0.101,178.524
IM,-1.329**,0.335,-3.972,0.029,88.253
R²,0.998,,,,
F,150.264,,,,
"""
Card = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Damage:
    """One kind of damage: its name, how to make it, what the message must contain."""

    name: str
    make: Callable[[Path], None]
    expect: tuple[str, ...]


def sound_card(file: str, data: bytes, tables: Card, edition: int = 2020) -> Card:
    """A card that fits its document."""
    return {
        "source": SOURCE,
        "edition": edition,
        "title": "Main indicators of Gansu",
        "publisher": "Statistics office",
        "url": None,
        "published_on": None,
        "accessed_on": date(2026, 11, 21),
        "licence": "facts",
        "quality": "published",
        "standing": "official",
        "retyped": True,
        "region": "CN-GS",
        "document": {
            "file": file,
            "sha256": hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
        },
        "tables": tables,
    }


def write_folder(landing: Path, card: Card, data: bytes, edition: int = 2020) -> None:
    """Write a document and its card."""
    folder = landing / SOURCE / str(edition)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / card["document"]["file"]).write_bytes(data)
    write_card(folder, card)


def write_card(folder: Path, card: Card) -> None:
    """Write a card as YAML."""
    text = yaml.safe_dump(card, allow_unicode=True, sort_keys=False)
    (folder / "card.yaml").write_text(text, encoding="utf-8")


def write_csv(
    landing: Path,
    data: str | bytes = CSV,
    table: Card | None = None,
    edition: int = 2020,
    **changes: Any,
) -> None:
    """Write a CSV document; `changes` replace keys of the card."""
    raw = data.encode() if isinstance(data, str) else data
    tables = {"1": {"axes": "site"} if table is None else table}
    card = {**sound_card("gdp.csv", raw, tables, edition), **changes}
    write_folder(landing, card, raw, edition)


def write_book(
    landing: Path,
    change: Callable[[Worksheet], object] | None = None,
    table: Card | None = None,
    **changes: Any,
) -> None:
    """Write the workbook of a bilingual yearbook table; `change` damages its sheet first."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "9-1"
    for row in BOOK:
        sheet.append(row)
    for block in ("A1:D1", "A2:D2", "A4:A5"):
        sheet.merge_cells(block)
    if change is not None:
        change(sheet)
    folder = landing / SOURCE / "2020"
    folder.mkdir(parents=True, exist_ok=True)
    book.save(folder / "tables.xlsx")
    data = (folder / "tables.xlsx").read_bytes()
    tables = {"9-1": {"axes": "years_down", "sheet": "9-1", **(table or {})}}
    write_folder(landing, {**sound_card("tables.xlsx", data, tables), **changes}, data)


BOOK: tuple[tuple[Any, ...], ...] = (
    ("9-1  国民经济主要指标", None, None, None),
    ("Main Indicators of National Economy", None, None, None),
    ("单位：亿元", None, None, "(100 million yuan)"),
    ("年 份\nYear", "地区生产总值", "#第一产业①", "社会消费品零售总额"),
    (None, "Gross Regional Product", "#Primary Industry", "Total Retail Sales of Consumer Goods"),
    (2016, 6907.9, "９８３.４", 2983.9),
    ("2017年", 7336.7, "859.8", "3,207.5"),
    ("２０１８", 8104.1, "921.3*", "3 428.3"),
    ("2019a", 8718.3, 1050.5, 3700.3),
    ("注：①第一产业不含农林牧渔服务业。", None, None, None),
    ("a) Preliminary figures.", None, None, None),
)


BOOK_BLOCKS = ((1, 1, 1, 4), (2, 1, 2, 4), (4, 1, 5, 1))
BOOK_HEADER = (4, 5)
_GROUP = ("年 份\nYear", None, "就业人员", None)  # over one column, or over three?
PINS: Card = {  # what pins the table in each kind of file
    ".xlsx": {"sheet": "9-1"},
    ".xls": {"sheet": "9-1"},
    ".ods": {"sheet": "9-1"},
    ".html": {"table": 2},
    ".pdf": {"page": 1, "table": 1},
}


def write_container(landing: Path, suffix: str, data: bytes, **keys: Any) -> None:
    """Write the bytes as a document of one yearbook table; keys go into the table's card."""
    table = {"axes": "years_down", **PINS[suffix], **keys}
    table = {key: value for key, value in table.items() if value is not None}
    write_folder(landing, sound_card(f"tables{suffix}", data, {"9-1": table}), data)


def write_corrections(landing: Path, *entries: Card) -> None:
    """Write corrections beside the card."""
    text = yaml.safe_dump(list(entries), allow_unicode=True, sort_keys=False)
    (landing / SOURCE / "2020" / "corrections.yaml").write_text(text, encoding="utf-8")


def correction(**changes: Any) -> Card:
    """A correction that fits the CSV document; `changes` replace its keys."""
    return {
        "table": "1",
        "cell": "C5",
        "wrong": "8104.1",
        "right": "8114.0",
        "reason": "two digits swapped",
        "source": "the edition of 2021, page 40",
        **changes,
    }


def _with(place: tuple[int, int], value: object) -> tuple[tuple[Any, ...], ...]:
    """The yearbook table with one cell (row, column; 1-based) replaced."""
    rows = [list(row) for row in BOOK]
    rows[place[0] - 1][place[1] - 1] = value
    return tuple(tuple(row) for row in rows)


def _raw(suffix: str, data: Callable[[], bytes], **keys: Any) -> Callable[[Path], None]:
    return lambda landing: write_container(landing, suffix, data(), **keys)


def _xls(change: Callable[[Any], object], **keys: Any) -> Callable[[Path], None]:
    return _raw(".xls", lambda: containers.xls(BOOK, BOOK_BLOCKS, change), **keys)


def _ods(change: Callable[[Any], object], **keys: Any) -> Callable[[Path], None]:
    return _raw(".ods", lambda: containers.ods(BOOK, BOOK_BLOCKS, change), **keys)


def _html(old: str, new: str, **keys: Any) -> Callable[[Path], None]:
    """Replace one text in the web page."""

    def data() -> bytes:
        page: str = containers.html_page(BOOK, BOOK_BLOCKS).decode()
        assert page.count(old) == 1, (old, page.count(old))
        return page.replace(old, new).encode()

    return _raw(".html", data, **keys)


def _pdf(place: tuple[int, int], value: object, **how: Any) -> Callable[[Path], None]:
    return _raw(".pdf", lambda: _pdf_of(_with(place, value), **how))


def _pdf_of(rows: Any = BOOK, **how: Any) -> bytes:
    data: bytes = containers.pdf(rows, BOOK_BLOCKS, header=BOOK_HEADER, **how)
    return data


def _overlapping_page() -> bytes:
    """A cell of row 7 reaches down into one of row 8 that reaches across."""
    page: bytes = containers.html_page(BOOK, BOOK_BLOCKS)
    for old, new in ((b"'1' colspan=1>859.8", b"2 colspan=1>859.8"), (b"1>8104.1", b"2>8104.1")):
        assert page.count(old) == 1, old
        page = page.replace(old, new)
    return page


def _half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _encrypted_xls() -> bytes:
    """A workbook whose second record says that what follows is encrypted."""
    data: bytes = containers.xls(BOOK, BOOK_BLOCKS)
    assert data.count(b"\xe1\x00\x02\x00") == 1
    return data.replace(b"\xe1\x00\x02\x00", b"\x2f\x00\x02\x00")


def _xls_formula(sheet: Any) -> None:
    import xlwt

    sheet.write(6, 1, xlwt.Formula("6907.9*1.062"))


def _xls_format(text: str, value: object) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        import xlwt

        sheet.write(6, 1, value, xlwt.easyxf(num_format_str=text))

    return change


def _xls_superscript(sheet: Any) -> None:
    import xlwt

    raised = xlwt.easyfont("escapement superscript")
    sheet.write_rich_text(6, 1, ("7336.7", ("x1", raised)))


def _xls_hide(sheet: Any) -> None:
    sheet.row(6).hidden = True


def _ods_cell(attributes: str = "", shown: str = "7336.7") -> Callable[[Any], None]:
    """Replace cell B7 by one with these attributes and the text that `shown` says."""

    def change(lines: Any) -> None:
        lines[6][1] = containers.ods_cell(attributes, shown)

    return change


def _ods_encrypted() -> bytes:
    import io

    data = io.BytesIO(containers.ods(BOOK, BOOK_BLOCKS))
    buffer = io.BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(buffer, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "META-INF/manifest.xml":
                content = content.replace(b"</manifest", b"<manifest:encryption-data/></manifest")
            new.writestr(entry, content)
    return buffer.getvalue()


def _scanned() -> bytes:
    """A page that holds a picture and no text."""
    import io

    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawImage(ImageReader(Image.new("L", (40, 40), 128)), 60, 400, 400, 300)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _invisible(canvas: Any) -> None:
    canvas.setFont("STSong-Light", 9)
    canvas.drawString(60, 200, "9999.9", mode=3)


def _white(canvas: Any) -> None:
    canvas.setFont("STSong-Light", 9)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(70, 200, "9999.9")


def _raised_note(canvas: Any) -> None:
    """A small raised x1 behind a figure of the table: column B, year 2017."""
    canvas.setFont("STSong-Light", 5)
    canvas.drawString(255, 643, "x1")


def _damaged_stream() -> bytes:
    data = _pdf_of()
    at = data.index(b"stream\n", data.index(b"/ASCII85Decode")) + 200
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def _corrected(**changes: Any) -> Callable[[Path], None]:
    def make(landing: Path) -> None:
        write_csv(landing)
        write_corrections(landing, correction(**changes))

    return make


def _csv(old: str, new: str, **changes: Any) -> Callable[[Path], None]:
    """Replace one text in the CSV document."""
    assert CSV.count(old) == 1, old
    return lambda landing: write_csv(landing, CSV.replace(old, new), **changes)


def _tidy(old: str, new: str) -> Callable[[Path], None]:
    assert TIDY.count(old) == 1, old
    table = {"axes": "typed"}
    return lambda landing: write_csv(landing, TIDY.replace(old, new), table)


def _paper(old: str, new: str, **keys: Any) -> Callable[[Path], None]:
    assert PAPER.count(old) == 1, old
    table = {"layout": "published_table", "kind": "coefficients", **keys}
    return lambda landing: write_csv(landing, PAPER.replace(old, new), table)


def _cell(place: str, value: object, **keys: Any) -> Callable[[Path], None]:
    """Put a value into one cell of the workbook; keys go into the table's card."""

    def change(sheet: Worksheet) -> None:
        sheet[place] = value

    return lambda landing: write_book(landing, change, keys)


def _sheet(change: Callable[[Worksheet], object], **keys: Any) -> Callable[[Path], None]:
    return lambda landing: write_book(landing, change, keys)


def _card(**changes: Any) -> Callable[[Path], None]:
    return lambda landing: write_csv(landing, **changes)


def _swap(sheet: Worksheet) -> None:
    """Population under gross product and the other way round, as after a sorted column."""
    sheet["A3"] = sheet["D3"] = None
    sheet["B4"], sheet["C4"] = "地区生产总值(亿元)", "年末常住人口(万人)"
    sheet["B5"] = sheet["C5"] = None
    sheet.delete_cols(4)
    for row, (population, product) in enumerate(
        ((2520, 6907.9), (2522, 7336.7), (2515, 8104.1), (2509, 8718.3)), start=6
    ):
        sheet.cell(row, 2).value, sheet.cell(row, 3).value = population, product


def _across(sheet: Worksheet, *, merged: bool) -> None:
    """The same table with years across; merged: one year's heading spans two columns."""
    sheet.merged_cells.ranges.clear()
    sheet.delete_rows(1, sheet.max_row)
    sheet.append(("单位：亿元",))
    sheet.append(("指标 Item", 2017, 2018, 2019))
    sheet.append(("地区生产总值", 7336.7, 8104.1, 8718.3))
    if merged:
        sheet.merge_cells("C2:D2")


def _superscript(sheet: Worksheet) -> None:
    mark = TextBlock(InlineFont(vertAlign="superscript"), "x1")
    sheet["B7"] = CellRichText("7336.7", mark)


def _percent(sheet: Worksheet) -> None:
    sheet["B7"].number_format = "0.0%"


def _two_sheets(sheet: Worksheet) -> None:
    assert sheet.parent is not None
    sheet.parent.create_sheet("9-2")


def _hide(sheet: Worksheet) -> None:
    sheet.row_dimensions[7].hidden = True


def _truncated(landing: Path) -> None:
    write_book(landing)
    data = (landing / SOURCE / "2020" / "tables.xlsx").read_bytes()
    data = data[: len(data) // 2]
    table = {"9-1": {"axes": "years_down", "sheet": "9-1"}}
    write_folder(landing, sound_card("tables.xlsx", data, table), data)


def _as_xlsx(data: bytes) -> Callable[[Path], None]:
    table = {"9-1": {"axes": "years_down", "sheet": "9-1"}}
    return lambda landing: write_folder(landing, sound_card("tables.xlsx", data, table), data)


def _book_as_csv(landing: Path) -> None:
    write_book(landing)
    write_csv(landing, (landing / SOURCE / "2020" / "tables.xlsx").read_bytes())


def _huge(landing: Path) -> None:
    write_csv(landing)
    os.truncate(landing / SOURCE / "2020" / "gdp.csv", 200_000_000)


def _rezip(landing: Path, name: str, content: bytes) -> None:
    """Add one part to the workbook, with a card that fits the result."""
    write_book(landing)
    path = landing / SOURCE / "2020" / "tables.xlsx"
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    _as_xlsx(path.read_bytes())(landing)


def _bomb(landing: Path) -> None:
    _rezip(landing, "xl/media/image1.bin", b"\0" * 60_000_000)


def _entities(landing: Path) -> None:
    _rezip(landing, "xl/extra.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>')


def _late_entities(landing: Path) -> None:
    """Behind more than anybody would look at first, in a part that is not named .xml."""
    page = b"<?xml version='1.0'?><!--" + b" " * 9000 + b"--><!DOCTYPE a [<!ENTITY b 'c'>]><a/>"
    _rezip(landing, "xl/extra.dat", page)


def _utf_16_part(landing: Path) -> None:
    """What is looked for and counted as bytes does not stand in it as such bytes."""
    page = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'
    _rezip(landing, "xl/extra.xml", page.encode("utf-16"))


def _utf_7_part(landing: Path) -> None:
    page = b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a []+AD4-<a/>'
    _rezip(landing, "xl/extra.xml", page)


def _sheet_twice(landing: Path) -> None:
    """Two parts of one name: each program takes another one for the sheet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # Python's own, about the second name
        _rezip(landing, "xl/worksheets/sheet1.xml", b"<worksheet/>")


def _far_block_elsewhere(landing: Path) -> None:
    """A sheet that lies where no sheet is looked for."""
    block = b'<worksheet><mergeCells><mergeCell ref="A20:XFD1048576"/></mergeCells></worksheet>'
    _rezip(landing, "xl/other/figures.bin", block)


def _reissued(landing: Path) -> None:
    write_csv(landing)
    (landing / SOURCE / "2020" / "gdp.csv").write_text(CSV.replace("8718.3", "8718.4"))


def _card_text(old: str, new: str) -> Callable[[Path], None]:
    """Damage the text of the card itself."""

    def make(landing: Path) -> None:
        write_csv(landing)
        path = landing / SOURCE / "2020" / "card.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new), encoding="utf-8")

    return make


def _no_document(landing: Path) -> None:
    write_csv(landing)
    (landing / SOURCE / "2020" / "gdp.csv").unlink()


def _edition_before(old: str, new: str) -> Callable[[Path], None]:
    """A sound edition of 2019, and one of 2020 in which a text is replaced."""

    def make(landing: Path) -> None:
        write_csv(landing, CSV, edition=2019)
        write_csv(landing, CSV.replace(old, new))

    return make


_GDP = f"{FOLDER}/gdp.csv"
_XML_SPREADSHEET = (
    b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
    b"</Workbook>"
)
_XLSX = f"{FOLDER}/tables.xlsx, sheet 9-1"
_XLS = f"{FOLDER}/tables.xls, sheet 9-1"
_ODS = f"{FOLDER}/tables.ods, sheet 9-1"
_HTML = f"{FOLDER}/tables.html, table 2"
_PDF = f"{FOLDER}/tables.pdf, page 1, table 1"
_CARD = f"{FOLDER}/card.yaml"
_PERSONS = "年末常住人口(万人),2509,2515,2522,2520"

DAMAGES: list[Damage] = [
    # The unit
    Damage(
        "wrong_unit", _csv("地区生产总值(亿元)", "地区生产总值(万元)"), (_GDP, "cell B5", "10^4")
    ),
    Damage("unknown_unit", _csv("总值(亿元)", "总值(亿美元)"), (_GDP, "cell A5", "亿美元")),
    Damage("unit_of_another_kind", _csv("人口(万人),2509", "人口(亿元),2509"), (_GDP, "cell A6")),
    Damage(
        "missing_unit", _csv("地区生产总值(亿元)", "地区生产总值"), (_GDP, "cell A5", "no unit")
    ),
    Damage(
        "unit_against_the_card",
        _cell("A3", "单位：亿元", unit="万元"),
        (_XLSX, "cell B4", "万元", "亿元"),
    ),
    Damage("two_units_above", _cell("D3", "(10 000 yuan)"), (_XLSX, "cell D3", "two units")),
    Damage("value_off_by_10000", _csv("8104.1", "81041000"), (_GDP, "cell C5", "divided by 10^4")),
    Damage(
        "jump_between_years", _csv("77.6", "0.00776"), (_GDP, "cell C7", "times too small", "in D7")
    ),
    Damage("share_as_ratio", _csv("11.17", "0.1117"), (_GDP, "cell C8", "times 10^2")),
    Damage("unit_in_the_cell", _csv("2515", "2515 万"), (_GDP, "cell C6", "'2515 万'")),
    Damage("other_unit_in_the_cell", _csv("11.17", "11.17‰"), (_GDP, "cell C8", "'‰' is written")),
    Damage("percent_format", _sheet(_percent), (_XLSX, "cell B7", "behind the number")),
    Damage(
        "unit_changed_since_last_edition",
        _edition_before(
            "总值(亿元),8718.3,8104.1,7336.7,6907.9",
            "总值(万元),87183000,81041000,73367000,69079000",
        ),
        (_GDP, "cell B5", "10k_cny", f"landing/{SOURCE}/2019/gdp.csv"),
    ),
    # Numbers
    Damage("text_in_a_number", _csv("7336.7", "7336.7?"), (_GDP, "cell D5", "'7336.7?'")),
    Damage("letter_o_for_zero", _csv("2509", "25O9"), (_GDP, "cell B6", "'25O9'")),
    Damage("loose_thousands", _csv("8104.1", '"81,04.1"'), (_GDP, "cell C5", "groups of three")),
    Damage("scientific_notation", _csv("8104.1", "8.1041E3"), (_GDP, "cell C5", "scientific")),
    Damage("undeclared_dash", _csv("2522", "-"), (_GDP, "cell D6", "marks")),
    Damage("undeclared_dots", _cell("C7", "…"), (_XLSX, "cell C7", "marks")),
    Damage("negative_population", _csv("2509", "-2509"), (_GDP, "cell B6", "-2509")),
    Damage("formula", _cell("B7", "=B6*1.062"), (_XLSX, "cell B7", "formula")),
    Damage("error_cell", _cell("B7", "#DIV/0!"), (_XLSX, "cell B7", "error value")),
    Damage("date_in_a_number_cell", _cell("B7", date(2017, 3, 1)), (_XLSX, "cell B7", "a date")),
    Damage("truth_value", _cell("B7", True), (_XLSX, "cell B7", "truth value")),
    Damage(
        "merged_figures", _sheet(lambda s: s.merge_cells("B7:B8")), (_XLSX, "cell B7", "merged")
    ),
    Damage("superscript_note", _sheet(_superscript), (_XLSX, "cell B7", "7336.7(x1)")),
    Damage("hidden_row", _sheet(_hide), (_XLSX, "cell A7", "hidden")),
    # Rows, columns, years
    Damage("swapped_columns", _sheet(_swap), (_XLSX, "cell C6", "swapped")),
    Damage("duplicated_year", _csv("2017年", "2018年"), (_GDP, "cell D4", "cell C4")),
    Damage("duplicated_year_row", _cell("A8", 2017), (_XLSX, "cell A8", "cell A7")),
    Damage("year_in_the_future", _csv("2019年", "2029年"), (_GDP, "cell B4", "2029")),
    Damage("year_with_a_letter", _csv("2018年", "2O18年"), (_GDP, "cell C4", "'2O18年'")),
    Damage("year_lost_in_a_row", _cell("A7", "一七年"), (_XLSX, "cell A7", "not a year")),
    Damage("first_year_lost", _cell("A6", "20l6"), (_XLSX, "cell A6", "'20l6'")),
    Damage("first_year_blank", _cell("A6", None), (_XLSX, "cell B6", "6907.9")),
    Damage("last_year_lost", _cell("A9", "2O19"), (_XLSX, "cell A9", "2O19")),
    Damage(
        "merged_header_loses_a_year",
        _sheet(lambda s: _across(s, merged=True), axes="years_across"),
        (_XLSX, "cell C2", "several columns"),
    ),
    Damage(
        "year_missing_in_header",
        _csv("2017年,2016年", "2017年,"),
        (_GDP, "cell E5", "without a year"),
    ),
    Damage("ragged_row", _csv(_PERSONS, "年末常住人口(万人),2509,2515"), (_GDP, "cell C6")),
    Damage("slipped_row", _csv(_PERSONS, f"{_PERSONS},2523"), (_GDP, "cell F6", "without a year")),
    Damage("header_row_missing", _csv("指标,2019年,2018年,2017年,2016年\n", ""), (_GDP, "cell A1")),
    Damage(
        "yearbook_header_missing",
        _sheet(lambda s: s.__setitem__("A4", None)),
        (_XLSX, "no row has the headings", "年份"),
    ),
    Damage("row_without_label", _csv("年末常住人口(万人),", ","), (_GDP, "cell A6", "no label")),
    Damage("column_without_label", _cell("E7", 12.5), (_XLSX, "cell E7", "without a label")),
    # Labels
    Damage(
        "unknown_label", _csv("农村贫困人口", "农村贫苦人口"), (_GDP, "cell A7", "农村贫苦人口")
    ),
    Damage(
        "vanished_label",
        _card(table={"axes": "site", "labels": {"年末总人口": "population_year_end"}}),
        (_GDP, "年末总人口"),
    ),
    Damage(
        "label_gone_since_last_edition",
        _edition_before(f"{_PERSONS}\n", ""),
        (_GDP, "年末常住人口", f"landing/{SOURCE}/2019/gdp.csv", "cell B6"),
    ),
    Damage(
        "one_indicator_by_two_labels",
        _csv("农村贫困人口(万人),17.5,77.6,188.7,256", "常住人口(万人),2509,2515,2522,2520"),
        (_GDP, "cell B7", "cell B6"),
    ),
    Damage(
        "label_of_two_definitions",
        _csv("年末常住人口", "年末总人口"),
        (_GDP, "cell B6", "年末总人口", "年末户籍人口"),
    ),
    Damage(
        "label_of_another_definition_than_the_card_says",
        _csv(
            "年末常住人口",
            "年末户籍人口",
            table={"axes": "site", "definitions": {"年末户籍人口": "own"}},
        ),
        (_GDP, "cell B6", "年末户籍人口"),
    ),
    Damage(
        "definition_of_a_label_that_is_not_there",
        _card(table={"axes": "site", "definitions": {"年末总人口": "own"}}),
        (_GDP, "年末总人口"),
    ),
    Damage(
        "definition_nobody_knows",
        _card(table={"axes": "site", "definitions": {"年末常住人口": "counted"}}),
        (f"{FOLDER}/card.yaml", "counted"),
    ),
    Damage(
        "languages_contradict",
        _cell("B5", "Total Retail Sales"),
        (_XLSX, "cell B5", "gross_product", "total_retail_sales"),
    ),
    Damage("another_region", _csv("地区：甘肃省", "地区：青海省"), (_GDP, "cell A2", "青海省")),
    Damage("region_line_missing", _csv("地区：甘肃省\n", ""), (_GDP, "地区", "CN-GS")),
    # The file
    Damage(
        "wrong_encoding",
        _card(data=CSV.encode("gb18030"), table={"axes": "site", "encoding": "utf-8"}),
        (_GDP, "byte 0", "cell A1"),
    ),
    Damage("mixed_encoding", _card(data=CSV.encode() + b"\xff\xff,1\n"), (_GDP, "cell A10")),
    Damage(
        "garbled_twice", _card(data=CSV.encode().decode("gb18030", "replace")), (_GDP, "cell A1")
    ),
    Damage(
        "utf8_called_gb18030",
        _card(table={"axes": "site", "encoding": "gb18030"}),
        (_GDP, "UTF-8", "gb18030"),
    ),
    Damage("figures_below_the_notes", _cell("B10", 9016.7), (_XLSX, "cell A10")),
    Damage("nul_byte", _csv("2515", "25\x0015"), (_GDP, "NUL", "cell C6")),
    Damage("open_quote", _csv("年末常住人口", '"年末常住人口'), (_GDP, "line")),
    Damage("empty_file", _card(data=b""), (_GDP, "empty")),
    Damage("no_figures", _card(data="\n\n"), (_GDP, "指标")),
    Damage("file_of_200_mb", _huge, (_GDP, "200,000,000 bytes")),
    Damage("truncated_xlsx", _truncated, (f"{FOLDER}/tables.xlsx", "cut off or damaged")),
    Damage("csv_named_xlsx", _as_xlsx(CSV.encode()), (f"{FOLDER}/tables.xlsx", "no workbook")),
    Damage("xlsx_named_csv", _book_as_csv, (_GDP, "named .csv")),
    Damage("zip_bomb", _bomb, (f"{FOLDER}/tables.xlsx", "unpacks to")),
    Damage("xml_entities", _entities, (f"{FOLDER}/tables.xlsx", "xl/extra.xml")),
    Damage("xml_entities_late", _late_entities, ("tables.xlsx", "xl/extra.dat", "entities")),
    Damage("xml_in_utf_16", _utf_16_part, ("tables.xlsx", "xl/extra.xml", "UTF-8")),
    Damage("xml_in_utf_7", _utf_7_part, ("tables.xlsx", "xl/extra.xml", "UTF-8")),
    Damage("sheet_twice", _sheet_twice, ("tables.xlsx", "2 parts are named xl/worksheets/")),
    Damage("far_block_elsewhere", _far_block_elsewhere, ("figures.bin", "17,179,557,888 cells")),
    Damage(
        "password",
        _as_xlsx(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        (f"{FOLDER}/tables.xlsx", "password"),
    ),
    Damage(
        "zip_without_workbook", _as_xlsx(b"PK\x05\x06" + b"\0" * 18), ("tables.xlsx", "no workbook")
    ),
    Damage("cell_far_away", _cell("XFD900000", 1), (_XLSX, "cell XFD900000")),
    Damage("sheet_missing", _cell("A1", "9-1", sheet="9-7"), ("tables.xlsx", "'9-7'", "'9-1'")),
    Damage("sheet_not_named", _sheet(_two_sheets, sheet=None), ("tables.xlsx", "'9-1', '9-2'")),
    Damage("reissued_file", _reissued, (_GDP, "sha256", "document: {file: gdp.csv")),
    Damage("document_missing", _no_document, (_CARD, "gdp.csv")),
    # The card
    Damage("card_with_unknown_field", _card(editon=2020), (_CARD, "field editon")),
    Damage("card_with_wrong_value", _card(quality="good"), (_CARD, "field quality", "'good'")),
    Damage("card_for_another_folder", _card(source="other_source"), (_CARD, "field source")),
    Damage("card_with_unknown_region", _card(region="CN-XX"), (_CARD, "field region", "CN-XX")),
    Damage(
        "card_maps_to_nothing",
        _card(table={"axes": "site", "labels": {"年末常住人口": "population"}}),
        (_CARD, 'tables."1".labels', "population"),
    ),
    Damage(
        "card_with_a_key_twice",
        _card_text("edition: 2020", "edition: 2020\nedition: 2019"),
        (_CARD, "'edition'", "line 3"),
    ),
    Damage("card_not_yaml", _card_text("title:", "title: [:"), (_CARD, "not readable")),
    Damage("card_extends_itself", _card(extends="card.yaml"), (_CARD, "field extends")),
    Damage("card_extends_outside", _card(extends="../../../x.yaml"), (_CARD, "field extends")),
    Damage(
        "card_reaches_outside",
        _card_text("file: gdp.csv", "file: ../gdp.csv"),
        (_CARD, "field document.file"),
    ),
    # Lines typed from texts
    Damage("tidy_unknown_region", _tidy("CN-GS,2017", "Gansuu,2017"), (_GDP, "cell B3", "Gansuu")),
    Damage("tidy_short_line", _tidy("2637,万人,", "2637"), (_GDP, "cell D4", "4 of 6 fields")),
    Damage(
        "tidy_twice", _tidy("CN-GS,2017,7459.9", "CN-GS,2018,7459.9"), (_GDP, "cell D3", "cell D2")
    ),
    Damage("tidy_header", _tidy("year,value", "jahr,value"), (_GDP, "cell A1", "jahr")),
    Damage(
        "tidy_other_region",
        _card(data=TIDY, table={"axes": "typed"}, region="CN-QH"),
        (_GDP, "cell D2", "CN-QH"),
    ),
    Damage(
        "tidy_unnamed_flags",
        _tidy("unit,note", "unit,flag"),
        (_GDP, "cell F1", "status_column: flag"),
    ),
    Damage(
        "tidy_unknown_flag",
        _card(data=TIDY, table={"axes": "typed", "status_column": "note"}),
        (_GDP, "cell F2", "'first figure' is no flag"),
    ),
    # Tables of a paper
    Damage("paper_number", _paper("-2.344", "-2.344?"), (_GDP, "cell D3")),
    Damage("paper_marked", _paper("-2.344", "-2.344(p)"), (_GDP, "cell D3", "provisional")),
    Damage("paper_p_above_one", _paper("0.101", "101"), (_GDP, "cell E3", "101")),
    Damage("paper_unknown_term", _paper("AIG", "AGI"), (_GDP, "cell A3", "AGI")),
    Damage("paper_unknown_statistic", _paper("Std. Error", "Std. Bias"), (_GDP, "cell C1")),
    Damage("paper_four_stars", _paper("-1.329**", "-1.329****"), (_GDP, "cell B4")),
    Damage("paper_term_twice", _paper("IM,", "AIG,"), (_GDP, "cell B4", "cell B3")),
    # Old Excel
    Damage("xls_formula", _xls(_xls_formula), (_XLS, "cell B7", "formula")),
    Damage(
        "xls_error",
        _xls(lambda s: s.row(6).set_cell_error(1, 0x17)),
        (_XLS, "cell B7", "#REF!", "error value"),
    ),
    Damage("xls_date", _xls(_xls_format("yyyy-mm-dd", 43000)), (_XLS, "cell B7", "a date")),
    Damage(
        "xls_percent", _xls(_xls_format("0.0%", 7336.7)), (_XLS, "cell B7", "behind the number")
    ),
    Damage("xls_truth", _xls(lambda s: s.write(6, 1, True)), (_XLS, "cell B7", "truth value")),
    Damage("xls_superscript", _xls(_xls_superscript), (_XLS, "cell B7", "7336.7(x1)")),
    Damage("xls_hidden_row", _xls(_xls_hide), (_XLS, "cell A7", "hidden")),
    Damage(
        "xls_merged_figures",
        _raw(".xls", lambda: containers.xls(BOOK, (*BOOK_BLOCKS, (7, 2, 8, 2)))),
        (_XLS, "cell B7", "merged"),
    ),
    Damage("xls_text", _xls(lambda s: s.write(6, 1, "7336.7?")), (_XLS, "cell B7", "'7336.7?'")),
    Damage("xls_sheet_missing", _xls(lambda s: None, sheet="9-7"), ("tables.xls", "'9-7'")),
    Damage(
        "xls_truncated",
        _raw(".xls", lambda: _half(containers.xls(BOOK))),
        ("tables.xls", "damaged"),
    ),
    Damage("xls_password", _raw(".xls", _encrypted_xls), ("tables.xls", "password")),
    Damage(
        "sheet_of_a_page_named_xls",
        _raw(".xls", lambda: containers.html_page(BOOK)),
        ("tables.xls", "called .html", "Remove sheet"),
    ),
    Damage(
        "xml_spreadsheet_named_xls",
        _raw(".xls", lambda: _XML_SPREADSHEET, sheet=None),
        ("tables.xls", "Excel 2003", "save it as .xlsx"),
    ),
    # OpenDocument
    Damage(
        "ods_formula",
        _ods(
            _ods_cell('office:value-type="float" office:value="7336.7" table:formula="of:=[.B6]*2"')
        ),
        (_ODS, "cell B7", "formula"),
    ),
    Damage("ods_error", _ods(_ods_cell(shown="#REF!")), (_ODS, "cell B7", "#REF!", "error value")),
    Damage(
        "ods_date",
        _ods(_ods_cell('office:value-type="date" office:date-value="2017-03-01"')),
        (_ODS, "cell B7", "a date"),
    ),
    Damage(
        "ods_percent",
        _ods(_ods_cell('office:value-type="percentage" office:value="73.367"')),
        (_ODS, "cell B7", "percentage"),
    ),
    Damage(
        "ods_merged_figures",
        _raw(".ods", lambda: containers.ods(BOOK, (*BOOK_BLOCKS, (7, 2, 8, 2)))),
        (_ODS, "cell B7", "merged"),
    ),
    Damage("ods_text", _ods(_ods_cell(shown="7336.7?")), (_ODS, "cell B7", "'7336.7?'")),
    Damage("ods_sheet_missing", _ods(lambda rows: None, sheet="9-7"), ("tables.ods", "'9-7'")),
    Damage(
        "ods_truncated",
        _raw(".ods", lambda: _half(containers.ods(BOOK))),
        ("tables.ods", "cut off"),
    ),
    Damage("ods_password", _raw(".ods", _ods_encrypted), ("tables.ods", "password")),
    Damage(
        "xlsx_named_ods",
        _raw(".ods", lambda: containers.xlsx(BOOK)),
        ("tables.ods", "another kind of zip archive"),
    ),
    # Web pages
    Damage("html_text", _html(">7336.7<", ">7336.7?<"), (_HTML, "cell B7", "'7336.7?'")),
    Damage("html_error", _html(">7336.7<", ">#REF!<"), (_HTML, "cell B7", "#REF!")),
    Damage("html_superscript", _html(">7336.7<", ">7336.7<sup>x1</sup><"), (_HTML, "7336.7(x1)")),
    Damage("html_picture", _html(">7336.7<", "><img src='7.gif'><"), (_HTML, "cell B7", "picture")),
    Damage(
        "html_hidden",
        _html(">7336.7<", "><span style='display: none'>7336.7</span><"),
        (_HTML, "cell B7", "hidden"),
    ),
    Damage(
        "html_hidden_row",
        _html("<tr><td rowspan='1' colspan=1>2017年<", "<tr hidden><td>2017年<"),
        (_HTML, "cell A7", "hidden"),
    ),
    Damage(
        "html_merged_figures",
        _raw(".html", lambda: containers.html_page(BOOK, (*BOOK_BLOCKS, (7, 2, 8, 2)))),
        (_HTML, "cell B7", "merged"),
    ),
    Damage(
        "html_overlap",
        _raw(".html", _overlapping_page),
        (_HTML, "cell B8", "same place"),
    ),
    Damage("html_no_encoding", _html("<meta charset=utf-8>", ""), ("tables.html", "encoding")),
    Damage(
        "html_wrong_encoding",
        _html("charset=utf-8", "charset=gb2312"),
        ("tables.html", "UTF-8", "gb18030"),
    ),
    Damage(
        "html_other_encoding",
        _html("charset=utf-8", "charset=shift_jis"),
        ("tables.html", "says shift_jis"),
    ),
    Damage(
        "html_not_big5", _html("charset=utf-8", "charset=big5"), ("tables.html", "UTF-8", "big5")
    ),
    Damage("html_table_missing", _html("menu", "m", table=3), ("tables.html", "no table 3")),
    Damage("html_table_not_named", _html("menu", "m", table=None), ("tables.html", "no table")),
    Damage(
        "html_nested",
        _html("menu", "<table><tr><td>1</td></tr></table>", table=1),
        (f"{FOLDER}/tables.html, table 1", "inside"),
    ),
    Damage("pdf_named_html", _raw(".html", _pdf_of), ("tables.html", "a PDF")),
    # PDF
    Damage("pdf_text", _pdf((7, 2), "7336.7?"), (_PDF, "cell B4", "'7336.7?'")),
    Damage("pdf_text_unruled", _pdf((7, 2), "73367.?", rules="none"), (_PDF, "cell B4", "73367.?")),
    Damage(
        "pdf_figure_on_page_two",
        _raw(".pdf", lambda: _pdf_of(_with((8, 2), "x"), break_before=8), page="1-2"),
        (f"{FOLDER}/tables.pdf, page 2, table 1, cell B3", "'x'"),
    ),
    Damage(
        "pdf_merged_figures",
        _raw(
            ".pdf",
            lambda: containers.pdf(BOOK, (*BOOK_BLOCKS, (7, 2, 8, 2)), header=BOOK_HEADER),
        ),
        (_PDF, "cell B4", "merged"),
    ),
    Damage("pdf_superscript", _raw(".pdf", lambda: _pdf_of(change=_raised_note)), (_PDF, "(x1)")),
    Damage("pdf_scanned", _raw(".pdf", _scanned), (f"{FOLDER}/tables.pdf, page 1", "scanned")),
    Damage(
        "pdf_text_behind_a_picture",
        _raw(".pdf", lambda: _pdf_of(change=_invisible)),
        (f"{FOLDER}/tables.pdf, page 1", "invisible"),
    ),
    Damage("pdf_white", _raw(".pdf", lambda: _pdf_of(change=_white)), ("page 1", "white on white")),
    Damage(
        "pdf_turned_without_rules",
        _raw(".pdf", lambda: _pdf_of(rules="none", rotated=True)),
        (f"{FOLDER}/tables.pdf, page 1", "turned"),
    ),
    Damage(
        "pdf_heading_between_columns",
        _pdf((4, 3), None, rules="none"),
        (f"{FOLDER}/tables.pdf, page 1", "not certain over which column"),
    ),
    Damage(
        "pdf_group_heading_without_rules",
        _raw(".pdf", lambda: _pdf_of((*BOOK[:3], _GROUP, *BOOK[4:]), rules="none")),
        (f"{FOLDER}/tables.pdf, page 1", "different numbers of lines"),
    ),
    Damage("pdf_page_missing", _raw(".pdf", _pdf_of, page=7), ("tables.pdf", "no page 7")),
    Damage("pdf_table_missing", _raw(".pdf", _pdf_of, table=2), ("page 1", "no table 2")),
    Damage("pdf_page_not_named", _raw(".pdf", _pdf_of, page=None), (_CARD, "page")),
    Damage("pdf_page_wrong", _raw(".pdf", _pdf_of, page="3-1"), (_CARD, "'3-1'")),
    Damage("pdf_sheet_named", _raw(".pdf", _pdf_of, sheet="9-1"), (_CARD, "sheet", "no meaning")),
    Damage("pdf_truncated", _raw(".pdf", lambda: _half(_pdf_of())), ("tables.pdf", "cut off")),
    Damage("pdf_stream", _raw(".pdf", _damaged_stream), ("tables.pdf", "page 1", "damaged")),
    Damage(
        "pdf_password",
        _raw(".pdf", lambda: _pdf_of(encrypt="secret")),
        ("tables.pdf", "password"),
    ),
    Damage("page_named_pdf", _raw(".pdf", lambda: containers.html_page(BOOK)), ("an HTML",)),
    # Corrections
    Damage("correction_repaired", _corrected(wrong="8104.2"), (_GDP, "cell C5", "'8104.2'")),
    Damage("correction_of_no_cell", _corrected(cell="Z99"), (_GDP, "cell Z99", "no such cell")),
    Damage(
        "correction_of_no_figure",
        _corrected(cell="A5", wrong="地区生产总值(亿元)", right="地区生产总值（亿元）"),
        (_GDP, "cell A5", "no figure is read"),
    ),
    Damage(
        "correction_of_no_table", _corrected(table="2"), (f"{FOLDER}/corrections.yaml", "table '2'")
    ),
    Damage(
        "correction_without_source",
        _corrected(source=None),
        (f"{FOLDER}/corrections.yaml", "0.source"),
    ),
    Damage("correction_to_no_number", _corrected(right="81l4"), (_GDP, "cell C5", "'81l4'")),
]
