"""Ctrl-C while a refresh runs: the process ends at once, and says what stands.

Belongs here: that end. Not here: Ctrl-C of the other commands (`commands/entry.py`), or what a kill
leaves behind, which every write is prepared for (`assets/warehouse/publish.py`).

Dagster, DuckDB and numpy hear signals late or make something else of them. So the work goes on in a
thread, and the main thread, which only waits, hears Ctrl-C at once.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import NoReturn

from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.publish import published_release, stop_publishing
from orchestration.refresh import unpublished

INTERRUPTED = 130  # what a shell expects of a program ended by Ctrl-C
_PUBLICATION_SECONDS = 1.0  # how long one that is under way may take to its end
_BETWEEN_LOOKS_SECONDS = 0.05


def stoppable(home: Home, work: Callable[[Callable[[str], None]], int]) -> int:
    """What the work gives, or raises; at Ctrl-C the process ends.

    work: is handed what it has to call with the id of a Dagster run before it begins one.
    """
    begun: list[str] = []
    outcome: Future[int] = Future()

    def run() -> None:
        try:
            outcome.set_result(work(begun.append))
        except BaseException as error:
            outcome.set_exception(error)

    try:
        threading.Thread(target=run, name="refresh", daemon=True).start()
        return outcome.result()
    except KeyboardInterrupt:
        _end(home, begun, outcome)


def _end(home: Home, begun: Sequence[str], outcome: "Future[int]") -> NoReturn:
    """Say what stands, mark the run as canceled, and end without waiting for the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stop_publishing(_PUBLICATION_SECONDS)
    for run_id in begun:
        _cancel(run_id, outcome)
    start = "\r\033[K" if sys.stderr.isatty() else ""  # over what is being told of a step
    print(f"{start}Stopped: {_what_stands(home, begun)}", file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(INTERRUPTED)


def _cancel(run_id: str, outcome: "Future[int]") -> None:
    """Mark a run, unless it has ended; one that is only being made is waited for."""
    import dagster as dg

    with dg.DagsterInstance.get() as instance:
        while (run := instance.get_run_by_id(run_id)) is None and not outcome.done():
            threading.Event().wait(_BETWEEN_LOOKS_SECONDS)
        if run is not None and not run.is_finished:
            instance.report_run_canceled(run, "Ctrl-C at the terminal.")


def _what_stands(home: Home, begun: Sequence[str]) -> str:
    try:
        release = published_release(home)
        waiting = unpublished(home) if begun else ()
    except WarehouseError:  # damaged, or another process has it: not what was asked now
        return "the published warehouse is as it was."
    stands = "nothing is published yet" if release is None else f"vintage {release.vintage} stands"
    kept = f"; read and kept for the next refresh: {', '.join(waiting)}" if waiting else ""
    return f"{stands}{kept}."
