"""The reconciler against tables in memory: what it reads when, what it publishes, what it tells, and how it goes on after faults."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from bailiwick import Bailiwick, BailiwickError, public_key_of
from bailiwick.feed import ConflictError, FolderStore, Follower, HttpStore, Published, Reconciler
from bailiwick.feed.postgres import PostgresTables

KEY = bytes(range(32))
PUBLIC = public_key_of(KEY)
DEADLINE = 20.0
NEVER = 1000.0


class Database:
    """A few tables in memory. `members` are the members of org_acme besides the owner."""

    def __init__(self) -> None:
        self.members = ["usr_bob"]
        self.kinds = {"org_acme": "file", "org_bolt": "file"}
        self.reads = 0
        self.fault: Exception | None = None
        self.before: Callable[[], object] = lambda: None
        self.after: Callable[[], object] = lambda: None

    def __call__(self) -> dict[str, Any]:
        self.reads += 1
        self.before()
        if self.fault is not None:
            raise self.fault
        people = [("org_acme", "usr_ada", "admin"), ("org_bolt", "usr_bea", "admin")] + [
            ("org_acme", user, "member") for user in self.members
        ]
        organizations, users, roles = zip(*people, strict=True)
        tables = {
            "organizations": pa.table({"id": ["org_acme", "org_bolt"], "owner": ["usr_ada", "usr_bea"]}),
            "members": pa.table({"organization": organizations, "user": users, "role": roles}),
            "projects": pa.table({"organization": ["org_acme", "org_bolt"], "id": ["prj_acme", "prj_bolt"], "default": [True, True]}),
            "resources": pa.table({"project": ["prj_acme", "prj_bolt"], "id": ["r_1", "r_2"], "kind": list(self.kinds.values())}),
        }
        self.after()
        return tables

    def state(self) -> str:
        return Bailiwick.from_tables(self(), quarantine=True).state


def reconciler(database: Callable[[], Any], folder: Any, **options: Any) -> Reconciler:
    return Reconciler(database, folder, **{"signing_key": KEY, "max_age_seconds": 300, "interval": NEVER, **options})


def edge(folder: Any) -> Follower:
    follower = Follower(folder, public_key=PUBLIC)
    follower.refresh()
    return follower


def state(follower: Follower) -> str:
    assert follower.guard is not None
    return follower.guard.state


def until(holds: Callable[[], object]) -> None:
    """Waits until something holds."""
    end = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < end, "it has not come about"
        time.sleep(0.005)


class Bell:
    """A signal that the test rings, and breaks."""

    def __init__(self) -> None:
        self.wake: Callable[[], None] | None = None
        self.broken = threading.Event()
        self.connections = 0

    def listen(self, wake: Callable[[], None], stop: threading.Event) -> None:
        self.connections += 1
        wake()
        self.wake = wake
        while not stop.wait(0.002):
            if self.broken.is_set():
                self.broken.clear()
                raise ConnectionError("the bell is broken")

    def ring(self) -> None:
        assert self.wake is not None
        self.wake()


def test_what_the_tables_say_is_published_and_only_once(tmp_path: Path) -> None:
    database = Database()
    worker = reconciler(database, tmp_path)
    assert worker.guard is None
    assert worker.refresh().bytes > 0
    follower = edge(tmp_path)
    assert state(follower) == database.state()
    assert worker.refresh() == Published(0, 0, 0, 0, 0, 0, 0)

    database.members.append("usr_cem")
    assert worker.refresh().steps == 1
    assert follower.refresh()
    assert state(follower) == database.state()
    assert follower.stats.snapshots == 1
    assert (worker.stats.rounds, worker.stats.changes, worker.stats.conflicts) == (3, 1, 0)
    assert worker() is worker.guard


def test_a_worker_that_starts_again_goes_on_from_the_feed(tmp_path: Path) -> None:
    database = Database()
    reconciler(database, tmp_path).refresh()
    follower = edge(tmp_path)
    database.members.append("usr_cem")
    assert reconciler(database, tmp_path).refresh()[:3] == (1, 1, 0)
    assert follower.refresh()
    assert (state(follower), follower.stats.snapshots) == (database.state(), 1)


def test_a_worker_that_has_read_older_tables_does_not_undo_what_is_newer(tmp_path: Path) -> None:
    database = Database()
    second = reconciler(database, tmp_path)
    second.refresh()
    database.members.append("usr_old")

    def overtake() -> None:
        # The one that publishes has read. Before it publishes, usr_old is removed, and another worker publishes that.
        database.after = lambda: None
        database.members[:] = ["usr_bob", "usr_new"]
        assert reconciler(database, tmp_path).refresh().steps == 1

    database.after = overtake
    with pytest.raises(ConflictError):
        second.refresh()
    assert second.refresh().bytes == 0
    assert second.stats.conflicts == 1
    assert state(edge(tmp_path)) == database.state()
    for guard in (edge(tmp_path).guard, second.guard):
        assert guard is not None
        assert guard.is_allowed("user:usr_new", "members.read", "organization:org_acme")
        assert not guard.is_allowed("user:usr_old", "members.read", "organization:org_acme")


def test_two_workers_that_begin_together_make_one_feed(tmp_path: Path) -> None:
    database = Database()
    first, second = reconciler(database, tmp_path), reconciler(database, tmp_path)

    def overtake() -> None:
        database.after = lambda: None
        first.refresh()

    database.after = overtake
    with pytest.raises(ConflictError):
        second.refresh()
    second.refresh()
    assert (first.stats.conflicts, second.stats.conflicts) == (0, 1)
    assert state(edge(tmp_path)) == database.state()


def test_a_worker_takes_over_from_another_that_has_not_published_everything(tmp_path: Path) -> None:
    database = Database()
    first, second = reconciler(database, tmp_path), reconciler(database, tmp_path)
    first.refresh()
    for number, (ahead, behind) in enumerate([(second, first), (first, second), (second, first)]):
        database.members.append(f"usr_{number}")
        assert ahead.refresh().steps == 1
        # It learns that it no longer publishes when it tries, and from then on it follows.
        database.members.append(f"usr_{number}_too")
        with pytest.raises(ConflictError):
            behind.refresh()
        assert ahead.refresh().steps == 1
        assert behind.refresh().bytes == 0
        assert behind.guard is not None
        assert behind.guard.state == state(edge(tmp_path)) == database.state()


def test_a_worker_that_takes_over_reads_the_database_only_then(tmp_path: Path) -> None:
    database = Database()
    first, second = reconciler(database, tmp_path), reconciler(database, tmp_path)
    first.refresh()
    database.members.append("usr_cem")

    def see_who_publishes() -> None:
        database.after = lambda: None
        database.members.append("usr_new")
        # Could the first still publish this, the second, which has read before, would undo it.
        with pytest.raises(ConflictError):
            first.refresh()

    def decided_to_take_over() -> None:
        database.after = see_who_publishes

    database.after = decided_to_take_over
    assert second.refresh().steps == 1
    assert second.refresh().steps == 1
    assert state(edge(tmp_path)) == database.state()


def test_a_worker_that_was_refused_looks_again_by_itself(tmp_path: Path) -> None:
    database, bell = Database(), Bell()
    with reconciler(database, tmp_path, signal=bell) as worker:
        until(lambda: bell.wake and worker.stats.rounds)
        database.members.append("usr_cem")
        assert reconciler(database, tmp_path).refresh().steps == 1
        # The other one has ended. Nothing is heard but this.
        database.members.append("usr_dan")
        bell.ring()
        until(lambda: state(edge(tmp_path)) == database.state())
        assert worker.stats.conflicts == 1


def test_a_worker_that_cannot_follow_says_so(tmp_path: Path) -> None:
    class Away(FolderStore):
        is_away = False

        def get(self, key: str, seen: str | None = None) -> Any:
            if self.is_away:
                raise OSError("away")
            return super().get(key, seen)

    database, store = Database(), Away(tmp_path)
    reconciler(database, tmp_path).refresh()
    second = reconciler(database, store)
    second.refresh()
    store.is_away = True
    with pytest.raises(OSError, match="away"):
        second.refresh()
    store.is_away = False
    second.refresh()


def test_a_database_that_is_back_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bailiwick.feed._listener.SECONDS", 0.01)
    database, bell = Database(), Bell()
    with reconciler(database, tmp_path, signal=bell) as worker:
        until(lambda: bell.wake and worker.stats.rounds)
        database.fault = ConnectionError("away")
        bell.ring()
        until(lambda: worker.stats.failures)
        # The pause is 1.5 seconds at least.
        failed = time.monotonic()
        database.fault = None
        bell.broken.set()
        until(lambda: not worker.stats.failures)
        assert time.monotonic() - failed < 1.2


def test_a_worker_that_begins_does_not_disturb_the_one_that_publishes(tmp_path: Path) -> None:
    database = Database()
    first, second = reconciler(database, tmp_path), reconciler(database, tmp_path)
    first.refresh()
    for number in range(3):
        database.members.append(f"usr_{number}")
        assert first.refresh().steps == 1
        assert second.refresh() == Published(number + 1, 0, 0, 0, 0, 0, 0)
    assert (first.stats.conflicts, second.stats.conflicts) == (0, 0)


def test_a_worker_takes_over_before_what_edges_have_becomes_stale(tmp_path: Path) -> None:
    database = Database()
    reconciler(database, tmp_path, max_age_seconds=2).refresh()
    second = reconciler(database, tmp_path, max_age_seconds=2)
    assert second.refresh().bytes == 0
    time.sleep(1.6)
    assert second.refresh().renewals == 1
    assert edge(tmp_path).is_ready


def test_a_worker_that_came_second_lets_others_come_first_and_takes_over_from_them(tmp_path: Path) -> None:
    database, bell = Database(), Bell()
    reads: list[float] = []

    def tables() -> dict[str, Any]:
        reads.append(time.monotonic())
        return database()

    first, second = reconciler(database, tmp_path), reconciler(tables, tmp_path, signal=bell)
    first.refresh()
    with second:
        until(lambda: bell.wake and second.stats.rounds)
        # The first publishes each change before the second has looked.
        for number in range(3):
            time.sleep(0.05)
            reads.clear()
            rung = time.monotonic()
            database.members.append(f"usr_{number}")
            bell.ring()
            assert first.refresh().steps == 1
            until(lambda: reads)
            assert reads[0] - rung >= 0.4
        assert (first.stats.conflicts, second.stats.conflicts) == (0, 0)

        # The first is gone. The second publishes, and is as quick as the first was from then on.
        database.members.append("usr_dan")
        bell.ring()
        until(lambda: state(edge(tmp_path)) == database.state())
        for number in range(3):
            time.sleep(0.05)
            reads.clear()
            rung = time.monotonic()
            database.members.append(f"usr_{number}_too")
            bell.ring()
            until(lambda: reads)
            assert reads[0] - rung < 0.4
    assert state(edge(tmp_path)) == database.state()


def test_a_bad_row_stops_its_organization_only_and_is_told_once(tmp_path: Path) -> None:
    database = Database()
    told: list[Any] = []
    worker = reconciler(database, tmp_path, on_quarantine=told.append)
    worker.refresh()
    database.kinds["org_bolt"] = "robot"
    database.members.append("usr_cem")
    worker.refresh()
    guard = edge(tmp_path).guard
    assert guard is not None
    assert guard.is_allowed("user:usr_cem", "members.read", "organization:org_acme")
    # The last good state.
    assert guard.is_allowed("user:usr_bea", "file.read", "file:r_2")
    assert [(fault["organization"], fault["code"]) for fault in told] == [("org_bolt", "unknown_kind")]

    worker.refresh()
    assert len(told) == 1
    # What was mended and broken again is told again.
    database.kinds["org_bolt"] = "file"
    worker.refresh()
    assert len(told) == 1
    database.kinds["org_bolt"] = "robot"
    worker.refresh()
    assert len(told) == 2


def test_a_fault_is_not_told_again_when_its_row_has_another_number(tmp_path: Path) -> None:
    database = Database()
    told: list[Any] = []
    database.kinds["org_bolt"] = "robot"
    order = [0, 1]

    def tables() -> dict[str, Any]:
        found = database()
        return {**found, "resources": found["resources"].take(order)}

    worker = reconciler(tables, tmp_path, on_quarantine=told.append)
    worker.refresh()
    order.reverse()
    worker.refresh()
    assert worker.guard is not None
    assert [fault["path"] for fault in worker.guard.quarantined] == ["/resources/0/kind"]
    assert [fault["path"] for fault in told] == ["/resources/1/kind"]


def test_a_fault_outside_organizations_refuses_the_tables_and_nothing_is_published(tmp_path: Path) -> None:
    database = Database()
    worker = reconciler(database, tmp_path)
    worker.refresh()
    before = state(edge(tmp_path))
    database.members.append("usr_cem")
    orphan = reconciler(lambda: {**database(), "groups": pa.table({"organization": ["org_none"], "id": ["grp"]})}, tmp_path)
    with pytest.raises(BailiwickError) as raised:
        orphan.refresh()
    assert (raised.value.code, raised.value.path) == ("unknown_reference", "/groups/0/organization")
    assert state(edge(tmp_path)) == before
    worker.refresh()
    assert state(edge(tmp_path)) == database.state() != before
    assert worker.stats.conflicts == 0


def test_a_database_that_is_away_is_told_and_read_again(tmp_path: Path) -> None:
    database = Database()
    told: list[Any] = []
    database.fault = ConnectionError("away")
    with reconciler(database, tmp_path, interval=0.01, on_error=told.append) as worker:
        until(lambda: len(told) >= 2)
        assert all(error is database.fault for error in told)
        assert worker.stats.failures >= 2
        database.fault = None
        until(lambda: worker.stats.rounds)
        assert worker.stats.failures == 0
    assert state(edge(tmp_path)) == database.state()


def test_edges_deny_once_the_database_has_been_away_for_the_greatest_age(tmp_path: Path) -> None:
    database = Database()
    with reconciler(database, tmp_path, max_age_seconds=2, interval=0.1), Follower(tmp_path, public_key=PUBLIC, interval=0.05) as follower:
        guard = follower.wait(DEADLINE)
        time.sleep(3)
        assert guard.is_allowed("user:usr_bob", "members.read", "organization:org_acme")
        database.fault = ConnectionError("away")
        until(guard.is_stale)
        assert guard.check_access("user:usr_bob", "members.read", "organization:org_acme").reason == "snapshot_stale"
        database.fault = None
        until(lambda: guard.is_allowed("user:usr_bob", "members.read", "organization:org_acme"))


def test_a_store_that_is_away_is_told_and_written_again(tmp_path: Path) -> None:
    class Away(FolderStore):
        is_away = False

        def put(self, key: str, data: bytes, seen: str | None) -> str:
            if self.is_away:
                raise OSError("away")
            return super().put(key, data, seen)

    database, store = Database(), Away(tmp_path)
    told: list[Exception] = []
    worker = reconciler(database, store)
    worker.refresh()
    store.is_away = True
    database.members.append("usr_cem")
    with pytest.raises(OSError, match="away"):
        worker.refresh()
    with reconciler(database, store, interval=0.01, on_error=told.append):
        until(lambda: told)
        store.is_away = False
        until(lambda: state(edge(tmp_path)) == database.state())
    with pytest.raises(ConflictError):
        worker.refresh()
    worker.refresh()
    assert worker.guard is not None
    assert worker.guard.state == database.state()


def test_the_signal_has_the_database_read_at_once(tmp_path: Path) -> None:
    database, bell = Database(), Bell()
    with reconciler(database, tmp_path, signal=bell) as worker:
        until(lambda: bell.wake and worker.stats.rounds)
        for number in range(5):
            database.members.append(f"usr_{number}")
            bell.ring()
            until(lambda: state(edge(tmp_path)) == database.state())
        # Silence: nobody reads.
        reads = database.reads
        time.sleep(0.2)
        assert database.reads == reads
        # A host may ring too.
        worker.wake()
        until(lambda: database.reads > reads)


def test_a_change_during_a_round_is_not_missed(tmp_path: Path) -> None:
    database, bell = Database(), Bell()
    with reconciler(database, tmp_path, signal=bell):
        until(lambda: bell.wake and (tmp_path / "snapshot").exists())

        def change_after_the_read() -> None:
            database.after = lambda: None
            database.members.append("usr_late")
            bell.ring()

        database.after = change_after_the_read
        bell.ring()
        expected = Database()
        expected.members.append("usr_late")
        until(lambda: state(edge(tmp_path)) == expected.state())


def test_while_the_signal_is_lost_the_database_is_read_at_intervals(tmp_path: Path) -> None:
    database, bell = Database(), Bell()
    told: list[Exception] = []
    with reconciler(database, tmp_path, signal=bell, interval=0.02, on_error=told.append) as worker:
        until(lambda: bell.wake and worker.stats.rounds)
        time.sleep(0.1)
        reads = database.reads
        time.sleep(0.2)
        assert database.reads == reads, "it is read at intervals although the signal works"
        bell.broken.set()
        until(lambda: database.reads >= reads + 5)
        assert (worker.stats.lost_signals, [str(error) for error in told]) == (1, ["the bell is broken"])
        until(lambda: bell.connections == 2)
        database.members.append("usr_cem")
        bell.ring()
        until(lambda: state(edge(tmp_path)) == database.state())


def test_the_policy_that_is_asked_for_is_put_in_force_once(tmp_path: Path) -> None:
    database = Database()
    older = reconciler(database, tmp_path, policy="projects-2026-02")
    older.refresh()
    follower = edge(tmp_path)
    newer = reconciler(database, tmp_path, policy="projects-2026-09")
    newer.refresh()
    assert (newer.stats.conflicts, older.stats.conflicts) == (0, 0)
    follower.refresh()
    assert follower.guard is not None
    assert (follower.guard.policy, follower.stats.snapshots) == ("projects-2026-09", 1)
    with pytest.raises(ConflictError):
        database.members.append("usr_cem")
        older.refresh()
    older.refresh()
    follower.refresh()
    assert follower.guard.policy == "projects-2026-09"
    assert state(follower) == Bailiwick.from_tables(database(), policy="projects-2026-09").state


def test_a_policy_that_what_is_published_does_not_fit_comes_with_the_tables(tmp_path: Path) -> None:
    database = Database()
    reconciler(database, tmp_path).refresh()
    policy = Bailiwick.from_tables(database()).policy_document
    policy["id"] = "bosses"
    policy["organization_roles"] = [{"role": "boss", "project_role": "admin"}, {"role": "worker"}]
    rename = {"admin": "boss", "member": "worker"}
    for action in policy["organization_actions"]:
        action["roles"] = [rename[role] for role in action.get("roles", [])]
        if not action["roles"]:
            del action["roles"]

    def tables() -> dict[str, Any]:
        found = database()
        rows = [{**row, "role": rename[row["role"]]} for row in found["members"].to_pylist()]
        return {**found, "members": pa.Table.from_pylist(rows)}

    worker = reconciler(tables, tmp_path, policy=policy)
    worker.refresh()
    guard = edge(tmp_path).guard
    assert guard is not None
    assert guard.state == Bailiwick.from_tables(tables(), policy=policy).state
    assert guard.quarantined == []


def test_the_signing_key_is_replaced_while_edges_follow(tmp_path: Path) -> None:
    database, new = Database(), bytes(range(50, 82))
    reconciler(database, tmp_path).refresh()
    follower = Follower(tmp_path, public_keys=[PUBLIC, public_key_of(new)])
    follower.refresh()
    with pytest.raises(BailiwickError) as raised:
        reconciler(database, tmp_path, signing_key=new).refresh()
    assert raised.value.code == "signature_invalid"
    database.members.append("usr_cem")
    assert reconciler(database, tmp_path, signing_key=new, public_keys=[PUBLIC]).refresh().snapshots == 1
    follower.refresh()
    assert (state(follower), follower.stats.snapshots) == (database.state(), 1)


def test_hooks_that_fail_stop_nothing(tmp_path: Path) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("a hook")

    database = Database()
    database.kinds["org_bolt"] = "robot"
    database.fault = OSError("away")
    with reconciler(database, tmp_path, interval=0.01, on_publish=fail, on_quarantine=fail, on_error=fail) as worker:
        until(lambda: worker.stats.failures)
        database.fault = None
        until(lambda: worker.stats.rounds >= 2)
    assert state(edge(tmp_path)) == database.state()


def test_it_runs_in_an_event_loop_and_ends_with_its_task(tmp_path: Path) -> None:
    database, bell = Database(), Bell()

    async def main() -> None:
        worker = reconciler(database, tmp_path, signal=bell)
        task = asyncio.create_task(worker.run())
        while not (bell.wake and worker.stats.rounds):
            await asyncio.sleep(0.005)
        database.members.append("usr_cem")
        bell.ring()
        while state(edge(tmp_path)) != database.state():
            await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    begun = time.monotonic()
    asyncio.run(main())
    assert time.monotonic() - begun < DEADLINE
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("bailiwick-")]


def test_it_can_be_closed_and_started_again(tmp_path: Path) -> None:
    database, bell = Database(), Bell()
    worker = reconciler(database, tmp_path, signal=bell)
    for number in range(3):
        database.members.append(f"usr_{number}")
        with worker:
            until(lambda: state(edge(tmp_path)) == database.state() if (tmp_path / "snapshot").exists() else False)
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("bailiwick-")]
    worker.close()


def test_what_it_cannot_do_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="interval"):
        reconciler(Database(), tmp_path, interval=0)
    with pytest.raises(TypeError, match="only be read"):
        reconciler(Database(), HttpStore("https://feed.example"))
    for options, code in (({"policy": "of-tomorrow"}, "unknown_policy"), ({"signing_key": b"short"}, "wrong_type")):
        with pytest.raises(BailiwickError) as raised:
            reconciler(Database(), tmp_path, **options)
        assert raised.value.code == code


class Connection:
    """A connection of ADBC. It is lost at the statement of this number."""

    def __init__(self, lost_at: int | None = None) -> None:
        self.statements: list[str] = []
        self.lost_at = lost_at
        self.is_open = True

    def cursor(self) -> Connection:
        return self

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def execute(self, statement: str) -> None:
        self.statements.append(statement)
        if len(self.statements) == self.lost_at:
            raise OSError("lost")

    def fetch_arrow_table(self) -> str:
        return self.statements[-1]

    def rollback(self) -> None:
        self.statements.append("ROLLBACK")

    def close(self) -> None:
        self.is_open = False


def test_all_tables_are_read_in_one_transaction_that_writes_nothing() -> None:
    connection = Connection()
    tables = PostgresTables(lambda: connection, schema='a "b"', tables=("organizations", "members"))
    assert tables() == {"organizations": 'SELECT * FROM "a ""b"""."organizations"', "members": 'SELECT * FROM "a ""b"""."members"'}
    assert connection.statements[0] == "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
    assert connection.statements[-1] == "ROLLBACK"
    tables()
    assert len(connection.statements) == 8
    tables.close()
    assert not connection.is_open


def test_a_kept_connection_that_is_lost_is_made_anew_and_a_new_one_is_told() -> None:
    made = [Connection(lost_at=6), Connection(lost_at=2), Connection()]
    waiting = iter(made)
    tables = PostgresTables(lambda: next(waiting), tables=("organizations", "members"))
    tables()
    with pytest.raises(OSError, match="lost"):
        tables()
    assert [connection.is_open for connection in made] == [False, False, True]
    assert list(tables()) == ["organizations", "members"]
    assert made[2].is_open
