"""PostgreSQL as the place where Dagster keeps its runs, events and schedules, where one says so.

Belongs here: the setting, what has to be there for it, and what is said where it is not. Not here:
figures and results, which never lie there; Dagster's own tables, which `dagster-postgres` makes.

`YEARBOOK_POSTGRES` holds the address, `postgresql://user@host:5432/database`; a password may stand
in it, in PGPASSWORD or in ~/.pgpass. Nothing of it is written into a file.
"""

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home

URL_VARIABLE = "YEARBOOK_POSTGRES"
# The same for SQLAlchemy, which since 2.1 takes another driver where none is named.
_FOR_DAGSTER = "YEARBOOK_POSTGRES_OF_DAGSTER"
_CONNECT_SECONDS = 5
# A database that two homes wrote to would show the runs of both as one history. The lock, whose
# number is any, lets one of two that come first make the table.
_OWN_TABLE = """
    select pg_advisory_xact_lock(7901);
    create table if not exists yearbook_home (home text primary key)
"""


def postgres_url() -> str | None:
    """The address that is set; None where runs lie in files. Raises WarehouseError."""
    url = os.environ.get(URL_VARIABLE, "").strip()
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme != "postgresql" or not parts.path.strip("/"):
        raise WarehouseError(
            f"{URL_VARIABLE} is no address of a database of PostgreSQL.\n"
            "  Expected: postgresql://user@host:5432/database. Correct it, or unset it: runs are "
            "then kept in .yearbook/dagster."
        )
    return url


def with_postgres(settings: Mapping[str, Any], url: str) -> dict[str, Any]:
    """Dagster's settings with PostgreSQL in place of files; the address stays in the environment.

    settings: those of `dagster.yaml`. This process, and those it starts, find the address in a
    variable of their own.
    """
    os.environ[_FOR_DAGSTER] = url.replace("postgresql:", "postgresql+psycopg2:", 1)
    kept = {key: value for key, value in settings.items() if key != "event_log_storage"}
    return {**kept, "storage": {"postgres": {"postgres_url": {"env": _FOR_DAGSTER}}}}


def claim(url: str, home: Home) -> None:
    """See that the database answers and is this home's, which the first to come makes it.

    Raises WarehouseError.
    """
    own = f"{socket.gethostname()}:{home.root.resolve()}"
    with opened(url) as connection, connection.cursor() as cursor:
        cursor.execute(_OWN_TABLE)
        cursor.execute("select home from yearbook_home")
        found = cursor.fetchone()
        if found is None:
            cursor.execute("insert into yearbook_home values (%s)", (own,))
        connection.commit()
    if found not in (None, (own,)):
        raise WarehouseError(
            f"{place(url)} keeps the runs of another home, {found[0]}; this one is {own}.\n"
            f"  Expected: a database for each home. Name another in {URL_VARIABLE}; if that home "
            "was moved to this place, run `delete from yearbook_home` in the database."
        )


@contextmanager
def opened(url: str) -> Iterator[Any]:
    """A connection of psycopg2. Raises WarehouseError."""
    try:
        import psycopg2
    except ImportError as error:
        raise WarehouseError(
            f"{URL_VARIABLE} is set, and what speaks to PostgreSQL is not installed.\n"
            f"  Install it: `uv sync --group postgres`; or unset {URL_VARIABLE}."
        ) from error
    with (
        postgres_named(),
        closing(psycopg2.connect(url, connect_timeout=_CONNECT_SECONDS)) as connection,
    ):
        yield connection


@contextmanager
def postgres_named() -> Iterator[None]:
    """Say in plain words where PostgreSQL does not answer or broke off. Raises WarehouseError."""
    try:
        yield
    except WarehouseError:
        raise
    except Exception as error:
        cause, url = _of_postgres(error), postgres_url()
        if cause is None or url is None:
            raise
        raise WarehouseError(
            f"{place(url)}, where Dagster's runs are kept ({URL_VARIABLE}), cannot be used: "
            f"{_without_password(' '.join(str(cause).split()), url)}.\n"
            "  No figure stands in it; what is published is whole, and `yearbook status` says "
            "which vintage it is. Start the server or put its address right, and run it again; or "
            f"unset {URL_VARIABLE}: runs are then kept in .yearbook/dagster."
        ) from error


def place(url: str) -> str:
    """The database of an address, without who goes in and by what password."""
    parts = urlsplit(url)
    return f"PostgreSQL at {parts.netloc.rpartition('@')[2] or 'this machine'}{parts.path}"


def _without_password(text: str, url: str) -> str:
    password = urlsplit(url).password
    for secret in {password, unquote(password)} if password else ():
        text = text.replace(secret, "***")
    return text


def _of_postgres(error: BaseException | None) -> BaseException | None:
    """What PostgreSQL or its client said, where an error goes back to that."""
    while error is not None:
        if type(error).__module__.partition(".")[0] == "psycopg2":
            return error
        error = error.__cause__ or error.__context__
    return None
