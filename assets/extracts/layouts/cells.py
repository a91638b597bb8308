"""Reading one printed number or year.

Belongs here: which texts are numbers, which are marks for a missing one. Not here: units, and what
an indicator may be.

Accepted: full-width digits; thousands separated in strict groups of three by ASCII or Chinese
commas, apostrophes or (thin, no-break) spaces; any kind of minus directly before the digits;
footnote marks before or after; marks of a status (status.py). Refused, because a guess could be
wrong: other words in the cell, scientific notation (a printed table has none; a spreadsheet leaves
it behind when it rounds), decimal commas, middle dots, brackets around the whole number and a minus
behind it (files/notation.py makes plain numbers of them, where the card says so), dashes the card
does not explain. A unit that is
known stands in `Cell.unit`, and is no part of the number.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from assets.extracts.cards.card import Meaning
from assets.extracts.files.grid import Cell
from assets.extracts.meaning.printed_text import unit_line
from assets.extracts.meaning.status import Marked, Status, split_status, status_of

_SPACES = "\u00a0\u2000-\u200a\u202f\u205f\u3000"
_MINUS = str.maketrans({**dict.fromkeys("−－﹣‐‑–", "-"), "’": "'", "＇": "'"})
# Only full-width forms are folded: NFKC would turn a superscript or circled mark into a digit.
_WIDE = str.maketrans({0xFF01 + offset: chr(0x21 + offset) for offset in range(94)})
_PLAIN = re.compile(r"[+-]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_GROUPED = re.compile(
    r"[+-]?[1-9][0-9]{0,2}(?P<comma>[, '])[0-9]{3}(?:(?P=comma)[0-9]{3})*(?:\.[0-9]+)?"
)
_DECIMAL_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:[. ']\d{3})+|\d+),\d+")
_YEAR = re.compile(r"([0-9]{4}) ?年?[a-z]?")
# What programs and tables write where there is no number.
_NONE = re.compile(
    r"[#(\[]?(?:x+|n\.?/?a\.?|nan|nil|null|none|nodata|missing|notavailable|notapplicable"
    r"|暂?[无缺](?:数据|资料)?|不详|不适用|未公布|缺失|缺测)!?[)\]]?",
    re.IGNORECASE,
)
# With a sign or unit behind the digits it is no number that could be taken, but still one printed.
_NEARLY = re.compile(r"[(]?[+-]?\d[\d,.· ]*\D{0,2}")
_MAX_DIGITS = 24  # far beyond any statistic, and inside what Decimal arithmetic keeps exactly


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number as printed: exact value, digits after the point, footnote marks.

    status: what a mark beside the number says of it, such as (p); None without one. is_mark: of a
    mark that stands for zero, which is exact: it prints no digit that was rounded.
    """

    value: Decimal
    decimals: int
    footnotes: str
    is_mark: bool = False
    status: Status | None = None

    @property
    def half_unit(self) -> Decimal:
        """Half a unit of the last printed digit; 0 for a mark."""
        return Decimal(0) if self.is_mark else Decimal((0, (5,), -self.decimals - 1))


@dataclass(frozen=True, slots=True)
class Missing:
    """A place where no number is printed, and what that means."""

    meaning: Meaning


def parse_number(text: str) -> PrintedNumber:
    """Read a printed number; raises ValueError saying what it is instead."""
    marked = split_status(text)
    folded = re.sub(f"[{_SPACES}]", " ", marked.bare.translate(_MINUS)).translate(_WIDE)
    if not (_PLAIN.fullmatch(folded) or _GROUPED.fullmatch(folded)):
        raise ValueError(_why_not(text.strip(), folded))
    digits = re.sub("[, ']", "", folded)
    if len(digits) > _MAX_DIGITS:
        raise ValueError(f"'{text.strip()}' has more digits than any statistic")
    _, _, decimals = digits.partition(".")
    return PrintedNumber(Decimal(digits), len(decimals), marked.footnotes, status=marked.status)


def holds_number(cell: Cell) -> bool:
    """Tell whether a cell prints a number, taken or not; a year with its sign is none."""
    if cell.blank:
        return False
    try:
        parse_number(cell.number)
    except ValueError:
        folded = unicodedata.normalize("NFKC", cell.text).strip()
        return cell.problem is not None or (
            parse_year(cell.text) is None and _NEARLY.fullmatch(folded) is not None
        )
    return True


def read_value(text: str, marks: Mapping[str, Meaning]) -> PrintedNumber | Missing:
    """Read a cell of a table: a number, a mark the card explains, or a blank.

    A blank is always `not_available`; a mark for `zero` gives the number 0. Raises ValueError for
    anything else.
    """
    mark = normalise_mark(text)
    if not mark:
        return Missing("not_available")
    for declared, meaning in marks.items():
        if mark == normalise_mark(declared):
            return (
                PrintedNumber(Decimal(0), 0, "", is_mark=True)
                if meaning == "zero"
                else Missing(meaning)
            )
    return parse_number(text)


def why_no_figure(cell: Cell) -> str | None:
    """Why what stands in a cell cannot be taken for a figure, whatever it is; None where it can.

    A comment beside the cell that states a status or a unit says of the figure what its place in
    the table does not.
    """
    if cell.problem:
        return f"'{cell.text}' {cell.problem}"
    comment = " ".join((cell.comment or "").split())
    if comment and (status_of(comment) or unit_line(comment)):
        return f"'{cell.text}' has a comment that says more of it: '{comment}'"
    return None


def is_mark(text: str) -> bool:
    """Whether a text may stand for a number that is not there: signs, or words for "none"."""
    folded = normalise_mark(text)
    return _NONE.fullmatch(folded) is not None or not any(sign.isalnum() for sign in folded)


def normalise_mark(text: str) -> str:
    """Fold full-width forms and spaces: '…' and '...' are one mark, '-' and '—' are two."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def parse_year(text: str) -> int | None:
    """Read a year as tables print it (2019, 2019年, 2019a, 2019①, 2019年(初步), 2020E).

    None for any other text, such as 2019年上半年. What it says of its figures: `year_status`.
    """
    match = _YEAR.fullmatch(_marked_year(text).bare)
    return int(match[1]) if match else None


def year_status(text: str) -> Status | None:
    """Status that a year states for its figures; None where it states none."""
    return _marked_year(text).status


def _marked_year(text: str) -> Marked:
    folded = re.sub(f"[{_SPACES}]", " ", text).translate(_WIDE)
    return split_status(folded.strip().casefold())


def _why_not(text: str, folded: str) -> str:
    if is_mark(text):
        return f"'{text}' is a mark the card does not explain"
    if re.fullmatch(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d+", folded):
        return f"'{text}' is in scientific notation, which no printed table uses"
    if _DECIMAL_COMMA.fullmatch(folded):
        return f"'{text}' may have a decimal comma, and nothing says so"
    if re.fullmatch(r"[+-]?[\d., ]+", folded):
        return f"'{text}' is not a number with thousands in groups of three"
    return f"'{text}' is not a number"
