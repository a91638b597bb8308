"""What a person reads of the study of provinces: the answer, estimators side by side, tests.

Belongs here: which published rows are shown, and their words. Not here: any number's making, and
how a table is drawn.
"""

from collections.abc import Sequence
from typing import TypeVar

from assets.provinces.specification import (
    CONCEPT,
    HE_MODEL,
    MAIN,
    MISSING,
    OWN_PLACE,
    RIDGE_K,
    SPECIFICATIONS,
    TITLE,
)
from assets.release.results.province_lines import (
    NationalSum,
    OddCells,
    ProvinceDiagnostic,
    ProvinceEvidence,
    ProvinceFinding,
    ProvinceHead,
    ProvinceKnown,
    ProvincePlace,
    ProvinceRevised,
    ProvinceSlope,
)
from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from orchestration.commands.pages.numbers import number
from orchestration.commands.pages.page import StudyPage
from orchestration.commands.pages.text_table import Shown, TextTable, named, text_table

Head = TypeVar("Head")
_LARGEST_SHIFTS = 5

SLOPES: tuple[Shown[ProvinceSlope], ...] = (
    *named("specification", "estimator"),
    Shown("error by", lambda row: row.inference),
    *named("term"),
    Shown("slope", lambda row: number(row.estimate, 4)),
    Shown("std. error", lambda row: number(row.std_error, 4)),
    Shown("low", lambda row: number(row.low, 4)),
    Shown("high", lambda row: number(row.high, 4)),
    Shown("p", lambda row: number(row.p)),
    *named("n"),
)
_HE_TERMS: tuple[Shown[ProvinceSlope], ...] = (
    *named("estimator", "term"),
    Shown("coefficient", lambda row: number(row.estimate)),
    Shown("std. error", lambda row: number(row.std_error)),
    Shown("p", lambda row: number(row.p)),
)
_DIAGNOSTICS: tuple[Shown[ProvinceDiagnostic], ...] = (
    *named("kind", "variable"),
    Shown("with", lambda row: row.other_variable),
    *named("statistic"),
    Shown("value", lambda row: number(row.value, 4)),
)
FINDINGS: tuple[Shown[ProvinceFinding], ...] = (
    *named("claim", "text"),
    Shown("slope", lambda row: number(row.estimate, 4)),
    Shown("low", lambda row: number(row.low, 4)),
    Shown("high", lambda row: number(row.high, 4)),
    Shown("detectable", lambda row: number(row.detectable, 4)),
    *named("verdict"),
)
_KNOWN: tuple[Shown[ProvinceKnown], ...] = (
    *named("specification", "estimator", "term"),
    Shown("edition", lambda row: row.known_by),
    Shown("years", lambda row: f"{row.first_year}-{row.last_year}"),
    Shown("slope", lambda row: number(row.estimate, 4)),
    Shown("low", lambda row: number(row.low, 4)),
    Shown("high", lambda row: number(row.high, 4)),
    Shown("same years now", lambda row: number(row.estimate_now, 4)),
    Shown("low", lambda row: number(row.low_now, 4)),
    Shown("high", lambda row: number(row.high_now, 4)),
)
_REVISED: tuple[Shown[ProvinceRevised], ...] = (
    Shown("edition", lambda row: row.known_by),
    Shown("years", lambda row: f"{row.first_year}-{row.last_year}"),
    Shown("rows moved", lambda row: row.moved),
    Shown("product", lambda row: number(row.median_product_pct, 2)),
    Shown("population", lambda row: number(row.median_population_pct, 2)),
    Shown("IM", lambda row: number(row.median_im_pct, 2)),
    Shown("EG", lambda row: number(row.median_eg_pct, 2)),
    Shown("EG down most", lambda row: row.least_eg),
    Shown("%", lambda row: number(row.least_eg_pct, 1)),
    Shown("EG up most", lambda row: row.most_eg),
    Shown("%", lambda row: number(row.most_eg_pct, 1)),
)
_REVISED_PRIMARY: tuple[Shown[ProvinceRevised], ...] = (
    Shown("edition", lambda row: row.known_by),
    Shown("compared", lambda row: row.primary_compared),
    Shown("beyond rounding", lambda row: row.primary_moved),
    Shown("median", lambda row: number(row.median_primary_pct, 2)),
    Shown("down most", lambda row: row.least_primary),
    Shown("%", lambda row: number(row.least_primary_pct, 1)),
    Shown("up most", lambda row: row.most_primary),
    Shown("%", lambda row: number(row.most_primary_pct, 1)),
)
_ODD: tuple[Shown[OddCells], ...] = named("rule", "indicator", "flagged", "most")
_SUMS: tuple[Shown[NationalSum], ...] = (
    *named("indicator", "years"),
    Shown("largest gap", lambda row: number(row.largest_gap, 1)),
    Shown("in %", lambda row: number(row.largest_gap_pct, 2)),
)


def study_head(home: Home, query: str, kind: type[Head], of: dict[str, str]) -> Head | None:
    """A study in one line; None where the vintage has none, or is older than the study."""
    from assets.vintages.published import is_recorded

    if not is_recorded(home, "model.province_finding"):
        return None
    return next(iter(ask(home, query, kind, of)), None)


def one_claim_page(
    home: Home,
    of: dict[str, str],
    heading: str,
    lines: tuple[str, ...],
    figures: TextTable,
    titles: tuple[str, str],
) -> StudyPage:
    """The page of a study that puts one claim to other figures: these, its findings, its slopes.

    of: vintage and study; titles: of the findings and of the slopes.
    """
    findings = ask(home, "commands/province_findings", ProvinceFinding, of)
    tests = ask(home, "commands/province_evidence", ProvinceEvidence, of)
    slopes = ask(home, "commands/province_slopes", ProvinceSlope, of)
    of_findings, of_slopes = titles
    tables = (
        figures,
        text_table(of_findings, FINDINGS, findings),
        text_table(of_slopes, SLOPES, [row for row in slopes if row.sample == "all"]),
    )
    return StudyPage(
        heading=heading,
        lines=lines,
        tables=tuple(table for table in tables if table.rows),
        closing=_closing_sentences(findings, tests),
    )


def _closing_sentences(
    findings: Sequence[ProvinceFinding], tests: Sequence[ProvinceEvidence]
) -> tuple[str, ...]:
    """What a study of provinces says in words, below its tables."""
    return (
        *(f"{each.claim}, {each.part}: {each.sentence}" for each in findings),
        "",
        *(
            f"[{each.verdict}] {each.specification}, {each.term}, {each.test}: {each.sentence}"
            for each in tests
        ),
    )


def province_head(home: Home, vintage: str) -> ProvinceHead | None:
    """The study in one line, or None."""
    return study_head(home, "commands/province_head", ProvinceHead, {"vintage": vintage})


def province_line(head: ProvinceHead) -> str:
    """What the study says, in a line."""
    return (
        f"{head.study} (31 provinces): n = {head.n}; rural income on enterprises' e-commerce "
        f"within provinces {head.estimate:+.3f} ({head.low:+.3f} to {head.high:+.3f}): "
        f"{head.verdict}."
    )


def province_page(home: Home, head: ProvinceHead, vintage: str) -> StudyPage:
    """The study of provinces at one vintage."""
    of, place = {"vintage": vintage, "study": head.study}, {"vintage": vintage, "region": OWN_PLACE}
    slopes = ask(home, "commands/province_slopes", ProvinceSlope, of)
    findings = ask(home, "commands/province_findings", ProvinceFinding, of)
    tests = ask(home, "commands/province_evidence", ProvinceEvidence, of)
    places = ask(home, "commands/province_place", ProvincePlace, place)
    ecommerce = {each.name: each.ecommerce for each in SPECIFICATIONS}
    of_ecommerce = [
        row
        for row in slopes
        if row.sample == "all" and ecommerce.get(row.specification, "") in row.term.split()
    ]
    of_he = [row for row in slopes if row.specification == HE_MODEL.name]
    tables = (
        text_table("Findings: claims of He's paper, put to rural income", FINDINGS, findings),
        text_table("Slope of e-commerce by every estimator (elasticities)", SLOPES, of_ecommerce),
        _shifts(slopes, ecommerce),
        text_table(
            "He's Tables 5 and 6 on all rows in one heap, min-max normalised (not an analysis of a "
            "panel)",
            _HE_TERMS,
            of_he,
        ),
        text_table(
            "He's Tables 2 to 4 beside them",
            _DIAGNOSTICS,
            ask(home, "commands/province_diagnostics", ProvinceDiagnostic, of),
        ),
        *_editions(home, of),
        text_table(
            "Odd figures of the source, by rules that name none (kept as they are)",
            _ODD,
            ask(home, "commands/province_odd_cells", OddCells),
        ),
        text_table(
            "Sums over 31 provinces against the nation",
            _SUMS,
            ask(home, "commands/province_sums", NationalSum),
        ),
    )
    return StudyPage(
        heading=f"{head.study}: {TITLE}",
        lines=(_answer(head), _he_answer(head), CONCEPT, f"Missing: {MISSING}.", *_place(places)),
        tables=tuple(table for table in tables if table.rows),
        closing=_closing_sentences(findings, tests),
    )


def _editions(home: Home, of: dict[str, str]) -> list[TextTable]:
    """What was known by each edition of regional accounts; none in a warehouse of before."""
    from assets.vintages.published import is_recorded

    if not is_recorded(home, "model.province_known_estimate"):
        return []
    known = ask(home, "commands/province_known", ProvinceKnown, of)
    revised = ask(home, "commands/province_revised", ProvinceRevised)
    return [
        text_table(
            "Slopes as known by each edition of accounts and population (within provinces; of the "
            "first outcome by other estimators, too)",
            _KNOWN,
            [row for row in known if row.estimator == "two_way" or row.specification == MAIN.name],
        ),
        text_table(
            "What each edition revised (medians of the sizes of changes, %)", _REVISED, revised
        ),
        text_table(
            "What each edition revised of value added of primary industry (%)",
            _REVISED_PRIMARY,
            [row for row in revised if row.primary_moved],
        ),
    ]


def _answer(head: ProvinceHead) -> str:
    return (
        f"Answer: on {head.n} rows of 31 provinces, 2016-2024, 10 % more e-commerce within a "
        f"province goes with {10 * head.estimate:+.2f} % of rural income (95 % interval "
        f"{10 * head.low:+.2f} to {10 * head.high:+.2f} %). That e-commerce raises rural income: "
        f"{head.verdict}."
    )


def _he_answer(head: ProvinceHead) -> str:
    from assets.regression.significance import told_p  # imports scipy late

    if head.ridge_p is None or head.ridge_estimate is None or head.ols_p is None:
        return "He's pipeline gave no result on these rows."
    found = head.ridge_p < 0.05 and head.ridge_estimate > 0
    would = "that e-commerce works" if found else "nothing on e-commerce"
    return (
        f"He's pipeline on the same rows would have concluded {would}: ridge at K = {RIDGE_K:g} "
        f"gives IM {number(head.ridge_estimate)} (p = {head.ridge_p:.1g}), OLS "
        f"{number(head.ols_estimate)} ({told_p(head.ols_p)}), largest VIF "
        f"{number(head.max_vif, 1)}. It takes provinces and years for draws of one heap, and the "
        "p-values of ridge are no valid tests."
    )


def _place(places: Sequence[ProvincePlace]) -> list[str]:
    return [
        f"{each.region} in {each.reference_year}: e-commerce over gross product "
        f"{each.im_sales:.3f}, place {each.rank_im} of {each.provinces}; rural income "
        f"{each.rural_income_cny:,.0f} yuan, place {each.rank_income}; slope of its own nine years "
        f"{each.own_slope:+.3f}, place {each.rank_slope}."
        for each in places
    ]


def _shifts(slopes: Sequence[ProvinceSlope], ecommerce: dict[str, str]) -> TextTable:
    """The provinces without which the slope of e-commerce moves most, of the first outcome."""
    first = SPECIFICATIONS[0].name
    own = [
        row
        for row in slopes
        if row.specification == first
        and row.estimator == "two_way"
        and row.inference == "clustered"
        and row.term == ecommerce[first]
    ]
    whole = next((row.estimate for row in own if row.sample == "all"), 0.0)
    apart = [row for row in own if row.sample != "all"]
    apart.sort(key=lambda row: -abs(row.estimate - whole))
    several = [row for row in apart if " and " in row.sample]
    columns: tuple[Shown[ProvinceSlope], ...] = (*named("sample"), *SLOPES[4:])
    title = f"Provinces that move the slope most, of {len(apart) - len(several)} left out in turn"
    return text_table(title, columns, [*apart[:_LARGEST_SHIFTS], *several])
