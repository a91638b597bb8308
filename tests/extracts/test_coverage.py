"""What a card says of the figures its edition prints: covers, missing, withdrawn."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from assets.extracts.document import document_frames, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.written.year_list import years_of

TEXT = "indicator,region,year,value,unit\ngross_product,CN-GS,2015,6790.3,亿元\n"
CARD: dict[str, Any] = {
    "source": "made",
    "title": "Made up",
    "publisher": "Nobody",
    "accessed_on": "2026-01-01",
    "licence": "none",
    "quality": "published",
    "standing": "official",
    "retyped": True,
    "region": "CN-GS",
    "document": {
        "file": "table.csv",
        "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
        "bytes": len(TEXT.encode()),
    },
    "tables": {"1": {"axes": "typed"}},
}


def put(landing: Path, edition: int, **card: Any) -> Path:
    folder = landing / "made" / str(edition)
    folder.mkdir(parents=True)
    (folder / "table.csv").write_text(TEXT, encoding="utf-8")
    plain = json.loads(json.dumps({"edition": edition, **card}))  # no object twice, so no alias
    said = yaml.safe_dump(plain, allow_unicode=True)
    path = folder / "card.yaml"
    path.write_text(said.replace("'2026-01-01'", "2026-01-01"), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "years"),
    [(2015, (2015,)), ("2013-2015", (2013, 2014, 2015)), ("2010, 2012-2013", (2010, 2012, 2013))],
)
def test_years_of_a_block(text: int | str, years: tuple[int, ...]) -> None:
    assert years_of(text) == years


@pytest.mark.parametrize("text", ["", "2015-2013", "15", "2010-", "2010;2011", 5])
def test_what_names_no_years_is_refused(text: int | str) -> None:
    with pytest.raises(ValueError, match="names no years"):
        years_of(text)


def test_an_indicator_nobody_knows_is_refused_with_the_file_that_has_them(tmp_path: Path) -> None:
    card = {**CARD, "covers": [{"indicators": ["happiness"], "years": 2015}]}
    with pytest.raises(DocumentError, match="'happiness' is not in") as refused:
        read_document(put(tmp_path, 2015, **card), tmp_path)
    named = re.search(r"is not in (\S+?)[.;,]?(\s|$)", str(refused.value))
    assert named is not None
    assert (Path(__file__).parents[2] / named[1]).is_file()


def test_declared_figures_are_indicators_by_regions_by_years(tmp_path: Path) -> None:
    covers = [{"indicators": ["gross_product"], "regions": ["CN-GS", "CN"], "years": "2014-2016"}]
    missing = [{"indicators": ["gross_product"], "years": 2014, "reason": "not printed"}]
    card = put(tmp_path, 2020, **CARD, covers=covers, missing=missing)
    frame = document_frames([read_document(card, tmp_path)])["raw.coverage"]
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    reasons = {(row["region"], row["reference_year"]): row["missing_reason"] for row in rows}
    assert reasons == {
        ("CN-GS", 2014): "not printed",
        **dict.fromkeys([("CN-GS", 2015), ("CN-GS", 2016)]),
        **dict.fromkeys([("CN", 2014), ("CN", 2015), ("CN", 2016)]),
    }


def test_a_card_does_not_inherit_what_another_edition_covers(tmp_path: Path) -> None:
    block = {"indicators": ["gross_product"], "years": 2015}
    put(
        tmp_path,
        2020,
        **CARD,
        covers=[block],
        missing=[{**block, "years": 2014, "reason": "x"}],
        withdrawn={"since": "2026-01-01", "reason": "misread"},
    )
    later = read_document(put(tmp_path, 2021, extends="../2020/card.yaml"), tmp_path)
    assert (later.coverage, later.card.withdrawn) == ((), None)
    assert len(later.observations) == 1


def test_a_withdrawn_document_gives_no_figure_even_where_its_file_is_gone(tmp_path: Path) -> None:
    card = put(tmp_path, 2020, **CARD, withdrawn={"since": "2026-01-01", "reason": "misread"})
    (card.parent / "table.csv").unlink()
    document = read_document(card, tmp_path)
    assert (document.observations, document.coverage, document.statistics) == ((), (), ())
    frame = document_frames([document])["raw.document"]
    assert frame[["withdrawn", "observations"]].to_numpy().tolist() == [["misread", 0]]


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ({"indicators": ["gross"], "years": 2015}, "'gross' is not in"),
        ({"indicators": ["gross_product"], "regions": ["GS"], "years": 2015}, "'GS' is no region"),
        ({"indicators": ["gross_product"], "years": "then"}, "'then' names no years"),
        ({"indicators": [], "years": 2015}, "at least 1"),
    ],
)
def test_a_declaration_that_names_nothing_is_told(
    tmp_path: Path, block: dict[str, Any], told: str
) -> None:
    with pytest.raises(DocumentError, match=told):
        read_document(put(tmp_path, 2020, **CARD, covers=[block]), tmp_path)
