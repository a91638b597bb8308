"""Text from outside that a terminal, a log and UTF-8 can take.

Belongs here: which characters do harm there, and how they are spelled instead. Not here: messages.
"""

import re

# Controls but tab and line feed (a terminal obeys them), halves of UTF-16 pairs (no encoding has
# them: names of files that are not UTF-8 hold them), and what turns the direction of writing.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)


def safe_text(text: str) -> str:
    """The text with every harmful character spelled as its escape, such as \\x1b."""
    return _HARMFUL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def harmful_in(text: str) -> str | None:
    """The first harmful character as its escape; None where there is none.

    A carriage return is none: it ends the lines of files that Windows wrote.
    """
    found = _HARMFUL.search(text.replace("\r\n", "\n"))
    return None if found is None else safe_text(found[0])
