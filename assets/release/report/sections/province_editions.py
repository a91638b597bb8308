"""What the report shows of the panel of provinces by edition: slopes as known then, revisions.

Belongs here: the tables of `model.province_known_estimate` and `provinces.panel_revision`. Not
here: the rest of the section (province_section.py), new numbers, HTML.
"""

from collections.abc import Sequence
from dataclasses import replace

from assets.release.report.place import Place
from assets.release.report.words import Cell, PageTable, Said
from assets.release.results.province_lines import ProvinceKnown, ProvinceRevised

LOW, HIGH = Said("lower", "下限"), Said("upper", "上限")


def edition_tables(
    known: Sequence[ProvinceKnown], revised: Sequence[ProvinceRevised], place: Place
) -> tuple[PageTable, ...]:
    """Slopes and revisions by edition, some of them empty; place: of the slopes."""
    of_revision = replace(place, table="provinces.panel_revision", key={})
    of_primary = [each for each in revised if each.primary_moved]
    return (
        _known(known, place),
        _revised(revised, of_revision),
        _revised_primary(of_primary, of_revision),
    )


def _known(known: Sequence[ProvinceKnown], place: Place) -> PageTable:
    """Slopes by edition, and on the same years with the figures of now."""

    def row(each: ProvinceKnown) -> tuple[Cell, ...]:
        at = place.at(
            specification=each.specification,
            known_by=each.known_by,
            estimator=each.estimator,
            term=each.term,
        )
        return (
            each.specification,
            each.estimator,
            each.term,
            at.number(each.known_by, "known_by", 0),
            f"{each.first_year}-{each.last_year}",
            at.number(each.estimate, "estimate", 4),
            at.number(each.low, "low", 4),
            at.number(each.high, "high", 4),
            at.number(each.estimate_now, "estimate_now", 4),
            at.number(each.low_now, "low_now", 4),
            at.number(each.high_now, "high_now", 4),
        )

    return PageTable(
        Said(
            "Slopes as known by each edition of accounts and population",
            "按各版地区核算与人口数据当时所知的斜率",
        ),
        (
            Said("specification", "设定"),
            Said("estimator", "估计方法"),
            Said("term", "变量"),
            Said("edition", "版本"),
            Said("years", "年份"),
            Said("slope", "斜率"),
            LOW,
            HIGH,
            Said("same years now", "同期按现值"),
            LOW,
            HIGH,
        ),
        tuple(map(row, known)),
        Said(
            "income, e-commerce, gross output and urban and rural residents are of one edition and "
            "taken from it throughout",
            "收入、电子商务、农林牧渔业总产值及城乡人口只有一个版本，各行均取自该版本",
        ),
        closed=True,
    )


def _revised(revised: Sequence[ProvinceRevised], place: Place) -> PageTable:
    """What each edition did to the panel's figures, in medians of sizes."""

    def row(each: ProvinceRevised) -> tuple[Cell, ...]:
        at = place.at(known_by=each.known_by)
        return (
            Said(f"edition {each.known_by}", f"{each.known_by} 版"),
            f"{each.first_year}-{each.last_year}",
            at.count(each.moved),
            at.number(each.median_product_pct, "median(abs(gross_product_change_pct))", 2),
            at.number(each.median_population_pct, "median(abs(population_change_pct))", 2),
            at.number(each.median_im_pct, "median(abs(im_change_pct))", 2),
            at.number(each.median_eg_pct, "median(abs(eg_change_pct))", 2),
            each.least_eg,
            at.change(each.least_eg_pct, "min(eg_change_pct)", 1),
            each.most_eg,
            at.change(each.most_eg_pct, "max(eg_change_pct)", 1),
        )

    return PageTable(
        Said(
            "What each edition revised: medians of the sizes of changes, %",
            "各版本的修订：变动幅度中位数，%",
        ),
        (
            Said("edition", "版本"),
            Said("years", "年份"),
            Said("rows moved", "变动行数"),
            Said("gross product", "生产总值"),
            Said("population", "人口"),
            "IM",
            "EG",
            Said("EG down most", "EG 下调最多"),
            "%",
            Said("EG up most", "EG 上调最多"),
            "%",
        ),
        tuple(map(row, revised)),
    )


def _revised_primary(revised: Sequence[ProvinceRevised], place: Place) -> PageTable:
    """What each edition did to value added of primary industry, beside rounding."""
    beyond = "filter (abs(primary_change_pct) > primary_rounding_pct)"

    def row(each: ProvinceRevised) -> tuple[Cell, ...]:
        at = place.at(known_by=each.known_by)
        return (
            Said(f"edition {each.known_by}", f"{each.known_by} 版"),
            at.number(each.primary_compared, "count(primary_change_pct)", 0),
            at.number(each.primary_moved, f"count(*) {beyond}", 0),
            at.number(each.median_primary_pct, "median(abs(primary_change_pct))", 2),
            each.least_primary,
            at.change(each.least_primary_pct, f"min(primary_change_pct) {beyond}", 1),
            each.most_primary,
            at.change(each.most_primary_pct, f"max(primary_change_pct) {beyond}", 1),
        )

    return PageTable(
        Said(
            "What each edition revised of value added of primary industry, %",
            "各版本对第一产业增加值的修订，%",
        ),
        (
            Said("edition", "版本"),
            Said("compared", "可比行数"),
            Said("beyond rounding", "超出取整误差"),
            Said("median size", "幅度中位数"),
            Said("down most", "下调最多"),
            "%",
            Said("up most", "上调最多"),
            "%",
        ),
        tuple(map(row, revised)),
        Said(
            "before 2026 as share of gross product times gross product of the same edition",
            "2026 年之前为同一版本的占比乘以生产总值",
        ),
    )
