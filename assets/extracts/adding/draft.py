"""The card as it is being written: the edition before, and what was found or answered to differ.

Belongs here: laying answers over it, and reading the document as it stands. Not here: questions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from assets.extracts.adding.opening import Arrived, Part, open_part
from assets.extracts.adding.previous import Previous
from assets.extracts.adding.probe import Frame, Reading, probe
from assets.extracts.cards.card import TableCard
from assets.extracts.cards.content import merge


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known so far. tables: what the new card says of its tables (null removes a key)."""

    previous: Previous
    arrived: Arrived
    parts: tuple[Part, ...]
    this_year: int  # no figure can be of a later year
    tables: Mapping[str, Any]

    def with_tables(self, tables: Mapping[str, Any]) -> "Draft":
        """Lay an answer over what the card says so far; lists under `ignore` grow."""
        result = {number: dict(entry) for number, entry in self.tables.items()}
        for number, entry in tables.items():
            below = result.setdefault(number, {})
            for key, value in entry.items():
                if key == "ignore":
                    before = below.get("ignore", self.previous.card.tables[number].ignore)
                    below["ignore"] = [*before, *(text for text in value if text not in before)]
                elif isinstance(value, Mapping):
                    below[key] = {**below.get(key, {}), **value}
                else:
                    below[key] = value
        return replace(self, tables=result)

    def table(self, number: str) -> TableCard:
        """A table's card as it would be read now."""
        stated = self.previous.card.tables[number].model_dump(exclude_defaults=True)
        return TableCard.model_validate(merge(stated, self.tables.get(number, {})))

    @property
    def frame(self) -> Frame:
        """What the card says outside its tables, with the units of the edition before."""
        lines = (line for reading in self.previous.readings.values() for line in reading.lines)
        units = {line.indicator: line.unit.id for line in lines}
        return Frame(self.previous.card.region, self.this_year, units)

    def part(self, table: TableCard) -> Part | None:
        """The sheet or table it is in; None where there is none, or several and none is named."""
        if isinstance(table.page, str) and self.arrived.kind == ".pdf":
            number = {} if table.table is None else {"table": table.table}
            return open_part(self.arrived, {"page": table.page, **number})
        named = [part for part in self.parts if part.pinned_by(table)]
        return named[0] if len(named) == 1 else None

    def readings(self) -> dict[str, Reading]:
        """Every table as it reads now. Raises DocumentError where a sheet cannot be used at all."""
        found = {}
        for number in self.previous.card.tables:
            table = self.table(number)
            part = self.part(table)
            assert part is not None, "tables are placed before they are read"
            if part.grid is None:
                assert part.problem is not None
                raise part.problem
            found[number] = probe(part.grid, table, number, self.frame)
        return found
