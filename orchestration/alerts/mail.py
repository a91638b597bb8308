"""Mail by SMTP.

Belongs here: one mail per notice, and what a server's answer means. Not here: where host and
password come from (`settings.py`).
"""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate
from typing import Literal, get_args

from orchestration.alerts.message import Notice, cut_to
from orchestration.alerts.sink import TIMEOUT_SECONDS, NotAccepted, PerhapsAccepted

Security = Literal["starttls", "tls", "none"]
SECURITIES: tuple[Security, ...] = get_args(Security)
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
    name: str = "smtp"
    may_digest: bool = True

    def send(self, notice: Notice) -> str:
        """One mail to all; the remark names recipients the server refused.

        Raises NotAccepted where the server took none, PerhapsAccepted where it gave no answer.
        """
        server = self._connected()
        try:
            refused = server.send_message(as_mail(notice, self.sender, self.recipients))
        except smtplib.SMTPServerDisconnected:
            raise PerhapsAccepted(f"{self._place} broke off in the middle") from None
        except smtplib.SMTPException as error:
            raise NotAccepted(f"{self._place} refused the mail: {_answer(error)}") from None
        except OSError as error:
            raise PerhapsAccepted(f"{self._place} gave no answer: {_answer(error)}") from None
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()
        return f"refused for {', '.join(refused)}" if refused else ""

    def has(self, notice: Notice) -> bool | None:
        """A mail server cannot be asked."""
        return None

    @property
    def _place(self) -> str:
        return f"mail server {self.host}:{self.port}"

    def _connected(self) -> smtplib.SMTP:
        try:
            return self._logged_in()
        except (OSError, smtplib.SMTPException) as error:  # ssl's errors are OSErrors
            raise NotAccepted(f"{self._place}: {_answer(error)}") from None

    def _logged_in(self) -> smtplib.SMTP:
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host,
                self.port,
                timeout=self.timeout_seconds,
                context=ssl.create_default_context(),
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout_seconds)
        try:
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


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


def _answer(error: Exception) -> str:
    """The code or kind of the error; a server's own words may repeat what was sent to it."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"code {error.smtp_code}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"every recipient ({', '.join(error.recipients)})"
    if isinstance(error, TimeoutError):
        return "timed out"
    return getattr(error, "strerror", None) or type(error).__name__
