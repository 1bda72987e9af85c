"""Distributed attribution: `attribute_table` on every worker of an engine that moves Arrow data, such as Spark or Dask.

The package requires none of these engines. They all bring pyarrow, which is imported when a worker attributes its first table.
"""

# The engines are only partly typed, and may not be installed.
# pyright: basic, reportMissingImports=false

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypedDict, Unpack

from ._bailiwick import Bailiwick, Timeline, moments_of
from ._errors import InvalidInputError
from ._unset import UNSET, Unset
from .types import AnswerColumns, ArrowTable, TimeUnit

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from pyspark.sql import DataFrame as SparkDataFrame
    from pyspark.sql.types import DataType, StructType

__all__ = ["Broadcast", "ClusterAttribution", "Snapshot", "UsageColumns"]


class Broadcast(Protocol):
    """A value that an engine sends to each worker once, such as Spark's `sparkContext.broadcast(snapshot)`."""

    @property
    def value(self) -> Any:
        """The bytes of a snapshot or a journal, on any worker."""


Snapshot: TypeAlias = bytes | bytearray | memoryview | Timeline | Broadcast
"""A snapshot or a journal as bytes, a timeline, or a broadcast of one of them."""

PublicKeys: TypeAlias = list[bytes | bytearray | memoryview] | tuple[bytes | bytearray | memoryview, ...]
Keys: TypeAlias = tuple[tuple[str, Any], ...]
Days: TypeAlias = tuple[str | None, str | None]
"""The first and the last day (UTC) of a part of a journal; None for the beginning and the end."""

WHOLE: Days = (None, None)
# What every journal begins with, and no snapshot.
JOURNAL = b"\x89BWJ"
# Before any timeline: a part until this day is the first state.
FIRST_DAY = "0000-01-01"
LAST_MOMENT = "9999-12-31T23:59:59.999Z"
# This many rows are answered together by a journal.
GATHERED = 200_000


class UsageColumns(TypedDict, total=False):
    """The arguments of `attribute_table` that name columns of usage."""

    principal: str | None
    kind: str | None
    surface: str | None
    project: str | None
    resource: str | None
    user: str | None
    api_key: str | None


class ClusterAttribution:
    """`attribute_table` for workers. A job makes it once, its tasks carry it along, and each process loads the snapshot once.

    The snapshot is loaded here as well, so that a bad one raises before any task starts. Make it with `digests=False`: attribution does not
    need them, and workers should not have them. With `public_key` (32 bytes, Ed25519) every process verifies its signature; with
    `public_keys`, any one of them will do. None is refused for both.

    The arguments and answers are those of `attribute_table`, with two differences. Answers are plain text, because Spark does not take
    dictionaries. And every row must have an instant: in its column, or `at`, a datetime for all. Otherwise the clock of a worker would
    decide, and that of another one if the task was run again.

    With a timeline, or a journal (the bytes of `timeline.to_journal()` or of a file), each row is answered by the revision in force at its
    instant, as by `Timeline.attribute_table`. A process reads the days (UTC) of the journal that the rows at hand need, and keeps the last
    few such parts: so a table that is partitioned by day reads a day at a time. A part always covers its rows. A row that is later than
    the end of the journal, or whose instant cannot be read, is answered by the last state of the whole journal. With FOCUS columns every
    process reads the whole journal, because display names are the latest that it knows. A timeline is not signed:
    with a public key, pass the bytes of `timeline.to_journal(signing_key=…)`.

    Raises BailiwickError as `from_snapshot` and `Timeline.from_journal`; on a worker as `attribute_table`, with `missing_field` for rows
    without an instant, and `snapshot_corrupt` if the bytes that arrived are not those that the job was started with.
    """

    policy: str
    """The policy of the snapshot, or of the last state of the journal."""
    revision: int
    """The revision of the snapshot, by which every row is answered, or of the last state of the journal."""

    def __init__(
        self,
        snapshot: Snapshot,
        public_key: bytes | bytearray | memoryview | Unset = UNSET,
        *,
        public_keys: PublicKeys | Unset = UNSET,
        at: str | datetime = "at",
        columns: AnswerColumns = "bailiwick",
        nulls: bool = False,
        keep_input: bool = False,
        prefix: str = "",
        time_zone: str | None = None,
        at_unit: TimeUnit | None = None,
        **usage: Unpack[UsageColumns],
    ) -> None:
        if not isinstance(at, str | datetime):
            raise InvalidInputError("wrong_type", "/at", "expected the name of a column, or a datetime: every row must have an instant")
        if isinstance(at, datetime) and at.utcoffset() is None:
            raise InvalidInputError("invalid_timestamp", "/at", "a datetime without a time zone is not an instant")
        data = _bytes_of(snapshot)
        # A memoryview cannot be pickled, and a timeline is best pickled once.
        self._snapshot = data if isinstance(snapshot, bytearray | memoryview | Timeline) else snapshot
        self._is_journal = data.startswith(JOURNAL)
        self._keys = _keys_of(public_key, public_keys)
        self._sha256 = hashlib.sha256(data).digest()
        self._at = at
        self._times: dict[str, Any] = {"at": at, "time_zone": time_zone, "at_unit": at_unit}
        form = {"columns": columns, "nulls": nulls, "keep_input": keep_input, "prefix": prefix}
        self._form: dict[str, Any] = {**form, **self._times, **usage}
        last = self._timeline(WHOLE).at(LAST_MOMENT) if self._is_journal else self._engine()
        self.policy = last.policy
        self.revision = last.revision

    def table(self, usage: ArrowTable) -> pa.Table:
        """The answers to a table, one for each row."""
        import pyarrow as pa

        given = pa.table(usage)
        source = self._timeline(self._days_of(given)) if self._is_journal else self._engine()
        answers: pa.Table = source.attribute_table(given, dictionaries=False, **self._form).to_pyarrow()
        if isinstance(self._at, str) and (self._at not in given.column_names or _has_null(given.column(self._at))):
            path = self._at.replace("~", "~0").replace("/", "~1")
            raise InvalidInputError("missing_field", f"/{path}", "every row must have an instant, or a worker's clock would decide")
        return answers

    def batches(self, usage: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The answers to batches, one by one. In Spark: `usage.mapInArrow(attribution.batches, attribution.schema(usage))`.

        With a journal, batches are answered together, up to some 200,000 rows: each time, the directory moves through their days.
        """
        for rows in _gathered(usage) if self._is_journal else usage:
            yield from _without_uint64(self.table(rows)).to_batches()

    def schema(self, usage: SparkDataFrame) -> StructType:
        """The columns of `batches` for Spark. Raises BailiwickError if a column of usage is missing or of the wrong type."""
        from pyspark.sql.types import StructField, StructType

        answers = list(_without_uint64(self.table(usage.limit(0).toArrow())).schema)
        # Columns of the input keep Spark's own types and metadata.
        kept = usage.schema.fields if self._form["keep_input"] else []
        return StructType([*kept, *(StructField(one.name, _spark_type(one.type), one.nullable) for one in answers[len(kept) :])])

    def frame(self, usage: pd.DataFrame) -> pd.DataFrame:
        """The answers to a pandas data frame, with its index and columns of Arrow types. In Dask, pass it to `map_partitions`."""
        import pandas as pd
        import pyarrow as pa

        answers = self.table(pa.Table.from_pandas(usage, preserve_index=False))
        kept = len(usage.columns) if self._form["keep_input"] else 0
        frame: pd.DataFrame = answers.select(answers.column_names[kept:]).to_pandas(types_mapper=pd.ArrowDtype)
        frame.index = usage.index
        return pd.concat([usage, frame], axis="columns") if kept else frame

    def _engine(self) -> Bailiwick:
        return _loaded.engine((self._sha256, self._keys), lambda: Bailiwick.from_snapshot(self._data(), **dict(self._keys)))

    def _days_of(self, usage: pa.Table) -> Days | None:
        """The days that the rows need; None if there are none."""
        moments = moments_of(usage, **self._times)
        if moments is None:
            return None
        if self._form["columns"] != "bailiwick":
            # Names beside ids are the latest that the timeline knows, and a part does not know what came later.
            return WHOLE
        first, last = moments
        return first[: len(FIRST_DAY)], None if last is None else last[: len(FIRST_DAY)]

    def _timeline(self, days: Days | None) -> Timeline:
        def load(part: Days) -> Timeline:
            since, until = part
            return Timeline.from_journal(
                self._data(),
                since=None if since is None else f"{since}T00:00:00Z",
                until=None if until is None else f"{until}T23:59:59.999Z",
                **dict(self._keys),
            )[0]

        return _loaded.part((self._sha256, self._keys), days, load)

    def _data(self) -> bytes:
        data = _bytes_of(self._snapshot)
        if hashlib.sha256(data).digest() != self._sha256:
            raise InvalidInputError("snapshot_corrupt", "", "these are not the bytes that the job was started with")
        return data


class _Loaded:
    """A cache of the engines and parts of journals of this process. It keeps the last few, because a long-lived worker may see many."""

    MOST = 4

    def __init__(self) -> None:
        # By the hash of the bytes and the keys that verified them. What was used last is at the end.
        self._engines: dict[tuple[bytes, Keys], Bailiwick] = {}
        self._parts: dict[tuple[tuple[bytes, Keys], Days], Timeline] = {}
        self.unlock()

    def unlock(self) -> None:
        """Replaces the lock: in a forked process, the thread that holds it may not exist."""
        self._lock = threading.Lock()

    def engine(self, key: tuple[bytes, Keys], load: Callable[[], Bailiwick]) -> Bailiwick:
        """The engine, loaded if it is not cached. Other threads wait, since they probably need the same one."""
        with self._lock:
            engine = self._engines.pop(key, None) or load()
            _keep(self._engines, key, engine, self.MOST)
            return engine

    def part(self, journal: tuple[bytes, Keys], days: Days | None, load: Callable[[Days], Timeline]) -> Timeline:
        """A part of a journal that covers these days, or any part, read if none is cached."""
        with self._lock:
            cached = (part for of, part in self._parts if of == journal and (days is None or _covers(part, days)))
            part = next(cached, days or (FIRST_DAY, FIRST_DAY))
            timeline = self._parts.pop((journal, part), None) or load(part)
            _keep(self._parts, (journal, part), timeline, self.MOST)
            return timeline


def _keep(cache: dict[Any, Any], key: Any, value: Any, most: int) -> None:
    cache[key] = value
    while len(cache) > most:
        del cache[next(iter(cache))]


def _covers(part: Days, days: Days) -> bool:
    """Whether a part has these days. Days are compared as texts."""
    (since, until), (first, last) = part, days
    return (since is None or (first is not None and since <= first)) and (until is None or (last is not None and last <= until))


_loaded = _Loaded()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_loaded.unlock)


def _bytes_of(snapshot: Snapshot) -> bytes:
    value = snapshot if isinstance(snapshot, bytes | bytearray | memoryview | Timeline) else getattr(snapshot, "value", None)
    if isinstance(value, Timeline):
        return value.to_journal()
    if not isinstance(value, bytes | bytearray | memoryview):
        raise InvalidInputError("wrong_type", "/snapshot", "expected bytes or a timeline, or a broadcast of one of them")
    return bytes(value)


def _keys_of(public_key: Any, public_keys: Any) -> Keys:
    """The arguments that were given, for `from_snapshot`. A memoryview cannot be pickled, so it is copied."""
    given: list[tuple[str, Any]] = []
    if public_key is not UNSET:
        given.append(("public_key", _key_of(public_key, "/public_key")))
    if public_keys is not UNSET:
        if not isinstance(public_keys, list | tuple):
            raise InvalidInputError("wrong_type", "/public_keys", "expected a list of public keys")
        given.append(("public_keys", tuple(_key_of(key, f"/public_keys/{place}") for place, key in enumerate(public_keys))))
    return tuple(given)


def _key_of(public_key: Any, path: str) -> bytes:
    # None is refused, unlike an unset argument: a variable that was never assigned must not turn off verification.
    if not isinstance(public_key, bytes | bytearray | memoryview):
        raise InvalidInputError("wrong_type", path, "expected 32 bytes")
    return bytes(public_key)


def _gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The batches in tables of many rows."""
    import pyarrow as pa

    gathered: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        gathered.append(batch)
        rows += batch.num_rows
        if rows >= GATHERED:
            yield pa.Table.from_batches(gathered)
            gathered, rows = [], 0
    if gathered:
        yield pa.Table.from_batches(gathered)


def _has_null(column: pa.ChunkedArray) -> bool:
    """Whether a value is null, in the column or in its dictionary."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return bool(column.null_count)


def _without_uint64(table: pa.Table) -> pa.Table:
    """The table with signed integers for unsigned ones, which Spark does not have."""
    import pyarrow as pa

    fields = [field.with_type(pa.int64()) if pa.types.is_uint64(field.type) else field for field in table.schema]
    return table.cast(pa.schema(fields))


def _spark_type(of: pa.DataType) -> DataType:
    """Spark's type for a column of answers."""
    import pyarrow as pa
    from pyspark.sql.types import ArrayType, BooleanType, LongType, StringType

    if pa.types.is_list(of):
        return ArrayType(_spark_type(of.value_type), of.value_field.nullable)
    # INVARIANT: answers have no other types.
    types: dict[pa.DataType, DataType] = {pa.string(): StringType(), pa.bool_(): BooleanType(), pa.int64(): LongType()}
    return types[of]
