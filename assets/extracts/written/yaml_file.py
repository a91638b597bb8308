"""YAML as people write it: mappings, lists, texts, numbers, dates, true, false and null; no more.

Belongs here: reading one file as a mapping or a list. Not here: what its keys mean.

Every YAML file is read here. There are no tags (`!!timestamp nope`), which choose what a text
becomes; no anchors and aliases, which make gigabytes of a page; and no second spelling of a number
or a truth: `012`, `0x1F`, `12:30`, `1_000`, `yes` and `NO` are the texts that stand there. So
nothing is turned into another thing than it looks like, and what is to be a number and is not one
is told by whoever wants it.
"""

import math
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from assets.extracts.errors import DocumentError
from assets.warehouse.texts.safe_text import harmful_in

MAX_BYTES = 1_000_000
_MAX_DEPTH = 30
_MAX_DIGITS = 400
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def parse_yaml(text: str) -> Any:
    """What a text in YAML says. Raises ValueError, which names the line."""
    try:
        return _document(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error


def read_yaml(
    path: Path, name: str, kind: type, advice: str, missing: str = "there is no such file"
) -> Any:
    """Read a file that must hold a mapping (dict) or a list.

    advice: what to do about a file of another form; missing: what to say where there is none.
    Raises DocumentError naming the line.
    """
    form = "mapping of keys to values" if kind is dict else "list"

    def wrong(found: str) -> DocumentError:
        return DocumentError(
            name,
            found=found,
            expected=f"a YAML {form} of at most 1 MB in UTF-8, every key once, without tags (!!int)"
            " and aliases (*name)",
            advice=advice,
        )

    try:
        if not path.is_file():
            raise wrong(missing)
        if path.stat().st_size > MAX_BYTES:
            raise wrong(f"it is {path.stat().st_size} bytes long")
        raw = parse_yaml(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise wrong(f"it cannot be opened ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise wrong(f"byte {error.start} is not UTF-8") from error
    except ValueError as error:
        raise wrong(f"it is not readable: {error}") from error
    if raw is None and kind is list:  # nothing but comments
        return []
    if not isinstance(raw, kind):
        raise wrong(f"it holds no {form}")
    return raw


class _Mapping:
    """A mapping while it is read: keys and values come in turn."""

    def __init__(self) -> None:
        self.value: dict[str, Any] = {}
        self._lines: dict[str, int] = {}
        self._key: str | None = None

    def add(self, value: Any, event: yaml.Event) -> None:
        """Take the next key, or the value of the last one."""
        line = _line_of(event)
        if self._key is not None:
            self.value[self._key] = value
            self._key = None
            return
        if not isinstance(event, yaml.ScalarEvent) or isinstance(value, float):
            raise ValueError(f"a key in line {line} is not plain text: put it in quotes")
        if event.value in self._lines:
            first = self._lines[event.value]
            raise ValueError(f"'{event.value}' in line {line} and in line {first}")
        self._lines[event.value] = line
        self._key = event.value


class _List:
    """A list while it is read."""

    def __init__(self) -> None:
        self.value: list[Any] = []

    def add(self, value: Any, event: yaml.Event) -> None:
        """Take the next item."""
        self.value.append(value)


def _document(events: Iterator[yaml.Event]) -> Any:
    """The value of the one document in a stream of events. Raises ValueError."""
    whole: Any = None
    documents = 0
    open_nodes: list[tuple[_Mapping | _List, yaml.Event]] = []
    for event in events:
        line = _line_of(event)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise ValueError(f"a second document begins in line {line}")
        elif isinstance(event, yaml.NodeEvent):
            _refuse_extras(event, line)
            opened: _Mapping | _List | None = None
            value: Any
            if isinstance(event, yaml.ScalarEvent):
                value = _scalar(event, line)
            else:
                opened = _Mapping() if isinstance(event, yaml.MappingStartEvent) else _List()
                value = opened.value
            if open_nodes:
                open_nodes[-1][0].add(value, event)
            else:
                whole = value
            if opened is not None:
                open_nodes.append((opened, event))
                if len(open_nodes) > _MAX_DEPTH:
                    raise ValueError(f"more than {_MAX_DEPTH} levels at line {line}")
        elif isinstance(event, yaml.CollectionEndEvent):
            open_nodes.pop()
    return whole


def _line_of(event: yaml.Event) -> int:
    return 0 if event.start_mark is None else event.start_mark.line + 1


def _refuse_extras(event: yaml.NodeEvent, line: int) -> None:
    if isinstance(event, yaml.AliasEvent):
        raise ValueError(f"an alias (*name) in line {line}")
    tag = getattr(event, "tag", None)
    if tag is not None:
        raise ValueError(f"a tag ({tag}) in line {line}: write the value as it is meant")


def _scalar(event: yaml.ScalarEvent, line: int) -> str | int | float | bool | date | None:
    """What a text between other marks is. Raises ValueError."""
    text = event.value
    harm = harmful_in(text)
    if harm is not None:
        raise ValueError(f"a character that no text holds ({harm}) in line {line}")
    if not event.implicit[0]:  # in quotes, or a block
        return str(text)
    if text in _WORDS:
        return _WORDS[text]
    kinds: tuple[tuple[re.Pattern[str], Callable[[str], int | float | date]], ...] = (
        (_INTEGER, int),
        (_DECIMAL, float),
        (_DATE, date.fromisoformat),
    )
    for form, convert in kinds:
        if form.fullmatch(text):
            if len(text) > _MAX_DIGITS:
                raise ValueError(f"a number of {len(text)} digits in line {line}")
            try:
                value = convert(text)
            except ValueError as error:
                raise ValueError(f"'{text}' in line {line} is no date ({error})") from error
            if isinstance(value, float) and not math.isfinite(value):
                raise ValueError(f"'{text}' in line {line} is no finite number")
            return value
    return str(text)
