"""The shipped documents as they are: complete, unaltered, honest about what they are."""

import hashlib
import re
from collections import Counter
from pathlib import Path

import yaml

from assets.extracts.cards.axes_card import shapes
from assets.extracts.document import Document
from assets.extracts.landed.survey import OTHER_STUDIES, find_cards
from assets.extracts.written.landing_files import CARD_NAME

LANDING = Path(__file__).parents[2] / "landing"

RECOVERED = ["he_recovered"]
# Table 2: 4 x 5; Table 3: 10 coefficients; Table 4: 4; Table 5: 5 x 4 and 4 VIF; Table 6: 5 x 4
# and R2, adjusted R2, F, p beneath. The k of Table 6 is the card's.
STATISTICS = 20 + 10 + 4 + 24 + 24


def test_every_folder_holds_a_card_and_its_document_and_nothing_else() -> None:
    for folder in sorted(path for path in LANDING.glob("*/*") if path.is_dir()):
        if folder.parent.name in OTHER_STUDIES:
            continue
        card = yaml.safe_load((folder / CARD_NAME).read_text(encoding="utf-8"))
        held = {path.name for path in folder.iterdir()}
        assert held == {CARD_NAME, card["document"]["file"]}, folder


def test_the_readme_says_of_every_source_why_it_ships() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", (LANDING / "README.md").read_text("utf-8"), re.MULTILINE)
    shipped = {path.name for path in LANDING.iterdir() if path.is_dir()} - {*OTHER_STUDIES}
    assert [name for name in listed if name in shipped] == sorted(shipped)


def test_every_card_says_what_its_document_prints_and_that_is_there(
    shipped: tuple[Document, ...],
) -> None:
    # The check of the warehouse warns of this; what ships has to be without fault.
    for document in shipped:
        rows = (*document.observations, *document.intervals)
        printed = {(row.region, row.indicator, row.reference_year) for row in rows}
        figures = {
            (c.region, c.indicator, c.reference_year): c.missing_reason for c in document.coverage
        }
        assert {key for key, reason in figures.items() if reason is None} == printed, document.file
        assert document.unavailable == ()


def test_every_number_of_the_paper_is_there(shipped: tuple[Document, ...]) -> None:
    assert sum(len(document.statistics) for document in shipped) == STATISTICS


def test_every_document_has_the_bytes_its_card_states() -> None:
    for path in find_cards(LANDING):
        stated = yaml.safe_load(path.read_text(encoding="utf-8"))["document"]
        content = (path.parent / stated["file"]).read_bytes()
        assert len(content) == stated["bytes"], path
        assert hashlib.sha256(content).hexdigest() == stated["sha256"], path


def test_only_the_recovered_sample_is_recovered_and_its_title_says_so(
    shipped: tuple[Document, ...],
) -> None:
    recovered = [document.card for document in shipped if document.card.quality == "recovered"]
    assert [card.source for card in recovered] == RECOVERED
    for card in recovered:
        assert "recovered" in card.title
        assert "NOT official figures" in card.title
        assert "NOT official figures" in (card.note or "")
        assert not card.retyped
    by_row = {
        row.source
        for document in shipped
        for row in document.observations
        if row.quality == "recovered"
    }
    assert by_row == set(RECOVERED)


def test_every_retyped_document_says_so_in_its_note(shipped: tuple[Document, ...]) -> None:
    for card in (document.card for document in shipped if document.card.retyped):
        assert "typed by the project" in (card.note or ""), card.source
        assert "not the publisher's own file" in (card.note or ""), card.source


def test_a_derived_row_shows_how_it_was_derived(shipped: tuple[Document, ...]) -> None:
    for document in shipped:
        for row in document.observations:
            assert row.quality != "derived" or row.note, f"{row.source} {row.cell}"


def test_no_figure_is_about_a_year_after_its_edition(shipped: tuple[Document, ...]) -> None:
    late = [
        row
        for document in shipped
        for row in document.observations
        if row.reference_year > row.edition
    ]
    assert late == []


def test_the_day_of_publication_lies_in_the_year_of_the_edition(
    shipped: tuple[Document, ...],
) -> None:
    for card in (document.card for document in shipped):
        assert card.published_on is None or card.published_on.year == card.edition, card.source


def test_both_vintages_of_gansu_are_there(shipped: tuple[Document, ...]) -> None:
    vintages = Counter(
        (row.indicator, row.reference_year)
        for document in shipped
        for row in document.observations
        if row.region == "CN-GS" and row.indicator in ("gross_product", "population_year_end")
    )
    assert all(  # and of gross product since 2016 the one after the fifth census
        vintages[indicator, year] == 2 + (indicator == "gross_product" and year >= 2016)
        for indicator in ("gross_product", "population_year_end")
        for year in range(2010, 2020)
    )


def test_every_shape_of_a_table_is_shipped(shipped: tuple[Document, ...]) -> None:
    tables = [table for document in shipped for table in document.card.tables.values()]
    assert {table.layout for table in tables} == {"axes", "published_table"}
    assert {table.axes.shape for table in tables if table.axes is not None} == set(shapes())
    assert {table.encoding for table in tables} == {"gb18030", "utf-8-sig", None}
