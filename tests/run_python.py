"""The shared suite against the installed wheel. tests/README.md says what a case is."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from bailiwick import Bailiwick, BailiwickError
from suite.differences import differences
from suite.documents import load, named, world
from suite.shared import merged, with_at
from suite.steps import Sequence, comparable, fault, fits, quarantined
from suite.steps import call as ask

Json = Any

ROOT = Path(__file__).resolve().parent.parent
CASES = Path(os.environ.get("SUITE_CASES", ROOT / "tests/cases"))
# A part of a case's note, of its file's name or of its topic; all cases have the empty one.
CHOSEN = os.environ.get("CASE", "")
ANSWERS = Path(os.environ.get("SUITE_ANSWERS", ROOT / "target/answers" / ("case" if CHOSEN else "") / "python.tsv"))
# The options of `load` and `to_directory` beside the policy.
LOADING = ("quarantine", "max_bytes", "max_values")
WHOLE = {"load", "to_directory", "steps"}


def told(loaded: Bailiwick) -> Json:
    """What `load` answers."""
    return {k: getattr(loaded, k) for k in ("revision", "policy", "issued_at")}


def call(guard: Callable[[], Bailiwick], name: str, given: Json) -> Json:
    """What the package answers."""
    if name in {"load", "to_directory"}:
        own = given["directory"] if isinstance(given, dict) and "directory" in given else given
        options = {k: given[k] for k in LOADING if k in given}
        loaded = load(given["text"] if "text" in given else named("directories", own), given.get("policy"), **options)
        return loaded.to_directory() if name == "to_directory" else told(loaded) | quarantined(loaded, given)
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
    """Run every case, or those that CASE chooses, and fail unless as many pass as the index counts."""
    lines: list[str] = []
    expected = failed = 0
    for name, count in json.loads((CASES / "index.json").read_text("utf-8"))["files"].items():
        file = json.loads((CASES / name).read_text("utf-8"))
        if CHOSEN:
            file["cases"] = [case for case in file["cases"] if any(CHOSEN in text for text in (case["note"], name, file["topic"]))]
        expected += len(file["cases"]) if CHOSEN else count
        for case, wanted, found in run_file(file):
            lines.append(f"{case['note']}\t{json.dumps(found, ensure_ascii=False, separators=(',', ':'))}\n")
            if wrong := list(differences(wanted, comparable(found))):
                failed += 1
                print("\n  ".join([f"{name}: {case['note']}", *wrong]))
    ANSWERS.parent.mkdir(parents=True, exist_ok=True)
    ANSWERS.write_text("".join(lines), "utf-8")
    print(f"python: {len(lines) - failed} passed, {failed} failed")
    if not lines:
        sys.exit(f"no case has `{CHOSEN}` in its note, in its file's name or in its topic")
    if failed or len(lines) != expected:
        sys.exit(f"{expected} cases should have passed")


if __name__ == "__main__":
    main()
