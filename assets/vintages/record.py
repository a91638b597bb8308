"""What a vintage records, so that it can be refitted and compared when everything has moved on.

Belongs here: the rows of the vintage's name, study definitions, documents, index values and years.
Not here: the results (`results.py`), fingerprints (`assets/vintages/fingerprint.py`), the clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from assets.vintages.fingerprint import Vintage
from assets.vintages.vintage_rows import (
    EstimationYearRow,
    IndexValueRow,
    StudyDefinitionRow,
    VintageDocumentRow,
    VintageRow,
)
from assets.warehouse.table import Table, as_frame


@dataclass(frozen=True, slots=True)
class Computed:
    """When and by what a vintage was first computed."""

    at: datetime  # UTC, without zone
    code_version: str
    versions: str  # JSON: Python and the libraries


def vintage_frames(
    vintage: Vintage,
    computed: Computed,
    definitions: Mapping[str, str],
    documents: pd.DataFrame,
    index_value: pd.DataFrame,
    estimation_year: pd.DataFrame,
) -> dict[Table, pd.DataFrame]:
    """The rows of every table that records a vintage.

    definitions: JSON of each study, by its name; documents: source, edition, content_sha256 of the
    documents in force; index_value and estimation_year: rows of those tables in `indices`.
    """
    fingerprints = (vintage.input_fingerprint, vintage.definition_fingerprint)
    made_with = (computed.code_version, computed.versions)
    name_row = (vintage.name, computed.at, *fingerprints, *made_with, len(documents))
    studies = [(vintage.name, study, definition) for study, definition in definitions.items()]
    return {
        VintageRow.table: as_frame(VintageRow.table, [name_row]),
        StudyDefinitionRow.table: as_frame(StudyDefinitionRow.table, studies),
        VintageDocumentRow.table: _of_vintage(VintageDocumentRow.table, vintage.name, documents),
        IndexValueRow.table: _of_vintage(IndexValueRow.table, vintage.name, index_value),
        EstimationYearRow.table: _of_vintage(
            EstimationYearRow.table, vintage.name, estimation_year
        ),
    }


def _of_vintage(table: Table, vintage: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The columns that the table declares, under the name of the vintage."""
    return rows.assign(vintage=vintage)[[column.name for column in table.columns]]
