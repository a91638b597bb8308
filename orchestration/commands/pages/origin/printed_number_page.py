"""Printed numbers of published studies: where each stands, and what answers it.

Belongs here: showing them. Not here: computing and judging (`assets/replication/`).
"""

import json
import sys
from dataclasses import dataclass

from assets.release.results.study_lines import JudgedNumber
from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from orchestration.commands.command import OK, PROBLEMS
from orchestration.commands.key import known_key
from orchestration.commands.pages.json_rows import print_json
from orchestration.commands.pages.replication_page import replication_heads
from orchestration.commands.pages.text_table import print_text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Printed(JudgedNumber):
    """Where a printed number stands, and what it is computed from (`printed_origin.sql`)."""

    study: str
    study_title: str
    published_in: str
    contract: str
    content_sha256: str
    source: str | None
    edition: int | None
    title: str | None
    publisher: str | None
    document_sha256: str | None
    data_title: str | None
    data_sha256: str | None


def printed_number_page(home: Home, study: str, cell: str, as_json: bool) -> int:
    """Print where numbers of a published study stand and what answers them; a problem if none."""
    from assets.vintages.current import published_vintage

    vintage = published_vintage(home)
    heads = {head.study: () for head in replication_heads(home, vintage)}
    of = {"study": known_key("published study", study, heads), "vintage": vintage, "cell": cell}
    found = ask(home, "commands/printed_origin", _Printed, of)
    if as_json:
        print_json({"values": found})
        return OK if found else PROBLEMS
    if not found:
        print(
            f"{of['study']} prints no number in '{cell}'. `yearbook replicate {of['study']} --all` "
            "lists them.",
            file=sys.stderr,
        )
        return PROBLEMS
    for each in found:
        print_text(f"{each.what}, table {each.table_number} of {each.study}: {each.study_title}")
        contract = json.loads(each.contract)
        step = contract["steps"].get(each.step, {})
        data = contract["data"].get(step.get("data"), {})
        keys = {key: value for key, value in step.items() if value not in (None, {}, [])}
        for line in (
            f"printed  {each.printed_value!r} in {each.cell}",
            f"         {each.source}/{each.edition}: {each.title}, {each.publisher}"
            if each.source
            else f"         printed.csv of landing/replications/{each.study}",
            f"         sha256 {each.document_sha256 or each.content_sha256}",
            f"computed {'nothing' if each.computed is None else repr(each.computed)}",
            f"         step {each.step}: {json.dumps(keys, ensure_ascii=False)}"
            if each.step
            else "",
            f"data     {data['document']}: {each.data_title}" if data.get("document") else "",
            f"         sha256 {each.data_sha256}" if each.data_sha256 else "",
            f"data     file {data['file']} of the folder" if data.get("file") else "",
            f"verdict  {each.verdict}{f': {each.reason}' if each.reason else ''}",
        ):
            if line:
                print_text(f"  {line}")
    return OK
