"""A clock that went back between refreshes: vintages keep their order, and nothing is held up.

Belongs here: whole processes under another clock (`faketime`). Not here: alerts under one
(`tests/orchestration/alerts/`), files by their age (`tests/warehouse/test_publish.py`).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assets.warehouse.home import Home
from assets.warehouse.reader import query

REPOSITORY = Path(__file__).parents[2]
COMMAND = "from orchestration.commands.entry import program; program()"
DOCUMENT = "nbs_regional_accounts/2019"
A_YEAR_BACK = "-400d"


def under_clock(home: Home, offset: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in a process whose clock is so far from the machine's."""
    return subprocess.run(
        ["faketime", "-f", offset, sys.executable, "-c", COMMAND, *arguments],
        cwd=REPOSITORY,
        env={**os.environ, "YEARBOOK_HOME": str(home.root)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow  # three refreshes
@pytest.mark.skipif(shutil.which("faketime") is None, reason="needs faketime")
def test_a_year_back_between_refreshes(home: Home, run: Any, tools: Any) -> None:
    (home.landing / "awaited.yaml").write_text("- nbs_regional_accounts\n")
    tools.reissue(home.landing, DOCUMENT, "8718.3", "8719.3")
    back = under_clock(home, A_YEAR_BACK, "refresh")
    assert back.returncode == 0, back.stdout + back.stderr
    assert "Published vintage 0002-" in back.stdout
    status = under_clock(home, A_YEAR_BACK, "status")
    assert status.returncode == 0
    assert "0 waiting" in status.stdout
    assert "published  vintage 0002-" in status.stdout
    assert "awaiting   nbs_regional_accounts 2020" in status.stdout
    assert "Nothing is new" in run(home, "refresh").out
    tools.reissue(home.landing, DOCUMENT, "8719.3", "8720.3")
    again = run(home, "refresh")
    assert again.code == 0, again.out + again.err
    assert "Published vintage 0003-" in again.out
    rows = query(home, "select vintage, created_at from model.vintage order by vintage").rows
    assert [name[:4] for name, _ in rows] == ["0001", "0002", "0003"]
    first, second, third = (moment for _, moment in rows)
    assert second < first <= third  # the clock did go back
    compared = run(home, "diff")
    assert compared.code == 0
    assert f"{rows[1][0]}" in compared.out
    assert f"{rows[2][0]}" in compared.out
    assert (home.state / "alerts.log").exists()
