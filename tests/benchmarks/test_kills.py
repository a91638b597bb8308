"""A short campaign of kills loses and mixes nothing; a kill falls where it is meant to."""

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.killed_work import Killer, phase_of
from benchmarks.kills import campaign


@pytest.mark.parametrize(
    ("event", "given", "phase"),
    [
        ("os.rename", ("/h/a", "/h/releases/warehouse-0001.duckdb", -1, -1), "releases/warehouse"),
        ("os.symlink", ("releases/a", "/h/.warehouse.duckdb.77", -1), ".warehouse.duckdb"),
        ("os.remove", (b"/h/releases/warehouse-0001.duckdb", -1), "releases/warehouse"),
        ("open", (Path("/h/landing/nbs/2024/card.yaml"), "r", 0), "landing/nbs"),
    ],
)
def test_a_phase_is_a_call_and_what_it_is_about(
    event: str, given: tuple[object, ...], phase: str
) -> None:
    assert phase_of(event, given, Path("/h")) == f"{event.removeprefix('os.')} {phase}"


@pytest.mark.parametrize("given", [3, "/other/file", "/hh/file"])
def test_what_lies_elsewhere_is_one_phase(given: object) -> None:
    assert phase_of("open", (given, "r", 0), Path("/h")) == "outside the warehouse"


def test_a_kill_falls_before_the_call_it_is_meant_for_or_between_calls(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    for number in range(300):
        (source / f"file{number}").write_text("x")
    killer = Killer(random.Random(3), [])
    work = killer.measured(tmp_path, shutil.copytree, source, target)
    assert Counter(work.phases)["open target/file"] == 300
    seen: Counter[tuple[str, str]] = Counter()
    for _ in range(24):
        shutil.rmtree(target, ignore_errors=True)
        kill = killer.kill(work)
        assert kill.was_at_work or kill.how == "moment"
        if kill.phase == "mkdir target":
            assert not target.exists()
        elif (kill.how, kill.phase) == ("call", "open target/file"):
            assert len(list(target.iterdir())) < 300
        elif (kill.how, kill.phase) == ("call", "chmod target"):  # the last call of all
            assert len(list(target.iterdir())) == 300
        seen[kill.how, kill.phase] += kill.was_at_work
    met = {phase for how, phase in seen if how == "call"}
    assert {"mkdir target", "open target/file"} <= met  # one call, and 300
    assert sum(times for (how, _), times in seen.items() if how == "moment") > 0


@pytest.mark.slow
def test_a_short_campaign_loses_and_mixes_nothing(tmp_path: Path) -> None:
    kills = {"publish": 8, "repair": 8, "add": 4, "export": 4, "refresh": 3}
    counts = campaign(kills, seed=3, folder=tmp_path)
    assert {kind: count.killed for kind, count in counts.items()} == kills
    assert [what for count in counts.values() for what in count.wrong] == []
    assert sum(count.lost + count.mixed for count in counts.values()) == 0
