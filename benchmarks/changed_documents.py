"""Random changes of one document: its figures, its form, what its card says of it.

Belongs here: drawing one, and writing it into folders that hold the same. Not here: which document,
and what comes and goes (`random_changes.py`).
"""

import hashlib
import random
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

Card = dict[str, Any]
Change = Callable[[random.Random, bytes, Card], bytes]
NUMBER = re.compile(rb"(?<=,)(?:\d+\.\d+|\d{5,})(?=[,\r\n])")  # no year
_WITHDRAWN = "withdrawn"
_BOM = b"\xef\xbb\xbf"
_RENAMED = "_renamed"


def figure(drawn: random.Random, data: bytes, card: Card) -> bytes:
    """One number is another one by a unit of its last place or two."""
    found = drawn.choice(list(NUMBER.finditer(data)))
    last_place = Decimal((0, (1,), Decimal(found[0].decode()).as_tuple().exponent))
    number = Decimal(found[0].decode()) + drawn.choice((-1, 1, 2)) * last_place
    said = str(max(number, last_place)).encode()
    return data[: found.start()] + said + data[found.end() :]


def two_figures(drawn: random.Random, data: bytes, card: Card) -> bytes:
    """Two of them, or one twice."""
    return figure(drawn, figure(drawn, data, card), card)


def digit(drawn: random.Random, data: bytes, card: Card) -> bytes:
    """The same number with one place more or less: as exact as before it is not."""
    found = drawn.choice(list(NUMBER.finditer(data)))
    said = found[0][:-1] if found[0].endswith(b"0") and b"." in found[0] else found[0] + b"0"
    return data[: found.start()] + said + data[found.end() :] if b"." in found[0] else data


def lines(drawn: random.Random, data: bytes, card: Card) -> bytes:
    """The same lines in another order, but for the first; a layout of headings may be refused."""
    first, *others = data.splitlines(keepends=True)
    drawn.shuffle(others)
    return first + b"".join(others)


def mark(drawn: random.Random, data: bytes, card: Card) -> bytes:
    """With the mark of UTF-8 before it, or without."""
    return data.removeprefix(_BOM) if data.startswith(_BOM) else _BOM + data


def words(drawn: random.Random, data: bytes, card: Card) -> bytes:
    """What the card says of the document, and nothing of its figures."""
    key = drawn.choice(("title", "note", "publisher", "licence"))
    card[key] = f"{drawn.choice(('one', 'another'))} {key}"
    return data


def standing(drawn: random.Random, data: bytes, card: Card) -> bytes:
    """How much its figures count."""
    card["standing"] = drawn.choice(("official", "ministry", "relayed", "secondary"))
    card["quality"] = drawn.choice(("published", "derived"))
    return data


def withdrawn(drawn: random.Random, data: bytes, card: Card) -> bytes:
    """Taken back, or in force again."""
    if card.pop(_WITHDRAWN, None) is None:
        card[_WITHDRAWN] = "a random change"
    return data


CHANGES: dict[str, Change] = {
    "figure": figure,
    "two figures": two_figures,
    "digit": digit,
    "lines": lines,
    "mark": mark,
    "words": words,
    "standing": standing,
    "withdrawn": withdrawn,
}


def change(kind: str, drawn: random.Random, folders: Sequence[Path]) -> None:
    """Draw a change of a document, and make it in each of the folders that hold it."""
    card, data = _read(folders[0])
    data = CHANGES[kind](drawn, data, card)
    for folder in folders:
        _sign(folder, data, card)


def swap(folders: Sequence[Path], others: Sequence[Path]) -> None:
    """Two documents have each other's content."""
    for one, other in zip(folders, others, strict=True):
        (card, data), (other_card, other_data) = _read(one), _read(other)
        _sign(one, other_data, card)
        _sign(other, data, other_card)


def spoil(folders: Sequence[Path]) -> None:
    """A document is not the one that its card signs, until the next change of it."""
    for folder in folders:
        card, data = _read(folder)
        (folder / card["document"]["file"]).write_bytes(data + b"\n")


def rename(folders: Sequence[Path]) -> None:
    """The same document is of another source, or of its own again."""
    for folder in folders:
        card, data = _read(folder)
        was = folder.parent.name
        source = f"{was}{_RENAMED}" if was == as_it_ships(was) else as_it_ships(was)
        target = folder.parents[1] / source / folder.name
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            folder.rename(target)
            _sign(target, data, {**card, "source": source})


def as_it_ships(document: str) -> str:
    """The name `source/edition` that a document had before it was renamed."""
    return document.replace(_RENAMED, "")


def _read(folder: Path) -> tuple[Card, bytes]:
    card: Card = yaml.safe_load((folder / "card.yaml").read_text("utf-8"))
    return card, (folder / card["document"]["file"]).read_bytes()


def _sign(folder: Path, data: bytes, card: Card) -> None:
    digest = hashlib.sha256(data).hexdigest()
    card["document"] = {**card["document"], "sha256": digest, "bytes": len(data)}
    (folder / card["document"]["file"]).write_bytes(data)
    text = yaml.safe_dump(card, allow_unicode=True, sort_keys=False)
    (folder / "card.yaml").write_text(text, "utf-8")
