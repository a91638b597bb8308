"""One message per cause, the digest, and texts cut to what a sink takes."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.alerts.message import (
    CUT,
    DIGEST_FROM,
    Message,
    Notice,
    Observation,
    Posted,
    as_notices,
    changes,
    cut_to,
    with_doubts,
)

NAMES = st.sets(st.sampled_from(["a", "b", "c/d", "c/e"]))


def seen(names: set[str], scope: str = "s/") -> Observation:
    return Observation(scope, tuple(Message(f"{scope}{n}", "error", n, "") for n in sorted(names)))


@settings(max_examples=60, deadline=None)
@given(st.lists(NAMES, max_size=6))
def test_a_cause_is_raised_once_each_time_it_comes(looks: list[set[str]]) -> None:
    standing: set[str] = {"other/cause"}
    before: set[str] = set()
    for names in looks:
        found = changes(standing, seen(names))
        assert {message.title for message in found.raised} == names - before
        assert {cause.removeprefix("s/") for cause in found.passed} == before - names
        standing = (standing | {message.cause for message in found.raised}) - {*found.passed}
        before = names
    assert "other/cause" in standing


def test_a_scope_is_no_mere_beginning() -> None:
    assert changes({"check/table/x_more/failed"}, Observation("check/table/x/")).passed == ()


@pytest.mark.parametrize("scope", ["other/", "s"])
def test_a_cause_outside_its_scope_would_never_pass(scope: str) -> None:
    with pytest.raises(ValueError, match="does not hold"):
        Observation(scope, (Message("s/a", "error", "a", ""),))


def posted(count: int, make: Callable[..., Message]) -> list[Posted]:
    return [Posted(n, 0.0, make(f"test/{n}", f"cause {n}")) for n in range(1, count + 1)]


def test_few_go_one_by_one_and_a_storm_as_one(message: Callable[..., Message]) -> None:
    few = as_notices(posted(DIGEST_FROM - 1, message), may_digest=True)
    assert [notice.numbers for notice in few] == [(1,), (2,), (3,)]
    (storm,) = as_notices(posted(40, message), may_digest=True)
    assert storm.numbers == tuple(range(1, 41))
    assert storm.title == "yearbook: 40 alerts, 40 of them errors"
    assert all(storm.body.count(f"cause {n} [#{n}]") == 1 for n in range(1, 41))
    assert len(as_notices(posted(40, message), may_digest=False)) == 40


def test_a_title_is_one_line(message: Callable[..., Message]) -> None:
    (notice,) = as_notices([Posted(1, 0.0, message(title="a\r\nBcc: b"))], may_digest=True)
    assert notice.title == "yearbook: ERROR a Bcc: b [#1]"


def test_doubts_are_named_by_number(message: Callable[..., Message]) -> None:
    notice = Notice((9,), 0.0, "title", "body")
    assert with_doubts(notice, []) is notice
    assert "#3, #4 was being sent" in with_doubts(notice, [3, 4]).body


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="a年😀\n", max_size=300), st.integers(len(CUT.encode()) + 1, 400))
def test_a_cut_text_fits_and_says_so(text: str, most: int) -> None:
    found: Any = cut_to(text, most)
    assert len(found.encode()) <= most
    assert found == text or found.endswith(CUT)
