"""Dagster, the command line and the alerts: how and when. What a room computes stands in `assets/`.

Python looks for circles of dead objects whenever 700 more came to life than went, and ever again
through all that Dagster and pandas consist of, which never goes: a fifth of loading the
definitions, a twentieth of a refresh. Here it looks a hundred times less often.
"""

import gc

_OBJECTS_BETWEEN_LOOKS = 100_000

gc.set_threshold(_OBJECTS_BETWEEN_LOOKS, *gc.get_threshold()[1:])
