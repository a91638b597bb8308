"""Of which towns and sellers an estimate is, once those are left out that a panel cannot hold.

Belongs here: what the composition is, as evidence. Not here: who is left out
(`panel/outcome_panel.py`). Estimates are of those that are left; where certification decides who is
left, or which years a town lacks, they compare other towns, or other sellers, than they seem to.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import fisher_exact

from assets.regression.significance import told_p
from assets.regression.verdict import SIGNIFICANCE
from assets.towns.assumptions.evidence import Evidence
from assets.towns.panel.outcome_panel import Kind

NEEDS = "Towns and sellers that are left out would have fared like those that are in."
NEEDS_GAPS = "Whether a town lacks a year has nothing to do with how it fared in it."
PANEL = "panel"  # in place of an estimator: all of them read it


def of_towns(
    certified: NDArray[np.bool_], left_out: NDArray[np.bool_], kinds: Sequence[Kind]
) -> Evidence:
    """How many towns are left out, why, and whether certified ones are more often.

    certified: (towns,) ever; left_out: (towns,); kinds: of those left out, why.
    """
    there = np.array(
        [[(side & left_out).sum(), (side & ~left_out).sum()] for side in (certified, ~certified)]
    )
    p_value = float(fisher_exact(there).pvalue) if there.sum(axis=1).all() else float("nan")
    reasons = ", ".join(f"{count} {kind}" for kind, count in sorted(Counter(kinds).items()))
    out, kept = there.T.tolist()
    told = (
        f"In the panel are {kept[0]} of {kept[0] + out[0]} towns ever certified and {kept[1]} of "
        f"{kept[1] + out[1]} others"
    )
    return Evidence(
        estimator=PANEL,
        assumption=NEEDS,
        test="composition_of_towns",
        cell="",
        statistic=float(left_out.mean()),
        p_value=p_value,
        verdict="cannot say" if left_out.any() else "for",
        sentence=(
            f"{told}. Left out: {reasons}.{_whether('are as often left out', p_value)}"
            if left_out.any()
            else f"{told}, all of them."
        ),
    )


def of_gaps(certified: NDArray[np.bool_], seen: NDArray[np.bool_]) -> Evidence:
    """How many towns lack a year, and whether certified ones do more often.

    certified: (towns,) ever; seen: (towns, years), whether there is an outcome.
    """
    lacks = ~seen.all(axis=1)
    told, there = [], []
    for who, side in (("towns ever certified", certified), ("others", ~certified)):
        lacking, towns = int((side & lacks).sum()), int(side.sum())
        there.append([lacking, towns - lacking])
        part = 100 * (~seen[side]).sum() / max(seen[side].size, 1)
        told.append(f"{lacking} of {towns} {who} ({part:.1f} % of their years)")
    p_value = float(fisher_exact(there).pvalue) if all(map(sum, there)) else float("nan")
    return Evidence(
        estimator=PANEL,
        assumption=NEEDS_GAPS,
        test="composition_of_years",
        cell="",
        statistic=float((~seen).mean()),
        p_value=p_value,
        verdict="cannot say" if lacks.any() else "for",
        sentence=f"{' and '.join(told)} lack a year.{_whether('as often lack one', p_value)}",
    )


def _whether(what: str, p_value: float) -> str:
    """What Fisher's test says of that, of certified towns; empty where there is no test."""
    if not np.isfinite(p_value):
        return ""
    rejected = "rejected" if p_value < SIGNIFICANCE else "not rejected"
    return f" That certified towns {what} is {rejected} ({told_p(p_value)})."


@dataclass(frozen=True, slots=True)
class Sellers:
    """Counts of a side's sellers in a year."""

    counted: float  # behind the outcome
    open_shops: float

    @property
    def share(self) -> float:
        """Of the shops open that are counted, per cent."""
        return 100 * self.counted / self.open_shops if self.open_shops else float("nan")


def of_sellers(who: str, certified: Sequence[Sellers], others: Sequence[Sellers]) -> Evidence:
    """Which part of the shops the outcome is of, in the first and the last year of each side.

    who: which shops these are, in words.
    """
    first, last = ((certified[k].share - others[k].share) for k in (0, 1))
    return Evidence(
        estimator=PANEL,
        assumption=NEEDS,
        test="composition_of_sellers",
        cell="",
        statistic=last - first,
        p_value=float("nan"),
        verdict="cannot say",
        sentence=(
            f"The outcome is of shops {who}. In towns "
            f"ever certified they are {certified[0].share:.1f} % of the shops open in the first "
            f"year and {certified[1].share:.1f} % in the last, in others {others[0].share:.1f} and "
            f"{others[1].share:.1f} %: the two part by {last - first:+.1f} points. Shops that come "
            "and go are seen in new sellers, exits and sales per shop alone."
        ),
    )
