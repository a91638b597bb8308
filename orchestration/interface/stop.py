"""The signal that ends the interface, as all of its parts hear of it.

Belongs here: that alone. Not here: who sets the handlers (`ui.py`, uvicorn while it serves).
"""

import threading
from dataclasses import dataclass, field


@dataclass(slots=True)
class Stop:
    """The first signal that came, and an event for threads that wait for one."""

    signal: int | None = None
    heard: threading.Event = field(default_factory=threading.Event)

    def hear(self, number: int) -> None:
        """Remember a signal; only the first says how the interface ends."""
        if self.signal is None:
            self.signal = number
        self.heard.set()

    def check(self) -> None:
        """Raise what the handler raised, where a weak reference's callback swallowed it."""
        if self.heard.is_set():
            raise KeyboardInterrupt
