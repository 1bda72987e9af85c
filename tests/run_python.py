"""The shared suite against the installed wheel. tests/README.md says what a case is."""

from __future__ import annotations

import copy
import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from bailiwick import Bailiwick, BailiwickError
from suite.steps import Sequence, comparable, fault, fits
from suite.steps import call as ask

Json = Any

ROOT = Path(__file__).resolve().parent.parent
CASES = Path(os.environ.get("SUITE_CASES", ROOT / "tests/cases"))
ANSWERS = Path(os.environ.get("SUITE_ANSWERS", ROOT / "target/answers/python.tsv"))
WHOLE = {"load", "to_directory", "steps"}


def named(folder: str, source: Json) -> Json:
    """A document by its name, as itself, or as another one with changes; an id of a policy stays what it is."""
    if isinstance(source, str):
        path = ROOT / "tests" / folder / f"{source}.json"
        return json.loads(path.read_text("utf-8")) if path.exists() else source
    if not isinstance(source, dict) or "base" not in source:
        return source
    document = copy.deepcopy(named(folder, source["base"]))

    def place(pointer: str) -> tuple[Json, Json]:
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


def load(source: Json, policy: Json = None) -> Bailiwick:
    """Load a directory, under its own policy or another one."""
    return Bailiwick.from_directory(source, policy=None if policy is None else named("policies", policy))


def call(guard: Callable[[], Bailiwick], name: str, given: Json) -> Json:
    """What the package answers."""
    if name in {"load", "to_directory"}:
        own = given["directory"] if isinstance(given, dict) and "directory" in given else given
        loaded = load(given["text"] if "text" in given else named("directories", own), given.get("policy"))
        return loaded.to_directory() if name == "to_directory" else {k: getattr(loaded, k) for k in ("revision", "policy", "issued_at")}
    return ask(guard(), name, given)


def answer(guard: Callable[[], Bailiwick], name: str, given: Json) -> Json:
    """The answer or the error; what keyword arguments cannot say is asked as a batch of one, where there is one."""
    try:
        if fits(name, given):
            return call(guard, name, given)
        if name == "attribute":
            return {"code": guard().attribute_many([given])[0].reason}
        if name.startswith("list_"):
            # Python's own TypeError takes the place of `missing_field` and `unknown_field`.
            try:
                ask(guard(), name, given)
            except TypeError:
                return {}
        return guard().check_many([given])[0].to_dict()
    except BailiwickError as error:
        found = fault(error)
        return found if fits(name, given) else {**found, "path": found["path"].removeprefix("/0")}


def world(*sources: Json) -> Bailiwick:
    """The directory and policy that the first of these sources names: the case, then its file."""

    def of(name: str) -> Json:
        return next((source[name] for source in sources if name in source), None)

    return load(named("directories", of("directory")), of("policy"))


def with_at(given: Json, at: str | None) -> Json:
    """A request, or each of a list, with the file's `at` where it has none of its own."""
    if isinstance(given, list):
        return [with_at(one, at) for one in given]
    return {**given, "at": at} if at is not None and isinstance(given, dict) and "at" not in given else given


def merged(answer: Json, shared: Json) -> Json:
    """An answer, or each of a list, with the members that all answers of the file share."""
    if isinstance(answer, list):
        return [merged(one, shared) for one in answer]
    return {**shared, **answer} if isinstance(answer, dict) else answer


def run_file(file: Json) -> Iterator[tuple[Json, Json, Json]]:
    """Each case of a file with what is wanted and what is found."""
    shared: list[Bailiwick] = []

    def guard(case: Json) -> Bailiwick:
        if "directory" in case or "policy" in case:
            return world(case, file)
        if not shared:
            shared.append(world(file))
        return shared[0]

    for case in file["cases"]:
        is_whole = case["call"] in WHOLE
        dated = partial(with_at, at=file.get("at"))
        given = case["input"] if is_whole or case["call"].startswith("authenticate") else dated(case["input"])
        if case["call"] == "steps":
            found = Sequence(world(case, file), dated).run(given["steps"])
        else:
            found = answer(partial(guard, case), case["call"], given)
        if "error" in case:
            wanted = case["error"]
        else:
            wanted = case["answer"] if is_whole else merged(case["answer"], file.get("answer", {}))
        if isinstance(found, dict) and found.keys() == {"code"}:
            # A row of a batch tells its code alone.
            found["path"] = wanted["path"]
        if found == {} and wanted.get("code") in {"missing_field", "unknown_field"}:
            found = wanted
        yield case, wanted, found


def main() -> None:
    """Run every case, and fail unless as many pass as the index counts."""
    lines: list[str] = []
    expected = passed = failed = 0
    for name, count in json.loads((CASES / "index.json").read_text("utf-8"))["files"].items():
        expected += count
        for case, wanted, found in run_file(json.loads((CASES / name).read_text("utf-8"))):
            text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
            lines.append(f"{case['note']}\t{text}\n")
            if comparable(found) == wanted:
                passed += 1
            else:
                failed += 1
                print(f"{name}: {case['note']}\n  wanted {json.dumps(wanted)}\n  found  {text}")
    ANSWERS.parent.mkdir(parents=True, exist_ok=True)
    ANSWERS.write_text("".join(lines), "utf-8")
    print(f"python: {passed} passed, {failed} failed")
    if failed or passed != expected:
        sys.exit(f"{expected} cases should have passed")


if __name__ == "__main__":
    main()
