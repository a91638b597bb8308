"""Formulas of a study's own indices: arithmetic and units, and nothing else."""

import pandas as pd
import pytest

from assets.poverty.study_files.formula import (
    FormulaError,
    evaluate,
    formula_indicators,
    require_unit,
)
from assets.poverty.study_files.formula_index import formula_frame
from assets.poverty.study_files.study import Study


def test_product_per_head_is_in_10k_yuan_without_any_factor() -> None:
    # Gansu 2012: 5393.1 (100 million yuan) over 2550 (10,000 persons)
    figures = {"gross_product": 5393.1, "population_year_end": 2550.0}
    formula = "gross_product / population_year_end"
    assert formula_indicators(formula) == ("gross_product", "population_year_end")
    assert evaluate(formula, "10k_cny_per_person", figures) == 5393.1 / 2550.0
    assert evaluate(formula, "元/人", figures) == pytest.approx(21149.411764705883, rel=1e-15)


@pytest.mark.parametrize(
    ("formula", "unit", "figures", "value"),
    [
        # 12 per cent of 100 (100 million yuan)
        ("gross_product * primary_industry_share", "亿元", (100.0, 12.0), 12.0),
        ("(gross_product - primary_industry_value_added) / gross_product", "%", (80.0, 20.0), 75.0),
        ("1 - primary_industry_share", "ratio", (25.0,), 0.75),
        ("-gross_product + 2 * gross_product", "100m_cny", (7.0,), 7.0),
        # yuan per person over yuan per person
        ("rural_disposable_income_per_head / disposable_income_per_head", "ratio", (2e4, 1e4), 0.5),
        # 20,000 yuan times 1,000 x 10,000 persons are 2,000 (100 million yuan)
        (
            "gross_product - disposable_income_per_head * population_year_end",
            "100m_cny",
            (20000.0, 500.0, 1000.0),
            -1500.0,
        ),
    ],
)
def test_units_carry_their_powers_of_ten(
    formula: str, unit: str, figures: tuple[float, ...], value: float
) -> None:
    named = dict(zip(formula_indicators(formula), figures, strict=True))
    require_unit(formula, unit)
    assert evaluate(formula, unit, named) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("formula", "unit", "words"),
    [
        ("gross_product + population_year_end", "ratio", "adds cny and persons"),
        ("gross_product", "persons", "in cny, its unit 'persons' in persons"),
        ("gross_product / population_year_end", "亿元", "is in cny per persons|no place"),
        ("gross_product / 0", "100m_cny", "no finite value"),
        ("sum(gross_product)", "100m_cny", "no place in a formula"),
        ("gross_product ** 2", "100m_cny", "no place in a formula"),
        ("gross_product; drop table x", "100m_cny", "not one formula"),
        ("(select 1)", "ratio", "no place in a formula"),
        ("gross_product /* all */", "100m_cny", "no place in a formula"),
        ("gross_product > 1", "ratio", "no place in a formula"),
        ("'a'", "ratio", "no place in a formula"),
        ("raw.gross_product", "100m_cny", "is no indicator"),
        ("gdp / 2", "100m_cny", "'gdp' is no indicator"),
        ("gross_product /", "100m_cny", "not readable"),
        ("", "100m_cny", "not one formula"),
        ("1 + 1", "ratio", "names no indicator"),
        ("gross_product", "furlongs", "no unit"),
        ("gross_product" + " + gross_product" * 40, "100m_cny", "longer than"),
    ],
)
def test_anything_else_is_refused_in_words(formula: str, unit: str, words: str) -> None:
    if formula == "gross_product / population_year_end":
        require_unit(formula, unit)  # yuan may stand for yuan per person, as in print
        return
    with pytest.raises(FormulaError, match=words):
        require_unit(formula, unit)


def test_a_year_without_a_print_is_missing_with_the_reason() -> None:
    study = Study.model_validate(
        {
            "study": "heads",
            "title": "heads",
            "region": "CN-GS",
            "years": {"first": 2013, "last": 2015},
            "samples": [{"name": "latest", "choose": "latest"}],
            "indices": ["GDPPC"],
            "formulas": {
                "GDPPC": {"formula": "gross_product / population_year_end", "unit": "万元/人"}
            },
        }
    )
    place = {"study": "heads", "region": "CN-GS", "sample": "latest"}
    years = pd.DataFrame([{**place, "reference_year": year} for year in (2013, 2014, 2015)])
    cells = pd.DataFrame(
        [
            {**place, "index_id": "GDPPC", "indicator": name, "reference_year": year, "value": v}
            for name, year, v in (
                ("gross_product", 2013, 10.0),
                ("population_year_end", 2013, 4.0),
                ("gross_product", 2014, 10.0),
                ("gross_product", 2015, 10.0),
                ("population_year_end", 2015, 0.0),
            )
        ]
    )
    frame = formula_frame([study], cells, years).set_index("reference_year")
    assert frame.loc[2013, ["value", "status"]].tolist() == [2.5, "computed"]
    assert frame.loc[2014, "reason"] == "no print of population_year_end for 2014"
    assert "no finite value for 2015" in str(frame.loc[2015, "reason"])
    assert frame.loc[[2014, 2015], "value"].isna().all()
