"""Definitions of an indicator: what else goes by its name, and rules that bridge between them.

Belongs here: the form in which they are declared (definitions.yaml for those that ship, the key
`definitions` of `landing/indicators.yaml`), and their rows in the warehouse. Not here: which of
them a printed figure is of (told_definition.py), growth (`sql/staging`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, field_validator, model_validator

from assets.extracts.written.strict_model import StrictModel
from assets.extracts.written.yaml_file import parse_yaml
from assets.extracts.written.year_list import years_of
from assets.warehouse.row import Row

OWN = "own"  # the definition that an indicator is named for; the only one of most
_SHIPPED = Path(__file__).with_name("definitions.yaml")

Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], Field(strict=False)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Definition(StrictModel):
    """One definition; keys as at the head of definitions.yaml."""

    zh: Text
    en: Text
    labels: Texts = ()
    words: Texts = ()
    first: int | None = None
    last: int | None = None
    earlier: Id | None = None
    differs: Text
    said_by: Text

    @property
    def known_as(self) -> str:
        """Its name, as messages have it."""
        return f"{self.en} ({self.zh})"


class Bridge(StrictModel):
    """A rule by which growth from `earlier` to `later` may be taken.

    ratio_at_overlap: where one edition prints both for a year of `overlap`, the figure of the year
    before is taken times their ratio in it, the year nearest to that of the growth.
    """

    earlier: Id
    later: Id
    overlap: int | str
    rule: Literal["ratio_at_overlap"]
    said_by: Text

    @field_validator("overlap")
    @classmethod
    def _readable_years(cls, text: int | str) -> int | str:
        years_of(text)
        return text


class Definitions(StrictModel):
    """All definitions of one indicator, its own first."""

    untold: Texts = ()
    of: dict[Id, Definition]
    bridges: Annotated[tuple[Bridge, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _fit_together(self) -> "Definitions":
        if next(iter(self.of), None) != OWN or len(self.of) < 2:
            raise ValueError(f"`of` has '{OWN}' first, and one more at least")
        named = [each.earlier for each in self.of.values() if each.earlier]
        named += [name for bridge in self.bridges for name in (bridge.earlier, bridge.later)]
        if unknown := sorted(set(named) - set(self.of)):
            raise ValueError(f"'{unknown[0]}' is none of {', '.join(self.of)}")
        if any(each.earlier and each.first is None for each in self.of.values()):
            raise ValueError("`earlier` speaks of the years before `first`")
        pairs = [(bridge.earlier, bridge.later) for bridge in self.bridges]
        if len(set(pairs)) < len(pairs) or any(one == other for one, other in pairs):
            raise ValueError("a bridge leads from one definition to another, and there is but one")
        return self


class _Shipped(Definitions):
    indicators: Annotated[tuple[Id, ...], Field(min_length=1, strict=False)]


@cache
def shipped_definitions() -> Mapping[str, Definitions]:
    """The definitions of definitions.yaml, by indicator."""
    raw = parse_yaml(_SHIPPED.read_text(encoding="utf-8"))
    entries = TypeAdapter(tuple[_Shipped, ...]).validate_python(raw, strict=False)
    return {indicator: entry for entry in entries for indicator in entry.indicators}


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionRow(
    Row,
    table="raw.definition",
    grain="One row per definition of an indicator that has more than one",
    key=("indicator", "definition"),
):
    """What figures of one indicator that are not one series count."""

    indicator: Annotated[str, "What is measured; id of the indicator registry"]
    definition: Annotated[str, "own: what the indicator is named for; else the id of another one"]
    name_en: Annotated[str, "Name"]
    name_zh: Annotated[str, "Name in Chinese"]
    labels: Annotated[str, "Printed labels that mean it beside those of the indicator, and words"]
    first_year: Annotated[int | None, "First reference year printed by it; NULL: as far as known"]
    last_year: Annotated[int | None, "Last reference year printed by it; NULL: still printed"]
    differs: Annotated[str, "In what it differs from the others"]
    said_by: Annotated[str, "Who says so"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeRow(
    Row,
    table="raw.definition_bridge",
    grain="One row per bridge between two definitions of an indicator and year of overlap",
    key=("indicator", "earlier", "later", "overlap_year"),
):
    """How growth over a change of definition may be taken; without a row here it never is."""

    indicator: Annotated[str, "What is measured; id of the indicator registry"]
    earlier: Annotated[str, "Definition of the year before"]
    later: Annotated[str, "Definition of the year of the growth"]
    overlap_year: Annotated[int, "A year for which both were printed"]
    rule: Annotated[str, "ratio_at_overlap: the year before times later over earlier in that year"]
    said_by: Annotated[str, "What is known of the overlap, and what is assumed"]


def definition_rows(known: Mapping[str, Definitions]) -> Iterator[DefinitionRow]:
    """The rows of raw.definition; known: by indicator."""
    for indicator, definitions in known.items():
        for key, each in definitions.of.items():
            yield DefinitionRow(
                indicator=indicator,
                definition=key,
                name_en=each.en,
                name_zh=each.zh,
                labels=_listed((*each.labels, *(f"*{word}*" for word in each.words))),
                first_year=each.first,
                last_year=each.last,
                differs=each.differs,
                said_by=each.said_by,
            )


def bridge_rows(known: Mapping[str, Definitions]) -> Iterator[BridgeRow]:
    """The rows of raw.definition_bridge; known: by indicator."""
    for indicator, definitions in known.items():
        for bridge in definitions.bridges:
            for year in years_of(bridge.overlap):
                yield BridgeRow(
                    indicator=indicator,
                    earlier=bridge.earlier,
                    later=bridge.later,
                    overlap_year=year,
                    rule=bridge.rule,
                    said_by=bridge.said_by,
                )


def _listed(texts: Iterable[str]) -> str:
    return "; ".join(texts)
