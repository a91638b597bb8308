"""What the files of a data set say together: keys, references, years told once, by DuckDB.

Belongs here: what is looked at across files. Not here: what a file says alone (`alone.py`),
plausibility (`expectations/`), storing anything. Records are never held in memory: files may be
gigabytes. Its SQL is put together here and not in `sql/`: its columns, conditions and files are the
contract's.
"""

from collections.abc import Collection, Sequence
from itertools import pairwise
from pathlib import Path

import duckdb

from assets.extracts.errors import DocumentError
from assets.extracts.landed.survey import TOWN_STUDY_FOLDER
from assets.extracts.written.landing_files import CARD_NAME
from assets.towns.records.contracts import CONTRACTS, ORDER, SELLER_YEAR, Contract
from assets.towns.records.dataset_card import DatasetCard
from assets.towns.records.dataset_records import (
    ROW,
    all_records,
    records_at_once,
    shown_file,
    typed_select,
)
from assets.towns.records.verifying.alone import AGAIN
from assets.warehouse.tables.table import Column
from assets.warehouse.texts.spelled import quoted

_MOST_BITS = 1_000_000_000  # DuckDB's own limit, 125 MB
_BITS_A_RECORD = 64  # from here on the bits take as long as the group

End = tuple[str, int, int]  # of a column: its name as SQL, least and greatest value


def verify_together(
    card: DatasetCard,
    connection: duckdb.DuckDBPyConnection,
    kept: Path,
    settled: Collection[str] = (),
) -> None:
    """Check the files of a data set, each of which was verified alone, as they lie in `kept`.

    connection: to no particular file; it may spill to disk. settled: names of files that were
    verified together before, and are held against the others only. Raises DocumentError naming
    file, column, row and value.
    """
    for contract in CONTRACTS.values():
        files = card.files_of(contract.name)
        if any(file.file not in settled for file in files):
            _require_key(connection, contract, card, kept, settled)
        if files:
            _require_references(connection, contract, card, kept, settled)
    _require_years_once(connection, card, kept, settled)
    _require_no_overlap(connection, card, kept)


def _require_key(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    card: DatasetCard,
    kept: Path,
    settled: Collection[str],
) -> None:
    """No key twice; two records of settled files have no key in common."""
    looked_at = records_at_once(contract, card, kept)
    types = {column.name: column for column in contract.columns}
    columns = [types[name] for name in contract.key]
    if any(file.file in settled for file in card.files_of(contract.name)) and _are_whole(columns):
        # Parquet says of each of its groups of rows what lies in it, so that most are not read.
        ends = _ends(connection, columns, records_at_once(contract, card, kept, but=settled))[1]
        near = " and ".join(f"{name} between {low} and {high}" for name, low, high in ends)
        looked_at = f"select * from ({looked_at}) where {near}"
    rows, different = _counted(connection, columns, looked_at)
    if rows == different:
        return
    records = all_records(contract, card, kept)
    names = ", ".join(quoted(name) for name in contract.key)
    doubled = connection.execute(
        f"select {names} from ({records}) group by {names} having count(*) > 1 "
        f"order by {names} limit 1"
    ).fetchall()
    for key in doubled:
        values = list(zip(contract.key, key, strict=True))
        where = " and ".join(f"{quoted(name)} = ?" for name, _ in values)
        places = connection.execute(
            f"select file_number, {ROW} from ({records}) where {where} order by all limit 2",
            list(key),
        ).fetchall()
        (first_file, first_row), (file, row) = places
        files = card.files_of(contract.name)
        shown = ", ".join(f"{name} {value}" for name, value in values)
        raise DocumentError(
            shown_file(card, files[file]),
            cell=f"column {contract.key[-1]}, row {row}",
            found=f"{shown} stands there for the second time, after row {first_row} of "
            f"{files[first_file].file}",
            expected=contract.grain,
            advice=AGAIN,
        )


def _counted(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], records: str
) -> tuple[int, int | None]:
    """How many records there are, and how many different values they have in these columns.

    Whole numbers that lie close have a place in a row of bits each, which takes a tenth of what
    grouping the records does. None for the second, where they are texts or lie far apart.
    """
    if not _are_whole(columns):
        return 0, None
    rows, ends = _ends(connection, columns, records)
    return rows, _different(connection, ends, rows, records)


def _different(
    connection: duckdb.DuckDBPyConnection, ends: Sequence[End], rows: int, records: str
) -> int | None:
    """How many different values some `rows` records have; None where one lies beyond the ends."""
    place, bits = "cast(0 as bigint)", 1
    for name, low, high in ends:
        place = f"({place}) * {high - low + 1} + ({name} - ({low}))"
        bits *= high - low + 1
    if bits > min(_MOST_BITS, _BITS_A_RECORD * rows):
        return None
    inside = " and ".join(f"{name} between {low} and {high}" for name, low, high in ends)
    place = f"case when {inside} then {place} end"
    [(beyond, different)] = connection.execute(
        f"select count_if(not ({inside})), bit_count(bitstring_agg({place}, 0, {bits - 1})) "
        f"from ({records})"
    ).fetchall()
    return None if beyond else different


def _are_whole(columns: Sequence[Column]) -> bool:
    return all(column.type in ("INTEGER", "BIGINT") for column in columns)


def _ends(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], records: str
) -> tuple[int, list[End]]:
    """How many records there are, and the ends of each column."""
    names = [quoted(column.name) for column in columns]
    asked = ", ".join(f"min({name}), max({name})" for name in names)
    [(rows, *ends)] = connection.execute(f"select count(*), {asked} from ({records})").fetchall()
    return rows, list(zip(names, ends[::2], ends[1::2], strict=True))


def _require_references(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    card: DatasetCard,
    kept: Path,
    settled: Collection[str],
) -> None:
    """What a record refers to is there; a settled file's is, where the other file is settled."""
    columns = {column.name: column for column in contract.columns}
    for name, other in contract.refers:
        stands = settled if card.files_of(other)[0].file in settled else ()
        if all(file.file in stands for file in card.files_of(contract.name)):
            continue
        known = all_records(CONTRACTS[other], card, kept)
        records = all_records(contract, card, kept, but=stands)
        if _are_whole([columns[name]]):
            listed = records_at_once(CONTRACTS[other], card, kept)
            number, ends = _ends(connection, [columns[name]], listed)
            referring = records_at_once(contract, card, kept, but=stands)
            both = " union all ".join(
                f"select {quoted(name)} from ({each})" for each in (listed, referring)
            )
            rows = number + sum(file.rows for file in card.files_of(contract.name))
            if _different(connection, ends, rows, both) == number:  # none but the known ones
                continue
        strangers = connection.execute(
            f"select file_number, {ROW}, records.{quoted(name)} "
            f"from ({records}) as records "
            f"anti join ({known}) as known on known.{quoted(name)} = records.{quoted(name)} "
            f"order by file_number, {ROW} limit 1"
        ).fetchall()
        for file, row, value in strangers:
            raise DocumentError(
                shown_file(card, card.files_of(contract.name)[file]),
                cell=f"column {name}, row {row}",
                found=f"{value} is in no record of contract {other}",
                expected=f"a {name} of {card.files_of(other)[0].file}",
                advice="Add the record that is missing, or take this one out; then sign the card.",
            )


def _require_years_once(
    connection: duckdb.DuckDBPyConnection, card: DatasetCard, kept: Path, settled: Collection[str]
) -> None:
    """A year is told either by orders or by annual records: both would count its sales twice."""
    orders, annual = card.files_of(ORDER.name), card.files_of(SELLER_YEAR.name)
    stands = settled if all(file.file in settled for file in annual) else ()
    if not annual or all(file.file in stands for file in orders):
        return
    both = connection.execute(
        f"select distinct year from ({all_records(SELLER_YEAR, card, kept)}) where year in "
        "(select distinct year(ordered_on) "
        f"from ({records_at_once(ORDER, card, kept, but=stands)})) order by 1"
    ).fetchall()
    if both:
        years = ", ".join(str(year) for (year,) in both)
        raise DocumentError(
            f"landing/{TOWN_STUDY_FOLDER}/{card.dataset}/{CARD_NAME}",
            field="files",
            found=f"orders and annual records both tell of {years}",
            expected="each year in one of the two",
            advice="Take the orders or the annual records of these years out.",
        )


def _require_no_overlap(
    connection: duckdb.DuckDBPyConnection, card: DatasetCard, kept: Path
) -> None:
    """The rules of a data set: no year with two of them, and none in between without one."""
    for file in card.files_of("regime"):
        select = typed_select(file, kept / file.file)
        periods: Sequence[tuple[int, int | None]] = connection.execute(
            f"select from_year, to_year from ({select}) order by from_year"
        ).fetchall()
        for (start, end), (following, _) in pairwise(periods):
            if end is None or following != end + 1:
                raise DocumentError(
                    shown_file(card, file),
                    cell=f"column to_year, rule from {start}",
                    found=f"it ends {end or 'never'} and the next begins in {following}",
                    expected="rules that follow each other without gap or overlap",
                    advice=AGAIN,
                )
