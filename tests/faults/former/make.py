"""Make the warehouse of a former version that `test_upgrade.py` upgrades, by that version's code.

    git worktree add ../former 9f93831
    cd ../former && uv sync --frozen
    uv run --no-sync python ../yearbook/tests/faults/former/make.py ../yearbook/tests/faults/former

Belongs here: three vintages of a few shipped documents, one figure re-issued before each of the
last two. What a former version wrote never changes: the archive is made once a version, not anew.
Only names that the former version has are imported.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

DOCUMENTS = (
    "gansu_population/2019",
    "he_gansu_paper/2023",
    "he_recovered/2026",
    "nbs_regional_accounts/2018",
    "nbs_regional_accounts/2019",
    "nbs_regional_annual/2023",
    "ppdoc_gansu_poverty/2020",
)
CHANGED = Path("nbs_regional_accounts/2019")
PRINTED = ("8718.3", "8718.4", "8718.5")
# What nothing of a later version reads: Dagster's record of runs, pictures, the lock.
LEFT_OUT = {"dagster", "plots", "pages", "lock"}


def reissue(landing: Path, old: str, new: str) -> None:
    """Print another figure, and sign the card for it."""
    path, card = landing / CHANGED / "accounts.csv", landing / CHANGED / "card.yaml"
    before = path.read_bytes()
    after = before.replace(old.encode(), new.encode())
    path.write_bytes(after)
    hashes = [hashlib.sha256(data).hexdigest() for data in (before, after)]
    card.write_text(card.read_text("utf-8").replace(*hashes), "utf-8")


def main() -> None:
    """Refresh three times with the code of the current folder, and pack what it left."""
    commit = subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], text=True).strip()
    target = Path(sys.argv[1]) / f"{commit}.tar.xz"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "home"
        for document in DOCUMENTS:
            shutil.copytree(Path("landing") / document, root / "landing" / document)
        environment = {**os.environ, "YEARBOOK_HOME": str(root), "PYTHONPATH": str(Path.cwd())}
        call = "from orchestration.cli import main; raise SystemExit(main())"
        for before, now in zip((None, *PRINTED), PRINTED, strict=False):
            if before is not None:
                reissue(root / "landing", before, now)
            subprocess.run([sys.executable, "-c", call, "refresh"], env=environment, check=True)
        with contextlib.closing(tarfile.open(target, "w:xz", preset=9)) as archive:
            archive.add(
                root,
                arcname="home",
                filter=lambda member: None if LEFT_OUT & set(Path(member.name).parts) else member,
            )
    print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
