"""`yearbook recover`: samples that a paper's printed tables allow, and what the tables determine.

Belongs here: running the recovery and showing its results. Not here: the method, and the paper
(`assets/papers/recovery/`). Everything it makes is labelled recovered.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assets.warehouse.home import Home
from assets.warehouse.texts.counted import counted
from orchestration.commands.command import OK, PROBLEMS, Command
from orchestration.commands.pages.progress_line import ProgressLine
from orchestration.commands.pages.text_table import Shown, print_table, print_text, text_table

if TYPE_CHECKING:
    from assets.papers.recovery.determination import Determination
    from assets.papers.recovery.ensemble import Ensemble
    from assets.papers.recovery.published_paper import PublishedPaper

WORKERS = 2
ROWS_STATISTICS = "row_"  # single cells of a sample: many, and hardly ever determined

_RESULTS: "tuple[Shown[Determination], ...]" = (
    Shown("result", lambda row: " ".join(part for part in row.place if part)),
    Shown("low", lambda row: f"{row.low:.4f}"),
    Shown("high", lambda row: f"{row.high:.4f}"),
    Shown("printed", lambda row: row.printed),
    Shown("determined", lambda row: "yes" if row.determined else "NO"),
)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", help="folder of the paper in landing/")
    parser.add_argument(
        "--samples",
        type=_several,
        default=200,
        help="how many, at least 2; few say little (default %(default)s)",
    )
    parser.add_argument(
        "--seed", type=int, default=2026, help="same seed, same samples (default %(default)s)"
    )
    parser.add_argument(
        "--file-as",
        metavar="SOURCE",
        help="write the first sample to landing/SOURCE/<this year>/ and keep what is determined",
    )
    parser.add_argument(
        "--official",
        nargs="+",
        type=_year_and_value,
        default=[],
        metavar="YEAR=VALUE",
        help="official values of the dependent variable: can a sample meet them, too?",
    )
    parser.add_argument("--rising", metavar="VARIABLE", help="a variable that must rise yearly")


def _several(text: str) -> int:
    if not (text.isdigit() and int(text) >= 2):
        raise argparse.ArgumentTypeError(f"'{text}': expected 2 or more samples")
    return int(text)


def _year_and_value(text: str) -> tuple[int, str]:
    year, separator, value = text.partition("=")
    if not (separator and year.isdigit() and value):
        raise argparse.ArgumentTypeError(f"'{text}': expected YEAR=VALUE, such as 2013=0.265")
    return int(year), value


def _run(home: Home, options: argparse.Namespace) -> int:
    """Recover an ensemble and print what it determines; a problem where the paper is no use."""
    from assets.papers.recovery.determination import determine
    from assets.papers.recovery.ensemble import NotRecovered, recover
    from assets.papers.recovery.infeasible import smallest_removal
    from assets.papers.recovery.published_paper import file_sample, published_paper

    published = published_paper(home, options.source)
    if published is None:
        print(
            f"The published warehouse has no paper '{options.source}' with a `paper` block in its "
            "card; see landing/README.md.",
            file=sys.stderr,
        )
        return PROBLEMS
    start = time.perf_counter()
    try:
        with ProgressLine("looking for the numbers that contradict the others"):
            removal = smallest_removal(published.paper, options.seed)
        print(f"{len(published.paper.numbers)} printed numbers; they admit a sample without:")
        for number in removal.removed:
            print(f"  {number.label}")
        proof = "proved" if removal.proved_smallest else "not proved"
        print(f"  (the smallest such set: {proof}; the only one: {removal.proved_unique})")
        paper = published.paper.without(removal.removed)
        with ProgressLine("recovering samples", options.samples) as line:
            ensemble = recover(paper, options.samples, options.seed, workers=WORKERS, tell=line.at)
    except NotRecovered as error:
        print(error, file=sys.stderr)
        return PROBLEMS
    results = determine(ensemble)
    minutes = (time.perf_counter() - start) / 60
    print(
        f"{counted(len(ensemble.samples), 'RECOVERED sample')} (not official data) in "
        f"{minutes:.1f} minutes"
    )
    _print_results(ensemble, results)
    if options.official or options.rising:
        _print_constrained(published, ensemble, options)
    if options.file_as is not None:
        folder = file_sample(home, options.file_as, published, ensemble, results)
        print(f"Filed as {folder}; `yearbook refresh` takes it in and publishes model.recovery.")
    return OK


COMMAND = Command(
    80,
    "recover",
    "samples that a paper's printed tables allow",
    _run,
    _arguments,
    examples=("yearbook recover he_gansu_paper",),
)


def _print_results(ensemble: "Ensemble", results: "Sequence[Determination]") -> None:
    import numpy as np

    from assets.papers.recovery.ensemble import coverage

    if len(ensemble.samples) > 1:
        spread = np.percentile(ensemble.distances, [0, 50, 100])
        words = ", ".join(f"{value:.3f}" for value in spread)
        print(f"distance of two samples, SD per cell (least, median, largest): {words}")
    found = coverage(ensemble)
    print_text(
        f"exploration: {found.orders} orders of the rows' values, {found.seen_once} of them in one "
        f"sample only; by Good's estimate the next sample has a new one with a chance of "
        f"{found.unseen_share:.0%}.\n"
        f"    Which rows hold the extremes: {found.extremes} patterns, a new one with a chance of "
        f"{found.unseen_extremes:.0%}. Half of the samples span {found.range_kept:.0%} of a cell's "
        "range (median)."
    )
    determined = sum(result.determined for result in results)
    print(f"{determined} of {len(results)} results are the same in every sample.")
    shown = [r for r in results if not r.place[-1].startswith(ROWS_STATISTICS)]
    title = "Results of the whole fit over all recovered samples (single cells left out)"
    print_table(text_table(title, _RESULTS, sorted(shown, key=lambda r: r.determined)))


def _print_constrained(
    published: "PublishedPaper", ensemble: "Ensemble", options: argparse.Namespace
) -> None:
    """Whether a sample can meet official figures, too; not found is not a proof."""
    import numpy as np

    from assets.papers.recovery.official import outside_constraints, seek_with_constraints

    paper = ensemble.paper
    by_row = {year - published.first_year: value for year, value in options.official}
    constraints = outside_constraints(paper, by_row, options.rising)
    answer = seek_with_constraints(paper, constraints, np.random.default_rng(options.seed))
    if answer.feasible:
        print_text(
            f"Official figures can be met too: {answer.found} of {answer.starts} starts reach a "
            "sample that does."
        )
        return
    print_text(
        f"No sample found in {answer.starts} starts that meets the official figures as well (no "
        f"proof that there is none); the nearest misses by {answer.violation:.4g}: "
        f"{', '.join(answer.breached)}."
    )
