"""A key that a user gives: the one that is meant, in any case and by any of its names.

Belongs here: finding it among those that are known, and the error that names the nearest. Not here:
what is known.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from assets.warehouse.errors import WarehouseError

_NEAREST = 3
_ALIKE = 0.5  # of difflib's ratio: one wrong letter in three still counts as near
_LISTED = 12


def known_key(kind: str, given: str, known: Mapping[str, Sequence[str]]) -> str:
    """The key that `given` means. known: each key with its other names.

    Raises WarehouseError, naming the nearest keys, where it means none, or more than one.
    """
    if given in known:
        return given
    names: dict[str, list[str]] = {}
    for key, others in known.items():
        for name in dict.fromkeys(each.casefold() for each in (key, *others)):
            names.setdefault(name, []).append(key)
    meant = names.get(given.strip().casefold(), [])
    if len(meant) == 1:
        return meant[0]
    near = get_close_matches(given.strip().casefold(), names, _NEAREST, _ALIKE)
    candidates = list(dict.fromkeys(meant or [key for name in near for key in names[name]]))
    listed = ", ".join(list(known)[:_LISTED]) or "none"
    more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    nearest = f"\n  Nearest: {', '.join(candidates)}." if candidates else ""
    raise WarehouseError(f"There is no {kind} '{given}'; there are {listed}{more}.{nearest}")


def region_key(given: str) -> str:
    """The code of the region that a code or name means: CN-GS, 甘肃 or Gansu.

    Raises WarehouseError, naming the nearest, where it means none, or more than one.
    """
    from assets.extracts.registry import known_regions, regions, regions_named

    meant = regions_named(given)
    if len(meant) > 1:
        raise WarehouseError(f"'{given}' may be {known_regions(meant)}: write the code.")
    if meant:
        return meant[0]
    names = {
        code: [name for it in region.namings for name in (it.name_zh, it.name_en, *it.also) if name]
        for code, region in regions().items()
    }
    return known_key("region", given, names)


def indicator_key(given: str) -> str:
    """The id of the indicator that an id or a printed label means: gross_product, 地区生产总值.

    Raises WarehouseError, naming the nearest, where it means none.
    """
    from assets.extracts.registry import indicator_of, indicators

    return indicator_of(given) or known_key("indicator", given, dict.fromkeys(indicators(), ()))
