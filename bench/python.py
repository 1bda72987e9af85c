"""The wheel beside a floor that a developer would write by hand: nested dicts, no rules beyond look-ups, no explanations.

The same method as core.rs: rounds in turn, medians, ratios.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bailiwick import Bailiwick

ROUNDS = 30
ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("BENCH_DATA", ROOT / "target/bench"))
POLICY = json.loads((ROOT / "core/policies/projects-2026-02.json").read_text("utf-8"))


class Floor:
    """What a developer would write by hand."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.homes: dict[str, tuple[str, str]] = {}
        self.keys: dict[str, str] = {}
        self.defaults: set[str] = set()
        self.projects: dict[str, str] = {}
        self.resources: dict[str, tuple[str, str]] = {}
        self.rows: dict[str, dict[str, str]] = {}
        self.permissions: dict[str, set[str]] = {}
        self.key_permissions: set[str] = set()
        for organization in document["organizations"]:
            for member in organization["members"]:
                self.homes[member["user"]] = (organization["id"], member["role"])
            for project in organization["projects"]:
                self.projects[project["id"]] = organization["id"]
                if project["default"]:
                    self.defaults.add(project["id"])
                self.rows[project["id"]] = {row["user"]: row["role"] for row in project["collaborators"]}
                self.keys.update((key["id"], project["id"]) for key in project["api_keys"])
                self.resources.update((resource["id"], (resource["kind"], project["id"])) for resource in project["resources"])
        for row in POLICY["organization_actions"] + POLICY["project_actions"]:
            for role in row.get("roles", []):
                self.permissions.setdefault(role, set()).add(row["action"])
        for kind in POLICY["kinds"]:
            for group in kind["verbs"]:
                for role in group["roles"]:
                    self.permissions.setdefault(role, set()).update(f"{kind['kind']}.{verb}" for verb in group["verbs"])
            self.key_permissions.update(f"{kind['kind']}.{verb}" for verb in kind.get("api_key_verbs", []))

    def is_allowed(self, principal: str, action: str, resource: str) -> bool:
        """Look everything up."""
        sort, _, who = principal.partition(":")
        kind, _, target = resource.partition(":")
        home = self.homes.get(who)
        if kind == "organization":
            return home is not None and home[0] == target and action in self.permissions[home[1]]
        project = target
        if kind != "project":
            found = self.resources.get(target)
            if found is None or found[0] != kind:
                return False
            project = found[1]
        if sort == "api_key":
            return self.keys.get(who) == project and action in self.key_permissions
        is_member = home is not None and home[0] == self.projects.get(project)
        if is_member and home is not None and home[1] == "admin":
            return action in self.permissions["admin"]
        role = self.rows.get(project, {}).get(who)
        if role is None and is_member and home is not None and project in self.defaults:
            role = home[1]
        return role is not None and action in self.permissions[role]


def resident() -> int:
    """Resident memory in kilobytes, by the operating system's account; 0 where it gives none."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def main() -> None:
    """Check that both agree, measure in turn, and print medians and ratios."""
    text = (FOLDER / "directory.json").read_text("utf-8")
    questions = json.loads((FOLDER / "requests.json").read_text("utf-8"))
    before, start = resident(), time.perf_counter()
    guard = Bailiwick.from_directory(text)
    took = (time.perf_counter() - start) * 1000
    print(f"python load {len(text) / 1e6:.1f} MB of JSON in {took:.1f} ms; {resident() - before} kB more resident, parsing included")
    snapshot = guard.to_snapshot()
    start = time.perf_counter()
    Bailiwick.from_snapshot(snapshot)
    took = (time.perf_counter() - start) * 1000
    print(f"python load the same as {len(snapshot) / 1e6:.1f} MB of snapshot in {took:.1f} ms")
    floor = Floor(json.loads(text))
    plain = [(one["principal"], one["action"], one["resource"]) for one in questions]
    for one, question in zip(questions, plain, strict=True):
        assert floor.is_allowed(*question) == guard.is_allowed(*question) == one["allowed"], one
    requests = [{"principal": principal, "action": action, "resource": resource} for principal, action, resource in plain]
    usages = [{"principal": one[0], "kind": one[2].split(":")[0], "resource": one[2]} for one in plain]
    usages = [usage for usage in usages if usage["kind"] not in {"organization", "project"}]

    def each(ask: Callable[[str, str, str], object]) -> Callable[[], None]:
        def run() -> None:
            for principal, action, resource in plain:
                ask(principal, action, resource)

        return run

    candidates: dict[str, tuple[Callable[[], object], int]] = {
        "floor": (each(floor.is_allowed), len(plain)),
        "is_allowed": (each(guard.is_allowed), len(plain)),
        "check_access": (each(guard.check_access), len(plain)),
        "check_many": (lambda: guard.check_many(requests), len(plain)),
        "attribute_many": (lambda: guard.attribute_many(usages), len(usages)),
    }
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(ROUNDS):
        for name, (run, count) in candidates.items():
            run()
            from_ = time.perf_counter_ns()
            run()
            times[name].append((time.perf_counter_ns() - from_) / count)
    base = statistics.median(times["floor"])
    for name, measured in times.items():
        median = statistics.median(measured)
        print(f"python {name:14} {median:7.1f} ns   {median / base:5.2f} × floor")


if __name__ == "__main__":
    main()
