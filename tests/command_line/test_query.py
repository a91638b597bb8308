"""`yearbook query`: JSON is JSON, no formula runs in a spreadsheet, no query runs for ever."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.warehouse.home import Home
from assets.warehouse.texts.safe_text import safe_text
from orchestration.commands.cli import main

ENDLESS = "select count(*) from range(1000000) a, range(1000000) b where a.range % 7 = b.range % 11"


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A warehouse with one small published file."""
    monkeypatch.setenv("YEARBOOK_HOME", str(tmp_path))
    home = Home(tmp_path)
    home.releases.mkdir()
    file = home.releases / "warehouse-1.duckdb"
    with duckdb.connect(file) as connection:
        connection.execute("create table texts as select unnest(['=1+1', '-2.5', '-']) as text")
    home.published.symlink_to(Path("releases") / file.name)
    return home


def _printed(capsys: Any, *arguments: str, code: int = 0) -> str:
    assert main(["query", *arguments]) == code
    printed = capsys.readouterr()
    return str(printed.err if code else printed.out)


def test_json_has_no_infinity(published: Home, capsys: Any) -> None:
    sql = "select 'nan'::double a, 'inf'::double b, ['-inf'::double, 1.5] c, {'d': 'nan'::double} e"
    found = json.loads(_printed(capsys, sql, "--format", "json"), parse_constant=pytest.fail)
    assert found == [{"a": None, "b": None, "c": [None, 1.5], "e": {"d": None}}]


def test_two_columns_of_one_name_are_no_json(published: Home, capsys: Any) -> None:
    sql = "select 1 as value, 2 as value"
    assert "Two columns are called value" in _printed(capsys, sql, "--format", "json", code=1)
    assert _printed(capsys, sql, "--format", "csv") == "value,value\n1,2\n"


def test_keys_of_maps_are_text(published: Home, capsys: Any) -> None:
    sql = "select map {date '2020-01-01': 1} as m, '\\x01\\xFF'::blob as b"
    found = json.loads(_printed(capsys, sql, "--format", "json"))
    assert found == [{"m": {"2020-01-01": 1}, "b": "01ff"}]


def test_no_text_becomes_a_formula(published: Home, capsys: Any) -> None:
    sql = "select text from texts"
    assert _printed(capsys, sql, "--format", "csv") == "text\n'=1+1\n-2.5\n-\n"
    kept = _printed(capsys, sql, "--format", "csv", "--keep-formulas")
    assert kept == "text\n=1+1\n-2.5\n-\n"


@pytest.mark.parametrize("code", ["27", "155", "7", "8238"])
def test_no_control_reaches_a_terminal(
    published: Home, capsys: Any, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    sql = f"select 'a' || chr({code}) || 'b' as \"x\", 1 as y"
    table = _printed(capsys, sql)
    found = _printed(capsys, sql, "--format", "json")
    assert json.loads(found)[0]["x"] == f"a{chr(int(code))}b"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for shown in (table, found, _printed(capsys, sql, "--format", "csv")):
        assert chr(int(code)) not in shown
    error = _printed(capsys, f"select cast('a' || chr({code}) as integer)", code=1)
    assert chr(int(code)) not in error


@given(st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_safe_text_can_be_written_anywhere(text: str) -> None:
    safe = safe_text(text)
    safe.encode("utf-8")
    assert not set(safe) & {chr(code) for code in range(32)} - {"\n", "\t"}
    assert safe_text(safe) == safe


def test_a_query_ends_at_its_time(published: Home, capsys: Any) -> None:
    before = time.monotonic()
    error = _printed(capsys, ENDLESS, "--timeout", "1", code=1)
    assert error == "The query was stopped after 1 seconds.\n"
    assert time.monotonic() - before < 30


def test_a_query_has_a_memory_limit(published: Home, capsys: Any) -> None:
    sql = "select current_setting('memory_limit')"
    assert _printed(capsys, sql, "--format", "csv").splitlines()[1] == "3.7 GiB"  # 4 GB


@pytest.mark.parametrize("seconds", [0, 0.3, 1.5])
def test_ctrl_c_ends_a_query_without_a_traceback(published: Home, seconds: float) -> None:
    command = [str(Path(sys.prefix) / "bin/yearbook"), "query", ENDLESS]
    with subprocess.Popen(
        command,
        env={**os.environ, "YEARBOOK_HOME": str(published.root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        try:
            while len(os.listdir(f"/proc/{process.pid}/task")) == 1:  # not at the query yet
                time.sleep(0.1)
            time.sleep(seconds)
            process.send_signal(signal.SIGINT)
            assert process.communicate(timeout=30) == (b"", b"Stopped.\n")
            assert process.returncode == 130
        finally:
            process.kill()


@pytest.mark.parametrize("place", ["assets.warehouse.reader", "threading"])
def test_ctrl_c_is_not_lost_in_a_library_nor_while_the_query_begins(
    published: Home, place: str
) -> None:
    # In the first it falls into something that forgets it, in the second between the start of the
    # query's thread and the wait for it.
    lost = (
        "def opened(home, really=reader.open_published):\n"
        "    try:\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        time.sleep(5)\n"
        "    except KeyboardInterrupt:\n"
        "        pass\n"
        "    return really(home)\n"
        "reader.open_published = opened\n"
    )
    begun = (
        "def started(thread, really=threading.Thread.start):\n"
        "    really(thread)\n"
        "    time.sleep(0.5)\n"
        "    raise KeyboardInterrupt\n"
        "threading.Thread.start = started\n"
    )
    script = (
        "import os, signal, sys, threading, time\n"
        "import assets.warehouse.reader as reader\n"
        "from orchestration.commands.entry import main\n"
        f"{lost if place == 'assets.warehouse.reader' else begun}"
        f"sys.argv = ['yearbook', 'query', {ENDLESS!r}]\n"
        "sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "YEARBOOK_HOME": str(published.root)},
        capture_output=True,
        check=False,
        timeout=100,  # of the 300 that the query would take
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"Stopped.\n")


def test_ctrl_c_is_heard_while_the_program_still_loads() -> None:
    script = (
        "import sys\n"
        "class Interrupted:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'orchestration.commands.command': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupted())\n"
        "from orchestration.commands.entry import main\n"
        "sys.exit(main())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"Stopped.\n")


def test_a_query_from_standard_input_or_a_file(
    refreshed, run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = "select count(*) as studies from model.study_definition"
    said = run(refreshed.home, "query", sql, "--format", "csv")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{sql}\n"))
    assert run(refreshed.home, "query", "-", "--format", "csv").out == said.out
    file = tmp_path / "studies.sql"
    file.write_text(f"-- how many\n{sql};\n", encoding="utf-8")
    assert run(refreshed.home, "query", "--file", str(file), "--format", "csv").out == said.out
    gone = run(refreshed.home, "query", "--file", str(tmp_path / "gone.sql"))
    assert gone.code == 1
    assert "gone.sql" in gone.err


def test_tables_by_a_word_and_their_columns(refreshed, run) -> None:
    every = run(refreshed.home, "tables").out
    assert "model.coefficient" in every
    some = run(refreshed.home, "tables", "VIF").out
    assert "model.coefficient" in some
    assert "raw.document" not in some
    assert run(refreshed.home, "tables", "nothing speaks of this").code == 1
    described = run(refreshed.home, "describe", "Coefficient").out
    assert described.startswith("model.coefficient: one row per vintage, study")
    assert "std_error" in described
    wrong = run(refreshed.home, "describe", "model.coeficient")
    assert wrong.code == 1
    assert "Nearest: model.coefficient" in wrong.err


def test_a_word_finds_what_there_is_in_both_languages(refreshed, run) -> None:
    for word in ("贫困", "poverty", "POVERTY"):
        found = run(refreshed.home, "tables", word).out
        assert "poverty_incidence" in found
        assert "贫困发生率" in found
    study = next(line for line in found.splitlines() if "he_2012_2019" in line)
    assert "recovered" in study
    assert "CN-GS" in run(refreshed.home, "tables", "甘肃").out
    some, every = (run(refreshed.home, "tables", "a", *more).out for more in ((), ("--all",)))
    assert "--all shows all" in some
    assert len(every) > len(some)


def test_a_short_name_is_the_table_and_a_view_has_its_schema(refreshed, run) -> None:
    table = run(refreshed.home, "describe", "fit").out
    assert table.startswith("model.fit")
    assert " key " in next(line for line in table.splitlines() if " estimator " in line)
    assert run(refreshed.home, "describe", "result").out.startswith("current.result")
    described = run(refreshed.home, "describe", "current.fit").out
    assert described.startswith("current.fit: A view")
    assert "catalog.study.study" in described


@pytest.mark.parametrize("ending", ["csv", "json", "tex", "xlsx", "XLSX"])
def test_a_query_is_saved(refreshed, run, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"rows.{ending}"
    sql = "select indicator, name_zh, '=1+1' as text, 0.1 as share, null as no from raw.indicator"
    answer = run(refreshed.home, "query", f"{sql} where indicator = 'PI'", "--save", str(file))
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == f"{file}: 1 row, 5 columns\n"
    assert [each.name for each in tmp_path.iterdir()] == [file.name]
    if ending == "csv":
        assert file.read_bytes().startswith(b"\xef\xbb\xbfindicator")
        assert "PI,贫困指数,'=1+1,0.1," in file.read_text(encoding="utf-8-sig")
    elif ending == "json":
        assert json.loads(file.read_text(encoding="utf-8"))[0]["text"] == "=1+1"
    elif ending == "tex":
        lines = file.read_text(encoding="utf-8").splitlines()
        assert "indicator & name\\_zh & text & share & no \\\\" in lines
        assert "PI & 贫困指数 & =1+1 & 0.1 &  \\\\" in lines
    else:
        rows = openpyxl.load_workbook(file).active.iter_rows()
        cells = [(each.value, each.data_type) for each in list(rows)[1]]
        assert cells == [("PI", "s"), ("贫困指数", "s"), ("=1+1", "s"), (0.1, "n"), (None, "n")]


def test_a_query_that_cannot_be_saved_leaves_what_was_there(refreshed, run, tmp_path: Path) -> None:
    sql = "select repeat('a', 40000) as long"
    for name, said in (("rows.txt", ".csv"), ("gone/rows.csv", "cannot be written")):
        answer = run(refreshed.home, "query", sql, "--save", str(tmp_path / name))
        assert answer.code == 1
        assert said in answer.err
    file = tmp_path / "rows.xlsx"
    file.write_bytes(b"before")
    answer = run(refreshed.home, "query", sql, "--save", str(file))
    assert answer.code == 1
    assert "Save it as .csv" in answer.err
    assert file.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == ["rows.xlsx"]
