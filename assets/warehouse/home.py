"""Where the files of one warehouse lie.

Belongs here: paths under one root folder. Not here: opening any of them.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from assets.warehouse.errors import WarehouseError
from assets.warehouse.private import private_folder
from assets.warehouse.texts.safe_text import harmful_in, safe_text

HOME_VARIABLE = "YEARBOOK_HOME"


@dataclass(frozen=True, slots=True)
class Home:
    """The paths of one warehouse, all derived from `root`."""

    root: Path

    @classmethod
    def from_environment(cls) -> Self:
        """The folder named by YEARBOOK_HOME, else the one that contains the `assets` package.

        Raises WarehouseError where that can be no warehouse's.
        """
        named = os.environ.get(HOME_VARIABLE)
        if not named:
            return cls(_usable(Path(__file__).parents[2].resolve()))
        try:
            return cls(_usable(Path(named).expanduser().resolve()))
        except (OSError, RuntimeError) as error:  # a name too long, a link to itself, ~nobody
            raise _unusable(named, str(error)) from error

    @property
    def landing(self) -> Path:
        """Documents and their cards."""
        return self.root / "landing"

    @property
    def published(self) -> Path:
        """The published name: a symbolic link to one file in `releases`."""
        return self.root / "warehouse.duckdb"

    @property
    def releases(self) -> Path:
        """Published files, one per vintage, never changed after publication."""
        return self.root / "releases"

    @property
    def report(self) -> Path:
        """The report of the published vintage: a symbolic link to one page in `releases`."""
        return self.root / "report" / "index.html"

    @property
    def state(self) -> Path:
        """Everything private to the pipeline, for its owner alone (`private.py`)."""
        return self.root / ".yearbook"

    @property
    def working(self) -> Path:
        """The file the assets write to. No reader opens it."""
        return self.state / "working.duckdb"

    @property
    def published_content(self) -> Path:
        """The vintage that was published last, and a digest of what it says."""
        return self.state / "published.sha256"

    @property
    def lock_file(self) -> Path:
        """Held with flock by the one writer."""
        return self.state / "lock"

    @property
    def run_under_way(self) -> Path:
        """The id of the run that a refresh began; gone when it came to its end."""
        return self.state / "run"

    @property
    def plots(self) -> Path:
        """Pictures of what was computed, named for their vintage."""
        return self.state / "plots"

    @property
    def pages(self) -> Path:
        """Pictures of the PDF pages that figures were read from, for a person to check."""
        return self.state / "pages"

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME."""
        return self.state / "dagster"

    def prepare(self) -> Self:
        """Create the folders that are missing and return self."""
        for folder in (self.landing, self.releases, self.report.parent):
            folder.mkdir(parents=True, exist_ok=True)
        private_folder(self.dagster)
        return self


def _usable(root: Path) -> Path:
    """The folder, if every library that opens a file in it takes its name as it stands.

    DuckDB wants UTF-8, a terminal and a log no controls, and of an address of SQLite what stands
    behind a question mark is no part of the name.
    """
    if root.exists() and not root.is_dir():
        raise _unusable(str(root), "this is no folder")
    odd = next((each for each in str(root) if each in "\t\n?" or harmful_in(each)), None)
    if odd is not None:
        raise _unusable(str(root), f"in its name stands {odd.encode('unicode_escape').decode()}")
    return root


def _unusable(named: str, why: str) -> WarehouseError:
    return WarehouseError(
        f"The warehouse is to lie in {safe_text(named)[:300]!r}: {safe_text(why)[:300]}.\n"
        "  Expected: a folder, there or to be made, with a name in UTF-8 that holds no control "
        "character and no question mark.\n"
        f"  Set {HOME_VARIABLE} to such a folder."
    )
