"""Towns certified by the threshold: published whatever fails, and nothing wrong agreed with."""

from pathlib import Path

import pytest

from benchmarks.town_verdicts import verdicts


@pytest.mark.slow
def test_a_refresh_publishes_and_agrees_with_nothing_that_the_data_refute(tmp_path: Path) -> None:
    # Seed 4242 leaves no controls outside the rings, which once kept everything unpublished.
    found = verdicts(tmp_path, sizes=(300,), seeds=(4242, 7))
    assert len(found) == 2
    assert (found["failed"] == 0).all()
    assert (found["agrees"] + found["disagrees"] + found["cannot_say"] == 14).all()
    refuted = found[found["tests_against"] > 0]
    assert len(refuted)
    assert (refuted["agreed_and_missed"] == "").all()
