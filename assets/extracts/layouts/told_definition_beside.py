"""What notes and comments beside a table say of how its figures count: definition, coverage.

Belongs here: 2013年及以前为户籍人口, 2017年为第四次经济普查前数据, 不含深圳, 2015年起口径有变, of
whatever figures they speak (note_scope.py). Not here: titles, prices and units (told_measure.py),
what a label tells or the card states (told_definition.py).

A note of years or regions that the table does not print, or that says what label and card say,
changes nothing. Any other stops the document, until the card says by which definition the figures
count (`definitions`, by years if need be) or, by `ignore`, that the note does not speak of them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assets.extracts.errors import DocumentError
from assets.extracts.figure import Figure, TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.layouts.mending import card_line, says
from assets.extracts.layouts.note_scope import Clause, Scope, clauses, periods_in
from assets.extracts.meaning.definitions import OWN
from assets.extracts.meaning.registry import Indicator, indicators, normalise_label
from assets.extracts.meaning.told_definition import (
    LabelledFigure,
    NotTold,
    Stated,
    named_definitions,
    stated_definition,
    told_definition,
)
from assets.extracts.written.year_list import spell_years

_CENSUS = re.compile(r"次(?:全国)?(?:经济|农业)普查|经普|农普|(?:economic|agricultural) census")
_IS_OF = re.compile("[为是系](?:全国)?第?[一二三四五六]?$")
_DETAIL = re.compile("全国|结果|修订|修正|调整|核算|核实|数据")  # 第四次全国经济普查修订前
_SAYS = re.compile(  # before a definition that a note ascribes to figures
    r"(?:[为是系按照据用以]"
    r"|\b(?:is|are|at|by|on|count|counts|as|of|in|cover|covers|refers? to|using)\b)"
    r"\s*(?:the\s+)?[(（]?\s*$",
    re.IGNORECASE,
)
_IS_SUBJECT = re.compile(  # behind one that is itself what the note is about
    r"\s*(?:人口|收入)?(?:数|数据|统计数)?\s*(?:[为是系由指]|来自|取自|来源|包括|包含|不含|根据)"
)
_NOT = re.compile(r"(?:非|不是|不同于|区别于|不等于|有别于|\bnot)\s*$", re.IGNORECASE)
_CHANGE = re.compile(  # from some year on, or up to one, figures count otherwise
    r"口径.{0,6}?(?:变|调整|不同|不一|差异|扩大|缩小)|(?:变更|调整|改变)了?.{0,8}?口径"
    r"|(?:[新老旧]|原来?的?|可比)口径|(?:不|不具|无|缺乏)可比|不能(?:直接)?(?:比较|对比)"
    r"|(?:统计|调查)(?:范围|方法|制度).{0,6}?(?:变|调整|不同|不一|扩大|缩小)"
    r"|\bnot (?:strictly )?comparable\b|\bbreak in (?:the )?series\b"
    r"|\b(?:new|old|revised) definition"
    r"|\bdefinition\w* (?:has |was |were )?chang|\bcoverage (?:has |was )?chang",
    re.IGNORECASE,
)
_INCLUDES_SINCE = re.compile(r"(?<![不未])(?:包[括含]|含)(?P<what>[^，,；;。]{1,12})")
_UNREVISED = re.compile(
    r"(?:修订|修正|调整)(?:之)?前(?!后)|(?:未|没有|尚未)(?:作|做|进行|予以?|经|按|随|相应|追溯|历史|普查|再|\s){0,4}(?:修订|修正|调整)"
    r"|\bunrevised\b|\bnot (?:been )?revised\b|\bbefore (?:the )?revision",
    re.IGNORECASE,
)
_COVERS = re.compile(r"含|包括|除|剔|扣|\b(?:in|ex)clud", re.IGNORECASE)
_LEAVES_OUT = re.compile(
    r"(?:不含|不包[括含]|未含|未包[括含]|未计入?|未统计|不计入?|剔除|扣除|除(?=.{1,8}外)|\bex(?:cl\.|clud(?:es?|ing|ed))"
    r"|\bnot includ(?:ing|ed)|\bwithout\b)\s*(?P<what>[^，,；;。]*)",
    re.IGNORECASE,
)
_KEEPS_TO = re.compile(
    r"(?:[为是系]|[仅只](?:含|包[括含]|统计|指|有)?|限于)\s*"
    r"(?P<what>[^，,；;。为是系]{0,6}(?:限额以上|规模以上)[^，,；;。]*)"
    r"|(?:(?<!不)[仅只](?:含|包[括含]|统计|指|[为是有])|限于"
    r"|\b(?:covers?|includes?) only|\bonly (?:covers?|includes?))"
    r"\s*(?P<only>[^，,；;。]+)"
    r"|(?P<of>(?<![\u4e00-\u9fff])(?:市区|城区|市辖区|主城区|县域|中心城区))(?=数|口径)",
    re.IGNORECASE,
)
# What the official series of the nation and of provinces leave out always.
_USUAL = re.compile(
    r"香港|澳门|台湾|港澳台|特别行政区|现役军人|(?:中国)?人民?解放军|军人|hong\s?kong|macao|macau|taiwan"
    r"|重复(?:计算|部分)?|servicem[ae]n|military|armed forces"
    r"|省|地区|和|及|与|、|以|人口|数据?|在内|的|[\s()（）]"
    r"|\band|\bsar\b|\bpersonnel|\bactive|\bthe\b",
    re.IGNORECASE,
)
# What an indicator is made of: publishers leave it out of all years, as its definition has it.
_PART = re.compile(
    r"(?<![企事])业(?!单位)|服务|活动|产品|商品|税|费|\b(?:services|industr\w+)\b", re.I
)
_MEANING = re.compile(r"是指|指的是|指(?!数|标)|\bmeans?\b|\brefers? to\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Note:
    """One clause of a text. cell: where it stands, None for a text that is no cell's; is_title:
    it says which definition all figures count by, if any (told_measure.py).
    """

    cell: Cell | None
    text: str
    clause: Clause
    is_title: bool


@dataclass(slots=True)
class ToldDefinition:
    """What notes and comments beside one table say of how its figures count."""

    _notes: list[_Note] = field(default_factory=list)

    def read(self, cell: Cell | None, text: str, *, is_title: bool = False, mark: str = "") -> None:
        """Take in one text. mark: of the figures that it speaks of, where it is a comment."""
        self._notes += [_Note(cell, text, clause, is_title) for clause in clauses(text, mark)]

    @staticmethod
    def hears(clause: Clause, figures: Sequence[Figure]) -> bool:
        """Whether a clause says what is judged here: a definition, a census, a break between
        years, the usual coverage.
        """
        if _CENSUS.search(clause.text):
            return True
        if _CHANGE.search(clause.text) and periods_in(clause.text):
            return True
        left_out = _LEAVES_OUT.search(clause.text)
        if left_out is not None and not _USUAL.sub("", left_out["what"].strip(" ()（）在内的外")):
            return True
        for indicator in (indicators()[id_] for id_ in {figure.indicator for figure in figures}):
            if indicator.definitions is not None and (
                any(True for _ in _definitions_said(indicator, clause))
                or (
                    named_definitions(indicator, clause.text) == {OWN}
                    and not _COVERS.search(clause.text)
                )
            ):
                return True
        return False

    def refuse_other(self, source: TableSource, figures: Sequence[Figure]) -> None:
        """Raise DocumentError at every note that says another definition, vintage or coverage."""
        ignored = {normalise_label(text) for text in source.table.ignore}
        borne = frozenset().union(*(figure.marks for figure in figures))
        by_label: dict[tuple[str, str], list[Figure]] = {}
        for figure in figures:
            by_label.setdefault((figure.indicator, figure.label), []).append(figure)
        for note in self._notes:
            if normalise_label(note.text) in ignored:
                continue
            otherwise: dict[str, dict[str, list[int]]] = {}  # label → definition → years
            for (_, label), of_label in () if note.is_title else by_label.items():
                for figure, key in _by_another(source, note.clause, of_label, borne):
                    years = otherwise.setdefault(label, {}).setdefault(key, [])
                    years.append(figure.reference_year)
            with source.faults.kept():
                if otherwise:
                    raise _other_definition(source, note, otherwise, by_label)
                if said := _said_of_some(source, note.clause, by_label, borne):
                    raise _counts_otherwise(source, note, said)


def _by_another(
    source: TableSource, clause: Clause, figures: Sequence[Figure], borne: frozenset[str]
) -> Iterator[tuple[Figure, str]]:
    """Figures of one label that count by another definition than a clause says, and that one."""
    indicator = indicators()[figures[0].indicator]
    if indicator.definitions is None:
        return
    for key, scope in _definitions_said(indicator, clause):
        scope = scope.within(borne)
        meant = [figure for figure in figures if scope.has_subject(figure)]
        within = [figure for figure in meant if scope.has_year(figure.reference_year)]
        if not meant or (key != OWN and key.startswith("before_") and len(within) == len(meant)):
            last = indicator.definitions.of[key].last
            if not meant or last is None or source.edition <= last + 1:
                continue  # all as they were at the time
        for figure in within:
            if _counts_by(source, figure) not in (key, None):
                yield figure, key
        others = [each for each in indicator.definitions.of if each != OWN]
        if key == OWN and within and len(others) == 1:
            # From 2005 on residents: those before are others, whom the label alone calls residents.
            for figure in meant:
                stated = stated_definition(source.table.definitions, figure.label, indicator.id)
                if figure not in within and _counts_by(source, figure) == OWN and stated is None:
                    yield figure, others[0]


def _definitions_said(indicator: Indicator, clause: Clause) -> Iterator[tuple[str, Scope]]:
    """The definitions that a clause ascribes to figures, and to which."""
    assert indicator.definitions is not None
    text = normalise_label(clause.text)
    if _CENSUS.search(text):
        yield from _censuses_said(indicator, clause)
        return
    for key, each in indicator.definitions.of.items():
        for word in sorted({normalise_label(word) for word in each.words}, key=len, reverse=True):
            found = re.search(re.escape(word), clause.text, re.IGNORECASE)
            if found is None or _NOT.search(clause.text[: found.start()]):
                continue
            scope = clause.scope(*found.span())
            is_subject = _IS_SUBJECT.match(clause.text, found.end()) is not None
            names = (name for name in indicator.spellings if name in scope.before)
            if (scope.is_of_all and not is_subject) or _SAYS.search(scope.before) or any(names):
                yield key, scope
                break


def _censuses_said(indicator: Indicator, clause: Clause) -> Iterator[tuple[str, Scope]]:
    """Definitions by a census: before it, in years it names; after it, in all other years."""
    assert indicator.definitions is not None
    found = _CENSUS.search(clause.text)
    assert found is not None
    after = clause.text.replace("后", "前")
    if "后" not in clause.text and _IS_OF.search(clause.text[: found.start()]):
        after = re.sub("普查", "普查前", clause.text)  # 2018年为第四次经济普查核定数
    for text, is_after in ((clause.text, False), (after, True)):
        if is_after and ("前" in clause.text or after == clause.text):
            continue
        for key in named_definitions(indicator, _DETAIL.sub("", text)) - {OWN}:
            before = re.sub(r"第?[一二三四五六]?$", "", clause.text[: found.start()])
            scope = clause.scope(len(before), len(clause.text))
            if not is_after:
                yield key, scope
            elif scope.periods:
                last = indicator.definitions.of[key].last
                earlier = range(1900, (last or 2199) + 1)
                outside = tuple(
                    range(year, year + 1) for year in earlier if not scope.has_year(year)
                )
                yield key, Scope(scope.mark, scope.before, outside)


def _counts_by(source: TableSource, figure: Figure) -> str | None:
    """The definition a figure counts by; None where neither label nor card tells (a fault)."""
    indicator = indicators()[figure.indicator]
    labelled = LabelledFigure(
        indicator, figure.label, figure.region, figure.reference_year, source.edition
    )
    said = stated_definition(source.table.definitions, figure.label, figure.indicator)
    try:
        return told_definition(labelled, said)
    except NotTold:
        return None


@dataclass(frozen=True, slots=True)
class _Qualified:
    """What a clause says of figures like one: in words, and where.

    must_split: whether it counts only where it is said of some of them; of_comparability: whether
    it is about that, and not about what they cover.
    """

    said: str
    where: re.Match[str]
    must_split: bool
    of_comparability: bool = False


def _said_of_some(
    source: TableSource,
    clause: Clause,
    by_label: Mapping[tuple[str, str], Sequence[Figure]],
    borne: frozenset[str],
) -> tuple[str, Figure, bool] | None:
    """What a clause says of coverage or comparability, the first figure of which, and which it is.

    The last is True for comparability.
    """
    for (indicator, label), figures in by_label.items():
        stated = stated_definition(source.table.definitions, label, indicator)
        if isinstance(stated, Mapping):
            continue  # the card says which years count by what
        for told in _qualified(clause, figures[0]):
            scope = clause.scope(*told.where.span()).within(borne)
            meant = [figure for figure in figures if scope.has_subject(figure)]
            within = [figure for figure in meant if scope.has_year(figure.reference_year)]
            splits = bool(scope.periods or scope.mark) and len(within) < len(figures)
            if within and (splits or not told.must_split):
                return told.said, within[0], told.of_comparability
    return None


def _qualified(clause: Clause, figure: Figure) -> Iterator[_Qualified]:
    """What a clause says of coverage and comparability of figures like one.

    That all of a table counts otherwise than other tables do makes no two series of it.
    """
    names = "".join((figure.label, *indicators()[figure.indicator].spellings))
    if match := _CHANGE.search(clause.text):
        told = "some of them count otherwise than the others"
        yield _Qualified(told, match, must_split=True, of_comparability=True)
    if not _CENSUS.search(clause.text) and (match := _UNREVISED.search(clause.text)):
        told = "they are not revised, where others are"
        yield _Qualified(told, match, must_split=False, of_comparability=True)
    if _MEANING.search(clause.text):
        return  # 第一产业是指农、林、牧、渔业（不含…）
    if match := _LEAVES_OUT.search(clause.text):
        what = match["what"].strip(" ()（）在内的外")
        if _USUAL.sub("", what) and match.group().strip() not in names:
            of_part = _PART.search(what) is not None
            yield _Qualified(f"they leave out {what}", match, must_split=of_part)
    if (match := _INCLUDES_SINCE.search(clause.text)) and not _PART.search(match["what"]):
        told = f"they include {match['what'].strip()}, and others not"
        yield _Qualified(told, match, must_split=True)
    if match := _KEEPS_TO.search(clause.text):
        what = (match["what"] or match["only"] or match["of"]).strip()
        if what not in names:
            yield _Qualified(f"they are of {what} alone", match, must_split=False)


def _other_definition(
    source: TableSource,
    note: _Note,
    otherwise: Mapping[str, Mapping[str, Sequence[int]]],
    by_label: Mapping[tuple[str, str], Sequence[Figure]],
) -> DocumentError:
    text = " ".join(note.text.split())
    lines: dict[str, Stated] = dict(source.table.definitions)
    told: list[str] = []
    for (indicator, label), figures in by_label.items():
        if label not in otherwise:
            continue
        of = indicators()[indicator].definitions
        assert of is not None
        every = {figure.reference_year for figure in figures}
        before = lines.get(label)
        stated: dict[str, int | str] = dict(before) if isinstance(before, Mapping) else {}
        for key, years in otherwise[label].items():
            stated[key] = spell_years(years)
            told.append(f"{label} of {stated[key]}: {of.of[key].known_as}")
            lines[label] = key if set(years) == every and len(otherwise[label]) == 1 else stated
    return source.grid.error(
        note.cell,
        found=f"'{text}' says another definition than label and card ({'; '.join(told)})",
        expected="figures that count as their label says, or a card that says otherwise",
        advice="If it is so, "
        + says(source.number, {"definitions": lines})
        + "\n  If the text does not speak of these figures, it says:\n    "
        + card_line("ignore", [*source.table.ignore, text]),
        lacks="measure",
        label=note.text,
        mends={"definitions": lines},
    )


def _counts_otherwise(
    source: TableSource, note: _Note, said: tuple[str, Figure, bool]
) -> DocumentError:
    what, figure, of_change = said
    text = " ".join(note.text.split())
    of = indicators()[figure.indicator].definitions
    by_years = ""
    if of is not None and of_change:
        year = figure.reference_year
        likely = next((k for k, e in of.of.items() if k != OWN and year <= (e.last or 0)), None)
        example = {figure.label: {likely or list(of.of)[-1]: year}}
        others = ", ".join(key for key in of.of if key != OWN)
        by_years = (
            f"\n  If some years count by another one ({others}), it says which:\n    "
            + card_line("definitions", {**source.table.definitions, **example})
        )
    return source.grid.error(
        note.cell,
        found=f"'{text}' says of figures that {what}",
        expected=f"{figure.label} of {figure.region}, {figure.reference_year}, as "
        f"{figure.indicator} is meant",
        advice="If the figures may stand beside the others all the same, "
        + says(source.number, {"ignore": [*source.table.ignore, text]})
        + by_years
        + "\n  If not, keep to the years that may (only_years), or declare another indicator in "
        "landing/indicators.yaml and name it under labels.",
        lacks="measure",
        label=note.text,
    )
