"""Names of vintages and the fingerprints behind them."""

import os
import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.vintages.fingerprint import (
    PublishedState,
    definition_fingerprint,
    input_fingerprint,
    library_versions,
    vintage_name,
    vintage_number,
    vintage_of_state,
)

REPOSITORY = Path(__file__).parents[2]

DOCUMENTS = [
    ("nbs_regional_annual", 2018, "aa"),
    ("nbs_regional_annual", 2019, "bb"),
    ("he_recovered", 2026, "cc"),
]

digests = st.text("0123456789abcdef", min_size=1, max_size=8)
documents = st.lists(
    st.tuples(st.sampled_from(["a", "b", "a_b"]), st.integers(2000, 2030), digests),
    unique_by=lambda document: document[:2],
    max_size=6,
)


@given(documents, st.randoms(use_true_random=False))
def test_the_order_of_documents_does_not_matter(found: list[Any], random: Any) -> None:
    shuffled = found[:]
    random.shuffle(shuffled)
    assert input_fingerprint(shuffled) == input_fingerprint(found)


@given(documents, documents)
def test_other_documents_give_another_fingerprint(one: list[Any], two: list[Any]) -> None:
    assert (input_fingerprint(one) == input_fingerprint(two)) == (sorted(one) == sorted(two))


def test_each_part_of_a_document_counts() -> None:
    source, edition, digest = DOCUMENTS[0]
    variants = [
        DOCUMENTS,
        DOCUMENTS[1:],
        [("other", edition, digest), *DOCUMENTS[1:]],
        [(source, 2017, digest), *DOCUMENTS[1:]],
        [(source, edition, "ab"), *DOCUMENTS[1:]],
        [*DOCUMENTS, ("new", 2020, "dd")],
    ]
    assert len({input_fingerprint(variant) for variant in variants}) == len(variants)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what defines a refresh."""
    for folder in ("assets", "sql", "expectations", "orchestration"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / folder, tmp_path / folder, ignore=ignored)
    shutil.copy(REPOSITORY / "uv.lock", tmp_path)
    return tmp_path


def edit(path: str) -> Callable[[Path], None]:
    def change(tree: Path) -> None:
        with (tree / path).open("a", encoding="utf-8") as file:
            file.write("\n")

    return change


def rename(tree: Path) -> None:
    """A name that sorts alike, so that only the name itself tells."""
    (tree / "sql/indices/economic_growth.sql").rename(tree / "sql/indices/economic_growth_rate.sql")


def move(tree: Path) -> None:
    model = "economic_growth.sql"
    (tree / "sql/indices" / model).rename(tree / "sql/staging" / model)


def add_study(tree: Path) -> None:
    studies = tree / "assets/poverty/studies"
    shutil.copy(studies / "he_2012_2019.yaml", studies / "copy.yaml")


def remove_expectation(tree: Path) -> None:
    next(iter(sorted((tree / "expectations").glob("*.json")))).unlink()


def swap_contents(tree: Path) -> None:
    one, two = (tree / f"sql/indices/{name}.sql" for name in ("index_value", "model_input"))
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


@pytest.mark.parametrize(
    "change",
    [
        edit("assets/regression/ridge.py"),
        edit("assets/extracts/meaning/indicators.yaml"),
        edit("assets/poverty/studies/he_2012_2019.yaml"),
        edit("sql/indices/economic_growth.sql"),
        edit("sql/frames/index_value.sql"),
        edit("expectations/raw_observation.json"),
        edit("uv.lock"),
        rename,
        move,
        add_study,
        remove_expectation,
        swap_contents,
    ],
)
def test_a_changed_definition_changes_the_fingerprint(
    tree: Path, change: Callable[[Path], None]
) -> None:
    before = definition_fingerprint(tree)
    change(tree)
    assert definition_fingerprint(tree) != before


def test_the_copy_has_the_fingerprint_of_the_original(tree: Path) -> None:
    before = definition_fingerprint(tree)
    assert before == definition_fingerprint(tree)
    assert len(before) == 64
    assert before == definition_fingerprint(REPOSITORY)


def test_time_and_by_products_do_not_change_the_fingerprint(tree: Path) -> None:
    before = definition_fingerprint(tree)
    for path in tree.rglob("*"):
        os.utime(path, (1, 1))
    (tree / "README.md").write_text("words", encoding="utf-8")
    (tree / "assets/poverty/__pycache__").mkdir()
    (tree / "assets/poverty/__pycache__/ridge.cpython-311.pyc").write_bytes(b"\0")
    (tree / "landing").mkdir()
    assert definition_fingerprint(tree) == before


def test_the_first_vintage() -> None:
    first = vintage_of_state([], "in", "def")
    assert first.name.startswith("0001-")
    assert not first.is_published


def test_the_same_state_has_the_same_name_and_is_not_computed_again() -> None:
    first = vintage_of_state([], "in", "def")
    assert vintage_of_state([], "in", "def") == first
    again = vintage_of_state([PublishedState(first.name, "in", "def")], "in", "def")
    assert (again.name, again.is_published) == (first.name, True)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), max_size=12),
    st.randoms(use_true_random=False),
)
def test_numbers_increase_with_every_change(states: list[tuple[str, str]], random: Any) -> None:
    published: list[PublishedState] = []
    for state in states:
        random.shuffle(published)  # the order of rows in the warehouse says nothing
        last = max(published, key=lambda state: state.vintage, default=None)
        vintage = vintage_of_state(published, *state)
        assert vintage.is_published == (
            last is not None and (last.input_fingerprint, last.definition_fingerprint) == state
        )
        if not vintage.is_published:
            assert vintage_number(vintage.name) == len(published) + 1
            published.append(PublishedState(vintage.name, *state))
    names = [state.vintage for state in published]
    assert len(set(names)) == len(names)


def test_going_back_to_an_older_state_is_a_vintage_of_its_own() -> None:
    published = [
        PublishedState("0001-aaaaaaaa", "in", "def"),
        PublishedState("0002-bbbbbbbb", "in2", "def"),
    ]
    back = vintage_of_state(published, "in", "def")
    assert back.name.startswith("0003-")
    assert not back.is_published


def test_inputs_and_definitions_both_stand_in_the_name() -> None:
    names = {vintage_name(7, *pair) for pair in [("a", "b"), ("b", "a"), ("a", "c"), ("c", "b")]}
    assert len(names) == 4
    assert all(name.startswith("0007-") and len(name) == 13 for name in names)


def test_numbers_outgrow_their_four_digits() -> None:
    published = [
        PublishedState("9999-aaaaaaaa", "a", "b"),
        PublishedState("10000-bbbbbbbb", "c", "d"),
    ]
    after = vintage_of_state(published, "e", "f")
    assert vintage_number(after.name) == 10001


# Of what the project needs, what neither reads a document nor computes: it runs and shows.
SHOWS = {
    *("dagster", "dagster-dg-cli", "dagster-webserver", "jinja2", "matplotlib", "rich"),
    "xlsxwriter",
}


def test_the_libraries_that_read_and_compute_are_named() -> None:
    """Another one than that of the lock, put into the environment by hand, is other code."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {re.split(r"[\[=]", each)[0] for each in project["dependencies"]}
    assert library_versions().keys() == {"python", *(needed - SHOWS)}
    assert all(version[0].isdigit() for version in library_versions().values())
