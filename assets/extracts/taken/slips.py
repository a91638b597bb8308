"""Figures that a slipped decimal point would explain, by what stands beside them.

Belongs here: which series are held against which others, and the refusal. Not here: when a number
is outlying (outlying.py, outlying_across.py).
"""

from collections.abc import Iterable, Mapping, Sequence

from assets.extracts.errors import DocumentError, Faults
from assets.extracts.layouts.mending import says
from assets.extracts.meaning.registry import indicators, regions
from assets.extracts.taken.outlying import Outlying, outlying
from assets.extracts.taken.outlying_across import out_of_line, out_of_step
from assets.extracts.taken.place import Taken, confirmed_with, correction, is_confirmed
from assets.extracts.written.year_list import year_ranges

_STEADY = frozenset(("currency", "persons", "currency_per_person"))  # no year is ten times the next


def refuse_slips(taken: Sequence[Taken], before: Sequence[Taken], faults: Faults) -> None:
    """Stop at a figure that a slipped decimal point would explain; before: the edition before's.

    What the card confirms is left out, and nothing is held against it.
    """
    confirmed = [item for item in taken if is_confirmed(item.place, item.figure)]
    by_indicator = _by_indicator(item for item in taken if item not in confirmed)
    earlier = _by_indicator(before)
    for (indicator, definition), found in by_indicator.items():
        is_steady = indicators()[indicator].dimension in _STEADY
        values, known = _values(found), _values(earlier.get((indicator, definition), {}))
        met: dict[tuple[str, int], tuple[Outlying, tuple[int, ...]]] = {}
        for odd in (*outlying(values, known, steps=is_steady), *out_of_step(values, known)):
            if not any((odd.series, year) in met for year, _ in odd.beside if odd.told):
                met.setdefault((odd.series, odd.year), (odd, (odd.year,)))
        for odd, years in out_of_line(values, _residents(indicator, values)):
            if not any((odd.series, year) in met for year in years):
                met[odd.series, odd.year] = odd, years
        for odd, years in met.values():
            with faults.kept():
                raise _outlying_error(odd, years, found[odd.series])


def _residents(indicator: str, series: Iterable[str]) -> dict[str, float]:
    """Residents of the provinces, by which money and persons are alike; 1 for money a head."""
    dimension = indicators()[indicator].dimension
    known = {region: regions()[region] for region in series if dimension in _STEADY}
    if dimension == "currency_per_person":
        return {code: 1.0 for code, region in known.items() if not region.is_nation}
    return {
        code: region.census_2020_10k_persons
        for code, region in known.items()
        if region.is_chinese_province and region.census_2020_10k_persons
    }


def _by_indicator(
    taken: Iterable[Taken],
) -> dict[tuple[str, str], dict[str, dict[int, Taken]]]:
    """Figures by indicator and definition, then region and year."""
    found: dict[tuple[str, str], dict[str, dict[int, Taken]]] = {}
    for item in taken:
        if item.value:
            of_indicator = found.setdefault((item.figure.indicator, item.definition), {})
            of_region = of_indicator.setdefault(item.figure.region, {})
            of_region.setdefault(item.figure.reference_year, item)
    return found


def _values(found: Mapping[str, Mapping[int, Taken]]) -> dict[str, dict[int, float]]:
    return {
        region: {year: float(item.value or 0) for year, item in of_region.items()}
        for region, of_region in found.items()
    }


def _outlying_error(
    odd: Outlying, years: Sequence[int], beside: Mapping[int, Taken]
) -> DocumentError:
    """The refusal of a figure, or of those of several years at once."""
    item = beside[odd.year]
    figure, place = item.figure, item.place
    said = "; ".join(
        f"{year} '{beside[year].figure.cell.text.strip()}' in {beside[year].figure.cell.ref}"
        if year in beside and year != odd.year
        else f"{year} {value:g} in the edition before"
        for year, value in odd.beside
    )
    said = "; ".join(filter(None, (said, odd.told)))
    factor = 10 ** abs(odd.power)
    cells = [beside[year].figure.cell for year in years if beside[year].place is place]
    return place.grid.error(
        figure.cell,
        found=f"'{figure.cell.text.strip()}', {figure.indicator} of {figure.region}, "
        f"{year_ranges(years)}, is {factor:.3g} times too {'large' if odd.power > 0 else 'small'} "
        f"for the figures beside it ({said})",
        expected="figures of one series near each other: no decimal point slipped, no digit lost, "
        "no other unit",
        advice=f"Compare the cells with the publisher's document. If one is a misprint, "
        f"{correction(place, figure.cell)}\n  If it is right, "
        + says(place.number, {"confirmed": confirmed_with(place, cells)}),
    )
