"""`yearbook replicate`: each printed number of a published study, computed again.

Belongs here: showing what became of the numbers. Not here: computing and judging them
(`assets/replication/`, `assets/papers/printed_verdict.py`).
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from orchestration.commands.command import OK, Command
from orchestration.commands.key import known_key
from orchestration.commands.pages.text_table import (
    Shown,
    named,
    print_table,
    print_text,
    text_table,
)

_STUDIES = "select distinct study from model.printed_comparison where vintage = $vintage order by 1"


@dataclass(frozen=True, slots=True)
class _Judged:
    table_number: str
    cell: str
    term: str
    other_term: str
    statistic: str
    printed_value: str
    computed: float | None
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed number as it is shown."""

    verdict: str
    table: str
    what: str
    printed: str
    computed: float | None
    reason: str


def _digits(row: _Line) -> str:
    return "" if row.computed is None else f"{row.computed:.6g}"


_COLUMNS: tuple[Shown[_Line], ...] = (
    *named("verdict", "table", "what", "printed"),
    Shown("computed", _digits),
    *named("reason"),
)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "study",
        nargs="?",
        metavar="FOLDER|STUDY",
        help="a folder with replication.yaml, data and printed.csv; or a study of the warehouse "
        "that names a paper (default: all of these)",
    )
    parser.add_argument("--all", action="store_true", help="show what is reproduced, too")


def _run(home: Home, options: argparse.Namespace) -> int:
    """Replicate a folder, or show what was published. Raises DocumentError, WarehouseError."""
    if options.study is not None and Path(options.study).is_dir():
        from assets.replication.replicate import replicate

        found = replicate(Path(options.study))
        contract = found.contract
        print_text(f"{contract.replication}: {contract.title}. {contract.source}.")
        for step, why in found.refused.items():
            print_text(f"Step {step} could not be computed: {why}")
        lines = [
            _Line(
                each.verdict,
                " ".join(filter(None, (each.table, each.cell))),
                " ".join(filter(None, (each.step, each.term, each.statistic))),
                each.printed,
                each.computed,
                each.reason,
            )
            for each in found.numbers
        ]
        _print(contract.replication, lines, show_all=options.all)
        return OK
    for study, rows in _published(home, options.study).items():
        lines = [
            _Line(
                row.verdict,
                row.cell,
                " ".join(filter(None, (row.statistic, row.term, row.other_term))),
                row.printed_value,
                row.computed,
                row.reason,
            )
            for row in rows
        ]
        _print(study, lines, show_all=options.all)
    return OK


COMMAND = Command(
    72,
    "replicate",
    "each printed number of a published study, computed again",
    _run,
    _arguments,
    examples=(
        "yearbook replicate",
        "yearbook replicate he_2012_2019 --all",
        "yearbook replicate my_replication",
    ),
)


def _published(home: Home, asked: str | None) -> dict[str, list[_Judged]]:
    """The comparisons of the published vintage, by study."""
    from assets.vintages.current import published_vintage
    from assets.warehouse.reader import query

    of = {"vintage": published_vintage(home)}
    if "verdict" not in query(home, "from model.printed_comparison limit 0").columns:
        raise WarehouseError(
            "The published warehouse does not judge printed numbers: a version of yearbook "
            "published it that did not do so yet.\n  Run `yearbook refresh`."
        )
    studies = [str(name) for (name,) in query(home, _STUDIES, of).rows]
    if asked is not None:
        studies = [known_key("study with a paper, or folder", asked, dict.fromkeys(studies, ()))]
    return {
        study: ask(home, "commands/judged_numbers", _Judged, {**of, "study": study})
        for study in studies
    }


def _print(study: str, lines: Sequence[_Line], *, show_all: bool) -> None:
    from assets.papers.printed_verdict import VERDICTS

    counted = Counter(line.verdict for line in lines)
    counts = ", ".join(f"{counted[verdict]} {verdict}" for verdict in VERDICTS)
    shown = [line for line in lines if show_all or line.verdict != "reproduced"]
    heading = f"{study}: of {len(lines)} printed numbers {counts}"
    if shown:
        print_table(text_table(heading, _COLUMNS, shown))
    else:
        print_text(heading)
