"""Fractions of one in a table of per cent stop it; small percentages do not."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.extracts.errors import DocumentError

INCIDENCE = ["0.213", "0.158", "0.095"]


def table(label: str, *numbers: str) -> list[str]:
    years = ",".join(f"{year}年" for year in range(2013, 2013 + len(numbers)))
    return [f"指标,{years}", f"{label},{','.join(numbers)}"]


@pytest.mark.parametrize(
    "stated", [{"unit": "%"}, {"units": {"贫困发生率": "%"}}], ids=["table", "label"]
)
def test_each_remedy_of_a_unit_that_the_card_states_works(
    attempt: Any, stated: dict[str, Any]
) -> None:
    lines = table("贫困发生率", *INCIDENCE)
    with pytest.raises(DocumentError, match="lie below one") as caught:
        attempt(lines, **stated)
    assert caught.value.cell == "B2"
    fractions, confirmed = (
        yaml.safe_load(line)
        for line in caught.value.advice.splitlines()
        if line.strip().startswith(("unit", "confirmed"))
    )
    found = attempt(lines, **{**stated, **fractions})
    assert [row.value for row in found.observations] == pytest.approx([21.3, 15.8, 9.5])
    found = attempt(lines, **stated, **confirmed)
    assert [row.value for row in found.observations] == [0.213, 0.158, 0.095]


def test_where_the_document_says_per_cent_each_cell_is_corrected(
    attempt: Any, landing: Path, catalogue: ModuleType
) -> None:
    lines = table("贫困发生率(%)", "0.213", "0.158")
    with pytest.raises(DocumentError, match="lie below one") as caught:
        attempt(lines)
    [entry] = yaml.safe_load(caught.value.advice.splitlines()[1])
    entries = [
        {
            **entry,
            "cell": cell,
            "wrong": wrong,
            "right": right,
            "reason": "a fraction",
            "source": "-",
        }
        for cell, wrong, right in (("B2", "0.213", "21.3"), ("C2", "0.158", "15.8"))
    ]
    path = landing / catalogue.SOURCE / "2020/corrections.yaml"
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    assert [row.value for row in attempt(lines).observations] == [21.3, 15.8]


@pytest.mark.parametrize(
    "lines",
    [
        table("贫困发生率(%)", "1.7", "0.6", "0.0"),
        table("贫困发生率(%)", "0.9", "0.6"),  # as the nation's last ones are printed
        table("贫困发生率(%)", "0.213%", "0.158%"),
        [*table("第一产业占比(%)", "0.23", "0.22"), "第二产业占比(%),26.59,25.93"],  # Shanghai's
    ],
    ids=["above", "one decimal", "signed", "beside others"],
)
def test_small_percentages_are_no_fractions(attempt: Any, lines: list[str]) -> None:
    assert attempt(lines).observations


def test_the_edition_before_says_what_is_meant(attempt: Any) -> None:
    card = {"unit": "%", "confirmed": {"B2": "0.213"}}
    attempt(table("贫困发生率", *INCIDENCE), edition=2019, **card)
    again = attempt(table("贫困发生率", *INCIDENCE, "0.061"), edition=2020, unit="%")
    assert len(again.observations) == 4


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(300, 899), min_size=1, max_size=8))
def test_any_table_of_fractions_is_seen_and_the_same_in_per_cent_is_read(
    attempt: Any, thousandths: list[int]
) -> None:
    with pytest.raises(DocumentError, match="lie below one"):
        attempt(table("贫困发生率(%)", *(f"{each / 1000:.3f}" for each in thousandths)))
    found = attempt(table("贫困发生率(%)", *(f"{each / 10:.1f}" for each in thousandths)))
    assert [row.value for row in found.observations] == [each / 10 for each in thousandths]
