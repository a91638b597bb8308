"""One figure taken from its cell: a value in the canonical unit, a class, or why there is none.

Belongs here: parsing, converting, the definition it counts by, and what its indicator can be. Not
here: what needs other figures (together.py, slips.py).
"""

import json
from decimal import Decimal

from assets.extracts.errors import DocumentError
from assets.extracts.figure import Figure, TableSource
from assets.extracts.files.notation import notation_of
from assets.extracts.layouts.cells import (
    Missing,
    read_value,
    why_no_figure,
)
from assets.extracts.layouts.classes import PrintedClass, parse_class
from assets.extracts.layouts.flags import are_flags, split_flags
from assets.extracts.layouts.mending import card_line, says, says_axes
from assets.extracts.meaning.definitions import OWN
from assets.extracts.meaning.registry import (
    indicators,
    plausible_range,
)
from assets.extracts.meaning.status import least_sure
from assets.extracts.meaning.told_definition import (
    LabelledFigure,
    NotTold,
    named_definitions,
    stated_definition,
    told_definition,
)
from assets.extracts.meaning.units import convert, units
from assets.extracts.taken.place import (
    Place,
    Taken,
    confirmed_with,
    correction,
    is_confirmed,
)
from assets.extracts.written.landing_files import CORRECTIONS_NAME

_SHIFTS = (2, 4, 8)  # per cent, 万 and 亿 forgotten or applied twice


def take(place: Place, figure: Figure) -> Taken:
    """Parse one cell, convert it and hold it against what its indicator can be.

    Raises DocumentError.
    """
    printed_class = None if figure.cell.problem else parse_class(figure.cell.text)
    if printed_class and place.table.classes:
        return _take_class(place, figure, printed_class)
    try:
        if why := why_no_figure(figure.cell):
            raise ValueError(why)
        if printed_class:
            raise ValueError(f"'{figure.cell.text.strip()}' is a class, no number")
        read = read_value(figure.cell.text, place.table.marks)
    except ValueError as error:
        raise _number_error(place, figure, str(error)) from error
    usual = place.loaded.card.usual_status
    definition = _definition(place, figure)
    if isinstance(read, Missing):
        return Taken(place, figure, definition, None, Decimal(0), read.meaning, "", usual)
    half_unit = convert(read.half_unit, figure.unit, units()[indicators()[figure.indicator].unit])
    status = least_sure((figure.status, read.status)) or usual
    value = _in_range(place, figure, read.value)
    return Taken(place, figure, definition, value, half_unit, "", read.footnotes, status)


def _take_class(place: Place, figure: Figure, printed: PrintedClass) -> Taken:
    """Take a class for where the figure lies; each end is held against what it can be."""
    if printed.in_percent and figure.unit.id != "pct":
        raise _number_error(
            place, figure, f"'{figure.cell.text.strip()}' is a class in per cent, the unit another"
        )
    low, high = (
        None if end is None else _in_range(place, figure, end)
        for end in (printed.low, printed.high)
    )
    status = figure.status or place.loaded.card.usual_status
    within = PrintedClass(low, high, printed.in_percent)
    definition = _definition(place, figure)
    return Taken(place, figure, definition, None, Decimal(0), "", "", status, within)


def _definition(place: Place, figure: Figure) -> str:
    """The definition a figure counts by, as its label tells, or the card."""
    indicator = indicators()[figure.indicator]
    said = stated_definition(place.table.definitions, figure.label, figure.indicator)
    labelled = LabelledFigure(
        indicator=indicator,
        label=figure.label,
        region=figure.region,
        year=figure.reference_year,
        edition=place.loaded.card.edition,
    )
    try:
        return told_definition(labelled, said)
    except NotTold as error:
        known = indicator.definitions.of if indicator.definitions else {}
        choice = "; ".join(f"{key}: {each.known_as}" for key, each in known.items())
        likely = next(iter((*sorted(named_definitions(indicator, figure.label)), *known)), OWN)
        lines = {**place.table.definitions, figure.label: likely}
        raise place.grid.error(
            figure.cell,
            found=str(error),
            expected=f"one of {choice}" if choice else "no definition in the card",
            advice=f'tables."{place.number}" of the card says which, or in which years each '
            f"({{{next(reversed(known), OWN)}: 2000-2012}}):\n  "
            f"  definitions: {json.dumps(lines, ensure_ascii=False)}",
            label=figure.label,
        ) from error


def _in_range(place: Place, figure: Figure, printed: Decimal) -> Decimal:
    """A printed number in the canonical unit, which its indicator must allow."""
    indicator = indicators()[figure.indicator]
    value = convert(printed, figure.unit, units()[indicator.unit])
    low, high = plausible_range(indicator, figure.region, figure.reference_year)
    if not low <= value <= high and not is_confirmed(place, figure):
        about = f"{figure.indicator} of {figure.region}, {figure.reference_year}"
        raise place.grid.error(
            figure.cell,
            found=f"'{figure.cell.text.strip()}' in '{figure.printed_unit}' makes {value:f} "
            f"{indicator.unit}, which cannot be {about}",
            expected=f"{low:g} to {high:g} {indicator.unit} for {figure.label}",
            advice=_hint(value, low, high)
            + _other_unit(place, figure, printed, (low, high))
            + f"If it is a misprint, {correction(place, figure.cell)}\n  If it is right, "
            + says(place.number, {"confirmed": confirmed_with(place, [figure.cell])}),
        )
    return value


def _hint(value: Decimal, low: float, high: float) -> str:
    for shift in _SHIFTS:
        for sign, word in ((1, "times"), (-1, "divided by")):
            if low <= value.scaleb(sign * shift) <= high:
                return f"The value {word} 10^{shift} would fit: the unit is probably another one. "
    return "Columns may be swapped, or the card maps the label to the wrong indicator. "


def _other_unit(
    place: Place, figure: Figure, printed: Decimal, between: tuple[float, float]
) -> str:
    """The line for a unit with which the figure can be meant, where the card states its unit."""
    table, own = place.table, units()[indicators()[figure.indicator].unit]
    if table.unit is None and figure.label not in table.units:
        return ""
    for unit in (own, *units().values()):
        fits = unit.dimension == figure.unit.dimension
        if fits and between[0] <= convert(printed, unit, own) <= between[1]:
            stated = {**table.units, figure.label: unit.spellings[0]}
            line = {"units": stated} if table.units else {"unit": unit.spellings[0]}
            return f"If it is, {says(place.number, line)}\n  "
    return ""


def _number_error(place: Place, figure: Figure, problem: str) -> DocumentError:
    shown = json.dumps(figure.cell.text.strip(), ensure_ascii=False)
    misprint = f"If the document misprints it, {correction(place, figure.cell)}"
    number, flags = split_flags(figure.cell.text)
    if flags and are_flags(flags):
        advice = f"If '{flags}' is a flag, as Eurostat puts them behind {number}, " + says_axes(
            TableSource(place.grid, place.table, place.number, "", 0), {"flags": "behind"}
        )
    elif "decimal comma" in problem:
        advice = (
            "If commas are decimal points in the whole table, "
            f"{says(place.number, {'decimal': 'comma'})}\n  "
            f"If not, compare the cell with the publisher's document. {misprint}"
        )
    elif (notation := notation_of(figure.cell.text)) is not None:
        key, word = notation.key, notation.value
        advice = (
            f"If {shown} is {notation.plain_number(figure.cell.text)}, "
            f'tables."{place.number}" of the card says, of all its numbers:\n    '
            f"{card_line(key, word)}\n  If not, compare the cell with the publisher's document. "
            f"{misprint}"
        )
    elif "is a class, no number" in problem:
        advice = (
            f'A class says where the figure lies; no point is made of it. tables."{place.number}" '
            f"of the card takes it for an interval by\n    {card_line('classes', 'read')}\n  and "
            "only what can work with intervals will use it."
        )
    elif "mark the card does not explain" in problem:
        advice = (
            f'If it stands for no figure, tables."{place.number}" of the card says (or zero, or '
            f"below_half_unit):\n    marks: {{{shown}: not_available}}"
        )
    elif figure.cell.comment and not figure.cell.problem and why_no_figure(figure.cell):
        advice = (
            f"What the figure is, {CORRECTIONS_NAME} beside the card says: as right the number, in "
            f"the table's unit, and behind it its status, such as 8104.1(初步).\n  "
            f'  - {{table: "{place.number}", cell: {figure.cell.ref}, wrong: {shown}, '
            "right: ..., reason: ..., source: ...}"
        )
    elif figure.cell.problem or "groups" in problem or "notation" in problem:
        advice = (
            "Compare the cell with the publisher's document; a spreadsheet may have changed it. "
            + misprint
        )
    else:
        advice = (
            f'A unit belongs in the card (tables."{place.number}".unit), not in the cell. '
            "Otherwise compare the cell with the publisher's document. " + misprint
        )
    return place.grid.error(
        figure.cell,
        found=problem,
        expected=f"a number in {figure.printed_unit} for {figure.label} ({figure.indicator}), "
        f"{figure.region}, {figure.reference_year}",
        advice=advice,
    )
