"""The tables of what new documents revised: what that moved, why, and how good first prints are.

Belongs here: their declarations. Not here: their rows (revision_effect.py, print_quality.py).
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OfIndicator(OfVintage):
    """Rows about one indicator of one region, by one definition."""

    region: Annotated[str, "ISO 3166 code of the region"]
    indicator: Annotated[str, "what is measured; id of the indicator registry"]
    definition: Annotated[str, "by which it counts: own, or another one of raw.definition"]


_OF_INDICATOR = ("vintage", "region", "indicator", "definition")


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionCauseRow(
    OfIndicator,
    table="model.revision_cause",
    grain="one row per vintage, region, indicator, definition and edition that revised it",
    key=(*_OF_INDICATOR, "edition"),
):
    """Why an edition revised an indicator: as its card says, else as the pattern suggests."""

    edition: Annotated[int, "year it was printed"]
    reprinted: Annotated[int, "count of years printed before and again"]
    revised: Annotated[int, "count of them printed otherwise, beyond rounding"]
    first_year: Annotated[int | None, "first year revised; NULL: none"]
    last_year: Annotated[int | None, "last year revised; NULL: none"]
    left_out: Annotated[int, "count of years printed before and left out between others"]
    mean_pct: Annotated[float | None, "mean change of the revised years, per cent; NULL: none"]
    inferred: Annotated[
        str, "benchmark, definition, correction, provisional, deleted or cannot say, by pattern"
    ]
    stated: Annotated[str | None, "what the card of the edition says; NULL: nothing"]
    cause: Annotated[str, "stated, or else inferred"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionHorizonRow(
    OfIndicator,
    table="model.revision_horizon",
    grain="one row per vintage, region, indicator, definition and horizon",
    key=(*_OF_INDICATOR, "horizon"),
):
    """How far figures have moved from their first print, so many later prints on."""

    horizon: Annotated[int, "count of later prints: 1 is the second edition with the figure"]
    years: Annotated[int, "count of years printed so often"]
    mean_pct: Annotated[float, "mean change from the first print, per cent of it"]
    mean_absolute_pct: Annotated[float, "mean size of the change, per cent"]
    low_pct: Annotated[float, "smallest change, per cent"]
    high_pct: Annotated[float, "largest change, per cent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPrintRow(
    OfIndicator,
    table="model.first_print",
    grain="one row per vintage, region, indicator and definition printed more than once",
    key=_OF_INDICATOR,
):
    """How good first prints are: bias, news or noise, and how many have foreseeable errors."""

    editions: Annotated[int, "count of editions that revised anything"]
    mean_pct: Annotated[float, "mean of latest less first print, per cent of the first"]
    bias: Annotated[str, "too low, too high, none found or cannot say: of first prints"]
    bias_p: Annotated[float | None, "by flipping signs of editions; NULL: too few of them"]
    years: Annotated[int, "count of growth rates (rates as they are) first and later printed"]
    nature: Annotated[str, "news, noise, news and noise, never revised or cannot say"]
    p_news: Annotated[float | None, "of no relation of revision and first print; NULL: too few"]
    p_noise: Annotated[float | None, "of no relation of revision and final figure; NULL: too few"]
    p_efficient: Annotated[float | None, "of final = first print, Mincer-Zarnowitz; NULL: too few"]
    efficient_horizon: Annotated[
        int | None,
        "first prints whose errors are foretold, before one where no such error is found; NULL: "
        "cannot say",
    ]
