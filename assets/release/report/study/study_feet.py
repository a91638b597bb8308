"""What the numbers of one yearly study rest on: index values down to the printed cell.

Belongs here: the entries that numbers lead to. Not here: where they lead from.
"""

from assets.poverty.study_files.index_names import INDEX_NAMES
from assets.release.report.document_cut import Documents
from assets.release.report.place import ident
from assets.release.report.report_rows import (
    Earlier,
    Origin,
)
from assets.release.report.study.study_result import StudyResult, value_foot
from assets.release.report.words import (
    Foot,
    Said,
)
from assets.release.results.study_lines import (
    IndexValueLine,
)
from assets.warehouse.home import Home
from assets.warehouse.queries import ask


def fit_feet(found: StudyResult) -> list[Foot]:
    """What the results of each sample rest on."""
    feet = []
    for region, sample in dict.fromkeys((fit.region, fit.sample) for fit in found.fits):
        own = [fit for fit in found.fits if (fit.region, fit.sample) == (region, sample)]
        years = own[0].years
        fits = "; ".join(
            f"{fit.estimator}: {fit.equation or fit.status}"
            + (f" (k = {fit.ridge_k:g}, {fit.convention})" if fit.ridge_k else "")
            for fit in own
        )
        feet.append(
            Foot(
                ident("rows", found.name, region, sample),
                Said(
                    f"Results of {found.name}, {region}, sample {sample}",
                    f"{found.name}（{region}，样本 {sample}）的结果",
                ),
                (
                    Said(f"vintage {found.vintage}", f"版本 {found.vintage}"),
                    Said(
                        f"years {years}; figures: {own[0].quality}",
                        f"年份 {years}；数字性质：{own[0].quality}",
                    ),
                    fits,
                    Said(
                        "They rest on the study's index values, each with its printed figures.",
                        "依据本研究的指数值，每个值都附有原始公布数字。",
                    ),
                ),
            )
        )
    return feet


def value_feet(home: Home, found: StudyResult, documents: Documents) -> list[Foot]:
    """Each index value with the printed figures behind it: document, sheet or page, and cell.

    documents: where the pictures of the cells are cut from.
    """
    of = {"study": found.name}
    origins: dict[str, list[Origin]] = {}
    for origin in ask(home, "release/report_origins", Origin, of):
        row = IndexValueLine(
            origin.index_id, "", origin.sample, origin.region, origin.reference_year, None
        )
        origins.setdefault(value_foot(found.name, row), []).append(origin)
    earlier: dict[str, list[Earlier]] = {}
    at = {**of, "vintage": found.vintage}
    for each in ask(home, "release/report_earlier_values", Earlier, at):
        row = IndexValueLine(each.index_id, "", each.sample, each.region, each.reference_year, None)
        earlier.setdefault(value_foot(found.name, row), []).append(each)
    feet = []
    for row in found.values:
        if row.value is None:
            continue
        name = value_foot(found.name, row)
        known = INDEX_NAMES.get(row.index_id)
        zh = f"{known.chinese} " if known else ""
        title = f"{row.index_id} {row.reference_year}, {row.region}, {found.name}, {row.sample}"
        feet.append(
            Foot(
                name,
                Said(title, f"{zh}{title}"),
                (
                    Said(
                        f"{row.value!r} {row.unit}, vintage {found.vintage}"
                        + (f"; {known.formula}" if known else ""),
                        f"{row.value!r} {row.unit}，版本 {found.vintage}"
                        + (f"；{known.formula}" if known else ""),
                    ),
                    *(
                        Said(
                            f"vintage {each.vintage} had {each.value!r}",
                            f"版本 {each.vintage} 为 {each.value!r}",
                        )
                        for each in earlier.get(name, [])
                    ),
                    *map(_origin_line, origins.get(name, [])),
                ),
                tuple(cut for each in origins.get(name, []) if (cut := documents.cut(each))),
            )
        )
    return feet


def _origin_line(each: Origin) -> Said:
    place = f"{each.file}, " + (f"{each.sheet}!" if each.sheet else "") + each.cell
    typed = " (typed by the project)" if each.retyped else ""
    typed_zh = "（由本项目录入）" if each.retyped else ""
    start = f"{each.indicator} {each.input_year} = {each.value!r} {each.unit}"
    return Said(
        f"{start}: printed “{each.printed_value}” under “{each.printed_label}”; {each.title}, "
        f"edition {each.edition}; {place}; {each.quality}, {each.status}{typed}",
        f"{start}：原文为“{each.printed_value}”，栏目“{each.printed_label}”；{each.title}，"
        f"{each.edition} 年版；{place}；{each.quality}，{each.status}{typed_zh}",
    )
