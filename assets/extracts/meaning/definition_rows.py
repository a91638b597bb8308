"""Definitions of indicators as tables, and the bridges between them.

Belongs here: their rows in the warehouse. Not here: how they are declared (definitions.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from assets.extracts.written.year_list import years_of
from assets.warehouse.tables.row import Row

if TYPE_CHECKING:
    from assets.extracts.meaning.definitions import Definitions


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


def definition_rows(known: "Mapping[str, Definitions]") -> Iterator[DefinitionRow]:
    """The rows of raw.definition; known: by indicator."""
    for indicator, definitions in known.items():
        for key, each in definitions.of.items():
            yield DefinitionRow(
                indicator=indicator,
                definition=key,
                name_en=each.en,
                name_zh=each.zh,
                labels="; ".join((*each.labels, *(f"*{word}*" for word in each.words))),
                first_year=each.first,
                last_year=each.last,
                differs=each.differs,
                said_by=each.said_by,
            )


def bridge_rows(known: "Mapping[str, Definitions]") -> Iterator[BridgeRow]:
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
