"""Check the suite itself: nothing of the contract without a case, no allow and no change without a denying twin, no file lost."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Json = Any

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests/cases"
# The lists of codes are read where they are defined, so that a new code without a case fails here.
LISTS = {
    "error_code.rs": ["ErrorCode"],
    "decision.rs": ["Reason", "Caveat"],
    "attribution.rs": ["Booking", "Certainty", "Remedy", "UsageCaveat"],
    "rule.rs": ["Rule"],
    "finding.rs": ["FindingCode", "Severity"],
    "review_source.rs": ["ReviewSource"],
}
REQUEST_CALLS = {"check_access", "is_allowed", "authzen"}
# What an evaluation of many takes from the request where it has none of its own.
DEFAULTS = ("subject", "action", "resource", "context")


def words() -> dict[str, set[str]]:
    """Every code of the core, by the name of its list."""
    found: dict[str, set[str]] = {}
    for file, names in LISTS.items():
        source = (ROOT / "core/src/catalogue" / file).read_text("utf-8")
        for name in names:
            body = re.search(rf"pub enum {name} \{{(.*?)\n    \}}", source, re.DOTALL)
            assert body, name
            found[name] = set(re.findall(r'= "(\w+)"', body[1]))
    return found


def outcomes(case: Json) -> Iterator[tuple[Json, Json]]:
    """Every step of a case with what it answers; a case that is no sequence is its own single step."""
    if case["call"] == "steps":
        yield from zip(case["input"]["steps"], case["answer"], strict=True)
    else:
        yield {"do": case["call"]}, {"error": case["error"]} if "error" in case else case["answer"]


def answers(case: Json) -> Iterator[tuple[str, Json]]:
    """The answers of a case that are objects, one by one, each with the call that gives it."""
    for step, outcome in outcomes(case):
        yield from ((step["do"], one) for one in (outcome if isinstance(outcome, list) else [outcome]) if isinstance(one, dict))


def seen(cases: list[Json]) -> dict[str, set[str]]:
    """The codes that the cases expect, those of a decision inside an error too."""
    found: dict[str, set[str]] = {name: set() for names in LISTS.values() for name in names}
    for case in cases:
        for call, answer in answers(case):
            if "error" in answer:
                found["ErrorCode"].add(answer["error"]["code"])
                answer = answer["error"].get("decision", {})
            if "reason" in answer:
                found["Booking" if call.startswith("attribute") else "Reason"].add(answer["reason"])
            found["UsageCaveat" if call.startswith("attribute") else "Caveat"].update(answer.get("caveats", []))
            # An explanation of a usage has what each remedy leads to.
            found["Remedy"].update(one["remedy"] if isinstance(one, dict) else one for one in answer.get("remedies", []))
            if "rule" in answer:
                found["Rule"].add(answer["rule"])
            rows = {"review": {"source": "ReviewSource"}, "findings": {"finding": "FindingCode", "severity": "Severity"}}
            for member, name in rows.get(call, {}).items():
                found[name].update([answer[member]] if member in answer else [])
            if answer.get("certainty"):
                found["Certainty"].add(answer["certainty"])
    return found


def unopposed(cases: list[Json]) -> set[str]:
    """The types of change that an actor is seen to make and none is seen to be forbidden."""
    made: set[str] = set()
    forbidden: set[str] = set()
    for case in cases:
        for step, outcome in outcomes(case):
            if step["do"] == "apply" and "actor" in step:
                if "revision" in outcome:
                    made.add(step["change"]["type"])
                elif outcome["error"]["code"] == "forbidden":
                    forbidden.add(step["change"]["type"])
    return made - forbidden


def leaves(value: Json, path: str = "") -> dict[str, Json]:
    """Everything in a document by its place, however deep."""
    if not isinstance(value, dict):
        return {path: value}
    return {path: None} | {place: leaf for name, one in value.items() for place, leaf in leaves(one, f"{path}/{name}").items()}


def questions(case: Json) -> Iterator[Json]:
    """A case as it is, but each evaluation of an AuthZEN request as a case of its own, with all that it takes from the request."""
    answer = case.get("answer")
    if case["call"] != "authzen" or not isinstance(answer, dict) or "results" in answer:
        yield case
        return
    given = case["input"]
    request = json.loads(given["text"].removeprefix("\ufeff")) if "text" in given else given["request"]
    many = request.get("evaluations") if "evaluations" in answer else None
    for item, decision in zip(many or [{}], answer.get("evaluations", [answer]), strict=False):
        own = item if isinstance(item, dict) else {}
        asked = {name: own.get(name, request.get(name)) for name in DEFAULTS}
        options = {name: value for name, value in given.items() if name not in ("api", "request", "text", "reasons")}
        yield {**case, "input": leaves(asked | options), "answer": decision["decision"]}


def allows(case: Json) -> bool:
    """Whether a case expects one request to be allowed."""
    answer = case.get("answer")
    return case["call"] in REQUEST_CALLS and (answer is True or (isinstance(answer, dict) and answer.get("allowed") is True))


def denies(case: Json) -> bool:
    """Whether a case expects one request to be denied."""
    return case["call"] in REQUEST_CALLS and "answer" in case and not allows(case)


def differences(one: Json, other: Json) -> int:
    """In how many members two objects differ."""
    return sum(one.get(name, "absent") != other.get(name, "absent") for name in one.keys() | other.keys())


def is_twin(case: Json, other: Json) -> bool:
    """Whether two cases ask the same but for one thing: a member of the request, or one change of the directory or policy."""
    world, other_world = ({key: one[key] for key in ("directory", "policy") if key in one} for one in (case, other))
    if world == other_world:
        return differences(case["input"], other["input"]) == 1
    if case["input"] != other["input"]:
        return False

    def changes(source: Json) -> Json:
        if not isinstance(source, dict):
            return {"base": source}
        return {"base": source.get("base"), **source.get("set", {}), **dict.fromkeys(source.get("remove", []), "removed")}

    shared = case["file_world"]
    pairs = [
        (changes(one.get(key, shared.get(key))), changes(two.get(key, shared.get(key))))
        for key in ("directory", "policy")
        for one, two in [(world, other_world)]
    ]
    return sum(differences(*pair) for pair in pairs) == 1


def main() -> None:
    """Print what is wrong, and fail if anything is."""
    faults: list[str] = []
    index = json.loads((CASES / "index.json").read_text("utf-8"))["files"]
    files = {path.name: json.loads(path.read_text("utf-8")) for path in CASES.glob("*.json") if path.name != "index.json"}
    faults += [f"{name} is in the folder or in the index, not in both" for name in index.keys() ^ files.keys()]
    cases: list[Json] = []
    for name, file in files.items():
        if index.get(name) != len(file["cases"]):
            faults.append(f"{name} has {len(file['cases'])} cases, the index says {index.get(name)}")
        world = {key: file[key] for key in ("directory", "policy") if key in file}
        own = [{**case, "file_world": world} for case in file["cases"]]
        cases += own
        asked = [question for case in own for question in questions(case)]
        denials = [case for case in asked if denies(case)]
        for case in asked:
            if allows(case) and not any(case["call"] == other["call"] and is_twin(case, other) for other in denials):
                faults.append(f"{name}: no denial differs in one thing from: {case['note']}")
    faults += [f"an actor makes the change {kind}, and none is forbidden it" for kind in sorted(unopposed(cases))]
    notes = [case["note"] for case in cases]
    faults += [f"two cases have the note: {note}" for note in {note for note in notes if notes.count(note) > 1}]

    rules = set(re.findall(r"^\| *`?([ABC]\d+)`? *\|", (ROOT / "docs/rules.md").read_text("utf-8"), re.MULTILINE))
    proved = {rule for case in cases for rule in case.get("rules", [])}
    faults += [f"docs/rules.md has {rule}, and no case" for rule in sorted(rules - proved)]
    faults += [f"a case proves {rule}, which docs/rules.md does not have" for rule in sorted(proved - rules)]
    expected = seen(cases)
    # It decides about changes, which are not explained.
    expected["Rule"].add("C20")
    # Timelines are Python's alone: `tests/life/timelines.rs` and `tests/python/engine/test_timelines.py` prove these codes.
    expected["ErrorCode"] |= {"before_history", "invalid_order"}
    for name, codes in words().items():
        faults += [f"no case expects the {name} {code}" for code in sorted(codes - expected[name])]
        if name not in {"Booking", "Reason"}:
            faults += [f"a case expects the {name} {code}, which the core does not have" for code in sorted(expected[name] - codes)]

    print("\n".join(faults) or f"the suite is whole: {len(cases)} cases, {len(rules)} rules, {sum(map(len, expected.values()))} codes")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
