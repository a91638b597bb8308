"""Definitions of an indicator: what else goes by its name, and rules that bridge between them.

Belongs here: the form in which they are declared (definitions.yaml for those that ship, the key
`definitions` of `landing/indicators.yaml`). Not here: their rows (definition_rows.py), which of
them a printed figure is of (told_definition.py), growth (`sql/staging`).
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, field_validator, model_validator

from assets.extracts.written.strict_model import StrictModel
from assets.extracts.written.yaml_file import parse_yaml
from assets.extracts.written.year_list import years_of

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
