"""What the first card of a source says outside its tables: as its document does, or a person.

Belongs here: the facts, the questions about those that the document does not state. Not here: its
tables (`new_source.py`), and what of a document states them (`assets/extracts/proposing/facts.py`).
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, get_args

from assets.extracts.adding.asking.question import STOP, Choice, Question
from assets.extracts.adding.dates import stated_days, stated_editions
from assets.extracts.adding.opening import Arrived, Part
from assets.extracts.cards.card import Card
from assets.extracts.meaning.status import STATUSES
from assets.extracts.proposing.entries import card_region
from assets.extracts.proposing.facts import (
    Fact,
    publisher,
    source_name,
    standing,
    stated_status,
    title,
    unsettled,
)
from assets.extracts.proposing.proposal import Proposal
from assets.warehouse.home import Home
from orchestration.commands.conversation.asker import Asker, NotFiled, an_edition
from orchestration.commands.conversation.day import ask_published_on
from orchestration.commands.conversation.request import Request
from orchestration.commands.pages.text_table import print_text

_NONE = "none"


def card_facts(
    home: Home,
    request: Request,
    asker: Asker,
    arrived: Arrived,
    parts: Sequence[Part],
    tables: Mapping[str, Proposal],
    today: date,
) -> dict[str, Any]:
    """What the card says outside its tables: as the document says it, or as answered."""
    print()
    source = _source(home, request, asker, arrived, tables)
    by = publisher(parts)
    named = title(parts, tables)
    facts: dict[str, Any] = {"source": source, "edition": 0}
    facts["title"] = _fact(
        asker, "title", named, Choice(Path(arrived.name).name, "the file's name"), 0.95
    )
    facts["publisher"] = _fact(asker, "publisher", by, None)
    url = _fact(asker, "url", None, Choice(_NONE, "the card says null"), 0.95)
    facts["url"] = None if url == _NONE else url
    days = stated_days(arrived.name, parts)
    stated = {day.value: day.where for day in days if day.value <= today}
    published_on = request.published_on or ask_published_on(asker, stated)
    facts["published_on"] = published_on
    facts["accessed_on"] = today
    unstated = Choice("not stated", "the document does not say it")
    facts["licence"] = _fact(asker, "licence", None, unstated, 0.95)
    facts["quality"] = "published"  # the document is filed as it is, nothing computed
    stands = standing(by)
    words = get_args(Card.model_fields["standing"].annotation)
    facts["standing"] = _fact(asker, "standing", stands, Choice("secondary", _MEANT), 0.5, words)
    status = _status(asker, parts, tables, stands is not None, facts["standing"])
    facts |= {} if status is None else {"status": status}
    facts["region"] = card_region(tables)
    facts |= {} if request.note is None else {"note": request.note}
    facts["edition"] = _edition(request, asker, arrived, parts, tables, published_on, today)
    return facts


_MEANT = "who speaks: see the table in landing/README.md"


def _source(
    home: Home, request: Request, asker: Asker, arrived: Arrived, tables: Mapping[str, Proposal]
) -> str:
    """The name of the folder: a name says nothing, so one is taken that is free."""
    source = request.source or source_name(arrived.path.stem, tables)
    if asker.given("source") or not re.fullmatch(r"[a-z0-9_]+", source):
        suggested = re.sub(r"[^a-z0-9_]+", "_", source.casefold()).strip("_") or "new_source"
        question = Question(
            key="source",
            found="the source needs a short name",
            evidence=(),
            choices=(Choice(suggested, "its folder in landing/"), STOP),
            certainty=0.5,
            free="a name in a-z, 0-9 and _",
        )
        source = asker.ask(question, _a_name).word
    if (home.landing / source).exists():
        raise NotFiled(
            f"landing/{source} is a source already.\n"
            f"  Name another with --source, or the edition before with --like {source}/EDITION."
        )
    print_text(f"source {source}: its folder in landing/")
    return source


def _a_name(word: str) -> Choice | None:
    return Choice(word, "its folder") if re.fullmatch(r"[a-z0-9_]+", word) else None


def _fact(
    asker: Asker,
    key: str,
    said: Fact | None,
    suggested: Choice | None,
    certainty: float = 0.5,
    words: Sequence[str] = (),
) -> str:
    """Take what the document says; ask for what it does not."""
    if said is not None and not asker.given(key):
        print_text(f"{key} {said.value}: {said.where}")
        return said.value
    first = Choice(said.value, said.where) if said is not None else suggested
    others = [Choice(word, "") for word in words if first is None or word != first.word]
    question = Question(
        key=key,
        found=f"the document does not say its {key}",
        evidence=(),
        choices=(*((first,) if first else ()), *others, STOP),
        certainty=certainty if first else 0.0,
        free="" if words else f"the {key}",
    )
    free = None if words else lambda word: Choice(word, "") if word.strip() else None
    return asker.ask(question, free).word


def _status(
    asker: Asker,
    parts: Sequence[Part],
    tables: Mapping[str, Proposal],
    official: bool,
    stands: str,
) -> str | None:
    """Status of the figures that carry no mark: asked, unless a statistical office prints none."""
    hints = unsettled(parts)
    marked = any(stated_status(each.read.figures) for each in tables.values())
    says_it = stands in ("estimate", "forecast") or ((official or marked) and not hints)
    if says_it and not asker.given("status"):
        return None
    if marked and not asker.given("status"):
        return None
    question = Question(
        key="status",
        found="the document does not say the status of its figures",
        evidence=hints,
        choices=(*(Choice(status, "of every figure without a mark") for status in STATUSES), STOP),
        certainty=0.5,
    )
    return asker.ask(question).word


def _edition(
    request: Request,
    asker: Asker,
    arrived: Arrived,
    parts: Sequence[Part],
    tables: Mapping[str, Proposal],
    published_on: date | None,
    today: date,
) -> int:
    """The year it was printed: by its day, by words such as 年鉴, or as answered."""
    newest = max(f.reference_year for each in tables.values() for f in each.read.figures)
    stated = {
        each.value: each.where
        for each in stated_editions(arrived.name, parts)
        if newest <= each.value <= today.year
    }
    edition = request.edition
    if edition is None and published_on is not None and not asker.given("edition"):
        edition = published_on.year
        print_text(f"edition {edition}: the day of publication")
    if edition is None:
        question = Question(
            key="edition",
            found="the document does not say in which year it was printed or fetched",
            evidence=(
                *(f"{year}: {where}" for year, where in stated.items()),
                f"its newest figures are of {newest}",
            ),
            choices=(
                Choice(str(max(stated, default=min(newest + 1, today.year))), "or --edition"),
                STOP,
            ),
            certainty=0.5,
            free="a year",
        )
        edition = int(asker.ask(question, an_edition).word)
    if not newest <= edition <= today.year:
        raise NotFiled(
            f"Edition {edition} does not lie between the newest figures, of {newest}, and "
            f"{today.year}.\n  Name the year it was printed or fetched with --edition."
        )
    return edition
