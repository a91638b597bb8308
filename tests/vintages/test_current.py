"""The working file has all that is published, or nothing more is."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from assets.vintages.current import refuse_older_working
from assets.warehouse.connection import writable
from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.resource import Warehouse
from assets.warehouse.store import Store


@dataclass
class Two:
    """A working file and a published one."""

    home: Home
    published: list[str]

    @property
    def store(self) -> Store:
        return Store(self.home.working)

    def published_rows(self, sql: str) -> list[tuple[str]]:
        return [(name,) for name in self.published]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path).prepare()
    with writable(made.working) as connection:
        connection.execute("create schema model")
        connection.execute(
            "create table model.vintage as select unnest(['0001-a', '0002-b']) as vintage"
        )
    return made


@pytest.mark.parametrize("published", [[], ["0001-a"], ["0001-a", "0002-b"]])
def test_what_is_published_stands_in_the_working_file(home: Home, published: list[str]) -> None:
    refuse_older_working(cast("Warehouse", Two(home, published)))


def test_a_working_file_put_back_as_it_was_is_refused(home: Home) -> None:
    two = cast("Warehouse", Two(home, ["0001-a", "0002-b", "0003-c", "0004-d"]))
    with pytest.raises(WarehouseError, match="it lacks vintage 0003-c, 0004-d") as told:
        refuse_older_working(two)
    assert "Move it away" in str(told.value)
