"""The estimations of a data set in this process and in another one beside it: both cores are used.

Belongs here: sharing the list out, beginning it before it is asked for, and what becomes of a
process that dies. Not here: one estimation (`town_estimates.py`), the pipe between the processes
(`other_process.py`).

Each estimation draws from a generator of its own, so where it runs changes no number.
"""

import logging
import os
import pickle
import resource
import subprocess
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from threading import Thread
from typing import Any

from assets.towns.study.begun import begun
from assets.towns.study.specification import LONGEST, Estimation
from assets.towns.study.study_data import StudyData
from assets.towns.study.town_estimates import EstimationRows, estimation_rows
from assets.warehouse.other_process import exchanged, serve, started
from assets.warehouse.unchanged.content import content_digest

MEMORY_BYTES = 3_000_000_000  # of the other process
_CALL = "from assets.towns.study.two_processes import serve_data; serve_data()"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the other process is to do: take the data, where there are any, or estimate."""

    data: bytes  # pickled; empty: those of before
    what: Estimation | None
    vintage: str


@dataclass(slots=True)
class Work:
    """The estimations of one data set, of which each process takes the next, longest first."""

    data: bytes  # pickled
    vintage: str
    asked: Sequence[Estimation]
    waiting: deque[int]  # places in `asked`
    found: dict[int, EstimationRows] = field(default_factory=dict)  # by place
    thread: Thread | None = None  # asks the other process
    process: "subprocess.Popen[bytes] | None" = None
    is_given_up: bool = False

    def begin_beside(self, after: "Work | None" = None) -> None:
        """Let another process take from the list, once it has done what it was begun on before."""

        def beside() -> None:
            if after is not None and after.thread is not None:
                after.thread.join()
            self._take_beside()

        self.thread = Thread(target=beside, name="beside", daemon=True)
        self.thread.start()

    def next_place(self) -> int | None:
        """A place in the list that nobody has taken; None where there is none."""
        try:
            return self.waiting.popleft()
        except IndexError:
            return None

    def give_up(self) -> None:
        """Begin nothing more, and end what is under way beside."""
        self.is_given_up = True
        self.waiting.clear()
        if self.process is not None:
            self.process.kill()

    def _take_beside(self) -> None:
        if not self.waiting:
            return
        self.process, place = started(_CALL), None
        try:
            exchanged(self.process, _Asked(self.data, None, self.vintage))
            while (place := self.next_place()) is not None:
                answer: Any = exchanged(self.process, _Asked(b"", self.asked[place], self.vintage))
                if isinstance(answer, Exception):
                    raise answer
                self.found[place] = answer
        except Exception as error:
            if not self.is_given_up:
                if place is not None:
                    self.waiting.append(place)
                _LOG.warning(f"The process beside ended; the work goes on here. {error!r}")
        finally:
            self.process.kill()
            self.process.communicate()


def begin_estimating(data: StudyData, vintage: str, asked: Sequence[Estimation]) -> None:
    """Begin in another process what will be asked of `in_two_processes`, where `begun` keeps it.

    What it gives is handed out for the same data alone, cell by cell. On one core nothing is begun.
    """
    works = begun()
    if works is None or not _has_two_cores():
        return
    before = next(reversed(works.values()), None)
    works[_content(data, vintage, asked)] = work = _work(data, vintage, asked)
    work.begin_beside(after=before)


def in_two_processes(
    data: StudyData, vintage: str, asked: Sequence[Estimation], log: Callable[[str], object]
) -> list[EstimationRows]:
    """What `in_turn` gives, in the order asked; each process takes the next one, longest first.

    What the other one cannot do (no memory is left, it is killed) is done here, and raises here
    what it raises. On one core there is no other one.
    """
    works = begun()
    ahead = works.pop(_content(data, vintage, asked), None) if works else None
    work = ahead or _work(data, vintage, asked)

    def here() -> None:
        while (place := work.next_place()) is not None:
            log(f"{data.dataset}: {asked[place]}")
            work.found[place] = estimation_rows(data, asked[place], vintage)

    if ahead is None and _has_two_cores():
        work.begin_beside()
    if work.thread is not None:
        try:
            here()
        except BaseException:
            work.give_up()
            raise
        work.thread.join()
    here()  # all of it on one core; else what a process that died has left
    return [work.found[place] for place in range(len(asked))]


def _has_two_cores() -> bool:
    return len(os.sched_getaffinity(0)) > 1


def _content(data: StudyData, vintage: str, asked: Sequence[Estimation]) -> str:
    return content_digest(replace(data), vintage, tuple(asked))


def _work(data: StudyData, vintage: str, asked: Sequence[Estimation]) -> Work:
    places = sorted(range(len(asked)), key=lambda place: asked[place].method not in LONGEST)
    # Before the work begins, which keeps its panels in the data; without those of before.
    return Work(pickle.dumps(replace(data)), vintage, asked, deque(places))


def serve_data() -> None:
    """Estimate on data that come first, until nothing more is asked."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    kept: list[StudyData] = []

    def do(asked: Any) -> EstimationRows | None:
        if asked.data:
            kept[:] = [pickle.loads(asked.data)]
        return None if asked.what is None else estimation_rows(kept[0], asked.what, asked.vintage)

    serve(do)
