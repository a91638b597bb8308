"""Tables of the report on studies of provinces: claims, slopes by estimator, evidence.

Belongs here: which columns are shown, under which words. Not here: which tables there are, pictures
(`province_section.py`), new numbers, HTML.
"""

from collections.abc import Sequence

from assets.release.report.place import Place
from assets.release.report.sections.province_editions import HIGH, LOW
from assets.release.report.verdict_flags import VERDICTS
from assets.release.report.words import Cell, PageTable, Said
from assets.release.results.province_lines import ProvinceEvidence, ProvinceFinding, ProvinceSlope


def province_claims(title: Said, findings: Sequence[ProvinceFinding], place: Place) -> PageTable:
    """What is said of each claim, with the slope that answers."""

    def row(each: ProvinceFinding) -> tuple[Cell, ...]:
        at = place.at(claim=each.claim, part=each.part)
        return (
            f"{each.claim}, {each.part}",
            at.text(each.text, "text"),
            at.number(each.estimate, "estimate", 4),
            at.number(each.low, "low", 4),
            at.number(each.high, "high", 4),
            at.number(each.detectable, "detectable", 4),
            VERDICTS.get(each.verdict, each.verdict),
        )

    return PageTable(
        title,
        (
            Said("claim", "论断"),
            Said("in words (English)", "内容（英文）"),
            Said("slope", "斜率"),
            LOW,
            HIGH,
            Said("detectable", "可检出"),
            Said("verdict", "判断"),
        ),
        tuple(map(row, findings)),
    )


def province_slopes(slopes: Sequence[ProvinceSlope], place: Place) -> PageTable:
    """Of all provinces; the samples without some of them are in the warehouse."""

    def row(each: ProvinceSlope) -> tuple[Cell, ...]:
        at = place.at(
            specification=each.specification,
            estimator=each.estimator,
            inference=each.inference,
            sample=each.sample,
            term=each.term,
        )
        return (
            each.specification,
            each.estimator,
            each.inference,
            each.term,
            at.number(each.estimate, "estimate", 4),
            at.number(each.std_error, "std_error", 4),
            at.number(each.low, "low", 4),
            at.number(each.high, "high", 4),
            at.number(each.p, "p"),
            at.number(each.n, "n", 0),
        )

    shown = [each for each in slopes if each.sample == "all"]
    in_one_heap = Said(
        "he_ols and he_ridge take all rows in one heap, which is no analysis of a panel",
        "he_ols 与 he_ridge 把所有行合在一起，并非面板分析",
    )
    return PageTable(
        Said("Slopes by every estimator, all provinces", "各估计方法的斜率，全部省份"),
        (
            Said("specification", "设定"),
            Said("estimator", "估计方法"),
            Said("error by", "误差来源"),
            Said("term", "变量"),
            Said("slope", "斜率"),
            Said("std. error", "标准误"),
            LOW,
            HIGH,
            Said("p", "p 值"),
            "n",
        ),
        tuple(row(each) for each in shown),
        in_one_heap if any(each.estimator.startswith("he_") for each in shown) else None,
        closed=True,
    )


def province_evidence(evidence: Sequence[ProvinceEvidence]) -> PageTable:
    """What each test saw for or against reading slopes as effects."""
    return PageTable(
        Said("What speaks for and against reading slopes as effects", "支持与反对因果解读的证据"),
        (
            Said("test", "检验"),
            Said("verdict", "判断"),
            Said("specification", "设定"),
            Said("term", "变量"),
            Said("what it says (English)", "内容（英文）"),
        ),
        tuple(
            (
                each.test,
                VERDICTS.get(each.verdict, each.verdict),
                each.specification,
                each.term,
                each.sentence,
            )
            for each in evidence
        ),
        closed=True,
    )
