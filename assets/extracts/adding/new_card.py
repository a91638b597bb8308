"""The card of a new edition: it extends the edition before and says only what differs.

Belongs here: the card's mapping and its text. Not here: putting it anywhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from assets.extracts.adding.draft import Draft
from assets.extracts.cards.card import TableCard
from assets.extracts.written.landing_files import CARD_NAME


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands in a card besides its tables."""

    edition: int
    published_on: date | None
    accessed_on: date
    note: str | None
    file: str
    sha256: str
    bytes: int


def new_card(draft: Draft, facts: Facts) -> dict[str, Any]:
    """What the new edition's card has to say; a null takes back what the edition before said."""
    before = draft.previous.card
    said: dict[str, Any] = {
        "extends": f"../{before.edition}/{CARD_NAME}",
        "edition": facts.edition,
        # The edition's year is moved on where the title names the year of the one before.
        "title": re.sub(rf"(?<!\d){before.edition}(?!\d)", str(facts.edition), before.title),
        "published_on": facts.published_on,
        "accessed_on": facts.accessed_on,
        "note": facts.note,
    }
    differing = {
        key: value
        for key, value in said.items()
        if key == "extends" or value != getattr(before, key)
    }
    differing["document"] = {"file": facts.file, "sha256": facts.sha256, "bytes": facts.bytes}
    tables = {
        number: changed
        for number, entry in draft.tables.items()
        if (changed := _changed(entry, before.tables[number]))
    }
    return {**differing, "tables": tables} if tables else differing


def card_text(card: Mapping[str, Any]) -> str:
    """The card as YAML."""
    return yaml.safe_dump(
        dict(card), allow_unicode=True, sort_keys=False, default_flow_style=None, width=100
    )


def _changed(entry: Mapping[str, Any], before: TableCard) -> dict[str, Any]:
    """Keys that say something else than the edition before; a null only where it takes back."""
    stated = before.model_dump()
    return {
        key: value
        for key, value in entry.items()
        if value != (list(stated[key]) if isinstance(stated[key], tuple) else stated[key])
    }
