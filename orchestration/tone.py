"""Colour on terminals: red for what failed or is refused, yellow for warnings, green for passed.

Belongs here: which text has which colour, and whether a stream is shown colours. Not here: what is
said. Colour adds to words and never stands for them: pipes, files, `TERM=dumb` and whoever sets
NO_COLOR (https://no-color.org) get the words alone.
"""

import os
from enum import Enum
from typing import Self, TextIO


class Tone(Enum):
    """A colour, as the number that terminals know it by."""

    BAD = 31  # red
    WARNING = 33  # yellow
    GOOD = 32  # green


class Toned(str):
    """A text whose first line is coloured where a terminal shows it; anywhere else a text."""

    tone: Tone | None

    def __new__(cls, text: str, tone: Tone | None = None) -> Self:
        """A text with its tone."""
        made = super().__new__(cls, text)
        made.tone = tone
        return made


def tone_of(severity: str) -> Tone:
    """The tone of a check that did not pass, by the severity that Dagster has for it."""
    return Tone.WARNING if severity == "WARN" else Tone.BAD


def painted(line: str, tone: Tone | None, stream: TextIO) -> str:
    """A line as the stream shows it: in the colour of its tone, or as it is."""
    if tone is None or not line or not shows_colour(stream):
        return line
    return f"\033[{tone.value}m{line}\033[0m"


def toned_text(text: Toned, stream: TextIO) -> str:
    """A text with its first line coloured, if the stream shows colours."""
    first, end, rest = text.partition("\n")
    return f"{painted(first, text.tone, stream)}{end}{rest}"


def shows_colour(stream: TextIO) -> bool:
    """Whether the stream is a terminal whose user did not turn colours off."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
