"""Statements of the text against the tables: equations, definitions, bounds, official figures.

Belongs here: what a paper says about its numbers outside the tables. Not here: claims about
significance, signs and effects (claims.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

from assets.extracts.cards.paper_card import Bound, Definition
from assets.papers.audit.audit_rows import Finding, Verdict
from assets.papers.audit.judgement import NOTHING_CHANGES, finite, judged
from assets.papers.audit.printed_paper import Paper, Printed, interval_of
from assets.papers.audit.rounding.interval import Interval, total


@dataclass(frozen=True, slots=True)
class OfficialFigure:
    """A variable's official value in one year, as one vintage (edition) has it, in its unit."""

    vintage: str
    year: int
    value: float


def equation_findings(paper: Paper) -> Iterator[Finding]:
    """Test each coefficient of an equation in the text against the table of its estimator."""
    for equation in paper.stated.equations:
        for term, text in equation.terms.items():
            table = paper.find("coefficient", term, equation.estimator)
            digits = "" if table is None else table.text.rstrip("*").strip()
            verdict: Verdict = "consistent"
            consequence = NOTHING_CHANGES
            if table is None:
                verdict = "not_determinable"
                consequence = f"No {equation.estimator} table prints {term}."
            elif not interval_of(text, cut=table.cut).meets(table.range):
                verdict = "inconsistent"
                consequence = (
                    f"The equation in the text gives {term} {text}, Table {table.table_number} "
                    f"{digits}: {_slip(text, table)}, so the equation cannot be used as printed."
                )
            yield Finding(
                rule="equation_repeats_table",
                table_number="text",
                cell=equation.place,
                term=term,
                other_term=equation.estimator,
                statistic="coefficient",
                printed_value=text,
                expected=digits,
                low=None if table is None else table.range.low,
                high=None if table is None else table.range.high,
                verdict=verdict,
                consequence=consequence,
            )


def _slip(text: str, table: Printed) -> str:
    ratio = interval_of(text).middle / table.value if table.value else inf
    if ratio < 0:
        return "the sign is the other one"
    if abs(ratio) >= 2 or abs(ratio) <= 0.5:
        return f"the size is off by a factor of {ratio:.4g}"
    return "the digits differ"


def definition_findings(paper: Paper) -> Iterator[Finding]:
    """Test weighted sums: means where every part is printed, else the range of the one that is not.

    For a part that is not printed, the range that the printed ones imply is held against what the
    part can be, by the card's bounds.
    """
    bounds = {bound.term: bound for bound in paper.stated.bounds}
    for definition in paper.stated.definitions:
        means = {x: paper.find("mean", x, "") for x in definition.weights}
        missing = [x for x, mean in means.items() if mean is None]
        whole = {x: paper.find(x, definition.term, "") for x in ("min", "max", "mean")}
        if whole["mean"] is not None and not missing:
            if paper.conventions.pairwise:  # the means are over other observations
                continue
            parts = [mean.range.scaled(definition.weights[x]) for x, mean in means.items() if mean]
            yield judged(
                "definition_of_means",
                whole["mean"],
                total(parts),
                f"The mean does not follow from the definition ({definition.text}): "
                f"{definition.term} was computed otherwise than stated.",
            )
        elif len(missing) == 1 and missing[0] in bounds and whole["min"] and whole["max"]:
            ends = whole["min"], whole["max"]
            yield _implied_part(paper, definition, bounds[missing[0]], ends)


def _implied_part(
    paper: Paper, definition: Definition, bound: Bound, ends: tuple[Printed, Printed]
) -> Finding:
    """The smallest and the largest value of the whole, each with any value of the other parts."""
    weight = definition.weights[bound.term]
    others = []
    for term, other_weight in definition.weights.items():
        low, high = paper.find("min", term, ""), paper.find("max", term, "")
        if term != bound.term and low is not None and high is not None:
            others.append(Interval(low.range.low, high.range.high).scaled(other_weight))
    at_ends = [(end.range - total(others)).scaled(1 / weight) for end in ends]
    low_end, high_end = sorted(at_ends, key=lambda x: x.low)
    takes = Interval(
        -inf if bound.low is None else bound.low, inf if bound.high is None else bound.high
    )
    implied = Interval(low_end.low, high_end.high)
    possible = all(end.meets(takes) for end in at_ends)
    text = (
        f"By {definition.text}, {bound.term} would run from about {low_end.middle:.4g} to "
        f"{high_end.middle:.4g}, but it is {bound.text}: {definition.term} holds something other "
        "than what is defined, and its coefficient has no stated meaning."
    )
    if all(end.scaled(0.01).meets(takes) for end in at_ends):
        text += f" In per cent it could be, but then the parts of {definition.term} differ in unit."
    return Finding(
        rule="definition_range",
        table_number=ends[0].table_number,
        cell=f"{ends[0].cell} to {ends[1].cell}",
        term=bound.term,
        other_term=definition.term,
        statistic="range",
        printed_value=f"{definition.term} {ends[0].text} to {ends[1].text}",
        expected=f"{bound.term} {_limits(bound)}",
        low=finite(implied.low),
        high=finite(implied.high),
        verdict="consistent" if possible else "inconsistent",
        consequence=NOTHING_CHANGES if possible else text,
    )


def bound_findings(paper: Paper) -> Iterator[Finding]:
    """Test printed minima and maxima of variables against what the variable can be."""
    for bound in paper.stated.bounds:
        for statistic in ("min", "max"):
            printed = paper.find(statistic, bound.term, "")
            if printed is not None:
                yield judged(
                    "bound_of_variable",
                    printed,
                    Interval(
                        -inf if bound.low is None else bound.low,
                        inf if bound.high is None else bound.high,
                    ),
                    f"{bound.term} is {bound.text}; a value outside {_limits(bound)} is none.",
                )


def _limits(bound: Bound) -> str:
    if bound.low is None:
        return f"at most {bound.high:g}"
    return f"at least {bound.low:g}" if bound.high is None else f"{bound.low:g} to {bound.high:g}"


def official_findings(
    paper: Paper, official: Sequence[OfficialFigure], term: str = "EG"
) -> Iterator[Finding]:
    """Hold the printed minimum and maximum of a variable against official figures.

    official: its values by vintage and year, in the unit of the printed ones. Revisions move them,
    so each year may take any value that some vintage gives it: the minimum lies between the
    smallest of the lowest and the smallest of the highest values, the maximum likewise. Where a
    year of the sample is in no vintage, only the end that the others secure is used.
    """
    years = paper.stated.years
    if years is None:
        return
    by_year: dict[int, list[OfficialFigure]] = {}
    by_vintage: dict[str, list[OfficialFigure]] = {}
    for figure in official:
        if years.first <= figure.year <= years.last:
            by_year.setdefault(figure.year, []).append(figure)
            by_vintage.setdefault(figure.vintage, []).append(figure)
    complete = len(by_year) == years.last - years.first + 1
    for statistic, extreme in (("min", min), ("max", max)):
        printed = paper.find(statistic, term, "")
        if printed is not None and by_year:
            low = extreme(min(x.value for x in each) for each in by_year.values())
            high = extreme(max(x.value for x in each) for each in by_year.values())
            allowed = Interval(
                low if complete or statistic == "max" else -inf,
                high if complete or statistic == "min" else inf,
            )
            near = [extreme(each, key=lambda x: x.value) for each in by_vintage.values()]
            yield _against_official(printed, allowed, near)


def _against_official(
    printed: Printed, allowed: Interval, near: Sequence[OfficialFigure]
) -> Finding:
    """near: the extreme value of each vintage."""
    nearest = min(near, key=lambda x: abs(x.value - printed.value))
    gap = printed.value / nearest.value - 1
    return judged(
        "official_figures",
        printed,
        allowed,
        f"No vintage of the official figures has a {printed.statistic} of {printed.term} like it: "
        f"the nearest is {nearest.value:.4g} ({nearest.year}, {nearest.vintage}), from which it is "
        f"{gap:+.1%}; so {printed.term} is not the official series, and its normalised values and "
        "coefficient belong to other data.",
        expected=nearest.value,
    )
