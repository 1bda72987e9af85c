"""Make usage to attribute: `python make_usage.py DIR` writes Parquet by day, a signed snapshot, and the key to check it with."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import secrets
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from bailiwick import Bailiwick, public_key_of

DIRECTORY = json.loads((Path(__file__).parents[1] / "acme/directory.json").read_text("utf-8"))
FIRST_DAY = dt.datetime(2025, 9, 28, tzinfo=dt.UTC)
"""A few days before the organization has projects, so that its first usage predates them."""
USAGE = pa.schema(
    [
        ("principal", pa.string()),
        ("kind", pa.string()),
        ("surface", pa.string()),
        ("project", pa.string()),
        ("resource", pa.string()),
        ("at", pa.timestamp("ms", "UTC")),
        ("cost", pa.decimal128(18, 6)),
    ]
)
"""Cost is decimal: sums of floating point numbers depend on the order in which a cluster happens to add them."""


def principals_and_projects() -> tuple[list[str], list[str]]:
    """Who uses something, and where."""
    users: set[str] = set()
    keys: set[str] = set()
    projects: list[str] = []
    for organization in DIRECTORY["organizations"]:
        users.update(member["user"] for member in organization["members"])
        for project in organization["projects"]:
            projects.append(project["id"])
            users.update(row["user"] for row in project.get("collaborators", []))
            keys.update(key["id"] for key in project.get("api_keys", []))
    return [f"user:{user}" for user in sorted(users)] + [f"api_key:{key}" for key in sorted(keys)], projects


def day_of_usage(day: dt.datetime, rows: int) -> pa.Table:
    """A day's usage: the same for the same day. A few of its rows cannot be attributed, as in life."""
    rng = random.Random(day.isoformat())
    principals, projects = principals_and_projects()
    kinds = ["batch", "file", "fine_tuning", "serverless_inference", "storage", "gpu_cluster", "instant_cluster"]

    def row() -> dict[str, Any]:
        principal = rng.choice(principals) if rng.random() < 0.99 else "user:usr_gone"
        is_user = principal.startswith("user:")
        return {
            "principal": principal,
            "kind": rng.choice(kinds) if rng.random() < 0.995 else "telepathy",
            "surface": rng.choice(["api", "ui", "ui", "playground"]) if is_user else "api",
            "project": rng.choice(projects) if is_user else None,
            "resource": None,
            "at": day + dt.timedelta(milliseconds=rng.randrange(86_400_000)),
            "cost": Decimal(rng.randrange(1, 50_000_000)).scaleb(-6),
        }

    return pa.Table.from_pylist([row() for _ in range(rows)], USAGE)


def make(place: Path, days: int, rows: int) -> None:
    """Write `usage/day=…/part-0.parquet`, `snapshot` and `public_key`."""
    for number in range(days):
        day = FIRST_DAY + dt.timedelta(days=number)
        folder = place / "usage" / f"day={day:%Y-%m-%d}"
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(day_of_usage(day, rows), folder / "part-0.parquet")
    # A real signing key stays where snapshots are made. Workers get neither it nor the digests of API keys.
    signing_key = secrets.token_bytes(32)
    (place / "snapshot").write_bytes(Bailiwick.from_directory(DIRECTORY).to_snapshot(signing_key, digests=False))
    (place / "public_key").write_bytes(public_key_of(signing_key))


def main() -> None:
    """Read the arguments and make it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("place", type=Path)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--rows", type=int, default=5_000, help="rows a day")
    arguments = parser.parse_args()
    make(arguments.place, arguments.days, arguments.rows)


if __name__ == "__main__":
    main()
