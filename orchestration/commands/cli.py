"""The command line: `yearbook COMMAND`.

Belongs here: the parser's frame and what becomes of errors. Not here: any command (one module
each, which declares itself), and any import that is not needed before the command is known.
"""

import argparse
import codecs
import errno
import io
import sys
from collections.abc import Sequence

from assets.extracts.errors import DocumentError
from assets.poverty.study_files.errors import StudyError
from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from orchestration.commands.command import OK, PROBLEMS, Command, commands
from orchestration.runs.damaged_records import damaged_records_named
from orchestration.runs.postgres import postgres_named
from orchestration.tone import Tone, Toned, toned_text

# A disk that may not be written or is full, rights that lack, a file where a folder has to be, as
# many files or processes as one may have: no fault of the program.
_OF_THE_SYSTEM = (
    errno.EACCES,
    errno.EAGAIN,
    errno.EDQUOT,
    errno.EEXIST,
    errno.EFBIG,
    errno.EIO,
    errno.EISDIR,
    errno.ELOOP,
    errno.EMFILE,
    errno.ENAMETOOLONG,
    errno.ENFILE,
    errno.ENOMEM,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when all is well, 1 when something was refused or failed, 2 for usage.

    Ctrl-C goes through it to `entry.py`.
    """
    _take_any_character()
    given = sys.argv[1:] if arguments is None else arguments
    options = parser_of(commands(next(iter(given), None))).parse_args(given)
    try:
        home = Home.from_environment()
        with damaged_records_named(home), postgres_named():
            return int(options.run(home, options))
    except BrokenPipeError:
        sys.stderr.close()
        return OK
    except (WarehouseError, StudyError, DocumentError) as error:
        print(toned_text(Toned(str(error), Tone.BAD), sys.stderr), file=sys.stderr)
        return PROBLEMS
    except OSError as error:
        # Python's own words where it can write no file of its own (`tempfile`).
        without_room = "No usable temporary directory" in str(error)
        if error.errno not in _OF_THE_SYSTEM and not without_room:
            raise
        from assets.warehouse.connection import FULL_NUMBERS, no_room  # loads DuckDB

        if error.errno in FULL_NUMBERS or without_room:
            what = "a file" if error.filename is None else str(error.filename)
            done = "Nothing that is published has changed."
            print(no_room(what, None, error.strerror, done), file=sys.stderr)
            return PROBLEMS
        place = "" if error.filename is None else f"{error.filename}: "
        print(f"{place}{error.strerror}. What is published is as it was.", file=sys.stderr)
        return PROBLEMS


def _take_any_character() -> None:
    """Let no character end a command, whatever the terminal or file is said to take.

    ASCII can hold little of what is printed: in its place stands UTF-8, as Python itself has it
    where nothing is said. Of another encoding (GBK) what it lacks is spelled as an escape.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            is_ascii = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding="utf-8" if is_ascii else None, errors="backslashreplace")


def parser_of(known: Sequence[Command]) -> argparse.ArgumentParser:
    """The parser of some commands."""
    parser = argparse.ArgumentParser(
        prog="yearbook",
        description="Yearly statistical studies: refreshed, traced to their sources, and rerun.",
        epilog="`yearbook COMMAND --help` has examples.",
    )
    parsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in known:
        own = parsers.add_parser(
            command.name,
            help=command.help,
            description=f"{command.help[0].upper()}{command.help[1:]}.",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            epilog="\n".join(("examples:", *(f"  {line}" for line in command.examples))),
        )
        command.arguments(own)
        own.set_defaults(run=command.run)
    return parser
