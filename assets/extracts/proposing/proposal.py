"""What a sheet of which nothing is known is proposed to be: a table of three axes, with reasons.

Belongs here: choosing between all readings of a sheet. Not here: how each arises, and asking.

Only a reading under which every number is accounted for is offered; where two are and they differ,
both are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from assets.extracts.cards.axes_card import AxisName
from assets.extracts.errors import DocumentError
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.meaning.registry import indicators
from assets.extracts.proposing.beside import stated_beside
from assets.extracts.proposing.header import headers
from assets.extracts.proposing.left_out import LeftOut
from assets.extracts.proposing.reading import Attempt, attempt
from assets.extracts.proposing.seen import Seen, table_entry
from assets.extracts.proposing.series import Series, told_apart
from assets.extracts.written.landing_files import ADDED_REGIONS

ANY_YEAR, ANY_REGION = 2000, "CN"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One reading of a sheet.

    entry: of the card, with stand-ins for what is missing; region: of the card, None where nothing
    says it or the table's regions stand in it; said: axis → the text beside the table that says it;
    series: of which one must be chosen, as the entry does with the first.
    """

    grid: Grid
    entry: Mapping[str, Any]
    missing: tuple[AxisName, ...]
    region: str | None
    left_out: tuple[LeftOut, ...]
    title: str | None
    said: Mapping[str, str]
    read: Attempt
    unknown: tuple[str, ...] = ()
    series: Series | None = None

    def of_series(self, taken: tuple[str, ...]) -> "Proposal":
        """The table of one series."""
        assert self.series is not None
        proposal = self.with_entry(self.series.entry(self.entry, taken))
        columns = [o for o in self.left_out if o.entry not in self.series.columns]
        return replace(proposal, series=None, left_out=tuple(columns))

    def with_entry(self, entry: Mapping[str, Any]) -> "Proposal":
        """Put an answer into the entry, and read again."""
        read = attempt(self.grid, entry, self.region or ANY_REGION, self.unknown)
        return replace(self, entry=entry, read=read)

    def without_missing(self, name: AxisName) -> "Proposal":
        """The axis was answered."""
        return replace(self, missing=tuple(each for each in self.missing if each != name))

    @property
    def has_regions(self) -> bool:
        """Whether the table itself says the region of each figure."""
        return "region" in self.entry["axes"]


def proposals(grid: Grid) -> Sequence[Proposal]:
    """The readings of a sheet that could be meant, the best first: several where they differ.

    Empty where no reading accounts for every number; `why_not` then says why.
    """
    sound = [each for each in _all(Seen(grid)) if each.read.problem is None]
    sound = [each for each in sound if each.read.figures] or sound  # no label known: it is asked
    if not sound:
        return ()
    best = min(map(_rank, sound))
    first = [each for each in sound if _rank(each)[:2] == best[:2]]
    first.sort(key=_rank)
    differing: list[Proposal] = []
    for each in first:
        if all(_meaning(each) != _meaning(other) for other in differing):
            differing.append(each)
    return differing if contradict(differing) else differing[:1]


def why_not(grid: Grid) -> DocumentError | None:
    """The nearest miss: what stopped the reading that would have taken most; None without any."""
    missed = [each for each in _all(Seen(grid)) if each.read.problem is not None]
    missed = missed or [
        each for each in _all(Seen(grid, nearly=True)) if each.read.problem is not None
    ]
    missed.sort(key=lambda each: (len(each.missing), len(each.left_out), -_last_row(each)))
    return missed[0].read.problem if missed else None


def _last_row(each: Proposal) -> int:
    """How far down the problem stands: the later, the more was read."""
    problem = each.read.problem
    digits = "".join(sign for sign in (problem.cell or "") if sign.isdigit()) if problem else ""
    return int(digits or 0)


def _all(seen: Seen) -> Iterator[Proposal]:
    for header in headers(seen):
        stated = stated_beside(seen, header)
        if stated is None:
            continue
        axes: dict[str, Any] = {**header.axes, **stated.axes}
        out = {
            f"{what}s": [each.entry for each in header.left_out if each.what == what]
            for what in ("column", "row")
        }
        out = {what: list(dict.fromkeys(entries)) for what, entries in out.items() if entries}
        axes |= {"left_out": out} if out else {}
        keys = {"status_column": header.flags} if header.flags else {}
        keys |= {"unit": stated.unit} if stated.unit else {}
        if "year" in stated.missing:
            axes["year"] = {"once": ANY_YEAR}
        places = (stated.region,) if stated.region else (ANY_REGION, *stated.named)
        for stand_in, region in product(_stand_ins("indicator" in stated.missing), places):
            if stand_in:
                axes["indicator"] = {"once": stand_in}
            entry = table_entry(axes, **keys)
            read = attempt(seen.grid, entry, region, header.unknown)
            series = None
            if (read.problem is not None or not read.figures) and "blocks" not in axes:
                series = told_apart(header.lines)
            if series is not None:
                one = series.entry(entry, next(iter(series.lines)))
                read = attempt(seen.grid, one, region, header.unknown)
            if stated.no_region is not None:
                read = Attempt((), problem=_no_region(seen.grid, stated.no_region))
            if read.problem is None:
                break
        yield Proposal(
            seen.grid,
            entry,
            stated.missing,
            stated.region,
            header.left_out,
            stated.title,
            stated.said,
            read,
            header.unknown,
            series,
        )


def _no_region(grid: Grid, cell: Cell) -> DocumentError:
    return grid.error(
        cell,
        found=f"'{cell.text.strip()}' names no region that is known",
        expected="a region of assets/extracts/regions/regions.yaml, ISO 3166 or "
        f"landing/{ADDED_REGIONS}",
        advice=f"Declare the region in landing/{ADDED_REGIONS} (landing/README.md), and add the "
        "document again.",
    )


def _stand_ins(missing: bool) -> Sequence[str]:
    """An indicator of each dimension, so that whatever unit is printed can be read."""
    if not missing:
        return ("",)
    return tuple({each.dimension: each.id for each in indicators().values()}.values())


def _rank(each: Proposal) -> tuple[int, ...]:
    """The fewer axes nothing says, the more figures, the less beside them: the better.

    Several series are what a table is only where nothing else can be.
    """
    axes = each.entry["axes"]
    return (
        10 * (each.series is not None) + len(each.missing),
        -len(each.read.figures),
        sum(not out.sure for out in each.left_out) + len(each.read.measures),
        len(each.left_out),
        len(each.read.unknown),
        len(axes.get("lines", ())),
    )


def _meaning(each: Proposal) -> frozenset[tuple[object, ...]]:
    return frozenset(
        (f.cell.row, f.cell.column, f.indicator, f.region, f.reference_year, f.unit.id)
        for f in each.read.figures
    )


def contradict(each: Sequence[Proposal]) -> bool:
    """Whether one cell would be two different figures."""
    met: dict[tuple[object, ...], frozenset[tuple[object, ...]]] = {}
    for proposal in each:
        for place in _meaning(proposal):
            met[place[:2]] = met.get(place[:2], frozenset()) | {place}
    return any(len(places) > 1 for places in met.values())
