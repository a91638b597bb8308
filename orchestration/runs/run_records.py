"""What Dagster wrote of its last runs and of their checks, read from its tables.

Belongs here: the columns of Dagster's tables, in files or in PostgreSQL, that `yearbook status`
tells. Loading Dagster takes several times as long as all else that status does. Its SQL stands
here and not in `sql/`: it is of SQLite and PostgreSQL, over tables of which this module alone knows
the columns. Not here: what has Dagster loaded anyway (`assets/release/report/run_checks.py`; a test
holds that both say the same), and writing them.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from assets.warehouse.home import Home
from orchestration.runs.postgres import opened, postgres_url

RUNS_LOOKED_AT = 50

_Rows = Callable[[str, Sequence[object]], Iterable[Mapping[str, Any]]]

_LAST_RUNS = """
    select run_id, pipeline_name as job, status, end_time as ended_at
    from runs order by id desc limit ?
"""
_EVALUATIONS = """
    select asset_key, check_name, execution_status, evaluation_event as event
    from asset_check_executions
    where run_id = ? and execution_status in ('SUCCEEDED', 'FAILED')
"""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run. ended_at: seconds since 1970, UTC; None while it is under way."""

    run_id: str
    job: str
    status: str
    ended_at: float | None


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that did not pass when it was evaluated last."""

    name: str  # `asset: check`
    severity: str
    description: str


@dataclass(frozen=True, slots=True)
class Evaluated:
    """How many checks some runs evaluated, and those that did not pass the last time, by name."""

    count: int
    failed: tuple[FailedCheck, ...]


def last_runs(home: Home) -> tuple[RunRecord, ...]:
    """The last runs, the latest first.

    Raises sqlite3.Error where the file is damaged, WarehouseError where PostgreSQL is away.
    """
    with _asking(home, "runs.db") as rows:
        return tuple(RunRecord(**row) for row in rows(_LAST_RUNS, (RUNS_LOOKED_AT,)))


def evaluated_by(home: Home, runs: Sequence[RunRecord]) -> Evaluated:
    """The checks of runs, the latest of which comes first. Raises as `last_runs` does."""
    latest: dict[str, FailedCheck | None] = {}
    with _asking(home, "runs/index.db") as rows:
        for run in reversed(runs):
            for found in rows(_EVALUATIONS, (run.run_id,)):
                name = f"{'/'.join(json.loads(found['asset_key']))}: {found['check_name']}"
                is_failed = found["execution_status"] == "FAILED"
                latest[name] = _failed(name, found["event"]) if is_failed else None
    failed = sorted(filter(None, latest.values()), key=lambda check: check.name)
    return Evaluated(len(latest), tuple(failed))


def _failed(name: str, event: str) -> FailedCheck:
    evaluation = json.loads(event)["dagster_event"]["event_specific_data"]
    severity = evaluation["severity"]["__enum__"].removeprefix("AssetCheckSeverity.")
    return FailedCheck(name, severity, evaluation["description"] or "")


@contextmanager
def _asking(home: Home, file: str) -> Iterator[_Rows]:
    """What gives the rows of a question to Dagster's tables; none before its first run.

    file: where they lie, unless PostgreSQL has them. It is opened to be written, since where it is
    opened to be read alone, SQLite leaves its two files behind.
    """
    url = postgres_url()
    path = home.dagster / "history" / file
    if url is not None:
        with opened(url) as connection, connection.cursor() as cursor:
            yield partial(_rows_of_postgres, cursor)
    elif not path.exists():
        yield lambda _question, _parameters: ()
    else:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True)) as connection:
            connection.row_factory = _by_name
            yield connection.execute


def _by_name(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> dict[str, Any]:
    return {name: value for (name, *_), value in zip(cursor.description, row, strict=True)}


def _rows_of_postgres(
    cursor: Any, question: str, parameters: Sequence[object]
) -> list[dict[str, Any]]:
    from psycopg2.errors import UndefinedTable

    try:
        cursor.execute(question.replace("?", "%s"), parameters)
    except UndefinedTable:
        return []
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
