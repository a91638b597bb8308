"""Tables printed from fits: no alarm in honest ones, and how many single changes are caught."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from assets.papers.audit.audit import audit
from assets.papers.audit.audit_rows import Finding
from assets.papers.audit.conventions import stated_conventions
from assets.papers.audit.printed_paper import Paper
from benchmarks.audit_corpora import honest as honest_corpus
from benchmarks.audit_corpora import same_change
from benchmarks.planted_changes import planted
from benchmarks.printed_tables import Style, make_printed_tables, random_data

K = 0.05
SEED = 1
DRAWS = 1_000
COUNTS = {"digit": 12, "star": 6, "sign": 6, "swap": 6}
STYLES = (
    Style(errors="robust"),
    Style(errors="clustered"),
    Style(one_sided=True),
    Style(unsigned_t=True),
    Style(cut=True),
    Style(missing=0.08),
    Style(errors="robust", cut=True),
)


def findings(paper: Paper, *verdicts: str, seed: int = 0) -> list[Finding]:
    found = audit(paper, [], np.random.default_rng(seed), draws=DRAWS)
    return [x for x in found if x.verdict in verdicts]


@pytest.mark.parametrize("name", ["longley", "hald"])
@pytest.mark.parametrize("decimals", [2, 3, 4])
def test_no_finding_in_clean_tables(data_sets, name: str, decimals: int) -> None:
    d = data_sets[name]
    paper = make_printed_tables(d.y, d.X, d.names, K, Style(decimals=decimals))
    found = audit(paper, [], np.random.default_rng(0), draws=4_000)
    assert [x for x in found if x.verdict in ("inconsistent", "conditional")] == []
    assert {(x.table_number, x.cell) for x in found} >= {
        (x.table_number, x.cell) for x in paper.numbers
    }
    if decimals > 2:  # at two decimals some SE of Longley print as 0.00
        assert {x.verdict for x in found} == {"consistent"}


def test_no_false_alarm_in_60_clean_tables() -> None:  # 300 of every style: below, slow
    alarms = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        y, X, names = random_data(rng)
        decimals, k = int(rng.integers(2, 5)), float(rng.uniform(0, 0.5))
        style = Style(decimals=decimals, scaling=("none", "min_max")[seed % 2])
        paper = make_printed_tables(y, X, names, k, style)
        alarms += findings(paper, "inconsistent", "conditional", seed=seed)
    assert alarms == []


def honest(style: Style, seed: int) -> Paper:
    """Forty observations with errors that grow with the first regressor, in eight clusters."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(40, 3))
    clusters = np.arange(40) % 8
    y = X @ rng.normal(size=3) + (0.3 + np.abs(X[:, 0])) * rng.normal(size=40)
    y = y + rng.normal(size=8)[clusters]
    X = np.where(rng.random(X.shape) < style.missing, np.nan, X)
    groups = clusters if style.errors == "clustered" else None
    return make_printed_tables(y, X, ["a", "b", "c"], K, style, groups)


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_every_style_is_consistent_or_says_under_which_condition(style: Style) -> None:
    """Not said in the card, a style is no alarm; said, nothing but what it leaves open is left."""
    unsaid = honest(style, 1)
    assert findings(unsaid, "inconsistent") == []
    stated = unsaid.stated.model_copy(update=style.stated())
    said = replace(unsaid, stated=stated).under(stated_conventions(stated))
    assert findings(said, "inconsistent", "conditional") == []


@pytest.mark.parametrize(
    ("style", "words"),
    [
        (Style(errors="robust"), "robust or clustered errors were used"),
        (Style(one_sided=True), "p-values are one-sided"),
        (Style(unsigned_t=True), "t is printed without its sign"),
        (Style(cut=True), "digits were cut off instead of rounded"),
        (Style(missing=0.08), "over the observations that it has"),
    ],
    ids=str,
)
def test_the_condition_is_named(style: Style, words: str) -> None:
    found = findings(honest(style, 1), "conditional")
    assert found
    assert all(words in x.consequence for x in found)


@pytest.mark.parametrize(("name", "caught"), [("longley", 25), ("hald", 30)])
def test_single_changes(data_sets, name: str, caught: int, capsys) -> None:
    """Thirty changes each; what is missed is hidden by rounding, which finer tables prove."""
    d = data_sets[name]
    paper, fine = (
        make_printed_tables(d.y, d.X, d.names, K, Style(decimals=decimals), **Style().stated())
        for decimals in (3, 8)
    )
    changes = planted(paper, COUNTS, SEED)
    missed = [each for each in changes if not findings(each.paper, "inconsistent")]
    with capsys.disabled():
        total, lost = Counter(x.kind for x in changes), Counter(x.kind for x in missed)
        shares = ", ".join(f"{kind} {total[kind] - lost[kind]}/{total[kind]}" for kind in total)
        print(f"\n{name}: {len(changes) - len(missed)} of {len(changes)} caught ({shares})")
        for each in missed:
            print(f"  hidden by rounding: {each}")
    assert len(changes) == 30
    # The count of this seed; a change of the rules that catches fewer is a loss.
    assert len(changes) - len(missed) >= caught
    assert {x.kind for x in missed} <= {"digit"}
    for each in missed:
        assert findings(same_change(fine, each), "inconsistent"), f"{each} is missed at 8, too"


@pytest.mark.parametrize("clusters", [3, 4])
def test_few_clusters_that_the_card_does_not_count(clusters: int) -> None:
    """Nine rows in three or four clusters, t with two or three degrees: poor, and honest."""
    for seed in range(3):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(9, 2))
        y = X @ np.array([0.5, -1.0]) + rng.normal(size=9)
        paper = make_printed_tables(
            y, X, ["a", "b"], K, Style(errors="clustered"), np.arange(9) % clusters
        )
        assert findings(paper, "inconsistent") == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 20261129])
def test_no_alarm_in_300_honest_tables_of_every_style(seed: int) -> None:
    alarms = [
        (name, finding)
        for i, (name, paper) in enumerate(honest_corpus(300, seed))
        for finding in findings(paper, "inconsistent", seed=i)
    ]
    assert alarms == []
