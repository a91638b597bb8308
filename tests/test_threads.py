"""Threads that processes take for linear algebra: one each, on any number of cores."""

import ctypes
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import scipy.linalg

PROJECT = Path(__file__).parents[1]
ASKED = "openblas_get_num_threads"
TELL = (
    "{}; from tests.test_threads import threads_of_algebra; "
    "print(sorted(threads_of_algebra().values()))"
)


def threads_of_algebra() -> dict[str, int]:
    """By folder of each library that this process has loaded, how many threads it computes in."""
    assert np.linalg.det(np.eye(2)) == scipy.linalg.det(np.eye(2)) == 1.0  # both are loaded
    loaded = re.findall(r"\S*openblas\S*\.so\S*", Path("/proc/self/maps").read_text())
    found = {}
    for path in set(loaded):
        library = ctypes.CDLL(path)
        (name,) = (
            name
            for name in (f"scipy_{ASKED}64_", f"scipy_{ASKED}", ASKED)
            if hasattr(library, name)
        )
        found[Path(path).parent.name] = getattr(library, name)()
    return found


def test_each_process_of_the_tests_computes_in_one_thread() -> None:
    found = threads_of_algebra()
    # What other tests compare with brings a third one.
    assert {"numpy.libs", "scipy.libs"} <= found.keys(), found
    assert set(found.values()) == {1}, found


@pytest.mark.parametrize(
    "loads",
    [
        "import orchestration.definitions",
        "import orchestration.commands.cli",
        "import orchestration.checks.judging_process",
        "import assets.towns.study.two_processes",
    ],
)
def test_each_process_of_the_product_does_whatever_it_is_told(loads: str) -> None:
    """Sums added up by two threads differ in the last bits from those of one."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", TELL.format(loads)],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "2"},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[1, 1]\n"
