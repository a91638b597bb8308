"""docs/messages.md has every message of a refresh: what it means, and what to do.

A message of the code is found on the page by a fragment of it that stands there in code, and each
fragment on the page is of some message: so neither is there without the other. Not here: why a
document is refused, which every refusal says itself (`tests/damage/`).
"""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from assets.warehouse import errors

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "messages.md"
SPOKEN = (  # the files whose messages whoever refreshes, repairs or asks for the state may meet
    *sorted((ROOT / "assets" / "warehouse").rglob("*.py")),
    ROOT / "assets" / "release" / "publication.py",
    ROOT / "orchestration" / "alerts" / "look.py",
    ROOT / "orchestration" / "commands" / "cli.py",
    ROOT / "orchestration" / "commands" / "refresh.py",
    ROOT / "orchestration" / "commands" / "repair.py",
    ROOT / "orchestration" / "commands" / "status.py",
    ROOT / "orchestration" / "runs" / "damaged_records.py",
    ROOT / "orchestration" / "runs" / "instance.py",
    ROOT / "orchestration" / "runs" / "postgres.py",
    ROOT / "orchestration" / "refresh.py",
    ROOT / "orchestration" / "refresh_run.py",
    ROOT / "orchestration" / "stopping.py",
)
KINDS = {name for name, kind in vars(errors).items() if isinstance(kind, type)} - {"Holder"}
SHORTEST = 8  # characters of a sentence among what a page of a refresh is made of
FEWEST = 40  # so that the collector is seen to collect


def words(node: ast.AST) -> str:
    """The text of a message as far as it stands in the code, with … for what is put in."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(words(part) for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return words(left) + words(right)
        case ast.IfExp(body=one, orelse=other):
            return f"{words(one)} … {words(other)}"
    return "…"


def messages_in(source: str) -> Iterator[str]:
    """What errors of the warehouse say, and what is printed beside the results."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        aside = name == "print" and any(key.arg == "file" for key in node.keywords)
        if aside or name in KINDS:
            yield words(node.args[0])
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef):
            continue
        if node.name.endswith("_message"):
            returned = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
            yield from (words(each) for each in returned if each is not None)
        if isinstance(node.returns, ast.Name) and node.returns.id == "Section":
            told = (text for text in texts_in(node) if not text.startswith("`"))  # a command
            yield from (text for text in told if len(text) >= SHORTEST)


def texts_in(function: ast.FunctionDef) -> Iterator[str]:
    """The texts of a function, its own description left out, those within another once."""
    waiting: list[ast.AST] = list(function.body[bool(ast.get_docstring(function)) :])
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.JoinedStr | ast.Constant):
            yield words(node)
        else:
            waiting += ast.iter_child_nodes(node)


@cache
def messages() -> Mapping[str, str]:
    """Each message, and the file that it stands in; those that only pass another on left out."""
    found = {}
    for path in SPOKEN:
        for text in messages_in(path.read_text(encoding="utf-8")):
            if re.search(r"[A-Za-z]{3}", text):
                found[text] = str(path.relative_to(ROOT))
    return found


def fragments(page: str) -> list[str]:
    """What stands in code in the first column of the page's tables."""
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    return [fragment for row in rows for fragment in re.findall(r"`([^`]+)`", row)]


def unexplained(page: str) -> list[str]:
    known = fragments(page)
    return [f"{file}: {m}" for m, file in messages().items() if not any(f in m for f in known)]


def stale(page: str) -> list[str]:
    return [each for each in fragments(page) if not any(each in text for text in messages())]


def test_every_message_is_on_the_page_and_every_one_of_the_page_is_said() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert len(messages()) > FEWEST
    assert unexplained(page) == []
    assert stale(page) == []


@pytest.mark.parametrize("fragment", ["No room to write", "is being written by"])
def test_a_row_that_is_missing_or_says_too_much_is_seen(fragment: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    without = "\n".join(line for line in page.splitlines() if f"`{fragment}`" not in line)
    assert unexplained(without) != []
    assert stale(page + "\n| `no code says this` | a | b |") == ["no code says this"]
