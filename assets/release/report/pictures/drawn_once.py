"""Pictures that were drawn before: from the same rows, by the same code, comes the same picture.

Belongs here: asking for a picture by what it is drawn from. Not here: drawing, and where pictures
are kept between two reports (`report/drawn.py`).
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import ParamSpec

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Pictures:
    """What was drawn, as text (SVG; the cells of a cut), by the sha256 of what it is drawn from."""

    before: Mapping[str, str]
    now: dict[str, str] = field(default_factory=dict)  # those that were asked for


_PICTURES: ContextVar[Pictures | None] = ContextVar("pictures", default=None)


@contextmanager
def drawn_before(before: Mapping[str, str]) -> Iterator[Pictures]:
    """Within the block no picture of `before` is drawn again."""
    pictures = Pictures(before)
    token = _PICTURES.set(pictures)
    try:
        yield pictures
    finally:
        _PICTURES.reset(token)


def drawn_once(picture: Callable[P, str]) -> Callable[P, str]:
    """A function that draws, asked for what it drew before where that is known.

    Its arguments are texts, numbers, and rows, lists and mappings of them, whose `repr` says all.
    """

    @wraps(picture)
    def drawn(*arguments: P.args, **named: P.kwargs) -> str:
        said = picture.__module__, picture.__qualname__, arguments, named
        return kept_drawing(said, lambda: picture(*arguments, **named))

    return drawn


def kept_drawing(drawn_from: tuple[object, ...], draw: Callable[[], str]) -> str:
    """What `draw` gives, or gave before from the same: whose `repr` says all that it hangs on.

    What it raises is raised, and nothing is kept.
    """
    pictures = _PICTURES.get()
    if pictures is None:
        return draw()
    key = hashlib.sha256(repr(drawn_from).encode("utf-8", "surrogatepass")).hexdigest()
    found = pictures.now.get(key) or pictures.before.get(key) or draw()
    return pictures.now.setdefault(key, found)
