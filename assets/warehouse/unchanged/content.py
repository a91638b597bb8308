"""What a value holds, as one digest: the same in each process for the same content.

Belongs here: going through values of every kind that computations are given. Not here: the cells of
a frame (`reads.py`), and what is kept by a digest (`assets/vintages/pieces.py`).

Two values of one digest must give the same wherever they are used, so that it errs towards being
another one: types count (1 is not 1.0, a list no tuple), and so do the order of a mapping, the
index of a frame and how an array lies in memory, on which the last bit of a sum may hang.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import partial
from pathlib import PurePath
from types import FunctionType
from typing import Any

from assets.warehouse.unchanged.reads import frame_digest

# Exactly these: the repr of what is derived from them may say something else.
_REPR_SAYS_ALL = {type(None), bool, int, float, str, bytes, date, datetime, Decimal, range}


def content_digest(*values: object) -> str:
    """sha256 over what the values hold, never over where they lie.

    Raises TypeError, naming the type, for one whose content is not known.
    """
    digest = hashlib.sha256()
    for part in _parts(values):
        digest.update(b"%d " % len(part))  # so that parts cannot run into one another
        digest.update(part)
    return digest.hexdigest()


def _parts(value: Any) -> Iterator[bytes]:
    kind = type(value)
    yield f"{kind.__module__}.{kind.__qualname__}".encode()
    if kind in _REPR_SAYS_ALL:
        yield repr(value).encode("utf-8", "surrogatepass")
    elif isinstance(value, list | tuple):
        yield b"%d" % len(value)
        for each in value:
            yield from _parts(each)
    elif isinstance(value, Mapping):
        yield b"%d" % len(value)
        for key, each in value.items():
            yield from _parts(key)
            yield from _parts(each)
    elif isinstance(value, set | frozenset):  # whose order is another one in each process
        yield from sorted(content_digest(each).encode() for each in value)
    elif isinstance(value, Enum):
        yield value.name.encode()
    elif isinstance(value, PurePath):
        yield str(value).encode("utf-8", "surrogatepass")
    elif isinstance(value, type | FunctionType):
        yield _name(value)
    elif isinstance(value, partial):
        yield from _parts((value.func, value.args, value.keywords))
    elif is_dataclass(value):
        for each in fields(value):
            yield from _parts(getattr(value, each.name))
    elif (of_library := _of_library(kind)) is not None:
        yield from of_library(value)
    else:
        raise TypeError(
            f"{kind.__module__}.{kind.__qualname__}: what such a value holds is not known. "
            "Give what it is made of, or teach assets/warehouse/unchanged/content.py."
        )


def _name(value: type | FunctionType) -> bytes:
    """Where a function or a class is defined: what it does is the code's, which has a digest."""
    if "<" in value.__qualname__:  # <locals>, <lambda>: it may hold values that are not seen here
        raise TypeError(f"{value.__qualname__} is defined inside a function: give what it is of.")
    return f"{value.__module__}.{value.__qualname__}".encode()


def _of_library(kind: type) -> Callable[[Any], Iterator[bytes]] | None:
    """How to go through values of NumPy, pandas and pydantic, which are not imported for that."""
    bases = {(base.__module__.partition(".")[0], base.__name__) for base in kind.__mro__}
    known = {
        ("pandas", "DataFrame"): _of_frame,
        ("pandas", "Series"): lambda series: _of_frame(series.to_frame()),
        ("numpy", "ndarray"): _of_array,
        ("numpy", "generic"): _of_array,
        ("pydantic", "BaseModel"): _of_model,
    }
    return next((known[base] for base in known if base in bases), None)


def _of_frame(frame: Any) -> Iterator[bytes]:
    yield repr(frame.columns.names).encode()
    yield frame_digest(frame).encode()
    yield frame_digest(frame.index.to_frame(index=False)).encode()


def _of_array(array: Any) -> Iterator[bytes]:
    in_memory = array.flags.c_contiguous, array.flags.f_contiguous
    yield repr((str(array.dtype), array.shape, in_memory)).encode()
    if array.dtype.hasobject:  # whose bytes are addresses in memory
        yield from _parts(array.tolist())
    else:
        yield array.tobytes()


def _of_model(model: Any) -> Iterator[bytes]:
    for name in type(model).model_fields:
        yield from _parts(getattr(model, name))
    yield from _parts((model.model_extra, model.__pydantic_private__))
