"""Estimations that are under way beside a refresh before it asks for them.

Belongs here: where they wait to be asked for, and that they end with the refresh at the latest. Not
here: the work (`two_processes.py`), which loads SciPy; a refresh without town data does not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assets.towns.study.two_processes import Work

_BEGUN: ContextVar["dict[str, Work] | None"] = ContextVar("begun", default=None)


@contextmanager
def estimating_beside() -> Iterator[None]:
    """Within the block estimations may be begun before they are asked for.

    What is under way and nobody asked for ends with it.
    """
    works: dict[str, Work] = {}
    token = _BEGUN.set(works)
    try:
        yield
    finally:
        _BEGUN.reset(token)
        for work in works.values():
            work.give_up()


def begun() -> "dict[str, Work] | None":
    """What was begun in this block and not asked for yet, by digest of all that it is given.

    None outside a block.
    """
    return _BEGUN.get()
