"""Messages, one per cause, and how several of them become one.

Belongs here: what a message is, which causes are new and which have passed, the digest, cutting a
text to what a sink takes, and taking out what is secret. Not here: finding causes, which texts are
secret (`sinks/`), keeping or sending messages.
"""

import base64
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import quote, quote_plus

Severity = Literal["error", "warning"]
DIGEST_FROM = 4  # so many at once go as one message
STARS = "***"
CUT = "… (cut; the whole text is in .yearbook/alerts.log)"


@dataclass(frozen=True, slots=True)
class Message:
    """What is wrong, once. `cause` says when two messages are about the same thing."""

    cause: str  # parts joined by /, from the general to the particular
    severity: Severity
    title: str
    body: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """All that is wrong within a scope: other causes that begin with it have passed."""

    scope: str  # ends with /
    messages: tuple[Message, ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError where a cause lies outside the scope: it would never pass."""
        strays = [m.cause for m in self.messages if not m.cause.startswith(self.scope)]
        if strays or not self.scope.endswith("/"):
            raise ValueError(f"scope {self.scope!r} does not hold {strays}")


@dataclass(frozen=True, slots=True)
class Changes:
    """What an observation changes in the causes that stand."""

    raised: tuple[Message, ...]
    passed: tuple[str, ...]


def changes(standing: Collection[str], observation: Observation) -> Changes:
    """New causes, one message each, and those that have passed."""
    found = {message.cause: message for message in observation.messages}
    return Changes(
        raised=tuple(message for cause, message in found.items() if cause not in standing),
        passed=tuple(
            cause
            for cause in sorted(standing)
            if cause.startswith(observation.scope) and cause not in found
        ),
    )


@dataclass(frozen=True, slots=True)
class Posted:
    """A message in the outbox."""

    number: int
    raised_at: float  # seconds since 1970, UTC
    message: Message


@dataclass(frozen=True, slots=True)
class Notice:
    """What a sink sends in one piece: one message, or a digest of several."""

    numbers: tuple[int, ...]
    raised_at: float  # of the first, seconds since 1970, UTC
    title: str  # one line
    body: str

    @property
    def text(self) -> str:
        """Title and body."""
        return f"{self.title}\n\n{self.body}" if self.body else self.title


def as_notices(posted: Sequence[Posted], may_digest: bool) -> tuple[Notice, ...]:
    """One notice per message, or, where there are DIGEST_FROM or more, one that lists them."""
    if may_digest and len(posted) >= DIGEST_FROM:
        return (_digest(posted),)
    return tuple(_single(one) for one in posted)


def with_doubts(notice: Notice, doubtful: Sequence[int]) -> Notice:
    """The notice, opened by the numbers of earlier messages that may not have arrived."""
    if not doubtful:
        return notice
    numbers = ", ".join(f"#{number}" for number in doubtful)
    warning = (
        f"Earlier, the connection broke while {numbers} was being sent, which may not have "
        "arrived: see .yearbook/alerts.log."
    )
    return replace(notice, body=f"{warning}\n\n{notice.body}".rstrip())


def cut_to(text: str, most_bytes: int) -> str:
    """The text in at most so many bytes of UTF-8, no character broken, with a word on the cut."""
    encoded = text.encode()
    if len(encoded) <= most_bytes:
        return text
    room = most_bytes - len(CUT.encode()) - 1
    return encoded[:room].decode(errors="ignore").rstrip() + "\n" + CUT


def redacted(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret, plain, percent-encoded or in base64, replaced by three stars."""
    forms = set()
    for secret in secrets:
        encoded = base64.b64encode(secret.encode()).decode()
        forms |= {secret, quote(secret, safe=""), quote(secret), quote_plus(secret), encoded}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, STARS)
    return text


def redacted_message(message: Message, secrets: Iterable[str]) -> Message:
    """The message without secrets in title, body or link."""
    known = tuple(secrets)
    return replace(
        message,
        title=redacted(message.title, known),
        body=redacted(message.body, known),
        link=None if message.link is None else redacted(message.link, known),
    )


def as_time(moment: float) -> str:
    """`2026-11-22 06:00 UTC`."""
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M} UTC"


def _single(posted: Posted) -> Notice:
    message = posted.message
    body = "\n\n".join(filter(None, (message.body.strip(), message.link)))
    return Notice((posted.number,), posted.raised_at, f"yearbook: {_headline(posted)}", body)


def _digest(posted: Sequence[Posted]) -> Notice:
    errors = sum(one.message.severity == "error" for one in posted)
    title = f"yearbook: {len(posted)} alerts, {errors} of them errors"
    lines = [f"- {_headline(one)} ({as_time(one.raised_at)})" for one in posted]
    lines.append("\nThe whole texts are in .yearbook/alerts.log.")
    numbers = tuple(one.number for one in posted)
    return Notice(numbers, posted[0].raised_at, title, "\n".join(lines))


def _headline(posted: Posted) -> str:
    title = " ".join(posted.message.title.split())
    return f"{posted.message.severity.upper()} {title} [#{posted.number}]"
