"""Files spoilt at random places: told with the file and the remedy, and made again row for row."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from assets.warehouse.errors import WarehouseDamaged
from assets.warehouse.home import Home
from assets.warehouse.publish import publish, published_release
from assets.warehouse.reader import open_published, query
from assets.warehouse.repair import repair
from assets.warehouse.store import Store

TRIES = 8
REMEDY = "`yearbook repair`"
WHOLE = "select bit_xor(hash(t)) from {} as t"


def spoil(path: Path, source: random.Random) -> None:
    """Flip a bit, blank a stretch, or cut the file off, somewhere."""
    path.chmod(0o644)
    content, at = bytearray(path.read_bytes()), source.randrange(path.stat().st_size)
    match source.randrange(3):
        case 0:
            content[at] ^= 1 << source.randrange(8)
        case 1:
            content[at : at + 4096] = bytes(len(content[at : at + 4096]))
        case _:
            del content[at:]
    path.write_bytes(content)


def everything(read: Callable[[str], list[tuple[object, ...]]]) -> dict[str, object]:
    """A digest of each published table."""
    tables = read(
        "select schema_name || '.' || table_name from duckdb_tables() "
        "where not internal and schema_name <> 'micro' order by all"
    )
    return {str(name): read(WHOLE.format(name)) for (name,) in tables}


def published_rows(home: Home) -> dict[str, object]:
    with open_published(home) as connection:
        return everything(lambda sql: connection.execute(sql).fetchall())


def damage_met(read: Callable[[], object]) -> str:
    """The message where reading meets damage, else nothing. Any other error goes through."""
    try:
        read()
    except WarehouseDamaged as error:
        return str(error)
    return ""


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, stamped: ModuleType) -> Home:
    """Vintages 000001 and 000002; the working file is the second's."""
    home = Home(tmp_path_factory.mktemp("released")).prepare()
    for number in (1, 2):
        stamped.write_stamp(home, number)
        publish(home, f"{number:06d}")
    return home


@pytest.fixture
def two_releases(released: Home, home: Home) -> Home:
    """A copy of that."""
    shutil.copytree(released.root, home.root, symlinks=True, dirs_exist_ok=True)
    return home


def test_a_release_spoilt_anywhere_is_told_and_made_again(two_releases: Home) -> None:
    home, source, told = two_releases, random.Random(12), 0
    before, whole = published_rows(home), home.published.read_bytes()
    for _ in range(TRIES):
        spoil(home.published.resolve(), source)
        if problem := damage_met(lambda: published_rows(home)):  # else nothing was in that place
            assert str(home.published.resolve()) in problem
            assert REMEDY in problem
            (paragraph,) = repair(home)
            assert "row for row what vintage 000002 said" in paragraph
            told += 1
        assert published_rows(home) == before
        assert repair(home) == []
        home.published.resolve().chmod(0o644)
        home.published.resolve().write_bytes(whole)
    assert told > TRIES / 4


def test_a_working_file_spoilt_anywhere_is_told_and_made_again(two_releases: Home) -> None:
    home, source, told = two_releases, random.Random(5), 0
    store = Store(home.working)
    before, whole = everything(store.rows), home.working.read_bytes()
    for _ in range(TRIES):
        spoil(home.working, source)
        if problem := damage_met(lambda: everything(store.rows)):
            assert str(home.working) in problem
            assert REMEDY in problem
            (paragraph,) = repair(home)
            assert "made anew from release 000002" in paragraph
            told += 1
        assert everything(store.rows) == before
        assert repair(home) == []
        home.working.write_bytes(whole)
    assert told > TRIES / 4


def cut(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:20_000])


def stamp(home: Home, stamped: ModuleType) -> int:
    return int(query(home, stamped.STAMPS).rows[0][0])


def test_readers_get_the_release_before_where_the_working_file_has_moved_on(
    two_releases: Home, stamped: ModuleType
) -> None:
    home = two_releases
    stamped.write_stamp(home, 3)  # passed no check, so that nobody may see it
    cut(home.published.resolve())
    (paragraph,) = repair(home)
    assert "the release before, vintage 000001" in paragraph
    assert "`yearbook refresh`" in paragraph
    assert stamp(home, stamped) == 1
    assert publish(home, "000003") == published_release(home)
    assert stamp(home, stamped) == 3


def test_both_files_damaged_come_back_from_the_release_before(
    two_releases: Home, stamped: ModuleType
) -> None:
    home = two_releases
    cut(home.published.resolve())
    cut(home.working)
    assert len(repair(home)) == 2
    assert stamp(home, stamped) == 1
    assert Store(home.working).rows(stamped.STAMPS)[0][0] == 1


def test_a_release_that_is_gone_is_made_again(two_releases: Home, stamped: ModuleType) -> None:
    two_releases.published.resolve().unlink()
    (paragraph,) = repair(two_releases)
    assert "was gone" in paragraph
    assert stamp(two_releases, stamped) == 2


def test_an_older_release_is_put_aside(two_releases: Home, stamped: ModuleType) -> None:
    home = two_releases
    older = home.releases / "warehouse-000001.duckdb"
    cut(older)
    (paragraph,) = repair(home)
    assert str(older) in paragraph
    assert (home.state / "damaged" / older.name).stat().st_size == 20_000
    assert stamp(home, stamped) == 2


def test_where_nothing_is_whole_nothing_is_published(home: Home, stamped: ModuleType) -> None:
    stamped.write_stamp(home, 1)
    publish(home, "000001")
    cut(home.published.resolve())
    cut(home.working)
    first, second = repair(home)
    assert "Nothing is published now" in first
    assert "builds a new one from landing/" in second
    assert published_release(home) is None
    stamped.write_stamp(home, 1)
    publish(home, "000001")
    assert stamp(home, stamped) == 1


@pytest.mark.parametrize(
    "sql", ["select error('Corrupt database file')", "select cast('corrupt' as double)"]
)
def test_a_querys_own_words_are_no_damage(two_releases: Home, sql: str) -> None:
    with pytest.raises(duckdb.Error, match=r"(?i)corrupt"):
        query(two_releases, sql)
