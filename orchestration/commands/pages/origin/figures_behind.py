"""The printed figures behind a result: which documents they stand in, or each with its cell.

Belongs here: showing many figures, short first. Not here: which they are (the pages beside this).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assets.extracts.errors import spell_place
from assets.warehouse.texts.counted import counted
from orchestration.commands.pages.origin.printed_cell import PrintedCell
from orchestration.commands.pages.text_table import Shown, named, print_first, print_text

_DOCUMENTS_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureBehind(PrintedCell):
    """A printed figure with the values it goes into; value: None for a class."""

    region: str
    value: float | None
    behind: str


@dataclass(frozen=True, slots=True)
class _Document:
    figures: int
    document: str
    title: str
    publisher: str
    sha256: str


def each_once(figures: Iterable[FigureBehind]) -> list[FigureBehind]:
    """The figures, each printed cell once, with all that it goes into."""
    found: dict[tuple[object, ...], FigureBehind] = {}
    for each in figures:
        key = (each.file, each.table_number, each.sheet, each.cell, each.region, each.indicator)
        before = found.get(key)
        if before is None:
            found[key] = each
        elif each.behind not in before.behind.split(", "):
            found[key] = replace(before, behind=f"{before.behind}, {each.behind}")
    return list(found.values())


def print_figures(figures: Sequence[FigureBehind], in_full: bool, one_value: str) -> None:
    """Documents with how many figures each has, and with `in_full` every figure with its cell.

    one_value: the command that shows what one value among them is from.
    """
    numbers = Counter(
        (each.file, each.title, each.publisher, each.document_sha256) for each in figures
    )
    documents = [_Document(count, *about) for about, count in numbers.most_common()]
    print_first(
        f"{counted(len(figures), 'printed figure')} in {counted(len(documents), 'document')}",
        (
            *named("figures", "document", "title", "publisher"),
            Shown("sha256", lambda row: row.sha256 if in_full else f"{row.sha256[:12]}…"),
        ),
        documents,
        None if in_full else _DOCUMENTS_SHOWN,
        "`--all` lists them",
    )
    if not in_full:
        print_text(f"Every figure with its cell: `--all`. Of one value: `{one_value}`.")
        return
    for each in figures:
        value = "a class" if each.value is None else f"{each.value!r} {each.unit}"
        print_text(f"\n{each.indicator} {each.input_year} {each.region} = {value}")
        place = spell_place(each.file, each.sheet, each.cell)
        print_text(
            f"    printed {each.printed_value!r} under “{each.printed_label}”, unit "
            f"{each.printed_unit}; {each.quality}, {each.status}; edition {each.edition}"
        )
        print_text(f"    {each.file}, table {each.table_number}, {place}")
        print_text(f"    for {each.behind}")
