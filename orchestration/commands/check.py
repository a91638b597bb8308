"""`yearbook check [PATH]`: read documents without a run, and list all that is wrong with them.

Belongs here: which documents are meant, and a line for each. Not here: reading (assets/extracts).
Nothing is written and no lock is taken; Dagster is not imported. Data sets of the town study are
read by `yearbook refresh` alone.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assets.extracts.errors import DocumentError
from assets.extracts.landed.survey import LandedDocument, landed_documents
from assets.extracts.meaning.definitions import OWN
from assets.warehouse.home import Home
from assets.warehouse.texts.counted import counted
from orchestration.commands.command import OK, PROBLEMS, Command
from orchestration.commands.pages.progress_line import ProgressLine
from orchestration.tone import Tone, Toned, toned_text

if TYPE_CHECKING:
    from assets.extracts.document import Document


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path",
        nargs="?",
        type=Path,
        metavar="PATH",
        help="a document's folder, its card or its file, or a source's folder; all of landing/ by "
        "default",
    )


def _run(home: Home, options: argparse.Namespace) -> int:
    from assets.extracts.landed.reading import ReadingProcess, Task

    meant = _meant(home, home.landing if options.path is None else options.path)
    if not meant:
        print(
            f"{options.path or home.landing}: no document lies there.\n"
            f"  Expected: a folder {home.landing}/<source>/<edition>/, or a file in one.\n"
            "  Put the document and its card there, or file it with `yearbook add FILE`.",
            file=sys.stderr,
        )
        return PROBLEMS
    refused = 0
    with ReadingProcess() as process, ProgressLine("reading documents", len(meant)) as line:
        for number, landed in enumerate(meant):
            line.at(number)
            try:
                document = process.read(Task(landed, home.landing, datetime.now(UTC).year, None))
                told = f"landing/{landed.key}: {_counts(document)}"
            except DocumentError as error:
                told = f"\n{toned_text(Toned(f'WRONG {error}', Tone.BAD), sys.stdout)}\n"
                refused += 1
            line.clear()
            print(told, flush=True)
    said = Toned(f"{len(meant)} read", Tone.GOOD)
    if refused:
        said = Toned(f"{said}, {refused} of them wrong", Tone.BAD)
    print(toned_text(said, sys.stdout))
    return PROBLEMS if refused else OK


COMMAND = Command(
    15,
    "check",
    "list all that is wrong with documents, write nothing",
    _run,
    _arguments,
    examples=(
        "yearbook check",
        "yearbook check landing/nbs_regional_annual/2024",
    ),
)


def _meant(home: Home, path: Path) -> Sequence[LandedDocument]:
    """The documents a path names, from the working folder, else from where the warehouse lies."""
    landed = landed_documents(home.landing)
    for place in (path, home.root / path):
        if not os.path.lexists(place):
            continue
        wanted = Path(os.path.realpath(place))
        meant = [
            each
            for each in landed
            if (folder := Path(os.path.realpath(each.folder))).is_relative_to(wanted)
            or wanted.is_relative_to(folder)
        ]
        if meant:
            return meant
    return []


def _counts(document: "Document") -> str:
    if document.card.withdrawn is not None:
        return f"withdrawn, no figure is taken ({document.card.withdrawn.reason})"
    figures = document.observations
    parts = [counted(len(document.card.tables), "table")]
    if figures:
        years = sorted({row.reference_year for row in figures})
        span = f"{years[0]}" if len(years) == 1 else f"{years[0]} to {years[-1]}"
        parts += [
            counted(len(figures), "figure"),
            counted(len({row.region for row in figures}), "region"),
            span,
        ]
    others = sorted({(row.indicator, row.definition) for row in figures if row.definition != OWN})
    parts += [f"{indicator} by {definition}" for indicator, definition in others]
    if document.statistics:
        parts.append(counted(len(document.statistics), "number") + " of a paper")
    if document.unavailable:
        parts.append(f"{counted(len(document.unavailable), 'place')} without a figure")
    return ", ".join(parts)
