"""The pictures of one yearly study, each with the sentence that says what it shows and its data.

Belongs here: which rows a picture has, in which words. Not here: drawing (`pictures/`).
"""

from collections.abc import Sequence

from assets.release.report.pictures.robustness_pictures import curve_picture, inflation_picture
from assets.release.report.pictures.study_pictures import (
    forest_picture,
    left_out_picture,
    ridge_trace_picture,
    series_picture,
)
from assets.release.report.place import ident
from assets.release.report.report_rows import (
    CurvePoint,
    DefinitionBreak,
    LeftOut,
    TraceStep,
)
from assets.release.report.study.study_result import TERM, YEAR, StudyResult
from assets.release.report.words import (
    Cell,
    PageTable,
    Picture,
    Said,
)
from assets.warehouse.home import Home
from assets.warehouse.queries import ask

_TRACE_SHOWN = (0.0, 0.0001, 0.001, 0.01, 0.1, 1.0)  # rows of the table behind a ridge trace


_CURVE_SHOWN = range(0, 101, 10)  # per cent of the specifications, rows of the table behind


def series(home: Home, found: StudyResult) -> tuple[Picture, ...]:
    """Each index by year, sample beside sample; none where no index has a value."""
    if not any(row.value is not None for row in found.values):
        return ()
    breaks = ask(home, "release/report_breaks", DefinitionBreak, {"study": found.name})
    changes: dict[str, list[int]] = {}
    for each in breaks:
        if each.reference_year not in changes.setdefault(each.index_id, []):
            changes[each.index_id].append(each.reference_year)
    samples = found.names_of_samples
    broken = "; ".join(f"{index} {', '.join(map(str, own))}" for index, own in changes.items())
    shows = Said(
        f"Each index by year. Solid: sample {samples[0]}"
        + (f"; dashed: {', '.join(samples[1:])}" if samples[1:] else "")
        + "; a gap with a cross is a year without a value"
        + (f"; dotted red: a figure behind it changes definition ({broken})" if changes else "")
        + ".",
        f"各指数逐年数值。实线：样本 {samples[0]}"
        + (f"；虚线：{'、'.join(samples[1:])}" if samples[1:] else "")
        + "；断开处的叉号表示该年无数值"
        + (f"；红色点线：所依据数字的口径变化（{broken}）" if changes else "")
        + "。",
    )
    name = ident("series", found.name)
    columns = list(dict.fromkeys((row.index_id, row.sample) for row in found.values))
    rows = []
    for year in sorted({row.reference_year for row in found.values}):
        own = {
            (row.index_id, row.sample): row for row in found.values if row.reference_year == year
        }
        rows.append(
            (
                str(year),
                *(
                    found.value_place(own[column]).number(own[column].value, "value", 4)
                    if column in own
                    else None
                    for column in columns
                ),
            )
        )
    data = PageTable(
        Said("Values; each leads to its printed figures", "数值；点击可见其原始公布数字"),
        (YEAR, *(f"{index}, {sample}" for index, sample in columns)),
        tuple(rows),
        mark=found.mark,
        closed=True,
    )
    svg = series_picture(name, found.values, samples, changes, found.mark)
    return (Picture(name, Said("Series", "序列"), shows, svg, found.mark, data),)


def forests(found: StudyResult) -> list[Picture]:
    """Coefficients of OLS and ridge beside the paper's, a picture a sample."""
    pictures = []
    for sample in found.names_of_samples:
        own = [row for row in found.coefficients if row.sample == sample]
        if not own:
            continue
        name = ident("forest", found.name, sample)
        paper = ", diamonds: as the paper prints them" if found.printed else ""
        paper_zh = "；菱形：论文刊载的数值" if found.printed else ""
        pictures.append(
            Picture(
                name,
                Said(f"Coefficients, sample {sample}", f"系数，样本 {sample}"),
                Said(
                    "Estimates with 95 % intervals; blue circles: OLS, orange squares: ridge"
                    f"{paper}. The intervals of ridge are nominal.",
                    f"估计值及 95% 区间；蓝色圆点：OLS；橙色方块：岭回归{paper_zh}。"
                    "岭回归的区间只是名义区间。",
                ),
                forest_picture(name, own, found.printed, found.mark),
                found.mark,
            )
        )
    return pictures


def variance_inflations(found: StudyResult) -> list[Picture]:
    """How much collinearity inflates the variances, a picture a sample."""
    pictures = []
    for sample in found.names_of_samples:
        own = [row for row in found.coefficients if row.sample == sample and row.vif]
        if not own:
            continue
        name = ident("vif", found.name, sample)
        data = PageTable(
            Said("Variance inflation factors", "方差膨胀因子"),
            (TERM, Said("estimator", "估计方法"), "VIF"),
            tuple(
                (
                    row.term,
                    row.estimator,
                    found.place(
                        "model.coefficient",
                        row.region,
                        row.sample,
                        estimator=row.estimator,
                        term=row.term,
                    ).number(row.vif, "vif", 2),
                )
                for row in own
            ),
            mark=found.mark,
            closed=True,
        )
        pictures.append(
            Picture(
                name,
                Said(f"Collinearity, sample {sample}", f"多重共线性，样本 {sample}"),
                Said(
                    "How many times collinearity inflates the variance of each coefficient; blue "
                    "circles: OLS, orange squares: ridge; from the dashed line, 10, on it is "
                    "called severe.",
                    "共线性使各系数方差扩大的倍数；蓝色圆点：OLS；橙色方块：岭回归；"
                    "超过虚线（10）为严重。",
                ),
                inflation_picture(name, own, found.mark),
                found.mark,
                data,
            )
        )
    return pictures


def specification_curves(found: StudyResult) -> list[Picture]:
    """Each coefficient under every specification, a picture a sample."""
    pictures = []
    for sample in found.names_of_samples:
        points: dict[str, list[CurvePoint]] = {}
        for row in found.curve:
            if row.sample == sample:
                points.setdefault(row.term, []).append(row)
        if not points:
            continue
        name = ident("specifications", found.name, sample)
        of_all = next(iter(points.values()))[0].of_all

        def cell(own: Sequence[CurvePoint], percent: int) -> Cell:
            for row in own:
                if row.percent == percent:
                    place = found.place("model.specification", row.region, row.sample)
                    place = place.at(term=row.term, setting=row.setting)
                    return place.number(row.coefficient, "coefficient")
            return None

        data = PageTable(
            Said("Coefficients along the curve", "曲线上的系数"),
            (Said("specifications below, %", "低于此值的设定，%"), *points),
            tuple(
                (str(percent), *(cell(own, percent) for own in points.values()))
                for percent in _CURVE_SHOWN
            ),
            mark=found.mark,
            closed=True,
        )
        pictures.append(
            Picture(
                name,
                Said(f"Every specification, sample {sample}", f"全部设定，样本 {sample}"),
                Said(
                    f"Each coefficient under all {of_all} specifications (other regressors, "
                    "differences, ridge constants, years left out), from the lowest to the "
                    "highest; grey: 95 % intervals, cut at the edge; orange points: nominal p "
                    "below 0.05. A curve that crosses zero depends on choices.",
                    f"各系数在全部 {of_all} 种设定（自变量组合、差分、岭参数、剔除年份）下由小到大"
                    "排列；灰线为 95% 区间（超出边框处截断）；橙点为名义 p 值低于 0.05。"
                    "曲线穿过零表示结论取决于选择。",
                ),
                curve_picture(name, points, found.mark),
                found.mark,
                data,
            )
        )
    return pictures


def years_left_out(found: StudyResult) -> list[Picture]:
    """OLS coefficients without each year, a picture a sample."""
    pictures = []
    for sample in found.names_of_samples:
        rows = [row for row in found.left_out if row.sample == sample]
        if not rows:
            continue
        name = ident("left-out", found.name, sample)
        full = [row for row in found.coefficients if row.sample == sample]
        terms = list(dict.fromkeys(row.term for row in rows))

        def cell(row: LeftOut) -> Cell:
            place = found.place("model.robustness", row.region, row.sample)
            place = place.at(method="leave_one_year_out", term=row.term, statistic="coefficient")
            return place.at(setting=row.setting).number(row.value, "value")

        data = PageTable(
            Said("OLS coefficients without each year", "逐年剔除后的 OLS 系数"),
            (Said("without", "剔除年份"), *terms),
            tuple(
                (
                    str(year),
                    *(
                        next(
                            (cell(row) for row in rows if (row.year, row.term) == (year, term)),
                            None,
                        )
                        for term in terms
                    ),
                )
                for year in sorted({row.year for row in rows})
            ),
            mark=found.mark,
            closed=True,
        )
        pictures.append(
            Picture(
                name,
                Said(f"Without one year, sample {sample}", f"逐年剔除，样本 {sample}"),
                Said(
                    "The OLS coefficient of each term when the year on the axis is left out; "
                    "the orange line has all years.",
                    "剔除横轴所示年份后各变量的 OLS 系数；橙线为使用全部年份的结果。",
                ),
                left_out_picture(name, rows, full, found.mark),
                found.mark,
                data,
            )
        )
    return pictures


def ridge_traces(found: StudyResult) -> list[Picture]:
    """How coefficients and their VIF move with the ridge constant, a picture a sample."""
    pictures = []
    for sample in found.names_of_samples:
        rows = [row for row in found.trace if row.sample == sample]
        if not rows:
            continue
        name = ident("ridge-trace", found.name, sample)
        terms = list(dict.fromkeys(row.term for row in rows))
        study_k = next(
            (fit.ridge_k for fit in found.fits if (fit.sample, fit.estimator) == (sample, "ridge")),
            None,
        )
        by_place = {(row.k, row.term): row for row in rows}

        def cells(row: TraceStep) -> tuple[Cell, Cell]:
            place = found.place("model.robustness", row.region, row.sample)
            place = place.at(method="ridge_trace", term=row.term, setting=row.setting)
            return (
                place.at(statistic="coefficient").number(row.coefficient, "value"),
                place.at(statistic="vif").number(row.vif, "value", 2),
            )

        shown = sorted({row.k for row in rows} & {*_TRACE_SHOWN, study_k})
        data = PageTable(
            Said("Ridge coefficients and VIF by k", "各 k 值下的岭回归系数与 VIF"),
            ("k", *(text for term in terms for text in (term, f"VIF {term}"))),
            tuple(
                (f"{k:g}", *(cell for term in terms for cell in cells(by_place[k, term])))
                for k in shown
            ),
            mark=found.mark,
            closed=True,
        )
        pictures.append(
            Picture(
                name,
                Said(f"Ridge trace, sample {sample}", f"岭迹图，样本 {sample}"),
                Said(
                    "Each coefficient as the ridge constant k grows from 0.0001 to 1; the orange "
                    "line is OLS (k = 0), the dashed one the k of the study.",
                    "岭参数 k 由 0.0001 增至 1 时的系数；橙线为 OLS（k = 0），虚线为本研究的 k。",
                ),
                ridge_trace_picture(name, rows, study_k, found.mark),
                found.mark,
                data,
            )
        )
    return pictures
