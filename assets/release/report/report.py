"""The report of a vintage: one page in one file, from the published warehouse alone.

Belongs here: putting the parts together, and the page's HTML. Not here: what parts say, and where
the file lies (`report_file.py`).
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from assets.provinces.counties.poor_county_specification import STUDY as POOR_COUNTIES
from assets.provinces.poverty_class_specification import STUDY as POVERTY_CLASSES
from assets.release.report.document_cut import Documents, ReadDocument
from assets.release.report.place import Place, ident
from assets.release.report.report_rows import (
    HeadClaim,
    HeadCount,
    LastRevision,
    Published,
    RefusedDocument,
    Result,
    Source,
)
from assets.release.report.sections.downloads import csv_link, latex_link, svg_link, workbook_link
from assets.release.report.sections.province_section import (
    poor_county_part,
    poverty_class_part,
    province_part,
    slope_told,
)
from assets.release.report.sections.recommendations import recommendations_section
from assets.release.report.sections.replication_section import replication_foot, replication_section
from assets.release.report.sections.revisions_section import Revised, revisions_section
from assets.release.report.sections.summary import (
    DOCUMENTS_FOOT,
    CheckLine,
    PanelAnswer,
    Standing,
    five_sentences,
    light,
)
from assets.release.report.sections.town_section import town_part
from assets.release.report.sections.trust import common_feet, trust_section
from assets.release.report.study.study_section import study_part
from assets.release.report.verdict_flags import VERDICTS
from assets.release.report.words import Cited, Flag, Picture, Said, Sentence
from assets.release.results.changes import changes
from assets.release.results.print_lines import Cause, FirstAndLatest, FirstPrints, Horizon
from assets.release.results.province_lines import PoorCountyHead, PovertyClassHead, ProvinceHead
from assets.release.results.study_lines import ReplicationHead, StudyHead
from assets.release.results.town_lines import TownEffect, TownHead
from assets.vintages.published import published_before
from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from assets.warehouse.reader import open_published

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATES = Path(__file__).with_name("templates")
_INCOME = Said(
    "enterprises' e-commerce raises rural income",
    "企业电子商务提高农村收入",
)
_REMAINING = Said(
    "it lowers the share of poor counties that remain (counts derived, not official)",
    "企业电子商务减少仍在名单上的贫困县（县数系计数所得，非官方）",
)

_INCIDENCE = Said(
    "it lowers rural poverty incidence (known by class)",
    "企业电子商务降低农村贫困发生率（以区间公布）",
)


def report_html(
    home: Home,
    vintage: str,
    checks: Sequence[CheckLine],
    refused: Sequence[RefusedDocument],
    overdue: Sequence[str],
    today: date,
) -> str:
    """The page of the published vintage.

    checks: that did not pass; refused: documents that are in quarantine now; overdue: editions, as
    `source 2025`.
    """
    at = {"vintage": vintage}
    with open_published(home):  # what is asked below joins this connection's database
        (published,) = ask(home, "commands/publication", Published, at)
        (counts,) = ask(home, "release/report_counts", HeadCount, at)
        studies = ask(home, "commands/study_heads", StudyHead, at)
        towns = ask(home, "commands/town_heads", TownHead, at)
        effects = [
            (head, effect)
            for head in towns
            for effect in ask(
                home, "commands/town_effects", TownEffect, {**at, "dataset": head.dataset}
            )[:1]
        ]
        before = published_before(home, vintage)
        try:
            changed = None if before is None else changes(home, before, vintage)
        except WarehouseError:  # the vintage before did not record what would be compared
            changed = None
        of_counties = {**at, "study": POOR_COUNTIES}
        provinces = ask(home, "commands/province_head", ProvinceHead, at)
        counties = ask(home, "commands/poor_county_head", PoorCountyHead, of_counties)
        of_classes = {**at, "study": POVERTY_CLASSES}
        classes = ask(home, "commands/poverty_class_head", PovertyClassHead, of_classes)
        now = Standing(
            vintage=vintage,
            before=before,
            changes=changed,
            panels=[
                PanelAnswer(
                    study=head.study,
                    n=head.n,
                    asked=asked,
                    slope=slope_told(head, vintage),
                    verdict=VERDICTS[head.verdict].words,
                )
                for heads, asked in (
                    (provinces, _INCOME),
                    (counties, _REMAINING),
                    (classes, _INCIDENCE),
                )
                for head in heads
            ],
            studies=studies,
            towns=towns,
            effects=effects,
            claims=ask(home, "release/report_claims", HeadClaim, at),
            counts=counts,
            refused=refused,
            overdue=overdue,
            checks=checks,
        )
        documents = Documents(home.landing, ask(home, "release/report_documents", ReadDocument))
        study_parts = [study_part(home, head.study, vintage, documents) for head in studies]
        province_parts = [province_part(home, head, vintage) for head in provinces]
        province_parts += [poor_county_part(home, head, vintage) for head in counties]
        province_parts += [poverty_class_part(home, head, vintage) for head in classes]
        town_parts = [town_part(home, head, vintage) for head in towns]
        every = dict.fromkeys(("region", "indicator"))
        of_figure = {**every, "definition": None, "reference_year": None}
        revised = Revised(
            last=ask(home, "release/report_revisions", LastRevision),
            figures=ask(home, "commands/first_and_latest_prints", FirstAndLatest, of_figure),
            first_prints=ask(home, "commands/first_print_quality", FirstPrints, {**at, **every}),
            horizons=ask(home, "commands/revision_horizons", Horizon, {**at, **every}),
            causes=ask(home, "commands/revision_causes", Cause, {**at, **every}),
        )
        again = ask(home, "commands/replication_heads", ReplicationHead, at)
        published_again = [replication_section(home, vintage, again)] if again else []
        advice = recommendations_section(ask(home, "release/report_results", Result))
        trust = trust_section(
            vintage,
            published.created_at,
            published.input_fingerprint,
            ask(home, "release/report_sources", Source),
            counts,
            checks,
            refused,
        )
    sections = (
        *(part.section for part in province_parts),
        *(part.section for part in study_parts),
        *(part.section for part in town_parts),
        *published_again,
        revisions_section(vintage, revised),
        advice,
        trust,
    )
    feet = (
        *(foot for part in study_parts for foot in part.feet),
        *(part.foot for part in province_parts),
        *(part.foot for part in town_parts),
        *([replication_foot(vintage)] if published_again else []),
        *common_feet(vintage),
    )
    in_force = Place("raw.document", {"withdrawn": None}, DOCUMENTS_FOOT)
    return _template().render(
        now=now,
        documents=in_force.count(counts.documents_in),
        published=published,
        today=today,
        light=light(now),
        sentences=five_sentences(now),
        sections=sections,
        workbook=workbook_link(sections),
        feet=feet,
    )


@cache
def _template() -> "Template":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests |= {
        "said": lambda cell: isinstance(cell, Said),
        "cited": lambda cell: isinstance(cell, Cited),
        "flag": lambda cell: isinstance(cell, Flag),
        "picture": lambda part: isinstance(part, Picture),
    }
    environment.filters |= {
        "pieces": _pieces,
        "csv_link": csv_link,
        "latex_link": latex_link,
        "svg_link": svg_link,
        "file_name": ident,
    }
    return environment.get_template("report.html.j2")


def _pieces(sentence: Sentence, language: str) -> list[str | Cited]:
    """A sentence in one language as its texts and numbers, in their order."""
    pieces: list[str | Cited] = []
    rest = sentence.en if language == "en" else sentence.zh
    while rest:
        start = min(
            (
                (found, number)
                for number in range(len(sentence.numbers))
                if (found := rest.find(f"{{{number}}}")) >= 0
            ),
            default=None,
        )
        if start is None:
            return [*pieces, rest]
        place, number = start
        pieces += [rest[:place], sentence.numbers[number]]
        rest = rest[place + len(f"{{{number}}}") :]
    return pieces
