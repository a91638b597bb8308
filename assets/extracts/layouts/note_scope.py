"""Of which figures a note speaks: of all, of some years or regions, of those that bear its mark.

Belongs here: parting a note into clauses, the years and regions that a clause names, and whether
its subject is another quantity. Not here: what a note says of its figures (told_measure.py,
told_definition_beside.py, told_status.py).

注：1.2013年及以前为户籍人口；2.增长速度按可比价格计算 speaks of people of years to 2013, and of
growth.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assets.extracts.figure import Figure
from assets.extracts.meaning.printed_text import part_by_marks
from assets.extracts.meaning.registry import indicators, regions
from assets.extracts.region_statements import provinces_named
from assets.extracts.regions.spellings import spellings

_YEAR = r"(?<!\d)(?:19|20)\d\d(?!\d)"
_YEAR_OF = r"\s*年?\s*[度末初底]?"
_PERIOD = re.compile(
    rf"(?P<first>{_YEAR}){_YEAR_OF}\s*(?:[-—–~～至到]|\bto\b|\bthrough\b)\s*(?P<end>{_YEAR}){_YEAR_OF}"
    rf"|(?:\b(?:since|from)|[自从])\s*(?P<from>{_YEAR}){_YEAR_OF}"
    rf"|\bafter\s+(?P<after>{_YEAR})"
    rf"|(?P<since>{_YEAR}){_YEAR_OF}\s*[及和]?\s*"
    r"(?:开始|起|以后|之后|以来|后(?!者)|onwards?|and (?:after|later))"
    rf"|(?P<before>{_YEAR}){_YEAR_OF}\s*(?:以前|之前|前(?!后))"
    rf"|(?:\bbefore|\bprior to)\s+(?P<till>{_YEAR})"
    rf"|(?P<until>{_YEAR}){_YEAR_OF}\s*"
    r"(?:[及和]其?\s*(?:以前|之前|前)|为?止|and (?:before|earlier))"
    rf"|(?:\buntil|\bup to|截至|截止)\s*(?P<upto>{_YEAR}){_YEAR_OF}"
    rf"|(?P<one>{_YEAR}){_YEAR_OF}",
    re.IGNORECASE,
)
_FIRST, _LAST = 1900, 2199
_IMPRINT = re.compile(
    rf"(?i:\byear\s?book,?)\s*[(（]?{_YEAR}|"
    rf"年鉴\s*[(（]?{_YEAR}|{_YEAR}\s*年?版?[\u4e00-\u9fff]{{0,6}}年鉴|普查\s*[(（]\s*{_YEAR}\s*年?\s*[)）]"
)
_OTHER_YEARS = re.compile(r"(?:其余|其他|其它)(?:各)?年|\bother years\b", re.IGNORECASE)
_NATION = re.compile(r"全国|\bnational\b", re.IGNORECASE)
_PLACE = re.compile(
    r"(?<![全本各分])[\u4e00-\u9fff]{2,7}(?:(?<![城县省辖级])市|县|自治州|盟(?!友))"
)
_PARTS = re.compile(r"(?:[各分](?:地区|省)|(?:地区|省级|分省)数)|\bprovincial\b", re.IGNORECASE)
# What may be measured: a clause whose subject holds one of these, and not of the figure's own name,
# speaks of something else.
_QUANTITY = re.compile(
    r"人均|增加值|产值|产量|总额|销售额|交易额|收入|支出|人口|人数|户数|投资|消费|工资|面积|税|余额|进出口|进口|出口"
    r"|指数|增长|速度|增速|增幅|比重|占比|率|价格指数"
    r"|\b(?:growth|ind(?:ex|ices)|rates?|output|income|population|expenditure|shares?)\b",
    re.IGNORECASE,
)
_COMMA = re.compile(
    r"[，,](?![^(（]*[)）])"
)  # what stands in brackets belongs to what is before it
_SENTENCE = re.compile(r"(?<=[a-z)])\.\s+(?=[A-Z])")
_SUBJECT = re.compile(
    r"\s*(?!按|以|采用|使用|改|则|为|系|是|均|都|\s|$)"
)  # 2003年以后按可比价 has none
_WORDS = re.compile(  # what a clause may hold beside a period to be nothing but its scope
    r"注|备注|说明|notes?|本表|表中|其中|数据|数字|数|的|中|在|为|\d{1,2}[.、]|[\s:：()（）]|figures?|data|for|in|the",
    re.IGNORECASE,
)

# What a note may say before it comes to the matter, if it speaks of all its figures.
_OF_ALL = re.compile(
    r"(?:注|备注|附注|说明|notes?\b|\d{1,2}[.、]|本表|表中|以上|上表|全部|所有|各项|绝对[数值]|价值量|总量"
    r"|数[据值字]|金额|指标|[的起中]|[均都皆系是为按照以用]|采用|使用|全国|[各分](?:地区|省)|全[省市区]"
    r"|\b(?:all|figures?|data|values?|are|is|at|of|for|in|the)\b|[\s:：,，、(（)）])*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a note.

    mark: the footnote mark that opens its sentence, '' for none; text: the clause; earlier: the
    years that a clause before it sets for it; named: those that clauses before it name; subject:
    the clause before it, whose subject is its own where it has none.
    """

    mark: str
    text: str
    earlier: tuple[range, ...]
    named: tuple[range, ...]
    subject: str

    @property
    def whole(self) -> str:
        """Its text, behind the subject that it shares with the clause before it."""
        return self.text if _SUBJECT.match(_PERIOD.sub("", self.text)) else self.subject + self.text

    def scope(self, start: int, end: int) -> "Scope":
        """Of what it says between two places something."""
        rest = f"{self.text[:start]} {self.text[end:]}"
        before = f"{self.whole.removesuffix(self.text)}{self.text[:start]}"
        periods = periods_in(rest)
        if _OTHER_YEARS.search(rest):
            return Scope(self.mark, before, (*self.named, *periods), is_others=True)
        return Scope(self.mark, before, periods or self.earlier)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a statement is about. before: what stands before it in its clause.

    periods: years it names, none for all; is_others: it is about all years but these.
    """

    mark: str
    before: str
    periods: tuple[range, ...] = ()
    is_others: bool = False

    @property
    def is_of_all(self) -> bool:
        """Whether no subject of its own stands before it."""
        return _OF_ALL.fullmatch(_PERIOD.sub("", self.before)) is not None

    def within(self, borne: frozenset[str]) -> "Scope":
        """The scope in a table whose figures bear some marks: another one numbers the notes."""
        is_place = re.fullmatch("[A-Z]+[0-9]+", self.mark) is not None
        return self if self.mark in borne or is_place else replace(self, mark="")

    def has_year(self, year: int) -> bool:
        """Whether it speaks of a year."""
        if not self.periods:
            return True
        return any(year in period for period in self.periods) != self.is_others

    def has_subject(self, figure: Figure) -> bool:
        """Whether its subject, mark and regions may be a figure's, whatever the year."""
        if self.mark and self.mark not in figure.marks:
            return False
        names = (figure.label, *indicators()[figure.indicator].spellings)
        if not any(name in self.before for name in names) and any(
            not any(noun[0] in name for name in names) for noun in _QUANTITY.finditer(self.before)
        ):
            return False
        return self._has_region(figure.region)

    def _has_region(self, region: str) -> bool:
        around = (region, *_around(region))
        namings = (naming for code in around for naming in regions()[code].namings)
        own = {name for naming in namings for name in spellings(naming)}
        if any(not any(n in place for n in own) for place in _PLACE.findall(self.before)):
            return False
        is_nation = regions()[region].is_nation
        named = provinces_named(self.before)
        provinces = {code for code in named if not regions()[code].is_nation}
        if provinces:
            return region in provinces or (
                not is_nation and any(code in provinces for code in _around(region))
            )
        if _NATION.search(self.before):
            return is_nation
        return not (is_nation and _PARTS.search(self.before))

    def speaks_of(self, figure: Figure) -> bool:
        """Whether it speaks of a figure."""
        return self.has_year(figure.reference_year) and self.has_subject(figure)


def clauses(text: str, mark: str = "") -> Iterator[Clause]:
    """The clauses of a note, each with what its sentence says before it.

    mark: of the figures it speaks of, where no mark of its own opens a sentence.
    """
    for own, sentence in part_by_marks(_IMPRINT.sub("", text)):
        for part in _SENTENCE.split(sentence):
            earlier: tuple[range, ...] = ()
            named: tuple[range, ...] = ()
            subject = ""
            for clause in _COMMA.split(part):
                yield Clause(own or mark, clause, earlier, named, subject)
                periods = periods_in(clause)
                named += periods
                if periods and names_years_alone(clause):
                    earlier = periods
                else:
                    subject = clause


def names_years_alone(clause: str) -> bool:
    """Whether a clause says nothing but of which years, or nothing at all."""
    return not _WORDS.sub("", _PERIOD.sub("", clause))


def periods_in(text: str) -> tuple[range, ...]:
    """The years a text speaks of, each stretch of them once."""
    return tuple(_period(match) for match in _PERIOD.finditer(text))


def _period(match: re.Match[str]) -> range:
    stated = {name: int(year) for name, year in match.groupdict().items() if year}
    [(name, year), *more] = stated.items()
    if more:
        return range(year, more[0][1] + 1)
    if name in ("from", "since"):
        return range(year, _LAST)
    if name == "after":
        return range(year + 1, _LAST)
    if name in ("before", "till"):
        return range(_FIRST, year)
    return range(_FIRST if name in ("until", "upto") else year, year + 1)


def _around(region: str) -> Iterator[str]:
    for naming in regions()[region].namings:
        if naming.parent is not None:
            yield naming.parent
            yield from _around(naming.parent)
