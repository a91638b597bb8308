"""`yearbook where-from`: the formula of an index value and every printed figure behind it, or where
a figure is printed.

Belongs here: showing the origin of a value. Not here: deriving it (`sql/indices`).
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assets.poverty.study_files.index_names import INDEX_NAMES
from assets.release.results.study_lines import JudgedNumber
from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.queries import ask, query_text
from orchestration.commands.command import OK, PROBLEMS, Command
from orchestration.commands.key import exact_key, known_key, region_key, study_key
from orchestration.commands.pages.figure_page import figure_page
from orchestration.commands.pages.json_rows import add_json_option, print_json
from orchestration.commands.pages.printed_cell import PrintedCell, print_cell
from orchestration.commands.pages.replication_page import replication_heads
from orchestration.commands.pages.text_table import print_text

_KIND = "index, indicator or, with --region, column of the provinces"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Input(PrintedCell):
    definition_name: str | None
    value: float
    stored_value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _ClassInput(PrintedCell):
    """What stands behind an end of a class (`class_inputs.sql`)."""

    table_value: float | None
    meaning: str | None
    is_class: bool
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _PanelInput(_Input):
    panel_value: float
    meaning: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Printed(JudgedNumber):
    """Where a printed number stands, and what it is computed from (`printed_origin.sql`)."""

    study: str
    study_title: str
    published_in: str
    contract: str
    content_sha256: str
    source: str | None
    edition: int | None
    title: str | None
    publisher: str | None
    document_sha256: str | None
    data_title: str | None
    data_sha256: str | None


@dataclass(frozen=True, slots=True)
class _Origin:
    """An index value with the printed figures behind it."""

    index: str
    year: int
    value: _Value
    inputs: tuple[_Input, ...]


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "index",
        help="PI, AIG, IM, CEI, aEDI, EG or an index of a study's own; an indicator, such as "
        "gross_product or 地区生产总值; with --region also a column of provinces.province_panel, "
        "such as log_im, or low_pct and high_pct of provinces.poverty_class; with --printed a "
        "published study",
    )
    parser.add_argument("year", type=int, nargs="?", help="reference year")
    parser.add_argument(
        "--printed",
        metavar="CELL",
        help="printed number of a published study that is meant, such as 'Table 6 C3'",
    )
    parser.add_argument("--region", help="only this region: CN-GS, Gansu or 甘肃")
    parser.add_argument("--study", help="only this study (default: every study that has it)")
    add_json_option(parser)


def _run(home: Home, options: argparse.Namespace) -> int:
    """Print what stands behind an index value or a figure; a problem if there is none."""
    from assets.extracts.meaning.registry import indicator_of, indicators
    from assets.warehouse.reader import query

    if options.printed is not None:
        return _printed_number(home, options.index, options.printed, options.json)
    if options.year is None:
        raise WarehouseError("Which year is meant? Write it behind the name: where-from PI 2015.")
    year, study = options.year, options.study
    region = None if options.region is None else region_key(options.region)
    if region is not None:
        found = _panel_value(home, options.index, region, year, options.json)
        if found is not None:
            return found
    known = [name for (name,) in query(home, "select distinct index_id from study.variable").rows]
    names: dict[str, Sequence[str]] = {
        each.symbol: (each.english, each.chinese) for each in INDEX_NAMES.values()
    }
    names |= dict.fromkeys(sorted(set(known) - set(names)), ())
    index_id = exact_key(options.index, names)
    if index_id is not None:
        return _index_values(home, index_id, year, region, study, options.json)
    indicator = indicator_of(options.index)
    if indicator is None:
        names |= {key: (each.name_zh, each.name_en) for key, each in indicators().items()}
        names |= dict.fromkeys(
            [name for (name,) in query(home, query_text("commands/panel_columns")).rows], ()
        )
        indicator = known_key(_KIND, options.index, names)
    return figure_page(home, indicator, year, region, options.json)


COMMAND = Command(
    60,
    "where-from",
    "where an index value or a figure comes from",
    _run,
    _arguments,
    examples=(
        "yearbook where-from PI 2015 --region 甘肃",
        "yearbook where-from gross_product 2015 --region Gansu",
        "yearbook where-from EG 2019 --study gansu_gdp_revised --json",
        "yearbook where-from log_im 2019 --region CN-GS",
        "yearbook where-from low_pct 2016 --region CN-GS",
        "yearbook where-from he_2012_2019 --printed 'Table 6 C3'",
    ),
)


def _index_values(
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
            _print_input(each)
        print()
    return OK


def _inputs(home: Home, of: Mapping[str, object], value: _Value) -> tuple[_Input, ...]:
    """The printed figures behind one value."""
    place = {"study": value.study, "region": value.region, "sample": value.sample}
    return tuple(ask(home, "commands/index_inputs", _Input, {**of, **place}))


def _panel_value(home: Home, column: str, region: str, year: int, as_json: bool) -> int | None:
    """Print a value of the panel of provinces with its figures; None if there is none."""
    from assets.vintages.published import is_recorded

    of = {"column": column, "region": region, "year": year}
    inputs = ask(home, "commands/panel_inputs", _PanelInput, of)
    if not inputs and is_recorded(home, "raw.interval"):
        classes = ask(home, "commands/class_inputs", _ClassInput, of)
        if classes:
            return _class_end(column, region, classes[0], as_json)
    if not inputs:
        return None
    if as_json:
        print_json({"values": inputs})
        return OK
    first = inputs[0]
    print_text(f"{column} {year}, {first.meaning or 'a column of the panel'}, region {region}")
    print_text(f"  value    {first.panel_value!r}  [provinces.province_panel]")
    for each in inputs:
        _print_input(each)
    return OK


def _class_end(column: str, region: str, each: _ClassInput, as_json: bool) -> int:
    """Print an end of a class with what is printed there."""
    if as_json:
        print_json({"values": [each]})
        return OK
    year = each.input_year
    print_text(f"{column} {year}, {each.meaning or 'a column of the classes'}, region {region}")
    value = "open: the class has no such end" if each.table_value is None else each.table_value
    print_text(f"  value    {value}  [provinces.poverty_class]")
    low, high = ("open" if end is None else end for end in (each.low, each.high))
    told = f"from {low} to {high}" if each.is_class else f"= {each.low!r}"
    print_text(f"  input    {each.indicator} {year} {told} {each.unit}")
    kind = "as a class" if each.is_class else "as a number, which goes before a class"
    print_cell(each, kind)
    return OK


def _printed_number(home: Home, study: str, cell: str, as_json: bool) -> int:
    """Print where numbers of a published study stand and what answers them; a problem if none."""
    from assets.vintages.current import published_vintage

    vintage = published_vintage(home)
    heads = {head.study: () for head in replication_heads(home, vintage)}
    of = {"study": known_key("published study", study, heads), "vintage": vintage, "cell": cell}
    found = ask(home, "commands/printed_origin", _Printed, of)
    if as_json:
        print_json({"values": found})
        return OK if found else PROBLEMS
    if not found:
        print(
            f"{of['study']} prints no number in '{cell}'. `yearbook replicate {of['study']} --all` "
            "lists them.",
            file=sys.stderr,
        )
        return PROBLEMS
    for each in found:
        print_text(f"{each.what}, table {each.table_number} of {each.study}: {each.study_title}")
        contract = json.loads(each.contract)
        step = contract["steps"].get(each.step, {})
        data = contract["data"].get(step.get("data"), {})
        keys = {key: value for key, value in step.items() if value not in (None, {}, [])}
        for line in (
            f"printed  {each.printed_value!r} in {each.cell}",
            f"         {each.source}/{each.edition}: {each.title}, {each.publisher}"
            if each.source
            else f"         printed.csv of landing/replications/{each.study}",
            f"         sha256 {each.document_sha256 or each.content_sha256}",
            f"computed {'nothing' if each.computed is None else repr(each.computed)}",
            f"         step {each.step}: {json.dumps(keys, ensure_ascii=False)}"
            if each.step
            else "",
            f"data     {data['document']}: {each.data_title}" if data.get("document") else "",
            f"         sha256 {each.data_sha256}" if each.data_sha256 else "",
            f"data     file {data['file']} of the folder" if data.get("file") else "",
            f"verdict  {each.verdict}{f': {each.reason}' if each.reason else ''}",
        ):
            if line:
                print_text(f"  {line}")
    return OK


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


def _print_input(each: _Input) -> None:
    print_text(f"  input    {each.indicator} {each.input_year} = {each.value!r} {each.unit}")
    print_cell(
        each,
        f"definition {each.definition}: {each.definition_name}" if each.definition_name else "",
        f"stored as {each.stored_value!r}" if each.stored_value else "",
    )
