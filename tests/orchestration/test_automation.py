"""What runs by itself after raw tables were written, and what a failed blocking check holds back.

The conditions are evaluated as the daemon does, without one: `dg.evaluate_automation_conditions`.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import dagster as dg

from assets.extracts.assets import DOCUMENTS
from assets.extracts.document_rows import TABLES
from assets.extracts.meaning.definition_rows import BridgeRow, DefinitionRow
from assets.extracts.meaning.registry_rows import IndicatorRow, RegionRow
from assets.poverty.study_files.study_rows import STUDY_TABLES
from assets.replication.replication_rows import RAW_TABLES as REPLICATIONS
from assets.towns.records.record_rows import ORDER_YEAR, RECORD_VIEWS, TOWN_TABLES
from assets.warehouse.tables.automation import READ_IN_ANOTHER_RUN
from orchestration.definitions import defs

DEFINITIONS = (DefinitionRow.table, BridgeRow.table)
REGISTRY = (IndicatorRow.table, RegionRow.table)
NAMES = (
    *(table.name for table in (*TABLES, *REGISTRY, *DEFINITIONS, *TOWN_TABLES, *STUDY_TABLES)),
    *RECORD_VIEWS.values(),
    ORDER_YEAR.name,
    *(table.name for table in REPLICATIONS),
)
WRITTEN = [dg.AssetKey(name.split(".")) for name in NAMES]
INDEX_INPUT = dg.AssetKey(["indices", "index_input"])
INDEX_VALUE = dg.AssetKey(["indices", "index_value"])
PUBLISHED = dg.AssetKey(["release", "published_warehouse"])


@lru_cache(maxsize=1)
def graph() -> Any:
    return defs.resolve_asset_graph()


def blocking_checks() -> list[dg.AssetCheckKey]:
    nodes = graph()
    return [
        key for asset in nodes.get_all_asset_keys() for key in nodes.get(asset).check_keys
        if nodes.get(key).blocking
    ]  # fmt: skip


def downstream() -> set[dg.AssetKey]:
    return {key for key in graph().get_all_asset_keys() if graph().get(key).automation_condition}


def write(instance: dg.DagsterInstance, keys: Iterable[dg.AssetKey]) -> None:
    for key in keys:
        instance.report_runless_asset_event(dg.AssetMaterialization(key))


def judge(instance: dg.DagsterInstance, passed: bool, keys: Iterable[dg.AssetCheckKey]) -> None:
    for key in keys:
        instance.report_runless_asset_event(
            dg.AssetCheckEvaluation(
                asset_key=key.asset_key, check_name=key.name, passed=passed, metadata={},
                blocking=True,
            )
        )  # fmt: skip


def requested(result: dg.EvaluateAutomationConditionsResult) -> set[dg.AssetKey]:
    return {key for key in graph().get_all_asset_keys() if result.get_num_requested(key)}


def checks_of(*assets: dg.AssetKey) -> list[dg.AssetCheckKey]:
    return [key for key in blocking_checks() if key.asset_key in assets]


def settled(instance: dg.DagsterInstance) -> dg.EvaluateAutomationConditionsResult:
    """After a first refresh: everything is there and passed, and nothing is requested."""
    write(instance, graph().toposorted_asset_keys)
    judge(instance, True, blocking_checks())
    result = dg.evaluate_automation_conditions(defs, instance)
    assert result.total_requested == 0
    return result


def test_everything_after_the_raw_tables_is_requested_once(instance: dg.DagsterInstance) -> None:
    start = settled(instance)
    write(instance, WRITTEN)
    judge(instance, True, checks_of(*READ_IN_ANOTHER_RUN))
    first = dg.evaluate_automation_conditions(defs, instance, cursor=start.cursor)
    assert requested(first) == downstream()
    assert len(downstream()) >= 25
    under_way = dg.evaluate_automation_conditions(defs, instance, cursor=first.cursor)
    assert under_way.total_requested == 0
    write(instance, graph().toposorted_asset_keys)
    judge(instance, True, blocking_checks())
    after = dg.evaluate_automation_conditions(defs, instance, cursor=under_way.cursor)
    assert after.total_requested == 0


def test_without_a_first_refresh_it_comes_in_two_runs(instance: dg.DagsterInstance) -> None:
    """The checks of index_input never ran, so what stands on it waits for them."""
    start = dg.evaluate_automation_conditions(defs, instance)
    write(instance, WRITTEN)
    judge(instance, True, checks_of(*READ_IN_ANOTHER_RUN))
    first = dg.evaluate_automation_conditions(defs, instance, cursor=start.cursor)
    assert INDEX_INPUT in requested(first)
    assert INDEX_VALUE not in requested(first)
    write(instance, [key for key in graph().toposorted_asset_keys if key in requested(first)])
    judge(instance, True, blocking_checks())
    second = dg.evaluate_automation_conditions(defs, instance, cursor=first.cursor)
    assert requested(first) | requested(second) == downstream()
    assert PUBLISHED in requested(second)


def test_a_failed_blocking_check_holds_everything_back_and_a_document_in_quarantine_nothing(
    instance: dg.DagsterInstance,
) -> None:
    result = settled(instance)
    instance.add_dynamic_partitions("document", ["good/2020", "bad/2020"])
    document = dg.AssetKey(["landing", "landed_document"])
    instance.report_runless_asset_event(dg.AssetMaterialization(document, partition="good/2020"))
    write(instance, WRITTEN)
    judge(instance, True, checks_of(*READ_IN_ANOTHER_RUN))
    for failing in READ_IN_ANOTHER_RUN:
        judge(instance, False, checks_of(failing)[:1])
        result = dg.evaluate_automation_conditions(defs, instance, cursor=result.cursor)
        # study/* was written by the same run and has no checks: what hangs on it waits all the same
        assert requested(result) == set(), failing
        judge(instance, True, checks_of(failing))
    released = dg.evaluate_automation_conditions(defs, instance, cursor=result.cursor)
    assert requested(released) == downstream()


def test_the_checks_waited_for_are_all_that_another_run_evaluates() -> None:
    """Checks on what automation computes run in its own run, and block there."""
    outside = {key.asset_key for key in blocking_checks() if key.asset_key not in downstream()}
    assert outside == set(READ_IN_ANOTHER_RUN)


def test_eager_on_the_documents_themselves_would_have_waited(
    instance: dg.DagsterInstance,
) -> None:
    """Why the raw tables have no condition and the sensor starts them."""

    @dg.asset(partitions_def=DOCUMENTS)
    def document() -> None: ...

    @dg.asset(deps=[document], automation_condition=dg.AutomationCondition.eager())
    def table() -> None: ...

    small = dg.Definitions([document, table])
    start = dg.evaluate_automation_conditions(small, instance)
    instance.add_dynamic_partitions("document", ["good/2020", "bad/2020"])
    report = instance.report_runless_asset_event
    report(dg.AssetMaterialization("document", partition="good/2020"))
    first = dg.evaluate_automation_conditions(small, instance, cursor=start.cursor)
    assert first.get_num_requested(table.key) == 0
    report(dg.AssetMaterialization("document", partition="bad/2020"))
    both = dg.evaluate_automation_conditions(small, instance, cursor=first.cursor)
    assert both.get_num_requested(table.key) == 1
