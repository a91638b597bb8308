"""A thousand odd folders beside good ones: the good ones are published, each odd one is refused.

    uv run python -m benchmarks.odd_folders --folders 1000

Each odd folder is of one of the kinds below: files that are no files, names that no file should
have, archives and pages made to fill memory or to go without end, YAML that is more than it looks
like, a document that changes while it is read. Prints for each kind what became of it, the seconds
as a ratio to the same refresh without odd folders, and the peak of memory with and without.
"""

import argparse
import io
import os
import random
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assets.warehouse.home import HOME_VARIABLE, Home
from assets.warehouse.reader import query
from assets.warehouse.store import Store
from benchmarks.small_landing import DOCUMENTS, catalogue, lay_documents

PROJECT = Path(__file__).parents[1]
SPARSE_BYTES = 10 * 1024**3

Make = Callable[[Path, random.Random], object]  # changes a folder with a sound card and gdp.csv


made = catalogue()


def _instead(name: str, make: Callable[[Path], object]) -> Make:
    """Another thing under the name of the card, the document or a file beside them."""

    def change(folder: Path, _: random.Random) -> None:
        path = folder / name
        path.unlink(missing_ok=True)
        make(path)

    return change


def _socket(path: Path) -> None:
    """Names of sockets are short: it is bound from inside its folder."""
    before = os.getcwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path.name)
    finally:
        os.chdir(before)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(SPARSE_BYTES)


def _card(old: str, new: str) -> Make:
    def change(folder: Path, _: random.Random) -> None:
        card = folder / "card.yaml"
        text = card.read_text(encoding="utf-8")
        assert old in text, old
        card.write_bytes(text.replace(old, new, 1).encode("utf-8", "surrogatepass"))

    return change


def _document(suffix: str, data: Callable[[random.Random], bytes]) -> Make:
    """A document of another kind, with a card that is signed for it."""

    def change(folder: Path, chance: random.Random) -> None:
        landing = folder.parents[1]
        shutil.rmtree(folder)
        with tempfile.TemporaryDirectory() as scratch:
            if suffix == ".csv":
                made.write_csv(Path(scratch), data(chance))
            else:
                made.write_container(Path(scratch), suffix, data(chance))
            shutil.copytree(Path(scratch) / made.SOURCE / "2020", folder)
        _name_source(folder, folder.relative_to(landing).parts[0])

    return change


def _name_source(folder: Path, source: str) -> None:
    card = folder / "card.yaml"
    text = card.read_text(encoding="utf-8")
    card.write_text(text.replace(f"source: {made.SOURCE}\n", f"source: {source}\n"), "utf-8")


def _zip_bomb(_: random.Random) -> bytes:
    """A workbook of a few hundred KB that would unpack to 300 MB."""
    bomb = io.BytesIO(made.containers.xlsx(made.BOOK))
    with (
        zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet9.xml", "w") as part,
    ):
        for _ in range(300):
            part.write(bytes(1_000_000))
    return bomb.getvalue()


def _many_parts(_: random.Random) -> bytes:
    found = io.BytesIO(made.containers.xlsx(made.BOOK))
    with zipfile.ZipFile(found, "a") as archive:
        for number in range(3000):
            archive.writestr(f"xl/media/{number}.png", b"")
    return found.getvalue()


def _html_deep(_: random.Random) -> bytes:
    page = made.containers.html_page(made.BOOK)
    return page.replace(b"<td>", b"<td>" + b"<div>" * 20_000, 1)


def _html_rows(_: random.Random) -> bytes:
    page, end = made.containers.html_page(made.BOOK).rsplit(b"</table>", 1)
    return bytes(page + b"<tr>" * 1_100_000 + b"</table>" + end)


def _utf_7(_: random.Random) -> bytes:
    return bytes(made.CSV.encode("utf-7"))


def _random_bytes(chance: random.Random) -> bytes:
    return chance.randbytes(chance.randrange(1, 20_000))


def _spoilt(suffix: str) -> Callable[[random.Random], bytes]:
    kinds = {".xlsx": "xlsx", ".xls": "xls", ".ods": "ods"}

    def data(chance: random.Random) -> bytes:
        sound = bytearray(getattr(made.containers, kinds[suffix])(made.BOOK, made.BOOK_BLOCKS))
        for _ in range(20):
            sound[chance.randrange(len(sound))] = chance.randrange(256)
        return bytes(sound)

    return data


def _loop(folder: Path, _: random.Random) -> None:
    shutil.rmtree(folder)
    folder.symlink_to(folder.name)


def _two_loops(folder: Path, _: random.Random) -> None:
    shutil.rmtree(folder)
    folder.symlink_to(folder.name + "b")
    (folder.parent / (folder.name + "b")).symlink_to(folder.name)


def _in_itself(folder: Path, _: random.Random) -> None:
    (folder / "gdp.csv").unlink()
    (folder / "gdp.csv").symlink_to(folder)


def _renamed(name: bytes) -> Make:
    def change(folder: Path, _: random.Random) -> None:
        os.rename(os.fsencode(folder), os.fsencode(folder.parent) + b"/" + name)

    return change


def _closed(folder: Path, _: random.Random) -> None:
    folder.chmod(0)


def _bomb_of_aliases(folder: Path, _: random.Random) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    (folder / "card.yaml").write_text("\n".join(lines))


def _deep_yaml(folder: Path, _: random.Random) -> None:
    (folder / "card.yaml").write_text("title: " + "[" * 100_000)


def _long_yaml(folder: Path, _: random.Random) -> None:
    (folder / "card.yaml").write_text("# so much\n" * 200_000)


TITLE = "title: Main indicators of Gansu"
KINDS: dict[str, Make] = {
    "card is a pipe": _instead("card.yaml", os.mkfifo),
    "card is a socket": _instead("card.yaml", _socket),
    "card is a device": _instead("card.yaml", lambda path: path.symlink_to("/dev/zero")),
    "card is a folder": _instead("card.yaml", Path.mkdir),
    "card is a link to itself": _instead("card.yaml", lambda path: path.symlink_to("card.yaml")),
    "card of 10 GB of nothing": _instead("card.yaml", _sparse),
    "document is a pipe": _instead("gdp.csv", os.mkfifo),
    "document is a socket": _instead("gdp.csv", _socket),
    "document is a device": _instead("gdp.csv", lambda path: path.symlink_to("/dev/urandom")),
    "document is a folder": _instead("gdp.csv", Path.mkdir),
    "document of 10 GB of nothing": _instead("gdp.csv", _sparse),
    "document is its folder": _in_itself,
    "corrections are a pipe": _instead("corrections.yaml", os.mkfifo),
    "corrections are a device": _instead("corrections.yaml", lambda p: p.symlink_to("/dev/zero")),
    "corrections of 10 GB": _instead("corrections.yaml", _sparse),
    "identifiers are a pipe": _instead("../identifiers.yaml", os.mkfifo),
    "parent is a pipe": lambda folder, chance: (
        os.mkfifo(folder / "parent.yaml"),
        _card(TITLE, f"{TITLE}\nextends: parent.yaml")(folder, chance),
    ),
    "folder is a link to itself": _loop,
    "two links to each other": _two_loops,
    "folder that is closed": _closed,
    "name that is not UTF-8": _renamed(b"caf\xe9"),
    "name with a control": _renamed(b"20\x1b[31m20"),
    "name of 250 letters": _renamed(b"x" * 250),
    "file of 300 letters": _card("gdp.csv", "a" * 300 + ".csv"),
    "tag": _card(TITLE, "title: !!python/name:os.system x"),
    "NUL": _card(TITLE, 'title: "a\\0"'),
    "half a surrogate pair": _card(TITLE, 'title: "\\ud800"'),
    "aliases of gigabytes": _bomb_of_aliases,
    "lists in lists": _deep_yaml,
    "card of 2 MB": _long_yaml,
    "zip bomb": _document(".xlsx", _zip_bomb),
    "3,000 parts": _document(".xlsx", _many_parts),
    "spoilt XLSX": _document(".xlsx", _spoilt(".xlsx")),
    "spoilt XLS": _document(".xls", _spoilt(".xls")),
    "spoilt ODS": _document(".ods", _spoilt(".ods")),
    "page nested 20,000 deep": _document(".html", _html_deep),
    "page of a million rows": _document(".html", _html_rows),
    "PDF of noise": _document(".pdf", _random_bytes),
    "UTF-7": _document(".csv", _utf_7),
    "noise": _document(".csv", _random_bytes),
    "20 MB of line ends": _document(".csv", lambda _: b"\n" * 20_000_000),
    "changes while it is read": lambda folder, _: None,
}
CLOSED = "folder that is closed"
CHANGING = "changes while it is read"


@dataclass(frozen=True, slots=True)
class Cost:
    """One refresh: what it took."""

    seconds: float
    peak_mb: float  # of this process and of the ones that read


def make_folders(landing: Path, folders: int, seed: int) -> dict[str, str]:
    """So many odd folders, the kinds in turn; the kind of each by its source."""
    chance, kinds = random.Random(seed), {}
    for number in range(folders):
        name = list(KINDS)[number % len(KINDS)]
        source = f"odd_{number:04d}"
        with tempfile.TemporaryDirectory() as scratch:
            made.write_csv(Path(scratch))
            shutil.copytree(Path(scratch) / made.SOURCE / "2020", landing / source / "2020")
        _name_source(landing / source / "2020", source)
        KINDS[name](landing / source / "2020", chance)
        kinds[source] = name
    return kinds


def change_without_end(folders: list[Path], stop: threading.Event) -> None:
    """Write each document anew, longer and shorter by turns, until it is told to stop."""
    number = 0
    while not stop.is_set():
        for folder in folders:
            (folder / "gdp.csv").write_text(made.CSV + "x,1\n" * (number % 50), encoding="utf-8")
        number += 1
        stop.wait(0.001)


def refreshed(home: Home) -> tuple[Cost, set[str], dict[str, str]]:
    """Refresh; the cost, what is published, and the message of each refusal by source."""
    began, environment = time.monotonic(), {**os.environ, HOME_VARIABLE: str(home.root)}
    call = "from orchestration.commands.cli import main; raise SystemExit(main())"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", call, "refresh"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    cost = Cost(time.monotonic() - began, peak / 1024)
    if "Traceback" in done.stdout + done.stderr or not home.published.exists():
        raise SystemExit(f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    print(done.stdout[-900:])
    published = query(home, "select source || '/' || edition from raw.document").rows
    refused = Store(home.working).rows("select source, message from raw.quarantine")
    return cost, {str(key) for (key,) in published}, dict(refused)


def main() -> int:
    """Print what became of each kind; 1 where a good one is not published, or an odd one is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folders", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        homes = [Home(Path(folder) / name).prepare() for name in ("good", "odd")]
        for home in homes:
            lay_documents(home.landing)
        alone, _, _ = refreshed(homes[0])
        kinds = make_folders(homes[1].landing, options.folders, options.seed)
        stop = threading.Event()
        changing = [homes[1].landing / s / "2020" for s, kind in kinds.items() if kind == CHANGING]
        writer = threading.Thread(target=change_without_end, args=(changing, stop), daemon=True)
        writer.start()
        cost, accepted, refused = refreshed(homes[1])
        stop.set()
        writer.join()
        for path in homes[1].landing.glob("*/*"):
            if not path.is_symlink():
                path.chmod(0o755)
    became = Counter((kind, source in refused) for source, kind in kinds.items())
    for kind in KINDS:
        print(f"{kind:32}{became[kind, True]:4} refused {became[kind, False]:4} not")
        said = next((refused[s] for s, each in kinds.items() if each == kind and s in refused), "")
        print(f"    {said.splitlines()[0][:150] if said else ''}")
    lost = sorted(set(DOCUMENTS) - accepted)
    odd = sorted(
        source
        for source in {key.split("/")[0] for key in accepted} & kinds.keys()
        if kinds[source] != CLOSED or os.geteuid() != 0  # nothing is closed to root
    )
    print(
        f"{len(kinds)} odd folders: {len(refused)} refused, {len(odd)} accepted; "
        f"of {len(DOCUMENTS)} good ones {len(DOCUMENTS) - len(lost)} are published\n"
        f"{cost.seconds:.0f} s, {cost.seconds / alone.seconds:.0f} times the good ones alone "
        f"({len(kinds) / len(DOCUMENTS):.0f} times as many); peak {cost.peak_mb:.0f} MB, "
        f"alone {alone.peak_mb:.0f} MB"
    )
    return int(bool(lost) or bool(odd))


if __name__ == "__main__":
    sys.exit(main())
