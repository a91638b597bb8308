"""A figure that a slipped decimal point would explain stops the document; real series do not."""

import random
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assets.extracts.document import Document
from assets.extracts.errors import DocumentError
from assets.extracts.taken.outlying import Outlying, outlying

Try = Callable[..., Document]
GANSU = {2013: 6014.5, 2014: 6518.4, 2015: 6556.6, 2016: 6907.9, 2017: 7336.7, 2018: 8104.1}


def odd(series: dict[int, float], before: dict[int, float] | None = None) -> list[Outlying]:
    return list(outlying({"CN-GS": series}, {"CN-GS": before or {}}))


@given(
    growth=st.lists(st.floats(-0.3, 0.5), min_size=3, max_size=14),
    data=st.data(),
    power=st.sampled_from([-4, -3, -2, -1, 1, 2, 3, 4]),
)
def test_a_slip_is_found_in_any_steady_series(
    growth: list[float], data: st.DataObject, power: int
) -> None:
    # Of the last years but one alone, since any of two neighbours may be the wrong one.
    series, value = {2000: 1000.0}, 1000.0
    for year, rate in enumerate(growth, start=2001):
        series[year] = value = value * (1 + rate)
    assert odd(series) == []
    year = data.draw(st.sampled_from(sorted(series)[1:-1]))
    [found] = odd({**series, year: series[year] * 10.0**power})
    assert found.year == year
    assert found.power == pytest.approx(power, abs=0.35)


@pytest.mark.parametrize("year", GANSU)
@pytest.mark.parametrize("power", [-2, -1, 1, 2])
def test_a_slip_at_any_place(year: int, power: int) -> None:
    assert [o.year for o in odd({**GANSU, year: GANSU[year] * 10.0**power})] == [year]


def test_another_unit_from_some_year_on() -> None:
    found = odd({year: value * (10 if year > 2015 else 1) for year, value in GANSU.items()})
    assert [o.year for o in found] == [2016, 2017]  # 2017 is two years from 2015, too


def test_the_edition_before_stands_in_for_years_that_this_one_lacks() -> None:
    assert odd({2018: 810.41}, GANSU)[0].power == pytest.approx(-1)
    assert [o.year for o in odd({2019: 87183.0}, GANSU)] == [2019]
    assert odd({2019: 8718.3}, GANSU) == []
    assert odd({2018: 8246.1}, GANSU) == []  # a revision


def test_what_falls_to_nothing_is_no_slip() -> None:
    # Registered poor of a province, 10,000 persons, to the end of the campaign.
    poor = {2014: 417.0, 2015: 317.0, 2016: 256.0, 2017: 189.0, 2018: 111.0, 2019: 17.5}
    assert odd(poor) == []
    assert odd({2013: 552.0, 2019: 17.5}) == []


def test_what_is_usual_of_a_series_is_no_slip() -> None:
    wild = {2010: 7.0, 2011: 60.0, 2012: 8.0, 2013: 90.0, 2014: 7.0, 2015: 80.0, 2016: 9.0}
    assert odd(wild) == []


TABLE = ["指标,2016年,2017年,2018年", "地区生产总值(亿元),6907.9,7336.7,8104.1"]


def test_each_remedy_works(attempt: Try, landing: Path, catalogue: ModuleType) -> None:
    lines = [line.replace("7336.7", "733.67") for line in TABLE]
    with pytest.raises(DocumentError, match="times too small") as caught:
        attempt(lines)
    error = caught.value
    assert error.cell == "C2"
    assert "2016 '6907.9' in B2; 2018 '8104.1' in D2" in error.found
    [line] = [line for line in error.advice.splitlines() if line.strip().startswith("confirmed:")]
    stated = yaml.safe_load(line)
    assert stated == {"confirmed": {"C2": "733.67"}}
    assert len(attempt(lines, **stated).observations) == 3
    with pytest.raises(DocumentError, match="times too small"):  # what was confirmed changed
        attempt([line.replace("733.67", "733.7") for line in lines], **stated)
    [entry] = yaml.safe_load(error.advice.splitlines()[1])
    entry |= {"right": "7336.7", "reason": "slipped", "source": "errata"}
    path = landing / catalogue.SOURCE / "2020/corrections.yaml"
    path.write_text(yaml.safe_dump([entry], allow_unicode=True), encoding="utf-8")
    assert [row.value for row in attempt(lines).observations] == [6907.9, 7336.7, 8104.1]


def test_an_edition_is_held_against_the_one_before(attempt: Try) -> None:
    attempt(TABLE, edition=2019)
    with pytest.raises(DocumentError, match="in the edition before"):
        attempt(["指标,2018年", "地区生产总值(亿元),810.41"], edition=2020)
    assert (
        len(attempt(["指标,2018年", "地区生产总值(亿元),8246.1"], edition=2020).observations) == 1
    )


def test_a_slip_in_a_panel_is_found_whatever_the_regions() -> None:
    draw = random.Random(7)
    panel = {
        f"R{i}": {
            y: 50.0 * (i + 1) * 1.08 ** (y - 2000) * draw.uniform(0.95, 1.05)
            for y in range(2000, 2020)
        }
        for i in range(31)
    }
    assert list(outlying(panel, {})) == []
    for region in ("R0", "R30"):
        slipped = {**panel, region: {**panel[region], 2019: panel[region][2019] / 10}}
        assert [(o.series, o.year) for o in outlying(slipped, {})] == [(region, 2019)]
