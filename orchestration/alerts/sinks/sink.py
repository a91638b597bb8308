"""What every sink is, the two ways in which sending can fail, and how a sink is set up.

Belongs here: the contract, the limit of an exchange, and reading a variable. Not here: any
particular sink. A value that may be secret is never part of an error.
"""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol, TypeVar

from orchestration.alerts.message import Notice

PREFIX = "YEARBOOK_ALERT_"  # of every variable
TIMEOUT_SECONDS = 10.0  # of one read
EXCHANGE_SECONDS = 20.0  # of all reads and writes until the answer
SHORTEST_SECRET = 4  # shorter ones would black out ordinary words
THIS_MACHINE = ("127.0.0.1", "::1", "localhost")

Said = TypeVar("Said")


class NotAccepted(Exception):
    """The sink surely did not take the notice: it is kept and sent again later."""


class PerhapsAccepted(Exception):
    """The connection broke after the notice was handed over: it is not sent again."""


class Sink(Protocol):
    """Where notices go."""

    @property
    def name(self) -> str:
        """Under which the outbox keeps what was sent to it."""
        ...

    @property
    def may_digest(self) -> bool:
        """Whether many messages go as one notice."""
        ...

    def send(self, notice: Notice) -> str:
        """Send; returns a remark, mostly empty. Raises NotAccepted, PerhapsAccepted."""
        ...

    def has(self, notice: Notice) -> bool | None:
        """Whether the notice arrived earlier; None where the sink cannot tell."""
        ...


@dataclass(frozen=True, slots=True)
class UnusableSink:
    """A sink whose settings are wrong: it accepts nothing, so its messages wait."""

    name: str
    problem: str
    may_digest: bool = True

    def send(self, notice: Notice) -> str:
        """Raise NotAccepted with what is wrong with the settings."""
        raise NotAccepted(self.problem)

    def has(self, notice: Notice) -> bool | None:
        """Nothing ever arrived."""
        return False


class SettingError(ValueError):
    """A variable that cannot be used; names it, never its value."""


@dataclass(frozen=True, slots=True)
class SinkKind:
    """A sink that the environment may set up."""

    name: str
    variables: tuple[str, ...]  # one of them given sets it up
    read: Callable[[Mapping[str, str]], Sink]  # from what is given; raises SettingError
    secrets: Callable[[Mapping[str, str]], tuple[str, ...]]  # what of it must not be shown


def within(seconds: float, exchange: Callable[[], Said]) -> Said:
    """What an exchange with a server gives, or raises; TimeoutError once the seconds are over.

    A socket's timeout is of one read: a server that sends a byte now and then never meets it. The
    thread is a daemon, so that one which is still talking holds no process at its end.
    """
    outcome: Future[Said] = Future()

    def run() -> None:
        try:
            outcome.set_result(exchange())
        except BaseException as error:
            outcome.set_exception(error)

    threading.Thread(target=run, name="alert sink", daemon=True).start()
    return outcome.result(timeout=seconds)


def required(given: Mapping[str, str], variable: str, what: str) -> str:
    """The value of a variable that must be given. Raises SettingError."""
    if variable not in given:
        raise SettingError(f"{variable} is missing. Set it to {what}.")
    return given[variable]


def one_of(given: Mapping[str, str], variable: str, known: tuple[str, ...], default: str) -> str:
    """The value of a variable that names one of a few things. Raises SettingError."""
    value = given.get(variable, default).lower()
    if value not in known:
        raise SettingError(f"{variable} is {value!r}. Expected one of {', '.join(known)}.")
    return value


def secret_of(given: Mapping[str, str], variable: str) -> str:
    """The value of a variable that is secret; empty where it is not given. Raises SettingError."""
    secret = given.get(variable, "")
    if 0 < len(secret) < SHORTEST_SECRET:
        raise SettingError(f"{variable} is shorter than {SHORTEST_SECRET} characters.")
    return secret
