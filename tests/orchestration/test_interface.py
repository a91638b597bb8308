"""The web interface as a person sees it, in headless Chromium."""

import shutil
from collections.abc import Callable, Iterator
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
]
GROUPS = (
    "documents",
    "observations",
    "indices",
    "poverty",
    "towns",
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
        opened = browser.new_page(viewport={"width": 1600, "height": 1000})
        opened.set_default_timeout(PATIENCE_MS)
        yield opened
        browser.close()


def test_graph_run_and_check_are_shown(serve: Callable[..., Any], page: Any) -> None:
    interface = serve()
    outside: list[str] = []
    own = (interface.url, interface.url.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(own) else outside.append(r.url))

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
