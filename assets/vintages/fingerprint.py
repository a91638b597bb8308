"""What makes one published state of the warehouse different from another.

Belongs here: fingerprints of inputs and definitions, and the name of a vintage. Not here: what the
vintage's tables hold, or publishing it (`publish.py`).
"""

import hashlib
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from assets.warehouse.unchanged.known_files import OfFile

if TYPE_CHECKING:
    from assets.warehouse.store import Store

CODE_ROOT = Path(__file__).parents[2]

# Files that decide what a refresh computes from the same documents: change one, and every document
# is read again and every study refitted.
_DEFINITIONS = (
    "assets/**/*.py",
    "assets/**/*.yaml",
    "assets/**/*.csv",
    "sql/**/*.sql",
    "expectations/*.json",
    "orchestration/parsed_sql.py",
    "orchestration/sql_models.py",
    "orchestration/checks/*.py",
    "uv.lock",
)
# What an environment has may be another version than `uv.lock` says.
_LIBRARIES = (
    *("duckdb", "numpy", "pandas", "scipy", "statsmodels", "diff-diff", "rdrobust", "rddensity"),
    *("great-expectations", "sqlglot"),
    # that read documents, and say what they mean
    *("lxml", "msoffcrypto-tool", "openpyxl", "pdfplumber", "pysdmx", "pyyaml", "xlrd"),
    *("pint", "pycountry", "pydantic"),
)


def inputs_in_force(store: "Store") -> list[tuple[str, int | str, str]]:
    """(source, edition, content sha256) of every document, data set of towns and published study.

    A data set has the source `towns`, and its name for an edition; a published study that is
    computed again the source `replications`.
    """
    found = store.rows("select source, edition, content_sha256 from raw.document")
    for source, table, name in (
        ("towns", "raw.town_dataset", "dataset"),
        ("replications", "raw.replication", "replication"),
    ):
        if store.exists(table):
            found += store.rows(f"select '{source}', {name}, content_sha256 from {table}")
    return found


def input_fingerprint(inputs: Iterable[tuple[str, int | str, str]]) -> str:
    """sha256 over (source, edition, content sha256) of every input in force, in any order."""
    lines = sorted(f"{source}/{edition} {digest}" for source, edition, digest in inputs)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def definition_fingerprint(code_root: Path = CODE_ROOT) -> str:
    """sha256 over the files that define what is computed: code, SQL, studies, checks, versions."""
    digest = hashlib.sha256()
    for pattern in _DEFINITIONS:
        for path in sorted(code_root.glob(pattern)):
            digest.update(f"{path.relative_to(code_root).as_posix()}\0".encode())
            digest.update(_DIGESTS.of(path))
    return digest.hexdigest()


def _file_digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


_DIGESTS = OfFile(_file_digest)  # a refresh asks for all of them once for each step and check


@dataclass(frozen=True, slots=True)
class Vintage:
    """One state of inputs and definitions."""

    name: str
    input_fingerprint: str
    definition_fingerprint: str
    is_published: bool


@dataclass(frozen=True, slots=True)
class PublishedState:
    """What a published vintage was computed from."""

    vintage: str
    input_fingerprint: str
    definition_fingerprint: str


def vintage_of_state(
    published: Sequence[PublishedState], input_sha256: str, definition_sha256: str
) -> Vintage:
    """The vintage of this state: the last published one where nothing changed, else the next."""
    last = max(published, key=lambda state: vintage_number(state.vintage), default=None)
    if last is not None and last == PublishedState(last.vintage, input_sha256, definition_sha256):
        return Vintage(last.vintage, input_sha256, definition_sha256, is_published=True)
    number = 1 if last is None else vintage_number(last.vintage) + 1
    name = vintage_name(number, input_sha256, definition_sha256)
    return Vintage(name, input_sha256, definition_sha256, is_published=False)


def vintage_name(number: int, input_sha256: str, definition_sha256: str) -> str:
    """`0007-3f9a2c1d`: running number, and eight digits of the two fingerprints together.

    The name holds no date, so that computing the same state twice gives the same name.
    """
    both = hashlib.sha256(f"{input_sha256}{definition_sha256}".encode()).hexdigest()
    return f"{number:04d}-{both[:8]}"


def vintage_number(vintage: str) -> int:
    """The running number in a vintage's name."""
    return int(vintage.split("-")[0])


def library_versions() -> dict[str, str]:
    """Versions of Python and of the libraries that read or compute published numbers."""
    return {
        "python": platform.python_version(),
        **{library: version(library) for library in _LIBRARIES},
    }
