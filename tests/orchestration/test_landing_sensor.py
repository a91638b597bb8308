"""The sensor on `landing/`: what makes it ask for a run, and what it says when it does not."""

import os
from pathlib import Path
from typing import Any

import dagster as dg

from assets.warehouse.home import Home
from orchestration.landing_sensor import landing_sensor


def tick(instance: dg.DagsterInstance) -> dg.SensorResult | dg.SkipReason:
    context = dg.build_sensor_context(instance=instance)
    found = landing_sensor(context)
    assert isinstance(found, dg.SensorResult | dg.SkipReason)
    return found


def run_keys(result: dg.SensorResult | dg.SkipReason) -> list[str | None]:
    assert isinstance(result, dg.SensorResult)
    return [request.run_key for request in result.run_requests or []]


def reason(result: dg.SensorResult | dg.SkipReason) -> str:
    assert isinstance(result, dg.SkipReason)
    return str(result.skip_message)


def finish_intake(instance: dg.DagsterInstance) -> None:
    """What Dagster remembers of a run that took documents in."""
    instance.report_runless_asset_event(dg.AssetMaterialization(["raw", "document"]))


def touch(folder: Path) -> None:
    for path in folder.iterdir():
        os.utime(path, (2_000_000_000, 2_000_000_000))


def test_an_empty_landing_is_skipped(home: Home, instance: dg.DagsterInstance) -> None:
    assert reason(tick(instance)) == "No document in landing/ is new or changed."


def test_several_documents_make_one_run(landing: Any, instance: dg.DagsterInstance) -> None:
    for number in range(7):
        landing.put(f"source_{number}", 2020)
    result = tick(instance)
    assert len(run_keys(result)) == 1
    assert isinstance(result, dg.SensorResult)
    (request,) = result.run_requests or []
    assert request.tags["yearbook/documents"].startswith("source_0/2020, source_1/2020, ")
    assert request.tags["yearbook/documents"].endswith(" and 2 more")
    (partitions,) = result.dynamic_partitions_requests or []
    assert list(partitions.partition_keys) == [f"source_{number}/2020" for number in range(7)]


def test_a_touched_file_is_not_new(landing: Any, instance: dg.DagsterInstance) -> None:
    folder = landing.put("source", 2020)
    before = run_keys(tick(instance))
    touch(folder)
    assert run_keys(tick(instance)) == before  # while it waits: the same key, so no second run
    landing.take_in()
    touch(folder)
    assert "new or changed" in reason(tick(instance))


def test_a_re_issued_document_is_new(landing: Any, instance: dg.DagsterInstance) -> None:
    landing.put("source", 2020, "100")
    first = run_keys(tick(instance))
    landing.take_in()
    finish_intake(instance)
    landing.put("source", 2020, "101")
    second = run_keys(tick(instance))
    assert len(second) == 1
    assert second != first


def test_a_document_put_back_is_taken_in_again(landing: Any, instance: dg.DagsterInstance) -> None:
    keys = []
    for value in ("100", "101", "100", "101"):
        landing.put("source", 2020, value)
        keys += run_keys(tick(instance))
        landing.take_in()
        finish_intake(instance)
    assert len(set(keys)) == 4  # Dagster never runs one key twice


def test_a_failed_intake_is_not_repeated_by_itself(
    landing: Any, instance: dg.DagsterInstance
) -> None:
    landing.put("source", 2020)
    first = run_keys(tick(instance))
    assert run_keys(tick(instance)) == first
    landing.put("another", 2020)
    assert run_keys(tick(instance)) != first


def test_a_quarantined_document_asks_once(landing: Any, instance: dg.DagsterInstance) -> None:
    landing.put("good", 2020)
    landing.put("bad", 2020, "no number")
    assert len(run_keys(tick(instance))) == 1
    assert landing.take_in() == 1
    finish_intake(instance)
    assert "new or changed" in reason(tick(instance))
    landing.put("bad", 2020, "12")
    assert len(run_keys(tick(instance))) == 1


def test_a_busy_warehouse_is_skipped_with_its_holder(
    landing: Any, instance: dg.DagsterInstance, other_writer: int
) -> None:
    landing.put("source", 2020)
    message = reason(tick(instance))
    assert f"process {other_writer}" in message
    assert "a long write" in message
