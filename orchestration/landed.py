"""Everything that lies in `landing/`: documents, and data sets of the town study.

Belongs here: looking at both at once. Not here: how either is surveyed or read.
"""

from assets.extracts.intake import taken_before
from assets.extracts.survey import LandedDocument, Survey, survey_landing
from assets.towns.records.dataset_intake import datasets_before
from assets.towns.records.dataset_survey import LandedDataset, survey_datasets
from assets.warehouse.home import Home
from assets.warehouse.store import Store

AnyLanded = LandedDocument | LandedDataset


def survey_all(home: Home) -> Survey[AnyLanded]:
    """Documents and data sets against what was taken in before."""
    store = Store(home.working)
    documents = survey_landing(home.landing, taken_before(store))
    datasets = survey_datasets(home, datasets_before(home, store))
    return Survey(
        new=documents.new + datasets.new,
        changed=documents.changed + datasets.changed,
        unchanged=documents.unchanged + datasets.unchanged,
        refused=documents.refused + datasets.refused,
        gone=documents.gone + datasets.gone,
    )
