"""The pictures of what a study's results withstand: every specification, and collinearity.

Belongs here: drawing rows. Not here: which rows, and the sentences beside them.
"""

import math
from collections.abc import Mapping, Sequence

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
from assets.release.report.pictures.study_pictures import mark_words, small_panels, write_mark
from assets.release.report.report_rows import CurvePoint
from assets.release.report.words import Said
from assets.release.results.study_lines import CoefficientLine

SEVERE = 10.0  # from which a variance inflation factor is called severe (Marquardt 1970)
_ROW = 0.34  # inches a regressor
_VIF = Said("variance inflation factor, log scale", "方差膨胀因子（对数刻度）")


@drawn_once
def curve_picture(ident: str, points: Mapping[str, Sequence[CurvePoint]], mark: str) -> str:
    """Each coefficient under every specification, from the lowest to the highest.

    points: of each regressor, by rising place. The grey bars are the 95 % intervals; they are cut
    where they would leave no room for the curve.
    """
    ranges = []
    for own in points.values():
        low, high = around([0.0, *(each.coefficient for each in own)])
        ranges.append((low - 0.4 * (high - low), high + 0.4 * (high - low)))
    panels = small_panels(list(points), (-2.0, 102.0), ranges, {0: "0", 50: "50", 100: "100 %"})
    for panel, own, (low, high) in zip(panels, points.values(), ranges, strict=True):
        percents = [each.percent for each in own]
        known = [
            (each.percent, max(each.low, low), min(each.high, high))
            for each in own
            if each.low is not None and each.high is not None
        ]
        panel.line(
            [x for percent, _, _ in known for x in (percent, percent, math.nan)],
            [y for _, start, end in known for y in (start, end, math.nan)],
            GREY,
            0.7,
        )
        panel.across(0.0)
        panel.line(percents, [each.coefficient for each in own], BLUE)
        clear = [each for each in own if each.p is not None and each.p < 0.05]
        panel.line(
            [each.percent for each in clear],
            [each.coefficient for each in clear],
            ORANGE,
            style="none",
            marker="o",
            size=2.6,
        )
    write_mark(panels[0], mark)
    return as_svg(panels[0].figure, ident, mark_words(mark))


@drawn_once
def inflation_picture(ident: str, rows: Sequence[CoefficientLine], mark: str) -> str:
    """The VIF of each regressor by OLS (circles) and ridge (squares), on a scale of powers of ten.

    rows: with a VIF above zero.
    """
    terms = list(dict.fromkeys(row.term for row in rows))
    logs = [math.log10(row.vif) for row in rows if row.vif]
    low, high = around([0.0, math.log10(SEVERE), *logs])
    tall = _ROW * len(terms) + 0.1
    figure = new_figure(tall + 0.75)
    panel = Panel(figure, 0.75, 0.5, WIDTH - 0.9, tall, (low, high), (len(terms) - 0.5, -0.5))
    powers = [each for each in ticks((low, high), 6) if each == int(each)]
    panel.ticks_below(powers, [f"{10**each:g}" for each in powers])
    panel.ticks_left(range(len(terms)), terms)
    panel.upright(0.0, INK)
    panel.upright(math.log10(SEVERE), RED, 1, "--")
    for estimator, colour, marker, beside in (
        ("ols", BLUE, "o", -0.12),
        ("ridge", ORANGE, "s", 0.12),
    ):
        own = [row for row in rows if row.estimator == estimator]
        panel.line(
            [math.log10(row.vif or math.nan) for row in own],
            [terms.index(row.term) + beside for row in own],
            colour,
            style="none",
            marker=marker,
        )
    panel.named_below(_VIF)
    write_mark(panel, mark)
    return as_svg(figure, ident, {_VIF.en: _VIF, **mark_words(mark)})
