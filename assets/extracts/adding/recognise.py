"""Which landed source a file is the next edition of.

Belongs here: holding a file against the newest edition of every source. Not here: reading it in
detail once that is known.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from assets.extracts.adding.asking.placement import container_changes, similarity
from assets.extracts.adding.draft import Draft
from assets.extracts.adding.magnitude import agreement
from assets.extracts.adding.opening import Arrived, Part
from assets.extracts.adding.previous import Previous, editions, load_previous
from assets.extracts.adding.probe import Reading, probe
from assets.extracts.errors import DocumentError
from assets.extracts.landed.survey import folders_in
from assets.extracts.region_statements import region_lines

_ENOUGH = 0.4  # below this, nothing of the file is like the source
_MARGIN = 0.1


class _Scores(NamedTuple):
    labels: float
    values: float
    title: float
    name: float


_WEIGHTS = _Scores(labels=0.4, values=0.3, title=0.2, name=0.1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A landed edition a file may follow. score: in [0, 1]; why: what of it is alike.

    differs: what the file says otherwise of itself; it may be another source.
    """

    previous: Previous
    score: float
    why: str
    differs: tuple[str, ...] = ()


def likeliest(
    landing: Path, arrived: Arrived, parts: tuple[Part, ...], this_year: int
) -> tuple[Candidate, ...]:
    """The newest edition of each source that the file is like, the likeliest first."""
    found = []
    for source in (folder.name for folder in folders_in(landing)):
        known = [year for year in editions(landing, source) if year <= this_year]
        if not known:
            continue
        try:
            previous = load_previous(landing, source, str(known[-1]))
        except DocumentError:
            continue  # a refresh tells what is wrong with it
        draft = Draft(previous, arrived, parts, this_year, {})
        candidate = _candidate(draft.with_tables(container_changes(draft)))
        if candidate.score >= _ENOUGH:
            found.append(candidate)
    return tuple(sorted(found, key=lambda each: -each.score))


def certainty(candidates: tuple[Candidate, ...]) -> float:
    """How sure the first candidate is: it must be like the file, and the second must not.

    One whose title or regions are others may be another source, however like; indicators that are
    gone or new are asked for one by one.
    """
    if candidates[0].differs:
        return 0.5
    second = candidates[1].score if len(candidates) > 1 else 0.0
    best = candidates[0].score
    return min(0.99, best + 0.2) if best >= 0.7 and best - second >= _MARGIN else 0.5


def _candidate(draft: Draft) -> Candidate:
    previous = draft.previous
    pairs = [(previous.readings[n], reading) for n, reading in _best_readings(draft)]
    # Labels: series in common over all series of both.
    common = sum(len(_series(before) & _series(now)) for before, now in pairs)
    every = sum(len(_series(before) | _series(now)) + len(now.unknown) for before, now in pairs)
    held = [agreement(line, previous.known).likelihood for _, now in pairs for line in now.lines]
    titles = (similarity(_first_text(before), _first_text(now)) for before, now in pairs)
    scores = _Scores(
        labels=common / every if every else 0.0,
        values=sum(held) / len(held) if held else 0.0,
        title=max(titles, default=0.0),
        name=similarity(Path(draft.arrived.name).stem, Path(previous.card.document.file).stem),
    )
    if scores.labels == 0:
        return Candidate(previous, 0.0, "no label in common")
    score = sum(weight * value for weight, value in zip(_WEIGHTS, scores, strict=True))
    return Candidate(
        previous,
        score,
        f"labels {scores.labels:.0%}, values {scores.values:.0%}, title {scores.title:.0%}, "
        f"file name {scores.name:.0%} alike",
        tuple(text for before, now in pairs for text in _differences(before, now)),
    )


def _differences(before: Reading, now: Reading) -> Iterator[str]:
    """What a table says otherwise of itself than that of the edition before."""
    titles = _first_text(before), _first_text(now)
    if similarity(*titles) < 1:
        yield f"its title is '{titles[1]}', in the edition before '{titles[0]}'"
    of_regions = {line.region for line in before.lines}, {line.region for line in now.lines}
    if of_regions[0] - of_regions[1]:
        yield f"it has no figure of {', '.join(sorted(of_regions[0] - of_regions[1]))}"
    lines = (
        {line.text for line in region_lines(before.grid)},
        {line.text for line in region_lines(now.grid)},
    )
    if lines[0] != lines[1]:
        yield f"its region is '{' '.join(lines[1])}', in the edition before '{' '.join(lines[0])}'"


def _best_readings(draft: Draft) -> Iterator[tuple[str, Reading]]:
    """For each table the sheet on which most of its labels are found."""
    for number in draft.previous.card.tables:
        table = draft.table(number)
        readings = [
            probe(part.grid, table, number, draft.frame)
            for part in draft.parts
            if part.grid is not None
        ]
        before = draft.previous.readings[number]
        usable = [reading for reading in readings if reading.problem is None]
        if usable:
            yield number, max(usable, key=lambda reading: len(_series(reading) & _series(before)))


def _series(reading: Reading) -> set[tuple[str, str]]:
    """What a table is about: indicators by region, or a paper's terms."""
    return {(line.indicator, line.region) for line in reading.lines} | {
        (term, "") for term in reading.terms
    }


def _first_text(reading: Reading) -> str:
    cells = (cell for row in reading.grid.rows for cell in row if not cell.blank)
    text = next((cell.text for cell in cells), "")
    return "".join(sign for sign in text if not sign.isdigit())
