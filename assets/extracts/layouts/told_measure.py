"""What texts beside a table say that its figures measure: prices, an index, part of a year, a unit,
another definition.

Belongs here: 按2015年不变价格计算, 指数(上年=100), 1-9月, 单位为亿元, 建档立卡, in titles, lines,
the heading over the keys and the name of the sheet, and most of it in notes. Not here: labels,
which mean what they say; the region, the currency and the status that such texts tell.

A text that says something else than the card takes stops the document, until the card says by
`ignore` that it does not speak of these figures.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assets.extracts.figure import Figure, TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.labels import split_unit
from assets.extracts.layouts.axes.years import is_imprint, years_in
from assets.extracts.layouts.mending import card_line, says, says_axes
from assets.extracts.layouts.note_scope import Clause, Scope, clauses
from assets.extracts.layouts.told_part import is_of_a_part, refuse_of_a_part
from assets.extracts.meaning.definitions import OWN
from assets.extracts.meaning.printed_text import is_note, unit_line
from assets.extracts.meaning.registry import indicator_of, indicators, normalise_label
from assets.extracts.meaning.told_definition import named_definitions, stated_definition
from assets.extracts.meaning.units import Unit, unit_of

_RATES = (
    r"指数|=\s*100\b|增长速度|增长率|增速|增幅|比上年增长|同比|环比|\bind(?:ex|ices)\b|\bgrowth\b"
)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_TO = r"\s*[-—–~～至到]\s*"
_MOST_SIGNS = 20  # of what a column says by a word or two; a sentence there is a remark
_OF_UNIT = re.compile(
    r"单位\s*[均都皆]?\s*(?:为|是|系|[:：])\s*([^，,；;。)）]+)|以\s*([^，,；;。]{1,10}?)\s*为(?:计量)?单位"
    r"|\bin\s+([\w, ]*?(?:yuan|persons|people))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Measure:
    """Something figures may measure. unless: the text is about other figures.

    led_by: the words behind which a note says it of its figures; or_begins: where it begins with
    it, or with figures' names, too; of_levels: only what is no ratio could be taken for it;
    of_stocks: only what is counted on a day.
    """

    id: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    led_by: re.Pattern[str]
    or_begins: bool
    of_levels: bool
    of_stocks: bool = False


_MEASURES = (
    _Measure(
        "an index or a growth",
        re.compile(r"(?:(?:19|20)\d\d\s*年?|上年)\s*(?:[=＝]|为)\s*100\b"),
        unless=re.compile("指数|增长|速度|增速|价格"),
        led_by=re.compile(r"[按照据用以为是系]\s*$"),
        or_begins=True,
        of_levels=True,
    ),
    _Measure(
        "constant prices",
        re.compile(
            r"(?:(?:19|20)\d\d\s*年?)?\s*(?:不变|可比)价|(?:19|20)\d\d\s*年\s*(?:的\s*)?价格"
            r"|(?:19|20)\d\d\s*年?\s*为\s*基期|\bin real terms\b"
            r"|\b(?:constant|comparable|fixed)\s+(?:(?:19|20)\d\d\s+)?prices?\b",
            re.IGNORECASE,
        ),
        unless=re.compile(rf"{_RATES}|增长|速度", re.IGNORECASE),
        led_by=re.compile(r"(?:[按照据用以为是系]|\bat|\bin|\busing)\s*$", re.IGNORECASE),
        or_begins=True,
        of_levels=True,
    ),
    _Measure(
        "an index or a growth",
        re.compile(_RATES, re.IGNORECASE),
        unless=re.compile(  # 生产总值及其增长速度: levels, and growth beside them
            rf"(?:及|和|与|、|/|&|\band\b)\s*其?[^及和与、]{{0,6}}?(?:{_RATES})", re.IGNORECASE
        ),
        led_by=re.compile(r"(?:[为是系]|\bare|\bis)\s*(?:an?|the)?\s*$", re.IGNORECASE),
        or_begins=False,
        of_levels=True,
    ),
    _Measure(
        "a part of a year",
        re.compile(
            r"[上下]?半年|季度|月度|月报|前[一二三1-3]季"
            rf"|(?<!\d)(?!0?1{_TO}12\s*月)\d{{1,2}}{_TO}\d{{1,2}}\s*月"
            r"|(?:时间|\btime)\s*[:：](?!.*1\s*[-—–~～至到]\s*12\s*月).*\d\s*月"
            r"|\b(?:first|second) half\b|\bquarter(?:s|ly)?\b|\bmonth(?:s|ly)\b|\b[QH][1-4]\b"
            rf"|\b{_MONTH}(?:{_TO}|\s+to\s+){_MONTH}\b",
            re.IGNORECASE,
        ),
        unless=re.compile("(?:年|季度|月)(?:起|以来|以后|之后|末)"),  # when something began
        led_by=re.compile(
            r"(?:[为是系仅只指至]|\bare|\bis|\bfor|\bonly)\s*(?:the)?\s*$", re.IGNORECASE
        ),
        or_begins=True,
        of_levels=False,
    ),
    _Measure(
        "a plan",
        re.compile(r"(?:计划|预期|规划)(?:目标|指标|数|值)|目标[值任]|\btargets?\b", re.IGNORECASE),
        unless=re.compile("完成|执行|实现"),
        led_by=re.compile(r"(?:[为是系]|\bare|\bis)\s*(?:the)?\s*$", re.IGNORECASE),
        or_begins=False,
        of_levels=False,
    ),
    _Measure(
        "another day of the year",
        re.compile(
            r"年初|年平均|年均(?!增)|年中(?!国)|(?<!\d)(?:[1-9]|1[01])\s*月\s*(?:末|底|\d{1,2}\s*日)"
            r"|(?:[一二三1-3]?季度?|半年)[末底]"
            r"|\b(?:mid-?year|annual average|beginning of (?:the )?year)\b",
            re.IGNORECASE,
        ),
        unless=re.compile(  # how it was counted, and when it was published or fetched
            r"推算|调查|普查|时点|标准|发布|公布|印发|出版|更新|修订|下载|访问|检索"
            r"|\b(?:released?|published|issued|updated|revised|accessed|retrieved)\b",
            re.IGNORECASE,
        ),
        led_by=re.compile(r"(?:[按用以为是系]|\bare|\bis|\bat)\s*(?:the)?\s*$", re.IGNORECASE),
        or_begins=True,
        of_levels=False,
        of_stocks=True,
    ),
)


@dataclass(frozen=True, slots=True)
class _Said:
    """One statement. cell: None for the name of the sheet; scope: of which figures it is said."""

    cell: Cell | None
    text: str
    measure: _Measure | Unit
    scope: Scope
    is_title: bool = False


@dataclass(slots=True)
class ToldMeasure:
    """What the texts beside one table say."""

    _said: list[_Said] = field(default_factory=list)
    _titles: list[tuple[Cell | None, str]] = field(default_factory=list)

    def read(self, cell: Cell | None, text: str, *, is_title: bool, mark: str = "") -> None:
        """Take in one text. mark: of the figures that it speaks of, where it is a comment."""
        if is_title and not is_note(text):
            self._titles.append((cell, text))
            for measure in _MEASURES:
                of_others = measure.unless is not None and measure.unless.search(text)
                if measure.pattern.search(text) and not of_others:
                    self._said.append(_Said(cell, text, measure, Scope("", ""), is_title=True))
        else:
            self._read_note(cell, text, mark)
        printed = [unit_line(text) or split_unit(text)[1], unit_of(text) and text]
        if is_title:
            printed += _units_in_words(text)
        units = {unit for each in printed if each and (unit := unit_of(each)) is not None}
        scope = Scope(mark, "")
        self._said += [_Said(cell, text, unit, scope) for unit in units if len(units) == 1]

    def _read_note(self, cell: Cell | None, text: str, mark: str) -> None:
        for clause in clauses(text, mark):
            for measure in _MEASURES:
                found = measure.pattern.search(clause.text)
                of_others = measure.unless is not None and measure.unless.search(clause.whole)
                if found and not of_others:
                    self._said.append(_Said(cell, text, measure, clause.scope(*found.span())))
            for match in _OF_UNIT.finditer(clause.text):
                unit = unit_of(next(filter(None, match.groups())))
                if unit is not None:
                    self._said.append(_Said(cell, text, unit, clause.scope(*match.span())))

    @staticmethod
    def hears(clause: Clause) -> bool:
        """Whether a clause names a measure or a unit, which is judged here."""
        units_said = (next(filter(None, m.groups())) for m in _OF_UNIT.finditer(clause.text))
        return any(measure.pattern.search(clause.text) for measure in _MEASURES) or any(
            unit_of(unit) is not None for unit in (*units_said, unit_line(clause.text) or "")
        )

    def refuse_other(self, source: TableSource, figures: Sequence[Figure]) -> None:
        """Raise DocumentError at every text that says another measure than the card takes."""
        ignored = {normalise_label(text) for text in source.table.ignore}
        borne = frozenset().union(*(figure.marks for figure in figures))
        for said in self._said:
            figure = _meant_otherwise(said, said.scope.within(borne), figures)
            if figure is None or normalise_label(said.text) in ignored:
                continue
            is_unit = isinstance(said.measure, Unit)
            text = " ".join(said.text.split())
            with source.faults.kept():
                raise source.grid.error(
                    said.cell,
                    found=f"'{text}' says that figures are in {said.measure.id}",
                    expected=f"{figure.indicator} in {figure.printed_unit}"
                    + ("" if is_unit else " of whole years, at the prices of each"),
                    advice="If it speaks of these figures, "
                    + (_OTHER_UNIT if is_unit else _OTHER_INDICATOR)
                    + " If it does not, "
                    + says(source.number, {"ignore": [*source.table.ignore, text]}),
                    lacks="measure",
                    label=text,
                )
        years = {figure.reference_year for figure in figures}
        for cell, text in self._titles:
            if normalise_label(text) not in ignored:
                axes = source.table.axes
                if axes is not None and axes.year.once is not None and len(years) == 1:
                    with source.faults.kept():
                        _refuse_other_year(source, cell, " ".join(text.split()), min(years))
                with source.faults.kept():
                    _refuse_other_definition(source, figures, cell, " ".join(text.split()))
                with source.faults.kept():
                    refuse_of_a_part(source, figures, cell, " ".join(text.split()))


def refuse_told_apart(source: TableSource, heading: Cell, cells: Sequence[Cell]) -> None:
    """Stop at a column that the card leaves out and that says what the figures of a line measure.

    cells: of the lines that are taken. Raises DocumentError.
    """
    head = " ".join(heading.text.split())
    for text in dict.fromkeys(cell.text.strip() for cell in cells):
        is_short = len(text) <= _MOST_SIGNS
        if head and (_is_other_indicator(source, text) or (is_short and _says_something(text))):
            raise source.grid.error(
                heading,
                found=f"the card leaves out '{head}', which says what the figures measure "
                f"('{text}')",
                expected="a card that says which lines it takes",
                advice=says_axes(source, {"only": {head: text}})
                + "\n  If they are another indicator, it can be declared in "
                "landing/indicators.yaml and named under labels.",
            )


def _is_other_indicator(source: TableSource, text: str) -> bool:
    """Whether a text is the label of another indicator than the one that the card states once."""
    stated = None if source.table.axes is None else source.table.axes.indicator.once
    named = indicator_of(split_unit(text)[0])
    return stated in indicators() and named not in (None, stated)


def _says_something(text: str) -> bool:
    """Whether a short text names prices, a part of a year, rates, a part of the people or a
    definition but the usual.
    """
    of_definitions = (
        named_definitions(indicator, text) - {OWN}
        for indicator in indicators().values()
        if indicator.definitions is not None
    )
    says_measure = any(measure.pattern.search(text) for measure in _MEASURES)
    return says_measure or any(of_definitions) or is_of_a_part(text)


_OTHER_INDICATOR = (
    "they are those of another indicator, which can be declared in landing/indicators.yaml and "
    "named under labels."
)
_OTHER_UNIT = "correct the unit in the card, or look at the document: it prints two."


def _units_in_words(text: str) -> list[str]:
    """The units that a text says beside other words (单位为万元)."""
    return [next(filter(None, match.groups())) for match in _OF_UNIT.finditer(text)]


def _meant_otherwise(said: _Said, scope: Scope, figures: Sequence[Figure]) -> Figure | None:
    """The first figure that a text contradicts; None where there is none."""
    if isinstance(said.measure, Unit):
        named = [figure for figure in figures if figure.label in said.text] or figures
        of_kind = [figure for figure in named if _dimension(figure) == said.measure.dimension]
        meant = [figure for figure in of_kind if scope.speaks_of(figure)]
        agrees = any(figure.unit.id == said.measure.id for figure in meant)
        return None if agrees else next(iter(meant), None)
    for figure in figures:
        names = (figure.label, *indicators()[figure.indicator].spellings)
        is_level = _dimension(figure) != "ratio" or not said.measure.of_levels
        is_level &= _dimension(figure) == "persons" or not said.measure.of_stocks
        if (
            is_level
            and scope.speaks_of(figure)
            and (said.is_title or _is_said(said.measure, scope, names))
            and not any(map(said.measure.pattern.search, names))
        ):
            return figure
    return None


def _is_said(measure: _Measure, scope: Scope, names: Sequence[str]) -> bool:
    """Whether a note says a measure of figures of some names, or only holds a word of it."""
    begins = measure.or_begins and (scope.is_of_all or any(name in scope.before for name in names))
    return begins or measure.led_by.search(scope.before) is not None


def _refuse_other_definition(
    source: TableSource, figures: Sequence[Figure], cell: Cell | None, text: str
) -> None:
    """Raise DocumentError where a title names the definition that labels and card leave open."""
    stated, open_ = source.table.definitions, dict[str, str]()
    for id_, label in dict.fromkeys((figure.indicator, figure.label) for figure in figures):
        indicator = indicators()[id_]
        named = named_definitions(indicator, text)
        if (
            len(named) == 1
            and OWN not in named
            and not named_definitions(indicator, label)
            and stated_definition(stated, label, id_) is None
        ):
            open_[label] = next(iter(named))
    if open_:
        raise source.grid.error(
            cell,
            found=f"'{text}' names a definition, and {', '.join(open_)} not by which they count",
            expected="labels, or a card, that say it",
            advice=says(source.number, {"definitions": {**stated, **open_}})
            + "\n  If the text does not speak of these figures, it says:\n    "
            + card_line("ignore", [*source.table.ignore, text]),
            lacks="measure",
            label=text,
            mends={"definitions": {**stated, **open_}},
        )


def _refuse_other_year(source: TableSource, cell: Cell | None, text: str, year: int) -> None:
    """Raise DocumentError where a title names one year, and the figures are of another."""
    named = set(years_in(text))
    if len(named) == 1 and named != {str(year)} and not is_imprint(text):
        raise source.grid.error(
            cell,
            found=f"'{text}' names the year {min(named)}",
            expected=f"{year}, the year of all figures",
            advice=f"If the figures are of {year}, "
            + says(source.number, {"ignore": [*source.table.ignore, text]}),
            lacks="measure",
            label=text,
        )


def _dimension(figure: Figure) -> str:
    return indicators()[figure.indicator].dimension
