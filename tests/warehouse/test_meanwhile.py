"""Work for the time of waiting: done once, beside the waiting alone, and never a reason to fail."""

import threading
import time

import pytest

from assets.warehouse import meanwhile as module
from assets.warehouse.meanwhile import keep_for_waiting, meanwhile


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KEPT", [])


def test_it_is_done_once_and_ends_with_the_block() -> None:
    done: list[str] = []

    def slow() -> None:
        time.sleep(0.1)
        done.append(threading.current_thread().name)

    keep_for_waiting(slow)
    keep_for_waiting(slow)
    assert done == []
    for _ in range(2):
        with meanwhile():
            pass
        assert done == ["meanwhile"]


def test_what_fails_hinders_neither_the_block_nor_what_comes_after() -> None:
    done: list[int] = []

    def fails() -> None:
        raise ImportError("no such library")

    keep_for_waiting(fails)
    keep_for_waiting(lambda: done.append(1))
    with meanwhile():
        done.append(0)
    assert sorted(done) == [0, 1]


def test_a_block_that_fails_waits_for_it_too() -> None:
    done: list[int] = []

    def slow() -> None:
        time.sleep(0.1)
        done.append(1)

    keep_for_waiting(slow)

    def waits() -> None:
        with meanwhile():
            raise EOFError

    with pytest.raises(EOFError):
        waits()
    assert done == [1]
