"""How often the tests of first prints err, and find what is there, with few years and editions.

Run: python benchmarks/revision_tests.py [draws]. Growth rates are AR(1) around a mean; revisions
are news (independent of the first print), noise (independent of the final figure), or none is
planted for bias: then each edition revises its years together. Prints shares of draws. Not here:
assertions (tests/poverty/revisions).
"""

import sys
from collections import Counter

import numpy as np

from assets.poverty.revisions.first_prints import LEVEL, Print, bias, news_or_noise
from benchmarks.printed_tables import Floats

YEARS = (5, 8, 12, 20)
EDITIONS = (4, 6, 8, 12)
_PERSISTENCE = (0.0, 0.8)


def growth(rng: np.random.Generator, n: int, persistence: float) -> Floats:
    shock = rng.normal(size=n)
    rate = np.zeros(n)
    for t in range(n):
        rate[t] = (persistence * rate[t - 1] if t else 0.0) + shock[t]
    return 8 + 2 * rate


def drawn(
    rng: np.random.Generator, n: int, persistence: float, world: str, size: float
) -> tuple[Floats, Floats]:
    """First and final growth; size: SD of the revision over that of the shocks of growth."""
    base, error = growth(rng, n, persistence), 2 * size * rng.normal(size=n)
    return (base, base + error) if world == "news" else (base + error, base)


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
    print("| world | persistence | years | news | noise | both | cannot say |")
    print("|---|---|---|---|---|---|---|")
    for world in ("news", "noise"):
        for persistence in _PERSISTENCE:
            for n in YEARS:
                rng = np.random.default_rng(n)
                found = Counter(
                    news_or_noise(*drawn(rng, n, persistence, world, 0.7)).nature
                    for _ in range(draws)
                )
                shares = (
                    f"{100 * found[nature] / draws:.1f} %"
                    for nature in ("news", "noise", "news and noise", "cannot say")
                )
                print(f"| {world} | {persistence} | {n} | {' | '.join(shares)} |")


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
        print(f"| {editions} | {' | '.join(shares)} |")


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
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    print_natures(count)
    print_bias(count)
