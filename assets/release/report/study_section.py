"""The part of the report on one yearly study: series, coefficients, tables, what survives, drift.

Belongs here: which rows are shown, in which words. Not here: new numbers, drawing, HTML.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from assets.poverty.study_files.index_names import INDEX_NAMES
from assets.release.report.pictures.robustness_pictures import curve_picture, inflation_picture
from assets.release.report.pictures.study_pictures import (
    forest_picture,
    left_out_picture,
    ridge_trace_picture,
    series_picture,
)
from assets.release.report.place import Place, ident
from assets.release.report.report_rows import (
    CurvePoint,
    DefinitionBreak,
    Drifted,
    Earlier,
    LeftOut,
    Origin,
    Robust,
    TraceStep,
)
from assets.release.report.verdict_flags import SERIES_VERDICTS
from assets.release.report.words import (
    RECOVERED,
    Cell,
    Foot,
    PageTable,
    Picture,
    Said,
    Section,
    Sentence,
)
from assets.release.results.study_lines import (
    CoefficientLine,
    Correlation,
    Descriptive,
    FitLine,
    IndexValueLine,
    PrintedNumber,
    SampleLine,
)
from assets.release.results.study_lines import Sentence as SurvivalSentence
from assets.vintages.keys import PANEL
from assets.warehouse.home import Home
from assets.warehouse.queries import ask

_LEVELS = ("at 10 %", "at 5 %", "at 1 %")
_TERM, _SAMPLE, _YEAR = Said("term", "变量"), Said("sample", "样本"), Said("year", "年份")


_TRACE_SHOWN = (0.0, 0.0001, 0.001, 0.01, 0.1, 1.0)  # rows of the table behind a ridge trace


@dataclass(frozen=True, slots=True)
class StudyPart:
    """The section of one study, what its numbers rest on, and the claims that it settles."""

    section: Section
    feet: tuple[Foot, ...]


@dataclass(frozen=True, slots=True)
class _Study:
    """All rows of one study in one vintage, and where they stand."""

    name: str
    vintage: str
    samples: Sequence[SampleLine]
    fits: Sequence[FitLine]
    coefficients: Sequence[CoefficientLine]
    values: Sequence[IndexValueLine]
    printed: Sequence[PrintedNumber]
    robust: Sequence[Robust]
    left_out: Sequence[LeftOut]
    trace: Sequence[TraceStep]
    curve: Sequence[CurvePoint]

    @property
    def mark(self) -> str:
        """Whether a sample is recovered."""
        return RECOVERED if any(fit.quality == RECOVERED for fit in self.fits) else ""

    @property
    def names_of_samples(self) -> list[str]:
        """The samples, the last one, which is in force, first."""
        return list(dict.fromkeys(sample.sample for sample in reversed(self.samples)))

    def place(self, table: str, region: str, sample: str, **more: object) -> Place:
        """Rows of a result of this vintage."""
        key = {"vintage": self.vintage, "study": self.name, "region": region, "sample": sample}
        return Place(table, {**key, **more}, ident("rows", self.name, region, sample))

    def value_place(self, row: IndexValueLine) -> Place:
        """The row of an index value, which has a foot of its own."""
        return Place(
            "indices.index_value",
            {
                "study": self.name,
                "region": row.region,
                "sample": row.sample,
                "index_id": row.index_id,
                "reference_year": row.reference_year,
            },
            value_foot(self.name, row),
        )


def value_foot(study: str, row: IndexValueLine) -> str:
    """The id of the foot of an index value."""
    return ident("value", study, row.sample, row.index_id, row.reference_year)


def study_part(home: Home, study: str, vintage: str) -> StudyPart:
    """What the published warehouse says of one study at the vintage in force."""
    of, at = {"study": study}, {"study": study, "vintage": vintage}
    found = _Study(
        study,
        vintage,
        ask(home, "commands/study_samples", SampleLine, of),
        ask(home, "commands/study_fits", FitLine, at),
        ask(home, "commands/study_coefficients", CoefficientLine, at),
        ask(home, "commands/study_index_values", IndexValueLine, of),
        ask(home, "commands/study_printed", PrintedNumber, at),
        ask(home, "release/report_robustness", Robust, at),
        ask(home, "release/report_left_out", LeftOut, at),
        ask(home, "release/report_ridge_trace", TraceStep, at),
        ask(home, "release/report_specification_curve", CurvePoint, at),
    )
    is_alone = len({sample.region for sample in found.samples}) == 1
    head = found.samples[0]
    parts = (
        (
            *_series(home, found),
            *_forests(found),
            *_tables(home, found, at),
            *_inflations(found),
            *_survival(found),
            *_curves(found),
            *_left_out(found),
            *_ridge_traces(found),
        )
        if is_alone
        else _regions(found)
    )
    drift = _drift(found, ask(home, "release/report_drift", Drifted, at))
    sentences = ask(home, "commands/study_sentences", SurvivalSentence, at) if is_alone else []
    span = f"{head.first_year}–{head.last_year}"
    section = Section(
        ident("study", study),
        Said(
            f"{study}: {head.title}, {span}",
            f"研究 {study}（{span}）：{head.title_zh or head.title}",
        ),
        found.mark,
        _lines(found),
        tuple(part for part in (*parts, *drift) if isinstance(part, Picture) or part.rows),
        tuple(f"{each.sample}: {each.text}" for each in sentences),
    )
    feet = (*_fit_feet(found), *(_value_feet(home, found) if is_alone else ()))
    return StudyPart(section, feet)


def _lines(found: _Study) -> tuple[Sentence, ...]:
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
                f"{where}: n = {{0}} ({fit.years}), OLS R² {{1}}.",
                f"{where}：n = {{0}}（{fit.years}），OLS R² 为 {{1}}。",
                tuple(number for number in numbers if number is not None),
            )
        )
    return tuple(lines)


def _series(home: Home, found: _Study) -> tuple[Picture, ...]:
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
        Said("Values; each leads to its printed figures", "数值；点击可见其原始印刷数字"),
        (_YEAR, *(f"{index}, {sample}" for index, sample in columns)),
        tuple(rows),
        mark=found.mark,
        closed=True,
    )
    svg = series_picture(name, found.values, samples, changes, found.mark)
    return (Picture(name, Said("Series", "序列"), shows, svg, found.mark, data),)


def _forests(found: _Study) -> list[Picture]:
    pictures = []
    for sample in found.names_of_samples:
        own = [row for row in found.coefficients if row.sample == sample]
        if not own:
            continue
        name = ident("forest", found.name, sample)
        paper = ", diamonds: as the paper prints them" if found.printed else ""
        paper_zh = "；菱形：论文印出的数值" if found.printed else ""
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


def _tables(home: Home, found: _Study, at: dict[str, str]) -> list[PageTable]:
    region = found.samples[0].region
    descriptives = ask(home, "commands/study_descriptives", Descriptive, at)
    correlations = ask(home, "commands/study_correlations", Correlation, at)
    diagnostic = "model.diagnostic"

    def described(row: Descriptive, statistic: str) -> Cell:
        place = found.place(
            diagnostic, region, row.sample, kind="descriptive", variable=row.variable
        )
        return place.at(statistic=statistic).number(getattr(row, statistic), "value", 4)

    def correlated(row: Correlation, statistic: str) -> Cell:
        one, other = row.pair.split("–")
        place = found.place(diagnostic, region, row.sample, kind="correlation", variable=one)
        place = place.at(other_variable=other, statistic=statistic)
        return place.number(getattr(row, statistic), "value")

    statistics = ("min", "max", "mean", "sd")
    tables = [
        PageTable(
            Said("Table 2. Descriptive statistics", "表 2　描述性统计"),
            (
                _SAMPLE,
                Said("variable", "变量"),
                Said("minimum", "最小值"),
                Said("maximum", "最大值"),
                Said("mean", "均值"),
                Said("std. deviation", "标准差"),
            ),
            tuple(
                (row.sample, row.variable, *(described(row, name) for name in statistics))
                for row in descriptives
            ),
            mark=found.mark,
        ),
        PageTable(
            Said("Table 3. Pearson correlations", "表 3　皮尔逊相关系数"),
            (_SAMPLE, Said("pair", "变量对"), "r", "", Said("p, two-sided", "p 值（双侧）")),
            tuple(
                (row.sample, row.pair, correlated(row, "r"), row.stars, correlated(row, "p"))
                for row in correlations
            ),
            Said("*** 1 %, ** 5 %, * 10 %", "*** 1%，** 5%，* 10%"),
            mark=found.mark,
        ),
    ]
    for number, estimator, title in (
        ("5", "ols", Said("Ordinary least squares", "普通最小二乘法")),
        ("6", "ridge", Said("Ridge regression", "岭回归")),
    ):
        tables += [
            _summary(found, estimator, "4" if number == "5" else "6", title),
            _terms(found, estimator, number, title),
        ]
    return tables


def _summary(found: _Study, estimator: str, number: str, title: Said) -> PageTable:
    columns = (("r", 3), ("r2", 3), ("adjusted_r2", 3), ("f", 3), ("f_p", 3), ("n", 0))
    rows = []
    for fit in found.fits:
        if fit.estimator == estimator and fit.is_fitted and fit.region != PANEL:
            place = found.place("model.fit", fit.region, fit.sample, estimator=estimator)
            cells = (place.number(getattr(fit, name), name, digits) for name, digits in columns)
            df = place.number(fit.df_residual, "df_residual", 0)
            rows.append((fit.sample, *cells, df))
    return PageTable(
        Said(f"Table {number}. {title.en}, model summary", f"表 {number}　{title.zh}：模型摘要"),
        (
            _SAMPLE,
            "R",
            "R²",
            Said("adjusted R²", "调整后 R²"),
            "F",
            Said("p of F", "F 的 p 值"),
            "n",
            Said("df", "自由度"),
        ),
        tuple(rows),
        mark=found.mark,
    )


def _terms(found: _Study, estimator: str, number: str, title: Said) -> PageTable:
    paper = {
        each.term: each
        for each in found.printed
        if each.table_number == number and each.statistic == "coefficient"
    }
    rows = []
    for row in found.coefficients:
        if row.estimator != estimator or row.region == PANEL:
            continue
        place = found.place(
            "model.coefficient", row.region, row.sample, estimator=estimator, term=row.term
        )
        each = paper.get(row.term)
        printed = None
        if each is not None:
            key = {"vintage": found.vintage, "study": found.name}
            key |= {"table_number": number, "cell": each.cell}
            printed_place = Place("model.printed_comparison", key, place.foot)
            printed = printed_place.text(each.printed_value, "printed_value")
        rows.append(
            (
                row.sample,
                row.term,
                place.number(row.coefficient, "coefficient"),
                place.number(row.std_error, "std_error"),
                place.number(row.t, "t"),
                place.number(row.p, "p"),
                row.stars,
                place.number(row.vif, "vif"),
                *([printed] if paper else []),
            )
        )
    ridge = Said(
        "p-values of ridge are no valid tests: they hold k fixed although it was chosen",
        "岭回归的 p 值不是有效检验：k 是选出来的，却被当作固定值",
    )
    return PageTable(
        Said(f"Table {number}. {title.en}, coefficients", f"表 {number}　{title.zh}：系数"),
        (
            _SAMPLE,
            _TERM,
            "B",
            Said("std. error", "标准误"),
            "t",
            Said("p", "p 值"),
            "",
            "VIF",
            *([Said("B in the paper", "论文中的 B")] if paper else []),
        ),
        tuple(rows),
        ridge if estimator == "ridge" else None,
        mark=found.mark,
    )


def _survival(found: _Study) -> list[PageTable]:
    """What survives other assumptions, a line a coefficient."""
    tables = []
    for sample in found.names_of_samples:
        own = {
            (row.method, row.term, row.statistic, row.setting): row
            for row in found.robust
            if row.sample == sample
        }
        terms = list(
            dict.fromkeys(
                row.term
                for row in sorted(found.coefficients, key=attrgetter("term_order"))
                if row.sample == sample and ("claim", row.term, "verdict", "at 5 %") in own
            )
        )

        def number(
            term: str,
            method: str,
            statistic: str,
            setting: str = "",
            times: float = 1.0,
            own: dict[tuple[str, str, str, str], Robust] = own,
        ) -> Cell:
            row = own.get((method, term, statistic, setting))
            if row is None:
                return None
            place = found.place("model.robustness", row.region, row.sample)
            place = place.at(method=method, term=term, statistic=statistic, setting=setting)
            return place.number(row.value, "value", 0 if times == 100 else 3, times)

        def verdict(
            term: str, level: str, own: dict[tuple[str, str, str, str], Robust] = own
        ) -> Cell:
            text = own["claim", term, "verdict", level].text or ""
            for begins, flag in SERIES_VERDICTS.items():
                if text.startswith(begins):
                    return replace(flag, reason=text)
            return text

        forms = ("levels", "first differences", "detrended")
        rows = tuple(
            (
                term,
                number(term, "specification_summary", "share_negative", "", 100),
                *(
                    number(term, "specification_summary", "share_negative", form, 100)
                    for form in forms
                ),
                number(term, "specification_summary", "share_significant", "at 5 %", 100),
                number(term, "ols", "p"),
                number(term, "permutation", "p"),
                number(term, "sign_flip", "p"),
                *(verdict(term, level) for level in _LEVELS),
            )
            for term in terms
        )
        tables.append(
            PageTable(
                Said(f"What survives, sample {sample}", f"哪些结论站得住，样本 {sample}"),
                (
                    _TERM,
                    Said("negative, % of specifications", "为负，占全部设定的 %"),
                    Said("in levels, %", "水平值，%"),
                    Said("in differences, %", "差分，%"),
                    Said("detrended, %", "去趋势，%"),
                    Said("significant at 5 %, % of OLS", "5% 显著，占 OLS 的 %"),
                    Said("p, OLS", "p，OLS"),
                    Said("p, permutation", "p，置换检验"),
                    Said("p, sign flips", "p，符号翻转"),
                    Said("claim at 10 %", "10% 的论断"),
                    Said("at 5 %", "5%"),
                    Said("at 1 %", "1%"),
                ),
                rows,
                mark=found.mark,
            )
        )
    return tables


def _inflations(found: _Study) -> list[Picture]:
    """How much collinearity inflates the variances, a picture a sample."""
    pictures = []
    for sample in found.names_of_samples:
        own = [row for row in found.coefficients if row.sample == sample and row.vif]
        if not own:
            continue
        name = ident("vif", found.name, sample)
        data = PageTable(
            Said("Variance inflation factors", "方差膨胀因子"),
            (_TERM, Said("estimator", "估计方法"), "VIF"),
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


_CURVE_SHOWN = range(0, 101, 10)  # per cent of the specifications, rows of the table behind


def _curves(found: _Study) -> list[Picture]:
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


def _left_out(found: _Study) -> list[Picture]:
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


def _ridge_traces(found: _Study) -> list[Picture]:
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


def _regions(found: _Study) -> list[PageTable]:
    """The panel, and a line a region of each estimator; the series of all would be too many."""
    tables = [
        PageTable(
            Said("Panel with region and year effects", "面板：地区与年份双固定效应"),
            (
                _SAMPLE,
                _TERM,
                "B",
                Said("std. error", "标准误"),
                "t",
                Said("p", "p 值"),
                "",
            ),
            tuple(
                (
                    row.sample,
                    row.term,
                    place.number(row.coefficient, "coefficient", 6),
                    place.number(row.std_error, "std_error", 6),
                    place.number(row.t, "t"),
                    place.number(row.p, "p"),
                    row.stars,
                )
                for row in found.coefficients
                if row.region == PANEL
                for place in [
                    found.place(
                        "model.coefficient",
                        row.region,
                        row.sample,
                        estimator=row.estimator,
                        term=row.term,
                    )
                ]
            ),
            mark=found.mark,
        )
    ]
    for estimator in dict.fromkeys(row.estimator for row in found.coefficients):
        own = [
            row
            for row in found.coefficients
            if row.estimator == estimator and row.region != PANEL and row.term != "const"
        ]
        terms = list(dict.fromkeys(row.term for row in own))
        lines = dict.fromkeys((row.region, row.sample) for row in own)
        tables.append(
            PageTable(
                Said(
                    f"{estimator}: slopes of each region on min-max normalised variables",
                    f"{estimator}：各地区斜率（变量经极差标准化）",
                ),
                (Said("region", "地区"), _SAMPLE, *terms),
                tuple(
                    (
                        region,
                        sample,
                        *(
                            next(
                                (
                                    found.place(
                                        "model.coefficient",
                                        region,
                                        sample,
                                        estimator=estimator,
                                        term=term,
                                    ).number(row.coefficient, "coefficient")
                                    for row in own
                                    if (row.region, row.sample, row.term) == (region, sample, term)
                                ),
                                None,
                            )
                            for term in terms
                        ),
                    )
                    for region, sample in lines
                ),
                mark=found.mark,
            )
        )
    return tables


def _drift(found: _Study, rows: Sequence[Drifted]) -> list[PageTable]:
    table = []
    for row in rows:
        place = found.place(
            "model.drift", row.region, row.sample, estimator=row.estimator, term=row.term
        )
        table.append(
            (
                row.region,
                row.sample,
                row.estimator,
                row.term,
                place.number(row.coefficient_before, "coefficient_before"),
                place.number(row.coefficient, "coefficient"),
                place.change(row.moved_by_std_errors, "moved_by_std_errors"),
                row.drift,
            )
        )
    return [
        PageTable(
            Said("Drift since the vintage before", "与上一版相比的漂移"),
            (
                Said("region", "地区"),
                _SAMPLE,
                Said("estimator", "估计方法"),
                _TERM,
                Said("before", "此前"),
                Said("now", "现在"),
                Said("moved by std. errors", "移动（标准误）"),
                Said("what happened", "变化"),
            ),
            tuple(table),
            Said(
                "Tested at 5 %: whether changed years follow the regression of the others.",
                "在 5% 水平检验：变动年份是否服从其余年份的回归。",
            ),
            mark=found.mark,
        )
    ]


def _fit_feet(found: _Study) -> list[Foot]:
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
                        "依据本研究的指数值，每个值都附有原始印刷数字。",
                    ),
                ),
            )
        )
    return feet


def _value_feet(home: Home, found: _Study) -> list[Foot]:
    """Each index value with the printed figures behind it: document, sheet or page, and cell."""
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
        f"{start}：印作“{each.printed_value}”，栏目“{each.printed_label}”；{each.title}，"
        f"{each.edition} 年版；{place}；{each.quality}，{each.status}{typed_zh}",
    )
