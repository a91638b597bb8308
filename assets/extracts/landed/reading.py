"""Reading one document, here or in a process of its own that can be ended.

Belongs here: what is done with one document from its card to its figures, and the limits on its
time and memory, and on those of a file that has no card yet. Not here: the order of work over many
(`intake.py`), how a document is read (`document.py`).

The limits are enforced from outside what is limited: a parser written in C hears no exception, and
what it breaks is its own process alone. Whoever reads many documents passes `ReadingProcess.read`
for `read_whole`; both give the same.
"""

import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

from assets.extracts import budget
from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError, refusing
from assets.extracts.files.pictures.page_picture import draw_pages, page_pictures
from assets.extracts.landed.survey import LandedDocument, refuse_unreadable
from assets.extracts.written.landing_files import CARD_NAME
from assets.warehouse.other_process import ENDED, exchanged, serve, started

Answer = TypeVar("Answer")
_PATIENCE = 10  # times the seconds of computing, on a clock: the machine may be busy
_OUT_OF_MEMORY = 77  # status of a process that met its limit


@dataclass(frozen=True, slots=True)
class Task:
    """One document to read.

    this_year: it is of no later edition; None leaves that unchecked. pages: folder for the pictures
    of PDF pages (page_picture.py); None draws none.
    """

    landed: LandedDocument
    landing: Path
    this_year: int | None
    pages: Path | None


def read_whole(task: Task) -> Document:
    """Read a document and draw its pages. Raises DocumentError, whatever is wrong with it."""
    with refusing(f"landing/{task.landed.key}"):
        refuse_unreadable(task.landed)
        document = read_document(task.landed.folder / CARD_NAME, task.landing)
        _refuse_future(document, task.this_year)
        if task.pages is not None:
            _draw(task.landed, document, task.pages)
        return document


def _refuse_future(document: Document, this_year: int | None) -> None:
    """An edition of a year to come would win over every print there is."""
    edition = document.card.edition
    if this_year is not None and edition > this_year:
        raise DocumentError(
            file=f"landing/{document.card.source}/{edition}/card.yaml",
            field="edition",
            found=f"edition {edition} lies in the future",
            expected=f"the year the document was printed, at most {this_year}",
            advice="Correct the edition and the name of its folder, or the clock of this machine.",
            of_machine=True,
        )


def _draw(landed: LandedDocument, document: Document, folder: Path) -> None:
    """Draw the pages a document was read from, in place of those of an earlier reading."""
    for picture in page_pictures(folder, landed.source, landed.edition):
        picture.unlink()
    if document.places:
        path = landed.folder / document.card.document.file
        stem = folder / f"{landed.source}-{landed.edition}"
        draw_pages(path, f"landing/{document.file}", document.places, stem)


class ReadingProcess:
    """A process that reads documents one after the other; one that it dies of is refused.

    It starts with the first document, or before, and ends with the `with` block. seconds: of
    computing on one document; memory: of the whole process, in bytes.
    """

    def __init__(
        self, seconds: int = budget.MAX_SECONDS, memory: int = budget.MAX_MEMORY_BYTES
    ) -> None:
        self._seconds = seconds
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def read(self, task: Task) -> Document:
        """Read a document as `read_whole` does. Raises DocumentError."""
        return self.run(f"landing/{task.landed.key}", partial(read_whole, task))

    def run(self, name: str, work: Callable[[], Answer]) -> Answer:
        """What work on a file returns, done over there; it is pickled, and so is what it returns.

        name: of the file in messages. Raises DocumentError, and whatever the work raises.
        """
        process = self.start()
        try:
            answer: Any = exchanged(process, work, _PATIENCE * self._seconds)
        except TimeoutError as error:
            self.end()
            raise self._too_slow(name) from error
        except ENDED as error:
            code = process.wait()
            self.end()
            if code == -signal.SIGXCPU:
                raise self._too_slow(name) from error
            if code == _OUT_OF_MEMORY:
                raise self._too_large(name) from error
            raise _crashed(name, code) from error
        if isinstance(answer, Exception):
            raise answer
        done: Answer = answer
        return done

    def start(self) -> subprocess.Popen[bytes]:
        """Start the process, where it does not run: it loads what reads documents meanwhile."""
        if self._process is None:
            limits = f"{self._seconds}, {self._memory}"
            self._process = started(
                f"from assets.extracts.landed.reading import serve_within; serve_within({limits})"
            )
        return self._process

    def end(self) -> None:
        """End the process, if it runs; the next document starts another one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _too_slow(self, name: str) -> DocumentError:
        return DocumentError(
            name,
            found=f"reading it takes more than {self._seconds} seconds",
            expected=f"a document that is read in {self._seconds} seconds of computing",
            advice="Keep only the tables that are read, as CSV, with a card of their own.",
            of_machine=True,
        )

    def _too_large(self, name: str) -> DocumentError:
        return DocumentError(
            name,
            found=f"reading it takes more than {self._memory:,} bytes of memory",
            expected="a document that is read in less",
            advice="Keep only the tables that are read, as CSV, with a card of their own.",
            of_machine=True,
        )


def _crashed(name: str, code: int) -> DocumentError:
    ended = signal.Signals(-code).name if code < 0 else f"status {code}"
    return DocumentError(
        name,
        found=f"the process that read it ended ({ended})",
        expected="a document that a reader survives",
        advice="It is damaged, or made to break its reader, or the machine has no memory left. "
        "Fetch it again; a table that is needed can be typed into a CSV file.",
        of_machine=True,
    )


def serve_within(seconds: int, memory: int) -> None:
    """Do work from standard input until it ends: what `ReadingProcess` starts."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

    def do(work: Any) -> object:
        until = int(time.process_time()) + 1 + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
        try:
            return work()
        except MemoryError:
            os._exit(_OUT_OF_MEMORY)

    serve(do)
