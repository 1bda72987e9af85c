"""The small-scope proof: everything that can stand around one question, enumerated, with the oracle's answers.

python tests/oracle/neighbourhood.py FOLDER [--slice I/N]

A surrounding is what all questions of a file share: how roles combine, the visibility, the switch, what is suspended, whether it is the
default project. In each surrounding stand all people (or keys) that differ in anything that a rule looks at, and each asks for an action
of every class. Whether unrelated things stand beside them makes no difference: half of the directories have them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import neighbourhood_keys
import neighbourhood_users
from documents import Json
from neighbourhood_policy import AT, SHARED


def files(part: int, parts: int) -> Iterator[tuple[str, Json]]:
    """The files of a slice, one at a time."""
    everything: list[tuple[str, int, Any]] = [
        ("users", place, surrounding) for place, surrounding in enumerate(neighbourhood_users.SURROUNDINGS)
    ]
    everything += [("keys", place, surrounding) for place, surrounding in enumerate(neighbourhood_keys.SURROUNDINGS)]
    for kind, place, surrounding in everything[part::parts]:
        cases = list(neighbourhood_users.user_cases(surrounding) if kind == "users" else neighbourhood_keys.key_cases(surrounding))
        named = [case | {"note": f"{kind} {place}: {case['note']}"} for case in cases]
        yield f"{kind}-{place}.json", {"topic": f"{kind} in {'/'.join(map(str, surrounding))}", "at": AT, "answer": SHARED, "cases": named}


def main() -> None:
    """Write a slice, or everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--slice", default="0/1", help="the part, from 0 on, of how many parts")
    arguments = parser.parse_args()
    part, parts = (int(number) for number in arguments.slice.split("/"))
    arguments.folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    asked = 0
    for name, file in files(part, parts):
        (arguments.folder / name).write_text(json.dumps(file, separators=(",", ":")), "utf-8")
        counts[name] = len(file["cases"])
        asked += sum(len(case["input"]) for case in file["cases"])
    (arguments.folder / "index.json").write_text(json.dumps({"files": counts}), "utf-8")
    print(f"wrote {asked} questions in {len(counts)} surroundings")


if __name__ == "__main__":
    main()
