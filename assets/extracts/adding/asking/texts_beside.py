"""The questions about texts beside a table: what they say otherwise than its labels, or in words
that no rule knows.

Belongs here: the questions, for a source that is new and for a next edition alike. Not here: what
makes a text one to ask about (`layouts/told_measure.py` and those beside it).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from assets.extracts.adding.asking.question import STOP, Choice, Question
from assets.warehouse.texts.counted import counted


def measure_question(key: str, text: str, mends: Mapping[str, Any], number: str) -> Question:
    """Ask whether a text speaks of the figures. mends: keys of the card that take what it says."""
    takes = [Choice("as-said", "they count as it says", {number: dict(mends)})] if mends else []
    return Question(
        key=key,
        found=f"'{text}' says another unit, price, part of a year, definition or coverage "
        "of figures than their labels do",
        evidence=tuple(f"{name}: {said}" for name, said in mends.items()),
        choices=(
            STOP,
            *takes,
            Choice("nothing", "it does not speak of these figures", {number: {"ignore": [text]}}),
        ),
        certainty=0.5,
    )


def notes_question(key: str, texts: Sequence[str], number: str) -> Question:
    """Ask whether notes in words that no rule knows change what the figures mean."""
    nothing = "they change nothing of these figures; the card has them"
    return Question(
        key=key,
        found="no rule knows the words of what stands beside the table, and it may change what "
        f"figures mean ({counted(len(texts), 'text')})",
        evidence=tuple(f"'{text}'" for text in texts),
        choices=(STOP, Choice("nothing", nothing, {number: {"ignore": list(texts)}})),
        certainty=0.5,
    )
