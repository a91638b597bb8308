"""Suites judged in a process beside a refresh, which then never loads Great Expectations.

Belongs here: that process, and what becomes of a suite on which it dies. Not here: judging
(`suite_run.py`), the pipe between the processes (`assets/warehouse/other_process.py`).

Loading Great Expectations takes seconds of computing. The process begins with it while the refresh
loads Dagster and reads documents; frames come by the pipe, and no file of the warehouse is opened.
It ends with the process that started it: whoever refreshes again in that one finds it loaded.
"""

import atexit
import logging
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import TYPE_CHECKING, Any

from assets.warehouse.other_process import ENDED, exchanged, serve, started
from orchestration.checks.suite_file import Suite
from orchestration.checks.suite_run import CheckError, SuiteResult, frames_to_judge, run_suite

if TYPE_CHECKING:
    import pandas as pd

MEMORY_BYTES = 3_000_000_000  # of the process
_CALL = "from orchestration.checks.judging_process import serve_suites; serve_suites()"
_LOG = logging.getLogger(__name__)

_BESIDE: list["subprocess.Popen[bytes]"] = []  # the process, where one was started
_ONE_AT_A_TIME = Lock()
_IS_ASKED: ContextVar[bool] = ContextVar("is_asked", default=False)


@contextmanager
def judging_beside() -> Iterator[None]:
    """Within the block suites are judged in a process beside this one.

    There is none on one core, and where this process has loaded Great Expectations already.
    """
    if "great_expectations" not in sys.modules and len(os.sched_getaffinity(0)) > 1:
        if not _BESIDE:
            _BESIDE.append(started(_CALL))
            atexit.register(end_judging)
        token = _IS_ASKED.set(True)
        try:
            yield
        finally:
            _IS_ASKED.reset(token)
    else:
        yield


def judged(suite: Suite, frame: "pd.DataFrame") -> SuiteResult:
    """What `run_suite` gives, found beside this process in a block for that. Raises CheckError.

    What the other one cannot do (no memory is left, it is killed) is done here, and raises here
    what it raises.
    """
    with _ONE_AT_A_TIME:
        if not _IS_ASKED.get() or not _BESIDE:
            return run_suite(suite, frame)
        try:
            answer: Any = exchanged(_BESIDE[0], (suite, frame))
        except ENDED as error:
            answer = error
            end_judging()
    if isinstance(answer, SuiteResult):
        return answer
    if isinstance(answer, CheckError):
        raise answer
    _LOG.warning(f"{suite.path.name} is judged here, not in the process beside: {answer!r}")
    return run_suite(suite, frame)


def end_judging() -> None:
    """End the process, where there is one; the next block starts another one."""
    while _BESIDE:
        process = _BESIDE.pop()
        process.kill()
        process.communicate()


def serve_suites() -> None:
    """Judge what comes, until nothing more is asked: what `judging_beside` starts."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))

    def do(asked: Any) -> SuiteResult:
        return run_suite(*asked)

    serve(do, first=frames_to_judge)
