"""Webhooks of chat services: Slack (and what is compatible with it), DingTalk, WeCom.

Belongs here: its variables, the shape of each payload, DingTalk's signature, and what an answer
means. Not here: when something is sent.
"""

import base64
import hashlib
import hmac
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args
from urllib.parse import parse_qsl, quote, urlsplit

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

WEBHOOK_URL = f"{PREFIX}WEBHOOK_URL"
WEBHOOK_KIND = f"{PREFIX}WEBHOOK_KIND"
WEBHOOK_SECRET = f"{PREFIX}WEBHOOK_SECRET"
SHORTEST_KEY = 8  # part of an address that is taken for its key

Kind = Literal["slack", "dingtalk", "wecom"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# Bytes of text taken by each, as their documentation states, less a margin for DingTalk's JSON.
MOST_BYTES: dict[Kind, int] = {"slack": 30_000, "dingtalk": 18_000, "wecom": 2_048}


@dataclass(frozen=True, slots=True)
class Webhook:
    """One address that takes notices as JSON. Neither the address nor the secret is ever shown."""

    kind: Kind
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)  # DingTalk only
    timeout_seconds: float = TIMEOUT_SECONDS
    exchange_seconds: float = EXCHANGE_SECONDS
    name: str = "webhook"
    may_digest: bool = True

    def send(self, notice: Notice) -> str:
        """Post once, following no redirect. Raises NotAccepted, PerhapsAccepted."""
        request = urllib.request.Request(
            signed(self.url, self.secret, round(time.time() * 1000)) if self.secret else self.url,
            data=json.dumps(payload(self.kind, notice), ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json; charset=utf-8"},
        )
        place = f"{self.kind} webhook at {urlsplit(self.url).hostname}"
        # `from None`: the causes name the address, which holds the key.
        try:
            said = within(self.exchange_seconds, lambda: self._answer(request))
        except urllib.error.HTTPError as error:
            raise NotAccepted(f"{place} answered {error.code}, expected 200") from None
        except urllib.error.URLError as error:
            raise NotAccepted(f"{place} is out of reach: {_kind_of(error.reason)}") from None
        except (OSError, http.client.HTTPException) as error:
            raise PerhapsAccepted(f"{place} gave no answer: {_kind_of(error)}") from None
        _require_accepted(self.kind, said, place)
        return ""

    def _answer(self, request: urllib.request.Request) -> bytes:
        with _OPENER.open(request, timeout=self.timeout_seconds) as answer:
            said: bytes = answer.read(2000)
            return said

    def has(self, notice: Notice) -> bool | None:
        """A webhook cannot be asked."""
        return None


def payload(kind: Kind, notice: Notice) -> dict[str, object]:
    """The JSON a service takes: plain text, cut to the length it allows."""
    text = cut_to(notice.text, MOST_BYTES[kind])
    if kind == "slack":
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return {"text": escaped}
    return {"msgtype": "text", "text": {"content": text}}


def signed(url: str, secret: str, milliseconds: int) -> str:
    """DingTalk's signed address: HMAC-SHA256 over time and secret, base64, percent-encoded.

    Source: DingTalk open platform, custom robot, security settings, "加签".
    """
    digest = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256)
    sign = quote(base64.b64encode(digest.digest()), safe="")
    joint = "&" if urlsplit(url).query else "?"
    return f"{url}{joint}timestamp={milliseconds}&sign={sign}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirected POST becomes a GET without the message, and its 200 would mean nothing."""

    def redirect_request(self, *arguments: object, **named: object) -> None:
        """Follow none."""


_OPENER = urllib.request.build_opener(_NoRedirect)


def _require_accepted(kind: Kind, said: bytes, place: str) -> None:
    """DingTalk and WeCom answer 200 to what they refuse, with an error code in the body."""
    if kind == "slack":
        return
    try:
        code = json.loads(said)["errcode"]
    except (ValueError, KeyError, TypeError):
        raise NotAccepted(f"{place} answered without an errcode; is it the right kind?") from None
    if code != 0:
        raise NotAccepted(f"{place} refused with errcode {code}, expected 0")


def _kind_of(error: object) -> str:
    """What went wrong without the error's own text, which may hold the address."""
    if isinstance(error, TimeoutError):
        return "timed out"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__


def _read(given: Mapping[str, str]) -> Webhook:
    kind = one_of(given, WEBHOOK_KIND, KINDS, "slack")
    if given.get(WEBHOOK_SECRET) and kind != "dingtalk":
        raise SettingError(f"{WEBHOOK_SECRET} is for {WEBHOOK_KIND}=dingtalk only. Unset it.")
    secret = secret_of(given, WEBHOOK_SECRET)
    matching: Kind = next(known for known in KINDS if known == kind)
    return Webhook(matching, _address(given), secret)


def _address(given: Mapping[str, str]) -> str:
    url = required(given, WEBHOOK_URL, "the address the chat service shows for its robot")
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
    if parts.scheme != "https" and not (parts.scheme == "http" and host in THIS_MACHINE):
        raise SettingError(
            f"{WEBHOOK_URL} must begin with https:// (http:// is for this machine only), "
            "since its key travels with every message."
        )
    return url


def _secrets(given: Mapping[str, str]) -> tuple[str, ...]:
    """The secret, the address, and each part of the address that may be its key."""
    url, secret = given.get(WEBHOOK_URL, ""), given.get(WEBHOOK_SECRET, "")
    whole = (url, secret if len(secret) >= SHORTEST_SECRET else "")
    try:
        parts = urlsplit(url)
    except ValueError:
        return tuple(filter(None, whole))
    pieces = (
        parts.path,
        *parts.path.split("/"),
        parts.query,
        *dict(parse_qsl(parts.query)).values(),
    )
    keys = [piece for piece in pieces if len(piece) >= SHORTEST_KEY]
    return tuple(filter(None, (*whole, parts.password or "", *keys)))


SINK = SinkKind("webhook", (WEBHOOK_URL, WEBHOOK_KIND, WEBHOOK_SECRET), _read, _secrets)
