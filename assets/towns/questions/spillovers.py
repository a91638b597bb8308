"""What certification does to towns near certified ones, and to counties as a whole.

Belongs here: rings of distance, effects by ring, the own effect with towns near certified ones
taken out of the controls, county totals. Not here: distances (distance.py), the imputation itself.
Source: Butts (2023), Difference-in-Differences with Spatial Spillovers, arXiv 2105.03737, sections
3 and 5: town and year effects come from cells neither certified nor near a certified town.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.regression.verdict import judge_violation
from assets.towns.assumptions.evidence import Evidence
from assets.towns.estimators.labels import COUNTY_TOTAL, OVERALL, RING
from assets.towns.estimators.staggered.contrasts import beside
from assets.towns.estimators.staggered.imputation import (
    NAME,
    NEEDS,
    Imputed,
    average,
    imputation,
    impute,
    impute_from,
)
from assets.towns.estimators.town_effect import WithInfluence, estimates_with_influence
from assets.towns.panel.distance import nearest_km
from assets.towns.panel.targets import Label
from assets.towns.panel.town_panel import NEVER, PanelError, TownPanel

NEEDS_RINGS = (
    "Certification does not reach towns beyond the outermost ring, and without any certification "
    "nearby every town's outcome would have been a town effect plus a year effect."
)
OWN_IGNORING = "att_near_towns_as_controls"
OWN_DIFFERENCE = "att_difference_without_near_towns"
UNCERTIFIED_TOTAL = "county_uncertified_total"

Rings = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Places:
    """Where all towns lie and when each has the status, towns outside the panel included."""

    town: tuple[str, ...]  # (places,)
    longitude_deg: Floats  # (places,)
    latitude_deg: Floats  # (places,)
    certified: NDArray[np.bool_]  # (places, years), the panel's years


def nearest_certified_km(panel: TownPanel, places: Places) -> Floats:
    """(towns, years): distance to the nearest other town certified in that year, inf where none.

    Towns certified in that year have 0. Raises PanelError where a town of the panel has no place.
    """
    if places.certified.shape != (len(places.town), len(panel.years)):
        raise PanelError(
            f"certification of {places.certified.shape} for {len(places.town)} places and "
            f"{len(panel.years)} years"
        )
    here = {name: place for place, name in enumerate(places.town)}
    unknown = next((name for name in panel.town if name not in here), None)
    if unknown is not None:
        raise PanelError(f"town {unknown} has no coordinates")
    for name, *place in zip(places.town, places.longitude_deg, places.latitude_deg, strict=True):
        if not np.isfinite(place).all():
            raise PanelError(f"town {name} has no coordinates")
    everywhere = np.ones(len(places.town), dtype=bool)
    columns = [
        nearest_km(places.longitude_deg, places.latitude_deg, everywhere, certified)
        for certified in places.certified.T
    ]
    return np.stack(columns, axis=1)[[here[name] for name in panel.town]]


def rings(distance_km: Floats, edges_km: tuple[float, ...]) -> Rings:
    """The ring of each distance: 1 up to and including the first edge, ..., 0 beyond the last."""
    if list(edges_km) != sorted(set(edges_km)) or not edges_km or edges_km[0] <= 0:
        raise PanelError(f"ring edges {edges_km} are not distances in ascending order")
    ring = np.searchsorted(np.array(edges_km), distance_km, side="left") + 1
    return np.where(ring > len(edges_km), 0, ring)


@dataclass(frozen=True, slots=True)
class Spillovers:
    """Effects on certified towns and on those around them."""

    own: WithInfluence  # near towns not controls, near towns controls, and their difference
    by_ring: WithInfluence  # ring=1 is the innermost
    dropped: tuple[str, ...]  # towns never seen both uncertified and far from certified ones


def spillovers(panel: TownPanel, ring: Rings) -> Spillovers:
    """Own effect and effects by ring, by imputation from cells uncertified and in no ring.

    ring: (towns, years), as rings() gives it; of certified cells it does not count. The own effect
    with near towns as controls is that of the same towns and years. Weights are the panel's.
    Raises PanelError where the far cells cannot tell what is without treatment (impute_from()), or
    a ring has no town.
    """
    untreated = ~panel.treated
    far = untreated & (ring == 0)
    kept = far.any(axis=1)
    if not kept.any():
        raise PanelError("no town is ever uncertified and outside all rings: take narrower rings")
    dropped = tuple(name for name, keep in zip(panel.town, kept, strict=True) if not keep)
    panel, ring, far = panel.take(kept), ring[kept], far[kept]
    imputed = impute_from(panel, far)
    labels, weights = _ring_cells(panel, ring)
    # A cohort has few towns in a ring; alone in it, a town would seem to lie on its average.
    alike = np.zeros(len(panel.town), dtype=np.int64)
    by_ring = average(imputed, labels, weights, alike=alike)
    return Spillovers(own=_own(panel, imputed), by_ring=by_ring, dropped=dropped)


def _ring_cells(panel: TownPanel, ring: Rings) -> tuple[tuple[Label, ...], list[Floats]]:
    labels, weights = [], []
    for number in range(1, int(np.where(panel.treated, 0, ring).max()) + 1):
        inside = ~panel.treated & (ring == number)
        if not inside.any():
            raise PanelError(f"no uncertified town lies in ring {number}: join it with the next")
        labels.append((RING, f"ring={number}", int(inside.any(axis=1).sum())))
        weights.append(_shares(panel, inside))
    if not labels:
        raise PanelError("no uncertified town ever lies near a certified one: there are no rings")
    return tuple(labels), weights


def _shares(panel: TownPanel, inside: NDArray[np.bool_]) -> Floats:
    weight = panel.weight[:, None] * inside
    return np.asarray(weight / weight.sum())


def _own(panel: TownPanel, imputed: Imputed) -> WithInfluence:
    """Effect on certified towns: near towns left out of the controls, kept in, the difference."""
    treated = int(panel.ever_treated.sum())
    weight = [_shares(panel, panel.treated)]
    clean = average(imputed, (("att", OVERALL, treated),), weight)
    ignoring = average(impute(panel), ((OWN_IGNORING, OVERALL, treated),), weight)
    both = beside(clean, ignoring)
    difference = clean.influence - ignoring.influence
    effect = clean.estimates[0].estimate - ignoring.estimates[0].estimate
    label = [(OWN_DIFFERENCE, OVERALL, treated)]
    apart = estimates_with_influence(NAME, label, np.array([effect]), difference, panel.town)
    return beside(both, apart)


def evidence(result: Spillovers) -> Evidence:
    """Whether towns near certified ones are fit to be controls: the difference of own effects."""
    clean, ignoring, difference = result.own.estimates
    judged = judge_violation(difference.estimate, difference.std_error, clean.estimate)
    return Evidence(
        estimator=NAME,
        assumption=NEEDS,
        test="near_towns_as_controls",
        cell="",
        statistic=difference.estimate / difference.std_error,
        p_value=judged.p_value,
        verdict=judged.verdict,
        sentence=(
            f"With towns near certified ones among the controls the own effect is "
            f"{ignoring.estimate:.3f}, without them {clean.estimate:.3f}; the difference, "
            f"{difference.estimate:.4f}, is the bias of taking them. {judged.sentence}"
        ),
    )


def clustered(result: WithInfluence, cluster: tuple[str, ...]) -> WithInfluence:
    """The same effects with errors clustered by larger units, such as counties.

    cluster: (towns,), that of each town. Near towns share their exposure, so errors by town may be
    too small.
    """
    labels, position = np.unique(np.array(cluster), return_inverse=True)
    sums = np.zeros((len(labels), len(result.estimates)))
    np.add.at(sums, position, result.influence)
    return estimates_with_influence(
        result.estimates[0].estimator,
        [(cell.target, cell.cell, cell.treated_towns) for cell in result.estimates],
        np.array([cell.estimate for cell in result.estimates]),
        sums * len(labels) / len(result.town),
        tuple(labels.tolist()),
    )


def county_totals(sales: TownPanel, county: tuple[str, ...]) -> WithInfluence:
    """Effect of having a certified town on a county's log total sales, and on its other towns'.

    sales: total sales of all towns, yuan; county: (towns,). A county counts as treated from the
    year in which its first town is certified, each county once. county_total is growth of the whole
    county, county_uncertified_total that of its towns never certified: below zero, certified towns
    grew at their cost; counties without such a town are not in it. Counts are those of counties.
    Raises PanelError where a county sold nothing in a year, or as impute() does.
    """
    whole = _log_totals(sales, county, np.ones(len(county), dtype=bool))
    others = _log_totals(sales, county, sales.first_treated_year == NEVER)
    return beside(
        _renamed(imputation(whole), COUNTY_TOTAL), _renamed(imputation(others), UNCERTIFIED_TOTAL)
    )


def _log_totals(sales: TownPanel, county: tuple[str, ...], counted: NDArray[np.bool_]) -> TownPanel:
    """Counties as units: log of the total over the towns counted, treated with the first town."""
    labels, position = np.unique(np.array(county), return_inverse=True)
    first = np.full(len(labels), NEVER)
    np.minimum.at(first, position, sales.first_treated_year)
    total = np.zeros((len(labels), len(sales.years)))
    np.add.at(total, position[counted], sales.outcome[counted])
    kept = np.isin(np.arange(len(labels)), position[counted])
    zero = np.argwhere(kept[:, None] & (total <= 0))
    if zero.size:
        place, year = zero[0]
        raise PanelError(f"county {labels[place]} sold nothing in {sales.years[year]}")
    return TownPanel(
        town=tuple(labels[kept].tolist()),
        years=sales.years,
        outcome=np.log(total[kept]),
        first_treated_year=first[kept],
        weight=np.ones(int(kept.sum())),
    )


def _renamed(result: WithInfluence, target: str) -> WithInfluence:
    """The overall effect alone, under another name."""
    first = result.take(np.arange(len(result.estimates)) == 0)
    cell = first.estimates[0]
    labels = [(target, OVERALL, cell.treated_towns)]
    effect = np.array([cell.estimate])
    return estimates_with_influence(cell.estimator, labels, effect, first.influence, first.town)
