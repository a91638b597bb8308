"""`yearbook known`: a study's fit as it would have come out with the figures known in each year.

Belongs here: showing it. Not here: the fits (`assets/poverty/backtest/known_fit.py`).
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from orchestration.commands.command import OK, PROBLEMS, Command, asking
from orchestration.commands.key import region_key, study_key
from orchestration.commands.pages.json_rows import add_json_option, print_json
from orchestration.commands.pages.numbers import number
from orchestration.commands.pages.text_table import (
    Shown,
    of_first,
    of_row,
    print_rule,
    print_table,
    print_text,
    text_table,
)

READINGS = {
    "strict": "strictly: only years of which every figure was printed by then",
    "lenient": "a figure that no document at hand had printed by then is its first later print",
}
_CAPTION = "Cells: coefficient (standard error), p. Variables are normalised over the years known."


@dataclass(frozen=True, slots=True)
class _KnownFit:
    region: str
    reading: str
    known_by: int
    estimator: str
    reason: str | None
    same_as: int | None
    n: int
    later_prints: int
    values_used: int
    not_printed: str | None
    r2: float | None
    term: str | None  # None where the fit was refused
    coefficient: float | None
    std_error: float | None
    p: float | None


_STUDIES = "select distinct study from model.known_fit order by study"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("study", help="name of a study with a model, as china_2012_2019")
    parser.add_argument("--region", metavar="CODE", help="only this one (default: all it has)")
    add_json_option(parser)


def _run(home: Home, options: argparse.Namespace) -> int:
    """Print a table per region, reading and estimator: one line for each year known."""
    from assets.vintages.current import published_vintage
    from assets.vintages.published import require_table
    from assets.warehouse.reader import query

    require_table(home, "model.known_fit")
    names = [str(name) for (name,) in query(home, _STUDIES).rows]
    study = study_key(home, options.study, names, "study with a fit by year known")
    region = region_key(options.region) if options.region else None
    of = {"vintage": published_vintage(home), "study": study, "region": region}
    fits = ask(home, "commands/known_fits", _KnownFit, of)
    if not fits:
        fitted = ask(home, "commands/known_fits", _KnownFit, {**of, "region": None})
        there = ", ".join(sorted({fit.region for fit in fitted}))
        print(f"{study} has no fit by year known in {region}; it has {there}.", file=sys.stderr)
        return PROBLEMS
    if options.json:
        print_json({"fits": fits})
        return OK
    for (code, reading), group in groupby(fits, key=attrgetter("region", "reading")):
        own = list(group)
        print_rule()
        print_text(f"{study}, {code}, {READINGS[reading]}")
        for estimator in dict.fromkeys(fit.estimator for fit in own):
            _print_fits(estimator, [fit for fit in own if fit.estimator == estimator])
        if reading == "strict":
            _print_lacking(own)
    return OK


COMMAND = Command(
    120,
    "known",
    "a study's fit as it would have come out with the figures known in each year",
    asking(_run),
    _arguments,
    examples=("yearbook known china_2012_2019",),
)


def _print_fits(estimator: str, fits: Sequence[_KnownFit]) -> None:
    terms = list(dict.fromkeys(fit.term for fit in fits if fit.term is not None))
    columns: tuple[Shown[Sequence[_KnownFit]], ...] = (
        of_first("known by", lambda fit: fit.known_by),
        of_first("n", lambda fit: fit.n),
        of_first("later prints", lambda fit: f"{fit.later_prints} of {fit.values_used}"),
        of_first("R²", lambda fit: number(fit.r2, 4)),
        *(of_row(attrgetter("term"), term, _cell) for term in terms),
        of_first("", lambda fit: f"as {fit.same_as}" if fit.same_as else fit.reason),
    )
    lines = [list(own) for _, own in groupby(fits, key=attrgetter("known_by"))]
    print_table(text_table(estimator, columns, lines, _CAPTION if terms else ""))


def _cell(fit: _KnownFit) -> str:
    from assets.regression.significance import told_p  # imports scipy late

    if fit.coefficient is None:
        return ""
    error = "" if fit.std_error is None else f" ({fit.std_error:.3f})"
    test = "" if fit.p is None else f"\n{told_p(fit.p)}"
    return f"{fit.coefficient:.3f}{error}{test}"


def _print_lacking(fits: Sequence[_KnownFit]) -> None:
    """What of the years that were over was not printed: why strict samples are short."""
    lacking = {fit.known_by: fit.not_printed for fit in fits if fit.not_printed is not None}
    if lacking:
        print("\nNot printed by then, in any document at hand:")
    for known_by, text in lacking.items():
        print_text(f"  {known_by}: {text}")
