"""The example of PostgreSQL, in a database of its own: its customers, its service in processes, and edges that follow."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bailiwick import Bailiwick, public_key_of
from bailiwick.feed import Follower, Reconciler
from bailiwick.feed.postgres import PostgresNotifications, PostgresTables

from .postgres_server import PostgresServer

EXAMPLE = Path(__file__).parents[3] / "examples/postgres"
SIGNING_KEY = bytes(range(1, 33))
PUBLIC_KEY = public_key_of(SIGNING_KEY)
DEADLINE = 30.0
numbers = itertools.count()


def until(holds: Callable[[], object], what: str | Callable[[], str]) -> None:
    """Waits until something holds."""
    end = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < end, f"it has not come about: {what if isinstance(what, str) else what()}"
        time.sleep(0.005)


def events() -> list[tuple[str, str]]:
    """What happens to customers: titles and SQL."""
    paragraphs = (EXAMPLE / "events.sql").read_text("utf-8").split("\n\n")[1:]
    return [(title.removeprefix("-- "), sql) for title, sql in (paragraph.split("\n", 1) for paragraph in paragraphs)]


def blocks(page: Path, language: str) -> list[str]:
    """The blocks of a page."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


class World:
    """A database with the example's schema, a folder for a feed, and edges that follow it."""

    def __init__(self, server: PostgresServer, folder: Path) -> None:
        self.server, self.folder = server, folder
        name = f"platform_{next(numbers)}"
        self.run(f"CREATE DATABASE {name}", server.url())
        self.url = server.url(name)
        for part in ("schema", "views", "triggers", "customers"):
            self.run((EXAMPLE / f"{part}.sql").read_text("utf-8"))
        self.edges: list[Follower] = []

    def run(self, sql: str, url: str | None = None) -> None:
        """Run statements. They are one transaction."""
        import psycopg

        with psycopg.connect(url or self.url, autocommit=True) as connection:
            # Several statements that go to the server as one are a transaction.
            connection.execute(sql.encode())

    def connections(self) -> int:
        """How many connections to the database there are, besides this one."""
        import psycopg

        with psycopg.connect(self.url) as connection:
            count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            (found,) = connection.execute(count).fetchone() or (0,)
            return int(found)

    def read(self) -> dict[str, Any]:
        """The tables, over a new connection."""
        tables = PostgresTables(self.connect, schema="access")
        try:
            return tables()
        finally:
            tables.close()

    def fresh(self) -> Bailiwick:
        """What a fresh load of the database gives."""
        return Bailiwick.from_tables(self.read(), quarantine=True)

    def connect(self) -> Any:
        """A connection of ADBC."""
        import adbc_driver_postgresql.dbapi

        return adbc_driver_postgresql.dbapi.connect(self.url)

    def notifications(self) -> PostgresNotifications:
        """The signal of the database."""
        import psycopg

        return PostgresNotifications(lambda: psycopg.connect(self.url), "access_changed")

    def reconciler(self, **options: Any) -> Reconciler:
        """The example's service in this process. Without news it waits for long: whatever comes in time comes by the signal."""
        given = {"signing_key": SIGNING_KEY, "max_age_seconds": 4000, "interval": 1000, "signal": self.notifications(), **options}
        return Reconciler(PostgresTables(self.connect, schema="access"), self.folder, **given)

    @contextmanager
    def following(self, count: int = 3, interval: float = 0.02) -> Iterator[list[Follower]]:
        """Edges that follow in threads."""
        self.edges = [Follower(self.folder, public_key=PUBLIC_KEY, interval=interval).start() for _ in range(count)]
        try:
            for follower in self.edges:
                follower.wait(DEADLINE)
            yield self.edges
        finally:
            for follower in self.edges:
                follower.close()

    def service(self) -> subprocess.Popen[bytes]:
        """The example's service, in a process of its own."""
        environment = {**os.environ, "DATABASE_URL": self.url, "FEED_STORE": str(self.folder), "FEED_SIGNING_KEY": SIGNING_KEY.hex()}
        with open(self.folder.with_suffix(".log"), "ab") as log:
            return subprocess.Popen([sys.executable, str(EXAMPLE / "service.py")], env=environment, stdout=log, stderr=log)

    def every_edge_has(self, probe: Callable[[Bailiwick], object], expected: object) -> None:
        """Waits until a question has this answer at every edge."""
        until(
            lambda: all(probe(guard) == expected for guard in self.guards()),
            lambda: f"{[probe(guard) for guard in self.guards()]} is {expected}",
        )

    def every_edge_is_as_a_fresh_load(self) -> None:
        """Waits until every edge has the state that a fresh load has."""
        expected = self.fresh().state
        until(lambda: all(guard.state == expected for guard in self.guards()), "the state of a fresh load at every edge")

    def guards(self) -> list[Bailiwick]:
        """The engines of the edges."""
        return [guard for follower in self.edges if (guard := follower.guard) is not None]
