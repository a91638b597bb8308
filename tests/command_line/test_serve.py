"""Answers that can stand alone: over HTTP for many at once, and to an assistant over stdio."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from orchestration.answers.answer import MAX_ROWS, answered

ROOT = Path(__file__).parents[2]
TOKEN = "t" * 40


def test_an_answer_has_its_sql_vintage_cells_and_caveats(two_vintages: Any) -> None:
    home = two_vintages.home
    sql = (
        "select region, indicator, reference_year, value, source, edition from latest.figure "
        "where indicator = 'gross_product' and region = 'CN-GS' and reference_year = 2012"
    )
    answer = answered(home, sql)
    assert answer.sql == sql
    assert answer.vintage.startswith("0002-")
    (cell,) = answer.cells
    assert (cell.file, cell.cell, cell.printed_value) == (
        "made_revision/2025/figures.csv",
        "D2",
        "5500.0",
    )
    assert any("typed from their source" in each for each in answer.caveats) == cell.retyped


def test_what_is_not_official_is_said(two_vintages: Any) -> None:
    home = two_vintages.home
    recovered = "select study, result, verdict from current.result where study = 'he_2012_2019'"
    assert any(each.startswith("RECOVERED") for each in answered(home, recovered).caveats)
    official = "select study, result from current.result where study like 'gansu_official%'"
    assert not any("RECOVERED" in each for each in answered(home, official).caveats)
    silent = answered(home, "select term, coefficient from model.coefficient").caveats
    assert any("he_2012_2019 (recovered)" in each for each in silent)
    assert any("once for each vintage" in each for each in silent)


def test_an_index_value_leads_to_its_cells(two_vintages: Any) -> None:
    answer = answered(
        two_vintages.home,
        "select study, sample, index_id, reference_year, value from indices.index_value "
        "where study = 'gansu_gdp_revised' and sample = 'latest' and index_id = 'EG' "
        "and reference_year = 2012",
    )
    assert {cell.indicator for cell in answer.cells} == {"gross_product", "population_year_end"}
    assert "D2" in {cell.cell for cell in answer.cells if cell.source == "made_revision"}


def test_many_rows_are_cut_and_counted(two_vintages: Any) -> None:
    answer = answered(two_vintages.home, "select * from model.specification")
    assert len(answer.rows) == MAX_ROWS < answer.rows_in_all
    assert any(f"first {MAX_ROWS} of" in each for each in answer.caveats)


@pytest.fixture(scope="module")
def served(two_vintages: Any) -> Iterator[str]:
    """`yearbook serve` as a process of its own; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "orchestration.commands.entry", "serve", "--port", str(port)]
    home = {"YEARBOOK_HOME": str(two_vintages.home.root), "YEARBOOK_UI_TOKEN": TOKEN}
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **home}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert f"http://127.0.0.1:{port}/?token={TOKEN}" in process.stdout.readline()
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                httpx.get(address)
                break
            except httpx.TransportError:
                time.sleep(0.2)
        yield address
        process.terminate()
        assert process.wait(20) == 0


def asked(address: str, sql: str, **headers: str) -> httpx.Response:
    own = {"Origin": address, "Cookie": f"yearbook_{address.rpartition(':')[2]}={TOKEN}"}
    return httpx.post(f"{address}/query", json={"sql": sql}, headers=own | headers, timeout=60)


def test_many_ask_at_once_and_nobody_can_write(served: str) -> None:
    sql = "select study, verdict, label from current.result"
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: asked(served, sql), range(24)))
    assert {answer.status_code for answer in answers} == {200}
    first = answers[0].json()
    assert all(answer.json() == first for answer in answers)
    assert first["vintage"].startswith("0002-")
    assert first["rows"]
    for refused in ("drop table model.fit", "select 1; select 2", "select * from nowhere", ""):
        answer = asked(served, refused)
        assert answer.status_code == 400
        assert answer.json()["error"]
    leak = asked(served, "select * from read_text('/etc/passwd')")
    assert leak.status_code == 400


def test_the_guard_stands_before_it(served: str) -> None:
    assert httpx.get(served).status_code == 403
    assert asked(served, "select 1", Cookie="").status_code == 403
    assert asked(served, "select 1", Origin="http://elsewhere.example").status_code == 403
    assert asked(served, "select 1", Host="elsewhere.example").status_code == 421
    page = httpx.get(f"{served}/?token={TOKEN}", follow_redirects=True)
    assert "A question to the published warehouse" in page.text


def test_an_assistant_asks_over_stdio(two_vintages: Any) -> None:
    mcp = pytest.importorskip("mcp", reason="dependency group mcp: mcp")
    process = mcp.StdioServerParameters(
        command=sys.executable,
        args=["-m", "orchestration.commands.entry", "serve", "--mcp"],
        env={**os.environ, "YEARBOOK_HOME": str(two_vintages.home.root)},
        cwd=ROOT,
    )

    async def talk() -> dict[str, Any]:
        async with mcp.Client(process) as client:
            tools = (await client.list_tools()).tools
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
            arguments = {
                "find": {"word": "贫困"},
                "tables": {"word": "poverty"},
                "describe": {"table": "current.result"},
                "results": {"study": "he_2012_2019"},
                "figures": {"indicator": "gross_product", "region": "CN-GS", "year": 2012},
                "where_from": {"index": "EG", "year": 2012, "study": "gansu_gdp_revised"},
                "query": {"sql": "delete from model.fit"},
            }
            assert {tool.name for tool in tools} == arguments.keys()
            return {name: await client.call_tool(name, of) for name, of in arguments.items()}

    found = asyncio.run(talk())
    refused = found.pop("query")
    assert refused.is_error
    assert "Expected one SELECT" in refused.content[0].text
    for name, answer in found.items():
        told = answer.structured_content
        assert not answer.is_error, name
        assert told["rows"], name
        assert told["sql"], name
        assert told["vintage"].startswith("0002-"), name
        assert told["cells"] or told["cells_note"], name
    assert found["figures"].structured_content["cells"][0]["cell"] == "D2"
    assert found["where_from"].structured_content["cells"]
    assert any("RECOVERED" in each for each in found["results"].structured_content["caveats"])
