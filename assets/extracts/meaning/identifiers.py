"""What a publisher called otherwise before: one source whose identifiers changed.

Belongs here: the file `landing/<source>/identifiers.yaml` and the cards it changes. Not here: what
a label means (labels.py), and whose edition prints it.

A site that moves gives its tables, labels and regions other names, and means the same. The old
cards stay as they are; those of later editions extend them and are read by the new names.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from assets.extracts.meaning.registry import normalise_label
from assets.extracts.written.landing_files import IDENTIFIERS_NAME
from assets.extracts.written.strict_model import StrictModel, wrong_fields
from assets.extracts.written.yaml_file import read_yaml

_KEYED = ("labels", "units", "regions")  # keys of a table whose own keys are printed names
Text = Annotated[str, Field(min_length=1)]


class ChangedIdentifier(StrictModel):
    """One name and the one that took its place. since: the first edition with the new one."""

    old: Text
    new: Text
    since: Annotated[int, Field(ge=1900, le=2200)]
    note: Text | None = None


def changed_identifiers(source: Path, landing: Path) -> Sequence[ChangedIdentifier]:
    """The changes listed in a source's folder; none where there is no list.

    Raises DocumentError naming every entry that is wrong.
    """
    path = source / IDENTIFIERS_NAME
    if not os.path.lexists(path):
        return ()
    name = f"landing/{path.relative_to(landing).as_posix()}"
    advice = "Correct the file; landing/README.md has an example."
    try:
        return TypeAdapter(tuple[ChangedIdentifier, ...]).validate_python(
            tuple(read_yaml(path, name, list, advice))
        )
    except ValidationError as error:
        expected = "a list of {old: ..., new: ..., since: edition}"
        raise wrong_fields(name, error, expected, advice) from error


def present_names(changes: Sequence[ChangedIdentifier], edition: int) -> Mapping[str, str]:
    """Old names (normalised), and the new ones that an edition uses."""
    in_order = sorted(changes, key=lambda change: change.since)
    return {normalise_label(c.old): c.new for c in in_order if c.since <= edition}


def renamed(card: Mapping[str, Any], changes: Sequence[ChangedIdentifier]) -> dict[str, Any]:
    """A card as its edition's names have it: what older cards say under an old name holds on."""
    edition, tables = card.get("edition"), card.get("tables")
    if not isinstance(edition, int) or not isinstance(tables, Mapping):
        return dict(card)  # whoever checks the card says what is wrong with it
    names = present_names(changes, edition)
    return {**card, "tables": {number: _table(table, names) for number, table in tables.items()}}


def _table(table: Any, names: Mapping[str, str]) -> Any:
    if not isinstance(table, Mapping):
        return table
    changed = dict(table)
    for key in _KEYED:
        stated = table.get(key)
        if isinstance(stated, Mapping):
            changed[key] = {_present(name, names): value for name, value in stated.items()}
    if isinstance(table.get("ignore"), list):
        changed["ignore"] = [_present(name, names) for name in table["ignore"]]
    return changed


def _present(name: Any, names: Mapping[str, str]) -> Any:
    return names.get(normalise_label(name), name) if isinstance(name, str) else name
