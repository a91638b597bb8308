"""The report as it is drawn now: what is published, and what of the day goes with it.

Belongs here: gathering the state of the day (checks, refused and overdue documents) and writing the
page, and keeping its pictures for the next one. Not here: the page (`report.py`), where it lies
(`report_file.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import dagster as dg

from assets.extracts.errors import DocumentError
from assets.extracts.landed.quarantine import taken_before
from assets.extracts.landed.survey import awaited_editions, yearly_sources
from assets.release.report.pictures.drawn_once import Pictures, drawn_before
from assets.release.report.report_file import write_report
from assets.release.report.report_rows import RefusedDocument
from assets.release.report.run_checks import last_evaluations
from assets.vintages.current import published_vintage
from assets.vintages.kept_results import code_digest
from assets.warehouse.home import Home
from assets.warehouse.queries import query_text
from assets.warehouse.store import Store
from assets.warehouse.tables.row import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPictureRow(
    Row, table="kept.picture", grain="one row per picture of the last report", key=("drawn_from",)
):
    """The pictures of the last report: those that would be the same are not drawn again."""

    drawn_from: Annotated[str, "sha256 over what it is drawn from"]
    code_sha256: Annotated[str, "sha256 over all code and the versions of libraries"]
    svg: Annotated[str, "the picture as it stands on the page; of a document's cut the cells, JSON"]


def draw_report(
    home: Home,
    store: Store,
    instance: dg.DagsterInstance,
    now: datetime,
    warn: Callable[[str], object],
) -> Path:
    """Write the report of the published vintage anew; its file.

    warn: is told where it is not known which editions are overdue.
    """
    from assets.release.report.report import report_html  # loads jinja2 and the studies
    from assets.release.report.sections.summary import CheckLine

    vintage = published_vintage(home)
    try:
        due = awaited_editions(taken_before(store), yearly_sources(home.landing), now.year - 1)
    except DocumentError as error:
        warn(f"Which editions are overdue is not known: {error}")
        due = {}
    refused = store.read(RefusedDocument, query_text("release/report_refused"))
    overdue = [f"{source} {edition}" for source, edition in due.items()]
    not_passed = [
        CheckLine(name, bool(found.blocking), found.description or "")
        for name, found in last_evaluations(instance).items()
        if not found.passed
    ]
    code_sha256 = code_digest()
    with drawn_before(kept_pictures(store, code_sha256)) as pictures:
        page = report_html(home, vintage, not_passed, refused, overdue, now.date())
    if pictures.now != pictures.before:
        keep_pictures(store, pictures, code_sha256)
    return write_report(home, vintage, page)


def kept_pictures(store: Store, code_sha256: str) -> Mapping[str, str]:
    """Pictures that this code drew."""
    if not store.exists(KeptPictureRow.table.name):
        return {}
    asked = f"from {KeptPictureRow.table.name} where code_sha256 = ?"
    return {row.drawn_from: row.svg for row in store.read(KeptPictureRow, asked, [code_sha256])}


def keep_pictures(store: Store, pictures: Pictures, code_sha256: str) -> None:
    """Keep those of this report, and no other.

    Without a frame: where all documents are refused, nothing else needs pandas.
    """
    name = KeptPictureRow.table.name
    with store.transaction() as writes:
        writes.ensure(KeptPictureRow.table)
        writes.connection.execute(
            f"delete from {name} where code_sha256 <> ? or not list_contains(?, drawn_from)",
            [code_sha256, sorted(pictures.now)],
        )
        for drawn_from in sorted(pictures.now.keys() - pictures.before.keys()):
            svg = pictures.now[drawn_from]
            writes.insert(KeptPictureRow(drawn_from=drawn_from, code_sha256=code_sha256, svg=svg))
