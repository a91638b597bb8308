"""Damaged documents and failed checks: named, set aside, and never published."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from types import ModuleType

import dagster as dg
import pytest

from assets.extracts.document import Document
from assets.extracts.landed.reading import ReadingProcess, Task
from assets.warehouse.home import Home
from assets.warehouse.reader import query

ACCOUNTS = "nbs_regional_accounts/2019"
PRODUCT = "select value from raw.observation where source = 'nbs_regional_accounts' "
PRODUCT += "and edition = 2019 and indicator = 'gross_product'"


def make_apart(catalogue: ModuleType, landing: Path, name: str, scratch: Path) -> str:
    """Put one damage of the catalogue under a source of its own; return the source."""
    (damage,) = (damage for damage in catalogue.DAMAGES if damage.name == name)
    damage.make(scratch)
    source = f"{catalogue.SOURCE}_{name}"
    for card in (scratch / catalogue.SOURCE).glob("*/card.yaml"):
        text = card.read_text(encoding="utf-8")
        card.write_text(text.replace(f"source: {catalogue.SOURCE}\n", f"source: {source}\n"))
    shutil.copytree(scratch / catalogue.SOURCE, landing / source)
    return source


def message_about(text: str, source: str) -> str:
    """The paragraph after REFUSED that names a document of this source."""
    said = [part for part in text.split("\nREFUSED ")[1:] if f"landing/{source}/" in part]
    return said[0].split("\n\n")[0] if said else ""


def unnamed(catalogue: ModuleType, text: str) -> dict[str, list[str]]:
    """For each damage, the expected words its message lacks."""
    lacking = {}
    for damage in catalogue.DAMAGES:
        source = f"{catalogue.SOURCE}_{damage.name}"
        said = message_about(text, source).replace(source, catalogue.SOURCE)
        lacking[damage.name] = [word for word in damage.expect if word not in said]
    return {name: words for name, words in lacking.items() if words}


def needs_sound_edition(name: str) -> bool:
    return name.endswith("_since_last_edition")


def test_every_damage_at_once_then_beside_a_good_document(
    home: Home, catalogue, run, tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, landing = tools.published_state(home), home.landing
    for damage in catalogue.DAMAGES:
        if not needs_sound_edition(damage.name):
            make_apart(catalogue, landing, damage.name, tmp_path / damage.name)
    accounts = landing / "nbs_regional_accounts/2019/accounts.csv"
    sound = accounts.read_bytes()
    accounts.write_bytes(sound.replace(b"8718.3", b"8718,3"))

    alone = run(home, "refresh")
    assert alone.code == 1
    assert "Nothing was published; what was published before stands." in alone.out
    assert tools.published_state(home) == before
    assert "`yearbook check` lists all that is wrong" in alone.out
    assert len(alone.out.splitlines()) <= 40

    # With good documents waiting, among them a re-issue, they alone go in. One that was refused
    # is read again where it is another one by now; what goes into a run is read once.
    accounts.write_bytes(sound)
    tools.reissue(landing, ACCOUNTS, "8718.3", "nothing")
    for damage in catalogue.DAMAGES:
        if needs_sound_edition(damage.name):
            make_apart(catalogue, landing, damage.name, tmp_path / damage.name)
    tools.reissue(landing, "ppdoc_gansu_poverty/2020", "CN-GS,2012,33.2", "CN-GS,2012,33.3")
    read = keys_read(monkeypatch)
    beside = run(home, "refresh", "--verbose")
    assert beside.code == 1
    assert [read.count(key) for key in (ACCOUNTS, "ppdoc_gansu_poverty/2020")] == [1, 1]
    assert "'nothing'" in beside.out
    assert unnamed(catalogue, beside.out) == {}
    assert f"changed: 2 ({ACCOUNTS}, ppdoc_gansu_poverty/2020)" in beside.out
    assert "refused before and unchanged: " in beside.out
    assert "Published vintage 0002-" in beside.out
    assert tools.published_state(home) != before
    taken = query(home, "select distinct source || '/' || edition from raw.document").rows
    bad = [name for (name,) in taken if name.startswith(catalogue.SOURCE)]
    assert sorted(bad) == [
        f"{catalogue.SOURCE}_{damage.name}/2019"
        for damage in sorted(catalogue.DAMAGES, key=lambda damage: damage.name)
        if needs_sound_edition(damage.name)
    ]
    assert query(home, PRODUCT).rows == [(8718.3,)]  # what it said before stands

    status = run(home, "status")
    assert "refused: nbs_regional_accounts/2019 (`yearbook refresh` says why)" in status.out
    again = run(home, "refresh", "--verbose")
    assert again.code == 1
    assert "Nothing is new: no work was done." in again.out
    assert unnamed(catalogue, again.out) == {}


def test_refused_when_read_needs_no_run_and_is_red_where_people_look(
    home: Home, run, tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, read = tools.published_state(home), keys_read(monkeypatch)
    tools.reissue(home.landing, ACCOUNTS, "8718.3", "none")
    with monkeypatch.context() as patch:  # the report of the same vintage has the same pictures
        patch.setattr("matplotlib.figure.Figure.savefig", None)
        answer = run(home, "refresh")
    assert answer.code == 1
    assert "Dagster run" not in answer.out
    assert "<svg" in home.report.read_text(encoding="utf-8")
    assert f"REFUSED landing/{ACCOUNTS}/accounts.csv" in answer.out
    assert tools.published_state(home) == before
    assert read == [ACCOUNTS]
    assert f"refused: {ACCOUNTS}" in run(home, "status").out
    assert "'none'" in unescape(home.report.read_text(encoding="utf-8"))
    with dagster_records(home, monkeypatch) as instance:
        (failed,) = instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE]))
        assert failed.tags["yearbook/documents"] == ACCOUNTS
        said = [event.dagster_event.message or "" for event in instance.all_logs(failed.run_id)]
    assert any("'none'" in each for each in said)


def keys_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keys of the documents that are read from now on, in their order."""
    keys: list[str] = []
    read = ReadingProcess.read

    def noted(process: ReadingProcess, task: Task) -> Document:
        keys.append(task.landed.key)
        return read(process, task)

    monkeypatch.setattr(ReadingProcess, "read", noted)
    return keys


@contextmanager
def dagster_records(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    monkeypatch.setenv("DAGSTER_HOME", str(home.dagster.resolve()))
    with dg.DagsterInstance.get() as instance:
        yield instance


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["wrong_unit", "truncated_xlsx", "card_not_yaml", "reissued_file", "unknown_label"]
)
def test_one_damage_alone(home: Home, catalogue, run, tools, tmp_path: Path, name: str) -> None:
    before = tools.published_state(home)
    source = make_apart(catalogue, home.landing, name, tmp_path / "scratch")
    answer = run(home, "refresh", "--verbose")
    assert answer.code == 1
    assert tools.published_state(home) == before
    (damage,) = (damage for damage in catalogue.DAMAGES if damage.name == name)
    said = message_about(answer.out, source).replace(source, catalogue.SOURCE)
    assert [word for word in damage.expect if word not in said] == []
    shutil.rmtree(home.landing / source)
    after = run(home, "refresh")
    assert (after.code, "REFUSED" in after.out, "Nothing is new" in after.out) == (0, False, True)


def test_failed_blocking_check_publishes_nothing_until_the_document_is_put_right(
    home: Home, run, tools
) -> None:
    # ppdoc prints 33.2 % for 692 (2012) and 20.1 % for 417 (2014): 207.5 poor for 10 % counted.
    # 300 is within what a reader can take for a number of poor persons and breaks the identity.
    before, source = tools.published_state(home), "broken_identity"
    lines = "poverty_incidence,CN-GS,2013,26.5,%\nrural_poor_population,CN-GS,2013,{},万人\n"
    tools.add_text_figures(home.landing, source, lines.format("300"))
    blocked = run(home, "refresh")
    assert blocked.code == 1
    assert tools.published_state(home) == before
    assert "incidence_times_persons_critical (blocks publication)" in blocked.out
    assert "poor_persons_agree" in blocked.out
    assert "Nothing was published; what was published before stands." in blocked.out

    tools.add_text_figures(home.landing, source, lines.format("552"))
    right = run(home, "refresh")
    assert right.code == 0, right.out
    assert "Published vintage 0002-" in right.out
    poor = f"select value from raw.observation where source = '{source}' and value > 100"
    assert query(home, poor).rows == [(552.0,)]


@pytest.mark.slow
def test_taking_away_a_document_that_blocked_lets_the_rest_through(home: Home, run, tools) -> None:
    lines = "poverty_incidence,CN-GS,2013,26.5,%\nrural_poor_population,CN-GS,2013,300,万人\n"
    tools.add_text_figures(home.landing, "broken_identity", lines)
    assert run(home, "refresh").code == 1
    shutil.rmtree(home.landing / "broken_identity")
    answer = run(home, "refresh")
    assert answer.code == 0, answer.out
    assert "Nothing was published; what was published before stands." in answer.out
