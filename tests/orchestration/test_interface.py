"""The web interface as a person sees it, in headless Chromium."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--host-resolver-rules=MAP evil.example 127.0.0.1",  # a name that its owner points here
]
GROUPS = (
    "documents",
    "observations",
    "indices",
    "poverty",
    "towns",
    "provinces",
    "papers",
    "vintages",
    "release",
)
PATIENCE_MS = 60_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (apt: chromium)"),
]


@pytest.fixture
def page() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened = browser.new_context(viewport={"width": 1600, "height": 1000}).new_page()
        opened.set_default_timeout(PATIENCE_MS)
        yield opened
        browser.close()


def test_graph_run_and_check_are_shown(serve: Callable[..., Any], page: Any) -> None:
    interface = serve()
    outside: list[str] = []
    own = (interface.url, interface.url.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(own) else outside.append(r.url))

    page.goto(interface.link)
    page.wait_for_url(lambda address: "token" not in address)
    page.goto(f"{interface.url}/asset-groups")
    for group in GROUPS:
        page.get_by_text(group, exact=True).first.wait_for()

    (run,) = interface.runs()
    page.goto(f"{interface.url}/runs")
    page.get_by_text(run["id"][:8]).first.wait_for()
    page.get_by_text("Success").first.wait_for()
    page.goto(f"{interface.url}/runs/{run['id']}")
    page.get_by_text("read_documents").first.wait_for()

    page.goto(f"{interface.url}/assets/indices/poverty_incidence")
    page.get_by_text("one row per study, region, sample and reference_year").first.wait_for()
    page.get_by_text("PI, ratio; null where missing").first.wait_for()
    page.locator("a[href*='poverty_incidence.sql']").first.wait_for()

    check = "raw_observation_critical"
    page.goto(f"{interface.url}/assets/raw/observation?view=checks&checkDetail={check}")
    page.get_by_text("expectations met by").first.wait_for()
    page.get_by_text("raw_observation.json").first.wait_for()
    assert outside == []


def test_a_run_is_followed_live(serve: Callable[..., Any], page: Any) -> None:
    interface = serve()
    heard: list[str] = []
    page.on("websocket", lambda ws: ws.on("framereceived", lambda said: heard.append(str(said))))
    page.goto(interface.link)
    page.goto(f"{interface.url}/assets/indices/poverty_incidence")
    page.get_by_role("button", name="Materialize").first.click()
    while len(interface.runs()) == 1:
        page.wait_for_timeout(100)
    page.goto(f"{interface.url}/runs/{interface.runs()[0]['id']}")
    page.get_by_text("RUN_SUCCESS").first.wait_for(timeout=4 * PATIENCE_MS)
    page.get_by_text("Success", exact=True).first.wait_for()
    assert any("RunSuccessEvent" in said for said in heard)


# What a page may try without leave, and what it then knows; the answer is for the test alone.
ATTACKS = """
async ({url, mutations}) => {
  const query = m => url + '/graphql?query=' + encodeURIComponent(m)
  const tried = []
  const attempt = async (name, how) => {
    try { tried.push([name, await how()]) } catch (error) { tried.push([name, 'refused']) }
  }
  const read = async (address, options) => (await fetch(address, options)).text()
  const loaded = (tag, address) => new Promise((resolve, reject) => {
    const element = document.createElement(tag)
    element.onload = () => resolve('loaded ' + address)
    element.onerror = reject
    element.src = address
    document.body.append(element)
  })
  const framed = async act => {
    const frame = document.createElement('iframe')
    frame.name = 'frame' + Math.random()
    document.body.append(frame)
    act(frame)
    await new Promise(resolve => { frame.onload = resolve })
    let seen = null
    try { seen = frame.contentDocument } catch (error) { }
    return seen ? seen.documentElement.outerHTML : 'hidden'
  }
  const form = (address, enctype, fields) => framed(frame => {
    const made = document.createElement('form')
    Object.assign(made, {action: address, method: 'POST', enctype, target: frame.name})
    for (const [name, value] of Object.entries(fields)) {
      const field = document.createElement('input')
      Object.assign(field, {name, value, type: 'hidden'})
      made.append(field)
    }
    document.body.append(made)
    made.submit()
  })
  const socket = (protocol, said) => new Promise((resolve, reject) => {
    const ws = new WebSocket(url.replace('http', 'ws') + '/graphql', protocol)
    ws.onopen = () => { ws.send(said); ws.onmessage = event => resolve(event.data) }
    ws.onerror = reject
    ws.onclose = reject
  })
  for (const [name, m] of Object.entries(mutations)) {
    const body = JSON.stringify({query: m})
    const types = ['text/plain', 'text/plain; application/json', 'application/json',
                   'application/x-www-form-urlencoded', 'multipart/form-data']
    for (const credentials of ['include', 'omit']) {
      for (const mode of ['cors', 'no-cors']) {
        await attempt(`${name}: GET ${mode}`, () => read(query(m), {mode, credentials}))
        for (const type of types) {
          await attempt(`${name}: POST ${mode} ${type}`, () => read(
            url + '/graphql', {method: 'POST', body, headers: {'Content-Type': type}, mode,
                               credentials}))
        }
      }
    }
    await attempt(`${name}: image`, () => loaded('img', query(m)))
    await attempt(`${name}: script`, () => loaded('script', query(m)))
    await attempt(`${name}: frame`, () => framed(f => { f.src = query(m) }))
    for (const enctype of ['text/plain', 'application/x-www-form-urlencoded',
                           'multipart/form-data']) {
      await attempt(`${name}: form ${enctype}`, () => form(query(m), enctype, {query: m}))
      await attempt(`${name}: form, body ${enctype}`, () => form(
        url + '/graphql', enctype, {[`{"query": ${JSON.stringify(m)}, "x": "`]: '"}'}))
    }
    navigator.sendBeacon(query(m), new Blob([body], {type: 'text/plain'}))
    await attempt(`${name}: socket`, () => socket('graphql-ws', JSON.stringify(
      {id: '1', type: 'start', payload: {query: m}})))
  }
  for (const path of ['/', '/server_info', '/download_debug/1', '/logs/a.out', '/notebook',
                      '/favicon.png', '/graphql']) {
    for (const credentials of ['include', 'omit']) {
      await attempt(`read ${path}`, () => read(url + path, {credentials}))
      await attempt(`look ${path}`, () => read(url + path, {credentials, mode: 'no-cors'}))
    }
    await attempt(`show ${path}`, () => framed(f => { f.src = url + path }))
    await attempt(`image ${path}`, () => loaded('img', url + path))
  }
  await attempt('socket', () => socket('graphql-ws', '{"type": "connection_init"}'))
  await attempt('report', () => read(
    url + '/report_asset_materialization/indices/cei?description=evil',
    {method: 'POST', mode: 'no-cors', credentials: 'include'}))
  return tried
}
"""


class _Page(BaseHTTPRequestHandler):
    """An empty page, which the browser's tools then make a hostile one."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>harmless</title><body>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def other_port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_a_hostile_page_gets_nothing(serve: Callable[..., Any], page: Any, other_port: int) -> None:
    """The same browser holds the cookie; the pages stand on another port, and on another name."""
    interface = serve()
    page.goto(interface.link)
    page.get_by_text("Overview").first.wait_for()
    state = """{
      runsOrError { ... on Runs { results { id status } } }
      assetNodes { id assetMaterializations(limit: 1) { timestamp } }
      repositoriesOrError { ... on RepositoryConnection { nodes {
        sensors { id name sensorState { status } } } } }
    }"""
    before = interface.ask(state)
    sensors = before["repositoriesOrError"]["nodes"][0]["sensors"]
    landing = next(sensor["id"] for sensor in sensors if sensor["name"] == "landing")
    run = before["runsOrError"]["results"][0]["id"]
    job = 'repositoryName: "__repository__", repositoryLocationName: "yearbook"'
    mutations = {
        "sensor": f'mutation {{ stopSensor(id: "{landing}") {{ __typename }} }}',
        "run": f'mutation {{ deleteRun(runId: "{run}") {{ __typename }} }}',
        "assets": "mutation { wipeAssets(assetPartitionRanges: [{assetKey: {path: "
        '["indices", "poverty_incidence"]}}]) { __typename } }',
        "launch": f"mutation {{ launchRun(executionParams: {{selector: {{{job}, "
        'pipelineName: "refresh"}, mode: "default"}) { __typename } }',
    }
    answers: list[tuple[str, int]] = []
    hostile = page.context.new_page()
    hostile.on(
        "response",
        lambda r: answers.append((r.url, r.status)) if r.url.startswith(interface.url) else None,
    )
    names = (f"127.0.0.1:{other_port}", f"localhost:{other_port}", f"evil.example:{other_port}")
    for name in names:
        hostile.goto(f"http://{name}/")
        tried = hostile.evaluate(ATTACKS, {"url": interface.url, "mutations": mutations})
        learned = [(how, told) for how, told in tried if told not in ("refused", "hidden", "")]
        assert learned == []
        print(f"\n{len(tried)} tries from http://{name}/, none passed")
    for mutation in mutations.values():  # a link, which the user follows
        hostile.goto(f"{interface.url}/graphql?query={mutation}")
    passed = [(url, status) for url, status in answers if status < 400]
    assert passed == []
    assert len(answers) > len(mutations)

    rebound = page.context.new_page()  # the name now points to the interface's own port
    answer = rebound.goto(f"http://evil.example:{interface.port}/")
    assert answer.status == 421
    question = json.dumps({"query": mutations["run"]})
    told = rebound.evaluate(
        """async body => (await fetch('/graphql', {method: 'POST', body,
           headers: {'Content-Type': 'application/json'}})).status""",
        question,
    )
    assert told == 421
    assert interface.ask(state) == before
