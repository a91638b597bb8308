"""Files that may not grow (`ulimit -f`): one message says so, and what was there stands.

Belongs here: whole commands under such a limit. Not here: a full disk (`test_processes.py`),
publication alone (`tests/warehouse/test_publish.py`).
"""

import os
import resource
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from assets.warehouse.home import HOME_VARIABLE, Home
from benchmarks.prepared_process import PreparedProcess

REPOSITORY = Path(__file__).parents[2]
COMMAND = "from orchestration.commands.entry import program; program()"
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
    done = PreparedProcess(
        ["-c", COMMAND, *arguments],
        folder=home.root,
        # Python would keep cut-off copies of this project's modules.
        environment={
            **os.environ,
            HOME_VARIABLE: str(home.root),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        before=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (largest, largest)),
    )
    out, err = done.communicate()
    assert done.returncode == 1, out + err
    assert "Traceback" not in out + err
    assert err.count("No room to write") == 1
    assert f"no file may grow beyond {largest:,} bytes" in err
    assert "Lift that limit (`ulimit -f`)" in err
    assert tools.published_state(home) == before
    assert sorted(home.landing.rglob("*")) == landed
    assert not [path for path in home.root.iterdir() if "exported" in path.name]
