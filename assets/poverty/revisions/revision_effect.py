"""What each new document alone did to index values and coefficients.

Belongs here: rows of `model.revision_effect`: the two fits, without the document and with it, and
their differences. Not here: which figures either sees (`sql/staging/study_sample.sql`), revised
figures (`sql/release/revision.sql`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from assets.poverty.fits.sample_fits import ESTIMATORS, estimates, fit_model, wide
from assets.poverty.revisions.revision_rows import RevisionEffectRow
from assets.poverty.study_files.study import Model, Study
from assets.regression.coefficient import Coefficient
from assets.regression.estimable import NotEstimable
from assets.warehouse.table import as_frame

Row = tuple[object, ...]


class Place(NamedTuple):
    """A sample of a study, in one region."""

    study: str
    region: str
    sample: str


class Added(NamedTuple):
    """A new document, and which of its figures are seen: revised (printed before) or all."""

    source: str
    edition: int
    prints: str


@dataclass(frozen=True, slots=True)
class Estimated:
    """A fit's years and coefficients; no coefficient where it was refused."""

    n: int
    coefficients: Mapping[tuple[str, str], Coefficient]  # by estimator and term


_NOTHING = Estimated(0, {})


def effect_frame(
    vintage: str,
    studies: Sequence[Study],
    revised_value: pd.DataFrame,
    generated_input: pd.DataFrame,
) -> pd.DataFrame:
    """Rows of model.revision_effect; what a document leaves as it was has no row.

    revised_value, generated_input: rows of the tables of that name in `indices`. The effects of
    several documents need not add up: two may print the same figure. A study of several regions in
    one fit has rows for its index values only.
    """
    rows = [*_index_rows(revised_value), *_coefficient_rows(studies, generated_input)]
    return as_frame(RevisionEffectRow.table, [(vintage, *row) for row in rows])


def _index_rows(revised_value: pd.DataFrame) -> Iterator[Row]:
    document_and_place = [*Added._fields, *Place._fields]
    values = ["old_value", "new_value", "change", "change_pct"]
    names = [*document_and_place, "index_id", "reference_year", *values]
    for *key, index_id, year, old, new, change, change_pct in revised_value[names].itertuples(
        index=False
    ):
        yield *key, "index", index_id, year, None, None, old, new, change, change_pct, None


def _coefficient_rows(studies: Sequence[Study], generated_input: pd.DataFrame) -> Iterator[Row]:
    models = {study.study: study.model for study in studies if isinstance(study.model, Model)}
    fits = _fits(models, generated_input)
    for (place, added), new in fits.items():
        if added is None:
            continue
        old = fits.get((place, None), _NOTHING)
        for key in sorted({*old.coefficients, *new.coefficients}, key=_estimator_order):
            before, after = old.coefficients.get(key), new.coefficients.get(key)
            if before is None or after is None or before.estimate != after.estimate:
                yield *added, *place, *key, 0, old.n, new.n, *_moved(before, after)


def _estimator_order(key: tuple[str, str]) -> tuple[int, str]:
    return ESTIMATORS.index(key[0]), key[1]


def _moved(old: Coefficient | None, new: Coefficient | None) -> Row:
    """old_value, new_value, change, change_pct, change_std_errors."""
    if old is None or new is None:
        values = (c.estimate if c is not None else None for c in (old, new))
        return *values, None, None, None
    change = new.estimate - old.estimate
    in_std_errors = change / old.std_error if old.std_error else None
    return old.estimate, new.estimate, change, None, in_std_errors


def _fits(
    models: Mapping[str, Model], generated_input: pd.DataFrame
) -> dict[tuple[Place, Added | None], Estimated]:
    """Each sample as it was without any new document (None), and with one of them."""
    of_revision = generated_input["base_sample"].notna()
    rows = generated_input[of_revision & generated_input["study"].isin(models)]
    samples = rows.fillna({"added_source": "", "added_edition": 0, "added_prints": ""})
    keys = ["study", "region", "base_sample", *(f"added_{name}" for name in Added._fields)]
    found = {}
    for key, own in samples.groupby(keys):
        study, region, sample, source, edition, prints = map(str, key)
        added = Added(source, int(float(edition)), prints) if source else None
        found[Place(study, region, sample), added] = _estimated(models[study], own)
    return found


def _estimated(model: Model, rows: pd.DataFrame) -> Estimated:
    names = (model.dependent, *model.regressors)
    raw, normalised = (wide(rows, kind, names) for kind in ("value", "normalised"))
    try:
        fit = fit_model(model, raw, normalised)
    except NotEstimable:
        return Estimated(len(raw), {})
    coefficients = {
        (estimated.estimator, coefficient.term): coefficient
        for estimated in estimates(fit)
        for coefficient in estimated.coefficients
    }
    return Estimated(len(raw), coefficients)
