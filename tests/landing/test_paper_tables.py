"""The numbers of He's Tables 2-6, as printed: decimals, stars and errors included."""

import csv
from pathlib import Path

import pytest

from assets.extracts.document import Document
from assets.extracts.document_rows import PublishedStatisticRow

Key = tuple[str, str, str, str]  # table, term, other term, statistic


@pytest.fixture(scope="module")
def printed(shipped: tuple[Document, ...]) -> dict[Key, PublishedStatisticRow]:
    [document] = [each for each in shipped if each.card.source == "he_gansu_paper"]
    return {
        (row.table_number, row.term, row.other_term, row.statistic): row
        for row in document.statistics
    }


@pytest.mark.parametrize(
    ("key", "text", "value", "decimals", "stars"),
    [
        (("2", "PI", "", "max"), "0.332", 0.332, 3, ""),
        (("2", "aEDI", "", "min"), "6.830", 6.83, 3, ""),
        (("3", "AIG", "PI", "r"), "-0.777**", -0.777, 3, "**"),
        (("3", "IM", "AIG", "r"), "0.663", 0.663, 3, ""),
        (("4", "", "", "F"), "150.264", 150.264, 3, ""),
        (("5", "const", "", "p"), "0.000", 0.0, 3, ""),
        (("5", "AIG", "", "std_error"), "0.520", 0.52, 3, ""),
        (("6", "AIG", "", "std_error"), "0.070", 0.07, 3, ""),
        (("6", "AIG", "", "p"), "0.043", 0.043, 3, ""),
        (("6", "aEDI", "", "coefficient"), "-0.165*", -0.165, 3, "*"),
        (("6", "", "", "p"), "0.01", 0.01, 2, ""),
    ],
)
def test_printed_numbers(
    printed: dict[Key, PublishedStatisticRow],
    key: Key,
    text: str,
    value: float,
    decimals: int,
    stars: str,
) -> None:
    row = printed[key]
    assert (row.printed_value, row.value, row.decimals, row.stars) == (text, value, decimals, stars)


def test_the_ridge_table_carries_its_k(shipped: tuple[Document, ...]) -> None:
    [card] = [each.card for each in shipped if each.card.source == "he_gansu_paper"]
    assert card.tables["6"].estimator == "ridge"
    assert card.tables["6"].tuning == {"k": 0.148}
    assert card.tables["5"].estimator == "ols"


def test_every_number_of_the_paper_is_shipped(
    printed: dict[Key, PublishedStatisticRow], shared_data: Path
) -> None:
    shipped = {key: (row.printed_value.rstrip("*"), row.stars) for key, row in printed.items()}
    assert shipped == dict(_typed(shared_data / "published"))


def _typed(folder: Path) -> list[tuple[Key, tuple[str, str]]]:
    found: list[tuple[Key, tuple[str, str]]] = []
    for row in _rows(folder / "table2_descriptives.csv"):
        statistic = row.pop("statistic")
        found += [(("2", term, "", statistic), (text, "")) for term, text in row.items()]
    for row in _rows(folder / "table3_correlations.csv"):
        found.append((("3", row["row"], row["column"], "r"), (row["r"], row["stars"] or "")))
    for number, name in (("4", "table4_model_summary"), ("6", "table6_ridge_summary")):
        for row in _rows(folder / f"{name}.csv"):
            if row["statistic"] != "k":  # the card's tuning
                found.append(((number, "", "", row["statistic"]), (row["value"], "")))
    for number, name in (("5", "table5_ols"), ("6", "table6_ridge_k0148")):
        for row in _rows(folder / f"{name}.csv"):
            term, stars = row.pop("term"), row.pop("stars", "")
            found += [
                ((number, term, "", statistic), (text, stars if statistic == "coefficient" else ""))
                for statistic, text in row.items()
                if text
            ]
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
