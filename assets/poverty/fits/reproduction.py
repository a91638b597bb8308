"""A past vintage fitted again from what it recorded.

Belongs here: the refit. Not here: reading the warehouse, the methods, how far the numbers are apart
(`assets/vintages/difference.py`), and results that rest on more than a vintage records (robustness,
audit: they also read the papers' cards).
"""

from collections.abc import Iterable

import pandas as pd
from pydantic import ValidationError

from assets.poverty.fits.fit_rows import CoefficientRow, DiagnosticRow, FitRow
from assets.poverty.fits.panel_fits import fit_panels
from assets.poverty.fits.result_frames import result_frames
from assets.poverty.fits.sample_fits import fit_samples
from assets.poverty.study_files.errors import StudyError
from assets.poverty.study_files.study import Study
from assets.warehouse.tables.table import Table

REFITTED_TABLES = (FitRow.table, CoefficientRow.table, DiagnosticRow.table)


def refit(
    vintage: str,
    definitions: Iterable[str],
    model_input: pd.DataFrame,
    estimation_year: pd.DataFrame,
) -> dict[Table, pd.DataFrame]:
    """Fit a vintage's samples again; rows of model.fit, model.coefficient and model.diagnostic.

    definitions: the vintage's study definitions, JSON; model_input and estimation_year: its rows
    of model.input and model.vintage_estimation_year. Raises StudyError for a definition of a form
    that this version of the code cannot read.
    """
    try:
        studies = [Study.model_validate_json(definition) for definition in definitions]
    except ValidationError as error:
        raise StudyError(
            f"Vintage {vintage} records a study that this version of yearbook cannot read:\n"
            f"  {error}\n"
            f"  Refit it with the version that model.vintage names."
        ) from error
    fits = fit_samples(studies, model_input, estimation_year)
    frames = result_frames(vintage, fits, fit_panels(studies, model_input))
    return {table: frames[table] for table in REFITTED_TABLES}
