"""The old and the new interval of each coefficient, side by side, as a picture.

Belongs here: drawing rows of `model.drift`. Not here: words (drift_text.py), writing files.
"""

import base64
from io import BytesIO
from typing import TYPE_CHECKING

import pandas as pd

from assets.poverty.drift.drift_text import compared, has_moved

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BEFORE_COLOUR, _NOW_COLOUR, _DRIFT_COLOUR = "#8a8a8a", "#1f5fa8", "#c0392b"
_BEFORE_AT, _NOW_AT = -0.17, 0.17  # within the row of a coefficient, which is one unit high
_PANEL_WIDTH, _ROW_HEIGHT, _PANEL_MARGIN = 9.0, 0.42, 0.75  # inches


def drift_plot(rows: pd.DataFrame, title: str) -> bytes:
    """A PNG of each fit in which a coefficient moved: before in grey, now in blue or red.

    rows: of model.drift, of one vintage. Raises ValueError where nothing moved.
    """
    from matplotlib.figure import Figure  # heavy

    grouped = compared(rows).groupby(["study", "region", "sample", "estimator"], sort=False)
    fits = [fit for _, fit in grouped if has_moved(fit)]
    if not fits:
        raise ValueError("No coefficient moved: there is nothing to draw.")
    heights = [_ROW_HEIGHT * len(fit) + _PANEL_MARGIN for fit in fits]
    figure = Figure(figsize=(_PANEL_WIDTH, sum(heights) + 1.0), layout="constrained")
    panels = figure.subplots(len(fits), 1, squeeze=False, height_ratios=heights)[:, 0]
    for panel, fit in zip(panels, fits, strict=True):
        _draw_fit(panel, fit.sort_values("term_order"))
    figure.suptitle(title, fontsize=11)
    panels[-1].set_xlabel(
        "coefficient on min-max normalised variables, with its 95 % interval (ridge: nominal)"
    )
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    return buffer.getvalue()


def _draw_fit(panel: "Axes", fit: pd.DataFrame) -> None:
    for place, row in enumerate(fit.to_dict("records")):
        before = (row["coefficient_before"], row["low_before"], row["high_before"])
        _draw_interval(panel, place + _BEFORE_AT, before, _BEFORE_COLOUR)
        now = (row["coefficient"], row["low"], row["high"])
        _draw_interval(panel, place + _NOW_AT, now, _DRIFT_COLOUR if row["drift"] else _NOW_COLOUR)
    first = fit.iloc[0]
    panel.set_title(
        f"{first['study']}, {first['region']}, {first['sample']}, {first['estimator']}: "
        f"n = {first['n_before']:.0f} before (grey), {first['n']:.0f} now (blue; red: drifted)",
        fontsize=9,
        loc="left",
    )
    panel.axvline(0.0, color="black", linewidth=0.6)
    panel.set_yticks(range(len(fit)), fit["term"])
    panel.set_ylim(len(fit) - 0.5, -0.5)  # the constant on top


def _draw_interval(
    panel: "Axes", height: float, interval: tuple[float, float, float], colour: str
) -> None:
    """interval: estimate, lower and upper end, which may be missing."""
    value, low, high = interval
    if not pd.isna(low):
        panel.plot([low, high], [height, height], color=colour, linewidth=2)
    panel.plot([value], [height], marker="o", markersize=5, color=colour)


def as_markdown(png: bytes, text: str) -> str:
    """A picture as markdown that needs no file: shown by the Dagster interface."""
    return f"![{text}](data:image/png;base64,{base64.b64encode(png).decode()})"
