"""Which estimators of the study of provinces find a truth that was put in, and which tests warn.

Run: python -m benchmarks.province_truths [draws [draws of the search]]. SIMULATED panels of 31
provinces and nine years, with the elasticity of income to e-commerce that each world states. Prints
for each world and estimator the mean slope, how often its 95 % interval holds the truth and how
often it lies above zero; how often each test speaks against the slope within provinces; and the
verdicts on the claim that e-commerce raises income. Then the search: worlds without an effect and
with common shocks of every kind, how often the interval within provinces lies above zero, and how
often that beside common shocks does, too, without which no claim is agreed with. Not here: the
rules (`assets/regression/verdict.py`), assertions (tests/provinces).
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np

from assets.provinces.estimators import (
    Slopes,
    common_correlated_effects,
    first_difference,
    first_difference_beside_shocks,
    long_difference,
    mean_of_provinces,
    pooled,
    two_way,
)
from assets.provinces.evidence import evidence
from assets.provinces.he_pipeline import he_pipeline
from assets.provinces.making_rows import judged_slope
from assets.provinces.panel_data import Floats, ProvincePanel
from assets.provinces.specification import HEADQUARTERS, RIDGE_K

REGIONS = (*HEADQUARTERS, *(f"CN-{place:02d}" for place in range(29)))
YEARS = tuple(range(2016, 2025))
TERM = "log_im"
EFFECT = 0.05
BOOTSTRAP = 199
SHAPE = (len(REGIONS), len(YEARS))
ESTIMATORS: tuple[Callable[[ProvincePanel], Slopes], ...] = (
    pooled,
    two_way,
    first_difference,
    first_difference_beside_shocks,
    long_difference,
    mean_of_provinces,
    common_correlated_effects,
)
Path = Literal["walk", "trend", "noise", "step"]  # of a common shock over the years
PATHS: tuple[Path, ...] = ("walk", "trend", "noise", "step")


@dataclass(frozen=True, slots=True)
class World:
    """A way in which income and e-commerce come about."""

    effect: float = 0.0
    wealth: float = 0.0  # of both, what a province keeps
    follows: float = 0.0  # e-commerce on income shocks of this year and the year before
    seats: float = 0.0  # share of e-commerce that is booked at the seats, in the last year
    seats_first: float | None = None  # the same in the first year; None: as in the last
    spread: float = 0.0  # standard deviation of the slopes of provinces
    common: float = 0.0  # of both, shocks of all provinces, each by its own share
    path: Path = "walk"  # of such shocks
    shocks: int = 1  # how many, of one size
    middle: float = 1.0  # of the provinces' shares, which lie within half of it
    tilt: float = 1.0  # how much more of e-commerce than of income, which has as much less


WORLDS = {
    "an effect": World(effect=EFFECT),
    "no effect, rich provinces trade more": World(wealth=1.0),
    "no effect, e-commerce follows income": World(follows=8.0),
    "an effect, half booked at the seats": World(effect=EFFECT, seats=0.5),
    "slopes of each province": World(effect=EFFECT, spread=0.05),
    "no effect, common shocks": World(common=1.0),
    "an effect, more and more booked at the seats": World(effect=EFFECT, seats=0.5, seats_first=0),
}


def simulated(world: World, rng: np.random.Generator) -> ProvincePanel:
    """One draw of a world."""
    units, years = SHAPE
    shock = np.zeros(SHAPE)  # of income: lasts, by 0.6 a year
    for year in range(years):
        before = shock[:, year - 1] if year else 0.0
        shock[:, year] = 0.6 * before + 0.02 * rng.normal(size=units)
    before = np.concatenate([np.zeros((units, 1)), shock[:, :-1]], axis=1)
    wealth = 0.3 * rng.normal(size=(units, 1))
    moved = world.common * sum(_shock_of_all(world, rng) for _ in range(world.shocks))
    traded = (
        0.5 * rng.normal(size=(units, 1))
        + world.wealth * wealth
        + np.cumsum(0.15 * rng.normal(size=SHAPE), axis=1)
        + world.follows * (shock + before) / 2
        + 0.2 * world.tilt * moved
    )
    others = np.stack([np.cumsum(0.05 * rng.normal(size=SHAPE), axis=1) for _ in range(2)], axis=2)
    slope = world.effect + world.spread * rng.normal(size=(units, 1))
    income = wealth + slope * traded + 0.1 * others.sum(axis=2) + shock
    income += 0.08 * np.arange(years) + 0.02 / world.tilt * moved
    return ProvincePanel(
        (TERM, "log_gross_output", "log_eg"),
        REGIONS,
        YEARS,
        income,
        np.concatenate([_booked(traded, world)[:, :, None], others], axis=2),
    )


def _shock_of_all(world: World, rng: np.random.Generator) -> Floats:
    """(provinces, years): a shock by each province's own share in it."""
    units, years = SHAPE
    time = np.arange(years)
    if world.path == "walk":
        shock = np.cumsum(rng.normal(size=years))
    elif world.path == "trend":
        shock = 0.75 * time * rng.choice((-1.0, 1.0))
    elif world.path == "noise":
        shock = 2 * rng.normal(size=years)
    else:
        shock = 3.0 * (time >= rng.integers(2, years - 1))
    return np.asarray(rng.uniform(world.middle - 0.5, world.middle + 0.5, (units, 1)) * shock)


def _booked(traded: Floats, world: World) -> Floats:
    """E-commerce as the source books it: a share of all other provinces' goes to the seats."""
    first = world.seats if world.seats_first is None else world.seats_first
    share = np.linspace(first, world.seats, len(YEARS))
    sales = np.exp(traded)
    moved = share * sales
    moved[: len(HEADQUARTERS)] = 0.0
    booked = sales - moved
    booked[: len(HEADQUARTERS)] += moved.sum(axis=0) / len(HEADQUARTERS)
    return np.asarray(np.log(booked), dtype=np.float64)


@dataclass
class Told:
    """What an estimator told over the draws of a world."""

    slopes: list[float]
    holds: int = 0
    above: int = 0


Trial = tuple[dict[str, Told], Counter[str], Counter[str]]


def trial(name: str, draws: int, seed: int = 1) -> Trial:
    """Estimators, tests that spoke against, and verdicts, over draws of a world."""
    world = WORLDS[name]
    told: dict[str, Told] = {}
    against: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    for draw in range(draws):
        rng = np.random.default_rng([seed, list(WORLDS).index(name), draw])
        panel = simulated(world, rng)
        for estimator in ESTIMATORS:
            slopes = estimator(panel)
            interval = slopes.interval(TERM)
            assert interval is not None
            own = told.setdefault(slopes.estimator, Told([]))
            own.slopes.append(slopes.of(TERM).estimate)
            own.holds += interval[0] <= world.effect <= interval[1]
            own.above += interval[0] > 0
        ridge = he_pipeline(panel, "log_rural_income", RIDGE_K).ridge
        found = next(each for each in ridge.coefficients if each.term == TERM)
        own = told.setdefault("he_ridge", Told([]))
        own.slopes.append(found.estimate)
        own.above += found.estimate > 0 and found.p is not None and found.p < 0.05
        tests = list(evidence(panel, TERM, rng, BOOTSTRAP))
        against.update(each.test for each in tests if each.verdict == "against")
        judged = judged_slope("above_zero", two_way(panel), TERM, tests)
        verdicts[judged.verdict] += 1
    return told, against, verdicts


def searched() -> Iterator[World]:
    """Worlds without an effect: every path of one common shock, and two walks."""
    kinds: list[tuple[Path, int]] = [*((path, 1) for path in PATHS), ("walk", 2)]
    sizes = product(kinds, (0.0, 1.0), (0.25, 0.5, 1.0, 2.0, 4.0), (0.5, 1.0, 2.0))
    for (path, shocks), middle, tilt, common in sizes:
        yield World(common=common, path=path, shocks=shocks, middle=middle, tilt=tilt)


def above_zero(world: World, draws: int, seed: int = 1) -> tuple[float, float]:
    """Shares of draws: the interval within provinces is above zero; that beside shocks, too."""
    found = np.zeros(2)
    for draw in range(draws):
        panel = simulated(world, np.random.default_rng([seed, draw]))
        within, beside = (
            interval is not None and interval[0] > 0
            for interval in (
                two_way(panel).interval(TERM),
                first_difference_beside_shocks(panel).interval(TERM),
            )
        )
        found += (within, within and beside)
    return float(found[0] / draws), float(found[1] / draws)


def print_search(draws: int) -> None:
    """The effect first, then the worst worlds without one."""
    within, beside = above_zero(WORLDS["an effect"], draws)
    print(f"\nsearch, {draws} draws a world: intervals above zero, within and beside shocks, too")
    print(f"  an effect: {within:.1%}, {beside:.1%}")
    found = sorted(((above_zero(world, draws), world) for world in searched()), key=_by_beside)
    print(f"  none, {len(found)} worlds: {max(w for (w, _), _ in found):.1%} within at the worst")
    for (within, beside), world in found[:5]:
        print(f"  {within:.1%}, {beside:.1%}: {world}")


def _by_beside(row: tuple[tuple[float, float], World]) -> float:
    return -row[0][1]


def main(draws: int = 60, search: int = 500) -> None:
    print(f"SIMULATED, {draws} draws a world; he_ridge is in shares of ranges, its p no valid test")
    for name, world in WORLDS.items():
        told, against, verdicts = trial(name, draws)
        print(f"\n{name}: true elasticity {world.effect:g}")
        for estimator, own in told.items():
            holds = "" if estimator == "he_ridge" else f", holds the truth {own.holds / draws:.0%}"
            print(
                f"  {estimator:26} mean {np.mean(own.slopes):+.3f}{holds}, "
                f"'works' {own.above / draws:.0%}"
            )
        print("  against: " + ", ".join(f"{t} {n / draws:.0%}" for t, n in against.most_common()))
        print("  verdict: " + ", ".join(f"{v} {n / draws:.0%}" for v, n in verdicts.most_common()))
    print_search(search)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
