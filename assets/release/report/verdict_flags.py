"""How verdicts on claims and assumptions look on the report.

Belongs here: their words in both languages, and colour. Not here: any verdict's making.
"""

from assets.poverty.robustness.verdict_words import NOT_SUPPORTED, OPEN, SUPPORTED
from assets.release.report.words import Flag, Said

SERIES_VERDICTS = {  # of yearly studies
    SUPPORTED: Flag(Said("supported", "得到支持"), "good"),
    NOT_SUPPORTED: Flag(Said("not supported", "未得到支持"), "bad"),
    OPEN: Flag(Said("open", "尚无定论"), "open"),
}
VERDICTS = {
    "agrees": Flag(Said("agrees", "一致"), "good"),
    "disagrees": Flag(Said("disagrees", "不一致"), "bad"),
    "cannot say": Flag(Said("cannot say", "无法判断"), "open"),
    "for": Flag(Said("for", "支持"), "good"),
    "against": Flag(Said("against", "反对"), "bad"),
}
