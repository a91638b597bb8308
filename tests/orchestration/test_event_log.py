"""The event log whose files stay open holds what Dagster's own does, and is heard while written."""

import os
import sqlite3
import threading
from contextlib import closing
from functools import partialmethod
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from assets.warehouse.home import Home
from orchestration import event_log
from orchestration.event_log import KeptOpenEventLogStorage


@dg.asset(check_specs=[dg.AssetCheckSpec("sound", asset="made")])
def made():
    return dg.MaterializeResult(
        metadata={"rows": 3}, check_results=[dg.AssetCheckResult(passed=True)]
    )


@dg.asset(deps=[made])
def above() -> None: ...


def test_what_it_wrote_is_what_dagster_reads(dagster_home: Home) -> None:
    with dg.DagsterInstance.get() as instance:
        assert isinstance(instance.event_log_storage, KeptOpenEventLogStorage)
        ran = dg.materialize([made], instance=instance)
        ours = instance.event_log_storage.get_logs_for_run(ran.run_id)
    plain = SqliteEventLogStorage(str(dagster_home.dagster / "history" / "runs"))
    assert plain.get_logs_for_run(ran.run_id) == ours
    assert plain.get_asset_records([dg.AssetKey("made")])[0].asset_entry.last_run_id == ran.run_id
    check = dg.AssetCheckKey(dg.AssetKey("made"), "sound")
    (record,) = plain.get_asset_check_execution_history(check, limit=5)
    assert record.run_id == ran.run_id


def test_a_page_hears_of_an_event_while_the_file_stays_open(dagster_home: Home) -> None:
    with dg.DagsterInstance.get() as instance, dg.DagsterInstance.get() as page:
        run = dg.materialize([made], instance=instance)
        heard = threading.Event()
        page.watch_event_logs(run.run_id, None, lambda *_: heard.set())
        instance.report_engine_event("another event", run_id=run.run_id, job_name="made")
        assert heard.wait(60)


def test_what_the_index_has_is_looked_up_once_and_again_after_wiping(
    dagster_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[tuple[str, str]] = []
    looked_for_in_vain = []
    of_dagster = ("has_table", "has_secondary_index", "_has_asset_key_col_on_connection")
    for question in of_dagster:

        def noted(self: Any, *about: Any, question: str = question, ask: Any) -> bool:
            is_there = bool(ask(self, *about))
            if is_there:
                found.append((question, about[-1]))
            else:
                looked_for_in_vain.append(about[-1])
            return is_there

        ask = getattr(SqliteEventLogStorage, question)
        monkeypatch.setattr(SqliteEventLogStorage, question, partialmethod(noted, ask=ask))
    with dg.DagsterInstance.get() as instance:
        log = instance.event_log_storage
        assert isinstance(log, KeptOpenEventLogStorage)
        for _ in range(2):
            dg.materialize([made, above], instance=instance)
        once = list(found)
        assert {question for question, _ in once} == {*of_dagster}
        assert len(once) == len(set(once))
        log.wipe()
        dg.materialize([made, above], instance=instance)
        assert set(found[len(once) :]) >= set(once)
        for _ in range(2):
            assert not log.has_table("nosuch")
            assert not log.has_secondary_index("nosuch")
            assert not log.has_asset_key_col("nosuch")
        assert looked_for_in_vain.count("nosuch") == 6  # it may come to be there


def test_wiping_leaves_nothing_and_the_log_goes_on(dagster_home: Home) -> None:
    with dg.DagsterInstance.get() as instance:
        first = dg.materialize([made], instance=instance)
        instance.event_log_storage.wipe()
        assert instance.event_log_storage.get_logs_for_run(first.run_id) == []
        second = dg.materialize([made], instance=instance)
        assert instance.event_log_storage.get_logs_for_run(second.run_id)


def test_a_file_cut_off_before_its_tables_were_made_gets_them(dagster_home: Home) -> None:
    with dg.DagsterInstance.get() as instance:
        (dagster_home.dagster / "history" / "runs" / "killed.db").touch()
        assert instance.event_log_storage.get_logs_for_run("killed") == []


def file_of(home: Home, run_id: str) -> Path:
    return home.dagster / "history" / "runs" / f"{run_id}.db"


def made_as(path: Path) -> tuple[object, ...]:
    """All that a file is made of but its events."""
    asked = (
        "select name, sql from sqlite_master order by name",
        "select * from alembic_version",
        "pragma journal_mode",
    )
    with closing(sqlite3.connect(path)) as file:
        return (path.stat().st_mode, *(file.execute(sql).fetchall() for sql in asked))


def test_a_later_run_has_the_file_that_dagster_would_make(
    dagster_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_log, "_WITHOUT_EVENTS", [])
    with dg.DagsterInstance.get() as instance:
        first = dg.materialize([made], instance=instance).run_id
        with monkeypatch.context() as not_again:
            not_again.setattr(SqliteEventLogStorage, "_initdb", lambda *_: pytest.fail("again"))
            second = dg.materialize([made], instance=instance).run_id
        ours = instance.event_log_storage.get_logs_for_run(second)
    plain = SqliteEventLogStorage(str(dagster_home.dagster / "history" / "runs"))
    assert plain.get_logs_for_run(second) == ours
    assert {entry.run_id for entry in ours} == {second}
    assert made_as(file_of(dagster_home, second)) == made_as(file_of(dagster_home, first))


def test_a_file_with_events_is_no_pattern(dagster_home: Home) -> None:
    with dg.DagsterInstance.get() as instance:
        ran = dg.materialize([made], instance=instance)
    engine = event_log._engine(f"sqlite:///{file_of(dagster_home, ran.run_id)}")
    assert event_log._without_events(engine) == []
    engine.dispose()


@pytest.mark.parametrize("is_seen", [True, False], ids=["before", "at the last moment"])
def test_a_file_that_another_process_made_is_left_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_seen: bool
) -> None:
    path = tmp_path / "run.db"
    path.write_bytes(b"its events")
    with monkeypatch.context() as looks:
        looks.setattr(Path, "exists", lambda _: is_seen)
        event_log._place(path, b"none")
    assert path.read_bytes() == b"its events"
    assert list(tmp_path.iterdir()) == [path]


def test_a_kill_while_a_file_is_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*found: Any, **of: Any) -> None:
        assert list(tmp_path.iterdir()) == []
        linked(*found, **of)

    linked = os.link
    monkeypatch.setattr(os, "link", link)
    path = tmp_path / "run.db"
    event_log._place(path, b"no events")
    assert path.read_bytes() == b"no events"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_where_files_cannot_be_linked_dagster_makes_them(
    dagster_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_: object, **__: object) -> None:
        raise PermissionError("not on this file system")

    monkeypatch.setattr(os, "link", link)
    with dg.DagsterInstance.get() as instance:
        for _ in range(2):
            ran = dg.materialize([made], instance=instance)
            assert instance.event_log_storage.get_logs_for_run(ran.run_id)
