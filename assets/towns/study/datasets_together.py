"""Results of all data sets together, as one frame a table.

Belongs here: going over the data sets. Not here: what is done with one of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from assets.towns.study.findings import finding_rows
from assets.towns.study.scenarios import policy_rows
from assets.towns.study.study_data import StudyData
from assets.towns.study.without_certification import inequality_rows
from assets.towns.town_rows import TownFindingRow, TownInequalityRow, TownPolicyRow
from assets.warehouse.table import Table, as_frame


def inequality_of_all(datasets: Iterable[StudyData], vintage: str) -> pd.DataFrame:
    """Rows of `model.town_inequality` of every data set."""
    return stacked(TownInequalityRow.table, [inequality_rows(data, vintage) for data in datasets])


def policies_of_all(datasets: Iterable[StudyData], vintage: str) -> pd.DataFrame:
    """Rows of `model.town_policy` of every data set."""
    return stacked(TownPolicyRow.table, [policy_rows(data, vintage) for data in datasets])


def findings_of_all(
    estimates: pd.DataFrame,
    truths: Mapping[str, Mapping[str, Any] | None],
    simulated: Mapping[str, bool],
    vintage: str,
) -> pd.DataFrame:
    """Rows of `model.town_finding` of every data set; truths and simulated by its name."""
    rows = [
        finding_rows(estimates, truth, vintage, name, simulated[name])
        for name, truth in truths.items()
    ]
    return stacked(TownFindingRow.table, rows)


def stacked(table: Table, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames of one table, one below the other; empty where there is none with a row."""
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else as_frame(table, [])
