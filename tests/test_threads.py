"""What the processes of the tests take of the machine: one core each."""

import ctypes
import re
from pathlib import Path

import numpy as np
import scipy.linalg

ASKED = "openblas_get_num_threads"


def threads_of_algebra() -> dict[str, int]:
    """By library that this process has loaded, how many threads it computes in."""
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
        found[Path(path).name] = getattr(library, name)()
    return found


def test_each_process_computes_in_one_thread() -> None:
    found = threads_of_algebra()
    assert len(found) == 2, "numpy and scipy bring one each"
    assert set(found.values()) == {1}, found
