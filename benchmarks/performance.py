"""Writes docs/performance.md: what the benchmarks print on this machine, losses included.

Run: python benchmarks/performance.py [names]. Named benchmarks are run and their parts of the page
replaced; without names all are. Each is a process of its own, after the other, on a machine that
should do nothing else; equality with what it is held against is checked by the benchmark before
time is. Not here: measuring.
"""

import importlib.metadata
import os
import platform
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PAGE = PROJECT / "docs/performance.md"
PACKAGES = ("dagster", "duckdb", "pandas", "statsmodels", "great-expectations", "numpy")


@dataclass(frozen=True, slots=True)
class Part:
    """One benchmark of the page."""

    name: str  # file in benchmarks/, without its suffix
    title: str
    says: str
    arguments: tuple[str, ...] = ()
    group: str = ""  # of dependencies that it may use, besides those installed without a word

    @property
    def command(self) -> str:
        """As a person types it."""
        group = f"--group {self.group} " if self.group else ""
        return " ".join((f"uv run {group}python", f"benchmarks/{self.name}.py", *self.arguments))

    @property
    def not_run(self) -> str:
        """Its section while nobody has run it."""
        return f"## {self.title}\n\n{self.says} Not run yet: `{self.command}`.\n"


PARTS = (
    Part("start_up", "Commands", "Against importing what they are built on."),
    Part(
        "refresh", "A refresh", "Of the documents that ship: first, changed, refused, nothing new."
    ),
    Part("publication", "Publication", "Against a file copy, and against rewriting in place."),
    Part("town_years", "Sellers to towns", "Against one bare GROUP BY of the same Parquet."),
    Part("town_orders", "Orders to towns", "Against one bare join and GROUP BY of the orders."),
    Part(
        "town_did",
        "Estimators of the towns",
        "Against the libraries `diff-diff` and `pyfixest`.",
        ("20",),
        group="reference",
    ),
    Part("province_panels", "31 provinces", "Fits of each study in each region."),
    Part(
        "twenty_vintages",
        "24 vintages",
        "What each refresh costs, and whether each vintage is reproduced in the end.",
        ("24", "small"),
    ),
    Part("many_documents", "1,000 documents", "What they cost by their number, and one re-issued."),
    Part("robustness", "What survives", "Against the same fits by statsmodels in a loop."),
    Part("simulate_towns", "Simulated towns", "Draws, and whole data sets on disk."),
)
HEAD = (
    "# What it costs\n\n"
    "Written by `uv run python benchmarks/performance.py`, which runs each benchmark below once "
    "and keeps what it prints; a goal that is missed says so, and so does what was not run. "
    "Seconds are of the machine named; ratios, made within one run, are what to compare. Load is "
    "how many processes ran or waited in the minute before, the benchmark before included: well "
    "above 1, others used the machine, and seconds are too high.\n"
)


def measured(part: Part) -> str:
    """The part's section. Raises SystemExit where the benchmark fails."""
    began, (load, _, _) = time.perf_counter(), os.getloadavg()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", f"benchmarks/{part.name}.py", *part.arguments],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise SystemExit(f"{part.command} failed.\n{done.stdout}\n{done.stderr}")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    pages, page_bytes = (os.sysconf(f"SC_{name}") for name in ("PHYS_PAGES", "PAGE_SIZE"))
    return (
        f"## {part.title}\n\n{part.says} `{part.command}`, {datetime.now(UTC):%Y-%m-%d}, "
        f"{time.perf_counter() - began:.0f} s; {os.cpu_count()} cores, load {load:.1f}, "
        f"{pages * page_bytes / 2**30:.0f} GiB, Python {platform.python_version()}, {versions}.\n\n"
        f"```\n{done.stdout.rstrip()}\n```\n"
    )


def sections(page: str) -> dict[str, str]:
    """The sections of a page by their titles."""
    found = re.split(r"(?m)^(?=## )", page)[1:]
    return {text.splitlines()[0].removeprefix("## "): text.rstrip() + "\n" for text in found}


def main(names: list[str]) -> None:
    """Run what is asked for, and write the page after each."""
    unknown = sorted(set(names) - {part.name for part in PARTS})
    if unknown:
        raise SystemExit(
            f"No part of the page is {', '.join(unknown)}; there are "
            f"{', '.join(part.name for part in PARTS)}."
        )
    for part in PARTS:
        if names and part.name not in names:
            continue
        kept = sections(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
        kept[part.title] = measured(part)
        own = [kept.get(each.title, each.not_run) for each in PARTS]
        PAGE.write_text("\n".join((HEAD, *own)), encoding="utf-8")
        print(f"{part.title}: written", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
