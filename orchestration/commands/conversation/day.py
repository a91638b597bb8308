"""The day of publication, as the document states it or as a person does.

Belongs here: the one question about it. Not here: where in a document days stand
(`adding/dates.py`).
"""

from collections.abc import Mapping
from datetime import date

from assets.extracts.adding.asking.question import STOP, Choice, Question
from orchestration.commands.conversation.asker import Asker

_UNKNOWN = "unknown"


def ask_published_on(asker: Asker, stated: Mapping[date, str]) -> date | None:
    """The one day that is stated (→ where), else as answered; None where it is not known."""
    if len(stated) == 1 and not asker.given("published_on"):
        [(day, where)] = stated.items()
        print(f"published_on {day}: {where}")
        return day
    question = Question(
        key="published_on",
        found="the day of publication is not stated" if not stated else "several days are stated",
        evidence=tuple(f"{day}: {where}" for day, where in stated.items()),
        choices=(
            Choice(_UNKNOWN, "the card says null"),
            *(Choice(str(day), "the day of publication") for day in stated),
            STOP,
        ),
        certainty=0.5 if stated else 0.95,
        free="a day such as 2025-11-20",
    )
    word = asker.ask(question, _a_day).word
    return None if word == _UNKNOWN else date.fromisoformat(word)


def _a_day(word: str) -> Choice | None:
    try:
        return Choice(str(date.fromisoformat(word)), "the day of publication")
    except ValueError:
        return None
