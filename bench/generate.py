"""Generate the benchmarks' directory and requests, the same for every language and every run.

python bench/generate.py FOLDER [--size middle|large]

Both have 10 organizations and 10,000 mixed requests, half of them allowed. Each request says whether it is; every benchmark
checks that first. The middle size: 100 projects, 2,000 members, 10,000 collaborator rows, 300 API keys, 20,000 resources.
The large size: 1,000 projects, 50,000 members, 200,000 rows, 5,000 keys, 500,000 resources.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any, NamedTuple

Json = dict[str, Any]

POLICY = Path(__file__).parent.parent / "core" / "policies" / "projects-2026-02.json"
ORGANIZATIONS = 10
REQUESTS = 10_000


class Size(NamedTuple):
    """How much there is of everything."""

    projects: int
    """In each organization."""
    members: int
    """In each organization."""
    rows: int
    """In each project."""
    keys: int
    """In each project."""
    resources: int
    """In each project."""


SIZES = {"middle": Size(10, 200, 100, 3, 200), "large": Size(100, 5_000, 200, 5, 500)}


def permissions(policy: Json) -> Json:
    """Who has what: role (or `api_key`) to actions, with the kinds' own actions apart."""
    kinds = [kind for kind in policy["kinds"] if kind["kind"] != policy["api_key_kind"]]
    kinds = [kind for kind in kinds if "not_applicable" not in kind["support"].values()]
    granted: Json = {"kinds": [kind["kind"] for kind in kinds], "organization": {}, "project": {}, "kind": {}, "api_key": {}}
    for row in policy["organization_actions"]:
        for role in row.get("roles", []):
            granted["organization"].setdefault(role, []).append(row["action"])
    for row in policy["project_actions"]:
        for role in row.get("roles", []):
            granted["project"].setdefault(role, []).append(row["action"])
    for kind in kinds:
        for group in kind["verbs"]:
            verbs = [verb for verb in group["verbs"] if verb != policy["create_verb"]]
            for role in group["roles"]:
                granted["kind"].setdefault(role, {}).setdefault(kind["kind"], []).extend(verbs)
        granted["api_key"][kind["kind"]] = [verb for verb in kind["api_key_verbs"] if verb != policy["create_verb"]]
    return granted


def directory(rng: random.Random, size: Size, kinds: list[str]) -> Json:
    """A directory of that size."""
    organizations = []
    for o in range(ORGANIZATIONS):
        members = [{"user": f"usr_{o}_{m:05}", "role": "admin" if m < 3 else "member"} for m in range(size.members)]
        projects = []
        for p in range(size.projects):
            users = rng.sample(range(3, size.members), size.rows - 5)
            rows = [{"user": f"usr_{o}_{m:05}", "role": rng.choice(["admin", "member", "member"])} for m in users]
            rows += [{"user": f"usr_guest_{o}_{p}_{g}", "role": "member"} for g in range(5)]
            projects.append(
                {
                    "id": f"prj_{o}_{p:04}",
                    "name": f"Project {p}",
                    "default": p == 0,
                    "allow_external_collaborators": True,
                    "collaborators": rows,
                    "api_keys": [{"id": f"key_{o}_{p:04}_{k}", "created_by": rows[k]["user"]} for k in range(size.keys)],
                    "resources": [
                        {"id": f"res_{o}_{p:04}_{r:05}", "kind": kinds[r % len(kinds)], "created_by": rows[r % len(rows)]["user"]}
                        for r in range(size.resources)
                    ],
                }
            )
        organizations.append({"id": f"org_{o}", "owner": members[0]["user"], "members": members, "projects": projects})
    return {"format": "bailiwick/1", "revision": 1, "organizations": organizations}


def requests(rng: random.Random, document: Json, granted: Json) -> list[Json]:
    """Mixed requests: users and keys, on resources, projects and organizations, every second one allowed."""

    def request(principal: str, action: str, resource: str, allowed: bool) -> Json:
        return {"principal": principal, "action": action, "resource": resource, "allowed": allowed}

    result = []
    for number in range(REQUESTS):
        allowed = number % 2 == 0
        organization = rng.choice(document["organizations"])
        stranger = rng.choice([other for other in document["organizations"] if other is not organization])
        project = rng.choice(organization["projects"])
        row = rng.choice(project["collaborators"])
        resource = rng.choice(project["resources"])
        kind = resource["kind"]
        sort = rng.random()
        if sort < 0.70:
            verb = rng.choice(granted["kind"][row["role"]][kind])
            user = row["user"] if allowed else rng.choice(stranger["members"])["user"]
            result.append(request(f"user:{user}", f"{kind}.{verb}", f"{kind}:{resource['id']}", allowed))
        elif sort < 0.85:
            keys = project["api_keys"] if allowed else rng.choice(stranger["projects"])["api_keys"]
            verb = rng.choice(granted["api_key"][kind])
            result.append(request(f"api_key:{rng.choice(keys)['id']}", f"{kind}.{verb}", f"{kind}:{resource['id']}", allowed))
        elif sort < 0.95:
            action = rng.choice(granted["project"][row["role"]])
            user = row["user"] if allowed else rng.choice(stranger["members"])["user"]
            result.append(request(f"user:{user}", action, f"project:{project['id']}", allowed))
        else:
            member = rng.choice(organization["members"])
            action = rng.choice(granted["organization"][member["role"]])
            home = organization if allowed else stranger
            result.append(request(f"user:{member['user']}", action, f"organization:{home['id']}", allowed))
    rng.shuffle(result)
    return result


def main() -> None:
    """Write directory.json and requests.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", choices=SIZES, default="middle")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(2026)
    granted = permissions(json.loads(POLICY.read_text()))
    document = directory(rng, SIZES[arguments.size], granted["kinds"])
    (arguments.folder / "directory.json").write_text(json.dumps(document, separators=(",", ":")))
    (arguments.folder / "requests.json").write_text(json.dumps(requests(rng, document, granted)))


if __name__ == "__main__":
    main()
