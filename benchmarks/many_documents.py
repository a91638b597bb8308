"""What documents cost by their number: a first refresh, one re-issued, and nothing new.

Run: python benchmarks/many_documents.py [documents ...]. The small landing, and documents added to
it until there are so many, all of them accepted. Two kinds are added, each in a run of its own:
- own: each prints figures that no other prints, as a statistical office's volumes do (residents,
  product and income of one province in one year);
- copies: one document of the landing under other names, so that every figure of it has as many
  prints as there are documents. Nobody has such a landing; work that grows with prints by figure
  shows here.
Every refresh is a process of its own; seconds are of computing, all cores together, so that a
machine which others use, too, says the same. The slope says by what power of the documents they
grow. Not here: refused documents (`odd_folders.py`), assertions.
"""

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Callable
from itertools import islice, product
from math import log
from pathlib import Path

from assets.extracts.meaning.registry import regions
from assets.warehouse.home import Home
from assets.warehouse.reader import query
from benchmarks.refresh import Cost, measured
from benchmarks.small_landing import ALONE, DOCUMENTS, change, lay_documents

NUMBERS = (100, 1000)
COPIED = "gansu_population/2019"
# Provinces whose figures the small landing has not, and that were there in each of the years.
PROVINCES = (
    "AH", "BJ", "FJ", "GD", "GX", "GZ", "HA", "HB", "HE", "HI", "HL", "HN", "JL", "JS", "JX", "LN",
    "NM", "NX", "QH", "SC", "SD", "SH", "SN", "SX", "TJ", "XJ", "XZ", "YN", "ZJ",
)  # fmt: skip
FIRST_YEAR = 1989
CARD = """source: residents_{province}
edition: {edition}
title: Yearbook of a province
publisher: Made by a benchmark
url: null
published_on: null
accessed_on: 2026-11-30
licence: none is needed
quality: published
standing: official
retyped: true
region: CN-{code}
note: Figures that nobody counted.
document: {{file: figures.csv, sha256: {sha256}, bytes: {size}}}
tables:
  "1": {{axes: typed}}
covers:
  - indicators: [population_year_end, gross_product, rural_disposable_income_per_head]
    years: {year}
"""


def lay_own(landing: Path, documents: int) -> None:
    """Documents each of which prints one province's figures of one year."""
    years = range(FIRST_YEAR, FIRST_YEAR + 1 + documents // len(PROVINCES))
    for year, code in islice(product(years, PROVINCES), documents):
        folder = landing / f"residents_{code.lower()}" / str(year + 1)
        folder.mkdir(parents=True)
        residents = regions()[f"CN-{code}"].census_2020_10k_persons or 0.0
        grown = 1.002 ** (year - FIRST_YEAR)
        written = (
            "indicator,region,year,value,unit,note\n"
            f"population_year_end,CN-{code},{year},{residents * grown:.1f},万人,\n"
            f"gross_product,CN-{code},{year},{900 * grown**20:.1f},亿元,\n"
            f"rural_disposable_income_per_head,CN-{code},{year},{2000 * grown**20:.0f},元,\n"
        ).encode()
        (folder / "figures.csv").write_bytes(written)
        card = CARD.format(
            province=code.lower(),
            code=code,
            edition=year + 1,
            year=year,
            sha256=hashlib.sha256(written).hexdigest(),
            size=len(written),
        )
        (folder / "card.yaml").write_text(card, encoding="utf-8")


def lay_copies(landing: Path, documents: int) -> None:
    """One document of the small landing under so many other names."""
    source, edition = COPIED.split("/")
    card = (landing / COPIED / "card.yaml").read_text(encoding="utf-8")
    for number in range(documents):
        folder = landing / f"{source}_{number:04}" / edition
        shutil.copytree(landing / COPIED, folder)
        named = card.replace(f"source: {source}", f"source: {source}_{number:04}", 1)
        (folder / "card.yaml").write_text(named, encoding="utf-8")


KINDS = {"own": lay_own, "copies": lay_copies}


def costs_of(documents: int, lay: Callable[[Path, int], None]) -> dict[str, Cost]:
    """The three refreshes. Raises AssertionError unless every document is taken in."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        lay_documents(root / "landing")
        lay(root / "landing", documents - len(DOCUMENTS))
        costs = {"first": measured(root)}
        taken = query(Home(root), "select count(*) from raw.document").rows
        assert taken == [(documents,)], taken
        change(root / "landing", "CN-GS,2012,33.2", "CN-GS,2012,33.3", ALONE)
        costs["one re-issued"] = measured(root)
        costs["nothing new"] = measured(root)
    return costs


def main() -> None:
    """Print each refresh by the number of documents, and the slope from the least to the most."""
    numbers = [int(each) for each in sys.argv[1:]] or NUMBERS
    for kind, lay in KINDS.items():
        found: dict[int, dict[str, Cost]] = {}
        for number in numbers:
            found[number] = costs_of(number, lay)
            for name, cost in found[number].items():
                print(
                    f"{number:6,} documents ({kind}), {name:14}{cost.cpu_seconds:8.1f} s of "
                    f"computing ({1000 * cost.cpu_seconds / number:6.1f} ms each), "
                    f"peak {cost.peak_mb:5.0f} MB",
                    flush=True,
                )
        least, most = found[numbers[0]], found[numbers[-1]]
        for name, cost in most.items():
            slope = log(cost.cpu_seconds / least[name].cpu_seconds) / log(numbers[-1] / numbers[0])
            said = "met" if slope <= 1 else "MISSED"
            print(f"{kind}, {name}: slope {slope:.2f}; at most linear: {said}")


if __name__ == "__main__":
    main()
