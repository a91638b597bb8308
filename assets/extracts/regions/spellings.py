"""How a region's names are written: with and without suffix, in Chinese and English.

Belongs here: the rules of suffixes. Not here: names that no rule gives (`also` in the lists).
"""

import re
from collections.abc import Iterator

from assets.extracts.regions.region import Naming

# What may stand between a name and 自治区, 自治州, 自治县: the nationalities of GB/T 3304.
_NATIONALITIES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|"
    "景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|"
    "裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
_AUTONOMOUS = re.compile(
    rf"(?P<bare>.{{2,}}?)(?:(?:{_NATIONALITIES})族?)*(?P<suffix>自治(?P<last>[区州县旗]))"
)
_PLAIN = re.compile(r"(?P<bare>.{2,}?)(?P<suffix>特别行政区|地区|省|市|盟|县|区|旗)")
_ENGLISH = {
    "特别行政区": ("Special Administrative Region",),
    "自治区": ("Autonomous Region",),
    "自治州": ("Autonomous Prefecture", "Prefecture"),
    "自治县": ("Autonomous County", "County"),
    "自治旗": ("Autonomous Banner", "Banner"),
    "地区": ("Prefecture",),
    "省": ("Province",),
    "市": ("City", "Municipality"),
    "盟": ("League",),
    "县": ("County",),
    "区": ("District",),
    "旗": ("Banner",),
}


def spellings(naming: Naming) -> Iterator[str]:
    """Every way a name may be printed; a bare name has two characters at least (礼县 stays)."""
    yield from (naming.name_en, *naming.also)
    if naming.gb is not None:
        yield naming.gb
    if naming.name_zh is None:
        return
    yield naming.name_zh
    match = _AUTONOMOUS.fullmatch(naming.name_zh) or _PLAIN.fullmatch(naming.name_zh)
    if match is None:
        return
    bare, suffix = match["bare"], match["suffix"]
    yield from (bare, f"{bare}{suffix}")
    if suffix.startswith("自治"):
        yield f"{bare}{match['last']}"
    yield from (f"{naming.name_en} {word}" for word in _ENGLISH[suffix])
