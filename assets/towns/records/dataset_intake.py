"""Taking data sets in: keep their files, verify what was kept, and add up what is added up once.

Belongs here: the order of work, and the kept files. Not here: the rows and views that come of them
(`dataset_writing.py`), the checks (`verifying/`), sums (`order_sums.py`, `engines/`), which
data sets wait (`dataset_survey.py`), Dagster.

The files of a data set are copied to `.yearbook/towns/<dataset>/` before they are verified, and
read only there. So what was verified is what is read, whatever happens in landing/, and a refused
re-issue leaves the records of before in force. What is added up of them (by Spark, or orders by
seller and year) lies beside them and takes its place with them, whole or not at all. What an intake
that was stopped had verified and added up is taken up by the next one (`unfinished_intake.py`).
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import duckdb

from assets.extracts.document_rows import QuarantineRow
from assets.extracts.errors import DocumentError, refusing
from assets.extracts.landed.quarantine import refusal
from assets.extracts.landed.survey import TOWN_STUDY_FOLDER
from assets.extracts.written.landing_files import CARD_NAME
from assets.towns.records.contracts import ORDER
from assets.towns.records.dataset_card import DatasetCard, DatasetFile, read_dataset_card
from assets.towns.records.dataset_records import list_selects
from assets.towns.records.dataset_survey import LandedDataset, content_of, kept_folder
from assets.towns.records.engines.spark_engine import OnSpark, compute_on_spark, results_folder
from assets.towns.records.order_sums import (
    Orders,
    SumsBefore,
    order_sums_folder,
    orders_in_steps,
    write_order_sums,
)
from assets.towns.records.record_rows import (
    RECORD_VIEWS,
    TownFileRow,
)
from assets.towns.records.unfinished_intake import (
    UnfinishedIntake,
    content_key,
    is_order,
    key_of,
    unfinished_intake,
    was_verified_by,
)
from assets.towns.records.verifying.alone import verify_alone
from assets.towns.records.verifying.together import verify_together
from assets.warehouse.connection import explained, in_memory, memory_limit
from assets.warehouse.home import Home
from assets.warehouse.private import private_folder
from assets.warehouse.queries import query_text
from assets.warehouse.store import Store
from assets.warehouse.texts.spelled import literal

_CHECKERS_MEMORY = "2GB"  # unless a person says how much
_PORTION_BYTES = 32_000_000  # files that are read at once, when they are as large together


@dataclass(frozen=True, slots=True)
class InForce:
    """The kept files of a data set, which were verified one by one and together."""

    folder: Path
    files: Mapping[str, str]  # names in the folder, by what was verified of each alone


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
    taken_up: tuple[str, ...] = ()  # what was taken up of intakes that were stopped, in words


@dataclass(frozen=True, slots=True)
class _FileInForce:
    """A kept file, what was verified of it alone, and where it lies."""

    contract: str
    sha256: str
    rows: int
    file: str
    dataset: str
    content_sha256: str  # of the data set


def files_in_force(home: Home, store: Store, code_sha256: str) -> dict[str, InForce]:
    """The kept files of the data sets in force that this version of the code verified, by name of
    data set; none where they are lost."""
    if not store.exists(TownFileRow.table.name):
        return {}
    found: dict[str, InForce] = {}
    files: dict[str, dict[str, str]] = {}
    for file in store.read(_FileInForce, query_text("towns/files_in_force")):
        of_dataset = files.setdefault(file.dataset, {})
        of_dataset[content_key(file.contract, file.sha256, file.rows, file.file)] = file.file
        folder = kept_folder(home, file.dataset, file.content_sha256)
        found[file.dataset] = InForce(folder, of_dataset)
    return {
        name: each
        for name, each in found.items()
        if was_verified_by(each.folder, code_sha256)
        and all((each.folder / file).is_file() for file in each.files.values())
    }


def read_datasets(
    home: Home,
    waiting: Sequence[LandedDataset],
    progress: Callable[[str], None],
    code_sha256: str,
    verified: Mapping[str, InForce] = MappingProxyType({}),
    anew: bool = False,
) -> DatasetIntake:
    """Keep and verify every waiting data set; a bad one is refused and the others go on.

    code_sha256: this version of the code. verified: files of before, by this version. They are
    looked at again only together with new ones (keys, references), so that one more month of orders
    costs little but itself. anew: nothing is taken up that an intake left which was stopped.
    """
    accepted: list[Accepted] = []
    refused: list[QuarantineRow] = []
    taken_up: list[str] = []

    def tell(line: str) -> None:
        taken_up.append(line)
        progress(line)

    for landed in waiting:
        progress(f"reading data set {landed.key}")
        unfinished = unfinished_intake(home, landed.dataset, code_sha256)
        if anew:
            unfinished.forget()
        try:
            one = _stated(landed)
            kept = kept_folder(home, landed.dataset, one.content_sha256)
            is_as_signed = one.content_sha256 == landed.content_sha256  # by what lies there
            if is_as_signed and not anew and unfinished.was_finished(kept, one.card.files):
                tell(_taken_up(one.card, one.card.files, one.card.files))
            else:
                if not is_as_signed:
                    unfinished.forget()
                known = _known(one.card, verified if is_as_signed else {}, unfinished)
                _read(home, one, known, unfinished, tell, progress)
                unfinished.finish(kept)
            accepted.append(one)
        except DocumentError as error:
            unfinished.forget()
            name, content = landed.dataset, landed.content_sha256
            refused.append(refusal(TOWN_STUDY_FOLDER, name, content, error))
    return DatasetIntake(tuple(accepted), tuple(refused), tuple(taken_up))


def _stated(landed: LandedDataset) -> Accepted:
    """A data set as its card states it."""
    with refusing(f"landing/{landed.key}"):
        card = read_dataset_card(landed.folder)
        content = content_of(
            (landed.folder / CARD_NAME).read_bytes(), [file.sha256 for file in card.files]
        )
    return Accepted(landed, card, content)


def _known(
    card: DatasetCard, verified: Mapping[str, InForce], unfinished: UnfinishedIntake
) -> _Known:
    anywhere = {
        key: each.folder / name for each in verified.values() for key, name in each.files.items()
    }
    alone = {file.file: anywhere[key_of(file)] for file in card.files if key_of(file) in anywhere}
    own = verified.get(card.dataset)
    together = set(unfinished.together() or (() if own is None else own.files))
    settled = []
    for file in card.files:
        if key_of(file) in together:
            together.remove(key_of(file))  # a second name of the same was not there with the first
            settled.append(file.file)
    sums = None
    if own is not None and order_sums_folder(own.folder).is_dir():
        years = tuple(sorted(order_sums_folder(own.folder).iterdir()))
        orders = {key: own.folder / name for key, name in own.files.items() if is_order(key)}
        sums = SumsBefore(years, orders)
    return _Known(alone, tuple(settled), sums)


def _read(
    home: Home,
    one: Accepted,
    known: _Known,
    unfinished: UnfinishedIntake,
    tell: Callable[[str], None],
    progress: Callable[[str], None],
) -> None:
    """Leave the files of a data set in `unfinished.whole`, verified, with what is added up."""
    card, new = one.card, [file for file in one.card.files if file.file not in known.alone]
    unfinished.drop_all_but({key_of(file) for file in new} | orders_in_steps(unfinished.sums))
    places = dict(known.alone)
    if unfinished.folder.is_dir():
        found = unfinished.taken_up(new)
        tell(_taken_up(card, [file for file in new if file.file in found], new))
        places |= found
    new = [file for file in new if file.file not in places]
    with checker(home) as connection:
        for files in _in_portions(new):
            unfinished.bring(files, one.landed.folder)
            verify_alone(card, files, connection, unfinished.arriving)
            places |= unfinished.keep(files)
            progress(f"{one.landed.key}: {len(places)} of {len(card.files)} files are verified")
        whole = unfinished.put_together(card.files, places)
        verify_together(card, connection, whole, known.settled)
        unfinished.note_together(card.files)
        if card.spark is not None:
            lists = {
                table.name: connection.sql(select).to_arrow_table()
                for table, select in list_selects(card, whole)
            }
            records = {
                contract: [whole / file.file for file in card.files_of(contract)]
                for contract in RECORD_VIEWS
            }
            given = OnSpark(card.dataset, card.spark, records, lists)
            compute_on_spark(given, results_folder(whole), progress)
        elif card.files_of(ORDER.name):
            orders = Orders(
                card.dataset,
                {key_of(file): whole / file.file for file in card.files_of(ORDER.name)},
                known.sums,
                unfinished.everything_verified(),
            )
            progress(f"{one.landed.key} is verified; adding up its orders")
            write_order_sums(connection, orders, whole, unfinished.sums, progress)


def _in_portions(files: Iterable[DatasetFile]) -> Iterator[list[DatasetFile]]:
    """So many at once that small files need no scan each, and a stop loses but a moment."""
    portion: list[DatasetFile] = []
    for file in files:
        portion.append(file)
        if sum(each.bytes for each in portion) >= _PORTION_BYTES:
            yield portion
            portion = []
    if portion:
        yield portion


def _taken_up(card: DatasetCard, found: Sequence[DatasetFile], new: Sequence[DatasetFile]) -> str:
    """How much of a data set an intake that was stopped has left."""
    months = [file for file in new if file.contract == ORDER.name]
    what = "months" if months else "files"
    left = [file for file in found if file in (months or new)]
    return (
        f"{TOWN_STUDY_FOLDER}/{card.dataset}: its intake was stopped before; "
        f"{what} taken up: {len(left)} of {len(months or new)}"
    )


@contextmanager
def checker(home: Home, memory: str = _CHECKERS_MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that spills to the warehouse's own folder, for what does not mind threads.

    memory: what it may take, unless a person says how much.
    """
    spill = private_folder(home.state / "spill")
    with in_memory() as connection, explained(spill):
        connection.execute(f"set temp_directory = {literal(spill)}")
        connection.execute(f"set memory_limit = {literal(memory_limit(memory))}")
        connection.execute(f"set threads = {os.cpu_count() or 1}")
        yield connection
