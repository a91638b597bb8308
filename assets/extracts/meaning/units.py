"""Printed units and exact conversion between them.

Belongs here: which printed text means which unit, and the power of ten between two units.
Not here: which unit an indicator is kept in (registry).

All units of the yearbooks differ by powers of ten, so a printed decimal is converted by moving its
point: 5650.2 亿元 stays 5650.2, never 5650.200000000001.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from assets.extracts.written.yaml_file import parse_yaml

_FILE = Path(__file__).with_name("units.yaml")
_PER_PERSON = "currency_per_person"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: canonical id, dimension, and the power of ten of its base unit."""

    id: str
    dimension: str
    power: int
    spellings: tuple[str, ...]


def units() -> Mapping[str, Unit]:
    """Every known unit by canonical id."""
    return _registry()[0]


def unit_of(printed: str) -> Unit | None:
    """Find the unit a printed text (or a canonical id) means; None where it is not known."""
    return _registry()[1].get(normalise_unit(printed))


def normalise_unit(printed: str) -> str:
    """Fold full-width forms, case, spaces, brackets and a leading '单位：' or 'Unit:' away."""
    text = unicodedata.normalize("NFKC", printed).casefold()
    text = re.sub(r"\s+", "", text)
    text = re.sub(r"^(?:计量单位|单位|units?):", "", text)
    while text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    return text


def same_dimension(unit: Unit, dimension: str) -> bool:
    """Tell whether a unit can carry a quantity of this dimension.

    Per-head figures are printed in plain yuan ('人均可支配收入 元'), so a currency unit also
    carries a quantity per person; the reverse does not hold.
    """
    return unit.dimension == dimension or (
        dimension == _PER_PERSON and unit.dimension == "currency"
    )


def scaled(unit: Unit, power: int) -> Unit:
    """The unit of 10**power of another: known by its own id where there is one."""
    wanted = (unit.dimension, unit.power + power)
    known = (each for each in units().values() if (each.dimension, each.power) == wanted)
    other = replace(unit, id=f"{unit.id}_e{power}", power=wanted[1], spellings=())
    return next(known, other)


def convert(value: Decimal, source: Unit, target: Unit) -> Decimal:
    """Move the decimal point from one unit to another, exactly.

    Raises ValueError where the dimensions differ (a currency unit may stand for one per person).
    """
    families = {source.dimension, target.dimension}
    if len(families) > 1 and families != {"currency", _PER_PERSON}:
        raise ValueError(f"cannot convert {source.id} into {target.id}")
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"{value} is not a finite number")
    # Built from its parts: Decimal.scaleb would round to the context's precision.
    return Decimal((sign, digits, exponent + source.power - target.power))


@cache
def _registry() -> tuple[dict[str, Unit], dict[str, Unit]]:
    raw = parse_yaml(_FILE.read_text(encoding="utf-8"))
    by_id = {
        key: Unit(key, entry["dimension"], entry["power"], tuple(entry["spellings"]))
        for key, entry in raw.items()
    }
    by_text: dict[str, Unit] = {}
    for unit in by_id.values():
        for spelling in {normalise_unit(text) for text in (unit.id, *unit.spellings)}:
            if spelling in by_text:
                raise ValueError(f"units.yaml: {spelling!r} means two units")
            by_text[spelling] = unit
    return by_id, by_text
