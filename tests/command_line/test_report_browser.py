"""The report in headless Chromium: what it asks for, whether everyone can read it, its switches."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE_MS = 120_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (apt: chromium)"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


def opened(browser: Any, address: str, width: int = 1000, **of_context: str) -> Any:
    viewport = {"width": width, "height": 900}
    page = browser.new_context(viewport=viewport, **of_context).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(address)
    return page


def test_it_asks_for_nothing_and_has_no_fault(two_vintages: Any, browser: Any) -> None:
    """axe-core finds nothing in either language, light or dark, and no request leaves the page."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    address = two_vintages.home.report.resolve().as_uri()
    for locale, scheme in (("en-GB", "light"), ("zh-CN", "dark")):
        page = opened(browser, address, locale=locale, color_scheme=scheme)
        assert page.evaluate("document.documentElement.lang") == locale[:2]
        found = axe.run(page)
        assert [each["id"] for each in found.response["violations"]] == []
        assert [each for each in page.asked if not each.startswith("data:")] == [address]


def test_switches_and_phone(two_vintages: Any, browser: Any) -> None:
    address = two_vintages.home.report.resolve().as_uri()
    page = opened(browser, address, width=360, locale="en-GB")
    assert page.get_by_role("heading", name="In five sentences").is_visible()
    page.get_by_role("button", name="中文").click()
    assert page.get_by_role("heading", name="五句话").is_visible()
    assert not page.get_by_text("In five sentences").is_visible()
    colour = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour)
    page.get_by_role("button", name="深色或浅色").click()
    assert page.evaluate(colour) != light
    assert page.evaluate("document.documentElement.scrollWidth") == 360  # nothing hangs out


def test_it_prints_with_everything_open(two_vintages: Any, browser: Any) -> None:
    page = opened(browser, two_vintages.home.report.resolve().as_uri(), color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    assert page.evaluate("document.documentElement.dataset.colours") == "light"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
