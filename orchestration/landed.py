"""Everything that lies in `landing/`: documents, data sets of the town study, published studies.

Belongs here: looking at all at once. Not here: how any is surveyed or read.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assets.extracts.cards.content import known_files
from assets.extracts.landed.quarantine import taken_before
from assets.extracts.landed.survey import LandedDocument, Survey, Taken, survey_landing
from assets.replication.survey import LandedReplication, replications_before, survey_replications
from assets.towns.records.dataset_survey import LandedDataset, datasets_before, survey_datasets
from assets.warehouse.connection import kept_open
from assets.warehouse.home import Home
from assets.warehouse.store import Store

AnyLanded = LandedDocument | LandedDataset | LandedReplication


@dataclass(frozen=True, slots=True)
class Before:
    """What the working file took in and refused before, each by its key."""

    documents: Mapping[str, Taken]
    datasets: Mapping[str, Taken]
    studies: Mapping[str, Taken]

    def is_in_force(self, landed: AnyLanded) -> bool:
        """Whether something of it was taken in, which stands while what lies there is refused."""
        known = (each.get(landed.key) for each in (self.documents, self.datasets, self.studies))
        return any(taken is not None and taken.accepted_sha256 is not None for taken in known)


def taken_in_before(home: Home, store: Store) -> Before:
    """What is known from before; the working file is let go again."""
    with kept_open():
        return Before(taken_before(store), datasets_before(home, store), replications_before(store))


def survey_all(home: Home, before: Before, tries_again: bool = False) -> Survey[AnyLanded]:
    """Documents, data sets and published studies against what was taken in before.

    tries_again: see `survey_landing`. A sensor does not, which would ask every few seconds.
    """
    with known_files(home.state / "landing_files.json"):
        documents = survey_landing(home.landing, before.documents, tries_again)
    datasets = survey_datasets(home, before.datasets)
    studies = survey_replications(home.landing, before.studies)
    return Survey(
        new=documents.new + datasets.new + studies.new,
        changed=documents.changed + datasets.changed + studies.changed,
        unchanged=documents.unchanged + datasets.unchanged + studies.unchanged,
        refused=documents.refused + datasets.refused + studies.refused,
        gone=documents.gone + datasets.gone + studies.gone,
    )
