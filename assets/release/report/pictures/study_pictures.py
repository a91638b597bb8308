"""The pictures of a yearly study: its series, its coefficients, each year left out.

Belongs here: drawing rows. Not here: which rows, and the sentences beside them.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from assets.release.report.pictures.drawing import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    RED,
    WIDTH,
    Panel,
    around,
    as_svg,
    new_figure,
    ticks,
)
from assets.release.report.pictures.drawn_once import drawn_once
from assets.release.report.report_rows import LeftOut, TraceStep
from assets.release.report.words import Said
from assets.release.results.study_lines import CoefficientLine, IndexValueLine, PrintedNumber

SAMPLE_COLOURS = (BLUE, ORANGE, GREY, RED)  # the last sample first
_MARKED = {
    "recovered": Said("RECOVERED", "复原数据"),
    "simulated": Said("SIMULATED", "模拟数据"),
    "": Said("", ""),
}
_WIDE, _HIGH, _GAP = 1.95, 0.95, 0.62  # inches of a small panel, and around it
_ROW = 0.42  # inches a coefficient
_BESIDE = {"ols": -0.14, "ridge": 0.14}  # of the middle of a row
_BESIDE_TABLE = {"5": "ols", "6": "ridge"}  # of the paper
_IN_RANGES = Said(
    "change of the dependent, in ranges, per range of the regressor",
    "自变量变动一个全距时因变量的变动（以全距计）",
)


def mark_words(mark: str) -> dict[str, Said]:
    """What the mark of a picture says, by its English."""
    return {_MARKED[mark].en: _MARKED[mark]} if mark else {}


def write_mark(panel: Panel, mark: str) -> None:
    """Write RECOVERED or SIMULATED into the upper right corner of a picture."""
    if mark:
        width, height = panel.figure.get_size_inches()
        panel.text(width - 0.08, height - 0.16, _MARKED[mark].en, "right", RED)


_TRACE_RANGE = (-4.3, 0.1)  # powers of ten


def small_panels(
    names: Sequence[str],
    x_range: tuple[float, float],
    y_ranges: Sequence[tuple[float, float]],
    below: Mapping[float, str] | None = None,
) -> list[Panel]:
    """Two panels a line on a new figure, each with its name and axes.

    below: labels of the axis below, by place; the first and last whole number where none are given.
    """
    lines = (len(names) + 1) // 2
    figure = new_figure(lines * (_HIGH + _GAP) + 0.2)
    panels = []
    for place, (name, y_range) in enumerate(zip(names, y_ranges, strict=True)):
        left = 0.6 + place % 2 * (_WIDE + 0.75)
        bottom = (lines - 1 - place // 2) * (_HIGH + _GAP) + 0.25
        panel = Panel(figure, left, bottom, _WIDE, _HIGH, x_range, y_range)
        if below is None:
            panel.ticks_below([math.ceil(x_range[0]), math.floor(x_range[1])])
        else:
            panel.ticks_below(list(below), list(below.values()))
        panel.ticks_left(ticks(y_range, 3))
        panel.text(left, bottom + _HIGH + 0.1, name, "left")
        panels.append(panel)
    return panels


@drawn_once
def series_picture(
    ident: str,
    values: Sequence[IndexValueLine],
    samples: Sequence[str],
    breaks: Mapping[str, Sequence[int]],
    mark: str,
) -> str:
    """Each index by year, a small panel each: one line a sample, a gap where a value is missing.

    samples: the one drawn above the others first, whose gaps have a cross below; breaks: years in
    which the definition of a figure behind an index changes, by index.
    """
    series = {name: list(own) for name, own in groupby(values, key=attrgetter("index_id", "unit"))}
    first = min(row.reference_year for row in values)
    last = max(row.reference_year for row in values)
    panels = small_panels(
        [f"{index_id}, {unit}" for index_id, unit in series],
        (first - 0.4, last + 0.4),
        [around(row.value for row in rows) for rows in series.values()],
    )
    for panel, ((index_id, _), rows) in zip(panels, series.items(), strict=True):
        for number, sample in reversed(list(enumerate(samples))):
            own = [row for row in rows if row.sample == sample]
            panel.line(
                [row.reference_year for row in own],
                [math.nan if row.value is None else row.value for row in own],
                SAMPLE_COLOURS[number % len(SAMPLE_COLOURS)],
                1.2,
                "-" if number == 0 else "--",
                "o" if number == 0 else "s",
                3,
            )
        gaps = [row.reference_year for row in rows if (row.sample, row.value) == (samples[0], None)]
        floor = panel.y_range[0] + 0.06 * (panel.y_range[1] - panel.y_range[0])
        panel.line(gaps, [floor] * len(gaps), GREY, style="none", marker="x", size=4)
        for year in breaks.get(index_id, ()):
            panel.upright(year - 0.5, RED, 0.8, ":")
    write_mark(panels[0], mark)
    return as_svg(panels[0].figure, ident, mark_words(mark))


@drawn_once
def forest_picture(
    ident: str,
    coefficients: Sequence[CoefficientLine],
    printed: Sequence[PrintedNumber],
    mark: str,
) -> str:
    """OLS beside ridge beside the paper's, of one fit a row: estimate and 95 % interval.

    Intervals take t of the residual degrees of freedom; those of ridge are nominal.
    """
    from scipy.special import stdtrit  # scipy.stats takes a second to load

    slopes = [row for row in coefficients if row.term != "const"]
    terms = list(dict.fromkeys(row.term for row in slopes))
    half = {}
    for row in slopes:
        df = row.n - len(terms) - 1
        if row.std_error is not None and df > 0:
            half[row.estimator, row.term] = float(stdtrit(df, 0.975)) * row.std_error
    paper = [
        (float(each.printed_value.rstrip("*")), terms.index(each.term), each.table_number)
        for each in printed
        if each.statistic == "coefficient"
        and each.term in terms
        and each.table_number in _BESIDE_TABLE
    ]
    ends = [
        row.coefficient + sign * half.get((row.estimator, row.term), 0.0)
        for row in slopes
        for sign in (-1, 1)
    ]
    x_range = around([0.0, *ends, *(value for value, _, _ in paper)])
    high = _ROW * len(terms) + 0.2
    figure = new_figure(high + 0.75)
    panel = Panel(figure, 0.75, 0.5, WIDTH - 0.9, high, x_range, (len(terms) - 0.5, -0.5))
    panel.ticks_below(ticks(x_range, 6))
    panel.ticks_left(range(len(terms)), terms)
    panel.upright(0.0)
    for estimator, colour, marker in (("ols", BLUE, "o"), ("ridge", ORANGE, "s")):
        own = [row for row in slopes if row.estimator == estimator]
        at = [terms.index(row.term) + _BESIDE[estimator] for row in own]
        halves = [half.get((estimator, row.term), math.nan) for row in own]
        panel.intervals(
            [row.coefficient - each for row, each in zip(own, halves, strict=True)],
            [row.coefficient + each for row, each in zip(own, halves, strict=True)],
            at,
            colour,
        )
        panel.line([row.coefficient for row in own], at, colour, style="none", marker=marker)
    panel.line(
        [value for value, _, _ in paper],
        [place + _BESIDE[_BESIDE_TABLE[table]] for _, place, table in paper],
        INK,
        style="none",
        marker="D",
        size=6.5,
        filled=False,
    )
    panel.named_below(_IN_RANGES)
    write_mark(panel, mark)
    return as_svg(figure, ident, {_IN_RANGES.en: _IN_RANGES, **mark_words(mark)})


@drawn_once
def left_out_picture(
    ident: str, rows: Sequence[LeftOut], full: Sequence[CoefficientLine], mark: str
) -> str:
    """The OLS coefficients without each year in turn, a small panel a term; the line has all."""
    whole = {row.term: row.coefficient for row in full if row.estimator == "ols"}
    terms = list(dict.fromkeys(row.term for row in rows))
    own = {term: [row for row in rows if row.term == term] for term in terms}
    years = [row.year for row in rows]
    panels = small_panels(
        terms,
        (min(years) - 0.4, max(years) + 0.4),
        [around([0.0, whole.get(term), *(row.value for row in own[term])]) for term in terms],
    )
    for panel, term in zip(panels, terms, strict=True):
        panel.across(0.0)
        if term in whole:
            panel.across(whole[term], ORANGE, 1)
        panel.line(
            [row.year for row in own[term]],
            [row.value for row in own[term]],
            BLUE,
            style="none",
            marker="o",
            size=4,
        )
    write_mark(panels[0], mark)
    return as_svg(panels[0].figure, ident, mark_words(mark))


@drawn_once
def ridge_trace_picture(
    ident: str, rows: Sequence[TraceStep], study_k: float | None, mark: str
) -> str:
    """Each ridge coefficient as k grows, a small panel a term; the orange line is OLS."""
    terms = list(dict.fromkeys(row.term for row in rows))
    own = {term: [row for row in rows if row.term == term] for term in terms}
    panels = small_panels(
        terms,
        _TRACE_RANGE,
        [around([0.0, *(row.coefficient for row in own[term])]) for term in terms],
        {-4: "0.0001", -2: "0.01", 0: "1"},
    )
    for panel, term in zip(panels, terms, strict=True):
        panel.across(0.0)
        for row in own[term]:
            if row.k == 0:
                panel.across(row.coefficient, ORANGE, 1)
        steps = [row for row in own[term] if row.k > 0]
        panel.line([math.log10(row.k) for row in steps], [row.coefficient for row in steps], BLUE)
        if study_k:
            panel.upright(math.log10(study_k), GREY, 1, "--")
    write_mark(panels[0], mark)
    return as_svg(panels[0].figure, ident, mark_words(mark))
