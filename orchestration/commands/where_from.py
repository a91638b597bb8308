"""`yearbook where-from`: the formula of an index value and every printed figure behind it.

Belongs here: showing the origin of a value. Not here: deriving it (`sql/indices`).
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from assets.extracts.errors import spell_place
from assets.poverty.study_files.index_names import INDEX_NAMES
from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from orchestration.commands.command import OK, PROBLEMS, Command
from orchestration.commands.key import known_key, region_key, study_key
from orchestration.commands.pages.json_rows import add_json_option, print_json
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
class _Input:
    indicator: str
    definition: str
    definition_name: str | None
    input_year: int
    value: float
    unit: str
    printed_value: str
    stored_value: str | None
    printed_label: str
    printed_unit: str
    quality: str
    status: str
    edition: int
    table_number: str
    sheet: str | None
    cell: str
    file: str
    document_sha256: str
    note: str | None
    title: str
    publisher: str
    url: str | None
    retyped: bool


@dataclass(frozen=True, slots=True)
class _PanelInput(_Input):
    panel_value: float
    meaning: str | None


@dataclass(frozen=True, slots=True)
class _Origin:
    """An index value with the printed figures behind it."""

    index: str
    year: int
    value: _Value
    inputs: Sequence[_Input]


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "index",
        help="PI, AIG, IM, CEI, aEDI, EG or an index of a study's own; with --region a column of "
        "provinces.province_panel, such as log_im",
    )
    parser.add_argument("year", type=int, help="reference year")
    parser.add_argument("--region", help="province whose panel value is meant")
    parser.add_argument("--study", help="only this study (default: every study that has it)")
    add_json_option(parser)


def _run(home: Home, options: argparse.Namespace) -> int:
    """Print formula and inputs of an index in every study, or one; a problem if there is none."""
    from assets.warehouse.reader import query

    year, study = options.year, options.study
    if options.region is not None:
        return _panel_value(home, options.index, region_key(options.region), year, options.json)
    known = [name for (name,) in query(home, "select distinct index_id from study.variable").rows]
    names: dict[str, Sequence[str]] = {
        each.symbol: (each.english, each.chinese) for each in INDEX_NAMES.values()
    }
    names |= dict.fromkeys(sorted(set(known) - set(names)), ())
    index_id = known_key("index", options.index, names)
    if study is not None:
        studies = query(home, "select distinct study from study.sample order by study").rows
        study = study_key(home, study, [str(name) for (name,) in studies])
    of = {"index_id": index_id, "year": year}
    found = ask(home, "commands/index_values", _Value, {**of, "study": study})
    if not found:
        where = f"in study {study}" if study else "in any study"
        print(
            f"{index_id} of {year} is not {where}. See `yearbook query "
            f'"select distinct study, index_id, reference_year from indices.index_value"`.',
            file=sys.stderr,
        )
        return PROBLEMS
    origins = [
        _Origin(index_id, year, value, ask(home, "commands/index_inputs", _Input, {**of, **place}))
        for value in found
        for place in [{"study": value.study, "region": value.region, "sample": value.sample}]
    ]
    if options.json:
        print_json({"values": origins})
        return OK
    for origin in origins:
        _print_value(index_id, year, origin.value)
        for each in origin.inputs if origin.value.value is not None else ():
            _print_input(each)
        print()
    return OK


COMMAND = Command(
    60,
    "where-from",
    "where an index value comes from",
    _run,
    _arguments,
    examples=(
        "yearbook where-from PI 2015",
        "yearbook where-from EG 2019 --study gansu_gdp_revised --json",
        "yearbook where-from log_im 2019 --region CN-GS",
    ),
)


def _panel_value(home: Home, column: str, region: str, year: int, as_json: bool) -> int:
    """Print a value of the panel of provinces with its figures; a problem if there is none."""
    of = {"column": column, "region": region, "year": year}
    inputs = ask(home, "commands/panel_inputs", _PanelInput, of)
    if as_json:
        print_json({"values": inputs})
        return OK if inputs else PROBLEMS
    if not inputs:
        print(
            f"provinces.province_panel has no {column} of {region}, {year}. See `yearbook describe "
            "provinces.province_panel`.",
            file=sys.stderr,
        )
        return PROBLEMS
    first = inputs[0]
    print_text(f"{column} {year}, {first.meaning or 'a column of the panel'}, region {region}")
    print_text(f"  value    {first.panel_value!r}  [provinces.province_panel]")
    for each in inputs:
        _print_input(each)
    return OK


def _print_value(index_id: str, year: int, value: _Value) -> None:
    from assets.extracts.meaning.registry import regions
    from assets.poverty.study_files.study_rows import FormulaIndexRow

    name = INDEX_NAMES.get(index_id)
    chinese = f" ({name.chinese})" if name else ""
    title = value.title or "an index of the study"
    print_text(f"{index_id} {year}, {title}{chinese}, region {regions()[value.region].known_as}")
    print_text(f"  study {value.study}, sample {value.sample}")
    if value.value is None:
        print_text(f"  missing: {value.reason}")
        return
    print_text(f"  value    {value.value!r} {value.unit}, {value.status}, quality {value.quality}")
    how = {
        "reported": f"taken as reported; {value.formula}",
        "bridged": f"{value.formula}; {value.reason}",
    }.get(value.status, value.formula)
    print_text(f"  formula  {how}  [{name.table if name else FormulaIndexRow.table.name}]")


def _print_input(each: _Input) -> None:
    place = spell_place(each.file, each.sheet, each.cell)
    retyped = " (figures typed by the project)" if each.retyped else ""
    label = f"“{each.printed_label}”, unit {each.printed_unit}"
    print_text(f"  input    {each.indicator} {each.input_year} = {each.value!r} {each.unit}")
    for line in (
        f"printed {each.printed_value!r} under {label}",
        f"definition {each.definition}: {each.definition_name}" if each.definition_name else "",
        f"stored as {each.stored_value!r}" if each.stored_value else "",
        f"status {each.status}" if each.status != "final" else "",
        f"{each.title}{retyped}",
        f"{each.publisher}, edition {each.edition}, quality {each.quality}",
        f"{each.file}, table {each.table_number}, {place}",
        f"sha256 {each.document_sha256}",
        f"url {each.url}" if each.url else "",
        f"note {each.note}" if each.note else "",
    ):
        if line:
            print_text(f"           {line}")
