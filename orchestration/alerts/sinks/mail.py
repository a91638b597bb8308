"""Mail by SMTP.

Belongs here: its variables, one mail per notice, and what a server's answer means. Not here: when
something is sent.
"""

import smtplib
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import TYPE_CHECKING, Literal, get_args

from orchestration.alerts.message import Notice, cut_to
from orchestration.alerts.sinks.sink import (
    EXCHANGE_SECONDS,
    PREFIX,
    SHORTEST_SECRET,
    THIS_MACHINE,
    TIMEOUT_SECONDS,
    NotAccepted,
    PerhapsAccepted,
    SettingError,
    SinkKind,
    one_of,
    required,
    secret_of,
    within,
)

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

SMTP_HOST = f"{PREFIX}SMTP_HOST"
SMTP_PORT = f"{PREFIX}SMTP_PORT"
SMTP_SECURITY = f"{PREFIX}SMTP_SECURITY"
SMTP_USER = f"{PREFIX}SMTP_USER"
SMTP_PASSWORD = f"{PREFIX}SMTP_PASSWORD"
SMTP_FROM = f"{PREFIX}SMTP_FROM"
SMTP_TO = f"{PREFIX}SMTP_TO"

Security = Literal["starttls", "tls", "none"]
SECURITIES: tuple[Security, ...] = get_args(Security)
DEFAULT_PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail server and who is written to. The password is never shown."""

    host: str
    port: int
    security: Security
    sender: str
    recipients: tuple[str, ...]
    user: str = ""
    password: str = field(default="", repr=False)
    timeout_seconds: float = TIMEOUT_SECONDS
    exchange_seconds: float = EXCHANGE_SECONDS  # of logging in, of the mail, of the farewell
    name: str = "smtp"
    may_digest: bool = True

    def send(self, notice: Notice) -> str:
        """One mail to all; the remark names recipients the server refused.

        Raises NotAccepted where the server took none, PerhapsAccepted where the mail was handed
        over and it gave no answer.
        """
        server = self._connected()
        try:
            mail = as_mail(notice, self.sender, self.recipients)
            refused = within(self.exchange_seconds, lambda: server.send_message(mail))
        except smtplib.SMTPServerDisconnected:
            failed = PerhapsAccepted if server.handed_over else NotAccepted
            raise failed(f"{self._place} broke off in the middle") from None
        except smtplib.SMTPException as error:
            raise NotAccepted(f"{self._place} refused the mail: {_answer(error)}") from None
        except OSError as error:
            _cut(server)  # before it is asked: from now on nothing is handed over
            failed = PerhapsAccepted if server.handed_over else NotAccepted
            raise failed(f"{self._place} gave no answer: {_answer(error)}") from None
        finally:
            with suppress(OSError, smtplib.SMTPException):
                within(self.exchange_seconds, server.quit)
            _cut(server)
            server.close()
        return f"refused for {', '.join(refused)}" if refused else ""

    def has(self, notice: Notice) -> bool | None:
        """A mail server cannot be asked."""
        return None

    @property
    def _place(self) -> str:
        return f"mail server {self.host}:{self.port}"

    def _connected(self) -> "_Server":
        try:
            return within(self.exchange_seconds, self._logged_in)
        except (OSError, smtplib.SMTPException) as error:  # ssl's errors are OSErrors
            raise NotAccepted(f"{self._place}: {_answer(error)}") from None

    def _logged_in(self) -> "_Server":
        if self.security == "tls":
            server: _Server = _ServerOverTls(
                self.host,
                self.port,
                timeout=self.timeout_seconds,
                context=ssl.create_default_context(),
            )
        else:
            server = _Server(self.host, self.port, timeout=self.timeout_seconds)
        try:
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


class _Server(smtplib.SMTP):
    """A server, and whether it was handed more than commands: until then it can have taken none."""

    handed_over = False

    def send(self, s: "ReadableBuffer | str") -> None:
        """Send a command, which is text, or the mail itself, which is bytes."""
        if not isinstance(s, str):
            self.handed_over = True
        super().send(s)


class _ServerOverTls(_Server, smtplib.SMTP_SSL):
    """The same where all of the talk is encrypted."""


def as_mail(notice: Notice, sender: str, recipients: tuple[str, ...]) -> EmailMessage:
    """The mail; its Message-ID follows from the messages in it."""
    mail = EmailMessage()
    mail["Subject"] = notice.title
    mail["From"] = sender
    mail["To"] = ", ".join(recipients)
    mail["Date"] = formatdate(notice.raised_at)
    numbers = f"{notice.numbers[0]}-{len(notice.numbers)}-{round(notice.raised_at * 1000)}"
    mail["Message-ID"] = f"<{numbers}@yearbook.invalid>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(cut_to(notice.text, MOST_BYTES))
    return mail


def _cut(server: smtplib.SMTP) -> None:
    """End what a thread still reads: closing alone would wait for it."""
    if server.sock is not None:
        with suppress(OSError):
            server.sock.shutdown(socket.SHUT_RDWR)


def _answer(error: Exception) -> str:
    """The code or kind of the error; a server's own words may repeat what was sent to it."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"code {error.smtp_code}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"every recipient ({', '.join(error.recipients)})"
    if isinstance(error, TimeoutError):
        return "timed out"
    return getattr(error, "strerror", None) or type(error).__name__


def _read(given: Mapping[str, str]) -> Mail:
    host = required(given, SMTP_HOST, "the name of the mail server")
    security = one_of(given, SMTP_SECURITY, SECURITIES, "starttls")
    user, password = given.get(SMTP_USER, ""), given.get(SMTP_PASSWORD, "")
    if bool(user) != bool(password):
        raise SettingError(f"{SMTP_USER} and {SMTP_PASSWORD} go together. Set both, or neither.")
    if user and security == "none" and host not in THIS_MACHINE:
        raise SettingError(
            f"{SMTP_SECURITY}=none would send {SMTP_PASSWORD} in the clear. "
            "Set it to starttls or tls."
        )
    if not (user + password).isascii():
        raise SettingError(f"{SMTP_USER} and {SMTP_PASSWORD} must be ASCII.")
    password = secret_of(given, SMTP_PASSWORD)
    matching: Security = next(known for known in SECURITIES if known == security)
    port = given.get(SMTP_PORT, str(DEFAULT_PORTS[matching]))
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise SettingError(f"{SMTP_PORT} is {port!r}. Expected a number from 1 to 65535.")
    (sender,) = _addresses(given, SMTP_FROM, most=1)
    return Mail(
        host=host,
        port=int(port),
        security=matching,
        sender=sender,
        recipients=_addresses(given, SMTP_TO),
        user=user,
        password=password,
    )


def _addresses(given: Mapping[str, str], variable: str, most: int = 100) -> tuple[str, ...]:
    text = required(given, variable, "mail addresses, separated by commas")
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    bad = [one for one in found if parseaddr(one)[1] != one or one.count("@") != 1]
    if bad or not 1 <= len(found) <= most or not text.isascii() or not text.isprintable():
        many = "one address" if most == 1 else f"up to {most} addresses, separated by commas"
        raise SettingError(f"{variable} is {text!r}. Expected {many}, such as name@example.org.")
    return found


def _secrets(given: Mapping[str, str]) -> tuple[str, ...]:
    password = given.get(SMTP_PASSWORD, "")
    return (password,) if len(password) >= SHORTEST_SECRET else ()


_VARIABLES = (SMTP_HOST, SMTP_PORT, SMTP_SECURITY, SMTP_USER, SMTP_PASSWORD, SMTP_FROM, SMTP_TO)
SINK = SinkKind("smtp", _VARIABLES, _read, _secrets)
