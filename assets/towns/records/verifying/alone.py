"""What a file of a data set says alone: bytes, columns, number of records, values, by DuckDB.

Belongs here: what is looked at in one file, of many at once where none is wrong. Not here: what
files say together (`together.py`), plausibility (`expectations/`), storing anything. Its SQL is put
together here and not in `sql/`: its columns and conditions are the contract's.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from assets.extracts.cards.content import file_sha256
from assets.extracts.errors import DocumentError
from assets.towns.records.contracts import CONTRACTS, Contract
from assets.towns.records.dataset_card import DatasetCard, DatasetFile
from assets.towns.records.dataset_records import (
    ROW,
    csv_texts,
    file_records,
    records_of,
    shown_file,
    typed_select,
)
from assets.warehouse.queries import query_text
from assets.warehouse.tables.catalog import described
from assets.warehouse.tables.table import Column
from assets.warehouse.texts.spelled import literal, quoted

AGAIN = "Correct the file, and its sha256, bytes and rows in the card; or fetch it again."


def verify_alone(
    card: DatasetCard,
    files: Sequence[DatasetFile],
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
) -> None:
    """Check each of some files of a data set as it lies in a folder.

    connection: to no particular file; it may spill to disk. Raises DocumentError naming file,
    column, row and value.
    """
    for file in files:
        _require_bytes(file, folder / file.file, shown_file(card, file))
    if not _are_as_stated(connection, files, folder):
        for file in files:
            _require_columns(connection, file, folder / file.file, shown_file(card, file))
            _require_rows(connection, file, folder / file.file, shown_file(card, file))
    for contract in CONTRACTS.values():
        of_contract = [file for file in files if file.contract == contract.name]
        if of_contract:
            _require_values(connection, contract, card, of_contract, folder)


def _are_as_stated(
    connection: duckdb.DuckDBPyConnection, files: Sequence[DatasetFile], folder: Path
) -> bool:
    """Whether all are Parquet and say themselves that they are as contract and card have it."""
    paths = [str(folder / file.file) for file in files]
    if not all(path.endswith(".parquet") for path in paths):
        return False
    try:
        found = connection.execute(query_text("towns/parquet_shapes"), {"files": paths}).fetchall()
    except duckdb.Error:  # the one that cannot be read is named by reading each
        return False
    stated = [
        (path, file.rows, [f"{c.name} {c.type}" for c in CONTRACTS[file.contract].columns])
        for path, file in zip(paths, files, strict=True)
    ]
    return sorted(found) == sorted((path, rows, sorted(names)) for path, rows, names in stated)


def _require_bytes(file: DatasetFile, path: Path, shown: str) -> None:
    if not path.is_file():
        raise DocumentError(
            shown,
            found="there is no such file",
            expected="a plain file beside the card, as its field files says",
            advice="Put the file there or take it out of the card.",
        )
    found = (file_sha256(path), path.stat().st_size)
    if found != (file.sha256, file.bytes):
        raise DocumentError(
            shown,
            found=f"its sha256 is {found[0]} ({found[1]} bytes)",
            expected=f"{file.sha256} ({file.bytes} bytes), as the card says",
            advice="Fetch the file again if it was damaged; if it was issued anew, sign the card.",
        )


def _require_columns(
    connection: duckdb.DuckDBPyConnection, file: DatasetFile, path: Path, shown: str
) -> None:
    is_csv = path.suffix == ".csv"
    reader = csv_texts(path) if is_csv else f"from read_parquet({literal(path)})"
    try:
        found = described(connection, reader)
    except duckdb.Error as error:
        raise DocumentError(
            shown,
            found=f"it cannot be read: {str(error).splitlines()[0].rstrip('.')}",
            expected=f"a {path.suffix.removeprefix('.')} file in UTF-8",
            advice=AGAIN,
        ) from error
    found.pop(ROW, None)
    expected = {c.name: "VARCHAR" if is_csv else c.type for c in CONTRACTS[file.contract].columns}
    if problems := _differences(found, expected):
        raise DocumentError(
            shown,
            found="; ".join(problems),
            expected=f"the columns of contract {file.contract}: "
            + ", ".join(f"{c.name} {c.type}" for c in CONTRACTS[file.contract].columns),
            advice=AGAIN,
        )


def _differences(found: dict[str, str], expected: dict[str, str]) -> list[str]:
    return [
        *(f"column {name} is missing" for name in expected if name not in found),
        *(f"column {name} is not in the contract" for name in found if name not in expected),
        *(
            f"column {name} is {found[name]}, not {kind}"
            for name, kind in expected.items()
            if name in found and found[name] != kind
        ),
    ]


def _require_rows(
    connection: duckdb.DuckDBPyConnection, file: DatasetFile, path: Path, shown: str
) -> None:
    [(rows,)] = connection.execute(f"select count(*) from ({typed_select(file, path)})").fetchall()
    if rows != file.rows:
        raise DocumentError(
            shown,
            found=f"it holds {rows} records",
            expected=f"{file.rows}, as the card says",
            advice="Correct rows in the card, or fetch the file again.",
        )


def _require_values(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    card: DatasetCard,
    files: Sequence[DatasetFile],
    folder: Path,
) -> None:
    """Every value there, of its type, and as the contract's conditions say.

    The files are scanned at once; each alone only where something is wrong, to name its place.
    """
    for file in files:
        for column in contract.columns if file.file.endswith(".csv") else ():
            name = quoted(column.name)
            bad = f"{name} is not null and try_cast({name} as {column.type}) is null"
            records = csv_texts(folder / file.file)
            expected = f"a value of type {column.type}"
            _refuse(connection, records, bad, column, shown_file(card, file), expected)
    wrong: list[tuple[Column, str, str]] = [
        (column, f"{quoted(column.name)} is null", f"a value: {column.comment}")
        for column in contract.columns
        if not column.nullable
    ]
    columns = {column.name: column for column in contract.columns}
    wrong += [
        (
            columns[each.column],
            f"{quoted(each.column)} is not null and not ({each.sql})",
            f"{each.expected} ({columns[each.column].type})",
        )
        for each in contract.conditions
    ]
    any_wrong = " or ".join(f"({condition})" for _, condition, _ in wrong)
    records = records_of(contract, card.dataset, files, folder)
    looked_at = f"select exists (from ({records}) where {any_wrong})"
    if connection.execute(looked_at).fetchall() == [(False,)]:
        return
    for file in files:
        for column, condition, text in wrong:
            records = file_records(contract.name, folder / file.file)
            _refuse(connection, records, condition, column, shown_file(card, file), text)


def _refuse(
    connection: duckdb.DuckDBPyConnection,
    records: str,
    condition: str,
    column: Column,
    shown: str,
    expected: str,
) -> None:
    first = connection.execute(
        f"select {ROW}, {quoted(column.name)} from ({records}) where {condition} "
        f"order by {ROW} limit 1"
    ).fetchall()
    for row, value in first:
        what = "no value" if value is None else f"'{value}'"
        raise DocumentError(
            shown,
            cell=f"column {column.name}, row {row}",
            found=f"found {what}",
            expected=expected,
            advice=AGAIN,
        )
