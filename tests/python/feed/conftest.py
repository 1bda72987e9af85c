"""A PostgreSQL server for the tests that need one. What this machine lacks is said at the end; on CI it is a failure."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest

from .postgres_server import PostgresServer, programs

NOT_RUN: set[str] = set()


def lacking(what: str) -> NoReturn:
    """Skips a test for what this machine lacks."""
    NOT_RUN.add(what)
    if os.environ.get("CI"):
        raise pytest.fail.Exception(f"{what}; on CI it has to run")
    raise pytest.skip.Exception(what)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says at the end what was not run."""
    for what in sorted(NOT_RUN):
        terminalreporter.write_line(f"PostgreSQL, not run: {what}")


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """A server for all tests of this process. Each test makes a database of its own in it."""
    for module in ("psycopg", "adbc_driver_postgresql"):
        if importlib.util.find_spec(module) is None:
            lacking(f"the package {module} is not installed")
    found = programs()
    if found is None:
        lacking("there is no PostgreSQL server (on Debian: apt-get install --no-install-recommends postgresql)")
    with PostgresServer(found) as started:
        yield started
