"""The head of the report: one light, and five sentences that follow from the tables by rules.

Belongs here: those rules. Not here: the parts on studies and towns, HTML.

The light is red where a document was refused, a blocking check did not pass or something failed;
amber where an edition is overdue, another check did not pass or a coefficient drifted; else green.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assets.poverty.robustness.verdict_words import SUPPORTED
from assets.release.report.place import Place
from assets.release.report.report_rows import HeadClaim, HeadCount, RefusedDocument
from assets.release.report.sections.town_tables import effect_place
from assets.release.report.verdict_flags import VERDICTS
from assets.release.report.words import RECOVERED, Cited, Said, Sentence
from assets.release.results.changes import Changes
from assets.release.results.study_lines import StudyHead
from assets.release.results.town_lines import TownEffect, TownHead

RESULTS_FOOT, DOCUMENTS_FOOT = "rows-results", "rows-documents"
_NAMED = 4


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A check that did not pass when it was evaluated last."""

    name: str
    is_blocking: bool
    description: str


@dataclass(frozen=True, slots=True)
class PanelAnswer:
    """The first answer of a study of many regions: slope, lower and upper end, and verdict."""

    study: str
    n: int
    asked: Said
    slope: tuple[Cited, ...]
    verdict: Said


@dataclass(frozen=True, slots=True)
class Standing:
    """What the head is made from."""

    vintage: str
    before: str | None
    changes: Changes | None  # since the vintage before; None where they cannot be compared
    panels: Sequence[PanelAnswer]
    studies: Sequence[StudyHead]
    towns: Sequence[TownHead]
    effects: Sequence[tuple[TownHead, TownEffect]]
    claims: Sequence[HeadClaim]
    counts: HeadCount
    refused: Sequence[RefusedDocument]
    overdue: Sequence[str]
    checks: Sequence[CheckLine]


@dataclass(frozen=True, slots=True)
class Light:
    """One colour, and why."""

    colour: str  # red, amber or green
    name: Said
    reasons: tuple[Said, ...]


def light(now: Standing) -> Light:
    """The light, with every reason for it that is as grave."""
    blocking = [check for check in now.checks if check.is_blocking]
    grave = [
        (bool(now.refused), Said("a document was refused", "有文件被拒收")),
        (bool(blocking), Said("a blocking check did not pass", "有阻断性检查未通过")),
        (now.counts.failed > 0, Said("a result failed", "有结果计算失败")),
    ]
    slight = [
        (bool(now.overdue), Said("an edition is overdue", "有新版次逾期未到")),
        (len(now.checks) > len(blocking), Said("a check warns", "有检查给出警告")),
        (now.counts.drifted > 0, Said("a coefficient drifted", "有系数发生漂移")),
    ]
    for colour, name, rules in (
        ("red", Said("Needs someone", "需要处理"), grave),
        ("amber", Said("Look at it", "请留意"), slight),
    ):
        reasons = tuple(words for holds, words in rules if holds)
        if reasons:
            return Light(colour, name, reasons)
    every = Said("all documents are in and every check passed", "文件齐备，检查全部通过")
    return Light("green", Said("In order", "正常"), (every,))


def five_sentences(now: Standing) -> tuple[Sentence, ...]:
    """What is found, how sure, what changed, what cannot be said, what needs a decision."""
    return (_found(now), _sure(now), _changed(now), _cannot_say(now), _decide(now))


def _found(now: Standing) -> Sentence:
    claim = {"vintage": now.vintage, "method": "claim", "statistic": "verdict"}
    place = Place("model.robustness", {**claim, "setting": "at 5 %"}, RESULTS_FOOT)
    supported = [each for each in now.claims if each.text == SUPPORTED]
    numbers: list[Cited] = []
    en, zh = "Found: ", "结论："
    for panel in now.panels:  # hundreds of rows before eight
        slope, low, high = (f"{{{len(numbers) + place}}}" for place in range(3))
        numbers += panel.slope
        en += (
            f"that {panel.asked.en}: {panel.verdict.en} (slope within provinces {slope}, {low} to "
            f"{high}; {panel.study}, n = {panel.n}); "
        )
        zh += (
            f"“{panel.asked.zh}”：{panel.verdict.zh}（省内斜率 {slope}，{low} 至 {high}；"
            f"{panel.study}，n = {panel.n}）；"
        )
    first = len(numbers)
    numbers += [
        place.count(len(now.claims)),
        place.at(text=SUPPORTED).count(len(supported)),
    ]
    names = [
        (
            f"{each.term} ({each.study}, {each.sample})",
            " RECOVERED" if each.quality == RECOVERED else "",
        )
        for each in supported
    ]
    en += (
        f"of {{{first}}} claims of yearly studies that a coefficient is significant at 5 %, those "
        f"supported: {{{first + 1}}}"
    )
    zh += f"年度研究的 {{{first}}} 条“系数在 5% 水平显著”的论断中，{{{first + 1}}} 条得到支持"
    if names:
        en += ", " + ", ".join(f"{name}{mark}" for name, mark in names[:_NAMED])
        zh += "：" + "、".join(
            f"{name}{'（复原数据）' if mark else ''}" for name, mark in names[:_NAMED]
        )
    for head, effect in now.effects:
        first = len(numbers)
        estimates = {"vintage": now.vintage, "dataset": head.dataset}
        at = effect_place(Place("model.town_estimate", estimates, RESULTS_FOOT), effect)
        cited = (
            at.change(effect.percent, "percent"),
            at.change(effect.percent_low, "percent_low"),
            at.change(effect.percent_high, "percent_high"),
        )
        if None in cited:
            continue
        numbers += [each for each in cited if each is not None]
        simulated = (", SIMULATED", "，模拟数据") if head.simulated else ("", "")
        verdict = VERDICTS[head.verdict].words
        en += (
            f"; what certification changes in the sales of towns is estimated at {{{first}}} % a "
            f"year ({{{first + 1}}} to {{{first + 2}}} %; {head.dataset}{simulated[0]}), on the "
            f"claim of the published study: {verdict.en}"
        )
        zh += (
            f"；认定对乡镇年销售额的影响估计为 {{{first}}}%（{{{first + 1}}}% 至 "
            f"{{{first + 2}}}%；{head.dataset}{simulated[1]}），对已发表论断的判断：{verdict.zh}"
        )
    return Sentence(f"{en}.", f"{zh}。", tuple(numbers))


def _sure(now: Standing) -> Sentence:
    fitted = [head for head in now.studies if head.n is not None]
    if not fitted:
        return Sentence("How sure: no study was fitted.", "可信程度：没有研究得到估计。")
    few, many = (ends(fitted, key=lambda head: head.n or 0) for ends in (min, max))
    numbers = [
        _place_of(now, head, "model.fit").at(estimator="ols").number(head.n, "n", 0)
        for head in (few, many)
    ]
    en = "How sure: the yearly studies rest on {0} to {1} observations"
    zh = "可信程度：年度研究仅有 {0} 至 {1} 个观测"
    worst = max(fitted, key=lambda head: head.max_vif or 0.0)
    if worst.max_vif is not None:
        at = _place_of(now, worst, "model.diagnostic").at(statistic="max_vif")
        numbers.append(at.number(worst.max_vif, "value", 1))
        en += (
            f", and the largest VIF is {{2}} ({worst.study}): standard errors are its root times "
            "those of regressors that do not move together"
        )
        zh += f"，最大 VIF 为 {{2}}（{worst.study}）：标准误是自变量互不相关时的 √VIF 倍"
    return Sentence(f"{en}.", f"{zh}。", tuple(each for each in numbers if each is not None))


def _changed(now: Standing) -> Sentence:
    found = now.changes
    if now.before is None:
        return Sentence(
            "What changed: this is the first vintage.", "变化：这是第一个版本，无可比较。"
        )
    if found is None:
        return Sentence(
            f"What changed: not compared, vintage {now.before} lacks what would be compared.",
            f"变化：未作比较，版本 {now.before} 缺少所需记录。",
        )
    key = {"old": now.before, "new": now.vintage}
    documents, *results = (
        Place(f"commands/{query}", key, RESULTS_FOOT).count(count)
        for query, count in (
            ("changed_documents", len(found.documents)),
            ("changed_index_values", len(found.index_values)),
            ("changed_coefficients", len(found.coefficients)),
            ("changed_findings", len(found.findings)),
            ("changed_printed_numbers", len(found.numbers)),
        )
    )
    revised = Place("release.revision", {"is_new": True}, DOCUMENTS_FOOT).count(now.counts.revised)
    return Sentence(
        f"What changed since vintage {now.before}: documents: {{0}}; figures printed otherwise by "
        "later editions: {1}; index values: {2}; coefficients: {3}; verdicts on claims about "
        "towns: {4}; printed numbers of published studies: {5}.",
        f"自版本 {now.before} 以来的变化：文件 {{0}} 份、被后来版本修订的数字 {{1}} 个、"
        "指数值 {2} 个、系数 {3} 个、乡镇论断的判断 {4} 条、已发表研究中的数字 {5} 个。",
        (documents, revised, *results),
    )


def _cannot_say(now: Standing) -> Sentence:
    key = {"vintage": now.vintage}
    numbers = (
        Place("model.town_finding", {**key, "verdict": "cannot say"}, RESULTS_FOOT).count(
            sum(head.open for head in now.towns)
        ),
        Place("model.failure", key, RESULTS_FOOT).count(now.counts.gaps),
    )
    return Sentence(
        "What cannot be said: of claims of yearly studies that are open, whether a coefficient is "
        "more than series show that have nothing to do with one another; {0} claims about towns "
        "have no answer, and {1} results could not be computed.",
        "无法判断：年度研究中尚无定论的论断，其系数是否超出互不相关的序列所能呈现的程度；"
        "{0} 条乡镇论断没有答案，{1} 项结果未能计算。",
        numbers,
    )


def _decide(now: Standing) -> Sentence:
    refused = [f"{each.source}/{each.edition}" for each in now.refused]
    checks = [each.name for each in now.checks]
    en, zh = [], []
    for names, words, words_zh in (
        (refused, "the refused", "被拒收的文件"),
        (list(now.overdue), "the overdue", "逾期的版次"),
        (checks, "the checks", "未通过的检查"),
    ):
        if names:
            more = len(names) > _NAMED
            en.append(f"{words} {', '.join(names[:_NAMED])}{' and others' if more else ''}")
            zh.append(f"{words_zh}：{'、'.join(names[:_NAMED])}{'等' if more else ''}")
    if not en:
        return Sentence("What needs a decision: nothing.", "需要决定：无。")
    return Sentence(f"What needs a decision: {'; '.join(en)}.", f"需要决定：{'；'.join(zh)}。")


def _place_of(now: Standing, head: StudyHead, table: str) -> Place:
    key = {"vintage": now.vintage, "study": head.study, "region": head.region}
    return Place(table, {**key, "sample": head.sample}, RESULTS_FOOT)
