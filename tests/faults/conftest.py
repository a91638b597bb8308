"""A small warehouse that was refreshed once, copies of it, and damaged or changed documents in it.

Belongs here: what both `faults` and `command_line` need (the latter loads this file by path). Not
here: what is expected of a refresh. Every warehouse lies in a temporary folder.
"""

import contextlib
import hashlib
import io
import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest
import yaml

from assets.warehouse.home import HOME_VARIABLE, Home
from benchmarks.small_landing import catalogue as makers_of_documents
from benchmarks.small_landing import lay_documents
from orchestration.commands.cli import main

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed and returned."""

    code: int
    out: str
    err: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A warehouse after its first refresh. Tests work on copies of it."""

    home: Home
    answer: Answer


def run_command(root: Path, *arguments: str) -> Answer:
    """Run a command in this process, with everything it prints caught."""
    out, err, start = io.StringIO(), io.StringIO(), time.monotonic()
    before = dict(os.environ)
    os.environ[HOME_VARIABLE] = str(root)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(arguments)
    finally:  # a refresh points its process at its Dagster instance
        os.environ.clear()
        os.environ.update(before)
    return Answer(code, out.getvalue(), err.getvalue(), time.monotonic() - start)


def small_landing(landing: Path) -> None:
    """Copy a handful of the shipped documents."""
    lay_documents(landing)
    shutil.copytree(REPOSITORY / "landing/replications", landing / "replications")


def copied(home: Home, root: Path) -> Home:
    """A copy of a whole warehouse; the published name stays a link."""
    shutil.copytree(home.root, root, symlinks=True)
    return Home(root)


def reissue(landing: Path, document: str, old: str, new: str) -> None:
    """Replace an ASCII text in a CSV document and sign the card for it."""
    folder = landing / document
    card = yaml.safe_load((folder / "card.yaml").read_text(encoding="utf-8"))
    path = folder / card["document"]["file"]
    data = path.read_bytes()  # whatever its encoding; old and new are ASCII
    assert data.count(old.encode()) == 1, (old, path)
    path.write_bytes(data.replace(old.encode(), new.encode()))
    sign(folder, card)


def sign(folder: Path, card: dict[str, Any]) -> None:
    """Write a card with the hash and size of its document as it lies there."""
    data = (folder / card["document"]["file"]).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    card["document"] = {**card["document"], "sha256": digest, "bytes": len(data)}
    text = yaml.safe_dump(card, allow_unicode=True, sort_keys=False)
    (folder / "card.yaml").write_text(text, encoding="utf-8")


def add_text_figures(landing: Path, source: str, lines: str) -> None:
    """A new document: lines `indicator,region,year,value,unit` as read from a text."""
    folder = landing / source / "2021"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "figures.csv").write_text(f"indicator,region,year,value,unit\n{lines}", "utf-8")
    pattern = REPOSITORY / "landing/ppdoc_gansu_poverty/2020/card.yaml"
    card = yaml.safe_load(pattern.read_text(encoding="utf-8"))
    sign(folder, {**card, "source": source, "edition": 2021})


def spoil(path: Path, sql: str) -> None:
    """Change a published file behind the project's back."""
    path.chmod(0o644)
    with duckdb.connect(path) as connection:
        connection.execute(sql)


def published_state(home: Home) -> tuple[str, str]:
    """Where the published name points, and the sha256 of what lies there."""
    return os.readlink(home.published), hashlib.sha256(home.published.read_bytes()).hexdigest()


@pytest.fixture(scope="session")
def refreshed(made_once: Any) -> Refreshed:
    """The first refresh of the small landing. Tests that change anything work on a copy."""

    def make(folder: Path) -> dict[str, Any]:
        small_landing(folder / "landing")
        return asdict(run_command(folder, "refresh"))

    folder, answer = made_once("first_refresh", make)
    return Refreshed(Home(folder), Answer(**answer))


# Gansu's gross product of 2012 (edition 2023 prints 5393.1), and one nobody printed before.
REVISION = """indicator,region,year,value,unit
gross_product,CN-GS,2012,5500.0,亿元
gross_product,CN-GS,1999,950.0,亿元
"""


@pytest.fixture(scope="session")
def two_vintages(refreshed: Refreshed, made_once: Any) -> Refreshed:
    """The small warehouse, refreshed again after one re-issue and one new, revising edition."""

    def make(place: Path) -> dict[str, Any]:
        home = copied(refreshed.home, place / "home")
        reissue(home.landing, "he_recovered/2026", "0.009079601081703748", "0.0091")
        folder = home.landing / "made_revision" / "2025"
        folder.mkdir(parents=True)
        (folder / "figures.csv").write_text(REVISION, encoding="utf-8")
        pattern = (home.landing / "ppdoc_gansu_poverty/2020/card.yaml").read_text(encoding="utf-8")
        card = yaml.safe_load(pattern) | {"source": "made_revision", "edition": 2025}
        card |= {"standing": "official", "revisions": {"gross_product": "correction"}}
        sign(folder, card)
        return asdict(run_command(home.root, "refresh", "--verbose"))

    place, answer = made_once("two_vintages", make)
    return Refreshed(Home(place / "home"), Answer(**answer))


@pytest.fixture
def home(refreshed: Refreshed, tmp_path: Path) -> Home:
    """A warehouse of its own, refreshed once."""
    return copied(refreshed.home, tmp_path / "home")


@pytest.fixture
def run(one_reading_process: None) -> Callable[..., Answer]:
    """`run(home, "refresh", "--wait", "0")`."""
    return lambda home, *arguments: run_command(home.root, *arguments)


@pytest.fixture(scope="session")
def tools() -> ModuleType:
    """The functions of this file."""
    return sys.modules[__name__]


@pytest.fixture(scope="session")
def catalogue() -> ModuleType:
    """`tests/damage/catalogue.py`."""
    return makers_of_documents()
