"""Studies as YAML: what is refused and how, and that a study is one file and no code."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from assets.extracts.meaning.registry import indicators, regions
from assets.poverty.study_files.errors import StudyError
from assets.poverty.study_files.index_names import INDEX_NAMES
from assets.poverty.study_files.study import (
    STUDY_FOLDER,
    Model,
    load_studies,
    load_study,
)
from assets.poverty.study_files.study_rows import STUDY_TABLES, StudyVariableRow, study_frames
from assets.warehouse.store import Store

REPOSITORY = Path(__file__).parents[3]
SHIPPED = sorted(STUDY_FOLDER.glob("*.yaml"))

Write = Callable[..., Path]


class _Plain(yaml.SafeDumper):
    """Writes what stands twice twice: studies know no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def definition() -> dict[str, Any]:
    """A study of two samples and a model, without fault."""
    return {
        "study": "tibet",
        "title": "Growth and poverty",
        "region": "CN",
        "years": {"first": 2013, "last": 2019},
        "samples": [
            {"name": "latest", "choose": "latest"},
            {"name": "seen_2018", "choose": "as_of", "edition": 2018},
        ],
        "indices": ["PI", "AIG", "EG"],
        "inputs": {"gross_product": "gross_product", "population_year_end": "population_year_end"},
        "model": {"dependent": "PI", "regressors": ["AIG", "EG"], "ridge": {"k": 0.1}},
    }


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the study with some fields replaced (None removes one); returns the path."""

    def _write(name: str = "tibet", **changes: Any) -> Path:
        stated = {key: value for key, value in {**definition(), **changes}.items() if value}
        path = tmp_path / f"{name}.yaml"
        path.write_text(yaml.dump(stated, Dumper=_Plain), encoding="utf-8")
        return path

    return _write


def message_of(path: Path) -> str:
    with pytest.raises(StudyError) as caught:
        load_study(path)
    return str(caught.value)


def test_the_definition_without_fault_loads(write: Write) -> None:
    study = load_study(write())
    assert study.variables == ("PI", "AIG", "EG")
    assert isinstance(study.model, Model)
    assert study.model.ridge.convention == "spss"


MODEL = definition()["model"]


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"indices": ["PI", "AIG", "EG", "GINI"]}, "study", "no index: GINI; expected PI, AIG"),
        ({"region": None}, "region", "required"),
        ({"colour": "red"}, "colour", "not permitted"),
        ({"years": {"first": 2019, "last": 2013}}, "years", "2019 is after last year 2013"),
        ({"years": {"first": "early", "last": 2013}}, "years.first", "integer"),
        ({"samples": [{"name": "a", "choose": "latest"}] * 2}, "study", "share a name: a, a"),
        ({"samples": [{"name": "A b", "choose": "latest"}]}, "samples.0.name", "pattern"),
        ({"samples": [{"name": "a", "choose": "oldest"}]}, "samples.0.choose", "'first_printed'"),
        ({"samples": [{"name": "a", "choose": "source"}]}, "samples.0", "`source` is given"),
        (
            {"samples": [{"name": "a", "choose": "latest", "source": "he_recovered"}]},
            "samples.0",
            "`source` is given with `choose: source`, and only then",
        ),
        ({"samples": [{"name": "a", "choose": "as_of"}]}, "samples.0", "`edition` is given"),
        (
            {"samples": [{"name": "a", "choose": "first_printed", "edition": 2018}]},
            "samples.0",
            "`edition` is given with `choose: as_of`, and only then",
        ),
        ({"samples": []}, "samples", "required"),
        ({"indices": ["PI", "AIG"]}, "study", "not among `indices`: EG"),
        ({"inputs": {"gdp": "gross_product"}}, "inputs.gdp.[key]", "'gross_product'"),
        ({"inputs": {"gross_product": "gdp"}}, "inputs", "indicators.yaml: gdp"),
        ({"region": "CN-XX"}, "region", "'CN-XX' is no region"),
        ({"indices": ["PI", "AIG", "EG", "PI"]}, "study", "an index stands twice"),
        ({"model": {**MODEL, "ridge": {"k": float("inf")}}}, "model.ridge.k", "a valid number"),
        (
            {"model": {**MODEL, "significance_levels": [1, 5, 10]}},
            "model",
            "shares between 0 and 1",
        ),
        ({"model": {**MODEL, "dependent": "EG"}}, "model", "stands twice in the model: EG, AIG"),
        ({"model": {**MODEL, "ridge": {"k": -0.1}}}, "model.ridge.k", "greater than or equal to 0"),
        (
            {"model": {**MODEL, "ridge": {"k": 0.1, "convention": "sas"}}},
            "model.ridge.convention",
            "'spss'",
        ),
        (
            {"model": {**MODEL, "significance_levels": [0.1, 0.05, 0.01]}},
            "model",
            "from the strictest to the mildest",
        ),
    ],
)
def test_an_error_names_the_file_and_the_field(
    write: Write, changes: dict[str, Any], place: str, words: str
) -> None:
    message = message_of(write(**changes))
    assert message.startswith("tibet.yaml: ")
    [line] = [line for line in message.splitlines() if line.startswith(f"  {place}: ")]
    assert words in line


def test_all_faults_are_named_at_once(write: Write) -> None:
    message = message_of(write(title=None, region=None, colour="red"))
    assert message.startswith("tibet.yaml: 3 fields")
    assert [line.split(":")[0].strip() for line in message.splitlines()[1:]] == [
        "title",
        "region",
        "colour",
    ]


def test_the_file_is_called_like_its_study(write: Write) -> None:
    message = message_of(write(name="nepal"))
    assert message == "nepal.yaml: `study: tibet` must be the file's name, nepal"


@pytest.mark.parametrize(
    "content", [b"study: [tibet\n", b"\xff\xfe\x00", b"title: \xe5\n", b"a: b: c\n"]
)
def test_what_is_not_yaml_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tibet.yaml"
    path.write_bytes(content)
    assert message_of(path).startswith("tibet.yaml: not readable as YAML: ")


@pytest.mark.parametrize("content", ["", "- a list\n", "just text\n"])
def test_what_is_no_mapping_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "tibet.yaml"
    path.write_text(content, encoding="utf-8")
    assert message_of(path).startswith("tibet.yaml: 1 field to correct:\n  study: ")


def test_one_bad_study_stops_the_loading_and_is_named(write: Write, tmp_path: Path) -> None:
    write()
    write(name="other", study="other", region=None)
    with pytest.raises(StudyError, match=r"other\.yaml"):
        load_studies(tmp_path)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_study_loads_and_speaks_of_known_things(path: Path) -> None:
    study = load_study(path)
    assert set(study.places) <= set(regions())
    assert set(study.inputs.values()) <= set(indicators())
    sources = {sample.source for sample in study.samples} - {None}
    if study.printed is not None:
        sources.add(study.printed.source)
    assert all((REPOSITORY / "landing" / str(source)).is_dir() for source in sources)


def test_the_shipped_folder_holds_nothing_but_studies() -> None:
    assert [study.study for study in load_studies()] == [path.stem for path in SHIPPED]
    assert {path.suffix for path in STUDY_FOLDER.iterdir()} == {".yaml"}


def test_a_study_is_one_file_and_becomes_rows(write: Write, tmp_path: Path) -> None:
    write()
    frames = study_frames(load_studies(tmp_path))
    store = Store(tmp_path / "working.duckdb")
    for table in STUDY_TABLES:
        store.replace(table, frames[table], allow_empty=True)
    samples = "select sample, sample_order, region, first_year, last_year, choose, as_of_edition"
    assert store.rows(f"{samples} from study.sample order by 2") == [
        ("latest", 1, "CN", 2013, 2019, "latest", None),
        ("seen_2018", 2, "CN", 2013, 2019, "as_of", 2018),
    ]
    assert store.rows("select role, indicator from study.role_indicator order by 1") == [
        ("gross_product", "gross_product"),
        ("population_year_end", "population_year_end"),
    ]
    assert store.rows(
        "select index_id, role, variable_order from study.variable order by variable_order"
    ) == [("PI", "dependent", 0), ("AIG", "regressor", 1), ("EG", "regressor", 2)]


def test_indices_outside_the_model_are_rows_too(write: Write) -> None:
    study = load_study(write(indices=["IM", "PI", "AIG", "EG"]))
    rows = study_frames((study,))[StudyVariableRow.table]
    assert dict(zip(rows["index_id"], rows["role"], strict=True)) == {
        "IM": "index",
        "PI": "dependent",
        "AIG": "regressor",
        "EG": "regressor",
    }


def test_a_study_needs_no_model(write: Write) -> None:
    study = load_study(write(model=None))
    assert study.variables == ()
    assert set(study_frames((study,))[StudyVariableRow.table]["role"]) == {"index"}


def test_without_studies_the_frames_keep_their_columns() -> None:
    for table in STUDY_TABLES:
        frame: pd.DataFrame = study_frames(())[table]
        assert list(frame.columns) == [column.name for column in table.columns]
        assert frame.empty


def test_every_index_of_a_study_is_spelled_out_and_derived_somewhere() -> None:
    for symbol, name in INDEX_NAMES.items():
        assert name.symbol == symbol
        schema, table = name.table.split(".")
        assert (REPOSITORY / "sql" / schema / f"{table}.sql").is_file()
