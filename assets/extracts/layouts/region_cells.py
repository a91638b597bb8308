"""Cells that name a region, in every layout that has them.

Belongs here: from the cell to the one region it means, in the years of its figure and its document.
Not here: how regions are spelled (`regions/`).
"""

from assets.extracts.figure import TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.registry import known_regions, normalise_label, regions_named


def read_region(source: TableSource, cell: Cell, year: int) -> str:
    """Id of the region a cell names; year: that of its figures.

    The card's `regions` come first; otherwise a name counts that was in force between the year of
    the figure and that of the edition. Raises DocumentError at the cell.
    """
    text = cell.text.strip()
    for name, code in source.table.regions.items():
        if normalise_label(name) == normalise_label(text):
            return code
    meant = regions_named(text, year, source.edition)
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
        advice="Correct the cell, or say in the card which it is: "
        f'tables."{source.number}".regions: '
        f"{{{text or '…'}: {example}}}. A region that is not known yet can be declared in "
        "landing/regions.yaml (landing/README.md).",
    )
