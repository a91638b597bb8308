"""A published study computed again, as it is shown: counts by verdict, and what is not reproduced.

Belongs here: sentences and the table, of a folder or of the warehouse. Not here: computing and
judging (`assets/replication/`, `assets/papers/printed_verdict.py`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assets.release.results.study_lines import PrintedNumber, ReplicationHead
from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from assets.warehouse.texts.counted import counted
from orchestration.commands.pages.page import StudyPage
from orchestration.commands.pages.text_table import Shown, named, text_table


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A printed number as it is shown."""

    verdict: str
    table: str
    what: str
    printed: str
    computed: float | None
    reason: str


def _digits(row: NumberLine) -> str:
    return "" if row.computed is None else f"{row.computed:.6g}"


_COLUMNS: tuple[Shown[NumberLine], ...] = (
    *named("verdict", "table", "what", "printed"),
    Shown("computed", _digits),
    *named("reason"),
)


def replication_heads(home: Home, vintage: str) -> list[ReplicationHead]:
    """The published studies of a vintage; none in a warehouse of before they were taken in."""
    from assets.vintages.published import is_recorded

    if not is_recorded(home, "raw.replication"):
        return []
    return ask(home, "commands/replication_heads", ReplicationHead, {"vintage": vintage})


def replication_line(head: ReplicationHead) -> str:
    """A published study in one line."""
    rest = [
        f"{count} {verdict}"
        for count, verdict in (
            (head.within_rounding, "within rounding"),
            (head.not_determinable, "not determinable"),
        )
        if count
    ]
    said = ", ".join([f"reproduced {head.reproduced}, differs {head.differs}", *rest])
    label = "RECOVERED data; " if head.is_recovered else ""
    return f"{head.study}, {counted(head.printed, 'printed number')} computed again: {label}{said}."


def replication_page(
    home: Home, head: ReplicationHead, vintage: str, *, show_all: bool = False
) -> StudyPage:
    """What became of the numbers of one study of the warehouse."""
    of = {"study": head.study, "vintage": vintage}
    lines = [
        NumberLine(
            row.verdict,
            row.place,
            " ".join(filter(None, (row.step, row.what))),
            row.printed_value,
            row.computed,
            row.reason,
        )
        for row in ask(home, "commands/printed_numbers", PrintedNumber, of)
    ]
    label = "RECOVERED, not official data: " if head.is_recovered else ""
    return numbers_page(head.study, f"{label}{head.title or ''}", lines, show_all=show_all)


def numbers_page(
    study: str, title: str, lines: Sequence[NumberLine], *, show_all: bool = False
) -> StudyPage:
    """Counts by verdict, and the numbers that are not reproduced, or all."""
    from assets.papers.printed_verdict import VERDICTS

    by_verdict = Counter(line.verdict for line in lines)
    counts = ", ".join(f"{by_verdict[verdict]} {verdict}" for verdict in VERDICTS)
    shown = [line for line in lines if show_all or line.verdict != "reproduced"]
    heading = f"{study}: of {counted(len(lines), 'printed number')} {counts}"
    table = (text_table("Numbers" if show_all else "Not reproduced", _COLUMNS, shown),)
    return StudyPage(heading, (title,) if title else (), table if shown else (), ())
