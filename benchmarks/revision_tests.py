"""How often the tests of first prints err, and find what is there, with few years and editions.

Run: python benchmarks/revision_tests.py [draws]. Growth rates are AR(1) around a level or a trend.
Revisions are news (independent of first prints) or noise (independent of the latest); each edition
revises the year before, or every second one all years before by a slope over them, as a census
does. Prints shares of draws in which a test that should not reject does (size) and one that should
does (power); beside the rule, the t-test that takes years for independent. Then efficiency, which
holds of news and not of noise, and bias, of editions that revise their years together. Not here:
assertions (tests/poverty/revisions).
"""

import sys
from itertools import product

import numpy as np

from assets.poverty.revisions.first_prints import (
    LEVEL,
    Growth,
    Print,
    bias,
    fitted_line,
    news_or_noise,
    p_of_efficiency,
)
from benchmarks.printed_tables import Floats

EDITIONS = (5, 6, 8, 12)  # that revise anything
_WORLDS = ("news", "noise")
_REVISED = ("the year before", "all years")
_GROWTH = {"independent": (0.0, 0.0), "persistent": (0.8, 0.0), "slowing": (0.0, -0.5)}


def growth_rates(rng: np.random.Generator, n: int, persistence: float, trend: float) -> Floats:
    rate = np.zeros(n)
    shock = rng.normal(size=n)
    for t in range(n):
        rate[t] = (persistence * rate[t - 1] if t else 0.0) + shock[t]
    return 12 + 2 * rate + trend * np.arange(n)


def moved(rng: np.random.Generator, editions: int, revised: str) -> Floats:
    """What each edition adds to the growth of each year, (editions, years)."""
    if revised == "the year before":
        return np.diag(rng.normal(0, 1.4, editions))
    years = np.arange(2 * editions)
    moves = np.zeros((editions, len(years)))
    for i in range(editions):
        before = years < 2 * i + 2
        moves[i, before] = rng.normal(0, 1.4) * (years[before] + 1) / before.sum()
    return moves


def drawn(rng: np.random.Generator, editions: int, revised: str, growth: str, world: str) -> Growth:
    moves = moved(rng, editions, revised)
    base = growth_rates(rng, moves.shape[1], *_GROWTH[growth])
    revision = moves.sum(axis=0)
    early, final = (base, base + revision) if world == "news" else (base - revision, base)
    return Growth(early, final, moves)


def edition_prints(rng: np.random.Generator, editions: int, shift: float) -> list[Print]:
    """A figure a year; every second edition revises all years, by one factor and a little more."""
    values: dict[int, float] = {}
    prints = []
    for edition in range(2 * editions + 1):
        if edition and edition % 2 == 0:
            factor = 1 + rng.normal(shift, 0.02)
            values = {
                year: value * factor * (1 + rng.normal(0, 0.002)) for year, value in values.items()
            }
        values[edition] = 100 * 1.05**edition
        prints += [Print(year, edition, value) for year, value in values.items()]
    return prints


def print_natures(draws: int) -> None:
    print("| world | an edition revises | growth | editions | size | t alone | power | t alone |")
    print("|---|---|---|---|---|---|---|---|")
    for world, revised, growth, editions in product(_WORLDS, _REVISED, _GROWTH, EDITIONS):
        rng = np.random.default_rng(editions)
        counts = np.zeros(4)
        for _ in range(draws):
            found = drawn(rng, editions, revised, growth, world)
            judged = news_or_noise(found)
            lines = [fitted_line(found.final - found.early, x) for x in (found.early, found.final)]
            rule = [judged.p_news, judged.p_noise]
            alone = [None if line is None else line.p_of_slope for line in lines]
            if world == "noise":
                rule, alone = rule[::-1], alone[::-1]
            counts += [p is not None and p <= LEVEL for p in (rule[0], alone[0], rule[1], alone[1])]
        shares = " | ".join(f"{100 * count / draws:.1f} %" for count in counts)
        print(f"| {world} | {revised} | {growth} | {editions} | {shares} |", flush=True)


def print_efficiency(draws: int) -> None:
    print("\n| an edition revises | growth | editions | errors foretold: of news | of noise |")
    print("|---|---|---|---|---|")
    for revised, growth, editions in product(_REVISED, _GROWTH, EDITIONS):
        shares = []
        for world in _WORLDS:
            rng = np.random.default_rng(editions)
            found = [
                p_of_efficiency(drawn(rng, editions, revised, growth, world)) for _ in range(draws)
            ]
            shares.append(sum(p is not None and p <= LEVEL for p in found) / draws)
        cells = " | ".join(f"{100 * share:.1f} %" for share in shares)
        print(f"| {revised} | {growth} | {editions} | {cells} |", flush=True)


def print_bias(draws: int) -> None:
    print("\n| editions | no bias: found | t over years would | 2 % each: found |")
    print("|---|---|---|---|")
    for editions in EDITIONS:
        rng = np.random.default_rng(editions)
        found = [bias(edition_prints(rng, editions, 0.0)) for _ in range(draws)]
        size = sum(x is not None and x.p is not None and x.p <= LEVEL for x in found)
        naive = sum(_t_over_years(edition_prints(rng, editions, 0.0)) for _ in range(draws))
        biased = [bias(edition_prints(rng, editions, 0.02)) for _ in range(draws)]
        power = sum(x is not None and x.p is not None and x.p <= LEVEL for x in biased)
        shares = (f"{100 * count / draws:.1f} %" for count in (size, naive, power))
        print(f"| {editions} | {' | '.join(shares)} |", flush=True)


def _t_over_years(prints: list[Print]) -> bool:
    """Whether |t| > 2 by a t-test that takes years for independent."""
    first: dict[int, float] = {}
    last: dict[int, float] = {}
    for each in prints:
        first.setdefault(each.year, each.value)
        last[each.year] = each.value
    moves = np.array([last[year] / first[year] - 1 for year in first])[:-2]
    return abs(float(moves.mean() / moves.std(ddof=1) * len(moves) ** 0.5)) > 2


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    print_natures(count)
    print_efficiency(count)
    print_bias(count)
