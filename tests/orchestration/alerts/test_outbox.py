"""Nothing lost and nothing twice: sinks that are down, processes that die, several senders."""

import multiprocessing
import os
import signal
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assets.warehouse.home import Home
from orchestration.alerts.delivery import deliver
from orchestration.alerts.look import outbox_of
from orchestration.alerts.message import Message, Notice, Observation
from orchestration.alerts.outbox import Outbox
from orchestration.alerts.settings import Settings
from orchestration.alerts.sinks.chat_webhook import Webhook
from orchestration.alerts.sinks.log_file import LogFile
from orchestration.alerts.sinks.sink import NotAccepted, PerhapsAccepted, Sink

Observe = Callable[..., Observation]


class Recorder:
    """A sink in memory that does as it is told."""

    name = "webhook"
    may_digest = True

    def __init__(self) -> None:
        self.taken: list[Notice] = []
        self.behaves: Exception | None = None

    def send(self, notice: Notice) -> str:
        if self.behaves is not None:
            raise self.behaves
        self.taken.append(notice)
        return ""

    def has(self, notice: Notice) -> bool | None:
        return None

    def numbers(self) -> list[int]:
        return [number for notice in self.taken for number in notice.numbers]


@pytest.fixture
def outbox(home: Home) -> Outbox:
    return outbox_of(home)


@pytest.fixture
def sink() -> Recorder:
    return Recorder()


def settings(*sinks: Sink) -> Settings:
    return Settings(sinks, "http://127.0.0.1:3000", (), ("very-secret-token",))


def test_a_cause_is_one_message_until_it_passes_and_comes_again(
    outbox: Outbox, sink: Recorder, observe: Observe, clock: Any
) -> None:
    raised = []
    for names in (["a"], ["a"], ["a", "b"], ["b"], ["a", "b"]):
        raised.append(outbox.post([observe(*names)], ["webhook"], clock.now))
        deliver(outbox, settings(sink), clock, heed_rests=False)
    assert raised == [1, 0, 1, 0, 1]
    assert sink.numbers() == [1, 2, 3]
    assert outbox.standing() == ("test/a", "test/b")


def test_a_run_is_looked_at_once(outbox: Outbox, observe: Observe) -> None:
    assert outbox.post_run("r1", 1.0, [observe("a")], ["log"], 2.0) == 1
    assert outbox.post_run("r2", 3.0, [observe()], ["log"], 4.0) == 0
    assert outbox.post_run("r1", 1.0, [observe("a")], ["log"], 5.0) == 0
    assert outbox.standing() == ()
    assert outbox.seen_runs() == {"r1": 1.0, "r2": 3.0}
    outbox.forget_runs(2.0)
    assert outbox.seen_runs() == {"r2": 3.0}


def test_what_fails_in_the_middle_is_undone_whole(outbox: Outbox, observe: Observe) -> None:
    bad = Observation("bad/", (Message("bad/x", "error", None, ""),))  # type: ignore[arg-type]
    with pytest.raises(sqlite3.IntegrityError):
        outbox.post_run("r1", 1.0, [observe("a"), bad], ["log"], 2.0)
    assert (outbox.standing(), outbox.seen_runs(), outbox.deliveries("waiting")) == ((), {}, ())


def test_down_for_three_refreshes_then_up(
    outbox: Outbox, observe: Observe, clock: Any, chat: Any, tmp_path: Path
) -> None:
    closed = chat.port
    log = LogFile(tmp_path / "alerts.log")
    chat.status = 503
    stages = [("a",), ("a", "b"), ("a", "b", "c")]
    for place, names in enumerate(stages):
        # first no one listens at all, then the service answers that it is out of order
        url = "http://127.0.0.1:1/none" if place == 0 else chat.url
        outbox.post([observe(*names)], ["log", "webhook"], clock.now)
        sent = deliver(outbox, settings(log, Webhook("slack", url)), clock, heed_rests=False)
        assert sent == 0
        assert len(outbox.deliveries("waiting", sink="webhook")) == len(names)
    assert chat.taken == []
    chat.status = 200
    up = settings(log, Webhook("slack", f"http://127.0.0.1:{closed}/x"))
    assert deliver(outbox, up, clock, heed_rests=False) == 3
    assert chat.numbers() == [1, 2, 3]
    assert deliver(outbox, up, clock, heed_rests=False) == 0
    assert chat.numbers() == [1, 2, 3]
    assert log.path.read_text().count("[#") == 3
    assert outbox.deliveries("waiting", "sending", "doubtful") == ()


def test_a_storm_after_an_outage_is_one_digest(
    outbox: Outbox, sink: Recorder, observe: Observe, clock: Any
) -> None:
    sink.behaves = NotAccepted("down")
    outbox.post([observe(*"abcdefgh")], ["webhook"], clock.now)
    deliver(outbox, settings(sink), clock, heed_rests=False)
    sink.behaves = None
    assert deliver(outbox, settings(sink), clock, heed_rests=False) == 8
    (digest,) = sink.taken
    assert digest.numbers == tuple(range(1, 9))


def test_a_sink_that_fails_rests_longer_each_time(
    outbox: Outbox, sink: Recorder, observe: Observe, clock: Any
) -> None:
    outbox.post([observe("a")], ["webhook"], clock.now)
    sink.behaves = NotAccepted("down")
    tried = []
    for second in range(0, 4000, 10):
        clock.now = 1e9 + second
        before = outbox.deliveries("waiting")[0].attempts
        deliver(outbox, settings(sink), clock, heed_rests=True)
        if outbox.deliveries("waiting")[0].attempts > before:
            tried.append(second)
    assert tried == [0, 30, 90, 210, 450, 930, 1890, 3810]
    sink.behaves = None
    deliver(outbox, settings(sink), clock, heed_rests=False)  # the command line does not wait
    assert sink.numbers() == [1]


def test_a_clock_that_goes_back_holds_no_message_up(
    outbox: Outbox, sink: Recorder, observe: Observe, clock: Any
) -> None:
    outbox.post([observe("a")], ["webhook"], clock.now)
    sink.behaves = NotAccepted("down")
    deliver(outbox, settings(sink), clock, heed_rests=True)
    clock.now -= 86_400.0
    sink.behaves = None
    assert deliver(outbox, settings(sink), clock, heed_rests=True) == 1


def test_a_broken_connection_is_not_repeated_and_is_told_of(
    outbox: Outbox, sink: Recorder, observe: Observe, clock: Any
) -> None:
    outbox.post([observe("a")], ["webhook"], clock.now)
    sink.behaves = PerhapsAccepted("no answer from very-secret-token")
    deliver(outbox, settings(sink), clock, heed_rests=False)
    (doubtful,) = outbox.deliveries("doubtful")
    assert doubtful.remark == "no answer from ***"
    sink.behaves = None
    deliver(outbox, settings(sink), clock, heed_rests=False)
    assert sink.taken == []
    outbox.post([observe("a", "b")], ["webhook"], clock.now)
    deliver(outbox, settings(sink), clock, heed_rests=False)
    outbox.post([observe("a", "b", "c")], ["webhook"], clock.now)
    deliver(outbox, settings(sink), clock, heed_rests=False)
    assert sink.numbers() == [2, 3]
    assert ["#1 was being sent" in notice.body for notice in sink.taken] == [True, False]


def die_while_sending(home: Path, after: bool, url: str) -> None:
    """In a process of its own: hand over to log and webhook, and be killed before it is noted."""

    class KillingLog(LogFile):
        def send(self, notice: Notice) -> str:
            if after:
                super().send(notice)
            else:
                with self.path.open("a") as file:  # half an entry
                    file.write("2027-01-15 08:00 UTC  yearb")
            os.kill(os.getpid(), signal.SIGKILL)
            return ""

    class KillingWebhook(Webhook):
        def send(self, notice: Notice) -> str:
            if after:
                super().send(notice)
            os.kill(os.getpid(), signal.SIGKILL)
            return ""

    outbox = outbox_of(Home(home))
    log = KillingLog(home / "alerts.log")
    chosen: Sink = KillingWebhook("slack", url) if url else log
    deliver(outbox, settings(chosen), lambda: 2.0, heed_rests=False)


def killed(*arguments: object) -> None:
    child = multiprocessing.get_context("fork").Process(target=die_while_sending, args=arguments)
    child.start()
    child.join(30)
    assert child.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("after", [True, False])
def test_killed_between_writing_and_noting_the_log_holds_each_entry_once(
    home: Home, outbox: Outbox, observe: Observe, clock: Any, after: bool
) -> None:
    outbox.post([observe("a", "b")], ["log"], clock.now)
    killed(home.root, after, "")
    assert [one.posted.number for one in outbox.deliveries("sending")] == [1]
    log = LogFile(home.root / "alerts.log")
    for _ in range(2):
        deliver(outbox, settings(log), clock, heed_rests=False)
    lines = log.path.read_text().splitlines()
    assert [line[22:] for line in lines if "[#" in line] == [
        "yearbook: ERROR cause a [#1]",
        "yearbook: ERROR cause b [#2]",
    ]
    assert outbox.deliveries("waiting", "sending", "doubtful") == ()


@pytest.mark.parametrize("after", [True, False])
def test_killed_between_sending_and_noting_a_webhook_gets_it_no_second_time(
    home: Home, outbox: Outbox, observe: Observe, clock: Any, chat: Any, after: bool
) -> None:
    outbox.post([observe("a")], ["webhook"], clock.now)
    killed(home.root, after, chat.url)
    webhook = Webhook("slack", chat.url)
    deliver(outbox, settings(webhook), clock, heed_rests=False)
    assert chat.numbers() == ([1] if after else [])
    assert [one.posted.number for one in outbox.deliveries("doubtful")] == [1]
    outbox.post([observe("a", "b")], ["webhook"], clock.now)
    deliver(outbox, settings(webhook), clock, heed_rests=False)
    assert chat.numbers() == ([1, 2] if after else [2])
    assert "#1 was being sent" in chat.texts()[-1]


def test_many_senders_at_once_send_each_message_once(
    outbox: Outbox, sink: Recorder, observe: Observe, clock: Any
) -> None:
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            scope = f"{name}/"
            for number in range(5):
                found = Observation(scope, (Message(f"{scope}{number}", "error", name, ""),))
                outbox.post([found], ["webhook"], clock.now)
                deliver(outbox, settings(sink), clock, heed_rests=False)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(f"t{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    deliver(outbox, settings(sink), clock, heed_rests=False)
    assert failures == []
    assert sorted(sink.numbers()) == list(range(1, 21))


def test_a_log_that_cannot_be_written_keeps_its_messages(
    home: Home, outbox: Outbox, observe: Observe, clock: Any
) -> None:
    path = home.root / "alerts.log"
    path.mkdir()
    outbox.post([observe("a")], ["log"], clock.now)
    deliver(outbox, settings(LogFile(path)), clock, heed_rests=False)
    (waiting,) = outbox.deliveries("waiting")
    assert "Is a directory" in waiting.remark
    path.rmdir()
    deliver(outbox, settings(LogFile(path)), clock, heed_rests=False)
    assert path.read_text().count("[#1]") == 1
