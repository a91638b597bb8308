"""Index values: the formula of each, and every printed figure behind it.

Belongs here: asking for them, and showing them. Not here: deriving them (`sql/indices`).
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assets.poverty.study_files.index_names import INDEX_NAMES
from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from orchestration.commands.command import OK, PROBLEMS
from orchestration.commands.key import study_key
from orchestration.commands.pages.json_rows import print_json
from orchestration.commands.pages.origin.printed_cell import InputCell
from orchestration.commands.pages.text_table import print_text


@dataclass(frozen=True, slots=True)
class _Value:
    study: str
    region: str
    sample: str
    value: float | None
    unit: str
    status: str
    reason: str | None
    quality: str | None
    title: str | None
    formula: str


@dataclass(frozen=True, slots=True)
class _Origin:
    """An index value with the printed figures behind it."""

    index: str
    year: int
    value: _Value
    inputs: tuple[InputCell, ...]


def index_page(
    home: Home, index_id: str, year: int, region: str | None, study: str | None, as_json: bool
) -> int:
    """Print formula and inputs of an index in every study and region, or one; samples that have
    the same from the same cells stand together. A problem if there is none.
    """
    from assets.warehouse.reader import query

    if study is not None:
        studies = query(home, "select distinct study from study.sample order by study").rows
        study = study_key(home, study, [str(name) for (name,) in studies])
    of = {"index_id": index_id, "year": year}
    found = ask(home, "commands/index_values", _Value, {**of, "study": study, "region": region})
    if not found:
        where = f"in study {study}" if study else "in any study"
        of_region = f" of {region}" if region else ""
        print(
            f"{index_id} of {year}{of_region} is not {where}. See `yearbook query "
            f'"select distinct study, index_id, reference_year from indices.index_value"`.',
            file=sys.stderr,
        )
        return PROBLEMS
    origins = [_Origin(index_id, year, value, _inputs(home, of, value)) for value in found]
    if as_json:
        print_json({"values": origins})
        return OK
    alike: dict[_Origin, list[str]] = {}
    for origin in origins:
        same = replace(origin, value=replace(origin.value, sample=""))
        alike.setdefault(same, []).append(origin.value.sample)
    for origin, samples in alike.items():
        _print_value(index_id, year, origin.value, samples)
        for each in origin.inputs if origin.value.value is not None else ():
            each.print()
        print()
    return OK


def _inputs(home: Home, of: Mapping[str, object], value: _Value) -> tuple[InputCell, ...]:
    """The printed figures behind one value."""
    place = {"study": value.study, "region": value.region, "sample": value.sample}
    return tuple(ask(home, "commands/index_inputs", InputCell, {**of, **place}))


def _print_value(index_id: str, year: int, value: _Value, samples: Sequence[str]) -> None:
    from assets.extracts.meaning.registry import regions
    from assets.poverty.study_files.study_rows import FormulaIndexRow

    name = INDEX_NAMES.get(index_id)
    chinese = f" ({name.chinese})" if name else ""
    title = value.title or "an index of the study"
    print_text(f"{index_id} {year}, {title}{chinese}, region {regions()[value.region].known_as}")
    counted = "samples" if len(samples) > 1 else "sample"
    print_text(f"  study {value.study}, {counted} {', '.join(samples)}")
    if value.value is None:
        print_text(f"  missing: {value.reason}")
        return
    print_text(f"  value    {value.value!r} {value.unit}, {value.status}, quality {value.quality}")
    how = {
        "reported": f"taken as reported; {value.formula}",
        "bridged": f"{value.formula}; {value.reason}",
    }.get(value.status, value.formula)
    print_text(f"  formula  {how}  [{name.table if name else FormulaIndexRow.table.name}]")
