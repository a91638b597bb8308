"""The guard before Dagster's web server: who may ask it, for what, and in which form.

Belongs here: an ASGI application that passes a request on or refuses it. Not here: what stands
behind it, and starting it (`serving.py`).

Dagster's server runs GraphQL mutations over GET, and from any page: it looks at neither Host nor
Origin. Everything here is refused unless a line allows it.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from graphql import GraphQLError, OperationDefinitionNode, OperationType, parse
from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_GRAPHQL = "/graphql"
_BODY_BYTES = 10_000_000
_SAID_ONCE = ("host", "origin", "content-type", "sec-fetch-site")
_POLICY_VIOLATION = 1008  # of a web socket that is open; before that, closing it answers 403
_HEADERS = {  # no page of another address, or of another port, shows this one or reads of it
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_NEEDS_LINK = """<!doctype html><html lang="en"><meta charset="utf-8"><title>yearbook</title>
<body style="font: 1rem/1.5 sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem">
<h1>This page needs its link</h1>
<p><code>yearbook ui</code> and <code>yearbook serve</code> print a link when they start; open that
one. It holds for this browser until the command is started again.</p>
<p>If you came by that link from another page, press Enter in the address line once.</p>
"""


@dataclass(frozen=True, slots=True)
class Pass:
    """What a request has to show, and what it may do."""

    token: str
    cookie: str  # name of the cookie that holds the token; cookies are shared by all ports
    origins: Mapping[str, str]  # by the Host header as browsers send it
    read_only: bool = False


class _Refused(Exception):
    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Guard:
    """An ASGI application that asks `app` only what `allowed` lets through."""

    app: ASGIApp
    allowed: Pass

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request or a web socket on, or refuse it."""
        if scope["type"] == "http":
            await self._http(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:  # lifespan: from the server itself
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            headers = _headers(scope)
            origin = self._own_origin(headers)
            _require_not_embedded(scope, headers)
            address = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            if "token" in address and scope["path"] == "/":
                await self._let_in(address["token"], origin)(scope, receive, send)
                return
            if not self._has_token(headers):
                await HTMLResponse(_NEEDS_LINK, HTTPStatus.FORBIDDEN)(scope, receive, send)
                return
            if _is_graphql(scope) and address.keys() - {"op"}:  # its own pages say which it is
                raise _Refused(HTTPStatus.BAD_REQUEST, "GraphQL is asked by POST, in the body.")
            if scope["method"] == "POST":
                receive = await self._checked_post(scope, headers, receive)
            elif scope["method"] not in ("GET", "HEAD"):
                raise _Refused(HTTPStatus.METHOD_NOT_ALLOWED, "GET, HEAD and POST alone.")
        except _Refused as refused:
            answer = PlainTextResponse(f"{refused.reason}\n", refused.status)
            await answer(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            headers = _headers(scope)
            _require_from(self._own_origin(headers), headers)
            if not self._has_token(headers):
                raise _Refused(HTTPStatus.FORBIDDEN, "No token.")
        except _Refused:
            await receive()  # the request to open it
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return

        async def subscriptions_alone() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and not _may_be_said(message):
                await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
                return {"type": "websocket.disconnect", "code": _POLICY_VIOLATION}
            return message

        await self.app(scope, subscriptions_alone, send)

    def _own_origin(self, headers: Mapping[str, str]) -> str:
        """The origin that belongs to the Host asked for; other names may be made to rebind."""
        host = headers.get("host", "").lower()
        if host not in self.allowed.origins:
            raise _Refused(HTTPStatus.MISDIRECTED_REQUEST, "This address is not known here.")
        origin = self.allowed.origins[host]
        if "origin" in headers:
            _require_from(origin, headers)
        return origin

    def _let_in(self, given: list[str], origin: str) -> Response:
        """Trade the token in the address for a cookie, and leave that address."""
        if len(given) != 1 or not self._is_token(given[0]):
            return HTMLResponse(_NEEDS_LINK, HTTPStatus.FORBIDDEN)
        answer = RedirectResponse("/", HTTPStatus.SEE_OTHER)
        answer.set_cookie(
            self.allowed.cookie,
            self.allowed.token,
            httponly=True,
            samesite="strict",
            secure=origin.startswith("https:"),
        )
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer

    def _has_token(self, headers: Mapping[str, str]) -> bool:
        """Any cookie of the name counts: another port may have set one of its own beside it."""
        pairs = [pair.strip().partition("=") for pair in headers.get("cookie", "").split(";")]
        return any(self._is_token(value) for name, _, value in pairs if name == self.allowed.cookie)

    def _is_token(self, text: str) -> bool:
        return hmac.compare_digest(text.encode(), self.allowed.token.encode())

    async def _checked_post(
        self, scope: Scope, headers: Mapping[str, str], receive: Receive
    ) -> Receive:
        """What comes of our own pages, as JSON, which no page elsewhere can send unasked."""
        _require_from(self._own_origin(headers), headers)
        # In lower case: of any other, Dagster would take the question from the address.
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise _Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Expected application/json.")
        if not _is_graphql(scope):
            if self.allowed.read_only:
                raise _Refused(HTTPStatus.FORBIDDEN, "Started with --read-only.")
            return receive
        body = await _body(receive)
        try:
            question = json.loads(body)["query"]
            kinds = _operations(question)
        except (ValueError, TypeError, KeyError, RecursionError):
            raise _Refused(
                HTTPStatus.BAD_REQUEST, "Expected one JSON object with a GraphQL 'query'."
            ) from None
        if self.allowed.read_only and kinds != {OperationType.QUERY}:
            raise _Refused(HTTPStatus.FORBIDDEN, "Started with --read-only.")
        return _replay(body, receive)


def _headers(scope: Scope) -> dict[str, str]:
    """Headers by lower-case name; those that decide may stand once, so that all read the same."""
    found: dict[str, str] = {}
    for name, value in ((n.decode("latin-1"), v.decode("latin-1")) for n, v in scope["headers"]):
        if name in found and name in _SAID_ONCE:
            raise _Refused(HTTPStatus.BAD_REQUEST, f"The header {name} stands twice.")
        found[name] = f"{found[name]}; {value}" if name in found else value
    return found


def _require_from(origin: str, headers: Mapping[str, str]) -> None:
    """Browsers send Origin with every POST and web socket: its absence is no excuse."""
    if headers.get("origin") != origin:
        raise _Refused(HTTPStatus.FORBIDDEN, "Asked for by a page of another address.")


def _require_not_embedded(scope: Scope, headers: Mapping[str, str]) -> None:
    """A page elsewhere may link here, and nothing else: no image, script, frame or fetch."""
    is_link = (
        scope["method"] == "GET"
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and not is_link:
        raise _Refused(HTTPStatus.FORBIDDEN, "Asked for by a page of another address.")


def _is_graphql(scope: Scope) -> bool:
    """Also `/graphql%0A`, which Starlette's patterns take for the same; no page begins with it."""
    path: str = scope["path"]
    return path.startswith(_GRAPHQL)


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > _BODY_BYTES:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"Over {_BODY_BYTES:,} bytes.")
        more = message.get("more_body", False)
    return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body that was read for the check, once more; afterwards what comes after it."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return messages.pop() if messages else await receive()

    return replayed


def _operations(question: str) -> set[OperationType]:
    """Every kind of operation in a document: which of them runs is the asker's choice."""
    try:
        document = parse(question)
    except GraphQLError as error:
        raise ValueError(str(error)) from None
    return {d.operation for d in document.definitions if isinstance(d, OperationDefinitionNode)}


def _may_be_said(message: Message) -> bool:
    """Over a web socket: the protocol's own messages, and subscriptions."""
    try:
        said: Any = json.loads(message.get("text") or "")
        if said["type"] != "start":
            return True
        return _operations(said["payload"]["query"]) == {OperationType.SUBSCRIPTION}
    except (ValueError, TypeError, KeyError, RecursionError):
        return False


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
            headers.append("Content-Security-Policy", "frame-ancestors 'self'")
        await send(message)

    return sending
