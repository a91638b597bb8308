"""Tables on terminals of any width: nothing is cut, nothing is broken that fits on a line."""

import io
from collections import Counter
from contextlib import redirect_stdout
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from orchestration.commands.pages import text_table as drawn
from orchestration.commands.pages.text_table import TextTable, print_table, print_text

NARROWEST = 40
RULES = "─━ "
WORDS = st.one_of(
    st.text("abcXYZé/_", min_size=1, max_size=18),
    st.text("农林牧渔业总产值（亿元）", min_size=1, max_size=9),
    st.floats(-1e6, 1e6).map(lambda value: f"{value:.3f}"),
    st.sampled_from(["-0.434**", "[x]", "[bold]red[/bold]", "2012-2019", "−0.5"]),
)
CELLS = st.lists(WORDS, max_size=4).map(" ".join)


@st.composite
def tables(draw: st.DrawFn) -> TextTable:
    columns = draw(st.integers(1, 10))
    headings = draw(st.lists(CELLS, min_size=columns, max_size=columns))
    rows = draw(st.lists(st.tuples(*[CELLS] * columns), max_size=4))
    return TextTable(draw(CELLS), tuple(headings), tuple(rows), draw(CELLS))


def on_terminal(table: TextTable, width: int) -> str:
    """What a terminal of that width is sent for a table."""
    console = Console(force_terminal=True, color_system=None, highlight=False, width=width)
    with patch.object(drawn, "_console", lambda: console), redirect_stdout(io.StringIO()) as out:
        print_table(table)
    return out.getvalue()


WIDE_ROW = ("gansu_official_2012_2019", "CN-GS", "latest", "EG", "2012", "2.114941", "+1.98", "yes")


@given(tables(), st.integers(NARROWEST, 200))
@example(TextTable("t", tuple(f"heading {n}" for n in range(8)), (WIDE_ROW,)), 80)
@example(TextTable("", ("", "", ""), (("", "业" * 9, "业" * 9),)), 40)  # one column is empty
def test_every_word_and_number_is_whole_and_no_line_is_too_long(
    table: TextTable, width: int
) -> None:
    out = on_terminal(table, width)
    shown = Counter(word for word in out.split() if word.strip(RULES))
    said = [table.title, table.caption, *(cell for row in table.rows for cell in row)]
    asked = Counter(word for text in said for word in text.split())
    assert not asked - shown
    assert all(cell_len(line.rstrip()) <= width for line in out.splitlines())


@given(tables())
def test_without_a_terminal_a_table_is_a_table_of_the_plain_width(table: TextTable) -> None:
    with redirect_stdout(io.StringIO()) as out:
        print_table(table)
    assert all(cell_len(line.rstrip()) <= drawn.PLAIN_WIDTH for line in out.getvalue().splitlines())


@pytest.mark.parametrize(("width", "is_record"), [(80, False), (40, True)])
def test_what_has_no_room_side_by_side_is_a_record(width: int, is_record: bool) -> None:
    headings = ("study", "region", "sample", "index", "year", "old", "change %", "in the fit")
    out = on_terminal(TextTable("", headings, (WIDE_ROW,)), width)
    assert ("study       gansu_official_2012_2019" in out) is is_record
    assert ("─" in out) is not is_record


def test_sentences_keep_their_indent_and_their_words() -> None:
    console = Console(force_terminal=True, color_system=None, width=NARROWEST)
    text = "    Sample recovered: n = 8 (2012-2019); computed from a paper's tables."
    with patch.object(drawn, "_console", lambda: console), redirect_stdout(io.StringIO()) as out:
        print_text(text)
    lines = out.getvalue().splitlines()
    assert all(line.startswith("    ") and len(line) <= NARROWEST for line in lines)
    assert " ".join(line.strip() for line in lines) == text.strip()
