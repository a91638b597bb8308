"""`yearbook simulate-towns`: a landing folder of the town study from a seed, its truth beside it.

Belongs here: what is asked for, and what is told. Not here: the data set
(`assets/towns/simulation/`).
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

from assets.warehouse.home import Home
from orchestration.commands.command import OK, PROBLEMS, USAGE, Command
from orchestration.commands.pages.progress_line import ProgressLine


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=_not_negative, required=True, help="same seed, same files")
    parser.add_argument("--towns", type=int, default=500, help="how many (default %(default)s)")
    parser.add_argument("--first-year", type=int, default=2012, help="default %(default)s")
    parser.add_argument("--last-year", type=int, default=2021, help="default %(default)s")
    parser.add_argument(
        "--sellers-per-town",
        type=int,
        nargs=2,
        default=(20, 60),
        metavar=("LEAST", "MOST"),
        help="open before the first year (default 20 60); the rule's thresholds are scaled to it",
    )
    parser.add_argument(
        "--assignment",
        choices=("random", "threshold"),
        default="random",
        help="who is certified: drawn by lot, or by sales that cross the rule's thresholds",
    )
    parser.add_argument(
        "--records",
        choices=("annual", "orders"),
        default="annual",
        help="yearly sales, or single orders (some 700 a seller and year)",
    )
    parser.add_argument(
        "--dataset", help="folder under landing/towns/ (default: simulated_ and the seed)"
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="another folder, instead")


def _not_negative(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"'{text}': expected a whole number, 0 or more")
    return int(text)


def _run(home: Home, options: argparse.Namespace) -> int:
    """Write the data set, whole or not at all; a problem where nothing could be written."""
    from assets.towns.simulation.data_set import (
        TRUTH_CELL_FILE,
        TRUTH_FILE,
        NotSimulated,
        Request,
        write_data_set,
    )
    from assets.towns.simulation.design import Design, DesignError, regimes_for

    sellers = tuple(options.sellers_per_town)
    try:
        design = Design(
            towns=options.towns,
            first_year=options.first_year,
            last_year=options.last_year,
            sellers_per_town=sellers,
            assignment=options.assignment,
            regimes=regimes_for(sellers),
        )
    except DesignError as error:
        print(error, file=sys.stderr)
        return USAGE
    name = options.dataset or f"simulated_{options.seed}"
    folder = options.out.resolve() if options.out else home.landing / "towns" / name
    try:
        with ProgressLine("drawing blocks of towns") as line:
            written = write_data_set(
                Request(design, options.seed, options.records, folder), line.at
            )
    except NotSimulated as error:
        print(error, file=sys.stderr)
        return PROBLEMS
    rows: Counter[str] = Counter()
    for file in written:
        rows[file.contract] += file.rows
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"SIMULATED data set (seed {options.seed}): {folder}")
    print(f"  {', '.join(f'{number:,} {contract}' for contract, number in rows.items())} rows")
    print(f"  {size / 1e6:.1f} MB; the truth is in {TRUTH_FILE} and {TRUTH_CELL_FILE}")
    return OK


COMMAND = Command(
    140,
    "simulate-towns",
    "a SIMULATED data set for the Taobao Town study, with its truth",
    _run,
    _arguments,
    examples=("yearbook simulate-towns --seed 7",),
)
