import numpy as np
import pandas as pd
import pytest

from assets.towns.panel.town_panel import NEVER, PanelError
from benchmarks.town_year_sums import from_town_year_sums


def frame() -> pd.DataFrame:
    """Two towns and years: town a with sellers 1, 3 and then 2, 6; town b with one seller."""
    return pd.DataFrame(
        {
            "town": ["b", "a", "b", "a"],
            "year": [2015, 2014, 2014, 2015],
            "n": [1, 2, 1, 2],
            "sum": [7.0, 4.0, 5.0, 8.0],
            "sum_of_squares": [49.0, 10.0, 25.0, 40.0],
            "cohort": [np.nan, 2015, np.nan, 2015],
        }
    )


def test_means_weights_and_cohorts() -> None:
    panel = from_town_year_sums(frame())
    assert panel.town == ("a", "b")
    assert panel.years.tolist() == [2014, 2015]
    assert panel.outcome.tolist() == [[2, 4], [5, 7]]
    assert panel.weight.tolist() == [2, 1]
    assert panel.first_treated_year.tolist() == [2015, NEVER]


@pytest.mark.parametrize(
    ("row", "column", "value", "message"),
    [
        (1, "town", None, "row 2 has no town"),
        (3, "year", 2014, "town a, 2015: no row"),
        (3, "n", 3, "town a: the number of sellers is not the same every year: 2, 3"),
        (3, "cohort", 2014, "town a: the cohort is not the same every year: 2014, 2015"),
        (3, "sum_of_squares", 31.0, "town a, 2015: sum of squares smaller than its sum allows"),
        (3, "sum_of_squares", np.nan, "town a, 2015: sum of squares smaller .*, or none"),
        (0, "sum", np.nan, "town b, 2015: sum of squares smaller .*, or none"),
    ],
)
def test_sums_that_cannot_be_are_refused(
    row: int, column: str, value: float | None, message: str
) -> None:
    wrong = frame().astype({"cohort": float})
    wrong.loc[row, column] = value
    with pytest.raises(PanelError, match=message):
        from_town_year_sums(wrong)


def test_a_row_given_twice_is_refused() -> None:
    with pytest.raises(PanelError, match="town b, 2015: more than one row"):
        from_town_year_sums(pd.concat([frame(), frame().iloc[:1]]))


def test_a_town_without_sellers_is_refused() -> None:
    wrong = frame()
    wrong.loc[wrong["town"] == "b", ["n", "sum", "sum_of_squares"]] = 0
    with pytest.raises(PanelError, match="no outcome for town b in 2014"):
        from_town_year_sums(wrong)
