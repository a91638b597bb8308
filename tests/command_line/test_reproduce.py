"""`yearbook reproduce` on a warehouse of two vintages."""

from pathlib import Path
from typing import Any

import pytest

from assets.poverty.study_files import study


@pytest.mark.parametrize("named", [(), ("1",), ("2",)], ids=["latest", "first", "second"])
def test_each_vintage_is_reproduced(two_vintages: Any, run: Any, named: tuple[str, ...]) -> None:
    assert two_vintages.answer.code == 0, two_vintages.answer.err
    answer = run(two_vintages.home, "reproduce", *named)
    assert (answer.code, answer.err) == (0, "")
    number = named[0] if named else "2"
    assert f"Vintage 000{number}-" in answer.out
    rows = [line.split() for line in answer.out.splitlines() if line.startswith("  model.")]
    assert [row[0] for row in rows] == ["model.fit", "model.coefficient", "model.diagnostic"]
    assert all(int(row[1]) > 0 and row[2:] == ["0", "0", "0"] for row in rows)


def test_the_first_vintage_needs_no_file_but_the_published_one(
    two_vintages: Any, run: Any, tools: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tools.copied(two_vintages.home, tmp_path / "home")
    (first,) = home.releases.glob("warehouse-0001-*")
    first.unlink()
    home.working.unlink()

    def refuse(*_: object) -> None:
        raise AssertionError("the study files of today were read")

    monkeypatch.setattr(study, "load_study", refuse)
    assert run(home, "reproduce", "1").code == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("update model.coefficient set coefficient = coefficient + 2e-12", "model.coefficient: "),
        ("update model.input set value = value * 1.000001 where variable = 'PI'", "model.fit: "),
        ("update model.fit set verdict = 'all is well'", "recorded 'all is well'"),
        (
            "update model.study_definition set "
            "definition = replace(definition, '\"k\":0.148', '\"k\":0.2')",
            "ridge_k: recorded 0.148, refitted 0.2",
        ),
    ],
)
def test_a_changed_record_is_found(
    two_vintages: Any, run: Any, tools: Any, tmp_path: Path, change: str, said: str
) -> None:
    home = tools.copied(two_vintages.home, tmp_path / "home")
    tools.spoil(home.published.resolve(), change)
    answer = run(home, "reproduce", "1")
    assert answer.code == 1
    assert "NOT reproduced" in answer.out
    assert said in answer.err


def test_a_definition_of_another_form_is_named(
    two_vintages: Any, run: Any, tools: Any, tmp_path: Path
) -> None:
    home = tools.copied(two_vintages.home, tmp_path / "home")
    tools.spoil(
        home.published.resolve(), "update model.study_definition set definition = '{\"a\": 1}'"
    )
    answer = run(home, "reproduce", "1")
    assert (answer.code, answer.out) == (1, "")
    assert "records a study that this version of yearbook cannot read" in answer.err


def test_a_vintage_from_before_the_record_says_so(
    two_vintages: Any, run: Any, tools: Any, tmp_path: Path
) -> None:
    home = tools.copied(two_vintages.home, tmp_path / "home")
    for change in ("delete from model.study_definition", "drop table model.study_definition"):
        tools.spoil(home.published.resolve(), change)
        answer = run(home, "reproduce", "1")
        assert (answer.code, answer.out) == (1, "")
        assert "has no row in model.study_definition" in answer.err


def test_an_unknown_vintage_is_named_with_those_there_are(two_vintages: Any, run: Any) -> None:
    answer = run(two_vintages.home, "reproduce", "17")
    assert answer.code == 1
    assert "17 is no published vintage; there are 0001-" in answer.err
