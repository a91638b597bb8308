"""`yearbook diff` between a first vintage and one with a re-issue and a revising edition."""

from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from assets.release.results.changes import ChangedCoefficient
from assets.warehouse.queries import ask
from assets.warehouse.reader import query
from orchestration.commands.diff import changed_sentences


def cells(out: str, heading: str) -> list[list[str]]:
    """The rows of one printed table, split at white space."""
    lines = out.split(f"\n{heading}: ")[1].splitlines()
    (start, *_) = (place for place, line in enumerate(lines) if "──" in line)
    return [line.split() for line in takewhile(str.strip, lines[start + 1 :])]


def vintages(home: Any, old: int = 1, new: int = 2) -> dict[str, str]:
    names = [name for (name,) in query(home, "select vintage from model.vintage order by 1").rows]
    return {"old": names[old - 1], "new": names[new - 1]}


def test_documents_indices_coefficients_and_verdicts(two_vintages: Any, run: Any) -> None:
    answer = run(two_vintages.home, "diff", "1", "2")
    assert (answer.code, answer.err) == (0, "")
    assert "code, SQL, studies and checks: the same" in answer.out
    assert cells(answer.out, "Documents") == [
        ["new", "made_revision", "2025"],
        ["re-issued", "he_recovered", "2026"],
    ]
    # 5393.1 and 5500 over 2550 (10,000 persons), as printed; 0.0091 over 0.009079601081703748
    eg = ["2012", "2.114941", "2.156863", "+1.98"]
    assert cells(answer.out, "Index values") == [
        ["gansu_gdp_revised", "CN-GS", "latest", "EG", *eg, "no"],
        ["gansu_official_2012_2019", "CN-GS", "latest", "EG", *eg, "yes"],
        [
            "he_2012_2019",
            "CN-GS",
            "recovered",
            "PI",
            "2019",
            "0.009079601",
            "0.0091",
            "+0.225",
            "yes",
        ],
    ]
    assert len(cells(answer.out, "Coefficients")) == 10
    assert "- OLS explains" in answer.out
    assert "\nStudy definitions: no difference\n" in answer.out


def test_coefficients_are_told_by_standard_errors_largest_first(two_vintages: Any) -> None:
    home, names = two_vintages.home, vintages(two_vintages.home)
    rows = ask(home, "commands/changed_coefficients", ChangedCoefficient, names)
    sql = (
        "select study, region, sample, estimator, term, coefficient, std_error "
        "from model.coefficient "
        "where vintage = $old"
    )
    first = {row[:5]: row[5:] for row in query(home, sql, {"old": names["old"]}).rows}
    sizes = []
    for each in rows:
        key = (each.study, each.region, each.sample, each.estimator, each.term)
        old, new, std_error = each.old_coefficient, each.new_coefficient, each.old_std_error
        assert (old, std_error) == first[key]
        assert new is not None
        assert each.moved == pytest.approx((new - old) / std_error, rel=1e-12)  # one division
        sizes.append(abs(each.moved))
    assert sizes == sorted(sizes, reverse=True)


def test_backwards_what_was_new_is_gone(two_vintages: Any, run: Any) -> None:
    out = run(two_vintages.home, "diff", "2", "1").out
    assert ["gone", "made_revision", "2025"] in cells(out, "Documents")
    assert cells(out, "Index values")[-1][5:8] == ["0.0091", "0.009079601", "-0.224"]


def test_a_vintage_does_not_differ_from_itself(two_vintages: Any, run: Any) -> None:
    out = run(two_vintages.home, "diff", "2", "2").out
    assert out.count("no difference") == 7


@pytest.mark.parametrize(
    ("change", "heading", "row"),
    [
        (
            "update model.study_definition set definition = "
            "replace(definition, '\"k\":0.148', '\"k\":0.2') where vintage = $new "
            "and study = 'he_2012_2019'",
            "Study definitions",
            ["changed", "he_2012_2019", "model"],
        ),
        (
            "update model.vintage_index_value set value = null where vintage = $new "
            "and study = 'he_2012_2019' and index_id = 'EG' and reference_year = 2015",
            "Index values",
            ["he_2012_2019", "recovered", "EG", "2015", "missing", "yes"],
        ),
        (
            "delete from model.coefficient where vintage = $old and term = 'IM' "
            "and estimator = 'ols'",
            "Coefficients",
            ["he_2012_2019", "recovered", "ols", "IM", "missing"],
        ),
    ],
    ids=["definition", "vanished value", "new term"],
)
def test_what_comes_and_goes_is_on_top(
    two_vintages: Any,
    run: Any,
    tools: Any,
    tmp_path: Path,
    change: str,
    heading: str,
    row: list[str],
) -> None:
    home = tools.copied(two_vintages.home, tmp_path / "home")
    for name, vintage in vintages(home).items():
        change = change.replace(f"${name}", f"'{vintage}'")
    tools.spoil(home.published.resolve(), change)
    found = cells(run(home, "diff", "1", "2").out, heading)[0]
    assert [cell for cell in row if cell not in found] == []


def test_sentences_that_both_have_are_left_out() -> None:
    old = "One stands. Two (p = 0.05) goes. Three stays."
    new = "One stands. Two (p = 0.06) goes. Three stays. Four."
    assert changed_sentences(old, new) == (
        ["Two (p = 0.05) goes."],
        ["Two (p = 0.06) goes.", "Four."],
    )
