"""A short answer in sections: what does not fit is cut, and the cut is told.

Belongs here: cutting sections to a number of lines. Not here: what stands in them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from orchestration.commands.pages.text_table import lines_of


@dataclass(frozen=True, slots=True)
class Section:
    """Entries of one kind, the most important first.

    where_all: how to see all of them.
    """

    entries: Sequence[str]
    where_all: str


class _Cut:
    """What is shown of one section."""

    def __init__(self, section: Section, lines_of_entry: Callable[[str], list[str]]) -> None:
        self._entries = [lines_of_entry(entry) for entry in section.entries]
        self._lines_of_entry = lines_of_entry
        self._where_all = section.where_all
        self._count = sum(map(len, self._entries))  # of thousands, not counted anew at each cut
        self._left_out = 0
        self._is_shortened = False

    @property
    def lines(self) -> list[str]:
        return [*(line for entry in self._entries for line in entry), *self._told_cut()]

    @property
    def length(self) -> int:
        """The number of its lines."""
        return self._count + len(self._told_cut())

    def _told_cut(self) -> list[str]:
        if not self._is_shortened and not self._left_out:
            return []
        more = f"and {self._left_out} more" if self._left_out else "and more"
        return self._lines_of_entry(f"… {more}: {self._where_all}")

    @property
    def can_be_cut(self) -> bool:
        return len(self._entries) > 1 or (bool(self._entries) and len(self._entries[0]) > 1)

    def cut(self) -> None:
        """Leave out the last entry; of a single one, its last line."""
        if len(self._entries) > 1:
            self._count -= len(self._entries.pop())
            self._left_out += 1
        else:
            self._entries[0].pop()
            self._count -= 1
            self._is_shortened = True


def within(
    sections: Sequence[Section],
    limit: int | None,
    lines_of_entry: Callable[[str], list[str]] = lines_of,
) -> list[str]:
    """The lines of all sections, an empty one between two; at most `limit` of them.

    The longest section is cut first, down to one line of it and one that says where the rest is.
    """
    cuts = [_Cut(section, lines_of_entry) for section in sections if section.entries]

    while limit is not None and sum(cut.length + 1 for cut in cuts) - 1 > limit:
        max((cut for cut in cuts if cut.can_be_cut), key=lambda cut: cut.length).cut()
    return [line for cut in cuts for line in ("", *cut.lines)][1:]
