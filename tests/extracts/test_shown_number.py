"""What spreadsheets show of the numbers they store; the formats are Excel's."""

import zipfile
from decimal import Decimal
from io import BytesIO
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.files.shown_number import ShownNumber, shown_as, shown_in


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (8104.0712345, "0.0", "8104.1"),
        (8104.0712345, "0.00_ ", "8104.07"),
        (8104.0712345, "#,##0.00", "8,104.07"),
        (8104.0712345, "0", "8104"),
        (8104.0712345, "General", "8104.0712345"),
        (8104.1, "0.00", "8104.10"),
        (8104, "0.0##", "8104.0"),
        (8104.25, "0.0##", "8104.25"),
        (8104.25, "#.##", "8104.25"),
        (8104, "#.##", "8104"),
        (2.675, "0.00", "2.68"),  # half away from zero, on the decimal digits
        (-2.345, "0.00;-0.00", "-2.35"),
        (-2.345, "0.00_);[Red]-0.00", "-2.35"),
        (0.4, "0.0;-0.0;0", "0.4"),
        # Words are printed beside the number:
        (8104.0712345, '0.0"万"', "8104.1万"),
        (8104.0712345, '0.0"(p)"', "8104.1(p)"),
        (2019, '0"年(初步)"', "2019年(初步)"),
        (2019, 'General"年"', "2019年"),
        (8104.0712345, "$#,##0.0", "$8,104.1"),
        (8104.0712345, "[$US$-409]0.0", "US$8104.1"),
        (8104.0712345, "0.0\\e", "8104.1e"),
        (8104.0712345, "[$¥-804]#,##0.0", "8,104.1"),
        (-2.345, '0.00;\\-0.00" p"', "-2.35p"),
        # Not understood, so as stored:
        (8104.0712345, "0.00E+00", "8104.0712345"),
        (-8104.0712345, "0.0;(0.0)", "-8104.0712345"),
        (8104.0712345, "[>1000]0.0;0.00", "8104.0712345"),
        (1e18, "0.0", "1000000000000000000"),
    ],
)
def test_formats(value: float, number_format: str, text: str) -> None:
    shown = shown_in(value, number_format)
    assert shown.text == text
    assert shown.stored in (None, shown_in(value, "General").text)


@given(
    value=st.floats(-1e9, 1e9).map(lambda value: round(value, 6)),
    decimals=st.integers(0, 6),
    grouped=st.booleans(),
)
def test_what_is_shown_is_the_stored_number_rounded(
    value: float, decimals: int, grouped: bool
) -> None:
    number_format = ("#,##0" if grouped else "0") + ("." + "0" * decimals if decimals else "")
    shown = shown_in(value, number_format)
    number = Decimal(shown.text.replace(",", ""))
    assert abs(number - Decimal(repr(value))) <= Decimal("0.5").scaleb(-decimals)
    assert len(shown.text.partition(".")[2]) == decimals
    # The same pair from a file that says what it shows is taken as it is.
    assert shown_as(shown.text, value) == shown


def test_a_file_that_shows_another_number_than_it_stores() -> None:
    assert shown_as("8104.1", 8104.0712345) == ShownNumber("8104.1", "8104.0712345")
    assert shown_as("8104.1", 8114.0712345) is None
    assert shown_as("8.104,1", 8104.0712345) == ShownNumber("8104.0712345")
    assert shown_as("8104.1(p)", 8104.0712345) == ShownNumber("8104.1(p)", "8104.0712345")
    assert shown_as("8204.1(p)", 8104.0712345) is None
    assert shown_as("$8104.1", 8104.0712345) == ShownNumber("$8104.1", "8104.0712345")
    assert shown_as("¥8,104.1", 8104.0712345) == ShownNumber("8,104.1", "8104.0712345")


ROWS: tuple[tuple[Any, ...], ...] = (
    ("指标", 2019, 2018),
    ("地区生产总值", 8718.296, 8104.0712345),
)
CARD = {"axes": "years_across", "unit": "亿元", "sheet": "9-1"}


def as_shown(catalogue: ModuleType, suffix: str) -> bytes:
    containers = catalogue.containers
    if suffix == ".xlsx":

        def narrow(sheet: Any) -> None:
            sheet["B1"].number_format = "0.00"  # a year that is shown as 2019.00
            sheet["B2"].number_format = sheet["C2"].number_format = "0.0"

        return bytes(containers.xlsx(ROWS, change=narrow))
    if suffix == ".xls":
        import xlwt

        def narrower(sheet: Any) -> None:
            style = xlwt.easyxf(num_format_str="0.0")
            for column in (1, 2):
                sheet.write(1, column, ROWS[1][column], style)

        return bytes(containers.xls(ROWS, change=narrower))

    def shown(lines: list[list[str]]) -> None:
        for column, text in ((1, "8718.3"), (2, "8104.1")):
            keys = f'office:value-type="float" office:value="{ROWS[1][column]!r}"'
            lines[1][column] = containers.ods_cell(keys, text)

    return bytes(containers.ods(ROWS, change=shown))


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_shown_and_stored_are_both_kept(catalogue: ModuleType, landing: Any, suffix: str) -> None:
    catalogue.write_container(landing, suffix, as_shown(catalogue, suffix), **CARD)
    document: Document = read_document(landing / "damaged_source/2020/card.yaml", landing)
    row = next(row for row in document.observations if row.reference_year == 2018)
    assert (row.printed_value, row.stored_value) == ("8104.1", "8104.0712345")
    assert (row.value, row.half_unit) == (8104.1, 0.05)


def test_an_ods_that_shows_another_number_is_refused(catalogue: ModuleType, landing: Any) -> None:
    def stale(lines: list[list[str]]) -> None:
        keys = 'office:value-type="float" office:value="8104.07"'
        lines[1][2] = catalogue.containers.ods_cell(keys, "8204.1")

    data = bytes(catalogue.containers.ods(ROWS, change=stale))
    catalogue.write_container(landing, ".ods", data, **CARD)
    with pytest.raises(DocumentError, match=r"'8204\.1' is shown, and 8104\.07 is") as stopped:
        read_document(landing / "damaged_source/2020/card.yaml", landing)
    assert stopped.value.cell == "C2"


@pytest.mark.parametrize(
    ("cell", "number_format", "status"),
    [
        ("B2", '0.0"(p)"', "provisional"),
        ("B1", '0"年(预计)"', "forecast"),
        ("B1", '0"年"', "final"),
    ],
)
def test_a_status_that_only_the_format_says(
    catalogue: ModuleType, landing: Any, cell: str, number_format: str, status: str
) -> None:
    def change(sheet: Any) -> None:
        sheet[cell].number_format = number_format

    data = bytes(catalogue.containers.xlsx(ROWS, change=change))
    catalogue.write_container(landing, ".xlsx", data, **CARD)
    document = read_document(landing / "damaged_source/2020/card.yaml", landing)
    assert {row.reference_year: row.status for row in document.observations}[2019] == status


def test_dollars_that_only_the_format_says_are_no_yuan(catalogue: ModuleType, landing: Any) -> None:
    def change(sheet: Any) -> None:
        sheet["B2"].number_format = "$#,##0.0"

    data = bytes(catalogue.containers.xlsx(ROWS, change=change))
    catalogue.write_container(landing, ".xlsx", data, **CARD)
    with pytest.raises(DocumentError, match=r"'\$8,718\.3' is not a number"):
        read_document(landing / "damaged_source/2020/card.yaml", landing)


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (8104.0712345, '0.0"亿元"', ShownNumber("8104.1亿元", "8104.0712345", "亿元")),
        (0.12345, "0.0%", ShownNumber("12.3%", "12.345", "%")),
        (0.0715, "0.00%", ShownNumber("7.15%", "7.15", "%")),
        (2019, '0"年"', ShownNumber("2019年", "2019")),
        (0.12345, '0.0%"(p)"', ShownNumber("12.3%(p)", "12.345")),
    ],
)
def test_a_unit_in_a_format_is_told_from_other_words(
    value: float, number_format: str, shown: ShownNumber
) -> None:
    assert shown_in(value, number_format) == shown


@given(
    value=st.floats(0.001, 1e6).map(lambda value: round(value, 6)),
    decimals=st.integers(0, 4),
    unit=st.sampled_from(["亿元", "万人", "元", "%"]),
)
def test_a_file_that_says_what_it_shows_is_read_like_one_of_formats(
    value: float, decimals: int, unit: str
) -> None:
    digits = "0" + ("." + "0" * decimals if decimals else "")
    shown = shown_in(value, f"{digits}%" if unit == "%" else f'{digits}"{unit}"')
    assert shown.unit == unit
    assert shown_as(shown.text, value, is_percentage=unit == "%") == shown
    number = shown.text.removesuffix(unit)
    assert shown_as(f"1{number}{unit}", value, is_percentage=unit == "%") is None


@pytest.mark.parametrize(
    ("keys", "shown", "read"),
    [
        ('value-type="float" office:value="8104.0712345"', "8104.1亿元", "8104.1"),
        ('value-type="float" office:value="8104.0712345"', "8104.1万元", None),
        ('value-type="percentage" office:value="8104.0712345"', "810407.1%", None),
    ],
)
def test_a_unit_that_an_ods_shows(
    catalogue: ModuleType, landing: Any, keys: str, shown: str, read: str | None
) -> None:
    def change(lines: list[list[str]]) -> None:
        lines[1][2] = catalogue.containers.ods_cell(f"office:{keys}", shown)

    data = bytes(catalogue.containers.ods(ROWS, change=change))
    catalogue.write_container(landing, ".ods", data, **CARD)
    card = landing / "damaged_source/2020/card.yaml"
    if read is None:
        with pytest.raises(DocumentError, match=r"prints the unit '(万元|%)'"):
            read_document(card, landing)
        return
    rows = {row.reference_year: row for row in read_document(card, landing).observations}
    assert (rows[2018].printed_value, rows[2018].stored_value) == (read, "8104.0712345")


@pytest.mark.parametrize("number_format", [";;;", ";;"])
def test_a_number_that_a_format_hides_is_refused(
    catalogue: ModuleType, landing: Any, number_format: str
) -> None:
    def change(sheet: Any) -> None:
        sheet["B2"].number_format = number_format

    catalogue.write_container(
        landing, ".xlsx", bytes(catalogue.containers.xlsx(ROWS, change=change)), **CARD
    )
    with pytest.raises(DocumentError, match="nothing of it is shown"):
        read_document(landing / "damaged_source/2020/card.yaml", landing)


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_a_hidden_sheet_is_read_only_if_the_card_says_so(
    catalogue: ModuleType, landing: Any, suffix: str
) -> None:
    data = hidden_sheet(catalogue, suffix)
    catalogue.write_container(landing, suffix, data, **CARD)
    card = landing / "damaged_source/2020/card.yaml"
    with pytest.raises(DocumentError, match="on a hidden sheet"):
        read_document(card, landing)
    catalogue.write_container(landing, suffix, data, **CARD, hidden="read")
    assert len(read_document(card, landing).observations) == 2


def hidden_sheet(catalogue: ModuleType, suffix: str) -> bytes:
    """The table on a hidden sheet; another one is shown."""
    if suffix == ".xlsx":

        def hide(sheet: Any) -> None:
            sheet.sheet_state = "hidden"
            sheet.parent.create_sheet("shown")

        return bytes(catalogue.containers.xlsx(ROWS, change=hide))
    if suffix == ".xls":

        def hide_old(sheet: Any) -> None:
            sheet.visibility = 1
            sheet.get_parent().add_sheet("shown")
            sheet.get_parent().set_active_sheet(1)

        return bytes(catalogue.containers.xls(ROWS, change=hide_old))
    whole = zipfile.ZipFile(BytesIO(catalogue.containers.ods(ROWS)))
    parts = {name: whole.read(name) for name in whole.namelist()}
    style = (
        '<office:automatic-styles><style:style xmlns:style="urn:oasis:names:tc:opendocument:xmlns:'
        'style:1.0" style:name="ta2" style:family="table"><style:table-properties '
        'table:display="false"/></style:style></office:automatic-styles>'
    )
    content = parts["content.xml"].decode()
    content = content.replace("<office:body>", f"{style}<office:body>")
    content = content.replace('table:name="9-1"', 'table:name="9-1" table:style-name="ta2"')
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in {**parts, "content.xml": content.encode()}.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _two_years(change: Any) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "9-1"
    sheet.append(["指标", 2018, 2019])
    sheet.append(["地区生产总值", 8104.0712345, 8718.3])
    change(sheet)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_unit_of_number_formats_must_agree_with_the_others(
    catalogue: ModuleType, landing: Any
) -> None:
    def read(number_format: str, **keys: Any) -> Document:
        def change(sheet: Any) -> None:
            sheet["B2"].number_format = sheet["C2"].number_format = number_format

        raw = _two_years(change)
        card = catalogue.sound_card("t.xlsx", raw, {"1": {"axes": "years_across", **keys}})
        catalogue.write_folder(landing, card, raw)
        return read_document(landing / "damaged_source/2020/card.yaml", landing)

    for keys in ({}, {"unit": "亿元"}):
        rows = read('0.0"亿元"', **keys).observations
        assert [(r.value, r.printed_value, r.printed_unit) for r in rows] == [
            (8104.1, "8104.1", "亿元"),
            (8718.3, "8718.3", "亿元"),
        ]
        assert rows[0].stored_value == "8104.0712345"
    with pytest.raises(DocumentError, match="'万元'"):
        read('0.0"万元"', unit="亿元")
    with pytest.raises(DocumentError, match="'%'"):
        read("0.0%")
    with pytest.raises(DocumentError, match="no unit is printed"):
        read("0.0")
