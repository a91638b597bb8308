"""`docs/queries.md` and `docs/notebook.py`: every query runs, and gives rows where it has data."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

PAGE = Path(__file__).parents[2] / "docs" / "queries.md"
_QUESTION = re.compile(r"### (\d+)\. ([^\n]+)\n\n```sql\n(.*?)```\n\n\S", re.DOTALL)
# The small landing folder has neither provinces nor records of sellers.
WITHOUT_DATA = {"26", "27"}


def test_every_query_of_the_page_runs_and_gives_rows(two_vintages) -> None:
    text = PAGE.read_text(encoding="utf-8")
    found = _QUESTION.findall(text)
    assert [number for number, _, _ in found] == [str(n) for n in range(1, len(found) + 1)]
    assert len(found) >= 25
    assert text.count("```sql") == len(found)
    with duckdb.connect(two_vintages.home.published, read_only=True) as connection:
        for number, question, sql in found:
            rows = connection.execute(sql).fetchall()  # raises where a table or column is gone
            assert bool(rows) == (number not in WITHOUT_DATA), f"{number}. {question}"


@pytest.mark.slow  # a process of its own, which loads pandas and matplotlib
def test_the_notebook_runs_from_the_first_cell_to_the_last(two_vintages, tmp_path: Path) -> None:
    show = (
        "import importlib.util as u; "
        f"spec = u.spec_from_file_location('notebook', {str(PAGE.with_name('notebook.py'))!r}); "
        "module = u.module_from_spec(spec); spec.loader.exec_module(module); "
        "_, found = module.app.run(); found['forest'].savefig('forest.svg'); "
        "print({n: len(found[n]) for n in ('studies', 'results', 'prints', 'cells')})"
    )
    done = subprocess.run(
        [sys.executable, "-c", show],
        env={**os.environ, "YEARBOOK_HOME": str(two_vintages.home.root)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    counts = ast.literal_eval(done.stdout)
    assert counts["results"] == 4
    assert min(counts.values()) > 0
    assert (tmp_path / "forest.svg").stat().st_size > 1000
