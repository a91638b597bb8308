"""Everything that lies in `landing/`: documents, and data sets of the town study.

Belongs here: looking at both at once. Not here: how either is surveyed or read.
"""

from dataclasses import fields

from assets.extracts.intake import taken_before
from assets.extracts.survey import Survey, survey_landing
from assets.towns.records.dataset_intake import datasets_before
from assets.towns.records.dataset_survey import survey_datasets
from assets.warehouse.home import Home
from assets.warehouse.store import Store


def survey_all(home: Home) -> Survey:
    """Documents and data sets against what was taken in before; the latter have source `towns`."""
    store = Store(home.working)
    documents = survey_landing(home.landing, taken_before(store))
    datasets = survey_datasets(home, datasets_before(home, store))
    return Survey(
        **{
            group.name: getattr(documents, group.name) + getattr(datasets, group.name)
            for group in fields(Survey)
        }
    )
