"""The small landing of benchmarks and of tests of faults, and a figure of it that is re-issued.

Belongs here: which documents, laying them down, changing one. Not here: refreshing them.
"""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from benchmarks.by_path import loaded

PROJECT = Path(__file__).parents[1]
# Enough for the recovered study, for both samples of gansu_gdp_revised, and for an identity check.
DOCUMENTS = (
    "gansu_population/2019",
    "he_gansu_paper/2023",
    "he_recovered/2026",
    "nbs_regional_accounts/2018",
    "nbs_regional_accounts/2019",
    "nbs_regional_annual/2023",
    "ppdoc_gansu_poverty/2020",
)
CHANGED = "nbs_regional_accounts/2019/accounts.csv"
ALONE = "ppdoc_gansu_poverty/2020/figures.csv"  # its card is extended by no other
_CATALOGUE = PROJECT / "tests" / "damage" / "catalogue.py"


def lay_documents(landing: Path, documents: Sequence[str] = DOCUMENTS) -> None:
    """Copy documents that ship."""
    for document in documents:
        shutil.copytree(PROJECT / "landing" / document, landing / document)


def change(
    landing: Path, printed: str = "8718.3", now: str = "8718.4", document: str = CHANGED
) -> None:
    """Re-issue one document with one figure changed, and its card with the new hash."""
    path = landing / document
    folder, old = path.parent, path.read_bytes()
    new = old.replace(printed.encode(), now.encode())
    path.write_bytes(new)
    card = (folder / "card.yaml").read_text(encoding="utf-8")
    hashes = [hashlib.sha256(data).hexdigest() for data in (old, new)]
    (folder / "card.yaml").write_text(card.replace(*hashes), encoding="utf-8")


def catalogue() -> ModuleType:
    """The makers of documents that the tests have (`tests/damage/catalogue.py`)."""
    return loaded(_CATALOGUE)
