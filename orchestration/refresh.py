"""`yearbook refresh`: documents in, study refitted, warehouse published, and what came of it.

Belongs here: one refresh from the command line, with what goes before and after its Dagster run.
Not here: that run (`refresh_run.py`), what the assets do, the look of tables.
"""

import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from assets.extracts.landed.survey import LandedDocument, Survey
from assets.towns.records.dataset_survey import waiting_for_spark
from assets.towns.records.record_rows import AreaDisclosureRow
from assets.towns.study.begun import estimating_beside
from assets.vintages.fingerprint import definition_fingerprint, input_fingerprint, inputs_in_force
from assets.vintages.kept_results import code_digest_of
from assets.vintages.published import Publication, is_recorded, last_publication
from assets.vintages.read_by import DOCUMENTS, KINDS, was_read_by
from assets.warehouse.connection import FULL_NUMBERS, kept_open, no_room
from assets.warehouse.errors import Holder, WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.lock import writer_lock
from assets.warehouse.publish import published_release, relink
from assets.warehouse.queries import query_text
from assets.warehouse.reader import query
from assets.warehouse.repair import restore_working
from assets.warehouse.store import Store
from orchestration.checks.judging_process import judging_beside
from orchestration.landed import AnyLanded, survey_all, taken_in_before
from orchestration.refresh_run import RunOutcome, run_refresh
from orchestration.runs.damaged_records import damaged_records_named
from orchestration.runs.instance import opened_instance
from orchestration.runs.postgres import postgres_named

if TYPE_CHECKING:
    import dagster as dg

# SQLite calls it an I/O error where there is no room for the files beside its database.
_SQLITE_FULL = ("database or disk is full", "disk I/O error")
_FIRST_RELEASE_BYTES = 20_000_000  # of the shipped documents
_RUN_BYTES = 10_000_000  # of Dagster's record of a run, and of pictures


@dataclass(frozen=True, slots=True)
class RefreshOutcome:
    """What a refresh found and did."""

    survey: Survey[AnyLanded]
    definitions_changed: bool
    run: RunOutcome | None  # None where there was nothing to do
    refused: tuple[str, ...]  # messages of the documents in quarantine now
    withdrawn: tuple[tuple[str, str], ...]  # documents withdrawn just now, with the reason
    read_before: tuple[str, ...]  # by a refresh that did not publish them
    vintage_before: str | None
    vintage: str | None

    @property
    def is_clean(self) -> bool:
        """Nothing refused, nothing failed."""
        failed = self.run is not None and not self.run.success
        return not self.refused and not failed


def _untold(run_id: str) -> None:
    """Tell nobody of a run."""


def refresh(
    home: Home,
    wait_seconds: float,
    full: bool = False,
    on_run: Callable[[str], None] = _untold,
) -> RefreshOutcome:
    """Run the whole refresh if anything changed.

    full: compute everything, also what would come out as it did before.
    on_run: called with the id of the Dagster run before it begins.
    Raises WarehouseBusy, naming the holder, where another writer does not end in time.
    """
    home.prepare()
    lock = writer_lock(home, "yearbook refresh", wait_seconds, _tell_waiting)
    with lock, ExitStack() as opened:
        relinked = relink(home)
        if relinked is not None:
            print(f"{home.published} was gone; it names {relinked.path} again.", file=sys.stderr)
        opened.enter_context(kept_open())
        restored = restore_working(home)
        if restored.action == "restored":
            print(restored.message, file=sys.stderr)
        store = Store(home.working)
        refused_before = _refused_keys(store)
        survey = survey_all(home, taken_in_before(home, store), tries_again=True)
        before = last_publication(home)
        if before is None and not survey.everything:
            raise WarehouseError(
                f"{home.landing} holds no document, and nothing is published yet.\n"
                "  Put one and its card into landing/<source>/<edition>/ (landing/README.md)."
            )

        @cache
        def instance() -> "dg.DagsterInstance":
            with _full_disk_named(home), damaged_records_named(home), postgres_named():
                return opened.enter_context(opened_instance(home))

        definitions = definition_fingerprint()
        changed = before is None or before.definition_fingerprint != definitions
        # A working file made anew from its release lacks what is never published.
        lacks = not store.exists(AreaDisclosureRow.table.name)
        needs_run = changed or lacks or not _is_published(store, before)
        code_sha256 = code_digest_of(definitions)
        needs_run = needs_run or not was_read_by(store, code_sha256, *KINDS)
        # Killed after its publication, a run leaves its last steps, and is shown as under way.
        needs_run = needs_run or home.run_under_way.exists()
        needs_run = needs_run or bool(waiting_for_spark(survey.refused))
        unforeseen: Mapping[str, str] | None = None if needs_run else {}
        if needs_run or survey.pending:
            _tell_room(home, survey)
        reads_again = needs_run and (full or not was_read_by(store, code_sha256, DOCUMENTS))
        to_read = survey.everything if reads_again else survey.pending
        if to_read:
            # It loads what reads documents.
            from assets.extracts.landed.reading_once import reading_once

            reader = opened.enter_context(reading_once())
            reader.process.start()  # it loads what it needs beside this one, which does the same
        if changed or to_read:  # a mistake in a study is told before documents are read
            from assets.poverty.study_files.study import load_studies

            load_studies()
        if to_read:
            from assets.extracts.landed.intake import tasks

            documents = [landed for landed in to_read if isinstance(landed, LandedDocument)]
            reader.begin(tasks(home.landing, documents, datetime.now(UTC).year, home.pages))
        if not needs_run and survey.pending:
            from orchestration.refused_throughout import refused_throughout

            instance()
            unforeseen = refused_throughout(home, store, survey, reader)
        pending = {landed.key for landed in survey.pending}
        read_before = tuple(key for key in unpublished(home) if key not in pending)
        run = None
        if unforeseen is None:
            opened.enter_context(judging_beside())
            opened.enter_context(estimating_beside())
            with _full_disk_named(home), damaged_records_named(home), postgres_named():
                run = run_refresh(home, instance(), full, on_run, sorted(pending), code_sha256)
        if run is not None or _refused_keys(store) != refused_before:
            with damaged_records_named(home), postgres_named():
                is_drawn = run is not None or before is None
                _show_refusals(home, store, instance(), is_drawn, unforeseen or {})
        after = last_publication(home)
        return RefreshOutcome(
            survey=survey,
            definitions_changed=changed and before is not None,
            run=run,
            refused=_refused(store, survey),
            withdrawn=_withdrawn(store, survey),
            read_before=read_before,
            vintage_before=None if before is None else before.vintage,
            vintage=None if after is None else after.vintage,
        )


def unpublished(home: Home) -> tuple[str, ...]:
    """What was read from `landing/` and not published, as by a refresh that stopped."""
    store, found = Store(home.working), []
    for name, table in (
        ("commands/contents", "raw.town_dataset"),
        ("commands/replication_contents", "raw.replication"),
    ):
        if not store.exists(table):
            continue
        published: set[tuple[object, ...]] = set()
        if published_release(home) is not None and is_recorded(home, table):
            published = set(query(home, query_text(name)).rows)
        found += [
            str(key)
            for key, content in store.rows(query_text(name))
            if (key, content) not in published
        ]
    return tuple(found)


def _is_published(store: Store, before: Publication | None) -> bool:
    """Whether what was taken in has reached the published file; not so after a run that died."""
    inputs = inputs_in_force(store)
    return before is not None and before.input_fingerprint == input_fingerprint(inputs)


def _refused_keys(store: Store) -> list[tuple[object, ...]]:
    """Each document in quarantine, with what it says."""
    if not store.exists("raw.quarantine"):
        return []
    return store.rows("select source, edition, content_sha256 from raw.quarantine order by all")


def _show_refusals(
    home: Home,
    store: Store,
    instance: "dg.DagsterInstance",
    is_drawn: bool,
    unforeseen: Mapping[str, str],
) -> None:
    """Let Dagster's pages say what is refused, and the report, unless a run has drawn it."""
    from assets.release.report.drawn import draw_report
    from orchestration.refusals import quarantine_of, show_refusals

    def warn(text: str) -> None:
        print(text, file=sys.stderr)

    show_refusals(instance, quarantine_of(store), unforeseen)
    if not is_drawn:
        draw_report(home, store, instance, datetime.now(UTC), warn)


def _refused(store: Store, survey: Survey[AnyLanded]) -> tuple[str, ...]:
    """Messages of the refused documents that still lie in `landing/`."""
    if not store.exists("raw.quarantine"):
        return ()
    landed = {document.key for document in survey.everything}
    rows = store.rows("select source || '/' || edition, message from raw.quarantine order by file")
    return tuple(message for key, message in rows if key in landed)


def _withdrawn(store: Store, survey: Survey[AnyLanded]) -> tuple[tuple[str, str], ...]:
    """Documents of which a card read just now says that they are withdrawn."""
    if not survey.pending:
        return ()
    read = {document.key for document in survey.pending}
    rows = store.rows(
        "select source || '/' || edition, withdrawn from raw.document "
        "where withdrawn is not null order by source, edition"
    )
    return tuple((key, reason) for key, reason in rows if key in read)


def _tell_waiting(holder: Holder) -> None:
    print(f"Waiting for the warehouse, which is being written by {holder} …", file=sys.stderr)


def _tell_room(home: Home, survey: Survey[AnyLanded]) -> None:
    """Say before the work where there may be too little room for it; it is tried nevertheless.

    A release is written whole beside the one before, the working file keeps what it replaces until
    its next checkpoint, and Dagster keeps a record of the run.
    """
    release = published_release(home)
    of_release = _FIRST_RELEASE_BYTES if release is None else release.size_bytes
    files = [path for each in survey.pending for path in each.folder.rglob("*") if path.is_file()]
    needed = 2 * of_release + sum(path.stat().st_size for path in files) + _RUN_BYTES
    free = shutil.disk_usage(home.root).free
    if free < needed:
        print(
            f"This refresh may need {needed / 1e6:,.0f} MB in {home.root}, where "
            f"{free / 1e6:,.1f} MB are free. It is tried; what is published stays whole. "
            "Old files in releases/ may go.",
            file=sys.stderr,
        )


@contextmanager
def _full_disk_named(home: Home) -> Iterator[None]:
    """Say what was done before the disk was full, where Dagster's event log (SQLite) met it.

    Raises WarehouseFull.
    """
    before = published_release(home)
    try:
        yield
    except Exception as error:
        cause = _full(error)
        if cause is None:
            raise
        after = published_release(home)
        done = (
            "Nothing was published; what was published before stands."
            if after is None or after == before
            else f"Vintage {after.vintage} is published; the record of its run was not kept."
        )
        raise no_room(f"in {home.root}", home.root, cause, done) from error


def _full(error: BaseException) -> BaseException | None:
    """The error of the system or of SQLite behind an error, if it says that there is no room."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in FULL_NUMBERS:
            return cause
        if isinstance(cause, sqlite3.OperationalError) and str(cause) in _SQLITE_FULL:
            return cause
        cause = cause.__cause__ or cause.__context__
    return None
