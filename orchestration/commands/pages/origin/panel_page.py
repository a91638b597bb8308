"""Values of the tables of provinces with the printed figures behind them.

Belongs here: asking for them, and the pages of one value. Not here: deriving it (`sql/provinces`),
what is estimated from many (claim_page.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from orchestration.commands.command import OK
from orchestration.commands.pages.json_rows import print_json
from orchestration.commands.pages.origin.printed_cell import InputCell, PrintedCell, print_cell
from orchestration.commands.pages.text_table import print_text


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassInput(PrintedCell):
    """What stands behind an end of a class (`class_inputs.sql`)."""

    region: str
    column_name: str
    table_value: float | None
    meaning: str | None
    is_class: bool
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelInput(InputCell):
    """A figure behind a value of the panel (`panel_inputs.sql`)."""

    region: str
    column_name: str
    panel_value: float
    meaning: str | None


def panel_inputs(
    home: Home, columns: Sequence[str], regions: Sequence[str] | None, first: int, last: int
) -> list[PanelInput]:
    """The figures behind columns of provinces.province_panel; regions: None for all."""
    of = {"columns": list(columns), "regions": _listed(regions), "first": first, "last": last}
    return ask(home, "commands/panel_inputs", PanelInput, of)


def class_inputs(
    home: Home, columns: Sequence[str], regions: Sequence[str] | None, first: int, last: int
) -> list[ClassInput]:
    """What is printed behind columns of provinces.poverty_class; none where no class is read."""
    from assets.vintages.published import is_recorded

    if not is_recorded(home, "raw.interval"):
        return []
    of = {"columns": list(columns), "regions": _listed(regions), "first": first, "last": last}
    return ask(home, "commands/class_inputs", ClassInput, of)


def _listed(regions: Sequence[str] | None) -> list[str] | None:
    return None if regions is None else list(regions)


def panel_page(home: Home, column: str, region: str, year: int, as_json: bool) -> int | None:
    """Print a value of the panel of provinces with its figures; None if there is none."""
    inputs = panel_inputs(home, [column], [region], year, year)
    if not inputs:
        classes = class_inputs(home, [column], [region], year, year)
        return _class_end(classes[0], as_json) if classes else None
    if as_json:
        print_json({"values": inputs})
        return OK
    first = inputs[0]
    print_text(f"{column} {year}, {first.meaning or 'a column of the panel'}, region {region}")
    print_text(f"  value    {first.panel_value!r}  [provinces.province_panel]")
    for each in inputs:
        each.print()
    return OK


def _class_end(each: ClassInput, as_json: bool) -> int:
    """Print an end of a class with what is printed there."""
    if as_json:
        print_json({"values": [each]})
        return OK
    year = each.input_year
    what = each.meaning or "a column of the classes"
    print_text(f"{each.column_name} {year}, {what}, region {each.region}")
    value = "open: the class has no such end" if each.table_value is None else each.table_value
    print_text(f"  value    {value}  [provinces.poverty_class]")
    low, high = ("open" if end is None else end for end in (each.low, each.high))
    told = f"from {low} to {high}" if each.is_class else f"= {each.low!r}"
    print_text(f"  input    {each.indicator} {year} {told} {each.unit}")
    kind = "as a class" if each.is_class else "as a number, which goes before a class"
    print_cell(each, kind)
    return OK
