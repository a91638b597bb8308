"""A process beside this one: what it answers, and that it does not outlive whoever asks.

Belongs here: the pipe itself. Not here: what is done beside (documents, suites, towns).
"""

import os
import pickle
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from assets.warehouse.other_process import exchanged, started

_SERVE = "from assets.warehouse.other_process import serve; import time; serve({})"


def test_it_answers_in_turn_and_hands_back_what_was_raised() -> None:
    process = started(_SERVE.format("lambda n: 1 / n"))
    try:
        assert exchanged(process, 4) == 0.25
        assert isinstance(exchanged(process, 0), ZeroDivisionError)
        assert exchanged(process, 2) == 0.5
    finally:
        process.kill()
        process.communicate()


def test_what_takes_too_long_is_told() -> None:
    process = started(_SERVE.format("time.sleep"))
    try:
        with pytest.raises(TimeoutError):
            exchanged(process, 600, seconds=0.1)
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_amid_its_work_it_ends_with_whoever_asked(how: signal.Signals) -> None:
    script = (
        "from assets.warehouse.other_process import started; import pickle, time\n"
        f"process = started({_SERVE.format('time.sleep')!r})\n"
        "pickle.dump(600, process.stdin); process.stdin.flush()\n"
        "print(process.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    time.sleep(1)  # it has begun
    os.kill(parent.pid, how)
    parent.communicate()
    deadline = time.monotonic() + 30
    with suppress(FileNotFoundError):
        while Path(f"/proc/{child}/cmdline").read_bytes():  # one that has ended has none
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_it_ends_when_nothing_more_is_asked() -> None:
    process = started(_SERVE.format("abs"))
    assert process.stdin is not None
    pickle.dump(-1, process.stdin)
    process.stdin.flush()
    assert process.stdout is not None
    assert pickle.load(process.stdout) == 1
    process.stdin.close()
    assert process.wait(30) == 0
