"""Dagster, the command line and the alerts: how and when. What a room computes stands in `assets/`.

Python looks for circles of dead objects whenever 700 more came to life than went, and ever again
through all that Dagster and pandas consist of, which never goes: a fifth of loading the
definitions, a twentieth of a refresh. Here it looks a hundred times less often. At the end of a
process it would take all of it apart, object by object, for as long as a quarter of loading took.
"""

import atexit
import gc
import sys

_OBJECTS_BETWEEN_LOOKS = 100_000


def _leave_it_whole() -> None:
    if "duckdb" not in sys.modules:  # it tells whoever ends of each of its objects that is left
        gc.freeze()


gc.set_threshold(_OBJECTS_BETWEEN_LOOKS, *gc.get_threshold()[1:])
atexit.register(_leave_it_whole)
