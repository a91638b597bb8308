"""The records of a data set's files as SELECTs: of one file, of all of a contract.

Belongs here: reading Parquet and CSV by DuckDB with the types of the contract, and the name under
which a person knows a file. Not here: whether the records are right (`dataset_verification.py`).
The SQL is put together here and not in `sql/`: its columns and files are the contract's.
"""

from collections.abc import Collection
from pathlib import Path

from assets.extracts.landed.survey import TOWN_STUDY_FOLDER
from assets.towns.records.contracts import CONTRACTS, Contract
from assets.towns.records.dataset_card import DatasetCard, DatasetFile
from assets.towns.records.record_rows import records_select
from assets.warehouse.texts.spelled import literal, quoted

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
    paths = [kept / file.file for file in files]
    if paths[0].suffix == ".csv":  # a list is one file
        return typed_select(files[0], paths[0])
    return records_select(card.dataset, contract, paths)
