"""The part of the report on published studies that are computed again, number by number.

Belongs here: which rows are shown, in which words. Not here: computing, judging, HTML.
"""

from collections.abc import Sequence

from assets.release.report.place import Place
from assets.release.report.words import RECOVERED, Cited, Foot, PageTable, Said, Section
from assets.release.results.study_lines import PrintedNumber, ReplicationHead
from assets.warehouse.home import Home
from assets.warehouse.queries import ask

_FOOT = "rows-replications"
_TABLE = "model.printed_comparison"
# A verdict as the table has it, as a heading, and how many a study has of it.
_VERDICTS = {
    "reproduced": Said("reproduced", "重现"),
    "within rounding": Said("within rounding", "舍入范围内"),
    "differs": Said("differs", "不符"),
    "not determinable": Said("not determinable", "无法判定"),
}


def replication_section(home: Home, vintage: str, heads: Sequence[ReplicationHead]) -> Section:
    """Each study with its printed numbers by verdict, and those that are not reproduced."""
    counted = PageTable(
        Said("Printed numbers by what became of them", "论文数字的重算结果"),
        (Said("study", "研究"), Said("printed", "论文数字"), *_VERDICTS.values()),
        tuple(_counts(head, vintage) for head in heads),
    )
    parts = [counted, *(_rest(home, head, vintage) for head in heads)]
    return Section(
        "replications",
        Said("Published studies, computed again", "已发表研究的逐数重算"),
        parts=tuple(part for part in parts if part.rows),
    )


def replication_foot(vintage: str) -> Foot:
    """Where these numbers come from."""
    return Foot(
        _FOOT,
        Said("Published studies, computed again", "已发表研究的逐数重算"),
        (
            Said(f"vintage {vintage}", f"版本 {vintage}"),
            Said(
                "`yearbook replicate STUDY --all` shows each number; `yearbook where-from STUDY "
                "--printed CELL` where it is printed and what it is computed from",
                "`yearbook replicate STUDY --all` 显示每个数字；`yearbook where-from STUDY "
                "--printed CELL` 显示其出处与计算依据",
            ),
        ),
    )


def _counts(head: ReplicationHead, vintage: str) -> tuple[str | Cited, ...]:
    place = Place(_TABLE, {"vintage": vintage, "study": head.study}, _FOOT)
    by_verdict = (head.reproduced, head.within_rounding, head.differs, head.not_determinable)
    counts = (
        place.at(verdict=verdict).count(count)
        for verdict, count in zip(_VERDICTS, by_verdict, strict=True)
    )
    return (head.study, place.count(head.printed), *counts)


def _rest(home: Home, head: ReplicationHead, vintage: str) -> PageTable:
    of = {"study": head.study, "vintage": vintage}
    rows = []
    for each in ask(home, "commands/printed_numbers", PrintedNumber, of):
        if each.verdict == "reproduced":
            continue
        key = {
            "table_number": each.table_number,
            "cell": each.cell,
            "step": each.step,
            "term": each.term,
            "other_term": each.other_term,
            "statistic": each.statistic,
        }
        place = Place(_TABLE, {**of, **key}, _FOOT)
        rows.append(
            (
                each.place,
                each.what,
                place.text(each.printed_value, "printed_value"),
                place.number(each.computed, "computed", 4),
                _VERDICTS[each.verdict],
                each.reason,
            )
        )
    return PageTable(
        Said(f"{head.study}: not reproduced", f"{head.study}：未能重现"),
        (
            Said("table and cell", "表与单元格"),
            Said("what", "内容"),
            Said("printed", "论文数值"),
            Said("computed", "重算值"),
            Said("verdict", "判断"),
            Said("reason, where one is known", "已知原因"),
        ),
        tuple(rows),
        mark=RECOVERED if head.is_recovered else "",
    )
