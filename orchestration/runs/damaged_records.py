"""What Dagster keeps of runs and what is kept of alerts, in SQLite files that were damaged.

Belongs here: telling that one is, and putting it aside. Not here: figures and results, none of
which stands in them (`assets/warehouse/repair.py`).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from assets.warehouse.errors import WarehouseDamaged
from assets.warehouse.home import Home
from assets.warehouse.private import private_folder

_DAMAGE = ("file is not a database", "malformed")
_BESIDE = ("", "-wal", "-shm", "-journal")


@contextmanager
def damaged_records_named(home: Home) -> Iterator[None]:
    """Say in plain words where a record is damaged. Raises WarehouseDamaged."""
    try:
        yield
    except Exception as error:
        cause = _damage_behind(error)
        if cause is None:
            raise
        raise WarehouseDamaged(
            f"A record of runs or alerts in {home.state} is damaged: {cause}.\n"
            "  No figure stands in it; what is published is as it was. `yearbook repair` puts it "
            "aside, and says which."
        ) from error


def put_aside_damaged_records(home: Home) -> list[str]:
    """Move damaged records to `.yearbook/damaged/`; a paragraph on each. Call under the lock.

    The next run begins new ones.
    """
    told = []
    for path in (home.state / "outbox.sqlite", *sorted(home.dagster.rglob("*.db"))):
        damage = _damage_of(path) if path.is_file() else None
        if damage is None:
            continue
        folder = private_folder(home.state / "damaged" / path.parent.relative_to(home.state))
        for end in _BESIDE:
            file = path.with_name(path.name + end)
            if file.exists():
                file.replace(folder / file.name)
        what = (
            "Runs, and when what was computed, are shown from the next run on"
            if path.is_relative_to(home.dagster)
            else "Alerts that stand are sent once more"
        )
        told.append(
            f"{path} is damaged: {damage}.\n"
            f"  It was moved to {folder}. {what}; figures and results are not concerned."
        )
    return told


def _damage_of(path: Path) -> str | None:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True)) as connection:
            ((found,),) = connection.execute("pragma quick_check(1)").fetchall()
    except sqlite3.DatabaseError as error:
        return _damage_behind(error)
    return None if found == "ok" else str(found)


def _damage_behind(error: BaseException | None) -> str | None:
    """What SQLite said of a damaged file, where an error goes back to that."""
    while error is not None:
        if isinstance(error, sqlite3.DatabaseError) and any(d in str(error) for d in _DAMAGE):
            return str(error)
        error = error.__cause__ or error.__context__
    return None
