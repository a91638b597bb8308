"""The pictures of a data set of towns: years since certification, groups of towns, claims.

Belongs here: drawing rows. Not here: which rows, and the sentences beside them.
"""

import math
from collections.abc import Sequence

from assets.release.report.pictures.drawing import (
    BLUE,
    GREY,
    INK,
    RED,
    WIDTH,
    Panel,
    around,
    as_svg,
    new_figure,
    ticks,
)
from assets.release.report.pictures.drawn_once import drawn_once
from assets.release.report.pictures.study_pictures import mark_words, write_mark
from assets.release.report.words import Said
from assets.release.results.town_lines import TownCell, TownFinding

_COLOURS = {"agrees": BLUE, "disagrees": RED}
_ROW = 0.3  # inches
_PER_CENT = Said("effect on sales, % a year", "对销售额的影响，每年 %")
_YEARS = Said("years since certification", "认定后年数")
_UNITS = {
    "log points": Said("effect, per cent", "效应，百分比"),
    "share": Said("share", "份额"),
    "index": Said("index", "指数"),
}


@drawn_once
def event_picture(ident: str, rows: Sequence[TownCell], mark: str) -> str:
    """Points with intervals by years since certification, and the band around all (dashed)."""
    figure = new_figure(2.6)
    years = [int(row.cell.removeprefix("e=")) for row in rows]
    bands = [
        [_or_nan(row.percent_band_low) for row in rows],
        [_or_nan(row.percent_band_high) for row in rows],
    ]
    ends = [end for row in rows for end in (row.percent_low, row.percent_high)]
    y_range = around([0.0, *ends, *bands[0], *bands[1]])
    x_range = (min(years) - 0.6, max(years) + 0.6)
    panel = Panel(figure, 0.6, 0.5, WIDTH - 0.7, 1.85, x_range, y_range)
    panel.ticks_below(ticks(x_range, 9))
    panel.ticks_left(ticks(y_range, 5))
    panel.across(0.0)
    panel.upright(-0.5, GREY, 0.8, "--")
    known = [
        (year, row.percent_low, row.percent_high)
        for year, row in zip(years, rows, strict=True)
        if row.percent_low is not None and row.percent_high is not None
    ]
    panel.line(
        [x for year, _, _ in known for x in (year, year, math.nan)],
        [y for _, low, high in known for y in (low, high, math.nan)],
        BLUE,
    )
    panel.line(years, [row.percent for row in rows], BLUE, style="none", marker="o")
    for band in bands:
        panel.line(years, band, BLUE, 0.8, "--")
    panel.named_below(_YEARS)
    panel.text(0.1, 2.45, _PER_CENT.en, "left")
    write_mark(panel, mark)
    words = {_YEARS.en: _YEARS, _PER_CENT.en: _PER_CENT, **mark_words(mark)}
    return as_svg(figure, ident, words)


@drawn_once
def groups_picture(ident: str, rows: Sequence[TownCell], names: Sequence[str], mark: str) -> str:
    """One group of towns a row, in per cent."""
    high = _ROW * len(rows) + 0.1
    figure = new_figure(high + 0.75)
    ends = [end for row in rows for end in (row.percent_low, row.percent_high)]
    x_range = around([0.0, *ends, *(row.percent for row in rows)])
    panel = Panel(figure, 1.5, 0.5, WIDTH - 1.65, high, x_range, (len(rows) - 0.5, -0.5))
    panel.ticks_below(ticks(x_range, 6))
    panel.ticks_left(range(len(rows)), names)
    panel.upright(0.0)
    panel.intervals(
        [_or_nan(row.percent_low) for row in rows],
        [_or_nan(row.percent_high) for row in rows],
        range(len(rows)),
        BLUE,
    )
    panel.line([row.percent for row in rows], range(len(rows)), BLUE, style="none", marker="o")
    panel.named_below(_PER_CENT)
    write_mark(panel, mark)
    return as_svg(figure, ident, {_PER_CENT.en: _PER_CENT, **mark_words(mark)})


@drawn_once
def claims_picture(ident: str, findings: Sequence[TownFinding], mark: str) -> str:
    """Every claim that an estimate answers, by its unit: per cent, shares, indices.

    Each unit has an axis of its own.
    """
    units = dict.fromkeys(row.scale for row in findings if row.estimate is not None)
    by_unit = {
        unit: [row for row in findings if row.scale == unit and row.estimate is not None]
        for unit in units
    }
    figure = new_figure(sum(_ROW * len(rows) + 0.65 for rows in by_unit.values()) + 0.2)
    words = mark_words(mark)
    bottom = 0.45
    for unit, rows in reversed(by_unit.items()):
        name = _UNITS.get(unit, Said(unit, unit))
        words[name.en] = name

        def on_axis(value: float | None, unit: str = unit) -> float:
            if value is None:
                return math.nan
            return 100 * (math.exp(value) - 1) if unit == "log points" else value

        lows, values, highs = (
            [on_axis(getattr(row, column)) for row in rows]
            for column in ("low", "estimate", "high")
        )
        published = [
            _or_nan(row.published_percent) if unit == "log points" else math.nan for row in rows
        ]
        x_range = around([0.0, *lows, *values, *highs, *published])
        high = _ROW * len(rows)
        panel = Panel(figure, 2.1, bottom, WIDTH - 2.25, high, x_range, (len(rows) - 0.5, -0.5))
        bottom += high + 0.65
        panel.ticks_below(ticks(x_range, 4))
        panel.ticks_left(range(len(rows)), [f"{row.claim} {row.part}" for row in rows])
        panel.upright(0.0)
        for place, row in enumerate(rows):
            colour = _COLOURS.get(row.verdict, GREY)
            panel.intervals([lows[place]], [highs[place]], [place], colour)
            panel.line([values[place]], [place], colour, style="none", marker="o")
        panel.line(
            published, range(len(rows)), INK, style="none", marker="D", size=6.5, filled=False
        )
        panel.named_below(name)
    write_mark(panel, mark)
    return as_svg(figure, ident, words)


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value
