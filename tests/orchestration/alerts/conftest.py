"""What the tests of alerts share: a home, a clock to set, and real servers on this machine."""

import json
import os
import re
import shutil
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any

import dagster as dg
import pytest

from assets.warehouse.home import HOME_VARIABLE, Home
from orchestration.alerts.message import Message, Observation
from orchestration.alerts.sinks.sink import PREFIX

NOON = 1_800_000_000.0  # 2027-01-15, UTC


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of its own, and no setting of alerts but those of the test."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return Home(tmp_path).prepare()


def instance_in(folder: Path) -> dg.DagsterInstance:
    return dg.DagsterInstance.local_temp(str(folder), overrides={"telemetry": {"enabled": False}})


@pytest.fixture(scope="session")
def empty_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of an instance in which nothing has run: to make them takes longer than a copy."""
    folder = tmp_path_factory.mktemp("empty_instance")
    with instance_in(folder):
        return folder


@pytest.fixture
def instance(empty_instance: Path, tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """An instance in files of its own: the ephemeral one keeps no ticks."""
    with instance_in(Path(shutil.copytree(empty_instance, tmp_path / "instance"))) as made:
        yield made


@dataclass
class Clock:
    """A clock that stands until it is set."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def message() -> Callable[..., Message]:
    def make(cause: str = "test/one", title: str = "something is wrong", **other: Any) -> Message:
        given = {"severity": "error", "body": f"the body of {cause}", **other}
        return Message(cause, title=title, **given)

    return make


@pytest.fixture
def observe(message: Callable[..., Message]) -> Callable[..., Observation]:
    """`observe("a", "b")`: in the scope test/ stand these two causes and no others."""

    def make(*names: str) -> Observation:
        found = tuple(message(f"test/{name}", f"cause {name}") for name in names)
        return Observation("test/", found)

    return make


def trickle(answer: IO[bytes]) -> None:
    """A byte now and then, until the other side hangs up: longer than any test may take."""
    with suppress(OSError):
        for _ in range(600):
            answer.write(b"2")
            answer.flush()
            time.sleep(0.1)


@dataclass
class Chat:
    """A chat service on this machine: what it took, and how it answers next."""

    port: int = 0
    status: int = 200
    answer: bytes = b'{"errcode": 0, "errmsg": "ok"}'
    trickles: bool = False  # answers a byte at a time, without end
    hangs_up: bool = False  # takes the message and breaks off without an answer
    redirects_to: str = ""
    paths: list[str] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/services/T0001/B0002/very-secret-token"

    def texts(self) -> list[str]:
        return [
            one["text"] if "msgtype" not in one else one["text"]["content"] for one in self.taken
        ]

    def numbers(self) -> list[int]:
        """Numbers of the messages in all that was taken, in order."""
        return [int(number) for text in self.texts() for number in re.findall(r"\[#(\d+)\]", text)]


@pytest.fixture
def chat() -> Iterator[Chat]:
    state = Chat()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.paths.append(self.path)
            if state.hangs_up:
                state.taken.append(body)
                self.close_connection = True
                return
            if state.trickles:
                trickle(self.wfile)
                return
            if state.status == 200:
                state.taken.append(body)
            self.send_response(state.status)
            if state.redirects_to:
                self.send_header("Location", state.redirects_to)
            self.end_headers()
            self.wfile.write(state.answer)

        def do_GET(self) -> None:
            state.paths.append(f"GET {self.path}")
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield state
        server.shutdown()


@dataclass
class MailServer:
    """A mail server on this machine: what it took, and how it behaves next."""

    port: int = 0
    refuses: str = ""  # answer to the end of the mail instead of 250
    refuses_recipient: str = ""
    hangs_up_after_data: bool = False
    trickles_at: str = ""  # the verb that is answered a byte at a time, without end
    fails_at: str = ""  # the verb that is answered with 451
    hangs_up_at: str = ""  # the verb that gets no answer
    logins: list[str] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    state = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            if state.trickles_at == "CONNECT":
                trickle(self.wfile)
            if "CONNECT" in (state.trickles_at, state.hangs_up_at):
                return
            self.say("451 later" if state.fails_at == "CONNECT" else "220 here")
            while line := self.rfile.readline().decode().strip():
                verb = line.split()[0].upper()
                if verb == state.trickles_at:
                    trickle(self.wfile)
                if verb in (state.trickles_at, state.hangs_up_at):
                    return
                if verb == state.fails_at:
                    self.say("451 later")
                elif verb == "EHLO":
                    self.say("250-here")
                    self.say("250 AUTH PLAIN")
                elif verb == "AUTH":
                    state.logins.append(line)
                    good = line.endswith("AHVzZXIAaHVudGVyMjI=")  # \0user\0hunter22
                    self.say("235 welcome" if good else f"535 wrong: {line}")
                elif verb == "RCPT" and state.refuses_recipient and state.refuses_recipient in line:
                    self.say("550 unknown")
                elif verb == "DATA":
                    self.say("354 go on")
                    self.take()
                    if state.hangs_up_after_data:
                        return
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

        def take(self) -> None:
            lines = []
            while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                lines.append(line)
            if not state.refuses:
                state.mails.append("\n".join(lines))
            if state.trickles_at == "MAIL TAKEN":
                trickle(self.wfile)
            elif not state.hangs_up_after_data:
                self.say(state.refuses or "250 taken")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield state
        server.shutdown()
