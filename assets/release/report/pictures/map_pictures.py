"""Maps without borders: a tile for each province, a point for each town.

Belongs here: drawing rows on the plane. Not here: which rows, and the sentences beside them.

Borders of provinces come under licences and in versions that a page for anybody cannot settle; a
tile says where a province lies among its neighbours, and nothing of its size or outline. The
arrangement is this project's own.
"""

from collections.abc import Mapping, Sequence

from assets.release.report.pictures.drawing import (
    BLUE,
    GREY,
    HEAT,
    WIDTH,
    Panel,
    around,
    as_svg,
    new_figure,
    ticks,
)
from assets.release.report.pictures.drawn_once import drawn_once
from assets.release.report.pictures.study_pictures import mark_words, write_mark
from assets.release.report.report_rows import TownPlace
from assets.release.report.words import Said

_TILE = 0.59  # inches
# Rows from north to south, columns from west to east; the last two letters of the region's code.
_ROWS = (
    ". . . . . . . HL",
    "XJ . . . NM . JL .",
    ". . GS NX SN SX HE BJ LN",
    ". QH . . . . SD TJ .",
    "XZ . SC CQ HA AH JS SH .",
    ". . . GZ HB JX ZJ . .",
    ". . YN GX HN FJ . . .",
    ". . . . GD . . . .",
    ". . . HI . . . . .",
)
TILES: Mapping[str, tuple[int, int]] = {
    f"CN-{code}": (column, row)
    for row, codes in enumerate(_ROWS)
    for column, code in enumerate(codes.split())
    if code != "."
}
_EAST = Said("degrees of longitude and latitude", "经度与纬度（度）")


@drawn_once
def tile_picture(
    ident: str, values: Mapping[str, float], texts: Mapping[str, str], names: Mapping[str, str]
) -> str:
    """A tile for each province of China: darker where the value is in a higher quarter.

    values, texts: of the provinces that have one, by code; the others' tiles are empty.
    names: in Chinese, by code.
    """
    columns, rows = (max(place[axis] for place in TILES.values()) + 1 for axis in (0, 1))
    figure = new_figure(rows * _TILE + 0.1)
    panel = Panel(
        figure,
        (WIDTH - columns * _TILE) / 2,
        0.05,
        columns * _TILE,
        rows * _TILE,
        (-0.5, columns - 0.5),
        (rows - 0.5, -0.5),
    )
    ranked = sorted(values.values())
    words = {}
    for code, (column, row) in TILES.items():
        short = code.removeprefix("CN-")
        words[short] = Said(short, names[code])
        shade = GREY
        if code in values:
            below = sum(value < values[code] for value in ranked)
            shade = HEAT[4 * below // len(ranked)]
        panel.square(column, row, 0.94, shade, filled=code in values)
        panel.label(column, row - 0.08, short)
        panel.label(column, row + 0.3, texts.get(code, "–"))
    return as_svg(figure, ident, words)


@drawn_once
def town_map_picture(ident: str, towns: Sequence[TownPlace], mark: str) -> str:
    """Every town at its place: certified ones filled, in front; degrees, one as long as the other.

    At these latitudes a degree of longitude is some fifth shorter than one of latitude.
    """
    x_range = around(town.longitude_deg for town in towns)
    y_range = around(town.latitude_deg for town in towns)
    wide = WIDTH - 0.8
    high = min(5.0, wide * (y_range[1] - y_range[0]) / (0.83 * (x_range[1] - x_range[0])))
    figure = new_figure(high + 0.75)
    panel = Panel(figure, 0.6, 0.5, wide, high, x_range, y_range)
    panel.ticks_below(ticks(x_range, 6))
    panel.ticks_left(ticks(y_range, 6))
    for is_certified, colour, size in ((False, GREY, 2.2), (True, BLUE, 3.4)):
        own = [town for town in towns if (town.first_year is not None) == is_certified]
        panel.line(
            [town.longitude_deg for town in own],
            [town.latitude_deg for town in own],
            colour,
            style="none",
            marker="o",
            size=size,
            filled=is_certified,
        )
    panel.named_below(_EAST)
    write_mark(panel, mark)
    return as_svg(figure, ident, {_EAST.en: _EAST, **mark_words(mark)})
