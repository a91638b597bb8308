"""What a reading lacks that a person could give, and the card as if it were given.

Belongs here: keeping such faults of a reading (labels without a meaning, figures without a unit,
texts that say something else or in unknown words, headings between rows), so that the next one is
found. Not here: reading, asking, and faults that no answer mends.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assets.extracts.cards.axes_card import AxesCard
from assets.extracts.cards.card import TableCard
from assets.extracts.errors import DocumentError


@dataclass(slots=True)
class Lacks:
    """What was met so far.

    unknown: label nobody knows → its cell; unitless: labels without a unit; headings: texts over
    some of the rows, which are left out, or None where such a text is to stop the reading;
    measures: texts that say another measure or definition than is taken, with the keys of a card
    that take what they say; notes: those in words that no rule knows.
    """

    headings: list[str] | None
    unknown: dict[str, str] = field(default_factory=dict)
    unitless: list[str] = field(default_factory=list)
    measures: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def mended(
        self, table: TableCard, error: DocumentError, unit_for: Callable[[str], str | None]
    ) -> TableCard | None:
        """The card as if what the faults lack were answered; None where that is nothing new.

        unit_for: the unit to go on with for a label; None where there is none.
        """
        ignore, units, under = list(table.ignore), dict(table.units), list[str]()
        for fault in error.every:
            label = fault.label
            if fault.lacks == "meaning" and label not in self.unknown:
                self.unknown[label] = fault.cell or ""
                ignore.append(label)
            elif fault.lacks == "unit" and label not in self.unitless and (unit := unit_for(label)):
                self.unitless.append(label)
                units[label] = unit
            elif fault.lacks == "measure" and label not in self.measures:
                self.measures[label] = fault.mends
                ignore.append(label)
            elif fault.lacks == "note":
                new = [text for text in fault.mends["ignore"] if text not in ignore]
                self.notes += new
                ignore += new
            elif fault.lacks == "heading" and self.headings is not None:
                under += [label] if label not in self.headings else []
        if self.headings is not None:
            self.headings += under
        if not under and len(ignore) == len(table.ignore) and len(units) == len(table.units):
            return None
        axes = _without_rows_under(table.axes, under)
        return table.model_copy(update={"ignore": tuple(ignore), "units": units, "axes": axes})


def _without_rows_under(axes: AxesCard | None, headings: list[str]) -> AxesCard | None:
    """The axes with the rows under some texts left out."""
    if axes is None or not headings:
        return axes
    under = tuple(dict.fromkeys((*axes.left_out.under, *headings)))
    left_out = axes.left_out.model_copy(update={"under": under})
    return axes.model_copy(update={"left_out": left_out})
