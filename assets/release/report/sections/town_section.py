"""The part of the report on one data set of towns: headline, years, cohorts, claims, assumptions.

Belongs here: which rows are shown, in which words. Not here: new numbers, drawing, HTML.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assets.release.report.pictures.map_pictures import town_map_picture
from assets.release.report.pictures.town_pictures import (
    claims_picture,
    event_picture,
    groups_picture,
)
from assets.release.report.place import Place, ident
from assets.release.report.report_rows import TownArea, TownPlace
from assets.release.report.sections.town_extent import entry_table, inequality_table
from assets.release.report.verdict_flags import VERDICTS
from assets.release.report.words import (
    SIMULATED,
    Foot,
    PageTable,
    Picture,
    Said,
    Section,
    Sentence,
)
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
_EFFECT = (
    Said("% a year", "每年 %"),
    Said("lower", "下限"),
    Said("upper", "上限"),
)
_BAND = (Said("band, lower", "置信带下限"), Said("band, upper", "置信带上限"))


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
        *_claims(findings, claims, head.dataset, mark),
        entry_table(ask(home, "commands/town_entry", TownEntry, of), estimates, mark),
        inequality_table(
            ask(home, "commands/town_inequality", TownInequality, of),
            Place("model.town_inequality", of, foot),
            mark,
        ),
        _effects(effects, estimates, mark),
        _assumptions(evidence, mark),
        _not_computed(failures, mark),
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


def effect_place(place: Place, row: TownEffect) -> Place:
    """The row of an effect, below the table and the data set."""
    return place.at(
        estimator=row.estimator,
        sample=row.sample,
        control_pool=row.control_pool,
        outcome=row.outcome,
        inference=row.inference,
        target="att",
    )


def _cell_place(place: Place, row: TownCell) -> Place:
    return place.at(
        estimator=row.estimator,
        sample=row.sample,
        control_pool=row.control_pool,
        outcome=row.outcome,
        target=row.target,
        cell=row.cell,
        inference=row.inference,
    )


def _cell_table(
    title: Said,
    first: Said,
    rows: Sequence[TownCell],
    place: Place,
    mark: str,
    names: Sequence[str],
    band: bool = False,
) -> PageTable:
    columns = ["percent", "percent_low", "percent_high"]
    columns += ["percent_band_low", "percent_band_high"] if band else []
    return PageTable(
        title,
        (first, *_EFFECT, *(_BAND if band else ())),
        tuple(
            (name, *(_cell_place(place, row).change(getattr(row, each), each) for each in columns))
            for name, row in zip(names, rows, strict=True)
        ),
        mark=mark,
        closed=True,
    )


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
            _cell_table(
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
                _cell_table(
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


def _claims(
    findings: Sequence[TownFinding], place: Place, dataset: str, mark: str
) -> list[PageTable | Picture]:
    rows = []
    for row in findings:
        at = place.at(claim=row.claim, part=row.part)
        digits = 4 if row.scale == "index" else 3
        rows.append(
            (
                f"{row.claim} {row.part}",
                at.text(row.claimed, "claimed"),
                at.number(row.published_percent, "published_percent", 1),
                at.number(row.estimate, "estimate", digits),
                at.number(row.low, "low", digits),
                at.number(row.high, "high", digits),
                row.scale,
                VERDICTS.get(row.verdict, row.verdict),
            )
        )
    table = PageTable(
        Said("Claims of the published study", "已发表研究的论断"),
        (
            Said("claim", "论断"),
            Said("in words (English)", "内容（英文）"),
            Said("published, %", "已发表，%"),
            Said("here", "此处"),
            _EFFECT[1],
            _EFFECT[2],
            Said("unit", "单位"),
            Said("verdict", "判断"),
        ),
        tuple(rows),
        Said(
            "100 (exp(x) − 1) makes per cent of log points x",
            "对数点 x 换算为百分比：100 (exp(x) − 1)",
        ),
        mark=mark,
    )
    if not any(row.estimate is not None for row in findings):
        return [table]
    name = ident("claims", dataset)
    picture = Picture(
        name,
        Said("Claims beside estimates", "论断与估计值"),
        Said(
            "Effects in per cent on one axis, shares and indices on others; diamonds: as "
            "published. Blue agrees, red disagrees, grey cannot say.",
            "以百分比表示的效应为一轴，份额与指数各为一轴；菱形为已发表数值。"
            "蓝色：一致；红色：不一致；灰色：无法判断。",
        ),
        claims_picture(name, findings, mark),
        mark,
    )
    return [picture, table]


def _effects(effects: Sequence[TownEffect], place: Place, mark: str) -> PageTable:
    return PageTable(
        Said("The effect on sales and orders by every estimator", "各估计方法下的销售与订单效应"),
        (
            Said("estimator", "估计方法"),
            Said("towns in", "样本"),
            Said("controls", "对照"),
            Said("outcome", "结果"),
            Said("error by", "误差来源"),
            *_EFFECT,
        ),
        tuple(
            (
                row.estimator,
                row.sample,
                row.control_pool,
                row.outcome,
                row.inference,
                at.change(row.percent, "percent"),
                at.change(row.percent_low, "percent_low"),
                at.change(row.percent_high, "percent_high"),
            )
            for row in effects
            for at in [effect_place(place, row)]
        ),
        mark=mark,
    )


def _assumptions(evidence: Sequence[TownEvidence], mark: str) -> PageTable:
    return PageTable(
        Said("What speaks for and against the assumptions", "支持与反对各项假设的证据"),
        (
            Said("test", "检验"),
            Said("verdict", "判断"),
            Said("estimator", "估计方法"),
            Said("towns in", "样本"),
            Said("what it says (English)", "内容（英文）"),
        ),
        tuple(
            (
                f"{row.test} {row.cell}".strip(),
                VERDICTS.get(row.verdict, row.verdict),
                row.estimator,
                row.sample,
                row.sentence,
            )
            for row in evidence
        ),
        mark=mark,
    )


def _not_computed(failures: Sequence[TownFailure], mark: str) -> PageTable:
    return PageTable(
        Said("Not computed, and why", "未计算的项目及原因"),
        (Said("what", "项目"), Said("status", "状态"), Said("reason (English)", "原因（英文）")),
        tuple((row.entry, row.status, row.reason) for row in failures),
        mark=mark,
    )
