"""Suites judged in a process beside this one: what they give, and what becomes of one that dies."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from assets.warehouse.other_process import exchanged
from benchmarks.by_path import loaded
from orchestration.checks import judging_process
from orchestration.checks.judging_process import end_judging, judged, judging_beside
from orchestration.checks.suite_run import CheckError, SuiteResult, run_suite

EXAMPLES = loaded(Path(__file__).with_name("test_suites.py"))
SUITES = EXAMPLES.SUITES


@pytest.fixture(autouse=True)
def _two_cores_and_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr(judging_process, "sys", SimpleNamespace(modules={}))


@pytest.fixture
def anew() -> Iterator[None]:
    """For a test that starts a process of its own."""
    end_judging()
    yield
    end_judging()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the suites that are judged in this process."""
    names: list[str] = []

    def noted(suite: Any, frame: pd.DataFrame) -> SuiteResult:
        names.append(suite.name)
        return run_suite(suite, frame)

    monkeypatch.setattr(judging_process, "run_suite", noted)
    return names


def told(result: SuiteResult) -> Any:
    """A result with its frames written out."""
    failures = [(f.expectation, f.observed, f.rows.to_dict("split")) for f in result.failures]
    types = [[str(kind) for kind in f.rows.dtypes] for f in result.failures]
    return repr((result.suite, result.row_count, result.evaluated, failures, types))


@pytest.mark.parametrize("name", ["coverage", "indices_index_value", "raw_observation"])
def test_both_ways_give_the_same(name: str, here: list[str]) -> None:
    frames = [EXAMPLES.clean_frame(name)]
    frames += [EXAMPLES.corrupted_frame(name, id_) for id_ in EXAMPLES.EXAMPLES[name]["corrupted"]]
    frame = pd.concat(frames)
    with judging_beside():
        found = judged(SUITES[name], frame)
    assert here == []
    assert told(found) == told(run_suite(SUITES[name], frame))
    assert found.failures


def test_what_cannot_be_judged_is_an_error_that_comes_through_whole(here: list[str]) -> None:
    suite = SUITES["raw_observation"]
    frame = EXAMPLES.clean_frame("raw_observation").drop(columns="cell")
    with judging_beside():
        with pytest.raises(CheckError) as there:
            judged(suite, frame)
        assert judged(SUITES["coverage"], EXAMPLES.clean_frame("coverage")).passed  # it goes on
    assert here == []
    with pytest.raises(CheckError) as same:
        run_suite(suite, frame)
    assert str(there.value) == str(same.value)


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize("call", ["raise SystemExit(3)", judging_process._CALL])
def test_what_a_process_that_dies_leaves_is_judged_here(
    call: str, here: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def killed(process: Any, work: object) -> object:
        process.kill()
        return exchanged(process, work)

    monkeypatch.setattr(judging_process, "_CALL", call)
    monkeypatch.setattr(judging_process, "exchanged", killed)
    frame = EXAMPLES.corrupted_frame("coverage", "due_is_there")
    with judging_beside():
        assert judged(SUITES["coverage"], frame).failed_ids == ("due_is_there",)
        assert judged(SUITES["coverage"], frame).failed_ids == ("due_is_there",)
    assert here == ["coverage", "coverage"]
    assert caplog.text.count("coverage.json is judged here, not in the process beside") == 1


@pytest.mark.usefixtures("anew")
def test_what_needs_more_memory_than_the_process_may_take_is_judged_here(
    here: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    raises = "import orchestration.checks.judging_process as j\ndef no(*_): raise MemoryError\n"
    calls = f"{raises}j.run_suite, j.frames_to_judge = no, int\nj.serve_suites()"
    monkeypatch.setattr(judging_process, "_CALL", calls)
    with judging_beside():
        assert judged(SUITES["coverage"], EXAMPLES.clean_frame("coverage")).passed
    assert here == ["coverage"]


@pytest.mark.usefixtures("anew")
def test_on_one_core_there_is_no_other_process(
    here: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0})
    monkeypatch.setattr(judging_process, "started", lambda _: pytest.fail("a process"))
    with judging_beside():
        assert judged(SUITES["coverage"], EXAMPLES.clean_frame("coverage")).passed
    assert here == ["coverage"]


@pytest.mark.usefixtures("anew")
def test_where_it_is_loaded_already_there_is_no_other_process(
    here: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded_before = SimpleNamespace(modules={"great_expectations": None})
    monkeypatch.setattr(judging_process, "sys", loaded_before)
    monkeypatch.setattr(judging_process, "started", lambda _: pytest.fail("a process"))
    with judging_beside():
        assert judged(SUITES["coverage"], EXAMPLES.clean_frame("coverage")).passed
    assert here == ["coverage"]


@pytest.mark.usefixtures("anew")
def test_outside_a_block_the_process_is_not_asked(here: list[str]) -> None:
    with judging_beside():
        pass
    assert judged(SUITES["coverage"], EXAMPLES.clean_frame("coverage")).passed
    assert here == ["coverage"]


def test_who_checks_never_loads_great_expectations(repository: Path, tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path\nos.sched_getaffinity = lambda _: {0, 1}\n"
        "from benchmarks.by_path import loaded\n"
        "from orchestration.checks.judging_process import judging_beside\n"
        f"checks = loaded(Path({str(Path(__file__).with_name('test_asset_checks.py'))!r}))\n"
        f"here, folder = Path.cwd(), Path({str(tmp_path)!r})\n"
        "suites = checks.small_suites(here, folder, 'raw_observation')\n"
        "rows = checks.example(here, 'raw_observation')\n"
        "with judging_beside():\n"
        "    result, ran = checks.run(suites, 'raw.observation', rows)\n"
        "assert result.success and ran == ['guarded', 'after']\n"
        "assert len(checks.evaluations(result)) == 2\n"
        "sys.exit('great_expectations' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], cwd=repository, check=True, timeout=300)


def test_a_killed_parent_leaves_no_process_behind() -> None:
    script = (
        "import os, time\nos.sched_getaffinity = lambda _: {0, 1}\n"
        "from orchestration.checks import judging_process as j\n"
        "with j.judging_beside():\n"
        "    print(j._BESIDE[0].pid, flush=True)\n"
        "    time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()
    deadline = time.monotonic() + 60  # it is loading Great Expectations, and then sees the end
    with suppress(FileNotFoundError):
        while Path(f"/proc/{child}/cmdline").read_bytes():  # one that has ended has none
            assert time.monotonic() < deadline
            time.sleep(0.1)
