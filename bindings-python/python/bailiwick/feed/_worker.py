"""One of several workers that publish one database: what each does in a round, whoever else is at work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from .. import Bailiwick, BailiwickError, public_key_of
from ..types import TimeUnit
from ._follower import Follower
from ._publisher import Bytes, ConflictError, Published, Publisher
from .stores import Place

SOON = 0.4
"""The part of `max_age_seconds` that is left when others take over. Whoever publishes has renewed by then: after a third, and a quarter
between two looks."""

Tables: TypeAlias = Callable[[], Mapping[str, Any]]


class Worker:
    """Publishes what the tables say, or follows whoever does. Its arguments are those of Reconciler."""

    def __init__(
        self,
        tables: Tables,
        store: Place,
        signing_key: Bytes,
        max_age_seconds: int,
        public_keys: Sequence[Bytes],
        policy: str | dict[str, Any] | None,
        time_zone: str | None,
        at_unit: TimeUnit | None,
    ) -> None:
        nothing = {"format": "bailiwick/1", "organizations": []}
        self._policy = None if policy is None else Bailiwick.from_directory(nothing, policy=policy).policy_document
        # The engine comes with the first round: from the feed, or from the tables.
        self._publisher = Publisher(
            None,  # type: ignore[arg-type]
            store,
            signing_key=signing_key,
            max_age_seconds=max_age_seconds,
            public_keys=public_keys,
        )
        self._follower = Follower(store, public_keys=[public_key_of(signing_key), *public_keys])
        self._tables, self._max_age_seconds = tables, max_age_seconds
        self._times: dict[str, Any] = {"time_zone": time_zone, "at_unit": at_unit}
        self.is_second = True
        """Whether it follows. Until it knows better, somebody else is at work."""
        self.changes = 0
        self.conflicts = 0

    @property
    def guard(self) -> Bailiwick | None:
        """The engine that it publishes, or follows."""
        return self._follower.guard if self.is_second else self._publisher.guard

    def round(self) -> Published:
        """Reads the database once, and publishes what differs, if nobody else has. Errors are those of Reconciler.refresh."""
        try:
            published = self._stand_by() if self.is_second else None
            return self._publish() if published is None else published
        except (ConflictError, BailiwickError) as error:
            # The second one: somebody has published another state of this revision.
            if isinstance(error, BailiwickError) and error.code != "delta_fork":
                raise
            self.is_second = True
            self.conflicts += 1
            message = "another worker has published first"
            raise ConflictError(message) from error

    def _publish(self) -> Published:
        """Publishes. Whoever has read the feed to publish is the only one who can, until somebody else does."""
        publisher = self._publisher
        if self.is_second:
            engine = publisher.read()
            if engine is not None:
                publisher.guard = engine
            self.is_second = False
        # Only now. Had they been read before somebody else published, they could be older than what is in the feed, and would undo it.
        tables = self._tables()
        if publisher.guard is None:
            publisher.guard = Bailiwick.from_tables(tables, policy=self._policy, quarantine=True, **self._times)
        else:
            tables = self._adopt_policy(publisher.guard, tables)
            made = publisher.guard.reconcile_tables(tables, quarantine=True, **self._times)
            self.changes += len(made.changes)
        published = publisher.publish()
        # Once is enough: a worker with an older policy, which ends soon, does not bring it back.
        self._policy = None
        return published

    def _stand_by(self) -> Published | None:
        """Follows the feed as an edge does, which disturbs nobody. None if somebody has to publish, and it had better be this one."""
        self._follower.refresh()
        guard = self._follower.guard
        soon = datetime.now(UTC) + timedelta(seconds=self._max_age_seconds * SOON)
        if guard is None or guard.is_stale(soon) or self._follower.stats.failures:
            return None
        if self._policy is not None and self._policy != guard.policy_document:
            return None
        self._policy = None
        if guard.reconcile_tables(self._tables(), quarantine=True, dry_run=True, **self._times).changes:
            return None
        return Published(guard.revision, 0, 0, 0, 0, 0, 0)

    def _adopt_policy(self, guard: Bailiwick, tables: Mapping[str, Any]) -> Mapping[str, Any]:
        """Puts the policy in force that was asked for. Returns tables to reconcile with, since some can be read only once."""
        if self._policy is None or self._policy == guard.policy_document:
            return tables
        try:
            guard.apply({"type": "set_policy", "policy": self._policy})
        except BailiwickError:
            # What is there does not fit it. What the tables say does, or is quarantined.
            wanted = Bailiwick.from_tables(tables, policy=self._policy, quarantine=True, **self._times)
            guard.reconcile(wanted.to_directory(), quarantine=True)
            return self._tables()
        return tables
