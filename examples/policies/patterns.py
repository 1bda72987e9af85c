"""Load each pattern's directory with its policy, ask its questions and compare the answers: `python patterns.py [file …]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from bailiwick import Bailiwick

Json = Any


def answer_of(guard: Bailiwick, question: Json) -> Json:
    """The answer to one question, as JSON has it."""
    given = question["input"]
    match question["ask"]:
        case "check_access":
            return guard.check_access(**given).to_dict()
        case "attribute":
            return guard.attribute(**given).to_dict()
        case "list_projects":
            return guard.list_projects(**given).to_dict()
        case "list_principals":
            return guard.list_principals(**given).to_dict()
        case "list_actions":
            return guard.list_actions(**given).to_dict()
        case other:
            raise ValueError(f"there is no question {other}")


def users_of(group: str, groups: Json, seen: set[str]) -> list[str]:
    """All users of a group: its own, and those of the groups in it. A group that contains itself adds nothing."""
    if group in seen:
        return []
    seen.add(group)
    inner = [user for other in groups[group].get("groups", []) for user in users_of(other, groups, seen)]
    return list(dict.fromkeys([*groups[group].get("users", []), *inner]))


def flattened(groups: Json) -> Json:
    """The groups of a directory, from groups that contain groups."""
    return [{"id": group, "members": [{"user": user} for user in users_of(group, groups, set())]} for group in groups]


def engine_of(pattern: Json) -> Bailiwick:
    """The engine that answers a pattern's questions."""
    directory = pattern["directory"]
    if "nested_groups" in pattern:
        directory["organizations"][0]["groups"] = flattened(pattern["nested_groups"])
    return Bailiwick.from_directory(directory, policy=pattern["policy"])


def asked(given: Json) -> str:
    """A question in a few words."""
    parts = [given.get("principal"), given.get("action") or given.get("kind"), given.get("resource") or given.get("project")]
    return " → ".join(part for part in parts if part is not None) + (f" at {given['at']}" if "at" in given else "")


def answered(answer: Json) -> str:
    """An answer in a few words."""
    if "items" in answer:
        return ", ".join(answer["items"]) or "nothing"
    if "allowed" in answer:
        role = "" if answer["role"] is None else f", as {answer['role']}"
        return f"{'allowed' if answer['allowed'] else 'denied'}: {answer['reason']}{role}"
    return f"booked to {answer['organization'] or '?'}/{answer['project'] or '?'}: {answer['reason']}"


def main() -> None:
    """Print every pattern with its answers; fail if one is not as expected."""
    named = [Path(arg) for arg in sys.argv[1:]]
    failed = False
    for file in named or sorted(Path(__file__).parent.glob("*.json")):
        pattern: Json = json.loads(file.read_text("utf-8"))
        title = pattern["title"]
        print(f"\n{title}\n{'─' * len(title)}\n{pattern['about']}\n")
        guard = engine_of(pattern)
        for question in pattern["questions"]:
            found, wanted = answer_of(guard, question), question["answer"]
            print(f"{question['because']}\n    {asked(question['input'])}\n    {answered(found)}")
            if {field: found[field] for field in wanted} != wanted:
                failed = True
                told, got = (json.dumps(one, ensure_ascii=False) for one in (wanted, found))
                print(f"{title}: another answer than expected: {question['because']}\n  wanted {told}\n  found  {got}", file=sys.stderr)
    sys.exit(failed)


if __name__ == "__main__":
    main()
