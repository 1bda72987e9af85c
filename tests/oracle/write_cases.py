"""Write random cases, with the oracle's answers, as a suite that every runner can read.

python tests/oracle/write_cases.py FOLDER [--seeds N] [--first SEED]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from oracle import Oracle, OracleError, effective_policy
from random_directory import BUILT_IN, random_case

Json = dict[str, Any]


def cases_of(seed: int, built_in: Json) -> Json:
    """One suite file: a random directory, its questions, and the oracle's answers."""
    generated = random_case(seed)
    directory = generated["directory"]
    oracle = Oracle(directory, effective_policy(directory, built_in))
    cases: list[Json] = []

    def case(call: str, number: int, question: Json) -> None:
        entry: Json = {"note": f"{seed}/{call}/{number}", "call": call, "input": question}
        try:
            answer = oracle.check_access(question) if call != "attribute" else oracle.attribute(question)
            entry["answer"] = answer["allowed"] if call == "is_allowed" else answer
        except OracleError as error:
            entry["error"] = {"code": error.code, "path": path_of(error.code, question)}
        cases.append(entry)

    for number, request in enumerate(generated["requests"]):
        case("check_access", number, request)
        case("is_allowed", number, request)
    for number, usage in enumerate(generated["usages"]):
        case("attribute", number, usage)
    return {"topic": f"random directory {seed}", "directory": directory, "cases": cases}


def path_of(code: str, question: Json) -> str:
    """Where the contract says that a question's fault lies."""
    if code == "kind_mismatch":
        return "/resource"
    if code == "project_mismatch":
        return "/project" if question.get("project") is not None else "/resource"
    return "" if code == "project_required" else "/" + code.removeprefix("unknown_")


def main() -> None:
    """Write the files and their index."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    built_in = json.loads(BUILT_IN.read_text())
    index: Json = {"files": {}}
    for seed in range(arguments.first, arguments.first + arguments.seeds):
        suite = cases_of(seed, built_in)
        name = f"random-{seed}.json"
        (arguments.folder / name).write_text(json.dumps(suite, ensure_ascii=False))
        index["files"][name] = len(suite["cases"])
    (arguments.folder / "index.json").write_text(json.dumps(index))
    print(f"wrote {sum(index['files'].values())} random cases on {arguments.seeds} directories")


if __name__ == "__main__":
    main()
