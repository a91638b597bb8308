"""Nobody but the owner reads what holds sellers, messages or runs, whatever the umask."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from assets.towns.simulation.data_set import Request, write_data_set
from assets.towns.simulation.design import Design
from assets.warehouse.home import HOME_VARIABLE, Home
from assets.warehouse.lock import writer_lock
from assets.warehouse.private import open_to_others
from assets.warehouse.publish import publish
from assets.warehouse.store import Store
from orchestration.alerts.look import outbox_of
from orchestration.alerts.message import Notice
from orchestration.alerts.sinks.log_file import LogFile
from orchestration.commands.cli import main
from orchestration.runs.instance import prepare_instance

Build = Callable[[Home], Store]
Records = Callable[..., dict[str, pd.DataFrame]]


@pytest.fixture(params=[0o000, 0o022], ids=["umask 000", "umask 022"])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.fixture
def filled(umask: int, home: Home, folder: Any, build_store: Build, make_records: Records) -> Home:
    """A home with records, a release, an outbox and a lock, made under the umask."""
    folder.put_all(make_records(1, 9, 8))
    with writer_lock(home, "test"):
        build_store(home)
    publish(home, "0001-aaaaaaaa")
    outbox_of(home).last_daemon_look()
    with outbox_of(home).sole_sender():
        pass
    return home


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nothing_of_a_home_is_open_to_others(filled: Home) -> None:
    found = {path.name: path for path in filled.state.rglob("*")}
    assert {"working.duckdb", "seller.parquet", "outbox.sqlite", "lock"} <= set(found)
    assert [path for path in found.values() if rights(path) & 0o077] == []
    assert rights(filled.state) == 0o700
    assert rights(found["seller.parquet"]) == rights(filled.working) == 0o600
    assert rights(filled.published) == 0o444  # what is published is for all


def test_files_of_an_earlier_version_are_told_and_closed_by_the_next_write(
    umask: int, home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(home.root))
    monkeypatch.setenv("DAGSTER_HOME", "")
    parquet = home.state / "towns" / "seller.parquet"
    parquet.parent.mkdir(mode=0o700)
    parquet.write_bytes(b"sellers")
    parquet.chmod(0o644)
    home.state.chmod(0o755)
    assert main(["status"]) == 0
    assert "private    NOT: others have rights to 2 of the files" in capsys.readouterr().out
    with writer_lock(home, "test"):
        assert open_to_others(home.state) == []
    assert (rights(home.state), rights(parquet)) == (0o700, 0o600)
    assert parquet.read_bytes() == b"sellers"
    assert main(["status"]) == 0
    assert "private    NOT" not in capsys.readouterr().out


def test_dagsters_own_files_are_closed(umask: int, home: Home, monkeypatch: Any) -> None:
    import dagster as dg

    monkeypatch.setenv(HOME_VARIABLE, str(home.root))
    monkeypatch.setenv("DAGSTER_HOME", "")
    prepare_instance(home)
    with dg.DagsterInstance.get() as instance:
        instance.get_runs()
    assert any(path.suffix == ".db" for path in home.dagster.rglob("*"))
    assert open_to_others(home.state) == []


def test_a_log_of_alerts_that_was_open_is_closed_and_kept(umask: int, home: Home) -> None:
    log = LogFile(home.state / "alerts.log")
    log.path.write_text("kept\n", encoding="utf-8")
    log.path.chmod(0o644)
    log.send(Notice((1,), 0.0, "A title", "A body"))
    assert log.path.read_text(encoding="utf-8").startswith("kept\n")
    assert rights(log.path) == 0o600


def test_simulated_records_are_closed(umask: int, tmp_path: Path) -> None:
    made = tmp_path / "landing" / "towns" / "made"
    write_data_set(Request(Design(towns=30), 1, "annual", made))
    assert open_to_others(made) == []
    assert rights(made) == 0o700


@pytest.mark.slow
def test_nothing_is_open_after_a_whole_refresh(umask: int, home: Home) -> None:
    home.landing.rmdir()
    made = home.landing / "towns" / "small"
    write_data_set(Request(Design(towns=60), 3, "annual", made))
    environment = {**os.environ, HOME_VARIABLE: str(home.root)}
    for command in (["refresh"], ["status"]):
        subprocess.run(
            [sys.executable, "-m", "orchestration.commands.entry", *command],
            env=environment,
            umask=umask,
            check=False,
            timeout=900,
        )
    found = {path.name for path in home.state.rglob("*")}  # no document: nothing is published
    assert {"working.duckdb", "seller.parquet", "outbox.sqlite", "alerts.log"} <= found
    assert open_to_others(home.state) == []
