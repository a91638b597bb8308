"""What Dagster loads: a snapshot of the asset graph, and what loading may import.

Regenerate the snapshot after a deliberate change, and read its diff before committing:

    uv run --no-sync python tests/orchestration/test_definitions.py
"""

import difflib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

SNAPSHOT = Path(__file__).with_name("asset_graph.json")
PRIORITY = "dagster/priority"
REGENERATE = "uv run --no-sync python tests/orchestration/test_definitions.py"


def asset_graph() -> dict[str, Any]:
    """Keys, dependencies, groups, kinds, owners, checks, partitions, automation of every asset."""
    from orchestration.definitions import defs

    graph = defs.resolve_asset_graph()
    assets = {
        key.to_user_string(): {
            "deps": sorted(parent.to_user_string() for parent in node.parent_keys),
            "group": node.group_name,
            "kinds": sorted(node.kinds),
            "owners": sorted(node.owners),
            "automated": node.automation_condition is not None,
            "partitions": getattr(node.partitions_def, "name", None),
            "described": bool(node.description),
            "checks": {
                check.name: "blocking" if graph.get(check).blocking else "not blocking"
                for check in sorted(node.check_keys, key=lambda check: check.name)
            },
        }
        for key in sorted(graph.get_all_asset_keys())
        for node in [graph.get(key)]
    }
    jobs = {
        job.name: sorted(key.to_user_string() for key in job.asset_layer.executable_asset_keys)
        for job in defs.resolve_all_job_defs()
        if not job.name.startswith("__")
    }
    return {"assets": assets, "jobs": jobs}


def as_text(graph: dict[str, Any]) -> str:
    return json.dumps(graph, indent=1, ensure_ascii=False) + "\n"


def test_the_asset_graph_is_the_committed_one() -> None:
    found, committed = as_text(asset_graph()), SNAPSHOT.read_text(encoding="utf-8")
    difference = "".join(
        difflib.unified_diff(
            committed.splitlines(True), found.splitlines(True), SNAPSHOT.name, "definitions", n=2
        )
    )
    if difference:
        pytest.fail(
            f"The asset graph differs from the committed one:\n{difference}\n"
            f"If that is meant, run `{REGENERATE}` and commit the file.",
            pytrace=False,
        )


def test_every_asset_has_an_owner_a_group_and_a_description() -> None:
    for key, asset in asset_graph()["assets"].items():
        assert asset["owners"], key
        assert asset["group"] != "default", key
        assert asset["described"], key


# One per stage and study, as the data go: what is written in one is read in later ones only. The
# vintage is named as soon as the indices are there, since every result stands under its name.
GROUPS = (
    "documents",
    "observations",
    "indices",
    "vintages",
    "poverty",
    "towns",
    "provinces",
    "papers",
    "release",
)


def test_the_groups_read_from_left_to_right() -> None:
    graph = asset_graph()["assets"]
    assert {asset["group"] for asset in graph.values()} == set(GROUPS)
    place = {key: GROUPS.index(asset["group"]) for key, asset in graph.items()}
    back = [
        f"{dep} ({GROUPS[place[dep]]}) → {key} ({GROUPS[place[key]]})"
        for key, asset in graph.items()
        for dep in asset["deps"]
        if place[dep] > place[key]
    ]
    assert not back, "\n".join(back)


def test_a_suite_reads_nothing_that_may_not_be_there_yet(repository: Path) -> None:
    """Its frame is asked for once its table is made: in a first refresh, what comes of another step
    that need not be before it is not there."""
    from assets.warehouse.tables.declared_asset import asset_key
    from orchestration.checks.suite_file import load_suites
    from orchestration.definitions import defs
    from orchestration.parsed_sql import parse

    graph = defs.resolve_asset_graph()
    for suite in load_suites(repository / "expectations"):
        table = asset_key(suite.table)
        there = {*graph.get_ancestor_asset_keys(table)}
        there |= graph.assets_def_for_key(table).keys  # made by the same step
        for sql in filter(None, (suite.sql, suite.excused_sql)):
            read = {asset_key(name) for name in parse(sql).tables}
            assert read <= there, f"{suite.name}: {sorted(read - there)} after {suite.table}"


def test_names_are_unique_without_their_schema() -> None:
    places: dict[str, list[str]] = {}
    for key in asset_graph()["assets"]:
        if key.startswith("catalog/"):
            continue  # each is named for what it lists: catalog.document, raw.document
        places.setdefault(key.rsplit("/", 1)[-1], []).append(key)
    assert not [keys for keys in places.values() if len(keys) > 1]


def test_loading_imports_no_heavy_library(repository: Path) -> None:
    script = (
        "import sys; from orchestration.definitions import defs; defs.resolve_asset_graph()\n"
        "print(sorted({'duckdb', 'great_expectations', 'statsmodels', 'pandas', 'scipy', 'numpy',"
        " 'sqlglot', 'sqlite3'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=repository, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_the_command_line_starts_without_dagster(repository: Path) -> None:
    script = (
        "import sys; from orchestration.commands import cli\n"
        "cli.commands(None)\n"
        "heavy = {'dagster', 'duckdb', 'numpy', 'pandas', 'rich', 'sqlglot'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "loaded = [name for name in sys.modules if name.startswith('assets.extracts.adding.')]\n"
        "print([name for name in loaded if not hasattr(sys.modules[name], '__path__')])"  # no rooms
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=repository, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.split("\n") == ["[]", "['assets.extracts.adding.asking.question']", ""], (
        done.stderr
    )


def test_one_process_and_one_run_at_a_time(repository: Path) -> None:
    import yaml

    from orchestration.definitions import defs

    settings = yaml.safe_load((repository / "orchestration/runs/dagster.yaml").read_text())
    assert settings["concurrency"]["runs"]["max_concurrent_runs"] == 1
    assert settings["telemetry"]["enabled"] is False
    assert defs.executor == dg.in_process_executor


def in_order() -> list[str]:
    """The steps of a refresh, as one process takes them: of what is ready the most urgent."""
    from dagster._core.execution.api import create_execution_plan

    from orchestration.definitions import defs

    plan = create_execution_plan(defs.resolve_job_def("refresh"))
    waiting, order = dict(plan.get_executable_step_deps()), list[str]()
    while waiting:
        ready = [step for step, needed in waiting.items() if needed <= set(order)]
        step = min(ready, key=lambda key: -int(plan.get_step_by_key(key).tags.get(PRIORITY, 0)))
        order.append(step)
        del waiting[step]
    return order


def test_figures_are_judged_after_what_waits_for_none_and_the_report_is_last() -> None:
    order = in_order()
    judged = order.index("raw__observation_raw_observation_critical")
    towns = [place for place, step in enumerate(order) if step.startswith(("micro__", "towns__"))]
    assert len(towns) > 20
    assert max(towns) < judged
    assert order[-1] == "release__report"


def test_estimates_of_towns_are_begun_at_once_and_asked_for_after_what_does_without() -> None:
    """What begins them is the step on the same data (`assets/towns/assets.py`)."""
    order = in_order()
    begun, asked = order.index("compare_towns_inequality"), order.index("estimate_town_effects")
    assert begun == order.index("vintage") + 1
    assert {"estimate_provinces", "fit_known_years", "stress_fits"} <= {*order[begun:asked]}


if __name__ == "__main__":
    SNAPSHOT.write_text(as_text(asset_graph()), encoding="utf-8")
    print(f"Wrote {SNAPSHOT}; read `git diff` of it before committing.")
