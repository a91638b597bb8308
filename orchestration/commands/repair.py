"""`yearbook repair`: what is damaged or lost, made again from what is whole.

Belongs here: telling what was done. Not here: what stands in for what
(`assets/warehouse/repair.py`).
"""

import argparse

from assets.warehouse.home import Home
from orchestration.commands.command import OK, Command


def _run(home: Home, options: argparse.Namespace) -> int:
    """Print a paragraph on each file that was not whole; the report follows what is published."""
    from assets.release.report.report_file import point_to_report
    from assets.warehouse.publish import published_release, writing
    from assets.warehouse.repair import repair

    with writing(home.prepare(), "repair"):
        told = repair(home)
        release = published_release(home)
        point_to_report(home, None if release is None else release.vintage)
    print("\n".join(told or ["Nothing is damaged: the working file and every release are whole."]))
    return OK


COMMAND = Command(
    145,
    "repair",
    "make damaged or lost releases and the working file again",
    _run,
    examples=("yearbook repair",),
)
