"""The prints of one figure: an indicator of one region and year, in every edition that prints it.

Belongs here: showing them. Not here: which print counts (`staging.print_order`).
"""

import sys
from dataclasses import dataclass

from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from orchestration.commands.command import OK, PROBLEMS
from orchestration.commands.pages.json_rows import print_json
from orchestration.commands.pages.origin.printed_cell import PrintedCell, print_cell
from orchestration.commands.pages.text_table import print_text

_REGIONS_SHOWN = 3  # of more, one has to be asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class _Print(PrintedCell):
    """One print of a figure (`figure_prints.sql`); place: 1 is the latest, which counts."""

    region: str
    value: float
    stored_value: str | None
    definition_name: str | None
    place: int


def figure_page(home: Home, indicator: str, year: int, region: str | None, as_json: bool) -> int:
    """Print every print of a figure, the one that counts first; a problem if there is none.

    region: only this one; None for all of at most three.
    """
    from assets.extracts.meaning.registry import indicators, regions

    of = {"indicator": indicator, "year": year, "region": region}
    found = ask(home, "commands/figure_prints", _Print, of)
    if as_json:
        print_json({"prints": found})
        return OK if found else PROBLEMS
    named, where = indicators()[indicator], "" if region is None else f" of {region}"
    if not found:
        print(
            f"{indicator}{where} is not printed for {year}. `yearbook tables {indicator}` shows of "
            "which years it is.",
            file=sys.stderr,
        )
        return PROBLEMS
    there = list(dict.fromkeys(each.region for each in found))
    if len(there) > _REGIONS_SHOWN:
        print(
            f"{indicator} of {year} is printed for {len(there)} regions: write --region, such as "
            f"--region {there[0]}.",
            file=sys.stderr,
        )
        return PROBLEMS
    series = None
    for each in found:
        if series != (each.region, each.definition):
            series = (each.region, each.definition)
            print_text(
                f"\n{indicator} {year}, {named.name_en} ({named.name_zh}), region "
                f"{regions()[each.region].known_as}"
            )
            if each.definition_name:
                print_text(f"  definition {each.definition}: {each.definition_name}")
        counts = "value" if each.place == 1 else "also"
        print_text(f"  {counts:<9}{each.value!r} {each.unit}")
        print_cell(each, f"stored as {each.stored_value!r}" if each.stored_value else "")
    return OK
