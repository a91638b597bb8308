"""Python programs run by a fork of a process that has imported everything and opened nothing.

Belongs here: starting one, talking to it, ending it, as `subprocess.Popen` does. Not here: what
runs in it.

A program of this project that refreshes imports for as long as it works: in a fork it does nothing
but its work. It has a process id, an exit status and rights of its own, and can be killed. What is
about starting itself (the interpreter, the environment of imports, the console script) needs
`subprocess`.
"""

import io
import multiprocessing
import os
import runpy
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

# What refreshes import sooner or later. Loading any of it starts no thread and opens no file.
IMPORTED = (
    "orchestration.commands.cli",
    "orchestration.commands.entry",
    "orchestration.definitions",
    "orchestration.refresh",
    "assets.extracts.document",
    "assets.warehouse.repair",
    "great_expectations",
    "matplotlib.figure",
    "pandas",
    "scipy.stats",
    "sqlglot",
    "statsmodels.api",
)


@cache
def server() -> ForkServerContext:
    """Where processes are forked; it starts with the first of them and ends with this process."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(IMPORTED))
    return context


class PreparedProcess:
    """A program in a fork of the server; its output can be read while it runs.

    arguments: `-c`, code and what follows, or a file and what follows, as Python takes them;
    before: called in the process before the program. Raises what reading from a pipe raises.
    """

    def __init__(
        self,
        arguments: Sequence[object],
        *,
        folder: Path,
        environment: Mapping[str, str] | None = None,
        before: Callable[[], None] | None = None,
    ) -> None:
        context = server()
        pipes = [context.Pipe(duplex=False) for _ in range(2)]
        self._process = context.Process(
            target=_run,
            args=(
                [str(each) for each in arguments],
                str(folder),
                dict(os.environ if environment is None else environment),
                before,
                [writer for _, writer in pipes],
            ),
        )
        self._process.start()
        self.stdout, self.stderr = (_text(reader) for reader, _ in pipes)
        for _, writer in pipes:
            writer.close()

    @property
    def pid(self) -> int:
        """Of the system."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """As `subprocess` has it: the negated number of a signal that ended it; None before."""
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Nothing where it has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def wait(self, timeout: float | None = None) -> int:
        """Its status when it has ended. Raises TimeoutError after so many seconds."""
        self._process.join(timeout)
        if self.returncode is None:
            raise TimeoutError(f"process {self.pid} runs after {timeout} seconds")
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it printed until its end. Raises TimeoutError after so many seconds."""
        with ThreadPoolExecutor(2) as readers:
            printed = [readers.submit(stream.read) for stream in (self.stdout, self.stderr)]
            try:
                self.wait(timeout)
            except TimeoutError:
                self.kill()  # or the readers wait for ever
                raise
            out, err = (each.result() for each in printed)
        return out, err


def _text(reader: Connection) -> io.TextIOWrapper:
    with reader:
        return os.fdopen(os.dup(reader.fileno()), encoding="utf-8")


def _run(
    arguments: list[str],
    folder: str,
    environment: dict[str, str],
    before: Callable[[], None] | None,
    writers: list[Connection],
) -> None:
    for number, writer in enumerate(writers, start=1):
        os.dup2(writer.fileno(), number)
        writer.close()
    # Those of the server know what they were opened on: whether one can go back in it.
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.dont_write_bytecode = bool(environment.get("PYTHONDONTWRITEBYTECODE"))  # read at its start
    if before is not None:
        before()
    sys.argv = arguments
    if arguments[0] == "-c":
        sys.argv = ["-c", *arguments[2:]]
        exec(compile(arguments[1], "<string>", "exec"), {"__name__": "__main__"})
    else:
        runpy.run_path(arguments[0], run_name="__main__")
