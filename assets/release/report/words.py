"""What stands on the report, smallest first: words in both languages, numbers with their place.

Belongs here: words, numbers, tables, pictures and sections as the template takes them. Not here:
what any of them says, and HTML.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

RECOVERED, SIMULATED = "recovered", "simulated"


@dataclass(frozen=True, slots=True)
class Said:
    """Words in English and Chinese."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A number as it is written, the one cell of the warehouse that it is, and its foot.

    `select column from table where key` gives the value; text: `times` the value, rounded. A table
    with a slash is a query (`sql/queries/`), and the key its parameters.
    """

    text: str
    value: float | str
    table: str
    column: str
    key: Mapping[str, object]
    foot: str  # the id of the entry that says where it comes from
    times: float = 1.0
    heat: int = 0  # 1 to 4: the darker, the larger

    @property
    def key_json(self) -> str:
        """The key as the page carries it."""
        return json.dumps(dict(self.key), ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in both languages with numbers in it: `{0}` stands for the first."""

    en: str
    zh: str
    numbers: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """A cell of a grid that says one of three things, in words and by colour."""

    words: Said
    tone: str  # good, bad or open
    reason: str = ""


Cell: TypeAlias = str | Said | Cited | Flag | None


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table of the report. mark: RECOVERED or SIMULATED, empty for official figures."""

    title: Said
    headings: tuple[Said | str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: Said | None = None
    mark: str = ""
    closed: bool = False  # shown once it is opened: the data of a picture


@dataclass(frozen=True, slots=True)
class Picture:
    """A vector picture, and the sentence that says what it shows."""

    ident: str
    title: Said
    shows: Said
    svg: str
    mark: str = ""
    data: PageTable | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page."""

    ident: str
    title: Said
    mark: str = ""
    lines: Sequence[Sentence] = ()
    parts: Sequence[PageTable | Picture] = ()
    quotes: Sequence[str] = ()  # sentences of the warehouse, which are in English


@dataclass(frozen=True, slots=True)
class Cut:
    """Some cells of a document as they are printed, with the one that is meant: a picture of it.

    rows: the number of each, and its texts, one for each of the columns.
    """

    place: str  # file, sheet and cell
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    column: str
    row: str


@dataclass(frozen=True, slots=True)
class Foot:
    """Where a number comes from."""

    ident: str
    title: Said
    lines: tuple[Said | str, ...] = field(default=())
    cuts: tuple[Cut, ...] = ()  # pictures of the cells it names
