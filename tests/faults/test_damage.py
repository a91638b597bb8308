"""Every command on a warehouse whose published or working file was spoilt somewhere.

Belongs here: what is told, and `yearbook repair`. Not here: which file stands in for which
(`tests/warehouse/test_repair.py`).
"""

import random
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.warehouse.home import Home

ASKED = (
    ("query", "select sum(hash(o)) from raw.observation as o"),
    ("query", "select * from model.coefficient", "--format", "json"),
    ("show", "he_2012_2019"),
    ("status",),
    ("where-from", "EG", "2019", "--study", "gansu_gdp_revised"),
    ("revisions",),
    ("audit",),
    ("disclose", "--to", "page.md"),
    ("export", "--format", "csv", "--to", "exported", "--replace"),
    ("refresh",),
)

HEADERS_BYTES = 3 * 4096
BLOCK_BYTES = 16 * 1024


def spoil_pages(path: Path, source: random.Random) -> None:
    """A byte of every block without which the file still opens: reading its rows fails.

    Many blocks are spoilt at once, and halved where the file does not open. It is attached to a
    database that is open: to open one more makes all of DuckDB's functions anew.
    """
    path.chmod(0o644)
    blocks = range(HEADERS_BYTES, path.stat().st_size, BLOCK_BYTES)
    waiting = [[block + source.randrange(8, BLOCK_BYTES // 4) for block in blocks]]
    with duckdb.connect() as database, path.open("r+b", buffering=0) as file:

        def turn(places: list[int]) -> None:
            for at in places:
                file.seek(at)
                (was,) = file.read(1)
                file.seek(at)
                file.write(bytes([was ^ 255]))

        while waiting:
            places = waiting.pop()
            turn(places)
            try:
                database.execute(f"attach '{path}' as spoilt (read_only)")
                database.execute("detach spoilt")
            except duckdb.Error:
                turn(places)  # as they were
                if half := len(places) // 2:
                    waiting += [places[:half], places[half:]]


def cut(path: Path, source: random.Random) -> None:
    path.chmod(0o644)
    content = path.read_bytes()
    path.write_bytes(content[: source.randrange(len(content))])


@pytest.mark.parametrize(
    ("spoilt", "spoil"),
    [
        ("published", spoil_pages),
        pytest.param("published", cut, marks=pytest.mark.slow),
        pytest.param("working", cut, marks=pytest.mark.slow),
    ],
)
def test_each_command_names_the_file_and_the_remedy_and_repair_mends_it(
    home: Home, run: Any, monkeypatch: pytest.MonkeyPatch, spoil: Any, spoilt: str
) -> None:
    monkeypatch.chdir(home.root)
    sound = [run(home, *arguments) for arguments in ASKED]
    path, told = getattr(home, spoilt).resolve(), 0
    source = random.Random(f"{spoil.__name__} {spoilt}")
    spoil(path, source)
    for arguments, before in zip(ASKED, sound, strict=True):
        if spoilt == "working" and arguments == ("refresh",):
            continue  # makes the file anew by itself
        answer = run(home, *arguments)
        assert "Traceback" not in answer.out + answer.err
        if (answer.code, answer.out) != (before.code, before.out):
            assert answer.code == 1, (arguments, answer)
            # `status` tells each part in its place, with what is sound in the others.
            said = answer.out if arguments == ("status",) else answer.err
            assert str(path) in said
            assert said.count("`yearbook repair`") == 1
            told += 1
    assert told > 1
    repaired = run(home, "repair")
    assert repaired.code == 0
    assert str(path) in repaired.out
    if spoilt == "working":  # what only this file holds is computed again
        assert run(home, "refresh").code == 0
    for arguments, before in zip(ASKED, sound, strict=True):
        if arguments != ("status",):  # which tells the alert that the refresh broke off
            assert run(home, *arguments).out == before.out
