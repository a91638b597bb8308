"""The shape of what is shown of a study: sentences and tables of text cells.

Belongs here: that shape, and its order on the terminal. Not here: any study's content.
"""

from dataclasses import dataclass

from orchestration.commands.pages.text_table import TextTable, print_rule, print_table, print_text


@dataclass(frozen=True, slots=True)
class StudyPage:
    """All that is shown of one study."""

    heading: str
    lines: tuple[str, ...]  # sentences
    tables: tuple[TextTable, ...]
    closing: tuple[str, ...]  # equations, verdicts, comparison with the paper


def print_page(page: StudyPage) -> None:
    """Print all of it, under a line across the terminal."""
    print_rule()
    for line in (page.heading, *page.lines):
        print_text(line)
    for table in page.tables:
        print_table(table)
    for line in page.closing:
        print_text(line)
