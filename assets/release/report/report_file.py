"""Where the report lies: one file beside each release, and the name `report/index.html`.

Belongs here: writing it, the name, and removing those whose release is gone. Not here: the page.

A file is written whole under a private name and renamed, so whoever opens one has all of it.
"""

import os
from pathlib import Path

from assets.warehouse.home import Home
from assets.warehouse.publish import releases


def report_of(home: Home, vintage: str) -> Path:
    """The report of one vintage."""
    return home.releases / f"report-{vintage}.html"


def write_report(home: Home, vintage: str, page: str) -> Path:
    """Keep the page beside its release and point `report/index.html` at it."""
    path = report_of(home, vintage)
    partial = home.releases / f".partial-{path.name}-{os.getpid()}"
    partial.write_text(page, encoding="utf-8")
    partial.chmod(0o444)
    partial.replace(path)
    point_to_report(home, vintage)
    kept = {report_of(home, release.vintage) for release in releases(home)}
    for old in home.releases.glob("report-*.html"):
        if old not in kept:
            old.unlink()
    return path


def point_to_report(home: Home, vintage: str | None) -> None:
    """Let `report/index.html` name the report of a vintage; nothing where there is none."""
    if vintage is None or not report_of(home, vintage).exists():
        home.report.unlink(missing_ok=True)
        return
    link = home.report.with_name(f".{home.report.name}.{os.getpid()}")
    link.symlink_to(Path("..") / report_of(home, vintage).relative_to(home.root))
    link.replace(home.report)
