"""`yearbook status`: documents, last run, vintage, failed checks, alerts, what is awaited.

Belongs here: gathering and printing the state. Not here: changing it: nothing is written but what
SQLite writes to read and what was found in files that were looked at, no lock is held that a
refresh would wait for, and each part is told by itself, so that one that is damaged or closed hides
none of the others.
"""

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assets.extracts.errors import DocumentError
from assets.warehouse.errors import WarehouseBusy, WarehouseError
from assets.warehouse.home import Home
from orchestration.commands.command import OK, PROBLEMS, Command
from orchestration.commands.pages.json_rows import add_json_option, print_json
from orchestration.commands.pages.text_table import print_text
from orchestration.tone import Tone, Toned, tone_of

if TYPE_CHECKING:
    from assets.warehouse.store import Store
    from orchestration.landed import AnyLanded
    from orchestration.runs.run_records import RunRecord

_NAMED_DOCUMENTS = 20  # that wait, and that are refused


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of one part; is_known: whether all of it could be."""

    part: str
    is_known: bool
    lines: tuple[str, ...]


Part = Callable[[Home], Iterator[str]]


def _run(home: Home, options: argparse.Namespace) -> int:
    """Print the state of everything a user asks for first; 1 where a part could not be told."""
    parts: dict[str, Part] = {
        "private": _rights,
        "documents": _documents,
        "published": _published,
        "alerts": _alerts,
        "last run": _runs,
    }
    if os.path.lexists(home.state) and not os.access(
        home.state, os.R_OK | os.X_OK, effective_ids=True
    ):
        print_text(
            f"looking on  {home.state} is for its owner alone, who sees documents that wait or "
            "are refused, runs, checks and alerts"
        )
        parts = {"published": _published}
    told = []
    for name, part in parts.items():
        told.append(_told(name, part, home))
        for line in () if options.json else told[-1].lines:
            print_text(line)
    if options.json:
        print_json({"parts": told})
    return OK if all(each.is_known for each in told) else PROBLEMS


def _told(name: str, part: Part, home: Home) -> _Told:
    """The lines of a part, whatever becomes of it."""
    lines: list[str] = []
    is_known = True
    try:
        lines.extend(part(home))  # those before the error stay
    except Exception as error:  # of DuckDB, SQLite or the system, about damaged files
        lines.append(Toned(f"{name:<11}not known: {_reason(error)}", Tone.BAD))
        is_known = False
    return _Told(name, is_known, tuple(lines))


def _reason(error: BaseException) -> str:
    if isinstance(error, WarehouseError | DocumentError):
        return str(error)
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return f"{error} ({type(error).__name__}). `yearbook repair` puts aside what is damaged"


COMMAND = Command(
    150,
    "status",
    "documents, last run, last vintage, failed checks",
    _run,
    add_json_option,
    examples=("yearbook status", "yearbook status --json"),
)


def _rights(home: Home) -> Iterator[str]:
    from assets.warehouse.private import open_to_others

    if opened := open_to_others(home.state):
        yield (
            f"private    NOT: others have rights to {len(opened)} of the files and folders in "
            f"{home.state}, such as {opened[0]}; the next refresh closes them, and at once does "
            f"`chmod -R go= {home.state}`"
        )


def _documents(home: Home) -> Iterator[str]:
    """Who writes, and the documents, which are looked at only while nobody does."""
    from assets.warehouse.lock import current_holder
    from assets.warehouse.store import Store

    holder = current_holder(home)
    try:
        if holder is None:
            yield from list(_documents_against(home, Store(home.working, looks_only=True)))
            return
    except WarehouseBusy as busy:  # it began just now
        holder = busy.holder
    yield f"writing    {holder}"
    yield "documents  not looked at while the warehouse is being written"


def _documents_against(home: Home, store: "Store") -> Iterator[str]:
    from assets.extracts.landed.survey import awaited_editions, yearly_sources
    from orchestration.landed import survey_all, taken_in_before

    before = taken_in_before(home, store)
    survey = survey_all(home, before)
    yield (
        f"documents  {len(survey.unchanged)} in force, {len(survey.pending)} waiting, "
        f"{len(survey.refused)} refused, {len(survey.gone)} gone from landing/"
    )
    yield from _named("waiting", survey.pending, "", None)
    in_force_first = sorted(survey.refused, key=lambda each: not before.is_in_force(each))
    yield from _named("refused", in_force_first, " (`yearbook refresh` says why)", Tone.BAD)
    try:
        due = awaited_editions(
            before.documents, yearly_sources(home.landing), datetime.now(UTC).year
        )
    except DocumentError as error:
        yield f"awaiting   not known: {error}"
        return
    awaited = ", ".join(f"{source} {edition}" for source, edition in due.items())
    yield f"awaiting   {awaited or 'no edition: all that print yearly are in'}"


def _named(
    what: str, documents: "Sequence[AnyLanded]", aside: str, tone: Tone | None
) -> Iterator[str]:
    """A line for each document, of many the first."""
    for landed in documents[:_NAMED_DOCUMENTS]:
        yield Toned(f"             {what}: {landed.key}{aside}", tone)
    if len(documents) > _NAMED_DOCUMENTS:
        more = len(documents) - _NAMED_DOCUMENTS
        yield Toned(f"             {what}: {more} more{aside}", tone)


def _published(home: Home) -> Iterator[str]:
    from assets.vintages.published import last_publication

    found = last_publication(home)
    if found is None:
        yield "published  nothing yet; run `yearbook refresh`"
        return
    yield f"published  vintage {found.vintage} of {found.created_at} UTC: {home.published}"
    if home.report.exists():
        yield f"report     {home.report}"


def _alerts(home: Home) -> Iterator[str]:
    from orchestration.alerts.look import outbox_of, settings_of, status_lines

    yield from status_lines(outbox_of(home), settings_of(home).problems)


def _runs(home: Home) -> Iterator[str]:
    """The last run of Dagster, and the latest outcome of each check that did not pass."""
    from orchestration.runs.run_records import evaluated_by, last_runs

    if not home.dagster.exists():
        yield "last run   none"
        yield "checks     none evaluated yet"
        return
    runs = last_runs(home)
    yield _last_run(runs[0]) if runs else "last run   none"
    checks = evaluated_by(home, runs)
    counts = f"checks     {checks.count} evaluated last time, {len(checks.failed)} not passed"
    yield Toned(counts, None if checks.failed else Tone.GOOD)
    for check in checks.failed:
        told = f"             {check.severity} {check.name}: {check.description}"
        yield Toned(told, tone_of(check.severity))


def _last_run(run: "RunRecord") -> str:
    ended = run.ended_at
    when = (
        "" if ended is None else f", ended {datetime.fromtimestamp(ended, UTC):%Y-%m-%d %H:%M} UTC"
    )
    told = f"last run   {run.job} {run.run_id}: {run.status}{when}"
    return Toned(told, Tone.BAD if run.status == "FAILURE" else None)
