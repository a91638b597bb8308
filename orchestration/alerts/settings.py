"""Where alerts go, as the environment says.

Belongs here: names of the variables, and what is wrong with a value. Not here: sending. A value
that may be secret is never part of an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import get_args
from urllib.parse import parse_qsl, urlsplit

from orchestration.alerts.log_file import LogFile
from orchestration.alerts.mail import SECURITIES, Mail, Security
from orchestration.alerts.sink import Sink, UnusableSink
from orchestration.alerts.webhook import KINDS, Kind, Webhook

PREFIX = "YEARBOOK_ALERT_"
WEBHOOK_URL = f"{PREFIX}WEBHOOK_URL"
WEBHOOK_KIND = f"{PREFIX}WEBHOOK_KIND"
WEBHOOK_SECRET = f"{PREFIX}WEBHOOK_SECRET"
SMTP_HOST = f"{PREFIX}SMTP_HOST"
SMTP_PORT = f"{PREFIX}SMTP_PORT"
SMTP_SECURITY = f"{PREFIX}SMTP_SECURITY"
SMTP_USER = f"{PREFIX}SMTP_USER"
SMTP_PASSWORD = f"{PREFIX}SMTP_PASSWORD"
SMTP_FROM = f"{PREFIX}SMTP_FROM"
SMTP_TO = f"{PREFIX}SMTP_TO"
INTERFACE = f"{PREFIX}INTERFACE"
_WEBHOOK = (WEBHOOK_URL, WEBHOOK_KIND, WEBHOOK_SECRET)
_SMTP = (SMTP_HOST, SMTP_PORT, SMTP_SECURITY, SMTP_USER, SMTP_PASSWORD, SMTP_FROM, SMTP_TO)
VARIABLES = (*_WEBHOOK, *_SMTP, INTERFACE)

DEFAULT_INTERFACE = "http://127.0.0.1:3000"
DEFAULT_PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
SHORTEST_SECRET = 4  # shorter ones would black out ordinary words
SHORTEST_KEY = 8  # part of an address that is taken for its key
_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


class SettingError(ValueError):
    """A variable that cannot be used; names it, never its value."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The sinks, the log first; what must not be shown; and what is wrong."""

    sinks: tuple[Sink, ...]
    interface: str  # address of the web interface, for links
    problems: tuple[str, ...]
    secrets: tuple[str, ...] = field(repr=False)


def read_settings(environment: Mapping[str, str], log: Path) -> Settings:
    """Read the variables. A sink with a wrong one accepts nothing, so that its messages wait."""
    given = {
        name: value.strip()
        for name, value in environment.items()
        if name.startswith(PREFIX) and value.strip()
    }
    problems = [
        f"{name} is no setting of alerts. Known are {', '.join(VARIABLES)}."
        for name in sorted(given)
        if name not in VARIABLES
    ]
    sinks: list[Sink] = [LogFile(log)]
    for name, variables, read in (("webhook", _WEBHOOK, _webhook), ("smtp", _SMTP, _mail)):
        if any(variable in given for variable in variables):
            try:
                sinks.append(read(given))
            except SettingError as error:
                problems.append(str(error))
                sinks.append(UnusableSink(name, str(error)))
    interface = given.get(INTERFACE, DEFAULT_INTERFACE).rstrip("/")
    return Settings(tuple(sinks), interface, tuple(problems), _secrets(given))


def _webhook(given: Mapping[str, str]) -> Webhook:
    kind = _one_of(given, WEBHOOK_KIND, KINDS, "slack")
    secret = given.get(WEBHOOK_SECRET, "")
    if secret and kind != "dingtalk":
        raise SettingError(f"{WEBHOOK_SECRET} is for {WEBHOOK_KIND}=dingtalk only. Unset it.")
    _require_length(given, WEBHOOK_SECRET)
    matching: Kind = next(known for known in get_args(Kind) if known == kind)
    return Webhook(matching, _address(given), secret)


def _address(given: Mapping[str, str]) -> str:
    url = _required(given, WEBHOOK_URL, "the address the chat service shows for its robot")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    clean = url.isascii() and url.isprintable() and " " not in url
    if host is None or not clean or port == 0 or "@" in parts.netloc:
        raise SettingError(
            f"{WEBHOOK_URL} is no address. Expected https://host/path, without user or password "
            "before the host, spaces or other characters than ASCII."
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _THIS_MACHINE):
        raise SettingError(
            f"{WEBHOOK_URL} must begin with https:// (http:// is for this machine only), "
            "since its key travels with every message."
        )
    return url


def _mail(given: Mapping[str, str]) -> Mail:
    host = _required(given, SMTP_HOST, "the name of the mail server")
    security = _one_of(given, SMTP_SECURITY, SECURITIES, "starttls")
    user, password = given.get(SMTP_USER, ""), given.get(SMTP_PASSWORD, "")
    if bool(user) != bool(password):
        raise SettingError(f"{SMTP_USER} and {SMTP_PASSWORD} go together. Set both, or neither.")
    if user and security == "none" and host not in _THIS_MACHINE:
        raise SettingError(
            f"{SMTP_SECURITY}=none would send {SMTP_PASSWORD} in the clear. "
            "Set it to starttls or tls."
        )
    if not (user + password).isascii():
        raise SettingError(f"{SMTP_USER} and {SMTP_PASSWORD} must be ASCII.")
    _require_length(given, SMTP_PASSWORD)
    matching: Security = next(known for known in SECURITIES if known == security)
    (sender,) = _addresses(given, SMTP_FROM, most=1)
    return Mail(
        host=host,
        port=_port(given, DEFAULT_PORTS[matching]),
        security=matching,
        sender=sender,
        recipients=_addresses(given, SMTP_TO),
        user=user,
        password=password,
    )


def _addresses(given: Mapping[str, str], variable: str, most: int = 100) -> tuple[str, ...]:
    text = _required(given, variable, "mail addresses, separated by commas")
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    bad = [one for one in found if parseaddr(one)[1] != one or one.count("@") != 1]
    if bad or not 1 <= len(found) <= most or not text.isascii() or not text.isprintable():
        many = "one address" if most == 1 else f"up to {most} addresses, separated by commas"
        raise SettingError(f"{variable} is {text!r}. Expected {many}, such as name@example.org.")
    return found


def _port(given: Mapping[str, str], default: int) -> int:
    text = given.get(SMTP_PORT, str(default))
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise SettingError(f"{SMTP_PORT} is {text!r}. Expected a number from 1 to 65535.")
    return int(text)


def _required(given: Mapping[str, str], variable: str, what: str) -> str:
    if variable not in given:
        raise SettingError(f"{variable} is missing. Set it to {what}.")
    return given[variable]


def _one_of(given: Mapping[str, str], variable: str, known: tuple[str, ...], default: str) -> str:
    value = given.get(variable, default).lower()
    if value not in known:
        raise SettingError(f"{variable} is {value!r}. Expected one of {', '.join(known)}.")
    return value


def _require_length(given: Mapping[str, str], variable: str) -> None:
    if 0 < len(given.get(variable, "")) < SHORTEST_SECRET:
        raise SettingError(f"{variable} is shorter than {SHORTEST_SECRET} characters.")


def _secrets(given: Mapping[str, str]) -> tuple[str, ...]:
    """The values that are keys or hold one; of an address, each part that may be the key."""
    url = given.get(WEBHOOK_URL, "")
    try:
        parts = urlsplit(url)
    except ValueError:
        return tuple(filter(None, (url, *_passwords(given))))
    pieces = (
        parts.path,
        *parts.path.split("/"),
        parts.query,
        *dict(parse_qsl(parts.query)).values(),
    )
    keys = [piece for piece in pieces if len(piece) >= SHORTEST_KEY]
    return tuple(filter(None, (url, parts.password or "", *keys, *_passwords(given))))


def _passwords(given: Mapping[str, str]) -> tuple[str, ...]:
    values = (given.get(WEBHOOK_SECRET, ""), given.get(SMTP_PASSWORD, ""))
    return tuple(value for value in values if len(value) >= SHORTEST_SECRET)
