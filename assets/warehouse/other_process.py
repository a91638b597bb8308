"""Work done in a process beside this one, handed over through a pipe, one piece after the other.

Belongs here: starting such a process, handing over, taking what comes back. Not here: any work, and
limits on what it may cost.

The process is started anew, not forked, since DuckDB and Dagster have threads. It ends with whoever
started it, however that ends and whatever it is doing: a pipe that nobody writes to any more is at
its end.
"""

import os
import pickle
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from threading import Thread

# What tells that the process has ended instead of answering.
ENDED = (EOFError, BrokenPipeError, pickle.UnpicklingError)


def started(call: str) -> "subprocess.Popen[bytes]":
    """A Python process that makes a call, which ends in `serve`.

    It takes no module from the folder that somebody stands in, such as a document's (`-P`).
    """
    return subprocess.Popen(
        [sys.executable, "-P", "-c", call], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def exchanged(
    process: "subprocess.Popen[bytes]", work: object, seconds: float | None = None
) -> object:
    """What the process answers to a piece of work, an exception too: it is returned, not raised.

    Raises TimeoutError after `seconds`, and one of ENDED where the process has ended.
    """
    assert process.stdin is not None
    assert process.stdout is not None
    pickle.dump(work, process.stdin)
    process.stdin.flush()
    if not select.select([process.stdout], [], [], seconds)[0]:
        raise TimeoutError
    return pickle.load(process.stdout)


def serve(do: Callable[[object], object], first: Callable[[], object] | None = None) -> None:
    """Answer what comes by standard input until it ends.

    first: done before anything is asked, such as loading what will be needed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asks ends this process
    Thread(target=_end_with_asker, name="asker", daemon=True).start()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    if first is not None:
        first()
    while True:
        try:
            work = pickle.load(sys.stdin.buffer)
        except (EOFError, pickle.UnpicklingError):  # whoever asks has ended, or was ended
            return
        answer: object
        try:
            answer = do(work)
        except Exception as error:
            answer = error.with_traceback(None)  # it would hold on to what was worked on
            answer.__cause__ = answer.__context__ = None
        try:
            pickle.dump(answer, answers)
            answers.flush()
        except BrokenPipeError:
            os._exit(0)  # without a word; Python would try once more


def _end_with_asker() -> None:
    """End this process once nobody is there to ask, also amid a piece of work of many seconds."""
    asker = select.poll()
    asker.register(sys.stdin, 0)  # that the other end is closed is told without being asked for
    asker.poll()
    os._exit(0)
