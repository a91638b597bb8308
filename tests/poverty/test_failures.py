"""The yearly study on data on which it must fail: the reason is a row, and the others stand."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from assets.poverty.backtest.backtest import backtest_frame
from assets.poverty.backtest.backtest_rows import BacktestRow
from assets.poverty.backtest.known_fit import known_fit_frames
from assets.poverty.drift.drift_rows import StructuralBreakRow
from assets.poverty.drift.structural_breaks import break_frame
from assets.poverty.fits.fit_rows import FitRow
from assets.poverty.fits.panel_fits import fit_panels
from assets.poverty.fits.result_frames import result_frames
from assets.poverty.fits.sample_fits import fit_samples
from assets.poverty.robustness.scrutiny import robustness_frames
from assets.poverty.study_files.study import Study
from assets.vintages.failures import Failures
from assets.vintages.pieces import Pieces
from assets.warehouse.tables.table import Table

Damage = Callable[[pd.DataFrame], pd.DataFrame]
GOOD, BAD = "good", "bad"
YEARS = range(2012, 2020)
VINTAGE = "0001-x"


def study(name: str, **changes: object) -> Study:
    fields = {
        "study": name,
        "title": "Growth and poverty",
        "region": "CN",
        "years": {"first": 2012, "last": 2019},
        "samples": [
            {"name": "latest", "choose": "latest"},
            {"name": "first", "choose": "first_printed"},
        ],
        "indices": ["PI", "AIG", "EG"],
        "inputs": {},
        "model": {"dependent": "PI", "regressors": ["AIG", "EG"], "ridge": {"k": 0.148}},
    }
    return Study.model_validate(fields | changes)


def inputs(name: str, sample: str) -> pd.DataFrame:
    """Rows of indices.model_input on which every method runs."""
    t = np.arange(len(YEARS), dtype=float)
    values = {"PI": 0.3 - 0.03 * t + 0.004 * (t % 3), "AIG": 0.1 * (t % 4), "EG": 2 + 0.2 * t}
    return pd.DataFrame(
        {
            "study": name,
            "region": "CN",
            "sample": sample,
            "reference_year": year,
            "variable": variable,
            "role": "dependent" if variable == "PI" else "regressor",
            "value": column[row],
            "normalised": (column[row] - column.min()) / np.ptp(column),
            "strictly_normalised": (column[row] - column.min()) / np.ptp(column),
            "quality": "published",
        }
        for variable, column in values.items()
        for row, year in enumerate(YEARS)
    )


def of_variable(name: str, value: float) -> Damage:
    def damage(rows: pd.DataFrame) -> pd.DataFrame:
        here = rows["variable"] == name
        return rows.assign(
            **{kind: rows[kind].where(~here, value) for kind in ("value", "normalised")}
        )

    return damage


def with_copy(rows: pd.DataFrame, of: str, name: str) -> pd.DataFrame:
    copies = rows[rows["variable"] == of].assign(variable=name)
    return pd.concat([rows[rows["variable"] != name], copies], ignore_index=True)


DAMAGES: dict[str, Damage] = {
    "no rows": lambda rows: rows.iloc[:0],
    "one year": lambda rows: rows[rows["reference_year"] == 2015],
    "as many years as parameters": lambda rows: rows[rows["reference_year"] < 2015],
    "one year more": lambda rows: rows[rows["reference_year"] < 2016],
    "constant outcome": of_variable("PI", 0.2),
    "constant regressor": of_variable("EG", 0.2),
    "all zero": lambda rows: rows.assign(value=0.0, normalised=0.0),
    "singular design": lambda rows: with_copy(rows, "AIG", "EG"),
    "no number": of_variable("EG", np.nan),
    "infinite": of_variable("EG", np.inf),
    "huge": of_variable("AIG", 1e300),
    "a variable missing": lambda rows: rows[rows["variable"] != "EG"],
    "each year twice": lambda rows: pd.concat([rows, rows], ignore_index=True),
    "perfect fit": lambda rows: with_copy(rows, "AIG", "PI"),
}


def frames(damage: Damage, failures: Failures) -> dict[Table, pd.DataFrame]:
    """What every step says of a good study and of a damaged one."""
    studies = [study(GOOD), study(BAD)]
    samples = ("latest", "first")
    good = pd.concat([inputs(GOOD, sample) for sample in samples], ignore_index=True)
    bad = pd.concat([damage(inputs(BAD, sample)) for sample in samples], ignore_index=True)
    both = pd.concat([good, bad], ignore_index=True)
    years = pd.DataFrame(columns=["study", "region", "sample", "reference_year", "missing"])
    gaps = pd.DataFrame(
        columns=["study", "region", "known_by", "variable_order", "reference_year", "indicator",
                 "input_year", "variable", "reason", "printed_in"]
    )  # fmt: skip
    known = both[both["sample"] == "first"].assign(known_by=2020, is_later_print=False)
    known = known[known["reference_year"] < 2019].assign(known_by=2019)
    fits = fit_samples(studies, both, years)
    panel = study(
        "panel",
        regions=["CN-GS", "CN-SN", "CN-NX"],
        region=None,
        model={"kind": "panel", "dependent": "PI", "regressors": ["AIG", "EG"]},
    )
    made = {
        **result_frames(failures.vintage, fits, fit_panels([panel], bad.assign(study="panel"))),
        **robustness_frames([one for one in fits if one.sample == "latest"], [], failures),
        **known_fit_frames(studies, known, gaps, failures),
    }
    made[StructuralBreakRow.table] = break_frame(fits, 1, failures)
    made[BacktestRow.table] = backtest_frame(studies, known, both, failures)
    return {table: failures.sound(table, frame) for table, frame in made.items()}


# No table gives such rows, so what they lead to is a fault, and told as one.
IMPOSSIBLE = ("each year twice", "no number")


@pytest.fixture(scope="module")
def alone() -> dict[Table, pd.DataFrame]:
    """The rows of the good study beside one without any data."""
    return frames(DAMAGES["no rows"], Failures(VINTAGE, "t"))


@pytest.mark.parametrize("name", DAMAGES)
def test_a_study_that_must_fail_leaves_the_others(
    alone: dict[Table, pd.DataFrame], name: str
) -> None:
    failures = Failures(VINTAGE, "t")
    found = frames(DAMAGES[name], failures)
    for table, frame in found.items():
        here, expected = (
            each[each["study"] == GOOD].astype(object).fillna("").reset_index(drop=True)
            for each in (frame, alone[table])
        )
        assert here.equals(expected), table.name
    fits = found[FitRow.table]
    bad = fits[(fits["study"] == BAD) & (fits["status"] != "fitted")]
    assert bad["reason"].str.len().gt(10).all()
    if name not in IMPOSSIBLE:
        assert [row.reason for row in failures.rows if row.status == "failed"] == []
        assert "failed" not in set(fits["status"])


def test_entries_whose_figures_are_as_they_were_are_taken_over_to_the_last_bit(
    alone: dict[Table, pd.DataFrame],
) -> None:
    first = Pieces("t", "code")
    made = frames(DAMAGES["no rows"], Failures(VINTAGE, "t", pieces=first))
    assert first.computed == first.entries == len(first.now)
    same = Pieces("t", "code", first.now)
    taken = frames(DAMAGES["no rows"], Failures(VINTAGE, "t", pieces=same))
    assert same.computed == 0
    part = Pieces("t", "code", first.now)
    found = frames(DAMAGES["one year more"], Failures("0002-y", "t", pieces=part))
    assert 0 < part.computed < part.entries
    whole = frames(DAMAGES["one year more"], Failures("0002-y", "t"))
    for table, frame in alone.items():
        assert made[table].equals(frame), table.name
        assert taken[table].equals(frame), table.name
        assert found[table].equals(whole[table]), table.name
