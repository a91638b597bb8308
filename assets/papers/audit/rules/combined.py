"""Printed estimates that are differences or averages of others, and their standard errors.

Belongs here: what the parts allow the whole to be, whatever the correlation of their errors, and
cohorts of one treated cluster. Not here: t, p and stars (testing.py).

The standard error of a sum Σ w_i b_i lies between what is left when the largest |w_i| s_i is set
against all others, max(0, 2 max |w_i| s_i - Σ |w_i| s_i), and Σ |w_i| s_i; if the b_i are
independent it is √(Σ w_i² s_i²). For a difference of two that is [|s1 - s2|, s1 + s2].
"""

from collections.abc import Iterator, Sequence
from math import inf

from assets.extracts.cards.paper_card import Combination
from assets.papers.audit.audit_rows import Finding
from assets.papers.audit.judgement import judged, row, shown, span
from assets.papers.audit.printed_paper import Paper, Printed
from assets.papers.audit.rounding.interval import Interval, total

# Where independence gives the printed error to its digits, and dependence could make it this many
# times as large, the print speaks for independence having been assumed.
_MATERIAL = 1.5


def combination_findings(paper: Paper) -> Iterator[Finding]:
    """Test every difference and average that the card names, and the errors of lone clusters."""
    for each in paper.stated.combinations:
        yield from _of_coefficients(paper, each)
        yield from _of_errors(paper, each)
    for term, count in paper.stated.treated_clusters.items():
        if count == 1:
            yield from _lone_cluster(paper, term)


def _weights(each: Combination) -> list[float]:
    return [1.0, -1.0] if each.kind == "difference" else [1 / len(each.of)] * len(each.of)


def _parts(
    paper: Paper, each: Combination, statistic: str
) -> tuple[Printed, list[Interval]] | None:
    whole = paper.find(statistic, each.term, each.estimator)
    parts = [paper.find(statistic, term, each.estimator) for term in each.of]
    found = [part.range for part in parts if part is not None]
    return None if whole is None or len(found) < len(parts) else (whole, found)


def _of_coefficients(paper: Paper, each: Combination) -> Iterator[Finding]:
    known = _parts(paper, each, "coefficient")
    if known is not None:
        whole, parts = known
        weighted = [part.scaled(w) for part, w in zip(parts, _weights(each), strict=True)]
        yield judged(
            f"{each.kind}_of_estimates",
            whole,
            total(weighted),
            f"{each.term} is not the {each.kind} of {_list(each.of)}: one of them is misprinted.",
        )


def _of_errors(paper: Paper, each: Combination) -> Iterator[Finding]:
    known = _parts(paper, each, "std_error")
    if known is None:
        return
    whole, errors = known
    sizes = [
        error.clipped(0.0, inf).scaled(abs(w))
        for error, w in zip(errors, _weights(each), strict=True)
    ]
    most = total(sizes)
    largest = max(range(len(sizes)), key=lambda i: sizes[i].high)
    rest = total([size for i, size in enumerate(sizes) if i != largest])
    if each.kind == "difference":
        left = (sizes[0] - sizes[1]).magnitude().low
    else:
        left = max(0.0, (sizes[largest] - rest).low)
    independent = total([size.squared() for size in sizes]).root()
    separate = each.samples == "separate"
    yield _judged_error(each, whole, Interval(left, most.high), independent, separate)


def _judged_error(
    each: Combination, whole: Printed, bounds: Interval, independent: Interval, separate: bool
) -> Finding:
    rule = f"se_of_{each.kind}"
    allowed = independent if separate else bounds
    said = (
        f"the errors of {_list(each.of)}, which are independent, give {span(independent, 3)}"
        if separate
        else f"whatever their correlation, the errors of {_list(each.of)} give "
        f"{span(bounds, 3)}, and independence {span(independent, 3)}"
    )
    finding = judged(
        rule,
        whole,
        allowed,
        f"The standard error of {each.term} cannot be {whole.text}: {said}; what it says of "
        f"significance falls.",
        independent.middle,
    )
    if finding.verdict == "inconsistent" or separate:
        return finding
    assumed = whole.range.meets(independent) and bounds.high > _MATERIAL * whole.range.high
    if each.kind == "average" and each.samples == "overlapping" and assumed:
        text = (
            f"Consistent if the errors of {_list(each.of)} were independent, which estimates from "
            f"shared units are not: the error of {each.term} may be as large as "
            f"{shown(bounds.high, whole.decimals + 1)}."
        )
        return row(rule, whole, "conditional", text, finding.expected, bounds)
    return finding


def _lone_cluster(paper: Paper, term: str) -> Iterator[Finding]:
    """A cluster's own deviation cannot be told from its effect, so nothing estimates its error."""
    for x in paper.of_kind("coefficients"):
        if x.term == term and x.statistic == "std_error":
            text = (
                f"Consistent if the one treated cluster of {term} deviates from its effect no more "
                "than the controls do from theirs: with one cluster nothing estimates that, so "
                f"the error, t and stars of {term} hold no evidence of their own."
            )
            yield row("one_treated_cluster", x, "conditional", text)


def _list(terms: Sequence[str]) -> str:
    if len(terms) > 3:
        return f"{terms[0]} to {terms[-1]}"
    return f"{', '.join(terms[:-1])} and {terms[-1]}"
