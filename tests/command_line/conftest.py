"""The fixtures of `tests/faults/conftest.py`: the small warehouse, and copies of it."""

import importlib.util
import sys
from pathlib import Path

_PATH = Path(__file__).parents[1] / "faults" / "conftest.py"
_SPEC = importlib.util.spec_from_file_location("faults_fixtures", _PATH)
assert _SPEC is not None
assert _SPEC.loader is not None
_faults = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = _faults
_SPEC.loader.exec_module(_faults)

refreshed, home, run, tools = _faults.refreshed, _faults.home, _faults.run, _faults.tools
