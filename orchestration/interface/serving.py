"""Dagster's web server in this process behind the guard, and the daemon as a process beside it.

Belongs here: starting and stopping what `dagster dev` starts and stops. Not here: who may ask
(`guard.py`).

Dagster's own command opens its server on a port with nothing before it, so it is not used. What
it is made of is not public (`dagster._…`): the version is pinned, and tests start all of it.
"""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import dagster as dg
import uvicorn
import yaml
from dagster._cli.proxy_server_manager import ProxyServerManager
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster_webserver.app import create_app_from_workspace_process_context
from dagster_webserver.version import __version__

from assets.warehouse.home import Home
from orchestration.interface.guard import Guard, Pass
from orchestration.interface.report_page import WithReport
from orchestration.interface.stop import Stop

_LIVE_DATA_POLL_MS = 2000  # as `dagster dev` has it
_GRACE_SECONDS = 1


class DaemonEnded(Exception):
    """The daemon ended by itself; its exit code."""


def serve(workspace: Path, listening: socket.socket, allowed: Pass, stop: Stop) -> None:
    """Answer on a socket until a signal, whose handler is called once more at the end.

    Server and daemon share one process that holds the definitions, on a Unix socket that only
    this user may write to. Who only looks has no daemon, so that it can stand beside one that has.
    """
    with (
        dg.DagsterInstance.get() as instance,
        ProxyServerManager(instance, WorkspaceFileTarget([str(workspace)]), "warning") as code,
        TemporaryDirectory() as folder,
    ):
        stop.check()
        shared = Path(folder) / "workspace.yaml"
        shared.write_text(yaml.safe_dump({"load_from": code.get_code_server_specs()}))
        with (
            nullcontext() if allowed.read_only else _daemon(shared) as daemon,
            WorkspaceProcessContext(
                instance,
                WorkspaceFileTarget([str(shared)]),
                version=__version__,
                read_only=allowed.read_only,
            ) as context,
        ):
            app = create_app_from_workspace_process_context(
                context, live_data_poll_rate=_LIVE_DATA_POLL_MS
            )
            config = uvicorn.Config(
                Guard(WithReport(app, Home.from_environment().report), allowed),
                log_level="warning",
                access_log=False,  # addresses may hold the token
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
            server = _Server(config, daemon, stop)
            stop.check()
            server.run(sockets=[listening])
            if daemon is not None and daemon.returncode is not None:
                raise DaemonEnded(daemon.returncode)


class _Server(uvicorn.Server):
    """Stops with the daemon, and the daemon with it: at once, not when its last page is closed."""

    def __init__(
        self, config: uvicorn.Config, daemon: subprocess.Popen[bytes] | None, stop: Stop
    ) -> None:
        super().__init__(config)
        self._daemon = daemon
        self._stop = stop
        if daemon is not None:
            threading.Thread(target=self._stop_with, args=(daemon,), daemon=True).start()

    def _stop_with(self, daemon: subprocess.Popen[bytes]) -> None:
        daemon.wait()
        self.should_exit = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Hear a signal."""
        self._stop.hear(sig)
        if self._daemon is not None:
            self._daemon.terminate()
        super().handle_exit(sig, frame)


@contextmanager
def _daemon(workspace: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [
        *(sys.executable, "-W", "ignore", "-m", "dagster._daemon", "run"),
        *("--log-level", "warning", "--workspace", str(workspace)),
    ]
    process = subprocess.Popen(command)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:  # it sleeps between looks; a tick it leaves is skipped
            process.kill()
            process.wait()
