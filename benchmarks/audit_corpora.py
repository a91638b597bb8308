"""What the audit finds in honest tables, in tables with a planted misprint, and in real papers.

Run: python benchmarks/audit_corpora.py [honest tables] [changes of each kind] [seed]; some 20
minutes for 300 and 20. Honest tables are of simulated data and of Longley's and Hald's, in every
style of printed_tables.py and in columns as journals print effects; the card says nothing of the
style. Changes are planted in rounded tables, with and without a card that says how they were made;
each that is missed is tried again at eight decimals. Not here: what must hold (tests/papers/audit).
"""

import argparse
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from assets.papers.audit.audit import audit
from assets.papers.audit.printed_paper import Paper
from benchmarks.planted_changes import MAKERS, Corruption, planted
from benchmarks.printed_tables import (
    Column,
    Floats,
    Style,
    make_printed_tables,
    print_columns,
    random_data,
)
from benchmarks.real_papers import real_papers

REFERENCE = Path(__file__).parents[1] / "tests" / "reference"
DRAWS = 1_000
STYLES = {
    "usual": Style(),
    "robust errors": Style(errors="robust"),
    "clustered errors": Style(errors="clustered"),
    "one-sided p": Style(one_sided=True),
    "unsigned t": Style(unsigned_t=True),
    "digits cut": Style(cut=True),
    "pairwise moments": Style(missing=0.06),
    "min-max scaling": Style(scaling="min_max"),
    "robust and cut": Style(errors="robust", cut=True),
}


def verdicts(paper: Paper, seed: int) -> Counter[str]:
    return Counter(x.verdict for x in audit(paper, [], np.random.default_rng(seed), draws=DRAWS))


def honest(count: int, seed: int) -> Iterator[tuple[str, Paper]]:
    """Honest papers by style: one in ten of real data, three in ten columns of effects."""
    real = [_real("longley_R.csv", "Employed"), _real("hald.csv", "y")]
    styles = list(STYLES.items())
    for i in range(count):
        rng = np.random.default_rng(seed + i)
        name, style = styles[i % len(styles)]
        style = replace(style, decimals=int(rng.integers(2, 5)))
        if i % 10 < 3:
            yield f"columns of effects, {name}", _columns(rng, style)
        elif i % 10 == 3 and not style.missing:
            y, X, names = real[i % 2]
            yield f"real data, {name}", _paper(rng, style, y, X, names)
        else:
            yield name, _paper(rng, style, *random_data(rng))


def _real(file: str, dependent: str) -> tuple[Floats, Floats, list[str]]:
    with (REFERENCE / file).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    names = [column for column in rows[0] if column not in ("", dependent)]
    X = np.array([[float(row[column]) for column in names] for row in rows])
    return np.array([float(row[dependent]) for row in rows]), X, names


def _paper(rng: np.random.Generator, style: Style, y: Floats, X: Floats, names: list[str]) -> Paper:
    clusters = None
    if style.errors == "clustered":
        clusters = np.arange(len(y)) % max(len(names) + 2, min(8, len(y) // 2))
    if style.missing:
        y, X = np.tile(y, 4), np.tile(X, (4, 1))
        y = y + rng.normal(0, y.std() / 4, len(y))
        X = X + rng.normal(0, X.std(axis=0) / 4, X.shape)
        X = np.where(rng.random(X.shape) < style.missing, np.nan, X)
    return make_printed_tables(y, X, names, float(rng.uniform(0, 0.5)), style, clusters)


def _columns(rng: np.random.Generator, style: Style) -> Paper:
    """Event times of one panel with their average, and two groups with their difference."""
    below = ("std_error", "t")[int(rng.integers(2))]
    factor = rng.normal(size=(6, 3))
    V = (factor @ factor.T + 0.3 * np.eye(6)) * rng.uniform(0.001, 0.05)
    times = rng.normal(0, 0.4, 6)
    mean = np.vstack([np.eye(6), np.full(6, 1 / 6)])
    groups = np.diag(rng.uniform(0.001, 0.02, 2))
    gap = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]])
    df = float(rng.integers(8, 60))
    events, parts = tuple(f"e{i}" for i in range(6)), ("low", "high")
    columns = {
        "events": Column((*events, "average"), mean @ times, mean @ V @ mean.T, df),
        "groups": Column((*parts, "gap"), gap @ rng.normal(0, 0.3, 2), gap @ groups @ gap.T, df),
    }
    combinations = [
        {"kind": "average", "estimator": "events", "term": "average", "of": events},
        {"kind": "difference", "estimator": "groups", "term": "gap", "of": parts},
    ]
    return print_columns(
        columns, style, below, n=600, errors="clustered", combinations=combinations
    )


def print_honest(count: int, seed: int) -> None:
    alarms: Counter[str] = Counter()
    conditions: Counter[str] = Counter()
    papers: Counter[str] = Counter()
    for i, (name, paper) in enumerate(honest(count, seed)):
        found = verdicts(paper, i)
        papers[name] += 1
        alarms[name] += found["inconsistent"] > 0
        conditions[name] += found["conditional"] > 0
    print(f"Honest tables: {sum(alarms.values())} of {count} with an alarm")
    print("| style, not said in the card | papers | with an alarm | consistent if … |")
    print("|---|---|---|---|")
    for name in sorted(papers):
        print(f"| {name} | {papers[name]} | {alarms[name]} | {conditions[name]} |")


def print_planted(count: int) -> None:
    print("\n| change | planted | misprint | card silent: misprint | or consistent if … | hidden |")
    print("|---|---|---|---|---|---|")
    y, X, names = _real("hald.csv", "y")
    longley = _real("longley_R.csv", "Employed")
    rest: list[Corruption] = []
    for kind in MAKERS:
        total, said, silent, flagged, hidden = 0, 0, 0, 0, 0
        for data in ((y, X, names), longley):
            paper, fine = (
                make_printed_tables(*data, 0.05, Style(decimals=d), **Style().stated())
                for d in (3, 8)
            )
            for each in planted(paper, {kind: count // 2}, seed=7):
                total += 1
                caught = verdicts(each.paper, 0)["inconsistent"] > 0
                said += caught
                unsaid = verdicts(_silent(each.paper), 0)
                silent += unsaid["inconsistent"] > 0
                flagged += unsaid["inconsistent"] == 0 and unsaid["conditional"] > 0
                if not caught and verdicts(same_change(fine, each), 0)["inconsistent"]:
                    hidden += 1
                elif not caught:
                    rest.append(each)
        print(f"| {kind} | {total} | {said} | {silent} | {flagged} | {hidden} |")
    print(f"hidden: missed, and caught at 8 decimals. Missed there too: {len(rest)}")
    for each in rest:
        print(f"  {each}")


def _silent(paper: Paper) -> Paper:
    """The same paper with a card that does not say how its numbers were made."""
    unsaid = paper.stated.model_copy(update=dict.fromkeys(Style().stated()))
    return replace(paper, stated=unsaid)


def same_change(fine: Paper, change: Corruption) -> Paper:
    """The paper with more decimals, and the same change in it."""
    [now] = [x for x in change.paper.numbers if x.cell == change.changed.cell]
    shift = now.value - change.changed.value
    numbers = tuple(
        replace(x, value=x.value + shift) if x.cell == now.cell else x for x in fine.numbers
    )
    return replace(fine, numbers=numbers)


def print_real() -> None:
    print("\n| paper | tested | inconsistent | consistent if … |")
    print("|---|---|---|---|")
    for name, paper in real_papers().items():
        found = verdicts(paper, 0)
        print(f"| {name} | {found.total()} | {found['inconsistent']} | {found['conditional']} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("honest", type=int, nargs="?", default=300)
    parser.add_argument("changes", type=int, nargs="?", default=20)
    parser.add_argument("seed", type=int, nargs="?", default=0, help="of the honest tables")
    options = parser.parse_args()
    print_real()
    print_honest(options.honest, options.seed)
    print_planted(options.changes)
