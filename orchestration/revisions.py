"""What a refresh brought that was printed otherwise before, and which index values it moved.

Belongs here: the part of the refresh summary on revisions. Not here: finding them
(`sql/release/revision.sql`), and values that moved for another reason (`yearbook diff`).
"""

from assets.warehouse.home import Home
from orchestration.report_sql import percent_text, report, value_text
from orchestration.text_table import TextTable, print_table

REVISIONS_SHOWN = 10
_REVISED = ("region", "indicator", "year", "printed before by", "now by", "old", "new", "unit", "%")
_MOVED = ("study", "region", "sample", "index", "year", "old", "new", "%", "because of")


def print_revisions(home: Home, vintage_before: str | None, vintage: str) -> None:
    """Print the largest revisions that are new in this vintage, and the index values they moved."""
    revised = [
        (region, indicator, str(year), before, now, value_text(old), value_text(new), unit, change)
        for region, indicator, year, before, now, old, new, unit, change_pct in report(
            home, "new_revisions", {}
        )
        for change in [percent_text(change_pct)]
    ]
    if not revised:
        return
    shown = revised[:REVISIONS_SHOWN]
    caption = (
        f"the largest {len(shown)} of {len(revised)}; all: "
        '`yearbook query "from release.revision where is_new"`'
    )
    print_table(TextTable("Revised figures, new in this vintage", _REVISED, shown, caption))
    moved = [
        (*place, index, str(year), value_text(old), value_text(new), change, because)
        for *place, index, year, old, new, change_pct, because in report(
            home, "moved_by_revision", {"old": vintage_before, "new": vintage}
        )
        for change in [percent_text(change_pct)]
    ]
    if moved:
        title = f"Index values that moved with them, against vintage {vintage_before}"
        print_table(TextTable(title, _MOVED, moved))
    else:
        print("No index value moved with them.")
