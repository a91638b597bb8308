"""Size of the break tests and of the vintage rules; planted breaks are found. All simulated."""

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[3] / "benchmarks" / "drift_power.py"


@pytest.fixture(scope="module")
def power() -> ModuleType:
    spec = importlib.util.spec_from_file_location("drift_power", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def shares(power: ModuleType, *case: float) -> object:
    return power.shares(*case, np.random.default_rng(1))


@pytest.mark.parametrize(("n", "p"), [(8, 1), (8, 4), (15, 4)])
def test_noise_is_rejected_in_5_per_cent(power: ModuleType, n: int, p: int) -> None:
    # 20,000 samples: the standard error is 0.15 points, and as much again for the critical value
    found = shares(power, n, p, 0.0, 1)
    assert 0.03 <= found.any_year <= 0.07
    assert 0.03 <= found.last_year <= 0.07


def test_a_break_before_the_last_year_is_found(power: ModuleType) -> None:
    # 98, 100 and 28 of 100 in the table of the benchmark, with another seed
    found = shares(power, 8, 1, 10.0, 1)
    assert found.last_year > 0.99
    assert found.any_year > 0.9
    assert found.moved_ols < found.any_year  # the rule of two standard errors is the weaker one


def test_with_four_regressors_in_eight_years_the_rule_is_no_test(power: ModuleType) -> None:
    found = shares(power, 8, 4, 0.0, 1)
    assert found.moved_ols > 0.07  # more false alarms than a test at 5 % would have
    assert found.anything > 0.5  # mostly ranks: five rules on four slopes


@pytest.mark.slow
def test_the_whole_table(power: ModuleType) -> None:
    rng = np.random.default_rng(2)
    for n, p in power.CASES:
        for size, after in power.cases(n):
            found = power.shares(n, p, size, after, rng)
            if size == 0:
                assert 0.03 <= found.any_year <= 0.07, (n, p)
                assert 0.03 <= found.last_year <= 0.07, (n, p)
            if size == 10 and after == 1:
                assert found.last_year > 0.5, (n, p)
                assert found.last_year > found.any_year - 0.02, (n, p)  # it knows where to look
