"""What was taken in of data sets, written whole: the `raw.*` rows and the views of schema `micro`.

Belongs here: one transaction for all, and what is forgotten. Not here: reading
(`dataset_intake.py`), the view over sums of orders (`order_year_view.py`), Dagster.
"""

import json
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

from assets.extracts.document_rows import QuarantineRow
from assets.extracts.landed.quarantine import end_quarantine, forget_refusals, quarantine
from assets.extracts.landed.survey import TOWN_STUDY_FOLDER
from assets.towns.records.contracts import CONTRACTS
from assets.towns.records.dataset_intake import Accepted, DatasetIntake
from assets.towns.records.dataset_records import list_selects
from assets.towns.records.dataset_survey import kept_folder
from assets.towns.records.record_rows import (
    DATASET,
    RECORD_VIEWS,
    TOWN_TABLES,
    TownDatasetRow,
    TownFileRow,
    records_select,
)
from assets.warehouse.home import Home
from assets.warehouse.queries import query_text
from assets.warehouse.store import Store
from assets.warehouse.tables.row import as_frame
from assets.warehouse.tables.table import Column
from assets.warehouse.tables.writes import Writes
from assets.warehouse.texts.spelled import literal, quoted, quoted_table


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

    landed, published: names of data sets. What readers have seen stands.
    """
    with store.transaction() as writes:
        known = sorted({*landed, *published})
        for table in TOWN_TABLES:
            writes.connection.execute(
                f"delete from {table.name} where not list_contains(?, dataset)", [known]
            )
        forget_refusals(writes, TOWN_STUDY_FOLDER, landed)
        _write_views(writes, home)


def remove_kept_of_before(home: Home, store: Store) -> None:
    """Remove kept files of contents that are not in force, from which nothing is taken over now."""
    with store.transaction() as writes:
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
    for table, select in list_selects(card, kept):
        writes.connection.execute(f"insert into {table.name} by name {select} order by all")


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
