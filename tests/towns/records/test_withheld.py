"""What is withheld is what hiding one area after the other would withhold, found in fewer looks."""

from math import log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.towns.records.disclosing import disclosure
from assets.towns.records.disclosing.disclosure import NATION, AreaYear, totals_of, withheld

GROUPS = ("all", "female", "male", "gender_unknown", "young", "not_young")


def country(seed: int, towns: int, per_county: int, share_of_one: float) -> list[AreaYear]:
    """A made-up country of one year; one shop has this share of the others' sales."""
    rng = np.random.default_rng(seed)
    sizes = np.where(rng.random(towns) < 0.3, rng.integers(1, 6, towns), rng.integers(6, 40, towns))
    town = np.repeat(np.arange(towns), sizes)
    gender, young = rng.choice(3, len(town), p=[0.4, 0.55, 0.05]), rng.random(len(town)) < 0.5
    sales = np.round(np.exp(rng.normal(10, 1, len(town))), 2) * (rng.random(len(town)) < 0.9)
    sales[0] = max(sales[0], round(share_of_one * sales.sum(), 2))
    of_group = {"female": gender == 0, "male": gender == 1, "gender_unknown": gender == 2}
    of_group |= {"all": gender >= 0, "young": young, "not_young": ~young}
    figures = []
    for level, per_area in (("town", 1), ("county", per_county), ("province", 3 * per_county)):
        area = town // per_area
        for number in range(int(area[-1]) + 1):
            parent = {
                "town": f"C{number // per_county}",
                "county": f"P{number // 3}",
                "province": "nation",
            }[level]
            for group in GROUPS:
                own = sales[(area == number) & of_group[group]]
                figures.append(
                    AreaYear(
                        dataset="made_up",
                        year=2016,
                        level=level,
                        area=f"{level[0].upper()}{number}",
                        parent=parent,
                        seller_group=group,
                        sellers=len(own),
                        active_sellers=int((own > 0).sum()),
                        top_seller_sales_cny=float(own.max(initial=0)),
                        sales_cny=float(own.sum()),
                        orders=3 * len(own),
                    )
                )
    return figures


def one_by_one(self: disclosure._Hiding, parent: disclosure.Area) -> None:
    """The smallest shown area is hidden, and it is looked again, until what is known is wide."""
    while parent not in self.hidden and not self._is_wide(parent):
        others = self._shown_children(parent)
        if others:
            self.hidden.update(self._with_parts(min(others, key=self._size)))
        elif parent == NATION:
            return
        else:
            self.hidden.add(parent)


@settings(max_examples=150)
@given(
    seed=st.integers(0, 10**6),
    towns=st.integers(1, 40),
    per_county=st.integers(1, 12),
    share_of_one=st.sampled_from((0.0, 0.05, 0.3, 1.0)),
)
def test_as_one_by_one(seed: int, towns: int, per_county: int, share_of_one: float) -> None:
    totals = totals_of(country(seed, towns, per_county, share_of_one))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(disclosure._Hiding, "_protect_below", one_by_one)
        expected = withheld(totals)
    assert withheld(totals) == expected


def test_one_shop_as_large_as_many_towns_takes_few_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    towns, looks = 300, []
    totals = totals_of(country(7, towns, towns, 0.3))
    is_wide = disclosure._Hiding._is_wide

    def counted(self: disclosure._Hiding, parent: disclosure.Area) -> bool:
        looks.append(parent)
        return is_wide(self, parent)

    monkeypatch.setattr(disclosure._Hiding, "_is_wide", counted)
    hidden = {area for area, group in withheld(totals) if group == "all" and area[0] == "town"}
    assert 100 < len(hidden) < towns  # it takes many towns to hide the one
    assert len(looks) <= 3 * 3 * (2 * log2(towns) + 3)  # breakdowns and the total, three levels
