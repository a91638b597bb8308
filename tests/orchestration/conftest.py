"""What the tests of orchestration share: a private home, small documents, a small warehouse."""

import hashlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest
import yaml

from assets.extracts.document_rows import DocumentRow, IntervalRow, ObservationRow
from assets.extracts.landed.intake import read_documents, write_intake, write_registry
from assets.extracts.landed.quarantine import taken_before
from assets.extracts.landed.survey import survey_landing
from assets.poverty.study_files.study import Study
from assets.poverty.study_files.study_rows import STUDY_TABLES, FormulaIndexRow, study_frames
from assets.vintages.vintage_rows import DocumentBeforeRow, VintageDocumentRow
from assets.warehouse.connection import kept_open
from assets.warehouse.home import HOME_VARIABLE, Home
from assets.warehouse.store import Store
from assets.warehouse.tables.row import as_frame
from assets.warehouse.tables.writes import Writes
from orchestration.runs.instance import prepare_instance
from orchestration.sql_models import SqlModel, load_models

REPOSITORY = Path(__file__).resolve().parents[2]
shipped_models = lru_cache(maxsize=1)(load_models)  # parsing takes longer than running them


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of its own, which the process takes for the project's."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return Home(tmp_path).prepare()


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


@dataclass(frozen=True)
class Landing:
    """Puts small documents into `landing/` and takes in what waits there."""

    home: Home

    def put(self, source: str, edition: int, value: str = "100") -> Path:
        """One document with one figure; a value that is no number makes it a damaged one."""
        folder = self.home.landing / source / str(edition)
        folder.mkdir(parents=True, exist_ok=True)
        text = f"indicator,region,year,value,unit\ngross_product,CN-GS,2015,{value},亿元\n"
        (folder / "table.csv").write_text(text, encoding="utf-8")
        content = text.encode()
        card = {
            "source": source,
            "edition": edition,
            "title": f"{source} {edition}",
            "publisher": "Someone",
            "url": None,
            "published_on": None,
            "accessed_on": date(2026, 1, 1),
            "licence": "free",
            "quality": "published",
            "standing": "official",
            "retyped": True,
            "region": "CN-GS",
            "document": {
                "file": "table.csv",
                "sha256": hashlib.sha256(content).hexdigest(),
                "bytes": len(content),
            },
            "tables": {"1": {"axes": "typed"}},
        }
        (folder / "card.yaml").write_text(yaml.safe_dump(card, allow_unicode=True))
        return folder

    def take_in(self) -> int:
        """What the asset `read_documents` does, without Dagster; returns how many were refused."""
        store = Store(self.home.working)
        waiting = survey_landing(self.home.landing, taken_before(store)).pending
        intake = read_documents(self.home.landing, waiting, lambda line: None)
        write_intake(store, intake)
        return len(intake.refused)


@pytest.fixture
def landing(home: Home) -> Landing:
    return Landing(home)


@dataclass
class World:
    """Hand-made raw rows, a study over them, and the shipped SQL models run on both."""

    store: Store
    documents: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    figures: list[dict[str, Any]] = field(default_factory=list)
    classes: list[IntervalRow] = field(default_factory=list)
    before: list[tuple[str, int]] = field(default_factory=list)  # documents published before
    made: set[str] = field(default_factory=set)  # models run on what was written last
    study: dict[str, Any] = field(default_factory=dict)  # what the written one has beside STUDY

    def figure(
        self,
        indicator: str,
        year: int,
        value: float,
        unit: str = "100m_cny",
        *,
        source: str = "yearbook",
        edition: int = 2020,
        quality: str = "published",
        status: str = "final",
        standing: str = "official",
        published_on: date | None = None,
        region: str = "CN-GS",
        half_unit: float = 0.0,
        definition: str = "own",
    ) -> None:
        """One printed figure, and its document where it is the first of that."""
        defaults: dict[str, Any] = dict.fromkeys(
            c.name for c in DocumentRow.table.columns if not c.nullable
        )
        self.documents[source, edition] = {
            **{c.name: None for c in DocumentRow.table.columns},
            **dict.fromkeys(defaults, "x"),
            "source": source,
            "edition": edition,
            "region": region,
            "quality": quality,
            "standing": standing,
            "published_on": published_on,
            "retyped": True,
            "accessed_on": date(2026, 1, 1),
            "bytes": 1,
            "observations": 1,
            "statistics": 0,
        }
        self.figures.append(
            {
                **{c.name: "x" for c in ObservationRow.table.columns},
                "source": source,
                "edition": edition,
                "region": region,
                "indicator": indicator,
                "reference_year": year,
                "definition": definition,
                "value": value,
                "half_unit": half_unit,
                "unit": unit,
                "quality": quality,
                "status": status,
                "cell": f"B{len(self.figures)}",
            }
        )

    def class_of(self, indicator: str, year: int, low: float, high: float) -> None:
        """A figure that one document prints as a class."""
        self.classes.append(
            IntervalRow(
                source="yearbook",
                edition=2020,
                region="CN-GS",
                indicator=indicator,
                reference_year=year,
                definition="own",
                low=low,
                high=high,
                unit="pct",
                quality="published",
                status="final",
                printed_value=f"{low:g}%-{high:g}%",
                printed_label="x",
                printed_unit="%",
                file="x",
                document_sha256="x",
                table_number="1",
                sheet=None,
                cell=f"C{len(self.classes)}",
                note=None,
            )
        )

    def derive(self, **study: Any) -> None:
        """Write everything; the models that `rows` asks for are run on it."""
        with self.store.transaction() as writes:
            writes.replace(DocumentRow.table, pd.DataFrame(list(self.documents.values())))
            writes.replace(ObservationRow.table, pd.DataFrame(self.figures))
            writes.replace(IntervalRow.table, as_frame(IntervalRow, self.classes), allow_empty=True)
            if study != self.study:
                write_study(writes, study)
            writes.replace(DocumentBeforeRow.table, self.known_before(), allow_empty=True)
        self.study = study
        self.made.clear()

    def models(self) -> list[SqlModel]:
        """Those made of figures, each after what it reads."""
        of_others = ("micro", "towns", "current", "catalog")
        return [m for m in shipped_models() if m.name.split(".")[0] not in of_others]

    def make(self, sql: str) -> None:
        """Run the models that a query names, and those that they read, in their order."""
        models = {model.name: model for model in self.models()}
        waiting = [name for name in models if re.search(rf"\b{re.escape(name)}\b", sql)]
        needed: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in models and name not in needed | self.made:
                needed.add(name)
                waiting += models[name].dependencies
        with self.store.transaction() as writes:
            for model in (model for name, model in models.items() if name in needed):
                writes.create_as(model.name, model.sql, "", model.column_comments, allow_empty=True)
        self.made |= needed

    def known_before(self) -> pd.DataFrame:
        """The rows of model.document_before."""
        return as_frame(
            DocumentBeforeRow,
            [
                DocumentBeforeRow(vintage="0001-x", source=source, edition=edition)
                for source, edition in self.before
            ],
        )

    def index(self, index_id: str, year: int, sample: str = "latest") -> dict[str, Any]:
        """The row of indices.index_value."""
        (row,) = self.rows(
            "select * from indices.index_value where index_id = ? and reference_year = ? "
            "and sample = ?",
            [index_id, year, sample],
        )
        return row

    def rows(self, sql: str, parameters: list[object] | None = None) -> list[dict[str, Any]]:
        self.make(sql)
        frame = self.store.frame(sql, parameters)
        records: list[dict[str, Any]] = (
            frame.astype(object).where(frame.notna(), None).to_dict("records")
        )
        return records


STUDY: dict[str, Any] = {
    "study": "hand_made",
    "title": "Hand-made figures",
    "region": "CN-GS",
    "years": {"first": 2014, "last": 2015},
    "samples": [{"name": "latest", "choose": "latest"}],
    "indices": ["PI", "AIG", "IM", "CEI", "aEDI", "EG"],
    "inputs": {
        "poor_persons": "rural_poor_population",
        "persons_counted": "rural_population_counted",
        "reported_PI": "poverty_incidence",
        "agricultural_income": "primary_industry_value_added",
        "agricultural_income_share": "primary_industry_share",
        "ecommerce_transaction_value": "ecommerce_transaction_value",
        "gross_product": "gross_product",
        "online_shopping_consumption": "online_shopping_consumption",
        "population_year_end": "population_year_end",
        "disposable_income_per_head": "disposable_income_per_head",
        "reported_AIG": "AIG",
        "reported_IM": "IM",
        "reported_CEI": "CEI",
        "reported_aEDI": "aEDI",
        "reported_EG": "EG",
    },
    "model": {"dependent": "PI", "regressors": ["EG"], "ridge": {"k": 0.1}},
}


def write_study(writes: Writes, study: dict[str, Any]) -> None:
    """The hand-made study, with other values where these are given."""
    frames = study_frames((Study.model_validate({**STUDY, **study}),))
    for table in STUDY_TABLES:
        writes.replace(table, frames[table], allow_empty=True)


@pytest.fixture(scope="session")
def empty_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working file with what does not depend on any document."""
    path = tmp_path_factory.mktemp("world") / "working.duckdb"
    with Store(path).transaction() as writes:
        write_registry(writes)
        writes.ensure(VintageDocumentRow.table)
        writes.ensure(FormulaIndexRow.table)
        write_study(writes, {})
    return path


@pytest.fixture
def world(empty_world: Path, home: Home) -> Iterator[World]:
    shutil.copyfile(empty_world, home.working)
    with kept_open():  # as a refresh has it
        yield World(Store(home.working))


@pytest.fixture
def write_model(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes one SQL model, as `sql/<schema>/<table>.sql` below the temporary folder."""

    def write(name: str, text: str) -> Path:
        schema, table = name.split(".")
        path = tmp_path / "sql" / schema / f"{table}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def other_writer(home: Home) -> Iterator[int]:
    """Another process that holds the writer's lock; its process id."""
    script = (
        "import sys; from pathlib import Path\n"
        "from assets.warehouse.home import Home\n"
        "from assets.warehouse.lock import writer_lock\n"
        "with writer_lock(Home(Path(sys.argv[1])), 'a long write'):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(home.root)]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process.pid
        process.communicate("")


@dataclass
class Interface:
    """`yearbook ui` as a process on a home of its own, and questions to it."""

    home: Home
    port: int
    process: subprocess.Popen[bytes]
    output: Path
    seconds_to_answer: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def link(self) -> str:
        """What `yearbook ui` printed to be opened; empty before that."""
        printed = re.search(r"http://\S+/\?token=\S+", self.output.read_text())
        return printed[0] if printed else ""

    @property
    def cookie(self) -> str:
        """What a browser holds that has opened the link."""
        return f"yearbook_{self.port}={self.link.partition('=')[2]}"

    def ask(self, query: str) -> Any:
        """The data of a GraphQL answer."""
        request = urllib.request.Request(
            f"{self.url}/graphql",
            data=json.dumps({"query": query}).encode(),
            headers={
                "Content-Type": "application/json",
                "Origin": self.url,
                "Cookie": self.cookie,
            },
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["data"]

    def runs(self) -> list[dict[str, Any]]:
        """The newest first."""
        fields = "id jobName status creationTime startTime endTime"
        query = f"{{ runsOrError(limit: 50) {{ ... on Runs {{ results {{ {fields} }} }} }} }}"
        found: list[dict[str, Any]] = self.ask(query)["runsOrError"]["results"]
        return found

    def processes(self) -> dict[int, str]:
        """Every process of this interface: started with its home in the environment."""
        mark = f"{HOME_VARIABLE}={self.home.root}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it ended meanwhile, or is not ours to read
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                    found[int(folder.name)] = command.decode(errors="replace")
        return found

    def memory_mb(self) -> float:
        """Memory of all its processes, shared pages counted once, in MB."""
        total = 0
        for pid in self.processes():
            with suppress(OSError):
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return total / 1024

    def stop(self) -> float:
        """SIGTERM; returns the seconds until the process has ended."""
        start = time.monotonic()
        self.process.terminate()
        self.process.wait(60)
        return time.monotonic() - start


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


YEARBOOK = Path(sys.executable).with_name("yearbook")


# Enough for the recovered study, and for a national source that prints every year. The interface
# and the daemon do the same with few documents as with all, and without the towns, in a fifth of
# the time.
DOCUMENTS = (
    "gansu_population/2019",
    "he_gansu_paper/2023",
    "he_recovered/2026",
    "nbs_national_annual/2024",
    "nbs_regional_accounts/2018",
    "nbs_regional_accounts/2019",
    "nbs_regional_annual/2023",
)


@pytest.fixture(scope="session")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a handful of the shipped documents after its first `yearbook refresh`."""
    home = Home(tmp_path_factory.mktemp("refreshed"))
    for document in DOCUMENTS:
        shutil.copytree(REPOSITORY / "landing" / document, home.landing / document)
    environment = {**os.environ, HOME_VARIABLE: str(home.root)}
    subprocess.run([YEARBOOK, "refresh"], env=environment, check=True, capture_output=True)
    return home


@pytest.fixture
def dagster_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of its own, where Dagster keeps what it runs in this process."""
    home = Home(tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", "")  # so that the test puts it back
    monkeypatch.setenv("YEARBOOK_HOME", "")
    prepare_instance(home)
    return home


@pytest.fixture
def serve(refreshed: Home, tmp_path: Path) -> Iterator[Callable[..., Interface]]:
    """Starts `yearbook ui` on a copy of the refreshed home; kills what is left of it."""
    started: list[Interface] = []

    def start(
        *options: str, in_the_background_of_a_shell: bool = False, loaded: bool = True
    ) -> Interface:
        home = Home(tmp_path / "home")
        shutil.copytree(refreshed.root, home.root, symlinks=True)
        port = free_port()
        command = [str(YEARBOOK), "ui", "--port", str(port), *options]
        if in_the_background_of_a_shell:  # bash has SIGINT ignored for what it starts with &
            command = ["bash", "-c", f"{shlex.join(command)} & echo $!; wait"]
        before = time.monotonic()
        with home.root.with_suffix(".out").open("w") as out:
            process = subprocess.Popen(
                command,
                env={**os.environ, HOME_VARIABLE: str(home.root)},
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        interface = Interface(home, port, process, Path(out.name), 0.0)
        started.append(interface)
        if loaded:
            _wait_for_page(interface)
        interface.seconds_to_answer = time.monotonic() - before
        return interface

    yield start
    for interface in started:
        for pid in interface.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        interface.process.wait()


def _wait_for_page(interface: Interface) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with suppress(OSError):
            if interface.ask("{ assetNodes { id } }")["assetNodes"]:
                return
        time.sleep(0.1)
    raise TimeoutError(f"{interface.url} did not answer in 120 s")
