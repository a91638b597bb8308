"""The part of the report on revisions: how far figures moved, why, and what first prints are worth.

Belongs here: which rows are shown, in which words. Not here: finding and judging revisions
(`sql/release/revision.sql`, `assets/poverty/revisions/`), HTML.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assets.extracts.meaning.registry import indicators
from assets.release.report.pictures.revision_pictures import heat_of, heat_picture
from assets.release.report.place import Place
from assets.release.report.report_rows import LastRevision
from assets.release.report.words import Cell, PageTable, Picture, Said, Section
from assets.release.results.print_lines import (
    Cause,
    FirstAndLatest,
    FirstPrints,
    Horizon,
    OfFigure,
)

REVISIONS_FOOT = "rows-revisions"
_CANNOT_SAY = Said("cannot say", "无法判断")
_BIAS = {
    "too low": Said("too low", "偏低"),
    "too high": Said("too high", "偏高"),
    "none found": Said("no bias found", "未发现偏差"),
    "cannot say": _CANNOT_SAY,
}
_NATURE = {
    "news": Said("news", "新信息"),
    "noise": Said("noise", "误差"),
    "news and noise": Said("news and noise", "新信息与误差"),
    "never revised": Said("growth never revised", "增速未修订"),
    "cannot say": _CANNOT_SAY,
}
_CAUSE = {
    "benchmark": Said("census or other benchmark", "普查等基准修订"),
    "definition": Said("definition or unit", "口径或单位变化"),
    "correction": Said("correction", "更正"),
    "provisional": Said("final after provisional", "初步数转为最终数"),
    "deleted": Said("left out", "删去"),
    "cannot say": _CANNOT_SAY,
}
_FIGURE = Said("figure", "数字")


@dataclass(frozen=True, slots=True)
class Revised:
    """What the section shows, of all regions and indicators."""

    last: Sequence[LastRevision]  # of those that the studies take
    figures: Sequence[FirstAndLatest]
    first_prints: Sequence[FirstPrints]
    horizons: Sequence[Horizon]
    causes: Sequence[Cause]


def revisions_section(vintage: str, revised: Revised) -> Section:
    """First prints and the latest of the figures that studies take, and why they differ."""
    taken = {(row.region, row.indicator) for row in revised.last}
    parts = (
        *_last_revisions(revised.last),
        _first_and_latest([row for row in revised.figures if row.of in taken]),
        _first_prints(vintage, [row for row in revised.first_prints if row.of in taken]),
        _horizons(vintage, [row for row in revised.horizons if row.of in taken]),
        _causes(vintage, [row for row in revised.causes if row.of in taken]),
    )
    return Section(
        "revisions",
        Said("Revisions", "修订"),
        parts=tuple(part for part in parts if isinstance(part, Picture) or part.rows),
    )


def _last_revisions(rows: Sequence[LastRevision]) -> list[Picture | PageTable]:
    """How far each figure was revised last, a line an indicator, darker where further."""
    if not rows:
        return []
    years = sorted({row.reference_year for row in rows})
    lines = dict.fromkeys((row.region, row.indicator) for row in rows)
    by_cell = {(row.region, row.indicator, row.reference_year): row for row in rows}

    def cell(region: str, indicator: str, year: int) -> Cell:
        row = by_cell.get((region, indicator, year))
        if row is None:
            return None
        place = Place(
            "release.revision",
            {
                "region": row.region,
                "indicator": row.indicator,
                "definition": row.definition,
                "reference_year": row.reference_year,
                "new_source": row.new_source,
                "new_edition": row.new_edition,
                "old_status": row.old_status,
                "new_status": row.new_status,
            },
            REVISIONS_FOOT,
        )
        cited = place.change(row.change_pct, "change_pct", 1)
        if cited is None:
            return Said("revised", "已修订")
        return replace(cited, heat=heat_of(row.change_pct or 0.0))

    title = Said("Last revision of each figure, %", "各数字的最近一次修订，%")
    table = PageTable(
        title,
        (_FIGURE, *map(str, years)),
        tuple(
            (f"{region} {indicator}", *(cell(region, indicator, year) for year in years))
            for region, indicator in lines
        ),
        Said(
            "Of the print before, of the regions and indicators that the studies take; an empty "
            "cell was not printed otherwise by a document at hand.",
            "相对于前一次公布；仅列各研究所用的地区与指标；空格表示现有文件中没有不同的公布数字。",
        ),
        closed=True,
    )
    moved = {
        (list(lines).index((row.region, row.indicator)), row.reference_year): row.change_pct
        for row in rows
        if row.change_pct is not None
    }
    if not moved:
        return [replace(table, closed=False)]
    name = "revisions-heat"
    shows = Said(
        "A square for each figure that was printed otherwise later: darker from 0.5, 2 and 5 % on; "
        "blue upright triangle: raised, red inverted one: lowered.",
        "每个方格为一个后来被修订的数字：变动达 0.5%、2%、5% 时颜色加深；"
        "蓝色正三角：上调；红色倒三角：下调。",
    )
    known = indicators()
    named = [
        Said(f"{region} {indicator}", f"{region} {known[indicator].name_zh}")
        for region, indicator in lines
    ]
    svg = heat_picture(name, named, range(years[0], years[-1] + 1), moved)
    return [Picture(name, title, shows, svg, data=table)]


def _first_and_latest(rows: Sequence[FirstAndLatest]) -> PageTable:
    return PageTable(
        Said("Revised figures: first print and latest", "修订过的数字：首次与最新公布"),
        (
            _FIGURE,
            Said("year", "年份"),
            Said("unit", "单位"),
            Said("first printed", "首次公布"),
            Said("in", "见于"),
            Said("latest", "最新"),
            Said("in", "见于"),
            Said("change, %", "变化，%"),
        ),
        tuple(
            (
                _named(row),
                place.number(row.reference_year, "reference_year", 0),
                row.unit,
                place.number(row.first_value, "first_value", 2),
                place.number(row.first_edition, "first_edition", 0),
                place.number(row.latest_value, "latest_value", 2),
                place.number(row.latest_edition, "latest_edition", 0),
                place.change(row.change_pct, "change_pct", 2),
            )
            for row in rows
            for place in [
                _place("commands/first_and_latest_prints", row, reference_year=row.reference_year)
            ]
        ),
        closed=True,
    )


def _first_prints(vintage: str, rows: Sequence[FirstPrints]) -> PageTable:
    return PageTable(
        Said("How good first prints are", "首次公布数字的质量"),
        (
            _FIGURE,
            Said("editions that revised", "作出修订的版次"),
            Said("mean revision, %", "平均修订，%"),
            Said("first prints are", "首次公布"),
            Said("p", "p"),
            Said("revisions of growth are", "增速的修订属于"),
            Said(
                "prints found foreseeably wrong, before one that is not", "存在可预见误差的公布次数"
            ),
        ),
        tuple(
            (
                _named(row),
                place.number(row.editions, "editions", 0),
                place.change(row.mean_pct, "mean_pct", 2),
                _BIAS[row.bias],
                place.number(row.bias_p, "bias_p", 3),
                _NATURE[row.nature],
                _CANNOT_SAY
                if row.efficient_horizon is None
                else place.number(row.efficient_horizon, "efficient_horizon", 0),
            )
            for row in rows
            for place in [_place("model.first_print", row, vintage=vintage)]
        ),
        Said(
            "News: nothing in the first print foretold the revision. Noise: the first print was "
            "the later figure with an error. Years that one edition revises together are one "
            "event, so that fewer than six editions say nothing.",
            "新信息：首次公布的数字中没有任何迹象预示修订；误差：首次公布的数字是后来的数字加上误差。"
            "同一版次一并修订的年份只算一个事件，因此不足六个版次时无法判断。",
        ),
    )


def _horizons(vintage: str, rows: Sequence[Horizon]) -> PageTable:
    return PageTable(
        Said("Moved from the first print, %", "相对首次公布的变动，%"),
        (
            _FIGURE,
            Said("later prints", "其后公布次数"),
            Said("years", "年数"),
            Said("mean", "平均"),
            Said("mean size", "平均幅度"),
            Said("from", "最小"),
            Said("to", "最大"),
        ),
        tuple(
            (
                _named(row),
                place.number(row.horizon, "horizon", 0),
                place.number(row.years, "years", 0),
                place.change(row.mean_pct, "mean_pct", 2),
                place.number(row.mean_absolute_pct, "mean_absolute_pct", 2),
                place.change(row.low_pct, "low_pct", 2),
                place.change(row.high_pct, "high_pct", 2),
            )
            for row in rows
            for place in [
                _place("model.revision_horizon", row, vintage=vintage, horizon=row.horizon)
            ]
        ),
    )


def _causes(vintage: str, rows: Sequence[Cause]) -> PageTable:
    return PageTable(
        Said("Why an edition revised", "各版次修订的原因"),
        (
            _FIGURE,
            Said("edition", "版次"),
            Said("years printed again", "再次公布的年数"),
            Said("years revised", "修订年数"),
            Said("mean, %", "平均，%"),
            Said("reason", "原因"),
            Said("known from", "依据"),
        ),
        tuple(
            (
                _named(row),
                place.number(row.edition, "edition", 0),
                place.number(row.reprinted, "reprinted", 0),
                place.number(row.revised, "revised", 0),
                place.change(row.mean_pct, "mean_pct", 2),
                _CAUSE[row.cause],
                Said("the pattern of years", "修订年份的形态")
                if row.stated is None
                else Said("the card of the edition", "该版次的卡片"),
            )
            for row in rows
            for place in [_place("model.revision_cause", row, vintage=vintage, edition=row.edition)]
        ),
        Said(
            "A reason inferred from the pattern is a guess until the edition's card states it, "
            "under revisions.",
            "由形态推断的原因仅为推测，须由该版次的卡片（revisions 项）确认。",
        ),
    )


def _named(row: OfFigure) -> str:
    return f"{row.region} {row.name}"


def _place(table: str, row: OfFigure, **key: object) -> Place:
    of = {"region": row.region, "indicator": row.indicator, "definition": row.definition}
    return Place(table, {**of, **key}, REVISIONS_FOOT)
