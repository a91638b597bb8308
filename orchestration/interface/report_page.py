"""The report beside Dagster's pages, so that one link shows both.

Belongs here: answering its address. Not here: who may ask (`guard.py`), and the page.
"""

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

ADDRESS = "/report"


@dataclass(frozen=True, slots=True)
class WithReport:
    """An ASGI application that answers ADDRESS with the page, and asks `app` all else."""

    app: ASGIApp
    page: Path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        if scope["type"] != "http" or scope["path"] != ADDRESS:
            await self.app(scope, receive, send)
            return
        answer: Response = (
            FileResponse(self.page, media_type="text/html")
            if self.page.exists()
            else PlainTextResponse("Nothing is published yet.\n", HTTPStatus.NOT_FOUND)
        )
        answer.headers["Cache-Control"] = "no-cache"  # a refresh replaces it
        await answer(scope, receive, send)
