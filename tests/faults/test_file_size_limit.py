"""Files that may not grow (`ulimit -f`): one message says so, and what was there stands.

Belongs here: whole commands under such a limit. Not here: a full disk (`test_processes.py`),
publication alone (`tests/warehouse/test_publish.py`).
"""

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assets.warehouse.home import Home

REPOSITORY = Path(__file__).parents[2]
COMMAND = "from orchestration.commands.entry import main; raise SystemExit(main())"
SOURCE = "nbs_regional_annual"
ARRIVES = REPOSITORY / "landing" / SOURCE / "2024" / "annual.xlsx"
ADD = ("add", str(ARRIVES), "--yes", "--published-on", "2024-10-05")
EXPORT = ("export", "--format", "csv", "--to", "exported")


@pytest.mark.parametrize(
    ("largest", "arguments"),
    [(100_000, ("refresh",)), (4_000, EXPORT), (4_000, ADD), (0, ADD)],
    ids=["refresh", "export", "add", "add, nothing at all"],
)
def test_it_is_told_and_nothing_changes(
    home: Home, tools: Any, largest: int, arguments: tuple[str, ...]
) -> None:
    tools.reissue(home.landing, "nbs_regional_accounts/2019", "8718.3", "8719.3")
    before, landed = tools.published_state(home), sorted(home.landing.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        cwd=home.root,
        env={**os.environ, "YEARBOOK_HOME": str(home.root), "PYTHONPATH": str(REPOSITORY)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stderr.count("No room to write") == 1
    assert f"no file may grow beyond {largest:,} bytes" in done.stderr
    assert "Lift that limit (`ulimit -f`)" in done.stderr
    assert tools.published_state(home) == before
    assert sorted(home.landing.rglob("*")) == landed
    assert not [path for path in home.root.iterdir() if "exported" in path.name]
