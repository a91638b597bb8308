"""A key that a user gives: the one that is meant, in any case and by any of its names.

Belongs here: finding it among those that are known, and the error that names the nearest. Not here:
what is known.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home

_NEAREST = 3
_ALIKE = 0.5  # of difflib's ratio: one wrong letter in three still counts as near
_PART = 2  # characters that a part of a name has at least: 甘肃
_LISTED = 12
_TITLES = "select distinct study, columns('^title') from study.sample"  # one of before has English


def known_key(kind: str, given: str, known: Mapping[str, Sequence[str]]) -> str:
    """The key that `given` means. known: each key with its other names.

    Raises WarehouseError, naming the nearest keys, where it means none, or more than one.
    """
    exact = exact_key(given, known)
    if exact is not None:
        return exact
    names = _by_name(known)
    meant = names.get(given.strip().casefold(), [])
    candidates = list(dict.fromkeys(meant or _near(given.strip().casefold(), names)))[:_NEAREST]
    many = len(known) > _LISTED
    there = f"; there are {', '.join(list(known)[:_LISTED]) or 'none'}"
    if many:
        there = "" if candidates else f"{there} and {len(known) - _LISTED} more"
    nearest = ", ".join(_named(key, known[key]) for key in candidates)
    told = f"\n  Nearest: {nearest}." if candidates else ""
    raise WarehouseError(f"There is no {kind} '{given}'{there}.{told}")


def exact_key(given: str, known: Mapping[str, Sequence[str]]) -> str | None:
    """The key that `given` means, as in known_key; None where it means none, or more than one."""
    meant = [given] if given in known else _by_name(known).get(given.strip().casefold(), [])
    return meant[0] if len(meant) == 1 else None


def _by_name(known: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The keys that each name, in lower case, is of."""
    names: dict[str, list[str]] = {}
    for key, others in known.items():
        for name in dict.fromkeys(each.casefold() for each in (key, *others)):
            names.setdefault(name, []).append(key)
    return names


def _near(given: str, names: Mapping[str, Sequence[str]]) -> list[str]:
    """Keys of the names alike, then of those that the word is a part of, as gansu is."""
    alike = get_close_matches(given, names, _NEAREST, _ALIKE)
    parts = [name for name in names if len(given) >= _PART and given in name]
    return [key for name in (*alike, *parts) for key in names[name]]


def _named(key: str, others: Sequence[str]) -> str:
    """A key with two names of it, in Chinese and English where it has them."""
    return f"{key} ({', '.join(others[:2])})" if others else key


def study_key(home: Home, given: str, studies: Sequence[str], kind: str = "study") -> str:
    """The one of some studies that a name or a title means, in Chinese or English.

    Raises WarehouseError, naming the nearest, where it means none.
    """
    from assets.warehouse.reader import query

    titles = {study: [t for t in told if t] for study, *told in query(home, _TITLES).rows}
    return known_key(kind, given, {study: titles.get(study, ()) for study in studies})


def region_key(given: str) -> str:
    """The code of the region that a code or name means: CN-GS, 甘肃 or Gansu.

    Raises WarehouseError, naming the nearest, where it means none, or more than one.
    """
    from assets.extracts.meaning.registry import known_regions, regions, regions_named

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
    from assets.extracts.meaning.registry import indicator_of, indicators

    known = {key: (each.name_zh, each.name_en, *each.labels) for key, each in indicators().items()}
    return indicator_of(given) or known_key("indicator", given, known)
