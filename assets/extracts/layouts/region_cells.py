"""Cells that name a region, in every layout that has them.

Belongs here: from the cell to the one region it means, in the years of its figure and its document.
Not here: how regions are spelled (`regions/`).
"""

from assets.extracts.figure import TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.layouts.mending import says
from assets.extracts.meaning.registry import known_regions, normalise_label, regions_named


def regions_meant(source: TableSource, cell: Cell) -> frozenset[str]:
    """Ids of every region that a cell may mean, in whatever year; the card's `regions` decide.

    SDMX writes code and name into one cell (`CHN: China`): both must mean the same.
    """
    text = cell.text.strip()
    stated = _of_card(source, text)
    if stated is not None:
        return frozenset((stated,))
    code, parted, name = text.partition(": ")
    meant = frozenset(regions_named(text))
    if meant or not parted:
        return meant
    of_name = frozenset(regions_named(name))
    return frozenset(regions_named(code)) & (of_name or frozenset(regions_named(code)))


def read_region(source: TableSource, cell: Cell, year: int) -> str:
    """Id of the region a cell names; year: that of its figures.

    The card's `regions` come first; otherwise a name counts that was in force between the year of
    the figure and that of the edition. Raises DocumentError at the cell.
    """
    text = cell.text.strip()
    stated = _of_card(source, text)
    if stated is not None:
        return stated
    meant = regions_named(text, year, source.edition)
    if not meant:
        meant = regions_named(text.partition(": ")[0], year, source.edition)
    if len(meant) == 1:
        return meant[0]
    ever = regions_named(text)
    if meant:
        found = f"the region '{text}' may be {known_regions(meant)}"
    elif ever:
        found = (
            f"the region '{text}' is unknown between {year} and {source.edition}; in other years "
            f"it is {known_regions(ever)}"
        )
    else:
        found = f"the region '{text}' is unknown"
    example = (meant or ever or ("CN-GS",))[0]
    raise source.grid.error(
        cell,
        found=found,
        expected="a code or name of one region, such as CN-GS, 620000 or 甘肃省",
        advice="If it is one that is known, "
        + says(source.number, {"regions": {**source.table.regions, text or "…": example}})
        + "\n  A region that is not known yet can be declared in landing/regions.yaml "
        "(landing/README.md).",
    )


def _of_card(source: TableSource, text: str) -> str | None:
    wanted = normalise_label(text)
    stated = source.table.regions.items()
    return next((code for name, code in stated if normalise_label(name) == wanted), None)
