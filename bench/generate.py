"""Generate the benchmarks' directory and requests, the same for every language and every run.

python bench/generate.py FOLDER [--size small|middle|large]

Each has 10,000 mixed requests, half of them allowed. Each request says whether it is; every benchmark checks that first.

| size   | organizations | projects | members | collaborator rows | API keys | resources |
| ------ | ------------- | -------- | ------- | ----------------- | -------- | --------- |
| small  |             2 |       10 |     200 |               500 |       30 |     1,000 |
| middle |            10 |      100 |   2,000 |            10,000 |      300 |    20,000 |
| large  |            10 |    1,000 |  50,000 |           200,000 |    5,000 |   500,000 |

Three members of each organization are its admins and have no rows. Five rows of each project are external collaborators'. One project in
six does not allow them, so that these rows have no effect.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any, NamedTuple

from questions import questions

Json = dict[str, Any]

POLICY = Path(__file__).parent.parent / "core" / "policies" / "projects-2026-02.json"


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
    organizations: int = 10


SIZES = {"small": Size(5, 100, 50, 3, 100, organizations=2), "middle": Size(10, 200, 100, 3, 200), "large": Size(100, 5_000, 200, 5, 500)}


def asked_kinds(policy: Json) -> list[str]:
    """The kinds of resources that there are: all that every surface has, and no API keys, which stand apart."""
    kinds = [kind for kind in policy["kinds"] if kind["kind"] != policy["api_key_kind"]]
    return [kind["kind"] for kind in kinds if "not_applicable" not in kind["support"].values()]


def directory(rng: random.Random, size: Size, kinds: list[str]) -> Json:
    """A directory of that size."""
    organizations = []
    for o in range(size.organizations):
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
                    "allow_external_collaborators": o % 2 == 1 or p % 3 != 2,
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


def main() -> None:
    """Write directory.json, requests.json and first.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", choices=SIZES, default="middle")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(2026)
    policy = json.loads(POLICY.read_text("utf-8"))
    kinds = asked_kinds(policy)
    document = directory(rng, SIZES[arguments.size], kinds)
    (arguments.folder / "directory.json").write_text(json.dumps(document, separators=(",", ":")))
    asked = questions(rng, document, policy, kinds)
    (arguments.folder / "requests.json").write_text(json.dumps(asked))
    # For a process that asks one thing and ends.
    (arguments.folder / "first.json").write_text(json.dumps(asked[:1]))


if __name__ == "__main__":
    main()
