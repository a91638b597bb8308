"""What an arrived file holds, before any card says how to read it.

Belongs here: the one function through which `adding` comes to the grids of a file, whatever its
kind. Not here: what their cells mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assets.extracts import budget
from assets.extracts.cards.card import TableCard
from assets.extracts.errors import DocumentError, spell_place
from assets.extracts.files.container import SUFFIXES, load_grid, open_container, suffix_of
from assets.extracts.files.grid import Grid
from assets.extracts.files.notation import in_plain_digits, proven_decimal
from assets.extracts.files.text_file import proven_encoding

# Words that tables hold, by which a text shows in which encoding it is.
_WORDS = (
    *("年", "地区", "地區", "单位", "單位", "指标", "指標", "人口", "生产", "生產", "总值", "總值"),
    *("收入", "亿元", "億元", "万人", "萬人", "甘肃", "甘肅", "省", "数据", "數據", "统计", "統計"),
    *("Year", "Region", "Country", "Indicator", "Unit", "Population", "GDP", "Total", "China"),
)
_SETTINGS = ("encoding", "decimal")  # say how to read a table, and not which


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that arrived. name: as the user called it; path: the copy that is worked on."""

    name: str
    path: Path

    @property
    def kind(self) -> str:
        """Suffix of the kind it really is, such as `.csv`."""
        return suffix_of(self.path)


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet or table of a file: what pins it in a card, its grid, or why it has none."""

    file: str
    keys: Mapping[str, str | int]
    grid: Grid | None
    problem: DocumentError | None

    @property
    def name(self) -> str:
        """Where it is, for messages; empty for a file of one table."""
        if "sheet" in self.keys:
            return spell_place(self.file, str(self.keys["sheet"]), None)
        pins = {key: value for key, value in self.keys.items() if key not in _SETTINGS}
        return ", ".join(f"{key} {value}" for key, value in pins.items())

    def pinned_by(self, table: TableCard) -> bool:
        """Whether a card names this part, or leaves open which it is."""
        stated = {key: getattr(table, key) for key in self.keys}
        return all(value in (None, self.keys[key]) for key, value in stated.items())


def require_readable(name: str, path: Path) -> None:
    """Raise DocumentError where a path is no file that a reader could take."""
    if not path.is_file():
        found, advice = "there is no such file", "Name the file that arrived."
    elif path.suffix.lower() not in SUFFIXES or path.name.startswith("."):
        found = f"'{path.name}' is of no kind a reader knows"
        advice = "Save it as one of these kinds; figures typed from a text go into a CSV file."
    elif path.stat().st_size == 0:
        found, advice = "the file is empty", "Fetch the document again."
    elif path.stat().st_size > budget.MAX_DOCUMENT_BYTES:
        found = f"the file is {path.stat().st_size:,} bytes long"
        advice = "Keep only the tables that are read, as CSV, with a card of their own."
    else:
        return
    kinds = ", ".join(SUFFIXES)
    expected = f"a file of 1 to {budget.MAX_DOCUMENT_BYTES:,} bytes named {kinds}"
    raise DocumentError(name, found=found, expected=expected, advice=advice)


def open_parts(arrived: Arrived) -> tuple[Part, ...]:
    """Every sheet or table of a file, in its order. Raises DocumentError where it is damaged.

    Hidden rows and columns are in the grids; the ordinary reader stops at them. A text whose commas
    may be decimal ones has no grid yet: a person says it (`decimal` for `open_part`).
    """
    pins = _encoding(arrived)
    container = open_container(arrived.path, arrived.name, pins.get("encoding"))
    parts = tuple(open_part(arrived, {**table.keys, **pins}) for table in container.tables)
    problems = [part.problem for part in parts if part.problem is not None]
    if problems and len(problems) == len(parts) and problems[0].lacks != "decimal":
        raise problems[0]
    return parts


def open_part(arrived: Arrived, keys: Mapping[str, str | int]) -> Part:
    """One sheet or table, hidden rows and columns included; also a table over several pages."""
    pinned = TableCard.model_validate({"axes": "site", "hidden": "read", **keys})
    try:
        grid = load_grid(arrived.path, arrived.name, pinned)
    except DocumentError as error:
        return Part(arrived.name, keys, None, error)
    decimal = keys.get("decimal") or proven_decimal(grid)
    if decimal is None:
        return Part(arrived.name, keys, grid, None)
    stated = {"decimal": str(decimal)}
    return Part(arrived.name, {**keys, **stated}, in_plain_digits(grid, stated), None)


def _encoding(arrived: Arrived) -> Mapping[str, str]:
    """The encoding of a text or page that does not say it, where its words prove which it is."""
    if arrived.kind not in (".csv", ".tsv", ".txt", ".html", ".htm"):
        return {}
    proven = proven_encoding(arrived.path.read_bytes(), _WORDS)
    if proven is None or (proven != "big5" and _opens(arrived)):
        return {}
    return {"encoding": proven}


def _opens(arrived: Arrived) -> bool:
    """Whether the file says its encoding by itself."""
    try:
        container = open_container(arrived.path, arrived.name)
        return all(open_part(arrived, table.keys).grid is not None for table in container.tables)
    except DocumentError:
        return False
