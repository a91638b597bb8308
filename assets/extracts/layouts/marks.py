"""Footnote marks around printed labels, years and numbers.

Belongs here: recognising and removing marks such as ①, (a), *, #, ¹. Not here: what a label or a
number means.
"""

import re

_SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉ⁽⁾"
_CIRCLED = "①-⑳❶-❿⓪"
# A closing bracket alone ("a)", "1)") counts only after a space or at the start, since "26471)"
# could be the number 2647 with note 1 or the number 26471.
_MARK = rf"(?:[{_SUPERSCRIPT}]+|[{_CIRCLED}]+|[*＊#＃†‡]+|[(（\[［](?:[a-zA-Z]|\d{{1,2}})[)）\]］])"
_LEADING = re.compile(rf"^\s*(?:{_MARK}|(?:[a-zA-Z]|\d)[)）](?=\s|\D))\s*")
_TRAILING = re.compile(rf"\s*(?:{_MARK}|(?<=\s)(?:[a-zA-Z]|\d{{1,2}})[)）])\s*$")


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
