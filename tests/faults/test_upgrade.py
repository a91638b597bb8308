"""A warehouse that a former version wrote: this one goes on with it, and old results stand.

Belongs here: whole commands on what `former/make.py` kept of a version. Not here: how a table takes
up new columns and names (`tests/warehouse/test_store.py`).
"""

import hashlib
import re
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.vintages.vintage_rows import DocumentBeforeRow
from assets.warehouse.home import Home
from assets.warehouse.queries import query_text
from assets.warehouse.tables.row import Row
from benchmarks.small_landing import DOCUMENTS, lay_documents

FORMER = Path(__file__).parent / "former" / "9f93831.tar.xz"
# Of which the rows stand under the vintage before the one computed, and change with it.
OF_THE_LAST = DocumentBeforeRow.table.name
Results = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


def results(path: Path, vintages: list[str], names: dict[str, str]) -> Results:
    """Columns and rows of these vintages in every table of results, by the table's name.

    names: what a table is called here, by its name in the file.
    """
    with duckdb.connect(path, read_only=True) as connection:
        tables = connection.execute(query_text("vintages/tables_of_results")).fetchall()
        found = {}
        for (name,) in tables:
            said = connection.execute(
                f"from model.{name} where list_contains(?, vintage)", [vintages]
            )
            columns = [column[0] for column in said.description or []]
            found[names.get(f"model.{name}", f"model.{name}")] = (columns, said.fetchall())
    found.pop(OF_THE_LAST)
    return found


def under(columns: list[str], table: tuple[list[str], list[tuple[Any, ...]]]) -> list[str]:
    """The rows of a table under some of its columns, in an order."""
    places = [table[0].index(name) for name in columns]
    return sorted(repr([row[place] for place in places]) for row in table[1])


def renamed() -> dict[str, str]:
    """The names that tables have now, by their former ones."""
    import orchestration.definitions  # noqa: F401  (declares every table)

    def below(kind: type[Row]) -> Iterator[type[Row]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    tables = [kind.table for kind in below(Row) if hasattr(kind, "table")]
    return {table.formerly: table.name for table in tables if table.formerly}


@pytest.fixture
def former(tmp_path: Path) -> Home:
    with tarfile.open(FORMER) as archive:
        archive.extractall(tmp_path, filter="tar")
    return Home(tmp_path / "home")


@pytest.mark.slow  # two refreshes
def test_old_results_stand_row_for_row(former: Home, run: Any) -> None:
    before = former.published.resolve()
    with duckdb.connect(before, read_only=True) as connection:
        named = connection.execute("select vintage from model.vintage order by 1").fetchall()
    vintages = [str(vintage) for (vintage,) in named]
    assert [each[:4] for each in vintages] == ["0001", "0002", "0003"]
    files = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in former.releases.iterdir()
    }
    old = results(before, vintages, renamed())
    assert sum(len(rows) for _, rows in old.values()) > 500

    status = run(former, "status")
    assert status.code == 0, status.out
    assert f"published  vintage {vintages[-1]}" in status.out
    checked = run(former, "check")
    assert checked.code == 1
    assert "layout nbs_export is of earlier versions; in its place stands `axes: site`" in (
        checked.out
    )

    refused = run(former, "refresh")  # the cards as they were: their figures stand
    assert refused.code == 1
    assert "Traceback" not in refused.out + refused.err
    assert "Published vintage 0004-" in refused.out, refused.out + refused.err
    for document in DOCUMENTS:
        shutil.rmtree(former.landing / document)
    lay_documents(former.landing)
    taken = run(former, "refresh")
    assert taken.code == 0, taken.out + taken.err
    assert "Published vintage 0005-" in taken.out

    new = results(former.published.resolve(), vintages, {})
    assert old.keys() <= new.keys()
    for name, (columns, rows) in old.items():
        assert under(columns, new[name]) == under(columns, (columns, rows)), name
    assert (
        files.items()
        <= {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in former.releases.iterdir()
        }.items()
    )
    again = run(former, "reproduce", vintages[0])
    # Words of a verdict may be others by now; no number is.
    differences = re.findall(r"model\.\w+ +\d+ +(\S+) +(\S+) +\d+", again.out)
    assert differences == [("0", "0")] * 3, again.out
