"""What waits in landing/: every document in one group, by content and never by date."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.extracts.adding.opening import Arrived, open_parts
from assets.extracts.adding.recognise import likeliest
from assets.extracts.errors import DocumentError
from assets.extracts.landed.intake import read_documents
from assets.extracts.landed.survey import (
    Survey,
    Taken,
    awaited_editions,
    find_cards,
    folders_in,
    landed_documents,
    survey_landing,
    yearly_sources,
)

SHIPPED = Path(__file__).parents[2] / "landing"


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    """Three shipped documents."""
    return three_documents(tmp_path)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same three, for tests that only look."""
    return three_documents(tmp_path_factory.mktemp("untouched"))


def three_documents(root: Path) -> Path:
    for key in KEYS:
        shutil.copytree(SHIPPED / key, root / "landing" / key)
    return root / "landing"


KEYS = ("cfzw_report_card/2018", "chinadaily_poverty/2013", "govcn_poverty/2018")


def accepted(landing: Path) -> dict[str, Taken]:
    return {each.key: Taken(each.content_sha256, None) for each in landed_documents(landing)}


def groups(survey: Survey) -> dict[str, tuple[str, ...]]:
    found = {
        name: tuple(each.key for each in getattr(survey, name))
        for name in ("new", "changed", "unchanged", "refused")
    }
    return {name: keys for name, keys in {**found, "gone": survey.gone}.items() if keys}


def surveyed(landing: Path, taken: Mapping[str, Taken]) -> dict[str, tuple[str, ...]]:
    return groups(survey_landing(landing, taken))


def test_at_first_everything_is_new(landing: Path) -> None:
    survey = survey_landing(landing, {})
    assert groups(survey) == {"new": KEYS}
    assert survey.pending == survey.everything == survey.new


def test_what_was_taken_in_is_unchanged_whatever_its_date(landing: Path) -> None:
    before = accepted(landing)
    for path in landing.rglob("*"):
        os.utime(path, (1, 1))
    survey = survey_landing(landing, before)
    assert groups(survey) == {"unchanged": KEYS}
    assert survey.pending == ()


@pytest.mark.parametrize("file", ["card.yaml", "figures.csv"])
def test_a_changed_card_or_document_is_changed(landing: Path, file: str) -> None:
    before = accepted(landing)
    path = landing / "govcn_poverty/2018" / file
    stamp = path.stat().st_mtime_ns
    path.write_bytes(path.read_bytes() + b"\n")
    os.utime(path, ns=(stamp, stamp))
    assert surveyed(landing, before) == {"changed": KEYS[2:], "unchanged": KEYS[:2]}


def test_a_card_changes_with_the_card_it_extends(landing: Path) -> None:
    later = landing / "govcn_poverty/2019"
    shutil.copytree(landing / "govcn_poverty/2018", later)
    (later / "card.yaml").write_text("extends: ../2018/card.yaml\nedition: 2019\n")
    before = accepted(landing)
    base = landing / "govcn_poverty/2018/card.yaml"
    base.write_text(base.read_text().replace("English.gov.cn", "The State Council"))
    assert surveyed(landing, before)["changed"] == ("govcn_poverty/2018", "govcn_poverty/2019")


def test_the_town_study_keeps_its_own_folder(landing: Path) -> None:
    folder = landing / "towns" / "some_data_set"
    folder.mkdir(parents=True)
    (folder / "card.yaml").write_text("dataset: some_data_set\n")
    assert groups(survey_landing(landing, {})) == {"new": KEYS}


def refused(landing: Path, key: str, old: str | None) -> dict[str, Taken]:
    """All accepted, but this one refused as it lies there now."""
    before = accepted(landing)
    return {**before, key: Taken(old, before[key].accepted_sha256)}


@pytest.mark.parametrize("old", [None, "of another day"])
def test_a_refused_document_is_not_tried_again_until_it_changes(
    landing: Path, old: str | None
) -> None:
    key = "govcn_poverty/2018"
    before = refused(landing, key, old)
    assert surveyed(landing, before) == {"refused": (key,), "unchanged": KEYS[:2]}
    assert survey_landing(landing, before).pending == ()
    with (landing / key / "card.yaml").open("a") as card:
        card.write("# mended\n")
    group = "new" if old is None else "changed"
    assert surveyed(landing, before) == {group: (key,), "unchanged": KEYS[:2]}


def test_a_refused_reissue_put_back_is_read_again_to_end_its_refusal(landing: Path) -> None:
    key = "govcn_poverty/2018"
    good = accepted(landing)
    before = {**good, key: Taken(good[key].accepted_sha256, "the spoilt re-issue")}
    assert surveyed(landing, before) == {"changed": (key,), "unchanged": KEYS[:2]}


def test_a_removed_folder_is_gone_if_it_ever_said_something(landing: Path) -> None:
    key = "govcn_poverty/2018"
    before = {**accepted(landing), "spoilt_source/2020": Taken(None, "bad")}
    shutil.rmtree(landing / key)
    assert surveyed(landing, before) == {"unchanged": KEYS[:2], "gone": (key,)}


def test_a_folder_without_a_card_is_there_and_refused_with_what_to_do(landing: Path) -> None:
    (landing / "new_source/2024").mkdir(parents=True)
    (landing / "new_source/2024/tables.xlsx").write_bytes(b"anything")
    [document] = [each for each in landed_documents(landing) if each.source == "new_source"]
    assert "new_source/2024" in surveyed(landing, {})["new"]
    intake = read_documents(landing, [document], lambda _: None)
    assert intake.accepted == ()
    [one] = intake.refused
    assert one.file == "landing/new_source/2024/card.yaml"
    assert one.message.startswith("landing/new_source/2024/card.yaml: there is no such card.")
    assert "Expected: a YAML mapping" in one.message
    assert "the cards of other sources in landing/ show the form" in one.message


def test_a_card_that_comes_later_makes_the_folder_change(landing: Path) -> None:
    folder = landing / "new_source/2024"
    folder.mkdir(parents=True)
    [bare] = [each for each in landed_documents(landing) if each.source == "new_source"]
    before = {**accepted(landing), bare.key: Taken(None, bare.content_sha256)}
    assert surveyed(landing, before)["refused"] == ("new_source/2024",)
    (folder / "card.yaml").write_text("source: new_source\n")
    assert surveyed(landing, before)["new"] == ("new_source/2024",)


def test_an_edition_folder_of_any_name_is_listed(landing: Path) -> None:
    (landing / "govcn_poverty/2018").rename(landing / "govcn_poverty/eighteen")
    assert "govcn_poverty/eighteen" in surveyed(landing, {})["new"]


def test_files_and_hidden_folders_are_no_documents(landing: Path) -> None:
    (landing / "README.md").write_text("words")
    (landing / "govcn_poverty/notes.txt").write_text("words")
    (landing / "govcn_poverty/.ipynb_checkpoints").mkdir()
    (landing / ".git/objects").mkdir(parents=True)
    assert surveyed(landing, {}) == {"new": KEYS}


def test_an_empty_or_missing_landing_folder(tmp_path: Path) -> None:
    assert surveyed(tmp_path, {}) == {}
    assert surveyed(tmp_path / "nowhere", {"a/2018": Taken("x", None)}) == {"gone": ("a/2018",)}


@given(
    st.dictionaries(
        st.sampled_from([*KEYS, "other/2018"]),
        st.builds(
            Taken,
            st.sampled_from([None, "now", "old"]),
            st.sampled_from([None, "now", "bad"]),
        ),
    )
)
@settings(max_examples=60, deadline=None)
def test_every_document_is_in_exactly_one_group(untouched: Path, states: dict[str, Taken]) -> None:
    landed = {each.key: each.content_sha256 for each in landed_documents(untouched)}
    taken = {
        key: Taken(
            landed.get(key, "x") if state.accepted_sha256 == "now" else state.accepted_sha256,
            landed.get(key, "x") if state.refused_sha256 == "now" else state.refused_sha256,
        )
        for key, state in states.items()
    }
    survey = survey_landing(untouched, taken)
    found = [each.key for each in survey.everything]
    assert sorted(found) == sorted(KEYS)
    tried_already = {
        key for key in KEYS if key in taken and taken[key].refused_sha256 == landed[key]
    }
    assert tried_already == {each.key for each in survey.refused}
    assert not tried_already & {each.key for each in survey.pending}


TAKEN = {
    "yearly/2022": Taken("a", None),
    "yearly/2023": Taken("b", "refused since"),
    "yearly/2024": Taken(None, "never accepted"),
    "once/2010": Taken("c", None),
}


def test_the_edition_after_the_latest_accepted_one_is_awaited() -> None:
    assert awaited_editions(TAKEN, ["yearly"], 2026) == {"yearly": 2024}


def test_what_is_not_due_yet_is_not_awaited() -> None:
    assert awaited_editions(TAKEN, ["yearly"], 2023) == {}
    assert awaited_editions(TAKEN, ["yearly"], 2024) == {"yearly": 2024}


def test_a_source_never_seen_is_awaited_this_year() -> None:
    assert awaited_editions({}, ["unseen"], 2026) == {"unseen": 2026}
    assert awaited_editions({"unseen/2025": Taken(None, "bad")}, ["unseen"], 2026) == {
        "unseen": 2026
    }


def test_sources_that_are_not_yearly_are_not_awaited() -> None:
    assert awaited_editions(TAKEN, [], 2026) == {}


def test_the_shipped_list_names_shipped_sources() -> None:
    sources = yearly_sources(SHIPPED)
    assert sources
    assert all((SHIPPED / source).is_dir() for source in sources)


@pytest.mark.parametrize("text", ["a: b\n", "- 2018\n", "just text\n", "- [nested]\n", "- a: [\n"])
def test_a_list_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "awaited.yaml").write_text(text)
    with pytest.raises(DocumentError, match=r"landing/awaited\.yaml: .*") as caught:
        yearly_sources(tmp_path)
    assert "Expected: a list of source folders" in str(caught.value)


def test_without_a_list_or_with_an_empty_one_nothing_is_yearly(tmp_path: Path) -> None:
    assert yearly_sources(tmp_path) == ()
    (tmp_path / "awaited.yaml").write_text("# none\n")
    assert yearly_sources(tmp_path) == ()


def test_an_empty_home_has_no_documents_yet(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    assert folders_in(landing) == []
    assert find_cards(landing) == []
    assert landed_documents(landing) == ()
    (tmp_path / "a.csv").write_text("指标,2019\n地区生产总值(亿元),8718.3\n", encoding="utf-8")
    arrived = Arrived("a.csv", tmp_path / "a.csv")
    assert likeliest(landing, arrived, open_parts(arrived), 2026) == ()
