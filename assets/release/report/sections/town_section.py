"""The part of the report on one data set of towns: headline, years, cohorts, claims, assumptions.

Belongs here: which rows are shown, in which words. Not here: new numbers, drawing, HTML.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assets.release.report.pictures.map_pictures import town_map_picture
from assets.release.report.pictures.town_pictures import event_picture, groups_picture
from assets.release.report.place import Place, ident
from assets.release.report.report_rows import TownArea, TownPlace
from assets.release.report.sections.town_extent import entry_table, inequality_table
from assets.release.report.sections.town_tables import (
    cell_table,
    effect_place,
    not_computed,
    town_assumptions,
    town_claims,
    town_effects,
)
from assets.release.report.verdict_flags import VERDICTS
from assets.release.report.words import SIMULATED, Foot, PageTable, Picture, Said, Section, Sentence
from assets.release.results.town_lines import (
    TownCell,
    TownEffect,
    TownEntry,
    TownEvidence,
    TownFailure,
    TownFinding,
    TownHead,
    TownInequality,
)
from assets.warehouse.home import Home
from assets.warehouse.queries import ask

_GROUPS = {
    "cohort": Said("By year of certification", "按认定年份"),
    "development_tercile": Said("By development before certification", "按认定前的发展水平"),
    "ring": Said("Towns nearby, by distance", "邻近乡镇，按距离"),
}


@dataclass(frozen=True, slots=True)
class TownPart:
    """The section of one data set, and the foot of its numbers."""

    section: Section
    foot: Foot


def town_part(home: Home, head: TownHead, vintage: str) -> TownPart:
    """What the published warehouse says of one data set of towns at the vintage in force."""
    of: dict[str, object] = {"vintage": vintage, "dataset": head.dataset}
    foot = ident("rows-towns", head.dataset)
    mark = SIMULATED if head.simulated else ""
    effects = ask(home, "commands/town_effects", TownEffect, of)
    findings = ask(home, "commands/town_findings", TownFinding, of)
    evidence = ask(home, "commands/town_evidence", TownEvidence, of)
    failures = ask(home, "commands/town_failures", TownFailure, of)
    cells = ask(home, "commands/town_cells", TownCell, of)
    estimates = Place("model.town_estimate", of, foot)
    claims = Place("model.town_finding", of, foot)
    parts = (
        *_events(cells, estimates, head.dataset, mark),
        *_groups(cells, estimates, head.dataset, mark),
        *_map(home, head.dataset, foot, mark),
        *town_claims(findings, claims, head.dataset, mark),
        entry_table(ask(home, "commands/town_entry", TownEntry, of), estimates, mark),
        inequality_table(
            ask(home, "commands/town_inequality", TownInequality, of),
            Place("model.town_inequality", of, foot),
            mark,
        ),
        town_effects(effects, estimates, mark),
        town_assumptions(evidence, mark),
        not_computed(failures, mark),
    )
    section = Section(
        ident("towns", head.dataset),
        Said(f"Certified towns: {head.dataset}", f"认定乡镇：{head.dataset}"),
        mark,
        _headline(effects, findings, estimates, claims),
        tuple(part for part in parts if isinstance(part, Picture) or part.rows),
        tuple(f"{each.claim} {each.part}: {each.sentence}" for each in findings),
    )
    title = Said(f"Results on {head.dataset}", f"{head.dataset} 的结果")
    what = Said(
        f"vintage {vintage}; computed from suppressed sums of sellers by town and year "
        "(towns.town_year); `yearbook towns` has the sentences and all evidence",
        f"版本 {vintage}；由经披露控制的乡镇年度卖家汇总（towns.town_year）计算；"
        "`yearbook towns` 列出全部语句与证据",
    )
    simulated = Said(
        "SIMULATED: no town, seller or sale behind these numbers exists.",
        "模拟数据：这些数字背后的乡镇、卖家和销售均不存在。",
    )
    return TownPart(section, Foot(foot, title, (what, *([simulated] if mark else []))))


def _headline(
    effects: Sequence[TownEffect],
    findings: Sequence[TownFinding],
    estimates: Place,
    claims: Place,
) -> tuple[Sentence, ...]:
    """The effect on sales with its interval, what is concluded, and what would make it vanish."""
    lines = []
    for row in effects[:1]:
        place = effect_place(estimates, row)
        numbers = (
            place.change(row.percent, "percent"),
            place.change(row.percent_low, "percent_low"),
            place.change(row.percent_high, "percent_high"),
            place.number(row.treated_towns, "treated_towns", 0),
            place.number(row.towns, "towns", 0),
        )
        if None not in numbers:
            lines.append(
                Sentence(
                    "What certification changes in a town's sales is estimated at {0} % a year "
                    "(95 % interval {1} to {2} %), from {3} certified among {4} towns.",
                    "认定对乡镇年销售额的影响估计为 {0}%（95% 区间 {1}% 至 {2}%），"
                    "依据 {4} 个乡镇，其中 {3} 个获认定。",
                    tuple(number for number in numbers if number is not None),
                )
            )
    for finding in findings[:1]:
        verdict = VERDICTS[finding.verdict].words
        against = [finding.against] if finding.against else []
        lines.append(
            Sentence(
                f"On the claim of the published study: {verdict.en}"
                f"{''.join(f'; against what it needs speak {tests}' for tests in against)}.",
                f"对已发表论断的判断：{verdict.zh}"
                f"{''.join(f'；与所需假设相悖的检验：{tests}' for tests in against)}。",
            )
        )
        place = claims.at(claim=finding.claim, part=finding.part)
        breakdown = place.number(finding.breakdown, "breakdown", 2)
        if breakdown is not None:
            lines.append(
                Sentence(
                    "Its interval leaves out zero as long as no break of trend after certification "
                    "exceeds {0} times the largest one before.",
                    "只要认定后的趋势偏离不超过认定前最大偏离的 {0} 倍，其区间就不含零。",
                    (breakdown,),
                )
            )
    return tuple(lines)


def _events(cells: Sequence[TownCell], place: Place, dataset: str, mark: str) -> list[Picture]:
    rows = [row for row in cells if row.target == "event_time"]
    if not rows:
        return []
    name = ident("events", dataset)
    years = [row.cell.removeprefix("e=") for row in rows]
    title = Said("Years before and since certification", "认定前后各年")
    return [
        Picture(
            name,
            title,
            Said(
                "Effect on sales in per cent by year since certification, each with its 95 % "
                "interval; before certification it should be zero. Dashed: the band that holds "
                "all years at once with 95 %.",
                "认定前后各年对销售额的影响（%）及其 95% 区间；认定前应为零。"
                "虚线：以 95% 的概率同时包含所有年份的置信带。",
            ),
            event_picture(name, rows, mark),
            mark,
            cell_table(
                Said("Its numbers", "图中数值"), Said("year", "年"), rows, place, mark, years, True
            ),
        )
    ]


def _groups(cells: Sequence[TownCell], place: Place, dataset: str, mark: str) -> list[Picture]:
    pictures = []
    for target, title in _GROUPS.items():
        own = [row for row in cells if row.target == target]
        rows = [row for row in own if row.sample == own[0].sample]
        if not rows:
            continue
        name = ident(target, dataset)
        names = [row.cell.removeprefix("g=") for row in rows]
        pictures.append(
            Picture(
                name,
                title,
                Said(
                    f"Effect on sales in per cent with 95 % intervals, by {rows[0].estimator}.",
                    f"对销售额的影响（%）及 95% 区间，估计方法 {rows[0].estimator}。",
                ),
                groups_picture(name, rows, names, mark),
                mark,
                cell_table(
                    Said("Its numbers", "图中数值"), Said("group", "组"), rows, place, mark, names
                ),
            )
        )
    return pictures


def _map(home: Home, dataset: str, foot: str, mark: str) -> list[Picture]:
    """Where the towns lie, and how many of each province are certified."""
    towns = ask(home, "release/report_town_places", TownPlace, {"dataset": dataset})
    if not towns:
        return []
    query = "release/report_town_areas"
    areas = ask(home, query, TownArea, {"dataset": dataset, "province": None})
    name = ident("map", dataset)
    data = PageTable(
        Said("Towns by province", "各省乡镇数"),
        (Said("province", "省份"), Said("towns", "乡镇"), Said("certified", "获认定")),
        tuple(
            (
                area.province,
                place.number(area.towns, "towns", 0),
                place.number(area.certified, "certified", 0),
            )
            for area in areas
            for place in [Place(query, {"dataset": dataset, "province": area.province}, foot)]
        ),
        mark=mark,
        closed=True,
    )
    return [
        Picture(
            name,
            Said("Where the towns lie", "乡镇分布"),
            Said(
                "Each town at its place, without borders; blue: certified in some year, grey: "
                "never. Coordinates are in raw.town.",
                "各乡镇的位置（不表示边界）；蓝色：曾获认定；灰色：从未认定。坐标见 raw.town。",
            ),
            town_map_picture(name, towns, mark),
            mark,
            data,
        )
    ]
