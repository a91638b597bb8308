"""`yearbook repair`: what is damaged or lost, made again from what is whole.

Belongs here: telling what was done. Not here: what stands in for what
(`assets/warehouse/repair.py`, `orchestration/runs/damaged_records.py`).
"""

import argparse

from assets.warehouse.home import Home
from orchestration.commands.command import OK, Command
from orchestration.commands.pages.progress_line import ProgressLine


def _run(home: Home, options: argparse.Namespace) -> int:
    """Print a paragraph on each file that was not whole; the report follows what is published."""
    from assets.release.report.report_file import point_to_report
    from assets.warehouse.publish import published_release, writing
    from assets.warehouse.repair import repair
    from orchestration.runs.damaged_records import put_aside_damaged_records

    with (
        writing(home.prepare(), "repair"),
        ProgressLine("reading every block of every file"),
    ):
        told = [*repair(home), *put_aside_damaged_records(home)]
        release = published_release(home)
        point_to_report(home, None if release is None else release.vintage)
    print(
        "\n".join(
            told
            or [
                "Nothing is damaged: the working file, every release and what is kept of runs and "
                "alerts are whole."
            ]
        )
    )
    return OK


COMMAND = Command(
    145,
    "repair",
    "make damaged or lost releases and the working file again",
    _run,
    examples=("yearbook repair",),
)
