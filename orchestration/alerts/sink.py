"""What every sink is, and the two ways in which sending can fail.

Belongs here: the contract. Not here: any particular sink.
"""

from dataclasses import dataclass
from typing import Protocol

from orchestration.alerts.message import Notice

TIMEOUT_SECONDS = 10.0


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
