"""Tables of the report on entry and inequality of towns: each number with its cell."""

from assets.release.report.place import Place
from assets.release.report.sections.town_extent import entry_table, inequality_table
from assets.release.report.words import SIMULATED, Cited, Said
from assets.release.results.town_lines import TownEntry, TownInequality

ESTIMATES = Place("model.town_estimate", {"dataset": "d"}, "foot")
ENTRY = {
    "estimator": "poisson_share",
    "sample": "all towns",
    "control_pool": "",
    "outcome": "exits",
    "inference": "analytic",
    "estimate": 0.0243,
    "low": 0.0231,
    "high": 0.0255,
}


def test_an_effect_on_counts_is_in_per_cent_and_a_share_in_points() -> None:
    effect = TownEntry(
        target="att", cell="", percent=-11.454, percent_low=-20.6, percent_high=-1.2, **ENTRY
    )
    share = TownEntry(
        target="exit_share",
        cell="with",
        percent=None,
        percent_low=None,
        percent_high=None,
        **ENTRY,
    )
    table = entry_table([effect, share], ESTIMATES, SIMULATED)
    assert table.mark == SIMULATED
    first, second = table.rows
    assert first[3] == "%"
    assert isinstance(first[4], Cited)
    assert (first[4].text, first[4].column) == ("−11.5", "percent")
    assert second[2] == Said("with certification", "有认定")
    assert isinstance(second[4], Cited)
    assert (second[4].text, second[4].column, second[4].times) == ("2.43", "estimate", 100)
    assert second[4].key["cell"] == "with"


def test_inequality_names_its_year_and_each_state() -> None:
    rows = [
        TownInequality(2021, "town", "theil", "total", state, 0.2, low, low)
        for state, low in (("observed", None), ("without certification", 0.19))
    ]
    table = inequality_table(rows, Place("model.town_inequality", {}, "foot"), "")
    assert table.title.en == "Inequality of towns' sales, 2021"
    assert [row[2] for row in table.rows] == [
        Said("as observed", "实际"),
        Said("without it", "无认定"),
    ]
    assert table.rows[0][4] is None
    assert inequality_table([], Place("t", {}, "foot"), "").rows == ()
