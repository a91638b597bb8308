"""Region files: the list that ships, and `landing/regions.yaml`, which adds to it in the same form.

Belongs here: their contract and its checks. Not here: looking names up, countries.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from assets.extracts.errors import DocumentError
from assets.extracts.regions.region import (
    ALWAYS,
    STILL,
    BorderChange,
    Naming,
    Region,
    RegionKind,
)
from assets.extracts.written.strict_model import StrictModel, wrong_fields
from assets.extracts.written.yaml_file import read_yaml

_EXPECTED = "source, licence and regions, each region with kind, parent and names"
_ADVICE = "Correct the file; landing/README.md has an example."

Text = Annotated[str, Field(min_length=1)]
Year = Annotated[int, Field(ge=1900, le=2200)]
Id = Annotated[str, Field(pattern=r"^[A-Z]{2,3}(-[A-Z0-9]{1,3}){0,3}$")]


class _Naming(StrictModel):
    gb: Annotated[str, Field(pattern=r"^[1-9][0-9]{5}$")] | None = None
    zh: Text | None = None
    en: Text
    also: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    since: Year | None = None


class _Former(_Naming):
    until: Year
    parent: Id | None = None


class _Change(StrictModel):
    year: Year
    what: Text


class _Entry(_Naming):
    kind: RegionKind
    parent: Id | None = None
    until: Year | None = None
    before: Annotated[tuple[_Former, ...], Field(strict=False)] = ()
    changes: Annotated[tuple[_Change, ...], Field(strict=False)] = ()
    census_2020: Annotated[float, Field(gt=0, strict=False)] | None = None


class _RegionFile(StrictModel):
    source: Text
    licence: Text
    regions: Annotated[dict[Id, _Entry], Field(min_length=1)]


def read_regions(path: Path, name: str, known: Mapping[str, Region]) -> dict[str, Region]:
    """Read a file of regions that adds to the known ones.

    name: how messages call the file. Raises DocumentError naming each field that is wrong.
    """
    raw: dict[str, Any] = read_yaml(path, name, dict, _ADVICE)
    try:
        entries = _RegionFile.model_validate(raw).regions
    except ValidationError as error:
        raise wrong_fields(name, error, _EXPECTED, _ADVICE) from error
    added = {code: _region(code, entry) for code, entry in entries.items()}
    problems = list(_problems(added, known))
    if problems:
        raise _error(name, *problems[0], more=problems[1:])
    return added


def _error(name: str, field: str, found: str, more: list[tuple[str, str]]) -> DocumentError:
    return DocumentError(
        name,
        field=field,
        found=found,
        expected=_EXPECTED,
        advice=_ADVICE,
        more=tuple(f"Also field {where}: {what}." for where, what in more),
    )


def _region(code: str, entry: _Entry) -> Region:
    formers = tuple(
        Naming(
            gb=former.gb,
            name_en=former.en,
            name_zh=former.zh,
            also=former.also,
            parent=former.parent or entry.parent,
            first_year=former.since or ALWAYS,
            last_year=former.until,
        )
        for former in entry.before
    )
    present = Naming(
        gb=entry.gb,
        name_en=entry.en,
        name_zh=entry.zh,
        also=entry.also,
        parent=entry.parent,
        first_year=entry.since or ALWAYS,
        last_year=entry.until or STILL,
    )
    changes = tuple(BorderChange(change.year, change.what) for change in entry.changes)
    return Region(code, entry.kind, (*formers, present), changes, entry.census_2020)


def _problems(
    added: Mapping[str, Region], known: Mapping[str, Region]
) -> Iterator[tuple[str, str]]:
    """What one entry alone cannot show: parents, years in order, codes that stand twice."""
    everything = {**known, **added}
    held: dict[str, list[tuple[str, Naming]]] = {}
    for code, region in everything.items():
        for naming in region.namings:
            if naming.gb is not None:
                held.setdefault(naming.gb, []).append((code, naming))
    for code, region in added.items():
        field = f"regions.{code}"
        if code in known:
            yield field, f"{known[code].known_as} is known already"
        if region.is_nation != (region.namings[-1].parent is None):
            yield field, "every region has a parent, and a nation has none"
        for naming in region.namings:
            if naming.parent is not None and naming.parent not in everything:
                yield field, f"its parent '{naming.parent}' is no region"
            if naming.first_year > naming.last_year:
                yield field, f"{naming.first_year} is after {naming.last_year}"
            for other, theirs in held.get(naming.gb or "", ()):
                if other != code and _overlap(naming, theirs):
                    yield field, f"its code {naming.gb} is that of {other} in the same years"
        for before, after in pairwise(region.namings):
            if before.last_year >= after.first_year:
                yield field, f"what it was until {before.last_year} overlaps what came after"


def _overlap(one: Naming, other: Naming) -> bool:
    return one.first_year <= other.last_year and other.first_year <= one.last_year
