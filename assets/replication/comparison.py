"""Every published study of the warehouse computed again: the rows of model.printed_comparison.

Belongs here: from raw rows to rows of results. Not here: computing and judging (replicate.py).
"""

from collections.abc import Iterator

import pandas as pd

from assets.replication.contract import PrintedNumber, Replication
from assets.replication.documents import Documents, data_of, printed_in, regions_of
from assets.replication.replicate import Replicated, replicated
from assets.replication.replication_rows import PrintedComparisonRow
from assets.vintages.failures import Failures
from assets.vintages.keys import PANEL
from assets.warehouse.tables.row import as_frame


def comparison_frame(
    studies: pd.DataFrame,
    data_files: pd.DataFrame,
    typed: pd.DataFrame,
    documents: Documents,
    failures: Failures,
) -> pd.DataFrame:
    """Each printed number of each study with what became of it.

    studies: rows of raw.replication; data_files: of raw.replication_data; typed: of
    raw.printed_number.
    """
    rows: list[PrintedComparisonRow] = []
    for study in studies.to_dict("records"):
        name = str(study["replication"])
        with failures.entry(name, "printed numbers"):
            contract = Replication.model_validate_json(study["contract"])
            files = data_files[data_files["replication"] == name]
            texts = dict(zip(files["data"], files["content"], strict=True))
            data = data_of(contract, texts, documents)
            lines = typed[typed["replication"] == name]
            printed = [*_typed_numbers(lines), *printed_in(contract, documents)]
            regions = regions_of(contract, data)
            rows += [
                _row(failures.vintage, contract, regions, each)
                for each in replicated(contract, data, printed).numbers
            ]
    return as_frame(PrintedComparisonRow, rows)


def _typed_numbers(lines: pd.DataFrame) -> Iterator[PrintedNumber]:
    for line in lines.to_dict("records"):
        yield PrintedNumber(
            table=line["table_number"],
            cell=line["cell"],
            step=line["step"],
            term=line["term"],
            statistic=line["statistic"],
            asked=(line["term"], line["statistic"]),
            printed=line["printed_value"],
            reason=line["reason"],
        )


def _row(
    vintage: str, contract: Replication, regions: dict[str, str], each: Replicated
) -> PrintedComparisonRow:
    number = each.number
    source, _, edition = number.document.partition("/")
    data = contract.steps[number.step].data if number.step else ""
    return PrintedComparisonRow(
        vintage=vintage,
        study=contract.replication,
        region=regions.get(data, PANEL),
        sample=data,
        source=source,
        edition=int(edition) if edition else None,
        table_number=number.table,
        step=number.step,
        term=number.term,
        other_term=number.other_term,
        statistic=number.statistic,
        printed_value=number.printed,
        computed=each.computed,
        agrees=None if each.computed is None else each.verdict == "reproduced",
        cell=number.cell,
        verdict=each.verdict,
        reason=each.reason,
    )
