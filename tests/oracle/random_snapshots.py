"""Short stories of snapshots and deltas whose outcomes the rules foretell."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from documents import Json, instant
from guard import PUBLIC_KEYS, Guard
from random_directory import DAY, NOW

SEEDS = list(PUBLIC_KEYS)


class SnapshotMaker:
    """Tells one story after the other on a guard."""

    def __init__(
        self,
        rng: random.Random,
        guard: Guard,
        secrets: list[str],
        do: Callable[[Json], Any],
        change: Callable[[], bool],
        ask: Callable[[], None],
    ) -> None:
        self.rng = rng
        self.ask = ask
        self.secrets = secrets
        self.guard = guard
        self.do = do
        self.change = change
        self.names = 0

    def episode(self) -> None:
        """One of the stories."""
        stories = [self._reload, self._age, self._keyless, self._some, self._signed, self._catch_up, self._fork]
        self.rng.choices(stories, [28, 8, 8, 14, 15, 33, 10])[0]()

    @property
    def revision(self) -> int:
        """The revision at present."""
        revision: int = self.guard.document["revision"]
        return revision

    def _name(self) -> str:
        self.names += 1
        return f"bytes {self.names}"

    def _snapshot(self, **options: Any) -> str:
        name = self._name()
        self.do({"do": "to_snapshot", "as": name, **options})
        return name

    def _delta(self, since: int, **options: Any) -> str:
        name = self._name()
        self.do({"do": "to_delta", "since": since, "as": name, **options})
        return name

    def _same(self, one: str, other: str) -> None:
        self.do({"do": "same", "names": [one, other]})

    def _damaged(self, name: str) -> str:
        """The bytes with a fault that any checksum finds. They must not be signed."""
        damaged = self._name()
        self.do({"do": "edit", "from": name, "as": damaged} | self.rng.choice([{"flip": -1}, {"cut": 9}, {"cut": 0}, {"append": "00"}]))
        return damaged

    def _reload(self) -> None:
        """A snapshot that is loaded at once changes no later answer, and is the same however often it is made."""
        options = {"signing_key": self.rng.choice(SEEDS)} if self.rng.random() < 0.3 else {}
        name = self._snapshot(**options)
        if self.rng.random() < 0.4:
            self._same(name, self._snapshot(**options))
        if self.rng.random() < 0.2:
            self._same(name, self._snapshot(signing_key=SEEDS[0]))
        if not options and self.rng.random() < 0.3:
            self.do({"do": "from_snapshot", "from": self._damaged(name)})
        self.do({"do": "from_snapshot", "from": name})
        if self.rng.random() < 0.5:
            self._same(name, self._snapshot(**options))

    def reload(self) -> None:
        """A snapshot that is loaded at once."""
        self.do({"do": "from_snapshot", "from": self._snapshot()})

    def _age(self) -> None:
        """A snapshot with an age of its own."""
        age = {"issued_at": instant(NOW - self.rng.choice([0, 1, DAY])), "max_age_seconds": self.rng.choice([86_400, 10**7])}
        name = self._snapshot(**{field: age[field] for field in self.rng.sample(list(age), self.rng.randint(1, 2))})
        self.do({"do": "from_snapshot", "from": name})
        self.do({"do": "to_directory"})
        # An empty delta renews the age, unless it is older.
        renewed = self._delta(self.revision, issued_at=instant(NOW + self.rng.choice([-2 * DAY, 0, 1, 1000])))
        self.do({"do": "apply_delta", "from": renewed})
        self.do({"do": "to_directory"})

    def _keyless(self) -> None:
        """Without digests nobody authenticates, and no delta fits."""
        whole = self._snapshot()
        bare = self._snapshot(digests=False)
        empty = self._delta(self.revision)
        self.do({"do": "from_snapshot", "from": bare})
        if self.secrets:
            self.do({"do": "authenticate", "input": self.rng.choice(self.secrets)})
        self.do({"do": "to_directory"})
        self.do({"do": "apply_delta", "from": empty})
        self.do({"do": "from_snapshot", "from": whole})

    def _some(self) -> None:
        """Of some organizations, every question about them is answered as in the whole, and no delta fits."""
        whole, empty = self._snapshot(), self._delta(self.revision)
        there = [organization["id"] for organization in self.guard.organizations]
        names = self.rng.sample(there, self.rng.randint(1, max(1, len(there) - 1)))
        if self.rng.random() < 0.2:
            self.do({"do": "to_snapshot", "as": self._name(), "organizations": [*names, "nowhere"]})
        options = {"digests": False} if self.rng.random() < 0.25 else {}
        part = self._snapshot(organizations=names, **options)
        if self.rng.random() < 0.3:
            self._same(part, self._snapshot(organizations=[*reversed(names), names[0]], **options))
        usages = self._usages(names)
        for usage in usages:
            self.do({"do": "attribute", "input": usage})
        self.do({"do": "from_snapshot", "from": part})
        for usage in usages:
            self.do({"do": "attribute", "input": usage})
        self.ask()
        self.do({"do": "to_directory"})
        if len(names) > 1 and self.rng.random() < 0.5:
            # A copy of the copy still knows where people come from.
            self.do({"do": "from_snapshot", "from": self._snapshot(organizations=names[:1])})
            for usage in usages:
                self.do({"do": "attribute", "input": usage})
        self.ask()
        self.do({"do": "apply_delta", "from": empty})
        self.do({"do": "from_snapshot", "from": whole})

    def _usages(self, names: list[str]) -> list[Json]:
        """Usage of externals, and of keys that they made, in projects of some organizations."""
        policy, found = self.guard.oracle.policy, []
        kinds, surfaces = [kind["kind"] for kind in policy.get("kinds", [])], [one["surface"] for one in policy["surfaces"]]
        for organization in self.guard.organizations:
            members = [row["user"] for row in organization["members"]]
            for project in organization["projects"] if organization["id"] in names else []:
                externals = [row["user"] for row in project["collaborators"] if row.get("user") not in [None, *members]]
                keys = [f"api_key:{key['id']}" for key in project["api_keys"] if key.get("created_by") in externals]
                found += [{"principal": who, "project": project["id"]} for who in [f"user:{user}" for user in externals] + keys]
        some = self.rng.sample(found, min(3, len(found))) if kinds else []
        return [usage | {"kind": self.rng.choice(kinds), "surface": self.rng.choice(surfaces)} for usage in some]

    def _signed(self) -> None:
        """A guard that was loaded with a public key takes nothing without its signature."""
        mine, other = self.rng.sample(SEEDS, 2)
        plain, name = self._snapshot(), self._snapshot(signing_key=mine)
        self.do({"do": "from_snapshot", "from": plain, "public_key": PUBLIC_KEYS[mine]})
        self.do({"do": "from_snapshot", "from": name, "public_key": PUBLIC_KEYS[other]})
        self.do({"do": "from_snapshot", "from": name, "public_key": PUBLIC_KEYS[mine]})
        since = self.revision
        self.do({"do": "apply_delta", "from": self._delta(since)})
        self.do({"do": "apply_delta", "from": self._delta(since, signing_key=other)})
        self.do({"do": "apply_delta", "from": self._delta(since, signing_key=other), "public_key": PUBLIC_KEYS[other]})
        self.do({"do": "apply_delta", "from": self._delta(since, signing_key=mine)})
        if self.rng.random() < 0.7:
            self.do({"do": "from_snapshot", "from": plain})
            self.do({"do": "apply_delta", "from": self._delta(since), "public_key": PUBLIC_KEYS[mine]})

    def _catch_up(self) -> None:
        """The older snapshot and the delta lead to the newer snapshot, byte for byte."""
        options = {"signing_key": SEEDS[0]} if self.guard.public_key == PUBLIC_KEYS[SEEDS[0]] else {}
        if self.guard.public_key not in (None, PUBLIC_KEYS[SEEDS[0]]):
            return
        old, since = self._snapshot(**options), self.revision
        for _ in range(self.rng.randint(1, 6)):
            self.change()
        if self.rng.random() < 0.2:
            # No snapshot was made at these revisions.
            self._delta(self.revision + self.rng.randint(1, 3))
            if self.revision > since + 1:
                self._delta(since + 1)
        delta = self._delta(since, **options)
        new, target = self._snapshot(**options), self.revision
        if target != since:
            self._same(old, new)
        if self.rng.random() < 0.25:
            self.do({"do": "apply_delta", "from": old})
            self.do({"do": "from_snapshot", "from": delta})
        key = {"public_key": self.guard.public_key} if self.guard.public_key else {}
        self.do({"do": "from_snapshot", "from": old, **key})
        if not options and self.rng.random() < 0.3:
            self.do({"do": "apply_delta", "from": self._damaged(delta)})
        self.do({"do": "apply_delta", "from": delta})
        self._same(new, self._snapshot(**options))
        if self.rng.random() < 0.3:
            # Who has taken a delta can pass it on.
            passed_on = self._delta(since, **options)
            self.do({"do": "from_snapshot", "from": old, **key})
            self.do({"do": "apply_delta", "from": passed_on})
            self._same(new, self._snapshot(**options))
        if target != since and self.rng.random() < 0.5:
            self.do({"do": "apply_delta", "from": delta})

    def _fork(self) -> None:
        """Two histories from one snapshot: what continues one does not fit the other."""
        if self.guard.public_key is not None:
            return
        root = self._snapshot()
        if not self._change_once():
            return
        branch, since = self._snapshot(), self.revision
        self.change()
        delta = self._delta(since)
        self.do({"do": "from_snapshot", "from": root})
        if self._change_once():
            self.do({"do": "apply_delta", "from": delta})
        self.do({"do": "from_snapshot", "from": branch})
        self.do({"do": "apply_delta", "from": delta})

    def _change_once(self) -> bool:
        return any(self.change() for _ in range(5))
