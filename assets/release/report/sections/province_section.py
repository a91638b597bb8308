"""The parts of the report on the studies of provinces: claims, slopes by estimator, evidence.

Belongs here: which rows are shown, in which words. Not here: new numbers, HTML.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assets.provinces.counties.poor_county_specification import CANNOT, DECREED, NOT_OFFICIAL
from assets.provinces.counties.poor_county_specification import TITLE as POOR_COUNTY_TITLE
from assets.provinces.poverty_class_specification import CANNOT as CLASSES_CANNOT
from assets.provinces.poverty_class_specification import CLAIM as CLASSES_CLAIM
from assets.provinces.poverty_class_specification import IN_CLASSES
from assets.provinces.poverty_class_specification import TITLE as CLASSES_TITLE
from assets.provinces.specification import (
    CONCEPT,
    HE_MODEL,
    MAIN,
    MISSING,
    OWN_PLACE,
    RIDGE_K,
    TITLE,
)
from assets.release.report.pictures.map_pictures import TILES, tile_picture
from assets.release.report.place import Place, ident
from assets.release.report.report_rows import ProvinceTile
from assets.release.report.sections.province_editions import edition_tables
from assets.release.report.sections.province_tables import (
    province_claims,
    province_evidence,
    province_slopes,
)
from assets.release.report.words import Cited, Foot, PageTable, Picture, Said, Section, Sentence
from assets.release.results.province_lines import (
    PoorCountyHead,
    PovertyClassHead,
    ProvinceEvidence,
    ProvinceFinding,
    ProvinceHead,
    ProvinceKnown,
    ProvincePlace,
    ProvinceRevised,
    ProvinceSlope,
)
from assets.warehouse.home import Home
from assets.warehouse.queries import ask

_TILES_ARE = Said(
    "A tile a province, schematic: places among neighbours, no borders; the darker, the higher.",
    "每格代表一个省份（示意图）：仅示相邻位置，不表示边界；颜色越深数值越高。",
)


@dataclass(frozen=True, slots=True)
class _TileMap:
    """What a map of tiles shows: its title, the query behind it, and where its numbers stand."""

    title: Said
    query: str
    table: str
    column: str


_ECOMMERCE = _TileMap(
    Said("Enterprises' e-commerce sales over gross product, %", "企业电子商务销售额占生产总值，%"),
    "release/report_ecommerce_tiles",
    "provinces.province_panel",
    "im_sales",
)
_REMAINING = _TileMap(
    Said(
        "Poor counties still on the list, % of those listed (counts derived)",
        "仍在名单上的贫困县占比，%（县数系计数所得）",
    ),
    "release/report_poor_county_tiles",
    "provinces.poor_county",
    "remaining_share",
)

_CONCEPT_TOLD = Sentence(
    CONCEPT,
    "此处 IM 为受调查企业的电子商务销售额（with_purchases：销售额与采购额之和）占生产总值之比，"
    "按企业所在地统计，且含企业间交易：与何氏论文的 IM（各类电子商务交易额）概念不同。",
)
_MISSING_TOLD = Sentence(
    f"Missing: {MISSING}.", "缺失：aEDI 与 CEI，因网络消费没有分省、分年的公布数据。"
)


@dataclass(frozen=True, slots=True)
class ProvincePart:
    """The section of the study, and the foot of its numbers."""

    section: Section
    foot: Foot


def province_part(home: Home, head: ProvinceHead, vintage: str) -> ProvincePart:
    """What the published warehouse says of 31 provinces at the vintage in force."""
    line = Sentence(
        "Rural income on enterprises' e-commerce within provinces: {0} (95 % interval {1} to {2}).",
        "省内农村收入对企业电子商务的斜率：{0}（95% 区间 {1} 至 {2}）。",
        slope_told(head, vintage),
    )
    heading = Said(f"{head.study}: {TITLE}", f"研究 {head.study}：31 个省份")
    claims = Said("Claims of He's paper, put to rural income", "何氏论文的论断，以农村收入检验")
    part = _part(home, head.study, vintage, heading, claims, line, _ECOMMERCE.table, _ECOMMERCE)
    of = {"vintage": vintage, "study": head.study}
    editions = edition_tables(
        ask(home, "commands/province_known", ProvinceKnown, of),
        ask(home, "commands/province_revised", ProvinceRevised),
        _place(head.study, vintage, "province_known_estimate"),
    )
    section = replace(
        part.section,
        lines=(
            *part.section.lines,
            _MISSING_TOLD,
            *_he_told(head, vintage),
            *(
                _place_told(each, vintage, head.study, part.foot.ident)
                for each in ask(
                    home,
                    "commands/province_place",
                    ProvincePlace,
                    {"vintage": vintage, "region": OWN_PLACE},
                )
            ),
        ),
        parts=(*part.section.parts, *(table for table in editions if table.rows)),
    )
    return replace(part, section=section)


def _he_told(head: ProvinceHead, vintage: str) -> list[Sentence]:
    """What He's pipeline gives on the same rows; nothing where it gave no result."""
    at = _place(head.study, vintage, "province_estimate").at(
        specification=HE_MODEL.name, inference="iid", sample="all", term=HE_MODEL.ecommerce
    )
    ridge, ols = at.at(estimator="he_ridge"), at.at(estimator="he_ols")
    numbers = (
        ridge.change(head.ridge_estimate, "estimate", 3),
        ols.change(head.ols_estimate, "estimate", 3),
        ols.number(head.ols_p, "p", 3),
    )
    cited = tuple(each for each in numbers if each is not None)
    if len(cited) < len(numbers):
        return []
    return [
        Sentence(
            f"He's pipeline on the same rows in one heap, which is no analysis of a panel: ridge "
            f"at K = {RIDGE_K:g} gives IM {{0}} of the range (its p is no valid test), least "
            "squares {1} (p = {2}).",
            f"把同样的各行合在一起、按何氏方法计算（并非面板分析）：岭回归（K = {RIDGE_K:g}）中 IM "
            "的系数为 {0}（以全距计；其 p 值并非有效检验），最小二乘为 {1}（p = {2}）。",
            cited,
        )
    ]


def _place_told(own: ProvincePlace, vintage: str, study: str, foot: str) -> Sentence:
    """Where the province of the paper stands among all."""
    row = {"region": own.region, "reference_year": own.reference_year}
    figure = Place(_ECOMMERCE.table, row, foot)
    slope = _place(study, vintage, "province_estimate").at(
        specification=MAIN.name,
        estimator="own_years",
        inference="none",
        sample=own.region,
        term=MAIN.ecommerce,
    )
    numbers = (
        figure.number(own.im_sales, "im_sales", 3),
        figure.number(own.rural_income_cny, "rural_income_cny", 0),
        slope.change(own.own_slope, "estimate", 3),
    )
    return Sentence(
        f"Gansu in {own.reference_year}: e-commerce {{0}} of gross product, place {own.rank_im} of "
        f"{own.provinces}; rural income {{1}} yuan, place {own.rank_income}; slope of its own few "
        f"years {{2}}, place {own.rank_slope}.",
        f"甘肃 {own.reference_year} 年：电子商务占生产总值 {{0}}，列 {own.provinces} 省第 "
        f"{own.rank_im}；农村收入 {{1}} 元，列第 {own.rank_income}；本省数年的斜率 {{2}}，列第 "
        f"{own.rank_slope}。",
        tuple(each for each in numbers if each is not None),
    )


def poor_county_part(home: Home, head: PoorCountyHead, vintage: str) -> ProvincePart:
    """What the published warehouse says of poor counties at the vintage in force."""
    line = Sentence(
        "Log odds that a county remains on the list of poor counties, on enterprises' e-commerce "
        "within provinces: {0} (95 % interval {1} to {2}). The counts by province are derived from "
        "a list of counties, not official.",
        "县仍在贫困县名单上的对数几率对省内企业电子商务的斜率：{0}（95% 区间 {1} 至 {2}）。"
        "分省数目由县名单计数而得，并非官方数据。",
        slope_told(head, vintage),
    )
    heading = Said(f"{head.study}: {POOR_COUNTY_TITLE}", f"研究 {head.study}：832 个贫困县摘帽")
    claims = Said("A claim of He's paper, put to poor counties", "何氏论文的论断，以贫困县数检验")
    part = _part(home, head.study, vintage, heading, claims, line, _REMAINING.table, _REMAINING)
    quotes = (DECREED, CANNOT, NOT_OFFICIAL, *part.section.quotes)
    return replace(part, section=replace(part.section, quotes=quotes))


def poverty_class_part(home: Home, head: PovertyClassHead, vintage: str) -> ProvincePart:
    """What the published warehouse says of poverty by class at the vintage in force."""
    line = Sentence(
        "Rural poverty incidence, known by class, on enterprises' e-commerce within provinces: {0} "
        "(95 % interval {1} to {2}).",
        "以区间公布的农村贫困发生率对省内企业电子商务的斜率：{0}（95% 区间 {1} 至 {2}）。",
        slope_told(head, vintage),
    )
    heading = Said(
        f"{head.study}: {CLASSES_TITLE}", f"研究 {head.study}：分省农村贫困发生率（区间）"
    )
    claims = Said(
        "A claim of He's paper, put to poverty by class", "何氏论文的论断，以贫困发生率区间检验"
    )
    part = _part(home, head.study, vintage, heading, claims, line, "provinces.poverty_class")
    quotes = (IN_CLASSES, CLASSES_CANNOT, *part.section.quotes)
    return replace(part, section=replace(part.section, quotes=quotes))


def _place(study: str, vintage: str, table: str) -> Place:
    key = {"vintage": vintage, "study": study}
    return Place(f"model.{table}", key, ident("rows-provinces", study))


def slope_told(
    head: ProvinceHead | PoorCountyHead | PovertyClassHead, vintage: str
) -> tuple[Cited, ...]:
    """The slope that answers first, with the ends of its interval."""
    part = {
        ProvinceHead: "income",
        PoorCountyHead: "poor counties that remain",
        PovertyClassHead: CLASSES_CLAIM.part,
    }[type(head)]
    answer = _place(head.study, vintage, "province_finding").at(claim="A7", part=part)
    numbers = (
        answer.change(head.estimate, "estimate", 3),
        answer.change(head.low, "low", 3),
        answer.change(head.high, "high", 3),
    )
    return tuple(each for each in numbers if each is not None)


def _part(
    home: Home,
    study: str,
    vintage: str,
    heading: Said,
    claims: Said,
    line: Sentence,
    figures: str,
    tiles: _TileMap | None = None,
) -> ProvincePart:
    """The section of a study; figures: the table with its figures; tiles: None without numbers."""
    of = {"vintage": vintage, "study": study}
    findings = ask(home, "commands/province_findings", ProvinceFinding, of)
    slopes = ask(home, "commands/province_slopes", ProvinceSlope, of)
    evidence = ask(home, "commands/province_evidence", ProvinceEvidence, of)
    foot = ident("rows-provinces", study)
    drawn = (
        []
        if tiles is None
        else _tile_map(ident("map", study), tiles, ask(home, tiles.query, ProvinceTile), foot)
    )
    parts: tuple[PageTable | Picture, ...] = (
        *drawn,
        province_claims(claims, findings, _place(study, vintage, "province_finding")),
        province_slopes(slopes, _place(study, vintage, "province_estimate")),
        province_evidence(evidence),
    )
    section = Section(
        ident("study", study),
        heading,
        lines=(line, _CONCEPT_TOLD),
        parts=tuple(part for part in parts if isinstance(part, Picture) or part.rows),
        quotes=tuple(f"{each.claim}, {each.part}: {each.sentence}" for each in findings),
    )
    said = Said(
        f"vintage {vintage}; figures in {figures}, each with its cell in raw.observation; "
        "`yearbook show` has the whole study",
        f"版本 {vintage}；数据见 {figures}，其单元格见 raw.observation；"
        "`yearbook show` 显示整个研究",
    )
    title = Said(f"Results of {study}", f"{study} 的结果")
    return ProvincePart(section, Foot(foot, title, (said,)))


def _tile_map(name: str, tiles: _TileMap, rows: Sequence[ProvinceTile], foot: str) -> list[Picture]:
    """Where in China the values are high, with the value of each province; none without values."""
    shown = [row for row in rows if row.value is not None and row.region in TILES]
    if not shown:
        return []
    year = shown[0].reference_year
    numbers = {}
    for row in shown:
        place = Place(tiles.table, {"region": row.region, "reference_year": year}, foot)
        cited = place.number(row.value, tiles.column, 0, 100)
        if cited is not None:
            numbers[row.region] = cited
    title = Said(f"{tiles.title.en}, {year}", f"{tiles.title.zh}，{year} 年")
    data = PageTable(
        Said("Its numbers", "图中数值"),
        (Said("province", "省份"), "%"),
        tuple(
            (Said(row.region, f"{row.region} {row.name_zh}"), numbers[row.region]) for row in shown
        ),
        closed=True,
    )
    svg = tile_picture(
        name,
        {row.region: row.value for row in shown if row.value is not None},
        {region: cited.text for region, cited in numbers.items()},
        {row.region: row.name_zh for row in rows},
    )
    return [Picture(name, title, _TILES_ARE, svg, data=data)]
