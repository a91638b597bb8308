"""What documents cost by their number: a first refresh, one re-issued, and nothing new.

Run: python benchmarks/many_documents.py [documents ...]. The small landing, and one of its
documents again under as many names of sources as it takes to have so many, all of them accepted.
Every refresh is a process of its own; seconds are of computing, all cores together, so that a
machine which others use, too, says the same. The slope says by what power of the documents they
grow. Not here: refused documents (`odd_folders.py`), assertions.
"""

import shutil
import sys
import tempfile
from math import log
from pathlib import Path

from assets.warehouse.home import Home
from assets.warehouse.reader import query
from benchmarks.refresh import Cost, measured
from benchmarks.small_landing import ALONE, DOCUMENTS, change, lay_documents

NUMBERS = (100, 1000)
COPIED = "gansu_population/2019"


def lay(landing: Path, documents: int) -> None:
    """The small landing and copies, `documents` in all."""
    lay_documents(landing)
    source, edition = COPIED.split("/")
    card = (landing / COPIED / "card.yaml").read_text(encoding="utf-8")
    for number in range(documents - len(DOCUMENTS)):
        folder = landing / f"{source}_{number:04}" / edition
        shutil.copytree(landing / COPIED, folder)
        named = card.replace(f"source: {source}", f"source: {source}_{number:04}", 1)
        (folder / "card.yaml").write_text(named, encoding="utf-8")


def costs_of(documents: int) -> dict[str, Cost]:
    """The three refreshes. Raises AssertionError unless every document is taken in."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        lay(root / "landing", documents)
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
    found: dict[int, dict[str, Cost]] = {}
    for number in numbers:
        found[number] = costs_of(number)
        for name, cost in found[number].items():
            print(
                f"{number:6,} documents, {name:14}{cost.cpu_seconds:8.1f} s of computing "
                f"({1000 * cost.cpu_seconds / number:6.1f} ms each), peak {cost.peak_mb:5.0f} MB",
                flush=True,
            )
    least, most = found[numbers[0]], found[numbers[-1]]
    for name, cost in most.items():
        slope = log(cost.cpu_seconds / least[name].cpu_seconds) / log(numbers[-1] / numbers[0])
        print(f"{name}: slope {slope:.2f}; at most linear: {'met' if slope <= 1 else 'MISSED'}")


if __name__ == "__main__":
    main()
