"""A warehouse in a temporary folder, and other processes that use it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from assets.warehouse.home import Home
from assets.warehouse.store import Store
from assets.warehouse.tables.table import Column, Table
from benchmarks.by_path import loaded
from benchmarks.prepared_process import PreparedProcess

CHILD = Path(__file__).with_name("child.py")
REPOSITORY = Path(__file__).parents[2]

Spawn = Callable[..., PreparedProcess]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).prepare()


@pytest.fixture
def store(home: Home) -> Store:
    return Store(home.working)


@pytest.fixture(scope="session")
def stamped() -> ModuleType:
    """The module `child.py`, for write_stamp and STAMPS."""
    return loaded(CHILD)


@pytest.fixture
def spawn() -> Iterator[Spawn]:
    """Start `child.py <command> ...`; whatever still runs at the end of the test is killed."""
    started: list[PreparedProcess] = []

    def start(command: str, home: Home, *arguments: object) -> PreparedProcess:
        process = PreparedProcess([CHILD, command, home.root, *arguments], folder=REPOSITORY)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def city() -> Table:
    return Table(
        name="raw.city",
        grain="one row per city and year",
        columns=(
            Column("city", "TEXT", "the city's name"),
            Column("year", "INTEGER", "reference year"),
            Column("population_10k_persons", "DOUBLE", "population, 10,000 persons"),
            Column("gross_product_100m_cny", "DOUBLE", "gross product, 100m CNY", nullable=True),
            Column("note", "TEXT", "a remark of the yearbook's editors", nullable=True),
        ),
        primary_key=("city", "year"),
    )
