"""A month of an AI platform: a journal of what changed, and a Parquet file of what was used.

    python make_month.py FOLDER [ROWS]

People leave, one of them joins another customer, a key is rotated, a project moves between customers, and an external collaborator works on
a project whose costs her own organization pays.
"""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from bailiwick import Bailiwick, new_api_key
from bailiwick.journal import Journal

MAY, JUNE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


def people(*users: str) -> list[dict[str, Any]]:
    """Members; the first is the admin."""
    return [{"user": user, "role": "member" if place else "admin"} for place, user in enumerate(users)]


DIRECTORY: dict[str, Any] = {
    "format": "bailiwick/1",
    "policy": "projects-2026-02",
    "organizations": [
        {
            "id": "org_tide",
            "name": "Tide",
            "owner": "usr_mia",
            "multi_project": True,
            "members": people("usr_mia", "usr_leo", "usr_ana"),
            "projects": [
                {"id": "prj_tide", "default": True},
                {
                    "id": "prj_search",
                    "collaborators": [{"user": "usr_leo", "role": "member"}, {"user": "usr_ana", "role": "member"}],
                    "api_keys": [{"id": "key_search", "created_by": "usr_mia"}],
                    "resources": [{"id": "ft_rank", "kind": "fine_tuning"}],
                },
                {
                    "id": "prj_vision",
                    "allow_external_collaborators": True,
                    "collaborators": [{"user": "usr_kim", "role": "member"}],
                    "api_keys": [{"id": "key_vision", "created_by": "usr_mia"}],
                },
            ],
        },
        {
            "id": "org_reef",
            "name": "Reef",
            "owner": "usr_kim",
            "multi_project": True,
            "members": people("usr_kim", "usr_bo"),
            "projects": [{"id": "prj_reef", "default": True, "api_keys": [{"id": "key_reef", "created_by": "usr_bo"}]}],
        },
        {
            "id": "org_gull",
            "name": "Gull",
            "owner": "usr_ida",
            "multi_project": True,
            "members": people("usr_ida"),
            "projects": [{"id": "prj_gull", "default": True}],
        },
    ],
}

# The directory gets the digest of the new key; the secret is the customer's.
NEW_KEY: dict[str, Any] = {
    "type": "create_api_key",
    "project": "prj_vision",
    "key": "key_vision_2",
    "created_by": "usr_mia",
    "digest": new_api_key().digest,
}
# What happened, and when. The search team, with its project, goes from Tide to Gull.
CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("2026-05-06T09:00:00Z", NEW_KEY),
    ("2026-05-08T17:00:00Z", {"type": "remove_member", "organization": "org_tide", "user": "usr_leo"}),
    ("2026-05-09T09:00:00Z", {"type": "remove_api_key", "key": "key_vision"}),
    ("2026-05-12T00:00:00Z", {"type": "move_project", "project": "prj_search", "organization": "org_gull"}),
    ("2026-05-18T09:00:00Z", {"type": "add_member", "organization": "org_reef", "user": "usr_leo", "role": "member"}),
    ("2026-05-22T17:00:00Z", {"type": "remove_collaborator", "project": "prj_vision", "user": "usr_kim"}),
    ("2026-05-25T17:00:00Z", {"type": "remove_user", "user": "usr_ana"}),
]

# Who used what, from when until when (days of May), and what a unit of it costs.
USED: list[tuple[str, str, str, str | None, str | None, int, int, str]] = [
    ("user:usr_leo", "file", "ui", None, None, 1, 8, "0.02"),
    ("user:usr_leo", "batch", "api", None, None, 19, 31, "0.35"),
    ("user:usr_ana", "fine_tuning", "api", "prj_search", "fine_tuning:ft_rank", 1, 25, "4.10"),
    ("user:usr_ana", "batch", "ui", None, None, 1, 25, "0.35"),
    ("api_key:key_search", "serverless_inference", "api", None, None, 1, 31, "0.0125"),
    ("api_key:key_vision", "serverless_inference", "api", None, None, 1, 8, "0.0125"),
    ("api_key:key_vision_2", "serverless_inference", "api", None, None, 7, 31, "0.0125"),
    ("user:usr_kim", "fine_tuning", "ui", "prj_vision", None, 1, 22, "4.10"),
    ("api_key:key_reef", "batch", "api", None, None, 1, 31, "0.35"),
    ("user:usr_ida", "file", "ui", None, None, 1, 31, "0.02"),
]


def write_journal(path: Path, moved_on: str | None = None) -> None:
    """The journal of the month. `moved_on` is another instant at which the project moved."""
    with Journal.create(path, Bailiwick.from_directory(DIRECTORY).to_snapshot(issued_at=MAY)) as journal:
        dated = [(moved_on if moved_on and change["type"] == "move_project" else at, change) for at, change in CHANGES]
        for at, change in sorted(dated, key=lambda entry: entry[0]):
            journal.apply(change, at=at)


def usage(rows: int, seed: int = 5) -> pa.Table:
    """Usage in the order in which it arrived: not that of time."""
    rng = random.Random(seed)
    columns: dict[str, list[Any]] = {name: [] for name in ("principal", "kind", "surface", "project", "resource", "at", "cost")}
    for _ in range(rows):
        principal, kind, surface, project, resource, first, last, price = rng.choice(USED)
        hours = rng.uniform((first - 1) * 24, last * 24 - 8)
        values = (principal, kind, surface, project, resource, MAY + timedelta(hours=hours), Decimal(price) * rng.randint(1, 40))
        for column, value in zip(columns.values(), values, strict=True):
            column.append(value)
    types = {"at": pa.timestamp("ms", "UTC"), "cost": pa.decimal128(12, 4)}
    return pa.table({name: pa.array(values, types.get(name, pa.string())) for name, values in columns.items()})


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 50_000
    write_journal(folder / "platform.journal")
    pq.write_table(usage(count), folder / "may.parquet")
    print(f"{count:,} rows of usage, and {len(CHANGES)} changes")
