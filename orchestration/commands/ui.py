"""`yearbook ui`: the Dagster web interface and daemon on the persistent instance.

Belongs here: its arguments, the link it prints, and how it ends. Not here: who may ask the
interface for what, and what is started (`orchestration/interface/`).
"""

import argparse
import os
import re
import secrets
import select
import signal
import socket
import sys
import threading
import warnings
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

from assets.warehouse.home import Home
from orchestration.commands.command import OK, PROBLEMS, USAGE, Command
from orchestration.interface.stop import Stop

ADDRESS = "127.0.0.1"  # this machine only: from others one comes by a server with a log-in
TOKEN_VARIABLE = "YEARBOOK_UI_TOKEN"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,}")
_LISTEN_SECONDS = 0.2  # for the signal that made a process say what it says
_PROJECT = Path(__file__).parents[2]


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=3000, help="port on 127.0.0.1 (default 3000)")
    parser.add_argument(
        "--read-only",
        action="store_true",
        help="to look only: the pages launch, stop, delete and switch nothing, and no daemon runs",
    )
    parser.add_argument(
        "--behind",
        type=public_origin,
        metavar="URL",
        help="answer also to the address of a server with log-in before this one, "
        "such as https://yearbook.example.org (docs/operating.md)",
    )


def public_origin(text: str) -> str:
    """The argument of --behind, as browsers write it in Origin."""
    url = urlsplit(text.rstrip("/"))
    origin = f"{url.scheme}://{url.netloc}".lower()
    if url.scheme not in ("http", "https") or origin != text.rstrip("/").lower() or "@" in origin:
        raise argparse.ArgumentTypeError(
            f"'{text}': expected scheme and name alone, such as https://yearbook.example.org"
        )
    return origin


def _run(home: Home, options: argparse.Namespace) -> int:
    """Serve until a signal: Ctrl-C goes to `entry.py`, SIGTERM is an ordinary end."""
    token = link_token()
    if token is None:
        return USAGE
    port = options.port
    listening = listen(port)
    if listening is None:
        print(
            f"Port {port} on {ADDRESS} is in use. Choose another with --port, or open the link "
            "that the other `yearbook ui` printed.",
            file=sys.stderr,
        )
        return PROBLEMS
    stop = Stop()
    _heed_stop_signals(stop)
    _speak_for_all(stop)
    try:
        return _serve(home, listening, token, options, stop)
    except BaseException:  # a library that is interrupted while it loads may make another of it
        if stop.signal is None:
            raise
    if stop.signal == signal.SIGINT:
        raise KeyboardInterrupt
    print("Stopped.", file=sys.stderr)
    return OK


def _serve(
    home: Home, listening: socket.socket, token: str, options: argparse.Namespace, stop: Stop
) -> int:
    from orchestration.runs.instance import close_dead_runs, opened_instance

    known = origins(options.port, options.behind)
    os.environ["PYTHONWARNINGS"] = "ignore"  # Dagster's own, in the processes it starts
    warnings.simplefilter("ignore")
    with opened_instance(home) as instance:
        close_dead_runs(instance)
    os.chdir(_PROJECT)
    print(
        f"Dagster at {options.behind or next(iter(known.values()))}/?token={token}\n"
        "Whoever has the link may do what you may"
        f"{', but for changes (--read-only)' if options.read_only else ''}.\n"
        f"Instance {home.dagster}. Stop with Ctrl-C.",
        flush=True,
    )
    from orchestration.interface.guard import Pass
    from orchestration.interface.serving import DaemonEnded, serve

    allowed = Pass(token, f"yearbook_{options.port}", known, options.read_only)
    try:
        stop.check()
        serve(_PROJECT / "workspace.yaml", listening, allowed, stop)
    except DaemonEnded as ended:
        print(
            f"Dagster's daemon ended by itself (exit code {ended}), and the interface with it. "
            "Start it again; if it recurs, the lines above say why.",
            file=sys.stderr,
        )
    return PROBLEMS


COMMAND = Command(
    40,
    "ui",
    "Dagster web interface and daemon, on this machine only",
    _run,
    _arguments,
    examples=(
        "yearbook ui",
        "yearbook ui --read-only --port 3001",
    ),
)


def link_token() -> str | None:
    """The token of the link: drawn anew, or the one that is set; None, said why, if that is weak.

    Taken out of the environment, which every run of Dagster inherits.
    """
    token = os.environ.pop(TOKEN_VARIABLE, None) or secrets.token_urlsafe(32)
    if _TOKEN.fullmatch(token):
        return token
    print(
        f"{TOKEN_VARIABLE} is too weak, or holds what a cookie cannot. Expected: 32 or more "
        "of A-Z, a-z, 0-9, _ and -, drawn by chance, such as `openssl rand -hex 32` prints.",
        file=sys.stderr,
    )
    return None


def origins(port: int, behind: str | None) -> dict[str, str]:
    """The addresses that are answered to, by the Host that browsers send; this machine's first."""
    own = "" if port == 80 else f":{port}"  # browsers leave out the scheme's own port
    known = {f"{name}{own}": f"http://{name}{own}" for name in (ADDRESS, "localhost")}
    if behind:
        known[behind.partition("://")[2]] = behind
    return known


def listen(port: int) -> socket.socket | None:
    """A socket on this machine that browsers may come to already; None where it is taken."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((ADDRESS, port))
        listening.listen()  # a browser that is early waits
    except OSError:
        return None
    return listening


def _heed_stop_signals(stop: Stop) -> None:
    """Hear both, also when a shell that starts us in the background has SIGINT ignored.

    What we start would ignore it, too.
    """

    def interrupt(number: int, _frame: FrameType | None) -> NoReturn:
        stop.hear(number)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    tell = sys.unraisablehook
    sys.unraisablehook = lambda swallowed: None if stop.heard.is_set() else tell(swallowed)


def _speak_for_all(stop: Stop) -> None:
    """Pass on what the processes we start say, until a signal ends all of us.

    Ctrl-C reaches each of them, and those that are still loading answer it with a traceback.
    """
    terminal = os.dup(2)
    reading, writing = os.pipe()
    os.dup2(writing, 2)
    os.close(writing)
    sys.stderr = os.fdopen(os.dup(terminal), "w", buffering=1)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    # Written to at once; a handler is called only when Python is done with what it loads.
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)

    def pass_on() -> None:
        while said := os.read(reading, 65_536):
            signalled = select.select([woken], [], [], _LISTEN_SECONDS)[0]
            if not signalled and not stop.heard.is_set():
                os.write(terminal, said)

    threading.Thread(target=pass_on, daemon=True).start()
