"""The hand-written cases of tests/cases held against the oracle.

python tests/oracle/suite_check.py [FILE…] [--write]

With `--write`, the answers of the named files become those of the oracle: to fill in what was asked, and then to read every answer.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import document_faults
import document_shape
import explanations
import findings
import quarantine
import remedies
import reviews
import shapes
from documents import BUILT_IN, Json, OracleError, second_policy
from guard import Guard
from scene import Scene

TESTS = Path(__file__).resolve().parents[1]
CASES = TESTS / "cases"
FIRST: Json = json.loads(BUILT_IN.read_text("utf-8"))
# What is about bytes, addresses and the shape of requests, of which the oracle knows nothing.
UNKNOWN = {"authzen_metadata"}
# What the oracle does not model, by file: clocks and keys of snapshots, options of calls, JSON text that is not well formed.
BEYOND: dict[str, list[str]] = {
    "arrivals.json": [
        "a snapshot issued in the future is refused, beyond the tolerance for clocks",
        "what the present is has to be an instant",
        "a delta that was issued in the future is refused, and changes nothing",
        "of several public keys any will do",
    ],
    "attribution-many.json": [
        "every fault of a row's shape as a reason",
    ],
    "authzen-evaluation.json": [
        "authzen, options: reasons in words",
        "authzen, options: reasons as a number",
        "authzen, options: trust in words",
        "authzen, options: trust as a number",
    ],
    "authzen-pages.json": [
        "authzen, tokens: the cursor of a listing",
    ],
    "authzen-requests.json": [
        "authzen, the first fault: of a search, the page where it stands first",
        "authzen, the first fault: of a search for actions, the page where it stands first",
        "authzen, the first fault: of many, the options where they stand first",
        "authzen, text: half an emoji",
        "authzen, text: not a number",
        "authzen, text: a byte order mark",
        "authzen, text: a member twice",
        "authzen, text: the same member twice",
        "authzen, text: a member twice, once in an escape",
        "authzen, text: a member twice in an item",
        "authzen, text, not ignored: half an emoji as the type",
        "authzen, text, not ignored: a number beyond all numbers as an id",
        "authzen, text, not ignored: a time that is trusted, beyond all numbers",
    ],
    "snapshots.json": [
        "a signing key that is none",
        "damage undone is no damage",
        "a refused snapshot leaves the guard that there is",
        "a snapshot of a later format",
    ],
}
REQUEST: dict[str, shapes.Check] = {"principal": shapes.any_reference, "action": shapes.text, "resource": shapes.any_reference}
REQUEST |= {"surface": shapes.text, "at": shapes.moment, "min_revision": shapes.number, "max_age_seconds": shapes.number}
USAGE: dict[str, shapes.Check] = {"principal": shapes.any_reference, "kind": shapes.text, "surface": shapes.text}
USAGE |= {"project": shapes.identifier, "resource": shapes.any_reference, "at": shapes.moment}
SHAPES = {"check_access": (REQUEST, tuple(list(REQUEST)[3:])), "is_allowed": (REQUEST, tuple(list(REQUEST)[3:]))}
SHAPES |= {"attribute": (USAGE, ("surface", "project", "resource", "at"))}
# What the rules do not determine as a whole is checked. Its errors are those of another call.
CHECKS: dict[str, Callable[[Scene, Json, Any], None]] = {
    "explain": explanations.check_explanation,
    "explain_usage": remedies.check_usage_explanation,
    "review": lambda scene, asked, told: reviews.check_review(scene, told, asked.get("organization")),
    "findings": lambda scene, _, told: findings.check_findings(scene, told),
}
ERRORS = {"explain": "check_access", "explain_usage": "attribute"}
SHAPES |= {"explain": SHAPES["check_access"], "explain_usage": SHAPES["attribute"]}


def named(folder: str, source: Any) -> Any:
    """A document by its name, as itself, or as another one with changes. tests/README.md says how."""
    if isinstance(source, str):
        path = TESTS / folder / f"{source}.json"
        return json.loads(path.read_text("utf-8")) if path.exists() else source
    if not isinstance(source, dict) or "base" not in source:
        return source
    document = copy.deepcopy(named(folder, source["base"]))

    def place(pointer: str) -> tuple[Any, Any]:
        *steps, key = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
        parent = document
        for step in steps:
            parent = parent[int(step)] if isinstance(parent, list) else parent[step]
        return parent, int(key) if isinstance(parent, list) and key != "-" else key

    for pointer, value in source.get("set", {}).items():
        parent, key = place(pointer)
        if key == "-":
            parent.append(value)
        else:
            parent[key] = value
    for pointer in source.get("remove", []):
        parent, key = place(pointer)
        del parent[key]
    return document


def chosen_policy(policy: Any) -> Json:
    """A policy that is passed as an argument, by id or whole."""
    if isinstance(policy, str):
        found = {FIRST["id"]: FIRST, second_policy()["id"]: second_policy()}.get(policy)
        if found is None:
            raise OracleError("unknown_policy", "/policy")
        return found
    document_faults.check_policy(policy, "/policy")
    return dict(policy)


def loaded(source: Any, policy: Any = None, at: str = "2026-03-01T12:00:00Z") -> Guard:
    """A guard, or the first fault of its document."""
    override = None if policy is None else chosen_policy(named("policies", policy))
    document_faults.check_directory(source, FIRST, override)
    if override is not None:
        source = source | {"policy": override if override not in (FIRST, second_policy()) else override["id"]}
    return Guard(source, FIRST, at)


def with_at(given: Any, at: str | None) -> Any:
    """A request with the file's instant where it has none of its own."""
    if isinstance(given, list):
        return [with_at(one, at) for one in given]
    return {**given, "at": at} if at is not None and isinstance(given, dict) and "at" not in given else given


def merged(answer: Any, shared: Json) -> Any:
    """An answer with the members that all answers of the file share."""
    if isinstance(answer, list):
        return [merged(one, shared) for one in answer]
    return {**shared, **answer} if isinstance(answer, dict) else answer


def outcome(case: Json, file: Json) -> Json:
    """What the oracle says of a case."""
    call, given, at = case["call"], case["input"], file.get("at")
    try:
        if call in ("load", "to_directory"):
            if "text" in given and "error" in case:
                # Text that is not JSON is not the oracle's.
                return wanted(case, file)
            if "text" in given:
                source = json.loads(given["text"].removeprefix("\ufeff"))
            elif isinstance(given, dict) and "directory" in given:
                source = given["directory"]
            else:
                source = given
            source = named("directories", source)
            shapes.boolean(given.get("quarantine", False), "/quarantine")
            left_out: Json = {}
            if given.get("quarantine"):
                policy = given.get("policy")
                override = None if policy is None else chosen_policy(named("policies", policy))
                source, told = quarantine.sound_part(source, FIRST, override=override)
                left_out = {"quarantined": told}
            guard = loaded(source, given.get("policy"))
            document = guard.document
            if call == "to_directory":
                return {"answer": document}
            return {
                "answer": {"revision": document["revision"], "policy": guard.oracle.policy["id"], "issued_at": document.get("issued_at")}
                | left_out
            }

        def of(name: str) -> Any:
            return next((one[name] for one in (case, file) if name in one), None)

        guard = loaded(named("directories", of("directory")), of("policy"), at or "2026-03-01T12:00:00Z")
        if call == "steps":
            told = case.get("answer", given["steps"])
            steps = [dated(with_document(step), at) for step in given["steps"]]
            return {"answer": [done(guard, step, one) for step, one in zip(steps, told, strict=True)]}
        if call == "authzen" and "text" in given:
            given = {k: v for k, v in given.items() if k != "text"} | {"request": json.loads(given["text"])}
        if not call.startswith("authenticate"):
            given = with_at(given, at)
        if call in SHAPES:
            shapes.fields(given, "", *SHAPES[call])
        if call == "check_many":
            document_shape.list_of(lambda one, path: shapes.fields(one, path, *SHAPES["check_access"]))(given, "")
        if call in CHECKS and "answer" in case:
            return {"answer": checked(guard, call, given, case["answer"])}
        found = guard.do(with_document({"do": ERRORS.get(call, call), "input": given}))
        return {"error": found["error"]} if isinstance(found, dict) and set(found) == {"error"} else {"answer": found}
    except OracleError as error:
        return {"error": {"code": error.code, "path": error.path}}


def done(guard: Guard, step: Json, told: Any) -> Any:
    """The outcome of a step, beside what the case says of it."""
    failed = isinstance(told, dict) and "error" in told
    return checked(guard, step["do"], step["input"], told) if step["do"] in CHECKS and not failed else guard.do(step)


def checked(guard: Guard, call: str, given: Json, told: Any) -> Any:
    """The case's own answer, if everything holds that the rules say of it."""
    try:
        CHECKS[call](Scene(guard.document, FIRST, given["at"]), given, told)
    except AssertionError as error:
        return {"refused": str(error)}
    return told


def with_document(step: Json) -> Json:
    """A step, or the input of `impact`, with the document or the policy that it names."""
    folders = {"document": "directories", "with_policy": "policies"}
    found = step | {field: named(folder, step[field]) for field, folder in folders.items() if field in step}
    return found | {"input": with_document(found["input"])} if found.get("do") == "impact" else found


def dated(step: Json, at: str | None) -> Json:
    """A step that asks, with the file's instant."""
    asks = "input" in step and step["do"] not in ("is_stale", "authenticate", "authenticate_digest")
    return step | {"input": with_at(step["input"], at)} if asks else step


def wanted(case: Json, file: Json) -> Json:
    """What the case says."""
    if "error" in case:
        return {"error": case["error"]}
    whole = case["call"] in ("load", "to_directory", "steps")
    return {"answer": case["answer"] if whole else merged(case["answer"], file.get("answer", {}))}


def held(path: Path, write: bool) -> tuple[int, int, int]:
    """How many cases of a file agree, how many do not, and how many the oracle knows nothing of."""
    file = json.loads(path.read_text("utf-8"))
    agreeing = other = beyond = 0
    for case in file["cases"]:
        if case["call"] in UNKNOWN or case["note"] in BEYOND.get(path.name, []):
            beyond += 1
            continue
        try:
            found = outcome(case, file)
        except Exception as error:
            found = {"raised": f"{type(error).__name__} {error}"}
            beyond += 1
            if "answer" not in case or case["call"] == "steps":
                continue
        if found == wanted(case, file):
            agreeing += 1
            continue
        other += 1
        if write and "raised" not in found:
            case.pop("answer", None)
            case.pop("error", None)
            case.update(found)
        else:
            print(f"{path.name}: {case['note']}\n  case:   {json.dumps(wanted(case, file))[:1500]}\n  oracle: {json.dumps(found)[:1500]}")
    if write:
        lines = ",\n".join(f"    {json.dumps(case, ensure_ascii=False)}" for case in file["cases"])
        head = "".join(f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)},\n" for k, v in file.items() if k != "cases")
        path.write_text(f'{{\n{head}  "cases": [\n{lines}\n  ]\n}}\n', "utf-8")
    return agreeing, other, beyond


def main() -> None:
    """Compare, and fail if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="names in tests/cases; all of them if left out")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    paths = [CASES / name for name in arguments.files] or sorted(p for p in CASES.glob("*.json") if p.name != "index.json")
    counts = [held(path, arguments.write and bool(arguments.files)) for path in paths]
    agreeing, other, beyond = (sum(column) for column in zip(*counts, strict=True))
    print(f"{agreeing} cases agree with the oracle, {other} do not; {beyond} are beyond it")
    sys.exit(bool(other) and not arguments.write)


if __name__ == "__main__":
    main()
