"""What a person reads of the study of poor counties: the answer, what it cannot say, slopes, tests.

Belongs here: which published rows are shown, and their words. Not here: any number's making, and
how a table is drawn.
"""

from assets.provinces.counties.poor_county_specification import (
    CANNOT,
    DECREED,
    MODELS,
    NOT_OFFICIAL,
    STUDY,
    TITLE,
)
from assets.provinces.specification import CONCEPT, OWN_PLACE
from assets.release.results.province_lines import PoorCountyCounts, PoorCountyHead
from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from orchestration.commands.pages.numbers import number
from orchestration.commands.pages.page import StudyPage
from orchestration.commands.pages.province_page import one_claim_page, study_head
from orchestration.commands.pages.text_table import Shown, named, text_table

_COUNTS: tuple[Shown[PoorCountyCounts], ...] = (
    Shown("year", lambda row: str(row.reference_year)),
    Shown("remaining", lambda row: f"{row.sum_of_provinces} of {row.listed}"),
    *named("provinces"),
    Shown("announced", lambda row: number(row.nation, 0)),
    Shown(OWN_PLACE, lambda row: f"{row.own_remaining} of {row.own_listed}"),
)


def poor_county_head(home: Home, vintage: str) -> PoorCountyHead | None:
    """The study in one line, or None."""
    of = {"vintage": vintage, "study": STUDY}
    return study_head(home, "commands/poor_county_head", PoorCountyHead, of)


def poor_county_line(head: PoorCountyHead) -> str:
    """What the study says, in a line."""
    return (
        f"{head.study} ({head.provinces} provinces): counts DERIVED, not official data; n = "
        f"{head.n}; log odds of remaining poor on enterprises' e-commerce within provinces "
        f"{head.estimate:+.2f} ({head.low:+.2f} to {head.high:+.2f}): {head.verdict}."
    )


def poor_county_page(home: Home, head: PoorCountyHead, vintage: str) -> StudyPage:
    """The study of poor counties at one vintage."""
    counts = ask(home, "commands/poor_county_counts", PoorCountyCounts, {"region": OWN_PLACE})
    scales = "; ".join(f"{each.specification.name}: {each.scale}" for each in MODELS)
    return one_claim_page(
        home,
        {"vintage": vintage, "study": head.study},
        f"{head.study}: {TITLE}",
        (_answer(head), _between(head), DECREED, CANNOT, NOT_OFFICIAL, CONCEPT),
        text_table("Counties on the list at the end of the year", _COUNTS, counts),
        (
            "Findings: a claim of He's paper, put to poor counties",
            f"Slopes by every estimator ({scales}; two_way: share per log point)",
        ),
    )


def _answer(head: PoorCountyHead) -> str:
    return (
        f"Answer: on {head.n} rows of {head.provinces} provinces, {head.first_year}-"
        f"{head.last_year}, a log point more e-commerce within a province goes with "
        f"{head.estimate:+.2f} in the log odds that a county remains on the list (95 % interval "
        f"{head.low:+.2f} to {head.high:+.2f}) and {head.exit_estimate:+.2f} in the log hazard of "
        f"exit ({head.exit_low:+.2f} to {head.exit_high:+.2f}). That e-commerce lowers the share: "
        f"{head.verdict}; that it brings exit forward: {head.exit_verdict}."
    )


def _between(head: PoorCountyHead) -> str:
    from assets.regression.significance import told_p  # imports scipy late
    from assets.regression.verdict import SIGNIFICANCE

    fewer = "fewer" if head.between_estimate < 0 else "more"
    told = (
        f"provinces with more e-commerce had {fewer} poor counties left, which holds of all that "
        "goes with e-commerce"
        if head.between_p < SIGNIFICANCE
        else "whether provinces with more e-commerce had fewer poor counties left is not told from "
        "chance"
    )
    return (
        f"Provinces pooled, with year effects alone, the slope is {head.between_estimate:+.2f} "
        f"({told_p(head.between_p)} by the bootstrap of scores): {told}. Years alone explain "
        f"{100 * head.years_share:.0f} % of the deviance."
    )
