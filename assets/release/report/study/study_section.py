"""The part of the report on one yearly study.

Belongs here: the order of its parts, and its lines. Not here: tables, pictures and feet.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from assets.extracts.written.year_list import year_ranges
from assets.release.report.document_cut import Documents
from assets.release.report.place import ident
from assets.release.report.report_rows import CurvePoint, Drifted, LeftOut, Robust, TraceStep
from assets.release.report.study.study_feet import fit_feet, value_feet
from assets.release.report.study.study_graphs import (
    forests,
    ridge_traces,
    series,
    specification_curves,
    variance_inflations,
    years_left_out,
)
from assets.release.report.study.study_result import StudyResult
from assets.release.report.study.study_tables import (
    drift_tables,
    region_tables,
    spss_tables,
    survival_grids,
)
from assets.release.report.words import Foot, Picture, Said, Section, Sentence
from assets.release.results.study_lines import (
    YEARS_TO_FIRST_PRINT,
    CoefficientLine,
    FitLine,
    IndexValueLine,
    LatePrint,
    NotFinalFigures,
    PrintedNumber,
    SampleLine,
    listed_ranges,
)
from assets.release.results.study_lines import Sentence as SurvivalSentence
from assets.vintages.keys import PANEL
from assets.warehouse.home import Home
from assets.warehouse.queries import ask


@dataclass(frozen=True, slots=True)
class StudyPart:
    """The section of one study, what its numbers rest on, and the claims that it settles."""

    section: Section
    feet: tuple[Foot, ...]


def study_part(home: Home, study: str, vintage: str, documents: Documents) -> StudyPart:
    """What the published warehouse says of one study at the vintage in force.

    documents: where the pictures of printed cells are cut from.
    """
    of, at = {"study": study}, {"study": study, "vintage": vintage}
    found = StudyResult(
        study,
        vintage,
        ask(home, "commands/study_samples", SampleLine, of),
        ask(home, "commands/study_fits", FitLine, at),
        ask(home, "commands/study_coefficients", CoefficientLine, at),
        ask(home, "commands/study_index_values", IndexValueLine, of),
        ask(home, "commands/printed_numbers", PrintedNumber, at),
        ask(home, "release/report_robustness", Robust, at),
        ask(home, "release/report_left_out", LeftOut, at),
        ask(home, "release/report_ridge_trace", TraceStep, at),
        ask(home, "release/report_specification_curve", CurvePoint, at),
    )
    is_alone = len({sample.region for sample in found.samples}) == 1
    head = found.samples[0]
    parts = (
        (
            *series(home, found),
            *forests(found),
            *spss_tables(home, found, at),
            *variance_inflations(found),
            *survival_grids(found),
            *specification_curves(found),
            *years_left_out(found),
            *ridge_traces(found),
        )
        if is_alone
        else region_tables(found)
    )
    drift = drift_tables(found, ask(home, "release/report_drift", Drifted, at))
    sentences = ask(home, "commands/study_sentences", SurvivalSentence, at) if is_alone else []
    span = f"{head.first_year}–{head.last_year}"
    section = Section(
        ident("study", study),
        Said(
            f"{study}: {head.title}, {span}",
            f"研究 {study}（{span}）：{head.title_zh or head.title}",
        ),
        found.mark,
        (*_lines(found), *_print_lines(home, study)),
        tuple(part for part in (*parts, *drift) if isinstance(part, Picture) or part.rows),
        tuple(f"{each.sample}: {each.text}" for each in sentences),
    )
    feet = (*fit_feet(found), *(value_feet(home, found, documents) if is_alone else ()))
    return StudyPart(section, feet)


def _lines(found: StudyResult) -> tuple[Sentence, ...]:
    """How many years each fit has, or why there is none."""
    lines = []
    for fit in found.fits:
        if fit.estimator != "ols" or fit.region == PANEL:
            continue
        where = f"{fit.region}, {fit.sample}"
        if not fit.is_fitted:
            lines.append(
                Sentence(
                    f"{where}: not fitted. {fit.reason}",
                    f"{where}：未能估计。原因（英文）：{fit.reason}",
                )
            )
            continue
        place = found.place("model.fit", fit.region, fit.sample, estimator="ols")
        numbers = (place.number(fit.n, "n", 0), place.number(fit.r2, "r2"))
        lines.append(
            Sentence(
                f"{where}: n = {{0}} ({listed_ranges(fit.years)}), OLS R² {{1}}.",
                f"{where}：n = {{0}}（{listed_ranges(fit.years)}），OLS R² 为 {{1}}。",
                tuple(number for number in numbers if number is not None),
            )
        )
    return tuple(lines)


def _print_lines(home: Home, study: str) -> Iterator[Sentence]:
    """Which first prints are hardly the first, and which figures may yet change."""
    late = {"study": study, "years_to_print": YEARS_TO_FIRST_PRINT}
    found = ask(home, "commands/study_late_prints", LatePrint, late)
    for sample in dict.fromkeys(row.sample for row in found):
        own = [row for row in found if row.sample == sample]
        en = ", ".join(f"{r.indicator} {year_ranges(r.years)} (edition {r.edition})" for r in own)
        zh = "、".join(f"{r.indicator} {year_ranges(r.years)}（{r.edition} 年版）" for r in own)
        yield Sentence(
            f"{sample}: the earliest print at hand is more than {YEARS_TO_FIRST_PRINT} years "
            f"younger than its year, and may have been revised already, of {en}.",
            f"{sample}：下列数字现有最早的公布版本距其所属年份超过 {YEARS_TO_FIRST_PRINT} 年，"
            f"可能已被修订：{zh}。",
        )
    for each in ask(home, "commands/study_not_final", NotFinalFigures, {"study": study}):
        years = year_ranges(each.years)
        yield Sentence(
            f"{each.region}, {each.sample}: {each.indicator} of {years} (edition {each.edition}) "
            f"is {each.print_status}.",
            f"{each.region}，{each.sample}：{each.indicator}（{years}，{each.edition} 年版）"
            f"的状态为 {each.print_status}。",
        )
