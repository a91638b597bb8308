"""`yearbook withdraw SOURCE/EDITION`: take no figure of a document any more.

Belongs here: saying so in the card. Not here: what a refresh makes of it (assets/extracts).
"""

import argparse
import sys
from datetime import date

from assets.extracts.errors import DocumentError
from assets.warehouse.home import Home
from orchestration.commands.command import OK, PROBLEMS, Command, source_and_edition


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "document", type=source_and_edition, metavar="SOURCE/EDITION", help="its folder in landing/"
    )
    parser.add_argument("--reason", required=True, help="why; kept in the card and the warehouse")


def _run(home: Home, options: argparse.Namespace) -> int:
    """Add `withdrawn` to the card; a problem where there is none, or it says so already."""
    import yaml

    from assets.extracts.cards.loaded_card import read_card
    from assets.extracts.written.landing_files import CARD_NAME

    key, reason = options.document, options.reason
    path = home.landing / key / CARD_NAME
    if not path.is_file():
        print(
            f"landing/{key}/{CARD_NAME} is not there. What was published of it stands.\n"
            "  Put its folder back (the card alone will do), and withdraw it then.",
            file=sys.stderr,
        )
        return PROBLEMS
    try:
        card = read_card(path, home.landing)
    except DocumentError as error:
        print(error, file=sys.stderr)
        return PROBLEMS
    if card.withdrawn is not None:
        print(f"{key} was withdrawn on {card.withdrawn.since}: {card.withdrawn.reason}")
        return PROBLEMS
    text = path.read_text(encoding="utf-8")
    said = {"withdrawn": {"since": date.today(), "reason": reason}}
    line = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=1000)
    path.write_text(f"{text.rstrip()}\n{line}", encoding="utf-8")
    print(
        f"landing/{key}/{CARD_NAME} says that it is withdrawn: {reason}\n"
        "Next: yearbook refresh. To take it back, remove `withdrawn` from the card."
    )
    return OK


COMMAND = Command(
    20,
    "withdraw",
    "take no figure of a document any more",
    _run,
    _arguments,
    examples=("yearbook withdraw nbs_regional_annual/2024 --reason 'replaced by 2025'",),
)
