"""`yearbook diff`: what two published vintages do not have in common, the largest first.

Belongs here: showing documents, definitions, index values, coefficients and verdicts that differ.
Not here: finding them (`sql/queries/commands/changed_*.sql`).
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from orchestration.commands.command import OK, Command
from orchestration.commands.pages.numbers import change_text, count_text, significant, value_text
from orchestration.commands.pages.text_table import (
    Shown,
    named,
    print_first,
    print_text,
)

ROWS_SHOWN = 40

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Document:
    change: str
    source: str
    edition: int


@dataclass(frozen=True, slots=True)
class _Definition:
    change: str
    study: str
    old_definition: str | None
    new_definition: str | None

    @property
    def changed_keys(self) -> str:
        """The parts of a definition that differ; none where one of the two is not there."""
        if self.old_definition is None or self.new_definition is None:
            return ""
        before, after = json.loads(self.old_definition), json.loads(self.new_definition)
        keys = dict.fromkeys((*before, *after))
        return ", ".join(key for key in keys if before.get(key) != after.get(key))


@dataclass(frozen=True, slots=True)
class _IndexValue:
    study: str
    region: str
    sample: str
    index_id: str
    reference_year: int
    old_value: float | None
    new_value: float | None
    change_pct: float | None
    fitted: bool


@dataclass(frozen=True, slots=True)
class ChangedCoefficient:
    """A coefficient that differs (`changed_coefficients.sql`)."""

    study: str
    region: str
    sample: str
    estimator: str
    term: str
    old_coefficient: float | None
    new_coefficient: float | None
    old_std_error: float | None
    moved: float | None


@dataclass(frozen=True, slots=True)
class _Verdict:
    study: str
    region: str
    sample: str
    estimator: str
    old_status: str
    new_status: str
    old_n: int | None
    new_n: int | None
    old_r2: float | None
    new_r2: float | None
    old_text: str
    new_text: str


@dataclass(frozen=True, slots=True)
class _Versions:
    code_version: str
    versions: str  # of the libraries, JSON
    definition_fingerprint: str

    @property
    def by_name(self) -> dict[str, str]:
        """Versions of yearbook and of the libraries."""
        return {"yearbook": self.code_version, **json.loads(self.versions)}


_DOCUMENTS: tuple[Shown[_Document], ...] = named("change", "source", "edition")
_DEFINITIONS: tuple[Shown[_Definition], ...] = (
    *named("change", "study"),
    Shown("what", lambda row: row.changed_keys),
)
_PLACE = named("study", "region", "sample")
_INDEX_VALUES: tuple[Shown[_IndexValue], ...] = (
    *_PLACE,
    Shown("index", lambda row: row.index_id),
    Shown("year", lambda row: row.reference_year),
    Shown("old", lambda row: value_text(row.old_value)),
    Shown("new", lambda row: value_text(row.new_value)),
    Shown("change %", lambda row: change_text(row.change_pct)),
    Shown("in the fit", lambda row: "yes" if row.fitted else "no"),
)
_COEFFICIENTS: tuple[Shown[ChangedCoefficient], ...] = (
    *_PLACE,
    *named("estimator", "term"),
    Shown("old", lambda row: value_text(row.old_coefficient)),
    Shown("new", lambda row: value_text(row.new_coefficient)),
    Shown("old std. error", lambda row: significant(row.old_std_error, 4)),
    Shown("moved by (s.e.)", lambda row: change_text(row.moved, 2)),
)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", help="name or running number of a vintage")
    parser.add_argument("new", help="name or running number of another")
    parser.add_argument("--all", action="store_true", help="show every row")


def _run(home: Home, options: argparse.Namespace) -> int:
    """Print what changed from the vintage `old` to `new`; no problem where much did."""
    from assets.vintages.published import named_vintage, require_recorded, require_table

    names = {"old": named_vintage(home, options.old), "new": named_vintage(home, options.new)}
    for vintage in names.values():
        require_recorded(home, vintage, "model.study_definition")
    for table in ("model.vintage_document", "model.vintage_index_value"):
        require_table(home, table)
    print(f"From vintage {names['old']} to {names['new']}")
    _print_versions(home, names["old"], names["new"])

    def show(title: str, query: str, kind: type[T], columns: Sequence[Shown[T]]) -> None:
        rows = ask(home, f"commands/{query}", kind, names)
        if not rows:
            print(f"\n{title}: no difference")
        shown = None if options.all else ROWS_SHOWN
        print_first(f"{title}: {len(rows)}", columns, rows, shown, "--all shows them")

    show("Documents", "changed_documents", _Document, _DOCUMENTS)
    show("Study definitions", "changed_definitions", _Definition, _DEFINITIONS)
    show("Index values", "changed_index_values", _IndexValue, _INDEX_VALUES)
    show("Coefficients", "changed_coefficients", ChangedCoefficient, _COEFFICIENTS)
    _print_verdicts(ask(home, "commands/changed_verdicts", _Verdict, names))
    return OK


COMMAND = Command(100, "diff", "what differs between two published vintages", _run, _arguments)


def _print_versions(home: Home, old_name: str, new_name: str) -> None:
    """The code and the libraries, where they differ."""
    (old,), (new,) = (
        ask(home, "commands/vintage_versions", _Versions, {"vintage": name})
        for name in (old_name, new_name)
    )
    before, after = old.by_name, new.by_name
    for library in dict.fromkeys((*before, *after)):
        if before.get(library) != after.get(library):
            print(f"{library}: {before.get(library, 'none')} → {after.get(library, 'none')}")
    is_same = old.definition_fingerprint == new.definition_fingerprint
    same = "the same" if is_same else "changed (see git for what)"
    print(f"code, SQL, studies and checks: {same}")


def _print_verdicts(rows: Sequence[_Verdict]) -> None:
    print(f"\nVerdicts: {len(rows) or 'no difference'}")
    for row in rows:
        place = ", ".join((row.study, row.region, row.sample, row.estimator))
        status = count_text(row.old_status, row.new_status)
        n = f"n {count_text(row.old_n, row.new_n)}"
        r2 = f"R² {value_text(row.old_r2)} → {value_text(row.new_r2)}"
        print_text(f"  {place}: {status}, {n}, {r2}")
        sentences = changed_sentences(row.old_text, row.new_text)
        for mark, lines in zip("-+", sentences, strict=True):
            for line in lines:
                print_text(f"    {mark} {line}")


def changed_sentences(old: str, new: str) -> tuple[list[str], list[str]]:
    """The sentences of each text that the other one does not have, in their order."""
    before, after = (text.replace(". ", ".\n").splitlines() for text in (old, new))
    return [s for s in before if s not in after], [s for s in after if s not in before]
