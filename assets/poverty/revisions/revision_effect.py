"""What each new document alone did to index values and coefficients.

Belongs here: rows of `model.revision_effect`: the two fits, without the document and with it, and
their differences. Not here: which figures either sees (`sql/staging/study_sample.sql`), revised
figures (`sql/release/revision.sql`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import pandas as pd

from assets.poverty.fits.sample_fits import ESTIMATORS, estimates, fit_model, wide
from assets.poverty.revisions.revision_rows import RevisionEffectRow
from assets.poverty.study_files.study import Model, Study
from assets.regression.coefficient import Coefficient
from assets.regression.estimable import NotEstimable
from assets.vintages.failures import Failures
from assets.warehouse.tables.row import as_frame


@dataclass(frozen=True, slots=True)
class Place:
    """A sample of a study, in one region."""

    study: str
    region: str
    sample: str


@dataclass(frozen=True, slots=True)
class Added:
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
    studies: Sequence[Study],
    revised_value: pd.DataFrame,
    generated_input: pd.DataFrame,
    failures: Failures,
) -> pd.DataFrame:
    """Rows of model.revision_effect; what a document leaves as it was has no row.

    revised_value, generated_input: rows of the tables of that name in `indices`. The effects of
    several documents need not add up: two may print the same figure. A study of several regions in
    one fit has rows for its index values only.
    """
    rows: list[RevisionEffectRow] = []
    with failures.entry("index values"):
        rows.extend(_index_rows(failures.vintage, revised_value))
    rows.extend(_coefficient_rows(studies, generated_input, failures))
    return as_frame(RevisionEffectRow, rows)


def _index_rows(vintage: str, revised_value: pd.DataFrame) -> Iterator[RevisionEffectRow]:
    for row in revised_value.to_dict("records"):
        yield RevisionEffectRow(
            vintage=vintage,
            source=row["source"],
            edition=row["edition"],
            prints=row["prints"],
            study=row["study"],
            region=row["region"],
            sample=row["sample"],
            kind="index",
            item=row["index_id"],
            reference_year=row["reference_year"],
            old_value=row["old_value"],
            new_value=row["new_value"],
            change=row["change"],
            change_pct=row["change_pct"],
        )


def _coefficient_rows(
    studies: Sequence[Study], generated_input: pd.DataFrame, failures: Failures
) -> Iterator[RevisionEffectRow]:
    models = {study.study: study.model for study in studies if isinstance(study.model, Model)}
    fits = _fits(models, generated_input, failures)
    for (place, added), new in fits.items():
        if added is None:
            continue
        old = fits.get((place, None), _NOTHING)
        keys = sorted(
            {*old.coefficients, *new.coefficients},
            key=lambda key: (ESTIMATORS.index(key[0]), key[1]),
        )
        for estimator, term in keys:
            before = old.coefficients.get((estimator, term))
            after = new.coefficients.get((estimator, term))
            if before is not None and after is not None and before.estimate == after.estimate:
                continue
            row = RevisionEffectRow(
                vintage=failures.vintage,
                **asdict(added),
                **asdict(place),
                kind=estimator,
                item=term,
                reference_year=0,
                n_before=old.n,
                n=new.n,
                old_value=None if before is None else before.estimate,
                new_value=None if after is None else after.estimate,
            )
            if before is not None and after is not None:
                change = after.estimate - before.estimate
                in_std_errors = change / before.std_error if before.std_error else None
                row = replace(row, change=change, change_std_errors=in_std_errors)
            yield row


def _fits(
    models: Mapping[str, Model], generated_input: pd.DataFrame, failures: Failures
) -> dict[tuple[Place, Added | None], Estimated]:
    """Each sample as it was without any new document (None), and with one of them."""
    of_revision = generated_input["base_sample"].notna()
    rows = generated_input[of_revision & generated_input["study"].isin(models)]
    samples = rows.fillna({"added_source": "", "added_edition": 0, "added_prints": ""})
    document = ["added_source", "added_edition", "added_prints"]
    found = {}
    for key, own in samples.groupby(["study", "region", "base_sample", *document]):
        study, region, sample, source, edition, prints = map(str, key)
        added = Added(source, int(float(edition)), prints) if source else None
        with failures.entry(f"{study}, {region}, {sample}", f"{source} {edition}".strip()):
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
