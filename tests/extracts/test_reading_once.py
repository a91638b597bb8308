"""What was read ahead of a run is not read again in it, unless the document says something else."""

import os
import time
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from assets.extracts.document import Document
from assets.extracts.errors import DocumentError
from assets.extracts.landed.reading import ReadingProcess, Task, read_whole
from assets.extracts.landed.reading_once import reading_once
from assets.extracts.landed.survey import landed_documents


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keys of the documents that were read, in this process instead of one of its own."""
    keys: list[str] = []

    def here(_: ReadingProcess, task: Task) -> Document:
        keys.append(task.landed.key)
        return read_whole(task)

    monkeypatch.setattr(ReadingProcess, "read", here)
    return keys


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    folder = tmp_path / "landing"
    for edition in ("2019", "2020"):
        (folder / "made" / edition).mkdir(parents=True)
        (folder / "made" / edition / "card.yaml").write_text("source: made\n", encoding="utf-8")
    return folder


def tasks(landing: Path) -> list[Task]:
    return [Task(landed, landing, 2026, None) for landed in landed_documents(landing)]


def test_each_is_read_once_with_the_same_refusal(landing: Path, read: list[str]) -> None:
    first, second = tasks(landing)
    with reading_once() as reader:
        with pytest.raises(DocumentError) as ahead:
            reader.read_ahead(first)
        with reading_once() as inner:
            for task in (first, second):
                with pytest.raises(DocumentError) as refused:
                    inner.read(task)
                if task is first:
                    assert str(refused.value) == str(ahead.value)
    assert read == ["made/2019", "made/2020"]


def test_what_changed_meanwhile_is_read_again(landing: Path, read: list[str]) -> None:
    with reading_once() as reader:
        with pytest.raises(DocumentError):
            reader.read_ahead(tasks(landing)[0])
        (landing / "made/2019/card.yaml").write_text("source: other\n", encoding="utf-8")
        with pytest.raises(DocumentError):
            reader.read(tasks(landing)[0])
    assert read == ["made/2019"] * 2


def test_the_process_ends_with_the_inner_block(landing: Path) -> None:
    with reading_once() as reader, reading_once() as inner:
        process = inner.process.run("nothing", os.getpid)
        assert Path(f"/proc/{process}").exists()
        with reading_once():
            pass
        assert not Path(f"/proc/{process}").exists()
        assert inner is reader
    with reading_once() as another:
        assert another is not reader


def test_what_was_begun_is_read_beside_and_given_in_any_order(
    landing: Path, read: list[str]
) -> None:
    first, second = tasks(landing)
    with reading_once() as reader:
        reader.begin([first, second])
        with pytest.raises(DocumentError) as ahead:
            reader.read_ahead(second)
        reader.begin([second])
        for task in (second, first):
            with pytest.raises(DocumentError) as refused:
                reader.read(task)
            if task is second:
                assert str(refused.value) == str(ahead.value)
    assert read == ["made/2019", "made/2020"]


def test_what_was_begun_ends_with_the_block(landing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody asks for any more is neither waited for nor read after the block."""
    at_work = Event()
    processes: list[int] = []

    def long(process: ReadingProcess, task: Task) -> Document:
        processes.append(process.run("its number", os.getpid))
        at_work.set()
        process.run(task.landed.key, partial(time.sleep, 600))
        raise AssertionError("it was waited for")

    monkeypatch.setattr(ReadingProcess, "read", long)
    with reading_once() as reader:
        reader.begin(tasks(landing))
        assert at_work.wait(60)
    assert len(processes) == 1
    assert not Path(f"/proc/{processes[0]}").exists()
