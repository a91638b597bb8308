"""The records of a data set's files as SELECTs: of one file, of all of a contract.

Belongs here: reading Parquet and CSV by DuckDB with the types of the contract, and the name under
which a person knows a file. Not here: whether the records are right (`verifying/`).
The SQL is put together here and not in `sql/`: its columns and files are the contract's.
"""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from assets.extracts.landed.survey import TOWN_STUDY_FOLDER
from assets.towns.records.contracts import CONTRACTS, REGIME, Contract
from assets.towns.records.dataset_card import DatasetCard, DatasetFile
from assets.towns.records.record_rows import LIST_TABLES, records_select
from assets.warehouse.tables.table import Table
from assets.warehouse.texts.spelled import literal, quoted

_REAL_REGIMES = Path(__file__).with_name("certification_regimes.csv")
ROW = "place_in_file"  # from 1, header not counted


def typed_select(file: DatasetFile, path: Path) -> str:
    """A SELECT of the file's records with the columns and types of its contract."""
    names = (quoted(column.name) for column in CONTRACTS[file.contract].columns)
    return f"select {', '.join(names)} from ({file_records(file.contract, path)})"


def file_records(contract: str, path: Path) -> str:
    """A SELECT of the contract's columns, typed, with the place of each row; no other columns."""
    columns = CONTRACTS[contract].columns
    if path.suffix == ".parquet":
        names = ", ".join(quoted(column.name) for column in columns)
        return (
            f"select {names}, file_row_number + 1 as {ROW} "
            f"from read_parquet({literal(path)}, file_row_number = true)"
        )
    casts = ", ".join(
        f"try_cast({quoted(c.name)} as {c.type}) as {quoted(c.name)}" for c in columns
    )
    return f"select {casts}, {ROW} from ({csv_texts(path)})"


def csv_texts(path: Path) -> str:
    """Texts of a CSV file; an empty field is no value."""
    return (
        f"select *, row_number() over () as {ROW} "
        f"from read_csv({literal(path)}, all_varchar = true, header = true, delim = ',')"
    )


def shown_file(card: DatasetCard, file: DatasetFile) -> str:
    """Under which name a person knows a file."""
    return f"landing/{TOWN_STUDY_FOLDER}/{card.dataset}/{file.file}"


def all_records(
    contract: Contract, card: DatasetCard, kept: Path, but: Collection[str] = ()
) -> str:
    """Every record of a contract with its place and the number of its file.

    but: names of files that are left out, which are not all.
    """
    return " union all ".join(
        f"select *, {number} as file_number from ({file_records(contract.name, kept / file.file)})"
        for number, file in enumerate(card.files_of(contract.name))
        if file.file not in but
    )


def records_at_once(
    contract: Contract, card: DatasetCard, kept: Path, but: Collection[str] = ()
) -> str:
    """The same records without their places, read in one scan: each scan has bits of its own."""
    files = [file for file in card.files_of(contract.name) if file.file not in but]
    return records_of(contract, card.dataset, files, kept)


def records_of(contract: Contract, dataset: str, files: Sequence[DatasetFile], folder: Path) -> str:
    """Every record of some files of a contract, at least one, read in one scan."""
    paths = [folder / file.file for file in files]
    if paths[0].suffix == ".csv":  # a list is one file
        return typed_select(files[0], paths[0])
    return records_select(dataset, contract, paths)


def list_selects(card: DatasetCard, kept: Path) -> Iterator[tuple[Table, str]]:
    """For the table of each kind of list, a SELECT of the data set's rows, of which may be none."""
    for contract, table in LIST_TABLES.items():
        selects = [typed_select(file, kept / file.file) for file in card.files_of(contract)]
        if contract == REGIME.name and not selects:
            real = DatasetFile.model_construct(contract=contract)
            selects = [typed_select(real, _REAL_REGIMES)]
        if not selects:
            nothing = (f"cast(null as {c.type}) as {quoted(c.name)}" for c in table.columns[1:])
            selects = [f"select {', '.join(nothing)} where false"]
        for select in selects:
            yield table, f"select {literal(card.dataset)} as dataset, * from ({select})"
