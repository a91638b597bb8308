"""Sections of a short answer: never more lines than allowed, and every cut told."""

from hypothesis import given
from hypothesis import strategies as st

from orchestration.commands.pages.sections import Section, within

ENTRIES = st.lists(
    st.lists(st.text("abc ", min_size=1, max_size=9), min_size=1, max_size=30).map("\n".join),
    max_size=40,
)
SECTIONS = st.lists(st.builds(Section, ENTRIES, st.just("`all`")), max_size=7)


@given(SECTIONS)
def test_at_most_forty_lines_and_every_section_speaks(sections: list[Section]) -> None:
    lines = within(sections, 40, str.splitlines)
    assert len(lines) <= 40
    whole = within(sections, None, str.splitlines)
    if len(whole) <= 40:
        assert lines == whole
    else:
        assert any(line.startswith("… and ") and line.endswith(": `all`") for line in lines)
    for section in sections:
        if section.entries:
            assert section.entries[0].splitlines()[0] in lines


@given(SECTIONS)
def test_what_is_left_out_is_counted(sections: list[Section]) -> None:
    lines = within(sections, 40, lambda entry: [entry.replace("\n", " ")])
    hidden = [int(line.split()[2]) for line in lines if line.startswith("… and ")]
    shown = [line for line in lines if line and not line.startswith("… and ")]
    assert len(shown) + sum(hidden) == sum(len(section.entries) for section in sections)


def test_the_longest_section_is_cut_first() -> None:
    few, many = Section(["one"], "x"), Section([f"line {n}" for n in range(50)], "`all`")
    assert within([few, many], 6, str.splitlines) == [
        "one",
        "",
        "line 0",
        "line 1",
        "line 2",
        "… and 47 more: `all`",
    ]
