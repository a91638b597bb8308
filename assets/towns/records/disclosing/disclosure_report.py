"""What an output officer needs to sign a release of the town study, as one page of Markdown.

Belongs here: the rules in words, counts, the attack on what is shown, and the page. Not here: the
rules themselves (`disclosure.py`), the attacker (`disclosure_attack.py`), reading the warehouse.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import get_args

from assets.towns.records.disclosing.disclosure import (
    MAX_TOP_SHARE,
    MIN_SELLERS,
    AreaYear,
    Reason,
    totals_of,
)
from assets.towns.records.disclosing.disclosure_attack import (
    EXACT,
    Attack,
    Place,
    Unknown,
    release_of,
)
from assets.towns.records.record_rows import AreaDisclosureRow

P_PERCENT = 0.10  # an interval narrower than this share of a figure counts as giving it away
MIN_DEGREES_OF_FREEDOM = 10  # what ACRO asks of a model
MEASURES = ("sellers", "sales_cny", "orders")
TABLES = {
    "town": "towns.town_year",
    "county": "towns.county_year",
    "province": "towns.province_year",
}


@dataclass(frozen=True, slots=True)
class Model:
    """One published estimation and what it rests on; fields of `commands/disclosed_models`."""

    dataset: str
    estimator: str
    sample: str
    control_pool: str
    outcome: str
    cluster: str
    towns: int
    treated_towns: int
    sellers: int | None
    clusters_df: float | None  # effective clusters of both sides, less one each


@dataclass(frozen=True, slots=True)
class Attacked:
    """What the attacker found of the unsafe figures of one data set, measure and year."""

    measure: str
    year: int
    unsafe: int
    exact: int
    within_p_percent: int


def attacked_years(
    figures: Sequence[AreaYear], shown: Sequence[AreaDisclosureRow]
) -> list[Attacked]:
    """The attack on every year of one data set, each measure alone.

    A year that stands without an area of the records in force is left out: its own are gone.
    """
    places: dict[int, set[Place]] = defaultdict(set)
    published: dict[int, set[Place]] = defaultdict(set)
    for row in shown:
        place = (row.level, row.area, row.seller_group)
        places[row.year].add(place)
        if row.is_published:
            published[row.year].add(place)
    of_year: dict[int, list[AreaYear]] = defaultdict(list)
    for each in figures:
        of_year[each.year].append(each)
    return [
        _attacked(measure, year, of_year[year], published[year])
        for year in sorted(of_year)
        if all((e.level, e.area, e.seller_group) in places[year] for e in of_year[year])
        for measure in MEASURES
    ]


def _attacked(
    measure: str, year: int, figures: Sequence[AreaYear], shown: Collection[Place]
) -> Attacked:
    totals = totals_of(figures)
    unsafe: dict[Unknown, float] = {
        (0, (each.level, each.area, each.seller_group)): float(getattr(each, measure))
        for each in figures
        if totals.figures[(each.level, each.area), each.seller_group].is_unsafe
        and getattr(each, measure) > 0
    }
    attack = Attack([release_of(figures, shown, measure)])
    exact = attack.narrow(unsafe, EXACT)
    return Attacked(measure, year, len(unsafe), len(exact), len(attack.narrow(unsafe, P_PERCENT)))


def changed_years(figures: Sequence[AreaYear], shown: Sequence[AreaDisclosureRow]) -> list[int]:
    """Years that stand as published though the records in force give other totals by now."""
    now = {(each.year, each.level, each.area, each.seller_group): each for each in figures}
    changed = {
        row.year
        for row in shown
        if row.is_published
        and not _agrees(row, now.get((row.year, row.level, row.area, row.seller_group)))
    }
    return sorted(changed)


def _agrees(row: AreaDisclosureRow, now: AreaYear | None) -> bool:
    return now is not None and (row.sellers, row.sales_cny, row.orders) == (
        now.sellers,
        now.sales_cny,
        now.orders,
    )


def disclosure_page(
    name: str,
    shown: Sequence[AreaDisclosureRow],
    attacked: Sequence[Attacked],
    changed: Sequence[int],
    models: Sequence[Model],
) -> list[str]:
    """The lines on one data set. name: of it, and that it is simulated where it is."""
    return [
        f"## Data set {name}",
        "",
        *_tables(shown),
        "",
        *_attack(attacked, changed, {row.year for row in shown}),
        "",
        *_models(models),
        "",
    ]


RULES = [
    "## Rules",
    "",
    f"- Threshold: a figure of fewer than {MIN_SELLERS} sellers with sales is withheld.",
    f"- Dominance: so is one of which a single seller made more than {MAX_TOP_SHARE:.0%} (n = 1).",
    "- Complementary: so are as many others as leave every unsafe figure open to half of it at "
    "least, above and below, and every count of sellers to an interval of "
    f"{MIN_SELLERS}, for whoever adds and subtracts all that is shown.",
    "- Over releases: what is shown of a year stands in every later release, so that releases "
    "cannot be subtracted.",
    f"- Models: at least {MIN_DEGREES_OF_FREEDOM} residual degrees of freedom are asked for; "
    "those with fewer are marked.",
    "- `towns.certification` shows the sales by which a town is judged where "
    "`towns.town_year` shows them, by the same rules; lists of towns and villages are no secret.",
    "",
]


def _tables(shown: Sequence[AreaDisclosureRow]) -> list[str]:
    counts = Counter((row.level, row.year, row.reason) for row in shown)
    standing = {row.year for row in shown if row.is_standing}
    lines = [
        "### Published tables",
        "",
        "Figures by why they are withheld: threshold and dominance are primary. Of years marked "
        "*, what stands is what an earlier release showed.",
        "",
        "| table | year | figures | shown | few sellers | one dominates | complementary "
        "| reason not kept |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for level, year in sorted({(row.level, row.year) for row in shown}):
        own = [counts[level, year, reason] for reason in (None, *get_args(Reason))]
        cells = " | ".join(str(number) for number in (sum(own), *own))
        lines.append(f"| {TABLES[level]} | {year}{'*' * (year in standing)} | {cells} |")
    return lines


def _attack(
    attacked: Sequence[Attacked], changed: Sequence[int], years: Collection[int]
) -> list[str]:
    lines = [
        "### Attack",
        "",
        "A linear program that knows every figure shown, that none is negative, that parts add up, "
        "and the totals of the nation, asked for every unsafe figure how small and how large it "
        f"can be. Exact: to {EXACT:.0e} of it. Close: to {P_PERCENT:.0%} of it.",
        "",
        "| measure | years | unsafe figures | exact | close |",
        "|---|---|---|---|---|",
    ]
    for measure in MEASURES:
        own = [each for each in attacked if each.measure == measure]
        if own:
            lines.append(
                f"| {measure} | {own[0].year} to {own[-1].year} | {sum(e.unsafe for e in own)} "
                f"| {sum(e.exact for e in own)} | {sum(e.within_p_percent for e in own)} |"
            )
    if left := sorted(set(years) - {each.year for each in attacked}):
        names = ", ".join(map(str, left))
        lines += ["", f"NOT attacked: {names}, whose areas are not those of the records in force."]
    if changed:
        names = ", ".join(map(str, changed))
        lines += [
            "",
            f"The records in force give other totals of {names} than were published. What was "
            "published stands, and the attack on these years is on the records in force: it shows "
            "less than the release of that time did.",
        ]
    return lines


def _models(models: Sequence[Model]) -> list[str]:
    lines = [
        "### Models",
        "",
        "Degrees of freedom: effective treated and control clusters, less one on each side; where "
        "a method has none, towns less two.",
        "",
        "| estimator | sample | controls | outcome | towns | certified | sellers | df | |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for each in models:
        df = each.towns - 2 if each.clusters_df is None else each.clusters_df
        few = "FEW" if df < MIN_DEGREES_OF_FREEDOM else ""
        sellers = "" if each.sellers is None else str(each.sellers)
        lines.append(
            f"| {each.estimator} | {each.sample} | {each.control_pool} | {each.outcome} "
            f"| {each.towns} | {each.treated_towns} | {sellers} | {df:.1f} | {few} |"
        )
    return lines if models else [*lines[:2], "None is published."]
