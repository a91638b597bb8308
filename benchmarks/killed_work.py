"""Work that is killed at a call on a file or at a moment, and the phase that each kill fell in.

Belongs here: what runs in the processes that die, and counting their calls. Not here: which work is
killed and what must hold afterwards (`kills.py`).

Python tells its audit hooks of each call that opens, renames, links or removes a file, before the
call is made. The kind of call and what it is about are the phase of the work: `rename releases`.
A call that dies is drawn evenly from the phases, so that the few calls of a publication are met as
often as the thousands of a run. A moment is drawn evenly from the time of the work, and kept as the
calls before it and the seconds since the last: so it falls where it was meant on a busy machine,
too, and also inside what is no call of Python's, such as DuckDB's work.
"""

import contextlib
import ctypes
import io
import json
import multiprocessing
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeAlias

Run: TypeAlias = Callable[..., None]
Arguments: TypeAlias = tuple[Any, ...]

_CALLS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.chmod")
_TO = ("os.rename", "os.symlink")  # calls that are about their second argument
_NUMBERED = re.compile(r"[.-]?[0-9].*")  # process ids, vintages, sums
_BEFORE, _ELSEWHERE = "before any call", "outside the warehouse"
_MAX_PHASES = 500
_LOOKS_EVERY = 0.0005  # seconds


@dataclass(frozen=True, slots=True)
class Work:
    """Work to be killed, as it went when it was done whole."""

    run: Run
    arguments: Arguments
    folder: Path  # what it works on lies below
    seconds: float
    times: tuple[float, ...]  # of each call, seconds from its start
    phases: tuple[str, ...]  # of each call


@dataclass(frozen=True, slots=True)
class Kill:
    """A kill, or work that had ended before it."""

    was_at_work: bool
    how: str  # call | moment
    phase: str  # of the last call


class Seen(ctypes.Structure):
    """What a process that works tells the one that kills it, in memory that both have."""

    _fields_ = (
        ("calls", ctypes.c_int),
        ("phase", ctypes.c_int),
        ("names", ctypes.c_char * 60 * _MAX_PHASES),
    )


class Killer:
    """Starts work in children of a process that has imported everything, and kills them."""

    def __init__(self, chance: random.Random, imported: list[str]) -> None:
        self.chance = chance
        self.server: ForkServerContext = multiprocessing.get_context("forkserver")
        self.server.set_forkserver_preload([__name__, *imported])

    def start(self, target: Run, *arguments: Any) -> BaseProcess:
        """A process at work."""
        process = self.server.Process(target=target, args=arguments)
        process.start()
        return process

    def succeeds(self, run: Run, *arguments: Any) -> bool:
        """Do the work to its end; whether it succeeded."""
        process = self.start(quietly, run, arguments)
        process.join()
        return process.exitcode == 0

    def measured(self, folder: Path, run: Run, *arguments: Any) -> Work:
        """The work done once, whole."""
        with tempfile.TemporaryDirectory() as scratch:
            told = Path(scratch) / "calls.json"
            process = self.start(_counted, run, arguments, folder, told)
            process.join()
            if process.exitcode != 0:
                raise SystemExit(f"{run.__name__} ended with {process.exitcode} before any kill")
            seconds, calls = json.loads(told.read_text(encoding="utf-8"))
        times, phases = zip(*calls, strict=True)
        return Work(run, arguments, folder, seconds, times, phases)

    def kill(self, work: Work, *arguments: Any) -> Kill:
        """Do the work and kill it.

        arguments: in place of those that it was measured with.
        """
        seen = self.server.RawValue(Seen)
        of_work = (work.run, arguments or work.arguments, work.folder, seen)
        if self.chance.random() < 0.5:
            how, phase = "call", self.chance.choice(sorted(set(work.phases)))
            number = self.chance.randint(1, work.phases.count(phase))
            process = self.start(_dying, *of_work, phase, number)
        else:
            how, moment = "moment", self.chance.uniform(0, work.seconds)
            before = sum(each <= moment for each in work.times)
            process = self.start(_dying, *of_work, "", 0)
            while seen.calls < before and process.is_alive():
                time.sleep(_LOOKS_EVERY)
            process.join(moment - work.times[before - 1] if before else moment)
            process.kill()
        process.join()
        phase = seen.names[seen.phase].value.decode() if seen.calls else _BEFORE
        return Kill(process.exitcode == -signal.SIGKILL, how, phase)


def quietly(run: Run, arguments: Arguments) -> None:
    """Do the work without a word on the terminal."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        run(*arguments)


def phase_of(event: str, given: Arguments, folder: Path) -> str:
    """The kind of a call and what below `folder` it is about, without numbers and sums."""
    about = given[1] if event in _TO else given[0]
    if not isinstance(about, str | bytes | os.PathLike):
        return _ELSEWHERE
    path = os.fsdecode(about)
    start = f"{folder}{os.sep}"
    if not path.startswith(start):
        return _ELSEWHERE
    parts = path.removeprefix(start).split(os.sep)[:2]
    what = os.sep.join(_NUMBERED.sub("", part) for part in parts)
    return f"{event.removeprefix('os.')} {what}"[:59]


def _counted(run: Run, arguments: Arguments, folder: Path, told: Path) -> None:
    """Do the work, and write down when each of its calls was made and in which phase."""
    calls: list[tuple[float, str]] = []
    began = time.monotonic()

    def count(event: str, given: Arguments) -> None:
        if event in _CALLS:
            calls.append((time.monotonic() - began, phase_of(event, given, folder)))

    sys.addaudithook(count)
    quietly(run, arguments)
    seconds, made = time.monotonic() - began, list(calls)
    told.write_text(json.dumps([seconds, made]), encoding="utf-8")


def _dying(
    run: Run, arguments: Arguments, folder: Path, seen: Seen, at_phase: str, at_number: int
) -> None:
    """Do the work, tell how far it is, and die at so-manieth call of a phase ("": nowhere)."""
    numbers: dict[str, int] = {}
    left = at_number

    def look(event: str, given: Arguments) -> None:
        nonlocal left
        if event not in _CALLS:
            return
        phase = phase_of(event, given, folder)
        if phase not in numbers:
            numbers[phase] = min(len(numbers), _MAX_PHASES - 1)
            seen.names[numbers[phase]].value = phase.encode(errors="replace")[:59]
        seen.phase = numbers[phase]
        seen.calls += 1
        if phase == at_phase:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(look)
    quietly(run, arguments)
