"""What the guard lets through and what it refuses, before a stand-in and before Dagster itself."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import dagster as dg
import pytest
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import EmptyWorkspaceTarget
from dagster_webserver.app import create_app_from_workspace_process_context
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from orchestration.interface.guard import Guard, Pass
from orchestration.interface.report_page import WithReport

TOKEN = "a-token-of-this-test-and-of-no-other-x"
HOST, ORIGIN = "127.0.0.1:3000", "http://127.0.0.1:3000"
PUBLIC, PUBLIC_ORIGIN = "yearbook.example.org", "https://yearbook.example.org"
ALLOWED = Pass(
    TOKEN,
    "yearbook_3000",
    {HOST: ORIGIN, "localhost:3000": "http://localhost:3000", PUBLIC: PUBLIC_ORIGIN},
)
COOKIE = {"cookie": f"yearbook_3000={TOKEN}"}
JSON = {"content-type": "application/json"}
OWN = {"host": HOST, "origin": ORIGIN, **COOKIE}
QUERY, MUTATION = "query Look { version }", "mutation Stop { stopSensor }"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PATHS = (
    *("/", "/server_info", "/dagit_info", "/graphql", "/notebook?path=a.ipynb&repoLocName=y"),
    *("/dagit/notebook", "/logs/a/b.out", "/download_debug/1", "/favicon.png", "/assets/a"),
    *("/static/js/main.js", "/vendor/graphiql/graphiql.min.css", "/runs/1", "//evil.example/"),
)


@dataclass
class StandIn:
    """What would stand behind the guard: answers everything, and remembers what it was asked."""

    asked: list[tuple[str, str, bytes]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            socket = WebSocket(scope, receive, send)
            await socket.accept()
            try:
                while True:
                    said = await socket.receive_text()
                    self.asked.append(("WS", scope["path"], said.encode()))
                    await socket.send_text("heard")
            except WebSocketDisconnect:
                return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message.get("more_body", False)
        self.asked.append((scope["method"], scope["path"], body))
        await PlainTextResponse("behind")(scope, receive, send)


@dataclass
class Asker:
    """A browser, or what pretends to be one."""

    behind: StandIn
    client: TestClient

    def __call__(
        self,
        method: str,
        address: str,
        headers: dict[str, str] | list[tuple[str, str]],
        **more: Any,
    ) -> Any:
        return self.client.request(method, address, headers=headers, **more)


def asker(allowed: Pass = ALLOWED) -> Asker:
    behind = StandIn()
    client = TestClient(Guard(behind, allowed), base_url=ORIGIN, follow_redirects=False)
    return Asker(behind, client)


@pytest.fixture
def ask() -> Asker:
    return asker()


@pytest.fixture
def look() -> Asker:
    return asker(replace(ALLOWED, read_only=True))


def question(query: str, **more: Any) -> bytes:
    return json.dumps({"query": query, **more}).encode()


@pytest.mark.parametrize("path", PATHS)
def test_nothing_without_the_token(ask: Asker, path: str) -> None:
    headers = {"host": HOST, "origin": ORIGIN, **JSON}
    for method in METHODS:
        answer = ask(method, f"{ORIGIN}{path}", headers, content=question(QUERY))
        assert answer.status_code == 403
        assert TOKEN not in answer.text
    assert ask.behind.asked == []


def test_the_page_without_the_token_says_how_to_get_it(ask: Asker) -> None:
    assert "yearbook ui" in ask("GET", "/", {"host": HOST}).text


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_shown_with_it(ask: Asker, path: str) -> None:
    answer = ask("GET", f"{ORIGIN}{path}", {"host": HOST, **COOKIE})
    assert answer.text == "behind"
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("host", "origin"),
    [(HOST, ORIGIN), ("LOCALHOST:3000", "http://localhost:3000"), (PUBLIC, PUBLIC_ORIGIN)],
)
def test_the_link_becomes_a_cookie_and_leaves_the_address(
    ask: Asker, host: str, origin: str
) -> None:
    answer = ask("GET", f"/?token={TOKEN}", {"host": host})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["cache-control"] == "no-store"
    value, *attributes = answer.headers["set-cookie"].split("; ")
    assert value == f"yearbook_3000={TOKEN}"
    assert {"HttpOnly", "SameSite=strict"} <= set(attributes)
    assert ("Secure" in attributes) == origin.startswith("https")
    assert ask.behind.asked == []
    given = {"host": host, "cookie": value}
    assert ask("GET", "/", given).text == "behind"
    posted = {**given, "origin": origin, **JSON}
    assert ask("POST", "/graphql", posted, content=question(MUTATION)).text == "behind"


@pytest.mark.parametrize(
    "address",
    [
        "/?token=",
        "/?token=wrong",
        f"/?token={TOKEN}x",
        f"/?token={TOKEN[:-1]}",
        f"/?token={TOKEN.upper()}",
        f"/?token={TOKEN}&token=wrong",
        f"/?Token={TOKEN}",
        "/?token=%00",
        "/?token=%FF%E4",
        f"/server_info?token={TOKEN}",
        f"/graphql?token={TOKEN}&query={quote(MUTATION)}",
    ],
)
def test_another_token_or_place_gives_no_cookie(ask: Asker, address: str) -> None:
    answer = ask("GET", address, {"host": HOST})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert ask.behind.asked == []


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "yearbook_3000=",
        "yearbook_3000=wrong",
        f"yearbook_3001={TOKEN}",
        f"yearbook_3000={TOKEN}x",
        f'yearbook_3000="{TOKEN}"',
        f"Yearbook_3000={TOKEN}",
        f"x=yearbook_3000={TOKEN}",
        TOKEN,
    ],
)
def test_another_cookie_is_none(ask: Asker, cookie: str) -> None:
    assert ask("GET", "/", {"host": HOST, "cookie": cookie}).status_code == 403
    assert ask.behind.asked == []


def test_a_cookie_that_another_port_set_does_not_lock_out(ask: Asker) -> None:
    cookie = f"yearbook_3000=of-another; other=1; yearbook_3000={TOKEN}"
    assert ask("GET", "/", {"host": HOST, "cookie": cookie}).text == "behind"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:3000", "127.0.0.1", "127.0.0.1:3001", "127.0.0.1:3000."),
        *("127.0.0.1.evil.example:3000", "localhost.:3000", "0.0.0.0:3000", "[::1]:3000", "", " "),
        *(f"{PUBLIC}:443", f"{PUBLIC}.", f"evil@{HOST}", f"{HOST}, evil.example"),
    ],
)
def test_a_name_made_to_point_here_is_refused(ask: Asker, method: str, host: str) -> None:
    headers = {"host": host, "origin": f"http://{host}", **COOKIE, **JSON}
    for address in ("/", f"/?token={TOKEN}", "/graphql"):
        answer = ask(method, address, headers, content=question(MUTATION))
        assert answer.status_code == 421
    assert ask.behind.asked == []


FOREIGN = [
    None,
    *("null", "", "http://evil.example", "http://127.0.0.1:3001", "http://127.0.0.1"),
    *("https://127.0.0.1:3000", "http://localhost:3000", PUBLIC_ORIGIN, f"{ORIGIN}/", "file://"),
    *(f"{ORIGIN}.evil.example", f"{ORIGIN} http://evil.example", ORIGIN.upper()),
]


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize("path", ["/graphql", "/report_asset_materialization/a"])
def test_no_other_page_posts(ask: Asker, origin: str | None, path: str) -> None:
    headers = {"host": HOST, **COOKIE, **JSON, **({} if origin is None else {"origin": origin})}
    assert ask("POST", path, headers, content=question(MUTATION)).status_code == 403
    assert ask.behind.asked == []


@pytest.mark.parametrize("origin", FOREIGN[1:])
def test_no_other_page_fetches(ask: Asker, origin: str) -> None:
    headers = {"host": HOST, "origin": origin, **COOKIE}
    assert ask("GET", "/server_info", headers).status_code == 403
    assert ask.behind.asked == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        *(("no-cors", "image"), ("no-cors", "script"), ("cors", "empty"), ("navigate", "iframe")),
        *(("navigate", "object"), ("nested-navigate", "document"), ("no-cors", "document")),
    ],
)
def test_no_other_page_embeds(ask: Asker, site: str, mode: str, kind: str) -> None:
    headers = {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": kind}
    for address in ("/", "/logs/a.out", f"/?token={TOKEN}"):
        assert ask("GET", address, {"host": HOST, **COOKIE, **headers}).status_code == 403
    assert ask.behind.asked == []


def test_another_page_may_link_here_but_not_post(ask: Asker) -> None:
    headers = {
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
    }
    assert ask("GET", "/runs", {"host": HOST, **COOKIE, **headers}).text == "behind"
    assert ask("POST", "/runs", {**OWN, **JSON, **headers}).status_code == 403


ADDRESSES = [
    f"/graphql?{urlencode({'query': MUTATION})}",
    f"/graphql?{urlencode({'query': QUERY})}",
    f"/graphql?{urlencode({'query': QUERY + MUTATION, 'operationName': 'Stop'})}",
    f"/graphql?{urlencode({'variables': '{}', 'QUERY': MUTATION})}",
    f"/graphql/?{urlencode({'query': MUTATION})}",
    f"/graphql%0A?{urlencode({'query': MUTATION})}",
    f"/%67raphql?{urlencode({'query': MUTATION})}",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_graphql_in_the_address(ask: Asker, address: str) -> None:
    for method in METHODS:
        answer = ask(method, address, {**OWN, **JSON}, content=question(QUERY))
        assert answer.status_code == 400
    assert ask.behind.asked == []


@pytest.mark.parametrize(
    "extra",
    [
        {"accept": "text/html"},
        {"x-http-method-override": "POST"},
        {"x-http-method": "POST"},
        {"x-method-override": "POST"},
        {"x-forwarded-host": HOST, "x-original-url": "/graphql", "x-rewrite-url": "/graphql"},
        {"sec-fetch-site": "same-origin"},
    ],
)
def test_no_header_makes_a_get_a_post(ask: Asker, extra: dict[str, str]) -> None:
    assert ask("GET", ADDRESSES[0], {**OWN, **JSON, **extra}).status_code == 400
    assert ask.behind.asked == []


@pytest.mark.parametrize(
    "kind",
    [
        None,
        *("", "text/plain", "text/plain; application/json", "text/plain;charset=application/json"),
        *("application/x-www-form-urlencoded", "multipart/form-data; boundary=application/json"),
        *("application/graphql", "application/json2", "application/json,text/plain", "json"),
        *("application/graphql+json", "Application/JSON", "APPLICATION/JSON; charset=utf-8"),
    ],
)
@pytest.mark.parametrize("path", ["/graphql", "/report_asset_check/a"])
def test_what_a_form_can_send_is_refused(ask: Asker, kind: str | None, path: str) -> None:
    headers = {**OWN, **({} if kind is None else {"content-type": kind})}
    assert ask("POST", path, headers, content=question(MUTATION)).status_code == 415
    assert ask.behind.asked == []


@pytest.mark.parametrize(
    ("name", "other"),
    [("host", "evil.example"), ("origin", "null"), ("content-type", "text/plain")],
)
@pytest.mark.parametrize("first", [True, False])
def test_what_decides_is_said_once(ask: Asker, name: str, other: str, first: bool) -> None:
    headers = list({**OWN, **JSON}.items())
    headers.insert(0 if first else len(headers), (name, other))
    answer = ask("POST", "/graphql", headers, content=question(MUTATION))
    assert answer.status_code in (400, 403, 421)
    assert ask.behind.asked == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b'"mutation"',
        b"{}",
        b'{"query": 1}',
        b'{"query": {"a": "b"}}',
        b'{"query": "mutation {"}',
        b"[" * 100_000,
        json.dumps([{"query": QUERY}, {"query": MUTATION}]).encode(),
        question("{a" * 5000),
    ],
)
def test_a_body_is_one_question(ask: Asker, look: Asker, body: bytes) -> None:
    for one in (ask, look):
        answer = one("POST", "/graphql", {**OWN, **JSON}, content=body)
        assert answer.status_code == 400
        assert one.behind.asked == []


def test_a_body_has_an_end(ask: Asker) -> None:
    answer = ask("POST", "/graphql", {**OWN, **JSON}, content=b" " * 10_000_001)
    assert answer.status_code == 413
    assert ask.behind.asked == []


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8"])
def test_own_pages_ask_and_change(ask: Asker, kind: str) -> None:
    for body in (question(QUERY), question(MUTATION, operationName="Stop", variables={"a": "é"})):
        headers = {**OWN, "content-type": kind, "sec-fetch-site": "same-origin"}
        assert ask("POST", "/graphql?op=Look", headers, content=body).text == "behind"
        assert ask.behind.asked.pop() == ("POST", "/graphql", body)


@pytest.mark.parametrize(
    "body",
    [
        question(MUTATION),
        question(QUERY + MUTATION, operationName="Look"),
        question(f"fragment f on Query {{ a }} {MUTATION}"),
        question("# query\nmutation { a }"),
        question("\ufeffmutation { a }"),
        question("subscription { a }"),
        question("fragment f on Query { a }"),
        b'{"query": "query { a }", "query": "mutation { a }"}',
        json.dumps({"query": MUTATION}).encode("utf-16"),
        b'{"query": "\\u006dutation { a }"}',
    ],
)
def test_read_only_changes_nothing(look: Asker, body: bytes) -> None:
    assert look("POST", "/graphql", {**OWN, **JSON}, content=body).status_code == 403
    for path in ("materialization", "check", "observation"):
        headers = {**OWN, **JSON}
        assert look("POST", f"/report_asset_{path}/a", headers, content=b"{}").status_code == 403
    assert look.behind.asked == []


@pytest.mark.parametrize("query", [QUERY, "{ a }", "query A { a } query B { b }"])
def test_read_only_looks(look: Asker, query: str) -> None:
    assert look("POST", "/graphql", {**OWN, **JSON}, content=question(query)).text == "behind"
    assert look("GET", "/runs", {"host": HOST, **COOKIE}).text == "behind"


def start(query: object) -> str:
    return json.dumps({"id": "1", "type": "start", "payload": {"query": query}})


def test_live_updates_pass(ask: Asker, look: Asker) -> None:
    for one in (ask, look):
        with one.client.websocket_connect("/graphql", headers=OWN) as socket:
            for said in ('{"type": "connection_init"}', start("subscription { a }")):
                socket.send_text(said)
                assert socket.receive_text() == "heard"


@pytest.mark.parametrize(
    "said",
    [
        start(MUTATION),
        start(QUERY),
        start("subscription A { a } mutation B { b }"),
        start(None),
        start("subscription {"),
        json.dumps({"type": "start", "payload": [MUTATION]}),
        json.dumps({"type": "start"}),
        '{"type": "stop", "type": "start", "payload": {"query": "mutation { a }"}}',
        *("", "{", "[]", "1", "[" * 100_000),
    ],
)
def test_a_socket_carries_subscriptions_alone(ask: Asker, said: str) -> None:
    with ask.client.websocket_connect("/graphql", headers=OWN) as socket:
        socket.send_text(said)
        with pytest.raises(WebSocketDisconnect):
            socket.receive_text()
    assert ask.behind.asked == []


def test_a_socket_carries_text_alone(ask: Asker) -> None:
    with ask.client.websocket_connect("/graphql", headers=OWN) as socket:
        socket.send_bytes(start("subscription { a }").encode())
        with pytest.raises(WebSocketDisconnect):
            socket.receive_text()
    assert ask.behind.asked == []


@pytest.mark.parametrize(
    "change",
    [
        *({"cookie": cookie} for cookie in (None, "yearbook_3000=wrong", f"yearbook={TOKEN}")),
        *({"origin": origin} for origin in FOREIGN),
        *({"host": host} for host in ("evil.example", "127.0.0.1:3001", "")),
    ],
)
@pytest.mark.parametrize("path", ["/graphql", f"/graphql?token={TOKEN}", f"/?token={TOKEN}"])
def test_no_other_page_opens_a_socket(ask: Asker, change: dict[str, str | None], path: str) -> None:
    headers = {name: value for name, value in {**OWN, **change}.items() if value is not None}
    with (
        pytest.raises(WebSocketDisconnect),
        ask.client.websocket_connect(path, headers=headers),
    ):
        pass
    assert ask.behind.asked == []


HEADER_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            ("host", "origin", "cookie", "content-type", "sec-fetch-site", "authorization")
        ),
        st.sampled_from((HOST, ORIGIN, "yearbook_3000=", "application/json", "same-origin"))
        | HEADER_TEXT,
    ),
    max_size=6,
)


@given(
    kind=st.sampled_from(("http", "websocket")),
    method=st.sampled_from(("GET", "HEAD", "POST", "PUT", "get", "")),
    path=st.sampled_from(("/", "/graphql", "/logs/a.out")) | st.text(max_size=20),
    query=st.binary(max_size=40) | st.just(b"token="),
    headers=HEADERS,
)
def test_whoever_lacks_the_token_reaches_nothing(
    kind: str, method: str, path: str, query: bytes, headers: list[tuple[str, str]]
) -> None:
    """Whatever is asked, however: the stand-in is not asked, and the answer holds no token."""
    behind = StandIn()
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": question(MUTATION), "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": kind,
        "method": method,
        "path": path,
        "query_string": query,
        "headers": [(n.encode(), v.encode("latin-1")) for n, v in headers],
    }
    asyncio.run(Guard(behind, ALLOWED)(scope, receive, send))
    assert behind.asked == []
    assert sent
    assert TOKEN not in str(sent)


@dg.op
def an_op() -> None: ...


@dg.job
def a_job() -> None:
    an_op()


@pytest.fixture(scope="module")
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as made:
        yield made


@pytest.fixture(scope="module")
def servers(instance: dg.DagsterInstance) -> Iterator[dict[str, TestClient]]:
    """Dagster's own server, bare and behind the guard; `look` is Dagster's --read-only as well."""
    with (
        WorkspaceProcessContext(instance, EmptyWorkspaceTarget()) as context,
        WorkspaceProcessContext(instance, EmptyWorkspaceTarget(), read_only=True) as to_look,
    ):
        bare = create_app_from_workspace_process_context(context)
        reading = create_app_from_workspace_process_context(to_look)
        apps = {
            "bare": bare,
            "guarded": Guard(bare, ALLOWED),
            "bare look": reading,
            "look": Guard(reading, replace(ALLOWED, read_only=True)),
        }
        yield {name: TestClient(app, base_url=ORIGIN) for name, app in apps.items()}


DELETE = 'mutation Stop {{ deleteRun(runId: "{run}") {{ __typename }} }} query Look {{ version }}'
FROM_A_PAGE = [
    ("GET", "/graphql?query={query}&operationName=Stop", {}),
    ("GET", "/graphql%0A?query={query}&operationName=Stop", {}),
    ("POST", "/graphql?query={query}&operationName=Stop", {"content-type": "text/plain"}),
    ("POST", "/graphql?query={query}&operationName=Stop", {"content-type": "Application/JSON"}),
    ("POST", "/graphql", {"content-type": "text/plain; application/json"}),
    ("POST", "/graphql", {"content-type": "text/plain; application/graphql"}),
]


@pytest.mark.parametrize(("method", "address", "headers"), FROM_A_PAGE)
def test_what_deletes_a_run_of_dagsters_deletes_none_here(
    servers: dict[str, TestClient],
    instance: dg.DagsterInstance,
    method: str,
    address: str,
    headers: dict[str, str],
) -> None:
    """Sent as a hostile page sends it (with the cookie, too); bare Dagster obeys each."""
    run = instance.create_run_for_job(a_job).run_id
    query = DELETE.format(run=run)
    address = address.format(query=quote(query))
    body = question(query, operationName="Stop")
    if "graphql" in headers.get("content-type", ""):
        body = query.partition(" query")[0].encode()
    evil = {**headers, "origin": "http://evil.example"}
    sent = [evil, {**evil, **COOKIE}, {**evil, "origin": "null", **COOKIE}, {**OWN, **headers}]
    for name in ("guarded", "look"):
        for one in sent:
            answer = servers[name].request(method, address, headers=one, content=body)
            assert 400 <= answer.status_code < 500
            assert instance.has_run(run)
    servers["bare"].request(method, address, headers=evil, content=body)
    assert not instance.has_run(run)  # else the test would try nothing


def test_own_pages_delete_a_run_unless_they_only_look(
    servers: dict[str, TestClient], instance: dg.DagsterInstance
) -> None:
    run = instance.create_run_for_job(a_job).run_id
    body = question(DELETE.format(run=run), operationName="Stop")
    refused = servers["look"].post("/graphql", headers={**OWN, **JSON}, content=body)
    assert (refused.status_code, instance.has_run(run)) == (403, True)
    answer = servers["guarded"].post("/graphql", headers={**OWN, **JSON}, content=body)
    assert (answer.status_code, instance.has_run(run)) == (200, False)


def test_dagsters_own_read_only_lets_something_pass(
    servers: dict[str, TestClient], instance: dg.DagsterInstance
) -> None:
    """Why the guard refuses every mutation, and does not leave it to Dagster."""
    body = question("mutation { setNuxSeen }")
    assert servers["bare look"].post("/graphql", content=body, headers=JSON).json()["data"]
    assert servers["look"].post("/graphql", content=body, headers={**OWN, **JSON}).is_error


@pytest.mark.parametrize("name", ["guarded", "look"])
def test_dagster_answers_behind_the_guard(servers: dict[str, TestClient], name: str) -> None:
    server = servers[name]
    assert server.get("/server_info", headers=OWN).json()["dagster_version"] == dg.__version__
    asked = server.post("/graphql", headers={**OWN, **JSON}, content=question("{ __typename }"))
    assert asked.json() == {"data": {"__typename": "Query"}}
    page = server.get("/", headers=OWN)
    assert '<div id="root">' in page.text
    policies = page.headers.get_list("content-security-policy")
    assert len(policies) == 2  # Dagster's own, and who may show it in a frame


def test_dagsters_socket_behind_the_guard(servers: dict[str, TestClient]) -> None:
    subscription = "subscription { locationStateChangeEvents { event { eventType } } }"
    for name in ("guarded", "look"):
        with servers[name].websocket_connect("/graphql", headers=OWN) as socket:
            socket.send_json({"type": "connection_init"})
            assert socket.receive_json() == {"type": "connection_ack"}
            socket.send_text(start(subscription))
            socket.send_json({"type": "connection_init"})
            assert socket.receive_json() == {"type": "connection_ack"}
            socket.send_text(start(MUTATION))
            with pytest.raises(WebSocketDisconnect):
                socket.receive_json()


def test_the_report_is_behind_the_guard_too(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    behind = StandIn()
    asker = TestClient(Guard(WithReport(behind, page), ALLOWED), base_url=ORIGIN)
    assert asker.get("/report").status_code == 403
    assert asker.get("/report", headers=COOKIE).status_code == 404
    page.write_text("<!doctype html>the page", encoding="utf-8")
    assert "the page" not in asker.get("/report").text
    answer = asker.get("/report", headers=COOKIE)
    assert answer.text == "<!doctype html>the page"
    assert answer.headers["content-type"].startswith("text/html")
    assert behind.asked == []
    assert asker.get("/reports", headers=COOKIE).text == "behind"
