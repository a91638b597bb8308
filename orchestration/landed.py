"""Everything that lies in `landing/`: documents, data sets of the town study, published studies.

Belongs here: looking at all at once. Not here: how any is surveyed or read.
"""

from assets.extracts.intake import taken_before
from assets.extracts.survey import LandedDocument, Survey, survey_landing
from assets.replication.intake import (
    LandedReplication,
    replications_before,
    survey_replications,
)
from assets.towns.records.dataset_intake import datasets_before
from assets.towns.records.dataset_survey import LandedDataset, survey_datasets
from assets.warehouse.home import Home
from assets.warehouse.store import Store

AnyLanded = LandedDocument | LandedDataset | LandedReplication


def survey_all(home: Home, store: Store) -> Survey[AnyLanded]:
    """Documents, data sets and published studies against what the working file took in before."""
    documents = survey_landing(home.landing, taken_before(store))
    datasets = survey_datasets(home, datasets_before(home, store))
    studies = survey_replications(home.landing, replications_before(store))
    return Survey(
        new=documents.new + datasets.new + studies.new,
        changed=documents.changed + datasets.changed + studies.changed,
        unchanged=documents.unchanged + datasets.unchanged + studies.unchanged,
        refused=documents.refused + datasets.refused + studies.refused,
        gone=documents.gone + datasets.gone + studies.gone,
    )
