"""What texts beside a table say of the status of its figures: titles, notes, footnote marks.

Belongs here: 注：①为初步核算数, 注：2019年为快报数, a title that ends in （预计数）. Not here: the
words of a status (status.py), marks beside a year, a number or a label, columns of flags.

A text that speaks of figures which are not final, and not of which, is left unsettled: the card
says which they are.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from assets.extracts.figure import Figure, TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.layouts.mending import card_line
from assets.extracts.layouts.note_scope import Clause
from assets.extracts.meaning.printed_text import part_by_marks
from assets.extracts.meaning.status import STATED, Status, least_sure, split_status, status_of

_YEARS = r"(?P<first>(?:19|20)\d\d)\s*年?\s*(?:[-—–~～至到]\s*(?P<last>(?:19|20)\d\d)\s*年?)?"
_DATA = "(?:数据|数字|数值|数|值|figures?|data)?"
_OF = rf"(?:度|末)?\s*(?:的|之)?\s*(?:全部|各项|有关)?(?:指标|统计)?{_DATA}"
_IS = r"\s*(?:均|都|皆|暂)?\s*(?:为|系|是|用|采用|[:：,，]|is|are)?\s*(?:the\s+)?"
_END = r"(?:数据|数字|数|值|\s*(?:figures?|data|estimates?))?[\s.。,，;；)）]*"
_NOTE = r"\s*(?:(?:注|备注|附注|说明|notes?)\s*[:：]?)?\s*(?:\d{1,2}\s*[.、])?\s*[(（]?\s*"
_LEAD = rf"{_NOTE}(?:其中|表中|本表)?[,，]?\s*"
_OF_YEARS = re.compile(
    rf"{_LEAD}(?:(?:figures|data) (?:for|of) )?{_YEARS}{_OF}{_IS}{STATED}{_END}", re.IGNORECASE
)
_OF_ALL = re.compile(
    rf"{_LEAD}(?:全部|所有|以上|all)?\s*(?:指标|统计)?{_DATA}{_IS}{STATED}{_END}", re.IGNORECASE
)
# Of all figures this is how they were counted (抽样调查推算数), of some an estimate.
_IMPUTED = re.compile(r"推算|推估|插补|插值|\b(?:imput|interpolat|extrapolat)\w*", re.IGNORECASE)
_SPEAKS = re.compile(
    r"初步|快报|预计|预测|估计|估算|preliminary|provisional|\bestimate[ds]?\b|\bforecasts?\b|projected",
    re.IGNORECASE,
)


@dataclass(slots=True)
class ToldStatus:
    """What the texts beside a table say. of_marks: by a footnote mark; unsettled: who knows."""

    of_marks: dict[str, Status] = field(default_factory=dict)
    of_years: dict[int, Status] = field(default_factory=dict)
    of_all: Status | None = None
    unsettled: list[Cell] = field(default_factory=list)
    _where: dict[str, Cell] = field(default_factory=dict)

    def read(self, cell: Cell, *, is_title: bool, mark: str = "") -> None:
        """Take in one text. mark: of the figures that it speaks of, where it is a comment."""
        for own, text in part_by_marks(cell.text):
            of_years, of_all = _OF_YEARS.fullmatch(text), _OF_ALL.fullmatch(text)
            in_brackets = split_status(text).status if is_title else None
            bearer = own or mark
            of_bearer = status_of(text) or ("estimated" if _IMPUTED.search(text) else None)
            if bearer and (status := of_bearer) is not None:
                self.of_marks[bearer] = status
                if own and status not in ("final", "revised"):
                    self._where[bearer] = cell
            elif of_years is not None and (status := status_of(text)) is not None:
                first = int(of_years["first"])
                years = range(first, int(of_years["last"] or first) + 1)
                self.of_years |= dict.fromkeys(years, status)
            elif in_brackets is not None or of_all is not None:
                self.of_all = in_brackets or status_of(text)
            elif _SPEAKS.search(text):
                self.unsettled.append(cell)

    @staticmethod
    def hears(clause: Clause) -> bool:
        """Whether a clause says a status, of whatever figures."""
        imputed = clause.mark and _IMPUTED.search(clause.text)
        said = imputed or _SPEAKS.search(clause.text)
        return bool(said) or status_of(clause.text) is not None

    def of_figure(self, figure: Figure, marks: Collection[str]) -> Status | None:
        """What is told of a figure. marks: its number's, and those of its row and column."""
        found = [mark for mark in marks if mark in self.of_marks]
        for mark in found:
            self._where.pop(mark, None)
        by_marks = [self.of_marks[mark] for mark in found]
        return least_sure((self.of_years.get(figure.reference_year), self.of_all, *by_marks))

    def in_doubt(self, figures: Sequence[Figure]) -> Sequence[Cell]:
        """Texts of which no figure is known to be meant, those of marks that nothing bears too.

        One that says what some figure is marked with (p: preliminary) explains the marks.
        """
        known = {least_sure((f.status, split_status(f.cell.text).status)) for f in figures}
        texts = [*self.unsettled, *self._where.values()]
        return [cell for cell in texts if status_of(cell.text) not in known]


def refuse_in_doubt(source: TableSource, cells: Sequence[Cell]) -> None:
    """Stop at a text that speaks of figures which are not final. Raises DocumentError."""
    for cell in cells:
        text = " ".join(cell.text.split())
        example: Mapping[str, object] = {"provisional": source.edition - 1}
        with source.faults.kept():
            raise source.grid.error(
                cell,
                found=f"'{text}' speaks of figures that are not final, and not clearly of which",
                expected="a card that says which they are",
                advice=f'If some are, tables."{source.number}" of the card says of which years '
                f"(or status of the card, of all):\n    {card_line('statuses', example)}\n  If "
                f"none is, it says:\n    {card_line('ignore', [*source.table.ignore, text])}",
            )
