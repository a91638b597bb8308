"""The sample of a study as it was known by each edition.

Belongs here: rows of `indices.known_by_input` as samples that `fit_study` takes. Not here: which
print was known when (`sql/staging/print_choice.sql`), fits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import pandas as pd

from assets.poverty.fits.sample_fits import wide
from assets.poverty.study_files.study import Model, Study


@dataclass(frozen=True, slots=True)
class KnownRows:
    """What of a study and region was known by an edition, as rows of indices.known_by_input."""

    study: Study
    model: Model
    region: str  # ISO code
    known_by: int
    rows: pd.DataFrame

    @property
    def entry(self) -> str:
        """What a reader calls it."""
        return f"{self.study.study}, {self.region}, known by {self.known_by}"


@dataclass(frozen=True, slots=True)
class KnownSample:
    """The years before an edition, with the figures as they were known by it."""

    study: Study
    model: Model
    region: str  # ISO code
    known_by: int
    name: str
    raw: pd.DataFrame  # year, the dependent, the regressors; one row a year, rising
    normalised: pd.DataFrame  # the same, min-max normalised over these years
    later_prints: int  # values for which a print after the edition stands in
    strict_raw: pd.DataFrame  # raw, of the years without any later print
    strictly_normalised: pd.DataFrame  # the same, min-max normalised over these years

    @property
    def years(self) -> tuple[int, ...]:
        """The years known, rising; there may be gaps."""
        return tuple(int(year) for year in self.raw["year"])


def known_rows(studies: Sequence[Study], known_by_input: pd.DataFrame) -> list[KnownRows]:
    """Of each study with a model, region and edition; the editions of a study and region rising.

    known_by_input: rows of indices.known_by_input.
    """
    keys = ["study", "region", "known_by"]
    rows = {tuple(map(str, key)): own for key, own in known_by_input.groupby(keys)}
    editions = sorted(int(edition) for edition in known_by_input["known_by"].unique())
    found = []
    for study in studies:
        if not isinstance(study.model, Model):
            continue
        for region, edition in product(study.places, editions):
            own = rows.get((study.study, region, str(edition)))
            if own is not None:
                of_it = own.reset_index(drop=True)
                found.append(KnownRows(study, study.model, region, edition, of_it))
    return found


def known_sample(known: KnownRows) -> KnownSample:
    """The sample of an edition.

    A value that no document at hand had printed by the edition comes from its first later print;
    `later_prints` counts them.
    """
    study, rows = known.study, known.rows
    late_years = rows.loc[rows["is_later_print"], "reference_year"]
    strict = rows[~rows["reference_year"].isin(late_years)]
    return KnownSample(
        study=study,
        model=known.model,
        region=known.region,
        known_by=known.known_by,
        name=str(rows["sample"].iloc[0]),
        raw=wide(rows, "value", study.variables),
        normalised=wide(rows, "normalised", study.variables),
        later_prints=int(rows["is_later_print"].sum()),
        strict_raw=wide(strict, "value", study.variables),
        strictly_normalised=wide(strict, "strictly_normalised", study.variables),
    )
