"""Which definition of its indicator a printed figure is of: as its label tells, or the card says.

Belongs here: words and years that tell definitions apart. Not here: which there are
(definitions.py), and which figures may be compared (`sql/staging`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assets.extracts.meaning.definitions import OWN
from assets.extracts.meaning.registry import Indicator, normalise_label, regions
from assets.extracts.written.year_list import years_of

Stated = str | Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class LabelledFigure:
    """What tells a figure's definition: its label and place, and the edition that prints it."""

    indicator: Indicator
    label: str
    region: str
    year: int
    edition: int


class NotTold(ValueError):
    """Neither label nor card says which definition a figure is of; the message is a clause."""


def named_definitions(indicator: Indicator, label: str) -> frozenset[str]:
    """The definitions a label names by itself, whatever its year: most often one, or none."""
    if indicator.definitions is None:
        return frozenset()
    text = normalise_label(label)
    of = indicator.definitions.of
    exact = {key for key, each in of.items() if text in map(normalise_label, each.labels)}
    worded = {
        key
        for key, each in of.items()
        if any(word in text for word in map(normalise_label, each.words))
    }
    return frozenset(exact or worded)


def stated_definition(
    definitions: Mapping[str, Stated], label: str, indicator: str
) -> Stated | None:
    """What a table's card says of a label, or of all figures of its indicator."""
    stated = {normalise_label(key): said for key, said in definitions.items()}
    return stated.get(normalise_label(label), stated.get(normalise_label(indicator)))


def told_definition(figure: LabelledFigure, stated: Stated | None) -> str:
    """The definition of a figure.

    stated: what the card says of the label: one definition, or the years of each (in others the
    label tells). Raises NotTold.
    """
    indicator, label, year = figure.indicator, figure.label, figure.year
    definitions = indicator.definitions
    if definitions is None:
        if stated not in (None, OWN):
            raise NotTold(f"{indicator.id} has one definition, and the card names another")
        return OWN
    named = named_definitions(indicator, label)
    by_year = {} if stated is None or isinstance(stated, str) else stated
    of_year = [stated] if isinstance(stated, str) else []
    of_year += [key for key, years in by_year.items() if year in years_of(years)]
    if len(of_year) > 1:
        raise NotTold(f"the card states two definitions of '{label}' for {year}")
    if of_year:
        # A card that goes by years knows that one label stands over several definitions.
        return _stated(indicator, label, year, of_year[0], frozenset() if by_year else named)
    if len(named) > 1:
        raise NotTold(f"'{label}' names two definitions of {indicator.id}")
    if not named and _is_untold(indicator, label, figure.region):
        raise NotTold(f"'{label}' does not tell by which definition of {indicator.id} it counts")
    key = next(iter(named), OWN)
    if _was_printed(indicator, key, year):
        return key
    each = definitions.of[key]
    if each.earlier is None or each.first is None or year >= each.first:
        raise NotTold(f"'{label}' is {each.known_as}, which is not printed for {year}")
    if figure.edition > each.first:
        raise NotTold(
            f"'{label}' of {year}, before {each.known_as}, may be {each.earlier}, or carried back"
        )
    return each.earlier


def _stated(indicator: Indicator, label: str, year: int, key: str, named: frozenset[str]) -> str:
    """What the card states, where the indicator has it and the label says nothing else."""
    assert indicator.definitions is not None
    if key not in indicator.definitions.of:
        raise NotTold(f"'{key}' is no definition of {indicator.id}")
    other = [name for name in named if name != key and _was_printed(indicator, name, year)]
    if len(named) == 1 and other:
        meant = indicator.definitions.of[other[0]].known_as
        raise NotTold(f"'{label}' is {meant}, and the card says {key}")
    return key


def _was_printed(indicator: Indicator, key: str, year: int) -> bool:
    assert indicator.definitions is not None
    each = indicator.definitions.of[key]
    return (each.first is None or year >= each.first) and (each.last is None or year <= each.last)


def _is_untold(indicator: Indicator, label: str, region: str) -> bool:
    """Whether a label without a word of any definition leaves it open; a nation has but one."""
    assert indicator.definitions is not None
    words = map(normalise_label, indicator.definitions.untold)
    is_nation = regions()[region].is_nation
    return not is_nation and any(word in normalise_label(label) for word in words)
