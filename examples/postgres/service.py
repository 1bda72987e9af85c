"""Keeps a feed equal to a PostgreSQL database, until it is told to stop. Start as many as you like.

DATABASE_URL: the database. FEED_STORE: a folder, or s3://bucket/prefix. FEED_SIGNING_KEY: 32 bytes in hexadecimal digits.
"""

from __future__ import annotations

import logging
import os
import signal
import threading

import adbc_driver_postgresql.dbapi
import psycopg
from bailiwick.feed import Reconciler
from bailiwick.feed.postgres import PostgresNotifications, PostgresTables


def main() -> None:
    """Publish until SIGTERM or SIGINT."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    stop = threading.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: stop.set())
    database = os.environ["DATABASE_URL"]
    with Reconciler(
        PostgresTables(lambda: adbc_driver_postgresql.dbapi.connect(database), schema="access"),
        os.environ["FEED_STORE"],
        signing_key=bytes.fromhex(os.environ["FEED_SIGNING_KEY"]),
        max_age_seconds=300,
        signal=PostgresNotifications(lambda: psycopg.connect(database), "access_changed"),
        on_publish=lambda published: logging.info("published revision %d", published.revision),
        on_quarantine=lambda fault: logging.error("wake somebody up: %s", fault),
    ):
        stop.wait()


if __name__ == "__main__":
    main()
