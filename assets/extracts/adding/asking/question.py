"""A question to the person who files a document: what was found, what is suggested, how sure.

Belongs here: the records. Not here: how a question arises, how it is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CERTAIN = 0.9  # `--yes` takes suggestions at least this certain


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer. word: what is typed; text: what it does; tables: laid over the card's tables."""

    word: str
    text: str
    tables: Mapping[str, Any] = field(default_factory=dict)
    stops: bool = False


STOP = Choice("stop", "file nothing", stops=True)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that the document does not settle. The first choice is the suggestion.

    key: names the question in `--answer`; certainty: of the suggestion, in [0, 1]; free: what else
    an answer may be, such as 'a year'; empty where only the choices count.
    """

    key: str
    found: str
    evidence: tuple[str, ...]
    choices: tuple[Choice, ...]
    certainty: float
    free: str = ""

    @property
    def certain(self) -> bool:
        """Whether the suggestion may be taken without a person."""
        return self.certainty >= CERTAIN and not self.choices[0].stops

    def choice(self, word: str) -> Choice | None:
        """The choice a typed word names; nothing typed is the suggestion."""
        if not word:
            return self.choices[0]
        return next((choice for choice in self.choices if choice.word == word), None)
