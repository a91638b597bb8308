"""Taking published studies in: what waits in `landing/replications/`, and the raw rows it gives.

Belongs here: finding folders, reading them, writing `raw.replication*` and what is refused. Not
here: the contract (contract.py), computing.

A folder that cannot be read leaves what it said before in force, as with documents.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assets.extracts.document_rows import QuarantineRow
from assets.extracts.errors import DocumentError, refusing
from assets.extracts.landed.quarantine import end_quarantine, forget_refusals, quarantine, refusal
from assets.extracts.landed.survey import REPLICATIONS_FOLDER
from assets.replication.contract import (
    CONTRACT_NAME,
    PrintedNumber,
    Replication,
    read_contract,
    read_data,
    read_printed,
)
from assets.replication.replication_rows import (
    RAW_TABLES,
    PrintedNumberRow,
    ReplicationDataRow,
    ReplicationRow,
)
from assets.replication.survey import LandedReplication
from assets.warehouse.store import Store
from assets.warehouse.tables.row import as_frame


@dataclass(frozen=True, slots=True)
class ReadReplication:
    """A folder that is as its contract says."""

    landed: LandedReplication
    contract: Replication
    texts: Mapping[str, str]  # of data files, by name
    printed: Sequence[PrintedNumber]


@dataclass(frozen=True, slots=True)
class ReplicationIntake:
    """What one reading of the waiting folders gave."""

    accepted: tuple[ReadReplication, ...]
    refused: tuple[QuarantineRow, ...]


def read_replications(waiting: Sequence[LandedReplication]) -> ReplicationIntake:
    """Read every waiting folder; a bad one is refused and the others go on."""
    accepted, refused = [], []
    for landed in waiting:
        try:
            with refusing(f"landing/{landed.key}"):
                accepted.append(_read(landed))
        except DocumentError as error:
            name, content = landed.replication, landed.content_sha256
            refused.append(refusal(REPLICATIONS_FOLDER, name, content, error))
    return ReplicationIntake(tuple(accepted), tuple(refused))


def write_replications(store: Store, intake: ReplicationIntake) -> None:
    """Write what was read in one transaction; a refused folder leaves what it said before."""
    with store.transaction() as writes:
        writes.ensure(*RAW_TABLES, QuarantineRow.table)
        for each in intake.accepted:
            name = {"replication": each.landed.replication}
            for table, frame in (
                (ReplicationRow.table, as_frame(ReplicationRow, [_replication_row(each)])),
                (ReplicationDataRow.table, as_frame(ReplicationDataRow, _data_rows(each))),
                (PrintedNumberRow.table, as_frame(PrintedNumberRow, _printed_rows(each))),
            ):
                writes.replace_where(table, frame, name, allow_empty=True)
            end_quarantine(writes, REPLICATIONS_FOLDER, each.landed.replication)
        quarantine(writes, intake.refused)


def forget_gone_replications(
    store: Store, landed: Collection[str], published: Collection[str]
) -> None:
    """Forget studies never published whose folder is gone, and refusals of such.

    landed, published: names of studies. What readers have seen stands.
    """
    with store.transaction() as writes:
        for table in RAW_TABLES:
            writes.connection.execute(
                f"delete from {table.name} where not list_contains(?, replication)",
                [sorted({*landed, *published})],
            )
        forget_refusals(writes, REPLICATIONS_FOLDER, landed)


def _read(landed: LandedReplication) -> ReadReplication:
    contract = read_contract(landed.folder)
    if contract.replication != landed.replication:
        raise DocumentError(
            f"{landed.folder.name}/{CONTRACT_NAME}",
            field="replication",
            found=f"'{contract.replication}'",
            expected=f"'{landed.replication}', as the folder",
            advice="Rename one of the two.",
        )
    texts, printed = read_data(landed.folder, contract), read_printed(landed.folder, contract)
    return ReadReplication(landed, contract, texts, printed)


def _replication_row(each: ReadReplication) -> ReplicationRow:
    return ReplicationRow(
        replication=each.landed.replication,
        title=each.contract.title,
        published_in=each.contract.source,
        contract=each.contract.model_dump_json(),
        content_sha256=each.landed.content_sha256,
    )


def _data_rows(each: ReadReplication) -> list[ReplicationDataRow]:
    return [
        ReplicationDataRow(
            replication=each.landed.replication,
            data=name,
            file=each.contract.data[name].file or "",
            content=text,
        )
        for name, text in each.texts.items()
    ]


def _printed_rows(each: ReadReplication) -> list[PrintedNumberRow]:
    return [
        PrintedNumberRow(
            replication=each.landed.replication,
            line=line,
            table_number=number.table,
            cell=number.cell,
            step=number.step,
            term=number.term,
            statistic=number.statistic,
            printed_value=number.printed,
            reason=number.reason,
        )
        for line, number in enumerate(each.printed, start=2)
    ]
