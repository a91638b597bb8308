"""The event log whose files stay open holds what Dagster's own does, and is heard while written."""

import threading

import dagster as dg
from dagster._core.storage.event_log import SqliteEventLogStorage

from assets.warehouse.home import Home
from orchestration.event_log import KeptOpenEventLogStorage


@dg.asset(check_specs=[dg.AssetCheckSpec("sound", asset="made")])
def made():
    return dg.MaterializeResult(
        metadata={"rows": 3}, check_results=[dg.AssetCheckResult(passed=True)]
    )


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
