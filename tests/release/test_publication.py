"""Publishing a vintage: what a run that died left behind, and what is kept."""

import os
from pathlib import Path

import pytest

from assets.release.publication import KEPT_RELEASES, publish_vintage
from assets.warehouse import publish as publishing
from assets.warehouse.errors import ReleaseConflict
from assets.warehouse.home import Home
from assets.warehouse.publish import publish, published_release, releases
from assets.warehouse.reader import query
from assets.warehouse.store import Store


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).prepare()


def say(home: Home, value: int) -> None:
    with Store(home.working).transaction() as writes:
        writes.create_as("raw.saying", f"select {value} as value", "one row", {})


def said(home: Home) -> int:
    return int(query(home, "select value from raw.saying").rows[0][0])


def names(home: Home) -> list[str]:
    return [release.vintage for release in releases(home)]


def die_before_the_flip(home: Home, vintage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the release, then stop as a killed run does."""

    def dying(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "flip", dying)
        with pytest.raises(KeyboardInterrupt):
            publish(home, vintage)
    assert vintage in names(home)


def test_the_same_name_can_be_published_with_other_content(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(home, 1)
    publish_vintage(home, "0001-aaaaaaaa", [])
    say(home, 2)
    die_before_the_flip(home, "0002-bbbbbbbb", monkeypatch)
    assert said(home) == 1
    say(home, 3)  # the vintage's row says when it was computed, so the content differs
    with pytest.raises(ReleaseConflict):
        publish(home, "0002-bbbbbbbb")
    publish_vintage(home, "0002-bbbbbbbb", ["0001-aaaaaaaa"])
    assert said(home) == 3
    assert names(home) == ["0001-aaaaaaaa", "0002-bbbbbbbb"]


def test_an_orphan_of_another_state_is_removed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    # The definitions changed after the run died: the next run has the same number, other digits.
    say(home, 1)
    publish_vintage(home, "0001-aaaaaaaa", [])
    say(home, 2)
    die_before_the_flip(home, "0002-bbbbbbbb", monkeypatch)
    publish_vintage(home, "0002-cccccccc", ["0001-aaaaaaaa"])
    assert names(home) == ["0001-aaaaaaaa", "0002-cccccccc"]


def test_the_first_publication_after_one_that_died(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(home, 1)
    die_before_the_flip(home, "0001-aaaaaaaa", monkeypatch)
    assert published_release(home) is None
    say(home, 2)
    publish_vintage(home, "0001-aaaaaaaa", [])
    assert said(home) == 2


def test_published_vintages_are_never_removed(home: Home) -> None:
    published: list[str] = []
    for number in range(1, 5):
        say(home, number)
        name = f"{number:04d}-{number:08x}"
        publish_vintage(home, name, published)
        published.append(name)
    assert names(home) == published
    assert said(home) == 4


def test_a_lost_published_name_costs_no_older_release(home: Home) -> None:
    # Without the link nothing seems published; the files are still what readers once opened.
    for number in range(1, 4):
        say(home, number)
        publish(home, f"{number:04d}-aaaaaaaa")
    home.published.unlink()
    say(home, 4)
    publish_vintage(home, "0004-aaaaaaaa", [])
    assert names(home) == [f"{number:04d}-aaaaaaaa" for number in range(1, 5)]


def test_a_users_copy_in_the_folder_is_left_alone(home: Home) -> None:
    say(home, 1)
    publish_vintage(home, "0001-aaaaaaaa", [])
    copy = home.releases / "warehouse-before-the-census.duckdb"
    copy.write_bytes(home.published.read_bytes())
    say(home, 2)
    publish_vintage(home, "0002-aaaaaaaa", ["0001-aaaaaaaa"])
    assert copy.exists()


def test_a_failed_publication_leaves_the_published_name(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(home, 1)
    publish_vintage(home, "0001-aaaaaaaa", [])
    say(home, 2)
    with monkeypatch.context() as patched:
        patched.setattr(publishing, "sync_file", _torn)
        with pytest.raises(OSError, match="torn cable"):
            publish_vintage(home, "0002-aaaaaaaa", ["0001-aaaaaaaa"])
    assert said(home) == 1
    assert names(home) == ["0001-aaaaaaaa"]


def _torn(path: Path) -> None:
    raise OSError("torn cable")


def test_the_last_releases_are_kept_and_the_published_one(home: Home) -> None:
    say(home, 1)
    first = publish(home, "0001-aaaaaaaa")
    # Stand-ins for published files of the years before, all older than what is published now.
    before = [f"{number:04d}-aaaaaaaa" for number in range(2, KEPT_RELEASES + 6)]
    for age, name in enumerate(before):
        path = home.releases / f"warehouse-{name}.duckdb"
        path.write_bytes(first.path.read_bytes())
        os.utime(path, (1000 + age, 1000 + age))
    os.utime(first.path, (999, 999))
    say(home, 2)
    last = f"{KEPT_RELEASES + 6:04d}-aaaaaaaa"
    publish_vintage(home, last, ["0001-aaaaaaaa", *before])
    assert names(home) == [*before, last][-KEPT_RELEASES:]
    assert published_release(home) == releases(home)[-1]
    assert said(home) == 2
