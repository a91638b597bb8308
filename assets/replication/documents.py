"""Documents of `landing/` as a published study takes them: figures as data, results as printed.

Belongs here: rows of the warehouse as columns of a data file, and as printed numbers. Not here:
reading documents (`assets/extracts`), computing (steps.py).
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from pydantic import ValidationError

from assets.extracts.document import document_frames, read_document
from assets.extracts.document_rows import ObservationRow, PublishedStatisticRow
from assets.extracts.written.landing_files import CARD_NAME
from assets.papers.printed_place import SETTINGS
from assets.replication.contract import PrintedNumber, Replication, data_frame


@dataclass(frozen=True, slots=True)
class Documents:
    """Rows of raw.observation and of raw.published_statistic."""

    figures: pd.DataFrame
    results: pd.DataFrame


def documents_in(landing: Path, contract: Replication) -> Documents:
    """The documents that a contract names, read from `landing`. Raises DocumentError."""
    named = sorted(contract.documents)
    read = [read_document(landing / each / CARD_NAME, landing) for each in named]
    frames = document_frames(read)
    figures, results = (frames[kind.table.name] for kind in (ObservationRow, PublishedStatisticRow))
    return Documents(figures, results)


def named_by(studies: pd.DataFrame) -> list[str]:
    """The documents that any study names, as source/edition. studies: rows of raw.replication."""
    named: set[str] = set()
    for contract in studies["contract"]:
        with suppress(ValidationError):  # the study fails alone, where it is compared
            named |= Replication.model_validate_json(contract).documents
    return sorted(named)


def data_of(
    contract: Replication, texts: Mapping[str, str], documents: Documents
) -> dict[str, pd.DataFrame]:
    """The data of a study by name, of its files and of documents; those that are in."""
    data = {name: data_frame(text) for name, text in texts.items()}
    for name, each in contract.data.items():
        if each.document is not None:
            rows = _of(documents.figures, each.document)
            if not rows.empty:
                data[name] = _a_row_a_year(rows)
    return data


def regions_of(contract: Replication, data: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Of each data that is of one region alone, which."""
    found = {}
    for name, each in contract.data.items():
        if each.document is not None and name in data:
            regions = set(data[name]["region"])
            if len(regions) == 1:
                found[name] = str(regions.pop())
    return found


def printed_in(contract: Replication, documents: Documents) -> list[PrintedNumber]:
    """The numbers of the document with the printed tables; settings of the fit are none."""
    if contract.printed is None:
        return []
    document, step = contract.printed.document, contract.printed.step
    numbers = []
    for row in _of(documents.results, document).to_dict("records"):
        if row["statistic"] in SETTINGS:
            continue
        # A CSV file has no sheet, which a frame may hold as NaN.
        cell = (part for part in (row["sheet"], row["cell"]) if isinstance(part, str))
        ridge = "ridge " if row["estimator"] == "ridge" else ""
        term = " with ".join(filter(None, (row["term"], row["other_term"])))
        numbers.append(
            PrintedNumber(
                table=row["table_number"],
                cell=" ".join(cell),
                step=step,
                term=row["term"],
                other_term=row["other_term"],
                statistic=row["statistic"],
                asked=(term, f"{ridge}{row['statistic']}"),
                printed=row["printed_value"],
                document=document,
            )
        )
    return numbers


def _of(rows: pd.DataFrame, document: str) -> pd.DataFrame:
    source, _, edition = document.partition("/")
    return rows[(rows["source"] == source) & (rows["edition"] == int(edition))]


def _a_row_a_year(rows: pd.DataFrame) -> pd.DataFrame:
    """Figures of a document wide, by the indicators' own definitions: region, year, indicators."""
    own = rows[rows["definition"] == "own"]
    wide = own.pivot(index=["region", "reference_year"], columns="indicator", values="value")
    return wide.reset_index().rename(columns={"reference_year": "year"}).rename_axis(columns=None)
