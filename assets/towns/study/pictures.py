"""The pictures of one vintage, from its published rows.

Belongs here: which rows a picture is drawn from, and PNG. Not here: drawing (`plots.py`).
"""

import base64
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from assets.towns.estimators.labels import CLEAN_CONTROLS
from assets.towns.estimators.town_effect import TownEffect
from assets.towns.questions.inequality import Lorenz
from assets.towns.study.plots import event_study_figure, findings_figure, lorenz_figure
from assets.towns.study.specification import SALES
from assets.towns.study.without_certification import OBSERVED, WITHOUT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DPI = 110


def pictures(
    estimates: pd.DataFrame, findings: pd.DataFrame, inequality: pd.DataFrame
) -> dict[str, bytes]:
    """PNG by name, `towns-<dataset>-<what>-<vintage>`; frames: rows of one vintage.

    What has no rows is not drawn.
    """
    drawn = {}
    for (vintage, dataset), rows in findings.groupby(["vintage", "dataset"]):
        mine = [frame[frame["dataset"] == dataset] for frame in (estimates, inequality)]
        for what, figure in _figures(str(dataset), rows, *mine):
            buffer = BytesIO()
            figure.savefig(buffer, format="png", dpi=_DPI)
            drawn[f"towns-{dataset}-{what}-{vintage}"] = buffer.getvalue()
    return drawn


def as_markdown(name: str, png: bytes) -> str:
    """The picture itself, where Markdown is shown."""
    return f"![{name}](data:image/png;base64,{base64.b64encode(png).decode()})"


def _figures(
    dataset: str, findings: pd.DataFrame, estimates: pd.DataFrame, inequality: pd.DataFrame
) -> "Iterator[tuple[str, Figure]]":
    simulated = bool(findings["simulated"].any())
    if findings["estimate"].notna().any():
        yield "findings", findings_figure(findings, f"Findings on {dataset}")
    effects = _event_study(estimates)
    if effects:
        title = f"Effect on log sales by years since certification, {dataset}"
        yield "event-study", event_study_figure(effects, None, title, simulated)
    curves = [_lorenz(inequality, state) for state in (OBSERVED, WITHOUT)]
    if all(len(curve.unit_share) for curve in curves):
        title = f"Sales of towns, {dataset}"
        yield "lorenz", lorenz_figure(curves[0], curves[1], title, simulated)


def _event_study(estimates: pd.DataFrame) -> list[TownEffect]:
    """Effects by event time of Callaway and Sant'Anna against towns not yet certified."""
    rows = estimates[
        (estimates["estimator"] == "callaway_santanna")
        & (estimates["sample"] == CLEAN_CONTROLS)
        & (estimates["control_pool"] == "not_yet")
        & (estimates["outcome"] == SALES)
        & (estimates["target"] == "event_time")
        & (estimates["cell"] != "")
    ]
    names = TownEffect.__slots__
    return [TownEffect(**{name: row[name] for name in names}) for row in rows.to_dict("records")]


def _lorenz(inequality: pd.DataFrame, state: str) -> Lorenz:
    rows = inequality[(inequality["measure"] == "lorenz") & (inequality["state"] == state)]
    rows = rows.sort_values("part")
    return Lorenz(rows["part"].to_numpy(dtype=np.float64), rows["value"].to_numpy(dtype=np.float64))
