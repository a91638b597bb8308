"""The published file for many people at once: questions over HTTP, answers as JSON.

Belongs here: the application and its one page. Not here: who may ask (`interface/guard.py`), what
an answer holds (`answer.py`).

Each question opens the file that is published at that moment, read-only, as `yearbook query` does,
so that a refresh publishes beneath it and nobody waits for a lock. A few run at once, the others
wait their turn.
"""

import socket
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import anyio
import duckdb
import uvicorn
from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.texts.safe_text import safe_text
from orchestration.answers.answer import answered
from orchestration.interface.guard import Guard, Pass

AT_ONCE = 4  # questions that run; each may take 4 GB of memory
WAITING = 60  # questions that wait; more are told to come back
_BODY_BYTES = 100_000
_GRACE_SECONDS = 1
_PAGE = Path(__file__).with_name("page.html")


@dataclass(slots=True)
class _Answers:
    home: Home
    limiter: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))

    async def query(self, request: Request) -> Response:
        """One SELECT, as JSON `{"sql": "…"}`."""
        if self.limiter.statistics().tasks_waiting >= WAITING:
            return _refused(HTTPStatus.SERVICE_UNAVAILABLE, f"{WAITING} questions wait already.")
        body = await request.body()
        if len(body) > _BODY_BYTES:
            return _refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"Over {_BODY_BYTES:,} bytes.")
        try:
            sql = (await request.json())["sql"]
        except (ValueError, KeyError, TypeError, RecursionError):
            sql = None
        if not isinstance(sql, str):
            return _refused(HTTPStatus.BAD_REQUEST, 'Expected {"sql": "select …"}.')
        try:
            answer = await to_thread.run_sync(answered, self.home, sql, limiter=self.limiter)
        except (duckdb.Error, ValueError, TimeoutError) as error:
            return _refused(HTTPStatus.BAD_REQUEST, safe_text(str(error)))
        except WarehouseError as error:
            return _refused(HTTPStatus.SERVICE_UNAVAILABLE, safe_text(str(error)))
        return JSONResponse(answer.as_json())

    async def page(self, _request: Request) -> Response:
        """A box for a question."""
        return FileResponse(_PAGE, media_type="text/html")


def _refused(status: HTTPStatus, reason: str) -> Response:
    return JSONResponse({"error": reason}, status)


def application(home: Home) -> Starlette:
    """The application behind the guard: `/` is a page, `/query` takes a SELECT by POST."""
    answers = _Answers(home)
    return Starlette(
        routes=[Route("/", answers.page), Route("/query", answers.query, methods=["POST"])]
    )


def serve_answers(home: Home, listening: socket.socket, allowed: Pass) -> None:
    """Answer on a socket until a signal."""
    config = uvicorn.Config(
        Guard(application(home), allowed),
        log_level="warning",
        access_log=False,  # addresses may hold the token
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = uvicorn.Server(config)
    anyio.run(server.serve, [listening])
