"""Taking documents in: bad ones are set aside, good ones replace only their own rows."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assets.extracts import document
from assets.extracts.cards.loaded_card import LoadedCard
from assets.extracts.document_rows import TABLES
from assets.extracts.errors import DocumentError
from assets.extracts.landed import intake as intake_module
from assets.extracts.landed.intake import Intake, read_documents, write_intake
from assets.extracts.landed.quarantine import taken_before
from assets.extracts.landed.survey import Survey, Taken, survey_landing
from assets.warehouse.connection import kept_open
from assets.warehouse.store import Store
from assets.warehouse.tables.writes import Writes

SHIPPED = Path(__file__).parents[2] / "landing"
KEYS = ("chinadaily_poverty/2013", "govcn_poverty/2018", "he_gansu_paper/2023")
POVERTY = "govcn_poverty/2018"
FIGURE = (
    "select value from raw.observation "
    "where source = 'govcn_poverty' and indicator = 'rural_poor_population'"
)


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    folder = tmp_path / "landing"
    for key in KEYS:
        shutil.copytree(SHIPPED / key, folder / key)
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with kept_open():  # as a refresh has it
        yield Store(tmp_path / "working.duckdb")


def take_in(landing: Path, store: Store) -> tuple[Survey, Intake]:
    """One refresh of the raw tables."""
    survey = survey_landing(landing, taken_before(store), tries_again=True)
    intake = read_documents(landing, survey.pending, lambda _: None)
    write_intake(store, intake)
    return survey, intake


def everything(store: Store, where: str = "true") -> dict[str, list[tuple[Any, ...]]]:
    with store.transaction() as writes:
        return {
            table.name: writes.connection.execute(
                f"select * from {table.name} where {where} order by all"
            ).fetchall()
            for table in TABLES
        }


def of_others(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    return everything(store, "source <> 'govcn_poverty'")


def rewrite(landing: Path, text: str, document: str = POVERTY) -> None:
    """Re-issue a typed document, its card put right."""
    folder = landing / document
    path, card = folder / "figures.csv", folder / "card.yaml"
    path.write_text(text, encoding="utf-8")
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    lines = [
        f"document: {{file: figures.csv, sha256: {digest}, bytes: {len(content)}}}"
        if line.startswith("document:")
        else line
        for line in card.read_text(encoding="utf-8").splitlines()
    ]
    card.write_text("\n".join(lines) + "\n", encoding="utf-8")


def reissue(landing: Path, persons: str) -> None:
    text = (landing / POVERTY / "figures.csv").read_text(encoding="utf-8")
    rewrite(landing, text.replace(",3046,", f",{persons},"))


def test_nothing_is_known_before_the_first_intake(store: Store) -> None:
    assert taken_before(store) == {}


def test_all_documents_go_in_and_are_known(landing: Path, store: Store) -> None:
    seen: list[str] = []
    survey = survey_landing(landing, taken_before(store))
    write_intake(store, read_documents(landing, survey.pending, seen.append))
    assert seen == [f"reading document {n} of 3: {key}" for n, key in enumerate(KEYS, start=1)]
    assert taken_before(store) == {
        each.key: Taken(each.content_sha256, None) for each in survey.everything
    }
    # Issue: 82 printed numbers; govcn_poverty prints 30.46 million poor, 3046 in 10,000 persons.
    assert store.rows("select count(*) from raw.published_statistic") == [(82,)]
    assert store.rows(FIGURE) == [(3046.0,)]
    assert [each.key for each in survey_landing(landing, taken_before(store)).unchanged] == [*KEYS]


def test_a_bad_document_is_set_aside_and_the_others_go_in(landing: Path, store: Store) -> None:
    reissue(landing, "many")
    _, intake = take_in(landing, store)
    [refused] = intake.refused
    assert refused.file == f"landing/{POVERTY}/figures.csv"
    assert "'many' is not a number" in refused.message
    assert len(intake.accepted) == 2
    assert store.rows("select source, edition, file, message from raw.quarantine") == [
        ("govcn_poverty", "2018", refused.file, refused.message)
    ]
    assert store.rows("select source from raw.document order by 1") == [
        ("chinadaily_poverty",),
        ("he_gansu_paper",),
    ]


def test_the_old_rows_of_a_document_gone_bad_stand(landing: Path, store: Store) -> None:
    take_in(landing, store)
    before = everything(store)
    reissue(landing, "many")
    take_in(landing, store)
    after = everything(store)
    [quarantined] = after.pop("raw.quarantine")
    assert quarantined[:2] == ("govcn_poverty", "2018")
    assert before.pop("raw.quarantine") == []
    assert after == before


def test_a_refused_document_is_refused_once(landing: Path, store: Store) -> None:
    take_in(landing, store)
    reissue(landing, "many")
    take_in(landing, store)
    survey, intake = take_in(landing, store)
    assert [each.key for each in survey.refused] == [POVERTY]
    assert intake == Intake((), ())
    reissue(landing, "many")  # the same bytes
    reissue_again = survey_landing(landing, taken_before(store))
    assert reissue_again.pending == ()


def test_another_fault_replaces_the_message(landing: Path, store: Store) -> None:
    reissue(landing, "many")
    take_in(landing, store)
    text = (landing / POVERTY / "figures.csv").read_text(encoding="utf-8")
    rewrite(landing, text.replace(",many,", ",few,"))
    take_in(landing, store)
    [(message,)] = store.rows("select message from raw.quarantine")
    assert "'few' is not a number" in message


def test_a_reissue_replaces_its_own_rows_only(landing: Path, store: Store) -> None:
    take_in(landing, store)
    others = of_others(store)
    reissue(landing, "3047")
    survey, intake = take_in(landing, store)
    assert [each.key for each in survey.changed] == [POVERTY]
    assert len(intake.accepted) == 1
    assert store.rows(FIGURE) == [(3047.0,)]
    assert of_others(store) == others
    assert all(others["raw.document"])


def test_a_figure_dropped_by_the_reissue_is_dropped(landing: Path, store: Store) -> None:
    take_in(landing, store)
    lines = (landing / POVERTY / "figures.csv").read_text(encoding="utf-8").splitlines()
    rewrite(landing, "\n".join(lines[:2]) + "\n")
    take_in(landing, store)
    rows = store.rows("select indicator from raw.observation where source = 'govcn_poverty'")
    assert rows == [("rural_poor_population",)]


def test_a_mended_document_ends_its_quarantine(landing: Path, store: Store) -> None:
    reissue(landing, "many")
    take_in(landing, store)
    text = (landing / POVERTY / "figures.csv").read_text(encoding="utf-8")
    rewrite(landing, text.replace(",many,", ",3046,"))
    take_in(landing, store)
    assert store.rows("select * from raw.quarantine") == []
    assert store.rows(FIGURE) == [(3046.0,)]


def test_a_document_put_back_ends_its_quarantine_too(landing: Path, store: Store) -> None:
    take_in(landing, store)
    before = everything(store)
    reissue(landing, "many")
    take_in(landing, store)
    shutil.rmtree(landing / POVERTY)
    shutil.copytree(SHIPPED / POVERTY, landing / POVERTY)
    survey, _ = take_in(landing, store)
    assert [each.key for each in survey.changed] == [POVERTY]
    assert everything(store) == before


def test_the_figures_of_a_removed_folder_stand(landing: Path, store: Store) -> None:
    take_in(landing, store)
    before = everything(store)
    shutil.rmtree(landing / POVERTY)
    survey, intake = take_in(landing, store)
    assert survey.gone == (POVERTY,)
    assert intake == Intake((), ())
    assert everything(store) == before


def test_a_folder_that_is_no_year_is_quarantined_under_its_name(
    landing: Path, store: Store
) -> None:
    (landing / POVERTY).rename(landing / "govcn_poverty/eighteen")
    take_in(landing, store)
    assert store.rows("select source, edition from raw.quarantine") == [
        ("govcn_poverty", "eighteen")
    ]
    survey, _ = take_in(landing, store)
    assert [each.key for each in survey.refused] == ["govcn_poverty/eighteen"]


def test_an_edition_beside_another_leaves_it_alone(landing: Path, store: Store) -> None:
    take_in(landing, store)
    shutil.copytree(landing / POVERTY, landing / "govcn_poverty/2019")
    card = landing / "govcn_poverty/2019/card.yaml"
    card.write_text(card.read_text().replace("edition: 2018", "edition: 2019"))
    take_in(landing, store)
    rows = store.rows("select edition from raw.document where source = 'govcn_poverty' order by 1")
    assert rows == [(2018,), (2019,)]


def failing_quarantine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last write of an intake fails, after all others were made."""

    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(intake_module, "quarantine", fail)


def failing_second_append(monkeypatch: pytest.MonkeyPatch) -> None:
    """A write between two tables fails: the document is in, its figures are not."""
    original = Writes.append
    calls: list[str] = []

    def append(self: Any, table: Any, frame: Any) -> int:
        calls.append(table.name)
        if len(calls) == 2:
            raise OSError("no space left")
        return int(original(self, table, frame))

    monkeypatch.setattr(Writes, "append", append)


@pytest.mark.parametrize("fault", [failing_quarantine, failing_second_append])
def test_a_write_that_fails_midway_changes_nothing(
    landing: Path,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[pytest.MonkeyPatch], None],
) -> None:
    take_in(landing, store)
    before = everything(store)
    reissue(landing, "3047")
    card = landing / "chinadaily_poverty/2013/card.yaml"
    card.write_text("source: broken\n")
    with monkeypatch.context() as patched:
        fault(patched)
        with pytest.raises(OSError, match="no space left"):
            take_in(landing, store)
    assert everything(store) == before
    take_in(landing, store)  # and the next run takes all of it in
    assert store.rows(FIGURE) == [(3047.0,)]
    assert store.rows("select source from raw.quarantine") == [("chinadaily_poverty",)]


def test_an_intake_of_nothing_makes_the_tables(store: Store) -> None:
    write_intake(store, Intake((), ()))
    assert all(rows == [] for rows in everything(store).values())
    assert taken_before(store) == {}


def test_reading_all_again_gives_the_same_rows(landing: Path, store: Store) -> None:
    # As after a change of code: every document is read again, changed or not.
    survey, intake = take_in(landing, store)
    before = everything(store)
    write_intake(store, read_documents(landing, survey.everything, lambda _: None))
    assert everything(store) == before
    assert len(intake.accepted) == 3


def test_an_edition_of_a_year_to_come_is_refused(landing: Path) -> None:
    survey = survey_landing(landing, {})
    latest = max(int(document.edition) for document in survey.pending)
    intake = read_documents(landing, survey.pending, lambda _: None, this_year=latest - 1)
    assert [refused.edition for refused in intake.refused] == [str(latest)]
    [refused] = intake.refused
    assert "card.yaml, field edition" in refused.message
    assert f"edition {latest} lies in the future" in refused.message
    assert not read_documents(landing, survey.pending, lambda _: None, this_year=latest).refused


def test_setting_aside_loads_no_pandas(tmp_path: Path) -> None:
    """Where all that waits is refused, half a second of a refresh would go to it."""
    code = (
        "import sys; from pathlib import Path\n"
        "from assets.extracts.document_rows import QuarantineRow\n"
        "from assets.extracts.landed.quarantine import quarantine\n"
        "from assets.warehouse.store import Store\n"
        "row = QuarantineRow(source='a', edition='2020', content_sha256='0' * 64, file='f',\n"
        "    message='wrong')\n"
        "store = Store(Path(sys.argv[1]))\n"
        "with store.transaction() as writes:\n"
        "    quarantine(writes, [row, row])\n"
        "assert store.read(QuarantineRow, 'from raw.quarantine') == [row]\n"
        "assert 'pandas' not in sys.modules\n"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "working.duckdb")],
        cwd=Path(__file__).parents[2],
        check=True,
        timeout=60,
    )


HEAD = "indicator,region,year,value,unit,note\n"
POOR, SHARE = (
    "rural_poor_population,CN,2017,3046,万人,\n",
    "rural_poverty_incidence,CN,2017,3.1,%,\n",
)
LATER = "govcn_poverty/2019"


@pytest.fixture
def two_editions(landing: Path, store: Store) -> Path:
    """2019 lacks a label that 2018 has, so that it is refused."""
    shutil.copytree(landing / POVERTY, landing / LATER)
    card = landing / LATER / "card.yaml"
    text = card.read_text(encoding="utf-8").partition("covers:")[0]
    card.write_text(text.replace("edition: 2018", "edition: 2019"), encoding="utf-8")
    rewrite(landing, HEAD + SHARE, LATER)
    _, intake = take_in(landing, store)
    assert [each.key for each in intake.refused] == [LATER]
    assert "which the edition before has" in intake.refused[0].message
    return landing


def test_an_edition_is_tried_again_when_the_one_before_changed(
    two_editions: Path, store: Store
) -> None:
    survey, _ = take_in(two_editions, store)
    assert [each.key for each in survey.refused] == [LATER]
    rewrite(two_editions, HEAD + SHARE)
    _, intake = take_in(two_editions, store)
    assert sorted(landed.key for landed, _ in intake.accepted) == [POVERTY, LATER]
    assert store.rows("select source from raw.quarantine") == []
    survey, _ = take_in(two_editions, store)
    assert survey.pending == ()


def test_an_edition_is_held_against_one_before_that_comes_later_or_changes(
    two_editions: Path, store: Store
) -> None:
    (two_editions / POVERTY).rename(two_editions.parent / "elsewhere")
    _, intake = take_in(two_editions, store)
    assert [landed.key for landed, _ in intake.accepted] == [LATER]
    (two_editions.parent / "elsewhere").rename(two_editions / POVERTY)
    survey, intake = take_in(two_editions, store)
    assert [each.key for each in survey.changed] == [LATER]
    assert [each.key for each in intake.refused] == [LATER]  # what it said before stands
    assert ("2019",) in store.rows(
        "select cast(edition as varchar) from raw.observation where source = 'govcn_poverty'"
    )


def test_what_the_machine_lacked_is_tried_again_by_whoever_refreshes(
    landing: Path, store: Store
) -> None:
    """An edition that lay in the future comes of age; a sensor does not ask every few seconds."""

    def refreshed_in(year: int) -> Intake:
        survey = survey_landing(landing, taken_before(store), tries_again=True)
        intake = read_documents(landing, survey.pending, lambda _: None, year)
        write_intake(store, intake)
        return intake

    [refused] = [each for each in refreshed_in(2022).refused if each.edition == "2023"]
    assert "lies in the future" in refused.message
    looked = survey_landing(landing, taken_before(store))
    assert [each.key for each in looked.refused] == ["he_gansu_paper/2023"]
    assert [each.key for each in refreshed_in(2022).refused] == ["he_gansu_paper/2023"]
    assert [each.key for each, _ in refreshed_in(2023).accepted] == ["he_gansu_paper/2023"]
    assert refreshed_in(2023) == Intake((), ())


def test_an_edition_is_held_against_one_before_that_the_machine_could_not_read(
    two_editions: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reads_no_2018(loaded: LoadedCard, *others: Any) -> Any:
        if loaded.card.edition == 2018:
            raise DocumentError("2018", found="", expected="", advice="", of_machine=True)
        return read(loaded, *others)

    read = document._read
    with monkeypatch.context() as lacking:
        lacking.setattr(document, "_read", reads_no_2018)
        rewrite(two_editions, HEAD + POOR + SHARE)  # the same in another order
        _, intake = take_in(two_editions, store)
        assert [each.key for each in intake.refused] == [POVERTY]
        assert [each.key for each, _ in intake.accepted] == [LATER]
    assert survey_landing(two_editions, taken_before(store)).pending == ()  # as a sensor looks
    _, intake = take_in(two_editions, store)
    assert [each.key for each, _ in intake.accepted] == [POVERTY]
    assert [each.key for each in intake.refused] == [LATER]
    survey, _ = take_in(two_editions, store)
    assert survey.pending == ()


def test_what_the_document_lacks_is_not_tried_again(landing: Path, store: Store) -> None:
    reissue(landing, "many")
    take_in(landing, store)
    survey = survey_landing(landing, taken_before(store), tries_again=True)
    assert [each.key for each in survey.refused] == [POVERTY]
