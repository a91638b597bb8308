"""Suites: what is expected of a table, as `expectations/*.json` says it.

Belongs here: reading such a file, and refusing one that cannot be used. Not here: judging by it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

Severity = Literal["critical", "warning"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

_SUITE_META = {"table", "about", "key_columns"}
_EXPECTATION_META = {"id", "why"}
_SENTENCE = re.compile(r"(?<=\.)\s")


class SuiteError(ValueError):
    """A suite file that cannot be used as it stands."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One expectation as written in the suite file.

    why: of an identity what is compared ("Whether …"), with the tolerance and what to do; of a
    table's column the rule, or what it would mean to break it.
    """

    id: str
    why: str
    severity: Severity
    type: str
    kwargs: Mapping[str, Any]

    @property
    def asked(self) -> str:
        """The first sentence of the reason: what is checked."""
        return _SENTENCE.split(self.why)[0]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns the expectation is about."""
        single = (self.kwargs.get(key) for key in ("column", "column_A", "column_B"))
        return (*filter(None, single), *self.kwargs.get("column_list", ()))


@dataclass(frozen=True, slots=True)
class Suite:
    """One file of `expectations/`: a guarded table, the frame it is judged on, what is expected."""

    name: str
    table: str  # schema.noun; the checks hang on the asset of the same key
    about: Literal["table", "identity"]
    sql: str  # one SELECT
    key_columns: tuple[str, ...]  # shown with every failing row
    compare_with_published: bool  # frame = published rows, `still_there` = in the working file
    excused_sql: str | None  # rows that may be gone, from the working file; null stands for any
    expectations: tuple[Expectation, ...]
    path: Path

    def only(self, severity: Severity) -> "Suite":
        """The same suite with the expectations of one severity."""
        chosen = tuple(e for e in self.expectations if e.severity == severity)
        return replace(self, expectations=chosen)


def load_suite(path: Path) -> Suite:
    """Read one suite file; `meta.sql_file` is looked up beside the folder of the suites.

    Raises SuiteError where the file is not JSON, or an id, a reason, a severity or the SQL is
    missing, doubled or unknown.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise SuiteError(f"{path.name}: not JSON ({error}). Correct the suite file.") from error
    if document.get("name") != path.stem:
        raise SuiteError(f"{path.name}: name is {document.get('name')!r}, expected {path.stem!r}.")
    meta = document.get("meta", {})
    _require(path, "meta", meta, _SUITE_META)
    return Suite(
        name=path.stem,
        table=meta["table"],
        about=meta["about"],
        sql=_sql(path, meta),
        key_columns=tuple(meta["key_columns"]),
        compare_with_published=bool(meta.get("compare_with_published", False)),
        excused_sql=_file(path, meta, "excused_sql_file") if "excused_sql_file" in meta else None,
        expectations=_expectations(path, document.get("expectations", [])),
        path=path,
    )


def load_suites(suites_dir: Path) -> tuple[Suite, ...]:
    """Read every `*.json` directly in the folder, by name. Raises SuiteError."""
    return tuple(load_suite(path) for path in sorted(suites_dir.glob("*.json")))


def _require(path: Path, place: str, meta: Mapping[str, Any], keys: set[str]) -> None:
    missing = sorted(key for key in keys if not meta.get(key))
    if missing:
        raise SuiteError(f"{path.name}, {place}: {', '.join(missing)} missing. Add it to the file.")


def _sql(path: Path, meta: Mapping[str, Any]) -> str:
    if ("sql" in meta) == ("sql_file" in meta):
        raise SuiteError(f"{path.name}, meta: expected either sql or sql_file.")
    if "sql" in meta:
        return str(meta["sql"])
    return _file(path, meta, "sql_file")


def _file(path: Path, meta: Mapping[str, Any], key: str) -> str:
    file = path.parent.parent / str(meta[key])
    if not file.is_file():
        raise SuiteError(f"{path.name}, meta.{key}: no file {meta[key]}.")
    return file.read_text(encoding="utf-8")


def _expectations(path: Path, entries: Sequence[Mapping[str, Any]]) -> tuple[Expectation, ...]:
    expectations = tuple(_expectation(path, n, entry) for n, entry in enumerate(entries, start=1))
    ids = [expectation.id for expectation in expectations]
    doubled = sorted({name for name in ids if ids.count(name) > 1})
    if doubled or not ids:
        raise SuiteError(f"{path.name}: no expectations, or the same id twice: {doubled}.")
    return expectations


def _expectation(path: Path, number: int, entry: Mapping[str, Any]) -> Expectation:
    place = f"expectation {number}"
    meta = entry.get("meta", {})
    _require(path, place, meta, _EXPECTATION_META)
    if entry.get("severity") not in SEVERITIES:
        raise SuiteError(
            f"{path.name}, {place} ({meta['id']}): severity is {entry.get('severity')!r}, "
            f"expected one of {', '.join(SEVERITIES)}."
        )
    return Expectation(
        id=meta["id"],
        why=meta["why"],
        severity=entry["severity"],
        type=entry["type"],
        kwargs=entry["kwargs"],
    )
