"""The outbox: causes that stand, messages, and what each sink has been sent. SQLite, one file.

Belongs here: keeping, and every change in one transaction. Not here: finding causes, sending. Its
SQL stands here and not in `sql/`: it is SQLite's, of a file that no reader sees, and each statement
belongs to the method that states what it guarantees.

A delivery is `waiting`, then `sending` from before it is handed over, then `sent`. One that is
found `sending` by the next sender was cut off in between: where the sink can tell, it is asked;
otherwise it becomes `doubtful` and is never sent again, and `told` once a later notice said so.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assets.warehouse.private import private_file
from orchestration.alerts.message import Message, Observation, Posted, changes

State = Literal["waiting", "sending", "sent", "doubtful", "told"]
BUSY_SECONDS = 30.0

_SCHEMA = """
create table if not exists standing (cause text primary key, raised_at real not null);
create table if not exists message (
    number integer primary key autoincrement, raised_at real not null, cause text not null,
    severity text not null, title text not null, body text not null, link text
);
create table if not exists delivery (
    number integer not null references message, sink text not null,
    state text not null check (state in ('waiting', 'sending', 'sent', 'doubtful', 'told')),
    attempts integer not null default 0, changed_at real not null, remark text not null default '',
    primary key (number, sink)
);
create table if not exists seen_run (run_id text primary key, ended_at real not null);
create table if not exists daemon_look (
    one integer primary key check (one = 1), first_at real not null, last_at real not null
);
"""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way to one sink."""

    posted: Posted
    sink: str
    state: State
    attempts: int
    changed_at: float  # seconds since 1970, UTC
    remark: str


@dataclass(frozen=True, slots=True)
class DaemonLook:
    """Since when the daemon has looked without a pause, and when last; seconds since 1970."""

    first_at: float
    last_at: float


@dataclass(frozen=True, slots=True)
class Outbox:
    """The outbox in one file; every method opens it, so that processes may share it."""

    path: Path

    def post(self, observations: Iterable[Observation], sinks: Sequence[str], now: float) -> int:
        """Keep new causes as messages for each sink, forget passed ones; how many are new."""
        with self._writing() as connection:
            return sum(_post(connection, one, sinks, now) for one in observations)

    def post_run(
        self,
        run_id: str,
        ended_at: float,
        observations: Iterable[Observation],
        sinks: Sequence[str],
        now: float,
    ) -> int:
        """The same for what a finished run showed, once per run whoever looks; how many are new."""
        with self._writing() as connection:
            seen = "insert or ignore into seen_run values (?, ?)"
            if not connection.execute(seen, (run_id, ended_at)).rowcount:
                return 0
            return sum(_post(connection, one, sinks, now) for one in observations)

    def seen_runs(self) -> dict[str, float]:
        """Runs that were looked at, with the time of their end."""
        with self._reading() as connection:
            return dict(connection.execute("select run_id, ended_at from seen_run").fetchall())

    def forget_runs(self, ended_before: float) -> None:
        """Forget runs too old to be looked at again."""
        with self._writing() as connection:
            connection.execute("delete from seen_run where ended_at < ?", (ended_before,))

    def standing(self) -> tuple[str, ...]:
        """Causes that were told and have not passed."""
        with self._reading() as connection:
            return _standing(connection)

    def deliveries(self, *states: State, sink: str | None = None) -> tuple[Delivery, ...]:
        """Deliveries in one of these states, oldest message first, of one sink or of all."""
        marks = ", ".join("?" * len(states))
        with self._reading() as connection:
            rows = connection.execute(
                "select m.number, m.raised_at, m.cause, m.severity, m.title, m.body, m.link, "
                "d.sink, d.state, d.attempts, d.changed_at, d.remark "
                "from delivery as d join message as m using (number) "
                f"where d.state in ({marks}) and d.sink = coalesce(?, d.sink) "
                "order by m.number, d.sink",
                (*states, sink),
            ).fetchall()
        return tuple(
            Delivery(
                posted=Posted(
                    number=row["number"],
                    raised_at=row["raised_at"],
                    message=Message(
                        cause=row["cause"],
                        severity=row["severity"],
                        title=row["title"],
                        body=row["body"],
                        link=row["link"],
                    ),
                ),
                sink=row["sink"],
                state=row["state"],
                attempts=row["attempts"],
                changed_at=row["changed_at"],
                remark=row["remark"],
            )
            for row in rows
        )

    def mark(
        self, numbers: Sequence[int], sink: str, state: State, now: float, remark: str = ""
    ) -> None:
        """Move deliveries to a state; to `sending` counts as an attempt."""
        with self._writing() as connection:
            connection.executemany(
                "update delivery set state = ?, changed_at = ?, remark = ?, "
                "attempts = attempts + (? = 'sending') where number = ? and sink = ?",
                [(state, now, remark, state, number, sink) for number in numbers],
            )

    def daemon_looked(self, now: float, pause_seconds: float) -> DaemonLook:
        """Note a look of the daemon; one after a longer pause is its first again."""
        with self._writing() as connection:
            before = _last_look(connection)
            if before is None or now - before.last_at > pause_seconds:
                before = DaemonLook(now, now)
            look = DaemonLook(before.first_at, now)
            connection.execute(
                "insert or replace into daemon_look values (1, ?, ?)", (look.first_at, look.last_at)
            )
        return look

    def last_daemon_look(self) -> DaemonLook | None:
        """None where the daemon never ran."""
        with self._reading() as connection:
            return _last_look(connection)

    @contextmanager
    def sole_sender(self) -> Iterator[bool]:
        """True for the one that may send now, False where another does. The kernel's lock."""
        lock = private_file(self.path.with_suffix(".lock"))
        descriptor = os.open(lock, os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
        finally:
            os.close(descriptor)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        if not self.path.exists():
            private_file(self.path)
        with closing(sqlite3.connect(self.path, BUSY_SECONDS, isolation_level=None)) as connection:
            connection.row_factory = sqlite3.Row
            connection.executescript(_SCHEMA)
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as connection:
            connection.execute("begin immediate")
            try:
                yield connection
            except BaseException:
                connection.execute("rollback")
                raise
            connection.execute("commit")


def _post(
    connection: sqlite3.Connection, observation: Observation, sinks: Sequence[str], now: float
) -> int:
    found = changes(_standing(connection), observation)
    connection.executemany(
        "delete from standing where cause = ?", [(cause,) for cause in found.passed]
    )
    for message in found.raised:
        connection.execute("insert into standing values (?, ?)", (message.cause, now))
        number = connection.execute(
            "insert into message (raised_at, cause, severity, title, body, link) "
            "values (?, ?, ?, ?, ?, ?)",
            (now, message.cause, message.severity, message.title, message.body, message.link),
        ).lastrowid
        connection.executemany(
            "insert into delivery (number, sink, state, changed_at) values (?, ?, 'waiting', ?)",
            [(number, sink, now) for sink in sinks],
        )
    return len(found.raised)


def _standing(connection: sqlite3.Connection) -> tuple[str, ...]:
    rows = connection.execute("select cause from standing order by cause").fetchall()
    return tuple(cause for (cause,) in rows)


def _last_look(connection: sqlite3.Connection) -> DaemonLook | None:
    row = connection.execute("select first_at, last_at from daemon_look").fetchone()
    return None if row is None else DaemonLook(row["first_at"], row["last_at"])
