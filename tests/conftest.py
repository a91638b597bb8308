"""What all tests share: reference data (sources: tests/reference/README.md), and how they end."""

import os

# Each of pytest's processes has a core. OpenBLAS would start a thread for every core in each of
# them, and those that wait turn in circles: that took up to twenty times the computing.
# Read where numpy is imported, so by what tests start, too.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import csv
import fcntl
import gc
import json
import pickle
import signal
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

# A busy machine is slow, not wrong: properties have no deadline.
settings.register_profile("yearbook", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("yearbook")

REFERENCE = Path(__file__).parent / "reference"
IN_MEMORY = Path("/dev/shm")
ROOM_BYTES = 8 * 1024**3
EXIT_STATUS = pytest.StashKey[int]()
MadeOnce = Callable[[str, Callable[[Path], Any]], tuple[Path, Any]]


_UMASK = os.umask(0o022)
os.umask(_UMASK)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Temporary folders lie in memory where there is room: a new Dagster instance alone waits for
    a disk some 400 times, which is half of the time that these tests would take.

    In the background of a shell SIGINT is ignored. Dagster hands its handler to SIGTERM, and what
    a test starts from then on cannot be ended.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or each process compiles all that it imports
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if config.option.basetemp is None and IN_MEMORY.is_dir():
        found = os.statvfs(IN_MEMORY)
        if found.f_bavail * found.f_frsize > ROOM_BYTES and not found.f_flag & os.ST_NOEXEC:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end: a full search for garbage would go through all of
    it, half a second each time, and whoever makes many objects starts hundreds of them.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _migrations_are_read_once() -> Iterator[None]:
    """Dagster reads the scripts of its migrations for each file that it makes or opens, some 50 ms
    each time; they do not change, and what it does with them stays as it is.
    """
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    read, known = ScriptDirectory.from_config, dict[str | None, ScriptDirectory]()

    def once(config: Config) -> ScriptDirectory:
        place = config.get_main_option("script_location")
        if place not in known:
            known[place] = read(config)
        return known[place]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ScriptDirectory, "from_config", once)
        yield


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """A refresh in this process keeps what it writes for its owner; the next test is not to."""
    os.umask(_UMASK)
    yield
    os.umask(_UMASK)


class Reference:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def json(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    def regression(self, name: str, dependent: str) -> tuple[np.ndarray, np.ndarray, list[str]]:
        """y, X and the regressors' names; the unnamed column of row labels is left out."""
        rows = self.rows(name)
        names = [column for column in rows[0] if column not in ("", dependent)]
        y = np.array([float(row[dependent]) for row in rows])
        X = np.array([[float(row[column]) for column in names] for row in rows])
        return y, X, names


@pytest.fixture(scope="session")
def reference() -> Reference:
    return Reference(REFERENCE)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """`made_once(name, make)`: a folder that one of pytest's processes fills, and all of them read.

    make: is handed the folder; what it returns is pickled. Returns the folder and that.
    """

    def once(name: str, make: Callable[[Path], Any]) -> tuple[Path, Any]:
        base = tmp_path_factory.getbasetemp()
        if "PYTEST_XDIST_WORKER" in os.environ:
            base = base.parent
        folder, kept = base / name, base / f"{name}.pickle"
        with (base / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                folder.mkdir()
                kept.write_bytes(pickle.dumps(make(folder)))
        return folder, pickle.loads(kept.read_bytes())

    return once


@pytest.fixture(scope="session")
def kept_reading_process() -> Iterator[Any]:
    """A process that reads documents, which ends where it was at work, so with a document that it
    dies of, and with the tests.
    """
    from assets.extracts.landed.reading import Answer, ReadingProcess

    class Kept(ReadingProcess):
        at_work = False

        def __exit__(self, *_: object) -> None:
            pass

        def run(self, name: str, work: Callable[[], Answer]) -> Answer:
            self.at_work = True
            landing = getattr(work.args[0], "landing", None) if isinstance(work, partial) else None
            is_own = landing is not None and any(landing.glob("*.yaml"))
            try:
                if is_own:  # what is declared beside the documents is loaded once a process
                    self.end()
                return super().run(name, work)
            finally:
                if is_own:
                    self.end()
                self.at_work = False

        def end(self) -> None:
            if self.at_work:
                super().end()

    kept = Kept()
    yield kept
    kept.at_work = True
    kept.end()


@pytest.fixture
def one_reading_process(kept_reading_process: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands in this process read every document in one other: to start one takes a second.

    What a document is read in, and when that ends, is tested in `tests/extracts/test_budget.py`.
    """
    from assets.extracts.landed import reading, reading_once
    from orchestration.commands.conversation import filing

    for module in (reading, reading_once, filing):
        monkeypatch.setattr(module, "ReadingProcess", lambda: kept_reading_process)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    session.config.stash[EXIT_STATUS] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """End the process here, with its status, instead of taking the interpreter down.

    On the way down, what hypothesis, Dagster and the tests still hold outlives DuckDB's binding
    (nanobind), which then prints a page about each of its types as leaked, above the result.
    """
    if EXIT_STATUS in config.stash:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(config.stash[EXIT_STATUS])
