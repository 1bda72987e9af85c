"""Questions about a directory that changes: about anything, or about what a change has just touched."""

from __future__ import annotations

from typing import Any

import keys
import listings
from documents import Json, actions_by_table, reference
from guard import Guard
from random_authzen import AuthzenMaker
from random_requests import Case

PAGED = ["list_projects", "list_resources", "list_principals"]


class QuestionMaker:
    """Makes steps that ask a guard something."""

    def __init__(self, case: Case, guard: Guard, secrets: list[str]) -> None:
        self.case = case
        self.guard = guard
        self.rng = case.rng
        self.secrets = secrets
        self.authzen = AuthzenMaker(case)
        self.actions = [action for actions in actions_by_table(case.policy).values() for action in actions]

    def question(self, touched: Json | None = None) -> Json:
        """A step that asks about anything, or about what a change names."""
        self.case.follow(self.guard.organizations)
        calls = ["check_access"] * 4 + ["is_allowed", "attribute", "attribute", "check_many", "attribute_many"]
        calls += ["authenticate", "authenticate_digest", "is_stale"] + ["authzen"] * 3
        call = self.rng.choice([*calls, *PAGED, *PAGED, "list_actions", "list_actions"])
        return {"do": call, "input": self._input(call, touched or {})}

    def listing(self, call: str, touched: Json | None = None) -> Json:
        """The request of a listing."""
        principal, place = self._principal(touched or {}), self._resource(touched or {})
        request: Json = {"principal": principal, "resource": place}
        if call in ("list_projects", "list_resources"):
            del request["resource"]
        if call == "list_principals":
            del request["principal"]
        if call in ("list_resources", "list_principals") or (call == "list_projects" and self.case.chance(0.4)):
            request["action"] = self._action(place)
        if call == "list_projects" and self.case.chance(0.05):
            request["action"] = None
        if call == "list_resources" and self.case.chance(0.6):
            # An action of a kind that there is something of.
            kinds = {resource["kind"] for o in self.guard.organizations for p in o["projects"] for resource in p["resources"]}
            request["action"] = self._action({"type": self.rng.choice(sorted(kinds)), "id": "-"} if kinds else place)
        if call == "list_resources":
            kind = self._kind(request["action"])
            self.case.optional(request, "kind", kind if self.case.chance(0.9) else "robot", 0.3)
            _, project = self.case.place()
            self.case.optional(request, "project", project["id"] if self.case.chance(0.9) else "nowhere", 0.3)
        if call != "list_projects":
            self.case.surface(request)
        if self.case.chance(0.7):
            request["at"] = self.case.at()
        return request

    def _input(self, call: str, touched: Json) -> Any:
        if call == "is_stale":
            return self.case.at() if self.case.chance(0.9) else "yesterday"
        if call == "authenticate":
            return self._secret()
        if call == "authenticate_digest":
            return self._digest()
        if call == "check_many":
            return [self._request(touched) for _ in range(self.rng.randint(0, 4))]
        if call == "attribute_many":
            return [self._usage(touched) for _ in range(self.rng.randint(0, 4))]
        if call == "attribute":
            return self._usage(touched)
        if call in ("check_access", "is_allowed"):
            return self._request(touched)
        if call == "authzen":
            return self.authzen.asked(*[self._request(touched) for _ in range(self.rng.choice([1, 1, 1, 2, 5]))])
        request = self.listing(call, touched)
        return self._broken(call, request) if self.case.chance(0.12) else request

    def _broken(self, call: str, request: Json) -> Json:
        """A listing with one fault. Whole fields stay, since some languages look after those."""
        faults: Json = {"at": "soon"}
        if call != "list_projects":
            faults |= {"surface": "nowhere"}
        if call != "list_actions":
            faults |= {"limit": self.rng.choice([0, -1, "3", 2**53]), "cursor": self.rng.choice(["nonsense", "AAAA", "", 5])}
        for field in ("principal", "resource"):
            if field in request:
                faults[field] = self.rng.choice(["usr_ada", "", ":x", "user:", {"type": "user"}, {"type": "user", "id": ""}, 5])
        if call == "list_resources":
            faults |= {"project": "", "action": 5}
        field = self.rng.choice(list(faults))
        request.pop("surface", None)
        return request | {field: faults[field]}

    def _secret(self) -> Any:
        roll = self.rng.random()
        if roll < 0.04:
            return self.rng.choice([None, 5, ["bw_"]])
        if roll < 0.9 and self.secrets:
            return self.rng.choice(self.secrets[-8:] if roll < 0.6 else self.secrets)
        return self.rng.choice(["", "bw_", "nobody's", "x" * 300])

    def _digest(self) -> Any:
        roll = self.rng.random()
        if roll < 0.04:
            return self.rng.choice([None, 5, ["sha256:"]])
        if roll < 0.12:
            return self.rng.choice(["", "sha256:", "a secret", keys.digest("")])
        digest = keys.digest(self.rng.choice(self.secrets) if self.secrets else "nobody's")
        return digest.upper().replace("SHA", "sha") if roll < 0.2 else digest

    def _at(self, asked: Json) -> Json:
        """Now and then without an instant of its own."""
        if self.case.chance(0.15):
            del asked["at"]
        return asked

    def _request(self, touched: Json) -> Json:
        request = self.case.request(self.rng.choice(self.case.actions() or [None]))
        if touched and self.case.chance(0.6):
            resource = self._resource(touched)
            request |= {"principal": self._principal(touched), "resource": resource, "action": self._action(resource)}
        return self._at(request)

    def _usage(self, touched: Json) -> Json:
        usage = self.case.usage()
        if touched and self.case.chance(0.5):
            usage["principal"] = self._principal(touched)
            if "project" in touched and self.case.chance(0.5):
                usage["project"] = touched["project"]
        return self._at(usage)

    def _principal(self, touched: Json) -> str | Json:
        named = [("user", touched["user"])] if "user" in touched else []
        named += [("api_key", touched["key"])] if "key" in touched else []
        if named and self.case.chance(0.7):
            return self.case.reference(*self.rng.choice(named))
        if self.case.chance(0.06):
            return self.case.reference(*self.case.anything())
        return self.case.reference(*self.case.insider(*self.case.place()))

    def _resource(self, touched: Json) -> str | Json:
        named: list[tuple[str, str]] = [(kind, touched[kind]) for kind in ("organization", "project") if kind in touched]
        if "key" in touched and self.case.key_kind is not None:
            named.append((self.case.key_kind, touched["key"]))
        if touched.get("kind"):
            named.append((touched["kind"], touched["resource"]))
        if named and self.case.chance(0.7):
            return self.case.reference(*self.rng.choice(named))
        organization, project = self.case.place()
        inside = [("project", project["id"])] * 3 + [("organization", organization["id"])]
        inside += [(resource["kind"], resource["id"]) for resource in project["resources"][:2]]
        if self.case.key_kind is not None:
            inside += [(self.case.key_kind, key["id"]) for key in project["api_keys"][:2]]
        inside.append(("user", self.rng.choice(organization["members"])["user"]))
        return self.case.reference(*self.rng.choice(inside))

    def _action(self, place: str | Json) -> str:
        """An action that the place may have, as a rule."""
        kind, _ = reference(place)
        tables = actions_by_table(self.case.policy)
        fitting: dict[str, list[str]] = {
            "user": tables["self"],
            "organization": tables["organization"],
            "project": tables["project"] + tables["kind"],
        }
        pool = fitting.get(kind) or [name for name in tables["kind"] if name.startswith(f"{kind}.")]
        return self.rng.choice(pool if pool and self.case.chance(0.9) else [*self.actions, "no.action"])

    def _kind(self, action: str) -> str:
        """The kind of a kind action, else any kind."""
        fitting: list[str] = [kind for kind in self.case.kinds if action.startswith(f"{kind}.")]
        kinds: list[str] = fitting or self.case.kinds or ["robot"]
        return self.rng.choice(kinds)

    def count(self, call: str, request: Json) -> int:
        """How many items a listing has at present."""
        return len(listings.items(self.guard.oracle, call, {"at": self.guard.at} | request))
