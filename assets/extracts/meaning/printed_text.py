"""What is printed around labels, years and numbers: footnote marks, lines of units, notes.

Belongs here: recognising and removing marks such as ①, (a), *, #, ¹, and telling a unit's line or
a note from other text. Not here: what a label, a unit or a number means.
"""

import re
from functools import lru_cache

_SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵖʳ⁽⁾"
_CIRCLED = "①-⑳❶-❿⓪"
# A closing bracket alone ("a)", "1)") counts only after a space or at the start, since "26471)"
# could be the number 2647 with note 1 or the number 26471.
_MARK = (
    rf"(?:[{_SUPERSCRIPT}]+|[{_CIRCLED}]+|[*＊#＃†‡]+"
    rf"|[(（\[［](?:[a-zA-Z{_CIRCLED}*＊#†‡]|\d{{1,2}})[)）\]］])"
)
_LEADING = re.compile(rf"^\s*(?:{_MARK}|(?:[a-zA-Z]|\d)[)）](?=\s|\D))\s*")
_TRAILING = re.compile(rf"\s*(?:{_MARK}|(?<=\s)(?:[a-zA-Z]|\d{{1,2}})[)）])\s*$")
_BEHIND_YEAR = re.compile(r"^\s*(?:19|20)\d\d ?年?([a-z])\s*$")
_ANY_MARK = re.compile(_MARK)
_OPENING = re.compile(  # 带*的数据为…, 标“*”者为… are of a mark, too
    r"^\s*(?:(?:注|备注|附注|说明|notes?)\s*[:：]?\s*)?"
    r"(?:(?:凡|其中|表中)*(?:带|标|加|注|打)有?\s*)?[“\"‘']?"
    rf"(?P<mark>{_MARK}|(?:[a-zA-Z]|\d{{1,2}})[)）])[”\"’']?(?:号|者|的)*\s*[:：、.]?",
    re.IGNORECASE,
)

_UNIT_LINE = re.compile(
    r"^\s*[(（]?\s*(?:计量)?(?:单\s*位|units?)\s*[:：]\s*(?P<unit>.+)$", re.I | re.S
)
_NOTE = re.compile(
    r"^\s*(?:注|备注|附注|说明|数据来源|资料来源|来源|本表|notes?\b|(?:data )?sources?\b"
    r"|[*#†‡①-⑳⁰¹²³]|[(（\[［]?[a-z\d][)）\]］])",
    re.IGNORECASE,
)


@lru_cache(maxsize=20_000)  # each cell is looked at from several sides
def strip_marks(text: str) -> tuple[str, str]:
    """Split a printed text into the text without footnote marks, and the marks (joined)."""
    marks: list[str] = []
    rest = text.strip()
    while match := _LEADING.match(rest):
        if not rest[match.end() :].strip():
            break  # nothing but marks: the caller decides what that means
        marks.append(match.group().strip())
        rest = rest[match.end() :]
    while match := _TRAILING.search(rest):
        if not rest[: match.start()].strip():
            break
        marks.append(match.group().strip())
        rest = rest[: match.start()]
    return rest.strip(), " ".join(marks)


def part_by_marks(text: str) -> list[tuple[str, str]]:
    """A note in parts: each footnote mark that opens one, without its brackets, and what follows.

    注：①为初步数；②为预计数 has two; what stands before the first mark has none ('').
    """
    parts: list[tuple[str, str]] = []
    for clause in re.split(r"[;；。\n]", text):
        match = _OPENING.match(clause)
        if match and clause[match.end() :].strip():
            parts.append((_bare_mark(match["mark"]), clause[match.end() :].strip()))
        elif clause.strip():
            parts.append(("", clause.strip()))
    return parts


def marks_of(text: str) -> list[str]:
    """The footnote marks in a label, a year (2019a) or a number, without their brackets."""
    behind_year = _BEHIND_YEAR.findall(text)
    found = (*_ANY_MARK.findall(text), *strip_marks(text)[1].split(), *behind_year)
    return [_bare_mark(mark) for mark in found]


def _bare_mark(mark: str) -> str:
    return mark.strip("()（）[]［］⁽⁾ ").replace("＊", "*").replace("＃", "#").casefold()


def unit_line(text: str) -> str | None:
    """Return the printed unit of a line like '单位：亿元' or 'Unit: 100 million yuan'."""
    match = _UNIT_LINE.match(text)
    return None if match is None else match["unit"].strip().removesuffix(")").removesuffix("）")


def is_note(text: str) -> bool:
    """Tell whether a text begins the notes below a table."""
    return _NOTE.match(text) is not None
