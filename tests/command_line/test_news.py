"""What a refresh tells of a new vintage: counted from the published values, whatever the reason."""

from typing import Any

from assets.warehouse.reader import query
from orchestration.commands.pages.news import news, study_heads

REVISED = (  # 5500.0 in what came in, 5393.1 in the edition of 2023
    "Figures: 1 is printed otherwise by what came in; the most: gross_product 2012 of CN-GS: "
    "5393.1 → 5500 100m_cny (+1.98 %); `yearbook revisions` has all."
)


def names(home: Any) -> list[str]:
    return [name for (name,) in query(home, "select vintage from model.vintage order by 1").rows]


def test_what_moved_is_counted_from_values(two_vintages: Any) -> None:
    first, second = names(two_vintages.home)
    revised, figures, coefficients, verdicts, numbers = news(two_vintages.home, first, second)
    assert revised == REVISED
    # PI moved by a re-issue, which is no revision; EG twice by one: 5393.1, 5500 over 2550
    assert figures == (
        "Index values: 3 moved, 0 new, 0 gone; the most: EG 2012 in gansu_gdp_revised, CN-GS, "
        "latest: 2.114941 → 2.156863 (+1.98 %)."
    )
    assert coefficients.startswith("Coefficients: 10 differ; the most: ")
    # OLS says its share of variance and F to three digits; of ridge no printed digit moves
    assert verdicts == "Verdicts: 1 fit is described otherwise."
    # PI of the paper's sample moved: its printed numbers are computed otherwise
    assert numbers.startswith("Printed numbers of published studies: ")
    assert "he_2012_2019, table " in numbers


def test_the_same_vintage_differs_in_nothing(two_vintages: Any) -> None:
    first, _ = names(two_vintages.home)
    assert news(two_vintages.home, first, first) == [
        REVISED,  # of what was published last, whatever it is compared with
        "Index values: none differs from the vintage before.",
        "Coefficients: none differs.",
        "Verdicts: none differs.",
    ]
    assert news(two_vintages.home, None, first) == []


def test_recovered_data_are_labelled(two_vintages: Any) -> None:
    _, second = names(two_vintages.home)
    heads = study_heads(two_vintages.home, second)
    study, replication = (line for line in heads if "he_2012" in line)
    assert "RECOVERED, not official data" in study
    assert "RECOVERED data" in replication


def test_refresh_tells_it_in_forty_lines(refreshed: Any) -> None:
    out = refreshed.answer.out
    assert len(out.splitlines()) <= 40
    assert "Index values" not in out  # nothing to compare a first vintage with
