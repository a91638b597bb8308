"""From settled proposals to what the card says of them.

Belongs here: the card's region and its tables. Not here: what a proposal is, the rest of the card.
"""

from collections.abc import Mapping
from typing import Any

from assets.extracts.proposing.proposal import Proposal


def card_region(tables: Mapping[str, Proposal]) -> str:
    """The region of the tables that name none themselves, else what holds all that are named."""
    own = {each.region for each in tables.values() if not each.has_regions and each.region}
    if len(own) == 1:
        return next(iter(own))
    met = {figure.region for each in tables.values() for figure in each.read.figures} | own
    if len(met) == 1:
        return next(iter(met))
    return "CN" if any(each.split("-")[0] == "CN" for each in met) else min(met)


def card_tables(tables: Mapping[str, Proposal]) -> dict[str, Any]:
    """The entry of each table; a region of its own stands there where it is not the card's."""
    region = card_region(tables)
    return {
        number: {**each.entry, "axes": {**each.entry["axes"], "region": {"once": each.region}}}
        if not each.has_regions and each.region != region
        else dict(each.entry)
        for number, each in tables.items()
    }
