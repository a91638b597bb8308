"""Payloads and answers of the chat services and of a mail server, over real sockets."""

import base64
import hashlib
import hmac
import json
import smtplib
import traceback
from email import message_from_string
from email.header import decode_header, make_header
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from orchestration.alerts.message import Notice
from orchestration.alerts.sinks.chat_webhook import MOST_BYTES, Webhook, payload, signed
from orchestration.alerts.sinks.mail import Mail
from orchestration.alerts.sinks.sink import NotAccepted, PerhapsAccepted

NOTICE = Notice((7,), 1_800_000_000.0, "yearbook: ERROR 甘肃 <a & b> [#7]", "body\nmore")
TOKEN = "very-secret-token"


def test_slack_payload_escapes_its_three_characters() -> None:
    # https://docs.slack.dev/messaging/formatting-message-text: & < > are escaped, nothing else
    assert payload("slack", NOTICE) == {
        "text": "yearbook: ERROR 甘肃 &lt;a &amp; b&gt; [#7]\n\nbody\nmore"
    }


@pytest.mark.parametrize("kind", ["dingtalk", "wecom"])
def test_dingtalk_and_wecom_take_plain_text(kind: Any) -> None:
    assert payload(kind, NOTICE) == {
        "msgtype": "text",
        "text": {"content": "yearbook: ERROR 甘肃 <a & b> [#7]\n\nbody\nmore"},
    }


@pytest.mark.parametrize("kind", ["slack", "dingtalk", "wecom"])
def test_a_long_text_is_cut_to_what_the_service_takes(kind: Any) -> None:
    found: Any = payload(kind, Notice((7,), 0.0, "title", "长" * 50_000))
    text = found["text"] if kind == "slack" else found["text"]["content"]
    assert MOST_BYTES[kind] - 10 < len(text.encode()) <= MOST_BYTES[kind]


def test_the_signature_is_dingtalks(chat: Any) -> None:
    webhook = Webhook("dingtalk", f"{chat.url}?access_token={TOKEN}", secret="SECret+/=")
    webhook.send(NOTICE)
    given = parse_qs(urlsplit(chat.paths[0]).query)
    assert given["access_token"] == [TOKEN]
    said = f"{given['timestamp'][0]}\nSECret+/="
    expected = hmac.new(b"SECret+/=", said.encode(), hashlib.sha256).digest()
    assert base64.b64decode(given["sign"][0]) == expected
    assert signed("https://h/x", "s", 1).startswith("https://h/x?timestamp=1&sign=")


@pytest.mark.parametrize("kind", ["slack", "dingtalk", "wecom"])
def test_an_accepted_message(chat: Any, kind: Any) -> None:
    assert Webhook(kind, chat.url).send(NOTICE) == ""
    assert chat.taken == [payload(kind, NOTICE)]


@pytest.mark.parametrize(
    ("kind", "status", "answer", "said"),
    [
        ("slack", 404, b"no_service", "answered 404"),
        ("slack", 500, TOKEN.encode(), "answered 500"),
        ("dingtalk", 200, b'{"errcode": 310000, "errmsg": "sign not match"}', "errcode 310000"),
        ("wecom", 200, b'{"errcode": 93000}', "errcode 93000"),
        ("wecom", 200, b"ok", "without an errcode"),
        ("dingtalk", 200, b"[]", "without an errcode"),
    ],
)
def test_a_refused_message(chat: Any, kind: Any, status: int, answer: bytes, said: str) -> None:
    chat.status, chat.answer = status, answer
    with pytest.raises(NotAccepted, match=said) as caught:
        Webhook(kind, chat.url).send(NOTICE)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


def test_a_redirect_is_not_followed(chat: Any) -> None:
    chat.status, chat.redirects_to = 302, f"http://127.0.0.1:{chat.port}/elsewhere"
    with pytest.raises(NotAccepted, match="answered 302"):
        Webhook("slack", chat.url).send(NOTICE)
    assert len(chat.paths) == 1


def test_nobody_listens() -> None:
    with pytest.raises(NotAccepted, match="out of reach: Connection refused"):
        Webhook("slack", f"http://127.0.0.1:1/{TOKEN}").send(NOTICE)


def test_no_answer_is_a_doubt(chat: Any) -> None:
    chat.hangs_up = True
    with pytest.raises(PerhapsAccepted, match="gave no answer") as caught:
        Webhook("slack", chat.url).send(NOTICE)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    assert len(chat.taken) == 1


def test_an_answer_that_never_ends_is_a_doubt(chat: Any) -> None:
    chat.trickles = True
    with pytest.raises(PerhapsAccepted, match="timed out"):
        Webhook("slack", chat.url, exchange_seconds=0.5).send(NOTICE)


def mail(server: Any, **other: Any) -> Mail:
    given = {"sender": "yearbook@example.org", "recipients": ("a@example.org", "b@example.org")}
    return Mail("127.0.0.1", server.port, "none", **{**given, **other})


def test_a_mail_arrives(mail_server: Any) -> None:
    assert mail(mail_server, user="user", password="hunter22").send(NOTICE) == ""
    (raw,) = mail_server.mails
    found = message_from_string(raw)
    assert str(make_header(decode_header(found["Subject"]))) == NOTICE.title
    assert found["To"] == "a@example.org, b@example.org"
    assert found["Message-ID"] == "<7-1-1800000000000@yearbook.invalid>"
    body = found.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().split("\n\n", 1)[1].split() == ["body", "more"]


def test_a_wrong_password_is_not_shown(mail_server: Any) -> None:
    password = "-".join(("wrong", "password"))  # else the traceback shows this line
    with pytest.raises(NotAccepted, match="code 535") as caught:
        mail(mail_server, user="user", password=password).send(NOTICE)
    shown = "".join(traceback.format_exception(caught.value))
    encoded = base64.b64encode(f"\0user\0{password}".encode()).decode()
    assert mail_server.logins == [f"AUTH PLAIN {encoded}"]
    assert password not in shown
    assert encoded not in shown


def test_a_mail_server_refuses(mail_server: Any) -> None:
    mail_server.refuses = "554 no spam"
    with pytest.raises(NotAccepted, match="code 554"):
        mail(mail_server).send(NOTICE)


def test_one_of_two_recipients_is_refused(mail_server: Any) -> None:
    mail_server.refuses_recipient = "a@example.org"
    assert mail(mail_server).send(NOTICE) == "refused for a@example.org"
    assert len(mail_server.mails) == 1


def test_every_recipient_is_refused(mail_server: Any) -> None:
    mail_server.refuses_recipient = "example.org"
    with pytest.raises(NotAccepted, match="every recipient"):
        mail(mail_server).send(NOTICE)


def test_a_mail_server_that_breaks_off_is_a_doubt(mail_server: Any) -> None:
    mail_server.hangs_up_after_data = True
    with pytest.raises(PerhapsAccepted, match="broke off"):
        mail(mail_server).send(NOTICE)
    assert len(mail_server.mails) == 1


def test_no_mail_server() -> None:
    with pytest.raises(NotAccepted, match="Connection refused"):
        Mail("127.0.0.1", 1, "starttls", "a@b.c", ("a@b.c",)).send(NOTICE)


def test_a_server_without_encryption_gets_no_mail(mail_server: Any) -> None:
    encrypted = Mail("127.0.0.1", mail_server.port, "starttls", "a@b.c", ("a@b.c",))
    with pytest.raises(NotAccepted, match=smtplib.SMTPNotSupportedError.__name__):
        encrypted.send(NOTICE)
    assert mail_server.mails == []


def test_the_payload_is_utf8_json(chat: Any) -> None:
    Webhook("wecom", chat.url).send(NOTICE)
    assert "甘肃" in json.dumps(chat.taken[0], ensure_ascii=False)


@pytest.mark.parametrize("step", ["CONNECT", "EHLO", "AUTH"])
def test_a_mail_server_that_never_ends_its_welcome_took_nothing(
    mail_server: Any, step: str
) -> None:
    mail_server.trickles_at = step
    with pytest.raises(NotAccepted, match="timed out"):
        mail(mail_server, user="user", password="hunter22", exchange_seconds=0.5).send(NOTICE)


@pytest.mark.slow  # what comes before the step must fit into the limit on any machine
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_mail_server_that_never_ends_its_answer_took_nothing(mail_server: Any, step: str) -> None:
    mail_server.trickles_at = step
    with pytest.raises(NotAccepted, match="timed out"):
        mail(mail_server, exchange_seconds=5).send(NOTICE)
    assert mail_server.mails == []


@pytest.mark.slow
def test_an_answer_to_the_mail_that_never_ends_is_a_doubt(mail_server: Any) -> None:
    mail_server.trickles_at = "MAIL TAKEN"
    with pytest.raises(PerhapsAccepted, match="timed out"):
        mail(mail_server, exchange_seconds=5).send(NOTICE)


STEPS = ["CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"]


@pytest.mark.parametrize("how", ["fails_at", "hangs_up_at"])
@pytest.mark.parametrize("step", STEPS)
def test_a_mail_server_that_gives_up_before_the_mail_gets_it_again(
    mail_server: Any, step: str, how: str
) -> None:
    setattr(mail_server, how, step)
    with pytest.raises(NotAccepted):
        mail(mail_server, user="user", password="hunter22").send(NOTICE)
    assert mail_server.mails == []
    setattr(mail_server, how, "")
    assert mail(mail_server, user="user", password="hunter22").send(NOTICE) == ""
    assert len(mail_server.mails) == 1


@pytest.mark.parametrize("how", ["fails_at", "hangs_up_at"])
def test_a_mail_server_that_gives_up_at_the_farewell_has_the_mail(
    mail_server: Any, how: str
) -> None:
    setattr(mail_server, how, "QUIT")
    assert mail(mail_server).send(NOTICE) == ""
    assert len(mail_server.mails) == 1


@pytest.mark.slow
def test_a_farewell_that_never_ends_leaves_the_mail_sent(mail_server: Any) -> None:
    mail_server.trickles_at = "QUIT"
    assert mail(mail_server, exchange_seconds=5).send(NOTICE) == ""
