"""Settings from the environment: what is refused, in which words, and what is never shown."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.alerts.message import STARS, Notice, redacted
from orchestration.alerts.settings import Settings, read_settings
from orchestration.alerts.sinks.chat_webhook import Webhook
from orchestration.alerts.sinks.mail import Mail
from orchestration.alerts.sinks.sink import PREFIX, NotAccepted, UnusableSink

REPOSITORY = Path(__file__).parents[3]
TOKEN = "very-secret-token"
MAIL = {
    "SMTP_HOST": "mail.example.org",
    "SMTP_FROM": "yearbook@example.org",
    "SMTP_TO": "a@example.org, b@example.org",
}
NOTICE = Notice((1,), 0.0, "title", "body")


def read(**given: str) -> Settings:
    environment = {f"{PREFIX}{name}": value for name, value in given.items()}
    return read_settings({**environment, "PATH": "/bin"}, Path("alerts.log"))


def test_without_variables_there_is_the_log_alone() -> None:
    assert [sink.name for sink in read().sinks] == ["log"]
    assert read(WEBHOOK_URL="", SMTP_HOST=" ").sinks == read().sinks


def test_a_webhook_and_a_mail_server() -> None:
    found = read(WEBHOOK_URL=f"https://chat.example.org/{TOKEN}", **MAIL)
    assert found.problems == ()
    _, webhook, mail = found.sinks
    assert isinstance(webhook, Webhook)
    assert webhook.kind == "slack"
    assert isinstance(mail, Mail)
    assert (mail.port, mail.security) == (587, "starttls")
    assert mail.recipients == ("a@example.org", "b@example.org")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"WEBHOOK_KIND": "slack"}, "WEBHOOK_URL is missing"),
        ({"WEBHOOK_URL": f"http://chat.example.org/{TOKEN}"}, "must begin with https://"),
        ({"WEBHOOK_URL": f"https://u:{TOKEN}@host/x"}, "is no address"),
        ({"WEBHOOK_URL": TOKEN}, "is no address"),
        ({"WEBHOOK_URL": f"https://[{TOKEN}"}, "is no address"),
        ({"WEBHOOK_URL": f"https://host:port/{TOKEN}"}, "is no address"),
        ({"WEBHOOK_URL": f"https://host/{TOKEN} x"}, "is no address"),
        ({"WEBHOOK_URL": "https://host/x", "WEBHOOK_KIND": "irc"}, "slack, dingtalk, wecom"),
        ({"WEBHOOK_URL": "https://host/x", "WEBHOOK_SECRET": TOKEN}, "dingtalk only"),
        (
            {"WEBHOOK_URL": "https://h/x", "WEBHOOK_KIND": "dingtalk", "WEBHOOK_SECRET": "SEC"},
            "shorter than 4",
        ),
        ({"SMTP_HOST": "mail.example.org"}, "SMTP_FROM is missing"),
        ({**MAIL, "SMTP_PORT": "0"}, "a number from 1 to 65535"),
        ({**MAIL, "SMTP_PORT": "٣"}, "a number from 1 to 65535"),
        ({**MAIL, "SMTP_SECURITY": "ssl"}, "starttls, tls, none"),
        ({**MAIL, "SMTP_TO": "nobody"}, "such as name@example.org"),
        ({**MAIL, "SMTP_FROM": "a@b.c, d@e.f"}, "Expected one address"),
        ({**MAIL, "SMTP_TO": "a@b.c\r\nBcc: d@e.f"}, "such as name@example.org"),
        ({**MAIL, "SMTP_PASSWORD": TOKEN}, "go together"),
        (
            {**MAIL, "SMTP_USER": "u", "SMTP_PASSWORD": TOKEN, "SMTP_SECURITY": "none"},
            "in the clear",
        ),
    ],
)
def test_a_wrong_value_is_named_and_its_sink_takes_nothing(
    given: dict[str, str], said: str
) -> None:
    found = read(**given)
    (problem,) = found.problems
    assert said in problem
    assert TOKEN not in problem
    log, sink = found.sinks
    assert log.name == "log"
    assert isinstance(sink, UnusableSink)
    with pytest.raises(NotAccepted, match=PREFIX):
        sink.send(NOTICE)


def test_a_misspelt_name_is_told() -> None:
    (problem,) = read(WEBHOOK="https://host/x").problems
    assert problem.startswith("YEARBOOK_ALERT_WEBHOOK is no setting of alerts. Known are ")


def test_nothing_shows_a_secret() -> None:
    url = f"https://chat.example.org/robot/send?access_token={TOKEN}"
    found = read(
        WEBHOOK_URL=url, WEBHOOK_KIND="dingtalk", WEBHOOK_SECRET="SECdingtalk",
        **{**MAIL, "SMTP_USER": "user", "SMTP_PASSWORD": "hunter2/2"},
    )  # fmt: skip
    shown = f"{found!r} {found.sinks!r} {found.problems!r}"
    for secret in (TOKEN, "SECdingtalk", "hunter2/2"):
        assert secret not in shown
    text = f"{url} {TOKEN} SECdingtalk hunter2/2 hunter2%2F2 aHVudGVyMi8y robot"
    assert redacted(text, found.secrets) == " ".join([STARS] * 6 + ["robot"])


def test_parts_of_a_slack_address_are_secret_too() -> None:
    found = read(WEBHOOK_URL=f"https://hooks.example.org/services/T01/B02/{TOKEN}")
    assert redacted(f"404 for /services/T01/B02/{TOKEN}", found.secrets) == f"404 for {STARS}"
    assert redacted(f"key {TOKEN}", found.secrets) == f"key {STARS}"


def test_a_new_sink_is_one_file(tmp_path: Path) -> None:
    # A copy of the project with one module more, which nothing in it names.
    for folder in ("orchestration", "assets"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    (tmp_path / "orchestration/alerts/sinks/pager.py").write_text(
        "from orchestration.alerts.sinks.log_file import LogFile\n"
        "from orchestration.alerts.sinks.sink import PREFIX, SinkKind, required\n"
        "VARIABLE = f'{PREFIX}PAGER'\n"
        "def read(given):\n"
        "    return LogFile(required(given, VARIABLE, 'a path'), name='pager')\n"
        "SINK = SinkKind('pager', (VARIABLE,), read, lambda given: ('777777',))\n",
        encoding="utf-8",
    )
    script = (
        "from pathlib import Path\n"
        "from orchestration.alerts.settings import read_settings\n"
        f"found = read_settings({{'{PREFIX}PAGER': 'p.log', '{PREFIX}PAGR': 'x'}}, Path('a.log'))\n"
        "print([sink.name for sink in found.sinks], found.secrets, found.problems)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("['log', 'pager'] ('777777',) (")
    assert f"{PREFIX}PAGR is no setting of alerts. Known are {PREFIX}WEBHOOK_URL" in done.stdout
    assert f"{PREFIX}PAGER, {PREFIX}INTERFACE." in done.stdout
