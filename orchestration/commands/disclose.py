"""`yearbook disclose`: what an output officer needs to sign a release of the town study.

Belongs here: reading, and writing the file. Not here: what stands in it
(`assets/towns/records/disclosing/disclosure_report.py`).
"""

import argparse
from pathlib import Path

from assets.warehouse.home import Home
from orchestration.commands.command import OK, PROBLEMS, Command
from orchestration.commands.pages.text_table import print_text

DEFAULT_NAME = "disclosure-{vintage}.md"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", type=Path, metavar="FILE", help="the page (Markdown)")


def _run(home: Home, options: argparse.Namespace) -> int:
    """Write the page, for its reader alone; 1 where a figure could be found."""
    from assets.towns.records.disclosing.disclosure import AreaYear
    from assets.towns.records.disclosing.disclosure_report import (
        RULES,
        Model,
        attacked_years,
        changed_years,
        disclosure_page,
    )
    from assets.towns.records.disclosing.published_periods import differing_releases
    from assets.towns.records.record_rows import AreaDisclosureRow
    from assets.vintages.current import current_vintage, published_vintage
    from assets.vintages.published import require_table
    from assets.warehouse.errors import WarehouseError
    from assets.warehouse.lock import writer_lock
    from assets.warehouse.private import private_file
    from assets.warehouse.queries import ask, query_text
    from assets.warehouse.store import Store

    vintage = published_vintage(home)
    require_table(home, "model.town_estimate")
    models = ask(home, "commands/disclosed_models", Model, {"vintage": vintage})
    store = Store(home.working)
    with writer_lock(home, "yearbook disclose"):
        kept = {column.name for column in store.columns(AreaDisclosureRow.table.name)}
        if "reason" not in kept or current_vintage(store) != vintage:
            raise WarehouseError(
                f"{home.working} does not hold what vintage {vintage} withholds, and why: it was "
                f"made anew, by an earlier version, or for a vintage that is not published.\n"
                "  Run `yearbook refresh` until it succeeds, and ask again."
            )
        shown = store.read(AreaDisclosureRow, "from micro.area_disclosure order by all")
        figures = store.read(AreaYear, query_text("towns/area_year"))
        made_up = store.rows("select dataset from raw.town_dataset where simulated")
    lines = [f"# Disclosure control of vintage {vintage}", "", *RULES]
    found = 0
    for dataset in sorted({row.dataset for row in shown}):
        own = [row for row in shown if row.dataset == dataset]
        behind = [each for each in figures if each.dataset == dataset]
        attacked = attacked_years(behind, own)
        found += sum(each.within_p_percent for each in attacked)
        lines += disclosure_page(
            f"{dataset}: SIMULATED, no seller behind it" if (dataset,) in made_up else dataset,
            own,
            attacked,
            changed_years(behind, own),
            [each for each in models if each.dataset == dataset],
        )
    differing = differing_releases(home)
    for each in differing:
        years = ", ".join(map(str, each.years))
        warning = (
            f"{each.path} shows {years} of {each.dataset} otherwise than {vintage} does: the two "
            "can be subtracted. Delete the older file, unless readers need it."
        )
        lines += [f"**{warning}**", ""]
        print_text(warning)
    lines += ["Signed:", "", "Date:", ""]
    target = options.to or Path(DEFAULT_NAME.format(vintage=vintage))
    private_file(target).write_text("\n".join(lines), encoding="utf-8")
    print(f"Disclosure control of vintage {vintage}: {target}")
    print(f"The attack has {found or 'none'} of the unsafe figures to within a tenth.")
    return PROBLEMS if found or differing else OK


COMMAND = Command(
    135,
    "disclose",
    "what an output officer needs to sign a release",
    _run,
    _arguments,
    examples=(
        "yearbook disclose",
        "yearbook disclose --to disclosure.txt",
    ),
)
