"""What can be measured and where, as tables: the names that people look for.

Belongs here: the rows of the registry (`registry.py`) in the warehouse. Not here: what any document
says of an indicator or region (`sql/catalog/`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from assets.warehouse.tables.row import Row

if TYPE_CHECKING:
    from assets.extracts.meaning.registry import Indicator
    from assets.extracts.regions.region import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRow(
    Row, table="raw.indicator", grain="One row per indicator that is known", key=("indicator",)
):
    """A quantity that documents may print."""

    indicator: Annotated[str, "Its id, in the column indicator of every other table"]
    name_en: Annotated[str, "Name"]
    name_zh: Annotated[str, "Name in Chinese"]
    unit: Annotated[str, "Unit in which every value is kept"]
    dimension: Annotated[str, "What the unit measures: currency, persons, ratio, ..."]
    labels: Annotated[str, "Printed labels that mean it"]
    may_be_revised: Annotated[bool, "Whether later editions restate earlier years"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionRow(Row, table="raw.region", grain="One row per region that is known", key=("region",)):
    """A nation or a part of one."""

    region: Annotated[str, "Its code, made of ISO 3166 and GB/T 2260"]
    kind: Annotated[str, "nation, province, prefecture or county"]
    name_en: Annotated[str, "Present name"]
    name_zh: Annotated[str, "Present name in Chinese; the English one where none is known"]
    parent: Annotated[str | None, "Code of the region it lies in; NULL for a nation"]
    gb: Annotated[str | None, "Six digits of GB/T 2260; NULL outside China"]
    also: Annotated[str, "Other names, those of before among them"]
    border_changes: Annotated[str, "Changes of its borders, with the first year of the new ones"]


def indicator_rows(indicators: "Iterable[Indicator]") -> Iterator[IndicatorRow]:
    """The rows of raw.indicator."""
    for known in indicators:
        yield IndicatorRow(
            indicator=known.id,
            name_en=known.name_en,
            name_zh=known.name_zh,
            unit=known.unit,
            dimension=known.dimension,
            labels="; ".join(known.spellings[1:]),
            may_be_revised=known.may_be_revised,
        )


def region_rows(regions: "Mapping[str, Region]") -> Iterator[RegionRow]:
    """The rows of raw.region; regions: by code."""
    for code, known in regions.items():
        present = known.namings[-1]
        names = {
            name: None
            for naming in known.namings
            for name in (naming.name_zh, naming.name_en, *naming.also)
            if name and name not in (known.name_zh, known.name_en)
        }
        yield RegionRow(
            region=code,
            kind=known.kind,
            name_en=known.name_en,
            name_zh=known.name_zh,
            parent=present.parent,
            gb=present.gb,
            also="; ".join(names),
            border_changes="; ".join(f"{each.year}: {each.what}" for each in known.changes),
        )
