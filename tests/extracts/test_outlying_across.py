"""A slip that a series cannot show by itself is told by the other regions of the table."""

import random
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.meaning.registry import regions
from assets.extracts.taken.outlying_across import out_of_line, out_of_step

Try = Callable[..., Document]
PROVINCES = [code for code, region in regions().items() if region.is_chinese_province]
RESIDENTS = {code: regions()[code].census_2020_10k_persons or 1.0 for code in PROVINCES}
Panel = dict[str, dict[int, float]]


def panel(seed: int, years: range, spread: float = 0.2) -> Panel:
    """What 31 provinces have a head, times residents, which grows like theirs."""
    draw = random.Random(seed)
    levels = {code: 2 * 10 ** draw.gauss(0, spread) * RESIDENTS[code] for code in PROVINCES}
    return {
        code: {year: level * 1.07 ** (year - 2000) * draw.uniform(0.95, 1.05) for year in years}
        for code, level in levels.items()
    }


@pytest.mark.parametrize("power", [-4, -2, -1, 1, 2, 4])
@pytest.mark.parametrize("seed", range(5))
def test_a_slip_that_all_years_share(seed: int, power: int) -> None:
    sound = panel(seed, range(2010, 2020), spread=0.1)
    assert list(out_of_line(sound, RESIDENTS)) == []
    slipped = {**sound, "CN-GS": {y: v * 10.0**power for y, v in sound["CN-GS"].items()}}
    [(found, years)] = out_of_line(slipped, RESIDENTS)
    assert (found.series, years) == ("CN-GS", tuple(range(2010, 2020)))
    assert found.power == pytest.approx(power, abs=0.5)


@pytest.mark.parametrize("power", [-2, -1, 1, 2])
def test_a_year_alone_is_held_against_the_edition_before(power: int) -> None:
    both = panel(1, range(2018, 2020))
    before = {code: {2018: of[2018]} for code, of in both.items()}
    now = {code: {2019: of[2019]} for code, of in both.items()}
    assert list(out_of_step(now, before)) == []
    slipped = {**now, "CN-GS": {2019: now["CN-GS"][2019] * 10.0**power}}
    [found] = out_of_step(slipped, before)
    assert (found.series, found.year) == ("CN-GS", 2019)
    assert found.power == pytest.approx(power, abs=0.1)


def test_what_all_regions_do_is_no_slip() -> None:
    # Counts that fall to nothing everywhere, each in its own way.
    draw = random.Random(3)
    fall = {code: {2018: 40.0, 2019: 40 * 10 ** -draw.uniform(0.5, 1.5)} for code in PROVINCES}
    assert list(out_of_step(fall, {})) == []
    seven = {code: fall[code] for code in PROVINCES[:7]}
    seven["CN-BJ"] = {2018: 40.0, 2019: 4000.0}
    assert list(out_of_step(seven, {})) == []  # too few to say what is usual
    assert list(out_of_line({c: {2018: 10.0**i} for i, c in enumerate(PROVINCES)}, RESIDENTS)) == []


@pytest.fixture
def attempt(catalogue: ModuleType, landing: Path) -> Try:
    """Read a table of provinces by year, in 100 million yuan."""

    def of(figures: Panel, edition: int = 2020, **changes: Any) -> Document:
        years = sorted({year for of_region in figures.values() for year in of_region})
        lines = [",".join(["地区", *(f"{year}年" for year in years)])]
        names = {code: regions()[code].name_zh for code in figures}
        lines += [
            ",".join([names[code], *(f"{figures[code][year]:.1f}" for year in years)])
            for code in figures
        ]
        raw = ("\n".join(lines) + "\n").encode()
        axes = {
            "indicator": {"once": "gross_product"},
            "region": {"down": "地区"},
            "year": {"across": 1},
        }
        table = {"axes": axes, "unit": "亿元", **changes}
        card = catalogue.sound_card("t.csv", raw, {"1": table}, edition)
        catalogue.write_folder(landing, {**card, "region": "CN"}, raw, edition)
        return read_document(landing / catalogue.SOURCE / f"{edition}/card.yaml", landing)

    return of


def confirmed(error: DocumentError) -> dict[str, Any]:
    [line] = [li for li in error.advice.splitlines() if li.strip().startswith("confirmed:")]
    stated: dict[str, Any] = yaml.safe_load(line)
    return stated


def test_one_line_of_the_card_confirms_a_whole_series(attempt: Try) -> None:
    sound = panel(2, range(2015, 2020), spread=0.1)
    assert len(attempt(sound).observations) == 5 * 31
    slipped = {**sound, "CN-GS": {y: v * 10 for y, v in sound["CN-GS"].items()}}
    with pytest.raises(DocumentError, match=r"2015-2019, is .* times too large") as caught:
        attempt(slipped)
    assert "a head, as 30 other regions have it" in caught.value.found
    [fault] = caught.value.every
    assert len(attempt(slipped, **confirmed(fault)).observations) == 5 * 31


def test_an_edition_of_one_year_is_held_against_the_one_before(attempt: Try) -> None:
    both = panel(4, range(2018, 2020), spread=0.1)
    attempt({code: {2018: of[2018]} for code, of in both.items()}, edition=2019)
    now = {code: {2019: of[2019]} for code, of in both.items()}
    assert len(attempt(now).observations) == 31
    now["CN-GS"][2019] /= 10
    with pytest.raises(DocumentError, match="times too small") as caught:
        attempt(now)
    assert len(attempt(now, **confirmed(caught.value)).observations) == 31
