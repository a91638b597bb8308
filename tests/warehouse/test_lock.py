"""One writer at a time, and what the others are told."""

import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from assets.warehouse.errors import Holder, WarehouseBusy
from assets.warehouse.home import Home
from assets.warehouse.lock import current_holder, writer_lock
from assets.warehouse.store import Store
from benchmarks.prepared_process import PreparedProcess

Spawn = Callable[..., PreparedProcess]


def held_by(spawn: Spawn, home: Home, seconds: float) -> PreparedProcess:
    process = spawn("hold_lock", home, seconds)
    assert process.stdout.readline() == "held\n"
    return process


def enters(home: Home) -> bool:
    with writer_lock(home, "second"):
        return True


def test_a_second_process_is_told_who_writes(home: Home, spawn: Spawn) -> None:
    process = held_by(spawn, home, 60)
    with pytest.raises(WarehouseBusy, match=rf"process {process.pid} on .*holding still") as busy:
        enters(home)
    assert busy.value.holder.pid == process.pid
    assert busy.value.holder.since is not None
    assert current_holder(home) == busy.value.holder


def test_a_killed_holder_frees_the_lock_and_its_text_is_no_obstacle(
    home: Home, spawn: Spawn
) -> None:
    process = held_by(spawn, home, 60)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert str(process.pid) in home.lock_file.read_text()
    assert current_holder(home) is None
    with writer_lock(home, "after a crash"):
        assert str(os.getpid()) in home.lock_file.read_text()
    assert home.lock_file.read_text() == ""


def test_waiting_tells_once_and_ends_when_the_lock_is_free(home: Home, spawn: Spawn) -> None:
    process = held_by(spawn, home, 0.8)
    told: list[Holder] = []
    with writer_lock(home, "patient", wait_seconds=30, on_wait=told.append):
        pass
    assert [holder.pid for holder in told] == [process.pid]


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"pid": 1}', '{"colour": "red"}'])
def test_any_text_in_a_held_lock_still_gives_a_message(home: Home, spawn: Spawn, text: str) -> None:
    held_by(spawn, home, 60)
    home.lock_file.write_text(text)
    with pytest.raises(WarehouseBusy, match="an unknown process"):
        enters(home)


def test_nested_use_counts_as_one_and_only_the_outermost_frees(home: Home) -> None:
    with writer_lock(home, "outer"):
        with writer_lock(home, "inner"):
            pass
        assert current_holder(home) is not None
        inside: list[bool] = []
        thread = threading.Thread(target=lambda: inside.append(enters(home)))
        thread.start()
        thread.join()
        assert inside == [True]
    assert current_holder(home) is None


def test_a_forked_child_is_not_the_writer_and_does_not_keep_the_lock(home: Home) -> None:
    # os.fork shares the lock's open file: without care the child would keep it alive.
    with writer_lock(home, "parent"):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                with writer_lock(home, "child"):
                    os.write(writing, b"entered")
            except WarehouseBusy:
                os.write(writing, b"refused")
            time.sleep(30)
            os._exit(0)
        assert os.read(reading, 7) == b"refused"
    try:
        assert current_holder(home) is None
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reading)
        os.close(writing)


def test_two_writers_lose_no_update(home: Home, store: Store, spawn: Spawn) -> None:
    with store.transaction() as writes:
        writes.create_as("a.counter", "select 0 as number", "one row", {})
    writers = [spawn("count_up", home, 8) for _ in range(2)]
    for writer in writers:
        _, complaint = writer.communicate(timeout=60)
        assert writer.returncode == 0, complaint
    assert store.rows("from a.counter") == [(16,)]
