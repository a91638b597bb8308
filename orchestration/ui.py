"""`yearbook ui`: the Dagster web interface and daemon on the persistent instance.

Belongs here: starting and stopping the two. Not here: what they show.
"""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import FrameType

from assets.warehouse.home import Home

ADDRESS = "127.0.0.1"  # this machine only: Dagster's interface has no log-in
PROJECT = Path(__file__).parents[1]
STOP_SECONDS = 30.0


def serve(home: Home, port: int) -> int:
    """Run until interrupted; returns the exit code of Dagster, 1 where the port is taken."""
    from orchestration.instance import close_dead_runs, prepare_instance

    if _is_taken(port):
        print(
            f"Port {port} on {ADDRESS} is in use. Choose another with --port, or open "
            f"http://{ADDRESS}:{port} if that is this interface already.",
            file=sys.stderr,
        )
        return 1
    prepare_instance(home)
    import dagster as dg

    with dg.DagsterInstance.get() as instance:
        close_dead_runs(instance)
    print(f"Dagster at http://{ADDRESS}:{port}, instance {home.dagster}. Stop with Ctrl-C.")
    return _supervise(
        [
            *(sys.executable, "-W", "ignore", "-m", "dagster", "dev"),
            *("--workspace", str(PROJECT / "workspace.yaml")),
            *("--host", ADDRESS, "--port", str(port), "--log-level", "warning"),
        ]
    )


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return True
    return False


def _supervise(command: list[str]) -> int:
    """Run the command, hand it our own stop signals once, and wait for it."""
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    # A shell that starts us in the background has SIGINT ignored, and children inherit that.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.default_int_handler)
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, start_new_session=True)

    def hand_on(number: int, frame: FrameType | None) -> None:
        process.send_signal(signal.SIGTERM)

    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, hand_on)
    process.wait()
    return 0 if process.returncode in (0, -signal.SIGTERM, -signal.SIGINT) else process.returncode
