"""`yearbook towns`: what the town study found, and the evidence on what it rests on.

Belongs here: which data sets, in full or in short. Not here: which rows and words
(`orchestration/commands/pages/town_page.py`).
"""

import argparse
import sys
from dataclasses import dataclass

from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from orchestration.commands.command import OK, PROBLEMS, Command, asking
from orchestration.commands.key import known_key
from orchestration.commands.pages.page import print_page
from orchestration.commands.pages.town_page import town_page


@dataclass(frozen=True, slots=True)
class _Dataset:
    dataset: str
    simulated: bool


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dataset", nargs="?", help="folder in landing/towns/ (default: all)")


def _run(home: Home, options: argparse.Namespace) -> int:
    """Print the study of one data set or of all in full; a problem where there is none."""
    from assets.vintages.current import published_vintage

    vintage = published_vintage(home)
    found = {each.dataset: each for each in _datasets(home, vintage)}
    if not found:
        told = "The published vintage has no data set of towns; see landing/README.md."
        print(told, file=sys.stderr)
        return PROBLEMS
    if options.dataset is not None:
        dataset = known_key("data set of towns", options.dataset, dict.fromkeys(found, ()))
        found = {dataset: found[dataset]}
    for each in found.values():
        print_page(town_page(home, each.dataset, each.simulated, vintage, full=True))
    return OK


COMMAND = Command(
    130,
    "towns",
    "findings of the Taobao Town study, with evidence",
    asking(_run),
    _arguments,
    examples=(
        "yearbook towns",
        "yearbook towns simulated_2026",
    ),
)


def print_town_summary(home: Home, vintage: str) -> None:
    """Print the short form of every data set's study."""
    for each in _datasets(home, vintage):
        print_page(town_page(home, each.dataset, each.simulated, vintage, full=False))


def _datasets(home: Home, vintage: str) -> list[_Dataset]:
    from assets.vintages.published import is_recorded

    if not is_recorded(home, "model.town_finding"):
        return []  # published before there was a town study
    return ask(home, "commands/town_datasets", _Dataset, {"vintage": vintage})
