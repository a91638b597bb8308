"""Why a table is proposed to be read as it is: a line for each axis, the unit and the status.

Belongs here: the words. Not here: choosing the reading.
"""

from collections.abc import Iterator, Sequence

from assets.extracts.proposing.proposal import Proposal


def reasons(proposal: Proposal) -> Iterator[str]:
    """What stands where, and what says so."""
    axes, figures = proposal.entry["axes"], proposal.read.figures
    for name in ("indicator", "region", "year"):
        values = list(
            dict.fromkeys(
                str({"indicator": f.indicator, "region": f.region, "year": f.reference_year}[name])
                for f in figures
            )
        )
        if name in proposal.missing:
            continue
        place = axes.get(name, {})
        if "across" in place:
            why = f"across, in row {place['across']} of the header"
        elif "down" in place:
            why = f"down the column '{place['down']}'"
        else:
            why = f"'{proposal.said[name]}'" if name in proposal.said else "as answered"
        yield f"{name}: {_some(values)} ({why})"
    units = {f.printed_unit: f.cell.ref for f in reversed(figures)}
    answered = proposal.entry.get("unit") or proposal.entry.get("units")
    if units:
        told = "as answered" if answered else "as the document prints it"
        yield f"unit: {_some(list(units))} ({told})"
    marked = {f.status for f in figures if f.status is not None}
    if marked:
        yield f"status: {', '.join(sorted(marked))} where year, label or flag says so"
    if "blocks" in axes:
        yield f"{axes['blocks']} blocks, with the same headings"
    for out in proposal.left_out:
        if out.sure:
            yield f"left out: {out.what} '{out.entry}' ({out.cell.ref}), beside the figures"
    if proposal.read.unknown and figures:
        yield f"left out: labels that mean no known indicator: {', '.join(proposal.read.unknown)}"


def _some(values: Sequence[str]) -> str:
    """All of a few, the ends of many."""
    if len(values) <= 4:
        return ", ".join(values)
    return f"{values[0]}, {values[1]} … {values[-1]} ({len(values)})"
