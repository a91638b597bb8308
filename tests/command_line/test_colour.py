"""Colour stands on terminals alone, beside the same words."""

import argparse
import io
import logging
import re
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from assets.warehouse.home import Home
from orchestration.commands import cli
from orchestration.commands.check import COMMAND as CHECK
from orchestration.commands.pages.sections import Section, within
from orchestration.commands.pages.text_table import print_text
from orchestration.runs.progress import ProgressHandler
from orchestration.tone import Tone, Toned, tone_of, toned_text

COLOUR = re.compile(r"\033\[[0-9;]*m")
REFUSED = Toned("REFUSED landing/a/2020: a figure\n  Expected: another.", Tone.BAD)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")


def test_the_first_line_is_coloured_on_a_terminal() -> None:
    told = "\033[31mREFUSED landing/a/2020: a figure\033[0m\n  Expected: another."
    assert toned_text(REFUSED, Terminal()) == told
    assert toned_text(Toned("well", Tone.GOOD), Terminal()) == "\033[32mwell\033[0m"
    assert toned_text(Toned("plain"), Terminal()) == "plain"
    assert (tone_of("WARN"), tone_of("ERROR")) == (Tone.WARNING, Tone.BAD)


@pytest.mark.parametrize(
    ("stream", "variable", "value"),
    [(io.StringIO(), "TERM", "xterm"), (Terminal(), "NO_COLOR", "1"), (Terminal(), "TERM", "dumb")],
)
def test_elsewhere_the_words_stand_alone(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert toned_text(REFUSED, stream) == REFUSED
    with redirect_stdout(stream):
        print_text(REFUSED)
        print("\n".join(within([Section([REFUSED], "")], 40)))
    assert not COLOUR.search(stream.getvalue())


def test_a_coloured_text_wraps_as_it_would_without_colour() -> None:
    text = " ".join(["word"] * 30)
    with redirect_stdout(Terminal()) as plain:
        print_text(text)
    with redirect_stdout(Terminal()) as coloured:
        print_text(Toned(text, Tone.WARNING))
    assert coloured.getvalue().count("\033[33m") == len(plain.getvalue().splitlines()) > 1
    assert COLOUR.sub("", coloured.getvalue()) == plain.getvalue()


def test_what_is_wrong_is_red_in_commands(home: Home) -> None:
    card = home.landing / "gansu_population" / "2019" / "card.yaml"
    card.write_text(card.read_text(encoding="utf-8") + "unheard_of: 1\n", encoding="utf-8")
    with redirect_stdout(Terminal()) as told:
        assert CHECK.run(home, argparse.Namespace(path=Path(card.parent))) == 1
    assert "\033[31mWRONG landing/gansu_population/2019/card.yaml" in told.getvalue()
    assert told.getvalue().endswith("\033[31m1 read, 1 of them wrong\033[0m\n")
    with redirect_stderr(Terminal()) as errors:
        assert cli.main(["diff", "99", "98"]) == 1
    assert errors.getvalue().startswith("\033[31m")


def test_a_step_that_fails_is_red(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    handler = ProgressHandler(stream)
    warning = logging.LogRecord("dagster", logging.WARNING, "", 0, "careful", None, None)
    warning.dagster_meta = {"orig_message": "careful"}
    handler.emit(warning)
    assert COLOUR.findall(stream.getvalue()) == ["\033[33m", "\033[0m"]
    assert "warning: careful" in stream.getvalue()
