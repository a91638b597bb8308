"""The table of what single new documents moved.

Belongs here: its declaration. Not here: its rows (revision_effect.py).
"""

from dataclasses import dataclass
from typing import Annotated

from assets.vintages.keys import OfVintage, RegionCode, SampleName, StudyName


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionEffectRow(
    OfVintage,
    table="model.revision_effect",
    grain=(
        "one row per vintage, new document, prints, study, region, sample, kind, item and "
        "reference_year: what moved when this document alone was added to those published "
        "before"
    ),
    key=(
        "vintage",
        "source",
        "edition",
        "prints",
        "study",
        "region",
        "sample",
        "kind",
        "item",
        "reference_year",
    ),
):
    """What a new document did to the indices and the fits, so that a change has a name."""

    source: Annotated[str, "folder of the new document under landing/"]
    edition: Annotated[int, "year it was printed"]
    prints: Annotated[
        str,
        "revised: only figures of it that were printed before; all: its new figures, too",
    ]
    study: StudyName
    region: RegionCode
    sample: SampleName
    kind: Annotated[str, "index for an index value; ols or ridge for a coefficient"]
    item: Annotated[str, "the index, or the term: const or a regressor"]
    reference_year: Annotated[int, "year of the index value; 0 for a coefficient"]
    n_before: Annotated[int | None, "count of years fitted without the document"] = None
    n: Annotated[int | None, "count of years fitted with it; NULL: no coefficient"] = None
    old_value: Annotated[float | None, "without the document; NULL: missing, not fitted"]
    new_value: Annotated[float | None, "with the document; NULL: missing, not fitted"]
    change: Annotated[float | None, "new less old; EG in 10,000 yuan per person"] = None
    change_pct: Annotated[float | None, "of the old index value; NULL: coefficient, or 0"] = None
    change_std_errors: Annotated[float | None, "change over the old standard error"] = None
