"""Where a figure is printed: the lines that say what stands in which cell of which document.

Belongs here: those lines. Not here: what rests on the figure.
"""

from dataclasses import dataclass

from assets.extracts.errors import spell_place
from orchestration.commands.pages.text_table import print_text


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCell:
    """Where a figure is printed, as a number or as a class."""

    indicator: str
    definition: str
    input_year: int
    unit: str
    printed_value: str
    printed_label: str
    printed_unit: str
    quality: str
    status: str
    edition: int
    table_number: str
    sheet: str | None
    cell: str
    file: str
    document_sha256: str
    note: str | None
    title: str
    publisher: str
    url: str | None
    retyped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InputCell(PrintedCell):
    """A printed number that a value is derived from."""

    definition_name: str | None
    value: float
    stored_value: str | None

    def print(self) -> None:
        """The number and where it is printed."""
        print_text(f"  input    {self.indicator} {self.input_year} = {self.value!r} {self.unit}")
        print_cell(
            self,
            f"definition {self.definition}: {self.definition_name}" if self.definition_name else "",
            f"stored as {self.stored_value!r}" if self.stored_value else "",
        )


def print_cell(each: PrintedCell, *more: str) -> None:
    """What is printed in which cell of which document; more: lines on the number itself."""
    place = spell_place(each.file, each.sheet, each.cell)
    retyped = " (figures typed by the project)" if each.retyped else ""
    label = f"“{each.printed_label}”, unit {each.printed_unit}"
    for line in (
        f"printed {each.printed_value!r} under {label}",
        *more,
        f"status {each.status}" if each.status != "final" else "",
        f"{each.title}{retyped}",
        f"{each.publisher}, edition {each.edition}, quality {each.quality}",
        f"{each.file}, table {each.table_number}, {place}",
        f"sha256 {each.document_sha256}",
        f"url {each.url}" if each.url else "",
        f"note {each.note}" if each.note else "",
    ):
        if line:
            print_text(f"           {line}")
