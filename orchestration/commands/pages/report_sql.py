"""The questions that commands ask of the published file, kept as `sql/queries/commands/*.sql`.

Belongs here: running one of them. Not here: the SQL, and showing the answer.
"""

from collections.abc import Mapping
from typing import Any

from assets.warehouse.home import Home
from assets.warehouse.queries import query_text
from assets.warehouse.reader import query


def report(home: Home, name: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """The rows of `sql/queries/commands/<name>.sql`; parameters: a value for each `$name` in it."""
    return query(home, query_text(f"commands/{name}"), parameters).rows


def value_text(value: float | None) -> str:
    """A value with seven significant digits; a word where there is none."""
    return "missing" if value is None else f"{value:.7g}"


def percent_text(change_pct: float | None) -> str:
    """A change in per cent, with its sign; empty where there is none."""
    return "" if change_pct is None else f"{change_pct:+.3g}"
