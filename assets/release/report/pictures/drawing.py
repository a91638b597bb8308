"""Vector pictures for a page in two languages, light and dark: matplotlib's SVG, made fit for it.

Belongs here: colours, fonts, and what is done to the SVG. Not here: what pictures show.

Words stay words (`svg.fonttype: none`), in the page's own font, which has Chinese; each is drawn
once and stands in both languages. Colours become variables of the page.
"""

import html
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Literal, TypeAlias

from assets.release.report.words import Said

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, ORANGE, GREY, RED, INK = "#1f5fa8", "#c8641b", "#8a8a8a", "#c0392b", "#000000"
HEAT = ("#fdf3e7", "#fbdcb9", "#f6bd84", "#ee9a4d")  # the further or more, the darker
COLOURS = {
    BLUE: "blue",
    ORANGE: "orange",
    GREY: "grey",
    RED: "red",
    INK: "ink",
    **{shade: f"heat{number}" for number, shade in enumerate(HEAT, start=1)},
}
WIDTH = 5.4  # inches: as wide as a phone shows without making letters small
_FONT = 9
Style: TypeAlias = Literal["-", "--", ":", "none"]
_TEXT = re.compile(r"<text ([^>]*)>([^<]*)</text>")
_DROPPED = (
    re.compile(r"^.*?(?=<svg )", re.DOTALL),
    re.compile(r"<metadata>.*?</metadata>|<style .*?</style>|<!--.*?-->", re.DOTALL),
    re.compile(r' id="[A-Za-z0-9.]+_\d+"| version="1.1"| xmlns:xlink="[^"]*"'),
    re.compile(r"font-family: [^;\"]*;? ?"),
)
_SIZE = re.compile(r'width="[\d.]+pt" height="[\d.]+pt"')


@dataclass(frozen=True, slots=True)
class Panel:
    """A pair of axes on a figure, without matplotlib's own, which take most of its time.

    Places are inches from the figure's lower left corner; x_range, y_range: what the box shows.
    """

    figure: "Figure"
    left: float
    bottom: float
    wide: float
    high: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    def _x(self, value: float) -> float:
        low, high = self.x_range
        return self.left + (value - low) / (high - low) * self.wide

    def _y(self, value: float) -> float:
        low, high = self.y_range
        return self.bottom + (value - low) / (high - low) * self.high

    def line(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        colour: str,
        width: float = 1.4,
        style: Style = "-",
        marker: str = "",
        size: float = 4.5,
        filled: bool = True,
    ) -> None:
        """A line through points, broken at NaN; style "none": its marks alone."""
        from matplotlib.lines import Line2D

        self.figure.add_artist(
            Line2D(
                [self._x(x) for x in xs],
                [self._y(y) for y in ys],
                color=colour,
                linewidth=width,
                linestyle=style,
                marker=marker,
                markersize=size,
                fillstyle="full" if filled else "none",
                transform=self.figure.dpi_scale_trans,
            )
        )

    def intervals(
        self, lows: Sequence[float], highs: Sequence[float], at: Sequence[float], colour: str
    ) -> None:
        """A bar from each lower to its upper end, across the panel."""
        ends = zip(lows, highs, strict=True)
        xs = [each for low, high in ends for each in (low, high, math.nan)]
        self.line(xs, [each for y in at for each in (y, y, math.nan)], colour)

    def across(self, y: float, colour: str = INK, width: float = 0.6, style: Style = "-") -> None:
        """A line at a height, from side to side; nothing where it lies outside."""
        if self.y_range[0] <= y <= self.y_range[1]:
            self.line(self.x_range, (y, y), colour, width, style)

    def upright(self, x: float, colour: str = INK, width: float = 0.6, style: Style = "-") -> None:
        """A line from bottom to top; nothing where it lies outside."""
        if self.x_range[0] <= x <= self.x_range[1]:
            self.line((x, x), self.y_range, colour, width, style)

    def square(self, x: float, y: float, size: float, colour: str, filled: bool = True) -> None:
        """A box around a place, `size` of a step of each axis; only its border where not filled."""
        from matplotlib.patches import Rectangle

        self.figure.add_artist(
            Rectangle(
                (self._x(x - size / 2), min(self._y(y - size / 2), self._y(y + size / 2))),
                self._x(x + size / 2) - self._x(x - size / 2),
                abs(self._y(y + size / 2) - self._y(y - size / 2)),
                facecolor=colour if filled else "none",
                edgecolor=GREY,
                linewidth=0.5,
                transform=self.figure.dpi_scale_trans,
            )
        )

    def label(self, x: float, y: float, words: str) -> None:
        """Words at a place of the axes, their middle below it."""
        self.text(self._x(x), self._y(y), words)

    def text(self, x: float, y: float, words: str, to: str = "center", colour: str = INK) -> None:
        """Words at a place in inches; to: left, center or right of it stands their anchor."""
        width, height = self.figure.get_size_inches()
        self.figure.text(
            x / width, y / height, words, color=colour, ha=to, va="baseline", fontsize=_FONT
        )

    def ticks_below(self, values: Sequence[float], labels: Sequence[str] = ()) -> None:
        """An axis below, with labels; the numbers themselves where none are given."""
        self.line(self.x_range, (self.y_range[0],) * 2, GREY, 0.8)
        for value, label in zip(values, labels or map(_number, values), strict=True):
            self.text(self._x(value), self.bottom - 0.17, label)

    def ticks_left(self, values: Sequence[float], labels: Sequence[str] = ()) -> None:
        """An axis to the left, likewise."""
        self.line((self.x_range[0],) * 2, self.y_range, GREY, 0.8)
        for value, label in zip(values, labels or map(_number, values), strict=True):
            self.text(self.left - 0.08, self._y(value) - 0.04, label, "right")

    def named_below(self, words: Said) -> None:
        """What the axis below shows."""
        self.text(self.left + self.wide / 2, self.bottom - 0.38, words.en)


def new_figure(height: float) -> "Figure":
    """An empty figure of the report's width; height in inches."""
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH, height))


def around(values: Iterable[float | None]) -> tuple[float, float]:
    """A range with some room around the values; zero to one where there are none."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    low, high = min(known, default=0.0), max(known, default=1.0)
    room = 0.08 * (high - low) or 0.08 * abs(high) or 1.0
    return low - room, high + room


def ticks(span: tuple[float, float], most: int) -> list[float]:
    """Round numbers within a range, at most so many intervals of them."""
    from matplotlib.ticker import MaxNLocator

    found = MaxNLocator(most, steps=[1, 2, 5, 10]).tick_values(*span)
    return [float(value) for value in found if span[0] <= value <= span[1]]


def _number(value: float) -> str:
    return f"{value:.6g}".replace("-", "−")


def as_svg(figure: "Figure", ident: str, words: Mapping[str, Said]) -> str:
    """The figure as SVG for the page.

    ident: of the picture; words: what its texts say in both languages, by the English; others, such
    as numbers and names of indices, are the same in both.
    """
    import matplotlib

    buffer = StringIO()
    figure.patch.set_visible(False)
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": ident}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    for dropped in _DROPPED:
        svg = dropped.sub("", svg)
    svg = _SIZE.sub(f'role="img" aria-labelledby="{ident}-shows"', svg, count=1)
    for colour, name in COLOURS.items():
        svg = svg.replace(colour, f"var(--{name})")

    def in_both(found: re.Match[str]) -> str:
        said = words.get(html.unescape(found[2]))
        if said is None:
            return found[0]
        return "".join(
            f'<text class="{language}" lang="{language}" {found[1]}>{html.escape(text)}</text>'
            for language, text in (("en", said.en), ("zh", said.zh))
        )

    return re.sub(r"\n\s*", "\n", _TEXT.sub(in_both, svg)).strip()
