"""The persistent Dagster instance: its folder, its settings, and runs that died in it.

Belongs here: DAGSTER_HOME. Not here: running anything.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assets.warehouse.home import HOME_VARIABLE, Home
from assets.warehouse.private import private_file
from orchestration.runs.postgres import URL_VARIABLE, claim, postgres_url, with_postgres

if TYPE_CHECKING:
    import dagster as dg

SETTINGS = Path(__file__).with_name("dagster.yaml")
PID_TAG = "yearbook/pid"


def prepare_instance(home: Home) -> Path:
    """Create DAGSTER_HOME with the committed settings and point this process at it.

    The folder is absolute, so that the command line, the daemon and the web server share it.
    Raises WarehouseError where PostgreSQL is to keep the runs and does not answer.
    """
    home.prepare()
    folder = home.dagster.resolve()
    os.umask(0o077)  # Dagster's own files, in this process and those it starts
    _write_settings(folder / SETTINGS.name, home)
    os.environ["DAGSTER_HOME"] = str(folder)
    os.environ[HOME_VARIABLE] = str(home.root)
    return folder


@contextmanager
def opened_instance(home: Home) -> Iterator["dg.DagsterInstance"]:
    """The instance of a home, open within the block. Raises as `prepare_instance`."""
    prepare_instance(home)
    import dagster as dg

    with dg.DagsterInstance.get() as instance:
        yield instance


def _write_settings(path: Path, home: Home) -> None:
    """The committed settings, or those with PostgreSQL; a change of place is told, once."""
    wanted, url = SETTINGS.read_bytes(), postgres_url()
    if url is not None:
        import yaml

        claim(url, home)
        wanted = yaml.safe_dump(with_postgres(yaml.safe_load(wanted), url)).encode()
    found = path.read_bytes() if path.exists() else b""
    if found == wanted:
        return
    if (url is None) == (b"postgres_url" in found):
        now = f"files, since {URL_VARIABLE} is not set" if url is None else "PostgreSQL"
        print(
            f"Dagster's runs are kept in {now}; those of before stay where they are.",
            file=sys.stderr,
        )
    private_file(path).write_bytes(wanted)


def close_dead_runs(instance: "dg.DagsterInstance") -> int:
    """Mark runs as failed whose process is gone; a killed run would hold up the queue for ever.

    Runs of the command line carry their process id. Returns how many were closed.
    """
    import dagster as dg

    unfinished = instance.get_runs(
        dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED])
    )
    dead = [run for run in unfinished if PID_TAG in run.tags and not _lives(int(run.tags[PID_TAG]))]
    for run in dead:
        instance.report_run_failed(run, f"Process {run.tags[PID_TAG]} is gone; the run was killed.")
    return len(dead)


def _lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()
