"""The report as it is drawn now: what is published, and what of the day goes with it.

Belongs here: gathering the state of the day (checks, refused and overdue documents) and writing the
page. Not here: the page (`report.py`), where it lies (`report_file.py`).
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import dagster as dg

from assets.extracts.errors import DocumentError
from assets.extracts.quarantine import taken_before
from assets.extracts.survey import awaited_editions, yearly_sources
from assets.release.report.report_file import write_report
from assets.release.report.report_rows import RefusedDocument
from assets.release.report.run_checks import last_evaluations
from assets.vintages.current import published_vintage
from assets.warehouse.home import Home
from assets.warehouse.queries import query_text
from assets.warehouse.store import Store


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
    from assets.release.report.summary import CheckLine

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
    page = report_html(home, vintage, not_passed, refused, overdue, now.date())
    return write_report(home, vintage, page)
