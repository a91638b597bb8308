"""LaTeX: a table for a paper.

Belongs here: how a table of texts is written for `booktabs`, and for a font with Chinese where it
has any. Not here: what a table holds, and how its numbers are rounded.
"""

from collections.abc import Iterable, Sequence

_LATEX = {
    **{each: f"\\{each}" for each in "&%$#_{}"},
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    "−": "$-$",
}


def latex_table(
    caption: str, headings: Sequence[str], rows: Iterable[Sequence[str]], note: str = ""
) -> str:
    """The table, its first column to the left; no caption and no note where they are empty."""
    lines = [
        "\\begin{table}",
        *([f"\\caption{{{_latex(caption)}}}"] if caption else []),
        f"\\begin{{tabular}}{{l{'r' * (len(headings) - 1)}}}",
        "\\toprule",
        f"{' & '.join(map(_latex, headings))} \\\\",
        "\\midrule",
        *(f"{' & '.join(map(_latex, row))} \\\\" for row in rows),
        "\\bottomrule",
        "\\end{tabular}",
        *([f"\\par {_latex(note)}"] if note else []),
        "\\end{table}",
        "",
    ]
    return "\n".join(lines)


def _latex(text: str) -> str:
    return "".join(_LATEX.get(letter, letter) for letter in text)
