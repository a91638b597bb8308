"""The tables of one yearly study: Tables 2 to 6 as SPSS prints them, what survives, regions, drift.

Belongs here: which rows a table has, under which headings. Not here: new numbers, HTML.
"""

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from assets.release.report.place import Place
from assets.release.report.report_rows import (
    Drifted,
    Robust,
)
from assets.release.report.study.study_result import SAMPLE, TERM, StudyResult
from assets.release.report.verdict_flags import SERIES_VERDICTS
from assets.release.report.words import (
    Cell,
    PageTable,
    Said,
)
from assets.release.results.study_lines import (
    Correlation,
    Descriptive,
)
from assets.vintages.keys import PANEL
from assets.warehouse.home import Home
from assets.warehouse.queries import ask

_LEVELS = ("at 10 %", "at 5 %", "at 1 %")


def spss_tables(home: Home, found: StudyResult, at: dict[str, str]) -> list[PageTable]:
    """Tables 2 to 6. at: study and vintage."""
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
                SAMPLE,
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
            (SAMPLE, Said("pair", "变量对"), "r", "", Said("p, two-sided", "p 值（双侧）")),
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


def _summary(found: StudyResult, estimator: str, number: str, title: Said) -> PageTable:
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
            SAMPLE,
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


def _terms(found: StudyResult, estimator: str, number: str, title: Said) -> PageTable:
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
            SAMPLE,
            TERM,
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


def survival_grids(found: StudyResult) -> list[PageTable]:
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
                    TERM,
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


def region_tables(found: StudyResult) -> list[PageTable]:
    """The panel, and a line a region of each estimator; the series of all would be too many."""
    tables = [
        PageTable(
            Said("Panel with region and year effects", "面板：地区与年份双固定效应"),
            (
                SAMPLE,
                TERM,
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
                (Said("region", "地区"), SAMPLE, *terms),
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


def drift_tables(found: StudyResult, rows: Sequence[Drifted]) -> list[PageTable]:
    """Coefficients that moved since the vintage before; no rows after a first vintage."""
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
                SAMPLE,
                Said("estimator", "估计方法"),
                TERM,
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
