"""Invented towns in counties in prefectures in provinces, on real ground.

Belongs here: places, development, distances. Not here: sellers, certification, or any real place:
every name says that it is simulated; only the coordinates lie within China.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.towns.simulation.design import Design

Array = NDArray[np.float64]
Positions = NDArray[np.int64]

# A box that lies wholly inland within China: degrees, west, east, south, north.
WEST, EAST, SOUTH, NORTH = 101.0, 116.5, 24.0, 39.0
MOST_PROVINCES, PREFECTURES_PER_PROVINCE = 30, 4
# Scatter around the centre of the larger unit, degrees (1 degree is about 100 km).
PREFECTURE_SCATTER, COUNTY_SCATTER, TOWN_SCATTER = 1.5, 0.6, 0.2
# Standard deviations of development within the larger unit; the sum is then standardised.
LEVELS_SD = {"province": 0.5, "prefecture": 0.4, "county": 0.5, "town": 0.6}
MEDIAN_GDP_PER_HEAD_CNY, LOG_GDP_SD = 25_000.0, 0.45
POVERTY_COUNTY_SHARE, ETHNIC_SHARE, SUBDISTRICT_SHARE = 0.25, 0.12, 0.08


@dataclass(frozen=True, slots=True)
class Geography:
    """Where the towns lie and how developed they are; all arrays of shape (towns,)."""

    county: Positions  # positions, as the next two
    prefecture: Positions
    province: Positions
    longitude_deg: Array
    latitude_deg: Array
    development: Array  # mean 0, SD 1
    baseline_gdp_per_head_cny: Array
    is_poverty_county: NDArray[np.bool_]
    is_ethnic_autonomous: NDArray[np.bool_]
    is_subdistrict: NDArray[np.bool_]


def draw_geography(design: Design, rng: np.random.Generator) -> Geography:
    """Towns of one simulated country."""
    county = np.arange(design.towns) // design.towns_per_county
    prefecture = county // design.counties_per_prefecture
    prefectures = prefecture[-1] + 1
    provinces = int(np.clip(prefectures // PREFECTURES_PER_PROVINCE, 1, MOST_PROVINCES))
    province = prefecture * provinces // prefectures
    longitude, latitude = _coordinates(county, prefecture, province, rng)
    development = _development(county, prefecture, province, rng)
    by_county = np.bincount(county, development) / np.bincount(county)
    poverty_line = np.quantile(by_county, POVERTY_COUNTY_SHARE)
    # Less developed counties are more often ethnic autonomous, sub-districts more developed.
    ethnic = rng.random(len(by_county)) < np.clip(ETHNIC_SHARE * (1 - 0.5 * by_county), 0, 1)
    subdistrict = np.clip(SUBDISTRICT_SHARE * (1 + 0.7 * development), 0, 1)
    gdp = MEDIAN_GDP_PER_HEAD_CNY * np.exp(LOG_GDP_SD * development)
    return Geography(
        county=county,
        prefecture=prefecture,
        province=province,
        longitude_deg=longitude,
        latitude_deg=latitude,
        development=development,
        baseline_gdp_per_head_cny=np.round(gdp),
        is_poverty_county=by_county[county] <= poverty_line,
        is_ethnic_autonomous=ethnic[county],
        is_subdistrict=rng.random(design.towns) < subdistrict,
    )


def _coordinates(
    county: Positions, prefecture: Positions, province: Positions, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Degrees to four decimals (about 10 m)."""
    degrees = []
    for low, high in ((WEST, EAST), (SOUTH, NORTH)):
        centre = rng.uniform(low, high, province[-1] + 1)[province]
        for unit, scatter in ((prefecture, PREFECTURE_SCATTER), (county, COUNTY_SCATTER)):
            centre = centre + rng.normal(0, scatter, unit[-1] + 1)[unit]
        centre = centre + rng.normal(0, TOWN_SCATTER, len(county))
        degrees.append(np.round(_folded(centre, low, high), 4))
    return degrees[0], degrees[1]


def _folded(values: Array, low: float, high: float) -> Array:
    """Values beyond an edge mirrored back inside, so that none pile up there."""
    width = high - low
    place = np.abs((values - low) % (2 * width))
    return np.asarray(low + np.minimum(place, 2 * width - place))


def _development(
    county: Positions, prefecture: Positions, province: Positions, rng: np.random.Generator
) -> Array:
    units = (province, prefecture, county, np.arange(len(county)))
    total: Array = np.zeros(len(county))
    for unit, sd in zip(units, LEVELS_SD.values(), strict=True):
        total = total + rng.normal(0, sd, unit[-1] + 1)[unit]
    spread = total.std()
    return np.asarray((total - total.mean()) / (spread if spread > 0 else 1.0))
