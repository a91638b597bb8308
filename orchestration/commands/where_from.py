"""`yearbook where-from`: the formula of an index value and every printed figure behind it.

Belongs here: finding and showing the origin of a value. Not here: deriving it (`sql/indices`).
"""

import sys
from collections.abc import Iterable
from typing import Any

from assets.extracts.errors import spell_place
from assets.poverty.study_files.index_names import INDEX_NAMES
from assets.poverty.study_files.study_rows import FormulaIndexRow
from assets.warehouse.home import Home
from assets.warehouse.reader import query

_VALUES = """
select study, region, sample, value, unit, status, reason, quality
from indices.index_value
where index_id = $index_id and reference_year = $year and coalesce(study = $study, true)
order by study, region, sample_order
"""

_KNOWN = "select distinct index_id from study.variable"

_MEANING = "select title, formula from study.variable where study = $study and index_id = $index_id"

_INPUTS = """
select
    input.indicator, input.input_year, observation.value, observation.unit,
    observation.printed_value, observation.printed_label, observation.printed_unit,
    observation.quality, observation.source, observation.edition, observation.table_number,
    observation.sheet, observation.cell, observation.file, observation.document_sha256,
    observation.note, document.title, document.publisher, document.url, document.retyped
from indices.index_input as input
join indices.index_value as value
    on value.study = input.study and value.region = input.region and value.sample = input.sample
    and value.index_id = input.index_id and value.reference_year = input.reference_year
join raw.observation as observation
    on observation.source = input.source and observation.edition = input.edition
    and observation.region = input.region and observation.indicator = input.indicator
    and observation.reference_year = input.input_year
join raw.document as document
    on document.source = observation.source and document.edition = observation.edition
where
    input.index_id = $index_id and input.reference_year = $year
    and input.study = $study and input.region = $region and input.sample = $sample
order by input.input_year desc, input.indicator
"""


def print_where_from(home: Home, index_id: str, year: int, study: str | None) -> int:
    """Print formula and inputs of an index in every study (or one); 1 where there is none."""
    known = _in_order(name for (name,) in query(home, _KNOWN).rows)
    if index_id not in known:
        print(f"{index_id} is no index; known are {', '.join(known)}.", file=sys.stderr)
        return 1
    found = query(home, _VALUES, {"index_id": index_id, "year": year, "study": study}).rows
    if not found:
        where = f"in study {study}" if study else "in any study"
        print(
            f"{index_id} of {year} is not {where}. See `yearbook query "
            f'"select distinct study, index_id, reference_year from indices.index_value"`.',
            file=sys.stderr,
        )
        return 1
    for row in found:
        _print_value(home, index_id, year, *row)
    return 0


def _in_order(names: Iterable[str]) -> list[str]:
    """The paper's indices as the paper has them, then those that studies define themselves."""
    paper = list(INDEX_NAMES)
    return sorted(
        names, key=lambda name: (paper.index(name) if name in paper else len(paper), name)
    )


def _print_value(
    home: Home,
    index_id: str,
    year: int,
    study: str,
    region: str,
    sample: str,
    value: float | None,
    unit: str,
    status: str,
    reason: str | None,
    quality: str | None,
) -> None:
    (title, formula), *_ = query(home, _MEANING, {"study": study, "index_id": index_id}).rows
    name = INDEX_NAMES.get(index_id)
    chinese, table = (
        (f" ({name.chinese})", name.table) if name else ("", FormulaIndexRow.table.name)
    )
    print(f"{index_id} {year}, {title or 'an index of the study'}{chinese}, region {region}")
    print(f"  study {study}, sample {sample}")
    if value is None:
        print(f"  missing: {reason}\n")
        return
    print(f"  value    {value!r} {unit}, {status}, quality {quality}")
    how = formula if status == "computed" else f"taken as reported; {formula}"
    print(f"  formula  {how}  [{table}]")
    place = {"study": study, "region": region, "sample": sample}
    inputs = query(home, _INPUTS, {"index_id": index_id, "year": year, **place})
    for row in inputs.rows:
        _print_input(dict(zip(inputs.columns, row, strict=True)))
    print()


def _print_input(cell: dict[str, Any]) -> None:
    place = spell_place(cell["file"], cell["sheet"], cell["cell"])
    retyped = " (figures typed by the project)" if cell["retyped"] else ""
    label = f"“{cell['printed_label']}”, unit {cell['printed_unit']}"
    print(f"  input    {cell['indicator']} {cell['input_year']} = {cell['value']!r} {cell['unit']}")
    print(f"           printed {cell['printed_value']!r} under {label}")
    print(f"           {cell['title']}{retyped}")
    print(f"           {cell['publisher']}, edition {cell['edition']}, quality {cell['quality']}")
    print(f"           {cell['file']}, table {cell['table_number']}, {place}")
    print(f"           sha256 {cell['document_sha256']}")
    for extra in ("url", "note"):
        if cell[extra]:
            print(f"           {extra} {cell[extra]}")
