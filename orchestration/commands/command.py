"""What a command of `yearbook` says of itself, and the commands that are there.

Belongs here: the declaration, exit codes, and arguments that several commands take. Not here: any
one command: each module beside this one that holds a COMMAND is one, named as the command is.
`--help` imports all of them, so what they need to do their work lies in folders below, and they
import it when they run.
"""

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from assets.warehouse.home import Home

OK, PROBLEMS, USAGE = 0, 1, 2
Run = Callable[[Home, argparse.Namespace], int]  # gives the exit code


def _takes_nothing(parser: argparse.ArgumentParser) -> None:
    """Declare no argument."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `run` and what it calls import what is heavy; a module's top does not."""

    place: int  # in --help, ascending
    name: str
    help: str
    run: Run
    arguments: Callable[[argparse.ArgumentParser], None] = _takes_nothing
    examples: tuple[str, ...] = ()  # whole lines, below the options in its --help


def asking(run: Run) -> Run:
    """The run of a command that asks what is published again and again.

    The release stays open from the first question to the last: to open it takes as long as fifty
    of them.
    """

    def asked(home: Home, options: argparse.Namespace) -> int:
        from assets.warehouse.connection import kept_open

        with kept_open():
            return run(home, options)

    return asked


def commands(asked: str | None) -> list[Command]:
    """The COMMAND of every module beside this one that has one, in the order of --help.

    asked: what stands first on the command line; where it is a command's name that one alone is
    loaded, since loading all of them takes longer than most queries.
    """
    package = __name__.rpartition(".")[0]
    names = [module.name for module in iter_modules(import_module(package).__path__)]
    own = [name for name in names if name == (asked or "").replace("-", "_")]
    for some in (own, names):
        modules = [import_module(f"{package}.{name}") for name in some]
        found = [module.COMMAND for module in modules if hasattr(module, "COMMAND")]
        if found:
            break
    return sorted(found, key=lambda command: (command.place, command.name))


def source_and_edition(text: str) -> str:
    """The argument SOURCE/EDITION."""
    if not re.fullmatch(r"[a-z0-9_]+/[0-9]{4}", text):
        raise argparse.ArgumentTypeError(
            f"'{text}': expected SOURCE/EDITION, such as nbs_regional_annual/2024"
        )
    return text
