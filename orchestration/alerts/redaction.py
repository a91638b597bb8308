"""Taking secrets out of texts.

Belongs here: replacing what is secret, however it is written. Not here: which texts are secret
(`settings.py`).
"""

import base64
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import quote, quote_plus

from orchestration.alerts.message import Message

STARS = "***"


def redacted(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret, plain, percent-encoded or in base64, replaced by three stars."""
    forms = {form for secret in secrets for form in _forms(secret)}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, STARS)
    return text


def redacted_message(message: Message, secrets: Iterable[str]) -> Message:
    """The message without secrets in title, body or link."""
    known = tuple(secrets)
    return replace(
        message,
        title=redacted(message.title, known),
        body=redacted(message.body, known),
        link=None if message.link is None else redacted(message.link, known),
    )


def _forms(secret: str) -> tuple[str, ...]:
    encoded = base64.b64encode(secret.encode()).decode()
    return secret, quote(secret, safe=""), quote(secret), quote_plus(secret), encoded
