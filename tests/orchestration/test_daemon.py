"""The real daemon: documents come and go in `landing/`, and nobody types a command."""

import hashlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assets.warehouse.home import Home
from assets.warehouse.reader import query
from orchestration.refusals import JOB as REFUSAL

pytestmark = pytest.mark.slow

SOURCE = "nbs_national_annual"
PATIENCE_SECONDS = 240.0
QUIET_SECONDS = 30.0  # several looks of the sensor, and of the automation after it


def drop_edition(home: Home, old: int, new: int, edit: Callable[[bytes], bytes]) -> Path:
    """A new edition that extends the old one's card; appears in one step, as `mv` makes it.

    Without the old one's notes, which are of its day.
    """
    folder = home.landing / SOURCE / str(new)
    building = home.root / f"building-{new}"
    building.mkdir()
    printed = (home.landing / SOURCE / str(old) / "annual.csv").read_bytes()
    lines = printed.splitlines(keepends=True)
    content = edit(b"".join(line for line in lines if not line.startswith("注".encode())))
    (building / "annual.csv").write_bytes(content)
    (building / "card.yaml").write_text(
        f"extends: ../{old}/card.yaml\nedition: {new}\npublished_on: {new}-12-15\n"
        f"document: {{file: annual.csv, sha256: {hashlib.sha256(content).hexdigest()}, "
        f"bytes: {len(content)}}}\n"
    )
    building.rename(folder)
    return folder


def wait_for(condition: Callable[[], bool], what: str) -> float:
    start = time.monotonic()
    while not condition():
        if time.monotonic() - start > PATIENCE_SECONDS:
            pytest.fail(f"{what} did not come in {PATIENCE_SECONDS:.0f} s")
        time.sleep(0.2)
    return time.monotonic() - start


def published(home: Home) -> str:
    return os.readlink(home.published)


def model_rows(home: Home, vintage: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every model table under one vintage; two hold the latest vintage alone."""
    tables = query(
        home,
        "select table_name from duckdb_tables() where schema_name = 'model' "
        "and table_name not in ('document_before', 'specification')",
    ).rows
    return {
        table: query(
            home, f"select * from model.{table} where vintage = $v order by all", {"v": vintage}
        ).rows
        for (table,) in tables
    }


def vintages(home: Home) -> list[str]:
    rows = query(home, "select vintage from model.vintage order by vintage").rows
    return [vintage for (vintage,) in rows]


def test_from_a_dropped_edition_to_publication(serve: Callable[..., Any]) -> None:
    interface = serve()
    home = interface.home
    print(
        f"\npage after {interface.seconds_to_answer:.1f} s, {interface.memory_mb():.0f} MB "
        f"in {len(interface.processes())} processes"
    )
    (first,) = vintages(home)
    before, link, runs = model_rows(home, first), published(home), len(interface.runs())

    drop_edition(home, 2024, 2025, lambda text: text.replace(b"688858.2", b"688900.2"))
    seconds = wait_for(lambda: published(home) != link, "publication")
    print(f"dropped to published: {seconds:.1f} s")
    assert len(vintages(home)) == 2
    assert model_rows(home, first) == before
    assert any(model_rows(home, vintages(home)[1]).values())
    latest = "select value from raw.observation where source = $s and edition = 2025 "
    figure = f"{latest} and indicator = 'gross_product' and reference_year = 2015"
    assert query(home, figure, {"s": SOURCE}).rows == [(688900.2,)]
    wait_for(lambda: interface.runs()[0]["status"] == "SUCCESS", "the end of the run")
    assert len(interface.runs()) == runs + 2  # the intake, and one run for all that follows

    for path in (home.landing / SOURCE / "2025").iterdir():
        path.touch()
    time.sleep(QUIET_SECONDS)
    assert len(interface.runs()) == runs + 2

    link = published(home)
    drop_edition(home, 2024, 2023, lambda text: text.replace(b"688858.2", b"6888x8.2"))
    drop_edition(home, 2024, 2026, lambda text: text.replace(b"688858.2", b"688901.2"))
    seconds = wait_for(lambda: published(home) != link, "publication beside a damaged document")
    print(f"published beside a damaged document: {seconds:.1f} s")
    quarantined = query(home, "select source, edition, message from raw.quarantine").rows
    ((source, edition, message),) = quarantined
    assert (source, edition) == (SOURCE, "2023")
    assert "6888x8.2" in message
    taken = "select edition from raw.document where source = $s order by edition"
    assert [row[0] for row in query(home, taken, {"s": SOURCE}).rows] == [2024, 2025, 2026]
    assert model_rows(home, first) == before


def test_a_damaged_document_alone_leaves_the_published_file(serve: Callable[..., Any]) -> None:
    interface = serve()
    home = interface.home
    link, runs = published(home), len(interface.runs())
    drop_edition(home, 2024, 2025, lambda text: text.replace(b"688858.2", b"none"))
    wait_for(lambda: len(interface.runs()) > runs, "the intake")
    wait_for(
        lambda: ("ingest", "SUCCESS") in [(r["jobName"], r["status"]) for r in interface.runs()],
        "the end of the intake",
    )
    time.sleep(QUIET_SECONDS + 20)
    wait_for(
        lambda: {run["status"] for run in interface.runs()} <= {"SUCCESS", "FAILURE"},
        "the end of what follows",
    )
    assert published(home) == link
    told = [(run["jobName"], run["status"]) for run in interface.runs()]
    assert told.count(("ingest", "SUCCESS")) == 1  # not again and again
    assert told.count((REFUSAL, "FAILURE")) == 1  # red in the list, once
    assert {status for job, status in told if job != REFUSAL} == {"SUCCESS"}


@pytest.mark.parametrize(
    ("stop", "code", "in_the_background"),
    [(signal.SIGTERM, 0, False), (signal.SIGINT, 130, False), (signal.SIGTERM, 0, True)],
)
def test_a_signal_ends_every_process_in_one_line(
    serve: Callable[..., Any], stop: signal.Signals, code: int, in_the_background: bool
) -> None:
    interface = serve(in_the_background_of_a_shell=in_the_background)
    said = interface.output.read_text()
    main = next(
        pid
        for pid, command in interface.processes().items()
        if " ui " in command and not command.startswith("bash")
    )
    ignored = next(
        int(line.split()[1], 16)
        for line in Path(f"/proc/{main}/status").read_text().splitlines()
        if line.startswith("SigIgn")
    )
    assert not ignored & (1 << (signal.SIGINT - 1))
    os.kill(main, stop)
    seconds = wait_for(lambda: not interface.processes(), "the end of every process")
    print(f"\nstopped in {seconds:.1f} s")
    assert interface.process.wait() == code
    assert interface.output.read_text().removeprefix(said) == "Stopped.\n"


@pytest.mark.parametrize("moment", ["token=", "dagster code-server", "dagster._daemon"])
def test_ctrl_c_while_it_loads_is_one_line(serve: Callable[..., Any], moment: str) -> None:
    """As a terminal sends it: to every process, also to those that have just begun to load."""
    interface = serve(loaded=False)
    wait_for(
        lambda: any(moment in said for said in (interface.link, *interface.processes().values())),
        moment,
    )
    said = interface.output.read_text()
    os.killpg(interface.process.pid, signal.SIGINT)
    assert interface.process.wait() == 130
    assert interface.output.read_text().removeprefix(said) == "Stopped.\n"
    wait_for(lambda: not interface.processes(), "the end of every process")


def test_the_interface_ends_with_its_daemon_and_says_so(serve: Callable[..., Any]) -> None:
    interface = serve()
    daemon = next(pid for pid, said in interface.processes().items() if "dagster._daemon" in said)
    os.kill(daemon, signal.SIGKILL)
    assert interface.process.wait() == 1
    assert "daemon ended by itself (exit code -9)" in interface.output.read_text()
