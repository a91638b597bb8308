"""Whatever one folder holds, it alone is refused with its place; the good one beside it is read."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assets.extracts.document_rows import QuarantineRow
from assets.extracts.errors import DocumentError
from assets.extracts.landed.intake import Intake, read_documents, write_intake
from assets.extracts.landed.quarantine import taken_before
from assets.extracts.landed.survey import landed_documents, survey_landing
from assets.extracts.written.yaml_file import parse_yaml
from assets.warehouse.connection import kept_open
from assets.warehouse.store import Store

SHIPPED = Path(__file__).parents[2] / "landing"
GOOD = "govcn_poverty/2018"
NOBODY = 65534
catalogue: Any = sys.modules["damage_catalogue"]  # loaded by conftest.py

Odd = Callable[[Path], object]
EDITION = Path(catalogue.SOURCE) / "2020"


def _in_card(old: str, new: str) -> Odd:
    def make(landing: Path) -> None:
        catalogue.write_csv(landing)
        path = landing / EDITION / "card.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return make


def _corrections(text: str) -> Odd:
    def make(landing: Path) -> None:
        catalogue.write_csv(landing)
        (landing / EDITION / "corrections.yaml").write_text(text)

    return make


def _ods_nested(depth: int) -> Odd:
    spans = "<text:span>" * depth, "</text:span>" * depth
    cell = f"<table:table-cell><text:p>{spans[0]}x{spans[1]}</text:p></table:table-cell>"

    def make(landing: Path) -> None:
        data = catalogue.containers.ods(catalogue.BOOK, change=lambda rows: rows[-1].append(cell))
        catalogue.write_container(landing, ".ods", data)

    return make


def _html_nested(depth: int) -> Odd:
    """A cell so deep that the parser drops what comes after it."""

    def make(landing: Path) -> None:
        text = catalogue.containers.html_page(catalogue.BOOK).decode()
        deep = f"<td>{'<div>' * depth}x{'</div>' * depth}</td></tr><tr><td>"
        catalogue.write_container(landing, ".html", text.replace("<td>", deep, 1).encode())

    return make


def _link_to_itself(landing: Path) -> None:
    (landing / EDITION.parent).mkdir(parents=True)
    (landing / EDITION).symlink_to(EDITION.name)


def _card_that_links_to_itself(landing: Path) -> None:
    (landing / EDITION).mkdir(parents=True)
    (landing / EDITION / "card.yaml").symlink_to("card.yaml")


def _no_utf8(landing: Path) -> None:
    catalogue.write_csv(landing)
    os.rename(landing / EDITION, os.fsencode(landing / EDITION.parent) + b"/caf\xe9")


def _instead(name: str, make: Callable[[Path], object]) -> Odd:
    """Another thing than a file under the name of one."""

    def change(landing: Path) -> None:
        catalogue.write_csv(landing)
        path = landing / EDITION / name
        path.unlink(missing_ok=True)
        make(path)

    return change


def _control_in_name(landing: Path) -> None:
    catalogue.write_csv(landing)
    (landing / EDITION).rename(landing / EDITION.parent / "20\x1b[31m20")


TITLE = "title: Main indicators of Gansu"
ODD: dict[str, tuple[Odd, tuple[str, ...]]] = {
    "tag bool": (_in_card(TITLE, "title: !!bool maybe"), ("card.yaml", "a tag", "line 3")),
    "tag int": (_in_card(TITLE, 'title: !!int ""'), ("card.yaml", "a tag", "line 3")),
    "tag timestamp": (_in_card(TITLE, "title: !!timestamp nope"), ("card.yaml", "a tag")),
    "tag of a mapping": (_in_card("document:", "document: !!omap"), ("card.yaml", "a tag")),
    "no day": (_in_card("2026-11-21", "2026-13-45"), ("card.yaml", "'2026-13-45' in line")),
    "long name": (_in_card("gdp.csv", "a" * 300 + ".csv"), ("there is no file",)),
    "long parent": (_in_card(TITLE, f"extends: {'a' * 300}"), ("field extends", "does not exist")),
    "NUL in a name": (_in_card("gdp.csv", '"a\\0.csv"'), ("card.yaml", "\\x00")),
    "NUL in a parent": (_in_card(TITLE, 'extends: "a\\0"'), ("card.yaml", "\\x00")),
    "surrogate": (_in_card("gdp.csv", '"\\ud800.csv"'), ("card.yaml", "character")),
    "deep card": (_in_card(TITLE, f"title: {'[' * 5000}"), ("card.yaml", "levels")),
    "link to itself": (_link_to_itself, (str(EDITION), "a link that leads nowhere")),
    "card that links to itself": (_card_that_links_to_itself, (str(EDITION), "card.yaml")),
    "parent that links to itself": (
        lambda landing: (
            _in_card(TITLE, "extends: loop")(landing),
            (landing / EDITION / "loop").symlink_to("loop"),
        ),
        ("field extends", "leads back to itself"),
    ),
    "name that is not UTF-8": (_no_utf8, ("caf\\udce9",)),
    "name with a control": (_control_in_name, ("20\\x1b[31m20",)),
    "tag in corrections": (_corrections("- !!bool maybe\n"), ("corrections.yaml", "a tag")),
    "alias in corrections": (_corrections("- &a [*a]\n"), ("corrections.yaml", "alias")),
    "corrections are a folder": (
        lambda landing: (
            catalogue.write_csv(landing),
            (landing / EDITION / "corrections.yaml").mkdir(),
        ),
        ("corrections.yaml",),
    ),
    "corrections are a pipe": (_instead("corrections.yaml", os.mkfifo), ("no such file",)),
    "corrections are a device": (
        _instead("corrections.yaml", lambda path: path.symlink_to("/dev/zero")),
        (f"landing/{EDITION}/corrections.yaml: there is no such file",),
    ),
    "card is a pipe": (_instead("card.yaml", os.mkfifo), ("there is no such card",)),
    "card is a device": (
        _instead("card.yaml", lambda path: path.symlink_to("/dev/zero")),
        (f"landing/{EDITION}/card.yaml: the card lies outside",),
    ),
    "document is a pipe": (_instead("gdp.csv", os.mkfifo), ("there is no file",)),
    "document is a device": (
        _instead("gdp.csv", lambda path: path.symlink_to("/dev/urandom")),
        ("there is no file",),
    ),
    "ODS nested": (_ods_nested(20_000), ("tables.ods", "damaged")),
    "HTML nested": (_html_nested(300), ("tables.html", "in line")),
}


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    """A landing folder with one good document."""
    return _with_good(tmp_path)


def _with_good(root: Path) -> Path:
    shutil.copytree(SHIPPED / GOOD, root / "landing" / GOOD)
    return root / "landing"


def _take_in(landing: Path, store: Store) -> Intake:
    survey = survey_landing(landing, taken_before(store))
    intake = read_documents(landing, survey.pending, lambda _: None, this_year=2026)
    write_intake(store, intake)
    return intake


def _refused_alone(landing: Path, store: Store) -> QuarantineRow:
    """Take in what lies there: the good one is accepted, the other one refused, and once."""
    intake = _take_in(landing, store)
    assert [landed.key for landed, _ in intake.accepted] == [GOOD]
    [refused] = intake.refused
    f"{refused.message}{refused.file}{refused.edition}".encode()  # what a terminal is given
    assert "Expected: " in refused.message
    assert store.rows("select message from raw.quarantine") == [(refused.message,)]
    again = survey_landing(landing, taken_before(store))
    assert [landed.key for landed in again.unchanged] == [GOOD]
    assert (again.pending, len(again.refused)) == ((), 1)
    return refused


@pytest.mark.parametrize("name", ODD)
def test_an_odd_folder_is_refused_alone(landing: Path, tmp_path: Path, name: str) -> None:
    make, expected = ODD[name]
    make(landing)
    with kept_open():  # as a refresh has it
        refused = _refused_alone(landing, Store(tmp_path / "working.duckdb"))
    assert [text for text in expected if text not in refused.message] == []


@pytest.fixture
def open_root() -> Iterator[Path]:
    """A folder in which somebody without the rights of root can work."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Permissions do not bind root: what is inside is done as somebody else."""
    was_root = os.geteuid() == 0
    if was_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if was_root:
            os.seteuid(0)


@pytest.mark.parametrize("closed", [EDITION, EDITION.parent, EDITION / "card.yaml"])
def test_what_may_not_be_read_is_told(open_root: Path, tmp_path: Path, closed: Path) -> None:
    landing = _with_good(open_root)
    catalogue.write_csv(landing)
    (landing / closed).chmod(0)
    store = Store(tmp_path / "working.duckdb")
    with as_nobody():
        survey = survey_landing(landing, {})
        intake = read_documents(landing, survey.pending, lambda _: None)
    (landing / closed).chmod(0o755)
    write_intake(store, intake)
    assert [landed.key for landed, _ in intake.accepted] == [GOOD]
    [refused] = intake.refused
    assert f"landing/{catalogue.SOURCE}" in refused.message
    assert "may not be read" in refused.message or "Permission denied" in refused.message
    waiting = survey_landing(landing, taken_before(store)).pending  # once it may be read
    assert [landed.key for landed in waiting] == [str(EDITION)]


def test_a_landing_folder_that_may_not_be_read_is_told(open_root: Path) -> None:
    landing = _with_good(open_root)
    landing.chmod(0)
    with as_nobody(), pytest.raises(DocumentError, match="may not be read"):
        landed_documents(landing)
    landing.chmod(0o755)


ODD_VALUES = (
    "maybe",
    "!!int x",
    "!!binary a",
    "!!python/name:os.system",
    "&a 1",
    "*a",
    "<<",
    "2019-02-30",
    "0x1",
    ".inf",
    "1.5e999",
    "1" * 5000,
    '"\\0"',
    '"\\ud83d"',
    "'\u202e'",
    "|\n  a",
)
YAML = st.recursive(
    st.sampled_from(ODD_VALUES) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(st.text(max_size=5), inner, max_size=3).map(
            lambda items: "{" + ", ".join(f"{key}: {value}" for key, value in items.items()) + "}"
        )
    ),
    max_leaves=6,
)
FIELDS = ("title", "edition", "extends", "document", "tables", "published_on", "region", "covers")


@given(st.one_of(YAML, st.binary(max_size=60).map(lambda data: data.decode("latin-1"))))
@settings(max_examples=200)
@example("? - a\n: b")
@example("%YAML 9.9\n---\na")
def test_yaml_is_read_or_refused(text: str) -> None:
    try:
        found = parse_yaml(text)
    except ValueError:
        return
    assert found is None or isinstance(found, dict | list | str | int | float | bool | date)


@given(st.sampled_from(FIELDS), YAML, st.sampled_from(["card.yaml", "corrections.yaml"]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_card_ends_the_reading(
    tmp_path_factory: pytest.TempPathFactory, field: str, value: str, name: str
) -> None:
    landing = tmp_path_factory.mktemp("odd") / "landing"
    shutil.copytree(SHIPPED / GOOD, landing / GOOD)
    catalogue.write_csv(landing)
    path = landing / EDITION / name
    lines = [] if name != "card.yaml" else path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(field)]
    text = "\n".join([*kept, f"{field}: {value}"])
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    intake = read_documents(landing, landed_documents(landing), lambda _: None)
    assert GOOD in [landed.key for landed, _ in intake.accepted]
    assert not intake.unforeseen
