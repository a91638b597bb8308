"""What a region is.

Belongs here: the records. Not here: where they are read from, spellings.
"""

from dataclasses import dataclass
from typing import Literal

RegionKind = Literal["nation", "province", "prefecture", "county"]
ALWAYS, STILL = 0, 9999  # years of what has no first, or no last one


@dataclass(frozen=True, slots=True)
class Naming:
    """Code, names and parent of a region, with the first and last year they are in force.

    gb: six digits of GB/T 2260; name_zh: None where the list has no Chinese name.
    """

    gb: str | None
    name_en: str
    name_zh: str | None
    also: tuple[str, ...]
    parent: str | None
    first_year: int = ALWAYS
    last_year: int = STILL


@dataclass(frozen=True, slots=True)
class BorderChange:
    """A change of a region's borders; year: the first with the new ones."""

    year: int
    what: str


@dataclass(frozen=True, slots=True)
class Region:
    """A nation, or a part of one, under an id made of ISO 3166 and GB/T 2260 codes.

    namings: the last is the present one; census_2020_10k_persons: residents, where a census is
    declared.
    """

    code: str
    kind: RegionKind
    namings: tuple[Naming, ...]
    changes: tuple[BorderChange, ...] = ()
    census_2020_10k_persons: float | None = None

    @property
    def is_nation(self) -> bool:
        """Whether this is a whole nation."""
        return self.kind == "nation"

    @property
    def is_chinese_province(self) -> bool:
        """Whether this is one of the provinces, regions and municipalities below the nation CN."""
        return self.kind == "province" and self.namings[-1].parent == "CN"

    @property
    def name_en(self) -> str:
        """The present English name."""
        return self.namings[-1].name_en

    @property
    def name_zh(self) -> str:
        """The present Chinese name; the English one where none is known."""
        return self.namings[-1].name_zh or self.name_en

    @property
    def known_as(self) -> str:
        """Code and English name, as pages and messages show a region."""
        return f"{self.code} ({self.name_en})"
