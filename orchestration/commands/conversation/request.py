"""What the user asked of `yearbook add`.

Belongs here: the record. Not here: the conversation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for. answers: question key → word, from `--answer`.

    like: the edition before; source: the name of a source that is new.
    """

    file: Path
    like: str | None = None
    source: str | None = None
    edition: int | None = None
    published_on: date | None = None
    note: str | None = None
    yes: bool = False
    dry_run: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
