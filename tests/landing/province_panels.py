"""A landing with the panels of 31 provinces: the files as they are, and a card for each.

The panels are compiled by a third party and are not part of the project.
"""

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

# file → source, edition, table. The pre-census populations are of use for 2013-2019 alone, and the
# revised figures of 2024 are a vintage of their own.
DOCUMENTS: Mapping[str, tuple[str, int, dict[str, Any]]] = {
    "province_gdp_before_2018_census_1952_2022.csv": (
        "panel_product_before_census",
        2022,
        {
            "labels": {"gdp_100m_yuan": "gross_product"},
            "units": {"gdp_100m_yuan": "100m_cny"},
            "ignore": [
                *("primary_share_pct", "secondary_share_pct", "tertiary_share_pct"),
                "primary_va_100m_yuan_derived",  # a break of vintage between 2016 and 2017
            ],
            "only_years": {"first": 2013, "last": 2019},
        },
    ),
    "province_population_before_2020_census_2000_2019.csv": (
        "panel_population_before_census",
        2022,
        {
            "labels": {"pop_10k": "population_year_end"},
            "units": {"pop_10k": "10k_persons"},
            "ignore": ["pop_revised_10k", "same_as_revised"],
            "only_years": {"first": 2013, "last": 2019},
        },
    ),
    "province_gdp_population_revised_2005_2024.csv": (
        "panel_revised",
        2025,
        {
            "labels": {
                "gdp_revised_100m_yuan": "gross_product",
                "pop_revised_10k": "population_year_end",
            },
            "units": {"gdp_revised_100m_yuan": "100m_cny", "pop_revised_10k": "10k_persons"},
            "only_years": {"first": 2005, "last": 2023},
        },
    ),
}


def panel_landing(panels: Path, landing: Path) -> list[Path]:
    """Copy the panels into a landing folder and write their cards; returns the cards."""
    cards = []
    for name, (source, edition, table) in DOCUMENTS.items():
        folder = landing / source / str(edition)
        folder.mkdir(parents=True)
        shutil.copyfile(panels / name, folder / name)
        data = (folder / name).read_bytes()
        axes = {
            "indicator": {"across": 1}, "region": {"down": "province"}, "year": {"down": "year"}
        }  # fmt: skip
        card = {
            "source": source,
            "edition": edition,
            "title": name,
            "publisher": "a third party's compilation",
            "accessed_on": "2026-11-21",
            "licence": "unknown",
            "quality": "derived",
            "standing": "secondary",
            "retyped": False,
            "region": "CN",
            "document": {
                "file": name,
                "sha256": hashlib.sha256(data).hexdigest(),
                "bytes": len(data),
            },
            "tables": {"1": {"axes": axes, **table}},
        }
        path = folder / "card.yaml"
        text = yaml.safe_dump(card, allow_unicode=True).replace("'2026-11-21'", "2026-11-21")
        path.write_text(text, encoding="utf-8")
        cards.append(path)
    return cards
