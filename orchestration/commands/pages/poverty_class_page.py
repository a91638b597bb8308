"""What a person reads of the study of poverty classes: the answer, classes, slopes, tests.

Belongs here: which published rows are shown, and their words. Not here: any number's making, and
how a table is drawn.
"""

from assets.provinces.poverty_class_specification import CANNOT, IN_CLASSES, SCALE, STUDY, TITLE
from assets.provinces.specification import CONCEPT, OWN_PLACE
from assets.release.results.province_lines import PovertyClassCounts, PovertyClassHead
from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from orchestration.commands.pages.numbers import number
from orchestration.commands.pages.page import StudyPage
from orchestration.commands.pages.province_page import one_claim_page, study_head
from orchestration.commands.pages.text_table import Shown, named, text_table

_CLASSES: tuple[Shown[PovertyClassCounts], ...] = (
    Shown("year", lambda row: str(row.reference_year)),
    Shown("from %", lambda row: "open" if row.low_pct is None else number(row.low_pct, 1)),
    Shown("to %", lambda row: "open" if row.high_pct is None else number(row.high_pct, 1)),
    *named("known_by", "provinces"),
    Shown(OWN_PLACE, lambda row: "here" if row.has_own else ""),
)


def poverty_class_head(home: Home, vintage: str) -> PovertyClassHead | None:
    """The study in one line, or None."""
    of = {"vintage": vintage, "study": STUDY}
    return study_head(home, "commands/poverty_class_head", PovertyClassHead, of)


def poverty_class_line(head: PovertyClassHead) -> str:
    """What the study says, in a line."""
    return (
        f"{head.study} ({head.provinces} provinces): n = {head.n} classes; poverty incidence on "
        f"enterprises' e-commerce within provinces {head.estimate:+.2f} ({head.low:+.2f} to "
        f"{head.high:+.2f}): {head.verdict}."
    )


def poverty_class_page(home: Home, head: PovertyClassHead, vintage: str) -> StudyPage:
    """The study of poverty classes at one vintage."""
    classes = ask(home, "commands/poverty_class_counts", PovertyClassCounts, {"region": OWN_PLACE})
    return one_claim_page(
        home,
        {"vintage": vintage, "study": head.study},
        f"{head.study}: {TITLE}",
        (_answer(head), _between(head), IN_CLASSES, CANNOT, CONCEPT),
        text_table("Provinces by class of rural poverty incidence", _CLASSES, classes),
        (
            "Findings: a claim of He's paper, put to poverty by class",
            f"Slopes by interval regression ({SCALE})",
        ),
    )


def _answer(head: PovertyClassHead) -> str:
    return (
        f"Answer: on {head.n} classes of {head.provinces} provinces, 10 % more e-commerce within a "
        f"province goes with {10 * head.estimate:+.1f} % of rural poverty incidence (95 % interval "
        f"{10 * head.low:+.1f} to {10 * head.high:+.1f} %). That e-commerce lowers it: "
        f"{head.verdict}. In {head.open_changes} provinces the classes leave open whether "
        "incidence fell at all."
    )


def _between(head: PovertyClassHead) -> str:
    from assets.regression.significance import told_p  # imports scipy late

    return (
        f"Provinces pooled, with year effects alone, the slope is {head.between_estimate:+.2f} "
        f"({told_p(head.between_p)}), beside agriculture and gross product per head."
    )
