"""What a process does while it waits for another: imports that will be needed, and take seconds.

Belongs here: keeping such work until somebody waits, and doing it then. Not here: any such work, or
who waits. It is done beside the waiting and ended with it, never beside other work: two threads
that import at once may meet modules of which half is there.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_KEPT: list[Callable[[], object]] = []


def keep_for_waiting(work: Callable[[], object]) -> None:
    """Do it at the first wait. It has to do no harm where it is done before it is needed."""
    if work not in _KEPT:
        _KEPT.append(work)


@contextmanager
def meanwhile() -> Iterator[None]:
    """Do what was kept, once, while the block waits for another process; end when both have.

    What the work raises is left to whoever needs it: it is raised again there.
    """

    def work() -> None:
        while _KEPT:
            try:
                _KEPT.pop(0)()
            except Exception:
                continue

    thread = threading.Thread(target=work, name="meanwhile", daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()
