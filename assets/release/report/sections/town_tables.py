"""Tables of the report on a data set of towns: years, claims, effects, assumptions, what failed.

Belongs here: which columns are shown, under which words. Not here: which tables there are, pictures
(`town_section.py`), new numbers, HTML.
"""

from collections.abc import Sequence

from assets.release.report.pictures.town_pictures import claims_picture
from assets.release.report.place import Place, ident
from assets.release.report.verdict_flags import VERDICTS
from assets.release.report.words import PageTable, Picture, Said
from assets.release.results.town_lines import (
    TownCell,
    TownEffect,
    TownEvidence,
    TownFailure,
    TownFinding,
)

_EFFECT = (
    Said("% a year", "每年 %"),
    Said("lower", "下限"),
    Said("upper", "上限"),
)


_BAND = (Said("band, lower", "置信带下限"), Said("band, upper", "置信带上限"))


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


def cell_table(
    title: Said,
    first: Said,
    rows: Sequence[TownCell],
    place: Place,
    mark: str,
    names: Sequence[str],
    band: bool = False,
) -> PageTable:
    """Effects of one cell each, with their intervals, and bands where there are some."""
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


def town_claims(
    findings: Sequence[TownFinding], place: Place, dataset: str, mark: str
) -> list[PageTable | Picture]:
    """What is said of each claim, with its numbers, and the picture of those that have one."""
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


def town_effects(effects: Sequence[TownEffect], place: Place, mark: str) -> PageTable:
    """The overall effect by every estimator, on which towns, and what its error comes from."""
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


def town_assumptions(evidence: Sequence[TownEvidence], mark: str) -> PageTable:
    """What each test saw for or against the assumptions."""
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


def not_computed(failures: Sequence[TownFailure], mark: str) -> PageTable:
    """The entries of the specification that failed, with the reason."""
    return PageTable(
        Said("Not computed, and why", "未计算的项目及原因"),
        (Said("what", "项目"), Said("status", "状态"), Said("reason (English)", "原因（英文）")),
        tuple((row.entry, row.status, row.reason) for row in failures),
        mark=mark,
    )
