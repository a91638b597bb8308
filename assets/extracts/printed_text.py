"""What is printed around labels, years and numbers: footnote marks, lines of units, notes.

Belongs here: recognising and removing marks such as ①, (a), *, #, ¹, and telling a unit's line or
a note from other text. Not here: what a label, a unit or a number means.
"""

import re

_SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵖʳ⁽⁾"
_CIRCLED = "①-⑳❶-❿⓪"
# A closing bracket alone ("a)", "1)") counts only after a space or at the start, since "26471)"
# could be the number 2647 with note 1 or the number 26471.
_MARK = rf"(?:[{_SUPERSCRIPT}]+|[{_CIRCLED}]+|[*＊#＃†‡]+|[(（\[［](?:[a-zA-Z]|\d{{1,2}})[)）\]］])"
_LEADING = re.compile(rf"^\s*(?:{_MARK}|(?:[a-zA-Z]|\d)[)）](?=\s|\D))\s*")
_TRAILING = re.compile(rf"\s*(?:{_MARK}|(?<=\s)(?:[a-zA-Z]|\d{{1,2}})[)）])\s*$")

_UNIT_LINE = re.compile(
    r"^\s*[(（]?\s*(?:计量)?(?:单\s*位|units?)\s*[:：]\s*(?P<unit>.+)$", re.I | re.S
)
_NOTE = re.compile(
    r"^\s*(?:注|备注|附注|说明|数据来源|资料来源|来源|本表|notes?\b|(?:data )?sources?\b"
    r"|[*#†‡①-⑳⁰¹²³]|[(（]?[a-z\d][)）])",
    re.IGNORECASE,
)


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


def unit_line(text: str) -> str | None:
    """Return the printed unit of a line like '单位：亿元' or 'Unit: 100 million yuan'."""
    match = _UNIT_LINE.match(text)
    return None if match is None else match["unit"].strip().removesuffix(")").removesuffix("）")


def is_note(text: str) -> bool:
    """Tell whether a text begins the notes below a table."""
    return _NOTE.match(text) is not None
