"""`yearbook withdraw SOURCE/EDITION`: take no figure of a document any more.

Belongs here: saying so in the card. Not here: what a refresh makes of it (assets/extracts).
"""

import sys
from datetime import date

import yaml

from assets.extracts.card import CARD_NAME, read_card
from assets.extracts.errors import DocumentError
from assets.warehouse.home import Home


def withdraw(home: Home, key: str, reason: str, today: date) -> int:
    """Add `withdrawn` to the card of `source/edition`; 1 where there is none, or it says so."""
    path = home.landing / key / CARD_NAME
    if not path.is_file():
        print(
            f"landing/{key}/{CARD_NAME} is not there. What was published of it stands.\n"
            "  Put its folder back (the card alone will do), and withdraw it then.",
            file=sys.stderr,
        )
        return 1
    try:
        card = read_card(path, home.landing)
    except DocumentError as error:
        print(error, file=sys.stderr)
        return 1
    if card.withdrawn is not None:
        print(f"{key} was withdrawn on {card.withdrawn.since}: {card.withdrawn.reason}")
        return 1
    text = path.read_text(encoding="utf-8")
    said = {"withdrawn": {"since": today, "reason": reason}}
    line = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=1000)
    path.write_text(f"{text.rstrip()}\n{line}", encoding="utf-8")
    print(
        f"landing/{key}/{CARD_NAME} says that it is withdrawn: {reason}\n"
        "Next: yearbook refresh. To take it back, remove `withdrawn` from the card."
    )
    return 0
