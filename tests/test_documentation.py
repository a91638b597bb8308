"""The pages: short where they should be, whole, and true of the commands that are there."""

import argparse
import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from orchestration.alerts.sinks import known_sinks
from orchestration.commands.command import commands

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
README_LINES = 150
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FILE = re.compile(r"(?:assets|sql|tests|orchestration|expectations|benchmarks)/[\w./-]*\.[a-z]+\b")
_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


def told_commands(text: str) -> list[list[str]]:
    """Arguments of each `yearbook …` that stands in code, in the text or in a block."""
    spans = re.findall(r"`([^`\n]+)`", text)
    lines = [line for block in _CONSOLE.findall(text) for line in block.splitlines()]
    found = [re.search(r"(?:^|\s)yearbook ([a-z][a-z-]*)(.*)", each) for each in (*spans, *lines)]
    return [[match[1], *match[2].split("#")[0].split()] for match in found if match]


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_the_readme_is_read_in_a_minute() -> None:
    assert len(PAGES[0].read_text(encoding="utf-8").splitlines()) < README_LINES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in _LINK.findall(text):
        if re.match(r"https?:", link):
            continue
        name, _, part = link.partition("#")
        aim = (page.parent / name).resolve() if name else page
        assert aim.exists(), f"{page}: {link}"
        if part:
            headings = re.findall(r"^#+ (.+)$", aim.read_text(encoding="utf-8"), re.MULTILINE)
            assert part in map(anchor, headings), f"{page}: {link}"


OF_THEIR_TIME = {"decisions", "changelog.md"}  # what they name was there when they were written


@pytest.mark.parametrize(
    "page",
    [
        ROOT / "landing" / "README.md",
        *(page for page in PAGES if not OF_THEIR_TIME & {page.parent.name, page.name}),
    ],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    named = set(_FILE.findall(page.read_text(encoding="utf-8")))
    assert {name for name in named if not (ROOT / name).exists()} == set()


@pytest.fixture(scope="module")
def parsers() -> dict[str, argparse.ArgumentParser]:
    made = {}
    for command in commands(None):
        made[command.name] = argparse.ArgumentParser(prog=command.name)
        command.arguments(made[command.name])
    return made


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_and_options_of_a_page_are_there(page: Path, parsers) -> None:
    for name, *arguments in told_commands(page.read_text(encoding="utf-8")):
        assert name in parsers, f"{page}: yearbook {name}"
        options = {o for action in parsers[name]._actions for o in action.option_strings}
        for argument in arguments:
            option = argument.strip("[],").split("=")[0]
            if option.startswith("--"):
                assert option in options, f"{page}: yearbook {name} {option}"


def test_the_page_of_commands_has_every_command(parsers) -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert set(parsers) <= {name for name, *_ in told_commands(text)}


def test_the_page_of_commands_says_which_take_json(parsers) -> None:
    told = (DOCS / "commands.md").read_text(encoding="utf-8").partition(" take `--json`")[0]
    names = set(re.findall(r"`([a-z-]+)`", told.rpartition(";")[2]))
    takes = {name for name, parser in parsers.items() if "--json" in parser.format_help()}
    assert names == takes


def test_every_variable_of_a_sink_stands_in_the_page_of_operating() -> None:
    named, first = set[str](), ""
    for line in (DOCS / "operating.md").read_text(encoding="utf-8").splitlines():
        for word in re.findall(r"`([A-Z_]+)`", line.rpartition("|")[0].partition(" | ")[0]):
            # `YEARBOOK_ALERT_SMTP_HOST`, `_PORT`: the second without what it shares with the first
            first = f"{first.rpartition('_')[0]}{word}" if word.startswith("_") else word
            named.add(first)
    asked = {variable for kind in known_sinks() for variable in kind.variables}
    assert asked <= named


def test_every_page_has_its_place_in_the_site() -> None:
    config = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))
    named = set(re.findall(r"'([\w/]+\.md)'", str(config["project"]["nav"])))
    decisions = {f"decisions/{path.name}" for path in (DOCS / "decisions").glob("0*.md")}
    assert named | decisions == {str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md")}


@pytest.mark.skipif(
    importlib.util.find_spec("zensical") is None, reason="dependency group docs: zensical"
)
def test_the_site_is_built(tmp_path: Path) -> None:
    # Pages point to landing/README.md and to code, which are no pages of the site: not strict.
    shutil.copytree(DOCS, tmp_path / "docs")
    shutil.copy(ROOT / "zensical.toml", tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    start = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "Reading the results" in start
    assert (tmp_path / "site" / "methods" / "verdict" / "index.html").exists()
    assert (
        tmp_path
        / "site"
        / "decisions"
        / "0082-the-report-is-drawn-after-publication-and-each-number-names-its-cell"
    ).exists()
