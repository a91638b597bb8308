"""`yearbook ui`: the Dagster web interface and daemon on the persistent instance.

Belongs here: starting the two. Not here: what they show.
"""

import argparse
import os
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

from assets.warehouse.home import Home
from orchestration.commands.command import PROBLEMS, Command

ADDRESS = "127.0.0.1"  # this machine only: Dagster's interface has no log-in
PROJECT = Path(__file__).parents[2]


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=3000, help="port on 127.0.0.1 (default 3000)")


def _run(home: Home, options: argparse.Namespace) -> int:
    """Become `dagster dev`; returns only where the port is taken.

    This process is replaced, so that its id, and whatever stops it, mean Dagster itself.
    """
    from orchestration.instance import close_dead_runs, prepare_instance

    port = options.port
    if _is_taken(port):
        print(
            f"Port {port} on {ADDRESS} is in use. Choose another with --port, or open "
            f"http://{ADDRESS}:{port} if that is this interface already.",
            file=sys.stderr,
        )
        return PROBLEMS
    prepare_instance(home)
    import dagster as dg

    with dg.DagsterInstance.get() as instance:
        close_dead_runs(instance)
    print(f"Dagster at http://{ADDRESS}:{port}, instance {home.dagster}. Stop with Ctrl-C.")
    sys.stdout.flush()
    return _become_dagster(port)


COMMAND = Command(
    40, "ui", "Dagster web interface and daemon, on this machine only", _run, _arguments
)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return True
    return False


def _become_dagster(port: int) -> NoReturn:
    _heed_stop_signals()
    command = [
        *(sys.executable, "-W", "ignore", "-m", "dagster", "dev"),
        *("--workspace", str(PROJECT / "workspace.yaml")),
        *("--host", ADDRESS, "--port", str(port), "--log-level", "warning"),
    ]
    os.chdir(PROJECT)
    os.execve(command[0], command, {**os.environ, "PYTHONWARNINGS": "ignore"})


def _heed_stop_signals() -> None:
    """Undo what a shell does that starts us in the background: SIGINT ignored, for children too.

    Dagster takes its handling of SIGTERM from SIGINT and would ignore both. A handler of ours is
    dropped when Dagster takes this process over; an ignored signal would stay ignored.
    """
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.default_int_handler)
