"""The same table in every kind of file gives the same observations, each with its own origin.

The reference is the XLSX workbook, whose reading test_layouts.py holds against known figures.
"""

import random
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assets.extracts.cards.content import content_sha256
from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.files.container import open_container
from assets.extracts.files.pictures.page_picture import draw_pages, page_pictures

ACROSS = (
    ("9-1  国民经济主要指标", None, None, None),
    ("单位：亿元", None, None, "(100 million yuan)"),
    ("指标 Item", 2017, "2018年", "2019a"),
    ("地区生产总值", 7336.7, "8,104.1", 8718.3),
    ("#第一产业①", 859.8, "921.3*", 1050.5),
    ("社会消费品零售总额", 3207.5, "…", 3700.3),
    ("注：①第一产业不含农林牧渔服务业。", None, None, None),
)
HEADER_ACROSS = (3, 3)
MARKS = {"…": "not_available"}


@pytest.fixture
def read(catalogue: ModuleType, landing: Path) -> Any:
    def read_bytes(suffix: str, data: bytes, **keys: Any) -> Document:
        catalogue.write_container(landing, suffix, data, **keys)
        return read_document(landing / "damaged_source/2020/card.yaml", landing)

    return read_bytes


def told(document: Document) -> list[tuple[Any, ...]]:
    """What a document says, without where it says it."""
    return [
        (
            *(row.indicator, row.region, row.reference_year, row.value, row.unit, row.quality),
            *(row.printed_value, row.printed_label, row.printed_unit, row.note),
        )
        for row in document.observations
    ] + [(row.indicator, row.reference_year, row.meaning) for row in document.unavailable]


WAYS = ["xls", "ods", "html_page"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("years", ["down", "across"])
def test_workbooks_and_pages_agree_with_xlsx(
    read: Any, catalogue: ModuleType, way: str, years: str
) -> None:
    rows = catalogue.BOOK if years == "down" else ACROSS
    blocks = catalogue.BOOK_BLOCKS if years == "down" else ()
    keys = {"axes": f"years_{years}", "marks": MARKS}
    reference = read(".xlsx", catalogue.containers.xlsx(rows, blocks), **keys)
    data = getattr(catalogue.containers, way)(rows, blocks)
    found = read({"html_page": ".html"}.get(way, f".{way}"), data, **keys)
    assert told(found) == told(reference)
    assert [row.cell for row in found.observations] == [row.cell for row in reference.observations]
    sheet = "table 2" if way == "html_page" else "9-1"
    assert {row.sheet for row in found.observations} == {sheet}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gbk"])
def test_pages_are_decoded_as_they_say(read: Any, catalogue: ModuleType, encoding: str) -> None:
    rows = [[str(v).replace("①", "") if v else v for v in row] for row in catalogue.BOOK]
    reference = read(".xlsx", catalogue.containers.xlsx(rows, catalogue.BOOK_BLOCKS))
    data = catalogue.containers.html_page(rows, catalogue.BOOK_BLOCKS, encoding)
    assert told(read(".html", data)) == told(reference)


@pytest.mark.parametrize("rules", ["all", "columns", "open", "none"])
@pytest.mark.parametrize(
    ("break_before", "repeat"), [(None, True), (8, True), (8, False)], ids=["one", "two", "bare"]
)
def test_pdf_years_down(
    read: Any, catalogue: ModuleType, rules: str, break_before: int | None, repeat: bool
) -> None:
    blocks = catalogue.BOOK_BLOCKS
    reference = read(".xlsx", catalogue.containers.xlsx(catalogue.BOOK, blocks))
    data = catalogue.containers.pdf(
        catalogue.BOOK,
        blocks,
        header=catalogue.BOOK_HEADER,
        rules=rules,
        break_before=break_before,
        repeat=repeat,
    )
    found = read(".pdf", data, page="1-2" if break_before else 1)
    assert told(found) == told(reference)
    last = next(row for row in found.observations if row.reference_year == 2019)
    row = 6 if break_before is None else 4 if repeat else 2  # in the table as that page prints it
    page = 1 if break_before is None else 2
    assert (last.sheet, last.cell) == (f"page {page}, table 1", f"B{row}")


@pytest.mark.parametrize("rules", ["all", "columns", "open"])
def test_pdf_with_turned_headings(read: Any, catalogue: ModuleType, rules: str) -> None:
    book, blocks = catalogue.BOOK, catalogue.BOOK_BLOCKS
    reference = read(".xlsx", catalogue.containers.xlsx(book, blocks))
    data = catalogue.containers.pdf(
        book, blocks, header=catalogue.BOOK_HEADER, rules=rules, rotated=True
    )
    assert told(read(".pdf", data)) == told(reference)


@pytest.mark.parametrize("rules", ["all", "columns", "open", "none"])
def test_pdf_years_across(read: Any, catalogue: ModuleType, rules: str) -> None:
    keys = {"axes": "years_across", "marks": MARKS}
    reference = read(".xlsx", catalogue.containers.xlsx(ACROSS), **keys)
    data = catalogue.containers.pdf(ACROSS, header=HEADER_ACROSS, rules=rules, end=6)
    assert told(read(".pdf", data, **keys)) == told(reference)


@settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.tuples(*[st.decimals(2000, 9999, places=1, allow_nan=False)] * 3), min_size=3, max_size=9
    )
)
def test_any_figures_are_the_same_everywhere(
    read: Any, catalogue: ModuleType, figures: list[tuple[Any, ...]]
) -> None:
    rows = [
        *catalogue.BOOK[:5],
        *((2019 - len(figures) + n, *map(str, row)) for n, row in enumerate(figures, start=1)),
    ]
    blocks, files = catalogue.BOOK_BLOCKS, catalogue.containers
    reference = told(read(".xlsx", files.xlsx(rows, blocks)))
    assert len(reference) == 3 * len(figures)
    assert told(read(".xls", files.xls(rows, blocks))) == reference
    assert told(read(".ods", files.ods(rows, blocks))) == reference
    assert told(read(".html", files.html_page(rows, blocks))) == reference
    for rules in ("all", "columns", "none"):
        data = files.pdf(rows, blocks, header=catalogue.BOOK_HEADER, rules=rules)
        assert told(read(".pdf", data)) == reference


@pytest.mark.parametrize("suffix", [".xls", ".ods", ".html", ".pdf"])
def test_the_other_layouts_read_from_every_container(
    read: Any, catalogue: ModuleType, suffix: str
) -> None:
    lines = [line.split(",") for line in catalogue.TIDY.strip().split("\n")]
    nbs = [
        ("地区：甘肃省", None, None, None),
        ("指标", "2019年", "2018年", "2017年"),
        ("地区生产总值(亿元)", "8718.3", "8104.1", "7336.7"),
    ]
    files = catalogue.containers
    write = {
        ".xls": files.xls,
        ".ods": files.ods,
        ".html": files.html_page,
        ".pdf": lambda rows: files.pdf(rows, header=(1, len(rows)), end=len(rows)),
    }[suffix]
    found = read(suffix, write(nbs), axes="site")
    assert [row.value for row in found.observations] == [8718.3, 8104.1, 7336.7]
    if suffix != ".pdf":  # six columns; the fixture draws four
        found = read(suffix, write(lines), axes="typed")
        assert [row.value for row in found.observations] == [8246.07, 7459.9, 2637]


def test_what_is_called_xls_is_read_as_what_it_is(read: Any, catalogue: ModuleType) -> None:
    rows, blocks, files = catalogue.BOOK, catalogue.BOOK_BLOCKS, catalogue.containers
    reference = told(read(".xlsx", files.xlsx(rows, blocks)))
    assert told(read(".xls", files.xlsx(rows, blocks))) == reference
    page = read(".xls", files.html_page(rows, blocks), sheet=None, table=2)
    assert told(page) == reference
    assert page.observations[0].sheet == "table 2"
    text = catalogue.CSV.replace(",", "\t").encode("gb18030")
    found = read(".xls", text, sheet=None, axes="site")
    assert len(found.observations) == 16


def test_a_container_lists_what_a_card_can_pin(catalogue: ModuleType, tmp_path: Path) -> None:
    book, blocks, files = catalogue.BOOK, catalogue.BOOK_BLOCKS, catalogue.containers
    pdf = files.pdf(book, blocks, header=catalogue.BOOK_HEADER, break_before=8)
    for suffix, data, keys in (
        (".csv", catalogue.CSV.encode(), [{}]),
        (".xlsx", files.xlsx(book), [{"sheet": "9-1"}]),
        (".xls", files.xls(book), [{"sheet": "9-1"}]),
        (".ods", files.ods(book), [{"sheet": "9-1"}]),
        (".html", files.html_page(book), [{"table": 1}, {"table": 2}]),
        (".pdf", pdf, [{"page": 1, "table": 1}, {"page": 2, "table": 1}]),
    ):
        path = tmp_path / f"document{suffix}"
        path.write_bytes(data)
        container = open_container(path, path.name)
        assert [dict(table.keys) for table in container.tables] == keys
        assert all(table.load().rows for table in container.tables)


def test_a_page_is_drawn_with_a_box_around_each_figure(
    read: Any, catalogue: ModuleType, landing: Path, tmp_path: Path
) -> None:
    from PIL import Image

    data = catalogue.containers.pdf(
        catalogue.BOOK, catalogue.BOOK_BLOCKS, header=catalogue.BOOK_HEADER, break_before=8
    )
    document = read(".pdf", data, page="1-2")
    assert len(document.places) == len(document.observations) == 12
    path = landing / "damaged_source/2020/tables.pdf"
    draw_pages(path, "tables.pdf", document.places, tmp_path / "pages" / "damaged_source-2020")
    pictures = page_pictures(tmp_path / "pages", "damaged_source", "2020")
    assert [picture.name for picture in pictures] == [
        "damaged_source-2020-p1.png",
        "damaged_source-2020-p2.png",
    ]
    with Image.open(pictures[1]) as picture:
        scale = picture.width / 595  # the page is 595 points wide
        left, top, right, bottom = document.places[2].box
        inside = picture.convert("RGB").getpixel(((left + 4) * scale, (top + 4) * scale))
        beside = picture.convert("RGB").getpixel(((right + 300) * scale % picture.width, 10))
    assert inside[1] > inside[0]  # green over white
    assert min(beside) >= 250  # paper
    assert bottom > top


def test_a_correction_keeps_what_is_printed(catalogue: ModuleType, landing: Path) -> None:
    catalogue.write_csv(landing)
    card = landing / "damaged_source/2020/card.yaml"
    before = {row.cell: row for row in read_document(card, landing).observations}
    fingerprint = content_sha256(card)
    catalogue.write_corrections(landing, catalogue.correction())
    after = {row.cell: row for row in read_document(card, landing).observations}
    assert (after["C5"].value, after["C5"].printed_value) == (8114.0, "8104.1")
    assert after["C5"].note == (
        "corrected from '8104.1': two digits swapped (source: the edition of 2021, page 40)"
    )
    assert {cell for cell in before if before[cell] != after[cell]} == {"C5"}
    assert content_sha256(card) != fingerprint


def test_a_correction_on_the_second_page_of_a_pdf(
    read: Any, catalogue: ModuleType, landing: Path
) -> None:
    data = catalogue.containers.pdf(
        catalogue.BOOK, catalogue.BOOK_BLOCKS, header=catalogue.BOOK_HEADER, break_before=8
    )
    entry = catalogue.correction(table="9-1", cell="B3")
    catalogue.write_container(landing, ".pdf", data, page="1-2")
    catalogue.write_corrections(landing, {**entry, "page": 2})
    document = read_document(landing / "damaged_source/2020/card.yaml", landing)
    (row,) = [row for row in document.observations if row.note and "corrected" in row.note]
    assert (row.sheet, row.cell, row.value) == ("page 2, table 1", "B3", 8114.0)
    assert [place.kind for place in document.places].count("corrected") == 1
    catalogue.write_corrections(landing, {**entry, "page": 1})  # there, B3 is another figure
    with pytest.raises(DocumentError, match=r"page 1, table 1, cell B3: '6907.9' stands here"):
        read_document(landing / "damaged_source/2020/card.yaml", landing)


@pytest.mark.parametrize("suffix", [".xls", ".ods", ".html", ".pdf"])
def test_spoilt_files_raise_nothing_but_document_errors(
    read: Any, catalogue: ModuleType, suffix: str
) -> None:
    files, book, blocks = catalogue.containers, catalogue.BOOK, catalogue.BOOK_BLOCKS
    sound = {
        ".xls": files.xls(book, blocks),
        ".ods": files.ods(book, blocks),
        ".html": files.html_page(book, blocks),
        ".pdf": files.pdf(book, blocks, header=catalogue.BOOK_HEADER),
    }[suffix]
    rng = random.Random(20261122)
    for _ in range(40):
        spoilt = bytearray(sound)
        for _ in range(rng.choice((1, 3, 10))):
            at = rng.randrange(len(spoilt))
            spoilt[at : at + rng.choice((0, 1, 1, 8))] = rng.randbytes(rng.choice((0, 1, 1, 8)))
        with suppress(DocumentError):
            read(suffix, bytes(spoilt))
