"""Tables of the report on who enters e-commerce in certified towns, and on inequality of towns.

Belongs here: which rows are shown, in which words. Not here: new numbers, HTML, the section of the
towns (town_section.py).
"""

from collections.abc import Sequence

from assets.release.report.place import Place
from assets.release.report.words import Cell, PageTable, Said
from assets.release.results.town_lines import TownEntry, TownInequality

_LOW, _HIGH = Said("lower", "下限"), Said("upper", "上限")
_WHO = {
    "new_sellers": Said("new shops", "新开网店"),
    "new_sellers_young": Said("new shops of the young", "青年新开网店"),
    "new_sellers_female": Said("new shops of women", "女性新开网店"),
    "exits": Said("shops that close", "关闭的网店"),
    "active_share": Said("shops that sell", "有销售的网店"),
}
_WHAT = {
    "att": Said("effect", "效应"),
    "new_sellers_female_share": Said("their share", "所占比例"),
    "new_sellers_young_share": Said("their share", "所占比例"),
    "exit_share": Said("share of shops a year", "每年占网店比例"),
    "survival_3_years": Said("share open after three years", "三年后仍经营的比例"),
}
_STATES = {
    "": Said("difference", "差异"),
    "difference": Said("difference", "差异"),
    "with": Said("with certification", "有认定"),
    "observed": Said("as observed", "实际"),
    "without": Said("without it", "无认定"),
    "without certification": Said("without it", "无认定"),
}
_MEASURES = {
    "theil": Said("Theil", "泰尔指数"),
    "gini": Said("Gini", "基尼系数"),
    "sigma": Said("sd of log sales", "对数销售额标准差"),
}


def entry_table(rows: Sequence[TownEntry], place: Place, mark: str) -> PageTable:
    """Shops that open, close and stay: effects in per cent, shares in points of a hundred."""

    def row(each: TownEntry) -> tuple[Cell, ...]:
        at = place.at(
            estimator=each.estimator,
            sample=each.sample,
            control_pool=each.control_pool,
            outcome=each.outcome,
            target=each.target,
            cell=each.cell,
            inference=each.inference,
        )
        told: tuple[Cell, ...]
        if each.percent is not None:
            told = (
                "%",
                at.change(each.percent, "percent"),
                at.change(each.percent_low, "percent_low"),
                at.change(each.percent_high, "percent_high"),
            )
        else:
            told = (
                Said("points of 100", "百分点"),
                at.number(each.estimate, "estimate", 2, 100),
                at.number(each.low, "low", 2, 100),
                at.number(each.high, "high", 2, 100),
            )
        return (_WHO[each.outcome], _WHAT[each.target], _STATES[each.cell], *told)

    return PageTable(
        Said("Who enters, who leaves, who stays", "进入、退出与存续"),
        (
            Said("shops", "网店"),
            Said("what", "内容"),
            Said("state", "状态"),
            Said("in", "单位"),
            Said("value", "数值"),
            _LOW,
            _HIGH,
        ),
        tuple(map(row, rows)),
        mark=mark,
    )


def inequality_table(rows: Sequence[TownInequality], place: Place, mark: str) -> PageTable:
    """Inequality between towns in one year, as observed and without certification."""

    def row(each: TownInequality) -> tuple[Cell, ...]:
        at = place.at(
            year=each.year,
            state=each.state,
            unit=each.unit,
            measure=each.measure,
            part=each.part,
        )
        return (
            _MEASURES[each.measure],
            each.part,
            _STATES[each.state],
            at.number(each.value, "value", 4),
            at.number(each.low, "low", 4),
            at.number(each.high, "high", 4),
        )

    year = rows[0].year if rows else ""
    return PageTable(
        Said(f"Inequality of towns' sales, {year}", f"{year} 年乡镇销售额的不平等"),
        (
            Said("measure", "指标"),
            Said("part (English)", "组成（英文）"),
            Said("state", "状态"),
            Said("value", "数值"),
            _LOW,
            _HIGH,
        ),
        tuple(map(row, rows)),
        mark=mark,
        closed=True,
    )
