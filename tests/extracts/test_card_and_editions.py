"""Cards that extend cards, fingerprints, comparison with the edition before, frames."""

import json
import pickle
import re
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assets.extracts.cards import content
from assets.extracts.cards.content import content_sha256, merge
from assets.extracts.cards.loaded_card import load_card, read_card
from assets.extracts.document import document_frames, read_document
from assets.extracts.document_rows import (
    TABLES,
    DocumentRow,
    ObservationRow,
    PublishedStatisticRow,
    UnavailableRow,
)
from assets.extracts.errors import DocumentError
from assets.extracts.files.container import load_grid
from assets.extracts.landed.survey import find_cards
from assets.extracts.taken.edition_before import NO_PREVIOUS
from assets.extracts.written.yaml_file import read_yaml
from assets.warehouse.store import Store
from assets.warehouse.unchanged import known_files

trees = st.recursive(
    st.none() | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=10,
)
mappings = st.dictionaries(st.sampled_from("abcd"), trees, max_size=4)


def _has_null(tree: object) -> bool:
    return tree is None or (isinstance(tree, dict) and any(map(_has_null, tree.values())))


@given(mappings, mappings)
def test_merge_algebra(base: dict[str, Any], over: dict[str, Any]) -> None:
    clean = merge({}, base)
    assert not _has_null(clean)
    assert merge(clean, {}) == clean
    merged = merge(clean, over)
    assert merge(merged, over) == merged
    for key, value in over.items():
        if value is None:
            assert key not in merged
        elif not isinstance(value, dict):
            assert merged[key] == value
    assert {key for key in clean if key not in over} <= set(merged)


@pytest.mark.parametrize("name", ["card.yaml", "gdp.csv", "corrections.yaml"])
def test_what_changes_while_it_is_read_is_refused(
    catalogue: ModuleType, landing: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    catalogue.write_csv(landing)
    folder = landing / catalogue.SOURCE / "2020"

    def read_while_somebody_writes(*given: Any) -> Any:
        grid = load_grid(*given)
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write("\n")
        return grid

    monkeypatch.setattr("assets.extracts.document.load_grid", read_while_somebody_writes)
    with pytest.raises(DocumentError, match="changed while it was read"):
        read_document(folder / "card.yaml", landing)


def test_a_card_that_changes_while_it_is_loaded_has_the_fingerprint_of_before(
    catalogue: ModuleType, landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With the fingerprint of afterwards the card as it is now would count as taken in.
    catalogue.write_csv(landing)
    path = landing / catalogue.SOURCE / "2020" / "card.yaml"
    before = content_sha256(path)

    def read_and_write(*given: Any) -> Any:
        found = read_card(*given)
        path.write_text(path.read_text(encoding="utf-8") + "note: later\n", encoding="utf-8")
        return found

    monkeypatch.setattr("assets.extracts.cards.loaded_card.read_card", read_and_write)
    assert load_card(path, landing).content_sha256 == before != content_sha256(path)


def _next_edition(catalogue: ModuleType, landing: Path, text: str, **changes: Any) -> Path:
    """Edition 2020 that extends a full card of 2019, as landing/README.md tells to do."""
    raw = text.encode()
    full = catalogue.sound_card("gdp.csv", raw, {}, 2020)
    short = {"extends": "../2019/card.yaml", "edition": 2020, "document": full["document"]}
    catalogue.write_folder(landing, {**short, **changes}, raw)
    return landing / "damaged_source/2020/card.yaml"


def test_a_new_year_is_a_document_and_a_short_card(catalogue: ModuleType, landing: Path) -> None:
    catalogue.write_csv(landing, edition=2019)
    text = catalogue.CSV.replace("8718.3", "8718.4")
    path = _next_edition(catalogue, landing, text)
    document = read_document(path, landing)
    assert document.card.title == "Main indicators of Gansu"
    assert document.card.edition == 2020
    assert document.observations[0].value == 8718.4
    assert [p.parent.name for p in find_cards(landing)] == ["2019", "2020"]


def test_null_takes_back_what_the_older_card_says(catalogue: ModuleType, landing: Path) -> None:
    table = {"axes": "site", "labels": {"第一产业占比": "primary_industry_share"}}
    catalogue.write_csv(landing, table=table, edition=2019)
    text = catalogue.CSV.replace("第一产业占比", "第一产业比重")
    with pytest.raises(DocumentError, match="'第一产业占比' of the card is not in"):
        read_document(_next_edition(catalogue, landing, text), landing)
    new = {"labels": {"第一产业占比": None}, "ignore": ["第一产业占比"]}
    path = _next_edition(catalogue, landing, text, tables={"1": new})
    assert len(read_document(path, landing).observations) == 16


def test_all_problems_of_a_card_are_told_at_once(catalogue: ModuleType, landing: Path) -> None:
    catalogue.write_csv(
        landing,
        quality="good",
        licence="",
        table={"axes": "site", "unit": "斤", "years": "down", "kindd": 1},
    )
    with pytest.raises(DocumentError) as caught:
        read_card(landing / "damaged_source/2020/card.yaml", landing)
    message = str(caught.value)
    for part in ("quality", "licence", 'tables."1".unit', 'tables."1".kindd', "斤"):
        assert part in message


@pytest.mark.parametrize(
    ("table", "part"),
    [
        ({"axes": "site", "years": "down"}, "years"),
        ({"layout": "axes"}, "axes"),
        ({"axes": "exports"}, "axes"),
        ({"layout": "published_table", "kind": "coefficients", "axes": "site"}, "axes"),
        ({"layout": "published_table"}, "kind"),
        ({"axes": "site", "estimator": "ols"}, "estimator"),
        ({"axes": "site", "sheet": "1"}, "sheet"),
        ({"axes": "site", "marks": {"-": "nothing"}}, "marks"),
        ({"axes": "site", "labels": {"GDP": "PI"}, "ignore": ["gdp"]}, "ignore"),
        ({"layout": "excel"}, "layout"),
    ],
)
def test_keys_that_do_not_belong_together(
    catalogue: ModuleType, landing: Path, table: dict[str, Any], part: str
) -> None:
    catalogue.write_csv(landing, table=table)
    with pytest.raises(DocumentError, match=part):
        load_card(landing / "damaged_source/2020/card.yaml", landing)


def test_extends_may_not_go_in_circles(catalogue: ModuleType, landing: Path) -> None:
    catalogue.write_csv(landing, edition=2019, extends="../2020/card.yaml")
    catalogue.write_csv(landing, extends="../2019/card.yaml")
    with pytest.raises(DocumentError, match=r"2019/card\.yaml, field extends"):
        read_card(landing / "damaged_source/2020/card.yaml", landing)
    catalogue.write_csv(landing, extends="../2018/card.yaml")
    with pytest.raises(DocumentError, match="does not exist"):
        read_card(landing / "damaged_source/2020/card.yaml", landing)


def test_aliases_and_links_are_refused(catalogue: ModuleType, landing: Path) -> None:
    catalogue.write_csv(landing)
    path = landing / "damaged_source/2020/card.yaml"
    text = path.read_text()
    path.write_text(text.replace("title: Main", "title: &x Main") + "note: *x\n")
    with pytest.raises(DocumentError, match=r"alias \(\*name\) in line"):
        read_card(path, landing)
    path.write_text(text)
    document = path.with_name("gdp.csv")
    document.rename(landing / "elsewhere.csv")
    document.symlink_to(landing / "elsewhere.csv")
    with pytest.raises(DocumentError, match="plain file"):
        load_card(path, landing)


def test_a_missing_card_is_named(landing: Path) -> None:
    with pytest.raises(DocumentError, match=r"landing/a/2020/card\.yaml: there is no such card"):
        read_document(landing / "a/2020/card.yaml", landing)


def test_fingerprint_follows_card_chain_and_document(catalogue: ModuleType, landing: Path) -> None:
    catalogue.write_csv(landing, edition=2019)
    path = _next_edition(catalogue, landing, catalogue.CSV)
    first = content_sha256(path)
    assert content_sha256(path) == first
    assert load_card(path, landing).content_sha256 == first
    parent = landing / "damaged_source/2019/card.yaml"
    parent.write_text(parent.read_text() + "# a comment\n")
    second = content_sha256(path)
    path.with_name("gdp.csv").write_text(catalogue.CSV + "\n")
    third = content_sha256(path)
    path.write_text("[broken")
    fourth = content_sha256(path)
    path.unlink()
    assert len({first, second, third, fourth, content_sha256(path)}) == 5


def test_a_card_is_read_again_once_it_or_what_it_extends_changes(
    catalogue: ModuleType, landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue.write_csv(landing, edition=2019)
    path = _next_edition(catalogue, landing, catalogue.CSV)
    read: list[Path] = []
    monkeypatch.setattr(
        content, "read_yaml", lambda file, *rest: read.append(file) or read_yaml(file, *rest)
    )
    monkeypatch.setattr(known_files, "_SETTLED_NS", -1)  # as if all had changed long ago
    first = content_sha256(path)
    assert content_sha256(path) == first
    parent = landing / "damaged_source/2019/card.yaml"
    assert sorted(read) == [parent, path]
    text = parent.read_text()
    parent.write_text(text.replace("title: ", "title: A", 1))
    second = content_sha256(path)
    assert read[2:] == [parent]
    parent.write_text(text)
    assert content_sha256(path) == first != second
    monkeypatch.setattr(known_files, "_SETTLED_NS", 10**18)  # as if all had changed just now
    parent.write_text(text.replace("title: ", "title: B", 1))
    before = len(read)
    content_sha256(path)
    content_sha256(path)
    assert read[before:] == [parent, parent]


def test_what_was_made_of_files_is_known_to_the_next_process(
    catalogue: ModuleType, landing: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    catalogue.write_csv(landing, edition=2019)
    path = _next_edition(catalogue, landing, catalogue.CSV)
    parent = landing / "damaged_source/2019/card.yaml"
    read: list[Path] = []
    monkeypatch.setattr(
        content, "read_yaml", lambda file, *rest: read.append(file) or read_yaml(file, *rest)
    )
    monkeypatch.setattr(known_files, "_SETTLED_NS", -1)
    kept = tmp_path / "state" / "files.json"

    def in_a_process_of_its_own() -> str:
        monkeypatch.setattr(content, "_DIGESTS", known_files.OfFile(content._file_digest))
        monkeypatch.setattr(content, "_CARDS", known_files.OfFile(content._leads_to))
        read.clear()
        with content.known_files(kept):
            return content_sha256(path)

    first = in_a_process_of_its_own()
    assert not kept.parent.exists()  # an empty home stays empty
    kept.parent.mkdir()
    assert in_a_process_of_its_own() == first
    assert sorted(read) == [parent, path]
    assert in_a_process_of_its_own() == first
    assert read == []
    for spoilt in ("", "[]", "{", '{"by": "another version", "cards": []}'):
        kept.write_text(spoilt)
        assert in_a_process_of_its_own() == first
        assert sorted(read) == [parent, path]
    parent.write_text(parent.read_text() + "# a comment\n")
    assert in_a_process_of_its_own() != first
    assert read == [parent]
    path.with_name("gdp.csv").write_text(catalogue.CSV + "\n")
    monkeypatch.setattr(content, "read_yaml", None)  # neither card is read for that
    second = in_a_process_of_its_own()
    assert second not in (first, "")
    assert set(json.loads(kept.read_text())["cards"]) == {str(parent), str(path)}


def test_what_was_made_of_files_hangs_on_the_code_that_made_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A card that an older reader of YAML could not read leads to its document all the same."""
    assert read_yaml in content._CARDS.calls
    monkeypatch.setattr(known_files, "_SETTLED_NS", -1)
    path, kept = tmp_path / "card.yaml", tmp_path / "kept.json"
    path.touch()
    made: list[int] = []

    def make(_: Path) -> int:
        made.append(len(made))
        return made[-1]

    for calls in ((), (), (read_yaml,), (read_yaml,), ()):
        of_file = known_files.OfFile(make, *calls)
        with known_files.known_to_the_next_process(kept, it=of_file):
            of_file.of(path)
    assert len(made) == 3


def test_a_dropped_label_can_be_declared(catalogue: ModuleType, landing: Path) -> None:
    catalogue.write_csv(landing, edition=2019)
    text = "\n".join(line for line in catalogue.CSV.splitlines() if "贫困" not in line)
    catalogue.write_csv(landing, text)
    path = landing / "damaged_source/2020/card.yaml"
    with pytest.raises(DocumentError, match=r"'农村贫困人口' is gone.*2019/gdp\.csv, cell B7"):
        read_document(path, landing)
    assert len(read_document(path, landing, previous=NO_PREVIOUS).observations) == 12
    catalogue.write_csv(landing, text, {"axes": "site", "ignore": ["农村贫困人口"]})
    assert len(read_document(path, landing).observations) == 12


def test_a_changed_unit_can_be_declared(catalogue: ModuleType, landing: Path) -> None:
    table = {"axes": "years_across"}
    text = "单位：亿元\n指标,2018\n地区生产总值,8104.1\n"
    catalogue.write_csv(landing, text, table, edition=2019)
    other = text.replace("亿元", "万元").replace("8104.1", "81041000")
    catalogue.write_csv(landing, other, table)
    path = landing / "damaged_source/2020/card.yaml"
    with pytest.raises(DocumentError, match="is in 10k_cny now"):
        read_document(path, landing)
    catalogue.write_csv(landing, other, {**table, "unit": "万元"})
    assert read_document(path, landing).observations[0].value == 8104.1


def test_a_broken_edition_before_does_not_stop_this_one(
    catalogue: ModuleType, landing: Path
) -> None:
    catalogue.write_csv(landing, "nothing", edition=2019)
    catalogue.write_csv(landing)
    assert read_document(landing / "damaged_source/2020/card.yaml", landing).observations


def test_frames_have_the_columns_of_the_tables(catalogue: ModuleType, landing: Path) -> None:
    catalogue.write_csv(landing, catalogue.CSV.replace(",256", ","))
    frames = document_frames([read_document(landing / "damaged_source/2020/card.yaml", landing)])
    for row in (DocumentRow, ObservationRow, UnavailableRow, PublishedStatisticRow):
        names = [column.name for column in row.table.columns]
        assert list(frames[row.table.name]) == names
    assert frames["raw.document"].loc[0, "observations"] == 15
    assert len(frames["raw.unavailable"]) == 1


def test_frames_fit_the_declared_tables(catalogue: ModuleType, landing: Path) -> None:
    catalogue.write_csv(landing, catalogue.CSV.replace(",256", ","))
    frames = document_frames([read_document(landing / "damaged_source/2020/card.yaml", landing)])
    store = Store(landing / "work.duckdb")
    with store.transaction() as writes:
        for table in TABLES:
            writes.ensure(table)
            if len(frames.get(table.name, ())):
                writes.append(table, frames[table.name])
    (counts,) = store.rows(
        "select (select count(*) from raw.observation), (select sum(observations) from "
        "raw.document), (select count(*) from raw.unavailable)"
    )
    assert counts == (15, 15, 1)


def test_errors_survive_another_process() -> None:
    error = DocumentError(
        "landing/a/2020/b.csv", cell="B2", found="'x' is odd", expected="y", advice="Do z."
    )
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert str(error) == "landing/a/2020/b.csv, cell B2: 'x' is odd.\n  Expected: y.\n  Do z."


SHIPPED = Path(__file__).parents[2] / "landing"
# A card that ships as it was before a table had axes: what stood in the place of which line.
FORMER = {
    "nbs_national_annual/2024": ("axes: site", "layout: nbs_export"),
    "cctv_poverty_reductions/2019": ("{axes: typed}", "{layout: tidy_csv}"),
    "gansu_communique/2016": ("axes: years_across", "layout: yearbook_table"),
    "gansu_population/2019": ("axes: years_down", "layout: yearbook_table"),
}


@pytest.mark.parametrize("document", FORMER)
def test_a_layout_of_earlier_versions_is_told_with_what_takes_its_place(
    tmp_path: Path, document: str
) -> None:
    folder = tmp_path / document
    shutil.copytree(SHIPPED / document, folder)
    card, (now, former) = folder / "card.yaml", FORMER[document]
    said = card.read_text(encoding="utf-8")
    card.write_text(said.replace(now, former), encoding="utf-8")
    with pytest.raises(DocumentError) as refused:
        load_card(card, tmp_path)
    assert f"`{now.strip('{}')}`" in str(refused.value)
    card.write_text(said, encoding="utf-8")  # the advice taken: the shipped card
    assert read_document(card, tmp_path, NO_PREVIOUS).observations


def test_what_takes_the_place_of_a_row_for_each_region(
    catalogue: ModuleType, landing: Path
) -> None:
    raw = "province,year,gdp_100m_yuan\n甘肃省,2018,8104.1\n甘肃省,2019,8718.3\n".encode()
    labels = {"gdp_100m_yuan": "gross_product"}
    table = {"layout": "region_rows", "region_column": "province", "labels": labels}
    card = catalogue.sound_card("gdp.csv", raw, {"1": table}, 2020)
    catalogue.write_folder(landing, card, raw)
    place = landing / "damaged_source/2020/card.yaml"
    with pytest.raises(DocumentError) as refused:
        load_card(place, landing)
    (axes,) = re.findall(r"`axes: (\{.*\})`", str(refused.value))
    now = {"axes": yaml.safe_load(axes), "labels": labels, "units": {"gdp_100m_yuan": "100m_cny"}}
    catalogue.write_folder(landing, catalogue.sound_card("gdp.csv", raw, {"1": now}, 2020), raw)
    read = read_document(place, landing, NO_PREVIOUS)
    assert [(one.reference_year, one.value) for one in read.observations] == [
        (2018, 8104.1),
        (2019, 8718.3),
    ]
