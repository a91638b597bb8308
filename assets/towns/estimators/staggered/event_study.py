"""Effects by years since certification with their covariance, whatever estimator they come from.

Belongs here: the coefficients, their checks, and how they are cut. Not here: estimating them
(callaway_santanna.py, twfe.py, etwfe.py), or what is concluded (pre_trends.py, sensitivity.py).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.towns.estimators.town_effect import WithInfluence
from assets.towns.panel.event_time import REFERENCE
from assets.towns.panel.town_panel import PanelError


@dataclass(frozen=True, slots=True)
class EventStudy:
    """Coefficients relative to the year before certification, which is left out."""

    estimator: str
    time: NDArray[np.int64]  # (times,), consecutive but for the reference -1, ascending
    beta: NDArray[np.float64]  # (times,), unit of the outcome
    covariance: NDArray[np.float64]  # (times, times)

    def __post_init__(self) -> None:
        count = len(self.time)
        if self.beta.shape != (count,) or self.covariance.shape != (count, count):
            raise PanelError(
                f"{count} event times, coefficients {self.beta.shape} and covariance "
                f"{self.covariance.shape} do not belong together"
            )
        if not (self.before.any() and self.after.any()):
            raise PanelError(
                f"event times {self.time.tolist()}: coefficients both before the reference year "
                f"{REFERENCE} and from certification on are needed"
            )
        expected = np.arange(self.time[0], self.time[-1] + 1)
        if not np.array_equal(self.time, expected[expected != REFERENCE]):
            raise PanelError(
                f"event times {self.time.tolist()} are not consecutive without {REFERENCE}"
            )
        if not np.all(np.diag(self.covariance) > 0):
            raise PanelError("an event time has no variance: its error cannot be judged")

    @property
    def before(self) -> NDArray[np.bool_]:
        """(times,): whether the event time lies before the reference."""
        return self.time < REFERENCE

    @property
    def after(self) -> NDArray[np.bool_]:
        """(times,): whether the town is certified by then."""
        return self.time > REFERENCE

    def between(self, first: int, last: int) -> "EventStudy":
        """The event times from first to last, both included."""
        inside = (self.time >= first) & (self.time <= last)
        return EventStudy(
            self.estimator,
            self.time[inside],
            self.beta[inside],
            self.covariance[np.ix_(inside, inside)],
        )

    def post_weight(self, weight: NDArray[np.float64] | None) -> NDArray[np.float64]:
        """Weights of the effects from certification on, (post,); None: their plain mean."""
        post = int(self.after.sum())
        wanted = np.full(post, 1 / post) if weight is None else weight
        if wanted.shape != (post,):
            raise PanelError(f"{wanted.shape} weights for {post} effects after certification")
        return wanted


def event_study_of(result: WithInfluence) -> EventStudy:
    """The event study within an estimator's results: its cells of target event_time, e=...

    All coefficients must be relative to the year before certification; of Callaway and Sant'Anna's
    that holds with base_period universal only. Raises PanelError where there is none.
    """
    times = [
        int(each.cell.removeprefix("e=")) if each.target == "event_time" and each.cell else None
        for each in result.estimates
    ]
    kept = [place for place, time in enumerate(times) if time not in (None, REFERENCE)]
    kept.sort(key=lambda place: times[place] or 0)
    if not kept:
        raise PanelError("no effects by years since certification among the results")
    influence = result.influence[:, kept]
    return EventStudy(
        estimator=result.estimates[kept[0]].estimator,
        time=np.array([times[place] for place in kept], dtype=np.int64),
        beta=np.array([result.estimates[place].estimate for place in kept]),
        covariance=influence.T @ influence / len(result.town) ** 2,
    )
