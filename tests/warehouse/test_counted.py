"""How many of what, in words."""

import pytest

from assets.warehouse.texts.counted import counted


@pytest.mark.parametrize(
    ("count", "words", "said"),
    [
        (0, ("row",), "0 rows"),
        (1, ("row",), "1 row"),
        (2, ("row",), "2 rows"),
        (1, ("cause stands", "causes stand"), "1 cause stands"),
        (3, ("cause stands", "causes stand"), "3 causes stand"),
    ],
)
def test_the_noun_goes_with_the_number(count: int, words: tuple[str, ...], said: str) -> None:
    assert counted(count, *words) == said
