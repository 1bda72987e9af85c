"""Build each structure by its changes, ask its questions and compare whole answers: `python run.py [--json] [file …]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from bailiwick import Bailiwick

Json = Any


def answer_of(guard: Bailiwick, question: Json) -> Json:
    """The whole answer to one question, as JSON has it."""
    given = question["input"]
    match question["ask"]:
        case "check_access":
            return guard.check_access(**given).to_dict()
        case "attribute":
            return guard.attribute(**given).to_dict()
        case "list_projects":
            page = guard.list_projects(**given)
        case "list_resources":
            page = guard.list_resources(**given)
        case "list_principals":
            page = guard.list_principals(**given)
        case "list_actions":
            page = guard.list_actions(**given)
        case other:
            raise ValueError(f"there is no question {other}")
    return {"items": page.items, "next_cursor": page.next_cursor}


def answers_of(structure: Json) -> list[Json]:
    """The answers to a structure's questions, from an organization that was empty when the changes began."""
    guard = Bailiwick.from_directory(structure["start"])
    for step in structure["changes"]:
        # Some name an actor; the others are the platform's own.
        options = {name: value for name, value in step.items() if name != "change"}
        guard.apply(step["change"], **options)
    return [answer_of(guard, question) for question in structure["questions"]]


def asked(given: Json) -> str:
    """A question in a few words."""
    parts = [given.get("principal"), given.get("action") or given.get("kind"), given.get("resource") or given.get("project")]
    surface = f" ({given['surface']})" if "surface" in given else ""
    return " → ".join(part for part in parts if part is not None) + surface


def answered(answer: Json) -> str:
    """An answer in a few words."""
    if "items" in answer:
        return ", ".join(answer["items"])
    if "allowed" in answer:
        return ", ".join([f"{'allowed' if answer['allowed'] else 'denied'}: {answer['reason']}", *answer["caveats"]])
    booked = f"{answer['organization'] or '?'}/{answer['project'] or '?'}"
    return ", ".join([f"booked to {booked}: {answer['reason']}", *answer["remedies"]])


def main() -> None:
    """Print every structure with its answers, or the answers as JSON; fail if one is not as expected."""
    as_json = "--json" in sys.argv[1:]
    named = [Path(arg) for arg in sys.argv[1:] if arg != "--json"]
    files = named or sorted(Path(__file__).parent.glob("*.json"))
    structures: list[Json] = [json.loads(file.read_text("utf-8")) for file in files]
    results = [{"title": structure["title"], "answers": answers_of(structure)} for structure in structures]
    if as_json:
        sys.stdout.write(json.dumps(results, ensure_ascii=False, separators=(",", ":")))
    failed = False
    for structure, result in zip(structures, results, strict=True):
        title = structure["title"]
        if not as_json:
            print(f"\n{title}\n{'─' * len(title)}\n{structure['about']}\n")
        for question, found in zip(structure["questions"], result["answers"], strict=True):
            if not as_json:
                print(f"{question['shows']:9}  {question['because']}\n{'':11}{asked(question['input'])}\n{'':11}{answered(found)}")
            if found != question["answer"]:
                failed = True
                wanted, got = (json.dumps(one, ensure_ascii=False) for one in (question["answer"], found))
                print(f"{title}: another answer than expected: {question['because']}\n  wanted {wanted}\n  found  {got}", file=sys.stderr)
    sys.exit(failed)


if __name__ == "__main__":
    main()
