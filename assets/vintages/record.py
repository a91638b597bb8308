"""What a vintage records, so that it can be refitted and compared when everything has moved on.

Belongs here: the rows of the vintage's name, study definitions, documents, index values and years.
Not here: the results (`results.py`), fingerprints (`assets/vintages/fingerprint.py`), the clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from assets.poverty.studies.study import Study
from assets.poverty.tables import (
    MODEL_DOCUMENT,
    MODEL_ESTIMATION_YEAR,
    MODEL_INDEX_VALUE,
    MODEL_STUDY_DEFINITION,
    MODEL_VINTAGE,
)
from assets.vintages.fingerprint import Vintage
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
    studies: Sequence[Study],
    documents: pd.DataFrame,
    index_value: pd.DataFrame,
    estimation_year: pd.DataFrame,
) -> dict[Table, pd.DataFrame]:
    """The rows of every table that records a vintage.

    documents: source, edition, content_sha256 of the documents in force; index_value and
    estimation_year: rows of the tables of that name in `indices`.
    """
    fingerprints = (vintage.input_fingerprint, vintage.definition_fingerprint)
    made_with = (computed.code_version, computed.versions)
    name_row = (vintage.name, computed.at, *fingerprints, *made_with, len(documents))
    definitions = [(vintage.name, study.study, study.model_dump_json()) for study in studies]
    return {
        MODEL_VINTAGE: as_frame(MODEL_VINTAGE, [name_row]),
        MODEL_STUDY_DEFINITION: as_frame(MODEL_STUDY_DEFINITION, definitions),
        MODEL_DOCUMENT: _of_vintage(MODEL_DOCUMENT, vintage.name, documents),
        MODEL_INDEX_VALUE: _of_vintage(MODEL_INDEX_VALUE, vintage.name, index_value),
        MODEL_ESTIMATION_YEAR: _of_vintage(MODEL_ESTIMATION_YEAR, vintage.name, estimation_year),
    }


def _of_vintage(table: Table, vintage: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The columns that the table declares, under the name of the vintage."""
    return rows.assign(vintage=vintage)[[column.name for column in table.columns]]
