"""Taking data sets in: keep their files, verify what was kept, and write the rows whole.

Belongs here: the order of work, the kept files, the `raw.*` rows and the views of schema `micro`.
Not here: the checks (`dataset_verification.py`), sums (`order_sums.py`, `spark_engine.py`), which
data sets wait (`dataset_survey.py`), Dagster.

The files of a data set are copied to `.yearbook/towns/<dataset>/<content>/` before they are
verified, and read only there. So what was verified is what is read, whatever happens in landing/,
and a refused re-issue leaves the records of before in force. What is added up of them (by Spark, or
orders by seller and year) lies beside them and takes its place with them, whole or not at all.
"""

import json
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import duckdb

from assets.extracts.document_rows import QuarantineRow
from assets.extracts.errors import DocumentError, refusing
from assets.extracts.landed.quarantine import end_quarantine, forget_refusals, quarantine, refusal
from assets.extracts.landed.survey import TOWN_STUDY_FOLDER
from assets.extracts.written.landing_files import CARD_NAME
from assets.towns.records.contracts import CONTRACTS, ORDER, REGIME
from assets.towns.records.dataset_card import DatasetCard, DatasetFile, read_dataset_card
from assets.towns.records.dataset_records import typed_select
from assets.towns.records.dataset_survey import LandedDataset, content_of, kept_folder
from assets.towns.records.dataset_verification import verify_dataset
from assets.towns.records.order_sums import SumsBefore, order_sums_folder, write_order_sums
from assets.towns.records.record_rows import (
    DATASET,
    LIST_TABLES,
    RECORD_VIEWS,
    TOWN_TABLES,
    TownDatasetRow,
    TownFileRow,
    records_select,
)
from assets.towns.records.spark_engine import OnSpark, compute_on_spark, results_folder
from assets.warehouse.connection import in_memory, memory_limit
from assets.warehouse.home import Home
from assets.warehouse.private import private_file, private_folder
from assets.warehouse.queries import query_text
from assets.warehouse.store import Store
from assets.warehouse.tables.row import as_frame
from assets.warehouse.tables.table import Column, Table
from assets.warehouse.tables.writes import Writes
from assets.warehouse.texts.spelled import literal, quoted, quoted_table

_CHECKERS_MEMORY = "2GB"  # unless a person says how much
REAL_REGIMES = Path(__file__).with_name("certification_regimes.csv")


# What was verified of a file alone: contract, sha256 and number of records.
OfFile = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class InForce:
    """The kept files of a data set, which were verified one by one and together."""

    folder: Path
    files: Mapping[OfFile, str]  # names in the folder


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a data set's files from before."""

    alone: Mapping[str, Path]  # by name, where a file lies that was verified alone
    settled: tuple[str, ...]  # names of those verified together
    sums: SumsBefore | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A data set whose kept files are as its card and the contracts say."""

    landed: LandedDataset
    card: DatasetCard
    content_sha256: str  # of what was kept and verified


@dataclass(frozen=True, slots=True)
class DatasetIntake:
    """What one reading of the waiting data sets gave."""

    accepted: tuple[Accepted, ...]
    refused: tuple[QuarantineRow, ...]


@dataclass(frozen=True, slots=True)
class _FileInForce:
    """A kept file, what was verified of it alone, and where it lies."""

    contract: str
    sha256: str
    rows: int
    file: str
    dataset: str
    content_sha256: str  # of the data set


def files_in_force(home: Home, store: Store) -> dict[str, InForce]:
    """The kept files of the data sets in force, by name of data set; none where they are lost."""
    if not store.exists(TownFileRow.table.name):
        return {}
    found: dict[str, InForce] = {}
    files: dict[str, dict[OfFile, str]] = {}
    for file in store.read(_FileInForce, query_text("towns/files_in_force")):
        of_dataset = files.setdefault(file.dataset, {})
        of_dataset[file.contract, file.sha256, file.rows] = file.file
        folder = kept_folder(home, file.dataset, file.content_sha256)
        found[file.dataset] = InForce(folder, of_dataset)
    return {name: each for name, each in found.items() if each.folder.is_dir()}


def read_datasets(
    home: Home,
    waiting: Sequence[LandedDataset],
    progress: Callable[[str], None],
    verified: Mapping[str, InForce] = MappingProxyType({}),
) -> DatasetIntake:
    """Keep and verify every waiting data set; a bad one is refused and the others go on.

    verified: files of before, by this version of the code. They are looked at again only together
    with new ones (keys, references), so that one more month of orders costs little but itself.
    """
    accepted: list[Accepted] = []
    refused: list[QuarantineRow] = []
    for landed in waiting:
        progress(f"reading data set {landed.key}")
        try:
            accepted.append(_read(home, landed, progress, verified))
        except DocumentError as error:
            name, content = landed.dataset, landed.content_sha256
            refused.append(refusal(TOWN_STUDY_FOLDER, name, content, error))
    return DatasetIntake(tuple(accepted), tuple(refused))


def _read(
    home: Home,
    landed: LandedDataset,
    progress: Callable[[str], None],
    verified: Mapping[str, InForce],
) -> Accepted:
    with refusing(f"landing/{landed.key}"):
        card = read_dataset_card(landed.folder)
        content = content_of(
            (landed.folder / CARD_NAME).read_bytes(), [file.sha256 for file in card.files]
        )
    kept = kept_folder(home, card.dataset, content)
    partial = kept.with_name(f".partial-{kept.name}")
    shutil.rmtree(partial, ignore_errors=True)
    is_as_signed = content == landed.content_sha256  # what lies there is what the card says
    known = _known(card, verified if is_as_signed else {})
    _copy(card, landed.folder, partial, known.alone)
    try:
        with checker(home) as connection:
            verify_dataset(card, connection, partial, known.alone, known.settled)
            if card.spark is None:
                stands = () if known.sums is None else known.settled
                orders = [each for each in card.files_of(ORDER.name) if each.file not in stands]
                paths = [partial / each.file for each in orders]
                if card.files_of(ORDER.name):
                    progress(f"{landed.key} is verified; adding up {len(paths)} files of orders")
                    write_order_sums(connection, card.dataset, partial, paths, known.sums)
            else:
                lists = {
                    table.name: connection.sql(select).to_arrow_table()
                    for table, select in _list_selects(card, partial)
                }
                records = {
                    contract: [partial / file.file for file in card.files_of(contract)]
                    for contract in RECORD_VIEWS
                }
                given = OnSpark(card.dataset, card.spark, records, lists)
                compute_on_spark(given, results_folder(partial), progress)
    except DocumentError:
        shutil.rmtree(partial)
        raise
    shutil.rmtree(kept, ignore_errors=True)
    partial.rename(kept)
    return Accepted(landed, card, content)


def _known(card: DatasetCard, verified: Mapping[str, InForce]) -> _Known:
    anywhere = {
        key: each.folder / name for each in verified.values() for key, name in each.files.items()
    }
    own = verified.get(card.dataset)
    gone = {} if own is None else dict(own.files)
    alone, settled = {}, []
    for file in card.files:
        key = (file.contract, file.sha256, file.rows)
        if key in anywhere:
            alone[file.file] = anywhere[key]
        if gone.pop(key, None):  # a second name of the same records was not there with the first
            settled.append(file.file)
    sums = None
    if own is not None and order_sums_folder(own.folder).is_dir():
        orders = {key: name for key, name in gone.items() if key[0] == ORDER.name}
        now = card.files_of(ORDER.name)
        still = sum(file.rows for file in now if file.file in settled)
        if sum(rows for _, _, rows in orders) < still:  # what went is less than what stays
            paths = tuple(own.folder / name for name in orders.values())
            sums = SumsBefore(order_sums_folder(own.folder), paths)
    return _Known(alone, tuple(settled), sums)


def _copy(card: DatasetCard, folder: Path, target: Path, known: Mapping[str, Path]) -> None:
    """Copy the files that are there; verification names those that are not.

    known: by name, where they are kept already. These get one name more, and no copy.
    """
    private_folder(target)
    for file in card.files:
        if file.file in known:
            private_folder((target / file.file).parent)
            os.link(known[file.file], target / file.file)
            continue
        source = folder / file.file
        if source.is_file() and source.stat().st_size == file.bytes:
            shutil.copyfile(source, private_file(target / file.file))


@contextmanager
def checker(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that spills to the warehouse's own folder; the checks do not mind threads."""
    with in_memory() as connection:
        spill = private_folder(home.state / "spill")
        connection.execute(f"set temp_directory = {literal(spill)}")
        connection.execute(f"set memory_limit = {literal(memory_limit(_CHECKERS_MEMORY))}")
        connection.execute(f"set threads = {os.cpu_count() or 1}")
        yield connection


def write_datasets(home: Home, store: Store, intake: DatasetIntake) -> None:
    """Write what was read in one transaction, and the views over all data sets in force.

    An accepted data set replaces what it said before and ends its quarantine; a refused one leaves
    what it said before as it was.
    """
    with store.transaction() as writes:
        writes.ensure(*TOWN_TABLES, QuarantineRow.table)
        for accepted in intake.accepted:
            _replace(writes, home, accepted)
        quarantine(writes, intake.refused)
        _write_views(writes, home)


def forget_gone_datasets(
    home: Home, store: Store, landed: Collection[str], published: Collection[str]
) -> None:
    """Forget data sets never published whose folder is gone, and refusals of such.

    landed, published: names of data sets. What readers have seen stands. Kept files of contents
    that are not in force are removed.
    """
    with store.transaction() as writes:
        known = sorted({*landed, *published})
        for table in TOWN_TABLES:
            writes.connection.execute(
                f"delete from {table.name} where not list_contains(?, dataset)", [known]
            )
        forget_refusals(writes, TOWN_STUDY_FOLDER, landed)
        _write_views(writes, home)
        in_force = {kept for _, kept in _kept(writes, home)}
    for folder in (home.state / TOWN_STUDY_FOLDER).glob("*/*"):
        if folder not in in_force:
            shutil.rmtree(folder)


def _kept(writes: Writes, home: Home) -> list[tuple[str, Path]]:
    rows = writes.connection.execute(
        f"select dataset, content_sha256 from {TownDatasetRow.table.name} order by dataset"
    ).fetchall()
    return [(name, kept_folder(home, name, sha)) for name, sha in rows]


def _replace(writes: Writes, home: Home, accepted: Accepted) -> None:
    card = accepted.card
    for table in TOWN_TABLES:
        writes.connection.execute(f"delete from {table.name} where dataset = ?", [card.dataset])
    end_quarantine(writes, TOWN_STUDY_FOLDER, card.dataset)
    dataset = TownDatasetRow(
        dataset=card.dataset,
        title=card.title,
        publisher=card.publisher,
        url=card.url,
        published_on=card.published_on,
        accessed_on=card.accessed_on,
        licence=card.licence,
        note=card.note,
        simulated=card.simulated,
        simulation=None if card.simulation is None else json.dumps(card.simulation, default=str),
        certification=card.certification,
        cluster=card.cluster,
        engine=card.engine,
        content_sha256=accepted.content_sha256,
    )
    writes.append(TownDatasetRow.table, as_frame(TownDatasetRow, [dataset]))
    files = [
        TownFileRow(
            dataset=card.dataset,
            file=file.file,
            contract=file.contract,
            sha256=file.sha256,
            bytes=file.bytes,
            rows=file.rows,
        )
        for file in card.files
    ]
    writes.append(TownFileRow.table, as_frame(TownFileRow, files))
    kept = kept_folder(home, card.dataset, accepted.content_sha256)
    for table, select in _list_selects(card, kept):
        writes.connection.execute(f"insert into {table.name} by name {select} order by all")


def _list_selects(card: DatasetCard, kept: Path) -> Iterator[tuple[Table, str]]:
    """For the table of each kind of list, a SELECT of the data set's rows, of which may be none."""
    for contract, table in LIST_TABLES.items():
        selects = [typed_select(file, kept / file.file) for file in card.files_of(contract)]
        if contract == REGIME.name and not selects:
            real = DatasetFile.model_construct(contract=contract)
            selects = [typed_select(real, REAL_REGIMES)]
        if not selects:
            nothing = (f"cast(null as {c.type}) as {quoted(c.name)}" for c in table.columns[1:])
            selects = [f"select {', '.join(nothing)} where false"]
        for select in selects:
            yield table, f"select {literal(card.dataset)} as dataset, * from ({select})"


def _write_views(writes: Writes, home: Home) -> None:
    """Views of sellers' records over the kept files of every data set in force.

    Of a data set that is added up by Spark, over its sums instead: no record of it is read here.
    """
    writes.connection.execute("create schema if not exists micro")
    kept = dict(_kept(writes, home))
    of_spark = [
        dataset
        for (dataset,) in writes.connection.execute(
            f"select dataset from {TownDatasetRow.table.name} where engine = 'spark' order by all"
        ).fetchall()
    ]
    for contract, name in RECORD_VIEWS.items():
        files = writes.connection.execute(
            query_text("towns/files_of_contract"), {"contract": contract, "elsewhere": of_spark}
        ).fetchall()
        selects = [
            records_select(dataset, CONTRACTS[contract], (kept[dataset] / path for path in paths))
            for dataset, paths in files
        ]
        columns = (DATASET, *CONTRACTS[contract].columns)
        write_view(writes, name, f"{CONTRACTS[contract].grain}, by data set", columns, selects)


def write_view(
    writes: Writes, name: str, grain: str, columns: Sequence[Column], selects: Sequence[str]
) -> None:
    """A private view of all rows of some SELECTs; of no rows without any."""
    casts = ", ".join(f"cast(null as {each.type}) as {quoted(each.name)}" for each in columns)
    body = "\nunion all\n".join(selects) or f"select {casts} where false"
    writes.connection.execute(f"create or replace view {quoted_table(name)} as\n{body}")
    writes.connection.execute(
        f"comment on view {quoted_table(name)} is {literal(f'{grain}; private')}"
    )
