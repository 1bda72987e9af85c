"""Reviews and impacts as tables: made while they are read, from the state that there was at the beginning."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import duckdb
import pandas
import polars
import pyarrow as pa
import pytest
from bailiwick import AnswerTable, Bailiwick, BailiwickError, UnreadableError

from whole_tables import scene

AT = "2026-02-01T12:00:00Z"
WORDS = pa.list_(pa.dictionary(pa.int32(), pa.string()))
MOMENT = pa.timestamp("ms", "UTC")
REVIEW: dict[str, pa.DataType] = {
    "principal": pa.string(),
    "organization": pa.string(),
    "project": pa.string(),
    "role": pa.string(),
    "source": pa.string(),
    "via": pa.string(),
    "added_at": MOMENT,
    "expires_at": MOMENT,
    "effective": pa.bool_(),
    "scopes": pa.list_(pa.string()),
}
IMPACT: dict[str, pa.DataType] = {
    "kind": pa.string(),
    "principal": pa.string(),
    "on": pa.string(),
    "gained": WORDS,
    "lost": WORDS,
    "project": pa.string(),
    "before_organization": pa.string(),
    "before_project": pa.string(),
    "after_organization": pa.string(),
    "after_project": pa.string(),
    "usage": WORDS,
}


def large(projects: int, members: int) -> dict[str, Any]:
    """A directory in which a review has more rows than there are entries: every member is an admin of every project."""
    people = [{"user": f"u{number}", "role": "admin"} for number in range(members)]
    places = [{"id": "default", "default": True}, *({"id": f"p{number}"} for number in range(projects))]
    organization = {"id": "o", "owner": "u0", "members": people, "projects": places}
    return {"format": "bailiwick/1", "organizations": [organization]}


def demoted(document: dict[str, Any]) -> Bailiwick:
    """An engine with the same directory, in which nobody but the owner is an admin any more."""
    organization = document["organizations"][0]
    members = [{**row, "role": "admin" if row["user"] == organization["owner"] else "member"} for row in organization["members"]]
    return Bailiwick.from_directory({**document, "organizations": [{**organization, "members": members}]})


def both() -> tuple[Bailiwick, Bailiwick]:
    """Two states with rows of access and of bookings between them."""
    before, after = scene.engine(), scene.engine()
    project = next(project for row in scene.DOCUMENT["organizations"] for project in row["projects"] if project.get("collaborators"))
    for organization in scene.DOCUMENT["organizations"]:
        others = [member["user"] for member in organization["members"] if member["user"] != organization["owner"]]
        after.apply_many([{"type": "remove_member", "organization": organization["id"], "user": user} for user in others])
    after.apply({"type": "set_external_collaborators", "project": project["id"], "allowed": True})
    return before, after


def types(table: AnswerTable) -> dict[str, pa.DataType]:
    """The columns of a table that is not read by that."""
    schema = pa.schema(table)
    return dict(zip(schema.names, schema.types, strict=True))


def test_a_review_is_a_table() -> None:
    guard = scene.engine()
    table = guard.review_table(at=AT)
    assert types(table) == REVIEW
    assert table.column_names == list(REVIEW)
    assert (table.num_rows, table.counts, table.unattributed) == (0, {}, 0)
    assert (table.policy, table.revision) == (guard.policy, guard.revision)
    whole = guard.review(at=AT)
    rows = table.to_pylist()
    assert table.num_rows == len(rows) == len(whole) > 0
    for row, told in zip(rows, whole, strict=True):
        for name in ("added_at", "expires_at"):
            if row[name] is not None:
                # As a document writes it.
                assert told.to_dict()[name] is not None
                assert pa.scalar(row[name], MOMENT).as_py().isoformat(timespec="seconds").startswith(told.to_dict()[name][:19])
        expected = {name: value for name, value in told.to_dict().items() if not name.endswith("_at")}
        assert {name: value for name, value in row.items() if not name.endswith("_at")} == expected
    sources = [row.source for row in whole]
    assert table.counts == {source: sources.count(source) for source in set(sources)}


def test_a_review_of_one_organization_is_a_part_of_the_whole() -> None:
    guard = scene.engine()
    parts = [guard.review_table(organization=one["id"], at=AT).to_pylist() for one in guard.to_directory()["organizations"]]
    assert [row for part in parts for row in part] == guard.review_table(at=AT).to_pylist()


def test_an_impact_is_a_table() -> None:
    before, after = both()
    table = before.impact_table(after, at=AT)
    assert types(table) == IMPACT
    assert (table.column_names, table.num_rows, table.counts) == (list(IMPACT), 0, {})
    assert (table.policy, table.revision) == (before.policy, before.revision)
    whole = before.impact(after, at=AT)
    rows = table.to_pylist()
    access = [row for row in rows if row["kind"] == "access"]
    bookings = [row for row in rows if row["kind"] == "bookings"]
    assert rows == access + bookings
    assert (
        table.counts == {"access": len(access), "bookings": len(bookings)} == {"access": len(whole.access), "bookings": len(whole.bookings)}
    )
    for row, told in zip(access, whole.access, strict=True):
        assert {name: value for name, value in row.items() if value is not None} == {"kind": "access", **vars_of(told)}
    for row, move in zip(bookings, whole.bookings, strict=True):
        expected: dict[str, Any] = {"kind": "bookings", "principal": move.principal, "project": move.project, "usage": move.usage}
        expected |= {"before_organization": move.before.organization, "before_project": move.before.project}
        expected |= {"after_organization": move.after.organization, "after_project": move.after.project}
        assert row == {**dict.fromkeys(IMPACT), **expected}


def vars_of(row: Any) -> dict[str, Any]:
    """The fields of a row."""
    return {name: getattr(row, name) for name in row.__slots__}


def test_nothing_has_the_same_columns() -> None:
    nobody = Bailiwick.from_directory({"format": "bailiwick/1", "organizations": []})
    for table, columns in ((nobody.review_table(), REVIEW), (nobody.impact_table(nobody), IMPACT)):
        assert types(table) == columns
        read = table.to_pyarrow()
        assert (read.num_rows, dict(zip(read.schema.names, read.schema.types, strict=True))) == (0, columns)
        assert (table.num_rows, table.counts) == (0, {})


def test_libraries_read_them() -> None:
    before, after = both()
    for make in (partial(before.review_table, at=AT), partial(before.impact_table, after, at=AT)):
        rows = make().to_pylist()
        assert pa.table(make()).to_pylist() == rows
        assert polars.DataFrame(make()).height == make().to_polars().height == len(rows)
        assert [row["principal"] for row in make().to_polars().to_dicts()] == [row["principal"] for row in rows]
        frame = make().to_pandas()
        assert isinstance(frame, pandas.DataFrame)
        assert frame["principal"].tolist() == [row["principal"] for row in rows]
        answers = make()
        counts: Any = duckdb.sql("select count(*), count(distinct principal) from answers")
        [counted] = counts.fetchall()
        assert counted == (len(rows), len({row["principal"] for row in rows}))
        assert answers.num_rows == len(rows)


def test_they_can_be_read_once() -> None:
    before, after = both()
    for table in (before.review_table(at=AT), before.impact_table(after, at=AT)):
        rows = table.num_rows, len(table.to_pylist())
        assert rows[0] == 0
        for read in (table.to_pyarrow, table.to_pylist, table.to_polars, table.to_pandas, lambda table=table: pa.table(table)):
            with pytest.raises(UnreadableError) as raised:
                read()
            assert raised.value.code == "unreadable"
        # Its columns and counts are known ever after.
        assert table.num_rows == rows[1] == sum(table.counts.values())
        assert repr(table) == f"<AnswerTable {rows[1]} rows read, {len(table.column_names)} columns, revision={before.revision}>"


def test_counts_grow_while_it_is_read() -> None:
    guard = Bailiwick.from_directory(large(300, 100))
    table = guard.review_table(at=AT)
    seen = []
    for batch in pa.RecordBatchReader.from_stream(table):
        assert 0 < batch.num_rows <= 1 << 14
        seen.append((table.num_rows, sum(table.counts.values())))
    assert len(seen) > 1
    assert seen == sorted(set(seen))
    assert {rows for rows, _ in seen} == {counted for _, counted in seen}


def test_it_tells_the_state_at_its_beginning() -> None:
    document = large(300, 100)
    guard, other = Bailiwick.from_directory(document), demoted(document)
    reviewed = guard.review_table(at=AT).to_pyarrow()
    compared = guard.impact_table(other, at=AT).to_pyarrow()
    review, impact = guard.review_table(at=AT), guard.impact_table(other, at=AT)
    readers = [pa.RecordBatchReader.from_stream(table) for table in (review, impact)]
    batches = [[reader.read_next_batch()] for reader in readers]
    # Neither waits for the other.
    for engine in (guard, other):
        engine.apply_many([{"type": "remove_member", "organization": "o", "user": f"u{number}"} for number in range(1, 90)])
        engine.apply({"type": "remove_project", "project": "p7"})
    for reader, first, whole in zip(readers, batches, (reviewed, compared), strict=True):
        rest = reader.read_all()
        assert pa.concat_tables([pa.Table.from_batches(first), rest]).equals(whole)
    assert (review.revision, impact.revision) == (0, 0)
    assert guard.review_table(at=AT).to_pyarrow().num_rows < reviewed.num_rows


def test_it_is_released_early() -> None:
    before, after = both()
    for table in (before.review_table(at=AT), before.impact_table(after, at=AT)):
        reader = pa.RecordBatchReader.from_stream(table)
        reader.read_next_batch()
        reader.close()
        del reader
    before.review_table(at=AT)
    pa.RecordBatchReader.from_stream(before.impact_table(after, at=AT))
    gc.collect()
    assert before.impact(after, at=AT).access


def test_errors_come_before_any_row() -> None:
    guard = scene.engine()
    no_engine: Any = guard.review_table()
    calls: list[tuple[Callable[[], object], str, str]] = [
        (lambda: guard.review_table(organization="nobody"), "not_found", "/organization"),
        (lambda: guard.review_table(at="now"), "invalid_timestamp", "/at"),
        (lambda: guard.impact_table(guard, at="now"), "invalid_timestamp", "/at"),
        (lambda: guard.impact_table(no_engine), "wrong_type", "/other"),
    ]
    for call, code, path in calls:
        with pytest.raises(BailiwickError) as raised:
            call()
        assert (raised.value.code, raised.value.path) == (code, path)


def test_other_threads_run_meanwhile() -> None:
    document = large(800, 60)
    guard, other = Bailiwick.from_directory(document), demoted(document)
    reads: list[Callable[[], object]] = [
        lambda: guard.review_table(at=AT).to_pyarrow(),
        lambda: guard.impact_table(other, at=AT).to_pyarrow(),
    ]
    for read in reads:
        done = threading.Event()
        turns = 0

        def work(read: Callable[[], object] = read, done: threading.Event = done) -> None:
            try:
                read()
            finally:
                done.set()

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        while not done.is_set():
            # Changes go on as well.
            guard.apply({"type": "set_external_collaborators", "project": "p1", "allowed": turns % 2 == 0})
            turns += 1
        thread.join(60)
        assert turns > 1


FORK = """
import os, signal, threading
from bailiwick import Bailiwick

people = [{"user": f"u{number}", "role": "admin"} for number in range(50)]
projects = [{"id": "default", "default": True}, *({"id": f"p{number}"} for number in range(500))]
organization = {"id": "o", "owner": "u0", "members": people, "projects": projects}
guard = Bailiwick.from_directory({"format": "bailiwick/1", "organizations": [organization]})
over = threading.Event()

def read():
    while not over.is_set():
        guard.review(at="2026-02-01T12:00:00Z")
        guard.impact(guard)
        guard.explain("user:u1", "billing.write", "organization:o")

thread = threading.Thread(target=read)
thread.start()
whole = []
for _ in range(10):
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        good = guard.impact(guard).counts.principals == 0 and guard.explain("user:u1", "x", "organization:o").rule == "A2"
        guard.review_table(), guard.findings()
        os._exit(0 if good and guard.apply({"type": "add_member", "organization": "o", "user": "x"}) == 1 else 1)
    whole.append(os.waitpid(child, 0)[1])
over.set()
thread.join()
print(whole)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no fork")
def test_a_child_can_ask() -> None:
    done = subprocess.run([sys.executable, "-c", FORK], capture_output=True, text=True, timeout=120)
    assert (done.stdout.strip(), done.returncode) == (str([0] * 10), 0), done.stderr


MEMORY = """
import resource
import pyarrow as pa
from bailiwick import Bailiwick

def directory(role):
    people = [{"user": "u0", "role": "admin"}, *({"user": f"u{number}", "role": role} for number in range(1, 200))]
    projects = [{"id": "default", "default": True}, *({"id": f"p{number}"} for number in range(1_500))]
    organization = {"id": "o", "owner": "u0", "members": people, "projects": projects}
    return Bailiwick.from_directory({"format": "bailiwick/1", "organizations": [organization]})

guard, other = directory("admin"), directory("member")

def rows(table):
    return sum(batch.num_rows for batch in pa.RecordBatchReader.from_stream(table))

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
told = rows(guard.review_table()), rows(guard.impact_table(other))
print(*told, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_memory_does_not_grow_with_the_rows() -> None:
    done = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    reviewed, compared, kilobytes = map(int, done.stdout.split())
    assert min(reviewed, compared) > 250_000
    # As rows they take more than fifty megabytes.
    assert kilobytes < 40 << 10
