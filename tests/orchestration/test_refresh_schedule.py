"""The schedule over a year of mornings, and what it says when it does nothing."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from assets.extracts.landed.survey import LandedDocument
from assets.warehouse.home import Home
from orchestration import refresh_schedule as module
from orchestration.definitions import defs
from orchestration.refresh_schedule import refresh_schedule

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 3, 3, 6, tzinfo=SHANGHAI)
MONDAY = datetime(2026, 3, 2, 6, tzinfo=SHANGHAI)
OCTOBER = datetime(2026, 10, 7, 6, tzinfo=SHANGHAI)  # a Wednesday


def evaluate(day: datetime, instance: dg.DagsterInstance) -> dg.RunRequest | dg.SkipReason:
    context = dg.build_schedule_context(instance=instance, scheduled_execution_time=day)
    found = refresh_schedule(context)
    assert isinstance(found, dg.RunRequest | dg.SkipReason)
    return found


def reason(found: dg.RunRequest | dg.SkipReason) -> str:
    assert isinstance(found, dg.SkipReason)
    return str(found.skip_message)


def test_a_year_of_mornings_in_shanghai(
    home: Home, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = (LandedDocument("source", "2026", home.landing / "source/2026", "a" * 64),)
    monkeypatch.setattr(module, "waiting_documents", lambda home: waiting)
    schedule = defs.resolve_schedule_def("refresh_schedule")
    assert schedule.cron_schedule == "0 6 * * *"
    assert schedule.execution_timezone == "Asia/Shanghai"
    first = datetime(2026, 1, 1, 6, tzinfo=SHANGHAI)
    mornings = [first + timedelta(days=number) for number in range(365)]
    looked = [day for day in mornings if isinstance(evaluate(day, instance), dg.RunRequest)]
    by_month = Counter(day.month for day in looked)
    assert {month: by_month[month] for month in (9, 10, 11, 12)} == {9: 30, 10: 31, 11: 30, 12: 31}
    # Mondays of 2026 from 5 January to 31 August: 35
    weekly = [day for day in looked if day.month < 9]
    assert len(weekly) == 35
    assert {day.strftime("%A") for day in weekly} == {"Monday"}


def test_other_days_say_so(home: Home, instance: dg.DagsterInstance) -> None:
    message = reason(evaluate(TUESDAY, instance))
    assert message == "Outside September to December it looks on Mondays; Tuesday is none."


@pytest.mark.parametrize("day", [MONDAY, OCTOBER])
def test_nothing_new_names_the_editions_awaited(
    landing: Any, instance: dg.DagsterInstance, day: datetime
) -> None:
    (landing.home.landing / "awaited.yaml").write_text("- yearbook\n- other\n- third\n")
    landing.put("yearbook", 2024)
    landing.put("yearbook", 2025)
    landing.put("third", 2026)
    landing.take_in()
    message = reason(evaluate(day, instance))
    # third is in for 2026; of other, no edition was ever taken in
    assert message == "Nothing new in landing/. Waiting for yearbook 2026, other 2026."


def test_nothing_is_awaited_when_all_are_in(landing: Any, instance: dg.DagsterInstance) -> None:
    (landing.home.landing / "awaited.yaml").write_text("- yearbook\n")
    landing.put("yearbook", 2026)
    landing.take_in()
    assert "all that print yearly are in" in reason(evaluate(MONDAY, instance))


def test_the_shipped_list_names_shipped_sources(repository: Any) -> None:
    from assets.extracts.landed.survey import yearly_sources

    listed = yearly_sources(repository / "landing")
    assert listed
    assert all((repository / "landing" / source).is_dir() for source in listed)


def test_a_waiting_document_asks_for_a_refresh(landing: Any, instance: dg.DagsterInstance) -> None:
    landing.put("yearbook", 2026)
    assert isinstance(evaluate(OCTOBER, instance), dg.RunRequest)


def test_a_busy_warehouse_is_named(
    home: Home, instance: dg.DagsterInstance, other_writer: int
) -> None:
    message = reason(evaluate(MONDAY, instance))
    assert f"process {other_writer}" in message
