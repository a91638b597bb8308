"""A card as it lies in `landing/`, with what it extends and the document beside it.

Belongs here: reading and merging cards, `extends`, and the check of the document against its card.
Not here: what a card may say (`card.py`), the text of a card and the fingerprint of both
(`content.py`), reading the document.

Ways in from outside the landing folder are closed: a card may only extend a card below the same
landing folder, and its document must lie beside it.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assets.extracts import budget
from assets.extracts.cards.card import Card
from assets.extracts.cards.content import content_sha256, file_sha256, merge, parse_card, resolved
from assets.extracts.cards.coverage import OWN_KEYS
from assets.extracts.errors import DocumentError
from assets.extracts.meaning.identifiers import changed_identifiers, renamed
from assets.extracts.written.landing_files import CARD_NAME
from assets.extracts.written.strict_model import wrong_fields


@dataclass(frozen=True, slots=True)
class LoadedCard:
    """A checked card with its document (file: path under landing/) and both fingerprints."""

    card: Card
    document_path: Path
    file: str
    document_sha256: str
    content_sha256: str


def shown(path: Path, landing: Path) -> str:
    """Name a path the way messages do: `landing/<source>/<edition>/<file>`."""
    return f"landing/{path.relative_to(landing).as_posix()}"


def load_card(card_path: Path, landing: Path) -> LoadedCard:
    """Read, merge and check a card, and check its document's size and sha256.

    Raises DocumentError naming the card and its fields (all of them at once), or the document.
    """
    # Taken first: what is written meanwhile makes another fingerprint, and is read again.
    content = content_sha256(resolved(card_path) or card_path)
    card = read_card(card_path, landing)
    card_path, landing = card_path.resolve(), landing.resolve()
    path = card_path.parent / card.document.file
    digest = card.document.sha256  # whether a withdrawn document still lies there is no matter
    if card.withdrawn is None:
        digest = _check_document(path, card, card_path, landing)
    file = path.relative_to(landing).as_posix()
    return LoadedCard(card, path, file, digest, content)


def refuse_changed(loaded: LoadedCard, card_path: Path, landing: Path) -> None:
    """Refuse a document of which anything changed since its card was loaded: what was read may be
    of both states, and of none that has a fingerprint. Raises DocumentError.
    """
    card_path, landing = card_path.resolve(), landing.resolve()
    if content_sha256(card_path) != loaded.content_sha256:
        raise DocumentError(
            shown(card_path.parent, landing),
            found="the document, its card or a file beside them changed while it was read",
            expected="files that stay as they are until they are read",
            advice="Run it again once they are written whole.",
        )


def read_card(card_path: Path, landing: Path) -> Card:
    """Read a card with everything it extends; the document is not touched.

    Raises DocumentError naming the card and every field that is wrong.
    """
    merged: dict[str, Any] = {}
    for _, raw in reversed(_chain(card_path, landing)):
        for key in OWN_KEYS:
            merged.pop(key, None)
        merged = merge(merged, raw)
    merged.pop("extends", None)
    folder = card_path.resolve().parent.parent
    merged = renamed(merged, changed_identifiers(folder, landing.resolve()))
    try:
        card = Card.model_validate(merged)
    except ValidationError as error:
        name = shown(card_path.resolve(), landing.resolve())
        raise invalid_card(name, error, ", or in the card it extends") from error
    _check_folder(card_path, landing, card)
    return card


def _chain(card_path: Path, landing: Path) -> list[tuple[Path, dict[str, Any]]]:
    """Read the card and the cards it extends, nearest first."""
    root = landing.resolve()
    chain: list[tuple[Path, dict[str, Any]]] = []
    path = resolved(card_path)
    if path is None or not path.is_relative_to(root):
        raise DocumentError(
            "/".join((landing.name, *card_path.parts[-3:])),
            found="the card lies outside the landing folder, maybe behind a link",
            expected="landing/<source>/<edition>/card.yaml as a plain file in plain folders",
            advice="Put the folder itself into landing/ instead of a link to it.",
        )
    while True:
        raw = parse_card(path, shown(path, root))
        chain.append((path, raw))
        parent = raw.get("extends")
        if parent is None:
            return chain
        path = _parent(path, parent, root, [known for known, _ in chain])


def _parent(path: Path, parent: object, root: Path, known: list[Path]) -> Path:
    target = resolved(path.parent / parent) if isinstance(parent, str) else path
    if target is None:
        problem = f"'{parent}' is no path, or a link that leads back to itself"
    elif not isinstance(parent, str) or not target.is_relative_to(root):
        problem = f"'{parent}' leads out of the landing folder"
    elif not os.path.isfile(target):
        problem = f"'{parent}' does not exist"
    elif target in known:
        problem = f"'{parent}' comes back to a card that extends this one"
    else:
        return target
    raise DocumentError(
        shown(path, root),
        field="extends",
        found=problem,
        expected="the path of another card below landing/, such as ../2018/card.yaml",
        advice="Correct the path, or state everything in this card and drop extends.",
    )


def invalid_card(name: str, error: ValidationError, or_where: str = "") -> DocumentError:
    """Every field of the card `name` that is wrong; or_where: other files to correct it in."""
    count = error.error_count()
    fields = "its field" if count == 1 else f"{count} of its fields"
    expected = "a card as landing/README.md describes it"
    return wrong_fields(name, error, expected, f"Correct {fields} in the card{or_where}.")


def _check_folder(card_path: Path, landing: Path, card: Card) -> None:
    edition, source = card_path.parent.name, card_path.parent.parent.name
    for field, stated, folder in (
        ("source", card.source, source),
        ("edition", str(card.edition), edition),
    ):
        if stated != folder:
            raise DocumentError(
                shown(card_path.resolve(), landing.resolve()),
                field=field,
                found=f"the card says {field} '{stated}', its folder is called '{folder}'",
                expected=f"landing/{card.source}/{card.edition}/{CARD_NAME}",
                advice="Rename the folder or correct the card.",
            )


def _check_document(path: Path, card: Card, card_path: Path, landing: Path) -> str:
    """Check presence, size and sha256, in this order: a huge file is never read."""
    name = shown(path, landing)
    stated = card.document
    if not os.path.isfile(path) or path.is_symlink():
        raise DocumentError(
            shown(card_path, landing),
            field="document.file",
            found=f"there is no file {name}",
            expected="the document beside its card, as a plain file",
            advice="Put the document there or correct the name in the card.",
        )
    size = path.stat().st_size
    if size > budget.MAX_DOCUMENT_BYTES:
        raise DocumentError(
            name,
            found=f"the file is {size:,} bytes long",
            expected=f"at most {budget.MAX_DOCUMENT_BYTES:,} bytes",
            advice="Keep only the tables that are read, as CSV, with a card of their own.",
        )
    if size == 0:
        raise DocumentError(
            name,
            found="the file is empty",
            expected="a document with figures",
            advice="Fetch the document again.",
        )
    try:
        digest = file_sha256(path)
    except OSError as error:
        raise DocumentError(
            name,
            found=f"the file cannot be opened ({error.strerror})",
            expected="a file the run may read",
            advice="Give the run permission to read it, or fetch the document again.",
        ) from error
    if (digest, size) != (stated.sha256, stated.bytes):
        raise DocumentError(
            name,
            found=f"its sha256 is {digest} ({size} bytes)",
            expected=f"{stated.sha256} ({stated.bytes} bytes), as {shown(card_path, landing)} says",
            advice=(
                "Fetch the document again if it was damaged. If the publisher issued it anew, "
                "put this line into the card:\n  "
                f"document: {{file: {stated.file}, sha256: {digest}, bytes: {size}}}"
            ),
        )
    return digest
