"""Rows of revisions: what a card says counts before the pattern."""

from pathlib import Path

import pandas as pd
import pytest
from pydantic import ValidationError

from assets.extracts.cards.card import Card
from assets.extracts.cards.loaded_card import read_card
from assets.poverty.revisions.print_quality import print_quality_frames
from assets.poverty.revisions.revision_rows import (
    FirstPrintRow,
    RevisionCauseRow,
    RevisionHorizonRow,
)
from assets.vintages.failures import Failures


def prints() -> pd.DataFrame:
    """Ten years in 2020, nine of them lower in 2021, by 1 to 3 %."""
    old = [(2020, "book", year, 100.0) for year in range(2010, 2020)]
    new = [(2021, "census", year, 99.0 - 0.25 * (year - 2010)) for year in range(2010, 2019)]
    frame = pd.DataFrame(
        [*old, *new, (2021, "census", 2019, 100.0)],
        columns=["edition", "source", "reference_year", "value"],
    )
    return frame.assign(
        region="CN-GS", indicator="gross_product", definition="own", unit="100m_cny", half_unit=0.05
    )


@pytest.mark.parametrize(
    ("said", "stated", "cause"),
    [
        ([], None, "benchmark"),
        ([("census", 2021, "gross_product", "definition")], "definition", "definition"),
        ([("census", 2020, "gross_product", "definition")], None, "benchmark"),
        ([("census", 2021, "population_year_end", "definition")], None, "benchmark"),
    ],
)
def test_what_the_card_says_counts(
    said: list[tuple[str, int, str, str]], stated: str | None, cause: str
) -> None:
    told = pd.DataFrame(said, columns=["source", "edition", "indicator", "cause"])
    frames = print_quality_frames(prints(), told, Failures("0001-0", "judge_first_prints"))
    [row] = frames[RevisionCauseRow.table].to_dict("records")
    assert (row["stated"], row["cause"], row["inferred"]) == (stated, cause, "benchmark")
    assert (row["revised"], row["reprinted"]) == (9, 10)
    assert (row["first_year"], row["last_year"]) == (2010, 2018)


def test_mean_and_range_by_horizon() -> None:
    told = pd.DataFrame(columns=["source", "edition", "indicator", "cause"])
    frames = print_quality_frames(prints(), told, Failures("0001-0", "judge_first_prints"))
    [row] = frames[RevisionHorizonRow.table].to_dict("records")
    # -1, -1.25, … -3 and one 0, of ten.
    assert (row["horizon"], row["years"]) == (1, 10)
    assert row["mean_pct"] == pytest.approx(-1.8)
    assert (row["low_pct"], row["high_pct"]) == pytest.approx((-3.0, 0.0))
    [quality] = frames[FirstPrintRow.table].to_dict("records")
    assert (quality["bias"], quality["editions"]) == ("cannot say", 1)


@pytest.mark.parametrize(
    "revisions", [{"no_such_indicator": "benchmark"}, {"gross_product": "a census"}]
)
def test_a_card_names_known_indicators_and_causes(revisions: dict[str, str]) -> None:
    landing = Path(__file__).parents[3] / "landing"
    card = read_card(landing / "nbs_regional_annual" / "2023" / "card.yaml", landing).model_dump()
    assert Card.model_validate(card | {"revisions": {"gross_product": "benchmark"}}).revisions
    with pytest.raises(ValidationError, match=r"revisions|no_such_indicator"):
        Card.model_validate(card | {"revisions": revisions})
