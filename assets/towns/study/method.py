"""What a method of the specification is, and what it yields.

Belongs here: the result of a method, how methods are listed, what they share. Not here: any method
(`town_methods.py`, `question_methods.py`, `evidence_methods.py`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from assets.towns.assumptions.evidence import Evidence
from assets.towns.estimators.joint import with_band
from assets.towns.estimators.labels import TOWN, Scale
from assets.towns.estimators.town_effect import TownEffect, WithInfluence
from assets.towns.panel.effective_clusters import EffectiveClusters
from assets.towns.panel.town_panel import TownPanel
from assets.towns.study.specification import SEED, Estimation
from assets.towns.study.study_data import StudyData


@dataclass(frozen=True, slots=True)
class MethodResult:
    """Estimates that need the same, with what was seen for or against it."""

    needs: str
    estimates: tuple[TownEffect, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    scale: Scale = "log points"
    cluster: str = TOWN
    clusters: EffectiveClusters | None = None  # None: those of the panel


Method = Callable[[StudyData, Estimation], Iterator[MethodResult]]


class Methods(dict[str, Method]):
    """Methods by the name that the specification gives them."""

    def runs(self, *names: str) -> Callable[[Method], Method]:
        """Registers the function below it as what runs the methods named."""

        def register(method: Method) -> Method:
            self.update(dict.fromkeys(names, method))
            return method

        return register


NEEDS_CONTRAST = "As the effects it is made of; groups of towns may differ in other ways, too."


def panel_of(data: StudyData, what: Estimation) -> TownPanel:
    """The panel that an entry of the specification names."""
    return data.panel(what.outcome, what.sample)


def result_of(
    data: StudyData,
    needs: str,
    *results: WithInfluence,
    evidence: tuple[Evidence, ...] = (),
    scale: Scale = "log points",
    clusters: EffectiveClusters | None = None,
) -> MethodResult:
    """Results with the errors of the data set's card, and bands around those by event time."""
    banded = (with_band(data.clustered(each), np.random.default_rng(SEED)) for each in results)
    estimates = tuple(estimate for each in banded for estimate in each.estimates)
    return MethodResult(needs, estimates, evidence, scale, data.cluster, clusters)
