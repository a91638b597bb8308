"""The line that says how far a command is: on a terminal alone, and gone at the end."""

import io
import time

import pytest

from orchestration.commands.pages import progress_line
from orchestration.commands.pages.progress_line import ProgressLine, progress_text


@pytest.mark.parametrize(
    ("done", "total", "seconds", "said"),
    [
        (0, None, 7, "reading, 7 s"),
        (0, 120, 3, "reading: 0 of 120 in 3 s"),  # nobody knows yet
        (30, 120, 10, "reading: 30 of 120 in 10 s, some 30 s left"),  # a third of a second each
        (60, 120, 600, "reading: 60 of 120 in 10 min, some 10 min left"),
        (120, 120, 119, "reading: 120 of 120 in 119 s, some 0 s left"),
    ],
)
def test_what_is_left_goes_on_at_the_same_pace(
    done: int, total: int | None, seconds: float, said: str
) -> None:
    assert progress_text("reading", done, total, seconds) == said


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO) -> str:
    monkeypatch.setattr(progress_line, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(progress_line, "_BETWEEN_SECONDS", 0.01)
    monkeypatch.setattr("sys.stderr", stream)
    with ProgressLine("reading", 2) as line:
        line.at(1)
        deadline = time.monotonic() + 10
        while stream.isatty() and "1 of 2" not in stream.getvalue():
            assert time.monotonic() < deadline
            time.sleep(0.01)
    return stream.getvalue()


def test_on_a_terminal_it_is_drawn_and_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    told = shown(monkeypatch, Terminal())
    assert "\r\033[Kreading: 1 of 2 in 0 s, some 0 s left" in told
    assert told.endswith("\r\033[K")
    assert "\n" not in told


def test_elsewhere_nothing_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, io.StringIO()) == ""
