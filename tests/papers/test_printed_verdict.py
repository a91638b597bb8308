"""What becomes of a printed number, and the reason where it follows from the digits."""

import pytest

from assets.papers.printed_verdict import judge_printed


@pytest.mark.parametrize(
    ("computed", "printed", "verdict", "reason"),
    [
        (-0.2093, "-0.209***", "reproduced", ""),
        (0.0111, "(0.011)", "reproduced", ""),
        (0.0004, "<0.001", "reproduced", ""),
        (0.002, "<0.001", "differs", ""),
        (0.0678, "0.067", "within rounding", "digits cut off"),
        (0.209, "-0.209", "differs", "the sign is the other one"),
        (2.094, "0.2094", "differs", "the decimal point stands 1 digit off"),
        (0.2135, "0.2315", "differs", "two digits are exchanged: 31 for 13"),
        (0.2935, "0.2135", "differs", "one digit is another: 1 for 9"),
        (0.5, "0.2135", "differs", ""),
        (None, "0.2135", "not determinable", "the steps give no such number"),
        (float("nan"), "0.2135", "not determinable", "the steps give no such number"),
    ],
)
def test_a_number_is_judged_by_its_digits(
    computed: float | None, printed: str, verdict: str, reason: str
) -> None:
    found = judge_printed(computed, printed)
    assert found.verdict == verdict
    assert reason in found.reason
    assert bool(found.reason) == bool(reason)


def test_another_way_of_computing_comes_before_the_digits() -> None:
    found = judge_printed(0.21, "0.12", {"errors that are not clustered": 0.1203})
    assert found.reason == "printed is what errors that are not clustered gives"
    stated = judge_printed(0.21, "0.12", {"another": 0.12}, "the erratum says so")
    assert (stated.verdict, stated.reason) == ("differs", "the erratum says so")


@pytest.mark.parametrize("printed", ["", "n.s.", "0,209", "<", "--"])
def test_what_is_no_number_is_refused(printed: str) -> None:
    for computed in (0.2, None):
        with pytest.raises(ValueError, match="is not a printed number"):
            judge_printed(computed, printed)
