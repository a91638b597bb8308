"""Random changes, one after the other: what is taken over is what a full refresh computes.

Run it as

    uv run python -m benchmarks.random_changes --changes 300 --seed 1

Two warehouses get the same changes of documents, studies, SQL and code. In one each asset is made
as in `yearbook refresh`, in the other as with `--full`; after each change all published rows are
compared. The first difference ends it, with what was changed. A change costs some ten seconds of
computing with a small landing, and some minute with all that ships (`--landing shipped`: towns,
provinces, counties, printed papers and replications, too), so the number is given; the same seed
draws the same changes. Where a check holds a change back, it must do so in both. Before a change
the first may also be refreshed by code that reads documents otherwise, and stop before it
publishes; nothing may stay of that once the code is taken back.

Left out, since nothing of them is taken over or published: checks, pictures, the report, and
Dagster's event log. Not here: when a step is computed (`tests/vintages/test_kept_results.py`).
"""

import argparse
import gc
import importlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from assets.warehouse.home import HOME_VARIABLE, Home
from benchmarks.changed_documents import CHANGES, as_it_ships, change, rename, spoil, swap
from benchmarks.small_landing import DOCUMENTS, lay_documents

PROJECT = Path(__file__).parents[1]
SHIPPED = PROJECT / "landing"
CODE = ("assets", "benchmarks", "expectations", "orchestration", "sql", "uv.lock")
# File below the code, what stands there, what is to stand there: each moves a published number.
EDITS = (
    ("assets/poverty/robustness/scrutiny.py", "SEED = 20150101", "SEED = 20150102"),
    ("assets/poverty/studies/gansu_gdp_revised.yaml", "first: 2010", "first: 2012"),
    (
        "sql/indices/economic_growth.sql",
        "coalesce(product.value / population.value, reported.value) as value",
        "coalesce(2 * product.value / population.value, reported.value) as value",
    ),
    ("assets/vintages/failures.py", "LONGEST_REASON = 500", "LONGEST_REASON = 40"),
    ("assets/extracts/taken/rows.py", "=float(item.half_unit)", "=9 * float(item.half_unit)"),
)
READS_OTHERWISE = len(EDITS) - 1
# How often each is drawn.
KINDS = {"figure": 28, "two figures": 8, "new": 8, "gone": 4, "withdrawn": 6, "refused": 6}
KINDS |= {"code": 12, "nothing": 4, "back": 6, "stopped": 6}
KINDS |= {"digit": 3, "lines": 3, "mark": 2, "words": 3, "standing": 4, "swapped": 3, "renamed": 4}
KINDS |= {"declared": 3}
# What the landing folder declares, and no document prints.
DECLARED = {
    "regions.yaml": "source: a test\nlicence: facts\nregions:\n"
    "  CN-HK: {kind: province, parent: CN, zh: 香港特别行政区, en: Hong Kong}\n",
    "indicators.yaml": "own: {zh: 自有, en: Own, labels: [自有], unit: 10k_count, "
    "plausible: [1, 2]}\n",
}
DONE = "done\n"
IMPORTED = "imported"  # a file beside a warehouse: the modules that its refresh needed
LENGTH = 15  # changes of one chain: then two new warehouses, since each vintage adds rows


@dataclass(frozen=True, slots=True)
class Landing:
    """What lies in both from the first, what comes and goes, and what is printed anew.

    reissued: sources or editions whose CSV files get a number changed.
    """

    first: tuple[str, ...]
    more: tuple[str, ...]
    reissued: tuple[str, ...]


MORE = ("nbs_regional_accounts/2020", "nbs_regional_accounts/2021", "cnhubei_poverty_review/2017")
LANDINGS = {
    "small": Landing(
        DOCUMENTS,
        MORE,
        ("nbs_regional_accounts/2018", "nbs_regional_accounts/2019", "ppdoc_gansu_poverty/2020"),
    ),
    "shipped": Landing(
        tuple(
            f"{path.parent.name}/{path.name}"
            for path in sorted(SHIPPED.glob("*/*/"))
            if f"{path.parent.name}/{path.name}" != MORE[-1]
        ),
        MORE[-1:],
        (
            "nbs_regional_accounts/2018",
            "nbs_regional_accounts/2019",
            "nbs_province_accounts",
            "nbs_province_ecommerce",
            "nbs_province_income",
            "nbs_province_population",
            "nbs_poverty_classes",
            "nbs_national_annual",
            "ppdoc_gansu_poverty/2020",
        ),
    ),
}


@dataclass
class Pair:
    """Two warehouses with the same landing, and the code that they are refreshed with."""

    folder: Path
    landing: Landing
    drawn: random.Random
    edited: set[int] = field(default_factory=set)  # of EDITS, those that the code has now
    process: subprocess.Popen[str] | None = None  # has imported the code, and refreshes

    @property
    def roots(self) -> tuple[Path, Path]:
        """The one that takes over, and the one that computes all."""
        return self.folder / "part", self.folder / "whole"

    @property
    def code(self) -> Path:
        """The copy of the code that is edited."""
        return self.folder / "code"

    def refresh(self) -> None:
        """Refresh both with the code as it is now."""
        for root, full in zip(self.roots, (False, True), strict=True):
            self.refresh_one(root, full)

    def refresh_one(self, root: Path, full: bool, stops: bool = False) -> None:
        """Refresh one, in a fork of a process that has imported the code as it is now; or stop
        before it publishes."""
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.random_changes", "--serve"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONPATH": str(self.code)},
                cwd=self.code,
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps([str(root), full, stops]), file=self.process.stdin, flush=True)
        if self.process.stdout.readline() != DONE:
            raise SystemExit("A refresh failed: nothing to compare.")

    def end(self) -> None:
        """End the process, so that the next refresh imports the code anew."""
        if self.process is not None:
            self.process.communicate()
            self.process = None

    def differences(self) -> list[str]:
        """The tables whose published rows are not the same in both."""
        part, whole = map(published, self.roots)
        return [name for name in sorted({*part, *whole}) if part.get(name) != whole.get(name)]


def serve() -> None:
    """Refresh what each line asks for, in a fork that has everything imported and nothing opened;
    answer when it is done. A refresh that raises ends this process, and so is no answer.
    """
    importlib.import_module("orchestration.definitions")
    for line in sys.stdin:
        root, full, stops = json.loads(line)
        child = os.fork()
        if child == 0:
            try:
                os.dup2(2, 1)  # what a refresh prints is no answer
                refreshed(Path(root), full, stops)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        if os.waitpid(child, 0)[1] != 0:
            raise SystemExit(1)
        for name in json.loads((Path(root) / IMPORTED).read_text("utf-8")):
            with suppress(ImportError):  # the next fork has it then
                importlib.import_module(name)
        gc.freeze()
        print(DONE, end="", flush=True)
    os._exit(0)  # taken down, the interpreter has DuckDB print pages of what it leaves


def refreshed(root: Path, full: bool, stops: bool) -> None:
    """Make every asset that is published, in a Dagster instance that is kept nowhere."""
    os.environ[HOME_VARIABLE] = str(root)
    import dagster as dg

    from assets.warehouse.resource import Warehouse
    from orchestration.definitions import defs

    Home(root).prepare()
    left_out = dg.AssetSelection.assets("release/report", "release/town_pictures")
    if stops:
        left_out |= dg.AssetSelection.assets("release/published_warehouse")
    made = dg.materialize(
        list(defs.assets or []),
        selection=dg.AssetSelection.all() - dg.AssetSelection.groups("documents") - left_out,
        resources={"warehouse": Warehouse(root=str(root), full=full)},
        instance=dg.DagsterInstance.ephemeral(),
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        raise_on_error=False,
    )
    taken = sum(
        "taken_over_from" in event.step_materialization_data.materialization.metadata
        for event in made.all_events
        if event.is_step_materialization
    )
    steps = [event.step_key for event in made.all_events if event.is_step_failure]
    (root / "came_of_it").write_text(json.dumps({"taken_over": taken, "failed": sorted(steps)}))
    (root / IMPORTED).write_text(json.dumps(sorted(sys.modules)))


def published(root: Path) -> dict[str, tuple[object, ...]]:
    """Of each published table, how many rows it has and a digest of them; the clock left out."""
    with duckdb.connect(Home(root).published.resolve(), read_only=True) as connection:
        names = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where not internal"
        ).fetchall()
        return {
            name: connection.execute(
                "select count(*), sum(hash(said)::hugeint), bit_xor(hash(said)) from (select "
                "t::varchar as said from (select "  # written out: -0.0 is not 0.0
                f"* {'exclude (created_at)' if name == 'model.vintage' else ''} from {name}) as t)"
            ).fetchall()[0]
            for (name,) in names
        }


def changed(pair: Pair) -> str:
    """Draw a change and make it in both; what it was."""
    landings = [root / "landing" for root in pair.roots]
    there = {
        str(path.parent.relative_to(landings[0])) for path in landings[0].glob("*/*/card.yaml")
    }
    documents = pair.landing
    waiting = sorted({*documents.first, *documents.more} - there) if documents.more else []
    kind = pair.drawn.choices(tuple(KINDS), tuple(KINDS.values()))[0]
    if kind == "new" and waiting:
        document = pair.drawn.choice(waiting)
        for landing in landings:
            shutil.copytree(PROJECT / "landing" / document, landing / document)
        return f"new: {document}"
    if kind == "gone" and {*documents.more} & there:
        document = pair.drawn.choice(sorted({*documents.more} & there))
        for landing in landings:
            shutil.rmtree(landing / document)
        return f"gone: {document}"
    if kind == "code":
        number = pair.drawn.randrange(len(EDITS))
        toggle(pair, number)
        return f"code: {EDITS[number][0]} {'edited' if number in pair.edited else 'as it was'}"
    if kind == "nothing":
        return "nothing"
    if kind == "stopped":
        toggle(pair, READS_OTHERWISE)
        pair.refresh_one(pair.roots[0], full=False, stops=True)
        toggle(pair, READS_OTHERWISE)
    if kind == "declared":
        name = pair.drawn.choice(sorted(DECLARED))
        for path in [landing / name for landing in landings]:
            if path.exists():
                path.unlink()
            else:
                path.write_text(DECLARED[name], "utf-8")
        return f"declared, or no more: {name}"
    reissued = {*documents.reissued}
    candidates = sorted(
        each for each in there if {as_it_ships(each), as_it_ships(each).split("/")[0]} & reissued
    )
    document = pair.drawn.choice(candidates)
    folders = [landing / document for landing in landings]
    if kind == "back":
        for folder in folders:
            shipped = PROJECT / "landing" / as_it_ships(document)
            shutil.copytree(shipped, folder, dirs_exist_ok=True)
    elif kind == "renamed":
        rename(folders)
    elif kind == "refused":
        spoil(folders)
    elif kind == "swapped":
        other = pair.drawn.choice([each for each in candidates if each != document] or candidates)
        swap(folders, [landing / other for landing in landings])
        return f"swapped: {document} and {other}"
    else:  # a figure, too, where there is nothing new, or to go
        stopped = " after a refresh of other code that stopped" if kind == "stopped" else ""
        kind = kind if kind in CHANGES else "figure"
        change(kind, pair.drawn, folders)
        return f"{kind}{stopped}: {document}"
    return f"{kind}: {document}"


def toggle(pair: Pair, number: int) -> None:
    """Put an edit into the code or take it out, and let the next refresh import it anew."""
    pair.edited ^= {number}
    edit(pair.code, number, number in pair.edited)
    pair.end()


def edit(code: Path, number: int, is_edited: bool) -> None:
    """Put an edit into the copy of the code, or take it out of it."""
    name, old, new = EDITS[number]
    if not is_edited:
        old, new = new, old
    path = code / name
    text = path.read_text("utf-8")
    if text.count(old) != 1:
        raise SystemExit(f"{name} has not exactly one '{old}': correct EDITS.")
    path.write_text(text.replace(old, new), "utf-8")


def new_pair(folder: Path, landing: Landing, drawn: random.Random) -> Pair:
    """Two warehouses after their first refresh, and a copy of the code."""
    pair = Pair(folder, landing, drawn)
    first, second = pair.roots
    lay_documents(first / "landing", landing.first)
    pair.code.mkdir()
    for name in CODE:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, pair.code / name)
        else:
            shutil.copy(source, pair.code / name)
    pair.refresh_one(first, full=True)
    shutil.copytree(first, second, symlinks=True)
    return pair


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--landing", choices=LANDINGS, default="small")
    parser.add_argument("--folder", type=Path, help="where the warehouses lie meanwhile")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve()
        return
    drawn = random.Random(options.seed)
    kinds: Counter[str] = Counter()
    done = taken = 0
    began = time.perf_counter()
    while done < options.changes:
        with tempfile.TemporaryDirectory(dir=options.folder) as name:
            pair = new_pair(Path(name), LANDINGS[options.landing], drawn)
            for _ in range(min(LENGTH, options.changes - done)):
                what = changed(pair)
                pair.refresh()
                part, whole = (
                    json.loads((root / "came_of_it").read_text("utf-8")) for root in pair.roots
                )
                steps, held = part["taken_over"], part["failed"]
                if held != whole["failed"]:
                    raise SystemExit(
                        f"seed {options.seed}, change {done + 1}, {what}: failed {held}, with "
                        f"--full {whole['failed']}"
                    )
                if found := pair.differences():
                    raise SystemExit(
                        f"seed {options.seed}, change {done + 1}, {what}: {steps} taken over; "
                        f"not what a full refresh gives: {', '.join(found)}"
                    )
                done, taken = done + 1, taken + steps
                kinds[what.split(":")[0]] += 1
                said = f"; held back in both by {', '.join(held)}" if held else ""
                print(f"{done:4} {what}: {steps} taken over, all rows equal{said}", flush=True)
            pair.end()
    print(
        f"{done} changes ({', '.join(f'{count} {kind}' for kind, count in kinds.items())}), "
        f"{taken} results taken over, all published rows equal to those of a full refresh; "
        f"{time.perf_counter() - began:.0f} s"
    )


if __name__ == "__main__":
    main()
