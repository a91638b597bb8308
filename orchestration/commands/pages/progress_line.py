"""One line on a terminal: what is being done, how far it is, and how long it may still take.

Belongs here: that line, for what takes longer than a moment. Not here: the steps of a run
(`orchestration/runs/progress.py`). It stands on standard error, and only where that is a terminal;
it is gone once the work is done.
"""

import sys
import threading
import time
from typing import Self

PATIENCE_SECONDS = 2.0  # what is done by then needs no line
_BETWEEN_SECONDS = 0.5
_MINUTE = 60
_IN_MINUTES_FROM = 120  # seconds


class ProgressLine:
    """While its `with` block runs, the line is drawn anew twice a second.

    doing: as in "reading documents"; total: how many pieces there are, None where nobody knows.
    """

    def __init__(self, doing: str, total: int | None = None) -> None:
        self._doing = doing
        self._done, self._total = 0, total
        self._start = time.monotonic()
        self._is_shown = sys.stderr.isatty()
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="progress", daemon=True)

    def __enter__(self) -> Self:
        if self._is_shown:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        if self._is_shown:
            self._thread.join()
            self.clear()

    def at(self, done: int, total: int | None = None) -> None:
        """Say how many pieces are done, and of how many, if that became known."""
        self._done = done
        self._total = self._total if total is None else total

    def clear(self) -> None:
        """Take the line away, before anything is printed; it comes back by itself."""
        if self._is_shown:
            with self._lock:
                print("\r\033[K", end="", file=sys.stderr, flush=True)

    def _go_on(self) -> None:
        while not self._end.wait(_BETWEEN_SECONDS):
            seconds = time.monotonic() - self._start
            if seconds >= PATIENCE_SECONDS:
                text = progress_text(self._doing, self._done, self._total, seconds)
                with self._lock:
                    print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def progress_text(doing: str, done: int, total: int | None, seconds: float) -> str:
    """The line after some seconds; what is left is told once a piece is done, at the same pace."""
    if total is None:
        return f"{doing}, {_time(seconds)}"
    left = f", some {_time(seconds * (total - done) / done)} left" if done else ""
    return f"{doing}: {done} of {total} in {_time(seconds)}{left}"


def _time(seconds: float) -> str:
    if seconds < _IN_MINUTES_FROM:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE:.0f} min"
