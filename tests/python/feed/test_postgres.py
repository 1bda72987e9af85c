"""examples/postgres on a real server: whatever happens to it, to workers and to connections, every edge has the state of a fresh load."""

from __future__ import annotations

import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Bailiwick
from bailiwick.feed.postgres import TABLES

from .postgres_server import PostgresServer
from .postgres_world import EXAMPLE, World, events, until

pytestmark = pytest.mark.slow

LIFE = Path(__file__).parents[3] / "docs/life.md"
Probe = Callable[[Bailiwick], object]


@pytest.fixture
def world(server: PostgresServer, tmp_path: Path) -> World:
    return World(server, tmp_path / "feed")


def end(workers: list[subprocess.Popen[bytes]]) -> None:
    for worker in workers:
        worker.kill()
        worker.wait()


def allowed(principal: str, action: str, resource: str) -> Probe:
    return lambda guard: guard.is_allowed(principal, action, resource)


def reason(principal: str, action: str, resource: str) -> Probe:
    return lambda guard: guard.check_access(principal, action, resource).reason


def organization(field: str) -> Probe:
    return lambda guard: next((one.get(field) for one in guard.to_directory()["organizations"] if one["id"] == "org_tide"), None)


def project_name(guard: Bailiwick) -> object:
    projects = [project for one in guard.to_directory()["organizations"] for project in one["projects"]]
    return next((project["name"] for project in projects if project["id"] == "prj_new"), None)


# What is asked before and after each event, and both answers.
PROBES: dict[int, tuple[Probe, object, object]] = {
    1: (allowed("user:usr_mia", "file.read", "project:prj_tide"), False, True),
    2: (organization("name"), "Tide", "Tide & Sons"),
    3: (organization("membership"), "invitation", "sso"),
    4: (allowed("user:usr_leo", "organization_default_key.read", "organization:org_tide"), False, True),
    5: (reason("user:usr_mia", "file.read", "project:prj_tide"), "organization_role", "scope_suspended"),
    6: (reason("user:usr_mia", "file.read", "project:prj_tide"), "scope_suspended", "organization_role"),
    7: (reason("user:usr_mia", "file.read", "project:prj_tide"), "organization_role", "unknown_principal"),
    8: (allowed("user:usr_cem", "members.read", "organization:org_acme"), False, True),
    9: (allowed("user:usr_cem", "members.invite", "organization:org_acme"), False, True),
    10: (allowed("user:usr_cem", "members.read", "organization:org_acme"), True, False),
    11: (allowed("user:usr_bob", "file.read", "project:prj_a"), True, False),
    12: (allowed("user:usr_cem", "members.read", "organization:org_bolt"), False, True),
    13: (allowed("user:usr_dan", "file.read", "project:prj_a"), True, False),
    14: (allowed("user:usr_eva", "collaborators.add", "project:prj_new"), False, True),
    15: (project_name, "New", "Newer"),
    16: (allowed("user:usr_xia", "file.read", "project:prj_a"), False, True),
    17: (allowed("user:usr_bea", "file.read", "project:prj_b"), False, True),
    18: (allowed("user:usr_eva", "file.read", "project:prj_c"), True, False),
    19: (lambda guard: guard.authenticate("the secret of key_eva"), None, {"type": "api_key", "id": "key_eva"}),
    20: (allowed("api_key:key_ci", "file.read", "project:prj_a"), True, False),
    21: (allowed("user:usr_bea", "file.read", "file:file_a"), False, True),
}


def test_the_events_are_those_of_the_life_of_a_tenant() -> None:
    rows = re.findall(r"^\| (?!Event|---)(.*?) \|", LIFE.read_text("utf-8"), re.MULTILINE)
    assert [title for title, _ in events()] == rows
    assert len(rows) == len(PROBES) == 21


def test_the_service_is_short() -> None:
    assert len((EXAMPLE / "service.py").read_text("utf-8").splitlines()) < 40


def test_twenty_one_events_reach_every_edge_whichever_worker_is_there(world: World) -> None:
    with ExitStack() as stack:
        workers = [world.service() for _ in range(3)]
        stack.callback(lambda: end(workers))
        stack.enter_context(world.following())
        for number, (title, sql) in enumerate(events(), 1):
            probe, before, after = PROBES[number]
            world.every_edge_has(probe, before)
            world.run(sql)
            world.every_edge_has(probe, after)
            world.every_edge_is_as_a_fresh_load()
            # One worker after the other dies, at times in the middle of its work, and another one comes.
            if number % 4 == 0:
                workers[0].kill()
                workers[0].wait()
                workers = [*workers[1:], world.service()]
            assert sum(worker.poll() is None for worker in workers) == 3, title
        assert not any(guard.quarantined for guard in world.guards())
        # Each is connected twice. Then they end when they are asked to.
        until(lambda: world.connections() == 6, "three workers at work")
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        assert [worker.wait(30) for worker in workers] == [0, 0, 0]


def test_many_changes_by_many_at_once_leave_every_edge_as_a_fresh_load(world: World) -> None:
    workers = [world.reconciler() for _ in range(3)]

    def write(writer: int) -> None:
        for number in range(20):
            user = f"usr_{writer}_{number}"
            world.run(
                f"INSERT INTO users (id) VALUES ('{user}');"
                f"INSERT INTO members (organization_id, user_id, accepted_at) VALUES ('org_acme', '{user}', now());"
                f"DELETE FROM members WHERE user_id = 'usr_{writer}_{number - 3}'"
            )

    with ExitStack() as stack:
        for worker in workers:
            stack.enter_context(worker)
        edges = stack.enter_context(world.following())
        writers = [threading.Thread(target=write, args=(writer,)) for writer in range(3)]
        for thread in writers:
            thread.start()
        for thread in writers:
            thread.join()
        world.every_edge_is_as_a_fresh_load()
        assert all(follower.stats.snapshots == 1 for follower in edges), "an edge had to read the snapshot again"
    # One of them does nearly all the work.
    assert sum(worker.stats.conflicts for worker in workers) < 20


def test_a_bad_row_holds_back_its_customer_alone_and_is_told_once(world: World) -> None:
    told: list[Any] = []
    with world.reconciler(on_quarantine=told.append), world.following():
        world.run(
            "INSERT INTO resources (kind, id, project_id) VALUES ('teleporter', 't_1', 'prj_bolt');"
            "DELETE FROM members WHERE user_id = 'usr_bob'"
        )
        world.every_edge_has(allowed("user:usr_bob", "members.read", "organization:org_acme"), False)
        # Bolt keeps its last good state.
        world.run("INSERT INTO resources (kind, id, project_id) VALUES ('file', 'file_b', 'prj_bolt'), ('file', 'file_c', 'prj_a')")
        world.every_edge_has(allowed("user:usr_ada", "file.read", "file:file_c"), True)
        assert not any(guard.is_allowed("user:usr_bea", "file.read", "file:file_b") for guard in world.guards())
        assert all(guard.is_allowed("user:usr_bea", "file.read", "project:prj_bolt") for guard in world.guards())
        assert [(fault["organization"], fault["code"]) for fault in told] == [("org_bolt", "unknown_kind")]
        world.run("DELETE FROM resources WHERE kind = 'teleporter'")
        world.every_edge_has(allowed("user:usr_bea", "file.read", "file:file_b"), True)
        world.every_edge_is_as_a_fresh_load()
        assert len(told) == 1


def test_a_customer_cannot_take_what_is_somebody_elses_by_a_bad_row(world: World) -> None:
    with world.reconciler(), world.following():
        world.run(
            "ALTER TABLE members DROP CONSTRAINT members_user_id_key;"
            "INSERT INTO members (organization_id, user_id, role, accepted_at)"
            " VALUES ('org_bolt', 'usr_ada', 'admin', now()), ('org_bolt', 'usr_xia', 'member', now());"
            "INSERT INTO resources (kind, id, project_id) VALUES ('file', 'file_c', 'prj_a')"
        )
        world.every_edge_has(allowed("user:usr_ada", "file.read", "file:file_c"), True)
        assert all(guard.is_allowed("user:usr_ada", "members.invite", "organization:org_acme") for guard in world.guards())
        assert not any(guard.is_allowed("user:usr_xia", "members.read", "organization:org_bolt") for guard in world.guards())


def test_edges_answer_while_the_server_is_away_and_follow_when_it_is_back(world: World) -> None:
    told: list[Exception] = []
    asked = allowed("user:usr_bob", "members.read", "organization:org_acme")
    with world.reconciler(on_error=told.append) as worker, world.following():
        until(lambda: worker.stats.rounds, "the first round")
        world.server.stop()
        until(lambda: worker.stats.lost_signals and worker.stats.failures, "the worker knows that the server is away")
        assert told
        assert all(asked(guard) for guard in world.guards())
        world.server.start()
        world.run("DELETE FROM members WHERE user_id = 'usr_bob'; DELETE FROM collaborators WHERE user_id = 'usr_bob'")
        world.every_edge_has(asked, False)
        world.every_edge_is_as_a_fresh_load()
        # The signal is there again: the next change comes by it.
        until(lambda: worker.is_listening and not worker.stats.failures, "a good round")
        world.run("UPDATE organizations SET closed_at = now() WHERE id = 'org_bolt'")
        world.every_edge_has(reason("user:usr_bea", "file.read", "project:prj_bolt"), "scope_suspended")


def test_lost_connections_are_made_again(world: World) -> None:
    with world.reconciler() as worker, world.following():
        for number in range(3):
            until(lambda done=number: worker.is_listening and worker.stats.rounds > done, "a good round")  # type: ignore[misc]
            world.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            # Nothing tells of this one but the connection that is made again.
            world.run(f"INSERT INTO users (id) VALUES ('usr_{number}')")
            world.run(f"INSERT INTO members (organization_id, user_id, accepted_at) VALUES ('org_acme', 'usr_{number}', now())")
            world.every_edge_has(allowed(f"user:usr_{number}", "members.read", "organization:org_acme"), True)
            world.every_edge_is_as_a_fresh_load()
        assert worker.stats.lost_signals == 3


def test_a_server_that_stops_in_the_middle_of_many_changes(world: World) -> None:
    with world.reconciler(), world.reconciler(), world.following():
        for number in range(12):
            if number % 4 == 3:
                world.server.stop()
                world.server.start()
            world.run(
                f"UPDATE organizations SET name = 'Acme {number}', closed_at = {'now()' if number % 2 else 'NULL'} WHERE id = 'org_acme'"
            )
        world.every_edge_is_as_a_fresh_load()


def test_without_a_signal_the_database_is_read_at_intervals(world: World) -> None:
    with world.reconciler(signal=None, interval=0.1), world.following():
        world.run("DELETE FROM members WHERE user_id = 'usr_bob'")
        world.every_edge_has(allowed("user:usr_bob", "members.read", "organization:org_acme"), False)
        world.every_edge_is_as_a_fresh_load()


def test_what_decides_nothing_wakes_nobody(world: World) -> None:
    with world.reconciler() as worker, world.following():
        until(lambda: worker.stats.rounds >= 1, "the first round")
        time.sleep(0.5)
        rounds = worker.stats.rounds
        world.run("UPDATE api_keys SET last_used_at = now(); UPDATE users SET email = 'new@acme.example' WHERE id = 'usr_ada'")
        time.sleep(0.5)
        assert worker.stats.rounds == rounds
        world.run("UPDATE api_keys SET revoked_at = now() WHERE id = 'key_ci'")
        world.every_edge_has(reason("api_key:key_ci", "file.read", "project:prj_a"), "key_revoked")


def test_every_table_of_a_view_tells_when_a_column_of_it_changes(world: World) -> None:
    import psycopg

    # What views read, by what the server says of them.
    reads = """
        SELECT DISTINCT v.table_name, v.column_name FROM information_schema.view_column_usage v
        WHERE v.view_schema = 'access' AND v.table_schema = 'public' ORDER BY 1, 2"""
    tells = """
        SELECT t.event_object_table, t.event_manipulation, c.event_object_column FROM information_schema.triggers t
        LEFT JOIN information_schema.triggered_update_columns c USING (trigger_name, event_object_table)
        WHERE t.trigger_name = 'tell_access'"""
    with psycopg.connect(world.url) as connection:
        told = set(connection.execute(tells).fetchall())
        for table, column in connection.execute(reads).fetchall():
            assert {(table, "UPDATE", None), (table, "UPDATE", column)} & told, (table, column)
            assert {row[1] for row in told if row[0] == table} >= {"INSERT", "DELETE", "UPDATE"}, table


def test_there_is_a_view_for_each_table_and_no_secret_in_one(world: World) -> None:
    tables = world.read()
    assert set(tables) == set(TABLES)
    text = " ".join(str(table.to_pydict()) for table in tables.values())
    assert "@" not in text
    assert "the secret" not in text


def test_it_runs_in_an_event_loop(world: World) -> None:
    import asyncio

    async def main() -> None:
        task = asyncio.create_task(world.reconciler().run())
        await asyncio.to_thread(check)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    def check() -> None:
        with world.following():
            world.run("DELETE FROM members WHERE user_id = 'usr_bob'")
            world.every_edge_has(allowed("user:usr_bob", "members.read", "organization:org_acme"), False)
            world.every_edge_is_as_a_fresh_load()

    asyncio.run(main())
