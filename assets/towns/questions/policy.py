"""What another list of certified towns would have sold: scenarios, their gain, and their limits.

Belongs here: which towns a scenario certifies, extra sales with an interval, and what the data
cannot say about it. Not here: effects (`imputation.py`, `contrasts.py`) and distances between
towns: the caller says which ring a town lies in under a given list.

Extra sales are those of one year, at the totals of that year and the effects of that year: as if
the towns added had been certified in a stated earlier one. Every result supposes that such a town
would gain what towns as developed gained that were certified about then: where gains grow with
time, or from cohort to cohort, those of all cohorts together are another thing, and intervals
around them miss what doing it gives. How often they hold it: benchmarks/policy_coverage.py.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.towns.questions.counterfactual import DrawnEffects

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Places = NDArray[np.int64]
Interval = tuple[float, float, float]  # estimate, lower and upper end
NO_RING = -1
SUPPORT_QUANTILES = (0.01, 0.99)
LOTTERIES = 50


@dataclass(frozen=True, slots=True)
class Towns:
    """The towns among which a scenario chooses, in one year; arrays (towns,)."""

    sales_cny: Floats  # of the year, all sellers
    active_shops: Floats
    log_gdp_per_head: Floats  # baseline
    certified: Mask  # on the list of the year
    group: Places  # whose effect the town has or would have, position in the effects
    since: int  # year in which towns that are added are taken to have been certified


@dataclass(frozen=True, slots=True)
class Support:
    """What certified towns were like before they were certified; arrays (treated towns,)."""

    log_sales: Floats  # of the last year before certification
    log_gdp_per_head: Floats


@dataclass(frozen=True, slots=True)
class Spillovers:
    """What towns near certified ones gain."""

    ring_of: Callable[[Mask], Places]  # ring of each town under a list, NO_RING where in none
    first_ring: int  # position of ring 0 in the effects; the others follow


@dataclass(frozen=True, slots=True)
class Scenario:
    """A rule for the list; several lists where chance chooses."""

    name: str
    lists: tuple[Mask, ...]  # each (towns,): certified under the scenario


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scenario gives in a year, against the list as it was."""

    scenario: str
    spillovers: bool
    towns_added: float  # mean over lists
    towns_removed: float
    extra_sales_cny: float
    low_cny: float
    high_cny: float
    extra_pct: float  # of the sales of all towns
    low_pct: float
    high_pct: float
    outside_share: float  # of added towns outside the support; nan where none is added
    sentence: str
    cannot_say: str


def another_threshold(
    towns: Towns, min_sales_cny: float, min_active_shops: float, by_villages: Mask
) -> Scenario:
    """Certify what lies above the threshold, and what its villages certify in any case.

    by_villages: (towns,). Towns on the list that do neither lose the status.
    """
    above = (towns.sales_cny > min_sales_cny) & (towns.active_shops > min_active_shops)
    name = (
        f"threshold of {min_sales_cny / 1e6:g} million yuan and {min_active_shops:g} active shops"
    )
    return Scenario(name, (above | by_villages,))


def next_closest(towns: Towns, count: int, threshold_cny: float) -> Scenario:
    """Certify the `count` towns not on the list whose sales are closest to the threshold."""
    distance = np.abs(np.log(np.maximum(towns.sales_cny, 1.0) / threshold_cny))
    return _next(f"next {count} towns, closest to the threshold", towns, count, distance)


def next_least_developed(towns: Towns, count: int) -> Scenario:
    """Certify the `count` towns not on the list with the lowest baseline GDP per head."""
    return _next(f"next {count} towns, least developed", towns, count, towns.log_gdp_per_head)


def next_at_random(towns: Towns, count: int, generator: np.random.Generator) -> Scenario:
    """Certify `count` towns not on the list, drawn LOTTERIES times."""
    lists = tuple(
        _with(towns, count, generator.random(len(towns.certified))) for _ in range(LOTTERIES)
    )
    return Scenario(f"next {count} towns, at random", lists)


def outcome(
    scenario: Scenario,
    towns: Towns,
    effects: DrawnEffects,
    support: Support,
    spillovers: Spillovers | None,
) -> Outcome:
    """Extra sales of a scenario; spillovers None: no town nearby gains.

    The estimate is a mean over what single towns may gain. The interval is from the 2.5 to the 97.5
    % quantile of draws, which hold the error of the effects, how far single towns lie from others,
    and the lottery where chance chooses.
    """
    gains = [_Gain(towns, certified, spillovers) for certified in scenario.lists]
    variance = effects.town_sd**2
    extra = float(np.mean([gain.extra_cny(effects.effect, variance=variance) for gain in gains]))
    drawn = [
        gains[place % len(gains)].extra_cny(draw, effects.deviations(len(towns.group)))
        for place, draw in enumerate(effects.draws)
    ]
    low_cny, high_cny = np.quantile(drawn, [0.025, 0.975]).tolist()
    interval = (extra, low_cny, high_cny)
    share, low, high = (float(100 * value / towns.sales_cny.sum()) for value in interval)
    added, removed = (
        float(np.mean([change.sum() for change in changes]))
        for changes in (
            [certified & ~towns.certified for certified in scenario.lists],
            [towns.certified & ~certified for certified in scenario.lists],
        )
    )
    outside = _outside_share(scenario, towns, support)
    return Outcome(
        scenario.name,
        spillovers is not None,
        added,
        removed,
        *interval,
        share,
        low,
        high,
        outside,
        _sentence(scenario.name, added, removed, towns.since, interval, (share, low, high)),
        _cannot_say(towns, added, removed, outside, spillovers),
    )


class _Gain:
    """Which effect each town wins or loses when one list takes the place of another."""

    def __init__(self, towns: Towns, certified: Mask, spillovers: Spillovers | None) -> None:
        self.towns = towns
        self.change = certified.astype(np.int64) - towns.certified
        self.rings = [
            _ring_effect_places(spillovers, listed) for listed in (towns.certified, certified)
        ]

    def extra_cny(
        self, effect: Floats, deviation: Floats | float = 0.0, variance: float = 0.0
    ) -> float:
        """Yuan in the year; deviation: (towns,) of towns' effects, drawn; variance: its mean, as if
        drawn from a normal distribution of mean zero."""
        own = effect[self.towns.group] + deviation
        padded = np.append(effect, 0.0)  # the last place: no ring
        before, after = (padded[places] for places in self.rings)
        gain = self.change * own + after - before + np.abs(self.change) * variance / 2
        return float(self.towns.sales_cny @ np.expm1(gain))


def _ring_effect_places(spillovers: Spillovers | None, certified: Mask) -> Places:
    """(towns,): position of the effect of the ring that a town lies in, -1 where in none."""
    nowhere = np.full(len(certified), NO_RING)
    if spillovers is None:
        return nowhere
    ring = spillovers.ring_of(certified)
    inside = (ring != NO_RING) & ~certified  # a certified town has its own effect only
    return np.where(inside, ring + spillovers.first_ring, nowhere)


def _next(name: str, towns: Towns, count: int, rank: Floats) -> Scenario:
    return Scenario(name, (_with(towns, count, rank),))


def _with(towns: Towns, count: int, rank: Floats) -> Mask:
    """The list with the `count` lowest-ranked towns not on it; raises ValueError for too many."""
    candidates = np.flatnonzero(~towns.certified)
    if not 0 < count <= len(candidates):
        raise ValueError(
            f"cannot certify {count} more towns: {len(candidates)} are not on the list"
        )
    certified = towns.certified.copy()
    certified[candidates[np.argsort(rank[candidates], kind="stable")[:count]]] = True
    return certified


def _outside_share(scenario: Scenario, towns: Towns, support: Support) -> float:
    log_sales = np.log(np.maximum(towns.sales_cny, 1.0))
    outside = _outside(log_sales, support.log_sales) | _outside(
        towns.log_gdp_per_head, support.log_gdp_per_head
    )
    added = [certified & ~towns.certified for certified in scenario.lists]
    number = sum(int(mask.sum()) for mask in added)
    return sum(int((mask & outside).sum()) for mask in added) / number if number else float("nan")


def _outside(values: Floats, seen: Floats) -> Mask:
    low, high = np.quantile(seen, SUPPORT_QUANTILES)
    return np.asarray((values < low) | (values > high))


def _sentence(
    name: str, added: float, removed: float, since: int, interval: Interval, percents: Interval
) -> str:
    extra, low, high = (value / 1e6 for value in interval)
    per_town = extra / added if added and not removed else None
    each = f", {per_town:.2f} million a town added" if per_town is not None else ""
    when = f" as if certified since {since}" if added else ""
    return (
        f"{name[:1].upper()}{name[1:]}: {added:.0f} towns added{when}, {removed:.0f} removed; "
        f"sales of a year change by {extra:.1f} million yuan (95 % interval {low:.1f} to "
        f"{high:.1f}), {percents[0]:.2f} % of all sales ({percents[1]:.2f} to "
        f"{percents[2]:.2f}){each}."
    )


def _cannot_say(
    towns: Towns, added: float, removed: float, outside: float, spillovers: Spillovers | None
) -> str:
    before, total = int(towns.certified.sum()), len(towns.certified)
    after = before + added - removed
    said = []
    if added:
        said.append(
            f"{100 * outside:.0f} % of the towns added sell more or less, or are more or less "
            "developed, than 98 % of certified towns were before; for them the effect is "
            "extrapolated."
        )
        said.append(
            "Towns added are taken to gain what towns as developed gain that were certified about "
            f"{towns.since}: newly certified ones gain less at first where gains grow with time, "
            "and what cohorts still to come gain is not in the data."
        )
    if removed:
        said.append(
            "What losing the status does is not estimated: a town is taken to fall back to "
            "what it would sell without it."
        )
    if added:
        said.append(
            f"The share of certified towns goes from {100 * before / total:.0f} % to "
            f"{100 * after / total:.0f} %: whether an endorsement is worth the same when more have "
            "it is not in the data."
        )
    if spillovers is None:
        said.append("What towns nearby gain or lose is left out.")
    said.append(
        "Buyers may shift their spending from other towns and shops: a comparison of towns sees no "
        "change that hits all of them, so the sum over the country may be smaller."
    )
    return " ".join(said)
