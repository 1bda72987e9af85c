"""How long it takes from a commit in SQL to "denied at every edge": PYTHONPATH=tests/python python -m feed.measure_postgres --help

The example's service runs in a process of its own, with the database, a folder for the feed, and edges that look for news in threads of
this process. Each time another API key is revoked. The clock starts when the commit has returned, and stops when the last edge denies the
key.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from bailiwick import Bailiwick

from .postgres_server import PostgresServer, programs
from .postgres_world import World, until


def revoke(world: World, key: str, guards: list[Bailiwick]) -> float:
    """Revokes a key. Returns the seconds until the last edge denies it."""
    import psycopg

    with psycopg.connect(world.url) as connection:
        connection.execute("UPDATE api_keys SET revoked_at = now() WHERE id = %s", (key,))
        connection.commit()
        begun = time.perf_counter()
        while any(guard.is_allowed(f"api_key:{key}", "file.read", "project:prj_a") for guard in guards):
            time.sleep(0.0002)
        return time.perf_counter() - begun


def main() -> None:
    """Measure, and print one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commits", type=int, default=100)
    parser.add_argument("--edges", type=int, default=8)
    parser.add_argument("--interval", type=float, default=0.02, help="seconds between two looks of an edge")
    parser.add_argument("--resources", type=int, default=0, help="how many more resources the database has")
    parser.add_argument("--workers", type=int, default=1, help="how many services there are")
    parser.add_argument(
        "--pause", type=float, default=0.2, help="seconds between two commits; a service rests for as long as it has worked"
    )
    given = parser.parse_args()
    found = programs()
    if found is None:
        parser.error("there is no PostgreSQL server")
    with PostgresServer(found) as server, tempfile.TemporaryDirectory() as folder:
        world = World(server, Path(folder) / "feed")
        world.run(
            "INSERT INTO api_keys (id, project_id, secret_sha256)"
            f" SELECT 'key_' || n, 'prj_a', sha256(('key' || n)::bytea) FROM generate_series(1, {given.commits}) n;"
            f"INSERT INTO resources (kind, id, project_id) SELECT 'file', 'f_' || n, 'prj_b' FROM generate_series(1, {given.resources}) n"
        )
        services = [world.service() for _ in range(given.workers)]
        try:
            with world.following(given.edges, given.interval):
                until(lambda: world.connections() == 2 * given.workers, "the services are at work")
                took = []
                for number in range(1, given.commits + 1):
                    # At rest, and not in step with the edges.
                    time.sleep(given.pause + given.interval * number % 0.1)
                    took.append(1000 * revoke(world, f"key_{number}", world.guards()))
        finally:
            for service in services:
                service.terminate()
                service.wait()
    print(
        f"{given.commits} commits, {given.workers} services, {given.edges} edges that look every {given.interval * 1000:.0f} ms,"
        f" {given.resources} resources: "
        f"median {statistics.median(took):.0f} ms, worst {max(took):.0f} ms"
    )


if __name__ == "__main__":
    main()
