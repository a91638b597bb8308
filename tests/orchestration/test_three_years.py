"""Sensor and schedule over three simulated years: what they ask for, day by day, and why not.

The documents, the warehouse file and the decisions are real; the calendar is made up, a run is the
intake it starts, and the sensor, which looks every few seconds, looks once each morning.
`uv run pytest -m slow -n 0 -s tests/orchestration/test_three_years.py` prints the table.
"""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from assets.warehouse.home import Home
from assets.warehouse.lock import writer_lock
from assets.warehouse.store import Store
from orchestration import landing_sensor, refresh_schedule

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2027, 1, 1), date(2029, 12, 31)
SENSOR_OFF = 2028  # in this year only the schedule looks
BUSY = {date(2027, 10, 11), date(2029, 3, 5), date(2029, 10, 15)}  # Mondays; an analyst's backfill

# day: (source, edition, value); a value that is no number damages the document
ARRIVALS: dict[date, tuple[str, int, str]] = {
    date(2027, 2, 2): ("communique", 2027, "100"),  # a Tuesday
    date(2027, 9, 25): ("yearbook", 2027, "101"),
    date(2027, 10, 11): ("bulletin", 2027, "102"),  # while the warehouse is written
    date(2027, 11, 3): ("yearbook", 2027, "101.5"),  # re-issued
    date(2028, 2, 2): ("communique", 2028, "103"),  # a Wednesday outside the season
    date(2028, 9, 28): ("yearbook", 2028, "no number"),
    date(2028, 10, 5): ("yearbook", 2028, "104"),  # mended
    date(2029, 9, 24): ("yearbook", 2029, "105"),
    date(2029, 9, 26): ("bulletin", 2029, "106"),
}
TOUCHED = date(2029, 11, 7)  # every file gets a new date and the same content


@dataclass
class Calendar:
    """The mornings of three years: who asked for a run, and why not."""

    landing: Any
    instance: dg.DagsterInstance
    keys: set[str] = field(default_factory=set)
    log: list[tuple[date, str, str]] = field(default_factory=list)  # day, who, what

    def morning(self, day: date) -> None:
        if day in ARRIVALS:
            self.landing.put(*ARRIVALS[day])
        if day == TOUCHED:
            for path in self.landing.home.landing.rglob("*.*"):
                path.touch()
        with writing_elsewhere(self.landing.home) if day in BUSY else nullcontext():
            asked = (day.year != SENSOR_OFF and self.sensor_asks(day)) or self.schedule_asks(day)
        if asked:
            self.landing.take_in()
            self.instance.report_runless_asset_event(dg.AssetMaterialization(["raw", "document"]))

    def sensor_asks(self, day: date) -> bool:
        found = landing_sensor.landing_sensor(dg.build_sensor_context(instance=self.instance))
        if isinstance(found, dg.SkipReason):
            return self.note(day, "sensor", skip_kind(found))
        assert isinstance(found, dg.SensorResult)
        (request,) = found.run_requests or []
        assert request.run_key is not None
        if request.run_key in self.keys:  # Dagster runs a key once
            return self.note(day, "sensor", "asked before")
        self.keys.add(request.run_key)
        return not self.note(day, "sensor", "run")

    def schedule_asks(self, day: date) -> bool:
        at = datetime(day.year, day.month, day.day, 6, tzinfo=SHANGHAI)
        context = dg.build_schedule_context(instance=self.instance, scheduled_execution_time=at)
        found = refresh_schedule.refresh_schedule(context)
        if isinstance(found, dg.SkipReason):
            return self.note(day, "schedule", skip_kind(found))
        return not self.note(day, "schedule", "run")

    def note(self, day: date, who: str, what: str) -> bool:
        self.log.append((day, who, what))
        return False

    def runs(self, who: str) -> list[date]:
        return [day for day, asked, what in self.log if (asked, what) == (who, "run")]


def skip_kind(skipped: dg.SkipReason) -> str:
    words = str(skipped.skip_message)
    for kind, start in (
        ("no day to look", "Outside September"),
        ("nothing new", "No document in landing/"),
        ("nothing new", "Nothing new in landing/"),
        ("warehouse busy", "The warehouse is being written"),
    ):
        if words.startswith(start):
            return kind
    raise AssertionError(words)


@contextmanager
def writing_elsewhere(home: Home) -> Iterator[None]:
    """The lock is of the process, so one process can hold it against its own sensor by a fork."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with writer_lock(home, "a backfill"):
            os.write(writer, b"held")
            signal.pause()
    os.read(reader, 4)
    try:
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reader)
        os.close(writer)


@pytest.fixture
def three_years(landing: Any, instance: dg.DagsterInstance) -> Calendar:
    (landing.home.landing / "awaited.yaml").write_text("- yearbook\n")
    calendar = Calendar(landing, instance)
    for number in range((LAST - FIRST).days + 1):
        calendar.morning(FIRST + timedelta(days=number))
    return calendar


def table(log: list[tuple[date, str, str]]) -> str:
    """Ticks by year and outcome, and the days of the runs."""
    counts = Counter((day.year, who, what) for day, who, what in log)
    lines = [f"{'year':6}{'who':10}{'what':18}{'ticks':>6}"]
    lines += [
        f"{year:<6}{who:10}{what:18}{ticks:>6}"
        for (year, who, what), ticks in sorted(counts.items())
    ]
    lines += [f"run   {day} asked by the {who}" for day, who, what in log if what == "run"]
    return "\n".join(lines)


@pytest.mark.slow  # two thousand looks at a real warehouse file
def test_each_arrival_is_taken_in_once_and_nothing_else_runs(three_years: Calendar) -> None:
    print("\n" + table(three_years.log))
    assert three_years.runs("sensor") == [
        date(2027, 2, 2),
        date(2027, 9, 25),
        date(2027, 10, 12),  # the day after the warehouse was busy
        date(2027, 11, 3),
        date(2029, 9, 24),
        date(2029, 9, 26),
    ]
    assert three_years.runs("schedule") == [
        date(2028, 2, 7),  # the Monday after
        date(2028, 9, 28),  # refused, and not asked for again until it is mended
        date(2028, 10, 5),
    ]
    counts = Counter((who, what) for _, who, what in three_years.log)
    assert counts["sensor", "warehouse busy"] == 3
    assert counts["schedule", "warehouse busy"] == 3  # all three are days on which it looks
    assert counts["sensor", "asked before"] == 0
    days = (LAST - FIRST).days + 1
    looked = days - 366  # 2028 is a leap year, and the sensor is off in it
    assert sum(ticks for (who, _), ticks in counts.items() if who == "sensor") == looked
    assert sum(ticks for (who, _), ticks in counts.items() if who == "schedule") == days - 6
    arrived = [arrival for arrival in ARRIVALS.values() if arrival[2] != "no number"]
    last = {(source, edition): float(value) for source, edition, value in arrived}
    taken_in = Store(three_years.landing.home.working).rows(
        "select source, edition, value from raw.observation"
    )
    assert {(source, edition): value for source, edition, value in taken_in} == last
