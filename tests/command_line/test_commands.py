"""What the commands print and return, on a small warehouse that was refreshed once."""

import argparse
import csv
import io
import json
import os
import re
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from assets.warehouse.home import Home
from orchestration.commands.cli import parser_of
from orchestration.commands.command import commands

REPOSITORY = Path(__file__).parents[2]
SAMPLE = "landing/he_recovered/2026/sample.csv"


def test_first_refresh_reads_publishes_and_shows_every_study(refreshed) -> None:
    answer = refreshed.answer
    assert answer.code == 0, answer.err
    assert "new: 8 (gansu_population/2019, he_gansu_paper/2023" in answer.out
    assert f"Published vintage 0001-{answer.out.split('vintage 0001-')[1][:8]}" in answer.out
    assert str(refreshed.home.published) in answer.out
    assert "  china_2012_2019 (CN), latest: NOT FITTED." in answer.out
    assert "  gansu_gdp_revised (CN-GS): indices, no model." in answer.out
    assert "  he_2012_2019 (CN-GS), recovered: RECOVERED, not official data; n = 8" in answer.out
    assert len(answer.out.splitlines()) <= 40
    assert "release__published_warehouse: done" in answer.err


def test_verbose_refresh_shows_every_study(two_vintages) -> None:
    for study in ("china_2012_2019", "gansu_gdp_revised", "gansu_official_2012_2019"):
        assert f"\n{study}: " in two_vintages.answer.out


@pytest.fixture(scope="module")
def shown(refreshed, tools) -> str:
    """All that `show` shows."""
    return str(tools.run_command(refreshed.home.root, "show", "--all").out)


def test_show_knows_the_studies(refreshed, run, shown: str) -> None:
    heads = run(refreshed.home, "show").out.splitlines()
    assert "china_2012_2019 (CN), latest: NOT FITTED." in heads
    one = run(refreshed.home, "show", "he_2012_2019").out
    assert "Table 6. Ridge" in one
    assert one.strip().split("=" * 100)[1] in shown
    unknown = run(refreshed.home, "show", "nosuch")
    assert unknown.code == 1
    assert "There is no study 'nosuch'; there are china_2012_2019, " in unknown.err


@pytest.mark.parametrize(
    "words",
    [
        "show",
        "show he_2012_2019",
        "where-from PI 2019 --study he_2012_2019",
        "where-from aEDI --study he_2012_2019",
        "revisions",
        "reproduce",
        "diff 1 2",
        "tables PI",
        "describe model.fit",
        "known he_2012_2019",
        "audit",
        "replicate",
    ],
)
def test_who_asks_again_and_again_opens_a_release_once(
    two_vintages, run, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, opened, connect = two_vintages.home, [], duckdb.connect

    def noted(path, *others, **settings):
        opened.append(Path(path).resolve())
        return connect(path, *others, **settings)

    monkeypatch.setattr(duckdb, "connect", noted)
    run(home, *words.split())
    assert opened.count(home.published.resolve()) == 1


@pytest.mark.parametrize("command", commands(None), ids=lambda command: command.name)
def test_help_has_examples_that_the_command_understands(command) -> None:
    assert command.examples
    parser = parser_of([command])
    for line in command.examples:
        program, *arguments = shlex.split(line.partition(" > ")[0])
        assert program == "yearbook"
        assert parser.parse_args(arguments).run is command.run


@pytest.mark.parametrize("command", commands(None), ids=lambda command: command.name)
def test_help_says_what_the_command_does_and_what_each_argument_is(
    command, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        parser_of([command]).parse_args([command.name, "--help"])
    told = capsys.readouterr().out
    assert f"\n{command.help[0].upper()}{command.help[1:]}.\n" in told
    own = argparse.ArgumentParser()
    command.arguments(own)
    assert [action.dest for action in own._actions if not action.help] == []


def test_json_has_the_fields_of_the_rows(refreshed, run) -> None:
    def told(*arguments: str) -> dict:
        return json.loads(run(refreshed.home, *arguments, "--json").out)

    found = told("tables", "贫困")
    assert "PI" in {entry["key"] for entry in found["entries"]}
    assert "current.result" in told("describe", "result")
    (value, *_) = told("where-from", "EG", "2012", "--study", "gansu_gdp_revised")["values"]
    assert value["value"]["unit"] == "10k_cny_per_person"
    assert {each["cell"] for each in value["inputs"]}
    parts = {each["part"]: each for each in told("status")["parts"]}
    assert parts["documents"]["is_known"]
    assert parts["documents"]["lines"][0].startswith("documents  8 in force")
    rules = {each["rule"] for each in told("audit")["findings"]}
    assert rules
    found = told("revisions")
    assert {each["indicator"] for each in found["revisions"]} <= {
        each["indicator"] for each in found["indicators"]
    }
    of_one = told("revisions", "--indicator", "gross_product")["first_prints"]
    every = found["first_prints"]
    assert of_one == [each for each in every if each["indicator"] == "gross_product"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_offers_every_command_and_its_options(refreshed, run, shell: str) -> None:
    script = run(refreshed.home, "completion", shell).out
    assert all(command.name in script for command in commands(None))
    assert "as-of" in script
    if shell == "bash":
        ask = "COMP_WORDS=(yearbook quer); COMP_CWORD=1; _yearbook; echo ${COMPREPLY[@]}"
        done = subprocess.run(
            ["bash", "-c", f"{script}\n{ask}"], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "query"


def test_a_refresh_says_how_long_the_one_before_took(two_vintages) -> None:
    assert re.search(r"^The refresh before took \d+ s; ", two_vintages.answer.err, re.MULTILINE)


def test_a_run_is_named_by_what_came_in_and_by_its_checks(two_vintages) -> None:
    with sqlite3.connect(
        f"file:{two_vintages.home.dagster}/history/runs.db?mode=ro", uri=True
    ) as db:
        tags = dict(db.execute("select key, value from run_tags order by id"))  # the last run's
    assert "made_revision/2025" in tags["yearbook/documents"]
    assert re.fullmatch(r"\d+, of which 0 block", tags["yearbook/checks_not_passed"])


def test_recovered_sample_is_labelled(shown: str) -> None:
    (line,) = (x for x in shown.splitlines() if x.startswith("Sample recovered:"))
    assert "n = 8" in line
    assert "RECOVERED sample" in line
    assert "not official data" in line


def test_study_without_data_is_skipped_visibly(shown: str) -> None:
    page = shown.split("\nchina_2012_2019: ")[1].split("=" * 100)[0]
    assert "Sample latest: NOT FITTED. 0 observations are too few for 4 regressors" in page
    assert "2012 lacks PI: no print of poverty incidence for 2012" in page


def test_study_with_too_few_years_is_refused_with_its_numbers(shown: str) -> None:
    page = shown.split("\ngansu_official_2012_2019: ")[1].split("=" * 100)[0]
    assert "NOT FITTED. 2 observations are too few for 2 regressors and a constant" in page
    assert "Table 5" not in page


def test_second_refresh_finds_nothing_new(home: Home, run, tools) -> None:
    before = tools.published_state(home)
    answer = run(home, "refresh")
    assert answer.code == 0
    assert "new: 0\nchanged: 0\nunchanged: 8\n" in answer.out
    assert "Nothing is new: no work was done." in answer.out
    assert tools.published_state(home) == before


def test_touched_file_is_no_work(home: Home, run, tools) -> None:
    before = tools.published_state(home)
    for path in (home.landing / "nbs_regional_annual/2023").iterdir():
        os.utime(path, (2_000_000_000, 2_000_000_000))
    answer = run(home, "refresh")
    assert (answer.code, "Nothing is new: no work was done." in answer.out) == (0, True)
    assert tools.published_state(home) == before


def test_query_as_table_csv_and_json(refreshed, run) -> None:
    sql = "select reference_year, value from raw.observation where source = 'gansu_population'"
    sql += " and reference_year >= 2018 order by 1"
    table = run(refreshed.home, "query", sql)
    assert [line.split() for line in table.out.splitlines() if line.strip()][-3:] == [
        ["2018", "2637.0"],
        ["2019", "2647.0"],
        ["2", "rows"],
    ]
    rows = list(csv.reader(io.StringIO(run(refreshed.home, "query", sql, "--format", "csv").out)))
    assert rows == [["reference_year", "value"], ["2018", "2637.0"], ["2019", "2647.0"]]
    assert json.loads(run(refreshed.home, "query", sql, "--format", "json").out) == [
        {"reference_year": 2018, "value": 2637.0},
        {"reference_year": 2019, "value": 2647.0},
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "delete from raw.observation",
        "create table raw.mine as select 1",
        "attach '/tmp/other.duckdb'",
        "copy raw.observation to '/tmp/out.csv'",
        "set threads = 1",
        "select * from read_csv('/etc/passwd')",
        "from '/etc/hostname.csv'",
        "select 1; select 2",
        "select * from no.such_table",
        "selct 1",
    ],
)
def test_query_refuses_all_but_reading(refreshed, run, tools, sql: str) -> None:
    before = tools.published_state(refreshed.home)
    answer = run(refreshed.home, "query", sql)
    assert answer.code == 1
    assert answer.out == ""
    assert answer.err.strip()
    assert "Traceback" not in answer.err
    assert tools.published_state(refreshed.home) == before


@pytest.mark.parametrize(
    ("year", "first_printed", "latest"),
    # gross product over population as printed: 5650.2 / 2578 and 5393.1 / 2550 for 2012;
    # 8718.3 / 2647 and 8718.3 / 2509 for 2019, rounded to four digits
    [("2012", 2.192, 2.115), ("2019", 3.294, 3.475)],
)
def test_where_from_names_formula_and_cells(
    refreshed, run, year: str, first_printed: float, latest: float
) -> None:
    answer = run(refreshed.home, "where-from", "EG", year, "--study", "gansu_gdp_revised")
    assert answer.code == 0
    lines = [line.strip() for line in answer.out.splitlines()]
    values = [float(line.split()[1]) for line in lines if line.startswith("value")]
    assert values == pytest.approx([first_printed, latest], abs=0.0005)  # as rounded in print
    assert lines.count(f"input    gross_product {year} =") == 0
    assert sum(line.startswith(f"input    gross_product {year}") for line in lines) == 2
    assert sum(", cell " in line and ", table " in line for line in lines) == 4
    assert sum(line.startswith("sha256 ") for line in lines) == 4
    assert any("nbs_regional_annual/2023/annual.xlsx, table 1, sheet" in line for line in lines)


def test_where_from_tells_samples_with_the_same_cells_once(refreshed, run) -> None:
    asked = ("where-from", "PI", "2015", "--region", "甘肃", "--study", "gansu_official_2012_2019")
    told = run(refreshed.home, *asked).out
    assert told.count("  study gansu_official_2012_2019, samples first_printed, latest\n") == 1
    assert told.count(", region ") == told.count("  missing: ") == 1
    values = json.loads(run(refreshed.home, *asked, "--json").out)["values"]
    assert [each["value"]["sample"] for each in values] == ["first_printed", "latest"]


def test_where_from_of_a_figure_has_every_print_the_one_that_counts_first(refreshed, run) -> None:
    told = run(refreshed.home, "where-from", "地区生产总值", "2012", "--region", "Gansu").out
    lines = [line.strip() for line in told.splitlines()]
    # printed on the two pages: 5393.1 by the edition of 2023, 5650.2 by that of 2018
    assert lines.index("value    5393.1 100m_cny") < lines.index("also     5650.2 100m_cny")
    assert "nbs_regional_accounts/2018/accounts.csv, table 1, cell H5" in told
    prints = json.loads(
        run(
            refreshed.home, "where-from", "gross_product", "2012", "--region", "CN-GS", "--json"
        ).out
    )["prints"]
    assert [(each["place"], each["edition"]) for each in prints] == [(1, 2023), (2, 2018)]


def test_where_from_names_the_very_cell(refreshed, run) -> None:
    out = run(refreshed.home, "where-from", "EG", "2012", "--study", "gansu_gdp_revised").out
    assert "printed '5650.2' under “地区生产总值”, unit 亿元" in out
    assert "nbs_regional_accounts/2018/accounts.csv, table 1, cell H5" in out
    lines = (REPOSITORY / "landing/nbs_regional_accounts/2018/accounts.csv").read_bytes()
    # the file itself, line 5, column H
    assert lines.decode("gb18030").splitlines()[4].split(",")[7] == "5650.2"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("XX", "2012"),
            "There is no index, indicator or, with --region, column of the provinces 'XX'; there "
            "are PI, AIG, IM, CEI, aEDI, EG, gross_product,",
        ),
        (("gross_product",), "Which year is meant? Write it behind the name: where-from gross_"),
        (("XX",), "There is no coefficient or claim 'XX'; there are AIG, EG, IM, aEDI."),
        (
            ("EG", "--study", "he_2012_2019", "--sample", "latest"),
            "EG is a result of he_2012_2019; none has what --study,",
        ),
        (("EG", "1900"), "EG of 1900 is not in any study."),
        (("PI", "2015", "--region", "云南"), "PI of 2015 of CN-YN is not in any study."),
        (("gross_product", "1900"), "gross_product is not printed for 1900. `yearbook tables "),
        (
            ("EG", "2012", "--study", "none"),
            "There is no study 'none'; there are china_2012_2019, ",
        ),
    ],
)
def test_where_from_says_what_is_not_there(refreshed, run, arguments, said: str) -> None:
    answer = run(refreshed.home, "where-from", *arguments)
    assert (answer.code, answer.out) == (1, "")
    assert said in answer.err


def test_where_from_of_a_coefficient_has_its_fit_rows_and_cells(refreshed, run) -> None:
    asked = ("where-from", "IM", "--study", "he_2012_2019")
    short = run(refreshed.home, *asked).out
    assert len(short.splitlines()) < 50
    assert "  method   PI ~ AIG + IM + aEDI + EG, each variable" in short
    assert "n = 8, 3 degrees of freedom\n" in short
    assert "RECOVERED sample: computed from a paper's tables" in short
    assert "40 printed figures in 1 document\n" in short  # five variables of eight years
    told = json.loads(run(refreshed.home, *asked, "--json").out)
    assert {each["estimator"] for each in told["coefficients"]} == {"ols", "ridge"}
    printed = list(csv.reader(io.StringIO((REPOSITORY / SAMPLE).read_text(encoding="utf-8"))))
    fitted = {(each["variable"], each["reference_year"]): each["value"] for each in told["rows"]}
    for each in told["figures"]:
        line = printed[int(each["cell"].removeprefix("D")) - 1]
        assert line[:4] == [
            each["indicator"],
            "CN-GS",
            str(each["input_year"]),
            each["printed_value"],
        ]
        assert each["value"] == float(line[3])
        assert fitted[each["indicator"], each["input_year"]] == each["value"]
    assert len(told["figures"]) == len(fitted) == 40
    every = run(refreshed.home, *asked, "--all").out
    assert every.count(f"\n    {SAMPLE.removeprefix('landing/')}, table 1, cell D") == 40
    assert "permutation" in every


def test_where_from_says_why_a_value_is_missing(refreshed, run) -> None:
    answer = run(refreshed.home, "where-from", "IM", "2012", "--study", "china_2012_2019")
    assert answer.code == 0
    assert "study china_2012_2019, samples first_printed, latest\n  missing: " in answer.out


def test_status_before_and_after(refreshed, run, tools, tmp_path: Path) -> None:
    empty = Home(tmp_path / "empty").prepare()
    tools.small_landing(empty.landing)
    before = run(empty, "status")
    assert before.code == 0
    assert "documents  0 in force, 8 waiting, 0 refused" in before.out
    assert "waiting: gansu_population/2019" in before.out
    assert "published  nothing yet; run `yearbook refresh`" in before.out
    assert "last run   none" in before.out
    after = run(refreshed.home, "status")
    assert after.code == 0
    assert "documents  8 in force, 0 waiting, 0 refused" in after.out
    assert "published  vintage 0001-" in after.out
    assert ": SUCCESS, ended " in after.out
    assert "1 not passed" in after.out  # the paper contradicts itself
    assert "WARN model/audit_finding: papers_do_not_contradict_themselves" in after.out


@pytest.mark.parametrize(
    "arguments", [("query", "select 1"), ("where-from", "EG", "2012")], ids=lambda a: a[0]
)
def test_before_the_first_refresh_the_next_step_is_named(
    run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    answer = run(Home(tmp_path), *arguments)
    assert answer.code == 1
    assert "nothing is published yet. Run `yearbook refresh`." in answer.err


@pytest.mark.parametrize("arguments", [(), ("refreshh",), ("query",), ("where-from", "EG", "x")])
def test_wrong_usage_is_exit_code_2(tmp_path: Path, run, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(Home(tmp_path), *arguments)
    assert caught.value.code == 2


def test_refresh_of_an_empty_landing_says_so(tmp_path: Path, run) -> None:
    answer = run(Home(tmp_path), "refresh")
    assert "holds no document" in answer.err
    assert "landing/README.md" in answer.err
    assert not (tmp_path / "warehouse.duckdb").exists()
    assert answer.code == 1


def test_the_installed_command_and_a_closed_pipe(refreshed) -> None:
    command = [str(Path(sys.prefix) / "bin/yearbook"), "query", "from raw.observation"]
    environment = {**os.environ, "YEARBOOK_HOME": str(refreshed.home.root)}
    with subprocess.Popen(
        [*command, "--format", "json"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_the_duckdb_1_5_command_opens_the_published_file(refreshed) -> None:
    command = Path(sys.prefix) / "bin/duckdb"
    if not command.exists():
        pytest.skip("the PyPI package duckdb-cli is not installed")
    version = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith("v1.5")
    counted = subprocess.run(
        [
            *(command, "-readonly", "-csv", "-noheader", refreshed.home.published),
            "select count(*) from raw.observation",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert counted.stdout.strip() == "102"  # 10 + 40 + 18 + 2 + 28 + 4 figures


def test_replicate_counts_hes_numbers_by_verdict(refreshed, run) -> None:
    answer = run(refreshed.home, "replicate", "he_2012_2019")
    assert answer.code == 0
    assert "of 82 printed numbers 80 reproduced, 0 within rounding, 2 differs, 0 not" in answer.out
    unknown = run(refreshed.home, "replicate", "no_such_study")
    assert "There is no published study, or folder 'no_such_study'" in unknown.err


def test_the_audit_flags_what_the_paper_gets_wrong_and_nothing_else(refreshed, run) -> None:
    answer = run(refreshed.home, "audit", "he_gansu_paper")
    assert answer.code == 0
    flagged = [line.split() for line in answer.out.splitlines() if " inconsistent " in line]
    places = [" ".join(words[1:4]) for words in flagged if words[0] == "inconsistent"]
    # Tables 2-6: the range of CEI, the minimum of EG, R² of Table 4, p of AIG (by two rules); the
    # text: R², the significance of AIG, the size of EG's effect, "434 IM".
    assert places == [
        *("Table 2 B5", "Table 2 B6", "Table 4 A2", "Table 6 E3", "Table 6 E3"),
        *("text A3 R2", "text A6 p", "text A9 elasticity_at_means", "text ridge equation"),
    ]
    assert "Claim A6 does not hold" in answer.out
    unknown = run(refreshed.home, "audit", "no_such_paper")
    assert unknown.code == 1
    assert "There is no audited paper 'no_such_paper'; there are he_gansu_paper." in unknown.err


@pytest.mark.slow  # a refresh of its own
def test_recover_files_a_sample_that_the_next_refresh_takes_in(home, run) -> None:
    command = ("recover", "he_gansu_paper", "--samples", "2", "--file-as", "recovered_again")
    answer = run(home, *command)
    assert answer.code == 0
    assert "Table 4: ols R2 = 0.998" in answer.out
    assert "Table 6: ridge p of AIG = 0.043" in answer.out
    assert "the smallest such set: proved" in answer.out
    assert "2 RECOVERED samples (not official data)" in answer.out
    [card] = home.landing.glob("recovered_again/*/card.yaml")
    assert "NOT official figures" in card.read_text(encoding="utf-8")
    taken = run(home, "refresh")
    assert "new: 1 (recovered_again/" in taken.out
    counted = run(home, "query", "select count(*) > 100 from model.recovery", "--format", "csv")
    assert counted.out.splitlines()[1] == "True"
    assert run(home, "recover", "no_such_paper").code == 1


def test_a_command_is_loaded_alone_and_every_other_word_loads_all() -> None:
    every = [command.name for command in commands(None)]
    for name in every:
        assert [command.name for command in commands(name)] == [name]
    for word in ("", "key", "command", "--help", "qery"):
        assert [command.name for command in commands(word)] == every
