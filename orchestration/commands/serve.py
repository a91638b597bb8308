"""`yearbook serve`: the published warehouse for many people at once, to read only.

Belongs here: its arguments, the link it prints, and how it ends. Not here: answers
(`orchestration/answers/`), who may ask (`orchestration/interface/guard.py`).
"""

import argparse
import signal
import sys
from types import FrameType
from typing import NoReturn

from assets.warehouse.home import Home
from orchestration.commands.command import OK, PROBLEMS, USAGE, Command
from orchestration.commands.ui import (
    ADDRESS,
    TOKEN_VARIABLE,
    link_token,
    listen,
    origins,
    public_origin,
)

_PORT = 3100


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=int, default=_PORT, help=f"port on {ADDRESS} (default {_PORT})"
    )
    parser.add_argument(
        "--behind",
        type=public_origin,
        metavar="URL",
        help="answer also to the address of a server with log-in before this one "
        "(docs/operating.md)",
    )
    parser.add_argument(
        "--mcp",
        action="store_true",
        help="speak the Model Context Protocol on standard input and output instead, for an "
        "assistant (needs `uv sync --group mcp`)",
    )


def _run(home: Home, options: argparse.Namespace) -> int:
    """Answer until a signal: Ctrl-C goes to `entry.py`, SIGTERM is an ordinary end."""
    signal.signal(signal.SIGTERM, _end)
    if options.mcp:
        return _run_mcp(home)
    token = link_token()
    if token is None:
        return USAGE
    port = options.port
    listening = listen(port)
    if listening is None:
        print(f"Port {port} on {ADDRESS} is in use. Choose another with --port.", file=sys.stderr)
        return PROBLEMS
    from orchestration.answers.web import serve_answers
    from orchestration.interface.guard import Pass

    known = origins(port, options.behind)
    print(
        f"Questions to {home.published} at "
        f"{options.behind or next(iter(known.values()))}/?token={token}\n"
        "Whoever has the link may read all that is published, and change nothing.\n"
        f"A fixed token: {TOKEN_VARIABLE}. Stop with Ctrl-C.",
        flush=True,
    )
    serve_answers(home, listening, Pass(token, f"yearbook_{port}", known))
    return OK


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(OK)


def _run_mcp(home: Home) -> int:
    try:
        from orchestration.answers.mcp_server import server
    except ModuleNotFoundError as error:
        if error.name != "mcp":
            raise
        print(
            "The package mcp is not installed. It is in a dependency group of its own:\n"
            "  uv sync --group mcp",
            file=sys.stderr,
        )
        return PROBLEMS

    server(home).run("stdio")
    return OK


COMMAND = Command(
    56,
    "serve",
    "the published warehouse for many people at once, to read",
    _run,
    _arguments,
    examples=(
        "yearbook serve",
        "yearbook serve --mcp",
    ),
)
