"""Frames that met a suite in a refresh before: judged again, they would meet it again.

Belongs here: what is kept of a suite that was met in full, and asking for it. Not here: judging
(`suite_run.py`). A suite that was not met is always judged again, since its failing rows are shown.
"""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from assets.warehouse.tables.row import Row, as_frame
from assets.warehouse.unchanged.reads import frame_digest
from orchestration.checks.suite_file import Suite

if TYPE_CHECKING:
    import pandas as pd

    from assets.warehouse.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedFrameRow(
    Row,
    table="kept.passed_frame",
    grain="one row per check by a suite that was met in full",
    key=("check_name",),
):
    """The frame that last met a suite."""

    check_name: Annotated[str, "suite and severity"]
    code_sha256: Annotated[str, "sha256 over the suite, all code and the versions of libraries"]
    frame_sha256: Annotated[str, "sha256 over the rows that were judged"]


def judged_frame(
    check_name: str, code_sha256: str, suite: Suite, frame: "pd.DataFrame"
) -> PassedFrameRow:
    """What is kept of a frame if it meets the suite."""
    return PassedFrameRow(
        check_name=check_name,
        code_sha256=hashlib.sha256(f"{code_sha256} {suite}".encode()).hexdigest(),
        frame_sha256=frame_digest(frame),
    )


def has_passed(store: "Store", frame: PassedFrameRow) -> bool:
    """Whether the same rows met the same suite before, by the same code."""
    table = PassedFrameRow.table.name
    if not store.exists(table):
        return False
    sql = f"from {table} where check_name = ?"
    return store.read(PassedFrameRow, sql, [frame.check_name]) == [frame]


def keep_passed(store: "Store", frame: PassedFrameRow) -> None:
    """Remember the frame as one that met the suite."""
    key = {"check_name": frame.check_name}
    store.replace_where(PassedFrameRow.table, as_frame(PassedFrameRow, [frame]), key)
