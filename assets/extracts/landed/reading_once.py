"""Each document of a refresh read once: ahead of its run, which it may make needless, or in it.

Belongs here: keeping what a reading gave until it is asked for again. Not here: the reading
(`reading.py`), and whether there is a run (`orchestration/refused_throughout.py`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from assets.extracts.document import Document
from assets.extracts.errors import DocumentError
from assets.extracts.landed.reading import ReadingProcess, Task


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads in one process. What was read ahead is given by the next `read` of the same task,
    which names the document's content, and is let go with it."""

    process: ReadingProcess
    _ahead: dict[Task, Document | DocumentError] = field(default_factory=dict)

    def read(self, task: Task) -> Document:
        """Read a document as `read_whole` does. Raises DocumentError."""
        kept = self._ahead.pop(task, None)
        if kept is None:
            return self.process.read(task)
        if isinstance(kept, DocumentError):
            raise kept
        return kept

    def read_ahead(self, task: Task) -> Document:
        """The same, and keep what came of it. Raises DocumentError."""
        try:
            document = self._ahead[task] = self.process.read(task)
        except DocumentError as error:
            self._ahead[task] = error
            raise
        return document


_READER: ContextVar[Reader | None] = ContextVar("reader", default=None)


@contextmanager
def reading_once() -> Iterator[Reader]:
    """The reader of the block; in a block inside another one, that of the outer.

    Its process ends with the inner block, too: what comes after the reading needs the memory.
    """
    if (outer := _READER.get()) is not None:
        try:
            yield outer
        finally:
            outer.process.end()
        return
    with ReadingProcess() as process:
        reader = Reader(process)
        token = _READER.set(reader)
        try:
            yield reader
        finally:
            _READER.reset(token)
