"""`yearbook revisions`, and the same after a refresh: what was printed otherwise, what it moved.

Belongs here: showing revised figures, index values and coefficients, and how good first prints
are. Not here: finding them (`sql/release/revision.sql`, `assets/poverty/revisions/`), and what
moved for another reason (`yearbook diff`).
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assets.release.results.print_lines import (
    Cause,
    FirstAndLatest,
    FirstPrints,
    Horizon,
    Revision,
)
from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from assets.warehouse.texts.counted import counted
from orchestration.commands.command import OK, Command, asking
from orchestration.commands.key import indicator_key, region_key
from orchestration.commands.pages.json_rows import add_json_option, print_json
from orchestration.commands.pages.numbers import change_text, count_text, significant, value_text
from orchestration.commands.pages.text_table import Shown, named, print_first

SHOWN_AFTER_REFRESH = 10
SHOWN = 40
OPTION = "all: --all"
_REGIONS = 5  # told of, where the one asked for has no revision
_ANYWHERE: dict[str, object] = {"region": None}


@dataclass(frozen=True, slots=True)
class _Revised:
    region: str
    indicator: str
    revisions: int
    years: int
    up: int
    median_pct: float | None
    largest_pct: float | None


@dataclass(frozen=True, slots=True)
class _DefinitionChange:
    region: str
    indicator: str
    old_print: str
    new_print: str
    years: int
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True)
class _FirstValue:
    study: str
    region: str
    index_id: str
    reference_year: int
    first_value: float
    latest_value: float
    change_pct: float | None


@dataclass(frozen=True, slots=True)
class _FirstCoefficient:
    study: str
    region: str
    estimator: str
    term: str
    first_n: int
    latest_n: int
    first_coefficient: float
    latest_coefficient: float
    first_std_error: float | None
    moved: float | None


@dataclass(frozen=True, slots=True)
class _Effect:
    document: str
    study: str
    region: str
    sample: str
    kind: str
    item: str
    reference_year: int
    n_before: int | None
    n: int | None
    old_value: float | None
    new_value: float | None
    moved: float | None


_FIGURE: tuple[Shown[Any], ...] = (
    *named("region"),
    Shown("indicator", lambda row: row.name),
)
_QUALITY: tuple[Shown[FirstPrints], ...] = (
    *_FIGURE,
    *named("editions"),
    Shown("mean %", lambda row: change_text(row.mean_pct, 2)),
    Shown("first prints are", lambda row: row.bias),
    Shown("p", lambda row: significant(row.bias_p, 2)),
    *named("years", "nature"),
    Shown("p of news", lambda row: significant(row.p_news, 2)),
    Shown("p of noise", lambda row: significant(row.p_noise, 2)),
    Shown("p of efficient", lambda row: significant(row.p_efficient, 2)),
    Shown(
        "prints with foreseeable errors",
        lambda row: "cannot say" if row.efficient_horizon is None else str(row.efficient_horizon),
    ),
)
_HORIZONS: tuple[Shown[Horizon], ...] = (
    *_FIGURE,
    Shown("later prints", lambda row: row.horizon),
    *named("years"),
    Shown("mean %", lambda row: change_text(row.mean_pct, 2)),
    Shown("mean size %", lambda row: significant(row.mean_absolute_pct, 3)),
    Shown("from", lambda row: change_text(row.low_pct, 2)),
    Shown("to", lambda row: change_text(row.high_pct, 2)),
)
_CAUSES: tuple[Shown[Cause], ...] = (
    *_FIGURE,
    *named("edition"),
    Shown("revised", lambda row: f"{row.revised} of {row.reprinted}"),
    Shown("left out", lambda row: row.left_out),
    Shown("first", lambda row: row.first_year),
    Shown("last", lambda row: row.last_year),
    Shown("mean %", lambda row: change_text(row.mean_pct, 2)),
    *named("cause"),
    Shown("said by", lambda row: "pattern" if row.stated is None else "card"),
    Shown("pattern", lambda row: row.inferred),
)
_LATEST: tuple[Shown[FirstAndLatest], ...] = (
    *_FIGURE,
    Shown("year", lambda row: row.reference_year),
    Shown("first printed", lambda row: value_text(row.first_value)),
    Shown("in", lambda row: row.first_edition),
    Shown("latest", lambda row: value_text(row.latest_value)),
    Shown("in", lambda row: row.latest_edition),
    *named("unit"),
    Shown("%", lambda row: change_text(row.change_pct)),
)
_REVISIONS: tuple[Shown[Revision], ...] = (
    *named("region", "indicator"),
    Shown("year", lambda row: row.reference_year),
    Shown("printed before by", lambda row: row.old_print),
    Shown("now by", lambda row: row.new_print),
    Shown("old", lambda row: value_text(row.old_value)),
    Shown("new", lambda row: value_text(row.new_value)),
    *named("unit"),
    Shown("%", lambda row: change_text(row.change_pct)),
)
_BY_INDICATOR: tuple[Shown[_Revised], ...] = (
    *named("region", "indicator", "revisions", "years", "up"),
    Shown("median %", lambda row: significant(row.median_pct, 3)),
    Shown("largest %", lambda row: significant(row.largest_pct, 3)),
)
_DEFINITION_CHANGES: tuple[Shown[_DefinitionChange], ...] = (
    *named("region", "indicator"),
    Shown("printed before by", lambda row: row.old_print),
    Shown("later by", lambda row: row.new_print),
    *named("years"),
    Shown("from", lambda row: row.first_year),
    Shown("to", lambda row: row.last_year),
)
_FIRST_VALUES: tuple[Shown[_FirstValue], ...] = (
    *named("study", "region"),
    Shown("index", lambda row: row.index_id),
    Shown("year", lambda row: row.reference_year),
    Shown("first printed", lambda row: value_text(row.first_value)),
    Shown("latest", lambda row: value_text(row.latest_value)),
    Shown("%", lambda row: change_text(row.change_pct)),
)
_FIRST_COEFFICIENTS: tuple[Shown[_FirstCoefficient], ...] = (
    *named("study", "region", "estimator", "term"),
    Shown("n", lambda row: count_text(row.first_n, row.latest_n)),
    Shown("first printed", lambda row: f"{row.first_coefficient:.4f}"),
    Shown("std. error", lambda row: significant(row.first_std_error, 3)),
    Shown("latest", lambda row: f"{row.latest_coefficient:.4f}"),
    Shown("moved by (s.e.)", lambda row: change_text(row.moved, 2)),
)
_MOVED_VALUES: tuple[Shown[_Effect], ...] = (
    *named("document", "study", "region", "sample"),
    Shown("index", lambda row: row.item),
    Shown("year", lambda row: row.reference_year),
    Shown("old", lambda row: value_text(row.old_value)),
    Shown("new", lambda row: value_text(row.new_value)),
    Shown("%", lambda row: change_text(row.moved)),
)
_MOVED_COEFFICIENTS: tuple[Shown[_Effect], ...] = (
    *named("document", "study", "region", "sample"),
    Shown("estimator", lambda row: row.kind),
    Shown("term", lambda row: row.item),
    Shown("n", lambda row: count_text(row.n_before, row.n)),
    Shown("old", lambda row: value_text(row.old_value)),
    Shown("new", lambda row: value_text(row.new_value)),
    Shown("moved by (s.e.)", lambda row: change_text(row.moved, 2)),
)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--region", metavar="CODE", help="only this one, as CN-GS (default: all)")
    parser.add_argument(
        "--indicator",
        metavar="NAME",
        help="the page of one indicator, as gross_product: how good its first prints are",
    )
    parser.add_argument("--all", action="store_true", help="show every row")
    add_json_option(parser)


def _run(home: Home, options: argparse.Namespace) -> int:
    """Print every revision among the documents at hand, and how far they alone move results."""
    from assets.vintages.current import published_vintage
    from assets.vintages.published import require_table

    for table in ("model.revision_effect", "model.first_print"):
        require_table(home, table)
    region = region_key(options.region) if options.region else None
    shown = None if options.all else SHOWN
    vintage = published_vintage(home)
    if options.json:
        indicator = indicator_key(options.indicator) if options.indicator else None
        print_json(_all_rows(home, vintage, region, indicator))
        return OK
    if options.indicator:
        _print_indicator(home, vintage, region, indicator_key(options.indicator), shown)
        return OK
    here: dict[str, object] = {"region": region}
    revised = ask(home, "commands/revised_indicators", _Revised, here)
    changes = ask(home, "commands/definition_changes", _DefinitionChange, here)
    print_first(
        "By another definition later, so no revisions", _DEFINITION_CHANGES, changes, shown, OPTION
    )
    if not revised:
        print(f"No figure{f' of {region}' if region else ''} was printed otherwise later.")
        if region:
            _print_where_there_are(ask(home, "commands/revised_indicators", _Revised, _ANYWHERE))
        return OK
    print_first("Revised figures, by indicator", _BY_INDICATOR, revised, shown, OPTION)
    every = {**here, "only_new": False, "by_indicator": True}
    print_first(
        "Each revision, the most revised indicator first",
        _REVISIONS,
        ask(home, "commands/revisions", Revision, every),
        shown,
        OPTION,
    )
    print_first(
        "Index values on first prints and on the latest",
        _FIRST_VALUES,
        ask(home, "commands/first_against_latest", _FirstValue, here),
        shown,
        OPTION,
    )
    here["vintage"] = vintage
    _print_quality(home, {**here, "indicator": None}, shown)
    print_first(
        "Coefficients on first prints and on the latest",
        _FIRST_COEFFICIENTS,
        ask(home, "commands/first_against_latest_coefficient", _FirstCoefficient, here),
        shown,
        OPTION,
    )
    _print_effects(home, here, shown)
    return OK


def _all_rows(
    home: Home, vintage: str, region: str | None, indicator: str | None
) -> dict[str, Sequence[Any]]:
    """All that the command shows, as rows by what they are; of an indicator its page."""
    of: dict[str, object] = {"region": region, "indicator": indicator}
    worth = {**of, "vintage": vintage}
    every = {**of, "definition": None, "reference_year": None}
    quality: dict[str, Sequence[Any]] = {
        "figures": ask(home, "commands/first_and_latest_prints", FirstAndLatest, every),
        "first_prints": ask(home, "commands/first_print_quality", FirstPrints, worth),
        "horizons": ask(home, "commands/revision_horizons", Horizon, worth),
        "causes": ask(home, "commands/revision_causes", Cause, worth),
    }
    if indicator is not None:
        return quality
    here: dict[str, object] = {"region": region}
    revisions = {**here, "only_new": False, "by_indicator": True}
    now = {**here, "vintage": vintage}
    return {
        "definition_changes": ask(home, "commands/definition_changes", _DefinitionChange, here),
        "indicators": ask(home, "commands/revised_indicators", _Revised, here),
        "revisions": ask(home, "commands/revisions", Revision, revisions),
        "index_values": ask(home, "commands/first_against_latest", _FirstValue, here),
        "coefficients": ask(
            home, "commands/first_against_latest_coefficient", _FirstCoefficient, now
        ),
        "moved_index_values": ask(
            home, "commands/revision_effects", _Effect, {**now, "coefficients": False}
        ),
        "moved_coefficients": ask(
            home, "commands/revision_effects", _Effect, {**now, "coefficients": True}
        ),
        **quality,
    }


def _print_where_there_are(revised: list[_Revised]) -> None:
    """Say which regions have revisions, and how many, where the one asked for has none."""
    counts: Counter[str] = Counter()
    for each in revised:
        counts[each.region] += each.revisions
    if counts:
        told = ", ".join(f"{code} has {count}" for code, count in counts.most_common(_REGIONS))
        left = counted(len(counts) - _REGIONS, "region")
        more = f", and {left} more" if len(counts) > _REGIONS else ""
        print(f"{told}{more}.")


COMMAND = Command(
    110,
    "revisions",
    "figures printed otherwise later, and how far that alone moves results",
    asking(_run),
    _arguments,
    examples=(
        "yearbook revisions --region 甘肃",
        "yearbook revisions --indicator gross_product --all",
    ),
)


def print_new_revisions(home: Home, vintage: str) -> None:
    """Print the largest revisions that came in with the latest vintage, and what they moved."""
    new = {"region": None, "only_new": True, "by_indicator": False}
    print_first(
        "Revised figures, new in this vintage",
        _REVISIONS,
        ask(home, "commands/revisions", Revision, new),
        SHOWN_AFTER_REFRESH,
        'all: `yearbook query "from release.revision where is_new"`',
    )
    here: dict[str, object] = {"region": None, "vintage": vintage}
    _print_effects(home, here, SHOWN_AFTER_REFRESH)


def _print_indicator(
    home: Home, vintage: str, region: str | None, indicator: str, shown: int | None
) -> None:
    """Print one indicator: each revised figure first and last, and what first prints are worth."""
    of: dict[str, object] = {"region": region, "indicator": indicator}
    every = {**of, "definition": None, "reference_year": None}
    figures = ask(home, "commands/first_and_latest_prints", FirstAndLatest, every)
    if not figures:
        where = f" of {region}" if region else ""
        print(f"No figure of {indicator}{where} was printed otherwise later.")
    print_first("First printed and latest", _LATEST, figures, shown, OPTION)
    _print_quality(home, {**of, "vintage": vintage}, shown)


def _print_quality(home: Home, of: dict[str, object], shown: int | None) -> None:
    """Print how good first prints are, how far they move, and why editions revise them."""
    print_first(
        "First prints (news: nothing in them foretold the revision; noise: an error in them)",
        _QUALITY,
        ask(home, "commands/first_print_quality", FirstPrints, of),
        shown,
        OPTION,
    )
    horizons = ask(home, "commands/revision_horizons", Horizon, of)
    print_first("Moved from the first print", _HORIZONS, horizons, shown, OPTION)
    causes = ask(home, "commands/revision_causes", Cause, of)
    print_first("Why an edition revised", _CAUSES, causes, shown, OPTION)


def _print_effects(home: Home, here: dict[str, object], shown: int | None) -> None:
    """Print what each new document of the latest vintage moved by itself."""
    values, fits = (
        ask(home, "commands/revision_effects", _Effect, {**here, "coefficients": coefficients})
        for coefficients in (False, True)
    )
    every = "all: `yearbook revisions --all`"
    title = "with the named document's revised figures alone added to what was published before"
    print_first(f"Index values that moved, {title}", _MOVED_VALUES, values, shown, every)
    print_first(f"Coefficients that moved, {title}", _MOVED_COEFFICIENTS, fits, shown, every)
