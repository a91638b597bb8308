"""A coverage-guided fuzzer over every reader and the card: nothing but refusals may come of it.

    uv run --group fuzz python -m benchmarks.fuzz_readers .csv --seconds 300

Kinds: .csv .xlsx .xls .ods .html .pdf card. It begins with the sound documents of the tests and
keeps each input that reaches a line of the readers which none before it reached. Whatever is raised
but a refusal, and whatever takes more than a minute or 4 GB, ends it with the input in a file.
Beside it stands `tests/extracts/test_fuzz.py`, which knows nothing of coverage and needs no fuzzer.
"""

import argparse
import os
import sys
import tempfile
import warnings
from pathlib import Path
from types import ModuleType

import atheris

from benchmarks.small_landing import catalogue

with atheris.instrument_imports(include=["assets.extracts", "xlrd", "pdfplumber", "openpyxl"]):
    from assets.extracts.errors import DocumentError
    from assets.extracts.landed.reading import Task, read_whole
    from assets.extracts.landed.survey import landed_documents

KINDS = (".csv", ".xlsx", ".xls", ".ods", ".html", ".pdf", "card")
SECONDS_OF_ONE = 60
MEMORY_MB = 4000


def sound(made: ModuleType, kind: str, landing: Path) -> bytes:
    """A document, or a card, that nothing is wrong with."""
    if kind == "card":
        made.write_csv(landing)
        return (landing / made.SOURCE / "2020" / "card.yaml").read_bytes()
    if kind == ".csv":
        return bytes(made.CSV.encode())
    if kind == ".pdf":
        return bytes(made._pdf_of())
    books = {".xlsx": "xlsx", ".xls": "xls", ".ods": "ods", ".html": "html_page"}
    return bytes(getattr(made.containers, books[kind])(made.BOOK, made.BOOK_BLOCKS))


def main() -> None:
    """Fuzz one kind; the counts are libFuzzer's own, and of refusals."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    folder = Path(tempfile.mkdtemp(dir=os.environ.get("TMPDIR")))
    made, landing = catalogue(), folder / "landing"
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "sound").write_bytes(sound(made, options.kind, landing))
    seen = {"tries": 0, "refused": 0}

    def try_one(data: bytes) -> None:
        seen["tries"] += 1
        if options.kind == "card":
            made.write_csv(landing)
            (landing / made.SOURCE / "2020" / "card.yaml").write_bytes(data)
        elif options.kind == ".csv":
            made.write_csv(landing, data)
        else:
            made.write_container(landing, options.kind, data)
        [landed] = landed_documents(landing)
        try:
            read_whole(Task(landed, landing, 2026, None))
        except DocumentError as error:
            f"{error.file}{error}".encode()  # what a terminal is given
            seen["refused"] += 1
        if seen["tries"] % 500 == 0:
            print(f"{options.kind}: {seen['tries']} tries, {seen['refused']} refused", flush=True)

    given = [
        f"-max_total_time={options.seconds}",
        f"-timeout={SECONDS_OF_ONE}",
        f"-rss_limit_mb={MEMORY_MB}",
        f"-seed={options.seed}",
        f"-artifact_prefix={folder}/",
        "-max_len=200000",
        "-verbosity=1",
        str(corpus),
    ]
    atheris.Setup([sys.argv[0], *given], try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
