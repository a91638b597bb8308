"""Numbers of the report, each with its place in the warehouse.

Belongs here: writing a number so that it can be found again. Not here: which numbers are shown.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from assets.release.report.words import Cited


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the warehouse, or several: a table, and the columns that say which."""

    table: str
    key: Mapping[str, object]
    foot: str

    def at(self, **key: object) -> "Place":
        """The place with more columns said."""
        return replace(self, key={**self.key, **key})

    def number(
        self, value: float | None, column: str, decimals: int = 3, times: float = 1.0
    ) -> Cited | None:
        """The number in a column, rounded; None where there is none. times: 100 for per cent."""
        if value is None:
            return None
        text = f"{value * times:.{decimals}f}".replace("-", "−")
        return Cited(text, value, self.table, column, self.key, self.foot, times)

    def change(
        self, value: float | None, column: str, decimals: int = 1, times: float = 1.0
    ) -> Cited | None:
        """Like `number`, with its sign."""
        cited = self.number(value, column, decimals, times)
        if cited is None or cited.text.startswith("−"):
            return cited
        return replace(cited, text=f"+{cited.text}")

    def text(self, value: str, column: str) -> Cited:
        """A text as it stands in a column, such as a printed number."""
        return Cited(value, value, self.table, column, self.key, self.foot)

    def count(self, value: int) -> Cited:
        """How many rows there are."""
        return Cited(str(value), value, self.table, "count(*)", self.key, self.foot)


def ident(*parts: object) -> str:
    """An id of the page, from names."""
    return re.sub(r"[^A-Za-z0-9]+", "-", "-".join(str(part) for part in parts if part != ""))
