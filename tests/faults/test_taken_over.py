"""A refresh that takes over what did not change publishes what a full one would.

Belongs here: whole refreshes, compared table by table. Not here: when a step is computed
(`tests/vintages/test_kept_results.py`).
"""

import random
import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.warehouse.home import Home
from benchmarks.changed_documents import CHANGES, change

REPOSITORY = Path(__file__).parents[2]
MORE = ("nbs_regional_accounts/2020", "nbs_regional_accounts/2021", "cnhubei_poverty_review/2017")
DOCUMENT = "nbs_regional_accounts/2019"


def published_rows(home: Home) -> dict[str, list[Any]]:
    """All rows of all published tables; the time of a vintage is the clock's."""
    with duckdb.connect(home.published, read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where not internal"
        ).fetchall()
        return {
            name: connection.execute(
                f"from {name} order by all"
                if name != "model.vintage"
                else f"select * exclude (created_at) from {name} order by all"
            ).fetchall()
            for (name,) in tables
        }


def unchanged_steps(answer: Any) -> int:
    found = re.search(r"(\d+) steps? computed, (\d+) unchanged", answer.out)
    assert found is not None, answer.out
    return int(found[2])


def test_a_reissue_and_a_revising_edition_give_what_a_full_refresh_gives(
    home: Home, run: Any, two_vintages: Any
) -> None:
    shutil.rmtree(home.landing)
    shutil.copytree(two_vintages.home.landing, home.landing)
    part = two_vintages.answer
    assert part.code == 0, part.err
    assert unchanged_steps(part) > 0
    entries = re.search(r"of their (\d+) entries (\d+) computed", part.out)
    assert entries is not None, part.out
    assert 0 < int(entries[2]) < int(entries[1])
    full = run(home, "refresh", "--full")
    assert unchanged_steps(full) == 0
    assert published_rows(two_vintages.home) == published_rows(home)


def test_nothing_stays_of_a_refresh_of_other_code_that_died_and_was_taken_back(
    home: Home, run: Any, tools: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it read, as if otherwise, is read again; its vintage is not published for another's."""
    landing, before = home.root / "as_it_was", tools.published_state(home)
    shutil.copytree(home.landing, landing)
    tools.reissue(home.landing, DOCUMENT, "8718.3", "8719.3")
    with monkeypatch.context() as dies:
        dies.setattr("assets.release.publication.publish", lambda *_: 1 / 0)
        assert run(home, "refresh").code == 1
    with duckdb.connect(home.working) as connection:
        assert connection.execute("select max(vintage) from model.vintage").fetchall()[0][0][
            :5
        ] == ("0002-")
        connection.execute("update raw.observation set value = 1.25 * value")
        connection.execute("update kept.read_by set code_sha256 = 'of other code'")
    shutil.rmtree(home.landing)
    landing.rename(home.landing)
    answer = run(home, "refresh")
    assert answer.code == 0, answer.out + answer.err
    assert tools.published_state(home) == before
    with (
        duckdb.connect(home.working, read_only=True) as now,
        duckdb.connect(home.published, read_only=True) as published,
    ):
        for sql in (
            "from raw.observation order by all",
            "select vintage from model.vintage order by all",
            "from indices.index_value order by all",
        ):
            assert now.execute(sql).fetchall() == published.execute(sql).fetchall()
    assert run(home, "refresh").out.count("Nothing is new") == 1


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_random_changes_one_after_the_other(
    home: Home, run: Any, tools: Any, tmp_path: Path, seed: int
) -> None:
    drawn = random.Random(seed)
    whole = tools.copied(home, tmp_path / "whole")
    waiting = list(MORE)
    for _ in range(4):
        if waiting and drawn.random() < 0.5:
            document = waiting.pop(drawn.randrange(len(waiting)))
            for each in (home, whole):
                shutil.copytree(REPOSITORY / "landing" / document, each.landing / document)
        else:
            folders = [each.landing / "ppdoc_gansu_poverty/2020" for each in (home, whole)]
            change(drawn.choice(sorted(CHANGES)), drawn, folders)
        assert run(home, "refresh").code == run(whole, "refresh", "--full").code
        assert published_rows(home) == published_rows(whole)
