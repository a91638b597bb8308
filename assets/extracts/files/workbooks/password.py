"""Workbooks that open with a password.

Belongs here: where a card says the password lies, and the workbook without its encryption. Not
here: how a workbook is read. No password stands in a card, a message or the warehouse.
"""

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assets.extracts.errors import DocumentError
from assets.extracts.files.file_checks import OLE, file_error, read_start

_ADVICE = (
    "Put the password into an environment variable, and its name into the card: "
    "document.password: env:NAME (or file:/a/path outside landing/)."
)
_MAX_PASSWORD_BYTES = 4096


@contextmanager
def without_password(path: Path, name: str, place: str | None) -> Iterator[Path]:
    """The workbook as it can be read: itself, or a copy that is gone afterwards.

    place: `env:NAME` or `file:/path`, from the card. Raises DocumentError.
    """
    if path.suffix not in (".xlsx", ".xls") or not read_start(path).startswith(OLE):
        yield path
        return
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError

    with path.open("rb") as file:
        try:
            locked = msoffcrypto.OfficeFile(file)
            encrypted = locked.is_encrypted()
        except Exception:  # olefile raises whatever its parsers raise; the reader says what it is
            encrypted = False
        if not encrypted:
            yield path
            return
        if place is None:
            found = "the workbook is protected by a password"
            raise file_error(name, found, "a card that says where the password lies", _ADVICE)
        plain = io.BytesIO()
        try:
            locked.load_key(password=_password(place, name, path))
            locked.decrypt(plain)
        except (DecryptionError, FileFormatError, InvalidKeyError) as error:
            found = f"the password in {place} does not open the workbook"
            advice = f"Put the right password into {place}, or name its place in the card."
            expected = "the workbook's password"
            raise file_error(name, found, expected, advice, of_machine=True) from error
    with tempfile.TemporaryDirectory(prefix="yearbook-") as folder:
        copy = Path(folder) / path.name
        copy.touch(mode=0o600)
        copy.write_bytes(plain.getvalue())
        yield copy


def _first_line(path: Path) -> str:
    """A file's one line; nothing of what is no file (a pipe, a device), or no password's length."""
    if not path.is_file() or path.stat().st_size > _MAX_PASSWORD_BYTES:
        return ""
    return path.read_text(encoding="utf-8").strip("\r\n")


def _password(place: str, name: str, document: Path) -> str:
    kind, _, where = place.partition(":")
    if kind == "env":
        password = os.environ.get(where, "")
    else:
        landing = document.resolve().parents[2]
        if Path(where).resolve().is_relative_to(landing):
            raise DocumentError(
                name,
                found=f"the card takes the password from {where}, inside landing/",
                expected="a file that is not published with the documents",
                advice="Move the file out of landing/, and name its new path in the card.",
            )
        try:
            password = _first_line(Path(where))
        except (OSError, UnicodeDecodeError):
            password = ""
    if not password:
        found = f"there is no password in {place}"
        raise file_error(name, found, "the workbook's password", _ADVICE, of_machine=True)
    return password
