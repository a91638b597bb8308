"""How many of what, in words: `1 row`, `2 rows`.

Belongs here: that alone, for every sentence that counts. Not here: other forms of numbers.
"""


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """The count and its noun; plural: where it is not the noun with an s, as `series`."""
    return f"{count} {noun}" if count == 1 else f"{count} {plural or noun + 's'}"
