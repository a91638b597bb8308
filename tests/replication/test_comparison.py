"""He's paper as it ships: 82 numbers beside the recovered sample, all but two agree."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from assets.extracts.document import document_frames, read_document
from assets.extracts.landed.survey import REPLICATIONS_FOLDER
from assets.replication.comparison import comparison_frame
from assets.replication.documents import Documents
from assets.replication.intake import (
    forget_gone_replications,
    read_replications,
    write_replications,
)
from assets.replication.replication_rows import RAW_TABLES, PrintedComparisonRow
from assets.replication.survey import replications_before, survey_replications
from assets.vintages.failures import Failures
from assets.warehouse.store import Store

LANDING = Path(__file__).parents[2] / "landing"

# The issue: two of the paper's numbers contradict its other tables.
ERRORS_OF_THE_PAPER = {("4", "", "R2"), ("6", "AIG", "p")}


def rows_of(source: str, table: str) -> pd.DataFrame:
    [card] = (LANDING / source).glob("*/card.yaml")
    return document_frames([read_document(card, LANDING)])[table]


def take_in(landing: Path, store: Store) -> int:
    """What the asset `read_replications` does, without Dagster; returns how many were refused."""
    survey = survey_replications(landing, replications_before(store))
    intake = read_replications(survey.pending)
    write_replications(store, intake)
    return len(intake.refused)


Compare = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.fixture(scope="module")
def printed() -> pd.DataFrame:
    return rows_of("he_gansu_paper", "raw.published_statistic")


@pytest.fixture(scope="module")
def compare(tmp_path_factory: pytest.TempPathFactory) -> Compare:
    """The shipped folder, on the shipped sample, beside these printed numbers."""
    store = Store(tmp_path_factory.mktemp("shipped") / "working.duckdb")
    assert take_in(LANDING, store) == 0
    studies, data_files, typed = (
        store.frame(f"select * from {table.name}") for table in RAW_TABLES
    )
    figures = rows_of("he_recovered", "raw.observation")

    def compared(printed: pd.DataFrame, figures: pd.DataFrame = figures) -> pd.DataFrame:
        documents = Documents(figures, printed)
        return comparison_frame(studies, data_files, typed, documents, Failures("0001-0", "t"))

    return compared


def differing(compared: pd.DataFrame) -> set[tuple[str, str, str]]:
    rows = compared[~compared["agrees"].astype(bool)]
    return set(zip(rows["table_number"], rows["term"], rows["statistic"], strict=True))


def test_of_82_numbers_exactly_two_differ(compare: Compare, printed: pd.DataFrame) -> None:
    compared = compare(printed)
    assert len(compared) == 82
    assert differing(compared) == ERRORS_OF_THE_PAPER


def test_the_counts_by_table(compare: Compare, printed: pd.DataFrame) -> None:
    # Table 2: 5 variables x 4; 3: 10 pairs; 4: R2, adjusted R2, F, p; 5: 5 terms x 4 and 4 VIF;
    # 6: 5 terms x 4, R2, adjusted R2, F, p (K is given, not a result). Counted in
    # tests/reference/gansu.
    compared = compare(printed)
    counts = compared["table_number"].value_counts().to_dict()
    assert counts == {"2": 20, "3": 10, "4": 4, "5": 24, "6": 24}


def test_the_rows_fit_their_declaration(
    compare: Compare, printed: pd.DataFrame, tmp_path: Path
) -> None:
    compared = compare(printed)
    assert Store(tmp_path / "working.duckdb").replace(PrintedComparisonRow.table, compared) == 82
    assert compared["cell"].str.match(r"^Table [2-6] [A-Z]+[0-9]+$").all()


def corrupt(text: str) -> str:
    """The last digit one and a half units further, stars kept: 0.070* becomes 0.072*."""
    digits = text.rstrip("*")
    last = int(digits[-1])
    return digits[:-1] + str(last + 2 if last < 8 else last - 2) + text[len(digits) :]


def test_each_corrupted_digit_is_caught(compare: Compare, printed: pd.DataFrame) -> None:
    # The other direction of the claim that 80 agree: two units in the last digit never pass.
    caught = 0
    for position, text in enumerate(printed["printed_value"]):
        row = printed.iloc[position]
        place = (row["table_number"], row["term"], row["statistic"])
        if row["statistic"] in ("k", "n") or place in ERRORS_OF_THE_PAPER:
            continue
        changed = printed.copy()
        changed.iloc[position, printed.columns.get_loc("printed_value")] = corrupt(text)
        found = differing(compare(changed))
        assert found == {*ERRORS_OF_THE_PAPER, place}, (place, text)
        caught += 1
    assert caught == 80


def test_numbers_of_another_paper_are_left_alone(compare: Compare, printed: pd.DataFrame) -> None:
    other = printed.assign(source="another_paper", term="unknown")
    both = pd.concat([printed, other])
    assert len(compare(both)) == 82
    assert compare(other).empty


def test_without_its_sample_nothing_is_determinable(compare: Any, printed: pd.DataFrame) -> None:
    compared = compare(printed, rows_of("he_recovered", "raw.observation").iloc[:0])
    assert set(compared["verdict"]) == {"not determinable"}
    assert set(compared["reason"]) == {"the document he_recovered/2026 has no figures"}
    assert len(compared) == 82


def test_the_place_is_that_of_the_sample(compare: Compare, printed: pd.DataFrame) -> None:
    compared = compare(printed)
    assert set(compared["study"]) == {"he_2012_2019"}
    assert set(compared["region"]) == {"CN-GS"}
    assert set(compared["source"]) == {"he_gansu_paper"}
    assert set(compared["edition"]) == {2023}


@pytest.mark.parametrize("nothing", [None, float("nan")])
def test_a_paper_typed_as_csv_has_cells_without_a_sheet(
    compare: Compare, printed: pd.DataFrame, nothing: float | None
) -> None:
    # NULL text comes from the warehouse as None or NaN, and NaN counts as true.
    compared = compare(printed.assign(sheet=nothing))
    assert compared["cell"].to_list() == printed["cell"].to_list()


def test_an_unknown_place_is_named_with_its_cell(compare: Compare, printed: pd.DataFrame) -> None:
    odd = printed.assign(term=printed["term"].replace("aEDI", "EDI"))
    compared = compare(odd)
    lost = compared[compared["agrees"].isna()]
    assert len(compared) == len(printed)
    assert lost["computed"].isna().all()
    # min, max, mean, sd; four correlations in which it comes first or second under another name;
    # the OLS row has five numbers, the ridge row four
    assert set(lost["term"]) | set(lost["other_term"]) >= {"EDI"}
    assert set(lost.loc[lost["term"] == "EDI", "statistic"]) >= {"min", "coefficient", "vif"}


FOLDER = {
    "replication.yaml": (
        "replication: drawn\ntitle: Drawn\nsource: nobody\n"
        "data: {units: {file: units.csv}}\nsteps:\n"
        "  fit: {estimator: ols_and_ridge, data: units, dependent: y, regressors: [x]}\n"
    ),
    "units.csv": "y,x\n1,1\n2,2\n3.5,3\n4,4\n",
    "printed.csv": (
        "table,cell,step,term,statistic,printed,reason\n"
        "1,a,fit,x,coefficient,1.05,\n1,b,fit,x,coefficient,1.06,\n2,c,,M,value,7,not here\n"
    ),
}


def put(landing: Path, **changed: str) -> Path:
    """A folder with data of its own; changed: files that say something else, `_` for the dot."""
    folder = landing / REPLICATIONS_FOLDER / "drawn"
    folder.mkdir(parents=True, exist_ok=True)
    texts = FOLDER | {name.replace("_", "."): text for name, text in changed.items()}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def nothing() -> Documents:
    """A warehouse without documents."""
    return Documents(rows_of("he_recovered", "raw.observation").iloc[:0], pd.DataFrame())


def compared(store: Store) -> pd.DataFrame:
    """What became of each printed number, without figures of documents."""
    studies, data_files, typed = (
        store.frame(f"select * from {table.name} order by all") for table in RAW_TABLES
    )
    return comparison_frame(studies, data_files, typed, nothing(), Failures("0001-0", "t"))


def verdicts(store: Store) -> list[str]:
    return list(compared(store).sort_values("cell")["verdict"])


def test_a_folder_with_data_of_its_own_is_kept_in_the_warehouse(tmp_path: Path) -> None:
    # Least squares of 1, 2, 3.5, 4 on 1 to 4: slope 5.25 / 5 = 1.05.
    store, landing = Store(tmp_path / "working.duckdb"), tmp_path / "landing"
    put(landing)
    assert take_in(landing, store) == 0
    assert verdicts(store) == ["reproduced", "within rounding", "not determinable"]
    store.replace(
        PrintedComparisonRow.table,
        compared(store),
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"printed_csv": FOLDER["printed.csv"].replace("1.05", "1.15")},
        {"units_csv": FOLDER["units.csv"].replace("3.5", "3.6")},
        {"replication_yaml": FOLDER["replication.yaml"].replace("Drawn", "Otherwise")},
    ],
)
def test_whatever_changes_in_a_folder_is_another_input(
    tmp_path: Path, changed: dict[str, str]
) -> None:
    store, landing = Store(tmp_path / "working.duckdb"), tmp_path / "landing"
    put(landing)
    take_in(landing, store)
    before = replications_before(store)
    assert not survey_replications(landing, before).pending
    put(landing, **changed)
    [waiting] = survey_replications(landing, before).changed
    assert waiting.key == "replications/drawn"
    take_in(landing, store)
    assert not survey_replications(landing, replications_before(store)).pending


def test_a_refused_folder_leaves_what_it_said_and_a_repair_ends_it(tmp_path: Path) -> None:
    store, landing = Store(tmp_path / "working.duckdb"), tmp_path / "landing"
    put(landing)
    take_in(landing, store)
    put(landing, printed_csv=FOLDER["printed.csv"].replace("1.05", "n.s."))
    assert take_in(landing, store) == 1
    assert verdicts(store) == ["reproduced", "within rounding", "not determinable"]
    ((message,),) = store.rows("select message from raw.quarantine")
    assert "line 2: 'n.s.' is not a printed number" in message
    assert len(survey_replications(landing, replications_before(store)).refused) == 1
    put(landing)
    assert take_in(landing, store) == 0
    assert store.rows("select * from raw.quarantine") == []


def test_a_folder_that_is_gone_is_forgotten_unless_readers_saw_it(tmp_path: Path) -> None:
    store, landing = Store(tmp_path / "working.duckdb"), tmp_path / "landing"
    put(landing)
    take_in(landing, store)
    forget_gone_replications(store, [], ["drawn"])
    assert len(store.rows("select * from raw.replication")) == 1
    forget_gone_replications(store, [], [])
    for table in RAW_TABLES:
        assert store.rows(f"select * from {table.name}") == []


_YAML = FOLDER["replication.yaml"]


@pytest.mark.parametrize(
    ("contract", "said"),
    [
        (_YAML.replace("drawn", "other"), "as the folder"),
        (_YAML.replace("units.csv", "../units.csv"), "must lie in the folder"),
        (_YAML.replace("{file: units.csv}", "{}"), "say either file or document"),
        (f"{_YAML}printed: {{document: a/2020, step: no}}", "'no' is no step"),
        (f"{_YAML}printed: {{document: a/2020, step: fit}}", "the printed numbers in one place"),
    ],
)
def test_a_folder_at_fault_is_refused_with_the_reason(
    tmp_path: Path, contract: str, said: str
) -> None:
    store, landing = Store(tmp_path / "working.duckdb"), tmp_path / "landing"
    put(landing, replication_yaml=contract)
    assert take_in(landing, store) == 1
    ((message,),) = store.rows("select message from raw.quarantine")
    assert said in message
