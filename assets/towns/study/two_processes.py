"""The estimations of a data set in this process and in another one beside it: both cores are used.

Belongs here: sharing the list out, and what becomes of a process that dies. Not here: one
estimation (`town_estimates.py`), the pipe between the processes (`other_process.py`).

Each estimation draws from a generator of its own, so where it runs changes no number.
"""

import logging
import os
import pickle
import resource
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Thread
from typing import Any

from assets.towns.study.specification import LONGEST, Estimation
from assets.towns.study.study_data import StudyData
from assets.towns.study.town_estimates import EstimationRows, estimation_rows
from assets.warehouse.other_process import exchanged, serve, started

MEMORY_BYTES = 3_000_000_000  # of the other process
_CALL = "from assets.towns.study.two_processes import serve_data; serve_data()"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the other process is to do: take the data, where there are any, or estimate."""

    data: bytes  # pickled; empty: those of before
    what: Estimation | None
    vintage: str


def in_two_processes(
    data: StudyData, vintage: str, asked: Sequence[Estimation], log: Callable[[str], object]
) -> list[EstimationRows]:
    """What `in_turn` gives, in the order asked; each process takes the next one, longest first.

    What the other one cannot do (no memory is left, it is killed) is done here, and raises here
    what it raises. On one core there is no other one.
    """
    waiting = deque(sorted(range(len(asked)), key=lambda place: asked[place].method not in LONGEST))
    # Before the work begins, which keeps its panels in the data; without those of before.
    pickled = pickle.dumps(replace(data))
    found: dict[int, EstimationRows] = {}

    def here() -> None:
        while (place := _next(waiting)) is not None:
            log(f"{data.dataset}: {asked[place]}")
            found[place] = estimation_rows(data, asked[place], vintage)

    def there() -> None:
        process, place = started(_CALL), None
        try:
            exchanged(process, _Asked(pickled, None, vintage))
            while (place := _next(waiting)) is not None:
                answer: Any = exchanged(process, _Asked(b"", asked[place], vintage))
                if isinstance(answer, Exception):
                    raise answer
                found[place] = answer
        except Exception as error:
            if place is not None:
                waiting.append(place)
            _LOG.warning(f"The process beside this one ended; the work goes on here. {error!r}")
        finally:
            process.kill()
            process.communicate()

    beside = Thread(target=there, name="beside", daemon=True)
    if len(os.sched_getaffinity(0)) > 1:
        beside.start()
        try:
            here()
        except BaseException:
            waiting.clear()  # nothing more is begun there
            raise
        beside.join()
    here()  # all of it on one core; else what a process that died has left
    return [found[place] for place in range(len(asked))]


def _next(waiting: deque[int]) -> int | None:
    try:
        return waiting.popleft()
    except IndexError:
        return None


def serve_data() -> None:
    """Estimate on data that come first, until nothing more is asked."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    kept: list[StudyData] = []

    def do(asked: Any) -> EstimationRows | None:
        if asked.data:
            kept[:] = [pickle.loads(asked.data)]
        return None if asked.what is None else estimation_rows(kept[0], asked.what, asked.vintage)

    serve(do)
