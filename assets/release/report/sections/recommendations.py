"""The part of the report on what He's paper recommends: which results bear on it, and which do not.

Belongs here: which result bears on which recommendation, in which words. Not here: any verdict.

No study here measures what the recommendations ask for (networks, supply chains, training), so no
rule can agree or disagree with one: the section shows what bears on it, and says what is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assets.release.report.place import Place
from assets.release.report.report_rows import Result
from assets.release.report.sections.summary import RESULTS_FOOT
from assets.release.report.verdict_flags import SERIES_VERDICTS, VERDICTS
from assets.release.report.words import Cell, Flag, PageTable, Said, Section, Sentence


@dataclass(frozen=True, slots=True)
class _Recommendation:
    """One of the paper's, and the results that bear on it: symbol or claim, and parts of claims."""

    number: str
    asks: Said
    bears: tuple[tuple[str, str], ...]  # result, and part or "" for those of yearly studies
    told_by: Said  # what those results are about
    missing: Said


RECOMMENDATIONS = (
    _Recommendation(
        "R1",
        Said(
            "improve infrastructure: networks, logistics, information",
            "完善网络、物流、信息等基础设施",
        ),
        (
            ("IM", ""),
            ("A7", "income"),
            ("A7", "poor counties that remain"),
            ("B6", "neighbouring towns"),
        ),
        Said(
            "whether more e-commerce went with less poverty, and whether gains reach neighbours",
            "电子商务增加是否伴随贫困减少，收益是否惠及邻近地区",
        ),
        Said(
            "networks, logistics and their costs are in no document at hand",
            "现有文件均无网络、物流及其成本的数据",
        ),
    ),
    _Recommendation(
        "R2",
        Said(
            "build integrated industry chains with quality standards and brands",
            "建设具有质量标准和品牌的一体化产业链",
        ),
        (("AIG", ""), ("A6", "income"), ("B1", "sales"), ("B3", "lasted")),
        Said(
            "whether farm income went with less poverty, and what a label given to a whole town "
            "does to sales",
            "农业收入是否伴随贫困减少，以及整镇认定对销售的作用",
        ),
        Said(
            "standards, brands and chains are not measured; a town's label is the nearest to a "
            "brand",
            "标准、品牌与产业链均未测量；乡镇认定最接近于品牌",
        ),
    ),
    _Recommendation(
        "R3",
        Said("bring in, train and keep e-commerce talent", "引进、培养并留住电子商务人才"),
        (("B5", "new sellers"), ("B5", "women above all"), ("B5", "the young above all")),
        Said("who took up e-commerce after a certification", "认定后哪些人开始从事电子商务"),
        Said(
            "training and its costs are not measured, nor whether sellers came or stayed",
            "培训及其成本、卖家的迁入与留存均未测量",
        ),
    ),
)
_LABELS = {
    "official": Said("official", "官方"),
    "derived": Said("DERIVED", "计算所得"),
    "recovered": Said("RECOVERED", "复原数据"),
    "simulated": Said("SIMULATED", "模拟数据"),
}


def recommendations_section(results: Sequence[Result]) -> Section:
    """Each recommendation, what bears on it, and what would be needed to say more."""
    lines, rows = [], []
    for each in RECOMMENDATIONS:
        lines.append(
            Sentence(
                f"{each.number}, {each.asks.en}: cannot be judged, since {each.missing.en}. "
                f"What bears on it: {each.told_by.en}.",
                f"{each.number}，{each.asks.zh}：无法判断，因为{each.missing.zh}。"
                f"与之相关的是：{each.told_by.zh}。",
            )
        )
        rows += [
            _row(each.number, result)
            for result in results
            if (result.result, result.part) in each.bears
        ]
    table = PageTable(
        Said("Results that bear on the recommendations", "与各项建议相关的结果"),
        (
            Said("recommendation", "建议"),
            Said("study", "研究"),
            Said("result", "结果"),
            Said("estimate", "估计值"),
            Said("lower", "下限"),
            Said("upper", "上限"),
            Said("verdict", "判断"),
            Said("data", "数据性质"),
        ),
        tuple(rows),
        Said(
            "Yearly studies: OLS on normalised variables; provinces: elasticities and log odds; "
            "towns: log points. A result on simulated towns says nothing about China.",
            "年度研究：标准化变量的 OLS；省级研究：弹性与对数几率；乡镇：对数点。"
            "模拟乡镇的结果不能说明中国的情况。",
        ),
    )
    return Section(
        "recommendations",
        Said("What the paper recommends, and what bears on it", "论文的建议及相关证据"),
        lines=lines,
        parts=(table,) if rows else (),
    )


def _row(number: str, result: Result) -> tuple[Cell, ...]:
    key = {
        "study": result.study,
        "region": result.region,
        "result": result.result,
        "part": result.part,
    }
    place = Place("current.result", key, RESULTS_FOOT)
    return (
        number,
        result.study,
        f"{result.result} {result.part}".strip(),
        place.change(result.estimate, "estimate", 3),
        place.change(result.low, "low", 3),
        place.change(result.high, "high", 3),
        _verdict(result.verdict),
        _LABELS[result.label],
    )


def _verdict(text: str) -> Cell:
    for begins, flag in SERIES_VERDICTS.items():
        if text.startswith(begins):
            return replace(flag, reason="")
    found: Flag | str = VERDICTS.get(text, text)
    return found
