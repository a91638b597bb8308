"""CSV: for spreadsheets, and for programs.

Belongs here: how a value is spelled, and which texts a spreadsheet would run as a formula. Not
here: what a table holds.

A spreadsheet takes a text that begins with = + - @, a tab or a line break for a formula. Such a
text gets an apostrophe before it; so does one that begins with an apostrophe, which makes the way
back plain: one apostrophe at the beginning goes. A number keeps its sign.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

UTF8_MARK = "\ufeff"
_RUN_AS_FORMULA = re.compile(r"['=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def spelled(value: Any) -> str:
    """A value as text: numbers to the last bit, days as ISO 8601, nothing for a missing one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def guarded(value: Any) -> str:
    """A value as text that no spreadsheet runs as a formula."""
    text = spelled(value)
    is_text = isinstance(value, str) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_text and _RUN_AS_FORMULA.match(text) else text


def csv_for_programs(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Comma-separated text with every value as it is."""
    return _csv([header, *([spelled(value) for value in row] for row in rows)])


def csv_for_spreadsheets(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Comma-separated text that Excel opens with its Chinese intact, and runs nothing of."""
    return UTF8_MARK + _csv([header, *([guarded(value) for value in row] for row in rows)])


def _csv(lines: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue()
