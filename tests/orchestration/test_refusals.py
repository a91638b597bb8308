"""A refused document is red in Dagster's own records until it is put right."""

import time
from typing import Any

import dagster as dg
import pytest
from dagster._core.storage.partition_status_cache import get_and_update_asset_status_cache_value

from assets.extracts.assets import DOCUMENTS, landing_document
from orchestration.alerts.runs import finished_runs
from orchestration.refusals import JOB, Quarantine, Refusal, show_refusals

ONE = Refusal("made/2020", "a" * 64, "made/2020/figures.csv, D2: 'n/a?' is not a number.")
NOTHING = Quarantine((), {"made/2020", "made/2021"})
REFUSED = Quarantine((ONE,), NOTHING.in_force)


def taken_in(instance: dg.DagsterInstance, key: str) -> None:
    instance.add_dynamic_partitions("document", [key])
    time.sleep(0.01)  # events within a millisecond have no order
    instance.report_runless_asset_event(
        dg.AssetMaterialization(landing_document.key, partition=key)
    )


def red(instance: dg.DagsterInstance) -> set[str]:
    """Partitions that the pages show as failed."""
    value: Any = get_and_update_asset_status_cache_value(
        instance, landing_document.key, DOCUMENTS, dynamic_partitions_loader=instance
    )
    return set(value.deserialize_failed_partition_subsets(DOCUMENTS).get_partition_keys())


def check_passed(instance: dg.DagsterInstance) -> bool:
    key = dg.AssetCheckKey(dg.AssetKey(["raw", "observation"]), "no_document_in_quarantine")
    found = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)
    evaluation = found[0].event.dagster_event.asset_check_evaluation_data
    return bool(evaluation.passed)


def runs(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    return list(instance.get_runs(dg.RunsFilter(job_name=JOB)))


@pytest.fixture
def accepted(instance: dg.DagsterInstance) -> dg.DagsterInstance:
    for key in NOTHING.in_force:
        taken_in(instance, key)
    return instance


def test_partition_check_and_run_are_red_once(accepted: dg.DagsterInstance) -> None:
    for _ in range(3):
        show_refusals(accepted, REFUSED)
        assert red(accepted) == {"made/2020"}
        (run,) = runs(accepted)
        assert run.status == dg.DagsterRunStatus.FAILURE
        assert run.tags["yearbook/documents"] == "made/2020"
        assert not check_passed(accepted)
    said = [str(event.dagster_event) for event in accepted.all_logs(run.run_id)]
    assert any("'n/a?' is not a number" in each for each in said)


def test_other_content_is_another_refusal(accepted: dg.DagsterInstance) -> None:
    show_refusals(accepted, REFUSED)
    again = Refusal(ONE.key, "b" * 64, "still wrong")
    show_refusals(accepted, Quarantine((again,), NOTHING.in_force))
    assert len(runs(accepted)) == 2
    assert red(accepted) == {"made/2020"}


def test_what_is_put_back_is_green_without_a_run(accepted: dg.DagsterInstance) -> None:
    show_refusals(accepted, REFUSED)
    assert red(accepted) == {"made/2020"}
    time.sleep(0.01)
    show_refusals(accepted, NOTHING)
    assert red(accepted) == set()
    assert check_passed(accepted)
    time.sleep(0.01)
    show_refusals(accepted, REFUSED)  # the same fault once more
    assert red(accepted) == {"made/2020"}
    assert len(runs(accepted)) == 2


def test_what_a_run_took_in_is_left_alone(accepted: dg.DagsterInstance) -> None:
    show_refusals(accepted, REFUSED)
    taken_in(accepted, "made/2020")
    filters = dg.AssetRecordsFilter(landing_document.key, asset_partitions=["made/2020"])
    before = len(accepted.fetch_materializations(filters, limit=9).records)
    show_refusals(accepted, NOTHING)
    assert len(accepted.fetch_materializations(filters, limit=9).records) == before
    assert red(accepted) == set()


def test_a_document_that_was_never_taken_in_is_red_too(instance: dg.DagsterInstance) -> None:
    show_refusals(instance, Quarantine((ONE,), ()))
    assert red(instance) == {"made/2020"}


def test_the_run_of_a_refusal_raises_no_alert_of_its_own(accepted: dg.DagsterInstance) -> None:
    show_refusals(accepted, REFUSED)
    assert list(finished_runs(accepted, {}, time.time())) == []


def test_of_very_many_the_first_have_a_run_each_and_once(
    accepted: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.refusals._SHOWN", 3)
    monkeypatch.setattr("orchestration.refusals._LAST_RUNS", 4)
    many = tuple(Refusal(f"many/{number}", "c" * 64, "wrong") for number in range(9))
    for _ in range(3):
        show_refusals(accepted, Quarantine(many, NOTHING.in_force))
        assert len(runs(accepted)) == 3
    key = dg.AssetCheckKey(dg.AssetKey(["raw", "observation"]), "no_document_in_quarantine")
    found = accepted.event_log_storage.get_asset_check_execution_history(key, limit=1)
    event: Any = found[0].event
    assert len(event.dagster_event.asset_check_evaluation_data.metadata) == len(many)
