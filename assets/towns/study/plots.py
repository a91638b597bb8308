"""Pictures of the town study, as matplotlib figures.

Belongs here: event study, Lorenz curves, the forest of findings. Not here: numbers, writing files.
Every picture of simulated data says so in its title.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from assets.towns.estimators.town_effect import TownEffect
from assets.towns.questions.inequality import Lorenz

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIMULATED = "simulated data"
_BLUE, _GREY, _ORANGE = "#1f5fa8", "#8a8a8a", "#c8641b"
_VERDICT_COLOUR = {"agrees": _BLUE, "disagrees": "#c0392b", "cannot say": _GREY}
_ROW_HEIGHT = 0.62  # inches
_CAP = 0.1  # half the height of an interval's end, in rows


def titled(title: str, simulated: bool) -> str:
    """The title, with the warning that no reader may miss."""
    return f"{title} ({SIMULATED})" if simulated else title


def event_study_figure(estimates: Sequence[TownEffect], title: str, simulated: bool) -> "Figure":
    """Effects by years since certification: points, intervals, and the uniform band around them.

    estimates: those with a cell e=...
    """
    panel, figure = _panel((8.0, 4.6))
    years = np.array([int(cell.cell.removeprefix("e=")) for cell in estimates])
    order = np.argsort(years)
    value, low, high, band_low, band_high = (
        np.array([getattr(cell, name) for cell in estimates])[order]
        for name in ("estimate", "low", "high", "band_low", "band_high")
    )
    if np.isfinite(band_low).any():
        panel.fill_between(
            years[order],
            band_low,
            band_high,
            color=_BLUE,
            alpha=0.15,
            label="95 % band, all years at once",
        )
    errors = np.nan_to_num(np.stack([value - low, high - value]))
    panel.errorbar(
        years[order], value, errors, fmt="o", color=_BLUE, capsize=3, label="95 % interval, each"
    )
    panel.axhline(0.0, color="black", linewidth=0.6)
    panel.axvline(-0.5, color=_GREY, linewidth=0.8, linestyle="--")
    panel.set_xticks(years[order])
    panel.set_xlabel("years since certification")
    panel.set_ylabel("effect, log points")
    panel.legend(frameon=False, fontsize=8, loc="upper left")
    panel.set_title(titled(title, simulated), fontsize=10, loc="left")
    return figure


def lorenz_figure(observed: Lorenz, without: Lorenz, title: str, simulated: bool) -> "Figure":
    """Lorenz curves of towns' sales, as observed and without certification."""
    panel, figure = _panel((5.4, 5.4))
    panel.plot([0, 1], [0, 1], color="black", linewidth=0.6, label="all towns alike")
    panel.plot(observed.unit_share, observed.sales_share, color=_BLUE, label="observed")
    panel.plot(
        without.unit_share, without.sales_share, "--", color=_ORANGE, label="without certification"
    )
    panel.set_xlabel("share of towns, those that sell least first")
    panel.set_ylabel("their share of all sales")
    panel.set_aspect("equal")
    panel.set_xlim(0, 1)
    panel.set_ylim(0, 1)
    panel.legend(frameon=False, fontsize=8, loc="upper left")
    panel.set_title(titled(title, simulated), fontsize=10, loc="left")
    return figure


def findings_figure(findings: pd.DataFrame, title: str) -> "Figure":
    """A forest of findings: estimate, interval, number published and planted truth, in each's unit.

    findings: rows of model.town_finding of one vintage and data set. Every row has an axis of its
    own, since claims come in different units; those that nothing can answer are named below.
    Raises ValueError where no claim is answered.
    """
    from matplotlib.figure import Figure

    answered = findings[findings["estimate"].notna()].sort_values("finding_order")
    if answered.empty:
        raise ValueError("No claim is answered by an estimate: there is nothing to draw.")
    height = _ROW_HEIGHT * (len(answered) + 1) + 1.4
    figure = Figure(figsize=(9.5, height), layout="constrained")
    panels = figure.subplots(len(answered), 1, squeeze=False)[:, 0]
    for panel, row in zip(panels, answered.to_dict("records"), strict=True):
        _draw_finding(panel, row)
    simulated = bool(findings["simulated"].any())
    figure.suptitle(titled(title, simulated), fontsize=11)
    truth = "; cross: planted truth" if simulated else ""
    below = (
        f"dot and line: estimate and 95 % interval; diamond: number published{truth}; "
        "blue: agrees, red: disagrees, grey: cannot say"
    )
    left_out = findings.loc[findings["estimate"].isna(), ["claim", "part"]]
    names = ", ".join(f"{claim} {part}" for claim, part in left_out.itertuples(index=False))
    if names:
        below += f"\nno estimate can answer: {names}"
    figure.supxlabel(below, fontsize=8)
    return figure


def _draw_finding(panel: "Axes", row: Mapping[Hashable, Any]) -> None:
    """One claim: its marks on a line through zero."""
    colour = _VERDICT_COLOUR[row["verdict"]]
    low, high = row["low"], row["high"]
    panel.plot([low, high], [0, 0], color=colour, linewidth=2)
    for end in (low, high):
        panel.plot([end, end], [-_CAP, _CAP], color=colour, linewidth=2)
    panel.plot([row["estimate"]], [0], "o", color=colour)
    if not pd.isna(row["published"]):
        panel.plot([row["published"]], [0], "D", color="black", markersize=6, fillstyle="none")
    if not pd.isna(row["truth"]):
        panel.plot([row["truth"]], [0], "x", color="black", markersize=7)
    panel.axvline(0.0, color="black", linewidth=0.6)
    panel.set_ylim(-1, 1)
    panel.set_yticks([])
    panel.margins(x=0.15)
    panel.tick_params(axis="x", labelsize=7)
    panel.set_ylabel(
        f"{row['claim']} {row['part']}\n{row['verdict']}, {row['scale']}",
        rotation=0,
        ha="right",
        va="center",
        fontsize=8,
    )
    for side in ("left", "right", "top"):
        panel.spines[side].set_visible(False)


def _panel(size: tuple[float, float]) -> "tuple[Axes, Figure]":
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    return figure.subplots(), figure
