"""Errors by distance: brute force, equivalences that fixest tests itself by, and a library."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.regression.panels.conley import Kernel, conley
from assets.regression.panels.great_circle import EARTH_RADIUS_KM

CUTOFF_KM = 150.0


def regression(seed: int, units: int = 60) -> dict[str, np.ndarray]:
    """A regression by least squares of places in a square of some 5 degrees."""
    generator = np.random.default_rng(seed)
    X = np.column_stack([np.ones(units), generator.normal(size=(units, 2))])
    y = X @ [1.0, 0.5, -0.2] + generator.normal(size=units)
    residual = y - X @ np.linalg.lstsq(X, y, rcond=None)[0]
    return {
        "X": X,
        "residual": residual,
        "influence": units * residual[:, None] * (X @ np.linalg.inv(X.T @ X)),
        "longitude": generator.uniform(103, 108, units),
        "latitude": generator.uniform(33, 38, units),
    }


def haversine_km(longitude: np.ndarray, latitude: np.ndarray, i: int, j: int) -> float:
    lam, phi = np.radians(longitude), np.radians(latitude)
    a = np.sin((phi[i] - phi[j]) / 2) ** 2
    a += np.cos(phi[i]) * np.cos(phi[j]) * np.sin((lam[i] - lam[j]) / 2) ** 2
    return float(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(a)))


@pytest.mark.parametrize("kernel", ["uniform", "bartlett"])
def test_it_is_the_sum_over_all_pairs(kernel: Kernel) -> None:
    data = regression(1)
    influence, total = data["influence"], 0.0
    for i in range(60):
        for j in range(60):
            distance = haversine_km(data["longitude"], data["latitude"], i, j)
            if distance <= CUTOFF_KM:
                weight = 1.0 if kernel == "uniform" else 1 - distance / CUTOFF_KM
                total = total + weight * np.outer(influence[i], influence[j])
    found = conley(influence, data["longitude"], data["latitude"], CUTOFF_KM, kernel)
    np.testing.assert_allclose(found, total / 60**2, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("kernel", ["uniform", "bartlett"])
def test_it_is_that_of_diff_diff(kernel: Kernel) -> None:
    from diff_diff.linalg import compute_robust_vcov

    data = regression(2)
    theirs = compute_robust_vcov(
        data["X"],
        data["residual"],
        vcov_type="conley",
        conley_coords=np.column_stack([data["latitude"], data["longitude"]]),
        conley_cutoff_km=CUTOFF_KM * 6371.01 / EARTH_RADIUS_KM,  # on its slightly larger Earth
        conley_kernel=kernel,
    )
    found = conley(data["influence"], data["longitude"], data["latitude"], CUTOFF_KM, kernel)
    np.testing.assert_allclose(found, theirs, rtol=1e-8, atol=1e-14)


def test_places_far_apart_are_clusters_and_a_short_cutoff_is_white() -> None:
    # As fixest's own tests of vcov_conley: latitudes within one degree, longitudes 80 apart.
    data = regression(3, units=150)
    latitude, place = np.tile(np.linspace(-0.5, 0.5, 50), 3), np.repeat([0, 1, 2], 50)
    X, residual = data["X"], data["residual"]
    bread = np.linalg.inv(X.T @ X)
    scores = np.array([X[place == k].T @ residual[place == k] for k in range(3)])
    by_place = bread @ scores.T @ scores @ bread
    found = conley(data["influence"], 80.0 * place, latitude, 200.0)
    np.testing.assert_allclose(found, by_place, rtol=1e-9, atol=1e-15)
    white = bread @ (X.T * residual**2) @ X @ bread
    for kernel in ("uniform", "bartlett"):
        alone = conley(data["influence"], 80.0 * place, latitude, 1.0, kernel)
        np.testing.assert_allclose(alone, white, rtol=1e-9, atol=1e-15)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), turn=st.floats(-170, 170), cutoff=st.floats(1, 2000))
def test_turning_the_globe_changes_nothing(seed: int, turn: float, cutoff: float) -> None:
    data = regression(seed, units=20)
    longitude = data["longitude"] + 77.0  # so that it can cross the date line
    before, after = (
        conley(data["influence"], longitude + by, data["latitude"], cutoff, "bartlett")
        for by in (0.0, turn)
    )
    np.testing.assert_allclose(after, before, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("cutoff", [0.0, -1.0, float("nan"), 30_000.0])
def test_a_cutoff_is_a_distance(cutoff: float) -> None:
    data = regression(1)
    with pytest.raises(ValueError, match="cutoff_km is"):
        conley(data["influence"], data["longitude"], data["latitude"], cutoff)
