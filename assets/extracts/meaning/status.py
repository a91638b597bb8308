"""The status of a figure: final, revised, provisional, estimated or forecast.

Belongs here: which marks and words say so, on a year, a number, a label or in a column of flags,
and the code of SDMX beside each. Not here: which statuses a study takes, what else a text means.

Strict: only what is listed here is a status. Any other qualifier (2019年上半年) stays in the text,
for the layout to refuse. Where two marks disagree, the less sure one counts.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from assets.extracts.meaning.printed_text import strip_marks

Status = Literal["final", "revised", "provisional", "estimated", "forecast"]
STATUSES: tuple[Status, ...] = get_args(Status)  # the surest first

# SDMX, CL_OBS_STATUS. Up to version 2.2 it has no code for a revised value, which is a normal one.
STATUS_CODES: Mapping[Status, str] = {
    "final": "A",
    "revised": "A",
    "provisional": "P",
    "estimated": "E",
    "forecast": "F",
}

_LETTERS: Mapping[str, Status] = {
    "p": "provisional",
    "e": "estimated",
    "f": "forecast",
    "r": "revised",
}
_WORDS: Mapping[Status, str] = {
    "final": "最终核实|最终核算|final",
    "revised": "修订后?|修正后?|revised|rev",
    "provisional": "初步(?:核算|核实|统计|汇总)?|快报|preliminary|provisional|prelim|prov",
    "estimated": "估计|估算|estimated?|est",
    "forecast": "预计|预测|forecasts?|projected|projections?|proj",  # 预计: before the year is over
}
STATED = "(?:" + "|".join(f"(?P<{status}>{words})" for status, words in _WORDS.items()) + ")"
_WORD = rf"{STATED}(?:数据|数字|数|值|\s*(?:figures?|data|values?)|\.)?"
_IN_BRACKETS = re.compile(rf"\s*[(（\[［【]\s*{_WORD}\s*[)）\]］】]$", re.IGNORECASE)
# Without brackets a word or letter counts only behind a figure or a year. A capital right behind
# digits could be what is left of scientific notation; the reader of years folds it.
_BEHIND_DIGITS = re.compile(rf"(?<=[\d年])\s*(?i:{_WORD})$")
# 最终消费支出 and 正式职工 are labels: these two words say a status only where nothing else stands.
_ALONE = re.compile(rf"{_WORD}|(?P<plainly>最终|正式)(?:数据|数|值)?", re.IGNORECASE)
_ANYWHERE = re.compile(STATED, re.IGNORECASE)
_LETTER_BEHIND_DIGITS = re.compile(r"(?<=[\d年])(?:\s*([epfr])|\s+([EPFR]))$")

# Flags that say something else of a figure: Eurostat's letters, and SDMX's where they differ.
_OTHER_FLAGS: Mapping[str, str] = {
    "b": "break in the series",
    "c": "confidential",
    "d": "definition differs",
    "n": "not significant",
    "u": "low reliability",
    "g": "experimental",
    "k": "included in another category",
    "w": "includes another category",
    "v": "not validated",
    "j": "derogation",
    "m": "missing",
    "o": "missing",
    "l": "not collected",
    "h": "holiday or weekend",
    "q": "suppressed",
    "z": "not applicable",
}
# Eurostat's s is an estimate of its own; SDMX's S is a strike, and its I an imputed value.
_FLAGS: Mapping[str, Status] = {**_LETTERS, "a": "final", "s": "estimated", "i": "estimated"}


@dataclass(frozen=True, slots=True)
class Marked:
    """A printed text without its marks: footnote marks (joined), and the status others state.

    status: None where the text states none, which is not the same as final.
    """

    bare: str
    footnotes: str
    status: Status | None


@dataclass(frozen=True, slots=True)
class Flags:
    """What a cell of a column of flags says: a status, and in words whatever else."""

    status: Status | None
    notes: tuple[str, ...]


@lru_cache(maxsize=20_000)  # each cell is looked at from several sides
def split_status(text: str) -> Marked:
    """Split a year, a number or a label from the marks around it.

    2019年(初步) gives 2019年, provisional; 106324.2(p) gives 106324.2, provisional; 2019年上半年
    stays as it is, with no status.
    """
    rest = text.strip()
    footnotes: list[str] = []
    found: list[Status] = []
    while True:
        rest, marks = strip_marks(rest)
        for mark in marks.split():
            letter = unicodedata.normalize("NFKC", mark).strip("()[]").casefold()
            if letter in _LETTERS:
                found.append(_LETTERS[letter])
            else:
                footnotes.append(mark)
        match = _IN_BRACKETS.search(rest) or _BEHIND_DIGITS.search(rest)
        letter_match = None if match else _LETTER_BEHIND_DIGITS.search(rest)
        if match and rest[: match.start()].strip():
            found += [status for status in STATUSES if match[status]]
            rest = rest[: match.start()]
        elif letter_match:
            found.append(_LETTERS[(letter_match[1] or letter_match[2]).casefold()])
            rest = rest[: letter_match.start()]
        else:
            return Marked(rest.strip(), " ".join(footnotes), least_sure(found))


def read_flags(text: str) -> Flags:
    """Read a cell of a column of flags: letters of Eurostat or SDMX ('p', 'bep', 'E', or
    'P: Provisional'), or words.

    Raises ValueError for anything else. A blank says nothing.
    """
    folded = unicodedata.normalize("NFKC", text).strip().strip("()")
    words = status_in_words(text)
    if words:
        return Flags(words, ())
    found: list[Status] = []
    notes: list[str] = []
    for letter in re.sub(r"[\s,;|]", "", folded.partition(": ")[0]):
        key = letter.casefold()
        if letter == "S":
            notes.append("strike or another special event")
        elif key in _FLAGS:
            found.append(_FLAGS[key])
        elif key in _OTHER_FLAGS:
            notes.append(_OTHER_FLAGS[key])
        else:
            raise ValueError(f"'{text.strip()}' is no flag of a figure's status")
    return Flags(least_sure(found), tuple(notes))


def status_said(text: str) -> Status | None:
    """The status that a cell of a column of flags says, whatever else it may say."""
    try:
        return read_flags(text).status
    except ValueError:
        return status_of(text)


def status_in_words(text: str) -> Status | None:
    """The status that a text is the word for (初步数, estimated); None for any other text."""
    words = _ALONE.fullmatch(unicodedata.normalize("NFKC", text).strip().strip("()"))
    if words is None:
        return None
    return "final" if words["plainly"] else next(each for each in STATUSES if words[each])


def status_of(text: str) -> Status | None:
    """The least sure status that any word of a text says; None where none does."""
    words = _ANYWHERE.finditer(text)
    return least_sure(status for match in words for status in STATUSES if match[status])


def least_sure(statuses: Iterable[Status | None]) -> Status | None:
    """Of several statements about one figure the one that promises least; None where there is none.

    A final year with an estimated number in it is an estimate.
    """
    stated = [status for status in statuses if status is not None]
    return max(stated, key=STATUSES.index) if stated else None
