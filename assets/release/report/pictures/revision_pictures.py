"""The picture of revisions: which figures moved, how far, and which way.

Belongs here: drawing rows. Not here: which rows, and the sentences beside them.
"""

from collections.abc import Mapping, Sequence

from assets.release.report.pictures.drawing import (
    BLUE,
    HEAT,
    RED,
    WIDTH,
    Panel,
    as_svg,
    new_figure,
)
from assets.release.report.pictures.drawn_once import drawn_once
from assets.release.report.words import Said

_ROW = 0.26  # inches a figure
_NAMES = 2.25  # inches that the names take
STEPS = (0.5, 2.0, 5.0)  # per cent from which a revision is drawn darker


def heat_of(percent: float) -> int:
    """1 to 4: the further a figure moved, the larger."""
    return 1 + sum(abs(percent) >= step for step in STEPS)


@drawn_once
def heat_picture(
    ident: str,
    lines: Sequence[Said],
    years: Sequence[int],
    percents: Mapping[tuple[int, int], float],
) -> str:
    """A square for each revised figure: darker where it moved further, with its direction.

    lines: names of the figures; percents: by place in `lines` and year.
    """
    high = _ROW * len(lines)
    figure = new_figure(high + 0.5)
    span = (years[0] - 0.5, years[-1] + 0.5)
    panel = Panel(figure, _NAMES, 0.35, WIDTH - _NAMES - 0.1, high, span, (len(lines) - 0.5, -0.5))
    panel.ticks_left(range(len(lines)), [line.en for line in lines])
    shown = [year for year in years if (years[-1] - year) % 4 == 0]
    panel.ticks_below(shown, [str(year) for year in shown])
    for (place, year), percent in percents.items():
        panel.square(year, place, 0.9, HEAT[heat_of(percent) - 1])
        panel.line(
            [year],
            [place],
            BLUE if percent > 0 else RED,
            style="none",
            marker="^" if percent > 0 else "v",
            size=4,
        )
    return as_svg(figure, ident, {line.en: line for line in lines})
