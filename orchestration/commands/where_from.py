"""`yearbook where-from`: where an index value, a figure or a result comes from.

Belongs here: what a name means. Not here: what is shown of it (`pages/origin/`).
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from assets.poverty.study_files.index_names import INDEX_NAMES
from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.queries import ask, query_text
from orchestration.commands.command import OK, PROBLEMS, Command, asking
from orchestration.commands.key import exact_key, known_key, region_key, study_key
from orchestration.commands.pages.json_rows import add_json_option, print_json
from orchestration.commands.pages.origin.claim_page import claim_page, claims
from orchestration.commands.pages.origin.coefficient_page import coefficient_page, coefficients
from orchestration.commands.pages.origin.figure_page import figure_page
from orchestration.commands.pages.origin.index_page import index_page
from orchestration.commands.pages.origin.panel_page import panel_page
from orchestration.commands.pages.origin.printed_number_page import printed_number_page
from orchestration.commands.pages.text_table import print_text

_KIND = "index, indicator or, with --region, column of the provinces"


@dataclass(frozen=True, slots=True)
class _ResultName:
    """What a result is called in a study that has it (`result_names.sql`)."""

    result: str
    study: str
    is_claim: bool


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "index",
        help="PI, AIG, IM, CEI, aEDI, EG or an index of a study's own; an indicator, such as "
        "gross_product or 地区生产总值; with --region also a column of provinces.province_panel, "
        "such as log_im, or low_pct and high_pct of provinces.poverty_class; with --printed a "
        "published study; without a year a regressor or a claim, such as A7 or B1",
    )
    parser.add_argument(
        "year", type=int, nargs="?", help="reference year; none of a coefficient or a verdict"
    )
    parser.add_argument(
        "--printed",
        metavar="CELL",
        help="printed number of a published study that is meant, such as 'Table 6 C3'",
    )
    parser.add_argument("--region", help="only this region: CN-GS, Gansu or 甘肃")
    parser.add_argument("--study", help="only this study (default: every study that has it)")
    parser.add_argument("--sample", help="of a coefficient: this sample (default: the last one)")
    parser.add_argument("--part", help="of a claim: this part, such as income")
    parser.add_argument(
        "--all",
        action="store_true",
        help="of a coefficient or a verdict: every test and every figure with its cell",
    )
    add_json_option(parser)


def _run(home: Home, options: argparse.Namespace) -> int:
    """Print what stands behind an index value or a figure; a problem if there is none."""
    from assets.extracts.meaning.registry import indicator_of, indicators
    from assets.warehouse.reader import query

    if options.printed is not None:
        return printed_number_page(home, options.index, options.printed, options.json)
    if options.year is None:
        return _result(home, options)
    year, study = options.year, options.study
    region = None if options.region is None else region_key(options.region)
    if region is not None:
        found = panel_page(home, options.index, region, year, options.json)
        if found is not None:
            return found
    names = _index_names(home)
    index_id = exact_key(options.index, names)
    if index_id is not None:
        return index_page(home, index_id, year, region, study, options.json)
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
    "where an index value, a figure, a coefficient or a verdict comes from",
    asking(_run),
    _arguments,
    examples=(
        "yearbook where-from PI 2015 --region 甘肃",
        "yearbook where-from gross_product 2015 --region Gansu",
        "yearbook where-from EG 2019 --study gansu_gdp_revised --json",
        "yearbook where-from log_im 2019 --region CN-GS",
        "yearbook where-from low_pct 2016 --region CN-GS",
        "yearbook where-from he_2012_2019 --printed 'Table 6 C3'",
        "yearbook where-from aEDI --study china_2012_2019",
        "yearbook where-from A7 --study provinces_2016_2024 --part income --all",
        "yearbook where-from B1",
    ),
)


def _result(home: Home, options: argparse.Namespace) -> int:
    """Print what stands behind a coefficient or a verdict; where the name means several, a line
    on each. A problem if there is none.
    """
    rows = ask(home, "commands/result_names", _ResultName)
    names: dict[str, list[str]] = {each.result: [] for each in rows}
    for index in INDEX_NAMES.values():
        if index.symbol in names:
            names[index.symbol] += [index.english, index.chinese]
    if exact_key(options.index, names) is None and _has_years(home, options.index):
        raise WarehouseError(
            f"Which year is meant? Write it behind the name: where-from {options.index} 2015. "
            f"Coefficients and verdicts, which take none, are of {', '.join(names) or 'nothing'}."
        )
    name = known_key("coefficient or claim", options.index, names)
    studies = list(dict.fromkeys(each.study for each in rows))
    study = None if options.study is None else study_key(home, options.study, studies)
    region = None if options.region is None else region_key(options.region)
    kinds = {each.is_claim for each in rows if each.result == name}
    of_series = coefficients(home, name, study, region, options.sample) if False in kinds else []
    of_claims = claims(home, name, study) if True in kinds else []
    if options.part is not None and of_claims:
        part = known_key("part", options.part, {each.part: () for each in of_claims})
        of_claims = [each for each in of_claims if each.part == part]
    lines = [estimates[0].line for estimates in of_series] + [each.line for each in of_claims]
    if not lines:
        there = ", ".join(each.study for each in rows if each.result == name)
        print(
            f"{name} is a result of {there}; none has what --study, --region or --sample say. "
            f"`yearbook where-from {name}` lists them.",
            file=sys.stderr,
        )
        return PROBLEMS
    if len(lines) == 1 and of_series:
        return coefficient_page(home, of_series[0], options.all, options.json)
    if len(lines) == 1:
        return claim_page(home, of_claims[0], options.all, options.json)
    if options.json:
        every = [each for estimates in of_series for each in estimates]
        print_json({"coefficients": every, "claims": of_claims})
        return OK
    print_text(f"{name} stands for several results:")
    for line in lines:
        print_text(f"  {line}")
    print_text("One of them with all behind it: add --study, and --region, --sample or --part.")
    if of_series:
        print_text(f"Values of the index instead: add a year, `yearbook where-from {name} 2015`.")
    return OK


def _has_years(home: Home, given: str) -> bool:
    """Whether a name is one of an index or an indicator."""
    from assets.extracts.meaning.registry import indicator_of

    return exact_key(given, _index_names(home)) is not None or indicator_of(given) is not None


def _index_names(home: Home) -> dict[str, Sequence[str]]:
    """The indices of all studies with their other names."""
    from assets.warehouse.reader import query

    known = [name for (name,) in query(home, "select distinct index_id from study.variable").rows]
    names: dict[str, Sequence[str]] = {
        each.symbol: (each.english, each.chinese) for each in INDEX_NAMES.values()
    }
    return names | dict.fromkeys(sorted(set(known) - set(names)), ())
