"""How verdicts on claims and assumptions look on the report.

Belongs here: their words in both languages, and colour. Not here: any verdict's making.
"""

from assets.release.report.words import Flag, Said

VERDICTS = {
    "agrees": Flag(Said("agrees", "一致"), "good"),
    "disagrees": Flag(Said("disagrees", "不一致"), "bad"),
    "cannot say": Flag(Said("cannot say", "无法判断"), "open"),
    "for": Flag(Said("for", "支持"), "good"),
    "against": Flag(Said("against", "反对"), "bad"),
}
