"""`yearbook replicate`: each printed number of a published study, computed again.

Belongs here: which studies are shown. Not here: how (`pages/replication_page.py`), computing and
judging (`assets/replication/`, `assets/papers/printed_verdict.py`).
"""

import argparse
from pathlib import Path

from assets.release.results.study_lines import ReplicationHead
from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from orchestration.commands.command import OK, Command, asking
from orchestration.commands.key import known_key
from orchestration.commands.pages.page import print_page
from orchestration.commands.pages.replication_page import (
    NumberLine,
    numbers_page,
    replication_heads,
    replication_page,
)
from orchestration.commands.pages.text_table import print_text


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "study",
        nargs="?",
        metavar="FOLDER|STUDY",
        help="a folder with replication.yaml, data and printed.csv, computed now; or a study of "
        "landing/replications/ as it was published (default: all of these)",
    )
    parser.add_argument("--all", action="store_true", help="show what is reproduced, too")


def _run(home: Home, options: argparse.Namespace) -> int:
    """Replicate a folder, or show what was published. Raises DocumentError, WarehouseError."""
    if options.study is not None and Path(options.study).is_dir():
        from assets.replication.replicate import replicate

        found = replicate(Path(options.study), home.landing)
        contract = found.contract
        for step, why in found.refused.items():
            print_text(f"Step {step} could not be computed: {why}")
        lines = [
            NumberLine(
                each.verdict,
                " ".join(filter(None, (each.number.table, each.number.cell))),
                " ".join(filter(None, (each.number.step, *each.number.asked))),
                each.number.printed,
                each.computed,
                each.reason,
            )
            for each in found.numbers
        ]
        title = f"{contract.title}. {contract.source}."
        print_page(numbers_page(contract.replication, title, lines, show_all=options.all))
        return OK
    vintage, heads = _published(home)
    if options.study is not None:
        studies = dict.fromkeys(heads, ())
        asked = known_key("published study, or folder", options.study, studies)
        heads = {asked: heads[asked]}
    for head in heads.values():
        print_page(replication_page(home, head, vintage, show_all=options.all))
    return OK


COMMAND = Command(
    72,
    "replicate",
    "each printed number of a published study, computed again",
    asking(_run),
    _arguments,
    examples=(
        "yearbook replicate",
        "yearbook replicate he_2012_2019 --all",
        "yearbook replicate my_replication",
    ),
)


def _published(home: Home) -> tuple[str, dict[str, ReplicationHead]]:
    """The published vintage, and its studies by name. Raises WarehouseError."""
    from assets.vintages.current import published_vintage
    from assets.vintages.published import is_recorded

    vintage = published_vintage(home)
    if not is_recorded(home, "raw.replication"):
        raise WarehouseError(
            "The published warehouse holds no published studies: a version of yearbook published "
            "it that did not take them in yet.\n  Run `yearbook refresh`."
        )
    return vintage, {head.study: head for head in replication_heads(home, vintage)}
