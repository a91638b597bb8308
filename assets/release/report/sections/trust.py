"""The part of the report on trust: documents, checks, how to cite.

Belongs here: which rows are shown, in which words. Not here: studies, towns, HTML.
"""

from collections.abc import Sequence

from assets.release.report.place import Place
from assets.release.report.report_rows import HeadCount, RefusedDocument, Source
from assets.release.report.sections.revisions_section import REVISIONS_FOOT
from assets.release.report.sections.summary import DOCUMENTS_FOOT, CheckLine
from assets.release.report.words import Flag, Foot, PageTable, Said, Section, Sentence


def trust_section(
    vintage: str,
    created_at: str,
    fingerprint: str,
    sources: Sequence[Source],
    counts: HeadCount,
    checks: Sequence[CheckLine],
    refused: Sequence[RefusedDocument],
) -> Section:
    """What a reader has to know before believing: checks, retyped figures, licences, citing."""
    taken = Place("raw.document", {"withdrawn": None}, DOCUMENTS_FOOT)
    figures = taken.number(counts.figures, "sum(observations)", 0)
    retyped = taken.at(retyped=True).number(
        counts.retyped_figures, "coalesce(sum(observations), 0)", 0
    )
    lines = [
        Sentence(
            "Of {0} figures, {1} were typed by the project from the source that their card names; "
            "the rest lie in files of their publisher.",
            "全部 {0} 个数字中，{1} 个由本项目依据卡片所载来源录入，其余来自出版者的文件。",
            tuple(each for each in (figures, retyped) if each is not None),
        ),
        Sentence(
            f"Cite as: yearbook, vintage {vintage}, published {created_at} UTC, input fingerprint "
            f"{fingerprint}.",
            f"引用格式：yearbook，版本 {vintage}，发布于 {created_at} UTC，"
            f"输入指纹 {fingerprint}。",
        ),
    ]
    parts = [
        PageTable(
            Said("Checks that did not pass", "未通过的检查"),
            (Said("check", "检查"), Said("effect", "作用"), Said("what it found", "发现")),
            tuple(
                (
                    each.name,
                    Flag(Said("blocks publication", "阻断发布"), "bad")
                    if each.is_blocking
                    else Flag(Said("warns", "警告"), "open"),
                    each.description,
                )
                for each in checks
            ),
        ),
        PageTable(
            Said("Refused documents", "被拒收的文件"),
            (Said("document", "文件"), Said("why", "原因")),
            tuple((f"{each.source}/{each.edition}", each.message) for each in refused),
        ),
        PageTable(
            Said("Documents and licences", "文件与许可"),
            (
                Said("licence", "许可"),
                Said("quality", "性质"),
                Said("documents", "文件数"),
                Said("typed by the project", "由本项目录入"),
                Said("figures", "数字个数"),
            ),
            tuple(
                (
                    each.licence,
                    each.quality,
                    place.count(each.documents),
                    place.at(retyped=True).count(each.retyped),
                    place.number(each.observations, "sum(observations)", 0),
                )
                for each in sources
                for place in [taken.at(licence=each.licence, quality=each.quality)]
            ),
        ),
    ]
    return Section(
        "trust",
        Said("Trust", "可信度"),
        lines=tuple(lines),
        parts=tuple(part for part in parts if part.rows),
    )


def common_feet(vintage: str) -> tuple[Foot, ...]:
    """The feet of numbers that belong to no study."""
    at = Said(f"vintage {vintage}", f"版本 {vintage}")
    return (
        Foot(
            "rows-results",
            Said("Results counted over all studies", "全部研究的结果汇总"),
            (
                at,
                Said(
                    "Each of them stands in its study's part of this page, with its figures.",
                    "各项结果及其数字见本页相应研究部分。",
                ),
            ),
        ),
        Foot(
            DOCUMENTS_FOOT,
            Said("Documents in force", "在用文件"),
            (
                at,
                Said(
                    "`yearbook status` lists them; raw.document has each with its sha256.",
                    "`yearbook status` 列出全部文件；raw.document 载有各文件的 sha256。",
                ),
            ),
        ),
        Foot(
            REVISIONS_FOOT,
            Said("Revised figures", "修订过的数字"),
            (
                at,
                Said(
                    "`yearbook revisions` shows both prints and their documents.",
                    "`yearbook revisions` 显示前后两次公布的数字及其文件。",
                ),
            ),
        ),
    )
