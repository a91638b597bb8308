"""Ctrl-C of a refresh: what stands is told, the run is canceled, nobody is alerted.

Belongs here: whole processes, stopped at a step that is seen and not after some time.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assets.warehouse.home import Home

REPOSITORY = Path(__file__).parents[2]
DOCUMENT = "nbs_regional_accounts/2019"
COMMAND = "from orchestration.commands.entry import program; program()"
READ = "read_documents: done"


def stopped_at(home: Home, step: str) -> tuple[int, str]:
    """Refresh, with Ctrl-C once the step has been told; the exit code and what was told after."""
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, "refresh"],
        cwd=REPOSITORY,
        env={**os.environ, "YEARBOOK_HOME": str(home.root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        try:
            assert process.stderr is not None
            while step not in (line := process.stderr.readline()):
                assert line, "it ended before"
            process.send_signal(signal.SIGINT)
            told = process.stderr.read()
            assert process.stdout is not None
            assert process.stdout.read() == ""
            return process.wait(), told
        finally:
            process.kill()


def status_of_last_run(home: Home, run: Any) -> str:
    (line,) = [line for line in run(home, "status").out.splitlines() if line.startswith("last run")]
    return str(line)


@pytest.mark.slow
def test_it_says_what_stands_and_the_next_refresh_names_what_it_publishes(
    home: Home, run: Any, tools: Any
) -> None:
    tools.reissue(home.landing, DOCUMENT, "8718.3", "8719.3")
    before, alerts = tools.published_state(home), (home.state / "alerts.log").read_text()
    code, told = stopped_at(home, READ)
    assert code == 130
    assert "Traceback" not in told
    (line,) = [line for line in told.splitlines() if line.startswith("Stopped: ")]
    vintage = Path(before[0]).stem.removeprefix("warehouse-")
    kept = f"read and kept for the next refresh: {DOCUMENT}."
    assert line == f"Stopped: vintage {vintage} stands; {kept}"
    assert tools.published_state(home) == before
    assert ": CANCELED" in status_of_last_run(home, run)
    answer = run(home, "refresh")
    assert answer.code == 0
    assert f"read by a refresh that did not publish: 1 ({DOCUMENT})" in answer.out
    assert "Published vintage 0002-" in answer.out
    assert (home.state / "alerts.log").read_text() == alerts
    assert "read by" not in run(home, "refresh").out
