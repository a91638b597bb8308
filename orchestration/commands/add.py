"""`yearbook add`: a document that arrived is filed, with a card that is proposed.

A new edition is compared with the edition before; of a source that is new the tables are found.

Belongs here: what is asked for. Not here: the conversation (`conversation/`), and reading what is
filed (`yearbook refresh`).
"""

import argparse
import sys
from datetime import date
from pathlib import Path

from assets.extracts.errors import DocumentError
from assets.warehouse.home import Home
from orchestration.commands.command import PROBLEMS, Command, source_and_edition
from orchestration.commands.conversation.asker import NotFiled


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the document")
    parser.add_argument(
        "--like",
        type=source_and_edition,
        metavar="SOURCE/EDITION",
        help="the edition before (default: the likeliest of all in landing/)",
    )
    parser.add_argument(
        "--source",
        metavar="NAME",
        help="the file's source is new and is called so (default: new where it is like no other)",
    )
    parser.add_argument("--edition", type=int, help="the year it was printed")
    parser.add_argument(
        "--published-on", type=date.fromisoformat, metavar="DATE", help="its day, as 2025-02-28"
    )
    parser.add_argument("--note", help="the card's note (default: none)")
    parser.add_argument("--yes", action="store_true", help="take every suggestion that is certain")
    parser.add_argument(
        "--answer",
        action="append",
        type=_key_and_word,
        default=[],
        metavar="QUESTION=WORD",
        help="answer one question; may be given several times",
    )
    parser.add_argument("--dry-run", action="store_true", help="show everything, file nothing")


def _key_and_word(text: str) -> tuple[str, str]:
    key, separator, word = text.rpartition("=")
    if not (separator and key and word):
        raise argparse.ArgumentTypeError(f"'{text}': expected QUESTION=WORD, as the command shows")
    return key, word


def _run(home: Home, options: argparse.Namespace) -> int:
    """Recognise, compare, ask and file one document; a problem where it is not filed."""
    from orchestration.commands.conversation.filing import file_arrived
    from orchestration.commands.conversation.request import Request

    request = Request(
        file=options.file,
        like=options.like,
        source=options.source,
        edition=options.edition,
        published_on=options.published_on,
        note=options.note,
        yes=options.yes,
        dry_run=options.dry_run,
        answers=dict(options.answer),
    )
    try:
        return file_arrived(home, request)
    except (DocumentError, NotFiled) as error:
        print(f"\n{error}\nNothing was filed.", file=sys.stderr)
        return PROBLEMS


COMMAND = Command(
    10,
    "add",
    "file a document that arrived, with its card",
    _run,
    _arguments,
    examples=(
        "yearbook add annual_2025.xlsx",
        "yearbook add provinces.csv --edition 2025 --answer unit=亿元 --yes",
    ),
)
