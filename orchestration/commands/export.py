"""`yearbook export`: a published vintage as files for other tools.

Belongs here: finding the release, and saying what was written. Not here: the formats
(`assets/release/export/`).
"""

import argparse
from pathlib import Path

from assets.release.export.formats import FORMATS
from assets.warehouse.home import Home
from assets.warehouse.texts.counted import counted
from orchestration.commands.command import OK, Command
from orchestration.commands.pages.progress_line import ProgressLine

_ALL = "all"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=(*FORMATS, _ALL), default=_ALL, help="one format alone (default: all)"
    )
    parser.add_argument(
        "--to", type=Path, metavar="FOLDER", help="a new folder (default: yearbook-<vintage> here)"
    )
    parser.add_argument("--vintage", help="name or running number; the latest where none is given")
    parser.add_argument(
        "--replace", action="store_true", help="take the place of an earlier export"
    )


def _run(home: Home, options: argparse.Namespace) -> int:
    """Write the folder and print what is in it. Raises WarehouseError."""
    from assets.release.export.export import export_release
    from assets.vintages.published import named_vintage, published_before
    from assets.warehouse.connection import require_whole
    from assets.warehouse.errors import WarehouseError
    from assets.warehouse.publish import releases

    vintage = named_vintage(home, options.vintage)
    kept = {release.vintage: release.path for release in releases(home)}
    if vintage not in kept:
        raise WarehouseError(
            f"The file of vintage {vintage} is kept no more; there are {', '.join(sorted(kept))}."
        )
    before = published_before(home, vintage)
    for path in filter(None, (kept[vintage], kept.get(before or ""))):
        require_whole(path)
    target = options.to or Path(f"yearbook-{vintage}")
    formats = FORMATS if options.format == _ALL else (options.format,)
    with ProgressLine("writing formats", len(formats)) as line:
        written = export_release(
            kept[vintage],
            kept.get(before) if before else None,
            vintage,
            target,
            formats,
            options.replace,
            line.at,
        )
    print(f"Vintage {vintage} is in {target}: {', '.join(formats)}")
    for table in written.tables:
        print(f"  {table.name}: {counted(len(table.rows), 'row')}")
    if before and "sdmx-csv" in formats and not written.has_changes:
        print(f"No changes.csv: the file of the vintage before, {before}, is kept no more.")
    return OK


COMMAND = Command(
    55,
    "export",
    "a vintage as XLSX, CSV, Parquet, SDMX-CSV or data package",
    _run,
    _arguments,
    examples=(
        "yearbook export",
        "yearbook export --format xlsx --to release_3 --vintage 3",
    ),
)
