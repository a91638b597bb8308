"""Attacks on the published totals of towns: over one release of a year and over several.

Each try makes up a small country, publishes a year of it, and publishes the same year two or three
times under re-issued records: shops added to a hidden town, shops removed, shops that moved to
another town, a town renamed. The attacker of `disclosure_attack.py` has all the releases and knows
which towns changed. Run it as

    uv run python -m benchmarks.town_disclosure --tries 2000
    uv run python -m benchmarks.town_disclosure --tries 200 --alone

where --alone decides each release by itself, as was done before what is published stood.
"""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np

from assets.towns.records.disclosing.disclosure import AreaYear, disclosure_rows
from assets.towns.records.disclosing.disclosure_attack import Attack, Unknown, release_of
from assets.towns.records.record_rows import AreaDisclosureRow

MEASURES = ("sellers", "sales_cny")
KINDS = ("shops added", "shops removed", "shops moved", "town renamed")
_GROUPS = ("all", "female", "male", "gender_unknown", "young", "not_young")


@dataclass(frozen=True, slots=True)
class Shop:
    """One shop of a made-up country, in the year that is published."""

    town: int
    sex: str
    is_young: bool
    sales_cny: float


@dataclass(frozen=True, slots=True)
class Tried:
    """One try: unsafe figures in all releases, and how many of them the attacker has."""

    seed: int
    kinds: tuple[str, ...]
    unsafe: int
    exact: int


def tried_once(seed: int, releases: int, is_standing: bool) -> Tried:
    """A country, its releases, and what the attacker has of every unsafe figure."""
    rng = np.random.default_rng([seed, releases])
    country = _country(rng)
    names = {town: f"T{town:02d}" for town in {shop.town for shop in country}}
    history = [_figures(country, names)]
    kinds = []
    shown = [disclosure_rows(history[0])]
    for number in range(1, releases):
        kind = str(rng.choice(KINDS, p=[0.55, 0.15, 0.15, 0.15]))
        country, names = _reissued(rng, country, names, shown[-1], kind, number)
        kinds.append(kind)
        history.append(_figures(country, names))
        shown.append(disclosure_rows(history[-1], shown[-1] if is_standing else ()))
    found = []
    for measure in MEASURES:
        attack, unsafe = attack_on(history, shown, measure)
        found.append((len(unsafe), len(attack.narrow(unsafe))))
    return Tried(seed, tuple(kinds), sum(u for u, _ in found), sum(e for _, e in found))


def attack_on(
    history: Sequence[Sequence[AreaYear]],
    shown: Sequence[Sequence[AreaDisclosureRow]],
    measure: str,
) -> tuple[Attack, dict[Unknown, float]]:
    """The attack on one year and measure, and every unsafe figure with its true value.

    history: the figures behind each release; shown: what it shows. Where an area's records are the
    same in two releases, the attacker knows it. A release that shows what the one before shows says
    nothing of its own records.
    """
    told = [
        number
        for number, rows in enumerate(shown)
        if number == 0 or _values(rows) != _values(shown[number - 1])
    ]
    states = dict(zip(told, _states([history[number] for number in told]), strict=True))
    releases = []
    unsafe: dict[Unknown, float] = {}
    for number in told:
        places = {
            (row.level, row.area, row.seller_group) for row in shown[number] if row.is_published
        }
        releases.append(release_of(history[number], places, measure, states[number]))
        unsafe |= {
            (known.state, known.place): float(getattr(each, measure))
            for known, each in zip(releases[-1].figures, history[number], strict=True)
            if _is_unsafe(each)
        }
    return Attack(releases), unsafe


def _values(shown: Sequence[AreaDisclosureRow]) -> list[tuple[object, ...]]:
    return sorted(
        (row.level, row.area, row.seller_group, row.sellers or -1, row.sales_cny or -1.0)
        for row in shown
    )


def _states(history: Sequence[Sequence[AreaYear]]) -> list[dict[tuple[str, str], int]]:
    """For each release a number of each area, the same where its figures are the same."""
    numbers: dict[tuple[object, ...], int] = {}
    states = []
    for figures in history:
        of_area: dict[tuple[str, str], list[tuple[object, ...]]] = defaultdict(list)
        for each in figures:
            of_area[each.level, each.area].append(
                (each.seller_group, each.sellers, each.sales_cny, each.orders)
            )
        states.append(
            {
                area: numbers.setdefault((*area, *sorted(values)), len(numbers))
                for area, values in of_area.items()
            }
        )
    return states


def _is_unsafe(each: AreaYear) -> bool:
    few = each.active_sellers < 5
    return each.sellers > 0 and (few or each.top_seller_sales_cny > 0.5 * each.sales_cny)


def _country(rng: np.random.Generator) -> list[Shop]:
    """12 towns in 4 counties and 2 provinces; a third of them small."""
    sizes = np.where(rng.random(12) < 0.35, rng.integers(1, 5, 12), rng.integers(6, 30, 12))
    return [_shop(rng, town) for town, size in enumerate(sizes) for _ in range(size)]


def _shop(rng: np.random.Generator, town: int) -> Shop:
    return Shop(
        town,
        str(rng.choice(["female", "male", "gender_unknown"], p=[0.4, 0.57, 0.03])),
        bool(rng.random() < 0.5),
        round(float(np.exp(rng.normal(10, 1))), 2),
    )


def _reissued(
    rng: np.random.Generator,
    country: list[Shop],
    names: dict[int, str],
    shown: Sequence[AreaDisclosureRow],
    kind: str,
    number: int,
) -> tuple[list[Shop], dict[int, str]]:
    hidden = {
        row.area
        for row in shown
        if row.level == "town" and row.seller_group == "all" and not row.is_published
    }
    open_towns = sorted({shop.town for shop in country})
    towns = [town for town in open_towns if names[town] in hidden] or open_towns
    town = int(rng.choice(towns))
    if kind == "town renamed":
        return country, {**names, town: f"R{number}{town:02d}"}
    if kind == "shops added":
        return [*country, *(_shop(rng, town) for _ in range(10))], names
    own = [place for place, shop in enumerate(country) if shop.town == town]
    some = set(rng.permutation(own)[: int(rng.integers(1, len(own) + 1))].tolist())
    if kind == "shops removed":
        kept = [shop for place, shop in enumerate(country) if place not in some]
        return kept, names
    other = int(rng.choice([each for each in open_towns if each != town]))
    moved = [
        Shop(other, shop.sex, shop.is_young, shop.sales_cny) if place in some else shop
        for place, shop in enumerate(country)
    ]
    return moved, names


def _figures(country: Sequence[Shop], names: dict[int, str]) -> list[AreaYear]:
    found = []
    for level, per_area in (("town", 1), ("county", 3), ("province", 6)):
        for area in range(12 // per_area):
            shops = [shop for shop in country if shop.town // per_area == area]
            parent = {
                "town": f"C{area // 3}",
                "county": f"P{area // 2}",
                "province": "nation",
            }[level]
            name = f"{level[0].upper()}{area}"
            if level == "town":
                name = names.get(area, f"T{area:02d}")
            for group in _GROUPS:
                own = [shop for shop in shops if _is_in(shop, group)]
                sales = [shop.sales_cny for shop in own]
                found.append(
                    AreaYear(
                        dataset="made_up",
                        year=2016,
                        level=level,
                        area=name,
                        parent=parent,
                        seller_group=group,
                        sellers=len(own),
                        active_sellers=len(own),
                        top_seller_sales_cny=max(sales, default=0.0),
                        sales_cny=fsum(sales),
                        orders=10 * len(own),
                    )
                )
    return found


def _is_in(shop: Shop, group: str) -> bool:
    if group in ("young", "not_young"):
        return shop.is_young == (group == "young")
    return group in ("all", shop.sex)


def main() -> int:
    """Print how many tries gave an exact unsafe figure; 1 if any did."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tries", type=int, default=2000)
    parser.add_argument("--alone", action="store_true", help="decide each release by itself")
    options = parser.parse_args()
    start = time.perf_counter()
    exact = 0
    for releases in (2, 3):
        tried = [
            tried_once(seed, releases, is_standing=not options.alone)
            for seed in range(options.tries // 2)
        ]
        unsafe, found = sum(each.unsafe for each in tried), sum(each.exact for each in tried)
        hits = sum(each.exact > 0 for each in tried)
        print(f"{releases} releases: {len(tried)} tries, {unsafe} unsafe figures attacked,")
        print(f"  {found} exact, in {hits} tries", flush=True)
        for kind in KINDS:
            some = [each for each in tried if kind in each.kinds]
            print(f"  {kind}: {len(some)} tries, exact in {sum(e.exact > 0 for e in some)}")
        exact += found
    print(f"{time.perf_counter() - start:.0f} s")
    return int(exact > 0)


if __name__ == "__main__":
    sys.exit(main())
