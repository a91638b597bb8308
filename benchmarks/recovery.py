"""What recovery costs and finds: 200 samples of the Gansu paper, and the results they share.

Run: python benchmarks/recovery.py [samples] [workers] [seed], after `yearbook refresh`; it reads
raw.published_statistic of the published warehouse named by YEARBOOK_WAREHOUSE (default
warehouse.duckdb). Prints minutes, distances, what is determined and what is not, and whether
official figures can be met. Not here: assertions (tests/papers/recovery).
"""

import os

# One thread for each process: the matrices are 40 x 40, too small to share out. Read at import.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
import time

import duckdb
import numpy as np

from assets.papers.recovery.determination import Determination, determine
from assets.papers.recovery.ensemble import coverage, recover
from assets.papers.recovery.infeasible import smallest_removal
from assets.papers.recovery.official import outside_constraints, seek_with_constraints
from assets.papers.recovery.printed_intervals import Paper, paper_from_statistics

WAREHOUSE = os.environ.get("YEARBOOK_WAREHOUSE", "warehouse.duckdb")
# Official poverty incidence of 2012, 2013 and 2019: 33.2 %, 26.5 % and 0.9 %.
OFFICIAL = {0: "0.332", 1: "0.265", 7: "0.009"}


def gansu() -> Paper:
    with duckdb.connect(WAREHOUSE, read_only=True) as connection:
        printed = connection.sql("select * from raw.published_statistic").df()
    regressors = ("AIG", "IM", "aEDI", "EG")
    return paper_from_statistics(printed, "he_gansu_paper", "PI", regressors, 8, ridge_k=0.148)


def main(samples: int = 200, workers: int = 2, seed: int = 2026) -> None:
    paper = gansu()
    started = time.perf_counter()
    removal = smallest_removal(paper, seed)
    print(f"smallest removal: {', '.join(n.label for n in removal.removed)}")
    print(f"  proved smallest: {removal.proved_smallest}, unique: {removal.proved_unique}")
    print(f"  {time.perf_counter() - started:.1f} s")
    paper = paper.without(removal.removed)

    started = time.perf_counter()
    ensemble = recover(paper, samples, seed, workers=workers)
    seconds = time.perf_counter() - started
    print(f"{samples} samples: {seconds / 60:.2f} minutes, {workers} workers, ", end="")
    print(f"{ensemble.starts} starts")
    quantiles = np.percentile(ensemble.distances, [0, 5, 50, 95, 100]).round(3)
    print(f"distances (SD per cell, RMS), 0 5 50 95 100 %: {quantiles}")
    print(coverage(ensemble))

    started = time.perf_counter()
    results = determine(ensemble)
    print(f"whole fit of all: {time.perf_counter() - started:.1f} s; ", end="")
    print(f"{sum(d.determined for d in results)} of {len(results)} results determined")
    for result in results:
        print(line(result))

    for values, rising in (({1: OFFICIAL[1]}, None), ({}, "EG"), (OFFICIAL, "EG")):
        started = time.perf_counter()
        constraints = outside_constraints(paper, values, rising)
        answer = seek_with_constraints(paper, constraints, np.random.default_rng(seed), 128)
        print(f"PI by row {values}, rising {rising}: feasible {answer.feasible}, ", end="")
        print(f"{answer.found} of {answer.starts} starts, {time.perf_counter() - started:.1f} s")


def line(result: Determination) -> str:
    name = " ".join(filter(None, result.place))
    word = "determined" if result.determined else "NOT determined"
    printed = result.printed or "-"
    return (
        f"{name:55} {result.low:12.4f} {result.high:12.4f}  {printed:>8}  {result.rule:14} {word}"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
