"""Years since certification, as the columns that event-study regressions need.

Belongs here: which event times occur. Not here: any regression.
"""

import numpy as np
from numpy.typing import NDArray

from assets.towns.panel.town_panel import TownPanel

REFERENCE = -1  # the last year before certification


def event_times(panel: TownPanel) -> NDArray[np.int64]:
    """Event times that occur among towns treated in the panel, the reference left out."""
    first = panel.first_treated_year[panel.ever_treated].astype(np.int64)
    elapsed = np.unique(panel.years[None, :] - first[:, None])
    times: NDArray[np.int64] = elapsed[elapsed != REFERENCE]
    return times


def before_certification(panel: TownPanel) -> NDArray[np.int64]:
    """Event times before the reference."""
    elapsed = event_times(panel)
    return elapsed[elapsed < REFERENCE]
