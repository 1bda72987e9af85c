"""The benchmarks' directory, changed so that every rule of attribution has something to do in it."""

from __future__ import annotations

import copy
from datetime import UTC, datetime

from tables.names import Json

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
MIDDLE = datetime(2026, 2, 15, tzinfo=UTC)
END = datetime(2026, 4, 1, tzinfo=UTC)


def with_externals(document: Json) -> Json:
    """A directory as bench/generate.py makes it, with organizations that began with projects late, and externals of every sort.

    Every third organization has projects since the middle of the time of usage (B1), and every second one invites by SSO. In the
    generated directory a project has five guests whose homes nobody knows. Here two of them have a home outside the directory,
    one is a member of the next organization, and two stay as they are (B4). A guest also made the last key of every second
    project (B5).
    """
    document = copy.deepcopy(document)
    organizations: list[Json] = document["organizations"]
    users: list[Json] = []
    for o, organization in enumerate(organizations):
        if o % 3 == 2:
            organization["projects_since"] = MIDDLE.isoformat()
        organization["membership"] = "sso" if o % 2 else "invitation"
        neighbours = organizations[(o + 1) % len(organizations)]["members"]
        for p, project in enumerate(organization["projects"]):
            guests = [row for row in project["collaborators"] if row["user"].startswith("usr_guest_")]
            guests[0]["user"] = neighbours[p % len(neighbours)]["user"]
            users += [{"id": guests[g]["user"], "organization": f"org_partner_{(o + p + g) % 20}"} for g in (1, 2)]
            if p % 2:
                project["api_keys"][-1]["created_by"] = guests[p // 2 % len(guests)]["user"]
    document["users"] = users
    return document
