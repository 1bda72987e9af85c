"""PostgreSQL as the database behind a Reconciler: its tables by ADBC, its notifications by psycopg.

Neither library is imported here: the host passes functions that connect.
"""

from __future__ import annotations

import selectors
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

TABLES = ("organizations", "members", "projects", "collaborators", "api_keys", "resources", "users", "groups", "group_members")
"""The tables that `Bailiwick.from_tables` takes."""

SLICE = 0.2
"""For how many seconds at a time a notification is waited for. Whoever stops the signal waits no longer."""
HEARTBEAT = 10.0
"""After so many silent seconds the connection is tried, since nobody tells of a cable that was cut."""


class PostgresTables:
    """Reads one view, or table, for each table of a directory, all in one transaction that sees one moment.

    `connect()` returns a connection of ADBC (`adbc_driver_postgresql.dbapi.connect`). It is kept, and made anew after an error. `schema` is
    the schema of the views, `tables` are their names. Calls raise the errors of the driver.

    >>> tables = PostgresTables(lambda: adbc_driver_postgresql.dbapi.connect(url), schema="access")
    >>> Bailiwick.from_tables(tables())
    <Bailiwick revision=0 policy='projects-2026-02'>
    """

    def __init__(self, connect: Callable[[], Any], *, schema: str = "bailiwick", tables: Sequence[str] = TABLES) -> None:
        self._connect = connect
        self._queries = {name: f"SELECT * FROM {_quoted(schema)}.{_quoted(name)}" for name in tables}
        self._kept: Any = None
        self._turn = threading.Lock()

    def __call__(self) -> dict[str, Any]:
        """The tables as they are now, as tables of pyarrow."""
        with self._turn:
            if self._kept is not None:
                # A kept connection may have been lost since it was used. Whatever else is wrong is wrong on a new one too.
                with suppress(Exception):
                    return self._read(self._kept)
                self._close()
            self._kept = self._connect()
            try:
                return self._read(self._kept)
            except BaseException:
                self._close()
                raise

    def close(self) -> None:
        """Close the connection. The next call makes another one."""
        with self._turn:
            self._close()

    def _read(self, connection: Any) -> dict[str, Any]:
        with connection.cursor() as cursor:
            # The driver has begun a transaction. Otherwise each view would see a moment of its own.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            found: dict[str, Any] = {}
            for name, query in self._queries.items():
                cursor.execute(query)
                found[name] = cursor.fetch_arrow_table()
        connection.rollback()
        return found

    def _close(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            with suppress(Exception):
                kept.close()


class PostgresNotifications:
    """The signal of a Reconciler: what `NOTIFY` tells on a channel.

    `connect()` returns a connection of psycopg 3 (`psycopg.connect`) that nobody else uses. A pool between (PgBouncer in the mode of
    transactions) does not pass notifications on: connect to the server itself.

    >>> signal = PostgresNotifications(lambda: psycopg.connect(url), "access_changed")
    """

    def __init__(self, connect: Callable[[], Any], channel: str) -> None:
        self._connect, self._channel = connect, channel

    def listen(self, wake: Callable[[], None], stop: threading.Event) -> None:
        """As Signal.listen."""
        with self._connect() as connection, selectors.DefaultSelector() as selector:
            # What is heard within a transaction is told at its end.
            connection.autocommit = True
            connection.add_notify_handler(lambda _: wake())
            connection.execute(f"LISTEN {_quoted(self._channel)}")
            # Something may have happened before.
            wake()
            selector.register(connection, selectors.EVENT_READ)
            tried = time.monotonic()
            while not stop.is_set():
                if selector.select(SLICE) or time.monotonic() - tried > HEARTBEAT:
                    # Psycopg calls the handler while it waits for an answer.
                    connection.execute("SELECT 1")
                    tried = time.monotonic()


def _quoted(name: str) -> str:
    """A name in SQL, whatever it contains."""
    return '"' + name.replace('"', '""') + '"'
