"""How a paper's numbers were made, where more than one way is usual and not every paper says which.

Belongs here: the ways, which of them a card leaves open, and which rules each of them touches. Not
here: the rules themselves, which ask `Paper.conventions`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import combinations
from typing import Any, Literal

from assets.extracts.cards.paper_card import PaperCard

Errors = Literal["classical", "robust", "clustered"]


@dataclass(frozen=True, slots=True)
class Conventions:
    """One way of making a paper's numbers; the default is that of most software."""

    errors: Errors = "classical"  # of the standard errors of least squares
    one_sided: bool = False  # p-values and stars
    unsigned_t: bool = False  # t printed without its sign
    cut: bool = False  # digits cut off instead of rounded
    pairwise: bool = False  # each moment over the observations that it has


USUAL = Conventions()


@dataclass(frozen=True, slots=True)
class Alternative:
    """A way that the card leaves open. rules: those it can change; empty for all of them."""

    change: Mapping[str, Any]  # fields of Conventions
    words: str  # completes "consistent if …"
    rules: frozenset[str]


# Patterns of the names of rules.
_OF_ERRORS = frozenset(
    (
        "fit_statistics",
        "se_from_vif",
        "*_from_moments",
        "R2_from_coefficients",
        "p_from_t",
        "stars_from_p",
    )
)
_OF_P = frozenset(("p_from_t", "stars_from_p", "correlation_stars", "*_from_moments"))
_OF_T = frozenset(("t_is_coefficient_over_se", "*_from_moments"))
_OF_MOMENTS = frozenset(
    (
        "min_mean_max",
        "possible_sd",
        "correlation_matrix",
        "correlation_stars",
        "constant_from_means",
        "normal_equation_*",
        "R2_from_coefficients",
        "se_from_vif",
        "*_from_moments",
        "definition_of_means",
    )
)
_OPEN = {
    "errors": Alternative(
        {"errors": "clustered"}, "robust or clustered errors were used", _OF_ERRORS
    ),
    "p_values": Alternative({"one_sided": True}, "p-values are one-sided", _OF_P),
    "t_values": Alternative({"unsigned_t": True}, "t is printed without its sign", _OF_T),
    "digits": Alternative({"cut": True}, "digits were cut off instead of rounded", frozenset()),
    "missing": Alternative(
        {"pairwise": True},
        "each mean and correlation is over the observations that it has",
        _OF_MOMENTS,
    ),
}


def stated_conventions(stated: PaperCard) -> Conventions:
    """What the card says, and the way of most software where it says nothing."""
    return Conventions(
        errors=stated.errors or "classical",
        one_sided=stated.p_values == "one_sided",
        unsigned_t=stated.t_values == "unsigned",
        cut=stated.digits == "cut",
        pairwise=stated.missing == "pairwise",
    )


def open_alternatives(stated: PaperCard) -> Iterator[tuple[Alternative, ...]]:
    """Every set of ways that the card leaves open, the smaller sets first."""
    left = [way for key, way in _OPEN.items() if getattr(stated, key) is None]
    for size in range(1, len(left) + 1):
        yield from combinations(left, size)


def touches(ways: tuple[Alternative, ...], rule: str) -> bool:
    """Whether one of the ways can change what a rule finds."""
    return any(
        not way.rules or any(fnmatchcase(rule, pattern) for pattern in way.rules) for way in ways
    )


def taken(conventions: Conventions, ways: tuple[Alternative, ...]) -> Conventions:
    """The conventions with some other ways."""
    changes: dict[str, Any] = {}
    for way in ways:
        changes |= way.change
    return replace(conventions, **changes)
