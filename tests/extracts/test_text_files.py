"""Text of cells in every encoding and with every delimiter; what is in doubt is refused rightly."""

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.extracts.adding.opening import Arrived, open_parts
from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.files.text_file import load_text

SIGNS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16-le", "utf-16-be")
EXPORT = (
    "数据库：分省年度数据\n地区：甘肃省\n时间：最近3年\n指标,2019年,2018年\n"
    "地区生产总值(亿元),8718.3,8104.1\n年末常住人口(万人),2509,2515\n数据来源：国家统计局\n"
)
SITE_2026 = (  # as the site exports it since 2026
    "数据库：分省年度数据 \n地区：甘肃省\n时间：2018年-2019年 \n指标\t,2019年\t,2018年\t,\n"
    "地区生产总值 (亿元) \t,8718.3\t,8104.1\t,\n年末常住人口 (万人) \t,2509\t,2515\t,\n"
    "数据来源：国家统计局\n"
)
FIGURES = {
    ("gross_product", 2019): 8718.3,
    ("gross_product", 2018): 8104.1,
    ("population_year_end", 2019): 2509,
    ("population_year_end", 2018): 2515,
}


@pytest.fixture
def read(catalogue: ModuleType, landing: Path) -> Any:
    def read_bytes(data: bytes, **keys: Any) -> Document:
        catalogue.write_csv(landing, data, {"axes": "site", **keys})
        return read_document(landing / "damaged_source/2020/card.yaml", landing)

    return read_bytes


def values(document: Document) -> dict[tuple[str, int], float]:
    return {(row.indicator, row.reference_year): row.value for row in document.observations}


def marked(text: str, encoding: str) -> bytes:
    """Encode a text, with its byte order mark in UTF-16."""
    return (("\ufeff" if encoding.startswith("utf-16") else "") + text).encode(encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", SIGNS)
def test_an_export_is_read_in_every_form(read: Any, delimiter: str, encoding: str) -> None:
    data = marked(EXPORT.replace(",", SIGNS[delimiter]), encoding)
    assert values(read(data)) == FIGURES
    assert values(read(data, delimiter=delimiter, encoding=encoding)) == FIGURES


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_cells_padded_with_tabs_and_ended_by_commas(read: Any, encoding: str) -> None:
    document = read(marked(SITE_2026, encoding))
    assert values(document) == FIGURES
    assert {row.printed_label for row in document.observations} == {"地区生产总值", "年末常住人口"}


def test_thousands_do_not_part_cells(read: Any) -> None:
    text = EXPORT.replace("8718.3,8104.1", "8,718.3\t8,104.1")
    text = text.replace("指标,2019年,2018年", "指标\t2019年\t2018年")
    text = text.replace("(亿元),", "(亿元)\t").replace("(万人),2509,2515", "(万人)\t2,509\t2,515")
    assert values(read(text.encode())) == FIGURES
    assert values(read(text.replace("\t", ";").encode())) == FIGURES


def advised(error: DocumentError, key: str) -> list[str]:
    """The values of a card's key that a refusal names."""
    found = re.search(rf"{key}: (.*)[.]$", error.advice)
    assert found is not None, error
    return found[1].split(" or ")


@pytest.mark.parametrize(
    ("data", "stated"),
    [
        (EXPORT.encode("gb18030"), {"encoding": "utf-8"}),
        (EXPORT.encode(), {"encoding": "gb18030"}),
        (EXPORT.encode("utf-16"), {"encoding": "gb18030"}),
        (marked(EXPORT, "utf-16-be"), {"encoding": "utf-16-le"}),
        (EXPORT.encode("utf-16-le"), {}),
        (EXPORT.encode("utf-16-be"), {"encoding": "utf-16"}),
    ],
)
def test_advice_about_the_encoding_works(read: Any, data: bytes, stated: dict[str, str]) -> None:
    with pytest.raises(DocumentError) as caught:
        read(data, **stated)
    [encoding] = advised(caught.value, "encoding")
    assert values(read(data, encoding=encoding)) == FIGURES


def test_bytes_that_make_two_texts_are_refused_until_the_card_decides(tmp_path: Path) -> None:
    # 谭 in GB 18030 is the byte pair that UTF-8 has for ̷ (U+0337).
    path = tmp_path / "names.csv"
    path.write_bytes("谭,1\n".encode("gb18030"))
    with pytest.raises(DocumentError) as caught:
        load_text(path, "names.csv", None, None)
    assert advised(caught.value, "encoding") == ["utf-8", "gb18030"]
    texts = [load_text(path, "n", word, None).rows[0][0].text for word in ("utf-8", "gb18030")]
    assert texts == ["\u0337", "谭"]


def test_two_delimiters_are_refused_until_the_card_decides(tmp_path: Path) -> None:
    path = tmp_path / "bars.csv"
    path.write_text("指标;2019年;2018年\n产值;1|5;2|5\n", encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        load_text(path, "n", None, None)
    assert advised(caught.value, "delimiter") == ["semicolon", "pipe"]
    grid = load_text(path, "n", None, "semicolon")
    assert [cell.text for cell in grid.rows[1]] == ["产值", "1|5", "2|5"]


def test_semicolons_part_numbers_with_decimal_commas(tmp_path: Path) -> None:
    path = tmp_path / "decimal_commas.csv"
    path.write_text("指标;2019年;2018年\n产值;1,5;2,5\n", encoding="utf-8")
    assert [cell.text for cell in load_text(path, "n", None, None).rows[1]] == [
        "产值",
        "1,5",
        "2,5",
    ]
    path.write_text("指标,2019年\n产值,15\n注：初步数;见说明,2018\n", encoding="utf-8")
    assert [cell.text for cell in load_text(path, "n", None, None).rows[1]] == ["产值", "15"]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-16-le", EXPORT),
        ("utf-16-be", EXPORT),
        ("utf-16-le", "Region: Gansu\nIndicator,2019\nGross Regional Product,8718.3\n"),
        ("big5", "年份,年末人口(萬人),地區生產總值(億元)\n2019,2509,8718.3\n資料來源：統計局\n"),
    ],
)
def test_add_finds_an_encoding_by_proof(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode(encoding))
    [part] = open_parts(Arrived("t.csv", path))
    assert part.keys == {"encoding": encoding}
    assert part.grid is not None
    assert [cell.text for cell in part.grid.rows[0]] == text.split("\n")[0].split(",")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_add_finds_the_encoding_of_a_page(tmp_path: Path, encoding: str) -> None:
    rows = [line.split(",") for line in EXPORT.splitlines()[3:6]]
    cells = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows)
    path = tmp_path / "t.html"
    path.write_bytes(f"<html><body><table>{cells}</table></body></html>".encode(encoding))
    [part] = open_parts(Arrived("t.html", path))
    assert part.keys == {"table": 1, "encoding": encoding}


def test_add_pins_no_encoding_that_the_text_says_itself(tmp_path: Path) -> None:
    for encoding in ENCODINGS:
        (tmp_path / "t.csv").write_bytes(marked(EXPORT, encoding))
        assert open_parts(Arrived("t.csv", tmp_path / "t.csv"))[0].keys == {}


def test_a_delimiter_that_parts_nothing_is_refused(read: Any) -> None:
    with pytest.raises(DocumentError) as caught:
        read(EXPORT.encode(), delimiter="tab")
    [delimiter] = advised(caught.value, "delimiter")
    assert values(read(EXPORT.encode(), delimiter=delimiter)) == FIGURES


def test_a_line_cut_off_before_its_last_delimiter_is_still_seen(read: Any) -> None:
    cut = SITE_2026.replace("8718.3\t,8104.1\t,", "8718.3\t,")
    with pytest.raises(DocumentError, match="the row ends here"):
        read(cut.encode())


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Cells of a table of years across, some numbers with their thousands parted."""
    years = draw(st.lists(st.integers(1949, 2024), min_size=1, max_size=6, unique=True))
    labels = st.text("地区生产总值人口GDP第一二三 ()#、其中", min_size=1, max_size=12)
    number = st.decimals(0, 9_999_999, places=1).map(
        lambda value: draw(st.sampled_from((f"{value}", f"{value:,}", f"{value:.0f}", "")))
    )
    rows = draw(st.lists(st.tuples(labels, *[number] * len(years)), min_size=1, max_size=6))
    assembled = [[f"甲{row[0].strip()}乙", *row[1:]] for row in rows]
    return [["指标", *(f"{year}年" for year in years)], *assembled]


@settings(max_examples=400, deadline=None)
@given(
    table=tables(),
    delimiter=st.sampled_from(sorted(SIGNS)),
    encoding=st.sampled_from(ENCODINGS),
    padding=st.sampled_from(("", "\t", " ", " \t")),
    ended=st.booleans(),
    line_break=st.sampled_from(("\n", "\r\n")),
)
def test_every_table_comes_back_cell_for_cell(
    tmp_path_factory: pytest.TempPathFactory,
    table: list[list[str]],
    delimiter: str,
    encoding: str,
    padding: str,
    ended: bool,
    line_break: str,
) -> None:
    sign = SIGNS[delimiter]
    padding = padding.replace("\t", "") if delimiter == "tab" else padding

    def written(cell: str) -> str:
        return (f'"{cell}"' if sign in cell else cell + padding) + (sign if ended else "")

    lines = [
        ("" if ended else sign).join(written(cell) for cell in row) + line_break for row in table
    ]
    path = tmp_path_factory.mktemp("text") / "table.csv"
    path.write_bytes(marked("单位：亿元" + line_break + "".join(lines), encoding))
    try:
        grid = load_text(path, "table.csv", None, None)
    except DocumentError as error:
        stated = next(word for word in advised(error, "delimiter") if word == delimiter)
        grid = load_text(path, "table.csv", None, stated)
    read = [[cell.text.strip() for cell in row] for row in grid.rows[1:]]
    assert read == [[cell.strip() for cell in row] for row in table]
