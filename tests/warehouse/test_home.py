"""Where a warehouse may lie: names that a library would take for something else are refused."""

from pathlib import Path

import pytest

from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import HOME_VARIABLE, Home


@pytest.mark.parametrize("name", ["a b", "省级 #1", "100%41", 'it\'s "so"', "x;y", "{a}", "*"])
def test_a_folder_of_any_usual_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / name))
    assert Home.from_environment().prepare().landing.is_dir()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a\nb", "\\n"),
        ("a\tb", "\\t"),
        ("a\x1b[31mb", "\\x1b"),
        ("caf\udce9", "\\udce9"),
        ("what?now", "stands ?."),
        ("x" * 300, "too long"),
        ("file", "no folder"),
        ("loop", "loop"),
    ],
)
def test_what_can_be_no_home_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, told: str
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / name))
    with pytest.raises(WarehouseError) as caught:
        Home.from_environment()
    message = str(caught.value)
    message.encode()  # what a terminal is given
    assert told in message
    assert "Expected: " in message
    assert HOME_VARIABLE in message


def test_a_user_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, "~nobody-of-this-name/home")
    with pytest.raises(WarehouseError, match="home directory"):
        Home.from_environment()


def test_without_the_variable_it_lies_beside_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    assert (Home.from_environment().root / "assets" / "warehouse").is_dir()
