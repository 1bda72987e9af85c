"""What a worker does, whichever engine runs it: it loads a snapshot once, keeps a few, answers as attribute_table, and fails closed."""

from __future__ import annotations

import dataclasses
import os
import pickle
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow as pa
import pytest
from bailiwick import Bailiwick, BailiwickError, InvalidInputError, cluster, public_key_of
from bailiwick.cluster import ClusterAttribution

SIGNING_KEY = bytes(range(32))
PUBLIC_KEY = public_key_of(SIGNING_KEY)
ORGANIZATION = {
    "id": "org_acme",
    "owner": "usr_ada",
    "members": [{"user": "usr_ada", "role": "admin"}],
    "projects": [{"id": "prj_default", "default": True}, {"id": "prj_a"}],
}
AT = pa.array([1_775_000_000_000], pa.timestamp("ms", "UTC"))
USAGE = pa.table({"principal": ["user:usr_ada"], "kind": ["file"], "surface": ["api"], "project": ["prj_a"], "at": AT})


def snapshot(revision: int = 1, signing_key: bytes | None = SIGNING_KEY) -> bytes:
    """A small directory at a revision."""
    document = {"format": "bailiwick/1", "revision": revision, "organizations": [ORGANIZATION]}
    return Bailiwick.from_directory(document).to_snapshot(signing_key, digests=False)


@dataclasses.dataclass
class Counted:
    """A broadcast that counts how often it is asked for its value."""

    data: bytes
    asked: int = 0
    takes: float = 0.0

    @property
    def value(self) -> bytes:
        """The bytes, after a while."""
        self.asked += 1
        time.sleep(self.takes)
        return self.data


@pytest.fixture(autouse=True)
def loaded(monkeypatch: pytest.MonkeyPatch) -> cluster._Loaded:
    """A process that has loaded nothing yet."""
    fresh = cluster._Loaded()
    monkeypatch.setattr(cluster, "_loaded", fresh)
    return fresh


def raised(code: str, path: str | None, call: Any) -> None:
    """The call raises an error with this code and path."""
    with pytest.raises(BailiwickError) as error:
        call()
    assert (error.value.code, error.value.path) == (code, path)
    assert isinstance(error.value, InvalidInputError)


def test_the_answers_are_those_of_attribute_table() -> None:
    guard = Bailiwick.from_snapshot(snapshot())
    forms: list[dict[str, Any]] = [
        {},
        {"keep_input": True, "prefix": "booked_"},
        {"columns": "focus-1.5-draft", "nulls": True},
        {"project": None},
    ]
    for options in forms:
        attribution = ClusterAttribution(snapshot(), PUBLIC_KEY, **options)
        wanted: pa.Table = guard.attribute_table(USAGE, dictionaries=False, **options).to_pyarrow()
        assert attribution.table(USAGE).equals(wanted)
        assert attribution.table(USAGE.to_batches()[0]).equals(wanted)
        assert pa.Table.from_batches(attribution.batches(USAGE.to_batches())).to_pylist() == wanted.to_pylist()
        assert (attribution.revision, attribution.policy) == (1, guard.policy)


def test_batches_are_answered_one_by_one_and_none_is_no_batch() -> None:
    attribution = ClusterAttribution(snapshot())
    taken = []

    def usage() -> Any:
        for number in range(3):
            taken.append(number)
            yield USAGE.to_batches()[0]

    answers = attribution.batches(usage())
    assert taken == []
    assert next(answers).num_rows == 1
    assert taken == [0]
    assert list(attribution.batches([])) == []


def test_a_pandas_frame_keeps_its_index_and_its_own_types() -> None:
    frame = pa.concat_tables([USAGE] * 3).to_pandas()
    frame.index = [30, 10, 20]
    kept = ClusterAttribution(snapshot(), keep_input=True, prefix="booked_").frame(frame)
    assert list(kept.index) == [30, 10, 20]
    assert kept[frame.columns].equals(frame)
    assert list(kept["booked_project"]) == ["prj_a"] * 3
    alone = ClusterAttribution(snapshot()).frame(frame)
    assert list(alone.index) == [30, 10, 20]
    assert list(alone.columns)[:2] == ["organization", "project"]


def test_a_process_loads_a_snapshot_once_for_all_tasks_and_batches(loaded: cluster._Loaded) -> None:
    counted = Counted(snapshot())
    attribution = ClusterAttribution(counted, PUBLIC_KEY)
    loaded.__init__()  # type: ignore[misc]
    counted.asked = 0
    sent = pickle.dumps(attribution)
    tasks = [pickle.loads(sent) for _ in range(10)]
    for task in tasks:
        assert len(list(task.batches(USAGE.to_batches() * 20))) == 20
    assert sum(task._snapshot.asked for task in tasks) == 1


def test_threads_that_want_a_snapshot_at_once_load_it_once(loaded: cluster._Loaded) -> None:
    counted = Counted(snapshot())
    attribution = ClusterAttribution(counted)
    loaded.__init__()  # type: ignore[misc]
    counted.asked, counted.takes = 0, 0.2
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attribution.table, [USAGE] * 64))
    assert counted.asked == 1
    assert all(answer.equals(answers[0]) for answer in answers)


def test_a_process_keeps_the_last_few_snapshots(loaded: cluster._Loaded) -> None:
    broadcasts = [Counted(snapshot(revision)) for revision in range(10)]
    jobs = [ClusterAttribution(broadcast) for broadcast in broadcasts]
    assert len(loaded._engines) == loaded.MOST
    asked = [broadcast.asked for broadcast in broadcasts]
    jobs[6].table(USAGE)
    assert [broadcast.asked for broadcast in broadcasts] == asked
    jobs[0].table(USAGE)
    assert broadcasts[0].asked == asked[0] + 1
    # The one that was asked for last stays, and the one that was not asked for longest went.
    jobs[6].table(USAGE)
    jobs[7].table(USAGE)
    assert (broadcasts[6].asked, broadcasts[7].asked) == (asked[6], asked[7] + 1)


def test_what_was_loaded_without_a_key_is_not_taken_for_checked() -> None:
    unsigned = snapshot(signing_key=None)
    ClusterAttribution(unsigned).table(USAGE)
    raised("signature_missing", "", lambda: ClusterAttribution(unsigned, PUBLIC_KEY))


def test_a_snapshot_that_does_not_fit_raises_where_the_job_begins() -> None:
    good = snapshot()
    raised("snapshot_corrupt", "", lambda: ClusterAttribution(good[:-1], PUBLIC_KEY))
    raised("snapshot_corrupt", "", lambda: ClusterAttribution(b""))
    raised("signature_invalid", "", lambda: ClusterAttribution(good, public_key_of(bytes(32))))
    raised("wrong_type", "/public_key", lambda: ClusterAttribution(good, PUBLIC_KEY[:-1]))
    text: Any = "text"
    others: list[Any] = [None, 1, text, Counted(text), [good]]
    for wrong in others:
        raised("wrong_type", "/snapshot", lambda wrong=wrong: ClusterAttribution(wrong))


def test_any_of_several_public_keys_will_do(loaded: cluster._Loaded) -> None:
    good, other = snapshot(), public_key_of(bytes(32))
    views: list[Any] = [[other, PUBLIC_KEY], (PUBLIC_KEY,), [memoryview(PUBLIC_KEY)], [bytearray(other), bytearray(PUBLIC_KEY)]]
    for keys in views:
        arrived = pickle.loads(pickle.dumps(ClusterAttribution(good, public_keys=keys)))
        assert arrived.table(USAGE).num_rows == 1
    raised("signature_invalid", "", lambda: ClusterAttribution(good, public_keys=[other, public_key_of(bytes(31) + b"a")]))
    raised("signature_missing", "", lambda: ClusterAttribution(snapshot(signing_key=None), public_keys=[other, PUBLIC_KEY]))
    # What was loaded with one key is not taken for checked with another.
    assert len({keys for _, keys in loaded._engines}) == 2


def test_public_keys_that_are_named_have_to_be_there() -> None:
    good = snapshot()
    wrong: list[tuple[Any, str]] = [
        (None, "/public_keys"),
        ([], "/public_keys"),
        (PUBLIC_KEY, "/public_keys"),
        ({PUBLIC_KEY}, "/public_keys"),
        ([PUBLIC_KEY, None], "/public_keys/1"),
        (["text"], "/public_keys/0"),
        ([PUBLIC_KEY, PUBLIC_KEY[:-1]], "/public_keys/1"),
    ]
    for keys, path in wrong:
        raised("wrong_type", path, lambda keys=keys: ClusterAttribution(good, public_keys=keys))
    raised("wrong_type", "/public_keys", lambda: ClusterAttribution(good, PUBLIC_KEY, public_keys=[PUBLIC_KEY]))
    absent: Any = None
    raised("wrong_type", "/public_key", lambda: ClusterAttribution(good, absent))
    raised("wrong_type", "/public_key", lambda: ClusterAttribution(good, absent, public_keys=[PUBLIC_KEY]))


def test_a_worker_takes_no_other_bytes_than_the_job_was_started_with(loaded: cluster._Loaded) -> None:
    counted = Counted(snapshot(1))
    attribution = ClusterAttribution(counted, PUBLIC_KEY)
    loaded.__init__()  # type: ignore[misc]
    counted.data = snapshot(2)
    raised("snapshot_corrupt", "", lambda: attribution.table(USAGE))
    assert loaded._engines == {}


def test_a_row_without_an_instant_is_refused_since_the_clock_would_answer_it() -> None:
    attribution = ClusterAttribution(snapshot())
    without = USAGE.drop_columns(["at"])
    raised("missing_field", "/at", lambda: attribution.table(without))
    for instants in (
        pa.array([None], pa.timestamp("ms", "UTC")),
        pa.nulls(1),
        pa.array([None], pa.string()),
        pa.array([None], pa.string()).dictionary_encode(),
        pa.DictionaryArray.from_arrays(pa.array([0], pa.int32()), pa.array([None], pa.string())),
    ):
        table = without.append_column("at", instants)
        raised("missing_field", "/at", lambda table=table: attribution.table(table))
    wrong: Any = None
    raised("wrong_type", "/at", lambda: ClusterAttribution(snapshot(), at=wrong))
    odd = without.append_column("a/t~", pa.nulls(1))
    raised("missing_field", "/a~1t~0", lambda: ClusterAttribution(snapshot(), at="a/t~").table(odd))
    assert attribution.table(without.slice(0, 0).append_column("at", pa.nulls(0))).num_rows == 0


def test_a_column_that_is_missing_or_wrong_is_an_error_with_its_name() -> None:
    attribution = ClusterAttribution(snapshot())
    raised("missing_field", "/kind", lambda: attribution.table(USAGE.drop_columns(["kind"])))
    raised("missing_field", "/who", lambda: ClusterAttribution(snapshot(), principal="who").table(USAGE))
    raised("duplicate_id", "/project", lambda: ClusterAttribution(snapshot(), keep_input=True).table(USAGE))
    raised("wrong_type", "/columns", lambda: ClusterAttribution(snapshot(), columns="focus-9").table(USAGE))  # type: ignore[arg-type]


def test_an_error_travels_with_its_code_and_path() -> None:
    with pytest.raises(BailiwickError) as error:
        ClusterAttribution(snapshot()).table(USAGE.drop_columns(["at"]))
    arrived = pickle.loads(pickle.dumps(error.value))
    assert (type(arrived), arrived.code, arrived.path) == (InvalidInputError, "missing_field", "/at")
    assert "missing_field at /at" in str(arrived)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_process_that_is_forked_while_a_thread_loads_does_not_wait_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # the process's own engines: the ones that are unlocked
    attribution = ClusterAttribution(snapshot())
    begun, released = threading.Event(), threading.Event()

    def hold() -> None:
        with cluster._loaded._lock:
            begun.set()
            released.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    begun.wait(60)
    child = os.fork()
    if child == 0:
        os._exit(0 if attribution.table(USAGE).num_rows == 1 else 1)
    deadline = time.monotonic() + 30
    while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0) and time.monotonic() < deadline:
        time.sleep(0.01)
    released.set()
    thread.join()
    if ended == (0, 0):
        os.kill(child, 9)
        os.waitpid(child, 0)
    assert ended == (child, 0)
