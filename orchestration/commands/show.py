"""`yearbook show`: the studies' results, as the paper's Tables 2 to 6 and in words.

Belongs here: which studies are shown. Not here: which rows and words (`pages/study_page.py`,
`pages/province_page.py`, `pages/poor_county_page.py`, `pages/poverty_class_page.py`), and data
sets of towns (`towns.py`).
"""

import argparse
from collections.abc import Sequence

from assets.poverty.study_files.index_names import INDEX_NAMES
from assets.warehouse.home import Home
from orchestration.commands.command import OK, Command, asking
from orchestration.commands.key import study_key
from orchestration.commands.pages.news import study_heads
from orchestration.commands.pages.page import StudyPage, print_page
from orchestration.commands.pages.poor_county_page import poor_county_head, poor_county_page
from orchestration.commands.pages.poverty_class_page import (
    poverty_class_head,
    poverty_class_page,
)
from orchestration.commands.pages.province_page import province_head, province_page
from orchestration.commands.pages.replication_page import replication_heads, replication_page
from orchestration.commands.pages.study_page import study_page
from orchestration.commands.pages.text_table import print_text

_STUDIES = "select distinct study from study.sample order by study"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("study", nargs="?", help="one study (default: a line on each)")
    parser.add_argument("--all", action="store_true", help="show every study in full")


def _run(home: Home, options: argparse.Namespace) -> int:
    """Print one study, all, or a line on each. Raises WarehouseError for an unknown one."""
    from assets.vintages.current import published_vintage

    vintage, names = published_vintage(home), _studies(home)
    if options.all:
        print_studies(home, vintage)
    elif options.study is None:
        for line in study_heads(home, vintage):
            print_text(line.strip())
        print_text("`yearbook show STUDY` shows its tables, `yearbook towns` the data sets.")
    else:
        others = {**_published_again(home, vintage, names), **_of_provinces(home, vintage)}
        study = study_key(home, options.study, [*names, *others])
        if study in others:
            print_page(others[study])
        else:
            _print_indices()
            print_page(study_page(home, study, vintage))
    return OK


COMMAND = Command(
    35,
    "show",
    "a study's tables, and what survives of them",
    asking(_run),
    _arguments,
    examples=(
        "yearbook show",
        "yearbook show china_2012_2019",
    ),
)


def print_studies(home: Home, vintage: str) -> None:
    """Print every study in full."""
    _print_indices()
    for study in _studies(home):
        print_page(study_page(home, study, vintage))
    others = {**_of_provinces(home, vintage), **_published_again(home, vintage, _studies(home))}
    for page in others.values():
        print_page(page)


def _of_provinces(home: Home, vintage: str) -> dict[str, StudyPage]:
    """The pages of the studies that have a room of their own, by study."""
    pages = {}
    if provinces := province_head(home, vintage):
        pages[provinces.study] = province_page(home, provinces, vintage)
    if counties := poor_county_head(home, vintage):
        pages[counties.study] = poor_county_page(home, counties, vintage)
    if classes := poverty_class_head(home, vintage):
        pages[classes.study] = poverty_class_page(home, classes, vintage)
    return pages


def _published_again(home: Home, vintage: str, studies: Sequence[str]) -> dict[str, StudyPage]:
    """The pages of published studies; one that is a yearly study too stands on its page."""
    return {
        head.study: replication_page(home, head, vintage)
        for head in replication_heads(home, vintage)
        if head.study not in studies
    }


def _studies(home: Home) -> list[str]:
    from assets.warehouse.reader import query

    return [str(study) for (study,) in query(home, _STUDIES).rows]


def _print_indices() -> None:
    names = (f"{name.symbol} {name.english}" for name in INDEX_NAMES.values())
    print_text(f"\nIndices: {', '.join(names)}.")
