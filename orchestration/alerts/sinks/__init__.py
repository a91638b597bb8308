"""Where notices go: one module per sink, which declares how the environment sets it up.

Belongs here: the contract (`sink.py`), and the sinks that fulfil it. Not here: when something is
sent (`delivery.py`). A module with a `SINK` is found by being here; nothing else names it.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from orchestration.alerts.sinks.sink import SinkKind


@cache
def known_sinks() -> tuple[SinkKind, ...]:
    """The sinks that the environment may set up, by the names of their modules."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    return tuple(module.SINK for module in modules if hasattr(module, "SINK"))
