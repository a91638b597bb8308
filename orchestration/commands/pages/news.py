"""What a new vintage says, and what it says otherwise than the one before, in a few lines.

Belongs here: counting what differs, and each study in one line. Not here: the rows
(`assets/release/results/`), a study's tables (`study_page.py`, `town_page.py`).

What moved is counted from the published values of both vintages, whatever the reason.
"""

from collections.abc import Sequence

from assets.release.results.changes import Changes, changes
from assets.release.results.print_lines import Revision
from assets.release.results.study_lines import StudyHead
from assets.release.results.town_lines import TownHead
from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from assets.warehouse.texts.counted import counted
from orchestration.commands.pages.numbers import change_text, count_text, number, value_text
from orchestration.commands.pages.poor_county_page import poor_county_head, poor_county_line
from orchestration.commands.pages.poverty_class_page import (
    poverty_class_head,
    poverty_class_line,
)
from orchestration.commands.pages.province_page import province_head, province_line
from orchestration.commands.pages.replication_page import replication_heads, replication_line

_NEW = {"region": None, "only_new": True, "by_indicator": False}  # of revisions


def news(home: Home, before: str | None, vintage: str) -> list[str]:
    """What differs from the vintage `before`, one entry a kind; nothing of the first vintage.

    Raises WarehouseError where the vintage before is older than what would have to be compared.
    """
    if before is None:
        return []
    found = changes(home, before, vintage)
    revised = ask(home, "commands/revisions", Revision, _NEW)
    told = [_revised(revised), _figures(found), _coefficients(found), _verdicts(found)]
    return [*told, _numbers(found)] if found.numbers else told


def study_heads(home: Home, vintage: str) -> list[str]:
    """Each study and each data set of towns in one line."""
    of = {"vintage": vintage}
    provinces, counties = province_head(home, vintage), poor_county_head(home, vintage)
    classes = poverty_class_head(home, vintage)
    return [  # the most rows first
        *([] if provinces is None else [f"  {province_line(provinces)}"]),
        *([] if counties is None else [f"  {poor_county_line(counties)}"]),
        *([] if classes is None else [f"  {poverty_class_line(classes)}"]),
        *(_study_line(head) for head in ask(home, "commands/study_heads", StudyHead, of)),
        *(_town_line(head) for head in ask(home, "commands/town_heads", TownHead, of)),
        *(f"  {replication_line(head)}" for head in replication_heads(home, vintage)),
    ]


def _revised(rows: Sequence[Revision]) -> str:
    """What the documents that came in print otherwise than editions before, largest first."""
    if not rows:
        return "Figures: none is printed otherwise by what came in."
    most = rows[0]
    change = "" if most.change_pct is None else f" ({change_text(most.change_pct)} %)"
    return (
        f"Figures: {counted(len(rows), 'is', 'are')} printed otherwise by what came in; the most: "
        f"{most.indicator} {most.reference_year} of {most.region}: {value_text(most.old_value)} → "
        f"{value_text(most.new_value)} {most.unit}{change}; `yearbook revisions` has all."
    )


def _figures(found: Changes) -> str:
    rows = found.index_values
    if not rows:
        return "Index values: none differs from the vintage before."
    gone = sum(row.new_value is None for row in rows)
    appeared = sum(row.old_value is None for row in rows)
    line = f"Index values: {len(rows) - gone - appeared} moved, {appeared} new, {gone} gone"
    moved = [row for row in rows if row.change_pct is not None and row.new_value is not None]
    if moved:
        most = moved[0]
        line += (
            f"; the most: {most.index_id} {most.reference_year} in {most.study}, {most.region}, "
            f"{most.sample}: {value_text(most.old_value)} → {value_text(most.new_value)} "
            f"({change_text(most.change_pct)} %)"
        )
    return f"{line}."


def _coefficients(found: Changes) -> str:
    rows = found.coefficients
    if not rows:
        return "Coefficients: none differs."
    moved = [row for row in rows if row.moved is not None]
    line = f"Coefficients: {counted(len(rows), 'differs', 'differ')}"
    if moved:
        most = moved[0]
        line += (
            f"; the most: {most.term} by {most.estimator} in {most.study}, {most.region}, "
            f"{most.sample}: {number(most.old_coefficient)} → {number(most.new_coefficient)} "
            f"({change_text(most.moved, 2)} standard errors)"
        )
    return f"{line}."


def _verdicts(found: Changes) -> str:
    """Which fits appeared or failed, and which claims about towns are judged otherwise."""
    said = [
        f"{row.study}, {row.region}, {row.sample}, {row.estimator}: "
        f"{count_text(row.old_status, row.new_status)}"
        for row in found.verdicts
        if row.old_status != row.new_status
    ]
    said += [
        f"{'SIMULATED ' if row.simulated else ''}{row.dataset}, {row.claim} {row.part}: "
        f"{row.old_verdict or 'none'} → {row.new_verdict or 'none'}"
        for row in found.findings
    ]
    reworded = sum(row.old_status == row.new_status for row in found.verdicts)
    if reworded:
        said.append(f"{counted(reworded, 'fit is', 'fits are')} described otherwise")
    return f"Verdicts: {'; '.join(said) if said else 'none differs'}."


def _numbers(found: Changes) -> str:
    """What became otherwise of printed numbers; said only where something did."""
    rows = found.numbers
    judged = [row for row in rows if row.old_verdict != row.new_verdict] or rows
    first = judged[0]
    printed = "" if first.new_printed is None else f", printed {first.new_printed}"
    said = f"{first.study}, table {first.table_number}, {first.what}{printed}: "
    if first.old_verdict != first.new_verdict:
        said += f"{first.old_verdict or 'none'} → {first.new_verdict or 'none'}"
    else:
        said += f"computed {value_text(first.old_computed)} → {value_text(first.new_computed)}"
    more = "" if len(rows) == 1 else f", first {said}"
    count = counted(len(rows), "differs", "differ")
    return f"Printed numbers of published studies: {count}{more or f'; {said}'}."


def _study_line(head: StudyHead) -> str:
    label = "RECOVERED, not official data; " if head.quality == "recovered" else ""
    place = head.region if head.regions == 1 else f"{head.regions} regions"
    start = f"  {head.study} ({place})"
    if head.status is None:
        return f"{start}: indices, no model."
    if head.status != "fitted":
        return f"{start}, {head.sample}: NOT FITTED."
    vif = "" if head.max_vif is None else f", largest VIF {number(head.max_vif, 1)}"
    return f"{start}, {head.sample}: {label}n = {head.n}, OLS R² {number(head.r2)}{vif}."


def _town_line(head: TownHead) -> str:
    label = "SIMULATED, no town behind it; " if head.simulated else ""
    agrees = counted(head.agrees, "claim agrees", "claims agree")
    verdicts = f"{agrees}, {head.disagrees} disagree, {head.open} cannot be said"
    effect = ""
    if head.percent is not None:
        interval = f"{change_text(head.low_percent)} to {change_text(head.high_percent)}"
        effect = f"sales {change_text(head.percent)} % ({interval}); "
    return f"  towns {head.dataset}: {label}{effect}{verdicts}."
