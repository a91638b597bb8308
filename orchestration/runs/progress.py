"""What a person at the terminal sees while a run goes on.

Belongs here: turning Dagster's events into short lines. Not here: the summary after the run.
"""

import logging
import sys
import time
from typing import TextIO

import dagster as dg

from orchestration.tone import Tone, painted

_SHOWN = {
    "STEP_SUCCESS": ("done", None),
    "STEP_FAILURE": ("FAILED", Tone.BAD),
    "STEP_SKIPPED": ("skipped, since something before it failed", Tone.WARNING),
}


_REPEATED = "Dependencies for step"


class ProgressHandler(logging.Handler):
    """Writes one line per finished step, and overwrites one line for progress within a step."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self.stream = stream
        self.started = time.monotonic()
        self.is_terminal = stream.isatty()

    def emit(self, record: logging.LogRecord) -> None:
        """Show a step's end, a warning, or a document being read."""
        meta = getattr(record, "dagster_meta", {})
        event = meta.get("dagster_event")
        if event is not None:
            label, tone = _SHOWN.get(event.event_type_value, (None, None))
            if label is not None:
                self._line(f"{meta['step_key']}: {label}", tone)
        elif str(meta.get("orig_message", "")).startswith(_REPEATED):
            return  # the step's own line says that it was skipped
        elif record.levelno >= logging.WARNING:
            tone = Tone.BAD if record.levelno >= logging.ERROR else Tone.WARNING
            self._line(f"{record.levelname.lower()}: {meta.get('orig_message')}", tone)
        elif record.levelno >= logging.INFO and meta.get("orig_message"):
            self._transient(str(meta["orig_message"]))

    def _line(self, text: str, tone: Tone | None) -> None:
        clear = "\r\033[K" if self.is_terminal else ""
        line = painted(f"{time.monotonic() - self.started:6.1f} s  {text}", tone, self.stream)
        print(f"{clear}{line}", file=self.stream)

    def _transient(self, text: str) -> None:
        if self.is_terminal:
            print(f"\r\033[K          {text[:100]}", end="", file=self.stream, flush=True)


@dg.logger(None, description="Short lines for a person who waits at the terminal.")
def progress_logger(context: dg.InitLoggerContext) -> logging.Logger:
    """A logger whose only handler shows progress on standard error."""
    logger = logging.Logger("yearbook.progress", level=logging.DEBUG)
    logger.addHandler(ProgressHandler(sys.stderr))
    return logger
