"""Publication on real files: beside readers, killed at any moment, on a full disk."""

import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import duckdb
import pandas as pd
import pytest

from assets.warehouse import repair
from assets.warehouse.connection import Opened, damage_of, kept_open, writable
from assets.warehouse.errors import (
    ReleaseConflict,
    WarehouseBusy,
    WarehouseDamaged,
    WarehouseError,
    WarehouseFull,
)
from assets.warehouse.home import Home
from assets.warehouse.lock import current_holder
from assets.warehouse.publish import (
    Release,
    content_of,
    prune,
    publish,
    published_release,
    releases,
    relink,
)
from assets.warehouse.reader import open_published, query
from assets.warehouse.repair import restore_working
from assets.warehouse.store import Store
from assets.warehouse.tables.table import Table
from benchmarks.prepared_process import PreparedProcess

Spawn = Callable[..., PreparedProcess]


def vintages(home: Home) -> list[str]:
    return [release.vintage for release in releases(home)]


def published_stamp(home: Home, stamped: ModuleType) -> int:
    """The stamp readers see; fails where the release is not whole."""
    with open_published(home) as connection:
        low, high, low2, high2, surplus = connection.execute(stamped.STAMPS).fetchall()[0]
    assert low == high == low2 == high2
    assert surplus == 0
    return int(low)


def no_leftovers(home: Home) -> bool:
    return not [*home.releases.glob(".*"), *home.releases.glob("*.wal*"), *home.root.glob(".w*")]


# --- what a release is


@pytest.fixture(scope="module")
def rich_file(tmp_path_factory: pytest.TempPathFactory, city: Table) -> Path:
    """A working file with a declared table, a SQL model, a view and a macro."""
    path = tmp_path_factory.mktemp("rich") / "working.duckdb"
    rows = {"city": ["b", "a"], "year": [1, 1], "population_10k_persons": [0.1, 0.2]}
    frame = pd.DataFrame(rows).assign(gross_product_100m_cny=None, note="它的")
    with Store(path).transaction() as writes:
        writes.replace(city, frame)
        writes.create_as("a.count", "select count(*) as n from raw.city", "one row", {"n": "count"})
        writes.connection.execute("create view a.latest as select city, year from raw.city")
        writes.connection.execute("comment on view a.latest is 'the latest'")
        writes.connection.execute("create macro a.as_of(y) as table from raw.city where year <= y")
    return path


@pytest.fixture
def rich(rich_file: Path, home: Home) -> Home:
    """A home with that file."""
    shutil.copy(rich_file, home.working)
    return home


def test_a_release_says_what_the_working_file_says(rich: Home, city: Table) -> None:
    release = publish(rich, "2019.1+fix")
    assert release == published_release(rich)
    assert os.readlink(rich.published) == "releases/warehouse-2019.1+fix.duckdb"
    assert stat.S_IMODE(release.path.stat().st_mode) == 0o444
    assert query(rich, "from a.latest").rows == [("a", 1), ("b", 1)]
    assert query(rich, "select count(*) from a.as_of(1)").rows == [(2,)]
    assert Store(release.path).columns("raw.city") == Store(rich.working).columns("raw.city")
    keys = "select constraint_type, constraint_column_names from duckdb_constraints() order by all"
    assert query(rich, keys).rows == Store(rich.working).rows(keys)
    assert ("PRIMARY KEY", ["city", "year"]) in query(rich, keys).rows
    comments = "select comment from duckdb_tables() order by 1"
    assert query(rich, comments).rows == [("one row",), ("one row per city and year",)]
    comments = "select comment from duckdb_views() where view_name = 'latest'"
    assert query(rich, comments).rows == [("the latest",)]
    assert no_leftovers(rich)


def test_an_older_client_opens_it(rich: Home) -> None:
    client = Path(sys.executable).with_name("duckdb")
    if not client.exists():
        pytest.skip("the duckdb command line is not installed")
    publish(rich, "v1")
    command = [str(client), "-readonly", "-csv", str(rich.published), "-c", "from a.latest"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["city,year", "a,1", "b,1"]


def test_rows_lie_in_an_order_that_does_not_depend_on_history(tmp_path: Path, city: Table) -> None:
    # Doubles add up differently in another order: 0.1 + 0.2 + 0.3 against 0.3 + 0.2 + 0.1.
    parts = {"a": 0.1, "b": 0.2, "c": 0.3}
    sums = []
    for number, order in enumerate(["abc", "cba", "bac"]):
        home = Home(tmp_path / str(number)).prepare()
        for name in order:
            row = pd.DataFrame({"city": [name], "year": 1, "population_10k_persons": parts[name]})
            row = row.assign(gross_product_100m_cny=None, note=None)
            Store(home.working).replace_where(city, row, {"city": name})
        publish(home, "v1")
        sums.append(query(home, "select sum(population_10k_persons) from raw.city").rows)
    assert sums[0] == sums[1] == sums[2]


def test_the_same_again_is_kept(rich: Home) -> None:
    first = publish(rich, "v1")
    written = first.path.stat().st_mtime_ns
    publish(rich, "v2")
    assert publish(rich, "v1") == first
    assert first.path.stat().st_mtime_ns == written
    assert published_release(rich) == first


def test_a_view_that_duckdb_tells_otherwise_after_opening_is_the_same(rich: Home) -> None:
    with writable(rich.working) as connection:  # as a refresh has it, from the view to the release
        connection.execute(
            "create view a.thrice as select 1 as n union all select 2 union all select 3"
        )
        first = publish(rich, "v1")
        told = content_of(connection)
    with writable(rich.working) as connection:
        assert content_of(connection) == told
    assert publish(rich, "v1") == first


@pytest.mark.parametrize(
    "change",
    [
        "update raw.city set population_10k_persons = 0.3 where city = 'a'",
        "update raw.city set note = null where city = 'a'",
        "insert into raw.city by name select 'c' as city, 1 as year, 1 as population_10k_persons",
        "comment on column raw.city.note is 'other'",
        "comment on view a.latest is 'other'",
        "create or replace view a.latest as select city, year from raw.city where year > 1",
        "create or replace macro a.as_of(y) as table from raw.city where year < y",
        "drop table a.count",
    ],
)
def test_a_release_never_changes(rich: Home, store: Store, change: str) -> None:
    with kept_open():  # as a refresh has it
        first = publish(rich, "v1")
        content = first.path.read_bytes()
        publish(rich, "v2")
        with store.transaction() as writes:
            writes.connection.execute(change)
        with pytest.raises(ReleaseConflict, match="another vintage"):
            publish(rich, "v1")
    assert first.path.read_bytes() == content
    published = published_release(rich)
    assert published is not None
    assert published.vintage == "v2"


def test_a_release_that_rotted_is_written_again(rich: Home) -> None:
    release = publish(rich, "v1")
    content = release.path.read_bytes()
    release.path.chmod(0o644)
    release.path.write_bytes(content[: len(content) // 2])
    publish(rich, "v1")
    assert query(rich, "select count(*) from raw.city").rows == [(2,)]


@pytest.mark.parametrize("vintage", ["", "../x", "a/b", ".hidden", "a b", "a'b"])
def test_a_vintage_is_a_plain_name(rich: Home, vintage: str) -> None:
    with pytest.raises(ValueError, match="vintage"):
        publish(rich, vintage)


def test_a_file_under_the_published_name_is_not_overwritten(rich: Home) -> None:
    rich.published.write_text("somebody's own")
    with pytest.raises(WarehouseError, match="expected a symbolic link"):
        publish(rich, "v1")
    assert rich.published.read_text() == "somebody's own"


def test_nothing_to_publish(home: Home) -> None:
    with pytest.raises(WarehouseError, match="nothing to publish"):
        publish(home, "v1")
    assert published_release(home) is None


def test_publishing_waits_for_no_one_who_only_reads(rich: Home, store: Store) -> None:
    publish(rich, "v1")
    with open_published(rich) as old:
        with store.transaction() as writes:
            writes.create_as("a.count", "select 99 as n", "", {})
        publish(rich, "v2")
        assert prune(rich, keep=1)[0].vintage == "v1"
        assert old.execute("from a.count").fetchall() == [(2,)]
        assert query(rich, "from a.count").rows == [(99,)]


def test_prune_keeps_the_newest_and_always_the_published(rich: Home) -> None:
    for vintage in ("v1", "v2", "v3", "v4"):
        publish(rich, vintage)
    publish(rich, "v1")
    assert [release.vintage for release in prune(rich, keep=2)] == ["v2"]
    assert vintages(rich) == ["v1", "v3", "v4"]
    assert published_release(rich) == releases(rich)[0]
    with pytest.raises(ValueError, match="keep"):
        prune(rich, keep=0)


def test_a_clock_that_went_back_makes_no_release_an_old_one(rich: Home) -> None:
    for number, vintage in enumerate(("v1", "v2", "v3")):
        os.utime(publish(rich, vintage).path, (1e9 - number, 1e9 - number))
    assert [release.vintage for release in prune(rich, keep=2)] == ["v1"]


# --- beside readers


def test_readers_see_whole_releases_only(home: Home, spawn: Spawn, stamped: ModuleType) -> None:
    stamped.write_stamp(home, 0)
    publish(home, "000000")
    readers = [spawn("read", home) for _ in range(2)]
    time.sleep(0.5)  # both are reading before the first flip
    for stamp in range(1, 21):
        with kept_open():  # as a refresh has it
            stamped.write_stamp(home, stamp)
            publish(home, f"{stamp:06d}")
        prune(home, keep=2)
    (home.root / "stop").touch()
    for reader in readers:
        output, complaint = reader.communicate(timeout=30)
        assert reader.returncode == 0, complaint
        seen = json.loads(output)
        assert seen["reads"] > 20
        assert (seen["errors"], seen["mixed"], seen["backwards"]) == ([], 0, 0)


def test_the_published_name_is_there_at_every_system_call(home: Home, stamped: ModuleType) -> None:
    # The moment between two calls is too short for readers to hit: look at each of them.
    stamped.write_stamp(home, 1)
    publish(home, "000001")
    stamped.write_stamp(home, 2)
    seen: list[tuple[str, bool]] = []
    watching = True

    def watch(event: str, _: tuple[object, ...]) -> None:
        if watching and event.startswith(("os.", "open")):
            seen.append((event, os.path.exists(home.published)))

    sys.addaudithook(watch)  # cannot be removed, only told to stop
    publish(home, "000002")
    watching = False
    assert {"os.rename", "os.symlink", "os.chmod"} <= {event for event, _ in seen}
    assert [event for event, there in seen if not there] == []


# --- killed


def survives_kills(home: Home, spawn: Spawn, stamped: ModuleType, times: int) -> None:
    """Kill a writing and publishing process `times` times, each time at another moment."""
    stamp, moment = 0, random.Random(20191120)
    for _ in range(times):
        writer = spawn("write", home, stamp)
        first = int(writer.stdout.readline())
        time.sleep(moment.uniform(0, 0.15))
        writer.send_signal(signal.SIGKILL)
        output, _ = writer.communicate()
        last = max([first, *map(int, output.split())])
        assert current_holder(home) is None
        assert published_stamp(home, stamped) in (last, last + 1)
        assert restore_working(home).action == "kept"
        stamp = last + 2
        with kept_open():  # as a refresh has it
            stamped.write_stamp(home, stamp)
            publish(home, f"{stamp:06d}")
        assert published_stamp(home, stamped) == stamp
        assert no_leftovers(home)
        stamp += 1


def test_a_kill_at_any_moment_leaves_the_old_or_the_new(
    home: Home, spawn: Spawn, stamped: ModuleType
) -> None:
    survives_kills(home, spawn, stamped, times=25)


@pytest.mark.slow
def test_a_hundred_kills(home: Home, spawn: Spawn, stamped: ModuleType) -> None:
    survives_kills(home, spawn, stamped, times=100)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["copy_database", "sync_file", "rename", "flip", "replace"])
def test_a_kill_at_each_step(
    home: Home, spawn: Spawn, stamped: ModuleType, step: str, when: str
) -> None:
    with kept_open():  # as a refresh has it
        stamped.write_stamp(home, 1)
        publish(home, "000001")
    process = spawn("crash", home, 2, step, when)
    process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL
    flipped = (step, when) in {("flip", "after"), ("replace", "after")}
    assert published_stamp(home, stamped) == (2 if flipped else 1)
    publish(home, "000002")
    assert published_stamp(home, stamped) == 2
    assert no_leftovers(home)


# --- no room, no access


def test_a_file_that_may_not_grow_leaves_the_published_alone(
    home: Home, spawn: Spawn, stamped: ModuleType
) -> None:
    stamped.write_stamp(home, 1)
    before = publish(home, "000001")
    process = spawn("limited", home, 2)
    output, complaint = process.communicate(timeout=30)
    assert "No room to write" in output, complaint
    assert "no file may grow beyond 20,000 bytes" in output
    assert "Lift that limit (`ulimit -f`)" in output
    assert published_release(home) == before
    assert published_stamp(home, stamped) == 1
    assert vintages(home) == ["000001"]
    assert no_leftovers(home)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB, where the user may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small file system can be mounted by root only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_leaves_the_published_alone(small_disk: Path, stamped: ModuleType) -> None:
    home = Home(small_disk).prepare()
    stamped.write_stamp(home, 1)
    before = publish(home, "000001")
    stamped.write_stamp(home, 2)
    filler = small_disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - 100_000))
    with pytest.raises(WarehouseFull, match=r"No room to write .*\.partial-000002"):
        publish(home, "000002")
    assert published_release(home) == before
    assert published_stamp(home, stamped) == 1
    assert no_leftovers(home)
    filler.unlink()
    publish(home, "000002")
    assert published_stamp(home, stamped) == 2


def test_a_locked_working_file_is_not_published(
    home: Home, spawn: Spawn, stamped: ModuleType
) -> None:
    stamped.write_stamp(home, 1)
    publish(home, "000001")
    holder = spawn("hold_file", home, 60)
    holder.stdout.readline()
    with pytest.raises(WarehouseBusy, match=f"process {holder.pid} "):
        publish(home, "000002")
    with pytest.raises(WarehouseBusy, match=f"process {holder.pid} "):
        restore_working(home)
    assert published_stamp(home, stamped) == 1


# --- the working file lost


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda content: content[: len(content) * 2 // 3],
    "garbage": lambda content: b"not a database" * 1000,
    "emptied": lambda content: b"",
}


def test_a_working_file_is_read_whole_once_while_it_is_held_open(
    home: Home, stamped: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamped.write_stamp(home, 7)
    looked: list[Path] = []

    def looked_at(path: Path, opened: Opened) -> str | None:
        looked.append(path)
        return damage_of(path, opened)

    monkeypatch.setattr(repair, "damage_of", looked_at)
    with kept_open():
        assert [restore_working(home).action for _ in range(2)] == ["kept", "kept"]
        assert looked == [home.working]
    restore_working(home)
    assert looked == [home.working] * 2


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_working_file_comes_back_from_the_release(
    home: Home, stamped: ModuleType, damage: str
) -> None:
    stamped.write_stamp(home, 7)
    publish(home, "000007")
    spoiled = DAMAGES[damage](home.working.read_bytes())
    home.working.write_bytes(spoiled)
    if damage == "garbage":
        home.working.with_name("working.duckdb.wal").write_bytes(b"its log")
    with kept_open():  # as a refresh does it
        restored = restore_working(home)
    assert restored.action == "restored"
    assert "release 000007" in restored.message
    assert (home.state / "damaged" / "working.duckdb").read_bytes() == spoiled
    assert not home.working.with_name("working.duckdb.wal").exists()
    assert Store(home.working).rows(stamped.STAMPS) == [(7, 7, 7, 7, 0)]
    assert restore_working(home).action == "kept"
    assert publish(home, "000007") == published_release(home)


def test_a_missing_working_file_comes_back(rich: Home, city: Table, store: Store) -> None:
    publish(rich, "v1")
    before = store.columns("raw.city")
    rich.working.unlink()
    assert restore_working(rich).action == "restored"
    assert store.columns("raw.city") == before
    store.ensure(city)
    assert isinstance(publish(rich, "v1"), Release)


def test_nothing_to_restore_from(home: Home) -> None:
    assert restore_working(home).action == "new"
    assert not home.working.exists()
    home.working.write_bytes(b"garbage" * 1000)
    restored = restore_working(home)
    assert restored.action == "new"
    assert "Nothing is published" in restored.message
    assert (home.state / "damaged" / "working.duckdb").read_bytes() == b"garbage" * 1000
    assert not home.working.exists()


def test_a_working_file_is_not_given_up_for_a_damaged_release(
    home: Home, stamped: ModuleType
) -> None:
    stamped.write_stamp(home, 1)
    release = publish(home, "000001")
    release.path.chmod(0o644)
    release.path.write_bytes(release.path.read_bytes()[:20_000])
    home.working.write_bytes(b"garbage" * 1000)
    with pytest.raises(WarehouseDamaged, match="000001"):
        restore_working(home)
    assert home.working.read_bytes() == b"garbage" * 1000


HEADERS_BYTES = 3 * 4096
BLOCK_BYTES = 16 * 1024


def with_spoiled_blocks(path: Path) -> Iterator[None]:
    """Overwrite a stretch of each block in turn: some hold rows, some the catalog, some nothing."""
    content = path.read_bytes()
    for block in range(HEADERS_BYTES, len(content), BLOCK_BYTES):
        spoiled = content[: block + 8] + bytes([255] * 4096) + content[block + 8 + 4096 :]
        path.write_bytes(spoiled[: len(content)])
        yield


def test_whichever_block_is_damaged_the_rows_come_back(home: Home, stamped: ModuleType) -> None:
    stamped.write_stamp(home, 1)
    publish(home, "000001")
    actions = []
    for _ in with_spoiled_blocks(home.working):
        actions.append(restore_working(home).action)
        assert Store(home.working).rows(stamped.STAMPS) == [(1, 1, 1, 1, 0)]
    assert actions.count("restored") >= 2


def test_whichever_block_is_damaged_it_is_never_published(home: Home, stamped: ModuleType) -> None:
    stamped.write_stamp(home, 1)
    publish(home, "000001")
    stamped.write_stamp(home, 2)
    refused = 0
    for _ in with_spoiled_blocks(home.working):
        try:
            publish(home, "000002")
        except WarehouseDamaged:
            refused += 1
            assert published_stamp(home, stamped) == 1
        else:  # nothing was stored in that block
            assert published_stamp(home, stamped) == 2
            home.published.unlink()
            home.published.symlink_to("releases/warehouse-000001.duckdb")
            (home.releases / "warehouse-000002.duckdb").unlink()
        assert no_leftovers(home)
    assert refused >= 2


def test_the_working_file_keeps_the_old_storage_version(store: Store) -> None:
    with store.transaction() as writes:
        writes.create_as("a.b", "select 1 as i", "", {})
    with duckdb.connect(store.path, read_only=True) as connection:
        tags = connection.execute("select tags from duckdb_databases() where not internal")
        assert tags.fetchall() == [({"storage_version": "v1.4.0+"},)]


def test_a_lost_name_is_pointed_at_the_last_release_again(tmp_path: Path) -> None:
    home = Home(tmp_path).prepare()
    store = Store(home.working)
    for vintage in ("0001-a", "0002-b"):
        with store.transaction() as writes:
            writes.create_as("model.vintage", f"select '{vintage}' as vintage", "stamp", {})
        publish(home, vintage)
    home.published.unlink()
    relinked = relink(home)
    assert relinked is not None
    assert relinked.vintage == "0002-b"
    assert published_release(home) == relinked
    assert relink(home) is None  # the name is there


def test_nothing_is_linked_where_nothing_was_published(tmp_path: Path) -> None:
    assert relink(Home(tmp_path).prepare()) is None
