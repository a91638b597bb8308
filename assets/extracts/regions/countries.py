"""Other countries and areas, by ISO 3166.

Belongs here: their codes and names as `pycountry` holds them (Debian's iso-codes), English and
Chinese. Not here: China, whose regions are data of this project.
"""

import gettext
from collections.abc import Iterator

import pycountry

from assets.extracts.regions.region import Naming, Region

_CHINA = "CHN"


def countries() -> Iterator[Region]:
    """Every entry of ISO 3166-1 but China, under its code of three letters.

    Its two letters are no name of it: GS, GD or SC mean provinces of China as often as countries.
    """
    chinese = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["zh_CN"])
    for country in pycountry.countries:
        if country.alpha_3 != _CHINA:
            name = getattr(country, "common_name", country.name)
            english = {country.name, getattr(country, "official_name", name), name}
            naming = Naming(
                gb=None,
                name_en=name,
                name_zh=chinese.gettext(name),
                also=(*sorted(english), *sorted(map(chinese.gettext, english))),
                parent=None,
            )
            yield Region(country.alpha_3, "nation", (naming,))
