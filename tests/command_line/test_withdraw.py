"""`yearbook withdraw`: the card says it, the next refresh does it, and says what went."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from assets.warehouse.home import Home

REPOSITORY = Path(__file__).parents[2]
COUNT = "select count(*) from raw.observation where source = 'ppdoc_gansu_poverty'"


def test_a_withdrawn_document_gives_no_figure_and_the_loss_is_named(
    changed: Any, run: Any, tools: Any, tmp_path: Path
) -> None:
    answer, done = changed.said["withdraw"], changed.said["refresh"]
    assert answer.code == 0, answer.err
    assert "says that it is withdrawn: misread: see errata" in answer.out
    assert done.code == 0, done.err
    assert (
        "withdrawn, its figures are no longer taken: ppdoc_gansu_poverty/2020 (misread: see errata)"
        in done.out
    )
    assert "no_year_of_an_indicator_gone" in done.out
    assert "| figure |  |  | CN-GS | poverty_incidence | 2012 |" in done.out

    home = tools.copied(changed.home, tmp_path / "home")
    assert run(home, "query", COUNT, "--format", "csv").out.split() == ["count_star()", "0"]
    again = run(home, "withdraw", "ppdoc_gansu_poverty/2020", "--reason", "x")
    assert (again.code, "was withdrawn on" in again.out) == (1, True)
    quiet = run(home, "refresh")
    assert "Nothing is new" in quiet.out


def test_what_is_not_in_landing_cannot_be_withdrawn(home: Home, run: Any) -> None:
    answer = run(home, "withdraw", "nobody/2019", "--reason", "x")
    assert answer.code == 1
    assert "landing/nobody/2019/card.yaml is not there" in answer.err
    assert "Put its folder back" in answer.err


def test_the_module_runs_as_the_command(home: Home) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "orchestration.commands.entry",
            "withdraw",
            "nobody/2019",
            "--reason",
            "x",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
        env={**os.environ, "YEARBOOK_HOME": str(home.root)},
    )
    assert (done.returncode, "is not there" in done.stderr) == (1, True)


def test_a_result_too_wide_for_the_terminal_is_shown_row_by_row(home: Home, run: Any) -> None:
    wide = run(home, "query", f"select 1 as first_column, '{'x' * 200}' as second")
    assert wide.out.splitlines()[1:3] == ["first_column  1", f"second        {'x' * 200}"]


def test_a_wrong_file_of_regions_is_told_not_traced(tmp_path: Path) -> None:
    edition = tmp_path / "landing/source/2020"
    edition.mkdir(parents=True)
    (edition / "card.yaml").write_text("source: source\n", encoding="utf-8")
    (tmp_path / "landing/regions.yaml").write_text("source: x\nregions: {}\n", encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, "-m", "orchestration.commands.entry", "refresh"],
        env={**os.environ, "YEARBOOK_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "landing/regions.yaml, field licence: the field is missing." in answer.stderr
    assert "Traceback" not in answer.stderr
