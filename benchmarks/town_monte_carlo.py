"""How right the town study's estimators and tests are, on simulated towns whose truth is known.

Run: python benchmarks/town_monte_carlo.py [part ...]. Prints Markdown tables, all parts where none
is named; docs/town_simulation_study.md holds what it printed, with what follows from it. Seeded:
the same numbers each time. `--draws 20` stops after so many draws, which are the first of the full
run: tests/benchmarks/town_monte_carlo_first_draws.md holds what that printed together with the
report, so that a test can tell in minutes that the report still stands. Whoever changes an
estimator writes both again. Not here: assertions (tests/benchmarks/test_monte_carlo.py).
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from assets.towns.estimators.town_effect import percent
from benchmarks import monte_carlo_cases as cases
from benchmarks.monte_carlo import (
    Accuracy,
    Draw,
    Estimator,
    Figure,
    Rejections,
    Test,
    accuracy,
    estimates,
    generators,
    rejections,
)

SEED = 20140101
DRAWS = 500
RESAMPLED_DRAWS = 300
THRESHOLD_DRAWS = 300
RULE = "|---|" + "---:|"


def accuracies(draw: Draw, tried: dict[str, Estimator], draws: int, truth: str) -> Iterator[str]:
    """A table of estimators; truth: what the expected effect is called in its head."""
    yield (
        f"| estimator | draws | refused | {truth} | bias | RMSE | SD | mean SE | "
        "covers realised, % | covers expected, % | rejects zero, % |"
    )
    yield RULE + "---:|" * 9
    for found in estimates(draw, tried, draws, SEED):
        yield _row(accuracy(found))


def _row(one: Accuracy) -> str:
    return (
        f"| {one.name} | {one.draws} | {one.refused} | {one.expected:.4f} | "
        f"{one.bias.value:+.4f} ({one.bias.error:.4f}) | {one.rmse:.4f} | {one.sd:.4f} | "
        f"{one.mean_std_error:.4f} | {_percent(one.covers_realised)} | "
        f"{_percent(one.covers_expected)} | {_percent(one.rejects_zero)} |"
    )


def _percent(figure: Figure) -> str:
    return f"{100 * figure.value:.1f} ({100 * figure.error:.1f})"


def tests(draw: Draw, tried: dict[str, Test], draws: int) -> Iterator[str]:
    """A table of tests at 5 %."""
    yield "| test | draws | refused | rejects, % |"
    yield RULE + "---:|" * 2
    for found in rejections(draw, tried, draws, SEED):
        yield _test_row(found)


def _test_row(one: Rejections) -> str:
    return f"| {one.name} | {one.draws} | {one.refused} | {_percent(one.share)} |"


def no_effect(draws: int = DRAWS) -> Iterator[str]:
    return accuracies(cases.plain(cases.NO_EFFECT), cases.ALL, draws, "effect")


def different_effects(draws: int = DRAWS) -> Iterator[str]:
    return accuracies(cases.fixed_scale(cases.CLEAN), cases.ALL, draws, "mean effect")


def few_towns(draws: int = DRAWS) -> Iterator[str]:
    return accuracies(cases.plain(cases.FEW_TOWNS), cases.QUICK, draws, "effect")


def few_towns_ten_years(draws: int = DRAWS) -> Iterator[str]:
    return accuracies(cases.plain(cases.FEW_TOWNS_TEN_YEARS), cases.ALL, draws, "effect")


def as_many_as_ship(draws: int = DRAWS) -> Iterator[str]:
    return accuracies(cases.plain(cases.AS_MANY_AS_SHIP), cases.ALL, draws, "effect")


def resampling(draws: int = RESAMPLED_DRAWS) -> Iterator[str]:
    return accuracies(cases.plain(cases.ONE_COHORT), cases.resampled(SEED), draws, "effect")


def before_certification(draws: int = DRAWS) -> Iterator[str]:
    return tests(cases.plain(cases.NO_EFFECT), cases.PRE_TESTS, draws)


def placebos(draws: int = DRAWS) -> Iterator[str]:
    return tests(cases.plain(cases.NO_EFFECT), cases.PLACEBOS, draws)


def by_rule(draws: int = DRAWS) -> Iterator[str]:
    return accuracies(cases.plain(cases.THRESHOLD), cases.ALL, draws, "mean effect")


def detection(draws: int = DRAWS) -> Iterator[str]:
    return tests(cases.plain(cases.THRESHOLD), cases.DIAGNOSTICS, draws)


def at_threshold(draws: int = THRESHOLD_DRAWS) -> Iterator[str]:
    yield from accuracies(
        cases.threshold_sample, cases.AT_THE_JUMP, draws, "mean effect at the threshold"
    )
    yield ""
    yield from tests(cases.threshold_sample, cases.AT_THRESHOLD_TESTS, draws)


def spillovers(draws: int = DRAWS) -> Iterator[str]:
    return accuracies(cases.located(cases.SPILLOVERS), cases.WHERE, draws, "mean effect")


def development(draws: int = DRAWS) -> Iterator[str]:
    return accuracies(cases.located(cases.CLEAN), cases.BY_TERCILE, draws, "mean effect")


def spillovers_many_towns(draws: int = DRAWS) -> Iterator[str]:
    draw = cases.located(cases.MANY_WITH_SPILLOVERS)
    return accuracies(draw, cases.NEAR_OUT, draws, "mean effect")


def entry(draws: int = DRAWS) -> Iterator[str]:
    return accuracies(cases.entry, cases.ENTRY, draws, "log ratio of numbers")


def twfe(draws: int = DRAWS) -> Iterator[str]:
    yield (
        "| design | mean effect | TWFE | bias | bias, points of per cent | "
        "weight of forbidden comparisons, % | their mean estimate |"
    )
    yield RULE + "---:|" * 5
    for name, design in (("as shipped", cases.CLEAN), ("growing effects", cases.GROWING)):
        draw = cases.plain(design)
        found = [cases.hidden(draw(generator)) for generator in generators(SEED, draws)]
        truth, fitted, weight, mean = np.array(
            [(one.realised, one.twfe, one.forbidden_weight, one.forbidden_mean) for one in found]
        ).T
        gap = fitted - truth
        error = gap.std(ddof=1) / np.sqrt(draws)
        points = percent(float(fitted.mean())) - percent(float(truth.mean()))
        yield (
            f"| {name} | {truth.mean():.4f} | {fitted.mean():.4f} | {gap.mean():+.4f} "
            f"({error:.4f}) | {points:+.1f} | {100 * weight.mean():.1f} | {mean.mean():+.4f} |"
        )


PARTS: dict[str, Callable[..., Iterator[str]]] = {
    part.__name__: part
    for part in (
        no_effect,
        different_effects,
        few_towns,
        few_towns_ten_years,
        as_many_as_ship,
        resampling,
        before_certification,
        placebos,
        by_rule,
        detection,
        at_threshold,
        twfe,
        development,
        spillovers,
        spillovers_many_towns,
        entry,
    )
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Print some parts, or all of them."""
    parser = argparse.ArgumentParser(description="How right the town study's estimators are.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--draws", type=int, help="only the first draws of each part")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.parts) - set(PARTS))
    if unknown:
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    print(f"All towns are SIMULATED (seed {SEED}). In brackets: Monte Carlo standard errors.")
    for name in options.parts or PARTS:
        part = PARTS[name]
        lines = part() if options.draws is None else part(options.draws)
        print(f"\n### {name}\n", *lines, sep="\n", flush=True)


if __name__ == "__main__":
    main()
