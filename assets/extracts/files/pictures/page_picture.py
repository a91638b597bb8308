"""Pictures of the pages that figures were read from, each cell in a box, for a person to check.

Belongs here: drawing and naming them. Not here: reading the page.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assets.extracts.errors import DocumentError
from assets.extracts.files.grid import Box
from assets.warehouse.private import private_file

_RESOLUTION = 130  # dots an inch: small print can be read, a page takes some 200 kB
ReadPlaceKind = Literal["figure", "missing", "corrected"]
_COLOURS: Mapping[ReadPlaceKind, tuple[int, int, int]] = {
    "figure": (20, 110, 40),
    "missing": (200, 120, 0),
    "corrected": (200, 0, 0),
}


@dataclass(frozen=True, slots=True)
class ReadPlace:
    """A cell that was read: box in points, and what it gave (a figure, none, a corrected one)."""

    page: int
    box: Box
    kind: ReadPlaceKind


def page_pictures(folder: Path, source: str, edition: str) -> list[Path]:
    """Pictures that lie in the folder for one document, in order of pages."""
    found = folder.glob(f"{source}-{edition}-p*.png")
    return sorted(found, key=lambda path: int(path.stem.rpartition("-p")[2]))


def draw_pages(path: Path, name: str, places: Sequence[ReadPlace], stem: Path) -> None:
    """Draw each page on which something was read to `<stem>-p<page>.png`.

    Green boxes are figures, orange ones places where none is printed, red ones corrected figures.
    Raises DocumentError where a page cannot be drawn: then nobody could check it.
    """
    import pdfplumber

    with pdfplumber.open(path) as document:
        for page in sorted({place.page for place in places}):
            try:
                picture = document.pages[page - 1].to_image(resolution=_RESOLUTION)
            except Exception as error:  # pdfium raises whatever it likes
                raise _not_drawn(name, page, error) from error
            for place in places:
                if place.page == page:
                    colour = _COLOURS[place.kind]
                    picture.draw_rect(place.box, fill=(*colour, 40), stroke=colour, stroke_width=2)
            target = stem.with_name(f"{stem.name}-p{page}.png")
            partial = private_file(target.with_suffix(".part"))
            picture.save(partial, format="PNG")
            os.replace(partial, target)


def _not_drawn(name: str, page: int, error: Exception) -> DocumentError:
    return DocumentError(
        name,
        sheet=f"page {page}",
        found=f"the page cannot be drawn ({type(error).__name__}: {error})",
        expected="a page that can be shown, so that a person can check what was read",
        advice="Open the file in a viewer and print it to a new PDF, or fetch it again.",
    )
