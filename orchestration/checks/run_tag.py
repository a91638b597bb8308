"""The tag that tells in Dagster's list of runs that checks of a run did not pass.

Belongs here: its name and its words. Not here: who looks at runs (`orchestration/refresh.py`,
`orchestration/alerts/look.py`).
"""

from collections.abc import Iterable

import dagster as dg

CHECKS_TAG = "yearbook/checks_not_passed"


def tag_checks(instance: dg.DagsterInstance, run_id: str, blocking: Iterable[bool]) -> None:
    """Tag a run with how many checks did not pass; a run of such is a success to Dagster.

    blocking: of each that did not pass, whether it blocks publication.
    """
    blocks = list(blocking)
    if blocks:
        said = f"{len(blocks)}, of which {sum(blocks)} block"
        instance.add_run_tags(run_id, {CHECKS_TAG: said})
