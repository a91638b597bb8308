"""Dagster's runs in PostgreSQL: a server of the test's own, in a folder of its own.

Belongs here: that a refresh, status and the interface work on it, and what is said and left where
it is away. Not here: that Dagster keeps in it what it is given (dagster-postgres).
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import HOME_VARIABLE, Home
from assets.warehouse.reader import query
from orchestration.runs.postgres import (
    URL_VARIABLE,
    claim,
    opened,
    place,
    postgres_named,
    postgres_url,
)

YEARBOOK = Path(sys.executable).with_name("yearbook")
PATIENCE_SECONDS = 600.0  # a busy machine is slow, not wrong
# Debian keeps the server's own programs out of PATH.
PROGRAMS = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
INITDB = shutil.which("initdb", path=os.pathsep.join([os.environ["PATH"], *map(str, PROGRAMS)]))

needs_server = [
    pytest.mark.slow,
    pytest.mark.skipif(INITDB is None, reason="there is no PostgreSQL on this machine"),
    pytest.mark.skipif(
        importlib.util.find_spec("psycopg2") is None, reason="needs `uv sync --group postgres`"
    ),
]


@dataclass
class Server:
    """A server of PostgreSQL on this machine; root starts it as nobody, since it refuses root."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    databases: list[str] = field(default_factory=list)

    @property
    def user(self) -> dict[str, Any]:
        return (
            {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
        )

    def address(self, database: str) -> str:
        return f"postgresql://yearbook:secret-word@127.0.0.1:{self.port}/{database}"

    def run(self, program: str, *options: str) -> None:
        assert INITDB is not None
        command = [str(Path(INITDB).resolve().with_name(program)), *options]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, **self.user)

    def create(self) -> None:
        if self.user:
            shutil.chown(self.folder, "nobody", "nogroup")
        self.run("initdb", "-D", "data", "-U", "yearbook", "-A", "trust", "-E", "UTF8", "-N")

    def start(self) -> None:
        assert INITDB is not None
        options = ("-c", "fsync=off", "-c", "listen_addresses=127.0.0.1")
        self.process = subprocess.Popen(
            [
                *(str(Path(INITDB).resolve().with_name("postgres")), "-D", "data", *options),
                *("-p", str(self.port), "-k", str(self.folder)),
            ],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self.user,
        )
        wait_for(self.answers, "PostgreSQL")

    def answers(self) -> bool:
        import psycopg2

        try:
            psycopg2.connect(self.address("postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """At once, as where the machine is gone."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(60)

    def database(self) -> str:
        """The address of a new database."""
        name = f"home_{len(self.databases)}"
        self.databases.append(name)
        self.run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "yearbook", name)
        return self.address(name)


def wait_for(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come in {PATIENCE_SECONDS:.0f} s"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    # Not below pytest's folders, into which `nobody` may not go.
    folder = Path(tempfile.mkdtemp(prefix="yearbook-postgres-", dir="/tmp"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    started = Server(folder, port)
    try:
        started.create()
        started.start()
        yield started
    finally:
        started.stop()
        shutil.rmtree(folder)


@pytest.fixture
def address(server: Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """A new database, which the environment names."""
    address = server.database()
    monkeypatch.setenv(URL_VARIABLE, address)
    return address


@pytest.fixture
def home(refreshed: Home, tmp_path: Path) -> Home:
    """The documents of a handful, none of them read yet."""
    home = Home(tmp_path / "home")
    shutil.copytree(refreshed.landing, home.landing)
    return home


def begin(home: Home, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [YEARBOOK, *arguments],
        env={**os.environ, HOME_VARIABLE: str(home.root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(home: Home, *arguments: str) -> tuple[int, str, str]:
    process = begin(home, *arguments)
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    return process.returncode, out, err


def rows(address: str, sql: str) -> list[tuple[Any, ...]]:
    with opened(address) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def part(told: str, name: str) -> list[str]:
    return [line for line in told.splitlines() if line.startswith(name)]


class TestWithAServer:
    pytestmark = needs_server

    def test_a_refresh_keeps_its_run_there_and_publishes_the_same(
        self, home: Home, refreshed: Home, address: str
    ) -> None:
        code, out, err = run(home, "refresh")
        assert (code, "Published vintage" in out) == (0, True), err
        assert list(home.state.rglob("history")) == []
        assert not any("secret-word" in path.read_text(errors="replace")
                       for path in home.state.rglob("*.yaml"))  # fmt: skip
        assert rows(address, "select pipeline_name, status from runs") == [("refresh", "SUCCESS")]
        ask = "select * exclude (vintage) from model.coefficient order by all"
        assert query(home, ask).rows == query(refreshed, ask).rows
        told = run(home, "status")[1]
        assert "SUCCESS" in part(told, "last run")[0]
        kept = os.environ.pop(URL_VARIABLE)
        try:
            assert part(told, "checks") == part(run(refreshed, "status")[1], "checks")
        finally:
            os.environ[URL_VARIABLE] = kept
        assert "Nothing is new" in run(home, "refresh")[1]
        assert rows(address, "select count(*) from runs") == [(1,)]

    def test_of_two_refreshes_at_once_one_waits_and_finds_nothing_new(
        self, home: Home, address: str
    ) -> None:
        both = [begin(home, "refresh") for _ in range(2)]
        told = [process.communicate(timeout=PATIENCE_SECONDS) for process in both]
        assert [process.returncode for process in both] == [0, 0], told
        assert sorted("Nothing is new" in out for out, _ in told) == [False, True]
        assert rows(address, "select status from runs") == [("SUCCESS",)]

    def test_a_server_that_goes_away_in_the_middle_leaves_nothing_half(
        self, home: Home, server: Server, address: str
    ) -> None:
        process = begin(home, "refresh")
        written = "select count(*) from event_logs where dagster_event_type = 'STEP_SUCCESS'"
        wait_for(lambda: _first(address, written) > 5, "some steps")
        server.stop()
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 1, out
        assert "cannot be used" in err
        assert "Traceback" not in err
        assert "secret-word" not in err + out
        assert not home.published.exists()
        code, out, _ = run(home, "status")
        assert code == 1
        assert "last run   not known: PostgreSQL at 127.0.0.1" in out
        assert part(out, "documents")

        server.start()
        code, out, err = run(home, "refresh")
        assert (code, "Published vintage" in out) == (0, True), err
        assert sorted(rows(address, "select status from runs")) == [("FAILURE",), ("SUCCESS",)]

    def test_the_database_of_another_home_is_refused(self, home: Home, address: str) -> None:
        claim(address, home)
        claim(address, home)
        with pytest.raises(WarehouseError, match="keeps the runs of another home"):
            claim(address, Home(home.root / "other"))

    def test_a_change_of_place_is_told_once(
        self, home: Home, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from orchestration.runs.instance import prepare_instance

        monkeypatch.setenv("DAGSTER_HOME", "")
        monkeypatch.setenv(HOME_VARIABLE, "")
        said = []
        monkeypatch.setattr("builtins.print", lambda text, **_: said.append(text))
        for url in (None, address, address, None, None):
            monkeypatch.delenv(URL_VARIABLE, raising=False)
            if url is not None:
                monkeypatch.setenv(URL_VARIABLE, url)
            prepare_instance(home)
        assert ["in PostgreSQL;" in text for text in said] == [True, False]

    def test_the_sensor_takes_a_document_in_and_the_interface_shows_the_run(
        self, serve: Callable[..., Any], address: str
    ) -> None:
        interface = serve()
        link = os.readlink(interface.home.published)
        withdraw = ("withdraw", "gansu_population/2019", "--reason", "the office took it back")
        assert run(interface.home, *withdraw)[0] == 0
        wait_for(lambda: os.readlink(interface.home.published) != link, "publication")
        wait_for(lambda: interface.runs()[0]["status"] == "SUCCESS", "the end of the run")
        assert len(rows(address, "select run_id from runs")) == len(interface.runs())
        assert interface.stop() < 30


def _first(address: str, sql: str) -> int:
    try:
        return int(rows(address, sql)[0][0])
    except WarehouseError:  # the table is not made yet
        return 0


def test_an_address_of_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("mysql://u@h/d", "postgresql://u@h", "postgres", "postgresql+psycopg2://u@h/d"):
        monkeypatch.setenv(URL_VARIABLE, wrong)
        with pytest.raises(WarehouseError, match="no address of a database"):
            postgres_url()
    for none in ("", " "):
        monkeypatch.setenv(URL_VARIABLE, none)
        assert postgres_url() is None


def test_without_its_packages_a_refresh_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg2", None)
    monkeypatch.setenv(URL_VARIABLE, "postgresql://u@127.0.0.1/d")
    with pytest.raises(WarehouseError, match="uv sync --group postgres"):
        claim("postgresql://u@127.0.0.1/d", Home(tmp_path))


def test_a_place_is_named_without_who_goes_in() -> None:
    assert place("postgresql://u:p%40ss@h:5433/d") == "PostgreSQL at h:5433/d"


def test_words_of_the_server_are_told_without_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    class OperationalError(Exception):
        pass

    OperationalError.__module__ = "psycopg2"
    of_dagster = RuntimeError("of Dagster")
    of_dagster.__cause__ = OperationalError("no user u\nby p@ss or p%40ss")
    monkeypatch.setenv(URL_VARIABLE, "postgresql://u:p%40ss@h/d")
    with pytest.raises(WarehouseError, match=r"no user u by \*{3} or \*{3}"), postgres_named():
        raise of_dagster
    with pytest.raises(RuntimeError, match="another"), postgres_named():
        raise RuntimeError("another")
