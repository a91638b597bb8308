"""The unit of each figure: printed beside its label, above its table, or stated by the card.

Belongs here: the units that lines above a table print, and which of those that are said counts. Not
here: what a unit means (`meaning/units.py`), taking labels apart (`labels.py`).
"""

import re
from collections.abc import Sequence

from assets.extracts.cards.card import TableCard
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.labels import Label, split_languages, split_unit
from assets.extracts.layouts.mending import says
from assets.extracts.meaning.printed_text import strip_marks, unit_line
from assets.extracts.meaning.registry import indicators, normalise_label
from assets.extracts.meaning.units import Unit, same_dimension, unit_of, units

_CHINESE_THEN_ENGLISH = re.compile(
    r"(?P<zh>.*[\u3400-\u9fff%‰])\s*[(（]?\s*(?P<en>[\w,. ]*[A-Za-z][\w,./ ]*)[)）]?"
)


class UnitBook:
    """The unit of each figure: printed beside the label, above the table, or stated by the card."""

    def __init__(self, table: TableCard, number: str, grid: Grid) -> None:
        self._table = table
        self._number = number
        self._grid = grid
        self._card = table.unit
        self._of_label = {normalise_label(name): unit for name, unit in table.units.items()}
        self._above: dict[str, tuple[Cell, str]] = {}  # dimension → where it is printed, and how

    def take_line(self, cell: Cell) -> bool:
        """Take the units of a line above the table, one of each dimension (单位：亿元、万人).

        False where the cell is no such line.
        """
        printed = _units_above(cell.text)
        for text in printed:
            unit = self._known(cell, text)
            first = self._above.setdefault(unit.dimension, (cell, text))
            if self._known(*first) != unit:
                raise self._grid.error(
                    cell,
                    found=f"the table prints two units, '{first[1]}' and '{text}'",
                    expected="one unit above the table",
                    advice="Two tables of a sheet are two of the card, each with its cells; a line "
                    "that does not speak of these figures belongs under ignore.",
                )
        return bool(printed)

    def _printed_above(self, dimension: str) -> str | None:
        """The unit above the table for a dimension; one alone is said of all figures."""
        fitting = [
            text
            for cell, text in self._above.values()
            if same_dimension(self._known(cell, text), dimension)
        ]
        alone = [text for _, text in self._above.values() if len(self._above) == 1]
        return next(iter([*fitting, *alone]), None)

    def of(
        self, cell: Cell, label: Label, printed: str | None, formatted: Cell
    ) -> tuple[Unit, str]:
        """Return the unit of a label's figures and how it is printed.

        printed: the unit in a column of units, if the table has one; formatted: the figure, whose
        number format may write one. Raises DocumentError where no unit is known, where card and
        document disagree, or where it measures something else.
        """
        assert label.indicator is not None
        beside = printed or label.printed_unit
        text = beside or self._printed_above(indicators()[label.indicator].dimension)
        if formatted.unit is not None:
            text = text or formatted.unit
            if self._known(cell, text) != unit_of(formatted.unit):
                raise self._grid.error(
                    formatted,
                    found=f"the unit '{formatted.unit}' is written behind the number, the document "
                    f"prints '{text}' for '{label.text}'",
                    expected="one unit",
                    advice="Compare the cell with the publisher's document; a misprinted unit "
                    "is corrected in corrections.yaml beside the card (right: the number alone).",
                )
        stated = self._of_label.get(normalise_label(label.text), self._card)
        if stated is not None:
            self._check_card(cell, text, stated, label)
            text = text or stated
        if text is None:
            raise self._grid.error(
                cell,
                found=f"no unit is printed for '{label.text}', and the card states none",
                expected=f"a unit of {indicators()[label.indicator].dimension}",
                advice="The card states it, of this label or (by unit) of all: "
                + says(
                    self._number,
                    {"units": {**self._table.units, label.text: self._usual_unit(label)}},
                ),
                lacks="unit",
                label=label.text,
            )
        unit = self._known(cell, text)
        self._check_dimension(cell, label, unit, text)
        return unit, text

    def _known(self, cell: Cell, text: str) -> Unit:
        unit = unit_of(strip_marks(text)[0])
        if unit is None:
            raise self._grid.error(
                cell,
                found=f"the unit '{text}' is unknown",
                expected="a unit of assets/extracts/meaning/units.yaml",
                advice="Another spelling of a unit belongs there, once it is clear. If the figures "
                "are not wanted, "
                + says(self._number, {"ignore": [*self._table.ignore, cell.text.strip()]}),
            )
        return unit

    def _usual_unit(self, label: Label) -> str:
        """The unit an indicator is kept in, as it is mostly printed: an example."""
        assert label.indicator is not None
        return units()[indicators()[label.indicator].unit].spellings[0]

    def _check_card(self, cell: Cell, text: str | None, stated: str, label: Label) -> None:
        if text is not None and self._known(cell, text) != unit_of(stated):
            raise self._grid.error(
                cell,
                found=f"the document prints the unit '{text}', the card says '{stated}'",
                expected="the same unit in both",
                advice="If the document is right, "
                + says(self._number, {"units": {**self._table.units, label.text: text or stated}}),
                lacks="other_unit",
                label=label.text,
            )

    def _check_dimension(self, cell: Cell, label: Label, unit: Unit, text: str) -> None:
        assert label.indicator is not None
        indicator = indicators()[label.indicator]
        if not same_dimension(unit, indicator.dimension):
            raise self._grid.error(
                cell,
                found=f"'{label.text}' is in '{text}', a unit of {unit.dimension}",
                expected=f"a unit of {indicator.dimension} for {indicator.id}",
                advice="An indicator in that unit can be declared in landing/indicators.yaml and "
                "named under labels. If the figures are not wanted, "
                + says(self._number, {"ignore": [*self._table.ignore, label.text]}),
            )


def _units_above(text: str) -> Sequence[str]:
    """Units a line above a table prints: '单位：亿元', 'Unit: …', '(100 million yuan)', or two."""
    label, alone = split_unit(text)
    if alone is not None and not label:
        return (alone,)
    found: list[str] = []
    for part in split_languages(text):
        printed = unit_line(part)
        if printed is None:
            continue
        both = _CHINESE_THEN_ENGLISH.match(printed)
        several = [each for each in re.split(r"\s*[、,，;；和及]\s*", printed) if each]
        if unit_of(printed) is None and all(map(unit_of, several)):
            found += several
        elif unit_of(printed) is None and both is not None:
            found += [both["zh"], both["en"]]
        else:
            found.append(printed)
    return found
