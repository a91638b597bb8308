"""The pictures of one vintage, from its published rows.

Belongs here: which rows a picture is drawn from, and PNG. Not here: drawing (`plots.py`).

What draws and what it draws is loaded where something is drawn: most pictures are those of before.
"""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from assets.towns.estimators.labels import ALL_TOWNS, CLEAN_CONTROLS
from assets.vintages.failures import Failures
from assets.vintages.pieces import entry_rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from assets.towns.questions.inequality import Lorenz

_DPI = 110


def pictures(
    estimates: pd.DataFrame,
    findings: pd.DataFrame,
    inequality: pd.DataFrame,
    failures: Failures,
) -> dict[str, bytes]:
    """PNG by name, `towns-<dataset>-<what>-<vintage>`; frames: rows of one vintage.

    What has no rows is not drawn; a picture that cannot be drawn is a failure.
    """
    drawn = {}
    for dataset, rows in findings.groupby("dataset"):
        simulated = bool(rows["simulated"].any())
        for what, draw, frame in (
            ("findings", _findings, findings),
            ("event-study", _event_study, estimates),
            ("lorenz", _lorenz, inequality),
        ):
            mine = frame[frame["dataset"] == dataset].drop(columns="vintage").reset_index(drop=True)
            asked = (draw, str(dataset), mine, simulated)
            for each in entry_rows(failures, str(dataset), what, (_Drawn,), _drawn, *asked):
                name = f"towns-{dataset}-{what}-{failures.vintage}"
                drawn[name] = base64.b64decode(each.png_base64)
    return drawn


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A picture."""

    png_base64: str


def _drawn(
    failures: Failures,
    draw: "Callable[[str, pd.DataFrame, bool], Figure | None]",
    dataset: str,
    rows: pd.DataFrame,
    simulated: bool,
) -> Iterator[_Drawn]:
    if figure := draw(dataset, rows, simulated):
        buffer = BytesIO()
        figure.savefig(buffer, format="png", dpi=_DPI)
        yield _Drawn(base64.b64encode(buffer.getvalue()).decode())


def as_markdown(name: str, png: bytes) -> str:
    """The picture itself, where Markdown is shown."""
    return f"![{name}](data:image/png;base64,{base64.b64encode(png).decode()})"


def _findings(dataset: str, findings: pd.DataFrame, simulated: bool) -> "Figure | None":
    if findings["estimate"].isna().all():
        return None
    from assets.towns.study.plots import findings_figure

    return findings_figure(findings, f"Findings on {dataset}")


def _event_study(dataset: str, estimates: pd.DataFrame, simulated: bool) -> "Figure | None":
    """Effects by event time of Callaway and Sant'Anna against towns not yet certified.

    Of all towns where no control lies outside the rings.
    """
    from assets.towns.estimators.town_effect import TownEffect
    from assets.towns.study.plots import event_study_figure
    from assets.towns.study.specification import SALES

    rows = estimates[
        (estimates["estimator"] == "callaway_santanna")
        & (estimates["control_pool"] == "not_yet")
        & (estimates["outcome"] == SALES)
        & (estimates["target"] == "event_time")
        & (estimates["cell"] != "")
    ]
    has_clean = (rows["sample"] == CLEAN_CONTROLS).any()
    rows = rows[rows["sample"] == (CLEAN_CONTROLS if has_clean else ALL_TOWNS)]
    names = TownEffect.__slots__
    effects = [TownEffect(**{name: row[name] for name in names}) for row in rows.to_dict("records")]
    if not effects:
        return None
    title = f"Effect on log sales by years since certification, {dataset}"
    return event_study_figure(effects, title, simulated)


def _lorenz(dataset: str, inequality: pd.DataFrame, simulated: bool) -> "Figure | None":
    from assets.towns.study.plots import lorenz_figure
    from assets.towns.study.without_certification import OBSERVED, WITHOUT

    observed, without = (_curve(inequality, state) for state in (OBSERVED, WITHOUT))
    if not len(observed.unit_share) or not len(without.unit_share):
        return None
    return lorenz_figure(observed, without, f"Sales of towns, {dataset}", simulated)


def _curve(inequality: pd.DataFrame, state: str) -> "Lorenz":
    from assets.towns.questions.inequality import Lorenz

    rows = inequality[(inequality["measure"] == "lorenz") & (inequality["state"] == state)]
    rows = rows.sort_values("part")
    return Lorenz(rows["part"].to_numpy(dtype=np.float64), rows["value"].to_numpy(dtype=np.float64))
