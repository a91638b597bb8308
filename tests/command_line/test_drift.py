"""A re-issued document that moves coefficients: rows, check, plot and one alert."""

from pathlib import Path
from typing import Any

import pytest

from assets.warehouse.reader import query
from assets.warehouse.texts.counted import counted
from orchestration.alerts.look import outbox_of


def drift_messages(home: Any) -> list[str]:
    found = {one.posted.number: one.posted.message for one in outbox_of(home).deliveries("sent")}
    return [m.cause for m in found.values() if "coefficients_have_not_drifted" in m.cause]


def test_the_first_vintage_is_a_first_fit(refreshed: Any) -> None:
    rows = query(refreshed.home, "select distinct status, vintage_before from model.drift").rows
    assert rows == [("first fit", None)]


def test_the_refit_is_compared_with_the_published_vintage_before(changed: Any) -> None:
    sql = (
        "select d.coefficient_before = c.coefficient from model.drift as d "
        "join model.coefficient as c on c.vintage = d.vintage_before and c.study = d.study "
        "and c.sample = d.sample and c.estimator = d.estimator and c.term = d.term"
    )
    rows = query(changed.home, sql).rows
    assert len(rows) == 10  # OLS and ridge, a constant and four regressors
    assert set(rows) == {(True,)}


def test_refresh_names_each_drifted_coefficient_in_one_line(changed: Any) -> None:
    sql = "select study, region, sample, estimator, term from model.drift where drift <> ''"
    named = query(changed.home, sql).rows
    assert named
    start = "check WARN on model/drift: coefficients_have_not_drifted (does not block)"
    (check,) = [line for line in changed.said["refresh"].out.splitlines() if line.startswith(start)]
    assert f"{counted(len(named), 'coefficient')} drifted" in check
    for place in named:
        assert changed.said["refresh"].out.count(f"    {', '.join(place)}: ") == 1


def test_the_plot_lies_in_the_home(changed: Any) -> None:
    vintage = query(changed.home, "select max(vintage) from model.vintage").rows[0][0]
    assert [path.name for path in changed.home.plots.iterdir()] == [f"drift-{vintage}.png"]


@pytest.mark.slow  # a refresh of its own
def test_the_alert_is_told_once(changed: Any, tools: Any, tmp_path: Path) -> None:
    home = tools.copied(changed.home, tmp_path / "home")
    vintage = query(home, "select max(vintage) from model.vintage").rows[0][0]
    cause = f"check/model/drift/coefficients_have_not_drifted/{vintage}"
    assert drift_messages(home) == [cause]
    tools.add_text_figures(home.landing, "made_figures", "gross_product,CN-GS,1998,900.0,亿元\n")
    assert tools.run_command(home.root, "refresh").code == 0
    assert drift_messages(home) == [cause]  # a refit that moved nothing: no new cause
    assert cause not in outbox_of(home).standing()
