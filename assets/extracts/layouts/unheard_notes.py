"""Notes and comments beside a table in words that nothing here knows, of figures that are taken.

Belongs here: which clauses change nothing, whatever the table (a source, a day, rounding, signs),
and what becomes of the rest: 2017年起执行新行业分类, 含农垦, 带*的为推算数. Not here: what a
note says of definition and coverage (told_definition_beside.py), measure (told_measure.py) and
status (told_status.py).

Words that change what a figure means cannot be listed; those that never do nearly can. So a clause
that speaks of figures taken, and that neither list has, stops the document until the card says by
`ignore` that somebody read it.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from assets.extracts.figure import Figure, TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.layouts.mending import says
from assets.extracts.layouts.note_scope import Clause, clauses, names_years_alone, periods_in
from assets.extracts.meaning.definitions import OWN
from assets.extracts.meaning.registry import indicators, normalise_label
from assets.extracts.meaning.told_definition import named_definitions

_MOST_SHOWN = 6  # notes that a refusal cites in full
_BEFORE_VERB = re.compile(  # where what a clause is about ends
    r"(?:(?<=\w)|(?<=[”\"’'）)])|^\W*)(?:[按为系是均都皆含由经指因与从对有无用撤设划并]|以(?![后前来上下内外])|包[括含]|不|未|已|根据|采用|执行|使用|来自|来源|取自|进行|剔除|扣除"
    r"|\b(?:is|are|was|were|includ|exclud|cover|has|have|refer|do|may|based)\w*)",
    re.IGNORECASE,
)
_OBJECT = re.compile(r"对(?P<what>[^，,；;。]{2,30}?)(?:进行|作|做|予以)")
# 常住人口包括：居住在本乡镇街道且户口在本乡镇街道的人；… is one explanation, whatever parts it.
_EXPLAINED = re.compile(
    r"(?P<what>[^，,；;。:：\n]{2,20}?)(?:(?:是指|指的是)[：:]?|(?:指|包[括含])[：:])[^。\n]*"
)
_HEAD = re.compile(
    r"^\s*(?:(?:注|备注|附注|说明|notes?\b)\s*[:：]?\s*)?(?:\d{1,2}\s*[.、)）](?!\d))?\s*",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"注|备注|附注|说明|备考|remarks?|本表|上表|表中|以上|其中|数据|数字|[\W\d_]", re.I
)
# p = preliminary, “*”为…: it speaks of figures with that sign alone.
_OF_SIGN = re.compile(
    r"\W*(?P<sign>[*＊#＃†‡]+|[a-zA-Z])[”\"’']?\s*(?:[=＝:：]|表示|代表|为|是|系)"
)
_SIGNS = re.compile(r"^(?:[*#†‡]+|[a-z])$")
_OFFICE = (
    "统计局|统计年鉴|统计公报|统计摘要|调查总?队|财政厅|财政部|农业农村部|商务部|海关总署"
    "|人民银行|世界银行|出版社"
)
_SIGN = (
    r"[\"“”'‘’「【(（]?\s*(?:空格|空白|空项|blanks?|[^\w\s“”\"'‘’]{1,3}|x|n\.?/?a\.?)"
    r"\s*[\"“”'‘’」】)）]?\s*"
)
_HARMLESS = re.compile(
    "|".join(
        (
            # Who says it, where more of it is to be found, who answers for it.
            r"来源|出处|出自|来自|取自|引自|摘自|源于|源自|\bsources?\b|https?:|www\.",
            r"\byear ?book\b|\bstatistical\W*$|\bcommuniqu|\bpress release|\.(?:xlsx?|csv|pdf)\b",
            r"提供$|供稿|整理$|录入|摘录|转录|制表|填报|填表|审核人?|责任编辑|责编|联系|电话|邮箱|网址|网站",
            r"版权|\bcopyright\b|©|(?:统计|主要)指标解释",
            r"(?:见|参见|详见|参阅)(?:附录|附表|附注|表|第|说明|主要统计指标|统计指标解释|《)",
            r"\bsee (?:table|note|annex|appendix)",
            rf"^\W*(?:中国|国家|全国)?[\u4e00-\u9fff]{{0,12}}(?:{_OFFICE})\W*$",
            r"^\W*(?:(?:the )?world bank|national bureau of statistics(?: of china)?)\W*$",
            r"^\W*(?:imf|oecd|eurostat|world development indicators)\W*$",
            # When it was written.
            r"(?:更新|发布|公布|印发|出版|下载|访问|检索|查询|导出|采集|获取|编制|制作)"
            r"(?:时间|日期|于|$|[:：])",
            r"\b(?:updated|accessed|retrieved|downloaded|released|published|exported)\b",
            # Rounding, and sums that it leaves open.
            r"四舍五入|舍入|小数|有效数字|取整|保留.{0,4}位|进位|计算误差|机械调整|\bround(?:ed|ing)\b",
            r"(?:合计|总计|总数|分项|分组|相加|加总|之和).{0,14}"
            r"(?:不等|不符|不一致|误差|出入|差异)",
            r"\b(?:may|do) not (?:add|sum|equal)\b|\bdecimals?\b",
            # Signs, and what is not there.
            rf"{_SIGN}(?:表示|代表|为|指|是|[:：=]|means?|indicates?|denotes?|stands for)\s*"
            r"(?:该项|此项|统计|指标|数据|资料|数值|的)*\s*(?:没有|无|缺|不足|不详|未公布|未统计"
            r"|不适用|零|其中|不存在|nil|zero|less than|no data|missing"
            r"|(?:data )?(?:are )?not (?:available|applicable))",
            r"年报|年度数据|(?:抽样调查|人口普查)(?:数据|结果|资料)?推算|现役军人",
            r"其中的?主要项|不足本表最小单位|无该项数据|(?:数据|资料)(?:缺失|不详|未公布|空缺)",
            r"暂缺|暂无|尚未公布|缺数据",
            r"修订制度|国际(?:通行|通用)?(?:做法|惯例)",
            r"\b(?:values|figures|data) are (?:in )?(?:yuan|rmb|cny|persons)\b",
            r"^\W*(?:notes?|definitions?|说明|注释)(?:\W+(?:notes?|definitions?))?\W*$",
            r"复核|核对无误|\bchecked\b",
            # The usual extent: what the classification of 2012 took out of primary industry.
            r"第一产业.{0,8}(?:不含|不包[括含]|剔除)[农林牧渔、]*(?:服务业|专业及辅助性活动)",
            # Prices of the year, and a table that says that it is one.
            r"(?:当年|现行|当期)价格?|现价|\b(?:current|nominal)\b",
            r"^\W*(?:续表|接上表|转下表|同上|下同|以下同|部分|continued|cont\.?)\W*$",
        )
    ),
    re.IGNORECASE,
)

# 中国统计年鉴2025: whose year is not one of figures, so that its clause would end before it.
_YEARBOOK = re.compile(
    r"\W*(?:[12]\d{3}\W*年?\W*)?[\u4e00-\u9fff]{2,12}年鉴\W*(?:[12]\d{3}\W*年?版?)?\W*"
)
# Not even of a source: 2017年起数据来源改为税务系统.
_CHANGES = re.compile(r"改[为用由成]|变更|变化|更换|\b(?:chang|switch)ed\b", re.IGNORECASE)
_REVISED = re.compile(
    r"(?:(?:进行|作|做|予以)了?(?:相应|系统|统一|追溯|历史|全面|的)*|系统|全面|统一)"
    r"(?:修订|修正|调整)$|\bha(?:s|ve) been revised\b"
)

Heard = Callable[[Clause], bool]


@dataclass(frozen=True, slots=True)
class _Note:
    cell: Cell
    text: str
    clauses: tuple[Clause, ...]


@dataclass(slots=True)
class UnheardNotes:
    """The notes beside one table."""

    _notes: list[_Note] = field(default_factory=list)

    def read(self, cell: Cell, text: str, *, mark: str = "") -> None:
        """Take in one text. mark: of the figures that it speaks of, where it is a comment."""
        if _YEARBOOK.fullmatch(_HEAD.sub("", text)):
            return
        self._notes.append(_Note(cell, text, tuple(clauses(text, mark))))

    def refuse(self, source: TableSource, figures: Sequence[Figure], heard: Heard) -> None:
        """Keep one fault for all notes with a clause in doubt, those apart that are refused anyway.

        heard: whether others judge what a clause says.
        """
        ignored = {normalise_label(text) for text in source.table.ignore}
        ignored |= {normalise_label(text) for text in source.faults.labels}
        borne = frozenset().union(*(figure.marks for figure in figures))
        in_doubt: dict[str, Cell] = {}
        for note in self._notes:
            if normalise_label(note.text) not in ignored and (
                _is_of_another_year(note, figures)
                or any(
                    not heard(clause) and _speaks_unheard(clause, figures, borne)
                    for clause in _unexplained(note, figures)
                )
            ):
                in_doubt.setdefault(" ".join(note.text.split()), note.cell)
        if in_doubt:
            with source.faults.kept():
                raise _not_understood(source, in_doubt)


def _not_understood(source: TableSource, in_doubt: dict[str, Cell]) -> Exception:
    texts = list(in_doubt)
    shown = "; ".join(f"'{text}'" for text in texts[:_MOST_SHOWN])
    more = f" and {len(texts) - _MOST_SHOWN} more" if len(texts) > _MOST_SHOWN else ""
    places = ", ".join(cell.ref for cell in in_doubt.values())
    return source.grid.error(
        in_doubt[texts[0]],
        found=f"{shown}{more} may change what figures mean, in words that no rule knows",
        expected="notes of a source, a day, rounding or signs, or a card that somebody wrote who "
        f"read them ({places})",
        advice="If they change nothing of these figures, "
        + says(source.number, {"ignore": [*source.table.ignore, *texts]})
        + "\n  If they do, it says so by definitions, statuses or only_years, too; or it names "
        "another indicator, declared in landing/indicators.yaml, under labels.",
        lacks="note",
        mends={"ignore": [*source.table.ignore, *texts]},
    )


def _is_of_another_year(note: _Note, figures: Sequence[Figure]) -> bool:
    """Whether a mark says of its figures no more than a year, and not the one they stand under."""
    for clause in note.clauses:
        years = periods_in(clause.text)
        is_all = sum(each.mark == clause.mark for each in note.clauses) == 1
        if clause.mark and years and is_all and names_years_alone(clause.text):
            return any(
                clause.mark in figure.marks
                and not any(figure.reference_year in stretch for stretch in years)
                for figure in figures
            )
    return False


def _unexplained(note: _Note, figures: Sequence[Figure]) -> Sequence[Clause]:
    """The clauses of a note but those that explain a term, of no figure or as it is meant."""
    found = [m for m in _EXPLAINED.finditer(note.text) if _is_usual_term(m["what"], figures)]
    rest = note.text
    for match in reversed(found):
        rest = rest[: match.start()] + rest[match.end() :]
    if rest == note.text:
        return note.clauses
    mark = next((clause.mark for clause in note.clauses), "")
    return tuple(clauses(rest, mark))


def _is_usual_term(term: str, figures: Sequence[Figure]) -> bool:
    """Whether a term is that of an indicator's own definition (常住人口), or no figure's."""
    of_names = [
        indicator
        for indicator in {figure.indicator for figure in figures}
        if any(noun in term for noun in _names(indicator, figures))
        or named_definitions(indicators()[indicator], term)
    ]
    return all(named_definitions(indicators()[each], term) == {OWN} for each in of_names)


def _names(indicator: str, figures: Sequence[Figure]) -> frozenset[str]:
    labels = {figure.label for figure in figures if figure.indicator == indicator}
    return frozenset((*labels, *indicators()[indicator].spellings))


def _speaks_unheard(clause: Clause, figures: Sequence[Figure], borne: frozenset[str]) -> bool:
    """Whether a clause says something unknown of some figure that is taken."""
    text = _HEAD.sub("", clause.text)
    is_harmless = _HARMLESS.search(text) is not None and _CHANGES.search(text) is None
    if (
        is_harmless
        or names_years_alone(text)
        or not _FILLER.sub("", text)
        or _of_no_mark(clause.mark, text, borne)
        or any(normalise_label(text) == normalise_label(figure.label) for figure in figures)
    ):
        return False
    verb = _BEFORE_VERB.search(clause.text)
    at = verb.start() if verb is not None else len(clause.text)
    scope = clause.scope(at, at).within(borne)
    if (of := _OBJECT.search(text)) is not None:
        scope = replace(scope, before=of["what"])
    meant = {f.reference_year for f in figures if scope.has_subject(f)}
    within = {year for year in meant if scope.has_year(year)}
    if _REVISED.search(text):
        # All were, up to some year: those that the note leaves out came later.
        return bool(within) and any(year < max(within) for year in meant - within)
    return bool(within)


def _of_no_mark(mark: str, text: str, borne: frozenset[str]) -> bool:
    """Whether it explains a sign that no figure has; numbers may be those of the notes."""
    sign = _OF_SIGN.match(text)
    explained = [] if sign is None else [unicodedata.normalize("NFKC", sign["sign"]).casefold()]
    signs = {*explained, *_SIGNS.findall(mark)}
    return bool(signs) and not signs & borne
