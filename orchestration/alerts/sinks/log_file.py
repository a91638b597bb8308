"""The log file of alerts, the sink that is always there.

Belongs here: appending an entry whole, once. Not here: which messages there are.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from assets.warehouse.private import private_file
from orchestration.alerts.message import Notice, as_time
from orchestration.alerts.sinks.sink import NotAccepted


@dataclass(frozen=True, slots=True)
class LogFile:
    """Appends each message, never a digest; an entry that is there is not written again."""

    path: Path
    name: str = "log"
    may_digest: bool = False

    def send(self, notice: Notice) -> str:
        """Append and flush to disk. Raises NotAccepted where the file cannot be written."""
        try:
            with private_file(self.path).open("a+b") as file:
                entry = _entry(notice)
                if file.tell() and not _ends_with_newline(self.path):
                    entry = "\n" + entry  # an entry that a full disk or a kill broke off
                file.write(entry.encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise NotAccepted(f"{self.path}: {error.strerror}") from error
        return ""

    def has(self, notice: Notice) -> bool | None:
        """Whether the whole entry is in the file."""
        try:
            return _entry(notice).encode() in self.path.read_bytes()
        except FileNotFoundError:
            return False


def _entry(notice: Notice) -> str:
    body = "".join(f"    {line}\n" for line in notice.body.splitlines())
    return f"{as_time(notice.raised_at)}  {notice.title}\n{body}"


def _ends_with_newline(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"
