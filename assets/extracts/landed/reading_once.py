"""Each document of a refresh read once: ahead of its run, which it may make needless, or in it.

Belongs here: reading beside what else is to be done, and keeping what that gave until it is asked
for. Not here: the reading (`reading.py`), and whether there is a run
(`orchestration/refused_throughout.py`).
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock, Thread

from assets.extracts.document import Document
from assets.extracts.landed.reading import ReadingProcess, Task


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads in one process, one document after the other. What was read ahead is given by the next
    `read` of the same task, which names the document's content, and is let go with it."""

    process: ReadingProcess
    _ahead: dict[Task, Future[Document]] = field(default_factory=dict)
    _turn: Lock = field(default_factory=Lock)  # of who asks the process

    def read(self, task: Task) -> Document:
        """Read a document as `read_whole` does. Raises DocumentError."""
        kept = self._ahead.pop(task, None)
        return self._read(task) if kept is None else kept.result()

    def read_ahead(self, task: Task) -> Document:
        """The same, and keep what came of it. Raises DocumentError."""
        self.begin([task])
        return self._ahead[task].result()

    def begin(self, tasks: Sequence[Task]) -> None:
        """Begin to read ahead, in the order given, while this process goes on."""
        asked = {task: Future[Document]() for task in tasks if task not in self._ahead}
        self._ahead.update(asked)

        def beside() -> None:
            for task, answer in asked.items():
                if answer.set_running_or_notify_cancel():
                    try:
                        answer.set_result(self._read(task))
                    except Exception as error:
                        answer.set_exception(error)

        if asked:
            Thread(target=beside, name="reading", daemon=True).start()

    def end(self) -> None:
        """End the process; what was begun and nobody asked for is let go."""
        for answer in self._ahead.values():
            answer.cancel()
        self._ahead.clear()
        self.process.end()  # under what is being read
        with self._turn:
            self.process.end()  # one that was started for a document just then

    def _read(self, task: Task) -> Document:
        with self._turn:
            return self.process.read(task)


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
            outer.end()
        return
    with ReadingProcess() as process:
        reader = Reader(process)
        token = _READER.set(reader)
        try:
            yield reader
        finally:
            _READER.reset(token)
            reader.end()
